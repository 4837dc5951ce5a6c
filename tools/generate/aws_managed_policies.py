"""Makes `cloudtrail_logs/iam/aws_managed_policies.py`: what AWS managed policies grant of what a trail needs.

The documents are those that moto ships; the pack's own evaluator says what they grant. With moto beside what
requirements-dev.txt lists,

    python -m tools.generate.aws_managed_policies [--date YYYY-MM-DD]

writes the module and prints how many policies there are of each kind. The date is the one in its docstring.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

from cloudtrail_logs.iam.document import Document, Effect, Json, Patterns, Statement, read_document
from cloudtrail_logs.iam.evaluation import (
    Grant,
    Permissions,
    action_matches,
    allows,
    condition_is_met,
    resource_matches,
)
from cloudtrail_logs.iam.log_streams import log_streams
from cloudtrail_logs.iam.wildcard import DIGITS, Fresh, Gap, Subject
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Truth
from cloudtrail_logs.rules.role_can_deliver import ACTIONS

REPOSITORY: Final = Path(__file__).resolve().parents[2]
MODULE: Final = REPOSITORY / "cloudtrail_logs" / "aws_managed_policies.py"
_LANGUAGE: Final = "2012-10-17"
_COMMERCIAL: Final = "arn:aws:"
# The streams of any trail. A statement may concern some of them only, so that digits which stand for all are one value.
_STREAMS: Final = log_streams(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, of_organization=True)
_ANY_STREAM: Final = tuple(
    Subject(
        tuple(
            Gap(part.shown, DIGITS, part.length, part.length) if isinstance(part, Fresh) else part
            for part in stream.parts
        )
    )
    for stream in _STREAMS
)

# The statements of a document that matter, by their place in it, which is 1 for the first.
Statements = Mapping[int, Json]


class UnfitDocumentError(Exception):
    """A document is none that the table can hold; the message says which and why."""


@dataclass(frozen=True)
class Table:
    """Policies by what they grant. on_any: both actions on the streams of any log group. on_none: neither, anywhere.

    reduced: what matters of the others.
    """

    on_any: Sequence[str]
    reduced: Mapping[str, Statements]
    on_none: Sequence[str]


def table(documents: Mapping[str, Json]) -> Table:
    """Sorts policies by what their documents grant. documents: by name, with the path before it."""
    reduced = {name: relevant_statements(name, document) for name, document in sorted(documents.items())}
    on_any = [name for name, statements in reduced.items() if grants_everywhere(statements)]
    return Table(
        on_any=on_any,
        reduced={name: statements for name, statements in reduced.items() if statements and name not in on_any},
        on_none=[name for name, statements in reduced.items() if not statements],
    )


def relevant_statements(name: str, document: Json) -> Statements:
    """The statements that can concern the two actions on a stream, with nothing in them that cannot.

    Their actions are spelled out. A document says aws where that of another partition says its own name: both are
    meant, so that any partition is.
    """
    read = read_document(document)
    if not isinstance(read, Document) or document.get("Version") != _LANGUAGE:
        raise UnfitDocumentError(f"{name} has no document of version {_LANGUAGE}.")
    given = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    statements: dict[int, Json] = {}
    for place, (statement, written) in enumerate(zip(read.statements, given, strict=True), start=1):
        if not _is_of_identity_policy(statement):
            raise UnfitDocumentError(f"{name} has a statement {place} that no identity policy has.")
        actions = [action for action in ACTIONS if action_matches(statement.actions, action) is not Truth.NO]
        assert isinstance(statement.resources, Patterns)
        resources = _relevant_resources(statement.resources)
        if actions and resources and condition_is_met(statement) is not Truth.NO:
            statements[place] = {
                **({"Sid": written["Sid"]} if "Sid" in written else {}),
                "Effect": statement.effect.value,
                "Action": actions,
                **resources,
                **({} if statement.condition is ABSENT else {"Condition": _sorted(statement.condition)}),
            }
    return statements


def grants_everywhere(statements: Statements) -> bool:
    """Whether statements allow both actions on all streams of any trail, and deny them on none."""
    document = read_document({"Version": _LANGUAGE, "Statement": list(statements.values())})
    permissions = Permissions((Grant("", document),), complete=True, boundary=None)
    return all(statement["Effect"] == Effect.ALLOW.value for statement in statements.values()) and all(
        allows(permissions, action, _STREAMS).allowed is Truth.YES for action in ACTIONS
    )


def module_text(content: Table, source: str, day: date) -> str:
    """The module, formatted. source: the name and version of what the documents are from."""
    text = _MODULE.format(
        source=source,
        day=day.isoformat(),
        language=json.dumps(_LANGUAGE),
        on_any=f"frozenset({{{_lines(repr(name) for name in content.on_any)}}})",
        reduced=f"{{{_lines(f'{name!r}: {statements!r}' for name, statements in content.reduced.items())}}}",
        on_none=f"frozenset({{{_lines(repr(name) for name in content.on_none)}}})",
    )
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(MODULE), "-"],
        cwd=REPOSITORY,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return formatted.stdout


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


def _lines(entries: Iterable[str]) -> str:
    return "".join(f"{entry},\n" for entry in entries)


_MODULE: Final = '''\
"""What AWS managed policies grant of what CloudTrail needs: to create log streams and to write to them.

