"""Why a role may not write, word for word, and what the shortened permissions must still answer."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.iam.aws_managed_policies import aws_managed_policy
from cloudtrail_logs.iam.denial import explain_denial
from cloudtrail_logs.iam.document import read_document
from cloudtrail_logs.iam.evaluation import allows, near
from cloudtrail_logs.iam.grant import Grant, NamedByArn
from cloudtrail_logs.iam.log_streams import log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.value import UNKNOWN, Truth

from ..rules.trails import ACCOUNT, LOG_GROUP_ARN

GROUP = LOG_GROUP_ARN.removesuffix(":*")
STREAMS = log_streams("aws", "us-east-1", ACCOUNT, "audit", of_organization=False)
ACTION = "logs:CreateLogStream"
REGIONAL = "arn:aws:logs:${aws:RequestedRegion}:*:log-group:audit:*"


def permissions(*statements: Any, boundary: Grant | None = None, version: str = "2012-10-17") -> Permissions:
    document = read_document({"Version": version, "Statement": statements})
    return Permissions((Grant('policy "p"', document),), True, boundary)


def allow(resource: Any, action: Any = ACTION, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def all_but(actions: Any, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": actions, "Resource": resource}


def by_arn(*statements: Any) -> Grant:
    (grant,) = permissions(*statements).grants
    return replace(grant, name='policy "q"', held=Truth.NO, named_by_arn=NamedByArn("role", False, ""))


AWS_MANAGED = Grant(
    'AWS managed policy "x"', aws_managed_policy("service-role/AWSControlTowerCloudTrailRolePolicy"), editable=False
)
BOUNDARY = Grant('The permissions boundary, policy "b",', read_document(json.dumps({"Version": "2012-10-17", "Statement": [allow("*", "s3:*")]})))  # fmt: skip

OTHER_GROUP = GROUP.replace(":audit", ":other")
OTHER_GROUP_ELSEWHERE = OTHER_GROUP.replace("us-east-1", "eu-west-1")
DENY_ALL = {"Effect": "Deny", "Action": "logs:*", "Resource": "*"}
SOURCE_ARN = {"StringEquals": {"aws:SourceArn": "x"}}
ALL_BUT = {"Effect": "Allow", "Action": "*", "NotResource": "*"}
ON_CONDITION = "of policy \"p\", but only under a condition that CloudTrail's role never meets: its requests have no aws:SourceArn and no aws:SourceAccount. Remove that condition."  # fmt: skip
LEFT_OUT = f'of policy "p", but its NotResource excludes the stream. Allow {{actions}} on {LOG_GROUP_ARN}.'  # fmt: skip
SOME_STREAMS = f'of policy "p", but its Resource {GROUP}:log-stream:x* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.'  # fmt: skip
AT_GROUP = f'of policy "p", but its Resource {GROUP} ends at the log group, and the permission is needed on its log streams. Append :* to it.'  # fmt: skip
PLACEHOLDER = f'of policy "p", but its Resource has a ${{…}} that is not a policy variable, so nothing replaces it. Set it to {LOG_GROUP_ARN}.'  # fmt: skip
EXCLUDED = 'of policy "p", but its NotAction excludes {actions}.'
IN_A_SEPARATE_STATEMENT = f"Allow {{actions}} on {LOG_GROUP_ARN} in a separate statement."
OUTSIDE_BOUNDARY = f'The permissions boundary, policy "b", does not allow it, and what a boundary does not allow is denied. Allow {{actions}} on {LOG_GROUP_ARN} in it.'  # fmt: skip
OTHER_ACTIONS = 'of policy "p", but it allows only other actions there. Add {actions} to it.'
TWICE = Grant('policy "q"', read_document(json.dumps(json.dumps({"Statement": []}))))


def with_boundary(*statements: Any, version: str = "2012-10-17") -> Permissions:
    """No policies, within a boundary."""
    boundary = read_document({"Version": version, "Statement": statements})
    return Permissions((), True, Grant("the boundary", boundary))


BY_ARN = "policy \"q\", but its property role is the ARN of the role, and IAM expects its name there. Set it to the role's name."  # fmt: skip
MANY_FAR = [f"arn:aws:s3:::bucket-{number}" for number in range(30)]
CASES = [
    (permissions(allow([*MANY_FAR, GROUP])), f"The closest match is statement 1 {AT_GROUP}"),
    (permissions(), "None of its policies allows it. Allow {actions} on " + LOG_GROUP_ARN + "."),
    (Permissions((), True, None), "It has no policy that could allow it. Allow {actions} on " + LOG_GROUP_ARN + "."),
    (permissions(allow(GROUP)), f'The closest match is statement 1 of policy "p", but its Resource {GROUP} ends at the log group, and the permission is needed on its log streams. Append :* to it.'),
    (permissions(allow("arn:aws:logs:eu-west-1:*:*"), allow(GROUP, Sid="Near")), f'The closest match is statement "Near" of policy "p", but its Resource {GROUP} ends at the log group, and the permission is needed on its log streams. Append :* to it.'),
    (permissions(allow(f"{GROUP}:log-stream:x*")), f'The closest match is statement 1 of policy "p", but its Resource {GROUP}:log-stream:x* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow("arn:aws:logs:eu-west-1:*:*")), f'The closest match is statement 1 of policy "p", but its Resource arn:aws:logs:eu-west-1:*:* has another region. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow("arn:aws:s3:::bucket/*")), f'The closest match is statement 1 of policy "p", but its Resource arn:aws:s3:::bucket/* has another service. Set it to {LOG_GROUP_ARN}.'),
    # what is no ARN; a name is shown only where it is certainly one
    *((permissions(allow(value)), f'The closest match is statement 1 of policy "p", but its Resource is not an ARN. Set it to {LOG_GROUP_ARN}.') for value in ("hunter2 is no ARN", "hunter2", "hunter2:*", "log-group:hunter2 is no name", "", "arn:aws:logs", "logs:us-east-1:*:log-group:audit:*")),
    *((permissions(allow(value)), f'The closest match is statement 1 of policy "p", but its Resource {value} is not an ARN. Set it to {LOG_GROUP_ARN}.') for value in ("audit", "audit:*", "audit*", "log-group:audit", "log-group:audit:*", "log-group:other", "log-group:other:*")),
    (permissions(allow("arn:aws:l?")), f'The closest match is statement 1 of policy "p", but its Resource is not an ARN. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow("?rn:aws:logs:us-east-1:*:log-group:other:*")), f'The closest match is statement 1 of policy "p", but its Resource has another log group. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow("arn:aws:lo*s")), f'The closest match is statement 1 of policy "p", but its Resource has another resource type. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow(["arn:aws:s3:::x", "log-group:other:*", "audit:*", OTHER_GROUP_ELSEWHERE])), f'The closest match is statement 1 of policy "p", but its Resource {OTHER_GROUP_ELSEWHERE} has another region. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow(["arn:aws:s3:::x", "log-group:other:*", "audit:*"])), f'The closest match is statement 1 of policy "p", but its Resource audit:* is not an ARN. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow("*", "logs:PutLogEvents")), 'The closest match is statement 1 of policy "p", but it allows only logs:PutLogEvents there. Add {actions} to it.'),
    (permissions(allow("*", Condition={"StringEquals": {"aws:SourceArn": "x"}})), "The closest match is statement 1 of policy \"p\", but only under a condition that CloudTrail's role never meets: its requests have no aws:SourceArn and no aws:SourceAccount. Remove that condition."),
    (permissions({"Effect": "Allow", "Action": "*", "NotResource": "*"}), f'The closest match is statement 1 of policy "p", but its NotResource excludes the stream. Allow {{actions}} on {LOG_GROUP_ARN}.'),
    (permissions(allow("*"), DENY_ALL), 'It is denied by statement 2 of policy "p". Exclude the log streams from that Deny.'),
    (Permissions((replace(permissions(DENY_ALL).grants[0], editable=False),), True, None), 'It is denied by statement 1 of policy "p". Detach that policy.'),
    (permissions(allow("*"), boundary=Grant("the boundary", read_document({"Statement": [allow("*"), DENY_ALL]}))), "It is denied by statement 2 of the boundary. Exclude the log streams from that Deny."),
    (permissions(allow("*"), boundary=BOUNDARY), OUTSIDE_BOUNDARY),
    (permissions(allow("*"), boundary=replace(BOUNDARY, editable=False)), f'The permissions boundary, policy "b", does not allow it, and what a boundary does not allow is denied. Use one that allows {{actions}} on {LOG_GROUP_ARN}.'),
    (Permissions((AWS_MANAGED,), True, None), f'The closest match is statement 1 of AWS managed policy "x", but its Resource arn:*:logs:*:*:log-group:aws-controltower/CloudTrailLogs*:* has another log group. Allow {{actions}} on {LOG_GROUP_ARN} in a policy of your own.'),
    # the closest of two
    (permissions(allow("*", "logs:PutLogEvents"), allow("*", Condition=SOURCE_ARN)), f"The closest match is statement 2 {ON_CONDITION}"),
    (permissions(allow("*", Condition=SOURCE_ARN), ALL_BUT), f"The closest match is statement 2 {LEFT_OUT}"),
    (permissions(allow("*", Condition=SOURCE_ARN), allow(f"{GROUP}:log-stream:x*")), f"The closest match is statement 2 {SOME_STREAMS}"),
    (permissions(ALL_BUT, allow(GROUP)), f"The closest match is statement 2 {AT_GROUP}"),
    (permissions(allow(f"{GROUP}:log-stream:x*"), allow(GROUP)), f"The closest match is statement 2 {AT_GROUP}"),
    (permissions(allow([OTHER_GROUP, GROUP])), f"The closest match is statement 1 {AT_GROUP}"),
    (permissions(allow(["arn:aws:logs:eu-west-1:*:*", OTHER_GROUP])), f'The closest match is statement 1 of policy "p", but its Resource {OTHER_GROUP} has another log group. Set it to {LOG_GROUP_ARN}.'),
    (Permissions((TWICE, *permissions(allow("*", "s3:*")).grants), True, None), 'The closest match is statement 1 of policy "p", but it allows only s3:* there. Add {actions} to it.'),
    (Permissions((*permissions(allow("arn:aws:s3:::x")).grants, TWICE), True, None), 'The closest match is policy "q", but it is encoded twice: it is a JSON string within a JSON string, which IAM rejects. Encode it once.'),
    # of a long list, only the first hundred reasons
    (permissions(*[allow("arn:aws:s3:::x")] * 99, allow(GROUP)), f"The closest match is statement 100 {AT_GROUP}"),
    (permissions(*[allow("arn:aws:s3:::x")] * 100, allow(GROUP)), f'The closest match is statement 1 of policy "p", but its Resource arn:aws:s3:::x has another service. Set it to {LOG_GROUP_ARN}.'),
    # the actions that are shown
    (permissions(allow("*", ["logs:Get*", "s3:*"])), 'The closest match is statement 1 of policy "p", but it allows only logs:Get* and s3:* there. Add {actions} to it.'),
    (permissions(allow("*", ["a:b", "a:c", "a:d"])), 'The closest match is statement 1 of policy "p", but it allows only a:b and a:c and a:d there. Add {actions} to it.'),
    (permissions(allow("*", ["a:b", "a:c", "a:d", "a:e"])), f"The closest match is statement 1 {OTHER_ACTIONS}"),
    (permissions(allow("*", "hunter2 is no action")), f"The closest match is statement 1 {OTHER_ACTIONS}"),
    (permissions(allow("*", ["hunter2 is no action", "a:b"])), 'The closest match is statement 1 of policy "p", but it allows only a:b there. Add {actions} to it.'),
    (permissions(allow("*", [])), f"The closest match is statement 1 {OTHER_ACTIONS}"),
    # a NotAction, to which an action that is added is excluded once more
    (permissions(all_but("logs:*")), f"The closest match is statement 1 {EXCLUDED} {IN_A_SEPARATE_STATEMENT}"),
    (permissions(all_but(["iam:*", "logs:Create*", ACTION])), f"The closest match is statement 1 {EXCLUDED} {IN_A_SEPARATE_STATEMENT}"),
    (permissions(all_but(["iam:*", ACTION])), f"The closest match is statement 1 {EXCLUDED} Remove {{actions}} from it."),
    (permissions(all_but([ACTION.upper(), "logs:PutLogEvents", "logs:Get*"])), f"The closest match is statement 1 {EXCLUDED} Remove {{actions}} from it."),
    (permissions(all_but([ACTION, UNKNOWN])), f"The closest match is statement 1 {EXCLUDED} Remove {{actions}} from it."),
    (permissions(all_but(ACTION)), f"The closest match is statement 1 {EXCLUDED} {IN_A_SEPARATE_STATEMENT}"),
    (permissions(all_but(["logs:PutLogEvents", ACTION])), f"The closest match is statement 1 {EXCLUDED} {IN_A_SEPARATE_STATEMENT}"),
    (Permissions((replace(permissions(all_but(["iam:*", ACTION])).grants[0], editable=False),), True, None), f"The closest match is statement 1 {EXCLUDED} Allow {{actions}} on {LOG_GROUP_ARN} in a policy of your own."),
    # a policy that the role would have if it was not named by its ARN
    (Permissions((by_arn(allow("*")),), True, None), 'The closest match is policy "q", but its property role is the ARN of the role, and IAM expects its name there. Set it to the role\'s name.'),
    (Permissions((replace(by_arn(allow("*")), editable=False, named_by_arn=NamedByArn("roles", True, '"a" (aws:iam:PolicyAttachment)')),), True, None), 'The closest match is policy "q", but property roles of "a" (aws:iam:PolicyAttachment) lists the ARN of the role, and IAM expects its name there. Set that entry to the role\'s name.'),
    (Permissions((replace(by_arn(), document=UNKNOWN), *permissions(allow(GROUP)).grants), True, None), f"The closest match is {BY_ARN}"),
    (Permissions((by_arn(allow("*")), *permissions(allow(GROUP)).grants), True, None), f"The closest match is {BY_ARN}"),
    (Permissions((by_arn(allow("*", "s3:*")), *permissions(allow("*", "logs:Get*")).grants), True, None), 'The closest match is statement 1 of policy "p", but it allows only logs:Get* there. Add {actions} to it.'),
    (Permissions((by_arn(allow("*", "s3:*")), *permissions(allow(MANY_FAR)).grants), True, None), f"The closest match is {BY_ARN}"),
    (Permissions((by_arn(DENY_ALL), *permissions(allow("*", "s3:*")).grants), True, None), 'The closest match is statement 1 of policy "p", but it allows only s3:* there. Add {actions} to it.'),
    # a Deny that is not the reason
    (permissions(allow("*", "s3:*"), {**DENY_ALL, "Effect": "Deny", "Action": "s3:*"}), 'The closest match is statement 1 of policy "p", but it allows only s3:* there. Add {actions} to it.'),
    (permissions({**DENY_ALL, "Effect": UNKNOWN}, boundary=BOUNDARY), OUTSIDE_BOUNDARY),
    (permissions({**DENY_ALL, "Principal": "*"}, boundary=BOUNDARY), OUTSIDE_BOUNDARY),
    (Permissions((replace(permissions(DENY_ALL).grants[0], held=Truth.MAYBE),), True, BOUNDARY), OUTSIDE_BOUNDARY),
    # a boundary that is not the reason, and one that is
    (permissions(allow("*", "s3:*"), boundary=replace(BOUNDARY, document=UNKNOWN)), 'The closest match is statement 1 of policy "p", but it allows only s3:* there. Add {actions} to it.'),
    (permissions(allow("*", "s3:*"), boundary=BOUNDARY), OUTSIDE_BOUNDARY),
    (permissions(allow("*"), boundary=replace(TWICE, name="the boundary")), "The boundary is encoded twice: it is a JSON string within a JSON string, which IAM rejects. Encode it once."),
    # variables, which only the newer version has
    (with_boundary(allow(REGIONAL)), f"It has no policy that could allow it. Allow {{actions}} on {LOG_GROUP_ARN}."),
    (with_boundary(allow(REGIONAL), version="2008-10-17"), f"The boundary does not allow it, and what a boundary does not allow is denied. Allow {{actions}} on {LOG_GROUP_ARN} in it."),
    (permissions(allow(REGIONAL.replace("audit", "other"))), f'The closest match is statement 1 of policy "p", but its Resource has another log group. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow(REGIONAL, "s3:*")), 'The closest match is statement 1 of policy "p", but it allows only s3:* there. Add {actions} to it.'),
    (permissions(allow(REGIONAL, "s3:*"), version="2008-10-17"), f"None of its policies allows it. Allow {{actions}} on {LOG_GROUP_ARN}."),
    # what is no variable
    (permissions(allow([GROUP, "${group.arn}:*"])), f"The closest match is statement 1 {AT_GROUP}"),
    (permissions(allow("${group.arn}:*"), allow(GROUP)), f"The closest match is statement 1 {PLACEHOLDER}"),
    (permissions(allow(f"{GROUP}:log-stream:${{account}}_*")), f"The closest match is statement 1 {PLACEHOLDER}"),
    (permissions(allow(REGIONAL.replace("aws:RequestedRegion", "region"))), f"The closest match is statement 1 {PLACEHOLDER}"),
    (permissions(allow("${group.arn}:*"), version="2008-10-17"), f'The closest match is statement 1 of policy "p", but its Resource is not an ARN. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow("${*}")), f'The closest match is statement 1 of policy "p", but its Resource is not an ARN. Set it to {LOG_GROUP_ARN}.'),
    (permissions(allow(REGIONAL), version="2008-10-17"), f'The closest match is statement 1 of policy "p", but its Resource has another region. Set it to {LOG_GROUP_ARN}.'),
]  # fmt: skip


@pytest.mark.parametrize(("held", "why"), CASES, ids=[why[:60] for _, why in CASES])
def test_why(held: Permissions, why: str) -> None:
    answer = allows(held, ACTION, STREAMS)
    assert answer.allowed is Truth.NO
    assert answer.refused
    assert explain_denial(held, ACTION, answer.refused) == why


OWN, OF_MEMBER = f"{GROUP}:log-stream:{ACCOUNT}_CloudTrail_us-east-1", f"{GROUP}:log-stream:o-*_111122223333_*"
OTHER_STREAMS, TYPO = f"{GROUP}:log-stream:cloudtrail*", f"{GROUP}:log-stream:o-*_CloudTrail_eu-west-1"


@pytest.mark.parametrize(
    ("resources", "closest"),
    [
        ([f"{OWN}*", OF_MEMBER], OF_MEMBER),
        ([OF_MEMBER, f"{OWN}*"], OF_MEMBER),
        ([f"{OWN}*", OTHER_STREAMS, TYPO], TYPO),
        ([f"{OWN}*", TYPO, OF_MEMBER], OF_MEMBER),
        ([f"{OWN}*", f"{GROUP}:stream*", TYPO], TYPO),
        ([f"{OWN}*", OTHER_STREAMS], f"{OWN}*"),
        ([f"{GROUP}:log-stream:o-*", OWN], OWN),
        ([f"{GROUP}:log-stream:o-*", OTHER_STREAMS, f"{OWN}_1"], f"{OWN}_1"),
        ([f"{GROUP}:log-stream:o-*", f"{GROUP}:log-stream:2109*"], f"{GROUP}:log-stream:2109*"),
        ([f"{GROUP}:log-stream:o-*", f"{GROUP}:log-stream:*_eu-west-1"], f"{GROUP}:log-stream:*_eu-west-1"),
    ],
)
@pytest.mark.parametrize("separate", [False, True])
def test_of_several_resources_the_one_about_the_missing_streams_is_named(
    resources: list[str], closest: str, separate: bool
) -> None:
    held = permissions(*(allow(each) for each in (resources if separate else [resources])))
    answer = allows(held, ACTION, log_streams("aws", "us-east-1", ACCOUNT, "audit", of_organization=True))
    assert answer.refused
    place = resources.index(closest) + 1 if separate else 1
    assert explain_denial(held, ACTION, answer.refused) == (
        f'The closest match is statement {place} of policy "p", but its Resource {closest} does not cover all of its '
        f"streams. Set it to {LOG_GROUP_ARN}."
    )


@pytest.mark.parametrize("account", [ACCOUNT, UNKNOWN])
@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        (REGIONAL, Truth.MAYBE),
        (["arn:aws:s3:::x", REGIONAL], Truth.MAYBE),
        (["arn:aws:s3:::x", "*"], Truth.YES),
        (["arn:aws:s3:::x"], Truth.NO),
        (UNKNOWN, Truth.MAYBE),
    ],
)
def test_what_is_far_is_left_out_and_the_answer_stays(resource: Any, allowed: Truth, account: Any) -> None:
    streams = log_streams("aws", "us-east-1", account, "audit", of_organization=True)
    document = read_document({"Version": "2012-10-17", "Statement": [allow(resource)]})
    held = Permissions((Grant("p", document),), True, None)
    assert allows(held, ACTION, streams).allowed is allowed
    for _ in ("looked through", "looked up"):
        assert allows(near(held, streams), ACTION, streams).allowed is allowed
