"""What was measured, beside its bound, as a row of a Markdown table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row."""

    cells: tuple[str, ...]
    passed: bool | None = True
    """Whether its bound is kept; None where there is no bound."""

    @property
    def text(self) -> str:
        """The row in Markdown. Its last cell says whether the bound is kept."""
        said = "" if self.passed is None else "PASS" if self.passed else "FAIL"
        return f"| {' | '.join((*self.cells, said))} |"


@dataclass(frozen=True)
class Table:
    """A table. The last column, whose head is empty, says whether the bound is kept."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The table in Markdown: the first column on the left, numbers on the right."""
        head = f"| {' | '.join((*self.head, ''))} |\n| --- |{' ---: |' * (len(self.head) - 1)} --- |"
        return "\n".join((head, *(row.text for row in self.rows)))


def seconds(amount: float) -> str:
    """Seconds as a table shows them."""
    return f"{amount:.3f} s"


def microseconds(amount: float) -> str:
    """Seconds as a table shows short ones."""
    return f"{amount * 1e6:.0f} µs"


def megabytes(amount: float) -> str:
    """Bytes as a table shows them."""
    return f"{amount / 1e6:.0f} MB"


def times(amount: float) -> str:
    """A ratio as a table shows it."""
    return f"{amount:.3f} times"


def ratio_row(what: str, one: float, other: float, written: Callable[[float], str], most_times: float) -> Row:
    """A row that compares two amounts measured in one run: absolute ones depend on the machine."""
    ratio = other / one
    return Row((what, written(one), written(other), times(ratio), times(most_times)), ratio <= most_times)


def middle(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The pair of an odd number whose ratio is the median.

    By the clock, the machine may be slower in one pair of runs than in another, but seldom within one. So the least of
    each side may be of different times.
    """
    return sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
