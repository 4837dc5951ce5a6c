"""Makes sure that there is a browser to look at pages with: the one on PATH, or Debian's, which is installed then.

venv/bin/python -m tools.engine.chromium
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from filelock import Timeout

from tools.engine.progress import say
from tools.engine.pulumi_release import locked
from tools.engine.steps import StepFailedError, on_path, run_step

REPOSITORY = Path(__file__).resolve().parents[2]
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Chromium and what is built from it, by their usual names."""
SECONDS = 600.0


class NoChromiumError(Exception):
    """There is no browser, and none could be installed; the message is one sentence."""


def ensure_chromium(repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None) -> Path:
    """The command of a browser. With apt-get, root gets Debian's where there is none. Raises NoChromiumError.

    `environment` is this process's own unless given. Progress goes to stderr.
    """
    variables = dict(os.environ if environment is None else environment)
    if found := _found(variables):
        return found
    advice = 'install the package "chromium", or Google Chrome.'
    apt = on_path("apt-get", variables)
    if not apt or os.geteuid() != 0:
        raise NoChromiumError(f"No Chromium is on PATH, and only root can install it with apt-get; {advice}")
    folder = repository / ".build" / "chromium"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, SECONDS, "Chromium"):
            if not _found(variables):
                _install(apt, variables, folder / "install.log")
    except (StepFailedError, Timeout, OSError) as failure:
        raise NoChromiumError(f"Chromium could not be installed ({failure}); {advice}") from failure
    if not (found := _found(variables)):
        raise NoChromiumError(f"The package chromium brought no Chromium on PATH; {advice}")
    return found


def _found(variables: Mapping[str, str]) -> Path | None:
    return next((path for name in COMMANDS if (path := on_path(name, variables))), None)


def _install(apt: Path, variables: Mapping[str, str], log: Path) -> None:
    say("Installing Debian's package chromium.")
    log.write_bytes(b"")
    unattended = {**variables, "DEBIAN_FRONTEND": "noninteractive"}
    run_step("apt-get update", [str(apt), "update", "-q"], unattended, SECONDS, log)
    packages = ["--no-install-recommends", "chromium", "fonts-liberation"]
    run_step("apt-get install", [str(apt), "install", "-q", "-y", *packages], unattended, SECONDS, log)


def main() -> int:
    """Print the command; 1 without one."""
    try:
        print(ensure_chromium())
    except NoChromiumError as failure:
        say(str(failure))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
