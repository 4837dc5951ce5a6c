"""Why a file cannot be read as text."""

from __future__ import annotations


def why_unreadable(problem: OSError | UnicodeDecodeError) -> str | None:
    """A phrase, such as "No such file or directory"."""
    return problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
