"""Is it plain at a glance that a role may write a trail's streams? Most roles are as CloudTrail's user guide has them.

Whatever is not plain goes to `permissions.allows`, which gives the same answer, only later: with very many trails that
takes most of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Final

from ..model.value import ABSENT, Truth, Unset
from .document import Document, Effect, Patterns, Statement, Unreadable
from .grant import Grant
from .log_streams import ACTIONS

if TYPE_CHECKING:
    from .role import Permissions

_EVERY_ACTION: Final = ("*", "logs:*")
_ASKED: Final = frozenset({*ACTIONS, *_EVERY_ACTION})
_STREAMS: Final = (":*", ":log-stream:*")


def plainly_allows(permissions: Permissions, actions: Sequence[str], log_group_arn: str) -> bool:
    """Whether policies without any Deny or Condition name each of the actions, and all streams of a log group.

    log_group_arn: without `:*`. False answers nothing.
    """
    if permissions.boundary or not permissions.complete or permissions.plain_actions is None:
        return False
    named = permissions.plain_actions
    streams = ("*", *(f"{log_group_arn}{ending}" for ending in _STREAMS))
    granted = {action for each in streams for action in named.get(each, ())}
    return all(not granted.isdisjoint((action, *_EVERY_ACTION)) for action in actions)


def plain_actions(grants: Sequence[Grant]) -> Mapping[str, Set[str]] | None:
    """The actions that policies plainly allow, by the resources as they are written; None where something may deny."""
    statements: list[Statement] = []
    for grant in grants:
        if isinstance(grant.document, Document) and grant.held is Truth.YES:
            statements += grant.document.statements
        elif not isinstance(grant.document, Unreadable):
            return None  # what is not known, or may not be held, may hold a Deny
    if any(statement.effect is not Effect.ALLOW for statement in statements):
        return None
    named: dict[str, set[str]] = {}
    for statement in statements:
        actions = _named(statement.actions) & _ASKED if _is_unconditional(statement) else frozenset()
        for resource in _named(statement.resources) if actions else ():
            named.setdefault(resource, set()).update(actions)
    return named


def _is_unconditional(statement: Statement) -> bool:
    return statement.condition is statement.principals is statement.excluded is ABSENT


def _named(patterns: Patterns | Unset) -> frozenset[str]:
    """What an element names, as it is written; nothing where it names what is excluded."""
    if not isinstance(patterns, Patterns) or patterns.negated:
        return frozenset()
    return frozenset(value for value in patterns.values if isinstance(value, str))
