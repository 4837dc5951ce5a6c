"""From the JSON of a policy document to its statements, and what of it cannot be told."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.iam.document import Document, Effect, Patterns, Statement, Unreadable, read_document
from cloudtrail_logs.model.value import ABSENT, UNKNOWN

ALLOW = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
ALLOWED = Statement(
    "statement 1", Effect.ALLOW, Patterns(("logs:*",)), Patterns(("*",)), ABSENT, ABSENT, condition=ABSENT
)
NEW, OLD = "2012-10-17", "2008-10-17"
TWICE = Unreadable("is encoded twice: it is a JSON string within a JSON string, which IAM rejects")
NOT_TOLD = Statement("statement 1", Effect.UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
NO_DOCUMENT = Document((NOT_TOLD,), True)

DOCUMENTS: list[tuple[str, Any, Any]] = [
    ("nothing", ABSENT, NO_DOCUMENT),
    ("a value", {"Version": NEW, "Statement": [ALLOW]}, Document((ALLOWED,), True)),
    ("a text", json.dumps({"Version": NEW, "Statement": [ALLOW]}), Document((ALLOWED,), True)),
    ("a text in a text", json.dumps(json.dumps({"Statement": []})), TWICE),
    ("a text of a text that is no document", json.dumps("hunter2"), NO_DOCUMENT),
    ("a text of a text of a list", json.dumps("[]"), NO_DOCUMENT),
    ("a text that is no JSON", "hunter2", NO_DOCUMENT),
    ("a text that is nested too deep", "[" * 200_000, NO_DOCUMENT),
    ("a text of a list", "[]", NO_DOCUMENT),
    ("a list", [{"Statement": []}], NO_DOCUMENT),
    ("unknown", UNKNOWN, UNKNOWN),
    ("no statement", {"Version": NEW}, NO_DOCUMENT),
    ("no version", {"Statement": [ALLOW]}, Document((ALLOWED,), False)),
    ("the old version", {"Version": OLD, "Statement": [ALLOW]}, Document((ALLOWED,), False)),
    ("an unknown version", {"Version": UNKNOWN, "Statement": [ALLOW]}, Document((ALLOWED,), True)),
    ("another version", {"Version": "2020-01-01", "Statement": [ALLOW]}, NO_DOCUMENT),
    ("one statement", {"Version": NEW, "Statement": ALLOW}, Document((ALLOWED,), True)),
    ("two", {"Version": NEW, "Statement": (ALLOW, ALLOW)}, Document((ALLOWED, replace(ALLOWED, name="statement 2")), True)),
    ("none", {"Version": NEW, "Statement": []}, Document((), True)),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in DOCUMENTS], ids=[case[0] for case in DOCUMENTS])
def test_a_document(value: Any, expected: Any) -> None:
    assert read_document(value) == expected


STATEMENTS: list[tuple[str, Any, Statement]] = [
    ("unknown", UNKNOWN, NOT_TOLD),
    ("a text", "hunter2", NOT_TOLD),
    ("an element that there is not", {**ALLOW, "Actions": "x"}, NOT_TOLD),
    ("a name", {**ALLOW, "Sid": "Logs1"}, replace(ALLOWED, name='statement "Logs1"')),
    ("a long name", {**ALLOW, "Sid": "s" * 60}, replace(ALLOWED, name=f'statement "{"s" * 60}"')),
    ("a name that IAM does not allow", {**ALLOW, "Sid": "hunter 2"}, ALLOWED),
    ("a name that is too long", {**ALLOW, "Sid": "s" * 61}, ALLOWED),
    ("an unknown name", {**ALLOW, "Sid": UNKNOWN}, ALLOWED),
    ("a Deny", {**ALLOW, "Effect": "Deny"}, replace(ALLOWED, effect=Effect.DENY)),
    ("an unknown effect", {**ALLOW, "Effect": UNKNOWN}, replace(ALLOWED, effect=Effect.UNKNOWN)),
    ("another effect", {**ALLOW, "Effect": "allow"}, replace(ALLOWED, effect=Effect.UNKNOWN)),
    ("an effect that is a word of the rule's own", {**ALLOW, "Effect": "unknown"}, replace(ALLOWED, effect=Effect.UNKNOWN)),
    (
        "every element that there is",
        {**ALLOW, "Sid": "x", "NotAction": "a", "NotResource": "b", "Principal": "*", "NotPrincipal": "c", "Condition": {}},
        Statement('statement "x"', Effect.ALLOW, UNKNOWN, UNKNOWN, {"*": Patterns(("*",))}, {"*": Patterns(("c",))}, {}),
    ),
    ("nothing", {}, Statement("statement 1", Effect.UNKNOWN, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT)),
    ("actions", {**ALLOW, "Action": ["a:b", UNKNOWN, 7]}, replace(ALLOWED, actions=Patterns(("a:b", UNKNOWN, UNKNOWN)))),
    ("unknown actions", {**ALLOW, "Action": UNKNOWN}, replace(ALLOWED, actions=Patterns((UNKNOWN,)))),
    ("no actions", {**ALLOW, "Action": ()}, replace(ALLOWED, actions=Patterns(()))),
    ("all other actions", {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, replace(ALLOWED, actions=Patterns(("s3:*",), negated=True))),
    ("both", {**ALLOW, "NotAction": "s3:*"}, replace(ALLOWED, actions=UNKNOWN)),
    ("all other resources", {"Effect": "Allow", "Action": "logs:*", "NotResource": "a"}, replace(ALLOWED, resources=Patterns(("a",), negated=True))),
    ("both of the resources", {**ALLOW, "NotResource": "a"}, replace(ALLOWED, resources=UNKNOWN)),
    ("everybody", {**ALLOW, "Principal": "*"}, replace(ALLOWED, principals={"*": Patterns(("*",))})),
    ("some", {**ALLOW, "Principal": {"Service": "a", "AWS": ["b", "c"]}}, replace(ALLOWED, principals={"Service": Patterns(("a",)), "AWS": Patterns(("b", "c"))})),
    ("unknown principals", {**ALLOW, "Principal": UNKNOWN}, replace(ALLOWED, principals=UNKNOWN)),
    ("a list of principals", {**ALLOW, "Principal": ["a"]}, replace(ALLOWED, principals=UNKNOWN)),
    ("all but some", {**ALLOW, "NotPrincipal": {"AWS": "a"}}, replace(ALLOWED, excluded={"AWS": Patterns(("a",))})),
    ("all but unknown ones", {**ALLOW, "NotPrincipal": UNKNOWN}, replace(ALLOWED, excluded=UNKNOWN)),
    ("a condition", {**ALLOW, "Condition": {"Bool": {"a": "b"}}}, replace(ALLOWED, condition={"Bool": {"a": "b"}})),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in STATEMENTS], ids=[case[0] for case in STATEMENTS])
def test_a_statement(value: Any, expected: Statement) -> None:
    assert read_document({"Version": NEW, "Statement": [value]}) == Document((expected,), True)


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        ({"Version": NEW, "Statement": [ALLOW]}, False),
        ({"Version": UNKNOWN, "Statement": [ALLOW]}, True),
        ({"Version": NEW, "Statement": UNKNOWN}, True),
        ({"Version": NEW, "Statement": ({**ALLOW, "Condition": {"Bool": {"a": [UNKNOWN]}}},)}, True),
        ({"Version": NEW, "Statement": [{**ALLOW, "Action": 7}]}, False),
        ({"Version": NEW}, False),
        ({"Version": UNKNOWN}, True),
        ("hunter2", False),
        (json.dumps({"Statement": "unknown"}), False),
        (ABSENT, False),
    ],
)
def test_whether_a_document_waits_for_a_value(value: Any, waits: bool) -> None:
    document = read_document(value)
    assert isinstance(document, Document)
    assert any(statement.waits for statement in document.statements) is waits
