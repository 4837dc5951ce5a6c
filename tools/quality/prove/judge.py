"""A process of its own for the comparisons, which is ended where the solver does not keep its limit of time."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.pool import Pool
from typing import Final

from .cases import Case
from .comparison import Comparison, Findings, not_finished
from .solver import Solver

_QUERIES_IN_TIME: Final = 20
_START_SECONDS: Final = 30
_DEEPEST: Final = 20_000


class Judge:
    """Compares cases in another process."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds
        self.seconds = milliseconds * _QUERIES_IN_TIME / 1000
        self._pool = self._new_pool()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.terminate()
        self._pool.join()

    def findings(self, case: Case) -> Findings:
        """What is found of a case; it counts as undecided where that takes as long as many queries may."""
        try:
            return self._pool.apply_async(_compared, (case, self.milliseconds)).get(self.seconds)
        except multiprocessing.TimeoutError:
            self.__exit__()
            self._pool = self._new_pool()
            return not_finished(case)

    def _new_pool(self) -> Pool:
        # What is allowed by thousands of statements is a set of sets of sets.
        pool = multiprocessing.get_context("spawn").Pool(1, sys.setrecursionlimit, (_DEEPEST,))
        pool.apply_async(_ready).get(self.seconds + _START_SECONDS)
        return pool


def _ready() -> None:
    """Nothing: it is done as soon as the process has started."""


def _compared(case: Case, milliseconds: int) -> Findings:
    comparison = Comparison(solver=Solver(milliseconds))
    comparison.compare(case)
    comparison.counts["queries"] += comparison.solver.queries
    return Findings(comparison.counts, comparison.differences, comparison.imprecise)
