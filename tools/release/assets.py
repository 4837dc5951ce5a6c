"""The files of a release, from those that `make dist` builds on each platform with each Python.

`name DIST ASSETS` names what was built, where it was built. `gather ASSETS RELEASE` collects the files of all builds:
it refuses what is missing or too much, and writes the sums.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.release.names import PLATFORMS, PROJECT, PYTHONS, SUMS, all_assets, asset_name, built_names


class NotReleasableError(Exception):
    """The message says what is wrong with the files."""


def name(dist: Path, assets: Path, built_for: tuple[str, str], python: str) -> list[Path]:
    """Copies what was built to a new folder, under its names in a release. Raises NotReleasableError."""
    if built_for not in PLATFORMS or python not in PYTHONS:
        raise NotReleasableError(f"A release has no files for {' '.join(built_for)} and Python {python}.")
    names = {file: asset_name(file, PLATFORMS[built_for], python) for file in built_names()}
    assets.mkdir(parents=True)
    return [Path(shutil.copy(dist / file, assets / asset)) for file, asset in {**names, PROJECT: PROJECT}.items()]


def gather(assets: Path, release: Path) -> list[Path]:
    """Copies the files of all builds, each in its folder, to a new one with their sums. Raises NotReleasableError."""
    found: dict[str, Path] = {}
    for path in sorted(assets.glob("*/*")):
        if found.setdefault(path.name, path).read_bytes() != path.read_bytes():
            raise NotReleasableError(
                f"{path.name} is not the same in {found[path.name].parent.name} and {path.parent.name}."
            )
    if missing := set(all_assets()) - set(found):
        raise NotReleasableError(f"These files are missing: {', '.join(sorted(missing))}.")
    if unknown := set(found) - set(all_assets()):
        raise NotReleasableError(f"These files are not part of a release: {', '.join(sorted(unknown))}.")
    release.mkdir(parents=True)
    copied = [Path(shutil.copy(found[each], release)) for each in all_assets()]
    (release / SUMS).write_text(sums(copied), encoding="utf-8")
    return [*copied, release / SUMS]


def sums(files: Sequence[Path]) -> str:
    """The SHA-256 sums of files, as `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def main(arguments: Sequence[str]) -> int:
    """Runs a command; 0 when it is done."""
    parser = argparse.ArgumentParser(prog="python -m tools.release.assets", description=__doc__)
    parser.add_argument("command", choices=["name", "gather"])
    parser.add_argument("source", type=Path)
    parser.add_argument("destination", type=Path)
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "name":
            here = (sys.platform, os.uname().machine)
            made = name(asked.source, asked.destination, here, "{}.{}".format(*sys.version_info))
        else:
            made = gather(asked.source, asked.destination)
    except NotReleasableError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("".join(f"{path}\n" for path in made), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
