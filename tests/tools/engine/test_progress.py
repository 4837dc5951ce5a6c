"""What takes long says how far it is; what is quick says nothing."""

import io
import re
import sys
import time

import pytest

from tools.engine import progress
from tools.engine.progress import progress as saying


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0.2)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.2)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_UPDATES", 0.2)


def test_the_pauses() -> None:
    assert progress.SILENT_SECONDS == 3
    assert progress.SECONDS_BETWEEN_LINES == 10


def test_what_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with saying("{} seconds".format):
        time.sleep(0.1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("quick")
def test_what_is_slow_says_line_by_line_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with saying("{} seconds".format):
        time.sleep(1.2)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"0 seconds\n([0-9]+ seconds\n)*[1-9] seconds\n", printed.err)


@pytest.mark.usefixtures("quick")
def test_a_terminal_shows_one_line_that_disappears(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with saying("{} seconds".format):
        time.sleep(0.7)
    assert re.fullmatch(r"(\r\x1b\[K[0-9] seconds){2,}\r\x1b\[K", terminal.getvalue())


@pytest.mark.usefixtures("quick")
def test_it_ends_with_what_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), saying("{} seconds".format):
        raise ValueError("broken")
    time.sleep(0.5)
    assert capsys.readouterr().err == ""
