"""The command: gets the lowest and the newest versions of the packages from the registry, and checks each."""

from __future__ import annotations

import argparse
import functools
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools.quality.contract.expectations import PACKAGES, expectations_of
from tools.quality.contract.sdk_check import Checked, check_sdk
from tools.quality.contract.sources import Sources, UnreadablePackageError, of_archive

REPOSITORY = Path(__file__).resolve().parents[3]
PLACE = REPOSITORY / ".build" / "contract"
DOWNLOAD_SECONDS = 600
HEADER = "| Package | Version | Types | Properties | Findings |\n| --- | --- | ---: | ---: | ---: |"
_ARCHIVE = re.compile(r"^(?:Saved|\s*File was already downloaded) (\S+)", re.MULTILINE)

Check = Callable[[Sources], Checked]


class CannotDownloadError(Exception):
    """A package could not be had; the message is what pip says."""


def wanted() -> Iterator[tuple[str, Check]]:
    """What pip is asked for, and how it is checked: of each package the lowest versions first, then the newest."""
    for package in PACKAGES:
        check = functools.partial(check_sdk, package, expectations_of(package))
        yield from ((f"{package.name}=={version}", check) for version in package.lowest)
        yield package.name, check


def downloaded(requirement: str, place: Path = PLACE) -> Path:
    """A package's archive, downloaded where it is not there yet. Raises CannotDownloadError."""
    name, exact, version = requirement.partition("==")
    kept = sorted(place.glob(f"{name.replace('-', '_')}-{version}[-.][pt]*")) if exact else []
    if kept:
        return kept[0]
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*command, "--dest", str(place), requirement], capture_output=True, text=True, timeout=DOWNLOAD_SECONDS
    )
    found = _ARCHIVE.search(done.stdout)
    if done.returncode or not found:
        raise CannotDownloadError(f"{requirement} cannot be downloaded.\n{done.stdout}{done.stderr}".strip())
    return place / Path(found[1]).name


def row(checked: Checked) -> str:
    """A row of the table."""
    return (
        f"| {checked.package} | {checked.version} | {checked.tokens} | {checked.properties} | {len(checked.findings)} |"
    )


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 where everything that the pack relies on is there."""
    argparse.ArgumentParser(prog="make contract", description=__doc__).parse_args(arguments)
    PLACE.mkdir(parents=True, exist_ok=True)
    done: list[Checked] = []
    print(HEADER, flush=True)
    try:
        for requirement, check in wanted():
            archive = downloaded(requirement)
            try:
                done.append(check(of_archive(archive)))
            except UnreadablePackageError as problem:
                raise CannotDownloadError(f"{archive.name} is not understood: {problem}.") from problem
            print(row(done[-1]), flush=True)
    except (CannotDownloadError, subprocess.TimeoutExpired, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    lines = [f"{each.package} {each.version}: {finding}" for each in done for finding in each.findings]
    if lines:
        print("", *lines, sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
