"""The existence rule: what each property was made of, and what the stack declares, with the exact lines."""

from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.configuration.settings import ExistSettings, ExternalTargets
from cloudtrail_logs.model.arn import LogGroupArn, RoleArn
from cloudtrail_logs.model.aws_answers import ExistenceQuestion, Presence, Unavailable
from cloudtrail_logs.model.declared import (
    Declarations,
    DeclaredLogGroup,
    DeclaredRole,
    Origin,
    OtherResource,
    Source,
    catalogue_of_log_groups,
    catalogue_of_roles,
)
from cloudtrail_logs.model.trail import StackNames, Trail
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotText
from cloudtrail_logs.model.verdict import Answer, Verdict
from cloudtrail_logs.rules import log_group_and_role_exist as rule
from cloudtrail_logs.rules.trail_in_stack import NO_ANSWERS, Answers

from .trails import ACCOUNT, AWS_NATIVE, LOG_GROUP_ARN, OTHER_ACCOUNT, PLAIN_TEXT, READ, ROLE_ARN, InStack, trail

AUDIT = DeclaredLogGroup("audit-logs", "audit", "audit", UNKNOWN, False, "us-east-1", ABSENT, UNKNOWN)
NATIVE = replace(AUDIT, label="native-logs", arn_has_wildcard=True)
DELIVERY = DeclaredRole("delivery-role", "delivery", "/", "delivery", UNKNOWN, ABSENT, True)

BUCKET = OtherResource("logs", "aws:s3:Bucket", mistaken=True)
PARAMETER = OtherResource("arn", "aws:ssm:Parameter")
PROFILE = OtherResource("web", "aws:iam:InstanceProfile", mistaken=True)
ROLE_FOR_GROUP = OtherResource("delivery-role", "aws:iam:Role", counterpart=True)
GROUP_FOR_ROLE = OtherResource("audit-logs", "aws:cloudwatch:LogGroup", counterpart=True)

FIRST_PREVIEW = trail(log_group_arn=UNKNOWN, role_arn=UNKNOWN)


def from_resources(*sources: Any) -> Source[Any]:
    others = tuple(source for source in sources if isinstance(source, OtherResource))
    targets = tuple(source for source in sources if not isinstance(source, OtherResource))
    return Source(Origin.RESOURCES, targets, others)


NO_SETTINGS = ExistSettings()


def declared_by(*declared: DeclaredLogGroup | DeclaredRole) -> Declarations:
    log_groups = catalogue_of_log_groups(each for each in declared if isinstance(each, DeclaredLogGroup))
    roles = catalogue_of_roles(each for each in declared if isinstance(each, DeclaredRole))
    return Declarations(log_groups, roles, lambda: log_groups, lambda: log_groups, lambda: ())


def judge(
    judged: Trail,
    group: Source[Any] = PLAIN_TEXT,
    role: Source[Any] = PLAIN_TEXT,
    declared: tuple[DeclaredLogGroup | DeclaredRole, ...] = (),
    unused: tuple[DeclaredLogGroup, ...] = (),
    settings: ExistSettings = NO_SETTINGS,
    answers: Answers = NO_ANSWERS,
    telemetry_rules: tuple[str, ...] = (),
) -> Verdict:
    not_used = catalogue_of_log_groups(unused)
    declarations = replace(declared_by(*declared), unused=lambda: not_used, telemetry_rules=lambda: telemetry_rules)
    return rule.judge(InStack(judged, group, role, declarations), settings, answers)


AS_PLAIN_TEXT = "This value reaches the policy as plain text"
GROUP_ELSEWHERE = ' (log group "audit-logs" of this stack has that name, but another region or account)'
GROUP_UNCONFIRMED = f"[log-group-not-in-stack] cloudWatchLogsGroupArn is {LOG_GROUP_ARN}. {AS_PLAIN_TEXT}, so whether the log group exists cannot be verified here. Declare the log group in this stack, read it with LogGroup.get, take its ARN from a StackReference, or list it in this policy's externalLogGroups."  # fmt: skip
GROUP_UNCONFIRMED_AS_CODE = GROUP_UNCONFIRMED.replace(LOG_GROUP_ARN, f"`{LOG_GROUP_ARN}`")
GROUP_SUGGESTED = ' Or set it to the ARN of log group "audit-logs", followed by `:*`.'
ROLE_UNCONFIRMED = f"[role-not-in-stack] cloudWatchLogsRoleArn is {ROLE_ARN}. {AS_PLAIN_TEXT}, so whether the role exists cannot be verified here. Declare the role in this stack, read it with Role.get, take its ARN from a StackReference, or list it in this policy's externalRoles."  # fmt: skip


# --- nothing is named


@pytest.mark.parametrize(
    ("group", "role", "names_any"),
    [
        (ABSENT, ABSENT, False),
        ("hunter2", ABSENT, False),
        (ABSENT, "hunter2", False),
        (NotText("a list"), ROLE_ARN.replace("role/", "user/"), False),
        (UNKNOWN, ABSENT, True),
        ("hunter2", UNKNOWN, True),
        (LOG_GROUP_ARN, "hunter2", True),
        ("hunter2", ROLE_ARN, True),
    ],
)
def test_what_is_no_arn_names_nothing_to_judge(group: Any, role: Any, names_any: bool) -> None:
    verdict = judge(trail(log_group_arn=group, role_arn=role))
    assert verdict.remark == ("" if names_any else "the trail names no log group and no role")


# --- unknown: Pulumi's dependencies tell


def test_a_first_preview_of_a_correct_program_is_right() -> None:
    verdict = judge(FIRST_PREVIEW, from_resources(AUDIT), from_resources(DELIVERY), (AUDIT, DELIVERY))
    assert (verdict.message, verdict.answer) == ("", Answer.RIGHT)


def test_what_is_read_is_confirmed() -> None:
    assert judge(FIRST_PREVIEW, READ, READ).answer is Answer.RIGHT
    assert judge(trail(), READ, READ).answer is Answer.RIGHT


@pytest.mark.parametrize(
    "source",
    [
        PLAIN_TEXT,
        from_resources(PARAMETER),
        from_resources(BUCKET, PARAMETER),
        from_resources(BUCKET, PROFILE),  # made of several things: it may be any text
        from_resources(AUDIT, NATIVE),
        from_resources(AUDIT, PARAMETER),
        from_resources(AUDIT, NATIVE, BUCKET),
        from_resources(OtherResource("key", "aws:kms:Key")),  # its account may be a part of the ARN
        from_resources(ROLE_FOR_GROUP),
    ],
)
def test_an_unknown_that_may_be_anything_cannot_be_told(source: Source[Any]) -> None:
    verdict = judge(FIRST_PREVIEW, source, from_resources(DELIVERY), (replace(AUDIT, region="eu-west-1"), DELIVERY))
    assert (verdict.message, verdict.answer) == ("", Answer.CANNOT_TELL)
    assert verdict.waits_on == ("cloudWatchLogsGroupArn",)


