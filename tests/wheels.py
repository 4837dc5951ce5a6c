"""What the pack needs, downloaded once: an installation spends most of its time on reading the index of packages."""

from __future__ import annotations

import hashlib
import os
import sys

from tools.engine.pulumi_release import locked, partial_folder
from tools.engine.steps import run_step

from .analyzers import PACK

SECONDS = 600.0
# What the CLI adds to each virtual environment that it makes. It would renew pip too, which takes as long as the rest.
INSTALLERS = ("setuptools", "wheel")


def pip_variables() -> dict[str, str]:
    """The variables with which pip installs the pack's requirements from a folder in .build, and nothing else."""
    requirements = PACK / "requirements.txt"
    digest = hashlib.sha256(f"{sys.version} {requirements.read_text()}".encode()).hexdigest()[:16]
    folders = PACK / ".build" / "wheels"
    folders.mkdir(parents=True, exist_ok=True)
    finished = folders / digest
    with locked(folders, SECONDS, "wheels"):
        if not finished.is_dir():
            with partial_folder(folders) as partial:
                what = ["--wheel-dir", str(partial), "-r", str(requirements), *INSTALLERS]
                command = [sys.executable, "-m", "pip", "wheel", *what]
                run_step("downloading wheels", command, os.environ, SECONDS, folders / "download.log")
                partial.rename(finished)
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(finished)}
