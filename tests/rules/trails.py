"""Trails for the tests of rules: one that is right, what to change about it, and what its stack shows."""

from dataclasses import dataclass, replace
from typing import Any

from cloudtrail_logs.iam.role import DeliveryRole
from cloudtrail_logs.model.arn import parse_log_group_arn, parse_role_arn, parsed
from cloudtrail_logs.model.aws_answers import DeliveryQuestion
from cloudtrail_logs.model.declared import (
    Declarations,
    DeclaredLogGroup,
    DeclaredRole,
    Origin,
    Source,
    catalogue_of_log_groups,
    catalogue_of_roles,
)
from cloudtrail_logs.model.trail import Trail, TrailSpelling
from cloudtrail_logs.model.value import ABSENT, Text

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
LOG_GROUP_ARN = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:*"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/delivery"

AWS = TrailSpelling("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging")
AWS_NATIVE = TrailSpelling("cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn", "isLogging")

RIGHT = Trail(
    spelling=AWS,
    log_group=parse_log_group_arn(LOG_GROUP_ARN),
    role=parse_role_arn(ROLE_ARN),
    logging=True,
    organization=ABSENT,
    region="us-east-1",
    account=ABSENT,
)
PLAIN_TEXT: Source[Any] = Source(Origin.PLAIN_TEXT)
READ: Source[Any] = Source(Origin.READ)
NO_LOG_GROUPS = catalogue_of_log_groups(())
NOTHING_DECLARED = Declarations(
    NO_LOG_GROUPS, catalogue_of_roles(()), lambda: NO_LOG_GROUPS, lambda: NO_LOG_GROUPS, tuple
)


def trail(log_group_arn: Text = LOG_GROUP_ARN, role_arn: Text = ROLE_ARN, **changes: Any) -> Trail:
    """The right trail with these values in its properties, and some other fields changed."""
    log_group, role = parsed(log_group_arn, parse_log_group_arn), parsed(role_arn, parse_role_arn)
    return replace(RIGHT, log_group=log_group, role=role, **changes)


@dataclass(frozen=True)
class InStack:
    """A trail, and what its stack shows (`cloudtrail_logs.rules.trail_in_stack`)."""

    trail: Trail
    log_group_source: Source[DeclaredLogGroup] = PLAIN_TEXT
    role_source: Source[DeclaredRole] = PLAIN_TEXT
    declarations: Declarations = NOTHING_DECLARED
    delivery_role: DeliveryRole | None = None
    in_sample: "InStack | None" = None
    delivery_question: DeliveryQuestion | None = None
