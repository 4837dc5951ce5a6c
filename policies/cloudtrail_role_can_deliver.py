"""cloudtrail-role-can-deliver: may CloudTrail assume the trail's role, and may the role write to the trail's log group?

## What

Evaluates the IAM documents of the stack as AWS does. The role's trust policy must let `cloudtrail.amazonaws.com`
assume it. Its policies and permissions boundary together must allow `logs:CreateLogStream` and `logs:PutLogEvents` on
every stream that the trail writes; an organization trail also writes those of its member accounts. In a message,
`ACCOUNT`, `ORGANIZATION` or `MEMBER` stands for a part that is not known, or for every value. A role outside the stack
is checked only with `externalRoles` set to `lookup`, by what AWS says that it may do.

## Why

AWS tries the role once, when the trail is created or changed. What breaks later breaks silently: a policy that is
narrowed, a second stream under load, a new member account.
"""

from __future__ import annotations

from typing import Final

from cloudtrail_logs.configuration.settings import CanDeliverSettings
from cloudtrail_logs.model.verdict import Code

from .description import NOT_PROVEN, CodeDoc, PolicyDescription

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-role-can-deliver",
    display_name="The role of CloudTrail trails can deliver to their log group",
    description="The role of a CloudTrail trail must be allowed to write the trail's streams to its log group.",
    since="0.1.0",
    codes={
        Code.ROLE_TRUST_MISSING: CodeDoc(
            "the role's trust policy does not let `cloudtrail.amazonaws.com` assume it",
            '`{"Service": "cloudtrail.amazonaws.com"}` with `sts:AssumeRole`',
        ),
        Code.ROLE_PERMISSION_MISSING: CodeDoc(
            "the role's policies, or its permissions boundary, do not allow `logs:CreateLogStream` and "
            "`logs:PutLogEvents` on all streams of the trail, those of an organization's members too",
            "allow both on the log group's ARN followed by `:*`",
        ),
        Code.NOT_PROVEN: NOT_PROVEN,
    },
    settings=CanDeliverSettings,
    remediation_steps=(
        "Let cloudtrail.amazonaws.com assume the role, and allow the role logs:CreateLogStream and "
        "logs:PutLogEvents on the ARN of the log group followed by :*."
    ),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-required-policy-for-cloudwatch-logs.html",
    wrong="wrong-trust",
    asks_aws=True,
)
