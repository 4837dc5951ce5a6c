"""Which log groups of a stack have metric filters that look for CloudTrail's events: they were meant for a trail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .resource import Resource
from .resource_types import METRIC_FILTER_TYPES, MetricFilterType

# Fields of a CloudTrail event that other JSON logs hardly have, as a filter pattern selects them. Sources: CloudTrail
# user guide, "CloudTrail record contents"; the filters of the CIS AWS Foundations Benchmark.
_CLOUDTRAIL_FIELD: Final = re.compile(
    r"\$\.(?:eventName|eventSource|eventVersion|eventCategory|userIdentity|errorCode|sourceIPAddress|awsRegion"
    r"|requestParameters|responseElements|additionalEventData|serviceEventDetails|recipientAccountId|sharedEventID"
    r"|managementEvent|sessionCredentialFromConsole|tlsDetails)\b"
)


def filters_of_cloudtrail(
    resources: Iterable[Resource], urns: Mapping[str, Sequence[str]]
) -> Mapping[str, tuple[str, ...]]:
    """The metric filters that look for CloudTrail's events, by the URNs of their log groups.

    They are given by their names in the Pulumi program, in order. urns: those of the log groups whose names in AWS are
    known, by these names. A name that several of them have, such as in two regions, tells nothing.
    """
    found: dict[str, set[str]] = {}
    for resource in resources:
        filter_type = METRIC_FILTER_TYPES.get(resource.type)
        if filter_type and _looks_for_cloudtrail(resource, filter_type):
            for urn in _log_groups_of(resource, filter_type, urns):
                found.setdefault(urn, set()).add(resource.name)
    return {urn: tuple(sorted(filters)) for urn, filters in found.items()}


def _looks_for_cloudtrail(resource: Resource, filter_type: MetricFilterType) -> bool:
    pattern = resource.properties.text(filter_type.pattern)
    return isinstance(pattern, str) and _CLOUDTRAIL_FIELD.search(pattern) is not None


def _log_groups_of(
    resource: Resource, filter_type: MetricFilterType, urns: Mapping[str, Sequence[str]]
) -> Sequence[str]:
    """The URNs of the only log group that a metric filter can be on; nothing where that is not certain."""
    sources = resource.sources(filter_type.log_group) or ()
    name = resource.properties.text(filter_type.log_group)
    candidates = [source.urn for source in sources] or (urns.get(name, ()) if isinstance(name, str) else ())
    return candidates if len(candidates) == 1 else ()
