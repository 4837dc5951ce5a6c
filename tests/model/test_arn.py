"""Which texts are the ARNs of log groups and roles, and what is wrong with the others."""

from typing import Any

import pytest

from cloudtrail_logs.model.arn import Invalid, LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn, parsed
from cloudtrail_logs.model.quoting import described
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotText

LOG_GROUPS = [
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:*", "aws", "us-east-1", "audit", True),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit", "aws", "us-east-1", "audit", False),
    ("arn:aws:logs:eu-central-2:123456789012:log-group:/aws/cloudtrail/a.b_c#d-1:*", "aws", "eu-central-2", "/aws/cloudtrail/a.b_c#d-1", True),
    ("arn:aws-cn:logs:cn-north-1:123456789012:log-group:a:*", "aws-cn", "cn-north-1", "a", True),
    ("arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:a:*", "aws-us-gov", "us-gov-west-1", "a", True),
    ("arn:aws-iso-b:logs:us-isob-east-1:123456789012:log-group:a:*", "aws-iso-b", "us-isob-east-1", "a", True),
    ("arn:aws-eusc:logs:eusc-de-east-1:123456789012:log-group:a:*", "aws-eusc", "eusc-de-east-1", "a", True),
    (f"arn:aws:logs:us-east-1:123456789012:log-group:{'n' * 512}:*", "aws", "us-east-1", "n" * 512, True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "partition", "region", "name", "wildcard"), LOG_GROUPS)
def test_log_group_arn(text: str, partition: str, region: str, name: str, wildcard: bool) -> None:
    assert parse_log_group_arn(text) == LogGroupArn(partition, region, "123456789012", name, wildcard)
    assert LogGroupArn(partition, region, "123456789012", name, wildcard).text == text


