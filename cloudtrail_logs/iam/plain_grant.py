"""Is it plain at a glance that a role may write a trail's streams? Most roles are as CloudTrail's user guide has them.

Whatever is not plain goes to `permissions.allows`, which gives the same answer, only later: with very many trails that
takes most of the time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from ..model.value import ABSENT, Truth
from .document import Document, Effect, Patterns, Statement, Unreadable
from .role import Permissions

_EVERY_ACTION: Final = ("*", "logs:*")
_STREAMS: Final = (":*", ":log-stream:*")


def plainly_allows(permissions: Permissions, actions: Sequence[str], log_group_arn: str) -> bool:
    """Whether policies without any Deny or Condition name each of the actions, and all streams of a log group.

    log_group_arn: without `:*`. False answers nothing.
    """
    if permissions.boundary or not permissions.complete:
        return False
    statements: list[Statement] = []
    for grant in permissions.grants:
        if isinstance(grant.document, Document) and grant.held is Truth.YES:
            statements += grant.document.statements
        elif not isinstance(grant.document, Unreadable):
            return False  # what is not known, or may not be held, may hold a Deny
    if any(statement.effect is not Effect.ALLOW for statement in statements):
        return False
    streams = ("*", *(f"{log_group_arn}{ending}" for ending in _STREAMS))
    plain = [each for each in statements if _is_unconditional(each) and _names_any(each.resources, streams)]
    return all(any(_names_any(each.actions, (action, *_EVERY_ACTION)) for each in plain) for action in actions)


def _is_unconditional(statement: Statement) -> bool:
    return statement.condition is statement.principals is statement.excluded is ABSENT


def _names_any(patterns: object, wanted: Collection[str]) -> bool:
    return isinstance(patterns, Patterns) and not patterns.negated and any(each in wanted for each in patterns.values)
