"""What the CLI needs beside itself to run the programs of each language.

    venv/bin/python -m tools.engine.languages

makes sure that all of it is there, so that tests beside each other do not wait for one that prepares it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tools.engine.isolated_pulumi import OWN_ENVIRONMENT
from tools.engine.nodejs import NoNodeError, ensure_node, ensure_npm_packages
from tools.engine.progress import say
from tools.engine.pulumi_cli import (
    GO,
    NODEJS,
    YAML,
    LanguageHost,
    NoPulumiCliError,
    ensure_go,
    ensure_language_host,
    ensure_pulumi_cli,
)
from tools.engine.steps import on_path


class ProgramError(Exception):
    """A program cannot be run; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Provided:
    """What the programs of this repository are run with, in place of what `pulumi install` would make for each."""

    linked: Mapping[str, Path]
    """Folders by the names under which a program finds them."""
    variables: Mapping[str, str] = field(default_factory=dict)


def _virtual_environment(_: Path) -> Provided:
    return Provided(OWN_ENVIRONMENT)


def _node_modules(cache: Path) -> Provided:
    # Their types are checked once for all of them, and Node remembers what it has compiled.
    quick = {"PULUMI_NODEJS_TRANSPILE_ONLY": "true", "TS_NODE_CACHE": "false", "NODE_COMPILE_CACHE": str(cache)}
    return Provided({"node_modules": ensure_npm_packages()}, quick)


def _node(variables: Mapping[str, str]) -> list[Path]:
    return [ensure_node(environment=variables).folder]


def _go(variables: Mapping[str, str]) -> list[Path]:
    go = ensure_go().command
    return [] if on_path("go", variables) == go else [go.parent]


def _go_settings(_: Path) -> Provided:
    # Those with which the CLI is built, so that what that has compiled is found.
    return Provided({}, {"CGO_ENABLED": "0", "GOFLAGS": "-trimpath -buildvcs=false"})


@dataclass(frozen=True)
class Language:
    """A language that programs are written in."""

    name: str
    """That of the folder of an example's program."""
    runtime: str
    """Its name in Pulumi.yaml."""
    host: LanguageHost | None = None
    """None where it is a part of the CLI."""
    toolchain: Callable[[Mapping[str, str]], Sequence[Path]] = lambda _: ()
    """Makes sure, under some variables, that what runs a program is there. Answers its folders."""
    needs: Path | None = None
    """What `pulumi install` makes in the folder of a program, and a program does not run without."""
    provided: Callable[[Path], Provided] = _virtual_environment
    """What the programs here run with. It is given a folder that they may share, and raises as `folders`."""

    def folders(self, cli: Sequence[Path]) -> list[Path]:
        """The folders to put first on PATH: those of a CLI, and those with what else runs a program.

        Raises NoPulumiCliError or NoNodeError where something is missing and cannot be had.
        """
        path = os.pathsep.join([*map(str, cli), os.environ.get("PATH", os.defpath)])
        variables = {**os.environ, "PATH": path}
        hosts = [ensure_language_host(self.host, environment=variables)] if self.host else []
        return [*cli, *hosts, *self.toolchain(variables)]


LANGUAGES = (
    Language("python", "python"),
    Language("go", "go", GO, _go, provided=_go_settings),
    Language("typescript", "nodejs", NODEJS, _node, Path("node_modules", "@pulumi", "pulumi"), _node_modules),
    Language("yaml", "yaml", YAML),
)


def language_named(name: str) -> Language:
    """The language with a name. Raises ProgramError when there is none."""
    found = next((language for language in LANGUAGES if language.name == name), None)
    if found is None:
        raise ProgramError(f"LANGUAGE={name} is not one of {', '.join(language.name for language in LANGUAGES)}.")
    return found


def language_of(program: Path) -> Language | None:
    """The language of a program, by its Pulumi.yaml; None where it is none of the above, or not said."""
    try:
        project = yaml.safe_load((program / "Pulumi.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None  # The CLI says what is wrong with it.
    runtime = project.get("runtime") if isinstance(project, dict) else None
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    return next((language for language in LANGUAGES if language.runtime == name), None)


def installed_for(program: Path, language: Language) -> dict[str, Path]:
    """What `pulumi install` made for a program, in its own folder or in one above, as Node looks for it: by its name.

    Raises ProgramError when it is not there.
    """
    if language.needs is None:
        return {}
    for folder in (program, *program.parents):
        if (folder / language.needs).exists():
            name = language.needs.parts[0]
            return {name: folder / name}
    raise ProgramError(f"{program} is not ready to run: run `pulumi install` in it first.")


def main() -> int:
    """Make sure of what runs the programs of every language here; 1 where something is missing and cannot be had."""
    try:
        cli = ensure_pulumi_cli().folders
        for language in LANGUAGES:
            language.folders(cli)
            language.provided(Path())
    except (NoPulumiCliError, NoNodeError) as failure:
        say(str(failure))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
