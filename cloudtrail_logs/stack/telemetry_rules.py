"""The telemetry rules of a stack: CloudWatch sends the logs of AWS services to log groups by them.

Sources: CloudWatch API for observability admin, TelemetryRule and TelemetryDestinationConfiguration (the resource type
AWS::CloudTrail; a pattern of the destination may have macros such as `<resourceId>` and `<accountId>`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from .resource import Resource
from .resource_types import TELEMETRY_RULE_TYPES

_OF_CLOUDTRAIL: Final = "AWS::CloudTrail"
_MACRO: Final = "<"


def telemetry_rules_of_cloudtrail(resources: Iterable[Resource]) -> tuple[str, ...]:
    """The rules that send CloudTrail's events to a log group without a trail, by their names in the Pulumi program."""
    return tuple(sorted(resource.name for resource in resources if _is_of_cloudtrail(resource)))


def destinations_among(names: Iterable[str], resources: Iterable[Resource]) -> set[str]:
    """Those log groups that a rule may send to by a pattern: whose names begin as it does before its first macro.

    A destination without a macro is a name like any other, which is looked for elsewhere.
    """
    beginnings = _pattern_beginnings(resources)
    return {name for name in names if any(name[:length] in those for length, those in beginnings.items())}


def _pattern_beginnings(resources: Iterable[Resource]) -> Mapping[int, set[str]]:
    """By their lengths, so that a name is compared once with all of a length."""
    found: dict[int, set[str]] = {}
    for resource in resources:
        rule_type = TELEMETRY_RULE_TYPES.get(resource.type)
        for name, text in resource.properties.known_texts() if rule_type else ():
            if rule_type and name == rule_type.destination and _MACRO in text:
                beginning = text.partition(_MACRO)[0]
                found.setdefault(len(beginning), set()).add(beginning)
    return found


def _is_of_cloudtrail(resource: Resource) -> bool:
    rule_type = TELEMETRY_RULE_TYPES.get(resource.type)
    if not rule_type:
        return False
    return (rule_type.resource_type, _OF_CLOUDTRAIL) in resource.properties.known_texts()
