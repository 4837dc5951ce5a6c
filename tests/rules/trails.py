"""Trails for the tests of rules: one that is right, and what to change about it."""

from dataclasses import replace
from typing import Any

from cloudtrail_logs.model.trail import Trail, TrailSpelling
from cloudtrail_logs.model.value import ABSENT

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
LOG_GROUP_ARN = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:*"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/delivery"

AWS = TrailSpelling("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging")
AWS_NATIVE = TrailSpelling("cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn", "isLogging")

RIGHT = Trail(
    spelling=AWS,
    log_group_arn=LOG_GROUP_ARN,
    role_arn=ROLE_ARN,
    logging=True,
    organization=ABSENT,
    region="us-east-1",
    account=ABSENT,
)


def trail(**changes: Any) -> Trail:
    """The right trail with some of its fields changed."""
    return replace(RIGHT, **changes)
