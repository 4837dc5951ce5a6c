"""`make preview PROGRAM=DIR` with the real CLI, on programs prepared as `pulumi install` leaves them."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tools.commands import preview
from tools.commands.examples import EXAMPLES
from tools.engine.isolated_pulumi import IsolatedPulumi, isolated_pulumi

from .conftest import Runner
from .go_builds import run_as_built

EXAMPLE = EXAMPLES / "not-integrated"


@pytest.mark.parametrize(("language", "provider_of"), [("typescript", "provider"), ("go", "go_provider")])
def test_a_program_of_a_user(
    language: str,
    provider_of: str,
    runners: Callable[[str], Runner],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    program, provided = tmp_path / "mine", runners(language).provided
    shutil.copytree(EXAMPLE / language, program, ignore=shutil.ignore_patterns("node_modules"))
    for name, folder in provided.linked.items():
        (program / name).symlink_to(folder)
    if language == "go":
        run_as_built(program, EXAMPLE / language)
    # The stand-in takes the place of the provider that the CLI would download, and Node only transpiles.
    variables = {**os.environ, **provided.variables, **request.getfixturevalue(provider_of)}

    def isolated(folder: Path, path: Sequence[Path], colour: bool, keep_prefixes: Sequence[str]) -> IsolatedPulumi:
        return isolated_pulumi(folder, path, colour, [*keep_prefixes, "PULUMI_"], variables)

    monkeypatch.setattr(preview, "isolated_pulumi", isolated)
    assert preview.main([str(program)]) == 0
    said = capsys.readouterr().out
    readme = (EXAMPLE / "README.md").read_text()
    assert sorted(preview._REPORT.findall(said)) == preview.stated_reports(readme)
    assert str(program) not in said
