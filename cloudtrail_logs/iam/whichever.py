"""Is something denied whichever value an unknown part of the streams has?

A role is asked about each action on each stream by itself, so that one action may be allowed for one organization, and
the other one for another organization. But a trail has one organization, and what is denied for each id that this may
have is denied. So it is with the account and the region, where they are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from ..model.value import Truth
from .document import Document, Patterns
from .elements import variables_open
from .evaluation import Decision, allows
from .grant import Grant
from .log_streams import UNKNOWN_ACCOUNT, UNKNOWN_NAME, UNKNOWN_ORGANIZATION, UNKNOWN_REGION
from .role import Permissions
from .wildcard import Subject, UnknownPart

_MOST_VALUES: Final = 20


@dataclass(frozen=True)
class _Kind:
    """An unknown part, and how a pattern has a value of it. No other part of a stream's ARN has a text of this form."""

    part: UnknownPart
    noun: str
    form: re.Pattern[str]
    """The value in a pattern."""
    before: str
    """What stands before it."""
    behind: str
    """The characters of which one stands behind it."""
    beside: frozenset[UnknownPart]
    """Unknown parts that might hold such a text."""


_KINDS: Final = (
    _Kind(
        UNKNOWN_ORGANIZATION,
        "organization",
        re.compile(r"(?<=o-)[a-z0-9]{10,32}(?=_)"),
        "o-",
        "_",
        frozenset({UNKNOWN_NAME, UNKNOWN_REGION}),
    ),
    _Kind(UNKNOWN_ACCOUNT, "account", re.compile(r"(?<=:)[0-9]{12}(?=[:_])"), ":", ":_", frozenset({UNKNOWN_NAME})),
    _Kind(
        UNKNOWN_REGION,
        "region",
        re.compile(r"(?<=:)[a-z][a-z0-9-]{5,16}-[0-9]{1,2}(?=:)"),
        ":",
        ":",
        frozenset({UNKNOWN_NAME}),
    ),
)


@dataclass(frozen=True)
class Example:
    """What is denied for one value of an unknown part, where something is denied for each value."""

    value: str
    """The value with what it is, as a message names it, such as "account 123456789012"."""
    answers: Mapping[str, Decision]
    """By action; at least one of them is NO."""


def denied_whichever(permissions: Permissions, actions: Sequence[str], subjects: Sequence[Subject]) -> Example | None:
    """An example of what a role may not do, where it may not do something for any value of an unknown part.

    None where that is not certain. Asks about the values that the patterns name, and about all others together: no
    pattern that names one of those matches for another.
    """
    parts = {part for subject in subjects for part in subject.parts if isinstance(part, UnknownPart)}
    for kind in _KINDS:
        if kind.part in parts and not kind.beside & parts and (found := _denied(kind, permissions, actions, subjects)):
            return found
    return None


def _denied(
    kind: _Kind, permissions: Permissions, actions: Sequence[str], subjects: Sequence[Subject]
) -> Example | None:
    values = list(islice(dict.fromkeys(_values(kind, permissions)), _MOST_VALUES + 1))
    if not 0 < len(values) <= _MOST_VALUES:
        return None
    first: Example | None = None
    for value in values:
        filled = [_filled(subject, kind.part, value) for subject in subjects]
        answers = {action: allows(permissions, action, filled) for action in actions}
        if not _any_denied(answers.values()):
            return None
        first = first or Example(f"{kind.noun} {kind.before.strip(':')}{value}", answers)
    # Texts that a stream has only where its part has one of the values.
    literals = [f"{kind.before}{value}{end}" for value in values for end in kind.behind]
    if any(literal in subject.text for literal in literals for subject in subjects):
        return None
    others = _without(permissions, literals)
    return first if _any_denied(allows(others, action, subjects) for action in actions) else None


def _any_denied(answers: Iterable[Decision]) -> bool:
    return any(answer.allowed is Truth.NO for answer in answers)


def _values(kind: _Kind, permissions: Permissions) -> Iterator[str]:
    """The values that the patterns name."""
    for grant in (*permissions.grants, *((permissions.boundary,) if permissions.boundary else ())):
        if isinstance(grant.document, Document):
            for statement in grant.document.statements:
                if isinstance(statement.resources, Patterns):
                    for text in _texts(statement.resources, grant.document):
                        yield from (found[0] for found in kind.form.finditer(text))


def _texts(patterns: Patterns, document: Document) -> Iterator[str]:
    """The patterns, without the names of variables in them."""
    for value in patterns.values:
        if isinstance(value, str):
            yield variables_open(value) if document.has_variables else value


def _filled(subject: Subject, unknown: UnknownPart, value: str) -> Subject:
    """The subject with a value for an unknown part, wherever it has that."""
    return Subject(tuple(value if part == unknown else part for part in subject.parts))


def _without(permissions: Permissions, literals: Sequence[str]) -> Permissions:
    """The permissions without the patterns that have one of the texts."""
    return replace(
        permissions,
        grants=tuple(_grant_without(grant, literals) for grant in permissions.grants),
        boundary=permissions.boundary and _grant_without(permissions.boundary, literals),
    )


def _grant_without(grant: Grant, literals: Sequence[str]) -> Grant:
    document = grant.document
    if not isinstance(document, Document):
        return grant
    statements = tuple(
        replace(each, resources=_patterns_without(each.resources, document, literals))
        if isinstance(each.resources, Patterns)
        else each
        for each in document.statements
    )
    return replace(grant, document=replace(document, statements=statements))


def _patterns_without(patterns: Patterns, document: Document, literals: Sequence[str]) -> Patterns:
    kept = [
        value
        for value in patterns.values
        if not isinstance(value, str)
        or not any(literal in text for text in _texts(Patterns((value,)), document) for literal in literals)
    ]
    return replace(patterns, values=tuple(kept))
