"""The stand-in for AWS services as botocore meets it: its models and its parsers are what the answers have to fit."""

import http.client
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import botocore.session
import pytest
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.services import OPERATIONS
from tools.fakes.aws_api.state import (
    AwsServices,
    Closed,
    Fault,
    Hanging,
    Key,
    Malformed,
    Refusal,
    Request,
    Slow,
    TrailStatus,
)

SESSION = botocore.session.Session()
ACCOUNT, OTHER = "123456789012", "210987654321"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/to-logs"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/team/write"
MANAGED = "arn:aws:iam::aws:policy/service-role/Managed"
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}]}
# Characters that a careless encoding would lose.
WRITE = {"Statement": [{"Action": "logs:Put*", "Resource": "a+b c&d%20<e>/é"}]}
CREATED = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
ASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "GetTrailStatus": ("cloudtrail", {"Name": TRAIL}),
    "DescribeLogGroups": ("logs", {}),
    "GetRole": ("iam", {"RoleName": "to-logs"}),
    "ListRolePolicies": ("iam", {"RoleName": "to-logs"}),
    "GetRolePolicy": ("iam", {"RoleName": "to-logs", "PolicyName": "b"}),
    "ListAttachedRolePolicies": ("iam", {"RoleName": "to-logs"}),
    "GetPolicy": ("iam", {"PolicyArn": POLICY}),
    "GetPolicyVersion": ("iam", {"PolicyArn": POLICY, "VersionId": "v1"}),
    "AssumeRole": ("sts", {"RoleArn": ROLE, "RoleSessionName": "pack"}),
    "AssumeRoleWithWebIdentity": (
        "sts",
        {"RoleArn": ROLE, "RoleSessionName": "pack", "WebIdentityToken": "web-token"},
    ),
    "GetCallerIdentity": ("sts", {}),
}
JSON_SERVICES = {"cloudtrail", "logs"}

Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CA_BUNDLE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def aws() -> Iterator[AwsServices]:
    with running_aws_services() as running:
        yield running


@pytest.fixture
def full(aws: AwsServices) -> AwsServices:
    """One for which every operation of ASKS succeeds."""
    aws.add_trail(TRAIL)
    aws.add_log_group("trails", "eu-west-1")
    aws.add_role(ROLE, TRUST, dict.fromkeys("cba", WRITE), [POLICY, MANAGED], POLICY)
    aws.add_policy(POLICY, WRITE)
    return aws


