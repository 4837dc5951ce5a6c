"""`exceptions CONFIG STATE`: writes exemptions of the pack as Pulumi's own policy exceptions.

It prints a configuration of version 2 for the stack of an exported state, in which each exemption that can be said so
has become an exception, by the URNs of the trails that it covers. The others stay as they are; it says why on stderr.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any, Final

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.model.quoting import quoted_label, shown
from cloudtrail_logs.model.trail import TrailNames
from cloudtrail_logs.model.value import Truth
from cloudtrail_logs.stack.cloudformation_types import TRAIL
from cloudtrail_logs.stack.properties import Properties
from cloudtrail_logs.stack.resource_types import DEPLOYING_TYPES, TRAIL_TYPES
from cloudtrail_logs.stack.trail import names_from
from command_line.check_config import remediates
from command_line.policy_exceptions import ENVIRONMENTS, EXCEPTIONS, VERSION, is_versioned, mistake_in_version
from command_line.policy_exceptions import POLICIES as POLICIES_KEY
from policies.pack import POLICIES

EXEMPTIONS: Final = "exemptions"
STATE: Final = "deployment"


@dataclass(frozen=True)
class Converted:
    """A configuration of version 2, and what could not be said in it: sentences."""

    configuration: Mapping[str, Any]
    remarks: Sequence[str]


def converted(given: Mapping[str, Any], trails: Mapping[str, TrailNames], today: date) -> Converted:
    """The configuration with exceptions in place of the exemptions of these trails. trails: by URN. today: in UTC."""
    policies = dict(given.get(POLICIES_KEY) or {}) if is_versioned(given) else _without_environments(given)
    exceptions = dict(given.get(EXCEPTIONS) or {}) if is_versioned(given) else {}
    matches: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    remarks: list[str] = []
    for module in POLICIES:
        name = module.DESCRIPTION.name
        properties = policies.get(name)
        if not isinstance(properties, Mapping) or not isinstance(properties.get(EXEMPTIONS), list):
            continue
        kept = []
        for entry in properties[EXEMPTIONS]:
            settings = module.DESCRIPTION.read({EXEMPTIONS: [entry]}).settings
            exemption = settings.exemptions[0] if settings.exemptions else None
            urns = _urns(exemption, trails) if exemption else ()
            if why := _why_not(exemption, urns, today, remediates(module, policies)):
                kept.append(entry)
                remarks.append(f"{name}: {_named(exemption)} stays an exemption: {why}.")
            elif exemption:
                matches.setdefault((exemption.reason, urns), []).append(name)
        rest = {key: value for key, value in properties.items() if key != EXEMPTIONS}
        policies[name] = {**rest, EXEMPTIONS: kept} if kept else rest
    for (reason, urns), names in matches.items():
        exceptions[_free_id(exceptions)] = {"reason": reason, "match": [{"policies": names, "targets": list(urns)}]}
    environments = {ENVIRONMENTS: given[ENVIRONMENTS]} if ENVIRONMENTS in given else {}
    return Converted({VERSION: 2, **environments, POLICIES_KEY: policies, EXCEPTIONS: exceptions}, remarks)


def trails_in(state: Any) -> dict[str, TrailNames]:
    """The trails that an exported state manages, by URN, without those to be deleted; none of what is no state."""
    resources = _mapping(_mapping(state).get("deployment")).get("resources")
    trails = {}
    for each in map(_mapping, resources if isinstance(resources, list) else ()):
        urn, token = each.get("urn"), each.get("type")
        is_managed = not (each.get("delete") or each.get("external"))
        properties = _mapping(each.get("outputs")) or _mapping(each.get("inputs"))
        if isinstance(urn, str) and isinstance(token, str) and is_managed:
            if token in TRAIL_TYPES:
                trails[urn] = names_from(urn, token, Properties(properties))
            elif token in DEPLOYING_TYPES and TRAIL in json.dumps(properties):
                # Reports on a trail in it name the resource, so only an exemption by that name is an exception.
                trails[urn] = names_from(urn, TRAIL, Properties({}))
    return trails


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _without_environments(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != ENVIRONMENTS}


def _urns(exemption: Exemption, trails: Mapping[str, TrailNames]) -> tuple[str, ...]:
    return tuple(urn for urn, names in sorted(trails.items()) if exemption.is_about(names, {}) is Truth.YES)


def _why_not(exemption: Exemption | None, urns: Sequence[str], today: date, remediated: bool) -> str:
    """Why an exemption cannot be an exception; empty where it can. remediated: whether its policy remediates."""
    if exemption is None:
        return "it has a mistake, which check-config names"
    if remediated:
        return "its policy is at level remediate, and an exception does not keep a remediation off"
    if exemption.tags:
        return "it has tags, and an exception has none"
    if exemption.codes is not None:
        return "it has codes, and an exception hides every code of the policy"
    if not exemption.is_active(today):
        return f"it expired on {exemption.until}"
    if exemption.until:
        return f"it ends on {exemption.until}, and an exception in a file has no last day"
    return "" if urns else "it covers no trail of this state"


def _named(exemption: Exemption | None) -> str:
    if exemption is None:
        return "An entry of exemptions"
    return f"The exemption of trail {quoted_label(exemption.trail)} ({shown(exemption.reason)})"


def _free_id(exceptions: Mapping[str, Any]) -> str:
    return next(name for number in count(1) if (name := f"exemption-{number}") not in exceptions)


def _is_version_2(given: Mapping[str, Any]) -> bool:
    parts = (given.get(POLICIES_KEY), given.get(EXCEPTIONS))
    return not mistake_in_version(given[VERSION]) and all(isinstance(each, Mapping | None) for each in parts)


def convert(configuration: Path, state: Path) -> int:
    """Prints the configuration. 0: every exemption is an exception in it; 1: some are not; 2: a file cannot be used."""
    files = []
    for file in (configuration, state):
        try:
            files.append(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "it is not JSON"
            print(f"{file} cannot be read: {reason}.", file=sys.stderr)
            return 2
        if not isinstance(files[-1], dict):
            print(f"{file} cannot be read: it is not an object.", file=sys.stderr)
            return 2
    given, of_stack = files
    if STATE in given:
        print(f"{configuration} is a state. The configuration comes first, then the state.", file=sys.stderr)
        return 2
    if not isinstance(_mapping(of_stack.get(STATE)).get("resources", []), list) or STATE not in of_stack:
        print(f"{state} is not a state. pulumi stack export --file {state} writes one.", file=sys.stderr)
        return 2
    if is_versioned(given) and not _is_version_2(given):
        print(f"{configuration} has mistakes, which check-config names.", file=sys.stderr)
        return 2
    result = converted(given, trails_in(of_stack), datetime.now(timezone.utc).date())
    print(json.dumps(result.configuration, indent=2))
    for remark in result.remarks:
        print(remark, file=sys.stderr)
    return 1 if result.remarks else 0
