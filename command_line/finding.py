"""What a check of a configuration found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Weight(Enum):
    """How much a finding matters."""

    ERROR = "error"
    """Pulumi refuses it, or it does not do what it says."""
    WARNING = "warning"
    """It has no effect, or not the expected one."""
    NOTE = "note"
    """It is right, and good to know."""


@dataclass(frozen=True)
class Finding:
    """One thing about a configuration."""

    weight: Weight
    place: str
    """The policy or the exception that it is about; empty for the whole file."""
    text: str
    """A sentence."""

    @property
    def line(self) -> str:
        """As it is printed."""
        return f"{self.weight.value}: {f'{self.place}: ' if self.place else ''}{self.text}"
