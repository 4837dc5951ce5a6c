"""The policy pack that Pulumi starts: its name, its metadata and its policies."""

from pulumi_policy import PolicyPack

from policies import (
    cloudtrail_cloudwatch_logs_integrated,
    cloudtrail_log_group_and_role_exist,
    cloudtrail_role_can_deliver,
)

PolicyPack(
    name="cloudtrail-cloudwatch-logs",
    display_name="CloudTrail integrated with CloudWatch Logs",
    description="Checks that AWS CloudTrail trails are integrated with CloudWatch Logs.",
    provider="AWS",
    policies=[
        cloudtrail_cloudwatch_logs_integrated.policy(),
        cloudtrail_log_group_and_role_exist.policy(),
        cloudtrail_role_can_deliver.policy(),
    ],
)
