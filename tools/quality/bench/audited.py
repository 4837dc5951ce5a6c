"""Runs the command `audit`, and measures its time by the clock and the memory of all its processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

import psutil

from tools.quality.bench.packs import REPOSITORY, MeasuringError

_SAMPLE_SECONDS: Final = 0.05


def audited(folder: Path | None, trails: int = 0) -> tuple[float, float]:
    """The seconds that an audit of a folder takes, and the most bytes that it has; of None, those of its help alone.

    trails: how many the folder has. Raises MeasuringError where not all trails are right.
    """
    arguments = ["audit", str(folder), "--format", "json"] if folder else ["audit", "--help"]
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "command_line", *arguments], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as process:
        watch = _Watch(process.pid)
        said, _ = process.communicate()
        spent = time.perf_counter() - started
        most = watch.most()
    if folder:
        totals = json.loads(said)["totals"]
        if not totals["trails"] == totals["right"] == trails:
            raise MeasuringError(f"Not all trails of the audit are right: {totals}.")
    return spent, most


class _Watch:
    """Samples the memory of a process and its children until it is asked."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._most = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            try:
                every = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(each.memory_info().rss for each in every))
            except psutil.NoSuchProcess:
                continue

    def most(self) -> float:
        """The most bytes that they had together."""
        self._ended.set()
        self._thread.join()
        return self._most
