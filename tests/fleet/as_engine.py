"""A state as the engine hands it to a policy pack in `policy analyze`, and what a pack answers: for the tests of the audit.

Facts copied from the engine (CLI 3.276): `resource/deploy/analyze_snapshot.go`, `resource/plugin/analyzer_plugin.go`,
`resource/plugin/property_filter.go`, `resource/stack/migrate/resource.go`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudtrail_logs.model.enforcement_level import ADVISORY, MANDATORY
from tests.analyzers import Analyzer
from tests.fleet.same_verdict import Said, root_urn
from tests.stacks import Resource

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
# What the CLI takes for a secret that it cannot decrypt.
REDACTED = "[secret]"
_LEVELS = {0: ADVISORY, 1: MANDATORY}


@dataclass(frozen=True)
class Sent(Resource):
    """A resource whose messages are given."""

    alone: Mapping[str, Any] = field(default_factory=dict)
    with_stack: Mapping[str, Any] = field(default_factory=dict)

    @property
    def inputs_message(self) -> dict[str, Any]:
        return dict(self.alone)

    @property
    def message(self) -> dict[str, Any]:
        return dict(self.with_stack)


def said_to_engine(analyzer: Analyzer, document: Mapping[str, Any]) -> list[Said]:
    """What the pack says of an exported state, as `policy analyze` would print it. The pack is configured already."""
    sent = list(_sent(document))
    urns = {each.given_urn for each in sent}
    found: list[Said] = []
    for each in sent:
        analyzer.remediate(each)
        answer = analyzer.analyze(each)
        assert answer.can_not_run == ()
        found += [Said(one.policy, _LEVELS[one.level], each.given_urn, one.message) for one in answer.reports]
    answer = analyzer.analyze_stack(sent)
    assert answer.can_not_run == ()
    root = root_urn(document["deployment"]["resources"])
    found += [
        Said(one.policy, _LEVELS[one.level], one.urn if one.urn in urns else root, one.message)
        for one in answer.reports
    ]
    return sorted(found)


def _sent(document: Mapping[str, Any]) -> Iterator[Sent]:
    given: Sequence[Mapping[str, Any]] = document["deployment"]["resources"]
    providers = {each["urn"]: each for each in given if each["type"].startswith("pulumi:providers:")}
    for each in given:
        if each.get("delete"):
            continue
        urn, token = each["urn"], each["type"]
        base: dict[str, Any] = {
            "urn": urn,
            "type": token,
            "name": urn.split("::", 3)[3],
            "options": {"customTimeouts": {}, "ignoreChanges": list(each.get("ignoreChanges") or ())},
        }
        provider = providers.get((each.get("provider") or "").rpartition("::")[0])
        if provider:
            base["provider"] = {
                "urn": provider["urn"],
                "type": provider["type"],
                "name": provider["urn"].split("::", 3)[3],
                "properties": _properties(provider.get("inputs")),
            }
        sources = each.get("propertyDependencies") or {}
        if document["version"] < 3:
            sources = dict.fromkeys(each.get("inputs") or {}, each.get("dependencies") or ())
        in_stack = {
            **base,
            "properties": _properties(each.get("outputs")),
            "dependencies": list(each.get("dependencies") or ()),
            "propertyDependencies": {name: {"urns": list(urns)} for name, urns in sources.items() if urns},
        }
        alone = {**base, "properties": _properties(each.get("inputs"))}
        yield Sent(token, base["name"], {}, given_urn=urn, alone=alone, with_stack=in_stack)


def _properties(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: sent(value) for name, value in (given or {}).items() if not name.startswith("__")}


def sent(value: Any) -> Any:
    """A stored value as the engine sends it."""
    if isinstance(value, list):
        return [sent(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET:
        return {
            SIGNATURE: SECRET,
            "value": sent(json.loads(value["plaintext"])) if "plaintext" in value else REDACTED,
        }
    if value.get(SIGNATURE) == REFERENCE:
        return value.get("id") or value["urn"]
    return {name: sent(each) for name, each in value.items()}
