"""The pack as one file under the real CLI: it says word for word what the folder says."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line.policy_exceptions import FIRST_CLI as FIRST_CLI_WITH_EXCEPTIONS
from tests.analyzers import PACK
from tests.one_file import FIRST_CLI, small, with_boto3
from tools.engine.isolated_pulumi import Finished

from .test_configuration import FILLED, INTEGRATED, TEMPLATES, VOUCHED, trail_in_state
from .test_native_exceptions import RECENT, TRAILS, aws, configuration, workspace
from .workspace import Outcome, Workspace, is_since

__all__ = ["aws", "workspace"]
pytestmark = pytest.mark.usefixtures("cache_of_run")


def said(outcome: Outcome) -> list[Any]:
    """All that the policies made the engine tell, in an order of its own: the reports, and lines as information."""
    told = [event["policyEvent"] for event in outcome.events if "policyEvent" in event]
    lines = [event["diagnosticEvent"]["message"] for event in outcome.events if "diagnosticEvent" in event]
    return [sorted(map(str, told)), sorted(line for line in lines if "cloudtrail-" in line)]


def lines_of(text: str) -> list[str]:
    """The lines that do not depend on the time: `@ analyze....` has a dot for each second."""
    return sorted(line for line in text.split("\n") if not line.startswith("@ "))


def printed(finished: Finished) -> list[Any]:
    return [finished.exit_status, lines_of(finished.stdout), lines_of(finished.stderr)]


def is_refused(finished: Finished) -> bool:
    return finished.exit_status != 0 and "failed to load Pulumi policy project" in finished.stderr + finished.stdout


def explaining(level: str) -> dict[str, Any]:
    """All policies at a level with all that a configuration can do for this CLI, but for a remediation."""
    given = configuration(level, INTEGRATED)
    for policy in TRAILS:
        given["policies"].setdefault(policy, {"enforcementLevel": level})["explain"] = True
    return given if is_since(FIRST_CLI_WITH_EXCEPTIONS) else dict(given["policies"])


def test_all_policies_say_what_the_folder_says(workspace: Workspace) -> None:
    """With exemptions, Pulumi's own exceptions, explanations, and answers of AWS, for which it has boto3."""
    file = with_boto3()
    given = explaining("mandatory")
    if not is_since(FIRST_CLI):
        assert is_refused(workspace.preview("mandatory", pack=file).finished)
        return
    of_folder, of_file = (workspace.preview(given, pack=pack) for pack in (PACK, file))
    assert said(of_file) == said(of_folder)
    assert len(of_file.violations) == 3
    assert of_file.finished.exit_status == of_folder.finished.exit_status != 0
    assert workspace.up(explaining("advisory"), pack=file).finished.exit_status == 0
    again = [workspace.up(explaining("advisory"), pack=pack) for pack in (PACK, file)]
    assert said(again[0]) == said(again[1])
    assert {event["policyName"] for event in again[1].violations} == set(TRAILS)
    state = workspace.export()
    analyses = [workspace.analyze(state, given, pack) for pack in (PACK, file)]
    assert printed(analyses[0]) == printed(analyses[1])
    assert analyses[1].exit_status != 0
    # Without boto3 it says so for the policy that asks, and all else is the same.
    without = workspace.analyze(state, given, small())
    assert "[configuration-invalid] askAws asks AWS, which needs boto3, and boto3 is not installed." in without.stdout
    unasked = {line for line in lines_of(analyses[0].stdout) if "[delivery-stale]" not in line and RECENT not in line}
    assert unasked - set(lines_of(without.stdout)) == set()


def test_a_remediation_is_that_of_the_folder(yaml_program: Callable[[str], Workspace]) -> None:
    workspace = yaml_program("remediated")
    given = {"all": "mandatory", INTEGRATED: {"enforcementLevel": "remediate", **TEMPLATES}, "cloudtrail-log-group-and-role-exist": VOUCHED}  # fmt: skip
    outcome = workspace.up(given, pack=small())
    if not is_since(FIRST_CLI):
        assert is_refused(outcome.finished)
        return
    assert (outcome.finished.exit_status, outcome.lines) == (0, []), outcome.finished
    inputs = trail_in_state(workspace)["inputs"]
    assert {name: inputs[name] for name in FILLED} == FILLED


@pytest.mark.parametrize("beside", [True, False])
def test_the_version_is_that_of_the_file_beside_it(
    beside: bool, example: Callable[[str], Workspace], tmp_path: Path
) -> None:
    folder = tmp_path / "download"
    folder.mkdir()
    file = Path(shutil.copy(small(), folder))
    if beside:
        shutil.copy(small().with_name("PulumiPolicy.yaml"), folder)
    workspace = example("not-integrated")
    outcome = workspace.preview(pack=file)
    if not is_since(FIRST_CLI):
        assert is_refused(outcome.finished)
        return
    version = (PACK / "PulumiPolicy.yaml").read_text().partition("version: ")[2].split()[0] if beside else "0.0.1"
    assert f"cloudtrail-cloudwatch-logs@v{version}" in outcome.finished.stdout
    assert [line.split("] ")[0] for line in outcome.lines] == [f"{INTEGRATED}: [not-integrated"]


@pytest.mark.parametrize(("spoil", "expected"), [
    (lambda content: content[:5_000_000], "is not whole: its download was cut off, or it was changed. Download it again."),
    (lambda content: content.replace(b"-ne ", b"-eq ", 1), "is not whole: its download was cut off, or it was changed. Download it again."),
    (lambda content: b"", ""),
])  # fmt: skip
def test_a_file_that_cannot_start_ends_the_preview(
    spoil: Callable[[bytes], bytes], expected: str, example: Callable[[str], Workspace], tmp_path: Path
) -> None:
    """The CLI would wait for ever for a pack that says nothing and does not end. It shows what the file says."""
    file = tmp_path / "spoilt"
    file.write_bytes(spoil(small().read_bytes()))
    file.chmod(0o755)
    finished = example("not-integrated").preview(pack=file).finished
    assert finished.exit_status != 0
    if is_since(FIRST_CLI):
        assert expected in finished.stdout + finished.stderr
