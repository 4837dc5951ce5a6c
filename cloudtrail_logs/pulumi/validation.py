"""Judges a resource or a stack that the SDK hands over, reports what is wrong, and never raises.

An exception in a validator ends the whole run with a bare gRPC error, and an `UnknownValueError` ends the judgement of
all later trails. So whatever goes wrong inside is caught here, for each trail by itself, and said in one line on
stderr, which the CLI shows as information. Only the kind of the error is named: its text may hold a property's value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pulumi_policy import PolicyResource, ReportViolation, ResourceValidationArgs, StackValidationArgs

from ..configuration.exemptions import Outcome, Subject, after_exemptions
from ..configuration.reader import Configuration
from ..configuration.settings import Settings
from ..model.quoting import shown
from ..model.trail import Trail
from ..model.verdict import Verdict
from ..report.explanation import explained, why_exempt
from ..report.size_limit import within_budget
from ..stack.resource_types import TRAIL_TYPES, TrailType
from ..stack.trail import is_only_read, subject_from, trail_from

if TYPE_CHECKING:
    from ..stack.declarations import StackView

NO_TRAIL: Final = "This is not a CloudTrail trail."
_ONLY_READ: Final = "This trail is only read here: its settings are managed elsewhere."
_NO_TRAILS: Final = "There is no CloudTrail trail in this stack."
_NOTHING_LEFT: Final = "Every CloudTrail trail of this stack is exempt, or gives this policy nothing to judge."
_LONGEST_URN: Final = 1_000
_STACK: Final = "pulumi:pulumi:Stack"

SettingsT = TypeVar("SettingsT", bound=Settings)
ReadConfiguration = Callable[[Mapping[str, Any]], Configuration[SettingsT]]
JudgeTrail = Callable[[Trail, Subject, SettingsT], Verdict]
# Made once for a stack: what judges each of its trails.
JudgesInStack = Callable[["StackView", SettingsT], Callable[[PolicyResource], Verdict]]


def validate_resource(
    policy: str,
    read: ReadConfiguration[SettingsT],
    judge: JudgeTrail[SettingsT],
    args: ResourceValidationArgs,
    report_violation: ReportViolation,
) -> None:
    """Validates a resource for the resource policy of this name, which judges each trail by its own properties.

    What is wrong with the configuration is reported on the resource of the stack itself, which is analyzed once a run.
    """
    trail_type = TRAIL_TYPES.get(args.resource_type)
    try:
        if trail_type is None:
            inapplicable, message = NO_TRAIL, _mistakes(args, read) if args.resource_type == _STACK else ""
        else:
            inapplicable, message = _judged(policy, args, trail_type, read, judge)
    except Exception as error:
        say_not_judged(policy, args.urn, error)
        return
    if message:
        report_violation(message, None)
    elif inapplicable:
        args.not_applicable(inapplicable)


def validate_stack(
    policy: str,
    read: ReadConfiguration[SettingsT],
    judges: JudgesInStack[SettingsT],
    args: StackValidationArgs,
    report_violation: ReportViolation,
) -> None:
    """Validates a stack for the stack policy of this name, which judges each trail of the stack.

    What is wrong with the configuration is reported without a resource.
    """
    # Here and not above: resource policies need none of it.
    from ..stack.declarations import StackView

    try:
        configuration = read(args.get_config() or {})
        stack = StackView(args.resources)
        judge = judges(stack, configuration.settings)
    except Exception as error:
        say_not_judged(policy, "the stack", error)
        return
    if configuration.message:
        report_violation(configuration.message, None)
    applies = False

    def left_to_report() -> Iterator[tuple[str, Verdict]]:
        nonlocal applies
        for urn, outcome in _outcomes(policy, configuration.settings, judge, stack):
            applies = applies or outcome is None or outcome.applies
            if outcome:
                yield urn, outcome.verdict

    for report in within_budget(left_to_report()):
        report_violation(report.message, report.urn)
    if not applies and not configuration.message:
        args.not_applicable(_NOTHING_LEFT if stack.trails else _NO_TRAILS)


def outcome_of(
    args: ResourceValidationArgs, trail_type: TrailType, settings: SettingsT, judge: JudgeTrail[SettingsT]
) -> Outcome | None:
    """What a resource policy says of a trail; None where that is only read here."""
    if is_only_read(args):
        return None
    subject = subject_from(args, trail_type)
    verdict = judge(trail_from(args, trail_type), subject, settings)
    return after_exemptions(verdict, subject, settings.exemptions, _today())


def why_not_applicable(outcome: Outcome | None) -> str:
    """Why a resource policy does not apply to a trail; empty where it does. Pulumi Cloud then counts it nowhere."""
    if outcome is None:
        return _ONLY_READ
    return why_exempt(outcome) if outcome.is_right_only_by_exemption else ""


def say_not_judged(policy: str, what: str, error: Exception) -> None:
    """Says on stderr that something could not be judged, and where in the code."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" ({place.tb_frame.f_code.co_name}, line {place.tb_lineno})" if place else ""
    _say(f"{policy}: {shown(what, _LONGEST_URN)} was not judged: {type(error).__name__}{where}. Please report this.")


def _judged(
    policy: str,
    args: ResourceValidationArgs,
    trail_type: TrailType,
    read: ReadConfiguration[SettingsT],
    judge: JudgeTrail[SettingsT],
) -> tuple[str, str]:
    """Why the policy does not apply to a trail, and what it reports; both empty where there is nothing wrong."""
    settings = read(args.get_config() or {}).settings
    outcome = outcome_of(args, trail_type, settings, judge)
    if outcome and settings.explain:
        _say(f"{policy}: {shown(args.urn, _LONGEST_URN)}: {explained(outcome)}")
    return why_not_applicable(outcome), outcome.verdict.message if outcome else ""


def _outcomes(
    policy: str, settings: Settings, judge: Callable[[PolicyResource], Verdict], stack: StackView
) -> Iterator[tuple[str, Outcome | None]]:
    """What a stack policy says of each trail; None where it could not be judged."""
    today = _today()
    for trail in stack.trails:
        outcome = None
        try:
            subject = subject_from(trail, TRAIL_TYPES[trail.resource_type])
            outcome = after_exemptions(judge(trail), subject, settings.exemptions, today)
            if settings.explain:
                _say(f"{policy}: {shown(trail.urn, _LONGEST_URN)}: {explained(outcome)}")
        except Exception as error:
            say_not_judged(policy, trail.urn, error)
        yield trail.urn, outcome


def _mistakes(args: ResourceValidationArgs, read: ReadConfiguration[SettingsT]) -> str:
    return read(args.get_config() or {}).message


def _today() -> date:
    return datetime.now(timezone.utc).date()


def _say(line: str) -> None:
    """Says something on stderr, which the CLI shows as information. One call, so that threads do not mix lines."""
    sys.stderr.write(f"{line}\n")
