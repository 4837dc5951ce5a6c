"""Sets on a resource what a remedy says, keeps secret what is secret, and never raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, cast

from pulumi_policy import ResourceValidationArgs

from ..configuration.exemptions import Outcome, Subject
from ..model.trail import Trail
from ..model.verdict import Code
from ..stack.resource_types import TRAIL_TYPES, TrailType
from ..stack.trail import subject_from, trail_from
from .validation import (
    NO_TRAIL,
    JudgeTrail,
    ReadConfiguration,
    SettingsT,
    outcome_of,
    say_not_judged,
    why_not_applicable,
)

# What to set on a trail of which these problems are reported.
Remedy = Callable[[Trail, Subject, SettingsT, frozenset[Code]], Mapping[str, str]]


def remediate_resource(
    policy: str,
    read: ReadConfiguration[SettingsT],
    judge: JudgeTrail[SettingsT],
    remedy: Remedy[SettingsT],
    args: ResourceValidationArgs,
) -> Any:
    """Remediates a resource for the policy of this name: what its validation would report.

    The new values are put into the very mapping that the SDK handed over: a copy would lose what is secret in it.
    """
    trail_type = TRAIL_TYPES.get(args.resource_type)
    if trail_type is None:
        args.not_applicable(NO_TRAIL)
        return None
    try:
        settings = read(args.get_config() or {}).settings
        outcome = outcome_of(args, trail_type, settings, judge)
        changes = _changes(args, trail_type, settings, outcome, remedy)
    except Exception as error:
        say_not_judged(policy, args.urn, error)
        return None
    if reason := why_not_applicable(outcome):
        args.not_applicable(reason)
    if not changes:
        return None
    properties = cast("MutableMapping[str, Any]", args.props)
    for name, value in changes.items():
        properties[name] = value
    return properties


def _changes(
    args: ResourceValidationArgs,
    trail_type: TrailType,
    settings: SettingsT,
    outcome: Outcome | None,
    remedy: Remedy[SettingsT],
) -> Mapping[str, str]:
    if not (outcome and outcome.verdict.problems):
        return {}
    reported = frozenset(problem.code for problem in outcome.verdict.problems)
    return remedy(trail_from(args, trail_type), subject_from(args, trail_type), settings, reported)