NO_LOG_GROUPS = [
    ("", "has nothing before its :*: what that was appended to may be empty"),
    (":*", "has nothing before its :*: what that was appended to may be empty"),
    ("None:*", "has nothing before its :*: what that was appended to may be empty"),
    ("undefined:*", "has nothing before its :*: what that was appended to may be empty"),
    ("Nonesuch:*", "is not an ARN"),
    ("Calling __str__ on an Output[T] is not supported.\n...:*", "is an Output converted to a string, not its value: build it with Output.concat or apply"),
    ("Calling [toString] on an [Output<T>] is not supported.:*", "is an Output converted to a string, not its value: build it with Output.concat or apply"),
    ("[object Object]:*", "is an Output converted to a string, not its value: build it with Output.concat or apply"),
    ("audit", "is not an ARN"),
    ("ARN:aws:logs:us-east-1:123456789012:log-group:audit:*", "is not an ARN"),
    ("arn:aws:logs:us-east-1:123456789012", "is not an ARN"),
    ("arn:aws:logs:us-east-1:${AWS::AccountId}:log-group:audit:*", "has a ${…} that is not replaced by a value"),
    ("${Logs.Arn}", "has a ${…} that is not replaced by a value"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:$audit:*", "has a log group name that AWS does not allow"),
    (" arn:aws:logs:us-east-1:123456789012:log-group:audit:*", "has leading or trailing whitespace"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:*\n", "has leading or trailing whitespace"),
    ("arn::logs:us-east-1:123456789012:log-group:audit:*", "has no partition"),
    ("arn:azure:logs:us-east-1:123456789012:log-group:audit:*", "has a partition that does not exist"),
    ("arn:aws:logs::123456789012:log-group:audit:*", "has no region"),
    ("arn:aws:logs:*:123456789012:log-group:audit:*", "has a region that does not exist"),
    ("arn:aws:logs:us-east:123456789012:log-group:audit:*", "has a region that does not exist"),
    ("arn:aws:logs:us-east-1::log-group:audit:*", "has no account"),
    ("arn:aws:logs:us-east-1:12345678901:log-group:audit:*", "has an account that is not 12 digits"),
    ("arn:aws:logs:us-east-1:１２３４５６７８９０１２:log-group:audit:*", "has an account that is not 12 digits"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:", "has no log group name: the name it was built from may be empty"),
    ("arn:aws:logs:us-east-1:123456789012:log-group::*", "has no log group name: the name it was built from may be empty"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:*", "has a * in its log group name"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit*", "has a * in its log group name"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit logs:*", "has a log group name that AWS does not allow"),
    (f"arn:aws:logs:us-east-1:123456789012:log-group:{'n' * 513}:*", "has a log group name that AWS does not allow"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:*:*", "ends in :*:*: it already had its :*"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:*:*:*", "ends in :*:*: it already had its :*"),
    (f"arn:aws-{'x' * 11}:logs:us-east-1:123456789012:log-group:audit:*", "has a partition that does not exist"),
    (f"arn:aws:logs:us-{'x' * 21}-1:123456789012:log-group:audit:*", "has a region that does not exist"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:log-stream:s", "goes on to a log stream"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:", "does not end after the log group's name"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:x", "does not end after the log group's name"),
    ("arn:aws:logs:us-east-1:123456789012:log-group/audit:*", "is not the ARN of a log group"),
    ("arn:aws:logs:us-east-1:123456789012:destination:audit", "is not the ARN of a log group"),
    ("arn:aws:s3:::audit", "is not the ARN of a log group"),
    ("arn:aws:iam::123456789012:role/audit", "is the ARN of a role, not of a log group"),
    ("arn:aws:cloudtrail:us-east-1:123456789012:trail/audit", "is the ARN of a trail, not of a log group"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:".ljust(2049, "a"), "is too long for an ARN"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:".ljust(2048, "a"), "has a log group name that AWS does not allow"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), NO_LOG_GROUPS)
def test_no_log_group_arn(text: str, reason: str) -> None:
    assert parse_log_group_arn(text) == Invalid(reason, described(text))


ROLES = [
    ("arn:aws:iam::123456789012:role/audit", "aws", "/", "audit"),
    ("arn:aws:iam::123456789012:role/service-role/audit", "aws", "/service-role/", "audit"),
    ("arn:aws:iam::123456789012:role/a/b/audit+=,.@-_", "aws", "/a/b/", "audit+=,.@-_"),
    ("arn:aws-cn:iam::123456789012:role/audit", "aws-cn", "/", "audit"),
    (f"arn:aws:iam::123456789012:role/{'n' * 64}", "aws", "/", "n" * 64),
]


@pytest.mark.parametrize(("text", "partition", "path", "name"), ROLES)
def test_role_arn(text: str, partition: str, path: str, name: str) -> None:
    assert parse_role_arn(text) == RoleArn(partition, "123456789012", path, name)
    assert RoleArn(partition, "123456789012", path, name).text == text


NO_ROLES = [
    ("arn:aws:iam::123456789012:role/".ljust(2049, "a"), "is too long for an ARN"),
    ("arn:aws:iam::123456789012:role/".ljust(2048, "a"), "has a role name or path that AWS does not allow"),
    ("audit", "is not an ARN"),
    ("arn:aws:iam:us-east-1:123456789012:role/audit", "has a region, which a role's ARN never has"),
    ("arn:aws:iam:::role/audit", "has no account"),
    ("arn:aws:iam::aws:role/audit", "has an account that is not 12 digits"),
    ("arn:aws:iam::123456789012:role/", "has no role name: the name it was built from may be empty"),
    ("arn:aws:iam::123456789012:role", "has no role name: the name it was built from may be empty"),
    ("arn:aws:iam::123456789012:role/a/", "has no role name: the name it was built from may be empty"),
    ("arn:aws:iam::123456789012:role/audit:*", "ends in :*, which only a log group's ARN does"),
    ("arn:aws:iam::123456789012:role//a", "has a role name or path that AWS does not allow"),
    ("arn:aws:iam::123456789012:role/a b", "has a role name or path that AWS does not allow"),
    ("arn:aws:iam::123456789012:role/*", "has a role name or path that AWS does not allow"),
    (f"arn:aws:iam::123456789012:role/{'n' * 65}", "has a role name or path that AWS does not allow"),
    ("arn:aws:iam::123456789012:user/audit", "is the ARN of a user, not of a role"),
    ("arn:aws:iam::123456789012:group/audit", "is the ARN of a group of users, not of a role"),
    ("arn:aws:iam::123456789012:policy/audit", "is the ARN of a policy, not of a role"),
    ("arn:aws:iam::123456789012:instance-profile/audit", "is the ARN of an instance profile, not of a role"),
    ("arn:aws:iam::123456789012:root", "is not the ARN of a role"),
    ("arn:aws:sts::123456789012:assumed-role/audit/session", "is the ARN of a role's session, not of a role"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:audit:*", "is the ARN of a log group, not of a role"),
    ("arn:aws:iam::123456789012:saml-provider/audit", "is not the ARN of a role"),
]


@pytest.mark.parametrize(("text", "reason"), NO_ROLES)
def test_no_role_arn(text: str, reason: str) -> None:
    assert parse_role_arn(text) == Invalid(reason, described(text))


@pytest.mark.parametrize("parse", [parse_log_group_arn, parse_role_arn])
def test_a_property_that_is_no_string(parse: Any) -> None:
    assert parsed(UNKNOWN, parse) is UNKNOWN
    assert parsed(ABSENT, parse) is ABSENT
    assert parsed(NotText("a list"), parse) == Invalid("is not a string", "a list")


def test_a_property_that_is_a_string() -> None:
    assert parsed(ROLES[0][0], parse_role_arn) == parse_role_arn(ROLES[0][0])
    assert parsed("audit", parse_log_group_arn) == Invalid("is not an ARN", "a string of 5 characters")
