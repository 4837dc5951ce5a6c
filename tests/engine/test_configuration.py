"""Configurations under the real engine: what it counts, what it shows, what it puts into the state."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tools.commands.publish import version_of

from .workspace import Outcome, Workspace

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
TRAIL = "aws:cloudtrail/trail:Trail"
EXEMPT = {"exemptions": [{"trail": "audit", "stack": "dev", "reason": "S3 is the record."}]}

# A stack with nothing in it.
EMPTY = "name: empty\nruntime: yaml\n"
TEMPLATES = {
    "logGroupArn": "arn:{partition}:logs:{region}:{account}:log-group:org-trails",
    "roleArn": "arn:{partition}:iam::{account}:role/org-trails-delivery",
}
VOUCHED = {
    "externalLogGroups": ["arn:aws:logs:*:*:log-group:org-trails"],
    "externalRoles": ["arn:aws:iam::*:role/org-trails-delivery"],
}
FILLED = {
    "cloudWatchLogsGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:org-trails:*",
    "cloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/org-trails-delivery",
}


def codes(outcome: Outcome) -> list[str]:
    return sorted(line.split(" [")[1].split("]")[0] for line in outcome.lines)


def counted(outcome: Outcome, kind: str, urn_ends: str) -> tuple[set[str], set[str]]:
    """The policies that an event of the engine counts as passed and as failed for a resource."""
    events = [event[kind] for event in outcome.events if kind in event]
    of_it = [event for event in events if event.get("resourceUrn", "").endswith(urn_ends)]
    return (
        {name for event in of_it for name in event.get("passed") or []},
        {name for event in of_it for name in event.get("failed") or []},
    )


def trail_in_state(workspace: Workspace) -> dict[str, Any]:
    (found,) = [each for each in workspace.resources() if each["type"] == TRAIL]
    return found


def test_an_exempt_trail_counts_neither_as_passed_nor_as_failed(example: Callable[[str], Workspace]) -> None:
    workspace = example("not-integrated")
    outcome = workspace.preview({"all": "mandatory", INTEGRATED: EXEMPT})
    assert (outcome.finished.exit_status, outcome.lines) == (0, [])
    assert counted(outcome, "policyAnalyzeSummaryEvent", "::audit") == (set(), set())


def test_an_exempt_trail_is_not_remediated(example: Callable[[str], Workspace]) -> None:
    workspace = example("bare-arn")
    outcome = workspace.up({"all": "remediate", INTEGRATED: {"enforcementLevel": "remediate", **EXEMPT}})
    assert outcome.finished.exit_status == 0, outcome.finished
    assert outcome.lines == []
    assert not trail_in_state(workspace)["inputs"]["cloudWatchLogsGroupArn"].endswith(":*")
    assert counted(outcome, "policyRemediateSummaryEvent", "::audit") == (set(), set())
    assert counted(outcome, "policyAnalyzeSummaryEvent", "::audit") == (set(), set())


def test_a_stack_policy_whose_trails_are_all_exempt_is_not_applicable(example: Callable[[str], Workspace]) -> None:
    workspace = example("external-targets")
    outcome = workspace.preview({"all": "mandatory", EXIST: EXEMPT})
    assert (outcome.finished.exit_status, outcome.lines) == (0, [])
    (summary,) = [each["policyAnalyzeStackSummaryEvent"] for each in outcome.events if "policyAnalyzeStackSummaryEvent" in each]  # fmt: skip
    assert (set(summary.get("passed") or []), summary.get("failed") or []) == ({CAN_DELIVER}, [])


def test_an_expired_exemption_blocks_again(example: Callable[[str], Workspace]) -> None:
    expired = {"exemptions": [{"trail": "*", "reason": "S3 is the record.", "until": "2020-12-31"}]}
    outcome = example("not-integrated").preview({"all": "mandatory", INTEGRATED: expired})
    assert outcome.finished.exit_status != 0
    (line,) = outcome.lines
    assert line.startswith(f"{INTEGRATED}: [not-integrated] ")
    assert line.endswith(" An exemption from this expired on 2020-12-31.")
    assert counted(outcome, "policyAnalyzeSummaryEvent", "::audit") == (set(), {INTEGRATED})


def test_a_mistake_is_reported_once_by_each_policy_on_the_stack(example: Callable[[str], Workspace]) -> None:
    broken = {"exemptions": [{"trail": "*"}], "explian": True}
    workspace = example("not-integrated")
    outcome = workspace.preview({INTEGRATED: broken, EXIST: broken, CAN_DELIVER: broken})
    assert outcome.finished.exit_status == 0
    stack = "::pulumi:pulumi:Stack::example-not-integrated-dev"
    on_stack = [each for each in outcome.violations if each["resourceUrn"].endswith(stack)]
    assert sorted(each["policyName"] for each in on_stack) == [INTEGRATED, EXIST, CAN_DELIVER]
    assert codes(outcome) == ["configuration-invalid"] * 6 + ["not-integrated"]
    assert workspace.preview({"all": "mandatory", EXIST: broken}).finished.exit_status != 0


def test_a_value_of_a_wrong_type_is_refused_by_the_engine(example: Callable[[str], Workspace]) -> None:
    finished = example("not-integrated").preview({EXIST: {"exemptions": "audit"}}).finished
    assert finished.exit_status != 0
    assert f"validating policy config: cloudtrail-cloudwatch-logs {version_of()}" in finished.stderr + finished.stdout
    assert f"{EXIST}: exemptions: Invalid type. Expected: array, given: string" in finished.stderr + finished.stdout


def test_explain_is_shown_as_information(example: Callable[[str], Workspace]) -> None:
    outcome = example("integrated").preview({"all": "mandatory", INTEGRATED: {"explain": True}})
    assert (outcome.finished.exit_status, outcome.lines) == (0, [])
    urn = f"urn:pulumi:dev::example-integrated::{TRAIL}::audit"
    said = f"{INTEGRATED}: {urn}: cannot tell: waits on cloudWatchLogsGroupArn and cloudWatchLogsRoleArn"
    assert said in outcome.finished.stdout
    assert {event["diagnosticEvent"]["severity"] for event in outcome.events if said in event.get("diagnosticEvent", {}).get("message", "")} == {"info#err"}  # fmt: skip


def test_a_stack_that_must_have_a_trail(example: Callable[[str], Workspace]) -> None:
    workspace = example("not-integrated")
    (workspace.program / "Pulumi.yaml").write_text(EMPTY.replace("empty", workspace.project))
    required = {"all": "mandatory", EXIST: {"requireTrail": ["*/dev"]}}
    for run in (workspace.preview, workspace.up):
        outcome = run(required)
        assert outcome.finished.exit_status != 0
        assert codes(outcome) == ["no-trail"]
        (violation,) = outcome.violations
        assert "::pulumi:pulumi:Stack::" in violation["resourceUrn"]
    other = workspace.preview({"all": "mandatory", EXIST: {"requireTrail": ["*/prod"]}})
    assert (other.finished.exit_status, other.lines) == (0, [])


def test_a_remediation_integrates_a_trail_and_keeps_its_secrets(yaml_program: Callable[[str], Workspace]) -> None:
    workspace = yaml_program("remediated")
    configuration = {"all": "mandatory", INTEGRATED: {"enforcementLevel": "remediate", **TEMPLATES}, EXIST: VOUCHED}
    for outcome in (workspace.preview(configuration), workspace.up(configuration), workspace.preview(configuration)):
        assert (outcome.finished.exit_status, outcome.lines) == (0, []), outcome.finished
    trail = trail_in_state(workspace)
    assert {name: trail["inputs"][name] for name in FILLED} == FILLED
    # The stand-in computes this output anew and loses what was secret in it, with and without a remediation.
    del trail["outputs"]["tagsAll"]
    assert not [secret for secret in ("hunter2", "quiet-topic") if secret in json.dumps(trail)]
    for values in (trail["inputs"], trail["outputs"]):
        assert "ciphertext" in values["snsTopicName"]
        assert "ciphertext" in values["tags"]["token"]


def test_without_its_pair_the_next_policy_reports_what_was_filled_in(yaml_program: Callable[[str], Workspace]) -> None:
    workspace = yaml_program("remediated")
    outcome = workspace.preview({INTEGRATED: {"enforcementLevel": "remediate", **TEMPLATES}})
    assert codes(outcome) == ["log-group-not-in-stack", "role-not-in-stack"]


@pytest.mark.parametrize("level", ["advisory", "mandatory", "remediate"])
def test_a_placeholder_that_is_not_known_changes_nothing(level: str, yaml_program: Callable[[str], Workspace]) -> None:
    workspace = yaml_program("remediated")
    source = workspace.program / "Pulumi.yaml"
    source.write_text(source.read_text().replace('      allowedAccountIds: ["123456789012"]\n', ""))
    outcome = workspace.preview({INTEGRATED: {"enforcementLevel": level, **TEMPLATES}})
    assert (outcome.finished.exit_status != 0) == (level != "advisory")
    (line,) = outcome.lines
    assert line.endswith(
        " The configured logGroupArn and roleArn are not filled in, since {account} is not known here. Set the "
        "provider's allowedAccountIds to its one account, or write the value into the template."
    )
