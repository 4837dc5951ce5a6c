"""What was measured, beside its bound, as a row of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class AtMostTimes:
    """The pack may need this many times as much."""

    limit: float

    def difference(self, empty: float, pack: float) -> float:
        """What is compared with the limit."""
        return pack / empty

    def written(self, difference: float) -> str:
        """A difference, or the limit, as the table shows it."""
        return f"{difference:.3f} times"


@dataclass(frozen=True)
class AtMostMore:
    """The pack may need this many seconds more."""

    limit: float

    def difference(self, empty: float, pack: float) -> float:
        """What is compared with the limit."""
        return pack - empty

    def written(self, difference: float) -> str:
        """A difference, or the limit, as the table shows it."""
        return f"{difference * 1e6:.0f} µs more"


@dataclass(frozen=True)
class Measured:
    """One row of the table. empty: what the pack that does nothing needs, in seconds or bytes; pack: this one."""

    what: str
    empty: float
    pack: float
    bound: AtMostTimes | AtMostMore
    written: Callable[[float], str]

    @property
    def passed(self) -> bool:
        """Whether the bound is kept."""
        return self.bound.difference(self.empty, self.pack) <= self.bound.limit

    def or_better(self, other: Measured) -> Measured:
        """The same row measured twice: what each pack needed at best."""
        return replace(self, empty=min(self.empty, other.empty), pack=min(self.pack, other.pack))

    @property
    def row(self) -> str:
        """The row in Markdown."""
        cells = (
            self.what,
            self.written(self.empty),
            self.written(self.pack),
            self.bound.written(self.bound.difference(self.empty, self.pack)),
            self.bound.written(self.bound.limit),
            "PASS" if self.passed else "FAIL",
        )
        return f"| {' | '.join(cells)} |"


TABLE_HEAD = (
    "| What | Pack that does nothing | This pack | Difference | Bound | |\n| --- | ---: | ---: | ---: | ---: | --- |"
)


def seconds(amount: float) -> str:
    """Seconds as the table shows them."""
    return f"{amount:.3f} s"


def microseconds(amount: float) -> str:
    """Seconds as the table shows short ones."""
    return f"{amount * 1e6:.0f} µs"


def megabytes(amount: float) -> str:
    """Bytes as the table shows them."""
    return f"{amount / 1e6:.0f} MB"


@dataclass(frozen=True)
class Saved:
    """What another design would take. apart: with a policy for each question; joined: with one for both."""

    what: str
    apart: float
    joined: float
    passed: bool = True  # there is no bound

    @property
    def row(self) -> str:
        """The row in Markdown."""
        return (
            f"| {self.what} | {seconds(self.apart)} | {seconds(self.joined)} | {self.joined / self.apart:.3f} times |"
        )


JOINED_HEAD = "| What | Two stack policies | One for both questions | |\n| --- | ---: | ---: | ---: |"
