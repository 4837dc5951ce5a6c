"""Rule: do the log group and the role that a trail names exist, as far as its stack can tell?

Sources: Pulumi's property dependencies (what a value was made of); CloudTrail user guide, "Sending events to CloudWatch
Logs" (CloudTrail creates log streams, never the log group; region and account); CloudWatch Logs API, LogGroupClass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .arn import LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from .placement import other_account, other_region
from .quoting import quoted_arn, quoted_name
from .suggestion import arn_ending, log_group_to_set, log_groups_named, role_to_set
from .trail import Trail
from .value import ABSENT, UNKNOWN, differ
from .verdict import Code, Problem, Verdict
from .wiring import Catalogue, DeclaredLogGroup, DeclaredRole, Origin, OtherResource, Target, Wiring


@dataclass(frozen=True)
class Declarations:
    """The log groups and the roles of a stack."""

    log_groups: Catalogue[DeclaredLogGroup]
    roles: Catalogue[DeclaredRole]


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
    unused: Callable[[], Catalogue[DeclaredLogGroup]],
) -> Verdict:
    """What is wrong with the log group and the role that the trail names.

    unused: finds the log groups that nothing in the stack uses; only asked where the trail names no log group.
    """
    of_log_group = _judge_log_group(trail, log_group, declarations, unused)
    of_role = _judge_role(trail, role, declarations)
    spelling = trail.spelling
    return Verdict(
        problems=(*of_log_group.problems, *of_role.problems, *other_account(trail, log_group, role)),
        waits_on=(
            *((spelling.log_group_arn,) if of_log_group.waits else ()),
            *((spelling.role_arn,) if of_role.waits else ()),
        ),
    )


def _judge_log_group(
    trail: Trail,
    wiring: Wiring[DeclaredLogGroup],
    declarations: Declarations,
    unused: Callable[[], Catalogue[DeclaredLogGroup]],
) -> _Finding:
    value = trail.log_group_arn
    if value is ABSENT:
        return _Finding(tuple(_unused(trail, unused(), declarations)))
    if value is UNKNOWN:
        if target := wiring.only_target:
            return _Finding((*_of_class_delivery(trail, target), *other_region(trail, target)))
        if source := wiring.wrong_source:
            return _Finding((_log_group_of_wrong_type(trail, source, declarations),))
        return _FINE if wiring.origin is Origin.READ else _WAITS
    arn = parse_log_group_arn(value) if isinstance(value, str) else None
    if not isinstance(arn, LogGroupArn):
        return _FINE  # what is wrong with it is the integration rule's to say
    same_name = declarations.log_groups.by_name.get(arn.name, ())
    for group in same_name:
        if _may_be_log_group(arn, group):
            return _Finding(tuple(_of_class_delivery(trail, group)))
    if any(_may_be_log_group(arn, group) for group in declarations.log_groups.nameless):
        return _WAITS
    return _stranger(wiring, _log_group_not_in_stack(trail, declarations))


def _judge_role(trail: Trail, wiring: Wiring[DeclaredRole], declarations: Declarations) -> _Finding:
    value = trail.role_arn
    if value is UNKNOWN:
        if source := wiring.wrong_source:
            return _Finding((_role_of_wrong_type(trail, source, declarations),))
        return _FINE if wiring.only_target or wiring.origin is Origin.READ else _WAITS
    arn = parse_role_arn(value) if isinstance(value, str) else None
    if not isinstance(arn, RoleArn):
        return _FINE  # not set, or what is wrong with it is the integration rule's to say
    if any(_may_be_role(arn, role) for role in declarations.roles.by_name.get(arn.name, ())):
        return _FINE
    if any(_may_be_role(arn, role) for role in declarations.roles.nameless):
        return _WAITS
    return _stranger(wiring, _role_not_in_stack(trail, declarations))


def _stranger(wiring: Wiring[Target], problem: Problem) -> _Finding:
    """What to say of a known ARN that no resource of the stack has."""
    if wiring.origin is Origin.READ:
        return _FINE
    return _WAITS if wiring.carries_text else _Finding((problem,))


def _may_be_log_group(arn: LogGroupArn, group: DeclaredLogGroup) -> bool:
    known = parse_log_group_arn(group.arn) if isinstance(group.arn, str) else None
    if isinstance(known, LogGroupArn):
        return (known.partition, known.region, known.account, known.name) == (
            arn.partition,
            arn.region,
            arn.account,
            arn.name,
        )
    return not (differ(group.name, arn.name) or differ(group.region, arn.region) or differ(group.account, arn.account))


def _may_be_role(arn: RoleArn, role: DeclaredRole) -> bool:
    known = parse_role_arn(role.arn) if isinstance(role.arn, str) else None
    if isinstance(known, RoleArn):
        return known == arn
    path = "/" if role.path is ABSENT else role.path
    return not (differ(role.name, arn.name) or differ(path, arn.path) or differ(role.account, arn.account))


def _unused(trail: Trail, unused: Catalogue[DeclaredLogGroup], declarations: Declarations) -> Iterator[Problem]:
    found = unused.suggestions_for(trail.region)
    if not found.count:
        return
    name, role = trail.spelling.log_group_arn, trail.spelling.role_arn
    one = found.count == 1
    also = (
        f", and {role} to {role_to_set(declarations.roles.suggestions_for(trail.region))}"
        if trail.role_arn is ABSENT
        else ""
    )
    yield Problem(
        Code.LOG_GROUP_UNUSED,
        f"{name} is not set, and nothing in this stack uses log group {log_groups_named(found)}: "
        f"{'it was' if one else 'one of them was'} probably meant for this trail. Set {name} to "
        f"{'its ARN' if one else 'the ARN of the right one'}, {arn_ending(found.first)}{also}.",
    )


def _of_class_delivery(trail: Trail, group: DeclaredLogGroup) -> Iterator[Problem]:
    if group.is_delivery_class:
        yield Problem(
            Code.LOG_GROUP_CLASS_DELIVERY,
            f"{trail.spelling.log_group_arn} names log group {quoted_name(group.label)}, whose class DELIVERY takes no "
            "events from CloudTrail. Set it to the ARN of a log group of class STANDARD or INFREQUENT_ACCESS.",
        )


def _log_group_of_wrong_type(trail: Trail, source: OtherResource, declarations: Declarations) -> Problem:
    return Problem(
        Code.LOG_GROUP_WRONG_TYPE,
        f"{trail.spelling.log_group_arn} comes from {quoted_name(source.label)} ({source.kind}), which is not a log "
        f"group. Set it to {log_group_to_set(declarations.log_groups.suggestions_for(trail.region))}.",
    )


def _role_of_wrong_type(trail: Trail, source: OtherResource, declarations: Declarations) -> Problem:
    return Problem(
        Code.ROLE_WRONG_TYPE,
        f"{trail.spelling.role_arn} comes from {quoted_name(source.label)} ({source.kind}), which is not a role. Set "
        f"it to {role_to_set(declarations.roles.suggestions_for(trail.region))}.",
    )


def _log_group_not_in_stack(trail: Trail, declarations: Declarations) -> Problem:
    found = declarations.log_groups.suggestions_for(trail.region)
    instead = f" Or set it to {log_group_to_set(found)}." if found.count else ""
    return Problem(
        Code.LOG_GROUP_NOT_IN_STACK,
        f"{trail.spelling.log_group_arn} is {quoted_arn(str(trail.log_group_arn))}. The existence of that log group "
        "cannot be confirmed from this stack, since nothing in it declares or reads it. Declare it here, read it with "
        f"LogGroup.get, or take its ARN from a StackReference.{instead}",
    )


def _role_not_in_stack(trail: Trail, declarations: Declarations) -> Problem:
    found = declarations.roles.suggestions_for(trail.region)
    instead = f" Or set it to {role_to_set(found)}." if found.count else ""
    return Problem(
        Code.ROLE_NOT_IN_STACK,
        f"{trail.spelling.role_arn} is {quoted_arn(str(trail.role_arn))}. The existence of that role cannot be "
        "confirmed from this stack, since nothing in it declares or reads it. Declare it here, read it with Role.get, "
        f"or take its ARN from a StackReference.{instead}",
    )
