"""The files with states among the files and folders that somebody names.

In the folder of a self-managed backend, or in a copy of its bucket, states are `.pulumi/stacks/PROJECT/NAME.json`, or
`.pulumi/stacks/NAME.json`, compressed or not. Beside that folder there are history, backups, locks, `meta.yaml`
and, in the CLI's home, plugins; beside the states `*.bak`, `*.pulumi-tags` and `*.attrs` (pulumi/pkg, `backend/diy`).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .evidence import Unread

SUFFIXES: Final = (".json", ".json.gz", ".json.zst")
_BACKEND: Final = ".pulumi"
_STACKS: Final = "stacks"
_NO_FILE: Final = "It is not a file but a pipe, a socket or a device."
_REASONS: Final = {
    errno.ENOENT: "It does not exist.",
    errno.EACCES: "You are not allowed to read it.",
    errno.EPERM: "You are not allowed to read it.",
    errno.ELOOP: "It is a symbolic link that leads to itself.",
}


def state_files(paths: Sequence[Path]) -> Iterator[Path | Unread]:
    """The files with states, each real file once: a named one whatever it is called, those in folders by their suffix.

    A folder is read when its turn comes. Its files come first, then its subfolders and links, by name.
    """
    walk = _Walk()
    for path in paths:
        yield from walk.of(os.fspath(path))


class _Walk:
    """What was met so far. Each folder is read once, so of files only those are kept that can be met twice."""

    def __init__(self) -> None:
        self._folders: set[tuple[int, int]] = set()
        self._files: set[tuple[int, int]] = set()

    def of(self, named: str) -> Iterator[Path | Unread]:
        waiting = [(named, True)]
        while waiting:
            path, is_named = waiting.pop()
            found = _status(path)
            if isinstance(found, Unread):
                yield found
            elif not stat.S_ISDIR(found.st_mode):
                if is_named or path.endswith(SUFFIXES):
                    yield from self._file(path, found)
            elif _name(path, is_named) == _BACKEND:
                stacks = os.path.join(path, _STACKS)
                if is_named or os.path.isdir(stacks):  # a home of the CLI may have none
                    waiting.append((stacks, is_named))
            elif (found.st_dev, found.st_ino) not in self._folders:
                others: list[str] = []
                yield from self._folder(path, found, others)
                waiting.extend((other, False) for other in reversed(others))

    def _folder(self, folder: str, found: os.stat_result, others: list[str]) -> Iterator[Path | Unread]:
        """The files that lie in a folder. others: takes the paths of its subfolders and links."""
        files = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_symlink() or entry.is_dir():
                        others.append(entry.path)
                    elif entry.name.endswith(SUFFIXES):
                        files.append(entry.path)
        except OSError as error:
            yield _unread(folder, error)
            return
        self._folders.add((found.st_dev, found.st_ino))
        others.sort()
        files.sort()
        for path in files:
            status = _status(path)
            if isinstance(status, Unread):
                yield status
            else:
                yield from self._file(path, status, in_its_folder=True)

    def _file(self, path: str, found: os.stat_result, in_its_folder: bool = False) -> Iterator[Path | Unread]:
        """The file, unless it was met, or is met in its own folder."""
        if not stat.S_ISREG(found.st_mode):
            yield Unread(path, _NO_FILE)
            return
        identity = (found.st_dev, found.st_ino)
        if identity in self._files or not (in_its_folder or not self._is_of_folder(path)):
            return
        if not in_its_folder or found.st_nlink > 1:
            self._files.add(identity)
        yield Path(path)

    def _is_of_folder(self, path: str) -> bool:
        """Whether a file, named or linked, is among those of a folder that is read already."""
        real = os.path.realpath(path)
        folder = os.stat(os.path.dirname(real))
        return real.endswith(SUFFIXES) and (folder.st_dev, folder.st_ino) in self._folders


def _status(path: str) -> os.stat_result | Unread:
    try:
        path.encode()
    except UnicodeEncodeError:
        return Unread(os.fsencode(path).decode(errors="replace"), "Its name is not UTF-8, so no report can show it.")
    try:
        return os.stat(path)
    except OSError as error:
        if error.errno == errno.ENOENT and os.path.islink(path):
            return Unread(path, "It is a symbolic link to something that does not exist.")
        return _unread(path, error)


def _name(folder: str, is_named: bool) -> str:
    """Of a folder itself, not of a link to it."""
    return os.path.basename(os.path.realpath(folder) if is_named or os.path.islink(folder) else folder)


def _unread(path: str, error: OSError) -> Unread:
    return Unread(path, _REASONS.get(error.errno or 0, f"It cannot be read: {error.strerror}."))
