from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def process_is_gone() -> Callable[[int], bool]:
    """Whether a process ends within some seconds. One that ended but was not collected is gone."""

    def alive(process: int) -> bool:
        status = Path("/proc") / str(process) / "stat"
        if status.parent.parent.joinpath("self").exists():
            try:
                return status.read_text().rpartition(")")[2].split()[0] not in "ZX"
            except OSError:
                return False
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        return True

    def gone(process: int) -> bool:
        deadline = time.monotonic() + 5
        while alive(process):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    return gone
