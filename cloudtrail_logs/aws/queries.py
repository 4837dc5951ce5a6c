"""The questions to AWS, each with the IAM action that it takes. All of them only read.

Sources: the API references of CloudTrail (GetTrailStatus), CloudWatch Logs (DescribeLogGroups), IAM and STS.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from datetime import datetime, timezone
from functools import partial
from typing import Any, Final, Literal

from ..iam.document import Document, Unreadable, read_document
from ..iam.grant import Grant
from ..iam.role import DeliveryRole, Permissions
from ..model.arn import WILDCARD, LogGroupArn, RoleArn
from ..model.aws_answers import (
    DeliveryQuestion,
    DeliveryStatus,
    ExistenceQuestion,
    PermissionsQuestion,
    Presence,
    Unavailable,
)
from ..model.declared import DELIVERY_CLASS
from ..model.provider_settings import ProviderSettings
from ..model.quoting import quoted_name
from ..model.reasons import Reason
from ..model.value import UNKNOWN, Unset
from .clients import Clients, error_code, told
from .parallel import ask_in_parallel
from .provider_settings import connection_of

_Question = ExistenceQuestion | PermissionsQuestion | DeliveryQuestion
_Answer = Presence | DeliveryRole | DeliveryStatus | Unavailable
_ABSENT_ROLE: Final = "NoSuchEntity"


def ask(
    wanted: Mapping[str, tuple[ProviderSettings | None, Collection[_Question]]], seconds: float
) -> dict[str, Mapping[_Question, _Answer]]:
    """The answers to the questions that are asked through each provider. seconds: the time that all of them may take.

    wanted: by the provider's URN, its settings (None for AWS's own defaults) and the questions.
    """
    answers: dict[str, dict[_Question, _Answer]] = {urn: {} for urn in wanted}
    calls: dict[tuple[str, _Question], Callable[[], _Answer]] = {}
    for urn, (settings, questions) in wanted.items():
        connection = connection_of(settings)
        if isinstance(connection, Unavailable):
            answers[urn] = dict.fromkeys(questions, connection)
        else:
            clients = Clients(connection)
            calls.update({(urn, question): partial(answer_to, clients, question) for question in questions})
    for (urn, question), answer in ask_in_parallel(calls, seconds).items():
        answers[urn][question] = answer
    return dict(answers)


def answer_to(clients: Clients, question: _Question) -> _Answer:
    """The answer to one question. Never raises."""
    if isinstance(question, DeliveryQuestion):
        return _delivery_status(clients, question)
    if isinstance(question, PermissionsQuestion):
        return _delivery_role(clients, question.role)
    if isinstance(question.arn, RoleArn):
        return _role_presence(clients, question.arn)
    return _log_group_presence(clients, question.arn)


def _delivery_status(clients: Clients, question: DeliveryQuestion) -> DeliveryStatus | Unavailable:
    """What AWS says of a trail's delivery. Takes cloudtrail:GetTrailStatus, in the trail's home region."""
    if question.home_region is None:
        return Unavailable("the trail's home region is not known")

    def asked() -> DeliveryStatus | Unavailable:
        status = clients.client("cloudtrail", question.home_region).get_trail_status(Name=question.trail_arn)
        # botocore reads an answer that breaks off as one without any field; a real one always has this.
        if "IsLogging" not in status:
            return Unavailable("the answer of AWS cannot be read")
        return DeliveryStatus(
            asked=_now(),
            logging=bool(status["IsLogging"]),
            started=_time(status.get("StartLoggingTime")),
            delivered=_time(status.get("LatestCloudWatchLogsDeliveryTime")),
            error=str(status.get("LatestCloudWatchLogsDeliveryError") or ""),
        )

    answer = told(asked, "cloudtrail:GetTrailStatus")
    if not question.owners or (isinstance(answer, DeliveryStatus) and answer.delivered):
        return answer
    if member := _member_account(clients, question.owners):
        return Unavailable(f"AWS does not show member account {member} the deliveries of an organization trail")
    return answer


def _log_group_presence(clients: Clients, arn: LogGroupArn) -> Presence | Unavailable:
    """Whether a log group exists, and is of class DELIVERY. Takes logs:DescribeLogGroups, in the log group's region.

    AWS finds by the beginning of the name and sorts by name, so the first one found is the one or there is none.
    """

    def asked() -> Presence | Unavailable:
        logs = clients.client("logs", arn.region)
        found = logs.describe_log_groups(logGroupNamePrefix=arn.name, limit=1)["logGroups"]
        group = next((each for each in found if each["arn"].removesuffix(WILDCARD) == arn.without_wildcard), None)
        if group is None:
            return _absent_here(clients, arn.account)
        of_class_delivery = group.get("logGroupClass") == DELIVERY_CLASS
        return Presence.FOUND_OF_CLASS_DELIVERY if of_class_delivery else Presence.FOUND

    return told(asked, "logs:DescribeLogGroups")


def _role_presence(clients: Clients, arn: RoleArn) -> Presence | Unavailable:
    """Whether a role exists. Takes iam:GetRole."""

    def asked() -> Presence | Unavailable:
        role = _role(clients, arn)
        return _absent_here(clients, arn.account) if role is None else Presence.FOUND

    return told(asked, "iam:GetRole")


def _delivery_role(clients: Clients, arn: RoleArn) -> DeliveryRole | Presence | Unavailable:
    """A role with all that it may do, or that it is absent.

    Takes iam:GetRole, ListRolePolicies, GetRolePolicy, ListAttachedRolePolicies, GetPolicy and GetPolicyVersion.
    """

    def asked() -> DeliveryRole | Presence | Unavailable:
        role = _role(clients, arn)
        if role is None:
            return _absent_here(clients, arn.account)
        iam = clients.client("iam", None)
        grants = [*_inline(iam, arn.name), *_attached(iam, arn.name)]
        boundary = (role.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
        return DeliveryRole(
            label=arn.name,
            trust=_document(role.get("AssumeRolePolicyDocument")),
            permissions=Permissions(tuple(grants), True, _managed(iam, boundary) if boundary else None),
        )

    return told(asked, "iam:GetRole, iam:ListRolePolicies, iam:ListAttachedRolePolicies or what they list")


def _member_account(clients: Clients, owners: Set[str]) -> str | None:
    """The account as which AWS is asked, where that is none of the owners of a trail; None where it is, or not told."""
    own = told(clients.account, "sts:GetCallerIdentity")
    return own if isinstance(own, str) and own not in owners else None


def _role(clients: Clients, arn: RoleArn) -> dict[str, Any] | None:
    """The role as IAM describes it; None where there is none of this ARN."""
    try:
        role: dict[str, Any] = clients.client("iam", None).get_role(RoleName=arn.name)["Role"]
    except Exception as error:
        if error_code(error) == _ABSENT_ROLE:
            return None
        raise
    return role if role["Arn"] == arn.text else None


def _absent_here(clients: Clients, account: str) -> Presence | Unavailable:
    """That something is absent is only told by its own account."""
    own = clients.account()
    if own == account:
        return Presence.ABSENT
    return Unavailable(f"it belongs to account {account}, and AWS was asked as account {own}")


def _inline(iam: Any, role: str) -> list[Grant]:
    names = [
        name for page in iam.get_paginator("list_role_policies").paginate(RoleName=role) for name in page["PolicyNames"]
    ]
    return [
        Grant(
            f"inline policy {quoted_name(name)}",
            _document(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]),
            why_unknown=Reason.CONTENT_NOT_DECODED,
        )
        for name in names
    ]


def _attached(iam: Any, role: str) -> list[Grant]:
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [_managed(iam, each["PolicyArn"]) for page in pages for each in page["AttachedPolicies"]]


def _managed(iam: Any, arn: str) -> Grant:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return Grant(
        f"policy {quoted_name(arn.rpartition('/')[2])}",
        _document(document),
        editable=arn.split(":")[4] != "aws",
        why_unknown=Reason.CONTENT_NOT_DECODED,
    )


def _document(value: Any) -> Document | Unreadable | Literal[Unset.UNKNOWN]:
    """A policy document as botocore decodes it; unknown where it could not, since AWS itself reads it."""
    return read_document(value) if isinstance(value, dict) else UNKNOWN


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _time(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) else None
