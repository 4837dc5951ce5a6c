"""`report EVENTS`: writes what one run of Pulumi reported as Markdown, SARIF or JUnit.

EVENTS is what `pulumi preview --event-log FILE` or `pulumi up --event-log FILE` wrote, or the output of
`pulumi policy analyze --json`. A run reports what is wrong and not what is right, so only that is in it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from cloudtrail_logs.configuration.reader import CONFIGURATION_INVALID
from cloudtrail_logs.fleet.evidence import (
    Evidence,
    Excepted,
    Finding,
    PolicyAnswer,
    StackRow,
    Standing,
    TrailRow,
    Unread,
    written_in_utc,
)
from cloudtrail_logs.model.enforcement_level import ADVISORY, MANDATORY
from cloudtrail_logs.model.quoting import without_markdown
from cloudtrail_logs.stack.resource_types import STACK_TYPE, shown_type
from cloudtrail_logs.stack.trail import stack_of
from command_line.policies_in_force import policies_in_force
from command_line.standard_output import write_out
from command_line.unreadable import why_unreadable
from policies.pack import NAME, POLICIES

PROJECTS: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
# The CLI leaves what would be a colour in its events.
_COLOUR: Final = re.compile(r"<\{%[^%]*%\}>")
_PROBLEM: Final = re.compile(r"\[([a-z0-9-]+)\] (.+)")
# As TrailNames.heading has it.
_HEADING: Final = re.compile(r'"?(.+?)"? in the template of ".*":')
_ENDED_EARLY: Final = "The run ended before the pack had checked the whole stack, so trails may be missing here."


class UnusableError(Exception):
    """The file does not tell what a run reported; the message is a sentence."""


@dataclass
class _Found:
    """What the events say so far. The keys of rows are a URN and a logical id; those of answers are policies."""

    findings: dict[tuple[str, str], dict[str, list[Finding]]] = field(default_factory=dict)
    exceptions: dict[tuple[str, str, str], list[Excepted]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    fails: bool = False
    misconfigured: bool = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Takes one report: the policy's description, perhaps the trail of a template, and a line for each problem."""
        policy, urn = _text(event, "policyName"), _text(event, "resourceUrn")
        level = ADVISORY if event.get("enforcementLevel") == ADVISORY else MANDATORY
        given = event.get("exceptions")
        exceptions = [
            Excepted(_text(each, "id"), _text(each, "reason"))
            for each in (given if isinstance(given, list) else ())
            if isinstance(each, Mapping)
        ]
        fails = level == MANDATORY and not exceptions
        self.fails = self.fails or fails
        if self.levels.get(policy) != MANDATORY:
            self.levels[policy] = level
        message = _COLOUR.sub("", _text(event, "message")).strip("\n")
        logical_id = ""
        for line in without_markdown(message.partition("\n")[2]).split("\n"):
            if problem := _PROBLEM.fullmatch(line):
                code, text = problem.groups()
                if code == CONFIGURATION_INVALID:
                    self.mistakes.append(f"{policy}: {text}")
                    self.misconfigured = self.misconfigured or fails
                else:
                    found = self.findings.setdefault((urn, logical_id), {}).setdefault(policy, [])
                    found.append(Finding(code, text))
                    self.exceptions.setdefault((urn, logical_id, policy), exceptions)
            elif heading := _HEADING.fullmatch(line):
                logical_id = heading[1]
            elif line:
                self.remarks.append(f"{policy}: {line}")


def evidence_of(text: str, path: str, project: str) -> tuple[Evidence, bool]:
    """What the pack reported in a run, and whether something mandatory is among it that no exception covers.

    text: the events. path: where they are. project: the file of the program that ran, for readers that show where.
    Raises UnusableError.
    """
    events = list(_events(text, path))
    summary = next((event["summaryEvent"] for event in reversed(events) if "summaryEvent" in event), None)
    if not isinstance(summary, Mapping):
        raise UnusableError(
            f"{path} does not have the end of a run. pulumi preview --event-log FILE writes one, with "
            "PULUMI_DEBUG_COMMANDS=1, and pulumi policy analyze --json prints one."
        )
    packs = {name.partition("|")[0]: version for name, version in _mapping(summary.get("PolicyPacks")).items()}
    if NAME not in packs:
        raise UnusableError(f"{path} is of a run without the pack {NAME}. Run Pulumi with --policy-pack.")
    found = _Found()
    for event in events:
        if (reported := _mapping(event.get("policyEvent"))).get("policyPackName") == NAME:
            found.take(reported)
    rows = [_row(found, urn, logical_id, project) for urn, logical_id in sorted(found.findings)]
    return Evidence(
        made=_time(events),
        pack=NAME,
        version=str(packs[NAME]),
        of_preview=True,
        policies=tuple(policy for _, policy in policies_in_force(found.levels)),
        mistakes=tuple(dict.fromkeys(found.mistakes)),
        misconfigured=found.misconfigured,
        trails=tuple(sorted((row for row in rows if isinstance(row, TrailRow)), key=lambda row: row.stack)),
        stacks=tuple(row for row in rows if isinstance(row, StackRow)),
        unread=() if _is_whole(events) else (Unread(path, _ENDED_EARLY),),
        remarks=tuple(dict.fromkeys(found.remarks)),
    ), found.fails


