"""Which AWS managed policies there are, and what they grant of what CloudTrail needs: to create and fill log streams.

`aws_managed_policies.json` holds it. `python -m tools.generate.aws_managed_policies` writes that file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from ..model.value import UNKNOWN, Unset
from .document import Document, Json, read_document

FILE: Final = Path(__file__).with_suffix(".json")
LANGUAGE: Final = "2012-10-17"

_NAME: Final = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
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
    former: Collection[str] = frozenset()
    """Those that AWS had once, without their paths: who has one attached still has what it grants."""
    date: str = ""
    """When these were all (YYYY-MM-DD)."""

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Each policy with its path, by its name alone in lower case: AWS has no two names that differ only in case."""
        names = (*self.on_any_log_group, *self.reduced, *self.on_none)
        return {name.rpartition("/")[2].lower(): name for name in names}


@cache
def table() -> Table:
    """The table, read on first use: few stacks need it."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    reduced = {
        name: {int(place): statement for place, statement in statements.items()}
        for name, statements in read["reduced"].items()
    }
    on_any, on_none, former = (frozenset(read[each]) for each in ("on_any_log_group", "on_none", "former"))
    return Table(on_any, reduced, on_none, former, read["date"])


def reason_for_absence(name: str) -> str | None:
    """Why AWS has no managed policy of this name, as the rest of a sentence that begins with it; None where it may.

    name: with its path. A name that differs only in its case may be taken for the same.
    """
    known = table()
    last = name.rpartition("/")[2]
    if not _NAME.fullmatch(last) or last in known.former:
        return None
    found = known.by_name.get(last.lower())
    if found is None:
        return f"does not exist: AWS had no managed policy of that name on {known.date}"
    path, found_path = (each.rpartition("/")[0] for each in (name, found))
    exact = found.rpartition("/")[2] == last
    return f"does not exist: AWS has it as {found}" if exact and path.lower() != found_path.lower() else None


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
