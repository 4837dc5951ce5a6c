"""Pulumi's own policy exceptions, as a configuration file of version 2 has them: read and checked as the CLI does.

Source: `pkg/v3/resource/analyzer/exceptions.go` and `config.go` of the CLI (3.276), which the engine's tests compare.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.model.quoting import quoted_label, shown, shown_urn
from cloudtrail_logs.model.trail import TrailNames
from cloudtrail_logs.model.value import Truth, kind_of
from cloudtrail_logs.stack.properties import Properties
from cloudtrail_logs.stack.resource_types import (
    DEPLOYING_TYPES,
    STACK_TYPE,
    TRAIL_TYPES,
    shown_type,
)
from cloudtrail_logs.stack.trail import names_from
from command_line.finding import Finding, Weight

VERSION: Final = "version"
POLICIES: Final = "policies"
ENVIRONMENTS: Final = "environments"
EXCEPTIONS: Final = "exceptions"
FIRST_CLI: Final = "3.272"
_ID: Final = re.compile(r"[A-Za-z0-9_.-]+")
_LONGEST_URN: Final = 120
_REPORTED_ON: Final = DEPLOYING_TYPES | {*TRAIL_TYPES, STACK_TYPE}
_KEYS: Final = ("reason", "match")
_ENTRY: Final = '"match" must be a list of objects with "policies" and "targets"'


@dataclass(frozen=True)
class Match:
    """What an exception is about: the violations of each of these policies on each of these resources."""

    policies: tuple[str, ...]
    targets: tuple[str, ...]
    """URNs."""


@dataclass(frozen=True)
class PolicyException:
    """One exception of Pulumi's own."""

    id: str
    reason: str
    match: tuple[Match, ...]


class _MistakeError(Exception):
    """Pulumi refuses the exception; the message is a sentence."""


def is_versioned(given: Mapping[str, Any]) -> bool:
    """Whether a configuration has a version: a number. Else `version` is the name of a policy, as Pulumi sees it."""
    version = given.get(VERSION)
    return isinstance(version, (int, float)) and not isinstance(version, bool)


def mistake_in_version(version: float) -> str:
    """Why Pulumi refuses a file of this version; empty where it does not."""
    if version > 2:
        return f"Version {version:g} is not supported. Use version 2."
    return "" if version == 2 else '"version" must be 2.'


def read_exceptions(given: Any) -> tuple[list[PolicyException], list[Finding]]:
    """The exceptions of a file, in order, and what Pulumi refuses. given: of any type, absent as None."""
    if given is None:
        return [], []
    if not isinstance(given, Mapping):
        text = f"It is {kind_of(given)}, but must be an object that maps the ID of each exception to the exception."
        return [], [Finding(Weight.ERROR, EXCEPTIONS, text)]
    read: list[PolicyException] = []
    findings: list[Finding] = []
    for name, value in given.items():
        try:
            read.append(_exception(name, value))
        except _MistakeError as mistake:
            findings.append(Finding(Weight.ERROR, place_of(name), str(mistake)))
        else:
            findings.extend(_ignored_keys(name, value))
    return read, findings


def _ignored_keys(name: str, exception: Mapping[str, Any]) -> Iterator[Finding]:
    for key in exception:
        if key not in _KEYS:
            text = f"Pulumi ignores {quoted_label(key)}: an exception in a file has only reason and match."
            yield Finding(Weight.WARNING, place_of(name), text)


