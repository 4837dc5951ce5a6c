"""A stack of plain resources, without any SDK: the same model, whoever hands the resources over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cloudtrail_logs.configuration.settings import CanDeliverSettings, ExistSettings
from cloudtrail_logs.model.verdict import Answer
from cloudtrail_logs.rules import log_group_and_role_exist, role_can_deliver
from cloudtrail_logs.stack.declarations import Stack
from cloudtrail_logs.stack.properties import Properties
from tests.stacks import AWS_LOG_GROUP, AWS_ROLE, AWS_TRAIL, LOG_GROUP_ARN, ROLE_ARN, TRUST_POLICY

POLICY = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": f"{LOG_GROUP_ARN}:*"}}  # fmt: skip


@dataclass(frozen=True)
class PlainResource:
    """A resource as somebody else than Pulumi's engine may hand it over (`cloudtrail_logs.stack.resource`)."""

    type: str
    name: str
    given: Mapping[str, Any]
    made_of: Mapping[str, Sequence[PlainResource]] = field(default_factory=dict)
    ignored_changes: Sequence[str] = ()
    provider: None = None
    template: None = None
    dependencies: Sequence[PlainResource] = ()
    sources_recorded: bool = True

    @property
    def kind(self) -> str:
        return self.type

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::shop::{self.type}::{self.name}"

    @property
    def properties(self) -> Properties:
        return Properties(self.given)

    def sources(self, property_name: str) -> Sequence[PlainResource] | None:
        return self.made_of.get(property_name)


LOGS = PlainResource(AWS_LOG_GROUP, "logs", {"name": "audit", "arn": LOG_GROUP_ARN})
ROLE = PlainResource(
    AWS_ROLE,
    "delivery",
    {"name": "delivery", "arn": ROLE_ARN, "assumeRolePolicy": TRUST_POLICY, "inlinePolicies": [{"name": "logs", "policy": POLICY}]},
)  # fmt: skip


def trail(name: str, **properties: Any) -> PlainResource:
    return PlainResource(AWS_TRAIL, name, {"name": name, "s3BucketName": "bucket", **properties})


RIGHT = trail("right", cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}:*", cloudWatchLogsRoleArn=ROLE_ARN)


def test_a_trail_that_is_right() -> None:
    (given,) = Stack([RIGHT, LOGS, ROLE]).trails()
    assert log_group_and_role_exist.judge(given, ExistSettings()).answer is Answer.RIGHT
    assert role_can_deliver.judge(given, CanDeliverSettings()).answer is Answer.RIGHT
    assert (given.names.label, given.names.name, given.names.project, given.names.stack) == ("right", "right", "shop", "dev")  # fmt: skip


def test_a_trail_that_is_wrong() -> None:
    (given,) = Stack([RIGHT]).trails()
    codes = [problem.code.value for problem in log_group_and_role_exist.judge(given, ExistSettings()).problems]
    assert codes == ["log-group-not-in-stack", "role-not-in-stack"]


def test_the_trails_are_in_the_order_of_their_urns() -> None:
    trails = [trail(name) for name in "bca"]
    assert [each.names.label for each in Stack(trails).trails()] == ["a", "b", "c"]


def test_a_role_that_the_stack_both_declares_and_reads() -> None:
    read = PlainResource(AWS_ROLE, "a-read", {**ROLE.given, "inlinePolicies": []})
    for resources in ([RIGHT, LOGS, ROLE, read], [RIGHT, LOGS, read, ROLE]):
        (given,) = Stack(resources).trails()
        assert log_group_and_role_exist.judge(given, ExistSettings()).answer is Answer.RIGHT
        assert role_can_deliver.judge(given, CanDeliverSettings()).answer is Answer.CANNOT_TELL
    (given,) = Stack([RIGHT, LOGS, read]).trails()
    assert role_can_deliver.judge(given, CanDeliverSettings()).answer is Answer.WRONG
