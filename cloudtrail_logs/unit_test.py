"""Asks the policies about a program from its own unit test: `problems_in(recorder.resources)`.

Give a `Recorder` to `pulumi.runtime.set_mocks`, run the program, and ask. It needs the standard library alone. A mock
knows no dependencies, so what a value was made of cannot be told: an ARN that no recorded resource has may come from a
StackReference or be typed, and is not reported. What a mock leaves out of the ARNs of a trail looks as if it was not
set. examples/unit-test/test_infrastructure.py shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final

from .configuration.settings import CanDeliverSettings, ExistSettings, IntegratedSettings, Settings
from .judgement.found_trails import find_trails
from .model.value import UNKNOWN
from .model.verdict import Verdict
from .rules import cloudwatch_logs_integrated, log_group_and_role_exist, role_can_deliver
from .rules.trail_in_stack import NO_ANSWERS
from .stack.declarations import StackTrail
from .stack.properties import Properties
from .stack.resource import ProviderResource, Resource, TemplatePlace
from .stack.resource_types import TRAIL_TYPES, shown_type
from .stack.translated import translated

# The rules of stack policies, with their default settings. The policy that asks AWS is not one of them.
_RULES: Final[Sequence[tuple[ModuleType, Settings]]] = (
    (log_group_and_role_exist, ExistSettings()),
    (role_can_deliver, CanDeliverSettings()),
)
# What AWS or its API always has, so that a mock that leaves it out says nothing about it.
_ALWAYS_THERE: Final = dict.fromkeys(
    (
        *("arn", "name", "logGroupName", "roleName", "role", "policyArn", "policy", "policyDocument"),
        *("assumeRolePolicy", "assumeRolePolicyDocument"),
    ),
    UNKNOWN,
)
_LOG_GROUP: Final = "arn:{partition}:logs:{region}:{account}:log-group:{name}"
_ROLE: Final = "arn:{partition}:iam::{account}:role/{name}"
_ARNS: Final[Mapping[str, str]] = {
    "aws:cloudwatch/logGroup:LogGroup": _LOG_GROUP,
    "aws:cloudwatch/getLogGroup:getLogGroup": _LOG_GROUP,
    "aws-native:logs:LogGroup": f"{_LOG_GROUP}:*",
    "aws:iam/role:Role": _ROLE,
    "aws:iam/getRole:getRole": _ROLE,
    "aws-native:iam:Role": _ROLE,
    "aws:iam/policy:Policy": "arn:{partition}:iam::{account}:policy/{name}",
}
_ANY_ARN: Final = "arn:{partition}:{service}:{region}:{account}:{name}"
# With which the SDK marks a secret, as a key and its value (Pulumi SDK, `runtime/rpc.py`).
_SIGNATURE: Final = ("4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270")


@dataclass(frozen=True)
class Recorded:
    """A resource that a program registered or read."""

    type: str
    """Its type token, such as aws:cloudtrail/trail:Trail."""
    name: str
    """Its name in the Pulumi program."""
    properties: Mapping[str, Any]
    """Its inputs and outputs, by the names that its provider gives them: cloudWatchLogsGroupArn."""
    provider: str = ""
    """The reference of its provider, `URN::ID`; empty for the default one."""
    is_read: bool = False
    """Whether the program only reads it, with `.get`."""


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


@dataclass
class Recorder:
    """Mocks for `pulumi.runtime.set_mocks` that record each resource, and answer with the ARN that AWS would give it.

    To answer more, override `outputs` in a subclass.
    """

    account: str = "123456789012"
    region: str = "us-east-1"
    partition: str = "aws"
    resources: list[Recorded] = field(default_factory=list)

    @property
    def trails(self) -> list[str]:
        """The names of the trails that the program manages, in the order of their registration; without templates."""
        return [each.name for each in self.resources if each.type in TRAIL_TYPES and not each.is_read]

    def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
        """Called by the SDK for each resource (`pulumi.runtime.Mocks`). args: a MockResourceArgs."""
        inputs = _plain(args.inputs)
        given = (inputs.get(each) for each in ("name", "roleName", "logGroupName"))
        name = str(args.resource_id or next(filter(None, given), args.name))
        properties = {"arn": self._arn(args.typ, name), "name": name, **self.outputs(args), **inputs}
        self.resources.append(Recorded(args.typ, args.name, properties, args.provider, bool(args.resource_id)))
        return name, {**properties, **args.inputs}

    def call(self, args: Any) -> dict[str, Any]:
        """Called by the SDK for each function (`pulumi.runtime.Mocks`). args: a MockCallArgs."""
        name = str(args.args.get("name") or self.region)
        place = {"accountId": self.account, "region": self.region, "partition": self.partition}
        return {"arn": self._arn(args.token, name), "name": name, **place, **args.args}

    def outputs(self, args: Any) -> Mapping[str, Any]:
        """More outputs of a resource. args: a MockResourceArgs."""
        return {}

    def _arn(self, token: str, name: str) -> str:
        service = token.split(":")[1].split("/")[0]
        place = {"partition": self.partition, "region": self.region, "account": self.account}
        return _ARNS.get(token, _ANY_ARN).format(name=name, service=service, **place)


def problems_in(resources: Iterable[Recorded], project: str = "project", stack: str = "stack") -> list[TrailProblem]:
    """What the policies report about the trails of a program, with their default settings.

    project, stack: as they were given to `pulumi.runtime.set_mocks`; messages may name them.
    """
    given = list(resources)
    providers = {each.name: _Provider(each) for each in given if each.type.startswith("pulumi:providers:")}
    begin = f"urn:pulumi:{stack}::{project}"
    # The number stands for the parents, which a mock is not told: two resources may differ by them alone.
    urns = (f"{begin}::{number}${each.type}::{each.name}" for number, each in enumerate(given))
    seen = [_Resource(each, urn, providers) for each, urn in zip(given, urns, strict=True)]
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


class _Provider:
    """The provider of a recorded resource. Its members are those of `stack.resource.ProviderResource`."""

    def __init__(self, recorded: Recorded) -> None:
        self.urn = recorded.name
        self.properties = Properties(recorded.properties)


class _Resource:
    """A recorded resource. Its members are those of `stack.resource`."""

    template: TemplatePlace | None = None
    ignored_changes: Sequence[str] = ()
    dependencies: Sequence[Resource] = ()
    sources_recorded = False

    def __init__(self, recorded: Recorded, urn: str, providers: Mapping[str, _Provider]) -> None:
        self.recorded = recorded
        self.type = recorded.type
        self.kind = shown_type(recorded.type)
        self.name = recorded.name
        self.urn = urn
        # The reference of a provider is its URN and its id.
        name = recorded.provider.rpartition("::")[0].rpartition("::")[2]
        self.provider: ProviderResource | None = providers.get(name)
        given = recorded.properties
        self.properties = Properties(given if recorded.type in TRAIL_TYPES else {**_ALWAYS_THERE, **given})

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """None is recorded; for a trail it is as if it were only made of what is read."""
        return () if self.type in TRAIL_TYPES else None


def _plain(value: Any) -> Any:
    """A value without the marks of secrets."""
    if isinstance(value, Mapping):
        key, mark = _SIGNATURE
        if value.get(key) == mark:
            return _plain(value.get("value"))
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
