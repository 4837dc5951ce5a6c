"""May a role do something? The evaluation logic of IAM over identity policies and a permissions boundary.

Source: IAM user guide, "Policy evaluation logic": an explicit Deny wins over any Allow, and what neither allows is
denied; a permissions boundary must allow it too. Service control policies and session policies cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

from ..model.value import ABSENT, UNKNOWN, Truth, Unset, all_of, any_of
from .condition import ROLE_NEVER_SENDS, is_met
from .document import Document, Effect, Patterns
from .role import Grant, Permissions
from .wildcard import (
    DIGITS,
    AnyDigits,
    Subject,
    UnknownPart,
    common_pieces,
    matches,
    may_have_pieces,
    with_digits_unknown,
    witness,
)

_NO_CHARACTER: Final = "\ue002"  # what ${*}, ${?} and ${$} stand for: characters of no ARN that is asked about
_ESCAPE: Final = re.compile(r"\$\{[*?$]\}")
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_MOST_EXCEPTIONS: Final = 200
_MOST_DIGITS: Final = 2  # of which all values are asked about one by one


@dataclass(frozen=True)
class Decision:
    """Whether an action is allowed on all of some subjects."""

    allowed: Truth
    refused: Subject | None = None
    """A subject that it is not allowed on."""
    example: str = ""
    """The value of an unknown part that this is for, where something is refused for any other value as well."""


@dataclass(frozen=True)
class _Rule:
    """A statement that covers the action, or may. covers: whether it does, its Condition included."""

    effect: Effect
    covers: Truth
    resources: Patterns | Unset
    has_variables: bool


@dataclass(frozen=True)
class _Side:
    """One side of the intersection: a role's policies, or its boundary. unknown: whether there may be more."""

    rules: tuple[_Rule, ...]
    unknown: bool


def near(permissions: Permissions, subjects: Sequence[Subject]) -> Permissions:
    """The permissions without the resource patterns that match nothing which begins like all the subjects do.

    In a long document that are most; to ask `allows` with the rest is faster, and answers the same.
    """
    pieces = common_pieces(subjects)
    return replace(
        permissions,
        grants=tuple(_near_grant(grant, pieces) for grant in permissions.grants),
        boundary=permissions.boundary and _near_grant(permissions.boundary, pieces),
    )


def allows(permissions: Permissions, action: str, subjects: Sequence[Subject]) -> Decision:
    """Whether a role may do an action on each of the subjects, for all values of their any digits.

    NO where it may not on one of them, whatever is unknown turns out to be: the answer says on which.
    """
    sides = [_side(permissions.grants, not permissions.complete, action)]
    if permissions.boundary:
        sides.append(_side((permissions.boundary,), False, action))
    result = Truth.YES
    for subject in subjects:
        answer = _allowed_throughout(sides, subject)
        if answer.allowed is Truth.NO:
            return answer
        if answer.allowed is Truth.MAYBE:
            result = Truth.MAYBE
    return Decision(result)


def action_matches(patterns: Patterns | Unset, action: str) -> Truth:
    """Whether an Action or NotAction element covers an action; actions match whatever their case."""
    if isinstance(patterns, Unset):
        return Truth.MAYBE
    subject = Subject((action.lower(),))
    covered = any_of(Truth.MAYBE if value is UNKNOWN else matches(value.lower(), subject) for value in patterns.values)
    return ~covered if patterns.negated else covered


def is_removable(patterns: Patterns, action: str, asked: Sequence[str]) -> bool:
    """Whether a NotAction element that excludes an action no longer does once the asked actions are removed from it.

    False where a wildcard excludes it, and where nothing would be left: IAM Access Analyzer warns of an empty list.
    """
    names = {each.lower() for each in asked}
    left = tuple(value for value in patterns.values if value is UNKNOWN or value.lower() not in names)
    return bool(left) and action_matches(replace(patterns, values=left), action) is not Truth.NO


def resource_matches(patterns: Patterns | Unset, subject: Subject, has_variables: bool) -> Truth:
    """Whether a Resource or NotResource element covers a resource; resources match in their very case."""
    if isinstance(patterns, Unset):
        return Truth.MAYBE
    covered = any_of(
        Truth.MAYBE if value is UNKNOWN else _resource_matches(value, subject, has_variables)
        for value in patterns.values
    )
    return ~covered if patterns.negated else covered


def _resource_matches(pattern: str, subject: Subject, has_variables: bool) -> Truth:
    if not has_variables or "${" not in pattern:
        return matches(pattern, subject)
    # A variable has any value, but only one: what matches with a * in its place may match; nothing certainly does.
    return all_of((Truth.MAYBE, matches(variables_open(pattern), subject)))


def variables_open(pattern: str) -> str:
    """A pattern with `*` for each policy variable: what it may match at most."""
    # Behind the last } no variable ends: to look for its end at each ${ there would take quadratic time.
    head, brace, tail = _ESCAPE.sub(_NO_CHARACTER, pattern).rpartition("}")
    return f"{_VARIABLE.sub('*', head + brace)}{tail}"


def _side(grants: Sequence[Grant], more: bool, action: str) -> _Side:
    rules = tuple(
        rule
        for grant in grants
        if isinstance(grant.document, Document)
        for rule in _rules(grant, grant.document, action)
    )
    unknown = any(grant.document is UNKNOWN and grant.held is not Truth.NO for grant in grants)
    return _Side(rules, more or unknown)


