"""Rule: may the trail's role write the trail's own streams to the trail's log group?

Sources: CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring"; service
authorization reference of CloudWatch Logs (CreateLogStream and PutLogEvents are authorized on the log stream).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ..iam.denial import REFUSED, why_refused
from ..iam.document import Document, Unreadable
from ..iam.evaluation import Answer, Permissions, allows, near
from ..iam.log_streams import log_streams, stream_name
from ..iam.plain_grant import plainly_allows
from ..iam.trust import trusts_cloudtrail, why_distrusted
from ..model.arn import LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from ..model.aws_answers import NotTold, Presence
from ..model.declared import DeclaredLogGroup
from ..model.partition import partition_of_region
from ..model.quoting import quoted_label, quoted_name
from ..model.trail import Trail
from ..model.truth import Truth
from ..model.value import ABSENT, UNKNOWN, Text, Unset
from ..model.verdict import Code, Problem, Verdict

ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")


@dataclass(frozen=True)
class DeliveryRole:
    """The role of a trail. label: its name in the Pulumi program. trust: its trust policy."""

    label: str
    trust: Document | Unreadable | Literal[Unset.UNKNOWN]
    permissions: Permissions


@dataclass(frozen=True)
class DeliveryPlace:
    """The log group that a trail delivers to, as far as it is known."""

    partition: Text
    region: Text
    account: Text
    name: Text


def judge_delivery(
    trail: Trail, role: DeliveryRole | Presence | NotTold | None, place: DeliveryPlace | None
) -> Verdict:
    """What keeps CloudTrail from assuming the role, or the role from writing to the log group.

    role: None where the trail names none, or one that is not of its stack, which cannot be told; what AWS says of that.
    place: None where the trail names no log group, so that there is nothing to be allowed.
    """
    if not isinstance(role, DeliveryRole):
        return _without_role(trail, role)
    trusted = trusts_cloudtrail(role.trust)
    answers = _answers(trail, role, place) if place else {}
    truths = (trusted, *(answer.allowed for answer in answers.values()))
    return Verdict(
        problems=(
            *(_distrusted(trail, role, role.trust) if trusted is Truth.NO and role.trust is not UNKNOWN else ()),
            *(_refused(trail, role, place, answers) if place else ()),
        ),
        waits_on=(trail.spelling.role_arn,) if Truth.MAYBE in truths else (),
    )


def _without_role(trail: Trail, answer: Presence | NotTold | None) -> Verdict:
    if trail.role_arn is ABSENT:
        return Verdict(remark="the trail names no role")
    if trail.role_arn is UNKNOWN:
        return Verdict(waits_on=(trail.spelling.role_arn,))
    if isinstance(answer, NotTold):
        return Verdict(remark=f"what the role may do could not be looked up in AWS: {answer.reason}", untold=True)
    elsewhere = "the role does not exist in AWS" if answer else "what the role may do is not in this stack"
    return Verdict(remark=elsewhere, untold=True)


def place_of(trail: Trail, declared: DeclaredLogGroup | None) -> DeliveryPlace | None:
    """Where the trail delivers to: what its ARN says, else what the declared log group and the trail say.

    None where it names no log group, or names something else, which is the integration rule's to report.
    """
    value = trail.log_group_arn
    known = _known_arn(value if value is not UNKNOWN else declared.arn if declared else UNKNOWN)
    if known:
        return DeliveryPlace(known.partition, known.region, known.account, known.name)
    if value is not UNKNOWN:
        return None
    region = _first_known(declared.region if declared else UNKNOWN, trail.region)
    role = parse_role_arn(trail.role_arn) if isinstance(trail.role_arn, str) else None
    role_arn = role if isinstance(role, RoleArn) else None
    return DeliveryPlace(
        partition=_first_known(
            (partition_of_region(region) if isinstance(region, str) else None) or UNKNOWN,
            role_arn.partition if role_arn else UNKNOWN,
        ),
        region=region,
        account=_first_known(
            declared.account if declared else UNKNOWN,
            role_arn.account if role_arn else UNKNOWN,
            trail.delivery_account,
        ),
        name=declared.name if declared else UNKNOWN,
    )


def _known_arn(value: Text) -> LogGroupArn | None:
    arn = parse_log_group_arn(value) if isinstance(value, str) else None
    return arn if isinstance(arn, LogGroupArn) else None


def _first_known(*values: Text) -> Text:
    return next((value for value in values if isinstance(value, str)), UNKNOWN)


def _answers(trail: Trail, role: DeliveryRole, place: DeliveryPlace) -> dict[str, Answer]:
    """What the role is answered for each action; nothing where both are plainly allowed."""
    known = (place.partition, place.region, place.account, place.name)
    if all(isinstance(part, str) for part in known):
        partition, region, account, name = known
        if plainly_allows(role.permissions, ACTIONS, f"arn:{partition}:logs:{region}:{account}:log-group:{name}"):
            return {}
    own = log_streams(place.partition, place.region, place.account, place.name, of_organization=False)
    every = log_streams(place.partition, place.region, place.account, place.name, of_organization=True)
    permissions = near(role.permissions, every)
    answers = {action: allows(permissions, action, every if trail.organization is True else own) for action in ACTIONS}
    if trail.organization is not UNKNOWN:
        return answers
    return {action: _whichever(answer, allows(permissions, action, every)) for action, answer in answers.items()}


def _whichever(own: Answer, every: Answer) -> Answer:
    """What to answer where it is not known whether the members of an organization write too."""
    return own if own.allowed is every.allowed or own.allowed is Truth.NO else Answer(Truth.MAYBE)


def _distrusted(trail: Trail, role: DeliveryRole, trust: Document | Unreadable) -> Iterator[Problem]:
    distrust = why_distrusted(trust)
    yield Problem(
        Code.ROLE_TRUST_MISSING,
        f"{trail.spelling.role_arn} names role {quoted_label(role.label)}, whose trust policy {distrust.why}. "
        f"{distrust.remedy}",
    )


def _refused(trail: Trail, role: DeliveryRole, place: DeliveryPlace, answers: dict[str, Answer]) -> Iterator[Problem]:
    """A line for each reason: both actions are in one where they are refused for the same."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for action, answer in answers.items():
        if answer.refused:
            key = (stream_name(answer.refused), why_refused(role.permissions, action, answer.refused))
            reasons.setdefault(key, []).append(action)
    for (stream, why), actions in reasons.items():
        refused = " and ".join(actions)
        yield Problem(
            Code.ROLE_PERMISSION_MISSING,
            f"{trail.spelling.role_arn} names role {quoted_label(role.label)}, which is not allowed {refused} on "
            f"stream {stream} of {_shown(place)}: {why.replace(REFUSED, refused)}",
        )


def _shown(place: DeliveryPlace) -> str:
    return f"log group {quoted_name(place.name)}" if isinstance(place.name, str) else "its log group"
