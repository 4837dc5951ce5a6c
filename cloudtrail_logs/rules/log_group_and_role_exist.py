"""Rule: do the log group and the role that a trail names exist, as far as its stack can tell?

Sources: Pulumi's property dependencies (what a value was made of); CloudTrail user guide, "Sending events to CloudWatch
Logs" (CloudTrail creates log streams, never the log group; region and account); CloudWatch Logs API, LogGroupClass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from ..configuration.glob import any_matches, stack_matches
from ..configuration.settings import ExistSettings, ExternalTargets
from ..model.arn import LogGroupArn, RoleArn
from ..model.aws_answers import ExistenceQuestion, Presence, Unavailable
from ..model.declared import (
    Catalogue,
    DeclaredLogGroup,
    Origin,
    OtherResource,
    Source,
    Suggestions,
    Target,
    log_groups_of,
    may_be_nameless_log_group,
    may_be_nameless_role,
    roles_of,
)
from ..model.quoting import enumerated, quoted_arn, quoted_label
from ..model.reasons import Doubt, Reason
from ..model.trail import StackNames, Trail
from ..model.value import ABSENT, UNKNOWN
from ..model.verdict import Code, Problem, Verdict
from .placement import other_account, other_region
from .proof import with_proof
from .suggestion import arn_ending, log_group_to_set, log_groups_named, role_to_set
from .trail_in_stack import NO_ANSWERS, Answers, TrailInStack


@dataclass(frozen=True)
class _Finding:
    """What is wrong with one of the two properties."""

    problems: tuple[Problem, ...] = ()
    doubt: Doubt | None = None
    """What keeps the rule from an answer."""


_FINE: Final = _Finding()
_Arn = TypeVar("_Arn", LogGroupArn, RoleArn)


@dataclass(frozen=True)
class _External(Generic[_Arn]):
    """A known ARN that no resource of the stack has: AWS can tell more."""

    arn: _Arn
    unanswered: _Finding | None
    """What to say where AWS gives no answer; None where the ARN reaches the policy as plain text."""


def questions(given: TrailInStack, settings: ExistSettings) -> tuple[ExistenceQuestion, ...]:
    """What to look up in AWS before the trail is judged: the targets that nothing in its stack declares.

    Also those whose ARNs come from a read or from another resource, which may hold any text.
    """
    if settings.external_targets is not ExternalTargets.LOOKUP:
        return ()
    found = (_log_group(given, settings), _role(given, settings))
    return tuple(ExistenceQuestion(each.arn) for each in found if isinstance(each, _External))


def judge(given: TrailInStack, settings: ExistSettings, answers: Answers = NO_ANSWERS) -> Verdict:
    """What is wrong with the log group and the role that the trail names.

    settings: they may allow-list what the stack does not show. answers: to the questions above.
    """
    log_group, role = _log_group(given, settings), _role(given, settings)
    if isinstance(log_group, _External):
        log_group = _external_log_group(given, log_group, answers.get(ExistenceQuestion(log_group.arn)))
    if isinstance(role, _External):
        role = _external_role(given, role, answers.get(ExistenceQuestion(role.arn)))
    spelling = given.trail.spelling
    verdict = Verdict(
        problems=(
            *log_group.problems,
            *role.problems,
            *other_account(given.trail, given.log_group_source, given.role_source),
        ),
        waits_on=(
            *((spelling.log_group_arn,) if log_group.doubt else ()),
            *((spelling.role_arn,) if role.doubt else ()),
        ),
        doubts=_doubts(given, log_group, role) if _names_any(given) else (Reason.NAMES_NOTHING.of(),),
    )
    return with_proof(verdict, settings)


def judge_stack(stack: StackNames, declares_trail: bool, settings: ExistSettings) -> Verdict | None:
    """Whether a stack has the trail that the settings require of it; None where they require none."""
    required = next((pattern for pattern in settings.require_trail if stack_matches(pattern, stack)), None)
    if required is None:
        return None
    if declares_trail:
        return Verdict()
    text = (
        f"Stack {quoted_label(f'{stack.project}/{stack.stack}')} declares no CloudTrail trail, but must have one of "
        f"its own: requireTrail of this policy has {quoted_label(required)}. Declare a trail in it that sends its "
        "events to CloudWatch Logs. If its trail has moved to another stack, list that stack in requireTrail instead."
    )
    return Verdict((Problem(Code.NO_TRAIL, text),))


def _doubts(given: TrailInStack, log_group: _Finding, role: _Finding) -> tuple[Doubt, ...]:
    """Why there is no answer; empty where only a property's own value is not known."""
    doubts = tuple(each.doubt for each in (log_group, role) if each.doubt)
    return () if all(each.reason is Reason.PROPERTY_UNKNOWN for each in doubts) else doubts