@pytest.fixture
def client(aws: AwsServices) -> Iterator[Client]:
    """Makes clients: of a service, in a region, with a key, with what else botocore's configuration has."""
    made = []

    def make(service: str, region: str = "eu-west-1", key: Key | None = None, attempts: int = 1, **config: Any) -> Any:
        chosen = key or aws.keys[aws.access_key]
        retries = {"mode": "standard", "total_max_attempts": attempts}
        made.append(
            SESSION.create_client(
                service,
                region_name=region,
                endpoint_url=aws.url,
                aws_access_key_id=chosen.key_id,
                aws_secret_access_key=chosen.secret,
                aws_session_token=chosen.token or None,
                # Whatever proxy this machine has, it is not asked for what is on it.
                config=Config(retries=retries, proxies={"http": None}, **{"read_timeout": 10, **config}),
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def ask(client: Client) -> Client:
    """Asks for an operation of ASKS; answers what came back without its metadata."""

    def asked(operation: str, parameters: dict[str, Any] | None = None, **client_options: Any) -> Any:
        service, usual = ASKS[operation]
        method = getattr(client(service, **client_options), xform_name(operation))
        answer = method(**(usual if parameters is None else parameters))
        answer.pop("ResponseMetadata")
        return answer

    return asked


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore repeats without delay."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int, str]:
    answer: Any = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def raw(aws: AwsServices, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", int(aws.url.rpartition(":")[2]), timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def signature(aws: AwsServices, service: str) -> str:
    scope = f"{aws.access_key}/20240102/eu-west-1/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0a"


def test_every_operation_is_asked_for_here() -> None:
    assert {name: operation.service.name for name, operation in OPERATIONS.items()} == {
        name: service for name, (service, _) in ASKS.items()
    }


class TestTrails:
    def test_have_a_status(self, aws: AwsServices, ask: Client) -> None:
        times = [CREATED + timedelta(days=day, milliseconds=250) for day in range(4)]
        status = TrailStatus(
            is_logging=False,
            start_logging_time=times[0],
            stop_logging_time=times[1],
            latest_delivery_time=times[2],
            latest_delivery_error="NoSuchBucket",
            latest_cloudwatch_logs_delivery_time=times[3],
            latest_cloudwatch_logs_delivery_error="AccessDenied",
        )
        aws.add_trail(TRAIL, status)
        answer = ask("GetTrailStatus")
        assert answer == {
            "IsLogging": False,
            "StartLoggingTime": times[0],
            "StopLoggingTime": times[1],
            "LatestDeliveryTime": times[2],
            "LatestDeliveryError": "NoSuchBucket",
            "LatestCloudWatchLogsDeliveryTime": times[3],
            "LatestCloudWatchLogsDeliveryError": "AccessDenied",
        }
        assert answer["StartLoggingTime"].tzinfo is not None

    def test_have_only_what_is_known(self, aws: AwsServices, ask: Client) -> None:
        aws.add_trail(TRAIL)
        assert ask("GetTrailStatus") == {"IsLogging": True}
        aws.add_trail(TRAIL, TrailStatus(is_logging=False))
        assert ask("GetTrailStatus") == {"IsLogging": False}

    def test_are_found_from_everywhere_by_arn_and_by_name_where_they_are(self, full: AwsServices, ask: Client) -> None:
        assert ask("GetTrailStatus", region="us-east-1") == {"IsLogging": True}
        assert ask("GetTrailStatus", {"Name": "main"}) == {"IsLogging": True}
        for name in ("main", "ain"):
            with pytest.raises(ClientError) as error:
                ask("GetTrailStatus", {"Name": name}, region="us-east-1")
            assert refusal(error)[0] == "TrailNotFoundException"
        assert [request.region for request in full.requests] == ["us-east-1", "eu-west-1", "us-east-1", "us-east-1"]

    def test_are_unknown(self, full: AwsServices, ask: Client) -> None:
        for arn in (f"{TRAIL}s", TRAIL.replace("eu-west-1", "eu-west-2")):
            with pytest.raises(ClientError) as error:
                ask("GetTrailStatus", {"Name": arn})
            message = f"Unknown trail: {arn} for the user: {ACCOUNT}"
            assert refusal(error) == ("TrailNotFoundException", 400, message)
        with pytest.raises(ClientError) as error:
            ask("GetTrailStatus", key=full.add_access_key(OTHER))
        assert refusal(error) == ("TrailNotFoundException", 400, f"Unknown trail: {TRAIL} for the user: {OTHER}")


class TestLogGroups:
    def test_are_described(self, aws: AwsServices, ask: Client) -> None:
        aws.add_log_group("b/trails", "eu-west-1")
        aws.add_log_group("a", "eu-west-1", log_group_class="INFREQUENT_ACCESS")
        start = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:"
        assert ask("DescribeLogGroups") == {
            "logGroups": [
                {
                    "logGroupName": name,
                    "arn": f"{start}{name}:*",
                    "logGroupArn": f"{start}{name}",
                    "logGroupClass": log_group_class,
                }
                for name, log_group_class in (("a", "INFREQUENT_ACCESS"), ("b/trails", "STANDARD"))
            ]
        }

    @pytest.mark.parametrize(
        ("region", "partition"),
        [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("us-east-1", "aws"), ("ap-southeast-2", "aws")],
    )
    def test_are_in_the_partition_of_their_region(
        self, aws: AwsServices, ask: Client, region: str, partition: str
    ) -> None:
        aws.add_log_group("a", region)
        (group,) = ask("DescribeLogGroups", region=region)["logGroups"]
        assert group["arn"] == f"arn:{partition}:logs:{region}:{ACCOUNT}:log-group:a:*"

    def test_are_those_of_a_region_and_an_account(self, aws: AwsServices, ask: Client) -> None:
        aws.add_log_group("here", "eu-west-1")
        aws.add_log_group("elsewhere", "us-east-1")
        aws.add_log_group("others", "eu-west-1", OTHER)
        asked = [
            ("eu-west-1", None),
            ("us-east-1", None),
            ("eu-west-1", aws.add_access_key(OTHER)),
            ("eu-west-2", None),
        ]
        found = [ask("DescribeLogGroups", region=region, key=key)["logGroups"] for region, key in asked]
        assert [[group["logGroupName"] for group in groups] for groups in found] == [
            ["here"],
            ["elsewhere"],
            ["others"],
            [],
        ]
        assert [(request.region, request.account) for request in aws.requests] == [
            ("eu-west-1", ACCOUNT),
            ("us-east-1", ACCOUNT),
            ("eu-west-1", OTHER),
            ("eu-west-2", ACCOUNT),
        ]

    def test_are_chosen_by_prefix(self, aws: AwsServices, ask: Client) -> None:
        for name in ("trails", "trails-old", "old-trails", "Trails"):
            aws.add_log_group(name, "eu-west-1")
        groups = ask("DescribeLogGroups", {"logGroupNamePrefix": "trails"})["logGroups"]
        assert [group["logGroupName"] for group in groups] == ["trails", "trails-old"]

    def test_come_in_pages(self, aws: AwsServices, client: Client) -> None:
        names = [f"group-{number:03}" for number in range(101)]
        for name in reversed(names):
            aws.add_log_group(name, "eu-west-1")
        pages = list(client("logs").get_paginator("describe_log_groups").paginate())
        assert [len(page["logGroups"]) for page in pages] == [50, 50, 1]
        assert [group["logGroupName"] for page in pages for group in page["logGroups"]] == names
        assert [request.parameters for request in aws.requests] == [
            {},
            {"nextToken": "from-50"},
            {"nextToken": "from-100"},
        ]
        limited = client("logs").describe_log_groups(limit=2, nextToken="from-99")
        assert [group["logGroupName"] for group in limited["logGroups"]] == names[99:]
        assert "nextToken" not in limited
        aws.log_groups_per_page = 40
        assert len(client("logs").describe_log_groups(limit=50)["logGroups"]) == 40

    @pytest.mark.parametrize(("parameters", "wrong"), [({"limit": 51}, "limit"), ({"nextToken": "other"}, "nextToken")])
    def test_are_refused_with(self, aws: AwsServices, ask: Client, parameters: dict[str, Any], wrong: str) -> None:
        with pytest.raises(ClientError) as error:
            ask("DescribeLogGroups", parameters)
        assert refusal(error) == ("InvalidParameterException", 400, f"The specified {wrong} is invalid.")
        assert ask("DescribeLogGroups", {"limit": 50}) == {"logGroups": []}


class TestRoles:
    def test_are_told(self, full: AwsServices, ask: Client) -> None:
        role = ask("GetRole")["Role"]
        assert role.pop("RoleId").startswith("AROA")
        assert role == {
            "Path": "/service-role/",
            "RoleName": "to-logs",
            "Arn": ROLE,
            "CreateDate": CREATED,
            "AssumeRolePolicyDocument": TRUST,
            "PermissionsBoundary": {
                "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
                "PermissionsBoundaryArn": POLICY,
            },
        }
        assert role["CreateDate"].tzinfo is not None

    def test_may_have_little(self, aws: AwsServices, ask: Client) -> None:
        # In the place of another of that name.
        aws.add_role(ROLE, TRUST, {"a": WRITE}, [POLICY], POLICY)
        aws.add_role(f"arn:aws:iam::{ACCOUNT}:role/to-logs", "<no JSON>/")
        role = ask("GetRole")["Role"]
        # botocore leaves what it cannot decode as it came.
        assert (role["Path"], role["AssumeRolePolicyDocument"]) == ("/", "%3Cno%20JSON%3E%2F")
        assert "PermissionsBoundary" not in role
        assert ask("ListRolePolicies") == {"PolicyNames": [], "IsTruncated": False}
        assert ask("ListAttachedRolePolicies") == {"AttachedPolicies": [], "IsTruncated": False}

    def test_have_inline_policies(self, full: AwsServices, ask: Client) -> None:
        assert ask("GetRolePolicy") == {"RoleName": "to-logs", "PolicyName": "b", "PolicyDocument": WRITE}
        with pytest.raises(ClientError) as error:
            ask("GetRolePolicy", {"RoleName": "to-logs", "PolicyName": "d<&>"})
        assert refusal(error) == ("NoSuchEntity", 404, "The role policy with name d<&> cannot be found.")

    def test_list_their_policies_in_pages(self, full: AwsServices, client: Client) -> None:
        full.add_role(ROLE, TRUST, dict.fromkeys("edcba", WRITE), [f"{POLICY}-{number}" for number in range(4)])
        pages = list(client("iam").get_paginator("list_role_policies").paginate(RoleName="to-logs"))
        assert [page["PolicyNames"] for page in pages] == [["a", "b"], ["c", "d"], ["e"]]
        assert [page["IsTruncated"] for page in pages] == [True, True, False]
        assert [request.parameters.get("Marker") for request in full.requests] == [None, "from-2", "from-4"]
        full.policies_per_page = 3
        attached = list(client("iam").get_paginator("list_attached_role_policies").paginate(RoleName="to-logs"))
        told = [{"PolicyName": f"write-{number}", "PolicyArn": f"{POLICY}-{number}"} for number in range(4)]
        assert [page["AttachedPolicies"] for page in attached] == [told[:3], told[3:]]
        one = client("iam").list_role_policies(RoleName="to-logs", MaxItems=1, Marker="from-3")
        assert (one["PolicyNames"], one["IsTruncated"], one["Marker"]) == (["d"], True, "from-4")

    @pytest.mark.parametrize(("name", "value"), [("Marker", "other"), ("MaxItems", 1001)])
    def test_refuse_to_list(self, full: AwsServices, ask: Client, name: str, value: Any) -> None:
        with pytest.raises(ClientError) as error:
            ask("ListRolePolicies", {"RoleName": "to-logs", name: value})
        assert refusal(error) == ("ValidationError", 400, f"The specified {name} is invalid.")

    @pytest.mark.parametrize("operation", ["GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies"])
    def test_are_unknown(self, full: AwsServices, ask: Client, operation: str) -> None:
        expected = ("NoSuchEntity", 404, "The role with name {} cannot be found.")
        with pytest.raises(ClientError) as error:
            ask(operation, ASKS[operation][1] | {"RoleName": "to-log"})
        assert refusal(error) == (*expected[:2], expected[2].format("to-log"))
        with pytest.raises(ClientError) as error:
            ask(operation, key=full.add_access_key(OTHER))
        assert refusal(error) == (*expected[:2], expected[2].format("to-logs"))

    def test_errors_have_the_form_of_the_service(self, aws: AwsServices) -> None:
        body = b"Action=GetRole&Version=2010-05-08&RoleName=a%26b"
        status, content = raw(aws, "POST", "/", body, Authorization=signature(aws, "iam"))
        start, _, end = content.partition(b"<RequestId>")
        assert status == 404
        assert start == (
            b'<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>'
            b"<Code>NoSuchEntity</Code><Message>The role with name a&amp;b cannot be found.</Message></Error>"
        )
        assert end.endswith(b"</RequestId></ErrorResponse>")


class TestPolicies:
    @pytest.mark.parametrize(
        ("arn", "path", "name"), [(POLICY, "/team/", "write"), (MANAGED, "/service-role/", "Managed")]
    )
    def test_are_told(self, aws: AwsServices, ask: Client, arn: str, path: str, name: str) -> None:
        aws.add_policy(arn, WRITE)
        policy = ask("GetPolicy", {"PolicyArn": arn})["Policy"]
        assert policy.pop("PolicyId").startswith("ANPA")
        assert policy == {
            "PolicyName": name,
            "Arn": arn,
            "Path": path,
            "CreateDate": CREATED,
            "UpdateDate": CREATED,
            "DefaultVersionId": "v1",
            "IsAttachable": True,
        }
        assert ask("GetPolicyVersion", {"PolicyArn": arn, "VersionId": "v1"}) == {
            "PolicyVersion": {
                "Document": WRITE,
                "VersionId": "v1",
                "IsDefaultVersion": True,
                "CreateDate": CREATED,
            }
        }

    def test_have_versions_of_which_the_last_is_the_default(self, full: AwsServices, ask: Client) -> None:
        full.add_policy(POLICY, TRUST, "v2")
        assert ask("GetPolicy")["Policy"]["DefaultVersionId"] == "v2"
        told = [
            ask("GetPolicyVersion", {"PolicyArn": POLICY, "VersionId": version})["PolicyVersion"]
            for version in ("v1", "v2")
        ]
        assert [(each["Document"], each["IsDefaultVersion"]) for each in told] == [(WRITE, False), (TRUST, True)]
        full.add_policy(POLICY, WRITE, "v1")
        assert ask("GetPolicy")["Policy"]["DefaultVersionId"] == "v1"

    def test_are_unknown(self, full: AwsServices, ask: Client) -> None:
        for operation in ("GetPolicy", "GetPolicyVersion"):
            with pytest.raises(ClientError) as error:
                ask(operation, ASKS[operation][1] | {"PolicyArn": MANAGED})
            assert refusal(error) == ("NoSuchEntity", 404, f"Policy {MANAGED} was not found.")
            with pytest.raises(ClientError) as error:
                ask(operation, key=full.add_access_key(OTHER))
            assert refusal(error) == ("NoSuchEntity", 404, f"Policy {POLICY} was not found.")
        with pytest.raises(ClientError) as error:
            ask("GetPolicyVersion", {"PolicyArn": POLICY, "VersionId": "v2"})
        assert refusal(error) == (
            "NoSuchEntity",
            404,
            f"Policy {POLICY} version v2 does not exist or is not attachable.",
        )

    def test_that_aws_manages_are_those_of_every_account(self, full: AwsServices, ask: Client) -> None:
        full.add_policy(MANAGED, WRITE)
        answer = ask("GetPolicy", {"PolicyArn": MANAGED}, key=full.add_access_key(OTHER))
        assert answer["Policy"]["Arn"] == MANAGED


class TestSessions:
    ROLE = f"arn:aws-cn:iam::{OTHER}:role/path/reader"
    SESSION = f"arn:aws-cn:sts::{OTHER}:assumed-role/reader/pack"

    def assumed(self, aws: AwsServices, answer: Any) -> Key:
        """The key of an answer, made of it alone."""
        credentials, user = answer["Credentials"], answer["AssumedRoleUser"]
        assert credentials["AccessKeyId"].startswith("ASIA")
        assert user["Arn"] == self.SESSION
        assert credentials["AccessKeyId"] != aws.access_key
        assert credentials["SessionToken"]
        secret, token = credentials["SecretAccessKey"], credentials["SessionToken"]
        return Key(credentials["AccessKeyId"], "", user["AssumedRoleId"], "", secret, token)

    def test_are_those_of_the_roles_account(self, aws: AwsServices, ask: Client) -> None:
        aws.add_log_group("others", "eu-west-1", OTHER)
        parameters = {"RoleArn": self.ROLE, "RoleSessionName": "pack", "ExternalId": "x:1", "DurationSeconds": 900}
        before = datetime.now(timezone.utc)
        answer = ask("AssumeRole", parameters)
        left = answer["Credentials"]["Expiration"] - before
        assert timedelta(seconds=890) < left < timedelta(seconds=960)
        key = self.assumed(aws, answer)
        identity = ask("GetCallerIdentity", key=key)
        assert identity == {"UserId": key.user_id, "Account": OTHER, "Arn": self.SESSION}
        assert key.user_id.startswith("AROA")
        assert key.user_id.endswith(":pack")
        assert ask("DescribeLogGroups", key=key)["logGroups"][0]["logGroupName"] == "others"
        assert aws.requests == [
            # Queries have nothing but strings.
            Request("sts", "AssumeRole", "eu-west-1", ACCOUNT, parameters | {"DurationSeconds": "900"}),
            Request("sts", "GetCallerIdentity", "eu-west-1", OTHER),
            Request("logs", "DescribeLogGroups", "eu-west-1", OTHER),
        ]

    def test_last_an_hour_unless_told_otherwise(self, aws: AwsServices, ask: Client) -> None:
        left = ask("AssumeRole")["Credentials"]["Expiration"] - datetime.now(timezone.utc)
        assert timedelta(seconds=3500) < left <= timedelta(seconds=3600)

    def test_lead_to_others(self, aws: AwsServices, ask: Client) -> None:
        first = self.assumed(aws, ask("AssumeRole", {"RoleArn": self.ROLE, "RoleSessionName": "pack"}))
        answer = ask("AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "next"}, key=first)
        assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/to-logs/next"
        assert [request.account for request in aws.requests] == [ACCOUNT, OTHER]

    def test_have_the_id_of_their_role(self, full: AwsServices, ask: Client) -> None:
        role_id = ask("GetRole")["Role"]["RoleId"]
        assert ask("AssumeRole")["AssumedRoleUser"]["AssumedRoleId"] == f"{role_id}:pack"

    def test_of_a_web_identity_need_no_key(self, aws: AwsServices, ask: Client) -> None:
        parameters = {"RoleArn": self.ROLE, "RoleSessionName": "pack"}
        answer = ask("AssumeRoleWithWebIdentity", {**parameters, "WebIdentityToken": "web-token"})
        key = self.assumed(aws, answer)
        assert ask("GetCallerIdentity", key=key)["Account"] == OTHER
        assert aws.requests[0] == Request("sts", "AssumeRoleWithWebIdentity", None, None, parameters)

    def test_need_an_arn_of_a_role(self, aws: AwsServices, ask: Client) -> None:
        with pytest.raises(ClientError) as error:
            ask("AssumeRole", {"RoleArn": "reader-of-everything", "RoleSessionName": "pack"})
        assert refusal(error) == ("ValidationError", 400, "reader-of-everything is invalid")

    def test_may_be_restricted_and_marked(self, aws: AwsServices, ask: Client) -> None:
        parameters = {
            "RoleArn": self.ROLE,
            "RoleSessionName": "pack",
            "Policy": "{}",
            "PolicyArns": [{"arn": MANAGED}],
            "Tags": [{"Key": "team", "Value": "a"}],
            "TransitiveTagKeys": ["team"],
            "SourceIdentity": "anna",
        }
        assert ask("AssumeRole", parameters)["AssumedRoleUser"]["Arn"] == self.SESSION
        assert aws.requests[0].parameters["Tags.member.1.Value"] == "a"

    def test_of_users_are_told(self, aws: AwsServices, ask: Client) -> None:
        identity = ask("GetCallerIdentity", key=aws.add_access_key(OTHER, "anna"))
        assert identity.pop("UserId").startswith("AIDA")
        assert identity == {"Account": OTHER, "Arn": f"arn:aws:iam::{OTHER}:user/anna"}
        assert ask("GetCallerIdentity")["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/reader"


class TestSigning:
    @pytest.mark.parametrize("operation", sorted(set(ASKS) - {"AssumeRoleWithWebIdentity"}))
    def test_is_required(self, full: AwsServices, ask: Client, operation: str) -> None:
        service, _ = ASKS[operation]
        json = service in JSON_SERVICES
        with pytest.raises(ClientError) as error:
            ask(operation, signature_version=UNSIGNED)
        code, status = ("MissingAuthenticationTokenException", 400) if json else ("MissingAuthenticationToken", 403)
        assert refusal(error) == (code, status, "Missing Authentication Token")
        known = full.keys[full.access_key]
        session = full.issue_key("ASIA", ACCOUNT, "id", "arn", "token")
        for key in (
            Key("AKIAUNKNOWN", "", "", "", known.secret),
            Key(known.key_id, "", "", "", known.secret, "token"),
            Key(session.key_id, "", "", "", session.secret),
            Key(session.key_id, "", "", "", session.secret, "tokens"),
        ):
            with pytest.raises(ClientError) as error:
                ask(operation, key=key)
            code, status = ("UnrecognizedClientException", 400) if json else ("InvalidClientTokenId", 403)
            assert refusal(error) == (code, status, "The security token included in the request is invalid.")
        assert ask(operation)
        assert ask(operation, key=session)
        assert [(request.operation, request.region, request.account) for request in full.requests] == [
            (operation, None, None),
            *[(operation, "eu-west-1", None)] * 4,
            *[(operation, "eu-west-1", ACCOUNT)] * 2,
        ]

    def test_is_for_one_service(self, full: AwsServices, ask: Client) -> None:
        body = b"Action=GetCallerIdentity&Version=2011-06-15"
        status, content = raw(full, "POST", "/", body, Authorization=signature(full, "iam"))
        assert (status, b"<Code>SignatureDoesNotMatch</Code>" in content) == (403, True)
        status, content = raw(full, "POST", "/", body, Authorization=signature(full, "sts"))
        assert (status, b"<Account>123456789012</Account>" in content) == (200, True)
        target = {"X_Amz_Target": "Logs_20140328.DescribeLogGroups"}
        assert raw(full, "POST", "/", b"{}", Authorization=signature(full, "cloudtrail"), **target) == (
            400,
            b'{"__type": "InvalidSignatureException", '
            b'"message": "Credential should be scoped to correct service: \'logs\'."}',
        )

    def test_leaves_no_credentials_in_what_is_recorded(self, full: AwsServices, ask: Client) -> None:
        for operation in ASKS:
            ask(operation)
        assert len(full.requests) == len(ASKS)
        told = repr(full)
        secret = {key.secret for key in full.keys.values()} | {key.token for key in full.keys.values()} | {"web-token"}
        assert not [each for each in secret if each and each in told]
        requests = repr(full.requests)
        assert not [key_id for key_id in full.keys if key_id in requests]


class TestUnknownRequests:
    @pytest.mark.parametrize(
        ("service", "operation", "parameters", "code"),
        [
            ("iam", "PutRolePolicy", {"RoleName": "a", "PolicyName": "b", "PolicyDocument": "{}"}, "InvalidAction"),
            ("iam", "ListRoles", {}, "InvalidAction"),
            ("sts", "GetSessionToken", {"TokenCode": "123456"}, "InvalidAction"),
            ("cloudtrail", "StopLogging", {"Name": TRAIL}, "UnknownOperationException"),
            ("logs", "DeleteLogGroup", {"logGroupName": "trails"}, "UnknownOperationException"),
            ("dynamodb", "ListTables", {}, "UnknownOperationException"),
            ("sns", "ListTopics", {}, "InvalidAction"),
        ],
    )
    def test_are_refused_and_recorded(
        self, full: AwsServices, client: Client, service: str, operation: str, parameters: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(ClientError) as error:
            getattr(client(service), xform_name(operation))(**parameters)
        assert refusal(error) == (code, 400, f"The stand-in has no operation {operation}.")
        assert full.unknown_requests == full.requests == [Request(service, operation, "eu-west-1", ACCOUNT)]

    @pytest.mark.parametrize(
        ("method", "path", "body", "target", "operation"),
        [
            ("GET", "/latest/meta-data?token=secret", b"", "", "GET /latest/meta-data"),
            ("PUT", "/", b"", "", "PUT /"),
            ("DELETE", "/a", b"", "", "DELETE /a"),
            ("POST", "/a", b"Action=GetRole&Version=2010-05-08", "", "POST /a"),
            ("POST", "/", b"", "", "POST /"),
            ("POST", "/", b"\xff", "", "POST /"),
            ("POST", "/", b"5", "Logs_20140328.DescribeLogGroups", "POST /"),
            ("POST", "/", b"{", "Logs_20140328.DescribeLogGroups", "POST /"),
        ],
    )
    def test_may_be_of_any_kind(
        self, aws: AwsServices, method: str, path: str, body: bytes, target: str, operation: str
    ) -> None:
        headers = {"X_Amz_Target": target} if target else {}
        expected = f'{{"__type": "UnknownOperationException", "message": "The stand-in has no operation {operation}."}}'
        assert raw(aws, method, path, body, **headers) == (400, expected.encode())
        assert aws.unknown_requests == [Request("", operation, None, None)]

    def test_are_those_to_another_service_of_the_same_name(self, full: AwsServices) -> None:
        body = b"Action=GetRole&Version=2011-06-15&RoleName=to-logs"
        status, content = raw(full, "POST", "/", body, Authorization=signature(full, "sts"))
        assert (status, b"<Code>InvalidAction</Code>" in content) == (400, True)
        assert full.unknown_requests == [Request("sts", "GetRole", "eu-west-1", ACCOUNT)]

    def test_are_none_that_are_answered(self, full: AwsServices, ask: Client) -> None:
        for operation in ASKS:
            ask(operation)
        assert full.unknown_requests == []

    @pytest.mark.parametrize(
        ("operation", "parameters", "code", "name"),
        [
            ("DescribeLogGroups", {"logGroupNamePattern": "a"}, "ValidationException", "logGroupNamePattern"),
            ("ListAttachedRolePolicies", {"PathPrefix": "/a/"}, "ValidationError", "PathPrefix"),
        ],
    )
    def test_include_no_parameters_that_would_change_the_answer(
        self, full: AwsServices, ask: Client, operation: str, parameters: dict[str, Any], code: str, name: str
    ) -> None:
        with pytest.raises(ClientError) as error:
            ask(operation, ASKS[operation][1] | parameters)
        assert refusal(error) == (code, 400, f"The stand-in does not know the parameters {name}.")

    def test_lack_what_is_needed(self, aws: AwsServices) -> None:
        target = {"X_Amz_Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.GetTrailStatus"}
        assert raw(aws, "POST", "/", b"{}", Authorization=signature(aws, "cloudtrail"), **target) == (
            400,
            b'{"__type": "ValidationException", "message": "Value null at \'Name\'"}',
        )
        body = b"Action=GetRole&Version=2010-05-08"
        status, content = raw(aws, "POST", "/", body, Authorization=signature(aws, "iam"))
        assert (status, b"<Code>ValidationError</Code>" in content) == (400, True)


class TestFailing:
    @pytest.mark.parametrize("operation", ASKS)
    def test_with_an_error(self, full: AwsServices, ask: Client, operation: str) -> None:
        usual = operation not in ("AssumeRole", "AssumeRoleWithWebIdentity") and ask(operation)
        for fault in (
            Refusal("AccessDenied", 403, "<no> & never"),
            Refusal("ExpiredTokenException"),
            Refusal("InternalFailure", 500),
        ):
            with full.failing(operation, fault):
                for _ in range(2):
                    with pytest.raises(ClientError) as error:
                        ask(operation)
                    assert refusal(error) == (fault.code, fault.status, fault.message)
        answer = ask(operation)
        assert not usual or answer == usual

    def test_names_the_side(self, aws: AwsServices) -> None:
        body = b"Action=GetCallerIdentity&Version=2011-06-15"
        for status, side in ((499, b"Sender"), (500, b"Receiver")):
            with aws.failing("GetCallerIdentity", Refusal("Any", status)):
                answered, content = raw(aws, "POST", "/", body, Authorization=signature(aws, "sts"))
            assert (answered, b"<Type>" + side + b"</Type>" in content) == (status, True)

    @pytest.mark.usefixtures("at_once")
    @pytest.mark.parametrize(
        ("operation", "fault"),
        [
            ("GetTrailStatus", Refusal("ThrottlingException")),
            ("DescribeLogGroups", Refusal("InternalFailure", 500)),
            ("GetRole", Refusal("Throttling")),
            ("GetCallerIdentity", Closed()),
        ],
    )
    def test_so_many_times(self, full: AwsServices, ask: Client, operation: str, fault: Fault) -> None:
        expected = ask(operation)
        full.requests.clear()
        with full.failing(operation, fault, count=2):
            assert ask(operation, attempts=3) == expected
            assert [request.operation for request in full.requests] == [operation] * 3
            assert ask(operation) == expected
        with full.failing(operation, fault, count=3), pytest.raises((ClientError, ConnectionClosedError)):
            ask(operation, attempts=3)

    def test_one_within_another(self, full: AwsServices, ask: Client) -> None:
        outer, inner = Refusal("Outer"), Refusal("Inner")
        codes = []
        with full.failing("GetRole", outer), full.failing("GetRole", inner, count=1), full.failing("GetPolicy", inner):
            for _ in range(2):
                with pytest.raises(ClientError) as error:
                    ask("GetRole")
                codes.append(refusal(error)[0])
            # Leaving one does not touch its equals.
            with full.failing("GetRole", outer, count=2):
                with full.failing("GetRole", outer, count=2):
                    pass
                with pytest.raises(ClientError):
                    ask("GetRole")
            with full.failing("GetRole", inner):
                pass
            with pytest.raises(ClientError) as error:
                ask("GetRole")
        assert [*codes, refusal(error)[0]] == ["Inner", "Outer", "Outer"]
        assert ask("GetRole")["Role"]["Arn"] == ROLE

    def test_needs_an_operation_that_there_is(self, aws: AwsServices) -> None:
        message = "the stand-in has no operation ListRoles"
        with pytest.raises(ValueError, match=message), aws.failing("ListRoles", Closed()):
            pass

    def test_with_half_an_answer(self, full: AwsServices, ask: Client) -> None:
        for operation, (service, _) in ASKS.items():
            with full.failing(operation, Malformed(), count=1):
                if service in JSON_SERVICES:
                    # botocore takes JSON that it cannot read for an answer without anything.
                    assert ask(operation) == {}
                else:
                    with pytest.raises(ResponseParserError):
                        ask(operation)
                assert ask(operation) != {}

    def test_with_half_an_error_of_status_200(self, aws: AwsServices) -> None:
        with aws.failing("GetCallerIdentity", Malformed()):
            status, content = raw(aws, "POST", "/", b"Action=GetCallerIdentity&Version=2011-06-15")
        assert (status, content[:15], b"</ErrorResponse>" in content) == (200, b"<ErrorResponse ", False)

    def test_with_a_closed_connection(self, full: AwsServices, ask: Client) -> None:
        with full.failing("GetRole", Closed()), pytest.raises(ConnectionClosedError):
            ask("GetRole")
        assert [request.operation for request in full.requests] == ["GetRole"]

    def test_without_an_answer(self, full: AwsServices, ask: Client) -> None:
        started = time.monotonic()
        with full.failing("DescribeLogGroups", Hanging()), pytest.raises(ReadTimeoutError):
            ask("DescribeLogGroups", read_timeout=0.3)
        assert 0.3 <= time.monotonic() - started < 5
        # Others are answered meanwhile.
        assert ask("GetRole")["Role"]["Arn"] == ROLE

    def test_without_an_answer_for_some_time(self, full: AwsServices, ask: Client) -> None:
        started = time.monotonic()
        with full.failing("DescribeLogGroups", Hanging(0.3)), pytest.raises(ConnectionClosedError):
            ask("DescribeLogGroups")
        assert 0.3 <= time.monotonic() - started < 5

    def test_with_a_late_answer(self, full: AwsServices, ask: Client, capfd: pytest.CaptureFixture[str]) -> None:
        started = time.monotonic()
        with full.failing("GetRole", Slow(0.3)):
            assert ask("GetRole")["Role"]["Arn"] == ROLE
            assert 0.3 <= time.monotonic() - started < 5
            with pytest.raises(ReadTimeoutError):
                ask("GetRole", read_timeout=0.1)
        time.sleep(0.4)
        assert capfd.readouterr() == ("", "")


class TestServing:
    def test_says_what_its_answers_are(self, aws: AwsServices, client: Client) -> None:
        told = [client("sts").get_caller_identity(), client("logs").describe_log_groups()]
        types = [each["ResponseMetadata"]["HTTPHeaders"]["content-type"] for each in told]
        assert types == ["text/xml", "application/x-amz-json-1.1"]
        assert len(told[0]["ResponseMetadata"]["RequestId"]) == 36

    def test_happens_on_the_loopback_address_alone(self, aws: AwsServices) -> None:
        port = int(aws.url.rpartition(":")[2])
        assert aws.url == f"http://127.0.0.1:{port}"
        with socket.socket() as elsewhere:
            elsewhere.settimeout(2)
            # This address would be open if the server listened everywhere.
            assert elsewhere.connect_ex(("127.0.0.2", port)) != 0

    @pytest.mark.parametrize("fault", [Hanging(), Slow(60)])
    def test_ends_at_once_whoever_waits(self, fault: Fault) -> None:
        threads = threading.active_count()
        with running_aws_services() as aws, aws.failing("GetCallerIdentity", fault):
            host, port = "127.0.0.1", int(aws.url.rpartition(":")[2])
            idle = socket.create_connection((host, port), timeout=10)
            waiting = socket.create_connection((host, port), timeout=10)
            body = b"Action=GetCallerIdentity&Version=2011-06-15"
            waiting.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            deadline = time.monotonic() + 5
            while not aws.requests and time.monotonic() < deadline:
                time.sleep(0.02)
            assert [request.operation for request in aws.requests] == ["GetCallerIdentity"]
            ended = time.monotonic()
        assert waiting.recv(1) == b""
        assert time.monotonic() - ended < 5
        idle.close()
        waiting.close()
        with pytest.raises(ConnectionRefusedError), socket.create_connection((host, port), timeout=2):
            pass
        deadline = time.monotonic() + 5
        while threading.active_count() > threads and time.monotonic() < deadline:
            time.sleep(0.02)
        assert threading.active_count() == threads

    def test_ends_when_a_test_fails(self) -> None:
        with pytest.raises(ZeroDivisionError), running_aws_services() as aws:
            raise ZeroDivisionError
        with pytest.raises(ConnectionRefusedError):
            raw(aws, "GET", "/")

    def test_is_empty_and_has_its_own_key_each_time(self, aws: AwsServices, ask: Client) -> None:
        with running_aws_services(OTHER) as second:
            assert second.account == OTHER
            assert second.keys[second.access_key].secret == second.secret_key
            assert second.keys[second.access_key].account == OTHER
            assert second.access_key.startswith("AKIA")
            assert len(second.access_key) == 20
            with pytest.raises(ClientError) as error:
                ask("GetCallerIdentity", key=second.keys[second.access_key])
            assert refusal(error)[0] == "InvalidClientTokenId"
            assert (second.requests, len(aws.requests)) == ([], 1)

    def test_counts_what_comes_at_the_same_time(self, full: AwsServices) -> None:
        body = b"Action=GetRole&Version=2010-05-08&RoleName=to-logs"
        authorization = signature(full, "iam")
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(8) as threads, full.failing("GetRole", Refusal("Any", 418), count=100):
                asked = [threads.submit(raw, full, "POST", "/", body, Authorization=authorization) for _ in range(200)]
                statuses = sorted(each.result()[0] for each in asked)
        finally:
            sys.setswitchinterval(interval)
        assert statuses == [200] * 100 + [418] * 100
        assert len(full.requests) == 200
