"""cloudtrail-log-group-and-role-exist: do the log group and the role that the trail names exist?

## What

Looks at the whole stack: what each trail's ARNs were made of, and whether the stack declares or reads a log group and a
role with them. It says which log group was probably meant where a trail names none. What comes from a component, a
StackReference or another resource that may carry any text is not judged. What lies outside the stack can be vouched
for, or, with `externalTargets` set to `lookup`, be looked up in AWS.

## Why

CloudTrail creates log streams, never the log group. A typed ARN outlives what it names, and a log group that was
created for a trail and never wired to it is the most common mistake of all.

## Wrong

```python
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="my-trail-bucket",
    cloud_watch_logs_group_arn="arn:aws:logs:us-east-1:123456789012:log-group:audit:*",
    cloud_watch_logs_role_arn="arn:aws:iam::123456789012:role/audit",
)
```

```text
[log-group-not-in-stack] cloudWatchLogsGroupArn is arn:aws:logs:us-east-1:123456789012:log-group:audit:*. The
existence of that log group cannot be confirmed from this stack, since nothing in it declares or reads it. Declare it
here, read it with LogGroup.get, take its ARN from a StackReference, or list it in this policy's externalLogGroups.
[role-not-in-stack] cloudWatchLogsRoleArn is arn:aws:iam::123456789012:role/audit. The existence of that role cannot
be confirmed from this stack, since nothing in it declares or reads it. Declare it here, read it with Role.get, take
its ARN from a StackReference, or list it in this policy's externalRoles.
```

## Right

```python
import pulumi
import pulumi_aws as aws

logs = aws.cloudwatch.LogGroup.get("audit", "audit")
role = aws.iam.Role.get("audit", "audit")
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="my-trail-bucket",
    cloud_watch_logs_group_arn=pulumi.Output.concat(logs.arn, ":*"),
    cloud_watch_logs_role_arn=role.arn,
)
```
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import StackValidationPolicy

from cloudtrail_logs.configuration.setting_table import EXIST
from cloudtrail_logs.model.verdict import Code
from cloudtrail_logs.pulumi.callbacks import stack_validation

from .policy_description import Meaning, PolicyDescription

if TYPE_CHECKING:
    from cloudtrail_logs.configuration.reader import Configuration
    from cloudtrail_logs.configuration.settings import ExistSettings

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-log-group-and-role-exist",
    display_name="The log group and the role of CloudTrail trails exist",
    description="The log group and the role that a CloudTrail trail names exist.",
    since="0.1.0",
    codes={
        Code.LOG_GROUP_WRONG_TYPE: Meaning(
            "the value comes from a resource that is often taken for a log group and is none, such as a bucket, or "
            "log group and role are crossed",
            "the ARN of a log group",
        ),
        Code.ROLE_WRONG_TYPE: Meaning("the same of the role, such as an instance profile", "the ARN of a role"),
        Code.LOG_GROUP_NOT_IN_STACK: Meaning(
            "a known ARN of a log group that nothing in the stack declares or reads",
            "declare it, read it with `.get`, take its ARN from a StackReference, or vouch for it in "
            "`externalLogGroups`",
        ),
        Code.ROLE_NOT_IN_STACK: Meaning("the same of the role", "as above, or `externalRoles`"),
        Code.LOG_GROUP_NOT_FOUND: Meaning(
            "looked up in AWS (`externalTargets` is `lookup`), and absent", "create it first, or another ARN"
        ),
        Code.ROLE_NOT_FOUND: Meaning("the same of the role", "as above"),
        Code.LOG_GROUP_UNUSED: Meaning(
            "the trail names no log group, and the stack declares one that nothing writes to. Metric filters and other "
            "readers, and policies that only permit its use, are no writers; a service's own log group, such as "
            "`/aws/lambda/…`, is never meant",
            "wire it",
        ),
        Code.LOG_GROUP_CLASS_DELIVERY: Meaning(
            "the log group is of class DELIVERY, which takes no events from CloudTrail",
            "STANDARD or INFREQUENT_ACCESS",
        ),
        Code.REGION_MISMATCH: Meaning(
            "the declared log group is in another region than the trail, while its ARN is still unknown",
            "declare it there",
        ),
        Code.ACCOUNT_MISMATCH: Meaning(
            "the declared log group or role is in another account than the trail, or than each other, while an ARN is "
            "still unknown",
            "declare both in one account",
        ),
    },
    properties=EXIST,
    remediation_steps=(
        "Declare the log group and the role in the stack of the trail, or read them with LogGroup.get and "
        "Role.get, and set the trail's properties to their ARNs."
    ),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    asks_aws=True,
)


def read_settings(given: Mapping[str, Any]) -> Configuration[ExistSettings]:
    """The settings of this policy, from its properties in a configuration."""
    from cloudtrail_logs.configuration.reader import read_exist

    return read_exist(given, DESCRIPTION.codes)


def policy() -> StackValidationPolicy:
    """The policy, as the pack hands it to Pulumi."""
    return StackValidationPolicy(**DESCRIPTION.metadata, validate=stack_validation(DESCRIPTION.judged(read_settings)))
