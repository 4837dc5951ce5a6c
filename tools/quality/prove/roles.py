"""A role as the solver is told of it: the ARNs that an action of it is allowed on.

Source: IAM user guide, "Policy evaluation logic". A Deny wins; what nothing allows is denied; a boundary has to allow
it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from cloudtrail_logs.model.value import Truth

from .languages import Bounds, all_of, any_of, intersection, union
from .statements import Statement, statements


@dataclass(frozen=True)
class Policy:
    """A policy of a role."""

    document: Any
    """Its JSON, as text or as the value itself; UNKNOWN where it is not known."""
    held: Truth = Truth.YES
    """Whether the role has it."""


@dataclass(frozen=True)
class Role:
    """What a role is allowed by."""

    policies: tuple[Policy, ...]
    complete: bool = True
    """Whether it has no other ones."""
    boundary: Policy | None = None

    def allowed(self, action: str) -> Bounds:
        """The ARNs that the action is allowed on."""
        sides = [_side(self.policies, self.complete, action)]
        if self.boundary:
            sides.append(_side((self.boundary,), True, action))
        return all_of(sides)


def _side(policies: Sequence[Policy], complete: bool, action: str) -> Bounds:
    """What one side allows, whichever of the policies that the role may have it has."""
    ways = [_allowed(held, complete, action) for held in _held(policies)]
    return Bounds(intersection(way.sure for way in ways), union(way.may for way in ways))


def _held(policies: Sequence[Policy]) -> Iterator[list[Policy]]:
    choices = {Truth.YES: (True,), Truth.NO: (False,), Truth.MAYBE: (True, False)}
    for chosen in product(*(choices[policy.held] for policy in policies)):
        yield [policy for policy, is_held in zip(policies, chosen, strict=True) if is_held]


def _allowed(policies: Sequence[Policy], complete: bool, action: str) -> Bounds:
    known: list[Statement] = []
    for policy in policies:
        found = statements(policy.document, action)
        if found is None:
            complete = False
        else:
            known += found
    more = [] if complete else [Bounds.of(Truth.MAYBE)]
    return all_of([any_of([*_doing("Allow", known), *more]), ~any_of([*_doing("Deny", known), *more])])


def _doing(effect: str, known: Sequence[Statement]) -> Iterator[Bounds]:
    for statement in known:
        if statement.effect == effect:
            yield statement.resources
        elif statement.effect is None:
            yield all_of([statement.resources, Bounds.of(Truth.MAYBE)])
