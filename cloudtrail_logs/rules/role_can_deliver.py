"""Rule: may the trail's role write the trail's own streams to the trail's log group?

Sources: CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring"; service
authorization reference of CloudWatch Logs (CreateLogStream and PutLogEvents are authorized on the log stream).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..configuration.settings import CanDeliverSettings, ExternalRoles
from ..iam.at_worst import at_worst
from ..iam.denial import ACTIONS_PLACEHOLDER, explain_denial
from ..iam.document import Document, Unreadable, is_odd
from ..iam.evaluation import Decision, allows, may_decide, near
from ..iam.grant import Grant
from ..iam.log_streams import ACTIONS, log_streams, stream_name
from ..iam.place import names_a_place
from ..iam.plain_grant import plainly_allows
from ..iam.role import DeliveryRole, Permissions
from ..iam.trust import explain_trust_failure, trust_doubt, trusts_cloudtrail
from ..iam.whichever import denied_whichever
from ..iam.wildcard import Subject
from ..model.arn import LogGroupArn, RoleArn, parse_log_group_arn, partition_of_region
from ..model.aws_answers import PermissionsQuestion, Unavailable
from ..model.declared import DeclaredLogGroup, DeliveryPlace, may_be_nameless_role, roles_of
from ..model.quoting import quoted_label, quoted_name
from ..model.reasons import Doubt, Reason, Settled
from ..model.sample_place import SAMPLE_PLACE, with_place_words
from ..model.trail import Trail
from ..model.value import ABSENT, UNKNOWN, NotFlag, Truth, first_known
from ..model.verdict import Answer, Code, Problem, Verdict
from .proof import with_proof
from .trail_in_stack import NO_ANSWERS, Answers, TrailInStack


def questions(given: TrailInStack, settings: CanDeliverSettings) -> tuple[PermissionsQuestion, ...]:
    """What to look up in AWS before the trail is judged: its role, if it is certainly not in its stack."""
    arn, roles = given.trail.role, given.declarations.roles
    if settings.external_roles is not ExternalRoles.LOOKUP or not isinstance(arn, RoleArn):
        return ()
    return () if roles_of(arn, roles) or may_be_nameless_role(arn, roles) else (PermissionsQuestion(arn),)


def judge(given: TrailInStack, settings: CanDeliverSettings, answers: Answers = NO_ANSWERS) -> Verdict:
    """What keeps CloudTrail from assuming the role, or the role from writing to the log group.

    A role outside the stack is judged by what AWS says of it. answers: to the questions above.
    """
    verdict = _judge(given, settings, answers)
    if verdict.answer is Answer.CANNOT_TELL and (sample := given.in_sample):
        verdict = _of_any_place(given, sample, settings) or verdict
    return with_proof(verdict, settings)


def _of_any_place(given: TrailInStack, sample: TrailInStack, settings: CanDeliverSettings) -> Verdict | None:
    """The verdict on a trail in a place that stands for any; None where it may be another one in some place."""
    role, trail, group = sample.delivery_role, sample.trail, sample.trail.log_group
    if role is None or not isinstance(group, LogGroupArn) or names_a_place(role.permissions, group):
        return None
    if _is_of_another_place(sample) or _lost_policies(given.delivery_role, role):
        return None
    if (group.partition, group.region, group.account) != (trail.own_partition, trail.region, trail.account):
        return None
    verdict = _judge(sample, settings, NO_ANSWERS)
    problems = (replace(each, text=with_place_words(each.text)) for each in verdict.problems)
    return replace(verdict, problems=tuple(problems), doubts=tuple(map(_with_place_words, verdict.doubts)))


def _with_place_words(doubt: Doubt) -> Doubt:
    return replace(doubt, names=tuple((name, with_place_words(text)) for name, text in doubt.names))


def _is_of_another_place(sample: TrailInStack) -> bool:
    """Whether the role is one of the program around the template, which is in one account only."""
    role, roles = sample.trail.role, sample.declarations.roles
    return (
        isinstance(role, RoleArn) and role.account in SAMPLE_PLACE and not roles_of(role, replace(roles, around=None))
    )


def _lost_policies(role: DeliveryRole | None, in_sample: DeliveryRole) -> bool:
    """Whether the role may have policies in some place that it does not have in the sample: by its name or account."""
    if role is None:
        return False
    own, found = role.permissions, in_sample.permissions
    return len(own.grants) > len(found.grants) or (found.complete and not own.complete)


def _judge(given: TrailInStack, settings: CanDeliverSettings, answers: Answers) -> Verdict:
    role = given.delivery_role
    if role is None and (asked := questions(given, settings)):
        answer = answers.get(asked[0])
        if not isinstance(answer, DeliveryRole):
            return _without_role(given, answer)
        role = answer
    if role is None:
        return _without_role(given, None)
    return judge_role(given.trail, role, place_of(given.trail, given.log_group_source.only_target))


def judge_role(trail: Trail, role: DeliveryRole, place: DeliveryPlace | None) -> Verdict:
    """As `judge`. place: None where the trail names no log group, so that there is nothing to be allowed."""
    key = (place, trail.organization, trail.spelling.role_arn)
    if key not in role.verdicts:
        role.verdicts[key] = _judge_role(trail, role, place)
    return role.verdicts[key]


def _judge_role(trail: Trail, role: DeliveryRole, place: DeliveryPlace | None) -> Verdict:
    """As `judge_role`. Of the trail, it looks at nothing else than what the key there has."""
    trusted = trusts_cloudtrail(role.trust)
    answers, near_permissions = _answers(trail, role, place) if place else ({}, role.permissions)
    undecided = [action for action, answer in answers.items() if answer.allowed is Truth.MAYBE]
    doubts: list[Doubt] = []
    if trusted is Truth.MAYBE:
        doubts.append(trust_doubt(role.trust).of(**_names(trail, role)))
    if undecided and place:
        doubts.append(_doubt(trail, role, place, undecided, near_permissions))
    return Verdict(
        problems=(
            *(_untrusted(trail, role, role.trust) if trusted is Truth.NO and role.trust is not UNKNOWN else ()),
            *(_denied(trail, role, place, answers) if place else ()),
        ),
        waits_on=(trail.spelling.role_arn,) if doubts else (),
        doubts=tuple(doubts),
    )


def _names(trail: Trail, role: DeliveryRole) -> dict[str, str]:
    return {"role": quoted_label(role.label), "property": trail.spelling.role_arn}


def _doubt(
    trail: Trail, role: DeliveryRole, place: DeliveryPlace, actions: Sequence[str], permissions: Permissions
) -> Doubt:
    """What keeps it from being known whether the role may do these actions. permissions: those near the streams."""
    names = _names(trail, role)
    of_organization = trail.organization not in (False, ABSENT)
    every = log_streams(place.partition, place.region, place.account, place.name, of_organization=of_organization)
    own = log_streams(place.partition, place.region, place.account, place.name, of_organization=False)
    worst = at_worst(permissions)
    streams = own if trail.organization is UNKNOWN else every
    unproven = not worst or any(allows(worst, action, streams).allowed is Truth.NO for action in actions)
    # What is refused at worst is not proven, whatever the values turn out to be that are not known yet.
    found = (
        doubt
        for doubt in _doubts(trail, names, place, actions, every, permissions)
        if (doubt.reason.settled is Settled.AUTHOR) is unproven
    )
    return next(found, (Reason.MAY_WRITE_ON_CONDITION if unproven else Reason.ORGANIZATION_ID).of(**names))


def _doubts(
    trail: Trail,
    names: Mapping[str, str],
    place: DeliveryPlace,
    actions: Sequence[str],
    streams: Sequence[Subject],
    permissions: Permissions,
) -> Iterator[Doubt]:
    """What is not known, besides what IAM decides at run time."""
    for grant in (*permissions.grants, *filter(None, (permissions.boundary,))):
        if may_decide(grant, actions, streams):
            for reason in _doubts_of(grant):
                yield reason.of(**names, policy=grant.name)
    if not permissions.complete:
        yield permissions.why_incomplete.of(**names)
    parts = {"region": place.region, "account": place.account, "name": place.name}
    if unknown := [part for part, value in parts.items() if not isinstance(value, str)]:
        are = "is" if len(unknown) == 1 else "are"
        yield Reason.PLACE_UNKNOWN.of(**names, parts=f"the {' and the '.join(unknown)}", are=are)
    if trail.organization is UNKNOWN:
        yield Reason.ORGANIZATION_UNKNOWN.of(**names)
    elif isinstance(trail.organization, NotFlag):
        yield Reason.ORGANIZATION_NO_FLAG.of(**names, kind=trail.organization.kind)


def _doubts_of(grant: Grant) -> Iterator[Reason]:
    """What is not known of a policy."""
    document = grant.document
    if grant.held is Truth.MAYBE:
        yield grant.why_maybe
    if document is UNKNOWN:
        yield grant.why_unknown
    elif isinstance(document, Document):
        if any(statement.waits for statement in document.statements):
            yield Reason.CONTENT_UNKNOWN
        if any(is_odd(statement) for statement in document.statements):
            yield Reason.CONTENT_UNREADABLE


def _without_role(given: TrailInStack, answer: object) -> Verdict:
    trail, roles = given.trail, given.declarations.roles
    name = trail.spelling.role_arn
    if trail.role is ABSENT:
        return Verdict(doubts=(Reason.NAMES_NO_ROLE.of(),))
    if trail.role is UNKNOWN:
        return Verdict(waits_on=(name,))
    if isinstance(answer, Unavailable):
        return Verdict(doubts=(Reason.ROLE_NOT_LOOKED_UP.of(property=name, why=answer.reason),))
    if isinstance(trail.role, RoleArn) and (found := roles_of(trail.role, roles)):
        known = all(isinstance(role.arn, str) for role in found)
        return Verdict(doubts=((Reason.ROLE_TWICE if known else Reason.ROLES_ALIKE).of(property=name),))
    if isinstance(trail.role, RoleArn) and may_be_nameless_role(trail.role, roles):
        return Verdict(doubts=(Reason.ROLE_UNNAMED.of(),))
    if answer and (new := [other for other in given.role_source.others if other.new]):
        return Verdict(doubts=(Reason.SOURCE_IS_NEW.of(property=name, source=new[0].shown),))
    elsewhere = Reason.ROLE_NOT_IN_AWS if answer else Reason.ROLE_ELSEWHERE
    return Verdict(doubts=(elsewhere.of(property=name),))


def place_of(trail: Trail, declared: DeclaredLogGroup | None) -> DeliveryPlace | None:
    """Where the trail delivers to: what its ARN says, else what the declared log group and the trail say.

    None where it names no log group, or something else, which the integration rule reports.
    """
    arn = trail.log_group
    if arn is UNKNOWN and declared and isinstance(declared.arn, str):
        arn = parse_log_group_arn(declared.arn)
    if isinstance(arn, LogGroupArn):
        return DeliveryPlace(arn.partition, arn.region, arn.account, arn.name)
    if trail.log_group is not UNKNOWN:
        return None
    region = first_known(declared.region if declared else UNKNOWN, trail.region)
    role = trail.role if isinstance(trail.role, RoleArn) else None
    return DeliveryPlace(
        partition=first_known(
            (partition_of_region(region) if isinstance(region, str) else None) or UNKNOWN,
            role.partition if role else UNKNOWN,
        ),
        region=region,
        account=first_known(
            declared.account if declared else UNKNOWN,
            role.account if role else UNKNOWN,
            trail.delivery_account,
        ),
        name=declared.name if declared else UNKNOWN,
    )


def _answers(trail: Trail, role: DeliveryRole, place: DeliveryPlace) -> tuple[dict[str, Decision], Permissions]:
    """What the role is answered for each action, nothing where both are plainly allowed; and by which permissions."""
    known = (place.partition, place.region, place.account, place.name)
    if all(isinstance(part, str) for part in known):
        partition, region, account, name = known
        if plainly_allows(role.permissions, ACTIONS, f"arn:{partition}:logs:{region}:{account}:log-group:{name}"):
            return {}, role.permissions
    own = log_streams(place.partition, place.region, place.account, place.name, of_organization=False)
    every = log_streams(place.partition, place.region, place.account, place.name, of_organization=True)
    permissions = near(role.permissions, every)
    streams = every if trail.organization is True else own
    answers = {action: allows(permissions, action, streams) for action in ACTIONS}
    if trail.organization in (True, False, ABSENT):
        return _whichever_value(permissions, streams, answers), permissions
    either = {action: _whichever(answer, allows(permissions, action, every)) for action, answer in answers.items()}
    return either, permissions


def _whichever_value(
    permissions: Permissions, streams: Sequence[Subject], answers: dict[str, Decision]
) -> dict[str, Decision]:
    """The answers; where each may be yes by itself, but not all of them at once, those for one unknown value."""
    truths = {answer.allowed for answer in answers.values()}
    if Truth.NO in truths or Truth.MAYBE not in truths:
        return answers
    example = denied_whichever(permissions, ACTIONS, streams)
    if not example:
        return answers
    return {action: replace(answer, example=example.value) for action, answer in example.answers.items()}


def _whichever(own: Decision, every: Decision) -> Decision:
    """What to answer where it is not known whether the members of an organization write too."""
    return own if own.allowed is every.allowed or own.allowed is Truth.NO else Decision(Truth.MAYBE)


def _untrusted(trail: Trail, role: DeliveryRole, trust: Document | Unreadable) -> Iterator[Problem]:
    failure = explain_trust_failure(trust)
    yield Problem(
        Code.ROLE_TRUST_MISSING,
        f"{trail.spelling.role_arn} names role {quoted_label(role.label)}, whose trust policy {failure.why}. "
        f"{failure.remedy}",
    )


def _denied(trail: Trail, role: DeliveryRole, place: DeliveryPlace, answers: dict[str, Decision]) -> Iterator[Problem]:
    """A line for each reason: both actions are in one where they are denied for the same."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for action, answer in answers.items():
        if answer.refused:
            why = explain_denial(role.permissions, action, answer.refused)
            if answer.example:
                why = f"This is for {answer.example}; for any other, a call is denied as well. {why}"
            key = (stream_name(answer.refused), why)
            reasons.setdefault(key, []).append(action)
    for (stream, why), actions in reasons.items():
        denied = " and ".join(actions)
        yield Problem(
            Code.ROLE_PERMISSION_MISSING,
            f"{trail.spelling.role_arn} names role {quoted_label(role.label)}, which is not allowed to call {denied} "
            f"on stream {stream} of {_named(place)}. {why.replace(ACTIONS_PLACEHOLDER, denied)}",
        )


def _named(place: DeliveryPlace) -> str:
    return f"log group {quoted_name(place.name)}" if isinstance(place.name, str) else "its log group"
