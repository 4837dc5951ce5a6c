"""Why a role may not do something: the statement that comes nearest, why it does not do, and what to change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from ..model.arn import WILDCARD
from ..model.quoting import has_arn_form, quoted_arn
from ..model.value import Truth, all_of
from .document import Document, Effect, Patterns, Statement, Unreadable
from .evaluation import action_matches, condition_is_met, resource_matches, variables_open
from .log_streams import log_group_of
from .role import Grant, Permissions
from .wildcard import Fresh, Gap, Subject, matches, may_begin

# The colon-separated parts of a log group's ARN that a message names when they are not the right ones.
_PARTS: Final = ((1, "partition"), (2, "service"), (3, "region"), (4, "account"), (5, "kind"), (6, "log group"))
_SHOWN_ACTIONS: Final = 3
_SERVICE_PART: Final = len("arn:aws:logs:")
_MOST_RESOURCES: Final = 20
_MOST_EXPLANATIONS: Final = 100
REFUSED: Final = "{actions}"  # stands for the refused actions; no name or ARN that is shown has braces
_ACTION: Final = re.compile(r"[A-Za-z0-9-]{1,40}:[A-Za-z0-9*?]{1,60}")


@dataclass(frozen=True)
class _Explanation:
    """Why one statement does not do. distance: how far it is from doing: the nearest one is told."""

    distance: int
    why: str
    remedy: str


def why_refused(permissions: Permissions, action: str, stream: Subject) -> str:
    """Why an action is not allowed on a stream, and what to change: the sentences behind a colon.

    They name the action by the placeholder REFUSED: the same may be true of several.
    To be asked only where `allows` answered no.
    """
    boundary = permissions.boundary
    for grant in (*permissions.grants, *((boundary,) if boundary else ())):
        for statement in _statements(grant, Effect.DENY):
            if _covers(grant, statement, action, stream) is Truth.YES:
                remedy = "Keep that Deny off the stream" if grant.editable else "Take that policy from the role"
                return f"{statement.name} of {grant.name} denies it. {remedy}."
    if boundary and all(
        _covers(boundary, statement, action, stream) is Truth.NO for statement in _statements(boundary, Effect.ALLOW)
    ):
        remedy = (
            f"{_allow(stream)} in it" if boundary.editable else f"Use one that allows {REFUSED} on {_wanted(stream)}"
        )
        return f"{boundary.name} does not allow it, and what a boundary does not allow is denied. {remedy}."
    explanations = (each for grant in permissions.grants for each in _explanations(grant, action, stream))
    nearest = min(islice(explanations, _MOST_EXPLANATIONS), key=lambda each: each.distance, default=None)
    if nearest:
        return f"{nearest.why}. {nearest.remedy}."
    none = "none of its policies allows it" if permissions.grants else "it has no policy that could allow it"
    return f"{none}. {_allow(stream)}."


def _allow(stream: Subject) -> str:
    return f"Allow {REFUSED} on {_wanted(stream)}"


def _wanted(stream: Subject) -> str:
    return f"{quoted_arn(log_group_of(stream).shown)}{WILDCARD}"


def _statements(grant: Grant, effect: Effect) -> Iterator[Statement]:
    if isinstance(grant.document, Document):
        yield from (
            statement for statement in grant.document.statements if statement.effect in (effect, Effect.UNKNOWN)
        )


def _covers(grant: Grant, statement: Statement, action: str, stream: Subject) -> Truth:
    """Whether a statement is about the action on the stream."""
    has_variables = isinstance(grant.document, Document) and grant.document.has_variables
    resources = resource_matches(statement.resources, stream, has_variables)
    return all_of((action_matches(statement.actions, action), condition_is_met(statement), resources))


def _explanations(grant: Grant, action: str, stream: Subject) -> Iterator[_Explanation]:
    """Why each statement of a policy does not do. A policy that cannot be changed needs another one beside it."""
    for each in _reasons(grant, action, stream):
        yield each if grant.editable else replace(each, remedy=f"{_allow(stream)} in a policy of your own")


def _reasons(grant: Grant, action: str, stream: Subject) -> Iterator[_Explanation]:
    if isinstance(grant.document, Unreadable):
        yield _Explanation(5, f"{grant.name} {grant.document.reason}", "Encode it once")
    for statement in _statements(grant, Effect.ALLOW):
        nearest = f"{statement.name} of {grant.name} comes nearest"
        has_variables = isinstance(grant.document, Document) and grant.document.has_variables
        on_stream = resource_matches(statement.resources, stream, has_variables)
        if action_matches(statement.actions, action) is Truth.NO:
            if on_stream is not Truth.NO:
                why = f"{nearest}, but it allows only {_actions(statement)} there"
                yield _Explanation(4, why, f"Add {REFUSED} to it")
        elif on_stream is not Truth.NO:
            why = (
                f"{nearest}, but only on a condition that CloudTrail's role never meets: its requests have no "
                "aws:SourceArn and no aws:SourceAccount"
            )
            yield _Explanation(3, why, "Remove that condition")
        elif isinstance(statement.resources, Patterns):
            yield from _reasons_of_resources(nearest, statement.resources, stream, has_variables)


def _reasons_of_resources(
    nearest: str, resources: Patterns, stream: Subject, has_variables: bool
) -> Iterator[_Explanation]:
    if resources.negated:
        yield _Explanation(2, f"{nearest}, but its NotResource leaves the stream out", _allow(stream))
        return
    group = log_group_of(stream)
    texts = [value for value in resources.values if isinstance(value, str)]
    # Of a long list, those are looked at that are about log groups at all.
    near = [value for value in texts if may_begin(value, group.head[:_SERVICE_PART])] or texts
    for value in near[:_MOST_RESOURCES]:
        shown = f"its Resource {quoted_arn(value)}" if has_arn_form(value) else "its Resource"
        pattern = variables_open(value) if has_variables else value
        same, other = _first_difference(pattern, group)
        if matches(pattern, group) is not Truth.NO:
            why = f"{nearest}, but {shown} ends at the log group, and this is authorized on its log streams"
            yield _Explanation(1, why, f"Append {WILDCARD} to it")
        elif other:
            yield _Explanation(
                20 - same, f"{nearest}, but {shown} is of another {other}", f"Set it to {_wanted(stream)}"
            )
        else:
            why = f"{nearest}, but {shown} does not cover all of the streams"
            yield _Explanation(2, why, f"Set it to {_wanted(stream)}")


def _first_difference(pattern: str, group: Subject) -> tuple[int, str]:
    """How many parts of a pattern's ARN fit the log group's, and what the first one is that does not; "" for none."""
    parts, wanted = pattern.split(":"), _parts(group)
    for place, name in _PARTS:
        if place >= len(parts):
            return place, "kind"
        if matches(parts[place], wanted[place]) is Truth.NO:
            return place, name
    return len(wanted), ""


def _parts(group: Subject) -> list[Subject]:
    """The parts of a log group's ARN between its colons."""
    parts: list[list[str | Fresh | Gap]] = [[]]
    for each in group.parts:
        first, *others = each.split(":") if isinstance(each, str) else [each]
        parts[-1].append(first)
        parts += [[other] for other in others]
    return [Subject(tuple(part)) for part in parts]


def _actions(statement: Statement) -> str:
    """The actions of a statement as a message shows them; only what has the form of an action is quoted."""
    if not isinstance(statement.actions, Patterns) or statement.actions.negated:
        return "other actions"
    known = [value for value in statement.actions.values if isinstance(value, str) and _ACTION.fullmatch(value)]
    return " and ".join(known[:_SHOWN_ACTIONS]) if 0 < len(known) <= _SHOWN_ACTIONS else "other actions"
