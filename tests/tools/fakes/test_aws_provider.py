"""The stand-in as the engine meets it: an executable that serves gRPC."""

import json
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

from tools.fakes.aws_provider.invokes import FUNCTIONS
from tools.fakes.aws_provider.launcher import write_launcher
from tools.fakes.aws_provider.resource_table import RESOURCE_KINDS

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
TRAIL = "aws:cloudtrail/trail:Trail"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ROLE = "aws:iam/role:Role"
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

    def update(self, token: str, olds: Properties, news: Properties, preview: bool = False) -> Properties:
        request = provider_pb2.UpdateRequest(
            urn=urn(token), id="id", olds=message(olds), news=message(news), preview=preview
        )
        return MessageToDict(self.stub.Update(request).properties)

    def read(self, token: str, identifier: str, state: Properties | None = None) -> tuple[str, Properties]:
        request = provider_pb2.ReadRequest(urn=urn(token), id=identifier, properties=message(state or {}))
        response = self.stub.Read(request)
        return response.id, MessageToDict(response.properties)

    def invoke(self, token: str, **arguments: Any) -> tuple[Properties, list[str]]:
        request = provider_pb2.InvokeRequest(tok=token, args=message(arguments))
        response = self.stub.Invoke(request)
        returned = MessageToDict(getattr(response, "return"))
        return returned, [failure.reason for failure in response.failures]


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
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=program)
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


def test_it_answers_what_the_engine_asks_first(provider: Client) -> None:
    assert provider.stub.GetPluginInfo(Empty()).version == "7.51.1"
    provider.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"))
    settings = message({"region": "us-east-1", "version": "7.51.1"})
    checked = provider.stub.CheckConfig(provider_pb2.CheckRequest(news=settings))
    assert checked.inputs == settings
    same = provider_pb2.DiffRequest(old_inputs=settings, olds=settings, news=settings)
    none = provider_pb2.DiffResponse.DiffChanges.DIFF_NONE
    assert provider.stub.DiffConfig(same).changes == none
    assert provider.stub.Cancel(Empty()) == Empty()


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


@pytest.fixture(scope="module")
def schema(provider: Client) -> Any:
    return json.loads(provider.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)


class TestTheSchema:
    def test_has_every_type_and_function_that_the_stand_in_knows(self, schema: Any) -> None:
        assert (schema["name"], schema["version"]) == ("aws", "7.51.1")
        assert schema["resources"].keys() == RESOURCE_KINDS.keys()
        assert schema["functions"].keys() == FUNCTIONS.keys()

    def test_has_the_properties_of_a_trail(self, schema: Any) -> None:
        trail = schema["resources"][TRAIL]
        assert trail["requiredInputs"] == ["s3BucketName"]
        given, shown = trail["inputProperties"], trail["properties"]
        assert given["cloudWatchLogsGroupArn"] == {"type": "string"}
        assert given["enableLogging"] == {"type": "boolean"}
        assert given["tags"] == {"type": "object", "additionalProperties": {"type": "string"}}
        assert given["eventSelectors"] == {"type": "array", "items": {"$ref": "pulumi.json#/Any"}}
        assert shown.keys() - given.keys() == {"arn", "homeRegion", "snsTopicArn", "tagsAll"}
        assert "arn" in trail["required"]
        assert "cloudWatchLogsGroupArn" not in trail["required"]

    def test_lets_a_document_be_a_text_or_an_object(self, schema: Any) -> None:
        role = schema["resources"][ROLE]
        assert role["inputProperties"]["assumeRolePolicy"] == {"$ref": "pulumi.json#/Any"}
        assert role["properties"]["assumeRolePolicy"] == {"type": "string"}
        assert role["inputProperties"]["maxSessionDuration"] == {"type": "integer"}

    def test_has_every_property_that_the_stand_in_fills_in(self, schema: Any) -> None:
        for token, kind in RESOURCE_KINDS.items():
            filled = {*kind.input_defaults, *kind.output_defaults, *kind.optional_strings, *kind.computed}
            assert filled <= schema["resources"][token]["properties"].keys(), token

    def test_has_what_functions_take_and_give(self, schema: Any) -> None:
        function = schema["functions"]["aws:iam/getPolicyDocument:getPolicyDocument"]
        assert function["inputs"]["properties"]["sourcePolicyDocuments"] == {
            "type": "array",
            "items": {"type": "string"},
        }
        assert function["outputs"]["properties"]["json"] == {"type": "string"}
        assert "opts" not in function["inputs"]["properties"]

    def test_has_the_settings_of_the_provider(self, schema: Any) -> None:
        settings = schema["provider"]["inputProperties"]
        assert settings["region"] == {"type": "string"}
        assert settings["allowedAccountIds"] == {"type": "array", "items": {"type": "string"}}


