"""Sets on a resource what fixes the problems that its policy reports, keeps secret what is secret, and never raises."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, cast

from pulumi_policy import ResourceValidationArgs

from ..rules.remediation import fixes
from ..stack.terraform_types import is_of_terraform
from ..stack.trail import is_trail
from .resources import EngineResource, stack_tags_of
from .validation import NO_TRAIL, outcome_of, say_not_judged, why_not_applicable

if TYPE_CHECKING:
    from .callbacks import Judge


def remediate_resource(judge: Judge, args: ResourceValidationArgs) -> Any:
    """Remediates a resource for a resource policy: what its validation would report.

    The new values are put into the very mapping that the SDK handed over: a copy would lose what is secret in it.
    """
    resource = EngineResource(args)
    if not is_trail(resource) or is_of_terraform(resource.type):  # nothing in a template, nor in another tool's state
        args.not_applicable(NO_TRAIL)
        return None
    try:
        settings = judge.configuration(args.get_config() or {}).settings
        outcome = outcome_of(judge, resource, settings, stack_tags_of(args))
        changes = fixes(outcome.verdict.problems) if outcome else {}
    except Exception as error:
        say_not_judged(judge.policy, args.urn, error)
        return None
    if reason := why_not_applicable(outcome):
        args.not_applicable(reason)
    if not changes:
        return None
    properties = cast("MutableMapping[str, Any]", args.props)
    for name, value in changes.items():
        properties[name] = value
    return properties
