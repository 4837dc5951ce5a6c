"""What is found among the log groups and roles of a stack, and among those around it."""

from dataclasses import replace

import pytest

from cloudtrail_logs.model.arn import LogGroupArn, RoleArn
from cloudtrail_logs.model.declared import (
    DeclaredLogGroup,
    DeclaredRole,
    catalogue_of_log_groups,
    catalogue_of_roles,
    log_groups_of,
    may_be_nameless_log_group,
    may_be_nameless_role,
    roles_of,
)
from cloudtrail_logs.model.value import UNKNOWN, Text

ACCOUNT, REGION = "123456789012", "us-east-1"
GROUP = LogGroupArn("aws", REGION, ACCOUNT, "audit", wildcard=True)
ROLE = RoleArn("aws", ACCOUNT, "/", "audit")


def group(label: str, name: Text = "audit", beginning: Text = "audit") -> DeclaredLogGroup:
    return DeclaredLogGroup(label, name, beginning, UNKNOWN, False, REGION, ACCOUNT, "STANDARD")


def role(label: str, name: Text = "audit", beginning: Text = "audit") -> DeclaredRole:
    return DeclaredRole(label, name, "/", beginning, UNKNOWN, ACCOUNT, True)


NAMED, OTHER, NAMELESS = ("a", "audit", "audit"), ("b", "other", "other"), ("c", UNKNOWN, "aud")
ELSEWHERE = ("d", UNKNOWN, "log-")
Given = tuple[str, Text, Text]


@pytest.mark.parametrize(("own", "around", "found", "nameless"), [
    ([NAMED], [], ["a"], False),
    ([OTHER], [], [], False),
    ([NAMELESS], [], [], True),
    ([("c", UNKNOWN, "audit")], [], [], True),
    ([("c", UNKNOWN, "audit-")], [], [], False),
    ([("c", UNKNOWN, UNKNOWN)], [], [], True),
    ([ELSEWHERE], [], [], False),
    # What is around it counts where the stack itself has none.
    ([], [NAMED], ["a"], False),
    ([OTHER], [NAMED], ["a"], False),
    ([NAMED], [("e", "audit", "audit")], ["a"], False),
    ([], [OTHER], [], False),
    ([], [NAMELESS], [], True),
    ([OTHER, ELSEWHERE], [NAMELESS], [], True),
    ([OTHER, ELSEWHERE], [ELSEWHERE], [], False),
])  # fmt: skip
def test_what_an_arn_may_be_of(own: list[Given], around: list[Given], found: list[str], nameless: bool) -> None:
    groups = catalogue_of_log_groups(group(*each) for each in own)
    roles = catalogue_of_roles(role(*each) for each in own)
    if around:
        groups = replace(groups, around=catalogue_of_log_groups(group(*each) for each in around))
        roles = replace(roles, around=catalogue_of_roles(role(*each) for each in around))
    assert [each.label for each in log_groups_of(GROUP, groups)] == found
    assert [each.label for each in roles_of(ROLE, roles)] == found
    assert may_be_nameless_log_group(GROUP, groups) is nameless
    assert may_be_nameless_role(ROLE, roles) is nameless


def test_all_that_are_alike_are_two_at_most() -> None:
    many = [group(label) for label in "abcd"]
    delivery = [replace(group(label), log_group_class="DELIVERY") for label in "efg"]
    found = log_groups_of(GROUP, catalogue_of_log_groups([*delivery, *many]))
    assert [each.label for each in found] == ["e", "f", "a", "b"]