def _names_any(given: TrailInStack) -> bool:
    """Whether there is anything that may exist: what is not an ARN at all names nothing."""
    log_group, role = given.trail.log_group, given.trail.role
    return UNKNOWN in (log_group, role) or isinstance(log_group, LogGroupArn) or isinstance(role, RoleArn)


def _log_group(given: TrailInStack, settings: ExistSettings) -> _Finding | _External[LogGroupArn]:
    """What the stack says of the trail's log group."""
    arn, source, log_groups = given.trail.log_group, given.log_group_source, given.declarations.log_groups
    if arn is ABSENT:
        return _Finding(tuple(_unused(given)))
    if arn is UNKNOWN:
        if target := source.only_target:
            return _Finding((*_of_class_delivery(given, (target,)), *other_region(given.trail, target)))
        if mistaken := _wrong_source(source, given):
            return _Finding((_log_group_of_wrong_type(given, mistaken),))
        return _FINE if source.origin is Origin.READ else _unknown(given.trail.spelling.log_group_arn)
    if not isinstance(arn, LogGroupArn):
        return _FINE  # what is wrong with it is reported by cloudtrail-cloudwatch-logs-integrated
    if found := log_groups_of(arn, log_groups):
        return _Finding(tuple(_of_class_delivery(given, found)))
    if _is_allow_listed(arn, settings):
        return _FINE
    if may_be_nameless_log_group(arn, log_groups):
        return _Finding(doubt=Reason.LOG_GROUP_UNNAMED.of())
    return _external(given.trail.spelling.log_group_arn, arn, source, Reason.LOG_GROUP_OF_ANY_STRING)


def _role(given: TrailInStack, settings: ExistSettings) -> _Finding | _External[RoleArn]:
    """What the stack says of the trail's role."""
    arn, source, roles = given.trail.role, given.role_source, given.declarations.roles
    if arn is UNKNOWN:
        if mistaken := _wrong_source(source, given):
            return _Finding((_role_of_wrong_type(given, mistaken),))
        if source.only_target or source.origin is Origin.READ:
            return _FINE
        return _unknown(given.trail.spelling.role_arn)
    if not isinstance(arn, RoleArn):
        return _FINE  # not set, or reported by cloudtrail-cloudwatch-logs-integrated
    if roles_of(arn, roles) or _is_allow_listed(arn, settings):
        return _FINE
    if may_be_nameless_role(arn, roles):
        return _Finding(doubt=Reason.ROLE_UNNAMED.of())
    return _external(given.trail.spelling.role_arn, arn, source, Reason.ROLE_OF_ANY_STRING)


def _is_allow_listed(arn: LogGroupArn | RoleArn, settings: ExistSettings) -> bool:
    """Whether the configuration says that this target exists. A pattern of log groups may end in `:*` or not."""
    if settings.external_targets is ExternalTargets.ACCEPT:
        return True
    if isinstance(arn, RoleArn):
        return any_matches(settings.external_roles, (arn.text,))
    return any_matches(settings.external_log_groups, (arn.without_wildcard, arn.with_wildcard))


def _external(name: str, arn: _Arn, source: Source[Target], of_any_string: Reason) -> _Finding | _External[_Arn]:
    """What to say of a known ARN that no resource of the stack has or may get.

    name: of the property. of_any_string: why another resource that it comes from proves nothing.
    """
    if new := [other for other in source.others if other.new]:
        return _Finding(doubt=Reason.SOURCE_IS_NEW.of(property=name, source=new[0].shown))
    if source.origin is Origin.READ:
        return _External(arn, _FINE)
    # Something that is read leaves no trace beside a resource of the stack.
    if not source.others:
        return _External(arn, None)
    lender = next((other for other in source.others if not other.reference), None)
    reason = of_any_string if lender else Reason.OTHER_STACK
    return _External(arn, _Finding(doubt=reason.of(property=name, source=(lender or source.others[0]).shown)))


