"""The real CLI: what it prints, what it blocks, what it analyzes afterwards, and how a pack is prepared."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzers import PACK
from tools.engine.isolated_pulumi import isolated_pulumi

from .workspace import SECONDS, Workspace

TRAIL = "aws:cloudtrail/trail:Trail"
REPORT = """\
        - [{level}] [severity: low]  cloudtrail-cloudwatch-logs-integrated  (aws:cloudtrail:Trail: audit)
          CloudTrail trails must send their events to CloudWatch Logs.
          [role-missing] cloudWatchLogsGroupArn is set but cloudWatchLogsRoleArn is not, so AWS will refuse the trail. Set cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
"""


@pytest.mark.parametrize(("level", "exit_status"), [("advisory", 0), ("mandatory", 1), ("disabled", 0)])
def test_what_a_preview_prints(level: str, exit_status: int, example: Callable[[str], Workspace]) -> None:
    finished = example("log-group-only").preview(level).finished
    assert (finished.exit_status != 0) == bool(exit_status)
    assert (REPORT.format(level=level) in finished.stdout) == (level != "disabled")


def test_a_remediation_creates_the_trail_with_the_wildcard(example: Callable[[str], Workspace]) -> None:
    workspace = example("bare-arn")
    outcome = workspace.up("remediate")
    assert outcome.finished.exit_status == 0, outcome.finished
    assert outcome.lines == []
    (trail,) = [each for each in workspace.resources() if each["type"] == TRAIL]
    assert trail["inputs"]["cloudWatchLogsGroupArn"] == "arn:aws:logs:us-east-1:123456789012:log-group:audit:*"


def test_a_second_preview_and_an_analysis_of_the_state(example: Callable[[str], Workspace]) -> None:
    workspace = example("external-targets")
    before = workspace.up()
    assert sorted(workspace.preview().lines) == sorted(before.lines)
    state = workspace.export()
    analyzed = workspace.analyze(state)
    assert analyzed.exit_status == 0, analyzed
    for line in before.lines:
        assert line.split(": ", 1)[1] in analyzed.stdout
    # The same trail, only read: it is not judged.
    content = json.loads(state.read_text())
    (trail,) = [each for each in content["deployment"]["resources"] if each["type"] == TRAIL]
    del trail["inputs"]
    trail["external"] = True
    state.write_text(json.dumps(content))
    analyzed = workspace.analyze(state)
    assert analyzed.exit_status == 0, analyzed
    assert "-not-in-stack]" not in analyzed.stdout


def test_an_analysis_of_a_right_state_says_nothing(example: Callable[[str], Workspace]) -> None:
    for name in ("integrated", "integrated-by-reading"):
        workspace = example(name)
        workspace.up()
        analyzed = workspace.analyze(workspace.export())
        assert analyzed.exit_status == 0, analyzed
        assert "[" not in "".join(re.findall(r"Policies:.*", analyzed.stdout, re.DOTALL)).replace("[advisory]", "")


def clone(destination: Path) -> Path:
    """The pack as somebody else gets it: what git tracks, with what is not committed yet."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PACK,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, tracked):
        if (PACK / name).is_file():
            (destination / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PACK / name, destination / name)
    return destination


def test_a_fresh_clone_prepared_with_pulumi_install(
    tmp_path: Path, example: Callable[[str], Workspace], path_folders: list[Path]
) -> None:
    pack = clone(tmp_path / "pack of mine")
    workspace = example("log-group-only")
    installed = isolated_pulumi(tmp_path / "install", path_folders).run(["install"], pack, SECONDS)
    assert installed.exit_status == 0, installed
    outcome = workspace.preview(pack=pack)
    assert outcome.finished.exit_status == 0, outcome.finished
    assert [line.split("]")[0] for line in outcome.lines] == ["cloudtrail-cloudwatch-logs-integrated: [role-missing"]
