"""The docs as a new user follows them: from a clone to a blocked preview, with configurations that are right."""

import json
import os
import re
import subprocess
import sys
from datetime import date

import pytest

from command_line.check_config import findings_in
from command_line.finding import Weight
from tests.analyzers import PACK
from tests.engine.workspace import QUICK

PAGE = (PACK / "docs" / "organization.md").read_text()
SECONDS = 300.0


def commands(heading: str) -> list[str]:
    """The commands below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line.removeprefix("$ ") for line in section.split("\n") if line.startswith("$ ")]


def test_from_a_clone_to_a_blocked_preview_and_on_to_an_integrated_trail() -> None:
    first, *rest = commands("Try it first")
    assert first == "make organization"
    # The first preview is the one that is blocked.
    script = [f"! {command}" if command == "pulumi preview" else command for command in rest]
    assert script != rest
    finished = subprocess.run(
        [sys.executable, "-m", "tools.commands.organization", " && ".join(script)],
        cwd=PACK,
        env={**os.environ, **QUICK},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    said = finished.stdout + finished.stderr
    assert finished.returncode == 0, said
    assert "[mandatory] [severity: low]  cloudtrail-cloudwatch-logs-integrated  (aws:cloudtrail:Trail: audit)" in said
    assert re.search(r"error: preview failed", said), said
    assert "examples/policies.json: no mistakes found." in said
    integrated = said.split("error: preview failed")[-1]
    assert re.search(r'\+ cloudWatchLogsGroupArn +: "arn:aws:logs:us-east-1:123456789012:log-group:org-trails:\*"', integrated)  # fmt: skip
    assert "[remediate]" in integrated


CONFIGURATIONS = [
    block
    for page in (PACK / "README.md", *sorted((PACK / "docs").rglob("*.md")))
    for block in re.findall(r"```json\n(.*?)```", page.read_text(), re.DOTALL)
    if '"Statement"' not in block
]


def test_the_configurations_of_the_docs_are_found() -> None:
    assert len(CONFIGURATIONS) >= 8


@pytest.mark.parametrize("block", CONFIGURATIONS)
def test_every_configuration_of_the_docs_is_right(block: str) -> None:
    assert json.loads(block)
    findings = findings_in(block, date(2026, 11, 24))
    assert [
        finding for finding in findings if finding.weight is not Weight.NOTE and finding.place != "environments"
    ] == []