@pytest.mark.parametrize("source", [PLAIN_TEXT, from_resources(PARAMETER), from_resources(DELIVERY, replace(DELIVERY, label="b"))])  # fmt: skip
def test_an_unknown_role_that_may_be_anything_cannot_be_told(source: Source[Any]) -> None:
    verdict = judge(FIRST_PREVIEW, from_resources(AUDIT), source, (AUDIT, DELIVERY))
    assert (verdict.message, verdict.waits_on) == ("", ("cloudWatchLogsRoleArn",))


@pytest.mark.parametrize(
    ("declared", "instead"),
    [
        ((), "the ARN of a log group, ending in :*"),
        ((AUDIT,), 'the ARN of log group "audit-logs", followed by :*'),
        ((NATIVE,), 'the ARN of log group "native-logs", which ends in :* already'),
        ((AUDIT, NATIVE), 'the ARN of log group "audit-logs" or "native-logs", ending in :*'),
        ((replace(AUDIT, region=ABSENT),), 'the ARN of log group "audit-logs", followed by :*'),
        ((replace(AUDIT, region="eu-west-1"),), "the ARN of a log group, ending in :*"),
        ((replace(AUDIT, log_group_class="DELIVERY"),), "the ARN of a log group, ending in :*"),
        ((replace(AUDIT, beginning="/aws/lambda/api"),), "the ARN of a log group, ending in :*"),
        ((replace(AUDIT, account=OTHER_ACCOUNT),), 'the ARN of log group "audit-logs", followed by :*'),
        (
            tuple(replace(AUDIT, label=label) for label in "abcde"),
            'the ARN of log group "a", "b", "c" or 2 more, followed by :*',
        ),
    ],
)
def test_a_log_group_of_wrong_type(declared: tuple[DeclaredLogGroup, ...], instead: str) -> None:
    verdict = judge(FIRST_PREVIEW, from_resources(BUCKET), from_resources(DELIVERY), declared)
    assert verdict.message == (
        '[log-group-wrong-type] cloudWatchLogsGroupArn comes from "logs" (aws:s3:Bucket), which is not a log group. '
        f"Set it to {instead}."
    )


@pytest.mark.parametrize(
    ("declared", "instead"),
    [
        ((), "the ARN of a role that cloudtrail.amazonaws.com may assume"),
        ((DELIVERY,), 'the ARN of role "delivery-role"'),
        ((replace(DELIVERY, trusts_cloudtrail=False),), "the ARN of a role that cloudtrail.amazonaws.com may assume"),
    ],
)
def test_a_role_of_wrong_type(declared: tuple[DeclaredRole, ...], instead: str) -> None:
    verdict = judge(FIRST_PREVIEW, from_resources(AUDIT), from_resources(PROFILE), declared)
    assert verdict.message == (
        '[role-wrong-type] cloudWatchLogsRoleArn comes from "web" (aws:iam:InstanceProfile), which is not a role. '
        f"Set it to {instead}."
    )


def test_a_log_group_and_a_role_that_are_crossed() -> None:
    verdict = judge(FIRST_PREVIEW, from_resources(ROLE_FOR_GROUP), from_resources(GROUP_FOR_ROLE), (AUDIT, DELIVERY))
    assert verdict.message.split("\n") == [
        '[log-group-wrong-type] cloudWatchLogsGroupArn comes from "delivery-role" (aws:iam:Role), which is not a log group. Set it to the ARN of log group "audit-logs", followed by :*.',
        '[role-wrong-type] cloudWatchLogsRoleArn comes from "audit-logs" (aws:cloudwatch:LogGroup), which is not a role. Set it to the ARN of role "delivery-role".',
    ]


def test_only_what_may_be_of_the_trails_account_is_suggested() -> None:
    judged = replace(FIRST_PREVIEW, account=ACCOUNT)
    near, far = replace(AUDIT, label="near", account=ACCOUNT), replace(AUDIT, label="far", account=OTHER_ACCOUNT)
    for declared, instead in (
        ((near, far, replace(AUDIT, account=UNKNOWN)), 'the ARN of log group "near" or "audit-logs", followed by :*'),
        ((far,), "the ARN of a log group, ending in :*"),
    ):
        assert judge(judged, from_resources(BUCKET), READ, declared).message.endswith(f"Set it to {instead}.")


# --- known: the ARN itself tells


@pytest.mark.parametrize(
    "group",
    [
        AUDIT,
        replace(AUDIT, arn=LOG_GROUP_ARN.removesuffix(":*")),
        replace(AUDIT, arn=LOG_GROUP_ARN),
        replace(AUDIT, region=ABSENT),
        replace(AUDIT, region=UNKNOWN, account=ACCOUNT),
    ],
)
def test_a_known_log_group_of_the_stack(group: DeclaredLogGroup) -> None:
    assert judge(trail(), PLAIN_TEXT, READ, (group,)).answer is Answer.RIGHT


@pytest.mark.parametrize(
    "group",
    [
        replace(AUDIT, name="audi"),
        replace(AUDIT, name="Audit"),
        replace(AUDIT, region="eu-west-1"),
        replace(AUDIT, account=OTHER_ACCOUNT),
        replace(AUDIT, arn=LOG_GROUP_ARN.replace("us-east-1", "us-east-2")),
        replace(AUDIT, arn=LOG_GROUP_ARN.replace("arn:aws:", "arn:aws-cn:")),
        replace(AUDIT, name=UNKNOWN, region="eu-west-1"),
    ],
)
def test_a_known_log_group_of_nobody(group: DeclaredLogGroup) -> None:
    unusable = replace(group, log_group_class="DELIVERY")  # so that it is not suggested either
    namesake = GROUP_ELSEWHERE if group.name == "audit" else ""
    expected = GROUP_UNCONFIRMED.replace("verified here.", f"verified here{namesake}.")
    assert judge(trail(), PLAIN_TEXT, READ, (unusable,)).message == expected
    made_of_it = expected.replace(
        AS_PLAIN_TEXT, 'It is made of log group "audit-logs" of this stack, but is not its ARN'
    )
    assert judge(trail(), from_resources(unusable), READ, (unusable,)).message == made_of_it
    # a read beside another resource leaves no trace
    assert judge(trail(), from_resources(BUCKET), READ, (unusable,)).answer is Answer.CANNOT_TELL


