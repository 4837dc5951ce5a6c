"""How the table of AWS managed policies is made, on small documents."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.iam import aws_managed_policies as pack
from cloudtrail_logs.iam.aws_managed_policies import FILE, table
from cloudtrail_logs.iam.document import Document, read_document
from cloudtrail_logs.iam.evaluation import allows
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.value import UNKNOWN
from tools.generate.aws_managed_policies import (
    file_text,
    former_names,
    relevant_statements,
    table_of,
)

BOTH = list(ACTIONS)
ALL_STREAMS = "arn:aws:logs:*:*:log-group:*"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"Effect": effect, "Action": BOTH, "Resource": "*"}
    kept = {name: value for name, value in given.items() if f"Not{name}" not in elements}
    return kept | elements


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def kind(given: dict[str, Any]) -> str:
    made = table_of({"Policy": given})
    (found,) = [
        name
        for name, members in (("any", made.on_any_log_group), ("reduced", made.reduced), ("none", made.on_none))
        if "Policy" in members
    ]
    return found


KINDS = [
    ("any", document(statement())),
    ("any", {"Version": "2012-10-17", "Statement": statement()}),
    ("any", document(statement(Action="*"))),
    ("any", document(statement(Action="LOGS:*"))),
    ("any", document(statement(Action=["logs:Create*", "logs:Put?ogEvents"]))),
    ("any", document(statement(NotAction="iam:*"))),
    ("any", document(statement(Action=BOTH[0]), statement(Action=BOTH[1], Resource=ALL_STREAMS))),
    ("any", document(statement(Resource="arn:aws:logs:*:*:*"))),
    ("any", document(statement(Resource="arn:*:logs:*:*:*:log-stream:*"))),
    ("any", document(statement(NotResource="arn:aws:s3:::*"))),
    ("any", document(statement(), statement("Deny", Action="logs:Delete*"))),
    ("any", document(statement(), statement("Deny", Resource="arn:aws:s3:::*"))),
    ("any", document(statement(), statement("Deny", Condition={"StringLike": {"aws:SourceArn": "*"}}))),
    ("any", document(statement(), statement(Resource="arn:aws:logs:*:*:log-group:a:*"))),
    ("reduced", document(statement(Action=BOTH[0]))),
    ("reduced", document(statement(Action="logs:PutLogEvents"))),
    ("reduced", document(statement(Resource="arn:aws:logs:*:*:log-group:a:*"))),
    ("reduced", document(statement(Resource="arn:aws:logs:eu-west-1:*:*"))),
    ("reduced", document(statement(Resource="arn:aws:logs:*:*:log-group:*:log-stream:1*"))),
    ("reduced", document(statement(Resource="arn:aws:logs:*:*:log-group:${aws:PrincipalTag/Group}:*"))),
    ("reduced", document(statement(NotResource="arn:aws:logs:*:*:log-group:a:*"))),
    ("reduced", document(statement(Condition={"Bool": {"aws:SecureTransport": "true"}}))),
    ("reduced", document(statement(), statement("Deny", Resource="arn:aws:logs:*:*:log-group:a:*"))),
    ("reduced", document(statement(), statement("Deny", Resource="*:log-stream:o-*_000000000001_CloudTrail_*"))),
    ("reduced", document(statement(), statement("Deny", Resource="*:log-stream:*_CloudTrail_*_7"))),
    ("reduced", document(statement(), statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}))),
    ("reduced", document(statement("Deny"))),
    ("reduced", document(statement("Deny", NotAction="s3:*"))),
    ("none", document()),
    ("none", document(statement(Action="logs:Describe*"))),
    ("none", document(statement(Action="cloudtrail:*"))),
    ("none", document(statement(NotAction="logs:*"))),
    ("none", document(statement(Resource="arn:aws:s3:::*"))),
    ("none", document(statement(Resource="arn:aws:logs:*:*:log-group:a"))),
    ("none", document(statement(Resource="arn:aws:logs:*:*:log-group:a:log-stream:i-*"))),
    ("none", document(statement(NotResource="arn:aws:logs:*:*:*"))),
    ("none", document(statement(Condition={"ArnLike": {"aws:SourceArn": "*"}}))),
    ("none", document(statement("Deny", Action="logs:DeleteLogGroup"))),
]


@pytest.mark.parametrize(("expected", "given"), KINDS, ids=str)
def test_kind(expected: str, given: dict[str, Any]) -> None:
    assert kind(given) == expected


@pytest.mark.parametrize("given", [given for _, given in KINDS], ids=str)
@pytest.mark.parametrize("allowed_too", [False, True])
def test_what_is_left_answers_as_the_whole(given: dict[str, Any], allowed_too: bool) -> None:
    left = document(*relevant_statements("Policy", given).values())
    more = (Grant("more", read_document(document(statement()))),) if allowed_too else ()
    for group in ("a", "b", UNKNOWN):
        for region in ("eu-west-1", "us-east-1", UNKNOWN):
            streams = log_streams("aws", region, "123456789012", group, of_organization=True)
            for action in ACTIONS:
                whole, reduced = (
                    allows(Permissions((Grant("", read_document(each)), *more), True, None), action, streams)
                    for each in (given, left)
                )
                assert whole == reduced


def test_the_table_of_the_pack_is_as_the_generator_writes_it() -> None:
    written = FILE.read_text(encoding="utf-8")
    about = json.loads(written)
    assert written == file_text(table(), about["source"], date.fromisoformat(about["date"]))


def test_no_name_is_forgotten() -> None:
    everything, nothing = document(statement()), document()
    before = replace(table_of({"a/Gone": everything, "Left": nothing, "a/Moved": nothing}), former={"Once", "Again"})
    now = table_of({"Left": everything, "b/Moved": nothing, "Again": nothing, "New": nothing})
    assert former_names(before, now) == {"Gone", "Once"}
    assert former_names(now, now) == frozenset()


def test_what_is_written_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = document(statement(Action="s3:*"), statement(Resource="arn:aws:logs:*:*:log-group:a:*"))
    documents = {
        "path/Some": some,
        "All": document(statement()),
        "None": document(),
        "Deny": document(statement("Deny")),
    }
    made = replace(table_of(documents), former={"Once"})
    (file := tmp_path / "table.json").write_text(file_text(made, "a source 1.2.3", date(2024, 2, 29)))
    monkeypatch.setattr(pack, "FILE", file)
    read = table.__wrapped__()
    assert (read.on_any_log_group, read.reduced, read.on_none) == ({"All"}, made.reduced, {"None"})
    assert (read.former, read.date) == ({"Once"}, "2024-02-29")
    monkeypatch.setattr(pack, "table", lambda: read)
    assert pack.aws_managed_policy("All") == read_document(document(statement(Action="*")))
    assert pack.aws_managed_policy("None") == Document((), has_variables=False)
    left = pack.aws_managed_policy("path/Some")
    assert isinstance(left, Document)
    assert [each.name for each in left.statements] == ["statement 2"]
    assert left.has_variables
    assert pack.aws_managed_policy("Some") is UNKNOWN
