"""The values that rules see: known plain values, and what stands for the others.

A property that a rule reads is a known plain value (`str`, `bool`), `UNKNOWN` (its value is not known before the
update), `ABSENT` (not set: no key, `null`, empty or blank), or, where text is expected, `NotText`.
"""

from __future__ import annotations

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
    """A known value that is not text where text is expected. Only its kind is kept: it may be a secret.

    kind: with its article, as a message says it: "a list", "a number".
    """

    kind: str


Text = str | NotText | Unset
Flag = bool | Unset


def differ(one: Text, other: Text) -> bool:
    """Whether both texts are known and not the same: False also means that it cannot be told."""
    return isinstance(one, str) and isinstance(other, str) and one != other
