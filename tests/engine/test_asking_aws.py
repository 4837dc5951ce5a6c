"""What AWS is asked under the real engine, with stand-ins for the provider and for AWS: every state, word for word."""

import copy
import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.analyzers import PACK
from tools.commands.analyze import main as analyze
from tools.engine.isolated_pulumi import PASSPHRASE, Finished
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.state import AwsServices, Closed, Fault, Hanging, Malformed, Refusal, Request, TrailStatus

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

def provider(name, access_key, secret_key, **more):
    of_all = dict.fromkeys(("cloudtrail", "cloudwatchlogs", "iam", "sts"), "{url}")
    return aws.Provider(
        name,
        region="us-east-1",
        access_key=access_key,
        secret_key=pulumi.Output.secret(secret_key),
        endpoints=[aws.ProviderEndpointArgs(**of_all)],
        **more,
    )

audited = provider("audited", "{access_key}", "{secret_key}")
member = provider("member", "{member_key}", "{member_secret}")
assuming = provider("assuming", "{access_key}", "{secret_key}", {assume_roles})

def trail(name, provider=audited, **more):
    aws.cloudtrail.Trail(name, name=name, s3_bucket_name="bucket", opts=pulumi.ResourceOptions(provider=provider), **more)

{trails}
"""
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
ASSUMED = f'assume_roles=[aws.ProviderAssumeRoleArgs(role_arn="{ROLE}", external_id="pact", session_name="audit")]'
# What the program deploys before any run that asks: its preview then says where AWS is, and with which keys to ask.
DEPLOYED_WITH = {
    "url": "http://127.0.0.1:9",
    "access_key": "AKIA",
    "secret_key": "hunter2 of the state",
    "member_key": "AKIA2",
    "member_secret": "hunter2 of the member",
    "assume_roles": "",
}
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


def program(trails: Sequence[str], **values: str) -> str:
    """The program with some trails, each a call."""
    text = PROGRAM.replace("{trails}", "\n".join(trails))
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@dataclass(frozen=True)
class Deployed:
    """A stack with all trails, as it was before anything else ran in it."""

    workspace: Workspace
    state: Mapping[str, Any]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, path_folders: list[Path]) -> Deployed:
    """All trails but `not-yet`, deployed once for all tests."""
    place = tmp_path_factory.mktemp("deployed")
    source = place / "source" / "program"
    source.mkdir(parents=True)
    shutil.copyfile(PACK / "examples" / "integrated" / "python" / "Pulumi.yaml", source / "Pulumi.yaml")
    (source / "__main__.py").write_text(program([*DELIVERIES, *LOOKUPS], **DEPLOYED_WITH))
    workspace = new_workspace(place, path_folders, source)
    finished = workspace.up(pack=None).finished
    assert finished.exit_status == 0, finished
    return Deployed(workspace, workspace.exported())


def named_in(urn: str) -> str:
    return urn.rpartition("::")[2]


def with_trails(state: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A state with the provider `audited`, with the trail `absent` under other names, and with nothing else."""
    state = dict(copy.deepcopy(state))
    resources = {named_in(each["urn"]): each for each in state["deployment"]["resources"]}
    used = resources["audited"]
    root = next(each for each in resources.values() if each["type"] == "pulumi:pulumi:Stack")
    text = json.dumps({**resources["absent"], "provider": f"{used['urn']}::{used['id']}"})
    trails = [json.loads(text.replace("absent", name)) for name in names]
    state["deployment"]["resources"] = [root, used, *trails]
    return state


StateOf = Callable[..., dict[str, Any]]


@pytest.fixture
def state_of(deployed: Deployed, aws: AwsServices) -> StateOf:
    """Answers a state of trails with some names, whose provider reaches the stand-in of this test."""

    def of(*names: str) -> dict[str, Any]:
        state = with_trails(deployed.state, names)
        for values in provider_in(state):
            reaching(values, aws.url)
            for name, value in (("accessKey", aws.access_key), ("secretKey", aws.secret_key)):
                assert values[name].pop("ciphertext")
                values[name]["plaintext"] = json.dumps(value)
        return state

    return of


def reaching(provider: dict[str, Any], url: str) -> None:
    """Sets where a provider reaches AWS."""
    endpoints = dict.fromkeys(("cloudtrail", "cloudwatchlogs", "iam", "sts"), url)
    assert set(json.loads(provider["endpoints"])[0]) == set(endpoints)
    provider["endpoints"] = json.dumps([endpoints])


