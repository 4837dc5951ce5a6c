"""The values that rules see, and what can be said of them.

A property is a known plain value (`str`, `bool`), `UNKNOWN` (its value is not known before the update), `ABSENT` (not
set: no key, `null`, empty or blank), or `NotText` where a string is expected. A question about such values is answered
by a `Truth`: yes, no, or maybe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Unset(Enum):
    """Stands where there is no known value."""

    UNKNOWN = "unknown"
    ABSENT = "absent"


UNKNOWN: Final = Unset.UNKNOWN
ABSENT: Final = Unset.ABSENT


@dataclass(frozen=True)
class NotText:
    """A known value that is not a string where a string is expected. Its content is not kept: it may be a secret."""

    kind: str
    """Its type with an article, as a message says it: "a list", "a number"."""


@dataclass(frozen=True)
class NotFlag:
    """A known value that is neither a boolean nor the text of one where a boolean is expected."""

    kind: str
    """As that of `NotText`."""


Text = str | NotText | Unset
Flag = bool | NotFlag | Unset


def kind_of(value: object) -> str:
    """The type of a JSON value with its article, as a message says it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, Sequence) else "an asset"


def differ(one: Text, other: Text) -> bool:
    """Whether both are known strings and differ. False where one of them is not known."""
    return isinstance(one, str) and isinstance(other, str) and one != other


def first_known(*values: Text) -> Text:
    """The first known string; unknown where there is none."""
    return next((value for value in values if isinstance(value, str)), UNKNOWN)


class Truth(Enum):
    """MAYBE: it depends on what is not known."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"

    def __invert__(self) -> Truth:
        """The opposite; of maybe, maybe."""
        if self is Truth.MAYBE:
            return Truth.MAYBE
        return Truth.NO if self is Truth.YES else Truth.YES


def any_of(truths: Iterable[Truth]) -> Truth:
    """Yes where one is yes, no where all are no. Stops at the first yes."""
    result = Truth.NO
    for truth in truths:
        if truth is Truth.YES:
            return Truth.YES
        if truth is Truth.MAYBE:
            result = Truth.MAYBE
    return result


def all_of(truths: Iterable[Truth]) -> Truth:
    """Yes where all are yes, no where one is no. Stops at the first no."""
    return ~any_of(~truth for truth in truths)
