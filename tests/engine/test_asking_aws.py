"""What AWS is asked under the real engine, with stand-ins for the provider and for AWS: every state, word for word."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.analyzers import PACK
from tools.commands.analyze import main as analyze
from tools.engine.isolated_pulumi import PASSPHRASE, Finished
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.state import AwsServices, Closed, Fault, Hanging, Malformed, Refusal, TrailStatus

from .workspace import Outcome, Workspace, new_workspace

RECENT = "cloudtrail-delivery-is-recent"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
ACCOUNT, MANAGEMENT = "123456789012", "210987654321"
ASKING = {"all": "disabled", RECENT: {"enforcementLevel": "mandatory", "askAws": True, "explain": True}}
LOOKING_UP = {
    "all": "disabled",
    EXIST: {"enforcementLevel": "mandatory", "externalTargets": "lookup"},
    CAN_DELIVER: {"enforcementLevel": "mandatory", "externalRoles": "lookup", "explain": True},
}
ERROR = "Access denied to the log group"
LOOK = "Check whether its log group and its role are set in AWS, and whether it has any events to deliver."

PROGRAM = """
import pulumi_aws as aws
import pulumi

endpoint = "{url}"
provider = aws.Provider(
    "audited",
    region="us-east-1",
    access_key="{access_key}",
    secret_key=pulumi.Output.secret("{secret_key}"),
    endpoints=[aws.ProviderEndpointArgs(cloudtrail=endpoint, cloudwatchlogs=endpoint, iam=endpoint, sts=endpoint)],
)

def trail(name, **more):
    aws.cloudtrail.Trail(name, name=name, s3_bucket_name="bucket", opts=pulumi.ResourceOptions(provider=provider), **more)

{trails}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def allowing(action: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


def trail_arn(name: str) -> str:
    return f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}"


def named(group: str, role: str) -> str:
    return (
        f'cloud_watch_logs_group_arn="arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:*", '
        f'cloud_watch_logs_role_arn="arn:aws:iam::{ACCOUNT}:role/{role}"'
    )


@pytest.fixture
def aws() -> Iterator[AwsServices]:
    """AWS, which must have been asked nothing but what it knows."""
    with running_aws_services(ACCOUNT) as running:
        yield running
        assert running.unknown_requests == []


@pytest.fixture
def deployed(aws: AwsServices, program: Callable[[str], Workspace]) -> Callable[[str], Workspace]:
    """Deploys trails with a provider that reaches the stand-in."""

    def made(trails: str) -> Workspace:
        names = {"url": aws.url, "access_key": aws.access_key, "secret_key": aws.secret_key, "trails": trails}
        text = PROGRAM
        for name, value in names.items():
            text = text.replace(f"{{{name}}}", value)
        workspace = program(text)
        finished = workspace.up(pack=None).finished
        assert finished.exit_status == 0, finished
        return workspace

    return made


DeployedBefore = Callable[[AwsServices], tuple[Workspace, dict[str, Any]]]


@pytest.fixture(scope="session")
def audit(tmp_path_factory: pytest.TempPathFactory, path_folders: list[Path]) -> DeployedBefore:
    """The state of one trail, with a provider that reaches the given stand-in. It is deployed once for all tests."""
    place = tmp_path_factory.mktemp("deployed")
    source = place / "source" / "program"
    source.mkdir(parents=True)
    shutil.copyfile(PACK / "examples" / "integrated" / "python" / "Pulumi.yaml", source / "Pulumi.yaml")
    text = (
        PROGRAM.replace("{url}", "http://127.0.0.1:9").replace("{access_key}", "AKIA").replace("{secret_key}", "secret")
    )
    (source / "__main__.py").write_text(text.replace("{trails}", 'trail("audit")'))
    workspace = new_workspace(place, path_folders, source)
    assert workspace.up(pack=None).finished.exit_status == 0
    exported = workspace.run("stack", "export", "--show-secrets")
    assert exported.exit_status == 0, exported

    def of(aws: AwsServices) -> tuple[Workspace, dict[str, Any]]:
        state = json.loads(exported.stdout)
        for values in provider_in(state):
            endpoints = dict.fromkeys(("cloudtrail", "cloudwatchlogs", "iam", "sts"), aws.url)
            assert set(json.loads(values["endpoints"])[0]) == set(endpoints)
            values["endpoints"] = json.dumps([endpoints])
            values["accessKey"] = aws.access_key
            values["secretKey"]["plaintext"] = json.dumps(aws.secret_key)
        return workspace, state

    return of


