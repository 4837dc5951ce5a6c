"""The callbacks that the SDK calls for a policy. What they need is loaded when the first of them is called.

Most of what the pack loads would be loaded in vain, since most runs have no trail, and the engine waits for every pack
to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_policy import (
    ReportViolation,
    ResourceRemediation,
    ResourceValidation,
    ResourceValidationArgs,
    StackValidation,
    StackValidationArgs,
)

if TYPE_CHECKING:
    from ..configuration.settings import Settings
    from .remediation import Remedy
    from .validation import JudgesInStack, JudgeTrail, ReadConfiguration

SettingsT = TypeVar("SettingsT", bound="Settings")


def resource_validation(
    policy: str, read: ReadConfiguration[SettingsT], judge: JudgeTrail[SettingsT]
) -> ResourceValidation:
    """The validation of a resource policy of this name."""

    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        from .validation import validate_resource

        validate_resource(policy, read, judge, args, report_violation)

    return validate


def resource_remediation(
    policy: str, read: ReadConfiguration[SettingsT], judge: JudgeTrail[SettingsT], remedy: Remedy[SettingsT]
) -> ResourceRemediation:
    """The remediation of a resource policy of this name, for what its validation would report."""

    def remediate(args: ResourceValidationArgs) -> Any:
        from .remediation import remediate_resource

        return remediate_resource(policy, read, judge, remedy, args)

    return remediate


def stack_validation(
    policy: str, read: ReadConfiguration[SettingsT], judges: JudgesInStack[SettingsT]
) -> StackValidation:
    """The validation of a stack policy of this name."""

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        from .validation import validate_stack

        validate_stack(policy, read, judges, args, report_violation)

    return validate
