"""Writes to standard output, whatever it is."""

from __future__ import annotations

import errno
import os
import sys

_NAME = "standard output"


def write_out(content: bytes) -> None:
    """Writes all of it, or as much as whoever reads it wants, such as `head`. Raises OSError, which names the place."""
    if sys.stdout is None:  # Python's way to say that it is closed
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), _NAME)
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # Python writes the rest at its end
        os.close(nowhere)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, _NAME) from None
