"""cloudtrail-delivery-is-recent: has CloudTrail delivered to CloudWatch Logs lately?

## What

Asks AWS about each trail that exists already: when it last delivered to CloudWatch Logs, and what kept it from that.
This is the control's own rule, which no program can show. It is disabled by default, and silent without `askAws`: the
level and that property together switch it on. Where AWS does not answer, nothing is reported; `explain` says why.

## Why

Nothing checks a trail again once it exists. A log group that is deleted, a role whose policy is narrowed, a key that
may no longer be used: the trail looks as before, and its events no longer arrive.

## Wrong

```python
import pulumi_aws as aws

aws.cloudtrail.Trail("audit", s3_bucket_name="my-trail-bucket")
```

```text
[delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since
2026-11-20 08:00 UTC (4 days ago). Look whether its log group and its role are set in AWS, and whether it has any events
to deliver.
```
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pulumi_policy import EnforcementLevel, StackValidationPolicy

from cloudtrail_logs.configuration.setting_table import RECENT
from cloudtrail_logs.model.verdict import Code
from cloudtrail_logs.pulumi.callbacks import stack_validation

from .policy_description import Meaning, PolicyDescription

if TYPE_CHECKING:
    from cloudtrail_logs.configuration.reader import Configuration
    from cloudtrail_logs.configuration.settings import RecentSettings

DESCRIPTION: Final = PolicyDescription(
    name="cloudtrail-delivery-is-recent",
    display_name="CloudTrail trails deliver to CloudWatch Logs",
    description="CloudTrail has delivered to CloudWatch Logs within the last day.",
    since="0.1.0",
    codes={
        Code.DELIVERY_NEVER: Meaning(
            "the trail is logging for longer than `graceHours`, and has never delivered to CloudWatch Logs",
            "a log group and a role in AWS; logging switched on",
        ),
        Code.DELIVERY_STALE: Meaning(
            "the last delivery is older than `maxAgeHours`. A quiet trail, of one region or of data events only, may "
            "be right all the same: give it more hours, or exempt it",
            "what was taken away from the trail since",
        ),
        Code.DELIVERY_FAILING: Meaning(
            "no delivery is recent, and AWS says what failed; the message quotes it", "what AWS says"
        ),
    },
    properties=RECENT,
    remediation_steps=(
        "Compare the trail's log group, its role and the role's policies in AWS with those that the program declares, "
        "and bring them back with pulumi up --refresh."
    ),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html",
    asks_aws=True,
    level=EnforcementLevel.DISABLED,
)


def read_settings(given: Mapping[str, Any]) -> Configuration[RecentSettings]:
    """The settings of this policy, from its properties in a configuration."""
    from cloudtrail_logs.configuration.reader import read_recent

    return read_recent(given, DESCRIPTION.codes)


def policy() -> StackValidationPolicy:
    """The policy, as the pack hands it to Pulumi."""
    return StackValidationPolicy(**DESCRIPTION.metadata, validate=stack_validation(DESCRIPTION.judged(read_settings)))