def test_a_log_group_that_would_do_is_suggested() -> None:
    other = replace(AUDIT, name="other")
    message = judge(trail(), PLAIN_TEXT, READ, (other,)).message
    assert message == f"{GROUP_UNCONFIRMED_AS_CODE}{GROUP_SUGGESTED}"


@pytest.mark.parametrize(
    ("judged", "log_group", "role", "suggested"),
    [
        (trail(account=ACCOUNT), {"account": ACCOUNT}, {"account": ACCOUNT}, True),
        (trail(account=ACCOUNT), {"account": OTHER_ACCOUNT}, {"account": OTHER_ACCOUNT}, False),
        (trail(account=ABSENT), {"account": OTHER_ACCOUNT}, {"account": OTHER_ACCOUNT}, True),
        (trail(region=ABSENT), {"region": ABSENT}, {}, True),
    ],
)
def test_only_what_may_be_of_the_trails_place_is_suggested_for_known_arns(
    judged: Trail, log_group: dict[str, Any], role: dict[str, Any], suggested: bool
) -> None:
    declared = (replace(AUDIT, name="other", **log_group), replace(DELIVERY, name="other", **role))
    of_group = f"{GROUP_UNCONFIRMED_AS_CODE}{GROUP_SUGGESTED}" if suggested else GROUP_UNCONFIRMED
    of_role = ' Or set it to the ARN of role "delivery-role".' if suggested else ""
    assert judge(judged, declared=declared).message == f"{of_group}\n{ROLE_UNCONFIRMED}{of_role}"


def test_a_log_group_of_another_region_is_not_suggested_for_a_known_arn() -> None:
    assert (
        judge(trail(), PLAIN_TEXT, READ, (replace(AUDIT, name="other", region="eu-west-1"),)).message
        == GROUP_UNCONFIRMED
    )


def test_a_role_of_another_account_is_not_suggested_instead_of_another_type() -> None:
    judged, role = replace(FIRST_PREVIEW, account=ACCOUNT), replace(DELIVERY, account=OTHER_ACCOUNT)
    for declared, instead in (
        (replace(role, account=ACCOUNT), 'the ARN of role "delivery-role"'),
        (role, "the ARN of a role that cloudtrail.amazonaws.com may assume"),
    ):
        message = judge(judged, READ, from_resources(PROFILE), (declared,)).message
        assert message.endswith(f"which is not a role. Set it to {instead}.")


def test_log_groups_without_known_names_in_several_accounts() -> None:
    far, near = (replace(AUDIT, name=UNKNOWN, account=account) for account in (OTHER_ACCOUNT, ACCOUNT))
    assert judge(trail(), PLAIN_TEXT, READ, (far,)).answer is Answer.WRONG
    assert judge(trail(), PLAIN_TEXT, READ, (far, near)).answer is Answer.CANNOT_TELL


def test_a_log_group_without_a_known_name_may_be_the_one() -> None:
    assert judge(trail(), PLAIN_TEXT, READ, (replace(AUDIT, name=UNKNOWN),)).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    "role",
    [
        DELIVERY,
        replace(DELIVERY, path=ABSENT),
        replace(DELIVERY, path=UNKNOWN),
        replace(DELIVERY, arn=ROLE_ARN),
        replace(DELIVERY, account=ACCOUNT),
    ],
)
def test_a_known_role_of_the_stack(role: DeclaredRole) -> None:
    assert judge(trail(), READ, PLAIN_TEXT, (role,)).answer is Answer.RIGHT


@pytest.mark.parametrize(
    "role",
    [
        replace(DELIVERY, name="Delivery"),
        replace(DELIVERY, path="/service-role/"),
        replace(DELIVERY, account=OTHER_ACCOUNT),
        replace(DELIVERY, arn=ROLE_ARN.replace("role/", "role/x/")),
    ],
)
def test_a_known_role_of_nobody(role: DeclaredRole) -> None:
    untrusted = replace(role, trusts_cloudtrail=False)
    namesake = (
        ' (role "delivery-role" of this stack has that name, but another path or account)'
        if role.name == "delivery"
        else ""
    )
    expected = ROLE_UNCONFIRMED.replace("verified here.", f"verified here{namesake}.")
    assert judge(trail(), READ, PLAIN_TEXT, (untrusted,)).message == expected
    made_of_it = expected.replace(AS_PLAIN_TEXT, 'It is made of role "delivery-role" of this stack, but is not its ARN')
    assert judge(trail(), READ, from_resources(untrusted), (untrusted,)).message == made_of_it
    assert judge(trail(), READ, from_resources(PARAMETER), (untrusted,)).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize(("path", "answer"), [(ABSENT, Answer.WRONG), ("/", Answer.WRONG), ("/x/", Answer.RIGHT), (UNKNOWN, Answer.RIGHT)])  # fmt: skip
def test_a_role_without_a_path_is_not_one_of_a_path(path: Any, answer: Answer) -> None:
    judged = trail(role_arn=ROLE_ARN.replace("role/", "role/x/"))
    assert judge(judged, READ, PLAIN_TEXT, (replace(DELIVERY, path=path),)).answer is answer


def test_a_role_that_would_do_is_suggested() -> None:
    other = replace(DELIVERY, name="other")
    message = judge(trail(), READ, PLAIN_TEXT, (other,)).message
    assert message == f'{ROLE_UNCONFIRMED} Or set it to the ARN of role "delivery-role".'


def test_a_role_without_a_known_name_may_be_the_one() -> None:
    assert judge(trail(), READ, PLAIN_TEXT, (replace(DELIVERY, name=UNKNOWN),)).waits_on == ("cloudWatchLogsRoleArn",)


def test_both_are_reported_a_line_each() -> None:
    assert judge(trail()).message == f"{GROUP_UNCONFIRMED}\n{ROLE_UNCONFIRMED}"


@pytest.mark.parametrize("value", ["audit", NotText("a list"), f"{LOG_GROUP_ARN}:*"])
def test_what_the_integration_rule_reports_is_not_reported_again(value: Any) -> None:
    assert (
        judge(trail(log_group_arn=value, role_arn=value), PLAIN_TEXT, PLAIN_TEXT, (AUDIT, DELIVERY), (AUDIT,)).message
        == ""
    )


# --- the class of the log group


