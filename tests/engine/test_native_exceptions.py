"""Pulumi's own policy exceptions, under the real CLI: every policy, in preview, update and analysis, at both levels."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.fleet.evidence import Standing
from command_line.policy_exceptions import FIRST_CLI
from command_line.report import evidence_of
from tests.analyzers import PACK
from tests.command_line.exception_cases import ACCEPTED, REFUSED
from tools.commands.publish import version_of
from tools.engine.isolated_pulumi import Finished
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.state import AwsServices, TrailStatus

from .workspace import Outcome, Workspace, is_since, new_workspace

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
RECENT = "cloudtrail-delivery-is-recent"
ACCOUNT = "123456789012"

# A trail for each policy, which reports it and no other.
TRAILS = {INTEGRATED: "unset", EXIST: "typed", CAN_DELIVER: "powerless", RECENT: "quiet"}
PROGRAM = """\
name: exceptions
runtime: yaml
resources:
  provider:
    type: pulumi:providers:aws
    defaultProvider: true
    properties:
      region: us-east-1
      accessKey: {access_key}
      secretKey:
        fn::secret: {secret_key}
      endpoints:
        - cloudtrail: {url}
          sts: {url}
  group:
    type: aws:cloudwatch:LogGroup
    properties: {{name: audit}}
  role:
    type: aws:iam:Role
    properties: {{name: delivery, assumeRolePolicy: '{trust}'}}
  may:
    type: aws:iam:RolePolicy
    properties: {{role: "${{role.name}}", policy: '{allowed}'}}
  reader:
    type: aws:iam:Role
    properties: {{name: reader, assumeRolePolicy: '{trust}'}}
  unset:
    type: aws:cloudtrail:Trail
    properties: {{name: unset, s3BucketName: bucket}}
  typed:
    type: aws:cloudtrail:Trail
    properties:
      name: typed
      s3BucketName: bucket
      cloudWatchLogsGroupArn: arn:aws:logs:us-east-1:123456789012:log-group:elsewhere:*
      cloudWatchLogsRoleArn: "${{role.arn}}"
  powerless:
    type: aws:cloudtrail:Trail
    properties:
      name: powerless
      s3BucketName: bucket
      cloudWatchLogsGroupArn: "${{group.arn}}:*"
      cloudWatchLogsRoleArn: "${{reader.arn}}"
  quiet:
    type: aws:cloudtrail:Trail
    properties:
      name: quiet
      s3BucketName: bucket
      cloudWatchLogsGroupArn: "${{group.arn}}:*"
      cloudWatchLogsRoleArn: "${{role.arn}}"