def provider_in(state: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs and the outputs of the provider in a state."""
    (provider,) = [each for each in state["deployment"]["resources"] if each["urn"].endswith("::audited")]
    return provider["inputs"], provider["outputs"]


def analyzed(workspace: Workspace, state: Mapping[str, Any], configuration: Mapping[str, Any]) -> Finished:
    """What `pulumi policy analyze` says of a state."""
    file = workspace.program / "state.json"
    file.write_text(json.dumps(state))
    return workspace.analyze(file, configuration)


def reported(finished: Finished) -> list[str]:
    """The lines of the reports in what `pulumi policy analyze` printed."""
    return [line for line in finished.stdout.split("\n") if re.match(r" +\[[a-z-]+\] ", line)]


def explained_on(finished: Finished) -> list[str]:
    """What the policy decided, as `pulumi policy analyze` printed it."""
    return [line.split(": ", 2)[2] for line in finished.stderr.split("\n") if f"{RECENT}: urn:" in line]


def reports(outcome: Outcome) -> dict[str, str]:
    """The lines of the reports, by trail."""
    assert len(outcome.lines) == len(outcome.violations)
    return dict(outcome.lines_by_resource)


def explained(outcome: Outcome, policy: str = RECENT) -> dict[str, str]:
    """What the policy decided, by trail."""
    events = [event["diagnosticEvent"]["message"] for event in outcome.events if "diagnosticEvent" in event]
    lines = [line for event in events for line in event.split("\n") if f"{policy}: urn:" in line]
    return {
        line.split(": ")[1].rpartition("::")[2]: ": ".join(line.split(": ")[2:]).replace("<{%reset%}>", "")
        for line in lines
    }


def minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def test_every_state_of_a_delivery(aws: AwsServices, deployed: Callable[[str], Workspace]) -> None:
    now = datetime.now(timezone.utc)
    month, days, hours = now - timedelta(days=30), now - timedelta(days=9), now - timedelta(hours=3)
    known = {
        "recent": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=now - timedelta(minutes=5)),
        "stale": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=days),
        "never": TrailStatus(True, hours),
        "failing": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=days, latest_cloudwatch_logs_delivery_error=ERROR),
        "new": TrailStatus(True, now - timedelta(minutes=30, seconds=30)),
        "skewed": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=now + timedelta(hours=2)),
        "only-s3": TrailStatus(True, month, latest_delivery_time=now),
    }  # fmt: skip
    for name, status in known.items():
        aws.add_trail(trail_arn(name), status)
    workspace = deployed("\n".join(f'trail("{name}")' for name in (*known, "absent")))
    source = workspace.program / "__main__.py"
    source.write_text(f'{source.read_text()}\ntrail("not-yet")\n')
    outcome = workspace.preview(ASKING)
    assert outcome.finished.exit_status != 0
    assert reports(outcome) == {
        "stale": f"{RECENT}: [delivery-stale] CloudTrail last delivered to CloudWatch Logs at {minute(days)} (9 days ago), more than 24 hours ago. {LOOK}",
        "never": f"{RECENT}: [delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since {minute(hours)} (3 hours ago). {LOOK}",
        "failing": f'{RECENT}: [delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". The last delivery was at {minute(days)} (9 days ago). Check the trail\'s log group, its role, and the role\'s permissions.',
        "only-s3": f"{RECENT}: [delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since {minute(month)} (30 days ago). {LOOK}",
    }  # fmt: skip
    assert explained(outcome) == {
        "recent": "right",
        "stale": "wrong: delivery-stale",
        "never": "wrong: delivery-never",
        "failing": "wrong: delivery-failing",
        "only-s3": "wrong: delivery-never",
        "new": "cannot tell: it has been logging for only 30 minutes",
        "skewed": "cannot tell: AWS gave a time in the future: the clocks differ",
        "absent": "cannot tell: AWS refused cloudtrail:GetTrailStatus: TrailNotFoundException",
        "not-yet": "nothing to check: the trail does not exist yet",
    }
    asked = [(request.operation, request.region, request.account) for request in aws.requests]
    assert asked == [("GetTrailStatus", "us-east-1", ACCOUNT)] * 8


def test_a_state_is_analyzed_by_the_command(
    aws: AwsServices,
    deployed: Callable[[str], Workspace],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.add_trail(trail_arn("audit"), TrailStatus(True, datetime(2026, 1, 1, tzinfo=timezone.utc)))
    workspace = deployed('trail("audit")')
    assert workspace.run("stack", "change-secrets-provider", "passphrase").exit_status == 0
    state = workspace.export()
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    assert analyze([str(state)]) == 0
    said = capsys.readouterr().out
    assert "[delivery-never] CloudTrail has never delivered to CloudWatch Logs" in said
    assert "[not-integrated]" in said
    assert aws.secret_key not in said
    # What cannot be decrypted is no key.
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
    assert analyze([str(state)]) == 0
    said = capsys.readouterr().out
    assert "analyzing with secret values redacted" in said
    assert "[not-integrated]" in said


@pytest.mark.parametrize(("level", "status"), [("mandatory", False), ("advisory", True)])
def test_the_command_takes_a_configuration(
    level: str, status: bool, aws: AwsServices, audit: DeployedBefore, tmp_path: Path
) -> None:
    state, configuration = tmp_path / "state.json", tmp_path / "policies.json"
    state.write_text(json.dumps(audit(aws)[1]))
    configuration.write_text(json.dumps({"all": level}))
    assert (analyze([str(state), str(configuration)]) == 0) is status


def test_the_command_without_a_state_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert analyze([]) == 2
    assert analyze([str(tmp_path / "missing.json")]) == 2
    assert capsys.readouterr().err == (
        "Name the state: pulumi stack export --file state.json; make analyze STATE=state.json\n"
        f"{tmp_path / 'missing.json'} cannot be read.\n"
    )


FAULTS: list[tuple[str, Fault, str]] = [
    ("no permission", Refusal("AccessDeniedException"), "cannot tell: AWS refused cloudtrail:GetTrailStatus: AccessDeniedException"),
    ("an expired token", Refusal("ExpiredTokenException"), "cannot tell: AWS refused cloudtrail:GetTrailStatus: ExpiredTokenException"),
    ("throttled", Refusal("ThrottlingException"), "cannot tell: AWS refused cloudtrail:GetTrailStatus: ThrottlingException"),
    ("out of order", Refusal("InternalFailure", 500), "cannot tell: AWS refused cloudtrail:GetTrailStatus: InternalFailure"),
    ("no JSON", Malformed(), "cannot tell: the answer of AWS cannot be read"),
    ("closed", Closed(), "cannot tell: asking AWS failed: ConnectionClosedError"),
]  # fmt: skip


def test_what_cannot_be_asked_is_not_reported(aws: AwsServices, audit: DeployedBefore) -> None:
    workspace, state = audit(aws)
    for _, fault, expected in FAULTS:
        with aws.failing("GetTrailStatus", fault):
            finished = analyzed(workspace, state, ASKING)
        assert finished.exit_status == 0, finished
        assert (reported(finished), explained_on(finished)) == ([], [expected])
        assert aws.secret_key not in finished.stdout + finished.stderr
    aws.add_trail(trail_arn("audit"), TrailStatus(latest_cloudwatch_logs_delivery_time=datetime.now(timezone.utc)))
    with aws.failing("GetTrailStatus", Refusal("ThrottlingException"), count=1):
        finished = analyzed(workspace, state, ASKING)
    assert (reported(finished), explained_on(finished)) == ([], ["right"])
    aws.add_trail(trail_arn("audit"), TrailStatus(True, datetime(2026, 1, 1, tzinfo=timezone.utc)))
    finished = analyzed(workspace, state, ASKING)
    (line,) = reported(finished)
    assert line.strip().startswith("[delivery-never] ")
    assert finished.exit_status != 0


def test_no_network_and_no_credentials(aws: AwsServices, audit: DeployedBefore) -> None:
    workspace, state = audit(aws)
    text = json.dumps(state)
    unreachable = json.loads(text.replace(aws.url, "http://127.0.0.1:9"))  # where nobody listens
    finished = analyzed(workspace, unreachable, ASKING)
    assert (finished.exit_status, reported(finished)) == (0, []), finished
    assert explained_on(finished) == ["cannot tell: AWS cannot be reached"]
    for values in provider_in(state):
        del values["accessKey"], values["secretKey"]
    finished = analyzed(workspace, state, ASKING)
    assert (finished.exit_status, reported(finished)) == (0, []), finished
    assert explained_on(finished) == ["cannot tell: there are no AWS credentials"]
    assert aws.requests == []


def test_an_organization_trail_seen_from_a_member_account(
    aws: AwsServices, deployed: Callable[[str], Workspace]
) -> None:
    workspace = deployed('trail("organization", is_organization_trail=True)')
    aws.add_trail(trail_arn("organization"), TrailStatus(True, datetime(2026, 1, 1, tzinfo=timezone.utc)))
    assert list(reports(workspace.preview(ASKING))) == ["organization"]
    member = aws.add_access_key(MANAGEMENT)
    source = workspace.program / "__main__.py"
    source.write_text(source.read_text().replace(aws.access_key, member.key_id).replace(aws.secret_key, member.secret))
    outcome = workspace.preview(ASKING)
    assert outcome.lines == []
    why = f"cannot tell: AWS does not show member account {MANAGEMENT} the deliveries of an organization trail"
    assert explained(outcome) == {"organization": why}


def test_a_role_that_the_provider_assumes(aws: AwsServices, deployed: Callable[[str], Workspace]) -> None:
    workspace = deployed('trail("audit")')
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    aws.add_role(role, TRUST)
    aws.add_trail(trail_arn("audit"), TrailStatus(latest_cloudwatch_logs_delivery_time=datetime.now(timezone.utc)))
    source = workspace.program / "__main__.py"
    assumed = f'    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn="{role}", external_id="pact", session_name="audit")],\n    endpoints='
    source.write_text(source.read_text().replace("    endpoints=", assumed))
    assert explained(workspace.preview(ASKING)) == {"audit": "right"}
    assert [request.operation for request in aws.requests] == ["AssumeRole", "GetTrailStatus"]
    assert {name: aws.requests[0].parameters[name] for name in ("RoleArn", "ExternalId", "RoleSessionName")} == {
        "RoleArn": role,
        "ExternalId": "pact",
        "RoleSessionName": "audit",
    }


@pytest.mark.parametrize("configured", [{"all": "mandatory"}, {RECENT: {"askAws": True}}, {RECENT: "mandatory"}])
def test_without_both_switches_nothing_is_asked(
    configured: Mapping[str, Any], aws: AwsServices, audit: DeployedBefore
) -> None:
    finished = analyzed(*audit(aws), {**configured, "cloudtrail-cloudwatch-logs-integrated": "disabled"})
    assert (finished.exit_status, reported(finished)) == (0, [])
    assert aws.requests == []


# --- lookups


def test_what_lies_outside_the_stack_is_looked_up(aws: AwsServices, deployed: Callable[[str], Workspace]) -> None:
    aws.add_log_group("audit", "us-east-1")
    aws.add_log_group("audits-of-others", "us-east-1")
    role = f"arn:aws:iam::{ACCOUNT}:role/"
    aws.add_role(f"{role}delivery", TRUST, inline={"write": allowing(["logs:CreateLogStream", "logs:PutLogEvents"])})
    aws.add_role(f"{role}reader", TRUST, attached=["arn:aws:iam::aws:policy/Reads"])
    aws.add_policy("arn:aws:iam::aws:policy/Reads", allowing("logs:GetLogEvents"))
    trails = (
        f'trail("right", {named("audit", "delivery")})',
        f'trail("too", {named("audit", "delivery")})',
        f'trail("no-group", {named("audits", "delivery")})',
        f'trail("no-role", {named("audit", "delivery-2")})',
        f'trail("reading", {named("audit", "reader")})',
    )
    workspace = deployed("\n".join(trails))
    outcome = workspace.preview(LOOKING_UP)
    assert outcome.finished.exit_status != 0
    assert reports(outcome) == {
        "no-group": f"{EXIST}: [log-group-not-found] cloudWatchLogsGroupArn is `arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audits:*`, but account {ACCOUNT} has no such log group in us-east-1, and CloudTrail does not create it. Create it first, or set cloudWatchLogsGroupArn to the ARN of a log group, ending in `:*`.",
        "no-role": f"{EXIST}: [role-not-found] cloudWatchLogsRoleArn is {role}delivery-2, but account {ACCOUNT} has no such role. Create it first, or set cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.",
        "reading": f'{CAN_DELIVER}: [role-permission-missing] cloudWatchLogsRoleArn names role "reader", which is not allowed to call logs:CreateLogStream and logs:PutLogEvents on stream {ACCOUNT}_CloudTrail_us-east-1 of log group "audit". The closest match is statement 1 of policy "Reads", but it allows only logs:GetLogEvents there. Allow logs:CreateLogStream and logs:PutLogEvents on arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:* in a policy of your own.',
    }  # fmt: skip
    decided = explained(outcome, CAN_DELIVER)
    assert decided["right"] == decided["too"] == decided["no-group"] == "right"
    assert decided["no-role"] == "cannot tell: the role does not exist in AWS"
    asked = [(each.operation, *each.parameters.values()) for each in aws.requests if each.operation in ("DescribeLogGroups", "GetRole")]  # fmt: skip
    assert len([each for each in asked if each[0] == "DescribeLogGroups"]) == 2
    assert len([each for each in asked if each[0] == "GetRole"]) == 6  # three roles, for two policies


def test_what_cannot_be_looked_up_is_reported_as_before(aws: AwsServices, deployed: Callable[[str], Workspace]) -> None:
    workspace = deployed(f'trail("audit", {named("audit", "delivery")})')
    with aws.failing("DescribeLogGroups", Refusal("AccessDeniedException")), aws.failing("GetRole", Refusal("AccessDenied", 403)):  # fmt: skip
        outcome = workspace.preview(LOOKING_UP)
    assert [line.split(" It could not be looked up")[1:] for line in outcome.lines] == [
        [" in AWS: AWS refused logs:DescribeLogGroups: AccessDeniedException."],
        [" in AWS: AWS refused iam:GetRole: AccessDenied."],
    ]
    assert [line.split("]")[0] for line in outcome.lines] == [f"{EXIST}: [log-group-not-in-stack", f"{EXIST}: [role-not-in-stack"]  # fmt: skip
    reason = (
        "AWS refused iam:GetRole, iam:ListRolePolicies, iam:ListAttachedRolePolicies or what they list: AccessDenied"
    )
    assert explained(outcome, CAN_DELIVER) == {"audit": f"cannot tell: the role could not be looked up in AWS: {reason}"}  # fmt: skip


# --- time


def test_a_hanging_endpoint_and_many_trails_end_in_time(aws: AwsServices, deployed: Callable[[str], Workspace]) -> None:
    workspace = deployed('for number in range(200):\n    trail(f"trail-{number}")')
    configuration = {**ASKING, RECENT: {**ASKING[RECENT], "timeoutSeconds": 2}}  # type: ignore[dict-item]
    state = workspace.export()
    with aws.failing("GetTrailStatus", Hanging()):
        started = time.monotonic()
        finished = workspace.analyze(state, configuration)
        spent = time.monotonic() - started
    assert finished.exit_status == 0, finished
    assert finished.stderr.count("cannot tell: AWS did not answer within the 2 seconds that are allowed") == 200
    assert spent < 60
