"""Finds the trails of a stack: those of the program, and those in the templates that it deploys."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.reasons import Doubt
from ..stack.declarations import Stack, StackTrail
from ..stack.resource import Resource

if TYPE_CHECKING:
    from ..cloudformation.resources import TemplateContent


@dataclass(frozen=True)
class FoundTrails:
    """The trails of a stack."""

    trails: Sequence[StackTrail]
    """Those to judge, without those that are only read."""
    undetermined: Sequence[tuple[str, str, Doubt]]
    """What may be a trail of a template, which cannot be told: the URN of what deploys it, its logical id (empty where
    that is not known either), and why."""
    any_trail: bool
    """Whether the stack declares or reads a trail."""
    declares_trail: bool
    """Whether the stack declares a trail of its own, or may do so."""


def find_trails(
    resources: Sequence[Resource], only_read: Container[str] = (), around: Stack | None = None
) -> FoundTrails:
    """The trails among the resources of a whole stack. only_read: the URNs of what is known to be only read.

    around: what other stacks declare; None where these are not known.
    """
    stack = Stack(resources, only_read, around)
    found = [(owner, content) for owner in stack.templates() if (content := content_of(owner))]
    templates = [(owner, each) for owner, content in found for each in content.all()]
    stacks = [stack, *(Stack(each.resources, outer=stack, in_sample=each.in_sample) for _, each in templates)]
    undetermined = [(owner.urn, *each) for owner, content in templates for each in content.undetermined]
    return FoundTrails(
        trails=[trail for each in stacks for trail in each.trails()],
        undetermined=undetermined,
        any_trail=any(each.any_trail for each in stacks),
        declares_trail=any(logical_id for _, logical_id, _ in undetermined)
        or any(each.declares_trail for each in stacks),
    )


def content_of(owner: Resource) -> TemplateContent | None:
    """What the template of a resource declares; None where it declares no trail."""
    from ..cloudformation.resources import read_content  # few stacks deploy a template

    return read_content(owner)


def targets_of(owner: Resource) -> Sequence[Resource]:
    """What the template of a resource declares that the trails of other stacks may need."""
    from ..cloudformation.resources import read_targets

    return read_targets(owner)
