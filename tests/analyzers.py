"""The SDK's analyzer for the tests: its servicer within this process, and the real process that the engine starts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from cloudtrail_logs.configuration.reader import Configuration
from cloudtrail_logs.configuration.settings import Settings
from policies import pack

from .stacks import Resource

PACK = Path(__file__).resolve().parent.parent
SECONDS = 60.0


@dataclass(frozen=True)
class Report:
    """One violation, without the policy's description before it."""

    policy: str
    message: str
    urn: str
    level: int


@dataclass(frozen=True)
class Answer:
    """What the pack answered. can_not_run: what the SDK says when an unknown reached a policy."""

    reports: tuple[Report, ...]
    not_applicable: Mapping[str, str]
    can_not_run: tuple[str, ...]

    def messages(self, policy: str) -> list[str]:
        return [report.message for report in self.reports if report.policy == policy]


@dataclass(frozen=True)
class Analyzer:
    """An analyzer to ask. calls: the SDK's servicer or the generated client, which have the same methods."""

    calls: Any
    context: Mapping[str, Any] = field(default_factory=dict)

    def analyze(self, resource: Resource) -> Answer:
        request = _message(resource.inputs_message, analyzer_pb2.AnalyzeRequest)
        return _answer(self.calls.Analyze(request, **self.context))

    def analyze_stack(self, resources: Iterable[Resource]) -> Answer:
        messages = [_message(resource.message, analyzer_pb2.AnalyzerResource) for resource in resources]
        request = analyzer_pb2.AnalyzeStackRequest(resources=messages)
        return _answer(self.calls.AnalyzeStack(request, **self.context))

    def remediate(self, resource: Resource) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
        """The new properties of each remediation, and who found nothing to do with the resource."""
        request = _message(resource.inputs_message, analyzer_pb2.AnalyzeRequest)
        response = self.calls.Remediate(request, **self.context)
        assert [each.diagnostic for each in response.remediations if each.diagnostic] == []
        return (
            [json_format.MessageToDict(each.properties) for each in response.remediations],
            {each.policy_name: each.reason for each in response.not_applicable},
        )

    def configure(self, levels: Mapping[str, str], properties: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Sets enforcement levels: ADVISORY, MANDATORY, DISABLED or REMEDIATE by policy, and properties by policy."""
        configuration: dict[str, dict[str, Any]] = {name: {"enforcementLevel": level} for name, level in levels.items()}
        for name, values in (properties or {}).items():
            configuration.setdefault(name, {"enforcementLevel": "ADVISORY"})["properties"] = dict(values)
        request = json_format.ParseDict({"policyConfig": configuration}, analyzer_pb2.ConfigureAnalyzerRequest())
        self.calls.Configure(request, **self.context)

    def tag_stack(self, tags: Mapping[str, str]) -> None:
        """Sets the tags of the stack, as the engine does before it analyzes anything."""
        self.calls.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(tags=tags), **self.context)

    def info(self) -> Any:
        return self.calls.GetAnalyzerInfo(Empty(), **self.context)


def in_process() -> Analyzer:
    """The pack's policies behind the SDK's own servicer, so behind its real unknown proxies."""
    return of_policies(pack.policies())


def no_settings(_: Mapping[str, Any]) -> Configuration[Settings]:
    """For policies made by a test: the defaults, whatever the configuration."""
    return Configuration(Settings())


def of_policies(policies: Sequence[Policy]) -> Analyzer:
    """Any policies behind the SDK's servicer."""
    servicer = _PolicyAnalyzerServicer("pack", "0.0.1", list(policies), EnforcementLevel.ADVISORY)
    return Analyzer(servicer, {"_context": None})


@contextmanager
def process(errors: Path, pack: Path = PACK) -> Iterator[Analyzer]:
    """The process that the engine starts for a pack, in the pack's folder. errors: where its stderr goes."""
    with errors.open("wb") as stderr:
        running = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(pack)],
            cwd=pack,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    assert running.stdout
    try:
        port = int(running.stdout.readline())
        options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", 4 * 1024 * 1024)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            yield Analyzer(analyzer_pb2_grpc.AnalyzerStub(channel), {"timeout": SECONDS})
    finally:
        running.kill()
        running.wait(SECONDS)
        running.stdout.close()


def _message(given: Mapping[str, Any], kind: type[Any]) -> Any:
    """A message of the protocol, as json_format.ParseDict makes it in many times the time."""
    fields = {**given, "properties": _struct(given["properties"])}
    if "propertyDependencies" in given:
        fields["propertyDependencies"] = {
            name: analyzer_pb2.AnalyzerPropertyDependencies(urns=sources["urns"])
            for name, sources in given["propertyDependencies"].items()
        }
    if "provider" in given:
        fields["provider"] = _message(given["provider"], analyzer_pb2.AnalyzerProviderResource)
    return kind(**fields)


def _struct(properties: Mapping[str, Any]) -> Struct:
    made = Struct()
    made.update(properties)
    return made


def _answer(response: Any) -> Answer:
    violations = [each for each in response.diagnostics if not each.message.startswith("can't run policy")]
    for each in violations:
        assert each.message.startswith(f"{each.description}\n")
    return Answer(
        tuple(
            Report(each.policyName, each.message.removeprefix(f"{each.description}\n"), each.urn, each.enforcementLevel)
            for each in violations
        ),
        {each.policy_name: each.reason for each in response.not_applicable},
        tuple(each.message for each in response.diagnostics if each.message.startswith("can't run policy")),
    )
