"""cloudtrail-log-group-and-role-exist: do the log group and the role that the trail names exist?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel, PolicyResource, Severity, StackValidationPolicy

from cloudtrail_logs.pulumi_view.validation import stack_validation
from cloudtrail_logs.verdict import Verdict

if TYPE_CHECKING:
    from cloudtrail_logs.pulumi_view.stack_view import StackView

NAME: Final = "cloudtrail-log-group-and-role-exist"


def _judge(stack: StackView, resource: PolicyResource) -> Verdict:
    from cloudtrail_logs.existence import judge_existence

    return judge_existence(
        stack.trail(resource), stack.log_group_wiring(resource), stack.role_wiring(resource), stack.declarations
    )


def policy() -> StackValidationPolicy:
    """The policy, as the pack hands it to Pulumi."""
    return StackValidationPolicy(
        name=NAME,
        display_name="The log group and the role of CloudTrail trails exist",
        description="The log group and the role that a CloudTrail trail names exist.",
        enforcement_level=EnforcementLevel.ADVISORY,
        severity=Severity.LOW,
        validate=stack_validation(NAME, _judge),
        remediation_steps=(
            "Declare the log group and the role in the stack of the trail, or read them with LogGroup.get and "
            "Role.get, and set the trail's properties to their ARNs."
        ),
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
    )
