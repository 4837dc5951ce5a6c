"""Gives work to an executor in batches, a bounded number at a time, and survives the end of a worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from multiprocessing import active_children
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
Start = Callable[[], Executor]


class Here(Executor):
    """Does all work at once, in this process: for what is so little that processes would cost more."""

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """As `Executor.submit`, once it is done."""
        future: Future[_Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Workers:
    """An executor, made anew when it breaks. A context manager, which ends it."""

    def __init__(self, start: Start, window: int) -> None:
        """start: makes the executor. window: how many batches it is given at a time."""
        self._start = start
        self._window = window
        self._executor = start()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind:  # what is in work is not waited for; a process takes Ctrl-C for a failure of its batch
            for process in active_children():
                process.kill()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def results(
        self, work: Callable[[Sequence[_Item]], Sequence[_Result]], batches: Iterable[Sequence[_Item]]
    ) -> Iterator[tuple[_Item, _Result | None]]:
        """What the work gives for each item, in any order; None where a worker ended over it, or it failed.

        work: gives as many results as it is given items, in their order.
        """
        suspects: list[_Item] = []
        for batch, results in self._each(work, batches, self._window):
            if results is None:
                suspects += batch
            else:
                yield from zip(batch, results, strict=True)
        # One by one: several are in work when a process ends, and only one of them is the reason.
        for batch, results in self._each(work, ([each] for each in suspects), 1):
            yield batch[0], results[0] if results else None

    def _each(
        self,
        work: Callable[[Sequence[_Item]], Sequence[_Result]],
        batches: Iterable[Sequence[_Item]],
        window: int,
    ) -> Iterator[tuple[Sequence[_Item], Sequence[_Result] | None]]:
        waiting: dict[Future[Sequence[_Result]], Sequence[_Item]] = {}
        left = iter(batches)
        failed: deque[Sequence[_Item]] = deque()
        while True:
            while len(waiting) < window and (batch := next(left, None)):
                try:
                    waiting[self._executor.submit(work, batch)] = batch
                except BrokenExecutor:
                    failed.append(batch)
                    self._executor = self._start()
            while failed:
                yield failed.popleft(), None
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                batch = waiting.pop(future)
                error = future.exception()
                if isinstance(error, BrokenExecutor) and not waiting:
                    self._executor = self._start()
                yield batch, None if error else future.result()
