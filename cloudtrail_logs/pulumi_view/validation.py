"""From a judgement to a validation of the SDK's, which reports what is wrong and never raises.

An exception in a validation ends the whole run with a bare gRPC error, and an `UnknownValueError` ends the judgement of
all later trails. So whatever goes wrong inside is caught here, for each trail by itself, and said in one line on
stderr, which the CLI shows as information. Only the kind of the error is named: its text may hold a property's value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_policy import (
    PolicyResource,
    ReportViolation,
    ResourceValidation,
    ResourceValidationArgs,
    StackValidation,
    StackValidationArgs,
)

from ..report_budget import within_budget
from ..verdict import Verdict

if TYPE_CHECKING:
    from .stack_view import StackView


@dataclass(frozen=True)
class NotApplicable:
    """The policy has nothing to say about a resource. Pulumi Cloud then counts it neither as passed nor as failed."""

    reason: str


def resource_validation(
    policy: str, judge: Callable[[ResourceValidationArgs], Verdict | NotApplicable]
) -> ResourceValidation:
    """The validation of a resource policy of this name."""

    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        try:
            outcome = judge(args)
        except Exception as error:
            say_not_judged(policy, args.urn, error)
            return
        if isinstance(outcome, NotApplicable):
            args.not_applicable(outcome.reason)
        elif outcome.problems:
            report_violation(outcome.message, None)

    return validate


def stack_validation(policy: str, judge: Callable[[StackView, PolicyResource], Verdict]) -> StackValidation:
    """The validation of a stack policy of this name, which judges each trail of the stack."""

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        # Here and not above: more than half of what the pack adds to the start, and needed once, at the end of a run.
        from .stack_view import StackView

        try:
            stack = StackView(args.resources)
        except Exception as error:
            say_not_judged(policy, "the stack", error)
            return
        for report in within_budget(_verdicts(policy, judge, stack)):
            report_violation(report.message, report.urn)
        if not stack.trails:
            args.not_applicable("There is no CloudTrail trail in this stack.")

    return validate


def say_not_judged(policy: str, what: str, error: Exception) -> None:
    """Says on stderr that something could not be judged, and where in the code."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" ({place.tb_frame.f_code.co_name}, line {place.tb_lineno})" if place else ""
    sys.stderr.write(f"{policy}: {what} was not judged: {type(error).__name__}{where}. Please report this.\n")


def _verdicts(
    policy: str, judge: Callable[[StackView, PolicyResource], Verdict], stack: StackView
) -> Iterator[tuple[str, Verdict]]:
    for trail in stack.trails:
        try:
            yield trail.urn, judge(stack, trail)
        except Exception as error:
            say_not_judged(policy, trail.urn, error)