def test_names_are_drawn_from_the_seed_and_kept(provider: Client) -> None:
    first, _ = provider.check(LOG_GROUP, {}, seed=b"one")
    other, _ = provider.check(LOG_GROUP, {}, seed=b"two")
    kept, _ = provider.check(LOG_GROUP, {}, olds=first, seed=b"three")
    drawn_anew, _ = provider.check(LOG_GROUP, {}, olds={"name": "mine"}, seed=b"three")

    assert re.fullmatch("audit-[0-9a-f]{7}", first["name"])
    assert first["name"] != other["name"]
    assert kept["name"] == first["name"]
    assert drawn_anew["name"] != "mine"


def test_names_of_buckets_prefixes_and_explicit_names(provider: Client) -> None:
    bucket, _ = provider.check("aws:s3/bucket:Bucket", {}, name="MyBucket")
    explicit, _ = provider.check(LOG_GROUP, {"name": "mine"})
    prefixed, _ = provider.check(LOG_GROUP, {"namePrefix": "pre-"})
    _, planned = provider.create(LOG_GROUP, prefixed, preview=True)
    identifier, created = provider.create(LOG_GROUP, prefixed)

    assert re.fullmatch("mybucket-[0-9a-f]{7}", bucket["bucket"])
    assert explicit["name"] == "mine"
    assert "name" not in prefixed
    assert planned["name"] == UNKNOWN
    assert re.fullmatch("pre-[0-9a-f]{8}", created["name"])
    assert identifier == created["name"]
    assert created["arn"].endswith(f":log-group:{created['name']}")


def test_autonaming_of_the_stack_configuration(provider: Client) -> None:
    def name(mode: Any, proposed: str = "") -> Any:
        options = provider_pb2.CheckRequest.AutonamingOptions
        request = provider_pb2.CheckRequest(urn=urn(LOG_GROUP), autonaming=options(mode=mode, proposed_name=proposed))
        return MessageToDict(provider.stub.Check(request).inputs).get("name")

    modes = provider_pb2.CheckRequest.AutonamingOptions.Mode
    assert name(modes.ENFORCE, "audit") == "audit"
    assert name(modes.DISABLE) is None


def test_a_child_of_a_component_is_recognised(provider: Client) -> None:
    inputs, _ = provider.check(f"acme:obs:Audit${TRAIL}", {"s3BucketName": "b"})

    assert inputs["enableLogging"] is True


def test_the_region_of_the_provider_reaches_regional_resources_only(provider: Client) -> None:
    for token, expected in (
        (TRAIL, "us-east-1"),
        (LOG_GROUP, "us-east-1"),
        (ROLE, None),
        (ROLE_POLICY, None),
        ("aws:some/thing:Thing", None),
    ):
        assert provider.check(token, {})[0].get("region") == expected
    assert provider.check(TRAIL, {"region": "eu-west-1"})[0]["region"] == "eu-west-1"


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