def provider_in(state: Mapping[str, Any], name: str = "audited") -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs and the outputs of a provider in a state."""
    (provider,) = [each for each in state["deployment"]["resources"] if named_in(each["urn"]) == name]
    return provider["inputs"], provider["outputs"]


def under_another_name(state: Mapping[str, Any], provider: str, trail: str) -> list[dict[str, Any]]:
    """The resources of a state's provider and of its one trail, under other names."""
    _, used, of_it = copy.deepcopy(state["deployment"]["resources"])
    old, used["urn"] = used["urn"], used["urn"].replace("::audited", f"::{provider}")
    return [used, json.loads(json.dumps(of_it).replace(old, used["urn"]).replace("absent", trail))]


def analyzed(workspace: Workspace, state: Mapping[str, Any], configuration: Mapping[str, Any]) -> Finished:
    """What `pulumi policy analyze` says of a state."""
    file = workspace.program / "state.json"
    file.write_text(json.dumps(state))
    return workspace.analyze(file, configuration)


def reported(finished: Finished) -> list[str]:
    """The lines of the reports in what `pulumi policy analyze` printed."""
    return [line for line in finished.stdout.split("\n") if re.match(r" +\[[a-z-]+\] ", line)]


def explained_on(finished: Finished) -> dict[str, str]:
    """What the policy decided, by trail, as `pulumi policy analyze` printed it."""
    lines = [line.split(": ", 2)[1:] for line in finished.stderr.split("\n") if f"{RECENT}: urn:" in line]
    return {named_in(urn): said for urn, said in lines}


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


# Trails by what there is to say of their deliveries. The last two are seen with other keys, and by a role.
DELIVERIES = [
    *(f'trail("{name}")' for name in ("recent", "stale", "never", "failing", "new", "skewed", "only-s3", "absent")),
    'trail("organization", is_organization_trail=True)',
    'trail("of-the-management-account", member, is_organization_trail=True)',
    'trail("seen-by-a-role", assuming)',
]
# Trails by what lies outside of the stack.
LOOKED_UP = {
    "right": named("audit", "delivery"),
    "too": named("audit", "delivery"),
    "no-group": named("audits", "delivery"),
    "no-role": named("audit", "delivery-2"),
    "reading": named("audit", "reading"),
    "hidden": named("hidden", "hidden"),
}
LOOKUPS = [f'trail("{name}", {targets})' for name, targets in LOOKED_UP.items()]
NEVER_SINCE = datetime(2026, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Asked:
    """A preview with all trails, when it began, and what AWS was asked for it."""

    now: datetime
    outcome: Outcome
    requests: Sequence[Request]

    @property
    def reports(self) -> dict[str, list[str]]:
        """The lines of the reports, by trail. Every report has one."""
        lines = self.outcome.lines_by_resource
        assert len({(trail, line.partition(":")[0]) for trail, line in lines}) == len(self.outcome.violations)
        found: dict[str, list[str]] = {}
        for trail, line in lines:
            found.setdefault(trail, []).append(line)
        return found

    def requested(self, *operations: str) -> list[Request]:
        return [request for request in self.requests if request.operation in operations]


@pytest.fixture(scope="session")
def asked(deployed: Deployed) -> Asked:
    """The preview, run once for all tests."""
    now = datetime.now(timezone.utc)
    with running_aws_services(ACCOUNT) as aws:
        for name, status in statuses(now).items():
            aws.add_trail(trail_arn(name), status)
        member = aws.add_access_key(MANAGEMENT)
        aws.add_role(ROLE, TRUST)
        add_targets(aws)
        keys = {"access_key": aws.access_key, "secret_key": aws.secret_key}
        of_member = {"member_key": member.key_id, "member_secret": member.secret}
        trails = [*DELIVERIES, 'trail("not-yet")', *LOOKUPS]
        text = program(trails, url=aws.url, **keys, **of_member, assume_roles=ASSUMED)
        (deployed.workspace.program / "__main__.py").write_text(text)
        with (
            aws.failing("DescribeLogGroups", Refusal("AccessDeniedException"), of={"logGroupNamePrefix": "hidden"}),
            aws.failing("GetRole", Refusal("AccessDenied", 403), of={"RoleName": "hidden"}),
        ):
            outcome = deployed.workspace.preview({**ASKING, **LOOKING_UP, RECENT: ASKING[RECENT]})
        assert aws.unknown_requests == []
        assert outcome.finished.exit_status != 0
        return Asked(now, outcome, list(aws.requests))


def statuses(now: datetime) -> dict[str, TrailStatus]:
    """What AWS knows of trails, by name."""
    month, days, hours = now - timedelta(days=30), now - timedelta(days=9), now - timedelta(hours=3)
    recent = TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=now - timedelta(minutes=5))
    return {
        "recent": recent,
        "stale": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=days),
        "never": TrailStatus(True, hours),
        "failing": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=days, latest_cloudwatch_logs_delivery_error=ERROR),
        "new": TrailStatus(True, now - timedelta(minutes=30, seconds=30)),
        "skewed": TrailStatus(True, month, latest_cloudwatch_logs_delivery_time=now + timedelta(hours=2)),
        "only-s3": TrailStatus(True, month, latest_delivery_time=now),
        "organization": TrailStatus(True, month),
        "of-the-management-account": TrailStatus(True, month),
        **dict.fromkeys(("seen-by-a-role", *LOOKED_UP), recent),
    }  # fmt: skip


