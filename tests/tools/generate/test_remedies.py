"""The commands of docs/policies.md, as they stand there, run by the AWS CLI against the stand-in for AWS.

What they leave in AWS is judged by the pack itself.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.analyzers import in_process
from tests.stacks import STACK, log_group, role, trail
from tools.engine.isolated_pulumi import Finished, run_command
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.services import OPERATIONS, Call
from tools.fakes.aws_api.state import AwsServices, RefusedError, Request, Role, TrailStatus
from tools.fakes.aws_api.writes import WITH_WRITES
from tools.generate.policy_docs import PAGE

ACCOUNT = "123456789012"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"
COMMANDS = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL))
DELIVERED = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)
SECONDS = 120.0
WRITES = [name for name in WITH_WRITES if name not in OPERATIONS]


@contextlib.contextmanager
def account_with_trail() -> Iterator[AwsServices]:
    """AWS with a trail, whose status is the one that it has minutes after the commands."""
    with running_aws_services(ACCOUNT, WITH_WRITES) as aws:
        aws.add_trail(TRAIL, TrailStatus(latest_cloudwatch_logs_delivery_time=DELIVERED))
        yield aws


def run(commands: str, folder: Path, path: Path, **variables: str) -> Finished:
    """Runs commands in a shell that stops at the first failure. path: the folder of `aws`."""
    assert (path / "aws").is_file(), "the AWS CLI of requirements-dev.lock is not installed"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nothing = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), str(folder / "none"))
    environment = {**inherited, **nothing, **variables, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"}
    return run_command(["sh", "-eu", "-c", commands], folder, SECONDS, environment)


def codes(aws: AwsServices, **properties: Any) -> list[str]:
    """The codes of what the pack reports about the trail, in a stack that has what is in AWS."""
    groups = [
        log_group(name, name=name, arn=f"arn:aws:logs:{region}:{account}:log-group:{name}")
        for (region, account), names in aws.log_groups.items()
        for name in names
    ]
    roles = [
        role(name, name=name, arn=each.arn, assumeRolePolicy=each.trust, inlinePolicies=inline_policies(each))
        for (_, name), each in aws.roles.items()
    ]
    names = ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")
    arns: dict[str, Any] = dict(zip(names, aws.targets[TRAIL], strict=True)) if TRAIL in aws.targets else {}
    audit, analyzer = trail(**arns, **properties), in_process()
    reports = [*analyzer.analyze(audit).reports, *analyzer.analyze_stack((STACK, *groups, *roles, audit)).reports]
    return [line.split("]")[0].lstrip("[") for report in reports for line in report.message.split("\n")]


def inline_policies(given: Role) -> list[dict[str, Any]]:
    return [{"name": name, "policy": document} for name, document in given.inline.items()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AwsServices, Finished, list[Request]]]:
    """What the commands left in AWS, how they ended, and what they asked AWS."""
    with account_with_trail() as aws:
        keys = {"AWS_ACCESS_KEY_ID": aws.access_key, "AWS_SECRET_ACCESS_KEY": aws.secret_key}
        place = tmp_path_factory.mktemp("commands")
        finished = run(COMMANDS, place, Path(sys.prefix) / "bin", AWS_ENDPOINT_URL=aws.url, **keys)
        yield aws, finished, list(aws.requests)


def test_every_command_works(made: tuple[AwsServices, Finished, list[Request]]) -> None:
    aws, finished, requests = made
    assert finished.exit_status == 0, finished
    reads = ["GetCallerIdentity", "GetTrailStatus"]
    assert sorted(request.operation for request in requests) == sorted([*reads, *WRITES])
    assert aws.unknown_requests == []
    assert '"LatestCloudWatchLogsDeliveryTime": ' in finished.stdout


@pytest.mark.parametrize("properties", [{}, {"isOrganizationTrail": True}], ids=str)
def test_what_they_leave_is_right(
    made: tuple[AwsServices, Finished, list[Request]], properties: dict[str, Any]
) -> None:
    aws, _, _ = made
    assert codes(aws, **properties) == []
    assert aws.retention == {("us-east-1", ACCOUNT): {"audit": 365}}


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ("CreateLogGroup", ["log-group-not-in-stack"]),
        ("CreateRole", ["role-not-in-stack"]),
        ("PutRolePolicy", ["role-permission-missing"]),
        ("UpdateTrail", ["not-integrated", "log-group-unused"]),
    ],
)
def test_each_command_is_needed(
    made: tuple[AwsServices, Finished, list[Request]], left_out: str, expected: list[str]
) -> None:
    """The same requests again, but for one. What AWS refuses without it, such as the policy of no role, is missing too."""
    _, _, requests = made
    with account_with_trail() as aws:
        for request in requests:
            operation = WITH_WRITES[request.operation]
            if request.operation in WRITES and request.operation != left_out:
                key = aws.keys[aws.access_key]
                with contextlib.suppress(RefusedError):
                    operation.answer(Call(aws, operation.service, key, request.region, request.parameters))
        assert codes(aws) == expected


def test_no_command_stands_elsewhere() -> None:
    rest = re.sub(r"^```sh\n.*?^```", "", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"(?:^|[`$] *)aws [a-z].*", rest, re.MULTILINE) == []
    assert COMMANDS.count("aws ") == len(WRITES) + 2


RECORDING = """#!/bin/sh
printf '%s\\n' "$AWS_REGION" "$AWS_DEFAULT_REGION" "$@" >> said
if [ "$1" = sts ]; then echo 123456789012; fi
"""


def test_other_partitions(tmp_path: Path) -> None:
    """Only the trail's ARN is another: all that the commands say follows from it."""
    command = tmp_path / "bin" / "aws"
    command.parent.mkdir()
    command.write_text(RECORDING)
    command.chmod(0o755)
    said = {}
    for partition, region in (("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")):
        place = tmp_path / partition
        place.mkdir()
        arn = TRAIL.replace("arn:aws:", f"arn:{partition}:").replace("us-east-1", region)
        finished = run(COMMANDS.replace(TRAIL, arn), place, command.parent)
        assert finished.exit_status == 0, finished
        texts = [(place / name).read_text() for name in ("said", "trust.json", "permissions.json")]
        said[partition] = [text.replace(region, "REGION").replace(f"arn:{partition}:", "arn:P:") for text in texts]
    assert said["aws"] == said["aws-cn"] == said["aws-us-gov"]
    assert "arn:P:logs:REGION:123456789012:log-group:audit:*" in said["aws"][2]
