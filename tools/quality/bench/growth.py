"""How the cost of judging a stack grows: with its resources, with its trails, and with trails that are wrong.

As a whole beside the pack that does nothing; and the part of this pack alone: what its stack policies take once the SDK
has made their arguments, in this process, and without the garbage collections that come at some moment or other. Only
that part is exact enough to fit a line to.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import correlation, linear_regression
from typing import Any

from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import StackValidationPolicy

from policies import pack
from tests.analyzers import of_policies
from tools.quality.bench.measured import megabytes, seconds
from tools.quality.bench.measuring import batch, best, question_of_stack
from tools.quality.bench.packs import REPOSITORY, running_pack
from tools.quality.bench.stacks import right, stack_of, wrong

TRAILS_IN = 10_000  # resources of the stack whose trails become more
SIZES = (100, 1_000, 10_000, 50_000)
TRAILS = (1, 100, 1_000)
# As many batches of each, by the resources that are asked about.
BATCHES = {100: 20, 1_000: 8, 10_000: 4, 50_000: 2}
OWN_TRIES = 3
STEEPEST = 1.15  # the power of the growth at its end: linear is 1, quadratic would be 2
LIMIT = 1.10


@dataclass(frozen=True)
class GrowthRow:
    """A stack, and what each pack takes for it: CPU seconds, and bytes at most. limit: of both; None where none is."""

    resources: int
    trails: int
    seconds: tuple[float, float]
    memory: tuple[float, float]
    limit: float | None

    @property
    def passed(self) -> bool:
        """Whether the bound is kept."""
        return self.limit is None or all(other / one <= self.limit for one, other in (self.seconds, self.memory))

    @property
    def row(self) -> str:
        """The row of the table."""
        cells = [f"{self.resources:,}", f"{self.trails:,}"]
        for (one, other), written in ((self.seconds, seconds), (self.memory, megabytes)):
            cells += [written(one), written(other), f"{other / one:.3f} times"]
        cells += [f"{self.limit:.3f} times", "PASS" if self.passed else "FAIL"] if self.limit else ["", ""]
        return f"| {' | '.join(cells)} |"


GROWTH_HEAD = (
    "| Resources | Right trails | Pack that does nothing | This pack | Difference "
    "| Its memory | Memory of this pack | Difference | Bound | |\n"
    f"|{' ---: |' * 9} --- |"
)


def growth_rows(empty: Path) -> list[GrowthRow]:
    """Stacks of each size with one trail, and of one size with more trails, each from a new process of each pack."""
    asked = [*((size, 1) for size in SIZES), *((TRAILS_IN, count) for count in TRAILS[1:])]
    return [_growth_row(size, count, empty) for size, count in asked]


def _growth_row(size: int, trails: int, empty: Path) -> GrowthRow:
    asked = question_of_stack("right trails", right(trails), size)
    with running_pack(empty) as running_empty, running_pack(REPOSITORY) as running:
        costs = [(batch(asked, running_empty, False), batch(asked, running, False)) for _ in range(BATCHES[size])]
        memory = (float(running_empty.peak_memory_bytes()), float(running.peak_memory_bytes()))
    return GrowthRow(size, trails, best(costs), memory, LIMIT if size == TRAILS_IN else None)


@dataclass(frozen=True)
class Fit:
    """The line through what was measured. by: of what the cost is a function. points: numbers with their seconds."""

    by: str
    points: Sequence[tuple[int, float]]

    @property
    def power(self) -> float:
        """How steep the growth is between its last two points: 1 where twice as many take twice as long."""
        (n, one), (m, other) = self.points[-2:]
        return math.log(other / one) / math.log(m / n)

    @property
    def passed(self) -> bool:
        """Whether the growth is linear."""
        return self.power <= STEEPEST

    @property
    def row(self) -> str:
        """The row of the table."""
        numbers, costs = zip(*self.points, strict=True)
        line = linear_regression(numbers, costs)
        measured = ", ".join(f"{number:,}: {cost * 1e3:,.1f} ms" for number, cost in self.points)
        fit = f"{line.intercept * 1e3:.1f} ms + {line.slope * 1e6:.2f} µs each"
        squared = f"{correlation(numbers, costs) ** 2:.4f}"
        bound = f"{self.power:.2f} | {STEEPEST:.2f} | {'PASS' if self.passed else 'FAIL'}"
        return f"| {self.by} | {measured} | {fit} | {squared} | {bound} |"


FIT_HEAD = "| Own part, by | Measured | Line | R² | Power | Bound | |\n| --- | --- | --- | ---: | ---: | ---: | --- |"


def fits() -> list[Fit]:
    """How this pack's own part grows."""

    def series(numbers: Sequence[int], request: Callable[[int], analyzer_pb2.AnalyzeStackRequest]) -> Any:
        return [(number, own_seconds(request(number))) for number in numbers]

    few = (10, 100, 1_000)
    return [
        Fit("resources, with one right trail", series(SIZES[1:], lambda size: stack_of(right(1), size))),
        Fit("right trails", series(few, lambda count: stack_of(right(count), 4 * count + 10))),
        Fit("trails that are wrong", series(few, lambda count: stack_of(wrong(count), count + 10))),
    ]


def own_seconds(request: analyzer_pb2.AnalyzeStackRequest) -> float:
    """What the enabled stack policies take themselves, the least of several tries."""
    spent = 0.0

    def timed(policy: StackValidationPolicy) -> StackValidationPolicy:
        def validate(args: Any, report_violation: Any) -> None:
            nonlocal spent
            start = time.process_time()
            policy.validate(args, report_violation)
            spent += time.process_time() - start

        return StackValidationPolicy(policy.name, policy.description, validate, policy.enforcement_level)

    analyzer = of_policies([timed(each) for each in pack.policies() if isinstance(each, StackValidationPolicy)])
    tries: list[float] = []
    gc.disable()
    try:
        for _ in range(OWN_TRIES):
            spent = 0.0
            analyzer.calls.AnalyzeStack(request, **analyzer.context)
            tries.append(spent)
    finally:
        gc.enable()
    return min(tries)
