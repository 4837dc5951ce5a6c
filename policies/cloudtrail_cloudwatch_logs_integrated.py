"""cloudtrail-cloudwatch-logs-integrated: are both ARNs set and well formed, and is the trail logging?"""

from __future__ import annotations

from typing import Final

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, ResourceValidationPolicy, Severity

from cloudtrail_logs.integration import judge_integration
from cloudtrail_logs.pulumi_view.remediation import resource_remediation
from cloudtrail_logs.pulumi_view.trail_view import is_only_read, trail_of
from cloudtrail_logs.pulumi_view.validation import NotApplicable, resource_validation
from cloudtrail_logs.remedy import remedy
from cloudtrail_logs.verdict import Verdict

NAME: Final = "cloudtrail-cloudwatch-logs-integrated"


def _judge(args: ResourceValidationArgs) -> Verdict | NotApplicable:
    trail = trail_of(args)
    if trail is None:
        return NotApplicable("This is not a CloudTrail trail.")
    if is_only_read(args):
        return NotApplicable("This trail is only read here: its settings are managed elsewhere.")
    return judge_integration(trail)


def policy() -> ResourceValidationPolicy:
    """The policy, as the pack hands it to Pulumi."""
    return ResourceValidationPolicy(
        name=NAME,
        display_name="CloudTrail trails are integrated with CloudWatch Logs",
        description="CloudTrail trails send their events to CloudWatch Logs.",
        enforcement_level=EnforcementLevel.ADVISORY,
        severity=Severity.LOW,
        validate=resource_validation(NAME, _judge),
        remediate=resource_remediation(NAME, remedy),
        remediation_steps=(
            "Set the trail's log group property to the ARN of a log group, ending in :*, and its role property to the "
            "ARN of a role that cloudtrail.amazonaws.com may assume."
        ),
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    )