def _events(text: str, path: str) -> Iterator[Mapping[str, Any]]:
    if not text.strip():
        raise UnusableError(f"{path} is empty.")
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError) as problem:
            # Each event ends with a line's end, so nothing is behind the last one.
            cut_off = " The file is cut off there." if number == len(lines) else ""
            raise UnusableError(f"{path}, line {number}: It is not JSON.{cut_off}") from problem
        if not isinstance(event, dict):
            raise UnusableError(f"{path}, line {number}: It is not an event of Pulumi.")
        yield event


def _is_whole(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the pack saw the whole stack: at the end of a run of a program, and always in an analysis of a state."""
    ended = (_mapping(event.get("policyAnalyzeStackSummaryEvent")).get("policyPackName") for event in events)
    return NAME in ended or not any("preludeEvent" in event for event in events)


def _row(found: _Found, urn: str, logical_id: str, project: str) -> TrailRow | StackRow:
    names = stack_of(urn)
    stack = f"{names.project}/{names.stack}" if urn else ""
    answers = found.findings[urn, logical_id]
    order = [module.DESCRIPTION.name for module in POLICIES]
    said = tuple(
        PolicyAnswer(
            policy,
            Standing.EXCEPTED if (exceptions := found.exceptions[urn, logical_id, policy]) else Standing.WRONG,
            found.levels[policy],
            tuple(dict.fromkeys(answers[policy])),
            exceptions=tuple(exceptions),
        )
        for policy in sorted(answers, key=lambda policy: order.index(policy) if policy in order else len(order))
    )
    parts = urn.split("::", 3)
    token = parts[2].rpartition("$")[2] if len(parts) == 4 else ""
    if token in (STACK_TYPE, ""):
        return StackRow(stack, project, urn=urn, answers=said)
    return TrailRow(stack, urn, parts[3], logical_id, type=shown_type(token), state=project, answers=said)


def _time(events: Sequence[Mapping[str, Any]]) -> str:
    stamps = [event["timestamp"] for event in events if type(event.get("timestamp")) is int]
    try:
        return written_in_utc(datetime.fromtimestamp(max(stamps, default=0), timezone.utc))
    except (ValueError, OverflowError, OSError):
        return ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) else ""


def project_file(folder: Path) -> str:
    """The file of the project that Pulumi runs in a folder, from the root of its repository; empty where there is none.

    Events do not say where in a program a resource is, and GitHub shows nothing that is not in a file.
    """
    places = (folder, *folder.parents)
    project = next((place / name for place in places for name in PROJECTS if (place / name).is_file()), None)
    if project is None:
        return ""
    root = next((place for place in project.parents if (place / ".git").exists()), project.parent)
    return project.relative_to(root).as_posix()


def report(events: Path, form: str, out: Path | None) -> int:
    """Writes the report. 0: nothing mandatory; 1: something; 2: not usable, or the run ended too early to tell."""
    try:
        text = events.read_text(encoding="utf-8")
        project = project_file(events.resolve().parent) or project_file(Path.cwd()) or events.name
        evidence, fails = evidence_of(text, str(events), project)
    except UnusableError as problem:
        print(problem, file=sys.stderr)
        return 2
    except (OSError, UnicodeDecodeError) as problem:
        print(f"{events} cannot be read: {why_unreadable(problem)}.", file=sys.stderr)
        return 2
    content = import_module(f"cloudtrail_logs.fleet.formats.{form}").written(evidence).encode()
    try:
        if out is None:
            write_out(content)
        else:
            out.write_bytes(content)
    except OSError as problem:
        print(f"{out or problem.filename} cannot be written: {problem.strerror}.", file=sys.stderr)
        return 2
    for unread in evidence.unread:
        print(f"{unread.state}: {unread.reason}", file=sys.stderr)
    if fails:
        return 1
    return 2 if evidence.unread else 0
