"""The pack as one file, for the tests: built once for what it is made of, and shared by all processes."""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tests.analyzers import PACK
from tools.engine.pulumi_release import locked, partial_folder
from tools.release.names import NAME, WITH_BOTO3
from tools.release.one_file import HERE, LOCKS, build, libraries_of_all, pack_files

BUILDS = PACK / ".build" / "one-file"
SECONDS = 600.0
OLD_SECONDS = 24 * 3600.0  # other tests may still run what is younger
FIRST_CLI = "3.255"  # that takes one file
# The Python itself first: a version manager's stand-in for it takes longer than the start of Python.
PATH = f"{Path(sys.executable).resolve().parent}{os.pathsep}{os.environ['PATH']}"


def built() -> Path:
    """The folder with both files. What tests built of other contents a day ago is removed."""
    place = BUILDS / _digest([*(PACK / name for name in pack_files()), *(path for path in HERE.iterdir())])
    BUILDS.mkdir(parents=True, exist_ok=True)
    with locked(BUILDS, SECONDS, "files"):
        if not place.is_dir():
            libraries = _libraries()
            for old in (path for path in BUILDS.iterdir() if path.is_dir()):
                if time.time() - old.stat().st_mtime > OLD_SECONDS:
                    shutil.rmtree(old)
            with partial_folder(BUILDS) as partial:
                list(build(partial, libraries))
                partial.rename(place)
    return place


def _libraries() -> list[tuple[str, bytes]]:
    """The libraries of both files, which a change of the pack leaves as they are. The caller holds the lock."""
    place = BUILDS / f"libraries-{_digest([*LOCKS.values(), HERE / 'one_file.py'])}"
    if not place.is_dir():
        with partial_folder(BUILDS) as partial:
            for name, libraries in libraries_of_all():
                (partial / name).write_bytes(libraries)
            partial.rename(place)
    place.touch()  # in use: not old
    return [(name, (place / name).read_bytes()) for name in LOCKS]


def _digest(paths: Iterable[Path]) -> str:
    content = [sys.version.encode(), *(path.read_bytes() for path in sorted(paths) if path.is_file())]
    return hashlib.sha256(b"".join(content)).hexdigest()[:16]


def small() -> Path:
    """The file without boto3."""
    return built() / NAME


def with_boto3() -> Path:
    """The file with boto3."""
    return built() / f"{NAME}{WITH_BOTO3}"
