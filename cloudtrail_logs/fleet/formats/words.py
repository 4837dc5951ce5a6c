"""What a page and a terminal say alike of an audit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from ...model.quoting import enumerated, printable
from ..evidence import Evidence, Exempted, Gone, PolicyAnswer, PolicyInForce, Standing, TrailRow, weightiest

KNOWN: Final = "known"
"""What is wrong, but in the baseline too."""
ONLY_AWS: Final = "(only in AWS)"
"""The stack of a trail that no state holds."""
UNREAD: Final = "Could not be read"
OLDER: Final = "Older states, not used"
ENDING: Final = "Exemptions that end within 30 days, or have ended"
UNMATCHED: Final = "Exemptions that match nothing"
PROGRAM_TOO: Final = "A command changes only AWS. Change the program as well, or the next pulumi up undoes it."
"""What a reader of any command must know."""
_PLACEHOLDER: Final = re.compile(r"<[^<>]+>")
# Only this policy sees whether events arrive.
_RECENT: Final = "cloudtrail-delivery-is-recent"


def one_line(text: str) -> str:
    """A text of a program in one line, with a ? for each character that does not print as itself."""
    return printable(" ".join(text.split()))


def counted(count: int, noun: str) -> str:
    """Such as "1 trail" or "10,000 trails"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def caveat(evidence: Evidence) -> str:
    """What the evidence is of, and what it is not of: whole sentences."""
    if evidence.of_preview:
        return "This is what one preview reported about the program. It is not what AWS has."
    said = "This is what Pulumi recorded in the state of each stack. It is not what AWS has now."
    if evidence.asked:
        accounts = enumerated(evidence.asked, "and")
        where = f"account {accounts}" if len(evidence.asked) == 1 else f"accounts {accounts}"
        said += f" AWS was asked which trails {where} has: those that no state holds are listed, too."
    if others := not_shown(evidence):
        said += f" It does not show {', or '.join(others)}."
    return said


def not_shown(evidence: Evidence) -> Sequence[str]:
    """What an audit cannot show: phrases."""
    others = () if evidence.asked else ("trails that are in no Pulumi stack",)
    is_recent = any(policy.name == _RECENT for policy in evidence.policies)
    return (*others, *(() if is_recent else ("whether events arrive",)))


def oldest(evidence: Evidence) -> str:
    """The date of the oldest state, and its stack; empty where no state says when it was written."""
    stacks = [stack for stack in evidence.stacks if stack.time]
    found = min(stacks, key=lambda stack: stack.time, default=None)
    return f"{found.time[:10]} ({found.stack})" if found else ""


def gone_lists(evidence: Evidence) -> Mapping[str, Sequence[Gone]]:
    """What only the baseline has, by what is known of it."""
    return {
        "No longer reported": [each for each in evidence.gone if each.is_checked],
        "In the baseline, but its stack is not in this audit": [each for each in evidence.gone if not each.is_checked],
    }


def exempt_by(exempted: Exempted) -> str:
    """Which entry takes a problem away: a phrase."""
    until = f"until {exempted.until}" if exempted.until else "without a last day"
    return f"exempt by the entry for {exempted.trail}: {exempted.reason}, {until}"


def has_commands(evidence: Evidence) -> bool:
    """Whether a trail of a program has a command, which does not change the program."""
    return any(row.command and row.urn for row in evidence.trails)


def command_title(command: str) -> str:
    """What to say before a command."""
    return f"In AWS{', with the values filled in' * bool(_PLACEHOLDER.search(command))}:"


def short_names(policies: Sequence[PolicyInForce]) -> Mapping[str, str]:
    """By the name of each policy its last word, such as deliver; the whole name where two have the same last word."""
    last = [policy.name.rpartition("-")[2] for policy in policies]
    return {
        policy.name: word if last.count(word) == 1 else policy.name for policy, word in zip(policies, last, strict=True)
    }


def word_of(*answers: PolicyAnswer) -> str:
    """The standing of one answer, or the weightiest of several."""
    standing = weightiest(answers)
    is_known = standing is Standing.WRONG and not any(answer.counts for answer in answers)
    return KNOWN if is_known else standing.value


def stack_of(row: TrailRow) -> str:
    """The stack of a trail."""
    return row.stack or ONLY_AWS


def counts_of(trails: Sequence[TrailRow]) -> Mapping[str, int]:
    """How many trails there are of each standing. The rare ones are left out where there are none."""
    found = Counter(word_of(*row.answers) for row in trails)
    order = (Standing.WRONG.value, KNOWN, *(each.value for each in Standing if each is not Standing.WRONG))
    rare = (KNOWN, Standing.NOTHING_TO_CHECK.value)
    return {word: found[word] for word in order if word not in rare or word in found}


def place_of(row: TrailRow) -> str:
    """Where the program declares it, such as infra/__main__.py:17:9; empty where it is not known."""
    place = row.place
    return ":".join([place.file, *(str(each) for each in (place.line, place.column) if each)]) if place else ""
