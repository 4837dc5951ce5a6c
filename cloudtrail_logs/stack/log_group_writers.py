"""Which log groups of a stack something in the stack writes to: what is left over was probably meant for the trail."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..model.value import Text
from .resource import Resource
from .resource_types import TRAIL_TYPES, writes_to_log_groups

_IN_ARN: Final = re.compile(r"log-group:([.\-_/#A-Za-z0-9]+)")
_NAMES: Final = re.compile(r"[.\-_/#A-Za-z0-9]+")
_NAMES_A_LOG_GROUP: Final = re.compile("group|destination", re.IGNORECASE)


@dataclass(frozen=True)
class LogGroupWriters:
    """The URNs of the log groups that something writes to."""

    by_trails: frozenset[str]
    """Those that a trail delivers to."""
    by_others: frozenset[str]
    """Those that something else writes to."""


def log_group_writers(resources: Sequence[Resource], names: Mapping[str, Text]) -> LogGroupWriters:
    """Which log groups a resource of the stack depends on or names, so that it probably writes to them.

    Reading a log group does not count, nor does a policy that only permits its use, a component (its children count),
    or a trail that only depends on it. names: the log groups in question, by their URNs, with their names in AWS.
    """
    by_trails: set[str] = set()
    by_others: set[str] = set()
    users = [
        resource for resource in resources if resource.provider is not None and writes_to_log_groups(resource.type)
    ]
    for user in users:
        found = by_trails if user.type in TRAIL_TYPES else by_others
        found.update(source.urn for source in _dependencies(user))
    urns: dict[str, list[str]] = {}
    for urn, name in names.items():
        if isinstance(name, str) and urn not in by_others:
            urns.setdefault(name, []).append(urn)
    for user in users if urns else ():
        found = by_trails if user.type in TRAIL_TYPES else by_others
        for name in _names(user, urns):
            found.update(urns[name])
    return LogGroupWriters(frozenset(by_trails), frozenset(by_others))


def _dependencies(resource: Resource) -> Sequence[Resource]:
    trail_type = TRAIL_TYPES.get(resource.type)
    if trail_type:
        return resource.sources(trail_type.spelling.log_group_arn) or ()
    return resource.dependencies


def _names(resource: Resource, wanted: Container[str]) -> Iterator[str]:
    """Those wanted among the texts of a resource: in an ARN, in a JSON text, as a path, or under a telling property."""
    for name, text in resource.properties.known_texts():
        if text in wanted:
            if "/" in text or _NAMES_A_LOG_GROUP.search(name):
                yield text
        elif '"' in text or ":" in text or "/" in text:
            parts = _IN_ARN.findall(text) if "log-group:" in text else []
            if "/" in text:
                parts += (name for name in _NAMES.findall(text) if "/" in name)
            if text.lstrip().startswith(("{", "[")):
                parts += text.split('"')
            yield from (part for part in parts if part in wanted)
