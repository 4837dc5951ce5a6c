"""What AWS managed policies grant on the streams of a trail, by the table of the pack."""

from __future__ import annotations

from datetime import date

import pytest

from cloudtrail_logs.iam.aws_managed_policies import aws_managed_policy, reason_for_absence, table
from cloudtrail_logs.iam.document import Document, Effect, Patterns, Statement
from cloudtrail_logs.iam.evaluation import allows
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Text, Truth

TABLE = table()
YES, NO, MAYBE = Truth.YES, Truth.NO, Truth.MAYBE


def answers(*policies: str, group: Text = "audit", partition: Text = "aws", boundary: str | None = None) -> list[Truth]:
    """Whether a role with these policies may do each action on the streams of an organization's trail."""
    permissions = Permissions(
        tuple(Grant(name, aws_managed_policy(name)) for name in policies),
        complete=True,
        boundary=Grant(boundary, aws_managed_policy(boundary)) if boundary else None,
    )
    streams = log_streams(partition, "eu-central-1", "123456789012", group, of_organization=True)
    return [allows(permissions, action, streams).allowed for action in ACTIONS]


GRANTING = [
    "CloudWatchLogsFullAccess",
    "CloudWatchFullAccess",
    "CloudWatchFullAccessV2",
    "AdministratorAccess",
    "PowerUserAccess",
    "CloudWatchAgentServerPolicy",
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
]


@pytest.mark.parametrize("group", ["audit", "/aws/cloudtrail/audit", UNKNOWN])
@pytest.mark.parametrize("name", GRANTING)
def test_granted_on_any_log_group(name: str, group: Text) -> None:
    assert answers(name, group=group) == [YES, YES]


@pytest.mark.parametrize("group", ["audit", "aws-controltower/CloudTrailLogs", UNKNOWN])
@pytest.mark.parametrize(
    "name",
    [
        "AWSCloudTrail_FullAccess",
        "AWSCloudTrail_ReadOnlyAccess",
        "CloudWatchLogsReadOnlyAccess",
        "ReadOnlyAccess",
        "aws-service-role/CloudTrailServiceRolePolicy",
    ],
)
def test_granted_nowhere(name: str, group: Text) -> None:
    assert aws_managed_policy(name) == Document((), has_variables=False)
    assert answers(name, group=group) == [NO, NO]


@pytest.mark.parametrize(
    ("group", "answer"),
    [
        ("aws-controltower/CloudTrailLogs", YES),
        ("aws-controltower/CloudTrailLogs-2", YES),
        ("aws-controltower/cloudtraillogs", NO),
        ("audit", NO),
        (UNKNOWN, MAYBE),
    ],
)
def test_granted_on_the_log_group_of_control_tower(group: Text, answer: Truth) -> None:
    assert answers("service-role/AWSControlTowerCloudTrailRolePolicy", group=group) == [answer, answer]


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", UNKNOWN])
def test_a_policy_grants_in_the_partition_that_it_is_used_in(partition: Text) -> None:
    name = "service-role/AWSControlTowerCloudTrailRolePolicy"
    assert answers(name, group="aws-controltower/CloudTrailLogs", partition=partition) == [YES, YES]
    assert answers(name, partition=partition) == [NO, NO]


@pytest.mark.parametrize(
    "name",
    [
        "NoSuchPolicy",
        "",
        "AWSLambdaBasicExecutionRole",
        "service-role/CloudWatchLogsFullAccess",
        "cloudwatchlogsfullaccess",
    ],
)
def test_a_name_that_is_not_in_the_table_is_unknown(name: str) -> None:
    assert aws_managed_policy(name) is UNKNOWN
    assert answers(name) == [MAYBE, MAYBE]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("AWSCloudTrailServiceRolePolicy", f"does not exist: AWS had no managed policy of that name on {TABLE.date}"),
        ("service-role/NoSuchPolicy", f"does not exist: AWS had no managed policy of that name on {TABLE.date}"),
        ("AWSLambdaBasicExecutionRole", "does not exist: AWS has it as service-role/AWSLambdaBasicExecutionRole"),
        ("service-role/CloudWatchLogsFullAccess", "does not exist: AWS has it as CloudWatchLogsFullAccess"),
        ("CloudWatchLogsFullAccess", None),
        ("service-role/AWSLambdaBasicExecutionRole", None),
        ("aws-service-role/CloudTrailServiceRolePolicy", None),
        # names that differ only in case may be the same
        ("cloudwatchlogsfullaccess", None),
        ("Service-Role/AWSLambdaBasicExecutionRole", None),
        ("awslambdabasicexecutionrole", None),
        # what AWS had once still works where it is attached
        ("AWSLambdaFullAccess", None),
        ("AWSCloudTrailFullAccess", None),
        ("service-role/AWSConfigRole", None),
        # no names
        ("", None),
        ("service-role/", None),
        ("${policy}", None),
        ("No Such Policy", None),
        ("N" * 129, None),
    ],
)
def test_why_there_is_no_such_policy(name: str, why: str | None) -> None:
    assert reason_for_absence(name) == why


