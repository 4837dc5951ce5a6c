"""What a remediation sets on a trail: only what is surely right."""

from __future__ import annotations

from collections.abc import Mapping

from .arn import WILDCARD, LogGroupArn, parse_log_group_arn
from .trail import Trail


def remedy(trail: Trail) -> Mapping[str, str]:
    """The properties to set, in the provider's spelling, with their new values; empty where there is nothing to mend.

    A log group's ARN gets the `:*` that it lacks. An unknown ARN, or a text that is no log group's ARN, stays as it is.
    """
    value = trail.log_group_arn
    arn = parse_log_group_arn(value) if isinstance(value, str) else None
    if isinstance(arn, LogGroupArn) and not arn.wildcard:
        return {trail.spelling.log_group_arn: f"{value}{WILDCARD}"}
    return {}
