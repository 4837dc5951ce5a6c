"""The real CLI, found or built, with the stand-in for the AWS provider on its PATH."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzers import PACK

from .workspace import Workspace, cli_and_provider, new_workspace

EXAMPLES = PACK / "examples"


@pytest.fixture(scope="session")
def path_folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of the CLI and of the provider. Nothing is skipped where there is no CLI: it is built."""
    return cli_and_provider(tmp_path_factory.mktemp("provider"))


@pytest.fixture
def stage(tmp_path: Path, path_folders: list[Path]) -> Callable[[Path], Workspace]:
    """Copies a program to a place of its own, with a new stack `dev`."""

    return lambda program: new_workspace(tmp_path, path_folders, program)


@pytest.fixture
def example(stage: Callable[[Path], Workspace]) -> Callable[[str], Workspace]:
    """Stages one of the examples by its name."""
    return lambda name: stage(EXAMPLES / name)


@pytest.fixture
def program(tmp_path: Path, stage: Callable[[Path], Workspace]) -> Callable[[str], Workspace]:
    """Stages a program given as text."""

    def staged(text: str) -> Workspace:
        source = tmp_path / "source" / "program"
        source.mkdir(parents=True)
        (source / "Pulumi.yaml").write_text((EXAMPLES / "integrated" / "Pulumi.yaml").read_text())
        (source / "__main__.py").write_text(text)
        return stage(source)

    return staged
