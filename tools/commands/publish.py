"""`make publish ORG=NAME`: publishes the pack to an organization in Pulumi Cloud, with the CLI's own login.

What a pack needs at run time is copied to a folder of its own, since the CLI archives everything below the folder that
it publishes from. There it is installed from its requirements alone, as the organization's members will install it, so
that what cannot run is noticed before anything is uploaded.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.engine.isolated_pulumi import Finished, PulumiTimeoutError, run_command
from tools.engine.pulumi_cli import NoPulumiCliError, ensure_pulumi_cli

PACK = Path(__file__).resolve().parents[2]
# What a pack needs at run time.
NEEDED = ("LICENSE", "PulumiPolicy.yaml", "__main__.py", "requirements.txt", "policies", "cloudtrail_logs")
FOLDERS = tuple(name for name in NEEDED if "." not in name)
# What installing and running leaves beside it: the archive follows this file, and leaves it out too.
IGNORED = "/.gitignore\n/venv\n__pycache__/\n"
# Semantic versioning, without the build metadata that Pulumi does not take.
_VERSION = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}(-[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*)?")
QUESTION_SECONDS = 60.0
INSTALL_SECONDS = 600.0
PUBLISH_SECONDS = 300.0


class CannotPublishError(Exception):
    """Nothing was published; the message says what to do."""


@dataclass(frozen=True)
class Cli:
    """The user's own CLI, with their login and settings."""

    environment: Mapping[str, str]

    def run(self, folder: Path, seconds: float, *args: str) -> Finished:
        """Runs `pulumi ARGS` in a folder. Raises PulumiTimeoutError when it takes longer."""
        command = ["pulumi", "--non-interactive", "--color", "never", *args]
        return run_command(command, folder, seconds, self.environment)


def needed_files(pack: Path = PACK) -> list[str]:
    """The files that a pack needs at run time, as paths below its folder, in order."""
    found: list[str] = []
    for name in NEEDED:
        if (pack / name).is_dir():
            paths = [path.relative_to(pack) for path in (pack / name).rglob("[!.]*") if path.is_file()]
            found += [path.as_posix() for path in paths if "__pycache__" not in path.parts]
        else:
            found.append(name)
    return sorted(found)


def stage(destination: Path, pack: Path = PACK) -> list[str]:
    """Copies the needed files to a new folder, and answers which they are."""
    files = needed_files(pack)
    for name in files:
        (destination / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pack / name, destination / name)
    (destination / ".gitignore").write_text(IGNORED, encoding="utf-8")
    return files


