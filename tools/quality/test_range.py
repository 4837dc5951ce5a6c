"""`make test-range`: the tests of the pack itself on the lowest and the newest versions that requirements.txt allows.

On every Python that is here, 3.10 and newer: the one that runs this, those on PATH, those of pyenv. Each combination
has a virtual environment of its own in .build/range, made anew. It prints a row of a Markdown table for each, and in
the end what pytest said last; 1 where one failed. The standard library alone, since the pack's Python runs it.

The lowest versions are those of the packages that requirements.txt names, and of botocore, which boto3 names. Of the
tests' own packages the versions are those of requirements-dev.txt. ministack is installed without what it requires:
it pins one botocore, while the only module of it that the tests use needs the standard library alone.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PLACE = REPOSITORY / ".build" / "range"
TESTS = (
    *(f"tests/{room}" for room in ("model", "iam", "configuration", "rules", "report", "aws", "pulumi")),
    *("tests/policies", "tests/protocol", "tests/test_layers.py", "tests/test_linear_time.py"),
)
TEST_PACKAGES = ("hypothesis", "pytest", "pytest-xdist")
WITHOUT_REQUIREMENTS = "ministack"
SHOWN = ("pulumi", "pulumi-policy", "boto3", "botocore")
OLDEST_PYTHON = (3, 10)
NEWEST_MINOR = 20  # python3.10 to python3.19 are looked for on PATH
QUESTION_SECONDS = 60
INSTALL_SECONDS = 900
TEST_SECONDS = 1800
HEADER = (
    f"| Python | Versions | {' | '.join(SHOWN)} | Passed | Not passed | Seconds |\n"
    f"|{' --- |' * (2 + len(SHOWN))}{' ---: |' * 3}"
)
_WHERE = "import sys; print(*sys.version_info[:3], sys.executable)"
_BOTOCORE = (
    "from importlib.metadata import requires; print(*(x for x in requires('boto3') if x.startswith('botocore')))"
)


class Versions(Enum):
    """Which versions of those allowed are installed."""

    LOWEST = "lowest"
    NEWEST = "newest"


class StepFailedError(Exception):
    """A step before the tests failed; the message says what it printed."""


@dataclass(frozen=True)
class Python:
    """A Python of this machine."""

    version: tuple[int, int, int]
    executable: str

    @property
    def shown(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))


@dataclass(frozen=True)
class Outcome:
    """What the tests said on one combination. closing: pytest's last line. output: all that it printed."""

    python: Python
    versions: Versions
    installed: Sequence[str]
    passed: int
    not_passed: int
    seconds: float
    succeeded: bool
    closing: str
    output: str

    @property
    def row(self) -> str:
        """A row of the table."""
        cells = [self.python.shown, self.versions.value, *self.installed]
        return f"| {' | '.join(cells)} | {self.passed:,} | {self.not_passed:,} | {self.seconds:.0f} |"


def requirements(text: str, versions: Versions) -> list[str]:
    """What pip is asked for: the lower bound of each requirement, or the requirement itself: pip takes the newest.

    Raises ValueError where a line is no `name>=LOWEST,<BOUND`.
    """
    found = []
    for line in filter(None, (line.partition("#")[0].strip() for line in text.splitlines())):
        match = re.fullmatch(r"([A-Za-z0-9-]+)>=([0-9.]+),<[0-9.]+", line)
        if not match:
            raise ValueError(f"{line} is no requirement such as name>=1.2,<2")
        found.append(f"{match[1]}=={match[2]}" if versions is Versions.LOWEST else line)
    return found


def pinned(text: str, names: Sequence[str]) -> list[str]:
    """The exact requirements of these packages. Raises ValueError where one has none."""
    found = {line.partition("==")[0]: line.strip() for line in text.splitlines() if "==" in line}
    missing = [name for name in names if name not in found]
    if missing:
        raise ValueError(f"{', '.join(missing)} has no exact version")
    return [found[name] for name in names]


def counts(closing: str) -> tuple[int, int]:
    """How many tests passed, and how many did not, from pytest's last line: one that is skipped has not passed."""
    said = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped|x\w+)\b", closing)}
    return said.get("passed", 0), sum(number for word, number in said.items() if word != "passed")


def pythons(executables: Sequence[str]) -> list[Python]:
    """Those that run and are new enough, one for each minor version, in the order of the versions."""
    found: dict[tuple[int, int], Python] = {}
    for executable in executables:
        python = _asked(executable)
        if python and python.version[:2] >= OLDEST_PYTHON:
            found.setdefault(python.version[:2], python)
    return [found[minor] for minor in sorted(found)]


