"""cloudtrail-role-can-deliver: may CloudTrail assume the trail's role, and may that write to the trail's log group?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel, PolicyResource, Severity, StackValidationPolicy

from cloudtrail_logs.pulumi_view.validation import stack_validation
from cloudtrail_logs.verdict import Verdict

if TYPE_CHECKING:
    from cloudtrail_logs.pulumi_view.stack_view import StackView

NAME: Final = "cloudtrail-role-can-deliver"


def _judge(stack: StackView, resource: PolicyResource) -> Verdict:
    from cloudtrail_logs.delivery import judge_delivery

    return judge_delivery(stack.trail(resource), stack.delivery_role(resource), stack.delivery_place(resource))


def policy() -> StackValidationPolicy:
    """The policy, as the pack hands it to Pulumi."""
    return StackValidationPolicy(
        name=NAME,
        display_name="The role of CloudTrail trails can deliver to their log group",
        description="The role of a CloudTrail trail may write the trail's streams to its log group.",
        enforcement_level=EnforcementLevel.ADVISORY,
        severity=Severity.LOW,
        validate=stack_validation(NAME, _judge),
        remediation_steps=(
            "Let cloudtrail.amazonaws.com assume the role, and allow the role logs:CreateLogStream and "
            "logs:PutLogEvents on the ARN of the log group followed by :*."
        ),
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
        "cloudtrail-required-policy-for-cloudwatch-logs.html",
    )
