"""cloudtrail-role-can-deliver: may CloudTrail assume the trail's role, and may the role write to the trail's log group?

## What

Evaluates the IAM documents of the stack as AWS does: the role's trust policy lets `cloudtrail.amazonaws.com` assume it,
and its policies and permissions boundary together allow `logs:CreateLogStream` and `logs:PutLogEvents` on every stream
that the trail writes, for an organization trail also on those of the member accounts. The message shows as `ACCOUNT`,
`ORGANIZATION` or `MEMBER` what is not known, or what stands for every one. A role outside the stack is judged only with
`externalRoles` set to `lookup`: by what AWS says that it may do.

## Why

AWS tries the role once, when the trail is created or changed. What breaks later breaks silently: a policy that is
narrowed, a second stream under load, a new member account.

## Wrong

```python
import json

import pulumi
import pulumi_aws as aws

logs = aws.cloudwatch.LogGroup("audit", name="audit", retention_in_days=365)
trust = {"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = aws.iam.Role("audit", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
allowed = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
aws.iam.RolePolicy("audit", role=role.name, policy=policy)
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="my-trail-bucket",
    cloud_watch_logs_group_arn=pulumi.Output.concat(logs.arn, ":*"),
    cloud_watch_logs_role_arn=role.arn,
)
```

```text
[role-trust-missing] cloudWatchLogsRoleArn names role "audit", whose trust policy lets logs.amazonaws.com assume it,
not cloudtrail.amazonaws.com. Let {"Service": "cloudtrail.amazonaws.com"} call sts:AssumeRole in it.
[role-permission-missing] cloudWatchLogsRoleArn names role "audit", which is not allowed logs:CreateLogStream on
stream ACCOUNT_CloudTrail_us-east-1 of log group "audit": statement 1 of inline policy "audit" comes nearest, but it
allows only logs:PutLogEvents there. Add logs:CreateLogStream to it.
```
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import StackValidationPolicy

from cloudtrail_logs.configuration.setting_table import CAN_DELIVER
from cloudtrail_logs.model.verdict import Code
from cloudtrail_logs.pulumi.callbacks import stack_validation

from .policy_description import Meaning, PolicyDescription

if TYPE_CHECKING:
    from cloudtrail_logs.configuration.reader import Configuration
    from cloudtrail_logs.configuration.settings import CanDeliverSettings

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-role-can-deliver",
    display_name="The role of CloudTrail trails can deliver to their log group",
    description="The role of a CloudTrail trail may write the trail's streams to its log group.",
    since="0.1.0",
    codes={
        Code.ROLE_TRUST_MISSING: Meaning(
            "the role's trust policy does not let `cloudtrail.amazonaws.com` assume it",
            '`{"Service": "cloudtrail.amazonaws.com"}` with `sts:AssumeRole`',
        ),
        Code.ROLE_PERMISSION_MISSING: Meaning(
            "the role's policies, or its permissions boundary, do not allow `logs:CreateLogStream` and "
            "`logs:PutLogEvents` on all streams of the trail, those of an organization's members too",
            "allow both on the log group's ARN followed by `:*`",
        ),
    },
    properties=CAN_DELIVER,
    remediation_steps=(
        "Let cloudtrail.amazonaws.com assume the role, and allow the role logs:CreateLogStream and "
        "logs:PutLogEvents on the ARN of the log group followed by :*."
    ),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-required-policy-for-cloudwatch-logs.html",
    asks_aws=True,
)


def read_settings(given: Mapping[str, Any]) -> Configuration[CanDeliverSettings]:
    """The settings of this policy, from its properties in a configuration."""
    from cloudtrail_logs.configuration.reader import read_can_deliver

    return read_can_deliver(given, DESCRIPTION.codes)


def policy() -> StackValidationPolicy:
    """The policy, as the pack hands it to Pulumi."""
    return StackValidationPolicy(**DESCRIPTION.metadata, validate=stack_validation(DESCRIPTION.judged(read_settings)))