Generated by `python -m tools.generate.aws_managed_policies` from the documents of {source} on {day}: not to be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from ..policy_document import Document, Json, read_document
from ..value import UNKNOWN, Unset

_LANGUAGE: Final = {language}


def aws_managed_policy(name: str) -> Document | Literal[Unset.UNKNOWN]:
    """What an AWS managed policy grants of what CloudTrail needs; UNKNOWN for a name that is not in the table.

    name: with its path, as behind `:policy/` in its ARN. What has nothing to do with the two actions is left out.
    """
    if name in _ON_NONE:
        return Document((), has_variables=False)
    statements = _EVERYTHING if name in _ON_ANY_LOG_GROUP else _REDUCED.get(name)
    if statements is None:
        return UNKNOWN
    # Each statement is read at its own place, by which a message names it.
    written = [statements.get(place, {{}}) for place in range(1, max(statements) + 1)]
    document = read_document({{"Version": _LANGUAGE, "Statement": written}})
    assert isinstance(document, Document)
    return Document(tuple(document.statements[place - 1] for place in statements), document.has_variables)


_EVERYTHING: Final[Mapping[int, Json]] = {{1: {{"Effect": "Allow", "Action": "*", "Resource": "*"}}}}

# Both actions, on the streams of any log group, without a condition and without a Deny.
_ON_ANY_LOG_GROUP: Final = {on_any}

# The statements that can concern the two actions on a stream, by their place in the policy.
_REDUCED: Final[Mapping[str, Mapping[int, Json]]] = {reduced}

# Nothing that concerns them.
_ON_NONE: Final = {on_none}
'''


def _documents_of_moto() -> dict[str, Json]:
    """The document of each AWS managed policy, by its name with its path."""
    try:
        module = import_module("moto.iam.aws_managed_policies")
    except ModuleNotFoundError:
        raise SystemExit("moto, which ships the policies, is missing: install it with `pip install moto`.") from None
    policies = json.loads(module.aws_managed_policies_data)
    return {policy["Path"].removeprefix("/") + name: policy["Document"] for name, policy in policies.items()}


def main() -> None:
    """Writes the module."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate.aws_managed_policies", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(timezone.utc).date())
    day = parser.parse_args().date
    content = table(_documents_of_moto())
    MODULE.write_text(module_text(content, f"moto {version('moto')}", day))
    print(f"on any log group {len(content.on_any)}, reduced {len(content.reduced)}, on none {len(content.on_none)}")


if __name__ == "__main__":
    main()
