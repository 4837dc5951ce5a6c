"""The questions to AWS, each request and answer held to botocore's own model by its Stubber."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
)
from botocore.stub import Stubber

from cloudtrail_logs.aws import queries
from cloudtrail_logs.aws.clients import Clients, reason_of
from cloudtrail_logs.aws.connection import Connection
from cloudtrail_logs.aws.queries import answer_to, ask
from cloudtrail_logs.iam.role import DeliveryRole
from cloudtrail_logs.model.arn import LogGroupArn, RoleArn
from cloudtrail_logs.model.aws_answers import (
    DeliveryQuestion,
    DeliveryStatus,
    ExistenceQuestion,
    PermissionsQuestion,
    Presence,
    Unavailable,
)
from cloudtrail_logs.model.value import UNKNOWN
from cloudtrail_logs.stack.properties import Properties

ACCOUNT, OTHER = "123456789012", "210987654321"
SECRET = "hunter2hunter2"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit"
GROUP = LogGroupArn("aws", "eu-west-1", ACCOUNT, "audit", wildcard=True)
ROLE = RoleArn("aws", ACCOUNT, "/service-role/", "delivery")
THEN = datetime(2026, 11, 24, 11, 59, tzinfo=timezone.utc)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
TRUST = {"Version": "2012-10-17", "Statement": []}


def clients() -> Clients:
    return Clients(Connection(region="us-east-1", access_key="AKIDEXAMPLE", secret_key=SECRET))


@contextmanager
def stubbed(asked: Clients, **services: str) -> Iterator[dict[str, Stubber]]:
    """Stubs of some services' clients, in the region that each is asked in. In the end nothing may be left unasked."""
    with ExitStack() as stack:
        stubs = {name: Stubber(asked.client(name, region)) for name, region in services.items()}
        for stub in stubs.values():
            stack.enter_context(stub)
        yield stubs
        for stub in stubs.values():
            stub.assert_no_pending_responses()


def asked_as(stubs: dict[str, Stubber], account: str) -> None:
    stubs["sts"].add_response("get_caller_identity", {"Account": account}, {})


# --- the status of a trail

STATUS = DeliveryQuestion(TRAIL, "eu-west-1")


def status(
    started: datetime | None = None, delivered: datetime | None = None, error: str = "", logging: bool = True
) -> DeliveryStatus:
    """The status as AWS told it at the time NOW."""
    return DeliveryStatus(NOW, logging, started, delivered, error)


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_now", lambda: NOW)


STATUSES: list[tuple[dict[str, Any], DeliveryStatus | Unavailable]] = [
    ({"IsLogging": True, "StartLoggingTime": THEN, "LatestCloudWatchLogsDeliveryTime": THEN}, status(THEN, THEN)),
    ({"IsLogging": True, "LatestCloudWatchLogsDeliveryError": "Access denied"}, status(error="Access denied")),
    ({"IsLogging": False, "LatestDeliveryTime": THEN}, status(logging=False)),
    ({}, Unavailable("the answer of AWS cannot be read")),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected"), STATUSES)
def test_the_status_is_asked_by_arn_in_the_home_region(
    answer: dict[str, Any], expected: DeliveryStatus | Unavailable
) -> None:
    asked = clients()
    with stubbed(asked, cloudtrail="eu-west-1") as stubs:
        stubs["cloudtrail"].add_response("get_trail_status", answer, {"Name": TRAIL})
        assert answer_to(asked, STATUS) == expected


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "TrailNotFoundException", "ThrottlingException", "InvalidHomeRegionException"]
)
def test_a_status_that_is_refused_is_not_told(code: str) -> None:
    asked = clients()
    with stubbed(asked, cloudtrail="eu-west-1") as stubs:
        stubs["cloudtrail"].add_client_error("get_trail_status", code, SECRET)
        reason = f"AWS refused cloudtrail:GetTrailStatus: {code}"
        assert answer_to(asked, STATUS) == Unavailable(reason)


# --- log groups