@pytest.mark.parametrize("rejected", ["", "{", "[]", '"{\\"Version\\": \\"2012-10-17\\"}"'])
def test_a_policy_that_is_no_json_object_is_refused(provider: Client, rejected: str) -> None:
    _, failures = provider.check(ROLE_POLICY, {"role": "r", "policy": rejected})

    assert len(failures) == 1
    assert failures[0].startswith('"policy" ')


def test_not_set_stays_as_the_program_wrote_it(provider: Client) -> None:
    inputs, _ = provider.check(TRAIL, {"cloudWatchLogsGroupArn": "", "kmsKeyId": None})
    _, planned = provider.create(TRAIL, inputs, preview=True)
    _, created = provider.create(TRAIL, inputs)

    assert (inputs["cloudWatchLogsGroupArn"], inputs["kmsKeyId"]) == ("", None)
    assert "cloudWatchLogsRoleArn" not in inputs
    keys = ("cloudWatchLogsGroupArn", "kmsKeyId", "cloudWatchLogsRoleArn")
    assert [planned[key] for key in keys] == ["", None, None]
    assert [created[key] for key in keys] == ["", "", ""]


def test_unknowns_come_back_from_every_operation(provider: Client) -> None:
    for token in (TRAIL, LOG_GROUP, ROLE, ROLE_POLICY, "aws:s3/bucket:Bucket", "aws:some/thing:T"):
        given = {
            "name": UNKNOWN,
            "region": UNKNOWN,
            "tags": UNKNOWN,
            "policy": UNKNOWN,
            "inlinePolicies": UNKNOWN,
            "nested": [{"deep": [UNKNOWN]}],
        }
        inputs, failures = provider.check(token, given)
        _, planned = provider.create(token, inputs, preview=True)
        updated = provider.update(token, {"arn": "arn:old", "id": "id"}, inputs, preview=True)

        assert failures == []
        for outputs in (planned, updated):
            assert {key: outputs[key] for key in given} == given
        assert planned.get("arn", UNKNOWN) == UNKNOWN
        assert provider.diff(token, {}, inputs)[0]


def test_any_other_type_gets_an_arn_and_an_id(provider: Client) -> None:
    token = "aws:sqs/queue:Queue"
    inputs, _ = provider.check(token, {"delaySeconds": 5})
    identifier, planned = provider.create(token, inputs, preview=True)
    assert (identifier, planned) == ("", {"delaySeconds": 5, "arn": UNKNOWN, "id": UNKNOWN})
    identifier, created = provider.create(token, inputs)
    assert identifier == created["id"] != ""
    assert created["arn"].startswith("arn:aws:sqs:us-east-1:123456789012:")


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


def test_an_update_keeps_what_was_computed(provider: Client) -> None:
    olds, _ = provider.check(TRAIL, {"s3BucketName": "b", "cloudWatchLogsGroupArn": LOG_GROUP_ARN})
    _, created = provider.create(TRAIL, olds)
    news = {key: value for key, value in olds.items() if key != "cloudWatchLogsGroupArn"}
    planned = provider.update(TRAIL, created, news, preview=True)
    updated = provider.update(TRAIL, created, {**news, "tags": {"a": "b"}})

    assert (planned["arn"], planned["homeRegion"]) == (created["arn"], "us-east-1")
    assert (planned["cloudWatchLogsGroupArn"], updated["cloudWatchLogsGroupArn"]) == (None, "")
    assert updated["tagsAll"] == {"a": "b"}


