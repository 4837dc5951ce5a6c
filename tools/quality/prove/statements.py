"""From the JSON of a policy document to its statements.

Source: IAM user guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cloudtrail_logs.model.value import UNKNOWN, Truth

from .conditions import met
from .languages import Bounds, all_of, any_of, covers, matching

_VERSIONS: Final = ("2008-10-17", "2012-10-17")
_ELEMENTS: Final = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
)


@dataclass(frozen=True)
class Statement:
    """One statement about an action: what it does, and the ARNs that it does it for."""

    effect: str | None
    """Allow or Deny; None where that is not known."""
    resources: Bounds


def statements(document: Any, action: str) -> list[Statement] | None:
    """The statements of a document about an action; None where they are not known.

    A document that is a JSON text within a JSON text is none to IAM, so it has no statements.
    """
    if isinstance(document, str):
        document = _parsed(document)
        if isinstance(document, str) and isinstance(_parsed(document), dict):
            return []
    if not isinstance(document, Mapping) or "Statement" not in document:
        return None
    version = document.get("Version", _VERSIONS[0])
    if version is not UNKNOWN and version not in _VERSIONS:
        return None
    listed = document["Statement"]
    return [
        _statement(each, action, version != _VERSIONS[0])
        for each in (listed if isinstance(listed, (list, tuple)) else [listed])
    ]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _statement(value: Any, action: str, has_variables: bool) -> Statement:
    if not isinstance(value, Mapping) or any(element not in _ELEMENTS for element in value):
        return Statement(None, Bounds.of(Truth.MAYBE))
    conditions = [_of_action(value, action)]
    if "Condition" in value:
        conditions.append(met(value["Condition"]))
    if "Principal" in value or "NotPrincipal" in value:
        conditions.append(Truth.MAYBE)  # IAM refuses the policy of a role that has them
    effect = value.get("Effect")
    return Statement(
        effect if effect in ("Allow", "Deny") else None,
        all_of([*map(Bounds.of, conditions), _of_resources(value, has_variables)]),
    )


def _of_action(statement: Mapping[str, Any], action: str) -> Truth:
    values, is_negated = _listed(statement, "Action")
    if values is None:
        return Truth.MAYBE
    if any(isinstance(each, str) and covers(each.lower(), action.lower()) for each in values):
        answer = Truth.YES
    else:
        answer = Truth.NO if all(isinstance(each, str) for each in values) else Truth.MAYBE
    return ~answer if is_negated else answer


def _of_resources(statement: Mapping[str, Any], has_variables: bool) -> Bounds:
    values, is_negated = _listed(statement, "Resource")
    if values is None:
        return Bounds.of(Truth.MAYBE)
    resources = any_of(
        matching(each, has_variables) if isinstance(each, str) else Bounds.of(Truth.MAYBE) for each in values
    )
    return ~resources if is_negated else resources


def _listed(statement: Mapping[str, Any], element: str) -> tuple[list[Any] | None, bool]:
    """The values of an element or of its opposite, and whether it is the opposite; None unless it has one of both."""
    if (element in statement) == (f"Not{element}" in statement):
        return None, False
    is_negated = element not in statement
    values = statement[f"Not{element}" if is_negated else element]
    return list(values) if isinstance(values, (list, tuple)) else [values], is_negated
