"""Rule: do the log group and the role that a trail names exist, as far as its stack can tell?

Sources: Pulumi's property dependencies (what a value was made of); CloudTrail user guide, "Sending events to CloudWatch
Logs" (CloudTrail creates log streams, never the log group; region and account); CloudWatch Logs API, LogGroupClass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ..configuration.setting_table import EXTERNAL_LOG_GROUPS, EXTERNAL_ROLES
from ..configuration.settings import ExistSettings
from ..model.arn import LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from ..model.aws_answers import NotTold, Presence
from ..model.declared import (
    Catalogue,
    DeclaredLogGroup,
    DeclaredRole,
    Origin,
    OtherResource,
    Target,
    Wiring,
    log_groups_of,
    may_be_nameless_log_group,
    may_be_nameless_role,
    roles_of,
)
from ..model.quoting import quoted_arn, quoted_label
from ..model.trail import Trail
from ..model.value import ABSENT, UNKNOWN
from ..model.verdict import Code, Problem, Verdict
from .placement import other_account, other_region
from .suggestion import arn_ending, log_group_to_set, log_groups_named, role_to_set


@dataclass(frozen=True)
class Declarations:
    """The log groups and the roles of a stack.

    unused: finds the log groups that nothing in the stack writes to; free: those that at most trails write to. Both are
    only asked where there is something to report: they look through the whole stack.
    """

    log_groups: Catalogue[DeclaredLogGroup]
    roles: Catalogue[DeclaredRole]
    unused: Callable[[], Catalogue[DeclaredLogGroup]]
    free: Callable[[], Catalogue[DeclaredLogGroup]]


@dataclass(frozen=True)
class Lookups:
    """What AWS says of a log group or a role that the stack does not show; None where it is not asked."""

    log_group: Callable[[LogGroupArn], Presence | NotTold | None]
    role: Callable[[RoleArn], Presence | NotTold | None]


NO_LOOKUPS: Final = Lookups(lambda _: None, lambda _: None)


@dataclass(frozen=True)
class _Finding:
    """What came out about one property. waits: whether an unknown value keeps the rule from an answer."""

    problems: tuple[Problem, ...] = ()
    waits: bool = False


_FINE = _Finding()
_WAITS = _Finding(waits=True)


def judge_existence(
    trail: Trail,
    log_group: Wiring[DeclaredLogGroup],
    role: Wiring[DeclaredRole],
    declarations: Declarations,
    settings: ExistSettings,
    lookups: Lookups = NO_LOOKUPS,
) -> Verdict:
    """What is wrong with the log group and the role that the trail names.

    settings: they may vouch for what the stack does not show. lookups: what AWS says of that.
    """
    crossed = bool(
        (log_group.only_other and log_group.only_other.counterpart)
        and (role.only_other and role.only_other.counterpart)
    )
    of_log_group = _judge_log_group(trail, log_group, crossed, declarations, settings, lookups)
    of_role = _judge_role(trail, role, crossed, declarations, settings, lookups)
    spelling = trail.spelling
    return Verdict(
        problems=(*of_log_group.problems, *of_role.problems, *other_account(trail, log_group, role)),
        waits_on=(
            *((spelling.log_group_arn,) if of_log_group.waits else ()),
            *((spelling.role_arn,) if of_role.waits else ()),
        ),
        remark="" if _names_any(trail) else "the trail names no log group and no role",
    )


def _names_any(trail: Trail) -> bool:
    """Whether there is anything that may exist: what is not an ARN at all names nothing."""
    group, role = trail.log_group_arn, trail.role_arn
    return (
        UNKNOWN in (group, role)
        or (isinstance(group, str) and isinstance(parse_log_group_arn(group), LogGroupArn))
        or (isinstance(role, str) and isinstance(parse_role_arn(role), RoleArn))
    )


def _judge_log_group(
    trail: Trail,
    wiring: Wiring[DeclaredLogGroup],
    crossed: bool,
    declarations: Declarations,
    settings: ExistSettings,
    lookups: Lookups,
) -> _Finding:
    value = trail.log_group_arn
    if value is ABSENT:
        return _Finding(tuple(_unused(trail, declarations)))
    if value is UNKNOWN:
        if target := wiring.only_target:
            return _Finding((*_of_class_delivery(trail, target, declarations), *other_region(trail, target)))
        if source := _wrong_source(wiring, crossed):
            return _Finding((_log_group_of_wrong_type(trail, source, declarations),))
        return _FINE if wiring.origin is Origin.READ else _WAITS
    arn = parse_log_group_arn(value) if isinstance(value, str) else None
    if not isinstance(arn, LogGroupArn):
        return _FINE  # what is wrong with it is the integration rule's to say
    if found := next(log_groups_of(arn, declarations.log_groups), None):
        return _Finding(tuple(_of_class_delivery(trail, found, declarations)))
    if settings.vouches_for_log_group(arn):
        return _FINE
    if may_be_nameless_log_group(arn, declarations.log_groups):
        return _WAITS
    return _stranger(
        wiring,
        lambda: lookups.log_group(arn),
        lambda: _log_group_not_found(trail, arn, declarations),
        lambda: _log_group_not_in_stack(trail, arn, declarations),
    )


def _judge_role(
    trail: Trail,
    wiring: Wiring[DeclaredRole],
    crossed: bool,
    declarations: Declarations,
    settings: ExistSettings,
    lookups: Lookups,
) -> _Finding:
    value = trail.role_arn
    if value is UNKNOWN:
        if source := _wrong_source(wiring, crossed):
            return _Finding((_role_of_wrong_type(trail, source, declarations),))
        return _FINE if wiring.only_target or wiring.origin is Origin.READ else _WAITS
    arn = parse_role_arn(value) if isinstance(value, str) else None
    if not isinstance(arn, RoleArn):
        return _FINE  # not set, or what is wrong with it is the integration rule's to say
    if any(roles_of(arn, declarations.roles)) or settings.vouches_for_role(arn):
        return _FINE
    if may_be_nameless_role(arn, declarations.roles):
        return _WAITS
    return _stranger(
        wiring,
        lambda: lookups.role(arn),
        lambda: _role_not_found(trail, arn, declarations),
        lambda: _role_not_in_stack(trail, arn, declarations),
    )


def _wrong_source(wiring: Wiring[Target], crossed: bool) -> OtherResource | None:
    """What an unknown value comes from, where that is surely of a wrong type."""
    source = wiring.only_other
    return source if source and (source.mistaken or (crossed and source.counterpart)) else None


def _stranger(
    wiring: Wiring[Target],
    looked_up: Callable[[], Presence | NotTold | None],
    not_found: Callable[[], Problem],
    not_in_stack: Callable[[], Problem],
) -> _Finding:
    """What to say of a known ARN that no resource of the stack has.

    Something that is read leaves no trace beside a resource of the stack, so where others had a part it cannot be told.
    """
    if wiring.origin is Origin.READ:
        return _FINE
    if wiring.others:
        return _WAITS
    answer = looked_up()
    if answer is Presence.FOUND:
        return _FINE
    if answer is Presence.ABSENT:
        return _Finding((not_found(),))
    problem = not_in_stack()
    if isinstance(answer, NotTold):
        problem = replace(problem, text=f"{problem.text} It could not be looked up in AWS: {answer.reason}.")
    return _Finding((problem,))


def _unused(trail: Trail, declarations: Declarations) -> Iterator[Problem]:
    found = declarations.unused().suggestions_for(trail.region, trail.delivery_account)
    if not found.count:
        return
    name, role = trail.spelling.log_group_arn, trail.spelling.role_arn
    one = found.count == 1
    also = f", and {role} to {_role_to_set(trail, declarations)}" if trail.role_arn is ABSENT else ""
    yield Problem(
        Code.LOG_GROUP_UNUSED,
        f"{name} is not set, and nothing in this stack writes to log group {log_groups_named(found)}: "
        f"{'it was' if one else 'one of them was'} probably meant for this trail. Set {name} to "
        f"{'its ARN' if one else 'the ARN of the right one'}, {arn_ending(found.first)}{also}.",
    )


def _of_class_delivery(trail: Trail, group: DeclaredLogGroup, declarations: Declarations) -> Iterator[Problem]:
    if group.is_delivery_class:
        yield Problem(
            Code.LOG_GROUP_CLASS_DELIVERY,
            f"{trail.spelling.log_group_arn} names log group {quoted_label(group.label)}, whose class DELIVERY takes "
            "no events from CloudTrail. Declare it with class STANDARD or INFREQUENT_ACCESS, or set "
            f"{trail.spelling.log_group_arn} to {_log_group_to_set(trail, declarations)}.",
        )


def _log_group_of_wrong_type(trail: Trail, source: OtherResource, declarations: Declarations) -> Problem:
    return Problem(
        Code.LOG_GROUP_WRONG_TYPE,
        f"{trail.spelling.log_group_arn} comes from {quoted_label(source.label)} ({source.kind}), which is not a log "
        f"group. Set it to {_log_group_to_set(trail, declarations)}.",
    )


def _role_of_wrong_type(trail: Trail, source: OtherResource, declarations: Declarations) -> Problem:
    return Problem(
        Code.ROLE_WRONG_TYPE,
        f"{trail.spelling.role_arn} comes from {quoted_label(source.label)} ({source.kind}), which is not a role. Set "
        f"it to {_role_to_set(trail, declarations)}.",
    )


def _log_group_not_in_stack(trail: Trail, arn: LogGroupArn, declarations: Declarations) -> Problem:
    namesake = declarations.log_groups.named.get(arn.name)
    suggested = declarations.free().suggestions_for(trail.region, trail.delivery_account)
    return Problem(
        Code.LOG_GROUP_NOT_IN_STACK,
        f"{trail.spelling.log_group_arn} is {quoted_arn(str(trail.log_group_arn))}. The existence of that log group "
        "cannot be confirmed from this stack, since nothing in it declares or reads it"
        f"{f' (log group {quoted_label(namesake.label)} of that name is elsewhere)' if namesake else ''}. Declare it "
        "here, read it with LogGroup.get, take its ARN from a StackReference, or list it in this policy's "
        f"{EXTERNAL_LOG_GROUPS}."
        f"{f' Or set it to {log_group_to_set(suggested)}.' if suggested.count else ''}",
    )


def _role_not_in_stack(trail: Trail, arn: RoleArn, declarations: Declarations) -> Problem:
    namesake = declarations.roles.named.get(arn.name)
    suggested = declarations.roles.suggestions_for(trail.region, trail.delivery_account)
    return Problem(
        Code.ROLE_NOT_IN_STACK,
        f"{trail.spelling.role_arn} is {quoted_arn(str(trail.role_arn))}. The existence of that role cannot be "
        "confirmed from this stack, since nothing in it declares or reads it"
        f"{f' (role {quoted_label(namesake.label)} of that name has another path or account)' if namesake else ''}. "
        "Declare it here, read it with Role.get, take its ARN from a StackReference, or list it in this policy's "
        f"{EXTERNAL_ROLES}."
        f"{f' Or set it to {role_to_set(suggested)}.' if suggested.count else ''}",
    )


def _log_group_not_found(trail: Trail, arn: LogGroupArn, declarations: Declarations) -> Problem:
    return Problem(
        Code.LOG_GROUP_NOT_FOUND,
        f"{trail.spelling.log_group_arn} is {quoted_arn(str(trail.log_group_arn))}, but there is no such log group in "
        f"{arn.region} of account {arn.account}, and CloudTrail does not create it. Create it first, or set "
        f"{trail.spelling.log_group_arn} to {_log_group_to_set(trail, declarations)}.",
    )


def _role_not_found(trail: Trail, arn: RoleArn, declarations: Declarations) -> Problem:
    return Problem(
        Code.ROLE_NOT_FOUND,
        f"{trail.spelling.role_arn} is {quoted_arn(str(trail.role_arn))}, but there is no such role in account "
        f"{arn.account}. Create it first, or set {trail.spelling.role_arn} to {_role_to_set(trail, declarations)}.",
    )


def _log_group_to_set(trail: Trail, declarations: Declarations) -> str:
    return log_group_to_set(declarations.free().suggestions_for(trail.region, trail.delivery_account))


def _role_to_set(trail: Trail, declarations: Declarations) -> str:
    return role_to_set(declarations.roles.suggestions_for(trail.region, trail.delivery_account))
