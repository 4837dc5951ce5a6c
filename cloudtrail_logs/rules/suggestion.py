"""What a message proposes to set instead: the log groups and roles of the stack that would do, else their form."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.arn import WILDCARD
from ..model.declared import DeclaredLogGroup, DeclaredRole, Suggestions
from ..model.quoting import enumerated, quoted_label


def log_group_to_set(suggestions: Suggestions[DeclaredLogGroup]) -> str:
    """What to set the log group property to, after "Set it to "."""
    if not suggestions.count:
        return f"the ARN of a log group, ending in {WILDCARD}"
    return f"the ARN of log group {log_groups_named(suggestions)}, {arn_ending(suggestions.first)}"


def role_to_set(suggestions: Suggestions[DeclaredRole]) -> str:
    """What to set the role property to, after "Set it to "."""
    if not suggestions.count:
        return "the ARN of a role that cloudtrail.amazonaws.com may assume"
    labels = [quoted_label(role.label) for role in suggestions.first]
    return f"the ARN of role {enumerated(labels, count=suggestions.count)}"


def log_groups_named(suggestions: Suggestions[DeclaredLogGroup]) -> str:
    """The log groups by their names in the Pulumi program."""
    return enumerated([quoted_label(group.label) for group in suggestions.first], count=suggestions.count)


def arn_ending(groups: Sequence[DeclaredLogGroup]) -> str:
    """What to do about the `:*`: the providers differ in whether a log group's ARN has it already."""
    have_it = {group.arn_has_wildcard for group in groups}
    if have_it == {True}:
        return f"which ends in {WILDCARD} already"
    return f"followed by {WILDCARD}" if have_it == {False} else f"ending in {WILDCARD}"
