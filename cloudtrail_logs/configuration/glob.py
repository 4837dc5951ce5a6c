"""Glob patterns of the configuration: on names of trails, projects and stacks, and on ARNs. Case counts.

`*` stands for any text, also for one with colons and slashes, `?` for one character, `[ab]` for one of those given
(Python's `fnmatch`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import translate
from functools import cache
from typing import Final

from ..model.trail import StackNames

_LONGEST: Final = 512
CLASS: Final = re.compile(r"\[(?:!.|[^!])[^\]]*\]", re.DOTALL)
_RANGE: Final = re.compile(r"(.)-(.)", re.DOTALL)
_WILDCARDS: Final = frozenset("*?[")


def mistake_in(pattern: str) -> str | None:
    """What is wrong with a pattern: the rest of a sentence that begins with it; None where it can be used."""
    if not pattern.strip():
        return "is empty"
    if pattern != pattern.strip():
        return "has leading or trailing whitespace"
    if len(pattern) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if "[" in CLASS.sub("", pattern):
        return "has a [ without a ]"
    insides = (found[1:-1].removeprefix("!") for found in CLASS.findall(pattern))
    ranges = (each for inside in insides for each in _RANGE.findall(inside))
    return "has a range in [ ] that ends before it begins" if any(first > last for first, last in ranges) else None


def glob_matches(pattern: str, text: str) -> bool:
    """Whether a text as a whole has the form of the pattern."""
    return _compiled(pattern)(text) is not None if has_wildcard(pattern) else text == pattern


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern may match another text than itself."""
    return not _WILDCARDS.isdisjoint(pattern)


# Without a limit: beyond one, each pattern of a long configuration would be compiled anew for every trail.
@cache
def _compiled(pattern: str) -> Callable[[str], object]:
    return re.compile(translate(pattern)).match


def any_matches(patterns: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of the texts has the form of one of the patterns."""
    known = tuple(texts)
    return any(glob_matches(pattern, text) for pattern in patterns for text in known)


def mistake_in_stack_pattern(pattern: str) -> str | None:
    """As `mistake_in`, of a pattern on a project and a stack."""
    if pattern.count("/") != 1:
        return mistake_in(pattern) or "must have one / between the project and the stack, such as landing-zone/prod"
    for part, what in zip(pattern.split("/"), ("project", "stack"), strict=True):
        if mistake := mistake_in(part):
            return f"has a {what} that {mistake}"
    return None


def stack_matches(pattern: str, stack: StackNames) -> bool:
    """Whether a stack has the form of a pattern PROJECT/STACK."""
    project, _, name = pattern.partition("/")
    return glob_matches(project, stack.project) and glob_matches(name, stack.stack)
