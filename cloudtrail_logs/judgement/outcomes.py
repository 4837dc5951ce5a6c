"""What a policy says of a trail or a stack, after the exemptions: the same, whoever hands over the resources.

rule: the module of the policy's rule. stack_tags: of the Pulumi stack, empty where they are not known. today: in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ..configuration.exemptions import Outcome, after_exemptions
from ..configuration.settings import Settings
from ..model.trail import TrailNames
from ..model.value import ABSENT
from ..model.verdict import Verdict
from ..stack.cloudformation_types import TRAIL
from ..stack.properties import Properties
from ..stack.resource import Resource
from ..stack.resource_types import STACK_TYPE
from ..stack.trail import is_only_read, is_trail, names_from, names_of, stack_of, trail_from

if TYPE_CHECKING:
    from ..stack.declarations import StackTrail


def of_trail(
    rule: Any, resource: Resource, settings: Settings, stack_tags: Mapping[str, str], today: date
) -> Outcome | None:
    """What a resource policy says of a trail; None where the trail is only read here."""
    if is_only_read(resource):
        return None
    names = names_of(resource)
    return _outcome(rule.judge(trail_from(resource), names, settings), names, settings, stack_tags, today)


def in_template(
    rule: Any, owner: Resource, settings: Settings, stack_tags: Mapping[str, str], today: date
) -> list[tuple[str, Outcome]]:
    """What a resource policy says of each trail in the template that a resource deploys, by logical id."""
    from .found_trails import content_of  # few stacks deploy a template

    content = None if is_only_read(owner) else content_of(owner)
    if not content:
        return []
    trails = [trail for each in content.all() for trail in each.resources if is_trail(trail)]
    found = [(trail.name, of_trail(rule, trail, settings, stack_tags, today)) for trail in trails]
    outcomes = [(logical_id, outcome) for logical_id, outcome in found if outcome]
    for logical_id, doubt in (of_one for each in content.all() for of_one in each.undetermined):
        names = replace(names_from(owner.urn, TRAIL, Properties({})), logical_id=logical_id)
        outcome = _outcome(rule.judge_doubt(doubt, settings), names, settings, stack_tags, today)
        outcomes.append((logical_id, outcome))
    return outcomes


def in_stack(
    rule: Any, trail: StackTrail, settings: Settings, answers: Any, stack_tags: Mapping[str, str], today: date
) -> Outcome:
    """What a stack policy says of a trail. answers: of AWS, to the rule's questions about it."""
    verdict = rule.judge(trail, settings, answers)
    if not verdict.problems and not trail.resource.template:
        return Outcome(verdict)  # its names are needed for nothing
    return _outcome(verdict, trail.names, settings, stack_tags, today)


def _outcome(
    verdict: Verdict, names: TrailNames, settings: Settings, stack_tags: Mapping[str, str], today: date
) -> Outcome:
    headed = replace(verdict, heading=names.heading) if names.logical_id else verdict
    return after_exemptions(headed, names, stack_tags, settings.indexed_exemptions, today)


@dataclass(frozen=True)
class RequiredTrail:
    """That a stack must have a trail, and has none."""

    urn: str | None
    """Of the stack's own resource; None where that is not among the resources."""
    names: TrailNames
    """What exemptions are about: those of the stack, and no name of a trail."""
    verdict: Verdict

    def outcome(self, settings: Settings, stack_tags: Mapping[str, str], today: date) -> Outcome:
        """What the exemptions leave of it."""
        return after_exemptions(self.verdict, self.names, stack_tags, settings.indexed_exemptions, today)


def required_trail(
    rule: Any, declares_trail: bool, resources: Sequence[Resource], settings: Settings
) -> RequiredTrail | None:
    """The verdict on a stack that must have a trail and has none.

    None where nothing is required, or there is a trail. A stack without any resource is one that is destroyed, or has
    not been created: there is nothing that its trail would have to watch.
    """
    judge_stack = getattr(rule, "judge_stack", None)
    if not judge_stack or not resources:
        return None
    own = next((each.urn for each in resources if each.type == STACK_TYPE), None)
    stack = stack_of(own or resources[0].urn)
    verdict = judge_stack(stack, declares_trail, settings)
    if verdict is None or not verdict.problems:
        return None
    return RequiredTrail(own, TrailNames("", ABSENT, "", stack.project, stack.stack), verdict)