def findings_in(
    exceptions: Sequence[PolicyException], exemptions: Mapping[str, Sequence[Exemption]], today: date
) -> Iterator[Finding]:
    """What Pulumi accepts and is wrong all the same. exemptions: of each policy of the pack, by its name."""
    for each in exceptions:
        place = place_of(each.id)
        for policy in dict.fromkeys(policy for match in each.match for policy in match.policies):
            if policy not in exemptions:
                close = get_close_matches(policy, exemptions, 1)
                meant = f" Did you mean {close[0]}?" if close else ""
                yield Finding(Weight.ERROR, place, f"The pack has no policy {quoted_label(policy)}.{meant}")
        for urn in dict.fromkeys(urn for match in each.match for urn in match.targets):
            kind = _type_of(urn)
            # A mistake in a configuration is reported on the stack, and so is a trail that it lacks.
            if "*" in urn:
                yield Finding(
                    Weight.WARNING,
                    place,
                    f"It has no effect on {shown_urn(urn)}: patterns are not possible. Name each resource as pulumi "
                    "stack --show-urns prints it.",
                )
            elif kind not in _REPORTED_ON:
                yield Finding(
                    Weight.WARNING,
                    place,
                    f"It has no effect on {shown_urn(urn)}: no policy of this pack reports on the type "
                    f"{shown_type(kind)}.",
                )
        yield from _overlaps(each, exemptions, today)


def _overlaps(
    exception: PolicyException, exemptions: Mapping[str, Sequence[Exemption]], today: date
) -> Iterator[Finding]:
    """An exception of what an exemption covers already hides what the exemption still reports, or nothing."""
    found = {
        (policy, exemption)
        for match in exception.match
        for policy in match.policies
        for exemption in exemptions.get(policy, ())
        if exemption.is_active(today)
        and any(exemption.is_about(_names_in(urn), {}) is Truth.YES for urn in match.targets)
    }
    for policy, exemption in sorted(found, key=str):
        narrower = "" if exemption.codes is None else ", and the exception hides the other codes too"
        yield Finding(
            Weight.WARNING,
            place_of(exception.id),
            f"Policy {policy} has an exemption of trail {quoted_label(exemption.trail)} ({shown(exemption.reason)}) "
            f"that covers the same trail{narrower}. Remove one of them.",
        )


def _names_in(urn: str) -> TrailNames:
    """The names in a trail's URN, which does not have its name in AWS."""
    return names_from(urn, next(iter(TRAIL_TYPES)), Properties({}))


def place_of(exception: str) -> str:
    """Where an exception is in a file, for a finding."""
    return f"{EXCEPTIONS} {quoted_label(exception)}"


def _type_of(urn: str) -> str:
    """The type of a resource, without those of the components that it is in."""
    return urn.split("::")[2].rpartition("$")[2]


def _exception(name: str, value: Any) -> PolicyException:
    if not _ID.fullmatch(name):
        raise _MistakeError("Its ID must have only letters, digits, '-', '.' and '_'.")
    if not isinstance(value, Mapping):
        raise _MistakeError(f"It is {kind_of(value)}, but must be an object.")
    entries = value.get("match")
    if entries is not None and not (isinstance(entries, list) and all(isinstance(each, Mapping) for each in entries)):
        raise _MistakeError(f"{_ENTRY}.")
    reason = value.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise _MistakeError(f'"reason" is {kind_of(reason)}, but must be a string.')
    if not reason or not reason.strip():
        raise _MistakeError("It needs a reason.")
    if not entries:
        raise _MistakeError(f"{_ENTRY}, and must have at least one.")
    return PolicyException(name, reason, tuple(_match(place, each) for place, each in enumerate(entries)))


def _match(place: int, entry: Mapping[str, Any]) -> Match:
    policies, targets = (_texts(place, entry, name) for name in (POLICIES, "targets"))
    if "" in policies:
        raise _MistakeError(f"match[{place}].policies has an empty name.")
    if "all" in policies:
        raise _MistakeError(f'match[{place}].policies has "all", but must name each policy.')
    for urn in targets:
        if not urn.startswith("urn:pulumi:") or urn.count("::") < 3:
            raise _MistakeError(
                f"match[{place}].targets has {shown(urn, _LONGEST_URN)!r}, which is not a URN. Patterns are not "
                "possible: name each resource as pulumi stack --show-urns prints it."
            )
    return Match(tuple(policies), tuple(targets))


def _texts(place: int, entry: Mapping[str, Any], name: str) -> Collection[str]:
    value = entry.get(name)
    if value is not None and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        raise _MistakeError(f"match[{place}].{name} must be a list of strings.")
    if not value:
        raise _MistakeError(f"match[{place}].{name} must have at least one entry.")
    return list(value)
