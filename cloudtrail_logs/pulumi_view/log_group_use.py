"""Which log groups of a stack something in the stack writes to: what is left over was probably meant for the trail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pulumi_policy import PolicyResource

from .properties import Properties
from .provider_table import TRAIL_TYPES, writes_to_log_groups

_IN_ARN: Final = re.compile(r"log-group:([.\-_/#A-Za-z0-9]+)")
_IN_QUOTES: Final = re.compile(r'"([.\-_/#A-Za-z0-9]{1,512})"')
_PATHS: Final = re.compile(r"[.\-_#A-Za-z0-9]*/[.\-_/#A-Za-z0-9]+")
_NAMES_A_LOG_GROUP: Final = re.compile("group|destination", re.IGNORECASE)


@dataclass(frozen=True)
class LogGroupUse:
    """The URNs of the log groups that something writes to. by_trails: of those, the ones that a trail does."""

    by_trails: frozenset[str]
    by_others: frozenset[str]


def log_group_use(resources: Sequence[PolicyResource], urns_by_name: Mapping[str, Sequence[str]]) -> LogGroupUse:
    """Which log groups a resource of the stack depends on or names, so that it probably writes to them.

    What only reads a log group is no use, nor is a policy that permits to use it, a component (its children are), or a
    trail that merely comes after it. urns_by_name: the log groups in question by their known names in AWS.
    """
    by_trails: set[str] = set()
    by_others: set[str] = set()
    for resource in resources:
        if resource.provider is not None and writes_to_log_groups(resource.resource_type):
            found = by_trails if resource.resource_type in TRAIL_TYPES else by_others
            found.update(source.urn for source in _dependencies(resource))
            for name in _names(resource):
                found.update(urns_by_name.get(name, ()))
    return LogGroupUse(frozenset(by_trails), frozenset(by_others))


def _dependencies(resource: PolicyResource) -> Sequence[PolicyResource]:
    trail_type = TRAIL_TYPES.get(resource.resource_type)
    if trail_type:
        return resource.property_dependencies.get(trail_type.spelling.log_group_arn, ())
    return resource.dependencies


def _names(resource: PolicyResource) -> Iterator[str]:
    """The texts of a resource that may be a log group's name: in an ARN, in a JSON text, as a path, or where the
    property tells so.
    """
    for name, text in Properties(resource.props).known_texts():
        yield from _IN_ARN.findall(text)
        if text.lstrip().startswith(("{", "[")):
            yield from _IN_QUOTES.findall(text)
        elif _NAMES_A_LOG_GROUP.search(name):
            yield text
        yield from _PATHS.findall(text)
