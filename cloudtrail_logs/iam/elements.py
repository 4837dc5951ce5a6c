"""Does an element of a statement cover an action or a resource?

Source: IAM user guide, "IAM JSON policy elements": Action, NotAction, Resource, NotResource and policy variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from ..model.value import UNKNOWN, Truth, Unset, all_of, any_of
from .document import Patterns
from .wildcard import Subject, matches

_NO_CHARACTER: Final = "\ue002"  # what ${*}, ${?} and ${$} stand for: characters of no ARN that is asked about
_ESCAPE: Final = re.compile(r"\$\{[*?$]\}")
_IN_BRACES: Final = re.compile(r"\$\{([^}]*)\}")
# A variable has the name of a condition key, which has the prefix of a service, or a default value.
_VARIABLE: Final = re.compile(r"\s*[^\s:,]+:[^:]|[^,]*,")


def action_matches(patterns: Patterns | Unset, action: str) -> Truth:
    """Whether an Action or NotAction element covers an action; actions match whatever their case."""
    if isinstance(patterns, Unset):
        return Truth.MAYBE
    subject = Subject((action.lower(),))
    covered = any_of(Truth.MAYBE if value is UNKNOWN else matches(value.lower(), subject) for value in patterns.values)
    return ~covered if patterns.negated else covered


def is_removable(patterns: Patterns, action: str, asked: Sequence[str]) -> bool:
    """Whether a NotAction element that excludes an action no longer does once the asked actions are removed from it.

    False where a wildcard excludes it, and where nothing would be left: IAM Access Analyzer warns of an empty list.
    """
    names = {each.lower() for each in asked}
    left = tuple(value for value in patterns.values if value is UNKNOWN or value.lower() not in names)
    return bool(left) and action_matches(replace(patterns, values=left), action) is not Truth.NO


def resource_matches(patterns: Patterns | Unset, subject: Subject, has_variables: bool) -> Truth:
    """Whether a Resource or NotResource element covers a resource; resources match in their very case."""
    if isinstance(patterns, Unset):
        return Truth.MAYBE
    covered = any_of(
        Truth.MAYBE if value is UNKNOWN else pattern_matches(value, subject, has_variables) for value in patterns.values
    )
    return ~covered if patterns.negated else covered


def pattern_matches(pattern: str, subject: Subject, has_variables: bool) -> Truth:
    """Whether one pattern of a Resource covers a resource."""
    if not has_variables or "${" not in pattern:
        return matches(pattern, subject)
    # A variable has any value, but only one: what matches with a * in its place may match; nothing certainly does.
    return all_of((Truth.MAYBE, matches(variables_open(pattern), subject)))


def variables_open(pattern: str) -> str:
    """A pattern with `*` for each policy variable: what it may match at most.

    What is no variable, such as `${logGroup.arn}`, was meant for another tool: no request has a value for it.
    """
    return _with_braces(pattern, lambda found: "*" if _VARIABLE.match(found[1]) else _NO_CHARACTER)


def placeholders_open(pattern: str) -> str:
    """The same with `*` for what is no variable, too: what it was meant to match at most."""
    return _with_braces(pattern, lambda _: "*")


def _with_braces(pattern: str, instead: Callable[[re.Match[str]], str]) -> str:
    # Behind the last } no variable ends: to look for its end at each ${ there would take quadratic time.
    head, brace, tail = _ESCAPE.sub(_NO_CHARACTER, pattern).rpartition("}")
    return f"{_IN_BRACES.sub(instead, head + brace)}{tail}"
