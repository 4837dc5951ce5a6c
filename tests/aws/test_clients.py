"""Clients for a provider's connection: where they go, with whose keys, how long they wait, and how many are made."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.aws.clients import Clients
from cloudtrail_logs.aws.connection import AssumedRole, Connection
from cloudtrail_logs.aws.queries import answer_to
from cloudtrail_logs.model.arn import LogGroupArn, RoleArn
from cloudtrail_logs.model.aws_answers import (
    DeliveryQuestion,
    ExistenceQuestion,
    PermissionsQuestion,
    Presence,
    Unavailable,
)
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.state import AwsServices, Hanging, TrailStatus

ACCOUNT, OTHER = "123456789012", "210987654321"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit"
STATUS = DeliveryQuestion(TRAIL, "eu-west-1")
TRUST = {"Version": "2012-10-17", "Statement": []}
SERVICES = ("cloudtrail", "logs", "iam", "sts")


@pytest.fixture
def aws() -> Iterator[AwsServices]:
    with running_aws_services(ACCOUNT) as running:
        running.add_trail(TRAIL, TrailStatus())
        yield running
        assert running.unknown_requests == []


@pytest.fixture(autouse=True)
def nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No keys, files or metadata but those of a test."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def endpoints(aws: AwsServices) -> dict[str, str]:
    return dict.fromkeys(SERVICES, aws.url)


KEYS: dict[str, Any] = {"access_key": "AKIDEXAMPLE", "secret_key": "secret"}


@pytest.mark.parametrize(
    ("connection", "service", "region", "url"),
    [
        (Connection(**KEYS), "cloudtrail", "eu-west-1", "https://cloudtrail.eu-west-1.amazonaws.com"),
        (Connection(region="eu-west-1", **KEYS), "cloudtrail", None, "https://cloudtrail.eu-west-1.amazonaws.com"),
        (Connection(**KEYS), "iam", None, "https://iam.amazonaws.com"),
        (Connection(region="cn-north-1", **KEYS), "iam", None, "https://iam.cn-north-1.amazonaws.com.cn"),
        (Connection(use_fips=True, **KEYS), "cloudtrail", "us-east-1", "https://cloudtrail-fips.us-east-1.amazonaws.com"),
        (Connection(use_dualstack=True, **KEYS), "logs", "us-east-1", "https://logs.us-east-1.api.aws"),
        (Connection(endpoints={"logs": "http://127.0.0.1:9"}, **KEYS), "logs", "us-east-1", "http://127.0.0.1:9"),
        (Connection(endpoints={"logs": "http://127.0.0.1:9"}, **KEYS), "iam", None, "https://iam.amazonaws.com"),
    ],
)  # fmt: skip
def test_where_a_client_goes(connection: Connection, service: str, region: str | None, url: str) -> None:
    client = Clients(connection).client(service, region)
    assert client.meta.endpoint_url == url
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (3.0, 5.0)
    assert client.meta.config.retries["total_max_attempts"] == 2


def test_static_keys(aws: AwsServices) -> None:
    connection = Connection(access_key=aws.access_key, secret_key=aws.secret_key, endpoints=endpoints(aws))
    assert not isinstance(answer_to(Clients(connection), STATUS), Unavailable)
    assert [(each.region, each.account) for each in aws.requests] == [("eu-west-1", ACCOUNT)]


def test_a_profile_in_shared_files(aws: AwsServices, tmp_path: Path) -> None:
    credentials, config = tmp_path / "credentials", tmp_path / "config"
    credentials.write_text(f"[audit]\naws_access_key_id={aws.access_key}\naws_secret_access_key={aws.secret_key}\n")
    config.write_text("[profile audit]\nregion = eu-west-1\n")
    connection = Connection(
        profile="audit", config_file=str(config), credentials_file=str(credentials), endpoints=endpoints(aws)
    )
    assert not isinstance(answer_to(Clients(connection), STATUS), Unavailable)
    other = Connection(profile="other", credentials_file=str(credentials), endpoints=endpoints(aws))
    assert answer_to(Clients(other), STATUS) == Unavailable("the AWS profile does not exist here")


def test_the_environment_where_the_provider_says_nothing(aws: AwsServices, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Connection(endpoints=endpoints(aws))
    assert answer_to(Clients(nothing), STATUS) == Unavailable("there are no AWS credentials")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", aws.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", aws.secret_key)
    assert not isinstance(answer_to(Clients(nothing), STATUS), Unavailable)


def test_roles_that_are_assumed_one_after_the_other(aws: AwsServices) -> None:
    first, second = f"arn:aws:iam::{ACCOUNT}:role/first", f"arn:aws:iam::{OTHER}:role/second"
    for arn in (first, second):
        aws.add_role(arn, TRUST)
    roles = (AssumedRole(first, {"ExternalId": "pact"}), AssumedRole(second))
    connection = Connection(
        region="eu-west-1",
        access_key=aws.access_key,
        secret_key=aws.secret_key,
        assumed_roles=roles,
        endpoints=endpoints(aws),
    )
    answer_to(Clients(connection), STATUS)
    asked = [(each.operation, each.account, each.parameters.get("RoleArn")) for each in aws.requests]
    assert asked == [("AssumeRole", ACCOUNT, first), ("AssumeRole", ACCOUNT, second), ("GetTrailStatus", OTHER, None)]
    assert aws.requests[0].parameters["ExternalId"] == "pact"


def test_a_web_identity_takes_no_keys(aws: AwsServices, tmp_path: Path) -> None:
    role, token = f"arn:aws:iam::{ACCOUNT}:role/ci", tmp_path / "token"
    aws.add_role(role, TRUST)
    token.write_text("a.b.c")
    for assumed in (AssumedRole(role, web_identity_token_file=str(token)), AssumedRole(role, web_identity_token="a.b.c")):  # fmt: skip
        connection = Connection(region="eu-west-1", assumed_roles=(assumed,), endpoints=endpoints(aws))
        assert not isinstance(answer_to(Clients(connection), STATUS), Unavailable)
    missing = AssumedRole(role, web_identity_token_file=str(tmp_path / "missing"))
    connection = Connection(region="eu-west-1", assumed_roles=(missing,), endpoints=endpoints(aws))
    answer = answer_to(Clients(connection), STATUS)
    assert answer == Unavailable("asking AWS failed: FileNotFoundError")


def test_threads_share_one_session_and_one_client(aws: AwsServices) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    aws.add_role(role, TRUST)
    connection = Connection(
        access_key=aws.access_key,
        secret_key=aws.secret_key,
        assumed_roles=(AssumedRole(role),),
        endpoints=endpoints(aws),
    )
    clients, barrier = Clients(connection), threading.Barrier(8, timeout=20)

    def asked(_: int) -> object:
        barrier.wait()
        return clients.client("cloudtrail", "eu-west-1")

    with ThreadPoolExecutor(8) as threads:
        assert len({id(client) for client in threads.map(asked, range(8))}) == 1
    assert [request.operation for request in aws.requests] == ["AssumeRole"]


def test_an_answer_that_hangs_is_not_waited_for(aws: AwsServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloudtrail_logs.aws.clients.READ_SECONDS", 0.2)
    connection = Connection(access_key=aws.access_key, secret_key=aws.secret_key, endpoints=endpoints(aws))
    with aws.failing("GetTrailStatus", Hanging()):
        answer = answer_to(Clients(connection), STATUS)
    assert answer == Unavailable("AWS did not answer in time")
    assert len(aws.requests) == 2


def test_a_log_group_is_the_first_of_those_that_begin_with_its_name(aws: AwsServices) -> None:
    connection = Connection(access_key=aws.access_key, secret_key=aws.secret_key, endpoints=endpoints(aws))
    for name in ("audit-2", "audit", "audit/more", "Audit", "a"):
        aws.add_log_group(name, "eu-west-1")
    for name, expected in (("audit", Presence.FOUND), ("audi", Presence.ABSENT), ("audit-", Presence.ABSENT)):
        arn = LogGroupArn("aws", "eu-west-1", ACCOUNT, name, wildcard=True)
        assert answer_to(Clients(connection), ExistenceQuestion(arn)) is expected
    elsewhere = LogGroupArn("aws", "us-east-1", ACCOUNT, "audit", wildcard=True)
    assert answer_to(Clients(connection), ExistenceQuestion(elsewhere)) is Presence.ABSENT


def test_a_role_that_is_not_there(aws: AwsServices) -> None:
    connection = Connection(access_key=aws.access_key, secret_key=aws.secret_key, endpoints=endpoints(aws))
    assert (
        answer_to(Clients(connection), PermissionsQuestion(RoleArn("aws", ACCOUNT, "/", "nobody"))) is Presence.ABSENT
    )
