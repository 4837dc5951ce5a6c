"""A progress bar on stderr, where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_WIDTH: Final = 30
_SECONDS: Final = 0.1


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives what is to be told how many are done, and of how many. The bar is removed in the end.

    what: the words before it.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    drawn = 0.0

    def draw(done: int, total: int) -> None:
        nonlocal drawn
        if time.monotonic() - drawn >= _SECONDS or done == total:
            drawn = time.monotonic()
            full = "#" * (_WIDTH * done // max(total, 1))
            print(f"\r\x1b[K{what} [{full:{_WIDTH}}] {done:,} of {total:,}", end="", file=sys.stderr, flush=True)

    try:
        yield draw
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
