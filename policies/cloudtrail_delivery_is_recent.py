"""cloudtrail-delivery-is-recent: has CloudTrail delivered to CloudWatch Logs lately?

## What

Asks AWS about each trail that exists already: when it last delivered to CloudWatch Logs, and which error it had. This
is the control's own rule, which no program can show. It is disabled by default, and says nothing without `askAws`: the
level and that property together switch it on. Where AWS does not answer, nothing is reported; `explain` says why.

## Why

Nothing checks a trail again once it exists. When a log group is deleted, a role's policy is narrowed, or a key can no
longer be used, the trail looks as before, but its events no longer arrive.
"""

from __future__ import annotations

from typing import Final

from cloudtrail_logs.configuration.settings import RecentSettings
from cloudtrail_logs.model.enforcement_level import DISABLED
from cloudtrail_logs.model.verdict import Code

from .description import CodeDoc, PolicyDescription

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-delivery-is-recent",
    display_name="CloudTrail trails deliver to CloudWatch Logs",
    description="CloudTrail must have delivered to CloudWatch Logs within the last day.",
    since="0.1.0",
    codes={
        Code.DELIVERY_NEVER: CodeDoc(
            "the trail has never delivered to CloudWatch Logs, and has been logging for longer than `graceHours` or is "
            "switched off in AWS",
            "a log group and a role in AWS; logging switched on",
        ),
        Code.DELIVERY_STALE: CodeDoc(
            "the last delivery is older than `maxAgeHours`. A quiet trail, of one region or of data events only, may "
            "be right all the same: give it more hours, or exempt it",
            "what has changed since",
        ),
        Code.DELIVERY_FAILING: CodeDoc(
            "no delivery is recent, and AWS says what failed; the message quotes it", "what AWS says"
        ),
    },
    settings=RecentSettings,
    remediation_steps=(
        "Compare the trail's log group, its role and the role's policies in AWS with those that the program declares, "
        "and bring them back with pulumi up --refresh."
    ),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html",
    asks_aws=True,
    level=DISABLED,
)
