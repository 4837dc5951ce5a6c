"""The pack as one file, for the tests: built once for what it is made of, and shared by all processes."""

import hashlib
import shutil
import time
from pathlib import Path

from tests.analyzers import PACK
from tools.engine.pulumi_release import locked, partial_folder
from tools.release.names import NAME, WITH_BOTO3
from tools.release.one_file import HERE, PYTHON, build, pack_files

BUILDS = PACK / ".build" / "one-file"
SECONDS = 600.0
OLD_SECONDS = 24 * 3600.0  # other tests may still run what is younger
FIRST_CLI = "3.255"  # that takes one file


def built() -> Path:
    """The folder with both files. What tests built of other contents a day ago is removed."""
    parts = [*(PACK / name for name in pack_files()), *sorted(path for path in HERE.iterdir() if path.is_file())]
    digest = hashlib.sha256(PYTHON.encode() + b"".join(path.read_bytes() for path in parts)).hexdigest()[:16]
    place = BUILDS / digest
    BUILDS.mkdir(parents=True, exist_ok=True)
    with locked(BUILDS, SECONDS, "files"):
        if not place.is_dir():
            for old in (path for path in BUILDS.iterdir() if path.is_dir()):
                if time.time() - old.stat().st_mtime > OLD_SECONDS:
                    shutil.rmtree(old)
            with partial_folder(BUILDS) as partial:
                list(build(partial))
                partial.rename(place)
    return place


def small() -> Path:
    """The file without boto3."""
    return built() / NAME


def with_boto3() -> Path:
    """The file with boto3."""
    return built() / f"{NAME}{WITH_BOTO3}"
