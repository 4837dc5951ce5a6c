"""The same verdicts for a program in YAML as for its twin in Python.

Each language's SDK computes by itself what a property depends on. The real language host of programs in YAML runs the
programs in yaml_programs; test_examples.py runs those of the examples.
"""

from collections.abc import Callable
from pathlib import Path

from .recording_pack import write_pack
from .test_configuration import FILLED, INTEGRATED, TEMPLATES, codes, trail_in_state
from .test_programs import CASES, codes_of_cases, expected
from .workspace import Workspace

TRAIL = "aws:cloudtrail/trail:Trail"

# What the engine tells of each property in the first preview of dependencies.yaml: how it arrives, of what it is made.
DEPENDENCIES = [
    "configured-trail.cloudWatchLogsGroupArn: known, no entry",
    "fan-in.cloudWatchLogsGroupArn: unknown, ['group', 'role']",
    "invoked-after.cloudWatchLogsGroupArn: known, ['group']",
    "invoked.cloudWatchLogsGroupArn: known, no entry",
    "policy-as-json.policy: unknown, ['group']",
    "policy-as-object.policy: unknown, ['group']",
    "policy-as-text.policy: unknown, ['group']",
    "policy-looked-up.policy: unknown, ['group']",
    "reading.cloudWatchLogsGroupArn: known, []",
    "role.assumeRolePolicy: known, no entry",
    "secret.cloudWatchLogsGroupArn: unknown, ['group']",
    "secret.cloudWatchLogsRoleArn: known, no entry",
    "typed.cloudWatchLogsGroupArn: known, no entry",
    "wired.cloudWatchLogsGroupArn: unknown, ['group']",
    "wired.cloudWatchLogsRoleArn: unknown, ['role']",
]
# Two values that a program in Python hands over otherwise, and one behind a transform, which is as in any language.
IN_PYTHON = """
import pulumi
import pulumi_aws as aws

group = aws.cloudwatch.LogGroup("group")
role = aws.iam.Role("role", assume_role_policy={"Version": "2012-10-17", "Statement": []})
document = aws.iam.get_policy_document_output(statements=[{"actions": ["logs:*"], "resources": [group.arn]}])
aws.iam.RolePolicy("policy-looked-up", role=role.id, policy=document.json)
after = pulumi.InvokeOutputOptions(depends_on=[group])
aws.cloudtrail.Trail(
    "invoked-after",
    s3_bucket_name="bucket",
    cloud_watch_logs_group_arn=aws.cloudwatch.get_log_group_output(name="central", opts=after).arn,
)

def tagged(args):
    return pulumi.ResourceTransformResult({**args.props, "tags": {"team": "audit"}}, args.opts)

aws.cloudtrail.Trail(
    "transformed",
    s3_bucket_name="bucket",
    cloud_watch_logs_group_arn=group.arn,
    opts=pulumi.ResourceOptions(transforms=[tagged]),
)
"""


def test_programs_are_judged_like_their_twins(yaml_program: Callable[[str], Workspace]) -> None:
    workspace = yaml_program("wiring")
    cases = [name for name in CASES if f"  {name}-" in (workspace.program / "Pulumi.yaml").read_text()]
    assert len(cases) > 10
    for outcome, moment in ((workspace.preview(), 1), (workspace.up(), 2), (workspace.preview(), 2)):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert codes_of_cases(outcome) == expected(cases, moment)
        assert outcome.said_by_policies == []
    assert workspace.types_in_state().count(TRAIL) == 12


def test_a_mandatory_policy_stops_a_trail_before_it_is_created(example: Callable[..., Workspace]) -> None:
    workspace = example("bare-arn")
    assert workspace.preview("mandatory").finished.exit_status == 0
    outcome = workspace.up("mandatory")
    assert outcome.finished.exit_status != 0
    assert codes(outcome) == ["log-group-arn-without-wildcard"]
    assert TRAIL not in workspace.types_in_state()
    assert "aws:cloudwatch/logGroup:LogGroup" in workspace.types_in_state()


def test_a_remediation_fills_in_a_trail_unless_its_changes_are_ignored(
    yaml_program: Callable[[str], Workspace],
) -> None:
    remediate = {"all": "disabled", INTEGRATED: {"enforcementLevel": "remediate", **TEMPLATES}}
    workspace = yaml_program("remediated")
    assert workspace.up({"all": "disabled"}).finished.exit_status == 0
    source = workspace.program / "Pulumi.yaml"
    text = source.read_text()
    source.write_text(f"{text}      ignoreChanges: [cloudWatchLogsGroupArn, cloudWatchLogsRoleArn]\n")
    for configured in (remediate, {"all": "mandatory"}):
        outcome = workspace.up(configured)
        assert outcome.finished.exit_status != 0
        assert codes(outcome) == ["not-integrated"]
        assert not FILLED.keys() & trail_in_state(workspace)["inputs"].keys()
    source.write_text(text)
    outcome = workspace.up(remediate)
    assert (outcome.finished.exit_status, outcome.lines) == (0, []), outcome.finished
    assert trail_in_state(workspace)["inputs"].items() >= FILLED.items()


def recorded(workspace: Workspace, pack: Path) -> list[str]:
    """What the engine tells a pack in a preview about the properties that are there."""
    outcome = workspace.preview(pack=pack)
    assert outcome.finished.exit_status == 0, outcome.finished
    return sorted(line.removeprefix("recorded: ") for line in outcome.lines)


def test_what_a_property_of_a_program_in_yaml_was_made_of(
    tmp_path: Path, yaml_program: Callable[[str], Workspace]
) -> None:
    lines = recorded(yaml_program("dependencies"), write_pack(tmp_path / "pack"))
    assert [line for line in lines if ": null" not in line] == DEPENDENCIES
    # Set to null is the same as not set.
    nothing = [f"{trail}.cloudWatchLogsGroupArn: null, no entry" for trail in ("set-to-null", "waiting")]
    assert set(nothing) <= set(lines)


def test_python_waits_for_what_yaml_calls_at_once(tmp_path: Path, program: Callable[[str], Workspace]) -> None:
    lines = recorded(program(IN_PYTHON), write_pack(tmp_path / "pack"))
    assert [line for line in lines if ": unknown" in line] == [
        "invoked-after.cloudWatchLogsGroupArn: unknown, no entry",
        "policy-looked-up.policy: unknown, no entry",
        "transformed.cloudWatchLogsGroupArn: unknown, no entry",
    ]


def test_a_property_that_the_schema_does_not_have_ends_the_run(example: Callable[..., Workspace]) -> None:
    workspace = example("log-group-only")
    source = workspace.program / "Pulumi.yaml"
    source.write_text(source.read_text().replace("cloudWatchLogsGroupArn", "cloudWatchLogGroupArn"))
    finished = workspace.preview().finished
    assert finished.exit_status != 0
    assert "Property cloudWatchLogGroupArn does not exist on 'aws:cloudtrail/trail:Trail'" in finished.stdout
