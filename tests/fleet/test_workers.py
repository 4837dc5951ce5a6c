"""Work in batches, in processes and on a real Dask cluster: all results, also when a worker ends halfway."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import psutil
import pytest

from cloudtrail_logs.fleet.audit import audit
from cloudtrail_logs.fleet.evidence import Unread
from cloudtrail_logs.fleet.workers import Here, Workers
from command_line.audit import cluster_at
from command_line.audit_terms import CannotAuditError
from tests.fleet.fleets import Stack, terms


def doubled(batch: Sequence[int]) -> list[int]:
    """7 fails, and 13 ends the process."""
    if 7 in batch:
        raise ValueError("seven")
    if 13 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return [2 * each for each in batch]


def two_processes() -> Executor:
    return ProcessPoolExecutor(2)


@pytest.mark.parametrize(("start", "items", "lost"), [
    (Here, [], []),
    (Here, range(7), []),
    (Here, range(10), [7]),
    (two_processes, range(7), []),
    (two_processes, range(10), [7]),
    (two_processes, range(40), [7, 13]),
    (two_processes, [13], [13]),
    (two_processes, [13, 13, 7, 1], [13, 13, 7]),
])  # fmt: skip
@pytest.mark.parametrize("length", [1, 5, 100])
def test_every_item_has_a_result_but_those_that_fail(
    start: Any, items: Sequence[int], lost: list[int], length: int
) -> None:
    batches = [list(items)[at : at + length] for at in range(0, len(items), length)]
    with Workers(start, 3) as workers:
        found = list(workers.results(doubled, batches))
        assert list(workers.results(doubled, [[1, 2]])) == [(1, 2), (2, 4)], "it can be used again"
    assert sorted(found, key=lambda each: each[0]) == [
        (each, None if each in lost else 2 * each) for each in sorted(items)
    ]


def sleeping(batch: Sequence[float]) -> list[float]:
    for seconds in batch:
        time.sleep(seconds)
    return list(batch)


def interrupted() -> None:
    with Workers(two_processes, 3) as workers:
        for _ in workers.results(sleeping, [[0.0], [60.0], [60.0]]):
            raise KeyboardInterrupt


def test_nothing_is_left_when_it_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - began < 30
    assert active_children() == []


def test_batches_are_made_as_they_are_needed() -> None:
    made: list[int] = []

    def batches() -> Any:
        for number in range(100):
            made.append(number)
            yield [number + 20]

    with Workers(Here, 4) as workers:
        next(workers.results(doubled, batches()))
    assert len(made) <= 8


def fleet(folder: Path, count: int) -> list[Any]:
    """Stacks of which every second one has the log group and the role of the one before it."""
    sources = []
    for number in range(count):
        stack, shared = Stack(f"app/{number}"), Stack(f"shared/{number}")
        stack.trail(f"trail-{number}", f"audit-{number}", f"delivery-{number}")
        shared.log_group(f"audit-{number}")
        shared.role(f"delivery-{number}")
        shared.role_policy(f"delivery-{number}")
        sources += [stack.write(folder), shared.write(folder)]
    return sources


def test_a_cluster_gives_the_same_rows_also_when_a_worker_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster  # takes a second: only in the process that needs it

    sources = fleet(tmp_path, 60)
    monkeypatch.setattr("cloudtrail_logs.fleet.audit._BATCH_FILES", 4)
    with Workers(Here, 1) as workers:
        expected = audit(sources, terms(), workers)
    assert {answer.standing.value for row in expected.trails for answer in row.answers} == {"right"}
    killed: list[int] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:

        def end_one(done: int, total: int) -> None:
            if not killed and done >= total // 3:
                killed.append(next(iter(cluster.workers.values())).process.pid)
                psutil.Process(killed[0]).kill()

        with Workers(lambda: cluster_at(cluster.scheduler_address), 4) as workers:
            found = audit(sources, terms(), workers, progress=end_one)
    assert killed
    assert found == expected


def test_processes_give_the_same_rows(tmp_path: Path) -> None:
    sources = fleet(tmp_path, 60)
    with Workers(Here, 1) as workers:
        expected = audit(sources, terms(), workers)
    with Workers(two_processes, 4) as workers:
        assert audit(sources, terms(), workers) == expected


@pytest.mark.parametrize(("address", "error"), [
    ("tcp://127.0.0.1:1", "There is no Dask scheduler at tcp://127.0.0.1:1: OSError."),
    ("nonsense://x", "There is no Dask scheduler at nonsense://x: ValueError."),
])  # fmt: skip
def test_a_cluster_that_is_not_there(address: str, error: str) -> None:
    with pytest.raises(CannotAuditError) as raised:
        cluster_at(address, seconds=1)
    assert str(raised.value) == error


def test_a_state_whose_process_ends_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = fleet(tmp_path, 3)
    monkeypatch.setattr("cloudtrail_logs.fleet.audit.read_state", _ends_over(sources[0].path))
    with Workers(two_processes, 4) as workers:
        found = audit(sources, terms(), workers)
    assert found.unread == (
        Unread(
            str(sources[0].path),
            "It could not be checked: the process that read it ended. It may need more memory than there is.",
        ),
    )
    assert len(found.stacks) == 5


def _ends_over(ending: Path) -> Any:
    from cloudtrail_logs.fleet.states import read_state

    def read(path: Path, largest: int) -> Any:
        if path == ending:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_state(path, largest)

    return read