@pytest.mark.parametrize(("judged", "source"), [(FIRST_PREVIEW, from_resources(AUDIT)), (trail(), PLAIN_TEXT)])
def test_a_log_group_of_class_delivery(judged: Trail, source: Source[Any]) -> None:
    for log_group_class, line in (
        ("DELIVERY", '[log-group-class-delivery] cloudWatchLogsGroupArn names log group "audit-logs", whose class is DELIVERY, which takes no events from CloudTrail. Declare it with class STANDARD or INFREQUENT_ACCESS, or set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*.'),
        ("INFREQUENT_ACCESS", ""),
        (UNKNOWN, ""),
        (ABSENT, ""),
    ):  # fmt: skip
        group = replace(AUDIT, log_group_class=log_group_class)
        made_of = from_resources(group) if source.origin is Origin.RESOURCES else source
        assert judge(judged, made_of, READ, (group,)).message == line


# --- where the log group and the role live, while an ARN is unknown


def test_a_log_group_in_another_region() -> None:
    elsewhere = replace(AUDIT, region="eu-west-1")
    assert judge(FIRST_PREVIEW, from_resources(elsewhere), READ, (elsewhere,)).message == (
        '[region-mismatch] cloudWatchLogsGroupArn comes from log group "audit-logs", which is declared in eu-west-1, '
        "but the trail's home region is us-east-1, and CloudTrail delivers only to a log group in that region. "
        "Declare the log group in us-east-1."
    )


@pytest.mark.parametrize(("of_group", "of_trail"), [(ABSENT, "us-east-1"), (UNKNOWN, "us-east-1"), ("eu-west-1", ABSENT)])  # fmt: skip
def test_a_region_that_nothing_says_fits(of_group: Any, of_trail: Any) -> None:
    group = replace(AUDIT, region=of_group)
    assert judge(replace(FIRST_PREVIEW, region=of_trail), from_resources(group), READ, (group,)).message == ""


ACCOUNTS = [
    # trail, log group, role: what is said
    (ACCOUNT, OTHER_ACCOUNT, ACCOUNT, False, f"cloudWatchLogsGroupArn comes from account {OTHER_ACCOUNT}, but the trail is created in account {ACCOUNT}. Declare its log group and its role there."),
    (ACCOUNT, ACCOUNT, OTHER_ACCOUNT, False, f"cloudWatchLogsRoleArn comes from account {OTHER_ACCOUNT}, but the trail is created in account {ACCOUNT}. Declare its log group and its role there."),
    (ACCOUNT, OTHER_ACCOUNT, OTHER_ACCOUNT, False, f"cloudWatchLogsGroupArn comes from account {OTHER_ACCOUNT} and cloudWatchLogsRoleArn comes from account {OTHER_ACCOUNT}, but the trail is created in account {ACCOUNT}. Declare its log group and its role there."),
    (ABSENT, ACCOUNT, OTHER_ACCOUNT, False, f"cloudWatchLogsGroupArn comes from account {ACCOUNT} and cloudWatchLogsRoleArn from account {OTHER_ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Declare both in one account."),
    (ACCOUNT, OTHER_ACCOUNT, ACCOUNT, True, f"cloudWatchLogsGroupArn comes from account {OTHER_ACCOUNT} and cloudWatchLogsRoleArn from account {ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Declare both in one account."),
    # an organization trail of a delegated administrator
    (ACCOUNT, OTHER_ACCOUNT, OTHER_ACCOUNT, True, None),
    (ABSENT, ACCOUNT, ABSENT, False, None),
    (ACCOUNT, ACCOUNT, ACCOUNT, False, None),
    (ACCOUNT, UNKNOWN, ABSENT, False, None),
]  # fmt: skip


@pytest.mark.parametrize(("of_trail", "of_group", "of_role", "organization", "text"), ACCOUNTS)
def test_accounts(of_trail: Any, of_group: Any, of_role: Any, organization: bool, text: str | None) -> None:
    group, role = replace(AUDIT, account=of_group), replace(DELIVERY, account=of_role)
    judged = replace(FIRST_PREVIEW, account=of_trail, organization=organization)
    verdict = judge(judged, from_resources(group), from_resources(role), (group, role))
    assert verdict.message == (f"[account-mismatch] {text}" if text else "")


@pytest.mark.parametrize("role_account", [ACCOUNT, OTHER_ACCOUNT])
def test_a_known_arn_and_a_declared_resource_of_another_account(role_account: str) -> None:
    role = replace(DELIVERY, account=role_account)
    verdict = judge(trail(role_arn=UNKNOWN), READ, from_resources(role), (role,))
    assert verdict.message == (
        ""
        if role_account == ACCOUNT
        else f"[account-mismatch] cloudWatchLogsGroupArn comes from account {ACCOUNT} and cloudWatchLogsRoleArn from "
        f"account {OTHER_ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Declare both "
        "in one account."
    )


@pytest.mark.parametrize("group_account", [ACCOUNT, OTHER_ACCOUNT])
def test_a_declared_resource_and_a_known_arn_of_another_account(group_account: str) -> None:
    group = replace(AUDIT, account=group_account)
    verdict = judge(trail(log_group_arn=UNKNOWN), from_resources(group), READ, (group,))
    assert verdict.message == (
        ""
        if group_account == ACCOUNT
        else f"[account-mismatch] cloudWatchLogsGroupArn comes from account {OTHER_ACCOUNT} and cloudWatchLogsRoleArn "
        f"from account {ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Declare both "
        "in one account."
    )


def test_accounts_of_known_arns_are_the_integration_rules() -> None:
    judged = trail(role_arn=ROLE_ARN.replace(ACCOUNT, OTHER_ACCOUNT))
    assert judge(judged, READ, READ).message == ""
    assert judge(trail(account=OTHER_ACCOUNT, role_arn=UNKNOWN), READ, READ).message == ""


# --- the log group that was never wired

NOT_INTEGRATED = trail(log_group_arn=ABSENT, role_arn=ABSENT)


