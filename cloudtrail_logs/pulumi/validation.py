"""Judges a resource or a stack that the SDK hands over, reports what is wrong, and never raises.

An exception in a validator ends the whole run with a bare gRPC error, and an `UnknownValueError` ends the judgement of
all later trails. So every error is caught here, for each trail separately, and reported in one line on
stderr, which the CLI shows as information. Only the kind of the error is named: its text may hold a property's value.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Final

from pulumi_policy import ReportViolation, ResourceValidationArgs, StackValidationArgs

from ..configuration.exemptions import Outcome
from ..configuration.settings import Settings
from ..judgement.outcomes import RequiredTrail, in_stack, in_template, of_trail, required_trail
from ..model.quoting import shown, shown_urn
from ..model.verdict import Verdict
from ..report.explanation import explained, why_exempt
from ..report.size_limit import within_budget
from ..stack.resource import Resource
from ..stack.resource_types import (
    DEPLOYING_TYPES,
    LANDING_ZONE_TYPES,
    ROLE_TYPES,
    STACK_TYPE,
    TEMPLATE_TYPES,
    TRAIL_TYPES,
)
from ..stack.trail import is_only_read, is_trail
from .resources import resource_from, stack_tags_of

if TYPE_CHECKING:
    from .callbacks import Judge

_MAY_BE_ONLY_READ: Final = DEPLOYING_TYPES | {*TRAIL_TYPES, *ROLE_TYPES}
_LANDING_ZONE: Final = "cannot tell: AWS makes the trails of a landing zone, and the stack does not show them"
NO_TRAIL: Final = "This is not a CloudTrail trail."
_ONLY_READ: Final = "This trail is only read here: its settings are managed elsewhere."
_NO_TRAILS: Final = "There is no CloudTrail trail in this stack."
_NOTHING_LEFT: Final = "Every CloudTrail trail of this stack is exempt, or gives this policy nothing to check."


def validate_resource(judge: Judge, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
    """Validates a resource for a resource policy, which judges each trail by its own properties.

    What is wrong with the configuration is reported on the resource of the stack itself, which is analyzed once a run.
    """
    try:
        resource = resource_from(args)
        _note_whether_only_read(judge, resource)
        if is_trail(resource):
            settings = judge.configuration(args.get_config() or {}).settings
            outcome = outcome_of(judge, resource, settings, stack_tags_of(args))
            if outcome and settings.explain:
                _explain(judge.policy, args.urn, "", outcome)
            inapplicable, message = why_not_applicable(outcome), outcome.verdict.message if outcome else ""
        elif resource.type in TEMPLATE_TYPES:
            inapplicable, message = _validate_template(judge, resource, args, report_violation), ""
        else:
            inapplicable = NO_TRAIL
            message = judge.configuration(args.get_config() or {}).message if resource.type == STACK_TYPE else ""
    except Exception as error:
        say_not_judged(judge.policy, args.urn, error)
        return
    if message:
        report_violation(message, None)
    elif inapplicable:
        args.not_applicable(inapplicable)


def _validate_template(
    judge: Judge, owner: Resource, args: ResourceValidationArgs, report_violation: ReportViolation
) -> str:
    """Validates what deploys a template: each trail in it gets a report of its own.

    Answers why the policy does not apply to it; empty where it does.
    """
    settings = judge.configuration(args.get_config() or {}).settings
    exempt: list[str] = []
    for logical_id, outcome in in_template(judge.load_rule(), owner, settings, stack_tags_of(args), _today()):
        if settings.explain:
            _explain(judge.policy, args.urn, logical_id, outcome)
        exempt.append(why_not_applicable(outcome))
        if message := outcome.verdict.message:
            report_violation(message, None)
    if not exempt:
        return NO_TRAIL
    return "; ".join(exempt) if all(exempt) else ""


def validate_stack(judge: Judge, args: StackValidationArgs, report_violation: ReportViolation) -> None:
    """Validates a stack for a stack policy, which judges each trail of the stack.

    What is wrong with the configuration is reported without a resource.
    """
    try:
        from ..judgement.lookups import mistakes_of

        configuration = judge.configuration(args.get_config() or {})
        configuration = replace(configuration, mistakes=configuration.mistakes + mistakes_of(configuration.settings))
        outcomes = _Outcomes(judge, configuration.settings, args)
    except Exception as error:
        say_not_judged(judge.policy, "the stack", error)
        return
    if configuration.message:
        report_violation(configuration.message, None)
    for report in within_budget(outcomes.verdicts()):
        report_violation(report.message, report.urn)
    if not outcomes.applies and not configuration.message:
        args.not_applicable(_NOTHING_LEFT if outcomes.any_trail else _NO_TRAILS)


def outcome_of(judge: Judge, resource: Resource, settings: Settings, stack_tags: Mapping[str, str]) -> Outcome | None:
    """What a resource policy says of a trail, after the exemptions; None where the trail is only read here."""
    return of_trail(judge.load_rule(), resource, settings, stack_tags, _today())


def _note_whether_only_read(judge: Judge, resource: Resource) -> None:
    if resource.type in _MAY_BE_ONLY_READ:
        if is_only_read(resource):
            judge.only_read.add(resource.urn)
        else:
            judge.only_read.discard(resource.urn)


def why_not_applicable(outcome: Outcome | None) -> str:
    """Why a resource policy does not apply to a trail; empty where it does. Pulumi Cloud then counts it nowhere."""
    if outcome is None:
        return _ONLY_READ
    return why_exempt(outcome) if outcome.is_right_only_by_exemption else ""


class _Outcomes:
    """What a stack policy says of the trails of a stack, one after the other."""

    def __init__(self, judge: Judge, settings: Settings, args: StackValidationArgs) -> None:
        # Here and not above: resource policies need none of it.
        from ..judgement.found_trails import find_trails
        from ..judgement.lookups import look_up

        self.applies = False
        """Whether the policy had an answer about any trail so far, or could not judge one."""
        self._name = judge.policy
        self._settings = settings
        self._stack_tags = stack_tags_of(args)
        self._rule = rule = judge.load_rule()
        resources = [resource_from(each) for each in args.resources]
        found = find_trails(resources, judge.only_read)
        self._trails = found.trails
        self.any_trail = found.any_trail
        if settings.explain:
            for urn, logical_id, doubt in found.undetermined:
                _explain(self._name, urn, logical_id, Outcome(Verdict(doubts=(doubt,))))
            for zone in (each for each in resources if each.type in LANDING_ZONE_TYPES):
                _say(f"{self._name}: {shown_urn(zone.urn)}: {_LANDING_ZONE}")
        self._required = required_trail(rule, found.declares_trail, resources, settings)
        self._answers = look_up(self._trails, lambda trail: rule.questions(trail, settings), settings.seconds_for_aws)

    def verdicts(self) -> Iterator[tuple[str | None, Verdict]]:
        """The verdict on each trail, after the exemptions, with the trail's URN; before them the one on the stack."""
        today = _today()
        if self._required:
            yield self._required.urn, self._after_exemptions_of_stack(self._required, today)
        for trail in self._trails:
            urn = trail.urn
            try:
                answers = self._answers(trail)
                outcome = in_stack(self._rule, trail, self._settings, answers, self._stack_tags, today)
                if self._settings.explain:
                    _explain(self._name, urn, trail.names.logical_id, outcome)
            except Exception as error:
                say_not_judged(self._name, urn, error)
                self.applies = True
                continue
            self.applies = self.applies or outcome.applies
            yield urn, outcome.verdict

    def _after_exemptions_of_stack(self, required: RequiredTrail, today: date) -> Verdict:
        where = shown_urn(required.urn or "the stack")
        try:
            outcome = required.outcome(self._settings, self._stack_tags, today)
            if self._settings.explain:
                _say(f"{self._name}: {where}: {explained(outcome)}")
        except Exception as error:
            say_not_judged(self._name, where, error)
            self.applies = True
            return Verdict()
        self.applies = outcome.applies
        return outcome.verdict


def _explain(policy: str, urn: str, logical_id: str, outcome: Outcome) -> None:
    trail = f"{shown(logical_id)}: " if logical_id else ""
    _say(f"{policy}: {shown_urn(urn)}: {trail}{explained(outcome)}")


def say_not_judged(policy: str, what: str, error: Exception) -> None:
    """Says on stderr that something could not be judged, and where in the code."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" ({place.tb_frame.f_code.co_name}, line {place.tb_lineno})" if place else ""
    _say(f"{policy}: {shown_urn(what)} was not checked: {type(error).__name__}{where}. Please report this.")


def _today() -> date:
    return datetime.now(timezone.utc).date()


def _say(line: str) -> None:
    """Says something on stderr, which the CLI shows as information. One call, so that threads do not mix lines."""
    sys.stderr.write(f"{line}\n")
