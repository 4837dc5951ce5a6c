"""Many questions at once: every answer is given, and the time is kept whatever happens to them."""

import threading
import time

from cloudtrail_logs.aws.parallel import ask_in_parallel
from cloudtrail_logs.model.aws_answers import Unavailable

LATE = Unavailable("AWS did not answer within the 0.5 seconds that are allowed")


def test_all_answers() -> None:
    questions = {number: (lambda number=number: number * 2) for number in range(500)}
    assert ask_in_parallel(questions, 30) == {number: number * 2 for number in range(500)}


def test_nothing_to_ask() -> None:
    assert ask_in_parallel({}, 30) == {}


def test_questions_are_asked_beside_each_other() -> None:
    barrier = threading.Barrier(8, timeout=20)  # passed only by eight at once
    assert set(ask_in_parallel(dict.fromkeys(range(8), barrier.wait), 30).values()) == set(range(8))


def test_what_hangs_is_not_told_and_the_time_is_kept() -> None:
    released = threading.Event()
    questions = {number: (lambda: released.wait(60) and "answer") for number in range(200)}
    started = time.monotonic()
    answers = ask_in_parallel(questions, 0.5)
    spent = time.monotonic() - started
    released.set()
    assert set(answers.values()) == {LATE}
    assert len(answers) == 200
    assert spent < 10


def test_what_is_there_in_time_is_told_beside_what_hangs() -> None:
    released = threading.Event()
    answers = ask_in_parallel({"quick": lambda: "answer", "hangs": lambda: released.wait(60) and "answer"}, 0.5)
    released.set()
    assert answers == {"quick": "answer", "hangs": LATE}