def add_targets(aws: AwsServices) -> None:
    """Adds log groups, and roles that trails outside of the stack name."""
    aws.add_log_group("audit", "us-east-1")
    aws.add_log_group("audits-of-others", "us-east-1")
    role = f"arn:aws:iam::{ACCOUNT}:role/"
    aws.add_role(f"{role}delivery", TRUST, inline={"write": allowing(["logs:CreateLogStream", "logs:PutLogEvents"])})
    aws.add_role(f"{role}reading", TRUST, attached=["arn:aws:iam::aws:policy/Reads"])
    aws.add_policy("arn:aws:iam::aws:policy/Reads", allowing("logs:GetLogEvents"))


def test_every_state_of_a_delivery(asked: Asked) -> None:
    now = asked.now
    month, days, hours = now - timedelta(days=30), now - timedelta(days=9), now - timedelta(hours=3)
    never = f"{RECENT}: [delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since"
    assert {trail: lines for trail, lines in asked.reports.items() if trail not in LOOKED_UP} == {
        "stale": [f"{RECENT}: [delivery-stale] CloudTrail last delivered to CloudWatch Logs at {minute(days)} (9 days ago), more than 24 hours ago. {LOOK}"],
        "never": [f"{never} {minute(hours)} (3 hours ago). {LOOK}"],
        "failing": [f'{RECENT}: [delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". The last delivery was at {minute(days)} (9 days ago). Check the trail\'s log group, its role, and the role\'s permissions.'],
        "only-s3": [f"{never} {minute(month)} (30 days ago). {LOOK}"],
        "organization": [f"{never} {minute(month)} (30 days ago). {LOOK}"],
    }  # fmt: skip
    assert explained(asked.outcome) == {
        "recent": "right",
        "stale": "wrong: delivery-stale",
        "never": "wrong: delivery-never",
        "failing": "wrong: delivery-failing",
        "only-s3": "wrong: delivery-never",
        "organization": "wrong: delivery-never",
        "of-the-management-account": f"cannot tell: AWS does not show member account {MANAGEMENT} the deliveries of an organization trail",
        "seen-by-a-role": "right",
        "new": "cannot tell: it has been logging for only 30 minutes",
        "skewed": "cannot tell: AWS gave a time in the future: the clocks differ",
        "absent": "cannot tell: AWS refused cloudtrail:GetTrailStatus: TrailNotFoundException",
        "not-yet": "nothing to check: the trail does not exist yet",
        **dict.fromkeys(LOOKED_UP, "right"),
    }  # fmt: skip


def test_who_asks_for_the_state_of_a_delivery(asked: Asked) -> None:
    status = [(request.region, request.account) for request in asked.requested("GetTrailStatus")]
    trails = len(DELIVERIES) + len(LOOKUPS)
    assert Counter(status) == {("us-east-1", ACCOUNT): trails - 1, ("us-east-1", MANAGEMENT): 1}
    (assumed,) = asked.requested("AssumeRole")
    assert {name: assumed.parameters[name] for name in ("RoleArn", "ExternalId", "RoleSessionName")} == {
        "RoleArn": ROLE,
        "ExternalId": "pact",
        "RoleSessionName": "audit",
    }


