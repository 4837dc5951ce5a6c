"""Resources of Cloud Control and of Terraform stacks, behind the SDK: the same codes as for the providers'."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from cloudtrail_logs.stack.cloudformation_types import token_of as token_of_cloudformation
from cloudtrail_logs.stack.terraform_types import name_of, token_of
from tests.analyzers import Analyzer
from tests.stacks import LOG_GROUP_ARN, ROLE_ARN, TRUST_POLICY, UNKNOWN, Resource, log_group, role

CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
TRAIL = "AWS::CloudTrail::Trail"
WIRED = {"CloudWatchLogsLogGroupArn": f"{LOG_GROUP_ARN}:*", "CloudWatchLogsRoleArn": ROLE_ARN}
POLICY = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": f"{LOG_GROUP_ARN}:*"},
}


def codes(analyzer: Analyzer, *resources: Resource) -> list[str]:
    alone = [report for each in resources for report in analyzer.analyze(each).reports]
    answer = analyzer.analyze_stack(resources)
    assert answer.can_not_run == ()
    lines = [line for report in (*alone, *answer.reports) for line in report.message.split("\n")]
    return [line[1:].partition("]")[0] for line in lines]


def of_cloud_control(
    name: str, kind: str, state: Any, actual: Any = UNKNOWN, sources: Sequence[Resource] = ()
) -> Resource:
    given = state if isinstance(state, str) else json.dumps(state)
    seen = actual if isinstance(actual, str) else json.dumps(actual)
    properties = {"typeName": kind, "desiredState": given, "properties": seen, "id": name}
    return Resource(CLOUD_CONTROL, name, properties, {"desiredState": sources} if sources else {})


GROUP = of_cloud_control("logs", "AWS::Logs::LogGroup", {"LogGroupName": "audit"}, {"Arn": f"{LOG_GROUP_ARN}:*"})
ROLE = of_cloud_control(
    "delivery",
    "AWS::IAM::Role",
    {
        "RoleName": "delivery",
        "AssumeRolePolicyDocument": json.loads(TRUST_POLICY),
        "Policies": [{"PolicyName": "p", "PolicyDocument": POLICY}],
    },
    {"Arn": ROLE_ARN},
)
DELIVERY = role(arn=ROLE_ARN, inlinePolicies=[{"name": "p", "policy": json.dumps(POLICY)}])


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (WIRED, []),
        ({}, ["not-integrated", "log-group-unused"]),
        ({**WIRED, "CloudWatchLogsLogGroupArn": LOG_GROUP_ARN}, ["log-group-arn-without-wildcard"]),
        ({**WIRED, "CloudWatchLogsRoleArn": f"{ROLE_ARN}s"}, ["role-not-in-stack"]),
        ({**WIRED, "IsLogging": False}, ["logging-disabled"]),
        (UNKNOWN, []),
        ("{", []),
        ("[]", []),
        ("[" * 5_000, []),
        ('{"Trail": "AWS::CloudTrail::Trail"', []),
    ],
    ids=lambda each: str(each)[:40],
)
def test_a_trail_of_cloud_control(analyzer: Analyzer, state: Any, expected: list[str]) -> None:
    given = {**state, "S3BucketName": "b"} if isinstance(state, dict) else state
    assert codes(analyzer, of_cloud_control("audit", TRAIL, given), GROUP, ROLE) == expected


def test_log_groups_and_roles_of_cloud_control_are_declared(analyzer: Analyzer) -> None:
    trail = of_cloud_control("audit", TRAIL, WIRED)
    assert codes(analyzer, trail, GROUP, ROLE) == []
    assert codes(analyzer, trail) == ["log-group-not-in-stack", "role-not-in-stack"]
    assert codes(analyzer, trail, log_group(arn=LOG_GROUP_ARN), DELIVERY) == []
    put_only = json.loads(ROLE.properties["desiredState"])
    put_only["Policies"][0]["PolicyDocument"]["Statement"]["Action"] = "logs:PutLogEvents"
    assert codes(analyzer, trail, GROUP, of_cloud_control("delivery", "AWS::IAM::Role", put_only, {"Arn": ROLE_ARN})) == [
        "role-permission-missing"
    ]  # fmt: skip


def test_a_first_preview_of_cloud_control_is_silent(analyzer: Analyzer) -> None:
    group = of_cloud_control("logs", "AWS::Logs::LogGroup", {"LogGroupName": "audit"})
    trail = of_cloud_control("audit", TRAIL, UNKNOWN, sources=(group, ROLE))
    assert codes(analyzer, trail, group, ROLE) == []


def test_what_is_only_read_by_cloud_control_is_not_judged(analyzer: Analyzer) -> None:
    read = of_cloud_control("audit", TRAIL, {})
    assert analyzer.analyze(Resource(CLOUD_CONTROL, "audit", {})).reports == ()
    assert analyzer.analyze_stack([read, GROUP]).reports == ()
    assert codes(analyzer, read, GROUP) == ["not-integrated", "log-group-unused"]


def test_nothing_of_cloud_control_or_terraform_is_remediated(analyzer: Analyzer) -> None:
    policy = "cloudtrail-cloudwatch-logs-integrated"
    analyzer.configure({policy: "REMEDIATE"}, {policy: {"logGroupArn": f"{LOG_GROUP_ARN}:*", "roleArn": ROLE_ARN}})
    for trail in (of_cloud_control("audit", TRAIL, {"IsLogging": True}), of_terraform("cloudtrail", "audit", EMPTY)):
        assert "not-integrated" in codes(analyzer, trail)
        assert analyzer.remediate(trail)[0] == []


# --- Terraform

EMPTY = {
    "name": "audit",
    "cloud_watch_logs_group_arn": "",
    "cloud_watch_logs_role_arn": "",
    "enable_logging": True,
    "is_organization_trail": False,
    "home_region": "us-east-1",
}


def of_terraform(kind: str, label: str, properties: Any) -> Resource:
    return Resource(f"pulumi:terraform:aws_{kind}", label, properties, provider=None)


T_GROUP = of_terraform("cloudwatch_log_group", "logs", {"name": "audit", "arn": LOG_GROUP_ARN, "log_group_class": "STANDARD"})  # fmt: skip
T_ROLE = of_terraform(
    "iam_role",
    "delivery",
    {
        "name": "delivery",
        "arn": ROLE_ARN,
        "path": "/",
        "assume_role_policy": TRUST_POLICY,
        "inline_policy": [],
        "managed_policy_arns": [],
        "permissions_boundary": "",
    },
)


def role_policy(action: str) -> Resource:
    statement = {"Effect": "Allow", "Action": action, "Resource": f"{LOG_GROUP_ARN}:*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return of_terraform("iam_role_policy", "p", {"name": "p", "role": "delivery", "policy": document})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["not-integrated", "log-group-unused"]),
        ({"cloud_watch_logs_group_arn": f"{LOG_GROUP_ARN}:*"}, ["role-missing"]),
        ({"cloud_watch_logs_group_arn": f"{LOG_GROUP_ARN}:*", "cloud_watch_logs_role_arn": ROLE_ARN}, []),
        (
            {"cloud_watch_logs_group_arn": LOG_GROUP_ARN, "cloud_watch_logs_role_arn": ROLE_ARN},
            ["log-group-arn-without-wildcard"],
        ),
        ({"enable_logging": False}, ["not-integrated", "logging-disabled", "log-group-unused"]),
    ],
    ids=str,
)
def test_a_trail_of_terraform(analyzer: Analyzer, changes: Any, expected: list[str]) -> None:
    trail = of_terraform("cloudtrail", "audit", {**EMPTY, **changes})
    assert codes(analyzer, trail, T_GROUP, T_ROLE, role_policy("logs:*")) == expected


def test_messages_have_terraforms_spelling(analyzer: Analyzer) -> None:
    (report,) = analyzer.analyze(of_terraform("cloudtrail", "audit", EMPTY)).reports
    assert report.message.startswith(
        "[not-integrated] Neither cloud_watch_logs_group_arn nor cloud_watch_logs_role_arn is set"
    )


def test_what_the_role_of_terraform_may_do(analyzer: Analyzer) -> None:
    wired = {"cloud_watch_logs_group_arn": f"{LOG_GROUP_ARN}:*", "cloud_watch_logs_role_arn": ROLE_ARN}
    trail = of_terraform("cloudtrail", "audit", EMPTY | wired)
    assert codes(analyzer, trail, T_GROUP, T_ROLE, role_policy("logs:PutLogEvents")) == ["role-permission-missing"]


@pytest.mark.parametrize("left_out", [*EMPTY])
def test_what_a_mapping_leaves_out_is_not_known(analyzer: Analyzer, left_out: str) -> None:
    properties = {name: value for name, value in EMPTY.items() if name != left_out}
    found = codes(analyzer, of_terraform("cloudtrail", "audit", properties), T_GROUP)
    if left_out.endswith("_arn"):
        assert "not-integrated" not in found
    else:
        assert "not-integrated" in found
    assert codes(analyzer, of_terraform("cloudtrail", "audit", {}), T_GROUP) == []


def test_what_a_role_leaves_out_is_not_known(analyzer: Analyzer) -> None:
    wired = {"cloud_watch_logs_group_arn": f"{LOG_GROUP_ARN}:*", "cloud_watch_logs_role_arn": ROLE_ARN}
    trail, nothing = of_terraform("cloudtrail", "audit", EMPTY | wired), T_ROLE.properties
    assert codes(analyzer, trail, T_GROUP, T_ROLE) == ["role-permission-missing"]
    for name in ("inline_policy", "managed_policy_arns", "assume_role_policy"):
        role_with_less = {key: value for key, value in nothing.items() if key != name}
        found = codes(analyzer, trail, T_GROUP, of_terraform("iam_role", "delivery", role_with_less))
        assert found == (["role-permission-missing"] if name == "assume_role_policy" else []), name


@pytest.mark.parametrize(
    "policies",
    [
        [("iam_role_policy", {"name": "p", "policy": json.dumps(POLICY)})],
        [
            ("iam_policy", {"name": "p", "arn": f"{ROLE_ARN}/p", "policy": json.dumps(POLICY)}),
            ("iam_role_policy_attachment", {"policy_arn": f"{ROLE_ARN}/p"}),
        ],
    ],
    ids=["inline", "attached"],
)
def test_a_policy_that_leaves_out_its_role_may_be_of_any(analyzer: Analyzer, policies: Any) -> None:
    wired = {"cloud_watch_logs_group_arn": f"{LOG_GROUP_ARN}:*", "cloud_watch_logs_role_arn": ROLE_ARN}
    trail = of_terraform("cloudtrail", "audit", EMPTY | wired)
    for role_of_it, expected in (({}, []), ({"role": "other"}, ["role-permission-missing"])):
        (*others, (kind, properties)) = policies
        last = of_terraform(kind, "last", {**properties, **role_of_it})
        found = codes(
            analyzer, trail, T_GROUP, T_ROLE, *(of_terraform(each, "p", given) for each, given in others), last
        )
        assert found == expected


# --- names


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ("AWS::Logs::LogGroup", "aws-native:logs:LogGroup"),
        ("AWS::IAM::Role", "aws-native:iam:Role"),
        ("AWS::S3::Bucket", "aws-native:s3:Bucket"),
        ("AWS::KinesisFirehose::DeliveryStream", "aws-native:kinesisfirehose:DeliveryStream"),
        ("AWS::Config::ConfigRule", "aws-native:configuration:ConfigRule"),
        (TRAIL, TRAIL),
        ("Custom::Trail", "Custom::Trail"),
        ("AWS::CloudFormation::Macro::Part", "AWS::CloudFormation::Macro::Part"),
        ("aws-native:iam:Role", "aws-native:iam:Role"),
    ],
)
def test_a_type_of_cloudformation(kind: str, token: str) -> None:
    assert token_of_cloudformation(kind) == token


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ("aws_cloudwatch_log_group", "aws:index/cloudwatchLogGroup:CloudwatchLogGroup"),
        ("aws_iam_role", "aws:index/iamRole:IamRole"),
        ("aws_s3_bucket", "aws:index/s3Bucket:S3Bucket"),
        ("aws_cloudtrail", "pulumi:terraform:aws_cloudtrail"),
    ],
)
def test_a_type_of_terraform(kind: str, token: str) -> None:
    assert token_of(f"pulumi:terraform:{kind}") == token


def test_a_property_of_terraform() -> None:
    assert [name_of(name) for name in ("assume_role_policy", "arn", "inline_policy", "kms_key_id")] == [
        "assumeRolePolicy",
        "arn",
        "inlinePolicies",
        "kmsKeyId",
    ]