@pytest.mark.parametrize(
    ("judged", "declared", "unused", "text"),
    [
        (NOT_INTEGRATED, (), (AUDIT,), 'cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group "audit-logs": it was probably meant for this trail. Set cloudWatchLogsGroupArn to its ARN, followed by :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.'),
        (NOT_INTEGRATED, (DELIVERY,), (AUDIT,), 'cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group "audit-logs": it was probably meant for this trail. Set cloudWatchLogsGroupArn to its ARN, followed by :*, and cloudWatchLogsRoleArn to the ARN of role "delivery-role".'),
        (trail(log_group_arn=ABSENT), (), (AUDIT,), 'cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group "audit-logs": it was probably meant for this trail. Set cloudWatchLogsGroupArn to its ARN, followed by :*.'),
        (trail(log_group_arn=ABSENT, spelling=AWS_NATIVE), (), (NATIVE,), 'cloudWatchLogsLogGroupArn is not set, and nothing in this stack writes to log group "native-logs": it was probably meant for this trail. Set cloudWatchLogsLogGroupArn to its ARN, which ends in :* already.'),
        (trail(log_group_arn=ABSENT), (), (AUDIT, NATIVE), 'cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group "audit-logs" or "native-logs": one of them was probably meant for this trail. Set cloudWatchLogsGroupArn to the ARN of the right one, ending in :*.'),
    ],
)  # fmt: skip
def test_an_unused_log_group(judged: Trail, declared: tuple[DeclaredRole, ...], unused: Any, text: str) -> None:
    assert judge(judged, PLAIN_TEXT, READ, declared, unused).message == f"[log-group-unused] {text}"


@pytest.mark.parametrize(
    "name",
    ["/aws/lambda/api", "/aws/codebuild/x", "/ecs/web", "API-Gateway-Execution-Logs_x/prod", "aws-waf-logs-x", "RDSOSMetrics", "sns/us-east-1/1/x", "/aws-glue/jobs", "AWSIotLogsV2", "dms-tasks-x", "/aws/vendedlogs/states/x", "/aws/rds/cluster/x/audit", UNKNOWN],
)  # fmt: skip
def test_a_services_own_log_group_is_not_meant(name: Any) -> None:
    assert judge(NOT_INTEGRATED, unused=(replace(AUDIT, beginning=name),)).message == ""


@pytest.mark.parametrize("name", ["/aws/cloudtrail/audit", "aws-cloudtrail-logs-1", "CloudTrail/DefaultLogGroup", "/aws/audit/app", "/aws/controltower/cloudtrail", ABSENT])  # fmt: skip
def test_a_log_group_of_any_other_name_is_meant(name: Any) -> None:
    assert judge(NOT_INTEGRATED, unused=(replace(AUDIT, beginning=name),)).problems


MEANT = '[log-group-unused] cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group {} probably meant for this trail{}. Set cloudWatchLogsGroupArn to {}, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.{}'  # fmt: skip
ITS_ARN, RIGHT_ONE = "its ARN, followed by :*", "the ARN of the right one, followed by :*"


@pytest.mark.parametrize(
    ("filters", "evidence"),
    [
        ((), ""),
        (("root-login",), ', since its metric filter "root-login" looks for CloudTrail events'),
        (("a", "b"), ', since its metric filters "a" and 1 more look for CloudTrail events'),
        (tuple("abcdefghijklmn"), ', since its metric filters "a" and 13 more look for CloudTrail events'),
        (("n" * 5_000,), f', since its metric filter "{"n" * 39}…{"n" * 20}" looks for CloudTrail events'),
    ],
)
def test_metric_filters_on_the_only_unused_log_group(filters: tuple[str, ...], evidence: str) -> None:
    unused = (replace(AUDIT, cloudtrail_filters=filters),)
    assert judge(NOT_INTEGRATED, unused=unused).message == MEANT.format('"audit-logs": it was', evidence, ITS_ARN, "")


@pytest.mark.parametrize(
    ("filters", "evidence"),
    [
        ((), ""),
        (("root-login",), ', since metric filter "root-login" of "other" looks for CloudTrail events'),
        (("a", "b"), ', since metric filters "a" and 1 more of "other" look for CloudTrail events'),
    ],
)
def test_metric_filters_on_one_of_several_unused_log_groups(filters: tuple[str, ...], evidence: str) -> None:
    unused = (AUDIT, replace(AUDIT, label="other", cloudtrail_filters=filters))
    named = '"audit-logs" or "other": one of them was'
    assert judge(NOT_INTEGRATED, unused=unused).message == MEANT.format(named, evidence, RIGHT_ONE, "")


RULE_SAID = ' Telemetry rule "events" of this stack sends CloudTrail events to a log group too, but it does not integrate the trail.'  # fmt: skip


@pytest.mark.parametrize(("rules", "said"), [((), ""), (("events",), RULE_SAID), (("events", "more"), RULE_SAID)])
def test_a_telemetry_rule_beside_an_unused_log_group(rules: tuple[str, ...], said: str) -> None:
    message = judge(NOT_INTEGRATED, unused=(AUDIT,), telemetry_rules=rules).message
    assert message == MEANT.format('"audit-logs": it was', "", ITS_ARN, said)


def test_a_telemetry_rule_alone_says_nothing() -> None:
    assert judge(NOT_INTEGRATED, telemetry_rules=("events",)).message == ""
    assert judge(NOT_INTEGRATED, declared=(AUDIT,), telemetry_rules=("events",)).message == ""
    assert judge(trail(), READ, READ, (), (AUDIT,), telemetry_rules=("events",)).message == ""


def test_an_unused_log_group_elsewhere_or_of_class_delivery_is_not_meant() -> None:
    assert judge(NOT_INTEGRATED, unused=(replace(AUDIT, region="eu-west-1"),)).message == ""
    assert judge(NOT_INTEGRATED, unused=(replace(AUDIT, log_group_class="DELIVERY"),)).message == ""


def test_an_unused_log_group_of_another_account_is_not_meant() -> None:
    judged = replace(NOT_INTEGRATED, account=ACCOUNT)
    assert judge(judged, unused=(replace(AUDIT, account=ACCOUNT),)).problems
    assert judge(judged, unused=(replace(AUDIT, account=OTHER_ACCOUNT),)).message == ""


@pytest.mark.parametrize(
    ("group", "role", "remark"),
    [
        (ABSENT, ABSENT, "the trail names no log group and no role"),
        (UNKNOWN, UNKNOWN, ""),
        (ABSENT, ROLE_ARN, ""),
        (LOG_GROUP_ARN, ABSENT, ""),
    ],
)
def test_a_trail_that_names_nothing(group: Any, role: Any, remark: str) -> None:
    assert judge(trail(log_group_arn=group, role_arn=role), READ, READ).remark == remark


