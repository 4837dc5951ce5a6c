"""Yes, no, or maybe: what can be said of a question whose parts may be unknown."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


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
