"""The language host of programs in Go, with the real CLI: what it tells a program, and what it says of one that fails.

These programs import nothing of Pulumi's, so they are built in a moment.
"""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from .conftest import Runner
from .workspace import Outcome, Workspace, new_workspace

PROJECT = "name: told\nruntime: {name: go, options: {buildTarget: kept}}\nconfig:\n  word: yes indeed\n"
TOLD = """package main

import (
	"fmt"
	"os"
)

func main() {
	for _, name := range []string{
		"PROJECT", "STACK", "ORGANIZATION", "ROOT_DIRECTORY", "DRY_RUN", "CONFIG", "CONFIG_SECRET_KEYS",
	} {
		fmt.Println(name, os.Getenv("PULUMI_"+name))
	}
	here, _ := os.Getwd()
	fmt.Println("here", here, os.Getenv("PULUMI_MONITOR") != "", os.Getenv("PULUMI_ENGINE") != "")
}
"""
WRONG = "package main\n\nfunc main() {\n\tmissing()\n}\n"
ENDS = 'package main\n\nimport "os"\n\nfunc main() { os.Exit(3) }\n'
LOCAL = 'package main\n\nimport "acme/local"\n\nfunc main() { println(local.Word) }\n'
MODULE = "module told\n\ngo 1.25\n"


@pytest.fixture
def go_program(tmp_path: Path, runners: Callable[[str], Runner]) -> Workspace:
    """A program without a file of Go, whose folder is `source`."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "Pulumi.yaml").write_text(PROJECT)
    (source / "go.mod").write_text(MODULE)
    (source / "main.go").write_text(TOLD)
    return new_workspace(tmp_path / "place", runners("go").folders, source)


def messages(outcome: Outcome, *severities: str) -> list[str]:
    """What the CLI says."""
    events = [event["diagnosticEvent"] for event in outcome.events if "diagnosticEvent" in event]
    return [event["message"].strip() for event in events if event["severity"] in severities]


def test_what_a_program_is_told(go_program: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for command, dry in ((go_program.preview, "true"), (go_program.up, "false")):
        outcome = command(pack=None)
        assert outcome.finished.exit_status == 0, outcome.finished
        told = dict(line.split(" ", 1) for line in "\n".join(messages(outcome, "info")).split("\n"))
        assert json.loads(told.pop("CONFIG")) == {"told:word": "yes indeed"}
        assert told == {
            "PROJECT": "told",
            "STACK": "dev",
            "ORGANIZATION": "organization",
            "ROOT_DIRECTORY": str(go_program.program),
            "DRY_RUN": dry,
            "CONFIG_SECRET_KEYS": "[]",
            "here": f"{source} true true",
        }
    assert os.access(source / "kept", os.X_OK)


def test_a_program_that_fails(go_program: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "main.go").write_text(WRONG)
    outcome = go_program.preview(pack=None)
    assert outcome.finished.exit_status != 0
    assert messages(outcome, "error") == ["an unhandled error occurred: the Go program does not compile"]
    assert messages(outcome, "info#err") == ["# told", "./main.go:4:2: undefined: missing"]
    (source / "main.go").write_text(ENDS)
    outcome = go_program.preview(pack=None)
    assert outcome.finished.exit_status != 0
    assert messages(outcome, "error") == ["an unhandled error occurred: the Go program ended with exit status 3"]


def test_a_machine_without_go(go_program: Workspace) -> None:
    environment = go_program.pulumi.environment
    folders = [folder for folder in environment["PATH"].split(os.pathsep) if not (Path(folder) / "go").exists()]
    without = {**environment, "PATH": os.pathsep.join(folders)}
    finished = replace(go_program, pulumi=replace(go_program.pulumi, environment=without)).preview(pack=None).finished
    assert finished.exit_status != 0
    assert [line for line in finished.stderr.split("\n") if line.startswith("error: ")] == [
        "error: failed to discover package requirements: a Go program needs Go, and there is no go on PATH; install it"
        " as https://go.dev/doc/install describes"
    ]


def test_a_module_that_is_not_installed(go_program: Workspace, tmp_path: Path) -> None:
    source, local = tmp_path / "source", tmp_path / "local"
    local.mkdir()
    (local / "go.mod").write_text("module acme/local\n\ngo 1.25\n")
    (local / "local.go").write_text('package local\n\nconst Word = "found"\n')
    (source / "main.go").write_text(LOCAL)
    (source / "go.mod").write_text(f"{MODULE}\nreplace acme/local => ../local\n")
    outcome = go_program.preview(pack=None)
    assert outcome.finished.exit_status != 0
    assert messages(outcome, "info#err") == [
        "main.go:3:8: module acme/local provides package acme/local and is replaced but not required; to add it:",
        "go get acme/local",
    ]
    installed = go_program.run("install")
    assert installed.exit_status == 0, installed
    outcome = go_program.preview(pack=None)
    assert outcome.finished.exit_status == 0, outcome.finished
    assert messages(outcome, "info#err") == ["found"]


def test_an_executable_that_is_not_there(go_program: Workspace) -> None:
    project = go_program.program / "Pulumi.yaml"
    project.write_text(project.read_text().replace("buildTarget: kept", "binary: absent"))
    outcome = go_program.preview(pack=None)
    assert outcome.finished.exit_status != 0
    assert messages(outcome, "error") == [
        f'the runtime option binary in {go_program.program} is "absent", which is neither a file there nor on PATH'
    ]
