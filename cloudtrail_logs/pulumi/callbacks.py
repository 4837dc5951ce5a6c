"""The callbacks that the SDK calls for a policy. What they need is loaded when the first of them is called.

Most of what the pack loads would be loaded in vain, since most runs have no trail, and the engine waits for every pack
to start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pulumi_policy import (
    ReportViolation,
    ResourceRemediation,
    ResourceValidation,
    ResourceValidationArgs,
    StackValidation,
    StackValidationArgs,
)

if TYPE_CHECKING:
    from ..configuration.reader import Configuration
    from ..configuration.settings import Settings

SettingsT = TypeVar("SettingsT", bound="Settings")


@dataclass(frozen=True)
class Policy(Generic[SettingsT]):
    """What the callbacks of a policy need to know of it."""

    name: str
    read: Callable[[Mapping[str, Any]], Configuration[SettingsT]]
    """Its settings, from its properties in a configuration, which may be of any type."""
    load_rule: Callable[[], Any]
    """The module of its rule."""


def resource_validation(policy: Policy[Any]) -> ResourceValidation:
    """The validation of a resource policy. Its rule has `judge(trail, names, settings)`."""

    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        from .validation import validate_resource

        validate_resource(policy, args, report_violation)

    return validate


def resource_remediation(policy: Policy[Any]) -> ResourceRemediation:
    """The remediation of a resource policy: it applies the fixes of the problems that the validation would report."""

    def remediate(args: ResourceValidationArgs) -> Any:
        from .remediation import remediate_resource

        return remediate_resource(policy, args)

    return remediate


def stack_validation(policy: Policy[Any]) -> StackValidation:
    """The validation of a stack policy. Its rule has `questions` and `judge` (`rules.trail_in_stack`)."""

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        from .validation import validate_stack

        validate_stack(policy, args, report_violation)

    return validate
