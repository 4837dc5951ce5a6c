"""The stand-in for AWS services as botocore meets it: its models and its parsers are what the answers have to fit."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import botocore.session
import pytest
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.services import OPERATIONS
from tools.fakes.aws_api.state import AwsServices, Closed, Hanging, Key, Malformed, Refusal, Request, TrailStatus
from tools.fakes.aws_api.writes import WITH_WRITES

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
    "ListTrails": ("cloudtrail", {}),
    "DescribeTrails": ("cloudtrail", {"trailNameList": [TRAIL], "includeShadowTrails": False}),
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


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int, str]:
    answer: Any = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


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

    def test_are_listed_everywhere_and_described_at_home(self, aws: AwsServices, ask: Client) -> None:
        aws.trails_per_page = 1
        other = TRAIL.replace(ACCOUNT, OTHER)
        for arn in (TRAIL, other):
            aws.add_trail(arn)
        aws.organization_trails.add(other)
        aws.targets[TRAIL] = ("group", "role")
        first, last = ({"TrailARN": arn, "Name": "main", "HomeRegion": "eu-west-1"} for arn in (TRAIL, other))
        assert ask("ListTrails", region="us-east-1") == {"Trails": [first], "NextToken": "from-1"}
        assert ask("ListTrails", {"NextToken": "from-1"}) == {"Trails": [last]}
        arns = {"CloudWatchLogsLogGroupArn": "group", "CloudWatchLogsRoleArn": "role"}
        described = {"trailList": [{**first, "IsOrganizationTrail": False, **arns}]}
        assert ask("DescribeTrails") == described
        assert ask("DescribeTrails", {"includeShadowTrails": False}) == described
        assert ask("DescribeTrails", {"trailNameList": [other], "includeShadowTrails": False}) == {"trailList": []}
        assert ask("DescribeTrails", region="us-east-1") == {"trailList": []}
        with pytest.raises(ClientError) as error:
            ask("DescribeTrails", {})
        assert refusal(error) == ("ValidationException", 400, "The stand-in does not know shadow trails.")


class TestWriting:
    """Only where it is asked for: TestUnknownRequests has the opposite."""

    @pytest.fixture
    def aws(self) -> Iterator[AwsServices]:
        with running_aws_services(operations=WITH_WRITES) as running:
            yield running

    def test_is_seen_by_who_reads(self, aws: AwsServices, client: Client) -> None:
        logs, iam, cloudtrail = client("logs"), client("iam"), client("cloudtrail")
        logs.create_log_group(logGroupName="trails")
        assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]
        logs.put_retention_policy(logGroupName="trails", retentionInDays=365)
        (group,) = logs.describe_log_groups()["logGroups"]
        assert (group["logGroupName"], group["retentionInDays"]) == ("trails", 365)
        made = iam.create_role(RoleName="to-logs", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
        assert (made["Arn"], made["AssumeRolePolicyDocument"]) == (f"arn:aws:iam::{ACCOUNT}:role/to-logs", TRUST)
        assert made == iam.get_role(RoleName="to-logs")["Role"]
        for name in ("b", "a"):
            iam.put_role_policy(RoleName="to-logs", PolicyName=name, PolicyDocument=json.dumps(WRITE))
        assert iam.list_role_policies(RoleName="to-logs")["PolicyNames"] == ["a", "b"]
        assert iam.get_role_policy(RoleName="to-logs", PolicyName="a")["PolicyDocument"] == WRITE
        aws.add_trail(TRAIL)
        arns = {"CloudWatchLogsLogGroupArn": group["arn"], "CloudWatchLogsRoleArn": made["Arn"]}
        for name in ("main", TRAIL):
            answer = cloudtrail.update_trail(Name=name, **arns)
            answer.pop("ResponseMetadata")
            assert answer == {"Name": "main", "TrailARN": TRAIL, **arns}
        assert aws.targets == {TRAIL: tuple(arns.values())}
        assert aws.unknown_requests == []

    @pytest.mark.parametrize(
        ("service", "region", "operation", "parameters", "refused"),
        [
            ("logs", "eu-west-1", "create_log_group", {"logGroupName": "trails"}, ("ResourceAlreadyExistsException", 400, "The specified log group already exists")),
            ("logs", "eu-west-1", "put_retention_policy", {"logGroupName": "trail", "retentionInDays": 1}, ("ResourceNotFoundException", 400, "The specified log group does not exist.")),
            ("logs", "us-east-1", "put_retention_policy", {"logGroupName": "trails", "retentionInDays": 1}, ("ResourceNotFoundException", 400, "The specified log group does not exist.")),
            ("iam", "eu-west-1", "create_role", {"RoleName": "to-logs", "AssumeRolePolicyDocument": "{}"}, ("EntityAlreadyExists", 409, "Role with name to-logs already exists.")),
            ("iam", "eu-west-1", "create_role", {"RoleName": "other", "AssumeRolePolicyDocument": "{"}, ("MalformedPolicyDocument", 400, "This policy contains invalid Json")),
            ("iam", "eu-west-1", "put_role_policy", {"RoleName": "other", "PolicyName": "a", "PolicyDocument": "{}"}, ("NoSuchEntity", 404, "The role with name other cannot be found.")),
            ("iam", "eu-west-1", "put_role_policy", {"RoleName": "to-logs", "PolicyName": "a", "PolicyDocument": "{"}, ("MalformedPolicyDocument", 400, "This policy contains invalid Json")),
            ("cloudtrail", "eu-west-1", "update_trail", {"Name": "other"}, ("TrailNotFoundException", 400, f"Unknown trail: other for the user: {ACCOUNT}")),
            ("cloudtrail", "us-east-1", "update_trail", {"Name": TRAIL}, ("InvalidHomeRegionException", 400, f"{TRAIL} was created in another Region.")),
        ],
    )  # fmt: skip
    def test_is_refused_where_aws_refuses_it(
        self,
        full: AwsServices,
        client: Client,
        service: str,
        region: str,
        operation: str,
        parameters: dict[str, Any],
        refused: tuple[str, int, str],
    ) -> None:
        roles, groups = dict(full.roles), {place: dict(names) for place, names in full.log_groups.items()}
        with pytest.raises(ClientError) as error:
            getattr(client(service, region), operation)(**parameters)
        assert refusal(error) == refused
        assert (full.roles, full.log_groups, full.retention, full.targets) == (roles, groups, {}, {})


class TestSigning:
    @pytest.mark.parametrize("operation", sorted(set(ASKS) - {"AssumeRoleWithWebIdentity"}))
    def test_is_required(self, full: AwsServices, ask: Client, operation: str) -> None:
        service, _ = ASKS[operation]
        speaks_json = service in JSON_SERVICES
        with pytest.raises(ClientError) as error:
            ask(operation, signature_version=UNSIGNED)
        code, status = (
            ("MissingAuthenticationTokenException", 400) if speaks_json else ("MissingAuthenticationToken", 403)
        )
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
            code, status = ("UnrecognizedClientException", 400) if speaks_json else ("InvalidClientTokenId", 403)
            assert refusal(error) == (code, status, "The security token included in the request is invalid.")
        assert ask(operation)
        assert ask(operation, key=session)
        assert [(request.operation, request.region, request.account) for request in full.requests] == [
            (operation, None, None),
            *[(operation, "eu-west-1", None)] * 4,
            *[(operation, "eu-west-1", ACCOUNT)] * 2,
        ]


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


class TestFailing:
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

    def test_where_it_is_asked_about_one_thing(self, full: AwsServices, ask: Client) -> None:
        about = {"of another": {"RoleName": "another"}, "of this one": {"RoleName": ROLE.rpartition("/")[2]}}
        with full.failing("GetRole", Refusal("Throttling"), of=about["of another"]):
            assert ask("GetRole")["Role"]["Arn"] == ROLE
        with full.failing("GetRole", Refusal("Throttling"), of=about["of this one"]), pytest.raises(ClientError):
            ask("GetRole")

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
