"""The real CLI, found or built, with the stand-in for the AWS provider on its PATH."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from tools.commands.examples import EXAMPLES
from tools.commands.preview import running_stand_in
from tools.engine.languages import Provided, language_named
from tools.fakes.aws_provider.launcher import PROVIDER_EXECUTABLE

from .go_builds import run_as_built, sdk_version
from .workspace import Workspace, cli_and_provider, new_workspace

YAML_PROGRAMS = Path(__file__).parent / "yaml_programs"
TYPESCRIPT_PROGRAMS = Path(__file__).parent / "typescript_programs"


@pytest.fixture(scope="session")
def path_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """The folders of the CLI and of the provider. Nothing is skipped where there is no CLI: it is built."""
    with cli_and_provider(tmp_path_factory.mktemp("provider")) as folders:
        yield folders


@pytest.fixture(scope="session")
def provider(path_folders: list[Path]) -> Iterator[dict[str, str]]:
    """The variables with which the CLI uses a provider that runs already."""
    with running_stand_in(path_folders[-1] / PROVIDER_EXECUTABLE) as variables:
        yield variables


@pytest.fixture(scope="session")
def go_provider(path_folders: list[Path]) -> Iterator[dict[str, str]]:
    """The same with one of the version that the programs in Go have the SDK of."""
    with running_stand_in(path_folders[-1] / PROVIDER_EXECUTABLE, sdk_version()) as variables:
        yield variables


@pytest.fixture
def stage(tmp_path: Path, path_folders: list[Path], provider: dict[str, str]) -> Callable[[Path], Workspace]:
    """Copies a program to a place of its own, with a new stack `dev`."""
    return lambda program: new_workspace(tmp_path, path_folders, program, provider)


@dataclass(frozen=True)
class Runner:
    """What the programs of a language are run with: the folders of a CLI that can, and what is provided for them."""

    folders: list[Path]
    provided: Provided


@pytest.fixture(scope="session")
def runners(path_folders: list[Path], shared: Path) -> Callable[[str], Runner]:
    """Answers the one of a language, made where it is first asked for."""

    @cache
    def runner(name: str) -> Runner:
        language = language_named(name)
        # The processes of a run share what Node compiles; the next run does not find what this one compiled of its programs.
        provided = language.provided(shared / "compiled")
        if name == "typescript":
            # The SDK takes several stack traces for each resource.
            provided = replace(provided, variables={**provided.variables, "NODE_OPTIONS": "--stack-trace-limit=0"})
        return Runner(language.folders(path_folders), provided)

    return runner


@pytest.fixture
def stage_in(
    runners: Callable[[str], Runner], provider: dict[str, str], request: pytest.FixtureRequest
) -> Callable[[str, Path, Path], Workspace]:
    """Copies a program in a language to a place, with a new stack `dev`."""

    def staged(language: str, place: Path, program: Path) -> Workspace:
        runner = runners(language)
        if language != "go":
            return new_workspace(place, runner.folders, program, provider, runner.provided)
        older = request.getfixturevalue("go_provider")
        workspace = new_workspace(place, runner.folders, program, older, runner.provided)
        run_as_built(workspace.program, program)
        return workspace

    return staged


@pytest.fixture
def example(tmp_path: Path, stage_in: Callable[[str, Path, Path], Workspace]) -> Callable[..., Workspace]:
    """Stages one of the examples by its name and its language, which is YAML unless given: the quickest one."""

    def staged(name: str, language: str = "yaml") -> Workspace:
        return stage_in(language, tmp_path / f"{name}-{language}", EXAMPLES / name / language)

    return staged


@pytest.fixture
def program(tmp_path: Path, stage: Callable[[Path], Workspace]) -> Callable[[str], Workspace]:
    """Stages a program given as text."""

    def staged(text: str) -> Workspace:
        source = tmp_path / "source" / "program"
        source.mkdir(parents=True)
        (source / "Pulumi.yaml").write_text((EXAMPLES / "integrated" / "python" / "Pulumi.yaml").read_text())
        (source / "__main__.py").write_text(text)
        return stage(source)

    return staged


@pytest.fixture(scope="session")
def yaml_path_folders(runners: Callable[[str], Runner]) -> list[Path]:
    """Those of the CLI and of the provider, and that of the language host of programs in YAML, which is built."""
    return runners("yaml").folders


@pytest.fixture
def yaml_program(tmp_path: Path, stage_in: Callable[[str, Path, Path], Workspace]) -> Callable[[str], Workspace]:
    """Stages one of the programs by its path in yaml_programs."""

    def staged(name: str) -> Workspace:
        source = tmp_path / "yaml" / "source"
        source.mkdir(parents=True)
        shutil.copyfile(YAML_PROGRAMS / f"{name}.yaml", source / "Pulumi.yaml")
        return stage_in("yaml", tmp_path / "yaml" / "place", source)

    return staged


@pytest.fixture
def typescript_program(
    tmp_path: Path, runners: Callable[[str], Runner], provider: dict[str, str]
) -> Callable[[str], Workspace]:
    """Stages one of the programs by its folder in typescript_programs, which has all but what examples have alike."""

    def staged(name: str) -> Workspace:
        source, runner = tmp_path / "typescript" / "source", runners("typescript")
        source.mkdir(parents=True)
        for file in ("Pulumi.yaml", "package.json", "tsconfig.json"):
            shutil.copy(EXAMPLES / "integrated" / "typescript" / file, source)
        shutil.copytree(TYPESCRIPT_PROGRAMS / name, source, dirs_exist_ok=True)
        return new_workspace(tmp_path / "typescript" / "place", runner.folders, source, provider, runner.provided)

    return staged
