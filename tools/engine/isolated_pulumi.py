"""Runs the real Pulumi CLI in a place of its own: no login, no cloud, nothing of the user's.

What the CLI writes (home, state, plugins) stays in one folder that the caller owns and removes.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

# A user's settings with these prefixes never reach an isolated run.
FOREIGN_PREFIXES = ("AWS_", "PULUMI_", "BOTO_")
# Nor do these: they would change which Python or which packages a program or pack runs on, or make it compile anew.
FOREIGN_NAMES = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")
PASSPHRASE = "isolated"
# What this process runs in, as the programs and packs in Python here ask for it.
OWN_ENVIRONMENT = {"venv": Path(sys.prefix)}
LINKED = ("venv", ".venv", "node_modules")
NOT_COPIED = ("__pycache__", ".git", ".build")


class PulumiTimeoutError(Exception):
    """A run did not end in time and was killed; the message holds what it had printed."""


@dataclass(frozen=True)
class Finished:
    """How a run of the CLI ended."""

    args: tuple[str, ...]
    exit_status: int
    stdout: str
    stderr: str
    seconds: float


@dataclass(frozen=True)
class IsolatedPulumi:
    """A place to run the CLI in. Made by `isolated_pulumi`."""

    pulumi: Path
    environment: Mapping[str, str]
    colour: bool = False

    def run(
        self,
        args: Sequence[str],
        cwd: Path,
        timeout_seconds: float = 120,
        extra_env: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run `pulumi ARGS` in a folder and answer how it ended, whatever its exit status is.

        Raises PulumiTimeoutError when it takes longer; then everything that it started is killed.
        """
        colour = "always" if self.colour else "never"
        command = [str(self.pulumi), "--color", colour, *args]
        return run_command(command, cwd, timeout_seconds, {**self.environment, **(extra_env or {})})


def isolated_pulumi(
    folder: Path,
    path_folders: Sequence[Path],
    colour: bool = False,
    keep_prefixes: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
) -> IsolatedPulumi:
    """Prepare `folder` (made if absent) for isolated runs of the CLI.

    `path_folders` come first on PATH: those of the CLI and, if wanted, of a provider. Without a
    provider on PATH a run fails at once instead of downloading one, unless a run's `extra_env`
    sets PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION to "false". `keep_prefixes` lets the user's
    variables with a prefix through, like "AWS_". `variables` are this process's own unless given.
    Raises FileNotFoundError when there is no pulumi on the resulting PATH.
    """
    folder = folder.absolute()
    home, state = folder / "home", folder / "state"
    for made in (home, state):
        made.mkdir(parents=True, exist_ok=True)
    inherited = dict(os.environ if variables is None else variables)
    foreign = tuple(prefix for prefix in FOREIGN_PREFIXES if prefix not in keep_prefixes)
    environment = {
        name: value for name, value in inherited.items() if not name.startswith(foreign) and name not in FOREIGN_NAMES
    }
    if "AWS_" in foreign:
        # The files need not exist; naming them keeps ~/.aws out.
        environment["AWS_CONFIG_FILE"] = str(folder / "aws-config")
        environment["AWS_SHARED_CREDENTIALS_FILE"] = str(folder / "aws-credentials")
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
    path = [str(entry.absolute()) for entry in path_folders]
    environment.update(
        PATH=os.pathsep.join([*path, inherited.get("PATH", os.defpath)]),
        PULUMI_HOME=str(home),
        PULUMI_BACKEND_URL=state.as_uri(),
        PULUMI_CONFIG_PASSPHRASE=PASSPHRASE,
        PULUMI_SKIP_UPDATE_CHECK="1",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION="true",
    )
    pulumi = shutil.which("pulumi", path=environment["PATH"])
    if pulumi is None:
        raise FileNotFoundError(f"there is no pulumi in {environment['PATH']}")
    return IsolatedPulumi(Path(pulumi).absolute(), environment, colour)


def run_command(command: Sequence[str], cwd: Path, timeout_seconds: float, environment: Mapping[str, str]) -> Finished:
    """Run a command without input and answer how it ended.

    Raises PulumiTimeoutError when it takes longer. Then, and when this process is interrupted, the
    command and everything that it started are killed.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=timeout_seconds)
    except subprocess.TimeoutExpired:
        _kill_session(process.pid)
        stdout, stderr = process.communicate()
        raise PulumiTimeoutError(
            f"{' '.join(command)} did not end within {timeout_seconds:g} seconds."
            f"\n--- stdout:\n{stdout}\n--- stderr:\n{stderr}"
        ) from None
    except BaseException:
        _kill_session(process.pid)
        process.communicate()
        raise
    seconds = time.monotonic() - started
    return Finished(tuple(command), process.returncode, stdout, stderr, seconds)


def stage_program(source_folder: Path, destination: Path, given: Mapping[str, Path] | None = None) -> Path:
    """Copy a program to a new folder, so that a run leaves nothing in the program's own. Answers the destination.

    What the program has to run with (`venv`, `node_modules`, …) is linked. given: further folders by the names under
    which they are linked, in place of its own.
    A program in Go is built where it is, since it may be a folder of a larger module: only its settings are copied.
    Raises FileNotFoundError when there is no program or no such folder, and FileExistsError when the destination
    exists.
    """
    if not (source_folder / "Pulumi.yaml").is_file():
        raise FileNotFoundError(f"{source_folder} is not a Pulumi program: it has no Pulumi.yaml")
    # With a `main` of its own, a program is all below its folder.
    settings = (source_folder / "Pulumi.yaml").read_text(encoding="utf-8")
    if any(source_folder.glob("*.go")) and not re.search("^main *:", settings, re.MULTILINE):
        return _stage_settings(source_folder, destination)
    linked = {name: source_folder / name for name in LINKED if (source_folder / name).is_dir()}
    for name, folder in (given or {}).items():
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is not a folder")
        linked[name] = folder
    shutil.copytree(source_folder, destination, ignore=shutil.ignore_patterns(*LINKED, *NOT_COPIED))
    for name, folder in linked.items():
        (destination / name).symlink_to(folder.absolute(), target_is_directory=True)
    return destination


def _stage_settings(source_folder: Path, destination: Path) -> Path:
    """Copies the Pulumi.yaml of a program and of its stacks, and names the program's own folder in the first."""
    destination.mkdir(parents=True)
    for settings in source_folder.glob("Pulumi*.yaml"):
        shutil.copy(settings, destination)
    with (destination / "Pulumi.yaml").open("a", encoding="utf-8") as project:
        project.write(f"\nmain: {json.dumps(str(source_folder.absolute()))}\n")
    return destination


def read_events(path: Path) -> list[dict[str, Any]]:
    """The engine's events that `pulumi ... --event-log FILE` wrote, in order.

    Raises ValueError with the line number when a line is no event.
    """
    events: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            raise ValueError(f"{path}, line {number}: not an engine event: {line[:200]}")
        events.append(event)
    return events


def _kill_session(session: int) -> None:
    """Kill all processes of a session that `run_command` started, and what they start meanwhile.

    The CLI gives each of its plugins a process group, so killing its own group is not enough.
    """
    deadline = time.monotonic() + 5
    while (members := _session_members(session)) and time.monotonic() < deadline:
        for member in members:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        time.sleep(0.02)


def _session_members(session: int) -> list[psutil.Process]:
    """Those that have not ended. One that ended but was not collected has."""

    def is_member(process: psutil.Process) -> bool:
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
        return False

    return [process for process in psutil.process_iter() if is_member(process)]
