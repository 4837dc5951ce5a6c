"""Markdown for a pull request or the summary of a job: what is wrong first, the rest folded or only counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...model.quoting import in_code, quoted_label, safe_in_markdown, shown
from ..evidence import (
    MANDATORY,
    Evidence,
    ExemptionRow,
    PolicyAnswer,
    StackRow,
    Standing,
    TrailRow,
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
            kept.append(f"- {more} more {'is' if more == 1 else 'are'} left out here.")
        listed, title = "\n".join(kept), f"{section.title} ({len(section.items)})"
        if section.is_folded:
            parts.append(f"<details><summary>{title}</summary>\n\n{listed}\n\n</details>")
        else:
            parts.append(f"**{title}**\n\n{listed}")
    parts.append(_footer(evidence))
    return "\n\n".join(parts) + "\n"


def _heading(evidence: Evidence) -> str:
    stacks = sum(any(answer.counts for answer in row.answers) for row in evidence.stacks)
    said = [f"{count} {standing.value}" for standing, count in evidence.totals.items() if count]
    said += [f"{stacks} stack{'' if stacks == 1 else 's'} wrong"] if stacks else []
    nothing = "no problem reported" if evidence.of_preview else "no trails"
    in_doubt = evidence.unread or evidence.mistakes or any(_counting(evidence))
    icon = "❌" if evidence.fails else "⚠️" if in_doubt else "✅"
    return f"### {icon} CloudTrail trails with CloudWatch Logs: {', '.join(said) or nothing}"


def _sections(evidence: Evidence) -> Iterator[_Section]:
    """In the order of what a reader has to know. A section without items is left out."""
    wrong = sorted(_counting(evidence), key=lambda row: not _is_mandatory(row))
    sections = (
        _Section("Wrong", [_wrong(row) for row in wrong], False),
        _Section("Could not be read", [_item(f"{each.state}: {each.reason}") for each in evidence.unread], False),
        _Section("Mistakes in the configuration", [_item(each) for each in evidence.mistakes], False),
        _Section("In the baseline", list(_known(evidence))),
        _Section("Exempt or excepted", list(_covered(evidence))),
        _Section("Cannot tell", list(_undetermined(evidence))),
        _Section("No longer wrong since the baseline", [
            _item(f"{quoted_label(each.trail) if each.trail else 'The stack'} of {shown(each.stack)}: {each.policy} "
                  f"[{each.code}]")
            for each in evidence.gone
        ]),
        _Section("Exemptions that end within 30 days, or have ended", [_exemption(each) for each in evidence.ending]),
        _Section("Exemptions that are about no trail here", [_exemption(each) for each in evidence.unmatched]),
        _Section("Remarks", [_item(each) for each in _remarks(evidence)]),
    )  # fmt: skip
    return (section for section in sections if section.items)


def _counting(evidence: Evidence) -> Iterator[TrailRow | StackRow]:
    return (row for row in evidence.rows if any(answer.counts for answer in row.answers))


def _is_mandatory(row: TrailRow | StackRow) -> bool:
    return any(answer.counts and answer.level == MANDATORY for answer in row.answers)


def _wrong(row: TrailRow | StackRow) -> str:
    lines = [_item(f"{_name(row)}{_place(row)}")]
    for answer in sorted((each for each in row.answers if each.counts), key=lambda each: each.level != MANDATORY):
        for finding in answer.findings:
            if not finding.is_known:
                lines.append(f"  {_item(f'{answer.level}: [{finding.code}] {finding.message}')}")
    if isinstance(row, TrailRow):
        lines += [f"  - Set {_code(name)} to {_code(value)}" for name, value in row.to_set.items()]
        if row.command:
            lines.append(f"  - Or at once: {_code(row.command)}")
    return "\n".join(lines)


def _known(evidence: Evidence) -> Iterator[str]:
    for row, answer, finding in evidence.problems():
        if finding.is_known and answer.standing is Standing.WRONG:
            yield _item(f"{_name(row)}: [{finding.code}] {finding.message}")


def _covered(evidence: Evidence) -> Iterator[str]:
    for row, answer in _answers(evidence):
        codes = ", ".join(dict.fromkeys(finding.code for finding in answer.findings))
        if answer.standing is Standing.EXCEPTED:
            for each in answer.exceptions:
                yield _item(f"{_name(row)}: {codes} excepted by {each.id}: {each.reason}")
        for exempted in answer.exempted:
            until = f" until {exempted.until}" if exempted.until else ""
            yield _item(f"{_name(row)}: exempt from {exempted.finding.code}{until}: {exempted.reason}")


def _undetermined(evidence: Evidence) -> Iterator[str]:
    for row, answer in _answers(evidence):
        if answer.standing is Standing.CANNOT_TELL:
            yield _item(f"{_name(row)}: {answer.policy}: {answer.why}")


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
