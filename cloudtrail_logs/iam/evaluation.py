"""May a role do something? The evaluation logic of IAM over identity policies and a permissions boundary.

Source: IAM user guide, "Policy evaluation logic": an explicit Deny wins over any Allow, and what neither allows is
denied; a permissions boundary must allow it too. Service control policies and session policies cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

from ..model.value import ABSENT, UNKNOWN, Truth, Unset, all_of, any_of
from .condition import ROLE_NEVER_SENDS, is_met
from .document import Document, Effect, Patterns
from .elements import action_matches, pattern_matches, resource_matches
from .grant import Grant
from .role import Permissions
from .wildcard import (
    DIGITS,
    AnyDigits,
    Subject,
    UnknownPart,
    with_digits_unknown,
    witness,
)

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
    """The permissions without what cannot decide about the actions of a delivery on all the subjects.

    To ask `allows` with the rest about one of these actions is faster, and answers the same.
    """
    boundary = permissions.boundary
    if boundary and isinstance(boundary.document, Document):
        left = permissions.boundary_index.near(subjects)
        boundary = left[0] if left else replace(boundary, document=replace(boundary.document, statements=()))
    return replace(permissions, grants=permissions.index.near(subjects), boundary=boundary)


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


def may_decide(grant: Grant, actions: Sequence[str], subjects: Sequence[Subject]) -> bool:
    """Whether a policy may have a say about an action on one of the subjects, as far as it is known."""
    document = grant.document
    if not isinstance(document, Document):
        return document is UNKNOWN and grant.held is not Truth.NO
    together = [with_digits_unknown(subject) for subject in subjects]
    return any(
        resource_matches(rule.resources, subject, rule.has_variables) is not Truth.NO
        for action in actions
        for rule in _rules(grant, document, action)
        for subject in together
    )


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
            # Any member where no pattern allows all of them; else the one that is left out or denied.
            of_any = _of_any_member(subject, refused)
            return Decision(Truth.NO, of_any if _allowed_by_all(sides, of_any) is Truth.NO else refused)
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
        and pattern_matches(value, together, rule.has_variables) is Truth.MAYBE
        and pattern_matches(value, subject, rule.has_variables) is Truth.NO
    )
    return list(islice(telling, _MOST_EXCEPTIONS))


def _all_values(subject: Subject) -> list[Subject]:
    """The subject with each value of its any digits, first the one shown."""
    digits = ["".join(value) for value in product(DIGITS, repeat=_digits_of(subject))]
    shown = "".join(part.shown for part in subject.parts if isinstance(part, AnyDigits))
    return [_filled(subject, value) for value in sorted(digits, key=lambda value: value != shown)]


def _some_values(subject: Subject) -> Iterator[Subject]:
    """Ten values for its long any digits, first with the short ones as they are shown, then with other ones."""
    for as_shown in (True, False):
        for digit in DIGITS:
            digits = (
                part.shown if as_shown and part.length <= _MOST_DIGITS else digit * part.length
                for part in subject.parts
                if isinstance(part, AnyDigits)
            )
            yield _filled(subject, "".join(digits))


def _of_any_member(subject: Subject, single: Subject) -> Subject:
    """The subject with only the short ones of its any digits as in one value: a message shows these as they are."""
    return Subject(
        tuple(
            part if isinstance(part, AnyDigits) and part.length > _MOST_DIGITS else value
            for part, value in zip(subject.parts, single.parts, strict=True)
        )
    )


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
