"""From a remedy to a remediation of the SDK's, which keeps secrets secret and never raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, cast

from pulumi_policy import ResourceRemediation, ResourceValidationArgs

from ..trail import Trail
from .trail_view import trail_of
from .validation import say_not_judged


def resource_remediation(policy: str, remedy: Callable[[Trail], Mapping[str, str]]) -> ResourceRemediation:
    """The remediation of a resource policy of this name.

    The new values are put into the very mapping that the SDK handed over: a copy would lose what is secret in it.
    """

    def remediate(args: ResourceValidationArgs) -> Any:
        try:
            trail = trail_of(args)
            changes = remedy(trail) if trail else {}
        except Exception as error:
            say_not_judged(policy, args.urn, error)
            return None
        if trail is None:
            args.not_applicable("This is not a CloudTrail trail.")
        if not changes:
            return None
        properties = cast("MutableMapping[str, Any]", args.props)
        for name, value in changes.items():
            properties[name] = value
        return properties

    return remediate