def test_what_lies_outside_the_stack_is_looked_up(asked: Asked) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/"
    looked_up = LOOKED_UP.keys() - {"hidden"}
    assert {trail: lines for trail, lines in asked.reports.items() if trail in looked_up} == {
        "no-group": [f"{EXIST}: [log-group-not-found] cloudWatchLogsGroupArn is `arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audits:*`, but account {ACCOUNT} has no such log group in us-east-1, and CloudTrail does not create it. Create it first, or set cloudWatchLogsGroupArn to the ARN of a log group, ending in `:*`."],
        "no-role": [f"{EXIST}: [role-not-found] cloudWatchLogsRoleArn is {role}delivery-2, but account {ACCOUNT} has no such role. Create it first, or set cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."],
        "reading": [f'{CAN_DELIVER}: [role-permission-missing] cloudWatchLogsRoleArn names role "reading", which is not allowed to call logs:CreateLogStream and logs:PutLogEvents on stream {ACCOUNT}_CloudTrail_us-east-1 of log group "audit". The closest match is statement 1 of policy "Reads", but it allows only logs:GetLogEvents there. Allow logs:CreateLogStream and logs:PutLogEvents on arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:* in a policy of your own.'],
    }  # fmt: skip
    decided = explained(asked.outcome, CAN_DELIVER)
    assert decided["right"] == decided["too"] == decided["no-group"] == "right"
    assert decided["no-role"] == "cannot tell: the role does not exist in AWS"
    found = asked.requested("DescribeLogGroups", "GetRole")
    assert Counter(next(iter(request.parameters.values())) for request in found if "hidden" not in request.parameters.values()) == {
        "audit": 1,
        "audits": 1,
        **dict.fromkeys(("delivery", "delivery-2", "reading"), 2),  # for two policies
    }  # fmt: skip


def test_what_cannot_be_looked_up_is_reported_as_before(asked: Asked) -> None:
    lines = asked.reports["hidden"]
    assert [line.split(" It could not be looked up")[1:] for line in lines] == [
        [" in AWS: AWS refused logs:DescribeLogGroups: AccessDeniedException."],
        [" in AWS: AWS refused iam:GetRole: AccessDenied."],
    ]
    assert [line.split("]")[0] for line in lines] == [f"{EXIST}: [log-group-not-in-stack", f"{EXIST}: [role-not-in-stack"]  # fmt: skip
    reason = (
        "AWS refused iam:GetRole, iam:ListRolePolicies, iam:ListAttachedRolePolicies or what they list: AccessDenied"
    )
    said = explained(asked.outcome, CAN_DELIVER)["hidden"]
    assert said == f"cannot tell: the role could not be looked up in AWS: {reason}"


# --- the command


def test_a_state_is_analyzed_by_the_command(
    aws: AwsServices,
    deployed: Deployed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aws.add_trail(trail_arn("audit"), TrailStatus(True, NEVER_SINCE))
    deployed_with = replace(aws.keys[aws.access_key], key_id=DEPLOYED_WITH["access_key"])
    aws.keys[deployed_with.key_id] = deployed_with
    assert deployed.workspace.run("stack", "change-secrets-provider", "passphrase").exit_status == 0
    document = with_trails(deployed.workspace.exported(), ["audit"])
    for values in provider_in(document):
        reaching(values, aws.url)
    state, advisory, mandatory = (tmp_path / f"{name}.json" for name in ("state", "advisory", "mandatory"))
    state.write_text(json.dumps(document))
    for level in (advisory, mandatory):
        level.write_text(json.dumps({"all": level.stem}))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)
    assert analyze([str(state)]) == 0
    said = capsys.readouterr().out
    assert "[delivery-never] CloudTrail has never delivered to CloudWatch Logs" in said
    assert "[not-integrated]" in said
    assert DEPLOYED_WITH["secret_key"] not in said
    assert "redacted" not in said
    # What cannot be decrypted is no key.
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
    assert analyze([str(state), str(advisory)]) == 0
    said = capsys.readouterr().out
    assert "analyzing with secret values redacted" in said
    assert "[not-integrated]" in said
    assert analyze([str(state), str(mandatory)]) != 0


def test_the_command_without_a_state_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert analyze([]) == 2
    assert analyze([str(tmp_path / "missing.json")]) == 2
    assert capsys.readouterr().err == (
        "Name the state: pulumi stack export --file state.json; make analyze STATE=state.json\n"
        f"{tmp_path / 'missing.json'} cannot be read.\n"
    )


# --- without an answer