"""


def statement(**more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **more}]})


@pytest.fixture
def aws() -> Iterator[AwsServices]:
    """AWS, where the last trail has not delivered for a long time and the others have just delivered."""
    with running_aws_services(ACCOUNT) as running:
        for policy, name in TRAILS.items():
            now = datetime.now(timezone.utc)
            last = datetime(2026, 1, 1, tzinfo=timezone.utc) if policy == RECENT else now
            status = TrailStatus(
                True, datetime(2025, 1, 1, tzinfo=timezone.utc), latest_cloudwatch_logs_delivery_time=last
            )
            running.add_trail(f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}", status)
        yield running


@pytest.fixture
def workspace(aws: AwsServices, tmp_path: Path, yaml_path_folders: list[Path]) -> Workspace:
    source = tmp_path / "source" / "exceptions"
    source.mkdir(parents=True)
    values = {"url": aws.url, "access_key": aws.access_key, "secret_key": aws.secret_key}
    trust = statement(Principal={"Service": "cloudtrail.amazonaws.com"}, Action="sts:AssumeRole")
    allowed = statement(Action=["logs:CreateLogStream", "logs:PutLogEvents"], Resource="*")
    (source / "Pulumi.yaml").write_text(PROGRAM.format(trust=trust, allowed=allowed, **values))
    return new_workspace(tmp_path / "place", yaml_path_folders, source)


def urn(name: str) -> str:
    return f"urn:pulumi:dev::exceptions::aws:cloudtrail/trail:Trail::{name}"


def configuration(level: str, *excepted: str) -> dict[str, Any]:
    """All policies at a level, with an exception for each of some policies on its trail."""
    return {
        "version": 2,
        "policies": {
            "all": level,
            RECENT: {"enforcementLevel": level, "askAws": True},
            EXIST: {
                "enforcementLevel": level,
                "exemptions": [{"trail": "unset", "reason": "Another policy reports it."}],
            },
        },
        "exceptions": {
            f"EXC-{policy}": {
                "reason": "Accepted.",
                "match": [{"policies": [policy], "targets": [urn(TRAILS[policy])]}],
            }
            for policy in excepted
        },
    }


def reported(outcome: Outcome) -> dict[str, tuple[str, list[str]]]:
    """The trail that each policy reports, and the IDs of the exceptions from it."""
    return {
        event["policyName"]: (
            event["resourceUrn"].rpartition("::")[2],
            [each["id"] for each in event.get("exceptions") or []],
        )
        for event in outcome.violations
    }


def expected(policies: list[str], excepted: list[str]) -> dict[str, tuple[str, list[str]]]:
    return {policy: (TRAILS[policy], [f"EXC-{policy}"] if policy in excepted else []) for policy in policies}


def report_of(events: str) -> tuple[dict[str, list[str]], set[Standing], bool]:
    """What the command `report` reads in the events of a run: codes by trail, standings, and whether it fails."""
    evidence, fails = evidence_of(events, "events.json", "Pulumi.yaml")
    assert (evidence.version, evidence.mistakes, evidence.remarks) == (version_of(), (), ())
    assert not evidence.unread
    codes = {
        row.name: sorted(finding.code for answer in row.answers for finding in answer.findings)
        for row in evidence.trails
    }
    return codes, {answer.standing for row in evidence.trails for answer in row.answers}, fails


def is_refused(finished: Finished) -> bool:
    return finished.exit_status != 0 and '"version"' in f"{finished.stdout}{finished.stderr}"


def test_an_excepted_trail_fails_no_run(workspace: Workspace) -> None:
    every = list(TRAILS)
    before_the_update = every[:3]  # the last one asks about a trail that exists
    outcome = workspace.preview(configuration("mandatory", *every))
    if not is_since(FIRST_CLI):
        assert is_refused(outcome.finished), outcome.finished
        return
    assert outcome.finished.exit_status == 0, outcome.finished
    assert reported(outcome) == expected(before_the_update, every)
    events = workspace.event_log("preview").read_text()
    assert report_of(events) == (outcome.codes_by_resource, {Standing.EXCEPTED}, False)
    blocked = workspace.preview(configuration("mandatory"))
    assert blocked.finished.exit_status != 0
    assert INTEGRATED in reported(blocked)
    events = workspace.event_log("preview").read_text()
    assert report_of(events) == (blocked.codes_by_resource, {Standing.WRONG}, True)

    updated = workspace.up(configuration("mandatory", *every))
    assert updated.finished.exit_status == 0, updated.finished
    assert reported(updated) == expected(every, every)
    events = workspace.event_log("up").read_text()
    assert report_of(events) == (updated.codes_by_resource, {Standing.EXCEPTED}, False)
    again = workspace.preview(configuration("advisory", *every))
    assert again.finished.exit_status == 0
    assert reported(again) == expected(every, every)
    for policy in every:
        assert f"· [exempted]  {policy}  (1 violation)\n" in again.finished.stdout
    assert "[not-integrated]" not in again.finished.stdout

    state = workspace.export()
    analysis = workspace.analyze(state, configuration("mandatory", *every[1:]), PACK, "--json")
    standings = {Standing.EXCEPTED, Standing.WRONG}
    assert report_of(analysis.stdout) == (updated.codes_by_resource, standings, True)
    for level in ("advisory", "mandatory"):
        analysis = workspace.analyze(state, configuration(level, *every))
        assert analysis.exit_status == 0, analysis
        assert analysis.stdout.count(f"[exempted] [{level}]") == 4
    for policy in every:
        others = [each for each in every if each != policy]
        analysis = workspace.analyze(state, configuration("mandatory", *others))
        assert analysis.exit_status != 0
        assert analysis.stdout.count("[exempted] [mandatory]") == 3
    for half in (every[:2], every[2:]):
        analysis = workspace.analyze(state, configuration("advisory", *half))
        assert (analysis.exit_status, analysis.stdout.count("[exempted] [advisory]")) == (0, 2)


def test_an_excepted_trail_is_remediated_all_the_same(example: Callable[[str], Workspace]) -> None:
    """An exemption of the pack keeps a remediation off; an exception does not."""
    workspace = example("bare-arn")
    trail = "urn:pulumi:dev::example-bare-arn::aws:cloudtrail/trail:Trail::audit"
    exception = {"reason": "Accepted.", "match": [{"policies": [INTEGRATED], "targets": [trail]}]}
    outcome = workspace.up({"version": 2, "policies": {"all": "remediate"}, "exceptions": {"EXC-1": exception}})
    if not is_since(FIRST_CLI):
        assert is_refused(outcome.finished), outcome.finished
        return
    assert outcome.finished.exit_status == 0, outcome.finished
    (found,) = [each for each in workspace.resources() if each["urn"] == trail]
    assert found["inputs"]["cloudWatchLogsGroupArn"].endswith(":log-group:audit:*")


def test_the_cli_refuses_what_check_config_refuses(example: Callable[[str], Workspace]) -> None:
    """The CLI names all exceptions that it refuses, so one run shows them all."""
    workspace = example("integrated")
    assert workspace.up(pack=None).finished.exit_status == 0
    state = workspace.export()
    refused = workspace.analyze(
        state, {"version": 2, "exceptions": {name: exception for name, exception, _ in REFUSED}}
    )
    accepted = workspace.analyze(
        state, {"version": 2, "exceptions": {name: exception for name, exception, _ in ACCEPTED}}
    )
    if not is_since(FIRST_CLI):
        assert is_refused(refused)
        assert is_refused(accepted)
        return
    assert refused.exit_status != 0
    for name, *_ in REFUSED:
        assert f'policy exception "{name}": ' in refused.stderr
    assert accepted.exit_status == 0, accepted
    assert 'names policy "s3-encrypted", which isn\'t in the pack' in f"{accepted.stdout}{accepted.stderr}"
    for given, said in (({"version": 3}, "version 3 isn't supported"), ({"version": 1}, '"version" must be 2')):
        assert said in workspace.analyze(state, given).stderr
    as_list = workspace.analyze(state, {"version": 2, "exceptions": []})
    assert '"exceptions" must be an object that maps exception IDs to exceptions' in as_list.stderr