def version_of(pack: Path = PACK) -> str:
    """The version in PulumiPolicy.yaml, the one place for it.

    Raises CannotPublishError where it is none that Pulumi takes, or is not the newest one in CHANGELOG.md.
    """
    project = (pack / "PulumiPolicy.yaml").read_text(encoding="utf-8")
    found = re.search(r"^version: *(\S+) *(?:#.*)?$", project, re.MULTILINE)
    if not found:
        raise CannotPublishError("PulumiPolicy.yaml has no version such as 1.2.3. Pulumi would publish it as 0.0.1.")
    if not _VERSION.fullmatch(found[1]):
        raise CannotPublishError(
            f"The version in PulumiPolicy.yaml is {found[1]}, which is not a version such as 1.2.3."
        )
    newest = re.search(r"^## (\S+)", (pack / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if not newest or newest[1] != found[1]:
        said = f"begins with {newest[1]}" if newest else "has none"
        raise CannotPublishError(
            f"PulumiPolicy.yaml says version {found[1]}, but CHANGELOG.md {said}. Say there what {found[1]} brings."
        )
    return found[1]


def publish(organization: str, cli: Cli, pack: Path = PACK) -> Iterator[str]:
    """Publishes the pack, and says line by line what is done.

    Raises CannotPublishError, before anything is uploaded wherever that can be known.
    """
    version, name = version_of(pack), _name_of(pack)
    _refuse_unknown_files(pack)
    with tempfile.TemporaryDirectory(prefix="policy-pack-") as folder:
        place = Path(folder)
        _refuse_foreign_ignore_files(place)
        _check_login(cli, place, organization)
        _check_version(cli, place, organization, name, version)
        files = stage(place, pack)
        total = sum((place / file).stat().st_size for file in files)
        yield f"{name} {version} needs {len(files)} files, {total / 1000:.0f} kB:"
        yield from (f"  {file}" for file in files)
        yield "Installing it from its requirements.txt."
        installed = cli.run(place, INSTALL_SECONDS, "install")
        if installed.exit_status:
            raise CannotPublishError(f"It cannot be installed, so it is not published.\n{_said(installed)}")
        published = cli.run(place, PUBLISH_SECONDS, "policy", "publish", organization)
        yield _said(published)
        if published.exit_status:
            _refuse_unpublished(cli, place, organization, name, version)
            yield f"{name} {version} is published, but the CLI could not read it back. Do not publish it again."
        yield f"Enable it: pulumi policy enable {organization}/{name} {version} --config FILE"


def _name_of(pack: Path) -> str:
    found = re.search(
        r"^name: *(\S+) *(?:#.*)?$", (pack / "PulumiPolicy.yaml").read_text(encoding="utf-8"), re.MULTILINE
    )
    if not found:
        raise CannotPublishError("PulumiPolicy.yaml has no name.")
    return found[1].strip("\"'")


def _refuse_unknown_files(pack: Path) -> None:
    """A file that git does not know may be anything; where there is no git, the folder is taken as it is."""
    try:
        command = ["git", "ls-files", "--others", "--exclude", "__pycache__", "--", *FOLDERS]
        answer = run_command(command, pack, QUESTION_SECONDS, os.environ)
    except OSError:
        return
    if answer.exit_status == 0 and (unknown := answer.stdout.split("\n")[:-1]):
        raise CannotPublishError(f"{unknown[0]} would be published, but git does not know it. Add it or remove it.")


def _refuse_foreign_ignore_files(place: Path) -> None:
    """The CLI's archive follows the ignore files of all folders above, which may drop what the pack needs."""
    for folder in place.resolve().parents:
        if (folder / ".gitignore").is_file():
            raise CannotPublishError(
                f"{folder / '.gitignore'} would decide what is published. Set TMPDIR to a folder below no such file."
            )


def _check_login(cli: Cli, place: Path, organization: str) -> None:
    answer = cli.run(place, QUESTION_SECONDS, "whoami", "--json")
    if answer.exit_status:
        raise CannotPublishError(
            f"{_said(answer)}\nPulumi Cloud does not say who you are. If you are not logged in, run pulumi login, or "
            "set PULUMI_ACCESS_TOKEN."
        )
    who = _json(answer)
    # A self-hosted service has no address of a console to show.
    url = str(who.get("url") or "https://")
    if not url.startswith(("http://", "https://")):
        raise CannotPublishError(
            f"You are logged in to {url}, which keeps stacks but no policy packs. Run pulumi login to use Pulumi Cloud."
        )
    members_of = [str(each) for each in who.get("organizations") or []]
    if organization not in members_of:
        listed = f"Yours are: {', '.join(members_of)}." if members_of else "You are in no organization."
        raise CannotPublishError(f"You are not a member of organization {organization}. {listed}")


def _check_version(cli: Cli, place: Path, organization: str, name: str, version: str) -> None:
    if version in _versions(cli, place, organization, name):
        raise CannotPublishError(
            f"{name} {version} is published in {organization} already, and a version is never published twice. "
            "Raise it in PulumiPolicy.yaml and CHANGELOG.md."
        )


def _refuse_unpublished(cli: Cli, place: Path, organization: str, name: str, version: str) -> None:
    """The CLI also fails where it cannot read back what it has published (since 3.260): then the version is there."""
    try:
        published = version in _versions(cli, place, organization, name)
    except CannotPublishError as problem:
        raise CannotPublishError(
            f"{problem}\nSo it is not known whether {name} {version} is published. Look with pulumi policy ls "
            f"{organization} before you publish it again."
        ) from None
    if not published:
        raise CannotPublishError("Pulumi Cloud did not take it, so it is not published. Run the same again.")


def _versions(cli: Cli, place: Path, organization: str, name: str) -> list[str]:
    """The versions of the pack that are published."""
    answer = cli.run(place, QUESTION_SECONDS, "policy", "ls", organization, "--json")
    if answer.exit_status:
        raise CannotPublishError(f"The policy packs of {organization} cannot be listed.\n{_said(answer)}")
    packs = [pack for pack in _json(answer) if pack.get("name") == name]
    return [str(version) for pack in packs for version in pack.get("versions") or []]


def _json(answer: Finished) -> Any:
    try:
        return json.loads(answer.stdout)
    except ValueError:
        raise CannotPublishError(f"The CLI's answer is not understood.\n{_said(answer)}") from None


def _said(finished: Finished) -> str:
    return f"{finished.stdout}{finished.stderr}".strip()


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 when the pack is published."""
    parser = argparse.ArgumentParser(prog="make publish", description=__doc__)
    parser.add_argument("organization", nargs="?")
    organization = parser.parse_args(arguments).organization
    if not organization:
        print("Name the organization: make publish ORG=NAME", file=sys.stderr)
        return 2
    try:
        folders = os.pathsep.join(map(str, ensure_pulumi_cli(download=True).folders))
        path = f"{folders}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        environment = {**os.environ, "PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        for line in publish(organization, Cli(environment)):
            print(line, flush=True)
    except (CannotPublishError, NoPulumiCliError, PulumiTimeoutError, OSError, UnicodeDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
