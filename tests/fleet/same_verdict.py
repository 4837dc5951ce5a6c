"""What an audit says of a state, in the form of what `pulumi policy analyze` says of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cloudtrail_logs.fleet.audit import Source, audit
from cloudtrail_logs.fleet.evidence import Evidence, StackRow, TrailRow
from cloudtrail_logs.fleet.workers import Here, Workers
from cloudtrail_logs.model.quoting import safe_in_markdown
from cloudtrail_logs.model.trail import TrailNames
from cloudtrail_logs.model.value import ABSENT
from command_line.audit_terms import configured

ROOT_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True, order=True)
class Said:
    """One report."""

    policy: str
    level: str
    urn: str
    message: str
    """Its lines, without the policy's description before them."""
    exceptions: tuple[str, ...] = ()
    """The IDs of Pulumi's own exceptions from it."""


def root_urn(stored: Iterable[Mapping[str, Any]]) -> str:
    """What the engine says a report on the stack is about, whose state has these resources."""
    resources = [each for each in stored if not each.get("delete")]
    own = next((each["urn"] for each in resources if each["type"] == ROOT_TYPE), "")
    stack, project = resources[0]["urn"].removeprefix("urn:pulumi:").split("::")[:2] if resources else ("", "")
    return own or f"urn:pulumi:{stack}::{project}::{ROOT_TYPE}::{project}-{stack}"


def evidence_of(state: Path, configuration: Path | None = None) -> Evidence:
    """What an audit of one state finds."""
    given = configured(configuration, datetime.now(timezone.utc).date(), ask_aws=False)
    with Workers(Here, 1) as workers:
        found = audit([Source(state)], given.terms, workers)
    assert found.unread == ()
    return Evidence(
        "", "", "", policies=given.policies, misconfigured=given.misconfigured, trails=found.trails, stacks=found.stacks
    )


def said_by(evidence: Evidence, root: str) -> list[Said]:
    """Its reports. root: the URN of the stack's own resource."""
    return sorted(each for row in evidence.rows for each in _said_of(row, root))


def _said_of(row: TrailRow | StackRow, root: str) -> Iterator[Said]:
    heading = ""
    if isinstance(row, TrailRow):
        heading = TrailNames(row.name, ABSENT, "", "", "", row.logical_id).heading
    for answer in row.answers:
        lines = [f"[{each.code}] {each.message}" for each in answer.findings]
        if lines:
            message = safe_in_markdown("\n".join([heading, *lines] if heading else lines))
            urn = row.urn if isinstance(row, TrailRow) else root
            yield Said(answer.policy, answer.level, urn, message, tuple(each.id for each in answer.exceptions))


def said_in(events: Iterable[Mapping[str, Any]]) -> list[Said]:
    """The reports in events of the engine."""
    found = (event["policyEvent"] for event in events if "policyEvent" in event)
    return sorted(
        Said(
            each["policyName"],
            each["enforcementLevel"],
            each["resourceUrn"],
            "\n".join(_uncoloured(each["message"]).strip().split("\n")[1:]),
            tuple(one["id"] for one in each.get("exceptions") or ()),
        )
        for each in found
    )


def _uncoloured(message: str) -> str:
    return "".join(part.partition("%}>")[2] if n else part for n, part in enumerate(message.split("<{%")))


def exported(resources: Sequence[Mapping[str, Any]], version: int = 3) -> dict[str, Any]:
    """A state with these resources."""
    manifest = {"time": "2026-11-28T09:15:00Z", "magic": "", "version": ""}
    return {"version": version, "deployment": {"manifest": manifest, "resources": list(resources)}}


def write(document: Mapping[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