def _wrong_source(source: Source[Target], given: TrailInStack) -> OtherResource | None:
    """What an unknown value comes from, if that is certainly of a wrong type."""
    found = source.only_other
    if not found or found.mistaken:
        return found
    sources = (given.log_group_source.only_other, given.role_source.only_other)
    crossed = all(each and each.counterpart for each in sources)
    return found if crossed and found.counterpart else None


def _unused(given: TrailInStack) -> Iterator[Problem]:
    trail = given.trail
    found = given.declarations.unused().suggestions_for(trail.region, trail.delivery_account)
    if not found.count:
        return
    name, role = trail.spelling.log_group_arn, trail.spelling.role_arn
    one = found.count == 1
    also = f", and {role} to {_role_to_set(given)}" if trail.role is ABSENT else ""
    to_set = (name, role) if trail.role is ABSENT else (name,)
    yield Problem(
        Code.LOG_GROUP_UNUSED,
        f"{name} is not set, and nothing in this stack writes to log group {log_groups_named(found)}: "
        f"{'it was' if one else 'one of them was'} probably meant for this trail{_evidence(found)}. Set {name} to "
        f"{'its ARN' if one else 'the ARN of the right one'}, {arn_ending(found.first)}{also}."
        f"{trail.stop_ignoring(*to_set)}{_telemetry_rule(given)}",
    )


def _evidence(found: Suggestions[DeclaredLogGroup]) -> str:
    """What shows that a log group was meant for a trail, after that is said."""
    group = next((group for group in found.first if group.cloudtrail_filters), None)
    if not group:
        return ""
    filters = group.cloudtrail_filters
    shown = enumerated([quoted_label(filters[0])], "and", len(filters))
    whose, of = ("its ", "") if found.count == 1 else ("", f" of {quoted_label(group.label)}")
    noun, verb = ("metric filter", "looks") if len(filters) == 1 else ("metric filters", "look")
    return f", since {whose}{noun} {shown}{of} {verb} for CloudTrail events"


def _telemetry_rule(given: TrailInStack) -> str:
    """That the control asks for a trail's own delivery, where CloudTrail's events reach a log group by a rule."""
    rules = given.declarations.telemetry_rules()
    if not rules:
        return ""
    return (
        f" Telemetry rule {quoted_label(rules[0])} of this stack sends CloudTrail events to a log group too, but it "
        "does not integrate the trail."
    )


def _of_class_delivery(given: TrailInStack, groups: Sequence[DeclaredLogGroup]) -> Iterator[Problem]:
    """groups: those that the trail's log group may be."""
    if all(group.is_delivery_class for group in groups):
        group, name = groups[0], given.trail.spelling.log_group_arn
        yield Problem(
            Code.LOG_GROUP_CLASS_DELIVERY,
            f"{name} names log group {quoted_label(group.label)}, whose class is DELIVERY, which takes no events from "
            "CloudTrail. Declare it with class STANDARD or INFREQUENT_ACCESS, or set "
            f"{name} to {_log_group_to_set(given)}.",
        )


def _log_group_of_wrong_type(given: TrailInStack, source: OtherResource) -> Problem:
    return Problem(
        Code.LOG_GROUP_WRONG_TYPE,
        f"{given.trail.spelling.log_group_arn} comes from {source.shown}, which is not a "
        f"log group. Set it to {_log_group_to_set(given)}.",
    )


def _role_of_wrong_type(given: TrailInStack, source: OtherResource) -> Problem:
    return Problem(
        Code.ROLE_WRONG_TYPE,
        f"{given.trail.spelling.role_arn} comes from {source.shown}, which is not a "
        f"role. Set it to {_role_to_set(given)}.",
    )