def group(name: str, account: str = ACCOUNT, **more: str) -> dict[str, str]:
    return {"logGroupName": name, "arn": f"arn:aws:logs:eu-west-1:{account}:log-group:{name}:*", **more}


@pytest.mark.parametrize(
    ("found", "account", "expected"),
    [
        ([group("audit")], None, Presence.FOUND),
        ([group("audit", logGroupClass="STANDARD")], None, Presence.FOUND),
        ([group("audit", logGroupClass="INFREQUENT_ACCESS")], None, Presence.FOUND),
        ([group("audit", logGroupClass="DELIVERY")], None, Presence.FOUND_OF_CLASS_DELIVERY),
        ([group("audit-2", logGroupClass="DELIVERY")], ACCOUNT, Presence.ABSENT),
        ([group("audit-2")], ACCOUNT, Presence.ABSENT),
        ([], ACCOUNT, Presence.ABSENT),
        ([], OTHER, Unavailable(f"it belongs to account {ACCOUNT}, and AWS was asked as account {OTHER}")),
        (
            [group("audit", OTHER)],
            OTHER,
            Unavailable(f"it belongs to account {ACCOUNT}, and AWS was asked as account {OTHER}"),
        ),
    ],
)
def test_a_log_group_is_found_by_its_exact_name_in_its_own_account(
    found: list[dict[str, str]], account: str | None, expected: Presence | Unavailable
) -> None:
    asked = clients()
    with stubbed(asked, logs="eu-west-1", sts="us-east-1") as stubs:
        wanted = {"logGroupNamePrefix": "audit", "limit": 1}
        stubs["logs"].add_response("describe_log_groups", {"logGroups": found}, wanted)
        if account:
            asked_as(stubs, account)
        assert answer_to(asked, ExistenceQuestion(GROUP)) == expected


def test_a_log_group_that_may_not_be_described() -> None:
    asked = clients()
    with stubbed(asked, logs="eu-west-1") as stubs:
        stubs["logs"].add_client_error("describe_log_groups", "AccessDeniedException", SECRET)
        reason = "AWS refused logs:DescribeLogGroups: AccessDeniedException"
        assert answer_to(asked, ExistenceQuestion(GROUP)) == Unavailable(reason)


# --- roles


def described(arn: str = ROLE.text, **more: Any) -> dict[str, Any]:
    role = {
        "Path": "/service-role/",
        "RoleName": "delivery",
        "RoleId": "AROAEXAMPLEEXAMPLE",
        "Arn": arn,
        "CreateDate": THEN,
    }
    return {"Role": {**role, "AssumeRolePolicyDocument": quote(json.dumps(TRUST)), **more}}


@pytest.mark.parametrize(
    ("arn", "account", "expected"),
    [
        (ROLE.text, None, Presence.FOUND),
        (ROLE.text.replace("service-role/", ""), ACCOUNT, Presence.ABSENT),
        (ROLE.text.replace(ACCOUNT, OTHER), OTHER, Unavailable(f"it belongs to account {ACCOUNT}, and AWS was asked as account {OTHER}")),
    ],
)  # fmt: skip
def test_a_role_is_found_by_its_whole_arn(arn: str, account: str | None, expected: Presence | Unavailable) -> None:
    asked = clients()
    with stubbed(asked, iam="us-east-1", sts="us-east-1") as stubs:
        stubs["iam"].add_response("get_role", described(arn), {"RoleName": "delivery"})
        if account:
            asked_as(stubs, account)
        assert answer_to(asked, ExistenceQuestion(ROLE)) == expected


@pytest.mark.parametrize(
    ("code", "account", "expected"),
    [
        ("NoSuchEntity", ACCOUNT, Presence.ABSENT),
        ("NoSuchEntity", OTHER, Unavailable(f"it belongs to account {ACCOUNT}, and AWS was asked as account {OTHER}")),
        ("AccessDenied", None, Unavailable("AWS refused iam:GetRole: AccessDenied")),
    ],
)
def test_a_role_that_is_not_there_or_may_not_be_seen(code: str, account: str | None, expected: Any) -> None:
    asked = clients()
    with stubbed(asked, iam="us-east-1", sts="us-east-1") as stubs:
        stubs["iam"].add_client_error("get_role", code, SECRET)
        if account:
            asked_as(stubs, account)
        assert answer_to(asked, ExistenceQuestion(ROLE)) == expected


