"""The trails of an account, of the stand-in for AWS: in several regions, in pages, and where AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloudtrail_logs.aws.clients import Clients
from cloudtrail_logs.aws.connection import Connection
from cloudtrail_logs.aws.trails_of_account import trails_of
from cloudtrail_logs.model.aws_answers import AccountTrails, TrailInAws, Unavailable
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.state import AwsServices, Fault, Malformed, Refusal, TrailStatus

ACCOUNT, MANAGEMENT = "123456789012", "210987654321"
GROUP = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:audit:*"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/delivery"


def arn(name: str, region: str = "eu-west-1", account: str = ACCOUNT) -> str:
    return f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"


WIRED = TrailInAws(arn("audit"), "audit", "eu-west-1", ACCOUNT, GROUP, ROLE, False, True)
BARE = TrailInAws(arn("bare", "us-east-1"), "bare", "us-east-1", ACCOUNT, "", "", False, False)
OF_ORGANIZATION = TrailInAws(arn("org", account=MANAGEMENT), "org", "eu-west-1", MANAGEMENT)


@pytest.fixture(autouse=True)
def nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No keys, files or metadata but those of a test."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def aws() -> Iterator[AwsServices]:
    """Two trails of the account, one of its organization, and one that has nothing to do with it."""
    with running_aws_services(ACCOUNT) as running:
        running.add_trail(WIRED.arn)
        running.targets[WIRED.arn] = (GROUP, ROLE)
        running.add_trail(BARE.arn, TrailStatus(is_logging=False))
        running.add_trail(OF_ORGANIZATION.arn)
        running.organization_trails.add(OF_ORGANIZATION.arn)
        running.add_trail(arn("foreign", account="111111111111"))
        yield running
        assert running.unknown_requests == []


def clients(aws: AwsServices, account: str = ACCOUNT, region: str | None = None) -> Clients:
    key = aws.add_access_key(account)
    endpoints = dict.fromkeys(("cloudtrail", "sts"), aws.url)
    return Clients(Connection(region=region, access_key=key.key_id, secret_key=key.secret, endpoints=endpoints))


def asked(aws: AwsServices) -> list[tuple[str, str | None]]:
    return sorted((each.operation, each.region) for each in aws.requests)


def test_all_trails_of_all_regions_each_asked_about_at_home(aws: AwsServices) -> None:
    answer = trails_of(clients(aws))
    assert answer == AccountTrails(ACCOUNT, "aws", (WIRED, OF_ORGANIZATION, BARE))
    # Another account's trail is not asked about.
    assert asked(aws) == [
        ("DescribeTrails", "eu-west-1"),
        ("DescribeTrails", "us-east-1"),
        ("GetCallerIdentity", "us-east-1"),
        ("GetTrailStatus", "eu-west-1"),
        ("GetTrailStatus", "us-east-1"),
        ("ListTrails", "us-east-1"),
    ]


def test_an_organization_trail_of_the_account_that_owns_it(aws: AwsServices) -> None:
    answer = trails_of(clients(aws, MANAGEMENT, "eu-central-1"))
    owned = TrailInAws(OF_ORGANIZATION.arn, "org", "eu-west-1", MANAGEMENT, "", "", True, True)
    assert answer == AccountTrails(MANAGEMENT, "aws", (owned,))
    assert ("ListTrails", "eu-central-1") in asked(aws)


def test_pages_and_a_region_asked_once(aws: AwsServices) -> None:
    aws.trails_per_page = 2
    more = [arn(f"more-{number}") for number in range(5)]
    for each in more:
        aws.add_trail(each)
    answer = trails_of(clients(aws))
    assert isinstance(answer, AccountTrails)
    assert [trail.arn for trail in answer.trails] == sorted([WIRED.arn, BARE.arn, OF_ORGANIZATION.arn, *more])
    assert {trail.why_unknown for trail in answer.trails} == {""}
    assert [each for each, _ in asked(aws)].count("ListTrails") == 4
    assert [each for each, _ in asked(aws)].count("DescribeTrails") == 2


def test_no_trails_and_another_partition(aws: AwsServices) -> None:
    answer = trails_of(clients(aws, "333333333333", "cn-north-1"))
    assert answer == AccountTrails("333333333333", "aws-cn", (OF_ORGANIZATION,))
    aws.organization_trails.clear()
    assert trails_of(clients(aws, "333333333333")) == AccountTrails("333333333333", "aws", ())


DENIED = Refusal("AccessDeniedException", message="hunter2")
UNLISTED: list[tuple[str, Fault, str]] = [
    ("ListTrails", DENIED, "AWS refused cloudtrail:ListTrails: AccessDeniedException"),
    ("ListTrails", Refusal("ThrottlingException"), "AWS refused cloudtrail:ListTrails: ThrottlingException"),
    ("ListTrails", Malformed(), "the answer of AWS cannot be read"),
    ("GetCallerIdentity", Refusal("ExpiredToken", 403), "AWS refused cloudtrail:ListTrails: ExpiredToken"),
]


@pytest.mark.parametrize(("operation", "fault", "reason"), UNLISTED)
def test_why_there_is_no_list(aws: AwsServices, operation: str, fault: Fault, reason: str) -> None:
    with aws.failing(operation, fault):
        assert trails_of(clients(aws)) == Unavailable(reason)


def test_no_credentials(aws: AwsServices) -> None:
    nothing = Clients(Connection(endpoints={"cloudtrail": aws.url, "sts": aws.url}))
    assert trails_of(nothing) == Unavailable("there are no AWS credentials")


NOT_ALL: list[tuple[str, Fault, tuple[str | None, bool | None, str]]] = [
    ("DescribeTrails", DENIED, (None, True, "AWS refused cloudtrail:DescribeTrails: AccessDeniedException")),
    ("DescribeTrails", Malformed(), (None, True, "the answer of AWS cannot be read")),
    # as of a region that the account has switched off since
    ("DescribeTrails", Refusal("UnrecognizedClientException"), (None, True, "AWS refused cloudtrail:DescribeTrails: UnrecognizedClientException")),
    ("GetTrailStatus", DENIED, (GROUP, None, "AWS refused cloudtrail:GetTrailStatus: AccessDeniedException")),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "fault", "expected"), NOT_ALL)
def test_a_trail_of_which_not_all_is_told(
    aws: AwsServices, operation: str, fault: Fault, expected: tuple[str | None, bool | None, str]
) -> None:
    with aws.failing(operation, fault):
        answer = trails_of(clients(aws))
    assert isinstance(answer, AccountTrails)
    found = answer.trails[0]
    assert (found.arn, found.log_group_arn, found.logging, found.why_unknown) == (WIRED.arn, *expected)


def test_a_trail_of_which_nothing_is_told(aws: AwsServices) -> None:
    with aws.failing("DescribeTrails", DENIED), aws.failing("GetTrailStatus", DENIED):
        answer = trails_of(clients(aws))
    assert isinstance(answer, AccountTrails)
    why = (
        "AWS refused cloudtrail:DescribeTrails: AccessDeniedException, and AWS refused cloudtrail:GetTrailStatus: "
        "AccessDeniedException"
    )
    assert answer.trails[0] == TrailInAws(WIRED.arn, "audit", "eu-west-1", ACCOUNT, why_unknown=why)


def test_a_trail_that_is_listed_and_not_described(aws: AwsServices, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that is deleted meanwhile."""
    listed = clients(aws)
    client = listed.client("cloudtrail", "eu-west-1")
    monkeypatch.setattr(client, "describe_trails", lambda **_: {"trailList": []})
    answer = trails_of(listed)
    assert isinstance(answer, AccountTrails)
    assert (answer.trails[0].logging, answer.trails[0].log_group_arn) == (True, None)
    assert answer.trails[0].why_unknown == "AWS lists it, but does not describe it"
