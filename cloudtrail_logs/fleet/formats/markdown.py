"""Markdown for a pull request or the summary of a job: what is wrong first, the rest folded or only counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...model.enforcement_level import MANDATORY
from ...model.quoting import in_code, quoted_label, safe_in_markdown, shown
from ..evidence import Evidence, ExemptionRow, Finding, Gone, PolicyAnswer, StackRow, Standing, TrailRow, Unread
from .verdict import counts, is_clear, is_mandatory, verdict
from .words import (
    ENDING,
    OLDER,
    PROGRAM_TOO,
    UNMATCHED,
    UNREAD,
    command_title,
    counted,
    counts_of,
    exempt_by,
    gone_lists,
    has_commands,
    not_shown,
    short_names,
)

# GitHub takes comments of 65,536 characters, and a workflow may put something before this.
MOST_CHARACTERS: Final = 60_000
_FRAME: Final = 3_000
"""What all titles, and what is said of what is left out, may take."""
_LONGEST: Final = 4_000
# What GitHub makes a link of without any markup: addresses, issues, and mail addresses.
_LINK: Final = re.compile(r"://|\bwww\.|#\d|\bGH-\d|\w@\w", re.IGNORECASE)
# How a line may begin that is not a heading, a list, a quotation or a definition.
_PLAIN_BEGINNING: Final = re.compile(r"[A-Za-z\"']|\d+[^\d.)]")


@dataclass(frozen=True)
class _Section:
    title: str
    items: Sequence[str]
    is_folded: bool = True
    count: str = ""
    """How much it holds, where that is not the number of its items."""
    last: str = ""
    """What is said of all of it, below."""


def written(evidence: Evidence) -> str:
    """At most 60,000 characters; what is left out for that is said, and the totals are always whole."""
    parts = [_heading(evidence)]
    left = MOST_CHARACTERS - _FRAME
    for section in _sections(evidence):
        kept: list[str] = []
        for item in section.items:
            left -= len(item) + 1
            if left < 0:
                break
            kept.append(item)
        if more := len(section.items) - len(kept):
            kept.append(f"- {more:,} more {'is' if more == 1 else 'are'} left out here.")
        listed, title = "\n".join(kept), f"{section.title} ({section.count or f'{len(section.items):,}'})"
        if section.is_folded:
            parts.append(f"<details><summary>{title}</summary>\n\n{listed}\n\n</details>")
        else:
            parts.append(f"**{title}**\n\n{listed}")
        parts += [section.last] if section.last else []
    parts.append(_footer(evidence))
    return "\n\n".join(parts) + "\n"


def _heading(evidence: Evidence) -> str:
    """The verdict, and how much was looked at."""
    clear = is_clear(evidence)
    icon = "❌" if evidence.fails else "✅" if clear else "⚠️"
    said = f"CloudTrail trails with CloudWatch Logs: {verdict(evidence)}"
    if evidence.of_preview and evidence.unread:
        found = f". {verdict(evidence)}" if any(map(counts, evidence.rows)) else ""
        said = f"The run ended early: not everything was checked{found}"
    below = ""
    if not evidence.of_preview:
        standings = ", ".join(f"{count:,} {word}" for word, count in counts_of(evidence.trails).items() if count)
        without = sum(not stack.trails for stack in evidence.stacks)
        below = f"{counted(len(evidence.trails), 'trail')}{': ' * bool(standings)}{standings}. "
        below += f"{counted(len(evidence.stacks), 'stack')}, {without:,} without a trail."
    elif clear:
        below = "What is known only in pulumi up is not in here."
    return f"### {icon} {said}" + f"\n\n{below}" * bool(below)


def _sections(evidence: Evidence) -> Iterator[_Section]:
    """In the order of what a reader has to know. A section without items is left out."""
    policies = short_names(evidence.policies)
    wrong = "Wrong, and not in the baseline" if evidence.baseline else "Wrong"
    sections = (
        _wrong_trails(evidence, wrong, policies),
        _Section(
            "Stacks without their trail", [_wrong(row, policies) for row in evidence.stacks if counts(row)], False
        ),
        _Section("Not checked" if evidence.of_preview else UNREAD, _files(evidence.unread), False),
        _Section("Mistakes in the configuration", [_item(each) for each in evidence.mistakes], False),
        _known(evidence, policies),
        _Section("Exempt or excepted", list(_covered(evidence, policies))),
        _Section("Cannot tell", list(_undetermined(evidence, policies))),
        *(_Section(title, [_gone(each, policies) for each in gone]) for title, gone in gone_lists(evidence).items()),
        _Section(OLDER, _files(evidence.older)),
        _Section(ENDING, [_exemption(each) for each in evidence.ending]),
        _Section(UNMATCHED, [_exemption(each) for each in evidence.unmatched]),
        _Section("Remarks", [_item(each) for each in _remarks(evidence)]),
    )
    return (section for section in sections if section.items)


def _wrong_trails(evidence: Evidence, title: str, policies: Mapping[str, str]) -> _Section:
    rows = sorted(filter(counts, evidence.trails), key=lambda row: not is_mandatory(row))
    problems = sum(
        not finding.is_known for row in rows for answer in row.answers if answer.counts for finding in answer.findings
    )
    return _Section(
        title,
        [_wrong(row, policies) for row in rows],
        False,
        f"{counted(len(rows), 'trail')}, {counted(problems, 'problem')}",
        PROGRAM_TOO if has_commands(replace(evidence, trails=tuple(rows))) else "",
    )


def _wrong(row: TrailRow | StackRow, policies: Mapping[str, str]) -> str:
    lines = [_item(f"{_name(row)}{_place(row)}")]
    for answer in sorted((each for each in row.answers if each.counts), key=lambda each: each.level != MANDATORY):
        for finding in answer.findings:
            if not finding.is_known:
                said = f"{answer.level}: {_code_of(answer, finding, policies)} {finding.message}"
                lines.append(f"  {_item(said)}")
    if isinstance(row, TrailRow):
        lines += [f"  - Set {_code(name)} to {_code(value)}" for name, value in row.to_set.items()]
        if row.command:
            lines.append(f"  - {command_title(row.command)} {_code(row.command)}")
    return "\n".join(lines)


def _code_of(answer: PolicyAnswer, finding: Finding, policies: Mapping[str, str]) -> str:
    return f"{policies.get(answer.policy, answer.policy)} [{finding.code}]"


def _files(files: Sequence[Unread]) -> Sequence[str]:
    return [_item(f"{each.state}: {each.reason}") for each in files]


def _known(evidence: Evidence, policies: Mapping[str, str]) -> _Section:
    found = [
        _item(f"{_name(row)}: {_code_of(answer, finding, policies)} {finding.message}")
        for row, answer, finding in evidence.problems()
        if finding.is_known and answer.standing is Standing.WRONG
    ]
    return _Section("In the baseline", found, count=counted(len(found), "problem"))


def _covered(evidence: Evidence, policies: Mapping[str, str]) -> Iterator[str]:
    for row, answer in _answers(evidence):
        codes = ", ".join(dict.fromkeys(_code_of(answer, finding, policies) for finding in answer.findings))
        if answer.standing is Standing.EXCEPTED:
            for each in answer.exceptions:
                yield _item(f"{_name(row)}: {codes} excepted by {each.id}: {each.reason}")
        for exempted in answer.exempted:
            yield _item(f"{_name(row)}: {_code_of(answer, exempted.finding, policies)} {exempt_by(exempted)}")


def _undetermined(evidence: Evidence, policies: Mapping[str, str]) -> Iterator[str]:
    for row, answer in _answers(evidence):
        if answer.standing is Standing.CANNOT_TELL:
            yield _item(f"{_name(row)}: {policies.get(answer.policy, answer.policy)}: {answer.why}")


def _gone(gone: Gone, policies: Mapping[str, str]) -> str:
    what = f"Trail {quoted_label(gone.trail)} of" if gone.trail else "Stack"
    return _item(f"{what} {shown(gone.stack)}: {policies.get(gone.policy, gone.policy)} [{gone.code}]")


def _answers(evidence: Evidence) -> Iterator[tuple[TrailRow | StackRow, PolicyAnswer]]:
    return ((row, answer) for row in evidence.rows for answer in row.answers)


def _remarks(evidence: Evidence) -> Sequence[str]:
    return list(dict.fromkeys((*evidence.remarks, *(remark for row in evidence.stacks for remark in row.remarks))))


def _exemption(row: ExemptionRow) -> str:
    until = f" until {row.until}" if row.until else ""
    where = f"{shown(row.project)}/{shown(row.stack)}"
    return _item(f"Trail {quoted_label(row.trail)} of {where} from {row.policy}{until}: {row.reason}")


def _name(row: TrailRow | StackRow) -> str:
    if isinstance(row, StackRow):
        return f"Stack {shown(row.stack)}"
    where = f"of {shown(row.stack)}" if row.stack else f"of AWS account {shown(row.account)}, in no stack"
    return f"Trail {quoted_label(row.label)} {where}"


def _place(row: TrailRow | StackRow) -> str:
    if isinstance(row, StackRow) or row.place is None:
        return ""
    line = f":{row.place.line}" if row.place.line else ""
    return f" ({shown(row.place.file)}{line})"


def _footer(evidence: Evidence) -> str:
    what = "It is what Pulumi recorded"
    if evidence.of_preview:
        source = "This is what one run of Pulumi reported."
    elif evidence.asked:
        accounts = ", ".join(map(shown, evidence.asked))
        source = f"{what}, and the trails that AWS lists in {accounts}."
    else:
        source = f"{what}, not what AWS has."
    if not evidence.of_preview and (others := not_shown(evidence)):
        source += f" Not shown: {', '.join(others)}."
    return _safe(f"{shown(evidence.pack)} {shown(evidence.version)}, {shown(evidence.made)}. {source}")


def _item(text: str) -> str:
    return f"- {_safe(text)}"


def _safe(text: str) -> str:
    """A whole line, so that no two names of it make markup together."""
    plain = shown(text, _LONGEST)
    if _LINK.search(plain) or not _PLAIN_BEGINNING.match(plain):
        return in_code(plain)
    return safe_in_markdown(plain)


def _code(text: str) -> str:
    return in_code(shown(text, _LONGEST))
