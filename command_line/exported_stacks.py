"""Exports stacks by the user's own `pulumi` and login, several at a time, into a private folder that is removed.

What the CLI writes to the folder has its secrets encrypted, as they are in the state.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cloudtrail_logs.fleet.evidence import Unread
from cloudtrail_logs.model.quoting import quoted_text, shown
from command_line.exit_on_signals import exit_on_signals

QUESTION_SECONDS: Final = 120.0
EXPORT_SECONDS: Final = 300.0
_AT_ONCE: Final = 8
_LONGEST_LINE: Final = 240
_LONGEST_NAME: Final = 200
_ORGANIZATION: Final = re.compile(r"\w[\w.-]*", re.ASCII)
_STACK: Final = re.compile(r"\w[\w.-]*(/[\w.-]+){0,2}", re.ASCII)
_USER_OF_URL: Final = re.compile(r"(?<=://)[^/\s]*@")
# Each is an option of the CLI, such as --show-secrets or --version, that would hold for all stacks.
_OPTIONS: Final = "PULUMI_OPTION_"


class CannotExportError(Exception):
    """No stack can be exported. The message says why, and what to do."""


class _FailedError(Exception):
    """A command of the CLI failed; the message is what it said, in one line."""


def _no_progress(done: int, total: int) -> None:
    """Progress that nobody wants to see."""


@contextmanager
def exported_stacks(
    organization: str = "",
    stacks: Sequence[str] = (),
    progress: Callable[[int, int], None] = _no_progress,
    environment: Mapping[str, str] | None = None,
) -> Iterator[list[tuple[str, Path | Unread]]]:
    """The names of stacks, each with the file of its state or why there is none, for as long as the files are needed.

    organization: all of its stacks that the user may see. stacks: single ones, such as ORG/PROJECT/STACK. progress: is
    told how many are done, and of how many. environment: in place of this process's own. Raises CannotExportError.
    """
    if organization and not _ORGANIZATION.fullmatch(organization):
        raise CannotExportError(f"{quoted_text(organization, _LONGEST_NAME)} is not the name of an organization.")
    with exit_on_signals(), TemporaryDirectory(prefix="pulumi-states-") as folder:
        cli = _Cli(Path(folder), os.environ if environment is None else environment)
        who = _who(cli)
        listed = _stacks_of(cli, organization, who) if organization else ()
        yield _exported(cli, list(dict.fromkeys((*stacks, *listed))), progress)


def _who(cli: _Cli) -> Mapping[str, Any]:
    """Who is logged in. It also logs in with a new token, which the exports would all do at once."""
    try:
        who: dict[str, Any] = _read(cli.run("whoami", "--json", seconds=QUESTION_SECONDS), dict)
        return who
    except _FailedError as error:
        raise CannotExportError(
            f"pulumi does not say who you are: {error} If you are not logged in, run pulumi login, or set "
            "PULUMI_ACCESS_TOKEN."
        ) from None


def _stacks_of(cli: _Cli, organization: str, who: Mapping[str, Any]) -> list[str]:
    # A self-hosted Pulumi Cloud has no address of a console to show.
    if not str(who.get("url") or "https:").startswith(("https:", "http:")):
        raise CannotExportError(
            "You are logged in to a self-managed backend, which has no organizations. Give its folder, or a copy of "
            "its bucket, as STATES."
        )
    try:
        listing = cli.run("stack", "ls", "--all", "--json", f"--organization={organization}", seconds=QUESTION_SECONDS)
    except _FailedError as error:
        raise CannotExportError(f"The stacks of {organization} cannot be listed: {error}") from None
    names = [str(each["name"]) for each in _read(listing, list)]
    if names:
        return names
    yours = [str(each) for each in who.get("organizations") or []]
    if organization.casefold() in (each.casefold() for each in (*yours, str(who.get("user")))):
        raise CannotExportError(f"Organization {organization} has no stack that you are allowed to see.")
    listed = f"Yours are: {shown(', '.join(yours), _LONGEST_NAME)}." if yours else "You are in no organization."
    raise CannotExportError(f"You are not a member of organization {organization}. {listed}")


def _read(answer: str, kind: type) -> Any:
    with suppress(ValueError):
        value = json.loads(answer)
        if isinstance(value, kind):
            return value
    raise CannotExportError("The answer of pulumi is not understood. Use a newer version of it.")


def _exported(cli: _Cli, names: Sequence[str], progress: Callable[[int, int], None]) -> list[tuple[str, Path | Unread]]:
    executor = ThreadPoolExecutor(_AT_ONCE)
    try:
        exports = [executor.submit(_export, cli, name, f"{number}.json") for number, name in enumerate(names)]
        for done, _ in enumerate(as_completed(exports), start=1):
            progress(done, len(names))
        return [(name, export.result()) for name, export in zip(names, exports, strict=True)]
    finally:
        cli.stop()
        executor.shutdown()


def _export(cli: _Cli, stack: str, file: str) -> Path | Unread:
    if not _STACK.fullmatch(stack):
        return Unread(shown(stack, _LONGEST_NAME), "It is not the name of a stack, such as ORG/PROJECT/STACK.")
    path = cli.folder / file
    try:
        cli.run("stack", "export", f"--stack={stack}", f"--file={path}", seconds=EXPORT_SECONDS)
    except _FailedError as error:
        return Unread(stack, f"pulumi cannot export it: {error}")
    return path if path.is_file() else Unread(stack, "pulumi wrote no file for it.")


class _Cli:
    """The user's CLI, in the folder where they are: their login, and the backend of a project there.

    folder: takes the files.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        pulumi = shutil.which("pulumi", path=environment.get("PATH", os.defpath))
        if pulumi is None:
            raise CannotExportError("There is no pulumi on PATH. Install Pulumi, or give exported files as STATES.")
        self.folder = folder
        # Else names are short where the folder has a project.
        self._command = [pulumi, "--non-interactive", "--color=never", "--fully-qualify-stack-names"]
        self._token = environment.get("PULUMI_ACCESS_TOKEN", "")
        kept = {name: value for name, value in environment.items() if not name.startswith(_OPTIONS)}
        self._environment = {**kept, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        self._guard = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._is_stopped = False

    def run(self, *arguments: str, seconds: float) -> str:
        """What a command prints. Raises _FailedError. Safe to be used by several threads."""
        with self._guard:
            if self._is_stopped:
                raise _FailedError("It was stopped.")
            try:
                process = subprocess.Popen(
                    [*self._command, *arguments],
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    encoding="utf-8",
                    errors="replace",
                    start_new_session=True,  # so that what it starts ends with it
                )
            except OSError as error:
                raise _FailedError(f"It cannot be started: {error.strerror}.") from None
            self._running.add(process)
        with process:
            try:
                out, err = process.communicate(timeout=seconds)
            except BaseException as error:
                _kill(process)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise _FailedError(f"It did not end within {seconds:g} seconds.") from None
                raise
            finally:
                with self._guard:
                    self._running.discard(process)
        if process.returncode:
            raise _FailedError(self._line(err) or self._line(out) or f"It ended with status {process.returncode}.")
        return out

    def stop(self) -> None:
        """Ends what runs. Nothing starts any more."""
        with self._guard:
            self._is_stopped = True
            for process in self._running:
                _kill(process)

    def _line(self, said: str) -> str:
        """The last line, which says what is wrong, as a sentence: without credentials."""
        line = said.strip().rpartition("\n")[2].removeprefix("error: ").strip()
        line = _USER_OF_URL.sub("", line.replace(self._token, "…") if self._token else line)
        return shown(line, _LONGEST_LINE) + ("." if line and line[-1] not in ".!?" else "")


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
