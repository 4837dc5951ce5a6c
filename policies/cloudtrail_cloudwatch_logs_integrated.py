"""cloudtrail-cloudwatch-logs-integrated: are both ARNs set, well formed and consistent, and is the trail logging?

## What

Checks each trail's own properties before the trail is created or changed: the ARNs of a log group and of a role are
both set and well formed, they belong together and to the trail's home region, account and partition, and the trail is
switched on. A value that is not known yet is checked in `pulumi up`, before AWS is called.

## Why

A trail without the integration only delivers files to S3, minutes later, where no metric filter or alarm can react to
them. AWS silently accepts such a trail. It rejects most other mistakes, but only minutes into the update.
"""

from __future__ import annotations

from typing import Final

from cloudtrail_logs.configuration.settings import IntegratedSettings
from cloudtrail_logs.model.verdict import Code

from .description import NOT_PROVEN, CodeDoc, PolicyDescription

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-cloudwatch-logs-integrated",
    display_name="CloudTrail trails are integrated with CloudWatch Logs",
    description="CloudTrail trails must send their events to CloudWatch Logs.",
    since="0.1.0",
    codes={
        Code.NOT_INTEGRATED: CodeDoc("neither ARN is set; no key, null, empty and blank are the same", "set both"),
        Code.LOG_GROUP_MISSING: CodeDoc("only the role is set", "set `cloudWatchLogsGroupArn`"),
        Code.ROLE_MISSING: CodeDoc("only the log group is set", "set `cloudWatchLogsRoleArn`"),
        Code.LOG_GROUP_ARN_INVALID: CodeDoc(
            "the value is not the ARN of a log group", "`arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME:*`"
        ),
        Code.ROLE_ARN_INVALID: CodeDoc("the value is not the ARN of a role", "`arn:PARTITION:iam::ACCOUNT:role/NAME`"),
        Code.LOG_GROUP_ARN_WITHOUT_WILDCARD: CodeDoc(
            "a log group's ARN without the `:*` that CloudTrail requires",
            "append `:*` to `LogGroup.arn` of pulumi-aws; the one of aws-native has it",
        ),
        Code.REGION_MISMATCH: CodeDoc(
            "the log group is in another region than the trail's home region, also for a trail of all regions",
            "use a log group of the home region",
        ),
        Code.ACCOUNT_MISMATCH: CodeDoc(
            "log group and role are in two accounts, or not in the trail's (an organization trail may be in another "
            "one)",
            "use one account",
        ),
        Code.PARTITION_MISMATCH: CodeDoc(
            "an ARN's partition is not that of the region, or the two ARNs' differ", "use ARNs of one partition"
        ),
        Code.LOGGING_DISABLED: CodeDoc("`enableLogging` is false", "set it to true"),
        Code.NOT_PROVEN: NOT_PROVEN,
    },
    settings=IntegratedSettings,
    remediation_steps=(
        "Set the trail's log group property to the ARN of a log group, ending in :*, and its role property to the "
        "ARN of a role that cloudtrail.amazonaws.com may assume."
    ),
    of_stack=False,
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    wrong="not-integrated",
)
