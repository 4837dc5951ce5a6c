"""Asks many questions at once, within a time that is kept whatever happens to the answers."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from ..model.aws_answers import NotTold

_WORKERS = 16

_Key = TypeVar("_Key", bound=Hashable)
_Answer = TypeVar("_Answer")


def ask_all(questions: Mapping[_Key, Callable[[], _Answer]], seconds: float) -> Mapping[_Key, _Answer | NotTold]:
    """The answers to all questions; those that are not there in time are not told. Questions must not raise.

    Threads that still wait for an answer are left behind; they end with the process.
    """
    deadline = time.monotonic() + seconds
    waiting: queue.SimpleQueue[_Key] = queue.SimpleQueue()
    answered: queue.SimpleQueue[tuple[_Key, _Answer | NotTold]] = queue.SimpleQueue()
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
    answers: dict[_Key, _Answer | NotTold] = {}
    while len(answers) < len(questions):
        try:
            key, answer = answered.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            break
        answers[key] = answer
    late = NotTold(f"AWS did not answer within the {seconds:g} seconds that are allowed")
    return {key: answers.get(key, late) for key in questions}
