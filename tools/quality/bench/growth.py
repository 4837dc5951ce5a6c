"""How the cost of judging a stack grows: with its resources, with its trails, and with trails that are wrong.

As a whole beside the pack that does nothing; and the part of this pack alone: what its stack policies take once the SDK
has made their arguments, in this process, and without the garbage collections that come at some moment or other.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import StackValidationPolicy

from policies import pack
from tests.analyzers import of_policies
from tools.quality.bench.measuring import MOST_TIMES, batch, best, question_of_stack
from tools.quality.bench.packs import REPOSITORY, running_pack
from tools.quality.bench.rows import Row, Table, megabytes, seconds, times
from tools.quality.bench.stacks import right, stack_of, wrong

TRAILS_IN = 10_000  # resources of the stack whose trails become more
SIZES = (100, 1_000, 10_000, 50_000)
TRAILS = (1, 100, 1_000)
# As many batches of each, by the resources that are asked about.
BATCHES = {100: 20, 1_000: 8, 10_000: 4, 50_000: 2}
OWN_TRIES = 3
STEEPEST = 1.15  # the power of the growth at its end: linear is 1, quadratic would be 2


def growth_table(empty: Path) -> Table:
    """Stacks of each size with one trail, and of one size with more trails, each from a new process of each pack."""
    asked = [*((size, 1) for size in SIZES), *((TRAILS_IN, count) for count in TRAILS[1:])]
    packs = ("Pack that does nothing", "This pack", "Difference")
    head = ("Resources", "Right trails", *packs, "Its memory", "Memory of this pack", "Difference", "Bound")
    return Table(head, tuple(_growth_row(size, count, empty) for size, count in asked))


def _growth_row(size: int, trails: int, empty: Path) -> Row:
    asked = question_of_stack("right trails", right(trails), size)
    with running_pack(empty) as running_empty, running_pack(REPOSITORY) as running:
        costs = [(batch(asked, running_empty, False), batch(asked, running, False)) for _ in range(BATCHES[size])]
        memory = (float(running_empty.peak_memory_bytes()), float(running.peak_memory_bytes()))
    return growth_row(size, trails, best(costs), memory)


def growth_row(size: int, trails: int, spent: tuple[float, float], memory: tuple[float, float]) -> Row:
    """A stack, and what each pack takes for it: CPU seconds, and bytes at most. One size has a bound."""
    cells = [f"{size:,}", f"{trails:,}"]
    for (one, other), written in ((spent, seconds), (memory, megabytes)):
        cells += [written(one), written(other), times(other / one)]
    if size != TRAILS_IN:
        return Row((*cells, ""), None)
    return Row((*cells, times(MOST_TIMES)), all(other / one <= MOST_TIMES for one, other in (spent, memory)))


def own_table() -> Table:
    """How this pack's own part grows."""
    few = (10, 100, 1_000)
    series: dict[str, Mapping[int, analyzer_pb2.AnalyzeStackRequest]] = {
        "resources, with one right trail": {size: stack_of(right(1), size) for size in SIZES[1:]},
        "right trails": {count: stack_of(right(count), 4 * count + 10) for count in few},
        "trails that are wrong": {count: stack_of(wrong(count), count + 10) for count in few},
    }
    rows = [
        own_row(by, {number: own_seconds(request) for number, request in requests.items()})
        for by, requests in series.items()
    ]
    return Table(("Own part, by", "Measured", "Power", "Bound"), tuple(rows))


def own_row(by: str, points: Mapping[int, float]) -> Row:
    """How steep the growth is between its last two points: 1 where twice as many take twice as long."""
    (n, one), (m, other) = list(points.items())[-2:]
    power = math.log(other / one) / math.log(m / n)
    measured = ", ".join(f"{number:,}: {cost * 1e3:,.1f} ms" for number, cost in points.items())
    return Row((by, measured, f"{power:.2f}", f"{STEEPEST:.2f}"), power <= STEEPEST)


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
