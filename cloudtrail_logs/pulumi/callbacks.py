"""The callbacks that the SDK calls for a policy. What they need is loaded when the first of them is called.

Most of what the pack loads would be loaded in vain, since most runs have no trail, and the engine waits for every pack
to start.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_policy import (
        ReportViolation,
        ResourceRemediation,
        ResourceValidation,
        ResourceValidationArgs,
        StackValidation,
        StackValidationArgs,
    )

    from ..configuration.reader import Configuration


@dataclass(frozen=True)
class Judge:
    """What the callbacks of a policy need: how it reads its configuration, and its rule."""

    policy: str
    """The name of the policy."""
    read: Callable[[Mapping[str, Any]], Configuration[Any]]
    """Its settings, from its properties in a configuration, which may be of any type."""
    load_rule: Callable[[], Any]
    """The module of its rule."""
    only_read: set[str] = field(default_factory=set)
    """The URNs of trails and roles that are only read, shared by the policies of a pack: `policy analyze` shows the
    resource policy what is read without any inputs, and then the stack policies the same with outputs (Pulumi engine,
    `analyze_snapshot.go`)."""
    _last: list[tuple[str, Configuration[Any]]] = field(default_factory=list, compare=False, repr=False, kw_only=True)
    """What was read last, with the text that it was read from: a resource policy is called for each resource."""

    def configuration(self, given: Mapping[str, Any]) -> Configuration[Any]:
        """As `read`. The same text is read once; another one, after the policy was configured anew, is read again."""
        try:
            text = json.dumps(given) if given else ""  # not compared as it is: 1 equals true, but is another mistake
        except (TypeError, ValueError, RecursionError):
            return self.read(given)
        last = self._last[:1]
        if last and last[0][0] == text:
            return last[0][1]
        configuration = self.read(given)
        self._last[:] = [(text, configuration)]
        return configuration


def resource_validation(judge: Judge) -> ResourceValidation:
    """The validation of a resource policy. Its rule has `judge(trail, names, settings)`."""

    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        from .validation import validate_resource

        validate_resource(judge, args, report_violation)

    return validate


def resource_remediation(judge: Judge) -> ResourceRemediation:
    """The remediation of a resource policy: it applies the fixes of the problems that the validation would report."""

    def remediate(args: ResourceValidationArgs) -> Any:
        from .remediation import remediate_resource

        return remediate_resource(judge, args)

    return remediate


def stack_validation(judge: Judge) -> StackValidation:
    """The validation of a stack policy. Its rule has `questions` and `judge` (`rules.trail_in_stack`)."""

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        from .validation import validate_stack

        validate_stack(judge, args, report_violation)

    return validate
