"""What a command must still do when a signal ends it, such as to remove what it wrote, and to end what it started."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def exit_on_signals() -> Iterator[None]:
    """Signals that would end this process at once make it exit, as an exception does."""
    is_main = threading.current_thread() is threading.main_thread()
    deadly = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL]
    handled = deadly if is_main else []
    for each in handled:
        signal.signal(each, _exit)
    try:
        yield
    finally:
        for each in handled:
            signal.signal(each, signal.SIG_DFL)


def _exit(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
