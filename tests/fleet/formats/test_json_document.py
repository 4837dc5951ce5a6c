"""The JSON of an audit: nothing is lost, and docs/audit.schema.json describes it, and nothing else."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from cloudtrail_logs.fleet.evidence import Evidence, PolicyAnswer, Standing, fingerprint
from cloudtrail_logs.fleet.formats.json_document import camel, written
from tests.fleet.sample import EMPTY, EVIDENCE, HOSTILE, HOSTILE_EVIDENCE, TRAILS
from tools.generate import audit_schema

SCHEMA = json.loads(audit_schema.FILE.read_text(encoding="utf-8"))
WHOLE = "Evidence"
EACH = pytest.mark.parametrize("evidence", [EVIDENCE, EMPTY, HOSTILE_EVIDENCE], ids=["sample", "empty", "hostile"])


def validator() -> Any:
    from jsonschema import Draft202012Validator  # takes four seconds: only in a process that needs it

    return Draft202012Validator


def problems(document: Any, kind: str = WHOLE) -> list[str]:
    """What the schema has against a document, or against an object in it."""
    schema = SCHEMA if kind == WHOLE else {"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}
    return [each.message for each in validator()(schema).iter_errors(document)]


def objects(value: Any, schema: Any = SCHEMA, kind: str = WHOLE) -> Iterator[tuple[str, dict[str, Any]]]:
    """All objects of a document, each with its name in the schema."""
    for reference in (schema, *schema.get("anyOf", ())):
        if name := reference.get("$ref", "").removeprefix("#/$defs/"):
            kind, schema = name, SCHEMA["$defs"][name]
    if isinstance(value, list):
        for each in value:
            yield from objects(each, schema["items"], kind)
    elif isinstance(value, dict) and "properties" in schema:
        yield kind, value
        for key, each in value.items():
            yield from objects(each, schema["properties"][key], "totals" if key == "totals" else kind)


def read(value: Any, hint: Any) -> Any:
    """The evidence that a document was written of."""
    if hint is Standing:
        return next(each for each in Standing if camel(each.value) == value)
    if isinstance(hint, UnionType):
        return None if value is None else read(value, get_args(hint)[0])
    if get_origin(hint) is tuple:
        return tuple(read(each, get_args(hint)[0]) for each in value)
    if not isinstance(value, dict) or get_origin(hint):
        return value
    hints = get_type_hints(hint)
    return hint(**{field.name: read(value[camel(field.name)], hints[field.name]) for field in fields(hint)})


@EACH
def test_nothing_is_lost(evidence: Evidence) -> None:
    assert read(json.loads(written(evidence)), Evidence) == evidence
    assert read(json.loads(written(replace(evidence, version="0.5.1"))), Evidence) != evidence


@EACH
def test_the_schema_describes_it(evidence: Evidence) -> None:
    assert problems(json.loads(written(evidence))) == []


def test_the_schema_is_one_and_not_stale() -> None:
    validator().check_schema(SCHEMA)
    assert audit_schema.FILE.read_text(encoding="utf-8") == audit_schema.written(), "run `make docs`"


def test_the_schema_describes_nothing_else() -> None:
    found = dict(objects(json.loads(written(EVIDENCE))))
    described = {name: each for name, each in SCHEMA["$defs"].items() if "properties" in each}
    assert set(found) == {*described, WHOLE, "totals"}
    for kind, described_object in described.items():
        assert list(found[kind]) == list(described_object["properties"]) == described_object["required"]
        assert all("description" in each for each in described_object["properties"].values())


@pytest.mark.parametrize(("kind", "right"), dict(objects(json.loads(written(EVIDENCE)))).items())
def test_another_document_is_refused(kind: str, right: dict[str, Any]) -> None:
    kind, wrap = (WHOLE, lambda totals: {**json.loads(written(EVIDENCE)), "totals": totals}) if kind == "totals" else (kind, dict)  # fmt: skip
    assert problems(wrap(right), kind) == []
    assert problems(wrap({**right, "more": 1}), kind)
    for key in right:
        assert problems(wrap({each: value for each, value in right.items() if each != key}), kind), key
        assert problems(wrap({**right, key: 1.5}), kind), key


def test_how_it_looks() -> None:
    lines = written(replace(EVIDENCE, trails=TRAILS[:2], stacks=(), unread=())).splitlines()
    start = lines.index('  "trails": [')
    assert lines[:4] == [
        "{",
        '  "schema": "cloudtrail-cloudwatch-logs/audit",',
        '  "schemaVersion": 1,',
        '  "fails": true,',
    ]
    begin = '    {"stack": "payments/prod", "urn": "urn:pulumi:prod::payments::aws:cloudtrail/trail:Trail::audit", '
    assert lines[start + 1].startswith(begin)
    assert [line[-1] for line in lines[start + 1 : start + 4]] == [",", "}", ","]
    assert lines[start + 4] == '  "stacks": [],'
    assert lines[-1] == "}"


def test_totals_standings_and_fingerprints() -> None:
    document = json.loads(written(EVIDENCE))
    assert document["fails"] is True
    assert document["totals"] == {
        "wrong": 4,
        "excepted": 1,
        "exempt": 0,
        "cannotTell": 0,
        "right": 1,
        "nothingToCheck": 0,
        "trails": 6,
        "stacks": 7,
        "stacksWithoutTrail": 2,
        "unread": 1,
        "problems": 5,
        "knownProblems": 1,
    }
    assert [row["standing"] for row in document["trails"]] == ["wrong", "wrong", "right", "excepted", "wrong", "wrong"]
    assert [row["standing"] for row in document["stacks"]] == ["nothingToCheck"] * 6 + ["wrong"]
    assert document["trails"][1]["answers"][2]["standing"] == "cannotTell"
    found = [finding["fingerprint"] for kind, finding in objects(document) if kind == "Finding"]
    assert (len(found), len(set(found))) == (8, 8)
    again = json.loads(written(replace(EVIDENCE, made="2027-01-01T00:00:00Z", trails=TRAILS[:1], stacks=())))
    assert again["trails"][0]["answers"][0]["findings"][0]["fingerprint"] == found[0]


@pytest.mark.parametrize(("one", "other", "same"), [
    ("audit", "audit", True), ("audit", "Audit", False), ("\ud800", "?", False), ("\ud800", "\ud801", False),
])  # fmt: skip
def test_a_fingerprint_tells_trails_apart(one: str, other: str, same: bool) -> None:
    answer = TRAILS[0].answers[0]
    marks = [fingerprint(replace(TRAILS[0], urn=urn), answer, answer.findings[0]) for urn in (one, other)]
    assert (marks[0] == marks[1]) is same


def test_what_is_excepted_is_no_problem() -> None:
    answer = next(each for row in TRAILS for each in row.answers if each.standing is Standing.EXCEPTED)
    counts = [
        json.loads(written(replace(EMPTY, trails=(replace(TRAILS[0], answers=(each,)),))))["totals"]["problems"]
        for each in (answer, PolicyAnswer(answer.policy, Standing.WRONG, answer.level, answer.findings))
    ]
    assert counts == [0, 1]


def test_a_hostile_text_is_escaped() -> None:
    document = written(HOSTILE_EVIDENCE)
    assert {character for character in document if not " " <= character <= "~"} == {"\n"}
    assert json.loads(document)["trails"][0]["command"] == HOSTILE
