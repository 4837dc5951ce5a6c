"""The stand-in as the engine meets it: an executable that serves gRPC."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from tools.fakes.aws_provider.launcher import write_launcher

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
TRAIL = "aws:cloudtrail/trail:Trail"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
LOG_GROUP_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:audit:*"

Properties = dict[str, Any]


def urn(token: str, name: str = "audit") -> str:
    return f"urn:pulumi:dev::demo::{token}::{name}"


def message(properties: Properties) -> Struct:
    return ParseDict(properties, Struct())


class Client:
    """The engine's side of the conversation, in plain dictionaries."""

    def __init__(self, port: int) -> None:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(channel)

    def configure(self, **configuration: Any) -> None:
        request = provider_pb2.ConfigureRequest(args=message(configuration))
        assert self.stub.Configure(request).supportsPreview

    def check(
        self,
        token: str,
        news: Properties,
        olds: Properties | None = None,
        seed: bytes = b"seed",
        name: str = "audit",
    ) -> tuple[Properties, list[str]]:
        request = provider_pb2.CheckRequest(
            urn=urn(token, name), olds=message(olds or {}), news=message(news), randomSeed=seed
        )
        response = self.stub.Check(request)
        return MessageToDict(response.inputs), [failure.reason for failure in response.failures]

    def create(self, token: str, inputs: Properties, preview: bool = False) -> tuple[str, Properties]:
        request = provider_pb2.CreateRequest(urn=urn(token), properties=message(inputs), preview=preview)
        response = self.stub.Create(request)
        return response.id, MessageToDict(response.properties)

    def diff(self, token: str, olds: Properties, news: Properties) -> tuple[bool, list[str], list[str]]:
        request = provider_pb2.DiffRequest(urn=urn(token), id="id", old_inputs=message(olds), news=message(news))
        response = self.stub.Diff(request)
        changes = response.changes == provider_pb2.DiffResponse.DiffChanges.DIFF_SOME
        return changes, list(response.diffs), list(response.replaces)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Client]]:
    tmp_path = tmp_path_factory.mktemp("stand-in")
    launcher = write_launcher(tmp_path / "with space", Path(sys.executable))
    # A folder as a program might have it: its own `tools` must not be taken for ours.
    program = tmp_path / "program"
    (program / "tools").mkdir(parents=True)
    (program / "tools" / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    running: list[subprocess.Popen[str]] = []

    def client() -> Client:
        command = [str(launcher), "127.0.0.1:1"]
        environment = {**os.environ, "PYTHONPATH": "."}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=program, env=environment)
        running.append(process)
        assert process.stdout is not None
        return Client(int(process.stdout.readline()))

    yield client
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def provider(start: Callable[[], Client]) -> Client:
    client = start()
    client.configure(region="us-east-1")
    return client


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"region": "us-east-1", "profile": None}, {"region": "us-east-1"}),
        ({"allowedAccountIds": ["123456789012"]}, {"allowedAccountIds": '["123456789012"]'}),
        ({"allowedAccountIds": '["123456789012"]'}, {"allowedAccountIds": '["123456789012"]'}),
        ({"assumeRoles": [{"roleArn": "arn"}]}, {"assumeRoles": '[{"roleArn":"arn"}]'}),
        ({"assumeRoles": [{"roleArn": UNKNOWN}]}, {"assumeRoles": UNKNOWN}),
        ({"skipRegionValidation": True, "maxRetries": 3}, {"skipRegionValidation": "true", "maxRetries": "3"}),
    ],
)
def test_settings_of_the_provider_are_texts_however_they_come(
    provider: Client, given: Properties, shown: Properties
) -> None:
    checked = provider.stub.CheckConfig(provider_pb2.CheckRequest(news=message(given)))
    assert MessageToDict(checked.inputs) == shown


def test_names_are_drawn_from_the_seed_and_kept(provider: Client) -> None:
    first, _ = provider.check(LOG_GROUP, {}, seed=b"one")
    other, _ = provider.check(LOG_GROUP, {}, seed=b"two")
    kept, _ = provider.check(LOG_GROUP, {}, olds=first, seed=b"three")
    drawn_anew, _ = provider.check(LOG_GROUP, {}, olds={"name": "mine"}, seed=b"three")

    assert re.fullmatch("audit-[0-9a-f]{7}", first["name"])
    assert first["name"] != other["name"]
    assert kept["name"] == first["name"]
    assert drawn_anew["name"] != "mine"


def test_no_region_shows_before_creation_without_a_configured_one(
    start: Callable[[], Client],
) -> None:
    provider = start()
    provider.configure(version="7.51.1")
    inputs, _ = provider.check(LOG_GROUP, {})
    _, planned = provider.create(LOG_GROUP, inputs, preview=True)
    _, created = provider.create(LOG_GROUP, inputs)

    assert "region" not in inputs
    assert planned["region"] == UNKNOWN
    assert created["region"] == "us-east-1"
    assert created["arn"].startswith("arn:aws:logs:us-east-1:123456789012:log-group:audit-")