@pytest.mark.parametrize(
    ("token", "identifier", "expected"),
    [
        (LOG_GROUP, "/audit/logs", {"name": "/audit/logs", "logGroupClass": "STANDARD"}),
        (
            ROLE,
            "delivery",
            {"name": "delivery", "arn": "arn:aws:iam::123456789012:role/delivery", "path": "/"},
        ),
        (
            TRAIL,
            "main",
            {"name": "main", "arn": "arn:aws:cloudtrail:us-east-1:123456789012:trail/main"},
        ),
        (
            TRAIL,
            "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/main",
            {
                "name": "main",
                "arn": "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/main",
                "homeRegion": "cn-north-1",
                "cloudWatchLogsGroupArn": "",
            },
        ),
        (ROLE_POLICY, "delivery:logs", {"role": "delivery", "name": "logs"}),
        (
            "aws:iam/policy:Policy",
            "arn:aws:iam::111122223333:policy/team/logs",
            {"name": "logs", "path": "/team/"},
        ),
    ],
)
def test_a_read_describes_what_the_id_tells(
    provider: Client, token: str, identifier: str, expected: Properties
) -> None:
    found, outputs = provider.read(token, identifier)

    assert found == outputs["id"]
    assert {key: outputs[key] for key in expected} == expected
    assert UNKNOWN not in json.dumps(outputs)


def test_a_read_of_something_absent_finds_nothing(provider: Client) -> None:
    assert provider.read(LOG_GROUP, "absent-group") == ("", {})


def test_a_refresh_changes_nothing(provider: Client) -> None:
    inputs, _ = provider.check(LOG_GROUP, {"name": "g"})
    identifier, outputs = provider.create(LOG_GROUP, inputs)
    request = provider_pb2.ReadRequest(
        urn=urn(LOG_GROUP), id=identifier, properties=message(outputs), inputs=message(inputs)
    )
    response = provider.stub.Read(request)

    assert MessageToDict(response.properties) == outputs
    assert MessageToDict(response.inputs) == inputs


def test_who_and_where(provider: Client) -> None:
    identity, _ = provider.invoke("aws:index/getCallerIdentity:getCallerIdentity")
    region, _ = provider.invoke("aws:index/getRegion:getRegion")
    partition, _ = provider.invoke("aws:index/getPartition:getPartition")

    assert identity["accountId"] == "123456789012"
    assert (region["name"], region["region"]) == ("us-east-1", "us-east-1")
    assert (partition["partition"], partition["dnsSuffix"]) == ("aws", "amazonaws.com")


def test_what_exists(provider: Client) -> None:
    group, _ = provider.invoke("aws:cloudwatch/getLogGroup:getLogGroup", name="audit")
    role, _ = provider.invoke("aws:iam/getRole:getRole", name="delivery")
    _, failures = provider.invoke("aws:cloudwatch/getLogGroup:getLogGroup", name="absent")

    assert group["arn"] == LOG_GROUP_ARN.removesuffix(":*")
    assert role["arn"] == "arn:aws:iam::123456789012:role/delivery"
    assert "cloudtrail.amazonaws.com" in role["assumeRolePolicy"]
    assert len(failures) == 1


def test_a_policy_document(provider: Client) -> None:
    token = "aws:iam/getPolicyDocument:getPolicyDocument"
    trust: list[Properties] = [
        {
            "sid": "Trust",
            "actions": ["sts:AssumeRole"],
            "principals": [{"type": "Service", "identifiers": ["cloudtrail.amazonaws.com"]}],
            "conditions": [{"test": "StringEquals", "variable": "aws:x", "values": ["1"]}],
        },
        {"effect": "Deny", "actions": ["logs:A", "logs:B"], "resources": ["*"]},
    ]
    result, _ = provider.invoke(token, statements=trust)
    override = json.dumps({"Statement": {"Sid": "Trust", "Effect": "Deny"}})
    overridden, _ = provider.invoke(token, statements=trust, overridePolicyDocuments=[override])

    expected = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Trust",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:x": "1"}},
            },
            {"Effect": "Deny", "Action": ["logs:B", "logs:A"], "Resource": "*"},
        ],
    }
    assert json.loads(result["json"]) == json.loads(result["minifiedJson"]) == expected
    assert json.loads(overridden["json"])["Statement"][0]["Effect"] == "Deny"


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
