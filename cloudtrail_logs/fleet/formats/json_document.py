"""Evidence as JSON: all of it, and what follows from it. docs/audit.schema.json describes the document.

`tools/generate/audit_schema.py` makes that schema of the same dataclasses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, Final

from ..evidence import Evidence, Finding, StackRow, Standing, TrailRow, fingerprint, weightiest

SCHEMA: Final = "cloudtrail-cloudwatch-logs/audit"
VERSION: Final = 1


def written(evidence: Evidence) -> str:
    """The document, a line for each row, in ASCII: no text in it can disturb a terminal."""
    head = {"schema": SCHEMA, "schemaVersion": VERSION, "fails": evidence.fails, "totals": totals(evidence)}
    members = (f'  "{name}": {_lines(value)}' for name, value in {**head, **_plain(evidence)}.items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def _lines(value: Any) -> str:
    if not value or not isinstance(value, list):
        return json.dumps(value)
    return "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"


@cache
def camel(name: str) -> str:
    """A name as JSON has it: `cannot_tell` and "cannot tell" are `cannotTell`."""
    first, *others = name.replace(" ", "_").split("_")
    return first + "".join(map(str.title, others))


def totals(evidence: Evidence) -> dict[str, int]:
    """How many there are of what a reader counts first."""
    problems = [finding for _, answer, finding in evidence.problems() if answer.standing is Standing.WRONG]
    return {
        **{camel(standing.value): count for standing, count in evidence.totals.items()},
        "trails": len(evidence.trails),
        "stacks": len(evidence.stacks),
        "stacksWithoutTrail": sum(not stack.trails for stack in evidence.stacks),
        "unread": len(evidence.unread),
        "problems": len(problems),
        "knownProblems": sum(finding.is_known for finding in problems),
    }


def _plain(value: Any, *within: Any) -> Any:
    """A value as JSON has it. within: what has it: the evidence, then a row, its answer, and so on."""
    if isinstance(value, Standing):
        return camel(value.value)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, tuple):
        return [_plain(each, *within) for each in value]
    if isinstance(value, Mapping):
        return dict(value)
    plain = {camel(field.name): _plain(getattr(value, field.name), *within, value) for field in fields(value)}
    if isinstance(value, (TrailRow, StackRow)):
        return {**plain, "standing": camel(weightiest(value.answers).value)}
    if isinstance(value, Finding):
        _, row, answer, *_ = within
        return {**plain, "fingerprint": fingerprint(row, answer, value)}
    return plain
