"""cloudtrail-log-group-and-role-exist: do the log group and the role that the trail names exist?

## What

Checks for the whole stack what each trail's ARNs were made of, and whether the stack declares or reads a log group and
a role with these ARNs. Where a trail names no log group, it says which one was probably meant. A value that comes from
a component, a StackReference or another resource that may hold any string is not reported; with `requireProof` it is,
unless it is only read. What lies outside the stack can be allow-listed, or looked up in AWS with `externalTargets` set
to `lookup`. With `requireTrail` it also says which stacks have lost their trail.

## Why

CloudTrail creates log streams, but never the log group. A typed ARN stays in the program after its target is deleted.
And the most common mistake is a log group that is created for a trail but never connected to it.
"""

from __future__ import annotations

from typing import Final

from cloudtrail_logs.configuration.settings import ExistSettings
from cloudtrail_logs.model.verdict import Code

from .description import NOT_PROVEN, CodeDoc, PolicyDescription

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-log-group-and-role-exist",
    display_name="The log group and the role of CloudTrail trails exist",
    description="The log group and the role that a CloudTrail trail names must exist.",
    since="0.1.0",
    codes={
        Code.LOG_GROUP_WRONG_TYPE: CodeDoc(
            "the value comes from a resource that is often mistaken for a log group, such as a bucket, or "
            "log group and role are swapped",
            "the ARN of a log group",
        ),
        Code.ROLE_WRONG_TYPE: CodeDoc("the same for the role, such as an instance profile", "the ARN of a role"),
        Code.LOG_GROUP_NOT_IN_STACK: CodeDoc(
            "an ARN that reaches the policy as plain text, of a log group that nothing in the stack declares or reads. "
            "A function such as `get_log_group`, a transform or an import looks the same as a typed ARN",
            "declare it, read it with `.get`, take its ARN from a StackReference, or list it in `externalLogGroups`",
        ),
        Code.ROLE_NOT_IN_STACK: CodeDoc("the same for the role", "as above, or `externalRoles`"),
        Code.LOG_GROUP_NOT_FOUND: CodeDoc(
            "looked up in AWS (`externalTargets` is `lookup`), and absent", "create it first, or another ARN"
        ),
        Code.ROLE_NOT_FOUND: CodeDoc("the same for the role", "as above"),
        Code.LOG_GROUP_UNUSED: CodeDoc(
            "the trail names no log group, and the stack declares one that nothing writes to. What reads it, watches "
            "it, exports its name or only permits its use does not write to it: metric filters, alarms, log streams, "
            "parameters, policies. A service's own log group, such as `/aws/lambda/…`, does not count. The report "
            "names a metric filter on it that looks for CloudTrail events. It also names a telemetry rule that sends "
            "CloudTrail events to a log group: that does not integrate the trail",
            "set the trail's properties to it",
        ),
        Code.LOG_GROUP_CLASS_DELIVERY: CodeDoc(
            "the log group is of class DELIVERY, which takes no events from CloudTrail",
            "STANDARD or INFREQUENT_ACCESS",
        ),
        Code.REGION_MISMATCH: CodeDoc(
            "the declared log group is in another region than the trail, while its ARN is still unknown",
            "declare it there",
        ),
        Code.ACCOUNT_MISMATCH: CodeDoc(
            "the declared log group or role is in another account than the trail, or than each other, while an ARN is "
            "still unknown",
            "declare both in one account",
        ),
        Code.NOT_PROVEN: NOT_PROVEN,
        Code.NO_TRAIL: CodeDoc(
            "only with `requireTrail`: a stack that must declare a trail of its own declares none. It is reported on "
            "the stack. An exemption from it has the `trail` `*`",
            "declare a trail in it",
        ),
    },
    settings=ExistSettings,
    remediation_steps=(
        "Declare the log group and the role in the stack of the trail, or read them with LogGroup.get and "
        "Role.get, and set the trail's properties to their ARNs."
    ),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    wrong="external-targets",
    right="integrated-by-reading",
    asks_aws=True,
)
