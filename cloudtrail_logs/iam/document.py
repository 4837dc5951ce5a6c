"""The policy documents of IAM: from their JSON to statements, of which parts may not be known.

Source: IAM user guide, "Grammar of the IAM JSON policy language" and the pages on its elements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final, Literal

from ..model.value import ABSENT, UNKNOWN, Unset

# A known JSON value (text, number, boolean, None, list, mapping with such values), with UNKNOWN for what is not known.
Json = Any

_OLD_VERSION: Final = "2008-10-17"  # also of a document that states none
_VERSION_WITH_VARIABLES: Final = "2012-10-17"
_ELEMENTS: Final = frozenset(
    {
        *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"),
        "Condition",
    }
)


_SID: Final = re.compile("[A-Za-z0-9]{1,60}")


class Effect(Enum):
    """What a statement does."""

    ALLOW = "Allow"
    DENY = "Deny"
    UNKNOWN = "unknown"
    """It is not known, or neither."""


@dataclass(frozen=True)
class Patterns:
    """The patterns of an element such as Action or NotAction."""

    values: tuple[str | Literal[Unset.UNKNOWN], ...]
    negated: bool = False
    """Whether the element is the one with Not."""


@dataclass(frozen=True)
class Statement:
    """One statement. Elements that are not there are ABSENT, unknown ones UNKNOWN."""

    name: str
    """How a message names it: by its Sid, or by its place in the document."""
    effect: Effect
    actions: Patterns | Unset
    resources: Patterns | Unset
    principals: Mapping[str, Patterns] | Unset
    """By kind (Service, AWS, …), "*" under the kind "*"."""
    excluded: Mapping[str, Patterns] | Unset
    """The same of NotPrincipal."""
    condition: Json
    waits: bool = field(default=False, compare=False)
    """Whether a value in it is not known yet. Else what is UNKNOWN in it has a form that IAM does not document."""


@dataclass(frozen=True)
class Document:
    """A document that could be read."""

    statements: tuple[Statement, ...]
    has_variables: bool
    """Whether `${…}` in it is a policy variable: its Version says so."""


@dataclass(frozen=True)
class Unreadable:
    """What IAM rejects as a document, or does not have, so that it grants nothing."""

    reason: str
    """The rest of a sentence that begins with the document or its policy."""


def read_document(value: Json) -> Document | Unreadable | Literal[Unset.UNKNOWN]:
    """The statements of a policy document, given as JSON text or as the value itself; UNKNOWN if not known.

    IAM rejects a string within a string (encoded twice). Anything else that is no document has a statement of which
    nothing is known: a provider may still make a document of it.
    """
    if value is UNKNOWN:
        return Unset.UNKNOWN
    is_text = isinstance(value, str)  # then nothing in it is UNKNOWN
    if is_text:
        decoded = _decoded(value)
        if isinstance(decoded, str) and isinstance(_decoded(decoded), dict):
            return Unreadable("is encoded twice: it is a JSON string within a JSON string, which IAM rejects")
        value = None if decoded is UNKNOWN else decoded
    version = value.get("Version", _OLD_VERSION) if isinstance(value, Mapping) else None
    if (
        not isinstance(value, Mapping)
        or "Statement" not in value
        or version not in (_OLD_VERSION, _VERSION_WITH_VARIABLES, UNKNOWN)
    ):
        return Document((replace(_NO_STATEMENT, waits=_waits(value)),), has_variables=True)
    statements = _as_list(value["Statement"])
    return Document(
        tuple(
            _statement(each, place, version is UNKNOWN or (not is_text and _waits(each)))
            for place, each in enumerate(statements, start=1)
        ),
        has_variables=version != _OLD_VERSION,
    )


def _waits(value: Json) -> bool:
    """Whether a value, or one at any depth in it, is not known yet."""
    left = [value]
    while left:
        each = left.pop()
        if each is UNKNOWN:
            return True
        if isinstance(each, Mapping):
            left += each.values()
        elif isinstance(each, (list, tuple)):
            left += each
    return False


def is_odd(statement: Statement) -> bool:
    """Whether a statement of a role's policy has a form that IAM does not document, though all of it is known."""
    missing = ABSENT in (statement.actions, statement.resources)
    has_principals = statement.principals is not ABSENT or statement.excluded is not ABSENT
    return not statement.waits and (has_unknown(statement) or missing or has_principals)


def has_unknown(statement: Statement) -> bool:
    """Whether a part of a statement is not known, besides its Condition."""
    who = (each for each in (statement.principals, statement.excluded) if isinstance(each, Mapping))
    patterns = [statement.actions, statement.resources, *(each for kinds in who for each in kinds.values())]
    return (
        statement.effect is Effect.UNKNOWN
        or UNKNOWN in (statement.actions, statement.resources, statement.principals, statement.excluded)
        or any(isinstance(each, Patterns) and UNKNOWN in each.values for each in patterns)
    )


def _decoded(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return UNKNOWN


_NO_STATEMENT: Final = Statement("statement 1", Effect.UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


def _statement(value: Json, place: int, waits: bool) -> Statement:
    if not isinstance(value, Mapping) or not set(value) <= _ELEMENTS:
        return replace(_NO_STATEMENT, name=f"statement {place}", waits=waits)
    sid = value.get("Sid")
    effect = value.get("Effect")
    return Statement(
        name=f'statement "{sid}"' if isinstance(sid, str) and _SID.fullmatch(sid) else f"statement {place}",
        effect=Effect(effect) if effect in ("Allow", "Deny") else Effect.UNKNOWN,
        actions=_patterns(value, "Action"),
        resources=_patterns(value, "Resource"),
        principals=_principals(value.get("Principal", ABSENT)),
        excluded=_principals(value.get("NotPrincipal", ABSENT)),
        condition=value.get("Condition", ABSENT),
        waits=waits,
    )


def _patterns(statement: Mapping[str, Json], element: str) -> Patterns | Unset:
    """The patterns of Action or Resource, or of its opposite with Not; both at once are unknown."""
    elements = [name for name in (element, f"Not{element}") if name in statement]
    if len(elements) == 1:
        return Patterns(_texts(statement[elements[0]]), negated=elements[0] != element)
    return UNKNOWN if elements else ABSENT


def _principals(value: Json) -> Mapping[str, Patterns] | Unset:
    if isinstance(value, str):
        return {"*": Patterns((value,))}
    if isinstance(value, Mapping):
        return {str(kind): Patterns(_texts(principals)) for kind, principals in value.items()}
    return ABSENT if value is ABSENT else UNKNOWN


def _texts(value: Json) -> tuple[str | Literal[Unset.UNKNOWN], ...]:
    return tuple(each if isinstance(each, str) else UNKNOWN for each in _as_list(value))


def _as_list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, (list, tuple)) else (value,)
