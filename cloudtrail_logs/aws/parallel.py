"""Asks many questions at once, within a time limit that holds whatever happens to the answers."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from ..model.aws_answers import Unavailable

_WORKERS = 16

_Key = TypeVar("_Key", bound=Hashable)
_Answer = TypeVar("_Answer")


def ask_in_parallel(
    questions: Mapping[_Key, Callable[[], _Answer]], seconds: float
) -> Mapping[_Key, _Answer | Unavailable]:
    """The answers to all questions; unavailable where they are not there in time. Questions must not raise.

    Threads that still wait for an answer are left behind; they end with the process.
    """
    deadline = time.monotonic() + seconds
    waiting: queue.SimpleQueue[_Key] = queue.SimpleQueue()
    answered: queue.SimpleQueue[tuple[_Key, _Answer | Unavailable]] = queue.SimpleQueue()
    for key in questions:
        waiting.put(key)

    def work() -> None:
        while time.monotonic() < deadline:
            try:
                key = waiting.get_nowait()
            except queue.Empty:
                return
            answered.put((key, questions[key]()))

    for _ in range(min(_WORKERS, len(questions))):
        threading.Thread(target=work, daemon=True).start()
    answers: dict[_Key, _Answer | Unavailable] = {}
    while len(answers) < len(questions):
        try:
            key, answer = answered.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            break
        answers[key] = answer
    late = Unavailable(f"AWS did not answer within the {seconds:g} seconds that are allowed")
    return {key: answers.get(key, late) for key in questions}
