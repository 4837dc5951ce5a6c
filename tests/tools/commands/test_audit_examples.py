"""`make audit` without states. The CLI here is a fake one: it writes the same state for each example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests.fleet.fleets import Stack
from tools.commands import preview
from tools.commands.audit_examples import main
from tools.commands.examples import EXAMPLES
from tools.engine import progress
from tools.engine.pulumi_cli import NoPulumiCliError, PulumiCli

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/python"))
# Its URNs say dev/shop: each has the name of its file in place of that.
CLI = """\
#!/bin/sh
stacks="${{PULUMI_BACKEND_URL#file://}}/.pulumi/stacks/examples"
case "$*" in
  *"stack init"*) mkdir -p "$stacks" && : > "Pulumi.${{PWD##*/}}.yaml" ;;
  *"up --yes --skip-preview --stack ${{PWD##*/}}") sed "s/::shop::/::examples::/g; s/:dev:/:${{PWD##*/}}:/g" {state} > "$stacks/${{PWD##*/}}.json" ;;
  *) exit 3 ;;
esac
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the CLI writes."""
    state, bin_folder = tmp_path / "state.json", tmp_path / "bin"
    stack = Stack("shop/dev")
    stack.trail(log_group=None, role=None)
    state.write_text(json.dumps({"version": 3, "checkpoint": {"latest": stack.deployment()}}))
    bin_folder.mkdir()
    (bin_folder / "pulumi").write_text(CLI.format(state=state))
    (bin_folder / "pulumi").chmod(0o755)

    def ensured(download: bool) -> PulumiCli:
        return PulumiCli("3.276.0", (bin_folder,))

    def no_provider(launcher: Path) -> AbstractContextManager[Mapping[str, str]]:
        return nullcontext({})

    monkeypatch.setattr(preview, "ensure_pulumi_cli", ensured)
    monkeypatch.setattr(preview, "running_stand_in", no_provider)
    monkeypatch.setattr(progress, "SILENT_SECONDS", 600.0)
    monkeypatch.chdir(tmp_path)
    return state


@pytest.mark.usefixtures("state")
def test_an_audit_of_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dist" / "states" / "examples").mkdir(parents=True)
    (tmp_path / "dist" / "states" / "examples" / "earlier.json").write_text("{}")
    assert main([], tmp_path / "dist") == 0
    shown = capsys.readouterr()
    table = shown.out.partition("\n\n")[0].split("\n")[1:]
    assert [line.split()[:2] for line in table] == [[f"examples/{name}", "trail"] for name in NAMES]
    assert shown.err == (
        "\nThese are the examples, deployed with a stand-in for AWS. Their states are in dist/states, and dist/audit.html\n"
        'shows this in a browser. Your own: make audit STATES="FILES OR FOLDERS"\n'
    )
    assert sorted(path.stem for path in (tmp_path / "dist" / "states" / "examples").iterdir()) == NAMES
    assert (tmp_path / "dist" / "audit.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.usefixtures("state")
def test_the_arguments_are_those_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policies.json").write_text('{"all": "mandatory"}')
    assert main(["--config", "policies.json", "--format", "json"], tmp_path / "dist") == 1
    document = json.loads(capsys.readouterr().out)
    assert [each["stack"] for each in document["trails"]] == [f"examples/{name}" for name in NAMES]
    assert document["configuration"] == "policies.json"
    assert "mandatory" in (tmp_path / "dist" / "audit.html").read_text()


@pytest.mark.usefixtures("state")
def test_an_argument_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", "none.json"], tmp_path / "dist") == 2
    assert capsys.readouterr().err == "none.json cannot be read: No such file or directory.\n"
    assert not (tmp_path / "dist" / "audit.html").exists()


def test_an_example_that_cannot_be_deployed(state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state.unlink()
    assert main([], tmp_path / "dist") == 2
    assert f"{state}: No such file" in capsys.readouterr().err


def test_without_a_cli(state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def none(download: bool) -> PulumiCli:
        raise NoPulumiCliError("There is none.")

    monkeypatch.setattr(preview, "ensure_pulumi_cli", none)
    assert main([], state.parent / "dist") == 2
    assert capsys.readouterr() == ("", "There is none.\n")
