"""Asks the policies about a program from its own unit test: `problems_in(recorder.resources)`.

Give a `Recorder` to `pulumi.runtime.set_mocks`, run the program, and ask. It needs the standard library alone. A mock
knows no dependencies, so what a value was made of cannot be told: an ARN that no recorded resource has may come from a
StackReference or be typed, and is not reported. What a mock leaves out of the ARNs of a trail looks as if it was not
set. examples/unit-test/test_infrastructure.py shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from .configuration.settings import CanDeliverSettings, ExistSettings, IntegratedSettings, Settings
from .judgement.found_trails import find_trails
from .model.value import UNKNOWN
from .model.verdict import Verdict
from .recorder import Recorded, RecordedProvider, Recorder, provider_of
from .rules import cloudwatch_logs_integrated, log_group_and_role_exist, role_can_deliver
from .rules.trail_in_stack import NO_ANSWERS
from .stack.declarations import StackTrail
from .stack.properties import Properties
from .stack.resource import ProviderResource, Resource, TemplatePlace
from .stack.resource_types import TRAIL_TYPES, shown_type
from .stack.translated import translated

__all__ = ["Recorded", "Recorder", "TrailProblem", "problems_in"]

# The rules of stack policies, with their default settings. The policy that asks AWS is not one of them.
_RULES: Final[Sequence[tuple[ModuleType, Settings]]] = (
    (log_group_and_role_exist, ExistSettings()),
    (role_can_deliver, CanDeliverSettings()),
)
# What AWS or its API always has, so that a mock that leaves it out says nothing about it.
_ALWAYS_THERE: Final = dict.fromkeys(
    (
        *("arn", "name", "logGroupName", "roleName", "role", "roles", "policyArn", "policyArns", "policy"),
        *("policyDocument", "assumeRolePolicy", "assumeRolePolicyDocument"),
    ),
    UNKNOWN,
)


@dataclass(frozen=True)
class TrailProblem:
    """One thing that is wrong with a trail."""

    policy: str
    """The name of the policy that reports it."""
    trail: str
    """The trail's name in the program; `NAME/LOGICAL-ID` for one in a template."""
    code: str
    """Such as role-missing."""
    message: str
    """What is wrong, and what to set instead, as `pulumi preview` says it."""

    def __str__(self) -> str:
        return f"{self.policy}: {self.trail}: [{self.code}] {self.message}"


def problems_in(resources: Iterable[Recorded], project: str = "project", stack: str = "stack") -> list[TrailProblem]:
    """What the policies report about the trails of a program, with their default settings.

    project, stack: as they were given to `pulumi.runtime.set_mocks`; messages may name them.
    """
    given = list(resources)
    begin = f"urn:pulumi:{stack}::{project}"
    # The number stands for the parents, which a mock is not told: two resources may differ by them alone.
    urns = (f"{begin}::{number:06}${each.type}::{each.name}" for number, each in enumerate(given))
    providers = [each for each in given if each.type.startswith("pulumi:providers:")]
    pairs = zip(given, urns, strict=True)
    seen = [_Resource(each, urn, provider_of(each.provider or "", providers)) for each, urn in pairs]
    only_read = {each.urn for each in seen if each.recorded.is_read}
    found = find_trails([translated(each) for each in seen], only_read)
    return [problem for trail in found.trails for problem in _problems(trail)]


def _problems(trail: StackTrail) -> Iterator[TrailProblem]:
    names = trail.names
    label = f"{names.label}/{names.logical_id}" if names.logical_id else names.label
    integrated = cloudwatch_logs_integrated.judge(trail.trail, names, IntegratedSettings())
    yield from _said(cloudwatch_logs_integrated, label, integrated)
    for rule, settings in _RULES:
        yield from _said(rule, label, rule.judge(trail, settings, NO_ANSWERS))


def _said(rule: ModuleType, label: str, verdict: Verdict) -> Iterator[TrailProblem]:
    policy = f"cloudtrail-{rule.__name__.rpartition('.')[2].replace('_', '-')}"
    for problem in verdict.problems:
        yield TrailProblem(policy, label, problem.code.value, problem.text)


class _Resource:
    """A recorded resource. Its members are those of `stack.resource`."""

    template: TemplatePlace | None = None
    ignored_changes: Sequence[str] = ()
    dependencies: Sequence[Resource] = ()
    sources_recorded = False

    def __init__(self, recorded: Recorded, urn: str, provider: Recorded | None) -> None:
        self.recorded = recorded
        self.type = recorded.type
        self.kind = shown_type(recorded.type)
        self.name = recorded.name
        self.urn = urn
        self.provider: ProviderResource | None = RecordedProvider(provider) if provider else None
        given = recorded.properties
        self.properties = Properties(given if recorded.type in TRAIL_TYPES else {**_ALWAYS_THERE, **given})

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """None is recorded; for a trail it is as if it were only made of what is read."""
        return () if self.type in TRAIL_TYPES else None
