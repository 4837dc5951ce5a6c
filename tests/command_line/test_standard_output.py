"""Standard output that takes all, takes no more, is full or is closed."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from command_line.standard_output import write_out

LONG = b"x" * 1_000_000


def test_it_takes_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        write_out(LONG)
        assert (tmp_path / "out").read_bytes() == LONG


def test_whoever_reads_it_may_have_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with io.TextIOWrapper(os.fdopen(writer, "wb")) as out:
        monkeypatch.setattr(sys, "stdout", out)
        write_out(LONG)
        out.write("and what Python writes at its end")


def test_where_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)) as raised:
        write_out(LONG)
    assert raised.value.filename == "standard output"


def test_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with io.TextIOWrapper(io.BufferedWriter(Full())) as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as raised:
            write_out(LONG)
        assert raised.value.filename == "standard output"


class Full(io.RawIOBase):
    """A file on a disk that is full, but for a while."""

    had = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.had:
            return len(data)
        self.had = True
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