@pytest.mark.parametrize(
    ("role", "ignored", "end"),
    [
        (ABSENT, (), ""),
        (ABSENT, ("cloudWatchLogsGroupArn",), " Stop ignoring changes of cloudWatchLogsGroupArn (ignoreChanges), so that the new value reaches AWS."),
        (ABSENT, ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"), " Stop ignoring changes of cloudWatchLogsGroupArn and cloudWatchLogsRoleArn (ignoreChanges), so that the new values reach AWS."),
        (ROLE_ARN, ("cloudWatchLogsRoleArn",), ""),
    ],
)  # fmt: skip
def test_an_unused_log_group_of_a_trail_whose_changes_are_ignored(role: Any, ignored: Any, end: str) -> None:
    judged = trail(log_group_arn=ABSENT, role_arn=role, ignored=frozenset(ignored))
    plain = judge(replace(judged, ignored=frozenset()), role=READ, unused=(AUDIT,))
    assert judge(judged, role=READ, unused=(AUDIT,)).message == f"{plain.message}{end}"


def test_without_an_unused_log_group_there_is_nothing_to_say() -> None:
    assert judge(NOT_INTEGRATED, declared=(AUDIT,)).answer is Answer.RIGHT


@pytest.mark.parametrize("value", [UNKNOWN, LOG_GROUP_ARN])
def test_an_unused_log_group_says_nothing_about_an_integrated_trail(value: Any) -> None:
    assert judge(trail(log_group_arn=value), READ, READ, (), (AUDIT,)).message == ""


def test_strange_and_long_names_do_not_break_a_report() -> None:
    for label, shown in (
        ("logs[0]", "logs[0]"),
        ('logs["eu"]', 'logs["eu"]'),
        ("bücket", "bücket"),
        ("a\x1b[31m\nb\u202e", "a?[31m?b?"),
    ):
        message = judge(NOT_INTEGRATED, unused=(replace(AUDIT, label=label),)).message
        assert f'nothing in this stack writes to log group "{shown}": it was' in message
    long = replace(AUDIT, label="n" * 5000)
    assert len(judge(NOT_INTEGRATED, unused=(long, long, long)).message) < 700


# --- what the configuration allow-lists


BARE_GROUP_ARN = LOG_GROUP_ARN.removesuffix(":*")
PATH_ROLE_ARN = ROLE_ARN.replace("role/", "role/service-role/")
ALLOW_LISTED = [
    ({"external_log_groups": (BARE_GROUP_ARN,)}, [ROLE_UNCONFIRMED]),
    ({"external_log_groups": (LOG_GROUP_ARN,)}, [ROLE_UNCONFIRMED]),
    ({"external_log_groups": ("arn:aws:logs:*:*:log-group:audit",)}, [ROLE_UNCONFIRMED]),
    ({"external_log_groups": ("arn:aws:logs:*:log-group:AUDIT",)}, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    ({"external_log_groups": ("arn:aws:logs:*:log-group:audi",)}, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    ({"external_log_groups": ("arn:aws:logs:*:log-group:audi?",)}, [ROLE_UNCONFIRMED]),
    ({"external_log_groups": (ROLE_ARN,)}, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    ({"external_roles": (ROLE_ARN,)}, [GROUP_UNCONFIRMED]),
    ({"external_roles": ("arn:*:role/delivery",)}, [GROUP_UNCONFIRMED]),
    ({"external_roles": ("arn:aws:iam::*:role/deliver",)}, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    ({"external_roles": (PATH_ROLE_ARN,)}, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    ({"external_log_groups": (BARE_GROUP_ARN,), "external_roles": ("x", ROLE_ARN)}, []),
    ({"external_targets": ExternalTargets.ACCEPT}, []),
    ({"external_targets": ExternalTargets.LOOKUP}, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
]


@pytest.mark.parametrize(("settings", "expected"), ALLOW_LISTED)
def test_what_the_configuration_allow_lists(settings: dict[str, Any], expected: list[str]) -> None:
    verdict = judge(trail(), settings=ExistSettings(**settings))
    assert [problem.line for problem in verdict.problems] == expected
    assert verdict.waits_on == ()


def test_it_allow_lists_what_is_outside_the_stack_only() -> None:
    delivery_class = replace(AUDIT, log_group_class="DELIVERY", arn=BARE_GROUP_ARN)
    settings = ExistSettings(external_targets=ExternalTargets.ACCEPT)
    verdict = judge(trail(), declared=(delivery_class,), settings=settings)
    assert [problem.code.value for problem in verdict.problems] == ["log-group-class-delivery"]


# --- what AWS says of what is outside the stack

GROUP_NOT_FOUND = f"[log-group-not-found] cloudWatchLogsGroupArn is {LOG_GROUP_ARN}, but account {ACCOUNT} has no such log group in us-east-1, and CloudTrail does not create it. Create it first, or set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*."  # fmt: skip
ROLE_NOT_FOUND = f"[role-not-found] cloudWatchLogsRoleArn is {ROLE_ARN}, but account {ACCOUNT} has no such role. Create it first, or set cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."  # fmt: skip
DENIED = Unavailable("access denied")
SAID = "It could not be looked up in AWS: access denied."
LOOKUP = ExistSettings(external_targets=ExternalTargets.LOOKUP)
GROUP_QUESTION, ROLE_QUESTION = (
    ExistenceQuestion(LogGroupArn("aws", "us-east-1", ACCOUNT, "audit", wildcard=True)),
    ExistenceQuestion(RoleArn("aws", ACCOUNT, "/", "delivery")),
)
LOOKED_UP: list[tuple[Any, Any, list[str]]] = [
    (None, None, [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    (Presence.FOUND, Presence.FOUND, []),
    (Presence.ABSENT, Presence.FOUND, [GROUP_NOT_FOUND]),
    (Presence.FOUND, Presence.ABSENT, [ROLE_NOT_FOUND]),
    (DENIED, Presence.FOUND, [f"{GROUP_UNCONFIRMED} {SAID}"]),
    (Presence.FOUND, DENIED, [f"{ROLE_UNCONFIRMED} {SAID}"]),
]


@pytest.mark.parametrize(("of_group", "of_role", "lines"), LOOKED_UP)
def test_what_is_looked_up(of_group: Any, of_role: Any, lines: list[str]) -> None:
    answers = {GROUP_QUESTION: of_group, ROLE_QUESTION: of_role}
    verdict = judge(trail(), settings=LOOKUP, answers={key: answer for key, answer in answers.items() if answer})
    assert [problem.line for problem in verdict.problems] == lines


QUESTIONS: list[tuple[str, InStack, ExistSettings, tuple[ExistenceQuestion, ...]]] = [
    ("both", InStack(trail()), LOOKUP, (GROUP_QUESTION, ROLE_QUESTION)),
    ("nothing where it is not configured", InStack(trail()), NO_SETTINGS, ()),
    ("nothing where it accepts", InStack(trail()), ExistSettings(external_targets=ExternalTargets.ACCEPT), ()),
    ("what is not allow-listed", InStack(trail()), replace(LOOKUP, external_roles=(ROLE_ARN,)), (GROUP_QUESTION,)),
    ("what is read", InStack(trail(), READ, READ), LOOKUP, (GROUP_QUESTION, ROLE_QUESTION)),
    (
        "what is read, and allow-listed",
        InStack(trail(), READ, READ),
        replace(LOOKUP, external_log_groups=(LOG_GROUP_ARN,)),
        (ROLE_QUESTION,),
    ),
    (
        "what is made of another resource",
        InStack(trail(), from_resources(BUCKET), from_resources(PARAMETER)),
        LOOKUP,
        (GROUP_QUESTION, ROLE_QUESTION),
    ),
    (
        "what another resource may still create",
        InStack(trail(), from_resources(replace(BUCKET, new=True)), PLAIN_TEXT),
        LOOKUP,
        (ROLE_QUESTION,),
    ),
    (
        "what the stack declares",
        InStack(trail(), READ, from_resources(PARAMETER), declared_by(AUDIT, DELIVERY)),
        LOOKUP,
        (),
    ),
    (
        "what the stack may declare",
        InStack(
            trail(),
            READ,
            READ,
            declared_by(
                replace(AUDIT, name=UNKNOWN, beginning="aud"), replace(DELIVERY, name=UNKNOWN, beginning=ABSENT)
            ),
        ),
        LOOKUP,
        (),
    ),
    (
        "what the stack does not declare",
        InStack(trail(), READ, READ, declared_by(replace(AUDIT, region="eu-west-1"), replace(DELIVERY, path="/x/"))),
        LOOKUP,
        (GROUP_QUESTION, ROLE_QUESTION),
    ),
    ("what is known", InStack(trail(log_group_arn=UNKNOWN)), LOOKUP, (ROLE_QUESTION,)),
    ("what is an ARN", InStack(trail(log_group_arn="hunter2", role_arn=ABSENT)), LOOKUP, ()),
]


ORIGINS: list[tuple[Source[Any], list[str], tuple[str, ...]]] = [
    # what is said without an answer, and what is waited on
    (PLAIN_TEXT, [f"{GROUP_UNCONFIRMED} {SAID}", f"{ROLE_UNCONFIRMED} {SAID}"], ()),
    (READ, [], ()),
    (from_resources(PARAMETER), [], ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")),
]


@pytest.mark.parametrize(("source", "unanswered", "waits_on"), ORIGINS)
def test_what_does_not_exist_is_wrong_wherever_its_arn_comes_from(
    source: Source[Any], unanswered: list[str], waits_on: tuple[str, ...]
) -> None:
    for answer, lines in ((Presence.ABSENT, [GROUP_NOT_FOUND, ROLE_NOT_FOUND]), (Presence.FOUND, []), (DENIED, unanswered)):  # fmt: skip
        answers: Answers = {GROUP_QUESTION: answer, ROLE_QUESTION: answer}
        verdict = judge(trail(), source, source, settings=LOOKUP, answers=answers)
        assert [problem.line for problem in verdict.problems] == lines
        assert verdict.waits_on == (waits_on if answer is DENIED else ())


REASONS: list[tuple[str, Source[Any], tuple[Any, ...], Any, str]] = [
    ("another resource", from_resources(PARAMETER), (), None, '{} comes from "arn" (aws:ssm:Parameter), which may hold any string'),
    ("without an answer", from_resources(PARAMETER), (), DENIED, '{} comes from "arn" (aws:ssm:Parameter), which may hold any string, and AWS was asked in vain: access denied'),
    ("a new resource", from_resources(replace(PARAMETER, new=True)), (), DENIED, '{} comes from "arn" (aws:ssm:Parameter), which is still to be created'),
]  # fmt: skip


@pytest.mark.parametrize(("source", "declared", "answer", "remark"), [case[1:] for case in REASONS], ids=[case[0] for case in REASONS])  # fmt: skip
def test_why_it_cannot_be_told(source: Source[Any], declared: Any, answer: Any, remark: str) -> None:
    answers: Answers = {GROUP_QUESTION: answer, ROLE_QUESTION: answer} if answer else {}
    group, role = (remark.format(name) for name in ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"))
    assert judge(trail(), source, READ, declared, answers=answers).remark == group
    assert judge(trail(), READ, source, declared, answers=answers).remark == role
    assert judge(trail(), source, source, declared, answers=answers).remark == f"{group}, and {role}"
    mixed = judge(trail(log_group_arn=UNKNOWN), PLAIN_TEXT, source, declared, answers=answers)
    assert mixed.remark == f"cloudWatchLogsGroupArn is not known, and {role}"
    assert judge(FIRST_PREVIEW, PLAIN_TEXT, source, declared).remark == ""


def test_whose_name_is_not_known() -> None:
    nameless = (replace(AUDIT, name=UNKNOWN, beginning=ABSENT), replace(DELIVERY, name=UNKNOWN, beginning=ABSENT))
    assert judge(trail(), declared=nameless).remark == (
        "the name of a log group of this stack is not known, and the name of a role of this stack is not known"
    )


def test_what_may_still_be_created_is_not_called_absent() -> None:
    answers: Answers = {GROUP_QUESTION: Presence.ABSENT, ROLE_QUESTION: Presence.ABSENT}
    new = from_resources(replace(PARAMETER, new=True))
    assert judge(trail(), new, new, settings=LOOKUP, answers=answers).answer is Answer.CANNOT_TELL
    nameless = (replace(AUDIT, name=UNKNOWN, beginning="aud"), replace(DELIVERY, name=UNKNOWN, beginning=ABSENT))
    assert judge(trail(), declared=nameless, settings=LOOKUP, answers=answers).answer is Answer.CANNOT_TELL


@pytest.mark.parametrize("source", [PLAIN_TEXT, READ, from_resources(PARAMETER)])
def test_a_log_group_of_class_delivery_that_is_looked_up(source: Source[Any]) -> None:
    answers: Answers = {GROUP_QUESTION: Presence.FOUND_OF_CLASS_DELIVERY, ROLE_QUESTION: Presence.FOUND}
    for declared, instead in (
        ((), "the ARN of a log group, ending in :*"),
        ((replace(AUDIT, name="other"),), 'the ARN of log group "audit-logs", followed by :*'),
    ):
        (problem,) = judge(trail(), source, READ, declared, settings=LOOKUP, answers=answers).problems
        assert problem.line == (
            f"[log-group-class-delivery] cloudWatchLogsGroupArn is {LOG_GROUP_ARN}, a log group whose class is "
            f"DELIVERY, which takes no events from CloudTrail. Set cloudWatchLogsGroupArn to {instead}."
        )


@pytest.mark.parametrize(("given", "settings", "expected"), [case[1:] for case in QUESTIONS], ids=[case[0] for case in QUESTIONS])  # fmt: skip
def test_what_is_asked(given: InStack, settings: ExistSettings, expected: tuple[ExistenceQuestion, ...]) -> None:
    assert rule.questions(given, settings) == expected


def test_what_would_do_is_named_beside_what_is_not_found() -> None:
    declared = (replace(AUDIT, name="other"), replace(DELIVERY, name="other"))
    answers: Answers = {GROUP_QUESTION: Presence.ABSENT, ROLE_QUESTION: Presence.ABSENT}
    verdict = judge(trail(), declared=declared, answers=answers)
    assert [problem.text.rpartition(", or set ")[2] for problem in verdict.problems] == [
        'cloudWatchLogsGroupArn to the ARN of log group "audit-logs", followed by :*.',
        'cloudWatchLogsRoleArn to the ARN of role "delivery-role".',
    ]


# --- what must be proven

PROOF = ExistSettings(require_proof=True)
GROUP_UNPROVEN = '[not-proven] It is not proven that the log group exists: cloudWatchLogsGroupArn comes from "arn" (aws:ssm:Parameter), which may hold any string. Declare the log group in this stack, read it with LogGroup.get, take its ARN from a StackReference, or list it in this policy\'s externalLogGroups.'  # fmt: skip
ROLE_UNPROVEN = '[not-proven] It is not proven that the role exists: cloudWatchLogsRoleArn comes from "arn" (aws:ssm:Parameter), which may hold any string. Declare the role in this stack, read it with Role.get, take its ARN from a StackReference, or list it in this policy\'s externalRoles.'  # fmt: skip
STORED = from_resources(PARAMETER)
NAMED_LATER = (replace(AUDIT, name=UNKNOWN), replace(DELIVERY, name=UNKNOWN))
PROVEN: list[tuple[str, Trail, Source[Any], Source[Any], tuple[Any, ...], list[str]]] = [
    ("both come from a parameter", trail(), STORED, STORED, (), [GROUP_UNPROVEN, ROLE_UNPROVEN]),
    ("the log group does", trail(), STORED, READ, (), [GROUP_UNPROVEN]),
    ("the role does", trail(), READ, STORED, (), [ROLE_UNPROVEN]),
    ("they do, and the stack declares them", trail(), STORED, STORED, (AUDIT, DELIVERY), []),
    ("they are read", trail(), READ, READ, (), []),
    ("they are typed, which is reported already", trail(), PLAIN_TEXT, PLAIN_TEXT, (), [GROUP_UNCONFIRMED, ROLE_UNCONFIRMED]),
    ("they are not known yet", FIRST_PREVIEW, STORED, STORED, (), []),
    ("one is not known yet", trail(log_group_arn=UNKNOWN), STORED, STORED, (), [ROLE_UNPROVEN]),
    ("the parameter is still to be created", trail(), from_resources(replace(PARAMETER, new=True)), STORED, (), [ROLE_UNPROVEN]),
    ("names of the stack are not known yet", trail(), STORED, STORED, NAMED_LATER, []),
    ("a wrong log group beside it", FIRST_PREVIEW, from_resources(BUCKET), STORED, (), ['[log-group-wrong-type] cloudWatchLogsGroupArn comes from "logs" (aws:s3:Bucket), which is not a log group. Set it to the ARN of a log group, ending in :*.']),
]  # fmt: skip


@pytest.mark.parametrize(("judged", "group", "role", "declared", "lines"), [case[1:] for case in PROVEN], ids=[case[0] for case in PROVEN])  # fmt: skip
def test_what_is_not_proven(judged: Trail, group: Any, role: Any, declared: Any, lines: list[str]) -> None:
    verdict = judge(judged, group, role, declared, settings=PROOF)
    assert [problem.line for problem in verdict.problems] == lines
    by_default = judge(judged, group, role, declared)
    assert [problem.line for problem in by_default.problems] == [line for line in lines if "not-proven" not in line]
    assert replace(verdict, problems=()) == replace(by_default, problems=())


def test_what_the_configuration_proves() -> None:
    for settings in ({"external_targets": ExternalTargets.ACCEPT}, {"external_log_groups": ("*",), "external_roles": ("*",)}):  # fmt: skip
        assert judge(trail(), STORED, STORED, settings=replace(PROOF, **settings)).message == ""


def test_what_aws_proves() -> None:
    looking = replace(PROOF, external_targets=ExternalTargets.LOOKUP)
    unanswered = ", and AWS was asked in vain: access denied. "
    for answer, lines in (
        (Presence.FOUND, []),
        (Presence.ABSENT, [GROUP_NOT_FOUND, ROLE_NOT_FOUND]),
        (DENIED, [line.replace(". ", unanswered, 1) for line in (GROUP_UNPROVEN, ROLE_UNPROVEN)]),
    ):
        answers: Answers = {GROUP_QUESTION: answer, ROLE_QUESTION: answer}
        verdict = judge(trail(), STORED, STORED, settings=looking, answers=answers)
        assert [problem.line for problem in verdict.problems] == lines


# --- what a stack must have

NO_TRAIL = '[no-trail] Stack "landing-zone/prod" declares no CloudTrail trail, but must have one of its own: requireTrail of this policy has "{}". Declare a trail in it that sends its events to CloudWatch Logs. If its trail has moved to another stack, list that stack in requireTrail instead.'  # fmt: skip
STACK = StackNames("landing-zone", "prod")


@pytest.mark.parametrize(
    ("patterns", "named"),
    [
        ((), None),
        (("landing-zone/prod",), "landing-zone/prod"),
        (("landing-zone/*",), "landing-zone/*"),
        (("*/prod",), "*/prod"),
        (("shop/prod", "landing-*/pro?", "*/*"), "landing-*/pro?"),
        (("landing-zone/dev", "prod/landing-zone"), None),
        (("Landing-Zone/prod",), None),
        (("landing/*",), None),
    ],
)
def test_a_stack_that_must_have_a_trail(patterns: tuple[str, ...], named: str | None) -> None:
    settings = ExistSettings(require_trail=patterns)
    verdict = rule.judge_stack(STACK, False, settings)
    assert (verdict and [problem.line for problem in verdict.problems]) == (named and [NO_TRAIL.format(named)])
    assert rule.judge_stack(STACK, True, settings) == (None if named is None else Verdict())
    assert named is None or (verdict and f"{verdict.message} ".replace("`", "").startswith(NO_TRAIL.format(named)))
