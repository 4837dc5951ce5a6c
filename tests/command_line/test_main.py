"""The command line: what it takes, and what it says of arguments that it cannot use."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line.__main__ import main, version
from tests.analyzers import PACK
from tools.commands.publish import version_of

VERSION = (
    f"cloudtrail-cloudwatch-logs {version_of()} (Python {sys.version_info[0]}.{sys.version_info[1]}, {sys.platform} "
    f"{os.uname().machine}, with boto3)"
)
FILE = Path("pulumi-analyzer-cloudtrail-cloudwatch-logs")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policies.json").write_text(json.dumps({"all": "mandatory"}))
    Path("with a blank.json").write_text(json.dumps({"deployment": {"resources": []}}))


@pytest.mark.parametrize(("arguments", "status", "printed", "error"), [
    (["--version"], 0, [VERSION], ""),
    (["check-config", "policies.json"], 0, ["policies.json: no mistakes found."], ""),
    (["check-config", "missing.json"], 2, [], "missing.json cannot be read: No such file or directory."),
    (["exceptions", "policies.json", "with a blank.json"], 0, json.dumps({"version": 2, "policies": {"all": "mandatory"}, "exceptions": {}}, indent=2).split("\n"), ""),
    (["exceptions", "with a blank.json", "policies.json"], 2, [], "with a blank.json is a state. The configuration comes first, then the state."),
    (["exceptions", "policies.json", "policies.json"], 2, [], "policies.json is not a state. pulumi stack export --file policies.json writes one."),
    (["exceptions", "policies.json", "missing.json"], 2, [], "missing.json cannot be read: No such file or directory."),
    (["report", "missing.json"], 2, [], "missing.json cannot be read: No such file or directory."),
    (["report", "policies.json", "--format", "junit"], 2, [], "policies.json does not have the end of a run. pulumi preview --event-log FILE writes one, with PULUMI_DEBUG_COMMANDS=1, and pulumi policy analyze --json prints one."),
    (["report", "policies.json", "--format", "html"], 2, [], f"{FILE} report: error: argument --format: invalid choice: 'html' (choose from 'markdown', 'sarif', 'junit')"),
    (["check-config"], 2, [], f"{FILE} check-config: error: the following arguments are required: CONFIG"),
    (["exceptions", "policies.json"], 2, [], f"{FILE} exceptions: error: the following arguments are required: STATE"),
    (["audit"], 2, [], "Name states: files or folders, or --org NAME, or --stacks ORG/PROJECT/STACK."),
    *((["audit", "state.json", "--largest", number], 2, [], f"{FILE} audit: error: argument --largest: it must be from 1 to 1000000") for number in ("0", "-1", "1000001")),
    (["inspect"], 2, [], f"{FILE}: error: argument COMMAND: invalid choice: 'inspect' (choose from 'check-config', 'exceptions', 'audit', 'report')"),
    (["127.0.0.1:1", "check-config"], 2, [], f"{FILE}: error: argument COMMAND: invalid choice: '127.0.0.1:1' (choose from 'check-config', 'exceptions', 'audit', 'report')"),
])  # fmt: skip
def test_the_arguments(
    arguments: list[str], status: int, printed: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        ended = main(arguments, FILE)
    except SystemExit as ending:
        ended = int(str(ending.code))
    said = capsys.readouterr()
    assert ended == status
    assert said.out.splitlines() == printed
    # Python 3.12 and newer quote no choices.
    assert [line.replace("'", "") for line in said.err.splitlines()[-1:]] == [error.replace("'", "")] * bool(error)


def test_without_arguments_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], FILE) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"usage: {FILE}")
    assert "--policy-pack" in said.err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--help"], FILE)
    said = capsys.readouterr().out
    assert {"check-config", "exceptions", "report"} <= {line.split()[0] for line in said.splitlines() if line.strip()}


def test_the_commands_load_no_sdk_of_aws_and_no_tools() -> None:
    program = "import sys, command_line.check_config, command_line.exceptions, command_line.report; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, timeout=60, check=True
    )
    assert [name for name in loaded.stdout.split() if name.split(".")[0] in ("boto3", "tools", "tests")] == []


def test_the_version_is_that_of_the_pack() -> None:
    assert version() == version_of()


@pytest.mark.parametrize(("arguments", "said"), [
    (["check-config"], "Give a file: make check-config CONFIG=policies.json"),
    (["exceptions"], "Give both files: make exceptions CONFIG=policies.json STATE=state.json"),
    (["exceptions", "CONFIG=policies.json"], "Give both files: make exceptions CONFIG=policies.json STATE=state.json"),
    (["check-config", "CONFIG=no such.json"], "no such.json cannot be read: No such file or directory."),
    (["exceptions", "CONFIG=a.json", "STATE=no such.json"], "a.json cannot be read: No such file or directory."),
])  # fmt: skip
def test_make_says_what_it_wants(arguments: list[str], said: str) -> None:
    finished = subprocess.run(["make", "-s", *arguments], cwd=PACK, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr.splitlines()[0] == said