def policy(stubs: dict[str, Stubber], arn: str, document: dict[str, Any]) -> None:
    stubs["iam"].add_response("get_policy", {"Policy": {"DefaultVersionId": "v3"}}, {"PolicyArn": arn})
    version = {"PolicyVersion": {"Document": quote(json.dumps(document))}}
    stubs["iam"].add_response("get_policy_version", version, {"PolicyArn": arn, "VersionId": "v3"})


def test_all_that_a_role_may_do() -> None:
    asked, allowed = clients(), {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}  # fmt: skip
    managed, boundary = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess", f"arn:aws:iam::{ACCOUNT}:policy/limits"
    with stubbed(asked, iam="us-east-1") as stubs:
        limits = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}
        iam = stubs["iam"]
        iam.add_response("get_role", described(PermissionsBoundary=limits), {"RoleName": "delivery"})
        iam.add_response("list_role_policies", {"PolicyNames": ["one"], "IsTruncated": True, "Marker": "m"}, {"RoleName": "delivery"})  # fmt: skip
        iam.add_response("list_role_policies", {"PolicyNames": ["two"]}, {"RoleName": "delivery", "Marker": "m"})
        for name in ("one", "two"):
            answer = {"RoleName": "delivery", "PolicyName": name, "PolicyDocument": quote(json.dumps(allowed))}
            iam.add_response("get_role_policy", answer, {"RoleName": "delivery", "PolicyName": name})
        attached = {"AttachedPolicies": [{"PolicyName": "CloudWatchLogsFullAccess", "PolicyArn": managed}]}
        iam.add_response("list_attached_role_policies", attached, {"RoleName": "delivery"})
        policy(stubs, managed, allowed)
        policy(stubs, boundary, TRUST)
        role = answer_to(asked, PermissionsQuestion(ROLE))
    assert isinstance(role, DeliveryRole)
    assert role.label == "delivery"
    assert [(grant.name, grant.editable) for grant in role.permissions.grants] == [
        ('inline policy "one"', True),
        ('inline policy "two"', True),
        ('policy "CloudWatchLogsFullAccess"', False),
    ]
    assert role.permissions.complete
    assert role.permissions.boundary
    assert role.permissions.boundary.name == 'policy "limits"'


def test_a_document_that_cannot_be_decoded_is_not_known() -> None:
    asked = clients()
    with stubbed(asked, iam="us-east-1") as stubs:
        iam = stubs["iam"]
        iam.add_response("get_role", described(AssumeRolePolicyDocument="%7Bbroken"), {"RoleName": "delivery"})
        iam.add_response("list_role_policies", {"PolicyNames": []}, {"RoleName": "delivery"})
        iam.add_response("list_attached_role_policies", {"AttachedPolicies": []}, {"RoleName": "delivery"})
        role = answer_to(asked, PermissionsQuestion(ROLE))
    assert isinstance(role, DeliveryRole)
    assert role.trust is UNKNOWN


def test_a_role_of_which_a_part_may_not_be_seen_is_not_told() -> None:
    asked = clients()
    with stubbed(asked, iam="us-east-1") as stubs:
        stubs["iam"].add_response("get_role", described(), {"RoleName": "delivery"})
        stubs["iam"].add_client_error("list_role_policies", "AccessDenied", SECRET)
        reason = "AWS refused iam:GetRole, iam:ListRolePolicies, iam:ListAttachedRolePolicies or what they list: AccessDenied"  # fmt: skip
        assert answer_to(asked, PermissionsQuestion(ROLE)) == Unavailable(reason)


# --- member accounts of an organization


