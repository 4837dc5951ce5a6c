"""Why a role may not do something: the closest statement, why it does not allow it, and what to change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from ..model.arn import WILDCARD
from ..model.quoting import has_arn_form, quoted_arn
from ..model.value import ABSENT, UNKNOWN, Truth, Unset, all_of
from .condition import ROLE_NEVER_SENDS, is_met
from .document import Document, Effect, Patterns, Statement, Unreadable
from .elements import action_matches, is_removable, placeholders_open, resource_matches, variables_open
from .evaluation import near
from .grant import Grant, NamedByArn
from .log_streams import ACTIONS, STREAM, log_group_of, stream_name
from .role import Permissions
from .wildcard import DIGITS, AnyDigits, Subject, UnknownPart, matches, may_begin, with_digits_unknown

# The colon-separated parts of a log group's ARN that a message names when they are not the right ones.
_PARTS: Final = (
    (1, "partition"),
    (2, "service"),
    (3, "region"),
    (4, "account"),
    (5, "resource type"),
    (6, "log group"),
)
# Of a log group without the beginning of its ARN.
_RELATIVE: Final = re.compile(r"log-group:[.\-_/#A-Za-z0-9]{1,512}(:\*)?")
_KIND: Final = "log-group:"
_OF_MEMBER: Final = "o-"
_COLONS: Final = 5
_SHOWN_ACTIONS: Final = 3
_SERVICE_PART: Final = len("arn:aws:logs:")
_MOST_RESOURCES: Final = 20
_MOST_EXPLANATIONS: Final = 100
_REMEMBERED: Final = 16  # of the streams that are asked about: each of the statements is compared with the same one
# Stands for the denied actions, of which the same may be true: no name or ARN that is shown has braces.
ACTIONS_PLACEHOLDER: Final = "{actions}"
_ACTION: Final = re.compile(r"[A-Za-z0-9-]{1,40}:[A-Za-z0-9*?]{1,60}")


@dataclass(frozen=True)
class _Explanation:
    """Why one statement does not allow an action."""

    distance: int
    """How far it is from allowing it: a message names the closest one."""
    why: str
    remedy: str
    aside: int = 0
    """How far it is from being about the stream, of those at the same distance."""


def explain_denial(permissions: Permissions, action: str, stream: Subject) -> str:
    """Why an action is not allowed on a stream, and what to change, in whole sentences.

    They name the action by ACTIONS_PLACEHOLDER. Call it only if `allows` answered no.
    """
    boundary = permissions.boundary
    close = near(permissions, (stream,))
    for grant in (*close.grants, *((close.boundary,) if close.boundary else ())):
        for statement in _statements(grant, Effect.DENY):
            if statement.effect is Effect.DENY and _covers(grant, statement, action, stream) is Truth.YES:
                remedy = "Exclude the log streams from that Deny" if grant.editable else "Detach that policy"
                return f"It is denied by {statement.name} of {grant.name}. {remedy}."
    if boundary and isinstance(boundary.document, Unreadable):
        return f"{_capitalized(boundary.name)} {boundary.document.reason}. Encode it once."
    if (
        boundary
        and boundary.document is not UNKNOWN
        and not (close.boundary and _may_allow(close.boundary, action, stream))
    ):
        instead = f"Use one that allows {ACTIONS_PLACEHOLDER} on {_wanted(stream)}"
        remedy = f"{_allow(stream)} in it" if boundary.editable else instead
        return (
            f"{_capitalized(boundary.name)} does not allow it, and what a boundary does not allow is denied. {remedy}."
        )
    candidates = permissions.index.explaining(action, stream)
    explanations = (each for grant in candidates for each in _explanations(grant, action, stream))
    closest = min(islice(explanations, _MOST_EXPLANATIONS), key=_distances, default=None)
    if closest:
        return f"The closest match is {closest.why}. {closest.remedy}."
    none = "None of its policies allows it" if permissions.grants else "It has no policy that could allow it"
    return f"{none}. {_allow(stream)}."


def _distances(explanation: _Explanation) -> tuple[int, int]:
    return explanation.distance, explanation.aside


def _may_allow(grant: Grant, action: str, stream: Subject) -> bool:
    statements = _statements(grant, Effect.ALLOW)
    return any(_covers(grant, statement, action, stream) is not Truth.NO for statement in statements)


def _capitalized(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _allow(stream: Subject) -> str:
    return f"Allow {ACTIONS_PLACEHOLDER} on {_wanted(stream)}"


@lru_cache(maxsize=_REMEMBERED)
def _wanted(stream: Subject) -> str:
    return f"{quoted_arn(log_group_of(stream).shown)}{WILDCARD}"


def _statements(grant: Grant, effect: Effect) -> Iterator[Statement]:
    if isinstance(grant.document, Document):
        yield from (
            statement for statement in grant.document.statements if statement.effect in (effect, Effect.UNKNOWN)
        )


def _covers(grant: Grant, statement: Statement, action: str, stream: Subject) -> Truth:
    """Whether a statement that the role has is about the action on the stream."""
    has_variables = isinstance(grant.document, Document) and grant.document.has_variables
    resources = resource_matches(statement.resources, stream, has_variables)
    # IAM refuses an identity policy with principals.
    refused = Truth.YES if statement.principals is statement.excluded is ABSENT else Truth.MAYBE
    covers = (action_matches(statement.actions, action), is_met(statement.condition, ROLE_NEVER_SENDS), resources)
    return all_of((grant.held, refused, *covers))


def _explanations(grant: Grant, action: str, stream: Subject) -> Iterator[_Explanation]:
    """Why each statement of a policy does not allow it. A policy that cannot be changed needs another one beside it."""
    for each in _reasons(grant, action, stream):
        yield (
            each
            if grant.editable or grant.named_by_arn
            else replace(each, remedy=f"{_allow(stream)} in a policy of your own")
        )


def _reasons(grant: Grant, action: str, stream: Subject) -> Iterator[_Explanation]:
    if grant.named_by_arn:
        yield _reason_of_address(grant, grant.named_by_arn, action, stream)
        return
    if isinstance(grant.document, Unreadable):
        yield _Explanation(5, f"{grant.name}, but it {grant.document.reason}", "Encode it once")
    for statement in _statements(grant, Effect.ALLOW):
        name = f"{statement.name} of {grant.name}"
        has_variables = isinstance(grant.document, Document) and grant.document.has_variables
        on_stream = resource_matches(statement.resources, stream, has_variables)
        if action_matches(statement.actions, action) is Truth.NO:
            if on_stream is not Truth.NO:
                yield _reason_of_actions(name, statement.actions, action, stream)
        elif on_stream is not Truth.NO:
            why = (
                f"{name}, but only under a condition that CloudTrail's role never meets: its requests have no "
                "aws:SourceArn and no aws:SourceAccount"
            )
            yield _Explanation(3, why, "Remove that condition")
        elif isinstance(statement.resources, Patterns):
            yield from _reasons_of_resources(name, statement.resources, stream, has_variables)


def _reason_of_address(grant: Grant, named: NamedByArn, action: str, stream: Subject) -> _Explanation:
    as_held = replace(grant, held=Truth.YES)
    would_help = grant.document is UNKNOWN or _may_allow(as_held, action, stream)
    owner = f"property {named.name} of {named.owner}" if named.owner else f"its property {named.name}"
    what = f"{owner} {'lists' if named.is_list else 'is'} the ARN of the role, and IAM expects its name there"
    remedy = f"Set {'that entry' if named.is_list else 'it'} to the role's name"
    return _Explanation(0 if would_help else 6, f"{grant.name}, but {what}", remedy)


def _reason_of_actions(name: str, actions: Patterns | Unset, action: str, stream: Subject) -> _Explanation:
    if not isinstance(actions, Patterns) or not actions.negated:
        why = f"{name}, but it allows only {_shown_actions(actions)} there"
        return _Explanation(4, why, f"Add {ACTIONS_PLACEHOLDER} to it")
    # To add them to a NotAction would exclude them once more.
    remove = f"Remove {ACTIONS_PLACEHOLDER} from it"
    remedy = remove if is_removable(actions, action, ACTIONS) else f"{_allow(stream)} in a separate statement"
    return _Explanation(4, f"{name}, but its NotAction excludes {ACTIONS_PLACEHOLDER}", remedy)


def _reasons_of_resources(
    name: str, resources: Patterns, stream: Subject, has_variables: bool
) -> Iterator[_Explanation]:
    if resources.negated:
        yield _Explanation(2, f"{name}, but its NotResource excludes the stream", _allow(stream))
        return
    group = log_group_of(stream)
    texts = [value for value in resources.values if isinstance(value, str)]
    # Of a long list, only those are looked at that are about log groups.
    near = [value for value in texts if may_begin(value, group.head[:_SERVICE_PART])] or texts
    for value in near[:_MOST_RESOURCES]:
        pattern = variables_open(value) if has_variables else value
        about_group = _is_named(value, group)
        may_be_shown = has_arn_form(value) or about_group or _RELATIVE.fullmatch(value)
        shown = f"its Resource {quoted_arn(value)}" if may_be_shown else "its Resource"
        same, other = _first_difference(pattern, group)
        if has_variables and matches(placeholders_open(value), stream) is not Truth.NO:
            why = f"{name}, but its Resource has a ${{…}} that is not a policy variable, so nothing replaces it"
            yield _Explanation(1, why, f"Set it to {_wanted(stream)}")
        elif not _has_form_of_arn(pattern):
            why = f"{name}, but {shown} is not an ARN"
            yield _Explanation(13 if about_group else 19, why, f"Set it to {_wanted(stream)}")
        elif matches(pattern, group) is not Truth.NO:
            why = f"{name}, but {shown} ends at the log group, and the permission is needed on its log streams"
            yield _Explanation(1, why, f"Append {WILDCARD} to it")
        elif other:
            yield _Explanation(20 - same, f"{name}, but {shown} has another {other}", f"Set it to {_wanted(stream)}")
        else:
            why = f"{name}, but {shown} does not cover all of its streams"
            yield _Explanation(2, why, f"Set it to {_wanted(stream)}", aside=_aside(pattern, stream))


def _has_form_of_arn(pattern: str) -> bool:
    """Whether any ARN may match the pattern."""
    return may_begin(pattern, "arn:") and ("*" in pattern or pattern.count(":") >= _COLONS)


def _is_named(value: str, group: Subject) -> bool:
    """Whether a Resource is the name of the log group, with or without a wildcard, instead of its ARN."""
    name = _parts(group)[-1].parts
    return name == (value.removesuffix("*").removesuffix(":").removeprefix(_KIND),)


def _aside(pattern: str, stream: Subject) -> int:
    """How far a pattern of some streams is from being about this one: an organization's, or the account's own."""
    if matches(pattern, with_digits_unknown(stream)) is not Truth.NO:
        return 0
    beginning = pattern.partition(STREAM)[2]
    if stream_name(stream).startswith(_OF_MEMBER):
        return 1 if beginning and may_begin(beginning, _OF_MEMBER) else 2
    return 1 if beginning.startswith((*DIGITS, "*", "?")) else 2


def _first_difference(pattern: str, group: Subject) -> tuple[int, str]:
    """How many parts of a pattern's ARN fit the log group's, and what the first one is that does not; "" for none."""
    parts, wanted = pattern.split(":"), _parts(group)
    for place, name in _PARTS:
        if place >= len(parts):
            return place, _PARTS[4][1]
        if parts[place] != wanted[place].text and matches(parts[place], wanted[place]) is Truth.NO:
            return place, name
    return len(wanted), ""


@lru_cache(maxsize=_REMEMBERED)
def _parts(group: Subject) -> Sequence[Subject]:
    """The parts of a log group's ARN between its colons."""
    parts: list[list[str | AnyDigits | UnknownPart]] = [[]]
    for each in group.parts:
        first, *others = each.split(":") if isinstance(each, str) else [each]
        parts[-1].append(first)
        parts += [[other] for other in others]
    return [Subject(tuple(part)) for part in parts]


def _shown_actions(actions: Patterns | Unset) -> str:
    """The actions of a statement as a message shows them; only what has the form of an action is quoted."""
    if not isinstance(actions, Patterns):
        return "other actions"
    known = [value for value in actions.values if isinstance(value, str) and _ACTION.fullmatch(value)]
    return " and ".join(known[:_SHOWN_ACTIONS]) if 0 < len(known) <= _SHOWN_ACTIONS else "other actions"