def here() -> Iterator[str]:
    """The executables that may be a Python: the one that runs this first."""
    yield sys.executable
    yield from (f"python3.{minor}" for minor in range(OLDEST_PYTHON[1], NEWEST_MINOR))
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(root.glob("versions/3.*/bin/python3")))


def _asked(executable: str) -> Python | None:
    # A shim of pyenv is on PATH also for a version that is not chosen, and then fails.
    if not shutil.which(executable):
        return None
    done = subprocess.run([executable, "-c", _WHERE], capture_output=True, text=True, timeout=QUESTION_SECONDS)
    if done.returncode:
        return None
    major, minor, patch, where = done.stdout.strip().split(" ", 3)
    return Python((int(major), int(minor), int(patch)), where)


def _run(command: Sequence[str], seconds: float) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=seconds)
    if done.returncode:
        raise StepFailedError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def _install(place: Path, python: Python, versions: Versions) -> str:
    """Makes the virtual environment, and answers its Python."""
    _run([python.executable, "-m", "venv", "--clear", str(place)], INSTALL_SECONDS)
    own = str(place / "bin" / "python")
    pip = [own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = requirements((REPOSITORY / "requirements.txt").read_text(encoding="utf-8"), versions)
    tools = (REPOSITORY / "requirements-dev.txt").read_text(encoding="utf-8")
    if versions is Versions.LOWEST:
        boto3 = next(each for each in wanted if each.startswith("boto3=="))
        _run([*pip, "--no-deps", boto3], INSTALL_SECONDS)
        needed = _run([own, "-c", _BOTOCORE], QUESTION_SECONDS).strip().replace(" ", "")
        lower = re.search(r">=([0-9.]+)", needed)
        if not lower:
            raise StepFailedError(f"{boto3} has no lowest botocore: {needed}")
        wanted.append(f"botocore=={lower[1]}")
    _run([*pip, *wanted, *pinned(tools, TEST_PACKAGES)], INSTALL_SECONDS)
    _run([*pip, "--no-deps", *pinned(tools, (WITHOUT_REQUIREMENTS,))], INSTALL_SECONDS)
    return own


def tested(python: Python, versions: Versions, workers: str) -> Outcome:
    """Installs and tests one combination. Raises StepFailedError where it cannot be installed."""
    own = _install(PLACE / f"{python.shown}-{versions.value}", python, versions)
    show = f"from importlib.metadata import version; print(*map(version, {SHOWN!r}))"
    installed = _run([own, "-c", show], QUESTION_SECONDS).split()
    command = [own, "-m", "pytest", "-p", "no:cacheprovider", "-n", workers, "--dist", "worksteal", *TESTS]
    began = time.monotonic()
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=TEST_SECONDS)
    seconds = time.monotonic() - began
    output = f"{done.stdout}{done.stderr}"
    closing = (done.stdout.strip().splitlines() or [""])[-1]
    passed, not_passed = counts(closing)
    succeeded = done.returncode == 0 and passed > 0 and not not_passed
    return Outcome(python, versions, installed, passed, not_passed, seconds, succeeded, closing, output)


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 where every combination passed."""
    parser = argparse.ArgumentParser(prog="make test-range", description=__doc__)
    parser.add_argument("--only", type=Versions, choices=list(Versions), help="lowest or newest; both without it")
    parser.add_argument("--python", action="append", help="a Python to use instead of all that are here")
    parser.add_argument("--workers", default="auto", help="as many processes run the tests")
    options = parser.parse_args(arguments)
    chosen = pythons(options.python or list(here()))
    if not chosen:
        print("There is no Python 3.10 or newer.", file=sys.stderr)
        return 1
    print(HEADER, flush=True)
    outcomes: list[Outcome] = []
    broken: list[str] = []
    for python in chosen:
        for versions in [options.only] if options.only else list(Versions):
            try:
                outcome = tested(python, versions, options.workers)
            except (StepFailedError, subprocess.TimeoutExpired) as problem:
                broken.append(f"Python {python.shown}, {versions.value}: {problem}")
                continue
            outcomes.append(outcome)
            print(outcome.row, flush=True)
    for outcome in outcomes:
        print(f"\nPython {outcome.python.shown}, {outcome.versions.value}:")
        print(outcome.closing if outcome.succeeded else outcome.output)
    for line in broken:
        print(f"\n{line}", file=sys.stderr)
    return 1 if broken or not all(outcome.succeeded for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
