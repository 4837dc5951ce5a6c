"""The language host of programs for Node, with the real CLI: what it tells a program, and what it says of one that fails."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.engine.languages import Provided
from tools.engine.nodejs import PACKAGES, REPOSITORY
from tools.engine.pulumi_cli import ENGINE, NODEJS, EngineModule, ensure_language_host

from .conftest import Runner
from .workspace import Workspace, new_workspace

PROJECT = "name: told\nruntime: nodejs\nconfig:\n  word: yes indeed\n"
TOLD = """import * as pulumi from "@pulumi/pulumi";
const told: Record<string, unknown> = {
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    root: pulumi.runtime.getRootDirectory(),
    here: process.cwd(),
    preview: pulumi.runtime.isDryRun(),
    word: new pulumi.Config().get("word"),
    hidden: new pulumi.Config().get("hidden"),
    secret: ["told:hidden", "told:word"].map(pulumi.runtime.isConfigSecret),
};
export = told;
"""
LOCAL = '{"name": "local", "version": "1.0.0"}'
NOWHERE = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"}


def written(workspace: Workspace, files: dict[str, str]) -> Workspace:
    for name, text in files.items():
        (workspace.program / name).parent.mkdir(exist_ok=True)
        (workspace.program / name).write_text(text)
    return workspace


def with_variables(workspace: Workspace, variables: dict[str, str]) -> Workspace:
    return replace(
        workspace, pulumi=replace(workspace.pulumi, environment={**workspace.pulumi.environment, **variables})
    )


def package(dependencies: dict[str, str]) -> str:
    return json.dumps({"name": "told", "main": "index.ts", "dependencies": dependencies})


@pytest.fixture(scope="session")
def own_host() -> Path:
    """The folder of the host that is built here, even where Pulumi's own is installed."""
    folders = os.environ["PATH"].split(os.pathsep)
    without = os.pathsep.join(folder for folder in folders if not (Path(folder) / "pulumi").exists())
    return ensure_language_host(NODEJS, environment={**os.environ, "PATH": without})


@pytest.fixture
def node_program(tmp_path: Path, runners: Callable[[str], Runner], own_host: Path) -> Callable[..., Workspace]:
    """Stages a program of one file. installed: whether it has what it runs with."""

    def staged(text: str, installed: bool = True) -> Workspace:
        runner, source = runners("typescript"), tmp_path / "source"
        source.mkdir()
        (source / "Pulumi.yaml").write_text(PROJECT)
        (source / "package.json").write_text(package({}))
        (source / "index.ts").write_text(text)
        provided = runner.provided if installed else Provided({})
        return new_workspace(tmp_path / "place", [own_host, *runner.folders], source, None, provided)

    return staged


def errors(workspace: Workspace) -> list[str]:
    """What the CLI says is wrong when a preview fails, each said once."""
    outcome = workspace.preview(pack=None)
    assert outcome.finished.exit_status != 0
    events = [event["diagnosticEvent"] for event in outcome.events if "diagnosticEvent" in event]
    return [event["message"].strip() for event in events if event["severity"] == "error"]


def test_a_program_that_is_not_installed(node_program: Callable[..., Workspace], tmp_path: Path) -> None:
    workspace = node_program(TOLD, installed=False)
    place = workspace.program
    assert errors(workspace) == [
        f'@pulumi/pulumi is not installed in {place}/node_modules; run "pulumi install" in {place} to install'
        " what package.json names"
    ]
    # Without Node nobody could install it.
    without = workspace.pulumi.environment["PATH"].split(os.pathsep)
    without = [folder for folder in without if not (Path(folder) / "node").exists()]
    assert errors(with_variables(workspace, {"PATH": os.pathsep.join(without)})) == [
        "node is not on PATH; install Node.js as https://nodejs.org/ describes"
    ]
    offline = with_variables(workspace, {**NOWHERE, "npm_config_cache": str(tmp_path / "cache")})
    written(offline, {"package.json": package({"local": "file:local"}), "local/package.json": LOCAL})
    assert offline.run("install").exit_status == 0
    assert (place / "node_modules" / "local" / "package.json").read_text() == LOCAL
    written(offline, {"package.json": package({"left-pad": "1.3.0"})})
    failed = offline.run("install")
    assert failed.exit_status != 0
    assert "npm error code ECONNREFUSED" in failed.stderr
    assert not (place / "node_modules" / "left-pad").exists()


def test_what_a_program_is_told_and_where_it_fails(node_program: Callable[..., Workspace]) -> None:
    workspace = node_program("const x = ;\n")
    [error] = errors(workspace)
    assert error.endswith(
        "TSError: ⨯ Unable to compile TypeScript:\nindex.ts(1,11): error TS1109: Expression expected."
    )
    written(workspace, {"index.ts": TOLD})
    workspace.run("config", "set", "--secret", "hidden", "plain")
    outcome = workspace.up(pack=None)
    assert outcome.finished.exit_status == 0, outcome.finished
    place = str(workspace.program)
    assert json.loads(workspace.run("stack", "output", "--json").stdout) == {
        "organization": "organization",
        "project": "told",
        "stack": "dev",
        "root": place,
        "here": place,
        "preview": False,
        "word": "yes indeed",
        "hidden": "plain",
        "secret": [True, False],
    }
    files = {name: (REPOSITORY / PACKAGES / name).read_text() for name in ("package.json", "package-lock.json")}
    pinned = json.loads(files["package.json"])
    about = json.loads(written(workspace, files).run("about", "--json").stdout)
    assert {each["name"]: each["version"] for each in about["plugins"]} == {
        "aws": pinned["dependencies"]["@pulumi/aws"],
        "nodejs": EngineModule(REPOSITORY / ENGINE).cli_version,
    }
    assert {each["name"]: each["version"] for each in about["dependencies"]} == {
        **pinned["dependencies"],
        **pinned["devDependencies"],
    }
    # A program in JavaScript, which ends badly by itself.
    javascript = PROJECT.replace("nodejs", "{name: nodejs, options: {typescript: false, nodeargs: --title=own}}")
    text = "process.exit(process.env.PULUMI_NODEJS_TYPESCRIPT || process.title !== 'own' ? 4 : 3)\n"
    written(workspace, {"Pulumi.yaml": javascript, "index.js": text})
    assert errors(workspace) == ["an unhandled error occurred: the Node program ended with exit status 3"]
