"""What AWS managed policies grant of what CloudTrail needs: to create log streams and to write to them.

`aws_managed_policies.json` holds it. `python -m tools.generate.aws_managed_policies` writes that file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from ..model.value import UNKNOWN, Unset
from .document import Document, Json, read_document

FILE: Final = Path(__file__).with_suffix(".json")
LANGUAGE: Final = "2012-10-17"

_EVERYTHING: Final[Mapping[int, Json]] = {1: {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@dataclass(frozen=True)
class Table:
    """The policies that AWS manages, by what they grant. Each is named with its path, as in its ARN."""

    on_any_log_group: Collection[str]
    """Both actions, on the streams of any log group, without a condition and without a Deny."""
    reduced: Mapping[str, Mapping[int, Json]]
    """The statements of the others that can concern the two actions on a stream, by their place in the policy."""
    on_none: Collection[str]
    """Nothing that concerns them."""


@cache
def table() -> Table:
    """The table, read on first use: few stacks need it."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    reduced = {
        name: {int(place): statement for place, statement in statements.items()}
        for name, statements in read["reduced"].items()
    }
    return Table(frozenset(read["on_any_log_group"]), reduced, frozenset(read["on_none"]))


def aws_managed_policy(name: str) -> Document | Literal[Unset.UNKNOWN]:
    """What an AWS managed policy grants of what CloudTrail needs; UNKNOWN for a name that is not in the table.

    name: with its path, as behind `:policy/` in its ARN. What has nothing to do with the two actions is left out.
    """
    known = table()
    if name in known.on_none:
        return Document((), has_variables=False)
    statements = _EVERYTHING if name in known.on_any_log_group else known.reduced.get(name)
    if statements is None:
        return UNKNOWN
    # Each statement is read at its own place, by which a message names it.
    written = [statements.get(place, {}) for place in range(1, max(statements) + 1)]
    document = read_document({"Version": LANGUAGE, "Statement": written})
    assert isinstance(document, Document)
    return Document(tuple(document.statements[place - 1] for place in statements), document.has_variables)
