"""What to set on a wrong trail, and the command of the AWS CLI that does it, by what is wrong: exactly."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cloudtrail_logs.configuration.settings import IntegratedSettings
from cloudtrail_logs.fleet.remedy import remedy_of
from cloudtrail_logs.model.verdict import Code, Problem
from tests.fleet.fleets import Stack, terms
from tests.fleet.kinds import cloud_control, group_arn, native, role_arn, templates, terraform, trail, whole
from tests.fleet.test_judged_state import judged
from tests.rules.trails import trail as a_trail
from tests.stacks import ACCOUNT, TRUST_POLICY, UNKNOWN

GROUP, ROLE, LOGGING = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging"
ANY_GROUP = "<the ARN of a log group in us-east-1, ending in :*>"
GROUP_ANYWHERE = "<the ARN of a log group, ending in :*>"
ANY_ROLE = "<the ARN of a role that cloudtrail.amazonaws.com may assume>"
OWN_GROUP, OWN_ROLE = f"{group_arn('logs')}:*", role_arn("logs")
ARN = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"
OTHER = "210987654321"
PLACE = f"--region us-east-1 --name {ARN}"
START = f"aws cloudtrail start-logging {PLACE}"


def update(log_group: str, role: str, place: str = PLACE) -> str:
    """The command, with its values in quotes where a shell needs them."""
    return (
        f"aws cloudtrail update-trail {place} --cloud-watch-logs-log-group-arn {shlex.quote(log_group)} "
        f"--cloud-watch-logs-role-arn {shlex.quote(role)}"
    )


def changed(**properties: Any) -> Callable[[Stack], None]:
    """A trail beside the log group and the role that it should name, with other values for some properties."""

    def add(stack: Stack) -> None:
        trail(stack, "audit", {**whole(stack, "logs"), **properties})

    return add


def alone(**properties: Any) -> Callable[[Stack], None]:
    """A trail with these properties and nothing beside it."""

    def add(stack: Stack) -> None:
        trail(stack, "audit", properties)

    return add


def with_two(stack: Stack) -> None:
    whole(stack, "first")
    changed(**{GROUP: None, ROLE: None})(stack)


def of_class(stack: Stack) -> None:
    changed(**{GROUP: f"{group_arn('delivery')}:*"})(stack)
    stack.log_group("delivery", logGroupClass="DELIVERY")


def distrusting(stack: Stack) -> None:
    trail(stack, "audit", whole(stack, "logs"))
    stack.resources[1]["outputs"]["assumeRolePolicy"] = TRUST_POLICY.replace("cloudtrail", "config")


def made_of_bucket(stack: Stack) -> None:
    bucket = stack.add("aws:s3/bucket:Bucket", "bucket", {})
    named = {**whole(stack, "logs"), GROUP: UNKNOWN, ROLE: UNKNOWN}
    trail(stack, "audit", named, made_of={GROUP: [bucket], ROLE: [bucket]})


BOTH = {GROUP: OWN_GROUP, ROLE: OWN_ROLE}
CASES: list[tuple[Callable[[Stack], None], list[str], Mapping[str, str], str]] = [
    (changed(), [], {}, ""),
    (changed(**{GROUP: None, ROLE: None}), ["not-integrated", "log-group-unused"], BOTH, update(OWN_GROUP, OWN_ROLE)),
    (alone(), ["not-integrated"], {GROUP: ANY_GROUP, ROLE: ANY_ROLE}, update(ANY_GROUP, ANY_ROLE)),
    (changed(**{GROUP: None}), ["log-group-missing", "log-group-unused"], {GROUP: OWN_GROUP}, update(OWN_GROUP, OWN_ROLE)),
    (alone(**{ROLE: role_arn("r")}), ["log-group-missing", "role-not-in-stack"], {GROUP: ANY_GROUP}, update(ANY_GROUP, role_arn("r"))),
    (changed(**{ROLE: None}), ["role-missing"], {ROLE: OWN_ROLE}, update(OWN_GROUP, OWN_ROLE)),
    (changed(**{LOGGING: False}), ["logging-disabled"], {LOGGING: "true"}, START),
    (changed(**{LOGGING: False, ROLE: None}), ["role-missing", "logging-disabled"], {ROLE: OWN_ROLE, LOGGING: "true"},
     f"{update(OWN_GROUP, OWN_ROLE)} && {START}"),
    (changed(**{GROUP: group_arn("logs")}), ["log-group-arn-without-wildcard"], {GROUP: OWN_GROUP}, update(OWN_GROUP, OWN_ROLE)),
    (changed(**{GROUP: "logs"}), ["log-group-arn-invalid"], {GROUP: OWN_GROUP}, update(OWN_GROUP, OWN_ROLE)),
    (changed(**{ROLE: "logs"}), ["role-arn-invalid"], {ROLE: OWN_ROLE}, update(OWN_GROUP, OWN_ROLE)),
    (changed(**{GROUP: f"{group_arn('logs', 'eu-west-1')}:*"}), ["region-mismatch", "log-group-not-in-stack"],
     {GROUP: OWN_GROUP}, update(OWN_GROUP, OWN_ROLE)),
    (changed(**{ROLE: OWN_ROLE.replace(ACCOUNT, OTHER)}), ["account-mismatch", "role-not-in-stack"], BOTH, update(OWN_GROUP, OWN_ROLE)),
    (of_class, ["log-group-class-delivery"], {GROUP: OWN_GROUP}, update(OWN_GROUP, OWN_ROLE)),
    (made_of_bucket, ["log-group-wrong-type", "role-wrong-type"], BOTH, update(OWN_GROUP, OWN_ROLE)),
    # With two log groups and two roles, nobody can tell which is meant.
    (with_two, ["not-integrated", "log-group-unused"], {GROUP: ANY_GROUP, ROLE: ANY_ROLE}, update(ANY_GROUP, ANY_ROLE)),
    # What is wrong is not the trail's own.
    (distrusting, ["role-trust-missing"], {}, ""),
    (alone(**BOTH), ["log-group-not-in-stack", "role-not-in-stack"], {}, ""),
    # What is not known of the trail is to be filled in.
    (alone(arn=UNKNOWN, homeRegion=UNKNOWN, region=UNKNOWN), ["not-integrated"], {GROUP: GROUP_ANYWHERE, ROLE: ANY_ROLE},
     update(GROUP_ANYWHERE, ANY_ROLE, "--region '<the home region of the trail>' --name '<the name or ARN of the trail>'")),
    (changed(arn=UNKNOWN, **{LOGGING: False}), ["logging-disabled"], {LOGGING: "true"},
     "aws cloudtrail start-logging --region us-east-1 --name '<the name or ARN of the trail>'"),
]  # fmt: skip


@pytest.mark.parametrize(("add", "codes", "to_set", "command"), CASES)
def test_what_to_do(add: Callable[[Stack], None], codes: list[str], to_set: Mapping[str, str], command: str) -> None:
    (row,) = judged(add).trails
    assert [finding.code for answer in row.answers for finding in answer.findings] == codes
    assert (dict(row.to_set), row.command) == (to_set, command)


SET_BY_CODE: dict[Code, tuple[str, ...]] = {
    **dict.fromkeys((Code.NOT_INTEGRATED, Code.ACCOUNT_MISMATCH, Code.PARTITION_MISMATCH), (GROUP, ROLE)),
    **dict.fromkeys(
        (Code.LOG_GROUP_MISSING, Code.LOG_GROUP_ARN_INVALID, Code.LOG_GROUP_ARN_WITHOUT_WILDCARD), (GROUP,)
    ),
    **dict.fromkeys((Code.LOG_GROUP_WRONG_TYPE, Code.LOG_GROUP_CLASS_DELIVERY, Code.LOG_GROUP_NOT_FOUND), (GROUP,)),
    **dict.fromkeys((Code.LOG_GROUP_UNUSED, Code.REGION_MISMATCH), (GROUP,)),
    **dict.fromkeys((Code.ROLE_MISSING, Code.ROLE_ARN_INVALID, Code.ROLE_WRONG_TYPE, Code.ROLE_NOT_FOUND), (ROLE,)),
    Code.LOGGING_DISABLED: (LOGGING,),
}


@pytest.mark.parametrize("code", Code)
def test_what_each_code_makes_one_set(code: Code) -> None:
    remedy = remedy_of(a_trail(), [Problem(code, "")], ARN, "us-east-1")
    assert tuple(remedy.to_set) == SET_BY_CODE.get(code, ())
    assert bool(remedy.command) == (code in SET_BY_CODE)


def test_a_value_of_the_configuration_goes_before_what_the_stack_declares() -> None:
    configured = IntegratedSettings(
        log_group_arn=f"arn:{{partition}}:logs:{{region}}:{ACCOUNT}:log-group:central:*",
        role_arn=f"arn:{{partition}}:iam::{ACCOUNT}:role/central",
    )
    (row,) = judged(changed(**{GROUP: None, ROLE: None}), given=terms(integrated=configured)).trails
    expected = {GROUP: f"{group_arn('central')}:*", ROLE: role_arn("central")}
    assert (dict(row.to_set), row.command) == (expected, update(expected[GROUP], expected[ROLE]))


@pytest.mark.parametrize(("kind", "label", "names"), [
    (native, "native, unset", ("cloudWatchLogsLogGroupArn", ROLE)),
    (cloud_control, "controlled, unset", ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")),
    (templates, "unset-template/Trail", ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")),
    (terraform, "of Terraform, unset", ("cloud_watch_logs_group_arn", "cloud_watch_logs_role_arn")),
])  # fmt: skip
def test_a_property_is_spelled_as_its_provider_does(
    kind: Callable[[Stack], None], label: str, names: tuple[str, str]
) -> None:
    rows = {row.label: row for row in judged(kind).trails}
    assert tuple(rows[label].to_set) == names


HOSTILE = "a'; rm -rf ~; $(id) `id` \"&|> #"


def test_a_shell_runs_nothing_that_a_name_holds() -> None:
    def add(stack: Stack) -> None:
        trail(stack, "audit", {"arn": f"{ARN}{HOSTILE}", "homeRegion": None, LOGGING: False}, provider="")
        stack.log_group(HOSTILE)
        stack.role("logs")

    (row,) = judged(add).trails
    name = f"{ARN}{HOSTILE}"
    words = shlex.split(row.command)
    assert [words[at] for at in (3, 4, 5, 6, 7, 11)] == [
        *("--region", "us-east-1", "--name", name, "--cloud-watch-logs-log-group-arn", "&&")
    ]
    assert row.command.endswith(f" && aws cloudtrail start-logging --region us-east-1 --name {shlex.quote(name)}")
    assert words.count("&&") == 1
