"""Writes `cloudtrail_logs/iam/aws_managed_policies.json`: what AWS managed policies grant of what a trail needs.

The documents are those that moto ships; the pack's own evaluator says what they grant. No name is forgotten: one that
moto ships no more is a former one; the first of those are from https://github.com/zoph-io/MAMIP (2026-03-07). With moto
installed in the virtual environment,

    python -m tools.generate.aws_managed_policies [--date YYYY-MM-DD]

writes the file and prints how many policies there are of each kind. The date is the one in the file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timezone
from importlib import import_module
from importlib.metadata import version
from typing import Final

from cloudtrail_logs.iam.aws_managed_policies import FILE, LANGUAGE, Table, table
from cloudtrail_logs.iam.condition import ROLE_NEVER_SENDS, is_met
from cloudtrail_logs.iam.document import Document, Effect, Json, Patterns, Statement, read_document
from cloudtrail_logs.iam.elements import action_matches, resource_matches
from cloudtrail_logs.iam.evaluation import allows
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.iam.wildcard import DIGITS, AnyDigits, Subject, UnknownPart
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Truth

_COMMERCIAL: Final = "arn:aws:"
# The streams of any trail. A statement may concern some of them only, so that digits which stand for all are one value.
_STREAMS: Final = log_streams(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, of_organization=True)
_ANY_STREAM: Final = tuple(
    Subject(
        tuple(
            UnknownPart(part.shown, DIGITS, part.length, part.length) if isinstance(part, AnyDigits) else part
            for part in stream.parts
        )
    )
    for stream in _STREAMS
)


class UnfitDocumentError(Exception):
    """A document is none that the table can hold; the message says which and why."""


def table_of(documents: Mapping[str, Json]) -> Table:
    """Sorts policies by what their documents grant. documents: by name, with the path before it."""
    reduced = {name: relevant_statements(name, document) for name, document in sorted(documents.items())}
    on_any = [name for name, statements in reduced.items() if grants_everywhere(statements)]
    return Table(
        on_any_log_group=on_any,
        reduced={name: statements for name, statements in reduced.items() if statements and name not in on_any},
        on_none=[name for name, statements in reduced.items() if not statements],
    )


def relevant_statements(name: str, document: Json) -> Mapping[int, Json]:
    """The statements that can concern the two actions on a stream, with nothing in them that cannot.

    Their actions are spelled out. A document says aws where that of another partition says its own name: both are
    meant, so that any partition is.
    """
    read = read_document(document)
    if not isinstance(read, Document) or document.get("Version") != LANGUAGE:
        raise UnfitDocumentError(f"{name} has no document of version {LANGUAGE}.")
    given = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    statements: dict[int, Json] = {}
    for place, (statement, written) in enumerate(zip(read.statements, given, strict=True), start=1):
        if not _is_of_identity_policy(statement):
            raise UnfitDocumentError(f"{name} has a statement {place} that no identity policy has.")
        actions = [action for action in ACTIONS if action_matches(statement.actions, action) is not Truth.NO]
        assert isinstance(statement.resources, Patterns)
        resources = _relevant_resources(statement.resources)
        if actions and resources and is_met(statement.condition, ROLE_NEVER_SENDS) is not Truth.NO:
            statements[place] = {
                **({"Sid": written["Sid"]} if "Sid" in written else {}),
                "Effect": statement.effect.value,
                "Action": actions,
                **resources,
                **({} if statement.condition is ABSENT else {"Condition": _sorted(statement.condition)}),
            }
    return statements


def grants_everywhere(statements: Mapping[int, Json]) -> bool:
    """Whether statements allow both actions on all streams of any trail, and deny them on none."""
    document = read_document({"Version": LANGUAGE, "Statement": list(statements.values())})
    permissions = Permissions((Grant("", document),), complete=True, boundary=None)
    return all(statement["Effect"] == Effect.ALLOW.value for statement in statements.values()) and all(
        allows(permissions, action, _STREAMS).allowed is Truth.YES for action in ACTIONS
    )


def former_names(before: Table, now: Table) -> frozenset[str]:
    """The names that AWS had once, and has no more: those of the table before that are missing now."""
    return (frozenset(before.former) | _names(before)) - _names(now)


def _names(content: Table) -> frozenset[str]:
    """The names of policies without their paths."""
    return frozenset(
        name.rpartition("/")[2]
        for names in (content.on_any_log_group, content.reduced, content.on_none)
        for name in names
    )


def file_text(content: Table, source: str, day: date) -> str:
    """The table as JSON, a policy a line. source: the name and version of what the documents are from."""
    written: list[tuple[str, str]] = [
        ("about", json.dumps("Written by python -m tools.generate.aws_managed_policies")),
        ("source", json.dumps(source)),
        ("date", json.dumps(str(day))),
        ("on_any_log_group", _listed("[{}]", map(json.dumps, sorted(content.on_any_log_group)))),
        ("reduced", _listed("{{{}}}", (_entry(*each) for each in sorted(content.reduced.items())))),
        ("on_none", _listed("[{}]", map(json.dumps, sorted(content.on_none)))),
        ("former", _listed("[{}]", map(json.dumps, sorted(content.former)))),
    ]
    return _listed("{{{}}}", (f"{json.dumps(name)}: {value}" for name, value in written)) + "\n"


def _entry(name: str, statements: Json) -> str:
    return f"{json.dumps(name)}: {json.dumps(statements)}"


def _listed(brackets: str, entries: Iterable[str]) -> str:
    """The entries, each on a line of its own."""
    return brackets.format("\n" + ",\n".join(entries) + "\n")


def _is_of_identity_policy(statement: Statement) -> bool:
    return (
        statement.effect is not Effect.UNKNOWN
        and isinstance(statement.actions, Patterns)
        and isinstance(statement.resources, Patterns)
        and statement.principals is ABSENT
        and statement.excluded is ABSENT
    )


def _relevant_resources(patterns: Patterns) -> dict[str, list[str]]:
    """The element Resource or NotResource with those patterns only that can match a stream; empty for no stream."""
    known = [value for value in patterns.values if isinstance(value, str)]
    kept = sorted({_in_any_partition(value) for value in known if _may_match(value)})
    if not patterns.negated:
        return {"Resource": kept} if kept else {}
    if not kept:
        return {"Resource": ["*"]}
    excluded = Patterns(tuple(kept), negated=True)
    left = any(resource_matches(excluded, stream, has_variables=True) is not Truth.NO for stream in _ANY_STREAM)
    return {"NotResource": kept} if left else {}


def _in_any_partition(arn: str) -> str:
    return f"arn:*:{arn.removeprefix(_COMMERCIAL)}" if arn.startswith(_COMMERCIAL) else arn


def _may_match(pattern: str) -> bool:
    patterns = Patterns((pattern,))
    return any(resource_matches(patterns, stream, has_variables=True) is not Truth.NO for stream in _ANY_STREAM)


def _sorted(condition: Json) -> Json:
    return json.loads(json.dumps(condition, sort_keys=True))


def _documents_of_moto() -> dict[str, Json]:
    """The document of each AWS managed policy, by its name with its path."""
    try:
        module = import_module("moto.iam.aws_managed_policies")
    except ModuleNotFoundError:
        raise SystemExit("moto, which ships the policies, is missing: install it with `pip install moto`.") from None
    policies = json.loads(module.aws_managed_policies_data)
    return {policy["Path"].removeprefix("/") + name: policy["Document"] for name, policy in policies.items()}


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate.aws_managed_policies", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(timezone.utc).date())
    day = parser.parse_args().date
    content = table_of(_documents_of_moto())
    content = replace(content, former=former_names(table(), content))
    FILE.write_text(file_text(content, f"moto {version('moto')}", day), encoding="utf-8")
    counts = (len(each) for each in (content.on_any_log_group, content.reduced, content.on_none))
    print("on any log group {}, reduced {}, on none {}".format(*counts))


if __name__ == "__main__":
    main()