@pytest.mark.parametrize(
    ("owners", "delivered", "expected"),
    [
        ({ACCOUNT}, None, status()),
        ({OTHER, ACCOUNT}, None, status()),
        ({OTHER}, None, Unavailable(f"AWS does not show member account {ACCOUNT} the deliveries of an organization trail")),
        ({OTHER}, THEN, status(delivered=THEN)),
    ],
)  # fmt: skip
def test_a_member_account_does_not_see_the_deliveries(owners: set[str], delivered: Any, expected: Any) -> None:
    asked = clients()
    with stubbed(asked, cloudtrail="eu-west-1", sts="us-east-1") as stubs:
        answer = {"IsLogging": True, **({"LatestCloudWatchLogsDeliveryTime": delivered} if delivered else {})}
        stubs["cloudtrail"].add_response("get_trail_status", answer, {"Name": TRAIL})
        if not delivered:
            asked_as(stubs, ACCOUNT)
        assert answer_to(asked, DeliveryQuestion(TRAIL, "eu-west-1", frozenset(owners))) == expected


def test_the_account_is_asked_for_once() -> None:
    asked = clients()
    with stubbed(asked, cloudtrail="eu-west-1", sts="us-east-1") as stubs:
        asked_as(stubs, ACCOUNT)
        for _ in range(2):
            stubs["cloudtrail"].add_response("get_trail_status", {"IsLogging": True}, {"Name": TRAIL})
            question = DeliveryQuestion(TRAIL, "eu-west-1", frozenset({OTHER}))
            assert isinstance(answer_to(asked, question), Unavailable)


def test_an_account_that_is_not_told_is_no_member() -> None:
    asked = clients()
    with stubbed(asked, cloudtrail="eu-west-1", sts="us-east-1") as stubs:
        stubs["cloudtrail"].add_response("get_trail_status", {"IsLogging": True}, {"Name": TRAIL})
        stubs["sts"].add_client_error("get_caller_identity", "ExpiredToken", SECRET)
        assert answer_to(asked, DeliveryQuestion(TRAIL, "eu-west-1", frozenset({OTHER}))) == status()


def test_a_trail_of_an_unknown_home_region() -> None:
    assert answer_to(clients(), DeliveryQuestion(TRAIL, None)) == Unavailable("the trail's home region is not known")


# --- all at once


def test_what_is_asked_through_each_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "answer_to", lambda clients, question: (clients._connection.region, question))
    group, role = ExistenceQuestion(GROUP), ExistenceQuestion(ROLE)
    wanted: dict[str, Any] = {
        "here": (Properties({"region": "eu-west-1"}), {group, role}),
        "there": (Properties({"region": "us-east-1"}), {group}),
        "defaults": (None, {role}),
        "broken": (Properties({"region": "nowhere"}), {role}),
        "silent": (None, set()),
    }
    assert ask(wanted, 20) == {
        "here": {group: ("eu-west-1", group), role: ("eu-west-1", role)},
        "there": {group: ("us-east-1", group)},
        "defaults": {role: (None, role)},
        "broken": {role: Unavailable("the provider's region does not exist")},
        "silent": {},
    }


# --- why AWS does not tell

URL = f"https://{SECRET}.example.com"
REASONS: list[tuple[Exception, str]] = [
    (NoCredentialsError(), "there are no AWS credentials"),
    (ProfileNotFound(profile=SECRET), "the AWS profile does not exist here"),
    (ConnectTimeoutError(endpoint_url=URL), "AWS did not answer in time"),
    (ReadTimeoutError(endpoint_url=URL), "AWS did not answer in time"),
    (EndpointConnectionError(endpoint_url=URL), "AWS cannot be reached"),
    (ValueError(SECRET), "asking AWS failed: ValueError"),
    (FileNotFoundError(SECRET), "asking AWS failed: FileNotFoundError"),
]


@pytest.mark.parametrize(("error", "reason"), REASONS, ids=lambda value: type(value).__name__)
def test_why_is_said_without_the_text_of_the_error(error: Exception, reason: str) -> None:
    assert reason_of(error, "iam:GetRole") == Unavailable(reason)


def test_keys_are_not_in_the_text_of_a_connection() -> None:
    connection = Connection(access_key=SECRET, secret_key=SECRET, token=SECRET, proxies={"http": SECRET})
    assert SECRET not in repr(connection)
