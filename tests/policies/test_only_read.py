"""What `policy analyze` shows of resources that are only read: without inputs to the resource policy, then with outputs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.analyzers import Analyzer, Answer
from tests.stacks import (
    AWS_NATIVE,
    LOG_GROUP_ARN,
    NATIVE_ROLE,
    NATIVE_TRAIL,
    ROLE_ARN,
    TERRAFORM_TRAIL,
    TRUST_POLICY,
    Resource,
    log_group,
    role,
    trail,
)

EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
WIRED: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
ALLOWING = '{"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}'
READING = '{"Statement": {"Effect": "Allow", "Action": "logs:Get*", "Resource": "*"}}'


def answered(analyzer: Analyzer, stack: Sequence[Resource], only_read: Sequence[Resource]) -> Answer:
    """What the stack policies answer to `policy analyze`."""
    for resource in stack:
        analyzer.analyze(replace(resource, properties={}) if resource in only_read else resource)
    answer = analyzer.analyze_stack(stack)
    for resource in only_read:  # the real process serves other tests, too
        analyzer.analyze(resource)
    return answer


def analyzed(
    analyzer: Analyzer, stack: Sequence[Resource], only_read: Sequence[Resource]
) -> list[tuple[str, str, str]]:
    """The stack policies' codes, as `policy analyze` gets them: policy, resource, code."""
    reports = answered(analyzer, stack, only_read).reports
    return [(report.policy, report.urn.rpartition("::")[2], report.message.partition("]")[0][1:]) for report in reports]


@pytest.mark.parametrize("token", ["aws:cloudtrail/trail:Trail", TERRAFORM_TRAIL])
def test_a_trail_that_is_only_read_is_not_judged(token: str, analyzer: Analyzer) -> None:
    typed = trail("audit", token=token, **WIRED)
    managed = trail("other", token=token, **WIRED)
    expected = [(EXIST, name, "log-group-not-in-stack") for name in ("audit", "other")]
    assert analyzed(analyzer, [typed, managed], []) == expected
    assert analyzed(analyzer, [typed, managed], [typed]) == expected[1:]
    # Managed in the next run.
    assert analyzed(analyzer, [typed, managed], []) == expected


def test_a_stack_whose_only_trail_is_read(analyzer: Analyzer) -> None:
    native = trail("audit", token=NATIVE_TRAIL, provider=AWS_NATIVE, cloudWatchLogsLogGroupArn=f"{LOG_GROUP_ARN}:*")
    answer = answered(analyzer, [native], [native])
    assert answer.reports == ()
    why = "Every CloudTrail trail of this stack is exempt, or gives this policy nothing to check."
    assert answer.not_applicable[EXIST] == why
    assert analyzer.analyze_stack([]).not_applicable[EXIST] == "There is no CloudTrail trail in this stack."


LISTS: list[tuple[dict[str, Any], bool]] = [
    ({"inlinePolicies": [], "managedPolicyArns": []}, True),
    ({"inlinePolicies": [{"name": "reads", "policy": READING}], "managedPolicyArns": []}, True),
    ({"inlinePolicies": [{"name": "writes", "policy": ALLOWING}], "managedPolicyArns": []}, False),
    ({"inlinePolicies": [], "managedPolicyArns": ["arn:aws:iam::123456789012:policy/elsewhere"]}, False),
    ({"inlinePolicies": []}, False),
    ({"managedPolicyArns": []}, False),
    ({}, False),
]


@pytest.mark.parametrize(("lists", "is_wrong"), LISTS)
def test_a_role_that_is_only_read_is_judged_by_what_its_state_has(
    lists: dict[str, Any], is_wrong: bool, analyzer: Analyzer
) -> None:
    group, delivery = log_group(arn=LOG_GROUP_ARN), role(arn=ROLE_ARN, **lists)
    stack = [group, delivery, trail(**WIRED)]
    expected = [(CAN_DELIVER, "audit", "role-permission-missing")]
    assert analyzed(analyzer, stack, [delivery]) == (expected if is_wrong else [])


def test_a_role_that_is_managed_has_what_the_program_gives_it(analyzer: Analyzer) -> None:
    group, delivery = log_group(arn=LOG_GROUP_ARN), role(arn=ROLE_ARN)
    expected = [(CAN_DELIVER, "audit", "role-permission-missing")]
    assert analyzed(analyzer, [group, delivery, trail(**WIRED)], []) == expected


@pytest.mark.parametrize(("lists", "is_wrong"), [({"policies": [], "managedPolicyArns": []}, True), ({"policies": []}, False)])  # fmt: skip
def test_a_role_of_aws_native(lists: dict[str, Any], is_wrong: bool, analyzer: Analyzer) -> None:
    properties = {"roleName": "delivery", "arn": ROLE_ARN, "assumeRolePolicyDocument": TRUST_POLICY, **lists}
    delivery = Resource(NATIVE_ROLE, "delivery", properties, {}, AWS_NATIVE)
    stack = [log_group(arn=LOG_GROUP_ARN), delivery, trail(**WIRED)]
    expected = [(CAN_DELIVER, "audit", "role-permission-missing")]
    assert analyzed(analyzer, stack, [delivery]) == (expected if is_wrong else [])