FAULTS: list[tuple[str, Fault, str]] = [
    ("no-permission", Refusal("AccessDeniedException"), "cannot tell: AWS refused cloudtrail:GetTrailStatus: AccessDeniedException"),
    ("an-expired-token", Refusal("ExpiredTokenException"), "cannot tell: AWS refused cloudtrail:GetTrailStatus: ExpiredTokenException"),
    ("throttled", Refusal("ThrottlingException"), "cannot tell: AWS refused cloudtrail:GetTrailStatus: ThrottlingException"),
    ("out-of-order", Refusal("InternalFailure", 500), "cannot tell: AWS refused cloudtrail:GetTrailStatus: InternalFailure"),
    ("no-JSON", Malformed(), "cannot tell: the answer of AWS cannot be read"),
    ("closed", Closed(), "cannot tell: asking AWS failed: ConnectionClosedError"),
]  # fmt: skip


def test_what_cannot_be_asked_is_not_reported(aws: AwsServices, deployed: Deployed, state_of: StateOf) -> None:
    """Each trail has a fault of its own. The last three have a provider of their own, or a fault that passes."""
    state = state_of(*(name for name, *_ in FAULTS), "throttled-once")
    unreachable = state_of("absent")
    for values in provider_in(unreachable):
        values["endpoints"] = values["endpoints"].replace(aws.url, "http://127.0.0.1:9")  # where nobody listens
    keyless = state_of("absent")
    for values in provider_in(keyless):
        del values["accessKey"], values["secretKey"]
    more = [*under_another_name(unreachable, "far", "unreachable"), *under_another_name(keyless, "bare", "keyless")]
    state["deployment"]["resources"] += more
    aws.add_trail(trail_arn("throttled-once"), TrailStatus(latest_cloudwatch_logs_delivery_time=datetime.now(timezone.utc)))  # fmt: skip
    with ExitStack() as faults:
        for name, fault, _ in FAULTS:
            faults.enter_context(aws.failing("GetTrailStatus", fault, of={"Name": trail_arn(name)}))
        once = aws.failing("GetTrailStatus", Refusal("ThrottlingException"), 1, {"Name": trail_arn("throttled-once")})
        faults.enter_context(once)
        finished = analyzed(deployed.workspace, state, ASKING)
    assert (finished.exit_status, reported(finished)) == (0, []), finished
    assert explained_on(finished) == {
        **{name: expected for name, _, expected in FAULTS},
        "throttled-once": "right",
        "unreachable": "cannot tell: AWS cannot be reached",
        "keyless": "cannot tell: there are no AWS credentials",
    }
    assert aws.secret_key not in finished.stdout + finished.stderr
    asked = Counter(named_in(request.parameters["Name"].replace("/", "::")) for request in aws.requests)
    assert asked.keys() == {"throttled-once", *(name for name, *_ in FAULTS)}
    assert asked["throttled-once"] == 2
    # The same that is asked without a fault is reported.
    aws.add_trail(trail_arn("audit"), TrailStatus(True, NEVER_SINCE))
    finished = analyzed(deployed.workspace, state_of("audit"), ASKING)
    (line,) = reported(finished)
    assert line.strip().startswith("[delivery-never] ")
    assert finished.exit_status != 0


@pytest.mark.parametrize("configured", [{"all": "mandatory"}, {RECENT: {"askAws": True}}, {RECENT: "mandatory"}])
def test_without_both_switches_nothing_is_asked(
    configured: Mapping[str, Any], aws: AwsServices, deployed: Deployed, state_of: StateOf
) -> None:
    configuration = {**configured, "cloudtrail-cloudwatch-logs-integrated": "disabled"}
    finished = analyzed(deployed.workspace, state_of("audit"), configuration)
    assert (finished.exit_status, reported(finished)) == (0, [])
    assert aws.requests == []


# --- time


def test_a_hanging_endpoint_and_many_trails_end_in_time(
    aws: AwsServices, deployed: Deployed, state_of: StateOf
) -> None:
    configuration = {**ASKING, RECENT: {**ASKING[RECENT], "timeoutSeconds": 2}}  # type: ignore[dict-item]
    state = state_of(*(f"trail-{number}" for number in range(200)))
    with aws.failing("GetTrailStatus", Hanging()):
        started = time.monotonic()
        finished = analyzed(deployed.workspace, state, configuration)
        spent = time.monotonic() - started
    assert finished.exit_status == 0, finished
    assert finished.stderr.count("cannot tell: AWS did not answer within the 2 seconds that are allowed") == 200
    assert spent < 60