def _rules(grant: Grant, document: Document, action: str) -> Iterator[_Rule]:
    for statement in document.statements:
        covers = all_of(
            (
                grant.held,
                action_matches(statement.actions, action),
                is_met(statement.condition, ROLE_NEVER_SENDS),
            )
        )
        if statement.principals is not ABSENT or statement.excluded is not ABSENT:
            covers = all_of((covers, Truth.MAYBE))  # IAM refuses an identity policy with principals
        if covers is not Truth.NO:
            yield _Rule(statement.effect, covers, statement.resources, document.has_variables)


def _near_grant(grant: Grant, pieces: tuple[tuple[int, str], ...]) -> Grant:
    document = grant.document
    if not isinstance(document, Document):
        return grant
    statements = []
    for statement in document.statements:
        resources = _near_patterns(statement.resources, pieces, document.has_variables)
        if resources is statement.resources:
            statements.append(statement)
        elif isinstance(resources, Patterns) and (resources.values or resources.negated):
            statements.append(replace(statement, resources=resources))
    return replace(grant, document=replace(document, statements=tuple(statements)))


def _near_patterns(
    patterns: Patterns | Unset, pieces: tuple[tuple[int, str], ...], has_variables: bool
) -> Patterns | Unset:
    if isinstance(patterns, Unset):
        return patterns
    kept = [
        value
        for value in patterns.values
        if value is UNKNOWN or may_have_pieces(value, pieces) or (has_variables and "${" in value)
    ]
    return patterns if len(kept) == len(patterns.values) else replace(patterns, values=tuple(kept))


def _allowed(side: _Side, subject: Subject) -> Truth:
    """Whether one side allows the action on a subject."""
    allowed = any_of(_applies(side, Effect.ALLOW, subject))
    denied = any_of(_applies(side, Effect.DENY, subject))
    return all_of((allowed, ~denied))


def _applies(side: _Side, effect: Effect, subject: Subject) -> Iterator[Truth]:
    """Whether each statement applies to the subject with this effect, and what is not known does."""
    for rule in side.rules:
        if rule.effect is effect:
            yield all_of((rule.covers, resource_matches(rule.resources, subject, rule.has_variables)))
        elif rule.effect is Effect.UNKNOWN:
            yield all_of((Truth.MAYBE, resource_matches(rule.resources, subject, rule.has_variables)))
    if side.unknown:
        yield Truth.MAYBE


def _allowed_throughout(sides: Sequence[_Side], subject: Subject) -> Decision:
    """Whether all sides allow the action on a subject, for all values of its any digits.

    What is allowed, or refused, whatever its any digits are, is so for all of them. Else single values tell: one that
    is refused makes it a no, and where they are all values that there are, a yes needs each of them. Of the many values
    of a member's account, only those that patterns single out are asked about, and ten others.
    """
    together = with_digits_unknown(subject)
    allowed = _allowed_by_all(sides, together)
    if allowed is not Truth.MAYBE:
        return Decision(allowed, subject if allowed is Truth.NO else None)
    patterns = _telling_apart(sides, subject, together)
    if not patterns:
        return Decision(allowed)
    if _digits_of(subject) > _MOST_DIGITS:
        # First values that hardly any pattern singles out.
        refused = next((each for each in _some_values(subject) if _allowed_by_all(sides, each) is Truth.NO), None)
        if refused:
            # The subject itself where no pattern allows all of its values; else the value that is left out or denied.
            return Decision(Truth.NO, subject if _allowed_by_all(sides, subject) is Truth.NO else refused)
        answers = {Truth.MAYBE}
        singles = [single for pattern in patterns if (single := witness(pattern, subject))]
    else:
        answers = set()
        singles = _all_values(subject)
    for single in singles:
        answers.add(_allowed_by_all(sides, single))
        if Truth.NO in answers:
            return Decision(Truth.NO, single)
    return Decision(Truth.YES if answers == {Truth.YES} else Truth.MAYBE)


def _allowed_by_all(sides: Sequence[_Side], subject: Subject) -> Truth:
    return all_of(_allowed(side, subject) for side in sides)


def _telling_apart(sides: Sequence[_Side], subject: Subject, together: Subject) -> list[str]:
    """The first patterns that match a subject for some values of its any digits only.

    Also those with a variable: whatever it stands for, the rest of the pattern may refuse a single value.
    """
    telling = (
        value
        for side in sides
        for rule in side.rules
        if isinstance(rule.resources, Patterns)
        for value in rule.resources.values
        if isinstance(value, str)
        and _resource_matches(value, together, rule.has_variables) is Truth.MAYBE
        and _resource_matches(value, subject, rule.has_variables) is Truth.NO
    )
    return list(islice(telling, _MOST_EXCEPTIONS))


def _all_values(subject: Subject) -> list[Subject]:
    """The subject with each value of its any digits, first the one shown."""
    digits = ["".join(value) for value in product(DIGITS, repeat=_digits_of(subject))]
    shown = "".join(part.shown for part in subject.parts if isinstance(part, AnyDigits))
    return [_filled(subject, value) for value in sorted(digits, key=lambda value: value != shown)]


def _some_values(subject: Subject) -> Iterator[Subject]:
    return (_filled(subject, digit * _digits_of(subject)) for digit in DIGITS)


def _digits_of(subject: Subject) -> int:
    """How many any digits a subject has."""
    return sum(part.length for part in subject.parts if isinstance(part, AnyDigits))


def _filled(subject: Subject, digits: str) -> Subject:
    """The subject with digits for its any digits."""
    parts: list[str | AnyDigits | UnknownPart] = []
    for part in subject.parts:
        if isinstance(part, AnyDigits):
            parts.append(digits[: part.length])
            digits = digits[part.length :]
        else:
            parts.append(part)
    return Subject(tuple(parts))
