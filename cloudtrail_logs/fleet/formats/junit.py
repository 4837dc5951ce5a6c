"""JUnit XML, as GitLab and Jenkins show it: a suite for each stack, a case for each trail and policy.

A case is red where something mandatory is wrong, not covered and not in the baseline, and where a file could not be
read. GitLab shows no output of a case that passes, so an advisory problem is a skipped one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...model.enforcement_level import MANDATORY
from ...model.quoting import shown
from ..evidence import Evidence, Place, PolicyAnswer, StackRow, Standing, TrailRow, Unread
from .words import OLDER, UNREAD, command_title, exempt_by

_LONGEST: Final = 10_000


class _Outcome(Enum):
    """The element that says how a case ended."""

    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"
    PASSED = "passed"


@dataclass(frozen=True)
class _Case:
    name: str
    outcome: _Outcome
    place: Place
    kind: str = ""
    """What the outcome is of, such as a code."""
    lines: tuple[str, ...] = ()


def written(evidence: Evidence) -> str:
    """All suites in one document."""
    root = Element("testsuites", name=_shown(evidence.pack))
    names = (*(row.stack for row in evidence.stacks), *(row.stack for row in evidence.trails))
    for stack in dict.fromkeys(names):
        of_stack = [row for row in evidence.rows if row.stack == stack]
        said = [remark for row in of_stack if isinstance(row, StackRow) for remark in row.remarks]
        time = next((row.time for row in reversed(of_stack) if row.time), evidence.made)
        cases = [_case(row, answer) for row in of_stack for answer in row.answers]
        _add_suite(root, stack or "in AWS alone", time, cases, said)
    if evidence.mistakes:
        _add_suite(root, "configuration", evidence.made, list(_mistakes(evidence)))
    if evidence.unread:
        _add_suite(root, UNREAD, evidence.made, [_unread(each, _Outcome.ERROR) for each in evidence.unread])
    if evidence.older:
        _add_suite(root, OLDER, evidence.made, [_unread(each, _Outcome.SKIPPED) for each in evidence.older])
    if not any(suite.get("tests") != "0" for suite in root):
        # Jenkins takes a document without a case for a mistake.
        cases = [_Case(policy.name, _Outcome.PASSED, Place("")) for policy in evidence.policies]
        _add_suite(root, "no problem found", evidence.made, cases)
    if evidence.remarks:
        _add_suite(root, "remarks", evidence.made, [], evidence.remarks)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_suite(root: Element, name: str, time: str, cases: list[_Case], said: tuple[str, ...] | list[str] = ()) -> None:
    count = Counter(case.outcome for case in cases)
    suite = SubElement(
        root,
        "testsuite",
        name=_shown(name),
        timestamp=_shown(time).removesuffix("Z"),  # without a time zone in the schema of JUnit
        tests=str(len(cases)),
        failures=str(count[_Outcome.FAILURE]),
        errors=str(count[_Outcome.ERROR]),
        skipped=str(count[_Outcome.SKIPPED]),
    )
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        # Of cases with the same name, GitLab shows the first alone.
        number = f" ({seen[case.name]})" if seen[case.name] > 1 else ""
        made = SubElement(suite, "testcase", classname=_shown(name), name=f"{_shown(case.name)}{number}")
        if case.place.file:
            made.set("file", _shown(case.place.file))
        if case.place.line:
            made.set("line", str(case.place.line))
        if case.outcome is not _Outcome.PASSED:
            lines = [_shown(line) for line in case.lines]
            ended = SubElement(made, case.outcome.value, type=_shown(case.kind), message=lines[0])
            # GitLab shows the text, Jenkins the message; of the attributes alone, GitLab makes nothing readable.
            ended.text = "\n".join(lines)
    if said:
        SubElement(suite, "system-out").text = "\n".join(map(_shown, said))


def _case(row: TrailRow | StackRow, answer: PolicyAnswer) -> _Case:
    label, written_at = (row.label, row.place) if isinstance(row, TrailRow) else ("stack", None)
    name, place = f"{label}: {answer.policy}", written_at or Place(row.state)
    findings = [f"[{each.code}] {each.message}" for each in answer.findings]
    exempted = [f"[{each.finding.code}] {exempt_by(each)}" for each in answer.exempted]
    codes = ", ".join(dict.fromkeys(each.code for each in answer.findings))
    standing = answer.standing
    if standing is Standing.RIGHT:
        return _Case(name, _Outcome.PASSED, place)
    if standing is Standing.WRONG:
        if answer.counts and answer.level == MANDATORY:
            return _Case(name, _Outcome.FAILURE, place, codes, (*findings, *exempted, *_to_do(row)))
        why = "advisory" if answer.counts else "in the baseline"
        return _Case(
            name, _Outcome.SKIPPED, place, why, (f"{why}: {findings[0]}", *findings[1:], *exempted, *_to_do(row))
        )
    if standing is Standing.EXCEPTED:
        excepted = [f"excepted by {each.id}: {each.reason}" for each in answer.exceptions]
        return _Case(name, _Outcome.SKIPPED, place, standing.value, (*excepted, *findings, *exempted))
    if standing is Standing.EXEMPT:
        return _Case(name, _Outcome.SKIPPED, place, standing.value, tuple(exempted))
    return _Case(name, _Outcome.SKIPPED, place, standing.value, (f"{standing.value}: {answer.why}", *exempted))


def _to_do(row: TrailRow | StackRow) -> Iterator[str]:
    if isinstance(row, TrailRow):
        yield from (f"Set {name} to {value}" for name, value in row.to_set.items())
        if row.command:
            yield f"{command_title(row.command)} {row.command}"


def _unread(unread: Unread, outcome: _Outcome) -> _Case:
    kind = "unread" if outcome is _Outcome.ERROR else "not used"
    return _Case(unread.state, outcome, Place(unread.state), kind, (unread.reason,))


def _mistakes(evidence: Evidence) -> Iterator[_Case]:
    """The pack reports a mistake at the level of its policy."""
    levels = {policy.name: policy.level for policy in evidence.policies}
    for mistake in evidence.mistakes:
        policy = mistake.partition(":")[0]
        is_red = levels.get(policy) == MANDATORY
        outcome, why = (_Outcome.FAILURE, "") if is_red else (_Outcome.SKIPPED, "advisory: ")
        yield _Case(policy, outcome, Place(evidence.configuration), "configuration-invalid", (f"{why}{mistake}",))


def _shown(text: str) -> str:
    """A text in one line, without what XML 1.0 forbids and what would act in a terminal."""
    return shown(text, _LONGEST)
