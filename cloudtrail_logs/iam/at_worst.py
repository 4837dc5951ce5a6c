"""What a role may do at worst: every doubt that its author could settle goes against it, and what waits still waits.

What is refused then is not proven, whatever the values turn out to be that are not known yet: the doubt stays. Such a
doubt is a condition or a policy variable, a policy of another stack, one that two resources contest, or a form that IAM
does not document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from ..model.reasons import Settled
from ..model.value import ABSENT, UNKNOWN, Truth, Unset
from .condition import ROLE_NEVER_SENDS, is_met
from .document import Document, Effect, Patterns, Statement
from .elements import variables_open
from .grant import Grant
from .role import Permissions

_EVERYTHING: Final = Patterns(("*",))


def at_worst(permissions: Permissions) -> Permissions | None:
    """What a role may do at worst; None where that is nothing."""
    if not permissions.complete and permissions.why_incomplete.settled is Settled.AUTHOR:
        return None
    grants = [_grant_at_worst(grant) for grant in permissions.grants]
    boundary = _grant_at_worst(permissions.boundary) if permissions.boundary else None
    known = tuple(grant for grant in grants if grant)
    if len(known) < len(grants) or (permissions.boundary and not boundary):
        return None
    return replace(permissions, grants=known, boundary=boundary)


def _grant_at_worst(grant: Grant) -> Grant | None:
    """A policy as it is at worst; None where it may deny everything."""
    document = grant.document
    if grant.held is Truth.NO:
        return grant
    if not isinstance(document, Document):
        return None if document is UNKNOWN and grant.why_unknown.settled is Settled.AUTHOR else grant
    contested = grant.held is Truth.MAYBE and grant.why_maybe.settled is Settled.AUTHOR
    statements = tuple(_statements_at_worst(document, contested))
    held = Truth.YES if contested else grant.held
    return replace(grant, held=held, document=replace(document, statements=statements))


def _statements_at_worst(document: Document, contested: bool) -> Iterator[Statement]:
    """contested: whether the role may have the policy or not: then only what denies is left."""
    for statement in document.statements:
        if statement.effect is Effect.ALLOW and contested:
            continue
        at_worst = statement if statement.waits else _statement_at_worst(statement, document.has_variables)
        if at_worst:
            yield at_worst


def _statement_at_worst(statement: Statement, has_variables: bool) -> Statement | None:
    """A statement whose values are all known; None where it allows nothing for certain."""
    allows = statement.effect is Effect.ALLOW
    met = is_met(statement.condition, ROLE_NEVER_SENDS)
    has_principals = statement.principals is not ABSENT or statement.excluded is not ABSENT
    if allows and (met is Truth.MAYBE or has_principals):
        return None
    actions = _patterns_at_worst(statement.actions, allows, has_variables=False)
    resources = _patterns_at_worst(statement.resources, allows, has_variables)
    if actions is None or resources is None:
        return None
    return replace(
        statement,
        effect=Effect.ALLOW if allows else Effect.DENY,
        actions=actions,
        resources=resources,
        principals=ABSENT,
        excluded=ABSENT,
        condition=ABSENT if met is Truth.MAYBE else statement.condition,
    )


def _patterns_at_worst(patterns: Patterns | Unset, allows: bool, has_variables: bool) -> Patterns | None:
    """The fewest patterns of what allows, and the most of what denies; None where nothing certainly matches."""
    if isinstance(patterns, Unset):
        return None if allows else _EVERYTHING
    widen = allows is patterns.negated  # to match less, what a NotResource excludes has to match more
    values: list[str | Literal[Unset.UNKNOWN]] = []
    for value in patterns.values:
        if value is UNKNOWN:
            values += ["*"] if widen else []
        elif has_variables and "${" in value:
            values += [variables_open(value)] if widen else []
        else:
            values.append(value)
    return replace(patterns, values=tuple(values))
