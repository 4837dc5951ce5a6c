"""`make docs`: writes docs/audit.schema.json, the JSON Schema of what `make audit FORMAT=json` writes.

It is made of the dataclasses of cloudtrail_logs/fleet/evidence.py: their fields, and the docstrings of those.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from cloudtrail_logs.fleet.evidence import Evidence, Finding, StackRow, Standing, TrailRow
from cloudtrail_logs.fleet.formats.json_document import SCHEMA, VERSION, camel, totals
from cloudtrail_logs.model.enforcement_level import ADVISORY, MANDATORY

FILE: Final = Path(__file__).resolve().parents[2] / "docs" / "audit.schema.json"
STANDINGS: Final = {
    "enum": [camel(standing.value) for standing in Standing],
    "description": "What a policy says of a trail or a stack, the weightiest first.",
}
# What the dataclasses leave unsaid, since it is plain in the code.
DESCRIPTIONS: Final = {
    "fails": "Whether something mandatory is wrong that is neither excepted nor in the baseline: the exit status is 1.",
    "fingerprint": "What tells the problem from all others, and is the same in the next run: of stack, trail, policy "
    "and code.",
    "totals": "How many there are.",
    "trails": "Trails.",
    "stacks": "Stacks whose state was read.",
    "stacksWithoutTrail": "Stacks whose state was read and that declare no trail.",
    "unread": "Files, folders and stacks that could not be read.",
    "problems": "Problems that no exemption and no exception covers, of trails and of stacks.",
    "knownProblems": "Those of them that the baseline has, too.",
    **{camel(standing.value): f"Trails whose standing is {camel(standing.value)}." for standing in Standing},
    "Excepted.id": "Of the exception.",
    "Excepted.reason": "As the exception states it.",
    "Exempted.finding": "The problem.",
    "Exempted.reason": "As the entry states it.",
    "ExemptionRow.codes": "The codes that it is about; empty where it is about all.",
    "ExemptionRow.project": "The pattern of the projects that it is about.",
    "ExemptionRow.stack": "The pattern of the stacks that it is about.",
    "ExemptionRow.reason": "As the entry states it.",
    "ExemptionRow.until": "The last day of the entry, such as 2027-06-30; empty where it has none.",
    "Evidence.gone": "What the baseline has and this audit has not.",
    "Evidence.policies": "The policies that were applied.",
    "Evidence.stacks": "The stacks whose states were read.",
    "Evidence.unread": "What could not be read.",
    "Place.column": "From 1; 0 where it is not known.",
    "PolicyAnswer.level": "advisory or mandatory.",
    "StackRow.resources": "How many resources the state holds.",
    "StackRow.time": "When the state was written, such as 2026-11-29T04:31:00Z; empty where it does not say.",
    "StackRow.trails": "How many trails the stack declares.",
    "TrailRow.account": "The AWS account; empty where it is not known.",
    "TrailRow.answers": "What each policy says of it.",
    "TrailRow.arn": "Empty where it is not known.",
    "TrailRow.awsName": "Its name in AWS; empty where it is not known.",
    "TrailRow.elsewhere": "What other stacks declare for it.",
    "policy": "The name of the policy.",
    "standing": "What the policy says of the trail or the stack.",
    "code": "Such as role-missing.",
    "stack": "PROJECT/STACK.",
}


def schema() -> dict[str, Any]:
    """The schema of a document. Every key is always there."""
    definitions: dict[str, Any] = {}
    found = _object(Evidence, definitions)
    head = {
        "schema": {"const": SCHEMA},
        "schemaVersion": {"const": VERSION},
        "fails": _described("fails", {"type": "boolean"}),
        "totals": _closed(DESCRIPTIONS["totals"], {key: _described(key, COUNT) for key in totals(_NOTHING)}),
    }
    whole = _closed(found["description"], {**head, **found["properties"]})
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Evidence of an audit"}
    return {**about, **whole, "$defs": {"Standing": STANDINGS, **dict(sorted(definitions.items()))}}


def written() -> str:
    """The file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


COUNT: Final = {"type": "integer", "minimum": 0}
_NOTHING: Final = Evidence("", "", "")


def _closed(description: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _described(key: str, what: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": DESCRIPTIONS[key], **what}


def _object(kind: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a dataclass. Those of the dataclasses in it go to the definitions."""
    said, hints, properties = _docstrings(kind), get_type_hints(kind), {}
    for field in fields(kind):
        key = camel(field.name)
        own = DESCRIPTIONS.get(f"{kind.__name__}.{key}") or said.get(field.name) or DESCRIPTIONS[key]
        properties[key] = {"description": own.replace("`", ""), **_of(hints[field.name], definitions)}
        if key == "level":
            properties[key]["enum"] = [ADVISORY, MANDATORY]
    if kind in (TrailRow, StackRow):
        properties["standing"] = {"description": "The weightiest of its answers.", "$ref": "#/$defs/Standing"}
    if kind is Finding:
        properties["fingerprint"] = _described("fingerprint", {"type": "string", "pattern": "^[0-9a-f]{32}$"})
    return _closed(inspect.getdoc(kind) or "", properties)


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field's type."""
    arguments = get_args(hint)
    if hint is Standing:
        return {"$ref": "#/$defs/Standing"}
    if isinstance(hint, UnionType):
        return {"anyOf": [{"type": "null"} if each is type(None) else _of(each, definitions) for each in arguments]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if get_origin(hint) is Mapping:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = _object(hint, definitions)
    return {"$ref": f"#/$defs/{hint.__name__}"}


_PLAIN: Final[Mapping[Any, Mapping[str, Any]]] = {str: {"type": "string"}, bool: {"type": "boolean"}, int: COUNT}


def _docstrings(kind: type[Any]) -> dict[str, str]:
    """What a class says of its fields: the docstring below each."""
    (node,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(node, ast.ClassDef)
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in zip(node.body, node.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"{FILE.relative_to(FILE.parents[1])} is written.")