def _external_log_group(given: TrailInStack, external: _External[LogGroupArn], answer: object) -> _Finding:
    """answer: of AWS to whether it exists."""
    trail, name, arn = given.trail, given.trail.spelling.log_group_arn, external.arn
    if answer is Presence.FOUND:
        return _FINE
    if answer is Presence.FOUND_OF_CLASS_DELIVERY:
        return _wrong(
            Code.LOG_GROUP_CLASS_DELIVERY,
            f"{name} is {quoted_arn(arn.text)}, a log group whose class is DELIVERY, which takes no events from "
            f"CloudTrail. Set {name} to {_log_group_to_set(given)}.",
        )
    if answer is Presence.ABSENT:
        return _wrong(
            Code.LOG_GROUP_NOT_FOUND,
            f"{name} is {quoted_arn(arn.text)}, but account {arn.account} has no such log group in {arn.region}, and "
            f"CloudTrail does not create it. Create it first, or set {name} to {_log_group_to_set(given)}.",
        )
    if external.unanswered:
        return _unanswered(external.unanswered, answer)
    namesake = _namesake(given.declarations.log_groups, arn.name)
    elsewhere = (
        f" (log group {namesake} of this stack has that name, but another region or account)" if namesake else ""
    )
    suggested = given.declarations.free().suggestions_for(trail.region, trail.delivery_account)
    instead = f" Or set it to {log_group_to_set(suggested)}." if suggested.count else ""
    return _wrong(
        Code.LOG_GROUP_NOT_IN_STACK,
        f"{name} is {quoted_arn(arn.text)}. {_origin('log group', given.log_group_source)}, so whether the log group "
        f"exists cannot be verified here{elsewhere}. Declare the log group in this stack"
        f"{_read_it(trail, 'LogGroup')} or list it in this policy's externalLogGroups.{instead}"
        f"{_not_looked_up(answer)}",
    )


def _external_role(given: TrailInStack, external: _External[RoleArn], answer: object) -> _Finding:
    """answer: of AWS to whether it exists."""
    trail, name, arn = given.trail, given.trail.spelling.role_arn, external.arn
    if answer is Presence.FOUND:
        return _FINE
    if answer is Presence.ABSENT:
        return _wrong(
            Code.ROLE_NOT_FOUND,
            f"{name} is {quoted_arn(arn.text)}, but account {arn.account} has no such role. Create it first, or set "
            f"{name} to {_role_to_set(given)}.",
        )
    if external.unanswered:
        return _unanswered(external.unanswered, answer)
    namesake = _namesake(given.declarations.roles, arn.name)
    elsewhere = f" (role {namesake} of this stack has that name, but another path or account)" if namesake else ""
    suggested = given.declarations.roles.suggestions_for(trail.region, trail.delivery_account)
    instead = f" Or set it to {role_to_set(suggested)}." if suggested.count else ""
    return _wrong(
        Code.ROLE_NOT_IN_STACK,
        f"{name} is {quoted_arn(arn.text)}. {_origin('role', given.role_source)}, so whether the role exists "
        f"cannot be verified here{elsewhere}. Declare the role in this stack{_read_it(trail, 'Role')} or list it in "
        f"this policy's externalRoles.{instead}{_not_looked_up(answer)}",
    )


def _origin(noun: str, source: Source[Target]) -> str:
    """Where an ARN comes from that is not of a resource of the stack. noun: what it should be the ARN of."""
    if not source.targets:
        return "This value reaches the policy as plain text"
    return f"It is made of {noun} {quoted_label(source.targets[0].label)} of this stack, but is not its ARN"


def _read_it(trail: Trail, name: str) -> str:
    """How a program reads what others declare; a template cannot, nor can a configuration of Terraform."""
    return f", read it with {name}.get, take its ARN from a StackReference," if trail.spelling.reads else ""


def _namesake(catalogue: Catalogue[Target], name: str) -> str:
    """One of the stack that has this name in AWS, as a message names it; empty where there is none."""
    found = catalogue.named.get(name)
    return quoted_label(found.label) if found else ""


def _unanswered(finding: _Finding, answer: object) -> _Finding:
    """What is said without an answer of AWS, with the reason that there is none."""
    if not finding.doubt or not isinstance(answer, Unavailable):
        return finding
    return _Finding(doubt=replace(finding.doubt, besides=f", and AWS was asked in vain: {answer.reason}"))


def _not_looked_up(answer: object) -> str:
    return f" It could not be looked up in AWS: {answer.reason}." if isinstance(answer, Unavailable) else ""


def _unknown(name: str) -> _Finding:
    return _Finding(doubt=Reason.PROPERTY_UNKNOWN.of(property=name))


def _wrong(code: Code, text: str) -> _Finding:
    return _Finding((Problem(code, text),))


def _log_group_to_set(given: TrailInStack) -> str:
    trail = given.trail
    return log_group_to_set(given.declarations.free().suggestions_for(trail.region, trail.delivery_account))


def _role_to_set(given: TrailInStack) -> str:
    trail = given.trail
    return role_to_set(given.declarations.roles.suggestions_for(trail.region, trail.delivery_account))
