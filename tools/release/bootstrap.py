"""What the one file runs first, as its `__main__`: it unpacks itself where it has not, and starts the command line.

It is unpacked for its user alone, once for each content. The engine waits for it, so the usual way loads very little.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

NAME: Final = "cloudtrail-cloudwatch-logs"
CONTENTS: Final = "contents.zip"
# A first start takes seconds: what is unpacked for longer was left by one that was ended.
_LEFT_SECONDS: Final = 300
DIGITS: Final = 32  # of the digest of the contents, which names their folder


class CannotStartError(Exception):
    """The message says what to do."""


def main(file: str, built_for: tuple[str, str, str], contents: str, megabytes: int) -> int:
    """Runs the command line of the file.

    built_for: Python, system and machine. contents: the digest of what is unpacked. megabytes: the room that it takes.
    """
    try:
        here = ("Python %d.%d" % sys.version_info[:2], sys.platform, os.uname().machine)  # noqa: UP031
        if here != built_for:
            raise CannotStartError(f"It is for {' '.join(built_for)}, and this is {' '.join(here)}. Take another file.")
        folder = unpacked(file, contents, megabytes)
        sys.path[0] = folder
        try:
            from command_line.__main__ import main as run

            return run(sys.argv[1:], Path(file))
        except (ImportError, SyntaxError, EOFError) as problem:
            raise CannotStartError(
                f"What it unpacked to {folder} cannot be loaded: {problem}. Remove that folder and run it again. If "
                "that does not help, this system cannot run the file: use the pack's folder."
            ) from problem
    except KeyboardInterrupt:
        return 130
    except CannotStartError as problem:
        sys.stderr.write(f"{file} cannot start. {problem}\n")
        return 1


def unpacked(file: str, contents: str, megabytes: int) -> str:
    """The folder with the contents of the file. Raises CannotStartError where there is no place for them."""
    refused: list[str] = []
    for parent in _places():
        place = os.path.join(parent, contents)
        try:
            if not is_guarded(parent):
                raise OSError("others can replace it")
            if not (is_private(parent) and is_private(place)):
                _unpack(file, parent, place)
                if refused:
                    sys.stderr.write(f"{file} unpacks itself to {place}, since it cannot use {refused[0]}.\n")
        except OSError as problem:
            refused.append(f"{parent} ({problem.strerror or problem})")
        else:
            return place
    cannot = f" It cannot use {' and '.join(refused)}." if refused else ""
    raise CannotStartError(
        f"Set XDG_CACHE_HOME to a folder of yours that has {megabytes} MB and is not mounted with noexec.{cannot}"
    )


def is_private(folder: str) -> bool:
    """Whether it is a folder of this user, in which nobody else can write: what lies in it is run."""
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def is_guarded(folder: str) -> bool:
    """Whether nobody else can put another folder in its place: that takes the right to write in a folder above it."""
    trusted = (0, os.geteuid(), os.stat("/").st_uid)  # the last one in a user namespace
    guarded = True
    while folder != "/":
        folder = os.path.dirname(folder)
        try:
            found = os.lstat(folder)
        except FileNotFoundError:
            continue  # it will be made
        if found.st_uid not in trusted:
            return False
        if found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX:
            guarded = False
        elif not found.st_mode & 0o011:
            guarded = True  # what is below is out of reach
    return guarded


def _places() -> list[str]:
    """The folders to unpack in: in the user's cache, else in the temporary one. Without links on the way to them."""
    home = os.path.expanduser("~")
    cache = os.environ.get("XDG_CACHE_HOME") or (os.path.join(home, ".cache") if os.path.isabs(home) else "")
    temporary = os.environ.get("TMPDIR") or "/tmp"
    places = ((cache, NAME), (temporary, f"{NAME}-{os.geteuid()}"))
    return [os.path.join(os.path.realpath(above), name) for above, name in places if os.path.isabs(above)]


def _unpack(file: str, parent: str, place: str) -> None:
    """Unpacks to a folder beside the place, and moves that there at the end: two may do it at once."""
    import contextlib
    import hashlib
    import io
    import shutil
    import tempfile
    import time
    import zlib
    from zipfile import BadZipFile, ZipFile

    mask = os.umask(0o077)  # makedirs gives a mode to the last folder alone
    try:
        os.makedirs(parent, exist_ok=True)
    finally:
        os.umask(mask)
    if not is_private(parent) or (os.path.lexists(place) and not is_private(place)):
        raise OSError("not private to this user")
    if os.statvfs(parent).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise OSError("mounted with noexec")
    for left in (os.path.join(parent, name) for name in os.listdir(parent) if name.startswith(".")):
        with contextlib.suppress(OSError):
            if time.time() - os.lstat(left).st_mtime > _LEFT_SECONDS:
                shutil.rmtree(left)
    made = tempfile.mkdtemp(prefix=".", dir=parent)
    try:
        with ZipFile(file) as archive:
            contents = archive.read(CONTENTS)
        # The file may have been replaced since it was started.
        if hashlib.sha256(contents).hexdigest()[:DIGITS] != os.path.basename(place):
            raise BadZipFile
        with ZipFile(io.BytesIO(contents)) as inner:
            inner.extractall(made)
        os.sync()
        os.rename(made, place)
    except (BadZipFile, KeyError, zlib.error) as problem:
        raise CannotStartError("It is not whole: its download was damaged. Download it again.") from problem
    except OSError:
        if not is_private(place):  # not made by another process at the same time
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
