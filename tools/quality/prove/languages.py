"""Sets of texts as regular expressions of the solver; and sets of which only bounds are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import z3

from cloudtrail_logs.model.value import Truth

Regex = Any  # z3 has no types
_SORT: Final = z3.ReSort(z3.StringSort())
ALL: Final[Regex] = z3.Full(_SORT)
NONE: Final[Regex] = z3.Empty(_SORT)
_ONE: Final[Regex] = z3.AllChar(_SORT)
_LAST_CHARACTER: Final = 0x2FFFF  # of the solver
_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_ESCAPED: Final = frozenset("*?$")
_WILDCARDS: Final = {"*": ALL, "?": _ONE}


def text_value(text: str) -> Any:
    """A text as the solver takes it: there a backslash may begin an escape."""
    return z3.StringVal(text.replace("\\", "\\u{5c}"))


def literal(text: str) -> Regex:
    """The text alone."""
    if any(ord(each) > _LAST_CHARACTER for each in text):
        return NONE
    return z3.Re(text_value(text))


def sequence(regexes: Iterable[Regex]) -> Regex:
    """One after another."""
    all_of_them = list(regexes)
    if any(each is NONE for each in all_of_them):
        return NONE
    return z3.Concat(*all_of_them) if len(all_of_them) > 1 else (all_of_them or [literal("")])[0]


def union(regexes: Iterable[Regex]) -> Regex:
    """Any of them."""
    each = _distinct(regex for regex in regexes if regex is not NONE)
    if any(regex is ALL for regex in each):
        return ALL
    return z3.Union(*each) if len(each) > 1 else (each or [NONE])[0]


def intersection(regexes: Iterable[Regex]) -> Regex:
    """All of them."""
    each = _distinct(regex for regex in regexes if regex is not ALL)
    if any(regex is NONE for regex in each):
        return NONE
    return z3.Intersect(*each) if len(each) > 1 else (each or [ALL])[0]


def complement(regex: Regex) -> Regex:
    """All other texts."""
    if regex is ALL or regex is NONE:
        return NONE if regex is ALL else ALL
    return z3.Complement(regex)


def _distinct(regexes: Iterable[Regex]) -> list[Regex]:
    return list({regex.get_id(): regex for regex in regexes}.values())


@dataclass(frozen=True)
class Bounds:
    """A set of texts: it has at least the sure ones, and at most those that it may have."""

    sure: Regex
    may: Regex

    @staticmethod
    def of(truth: Truth) -> Bounds:
        """All texts, or none, or it is not known which."""
        return Bounds(ALL if truth is Truth.YES else NONE, NONE if truth is Truth.NO else ALL)

    def __invert__(self) -> Bounds:
        return Bounds(complement(self.may), complement(self.sure))


def any_of(sets: Iterable[Bounds]) -> Bounds:
    """What is in one of the sets."""
    each = list(sets)
    return Bounds(union(one.sure for one in each), union(one.may for one in each))


def all_of(sets: Iterable[Bounds]) -> Bounds:
    """What is in all of the sets."""
    each = list(sets)
    return Bounds(intersection(one.sure for one in each), intersection(one.may for one in each))


@cache
def matching(pattern: str, has_variables: bool) -> Bounds:
    """The texts that a pattern of IAM matches. has_variables: whether `${…}` in it is a policy variable.

    A variable may stand for any text, or for none that is there, so that nothing is matched for sure. What is not the
    name of a condition key, and has no default value, matches no text.
    """
    regexes: list[Regex] = []
    is_open = False
    place = 0
    for found in _VARIABLE.finditer(pattern) if has_variables else ():
        regexes += _wildcards(pattern[place : found.start()])
        is_variable = _is_variable(found[1])
        is_open = is_open or is_variable
        regexes.append(literal(found[1]) if found[1] in _ESCAPED else ALL if is_variable else NONE)
        place = found.end()
    whole = sequence([*regexes, *_wildcards(pattern[place:])])
    return Bounds(NONE if is_open else whole, whole)


def _is_variable(name: str) -> bool:
    service, _, key = name.partition(":")
    return "," in name or (len(service.split()) == 1 and key[:1] not in ("", ":"))


def _wildcards(pattern: str) -> list[Regex]:
    return [
        _WILDCARDS[piece] if piece in _WILDCARDS else literal(piece) for piece in re.findall(r"[*?]|[^*?]+", pattern)
    ]


@cache
def covers(pattern: str, text: str) -> bool:
    """Whether a pattern of IAM matches a text; there are no variables in it."""
    return contains(matching(pattern, False).may, text)


def contains(regex: Regex, text: str) -> bool:
    """Whether a text is in a set. The solver is asked about the smallest sets only, since that is faster."""

    def smallest(each: Regex) -> Regex:
        return ALL if z3.is_true(z3.simplify(z3.InRe(text_value(text), each))) else NONE

    return rebuilt(regex, smallest) is ALL


def rebuilt(regex: Regex, change: Callable[[Regex], Regex]) -> Regex:
    """The set with each of the patterns changed that it is made of by unions, intersections and complements."""
    kind = regex.decl().kind()
    if kind in _COMBINED:
        return _COMBINED[kind]([rebuilt(each, change) for each in regex.children()])
    return regex if regex is ALL or regex is NONE else change(regex)


_COMBINED: Final[dict[int, Callable[[list[Regex]], Regex]]] = {
    z3.Z3_OP_RE_UNION: union,
    z3.Z3_OP_RE_INTERSECT: intersection,
    z3.Z3_OP_RE_COMPLEMENT: lambda each: complement(each[0]),
}
