"""`make licences`: writes docs/licences.md, what a user of the pack installs and under which licences.

Installs requirements.txt, and nothing else, into a virtual environment of its own, as `pulumi install` does, and lets
pip-licenses read what each package says of itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
REQUIREMENTS = REPOSITORY / "requirements.txt"
PLACE = REPOSITORY / ".build" / "consumer"
DOCUMENT = REPOSITORY / "docs" / "licences.md"


def installed_licences() -> list[Mapping[str, str]]:
    """Each package that requirements.txt brings, with its Name, Version, License and URL.

    Raises subprocess.CalledProcessError where it cannot be installed.
    """
    venv.create(PLACE, clear=True, with_pip=True)
    python = PLACE / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    subprocess.run(install, check=True)
    # pip is what a virtual environment begins with.
    subprocess.run([str(python), "-m", "pip", "uninstall", "--quiet", "--yes", "pip"], check=True)
    command = [sys.executable, "-m", "piplicenses", "--python", str(python), "--format", "json", "--from", "mixed"]
    asked = subprocess.run([*command, "--with-urls", "--with-system"], check=True, stdout=subprocess.PIPE)
    found: list[Mapping[str, str]] = json.loads(asked.stdout)
    return sorted(found, key=lambda package: package["Name"].lower())


def page_of(packages: Sequence[Mapping[str, str]], day: str) -> str:
    """The page: a line for each package."""
    rows = "".join(f"| {each['Name']} | {each['Version']} | {each['License']} | {each['URL']} |\n" for each in packages)
    return (
        "# What a user of the pack installs\n\n"
        "The pack itself is under the licence in LICENSE. `pulumi install` brings what requirements.txt names, and\n"
        "what that needs in turn. The versions are those of the day, the licences what each package says of itself.\n"
        f"`make licences` wrote this page on {day}, with Python {sys.version_info.major}.{sys.version_info.minor}.\n\n"
        "| Package | Version | Licence | Home |\n| --- | --- | --- | --- |\n"
        f"{rows}"
    )


def main() -> int:
    """Writes the page; 0 when that is done."""
    DOCUMENT.write_text(page_of(installed_licences(), f"{datetime.now(timezone.utc):%Y-%m-%d}"), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
