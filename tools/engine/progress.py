"""Says on stderr what takes long, and how far it is, so that nobody wonders whether a command hangs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SILENT_SECONDS = 3.0
"""What is done within them is not worth a line."""
SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_UPDATES = 1.0
"""In a terminal, where one line is written over again and again."""


def say(sentence: str) -> None:
    """Print a line to stderr at once."""
    print(sentence, file=sys.stderr, flush=True)


@contextmanager
def progress(how_far: Callable[[int], str]) -> Iterator[None]:
    """While the body runs, say how far it is: after three seconds, and then every ten seconds.

    how_far: a line, given for how many seconds the body has run. It is called from another thread. In a terminal the
    line is renewed every second, and removed in the end.
    """
    ended = threading.Event()
    in_place = sys.stderr.isatty()
    started = time.monotonic()

    def speak() -> None:
        spoken, pause = False, SILENT_SECONDS
        while not ended.wait(pause):
            line = how_far(int(time.monotonic() - started))
            print(f"\r\x1b[K{line}" if in_place else line, end="" if in_place else "\n", file=sys.stderr, flush=True)
            spoken, pause = True, SECONDS_BETWEEN_UPDATES if in_place else SECONDS_BETWEEN_LINES
        if spoken and in_place:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        ended.set()
        speaker.join()
