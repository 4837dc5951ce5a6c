"""Which log groups of a stack something in the stack uses: what is left over was probably meant for the trail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pulumi_policy import PolicyResource

from .properties import Properties
from .provider_table import LOG_GROUP_TYPES, TRAIL_TYPES, grants_permissions

_IN_ARN: Final = re.compile(r"log-group:([.\-_/#A-Za-z0-9]+)")
_IN_QUOTES: Final = re.compile(r'"([.\-_/#A-Za-z0-9]{1,512})"')
_NAMES_A_LOG_GROUP: Final = re.compile("group|destination", re.IGNORECASE)


def used_log_groups(resources: Sequence[PolicyResource], urns_by_name: Mapping[str, Sequence[str]]) -> set[str]:
    """The URNs of the log groups that a resource depends on or names.

    A component is no use (its children are), nor is a policy of IAM, nor a trail that merely comes after a log group.
    urns_by_name: the log groups in question by their known names in AWS.
    """
    users = [resource for resource in resources if _may_use(resource)]
    depended_on = {log_group.urn for user in users for log_group in _dependencies(user)}
    named = {urn for user in users for name in _names(user) for urn in urns_by_name.get(name, ())}
    return depended_on | named


def _may_use(resource: PolicyResource) -> bool:
    token = resource.resource_type
    return resource.provider is not None and token not in LOG_GROUP_TYPES and not grants_permissions(token)


def _dependencies(resource: PolicyResource) -> Sequence[PolicyResource]:
    trail_type = TRAIL_TYPES.get(resource.resource_type)
    if trail_type:
        return resource.property_dependencies.get(trail_type.spelling.log_group_arn, ())
    return resource.dependencies


def _names(resource: PolicyResource) -> Iterator[str]:
    """The texts of a resource that may be a log group's name: in an ARN, in a JSON text, under a telling property."""
    for name, text in Properties(resource.props).known_texts():
        yield from _IN_ARN.findall(text)
        if text.startswith(("{", "[")):
            yield from _IN_QUOTES.findall(text)
        elif _NAMES_A_LOG_GROUP.search(name):
            yield text