@pytest.mark.parametrize(
    ("configuration", "arn"),
    [
        ({"region": "eu-west-1"}, "arn:aws:logs:eu-west-1:123456789012:log-group:g"),
        ({"region": "cn-north-1"}, "arn:aws-cn:logs:cn-north-1:123456789012:log-group:g"),
        (
            {"region": "us-gov-west-1", "allowedAccountIds": '["210987654321"]'},
            "arn:aws-us-gov:logs:us-gov-west-1:210987654321:log-group:g",
        ),
        (
            {"region": "us-east-1", "allowedAccountIds": '["1","2"]'},
            "arn:aws:logs:us-east-1:123456789012:log-group:g",
        ),
        (
            {
                "region": "us-east-1",
                "assumeRoles": '[{"roleArn":"arn:aws:iam::111122223333:role/deploy"}]',
            },
            "arn:aws:logs:us-east-1:111122223333:log-group:g",
        ),
        (
            {"assumeRoles": '[{"role_arn":"arn:aws:iam::111122223333:role/deploy"}]'},
            "arn:aws:logs:us-east-1:111122223333:log-group:g",
        ),
        ({"assumeRoles": "not json"}, "arn:aws:logs:us-east-1:123456789012:log-group:g"),
    ],
)
def test_account_and_partition_follow_the_provider_settings(
    start: Callable[[], Client], configuration: Properties, arn: str
) -> None:
    provider = start()
    provider.configure(**configuration)
    inputs, _ = provider.check(LOG_GROUP, {"name": "g"})

    assert provider.create(LOG_GROUP, inputs)[1]["arn"] == arn


@pytest.mark.parametrize(
    "accepted",
    [
        "",
        None,
        UNKNOWN,
        LOG_GROUP_ARN,
        LOG_GROUP_ARN.removesuffix(":*"),
        "arn:aws:s3:::b",
        "arn:aws:iam::123456789012:user/u",
        "arn:aws:logs:::log-group:audit:*",
        "arn:aws-cn:logs:us-east-1:123456789012:log-group:audit:*",
    ],
)
def test_a_trail_s_arns_that_pass_the_plan(provider: Client, accepted: str | None) -> None:
    for key in ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"):
        inputs, failures = provider.check(TRAIL, {"s3BucketName": "b", key: accepted})
        assert failures == []
        assert inputs[key] == accepted


@pytest.mark.parametrize(
    ("rejected", "reason"),
    [
        ("audit", "arn: invalid prefix"),
        (":*", "arn: invalid prefix"),
        (f"{UNKNOWN}:*", "arn: invalid prefix"),
        ("arn:aws:logs", "arn: not enough sections"),
        ("arn:aws:logs:useast1:123456789012:log-group:audit:*", "invalid region value"),
        ("arn:aws:logs:us-east-1:12:log-group:audit:*", "invalid account ID value"),
        ("arn:gcp:logs:us-east-1:123456789012:log-group:audit:*", "invalid partition value"),
    ],
)
def test_a_trail_s_arns_that_do_not(provider: Client, rejected: str, reason: str) -> None:
    _, failures = provider.check(TRAIL, {"cloudWatchLogsGroupArn": rejected})

    assert failures == [
        f'"cloud_watch_logs_group_arn" ({rejected}) is an invalid ARN: {reason}. '
        "Examine values at 'audit.cloudWatchLogsGroupArn'."
    ]


def test_changes_in_place_and_replacements(provider: Client) -> None:
    olds, _ = provider.check(TRAIL, {"s3BucketName": "b"})
    integrated = {**olds, "cloudWatchLogsGroupArn": LOG_GROUP_ARN}

    assert provider.diff(TRAIL, olds, olds) == (False, [], [])
    assert provider.diff(TRAIL, olds, {**olds, "cloudWatchLogsGroupArn": ""}) == (False, [], [])
    assert provider.diff(TRAIL, olds, integrated) == (True, ["cloudWatchLogsGroupArn"], [])
    assert provider.diff(TRAIL, olds, {**olds, "name": "n"}) == (True, ["name"], ["name"])
    spaced, compact = {"policy": '{"a": 1, "A": 2}'}, {"policy": '{"A":2,"a":1}'}
    assert provider.diff(ROLE_POLICY, spaced, compact) == (False, [], [])
    assert provider.diff(ROLE_POLICY, {"role": "a"}, {"role": "b"})[2] == ["role"]


def test_many_may_ask_for_the_schema_at_the_same_time(start: Callable[[], Client]) -> None:
    asked = start().stub.GetSchema.future
    answers = [asked(provider_pb2.GetSchemaRequest()) for _ in range(8)]
    [schema] = {answer.result().schema for answer in answers}
    assert "aws:cloudtrail/trail:Trail" in json.loads(schema)["resources"]


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    launcher = write_launcher(tmp_path, Path(sys.executable))
    # A parent that reads the port, passes it on with the process id, and leaves.
    leave = (
        "import subprocess, sys; p = subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE);"
        "print(p.stdout.readline().decode().strip(), flush=True); print(p.pid, flush=True)"
    )
    command = [sys.executable, "-c", leave, str(launcher)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    port = int(finished.stdout.split()[0])

    service = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    def ask_until_it_is_gone() -> None:
        for _ in range(100):
            service.GetPluginInfo(Empty(), timeout=5)
            time.sleep(0.1)

    with pytest.raises(grpc.RpcError) as gone:
        ask_until_it_is_gone()
    assert gone.value.code() == grpc.StatusCode.UNAVAILABLE