def test_the_table_has_a_date_and_forgets_no_name() -> None:
    assert str(date.fromisoformat(TABLE.date)) == TABLE.date
    assert len(TABLE.former) > 70
    assert not {each.lower() for each in TABLE.former} & TABLE.by_name.keys()
    assert len(TABLE.by_name) == len(TABLE.on_any_log_group) + len(TABLE.reduced) + len(TABLE.on_none)


def test_only_one_of_the_actions() -> None:
    name = "AWSDiscoveryContinuousExportFirehosePolicy"
    assert answers(name, group="/aws/application-discovery-service/firehose") == [NO, YES]


def test_on_a_condition_it_cannot_be_told() -> None:
    name = "AWSApplicationMigrationNetworkMigrationMultiAccount"
    assert answers(name, group="/aws/lambda/network-migration-modify-tgw") == [MAYBE, MAYBE]
    assert answers(name) == [NO, NO]


def test_a_deny_wins() -> None:
    assert answers("CloudWatchLogsFullAccess", "AWSDenyAll") == [NO, NO]
    assert answers("CloudWatchLogsFullAccess", "AWSCompromisedKeyQuarantineV3") == [YES, NO]


def test_a_boundary_must_grant_it_too() -> None:
    assert answers("AdministratorAccess", boundary="PowerUserAccess") == [YES, YES]
    assert answers("AdministratorAccess", boundary="AWSCloudTrail_FullAccess") == [NO, NO]


def test_a_name_is_in_one_class_and_the_classes_are_not_empty() -> None:
    classes = [TABLE.on_any_log_group, set(TABLE.reduced), TABLE.on_none]
    assert [len(names) > least for names, least in zip(classes, [30, 80, 1000], strict=True)] == [True] * 3
    assert len(frozenset().union(*classes)) == sum(len(names) for names in classes)
    assert list(TABLE.reduced) == sorted(TABLE.reduced)


def is_plain(statement: Statement) -> bool:
    """Whether nothing in the statement is unknown or left out."""
    return (
        statement.effect is not Effect.UNKNOWN
        and (statement.principals, statement.excluded) == (ABSENT, ABSENT)
        and statement.condition is not UNKNOWN
        and all(
            isinstance(element, Patterns) and element.values and all(isinstance(value, str) for value in element.values)
            for element in (statement.actions, statement.resources)
        )
    )


@pytest.mark.parametrize("name", TABLE.reduced)
def test_a_reduced_policy_is_read_as_it_is_written(name: str) -> None:
    document = aws_managed_policy(name)
    assert isinstance(document, Document)
    assert all(is_plain(statement) for statement in document.statements)
    written = TABLE.reduced[name]
    assert list(written) == sorted(written)
    for (place, given), statement in zip(written.items(), document.statements, strict=True):
        sid = given.get("Sid")
        assert statement.name == (f'statement "{sid}"' if sid else f"statement {place}")
        assert isinstance(statement.actions, Patterns)
        assert isinstance(statement.resources, Patterns)
        assert statement.actions.values == tuple(action for action in ACTIONS if action in given["Action"])
        assert list(statement.resources.values) == given.get("NotResource", given.get("Resource"))
        assert statement.resources.negated == ("NotResource" in given)
        assert statement.condition == given.get("Condition", ABSENT)


@pytest.mark.parametrize("name", sorted(TABLE.on_any_log_group))
def test_a_policy_of_the_first_class_grants_both_wherever(name: str) -> None:
    assert answers(name, group=UNKNOWN, partition=UNKNOWN) == [YES, YES]
