"""The integration rule: every code with its exact line, and the opposite case beside it."""

from typing import Any

import pytest

from cloudtrail_logs.configuration.arn_templates import NO_PROPOSAL
from cloudtrail_logs.configuration.settings import IntegratedSettings
from cloudtrail_logs.model.arn import LogGroupArn, RoleArn
from cloudtrail_logs.model.reasons import Doubt, Reason
from cloudtrail_logs.model.trail import TrailNames
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotFlag, NotText
from cloudtrail_logs.model.verdict import Answer, Verdict
from cloudtrail_logs.rules import cloudwatch_logs_integrated as rule
from cloudtrail_logs.rules.cloudwatch_logs_integrated import judge_with

from .trails import ACCOUNT, AWS_NATIVE, LOG_GROUP_ARN, OTHER_ACCOUNT, ROLE_ARN, trail

BARE_ARN = LOG_GROUP_ARN.removesuffix(":*")
CHINA_GROUP = f"arn:aws-cn:logs:cn-north-1:{ACCOUNT}:log-group:audit:*"
CHINA_ROLE = f"arn:aws-cn:iam::{ACCOUNT}:role/delivery"
OTHERS_GROUP = LOG_GROUP_ARN.replace(ACCOUNT, OTHER_ACCOUNT)
OTHERS_ROLE = ROLE_ARN.replace(ACCOUNT, OTHER_ACCOUNT)
SECRET = "hunter2 is no ARN"
NAMES = TrailNames("audit", "audit", "name", "shop", "dev")

GROUP_FORM = "Set it to the ARN of a log group: arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME:*."
GROUP_FORM_AS_CODE = "Set it to the ARN of a log group: `arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME:*`."
ROLE_FORM = "Set it to the ARN of a role: arn:PARTITION:iam::ACCOUNT:role/NAME."


def judge(**changes: Any) -> Verdict:
    return judge_with(trail(**changes), NO_PROPOSAL)


# The ARNs of a trail of a template whose place is not known, or only in parts.
OPEN: dict[str, Any] = {
    "log_group_arn": UNKNOWN,
    "role_arn": UNKNOWN,
    "account": UNKNOWN,
    "partition": "aws",
    "log_group_form": LogGroupArn("aws", "us-east-1", "ACCOUNT", "audit", wildcard=True),
    "role_form": RoleArn("aws", "ACCOUNT", "/", "delivery"),
}
ANYWHERE: dict[str, Any] = {
    **OPEN,
    "region": UNKNOWN,
    "partition": UNKNOWN,
    "log_group_form": LogGroupArn("PARTITION", "REGION", "ACCOUNT", "audit", wildcard=True),
    "role_form": RoleArn("PARTITION", "ACCOUNT", "/", "delivery"),
}

WRONG: list[tuple[dict[str, Any], list[str]]] = [
    # neither is set
    (
        {"log_group_arn": ABSENT, "role_arn": ABSENT},
        ["[not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."],
    ),
    (
        {"spelling": AWS_NATIVE, "log_group_arn": ABSENT, "role_arn": ABSENT},
        ["[not-integrated] Neither cloudWatchLogsLogGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsLogGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."],
    ),
    # one is set: known or not, the other one is missing
    (
        {"role_arn": ABSENT},
        ["[role-missing] cloudWatchLogsGroupArn is set but cloudWatchLogsRoleArn is not, so AWS will refuse the trail. Set cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."],
    ),
    (
        {"log_group_arn": UNKNOWN, "role_arn": ABSENT},
        ["[role-missing] cloudWatchLogsGroupArn is set but cloudWatchLogsRoleArn is not, so AWS will refuse the trail. Set cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."],
    ),
    (
        {"log_group_arn": ABSENT},
        ["[log-group-missing] cloudWatchLogsRoleArn is set but cloudWatchLogsGroupArn is not, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*."],
    ),
    (
        {"spelling": AWS_NATIVE, "log_group_arn": ABSENT, "role_arn": UNKNOWN},
        ["[log-group-missing] cloudWatchLogsRoleArn is set but cloudWatchLogsLogGroupArn is not, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsLogGroupArn to the ARN of a log group, ending in :*."],
    ),
    # not the ARN of a log group, of a role
    (
        {"log_group_arn": ROLE_ARN},
        [f"[log-group-arn-invalid] cloudWatchLogsGroupArn is {ROLE_ARN}, which is the ARN of a role, not of a log group. {GROUP_FORM}"],
    ),
    (
        {"log_group_arn": SECRET},
        [f"[log-group-arn-invalid] cloudWatchLogsGroupArn is a string of 17 characters, which is not an ARN. {GROUP_FORM}"],
    ),
    (
        {"log_group_arn": NotText("a list")},
        [f"[log-group-arn-invalid] cloudWatchLogsGroupArn is a list, which is not a string. {GROUP_FORM}"],
    ),
    (
        {"log_group_arn": f"{LOG_GROUP_ARN}:*"},
        [f"[log-group-arn-invalid] cloudWatchLogsGroupArn is `{LOG_GROUP_ARN}:*`, which ends in `:*:*`: it already had its `:*`. {GROUP_FORM_AS_CODE}"],
    ),
    (
        {"role_arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/web"},
        [f"[role-arn-invalid] cloudWatchLogsRoleArn is arn:aws:iam::{ACCOUNT}:instance-profile/web, which is the ARN of an instance profile, not of a role. {ROLE_FORM}"],
    ),
    (
        {"role_arn": SECRET},
        [f"[role-arn-invalid] cloudWatchLogsRoleArn is a string of 17 characters, which is not an ARN. {ROLE_FORM}"],
    ),
    (
        {"role_arn": NotText("an object")},
        [f"[role-arn-invalid] cloudWatchLogsRoleArn is an object, which is not a string. {ROLE_FORM}"],
    ),
    # the :* is missing
    (
        {"log_group_arn": BARE_ARN},
        [f"[log-group-arn-without-wildcard] cloudWatchLogsGroupArn is {BARE_ARN}, without the :* at its end that CloudTrail requires, so AWS will refuse the trail. Append :* to it."],
    ),
    # another region
    (
        {"region": "eu-west-1"},
        ["[region-mismatch] cloudWatchLogsGroupArn names a log group in us-east-1, but the trail's home region is eu-west-1, and CloudTrail delivers only to a log group in that region. Set it to the ARN of a log group in eu-west-1."],
    ),
    # another account
    (
        {"role_arn": OTHERS_ROLE},
        [f"[account-mismatch] cloudWatchLogsGroupArn is in account {ACCOUNT} and cloudWatchLogsRoleArn is in account {OTHER_ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Use a log group and a role of one account."],
    ),
    (
        {"role_arn": OTHERS_ROLE, "organization": True, "account": ACCOUNT},
        [f"[account-mismatch] cloudWatchLogsGroupArn is in account {ACCOUNT} and cloudWatchLogsRoleArn is in account {OTHER_ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Use a log group and a role of one account."],
    ),
    (
        {"role_arn": OTHERS_ROLE, "account": ACCOUNT},
        [f"[account-mismatch] cloudWatchLogsRoleArn is in account {OTHER_ACCOUNT}, but the trail is created in account {ACCOUNT}. Use a log group and a role of account {ACCOUNT}."],
    ),
    (
        {"account": OTHER_ACCOUNT, "organization": False},
        [f"[account-mismatch] cloudWatchLogsGroupArn and cloudWatchLogsRoleArn are in account {ACCOUNT}, but the trail is created in account {OTHER_ACCOUNT}. Use a log group and a role of account {OTHER_ACCOUNT}."],
    ),
    (
        {"log_group_arn": OTHERS_GROUP, "role_arn": UNKNOWN, "account": ACCOUNT},
        [f"[account-mismatch] cloudWatchLogsGroupArn is in account {OTHER_ACCOUNT}, but the trail is created in account {ACCOUNT}. Use a log group and a role of account {ACCOUNT}."],
    ),
    # another partition
    (
        {"role_arn": CHINA_ROLE},
        ["[partition-mismatch] cloudWatchLogsRoleArn is in partition aws-cn, but the region us-east-1 is in partition aws. Use ARNs that begin with arn:aws:."],
    ),
    (
        {"role_arn": CHINA_ROLE, "region": ABSENT},
        ["[partition-mismatch] cloudWatchLogsRoleArn is in partition aws-cn, but the region us-east-1 is in partition aws. Use ARNs that begin with arn:aws:."],
    ),
    (
        {"log_group_arn": LOG_GROUP_ARN.replace("us-east-1", "cn-north-1"), "region": "cn-north-1"},
        ["[partition-mismatch] cloudWatchLogsGroupArn and cloudWatchLogsRoleArn are in partition aws, but the region cn-north-1 is in partition aws-cn. Use ARNs that begin with arn:aws-cn:."],
    ),
    (
        {"log_group_arn": UNKNOWN, "region": "us-gov-west-1"},
        ["[partition-mismatch] cloudWatchLogsRoleArn is in partition aws, but the region us-gov-west-1 is in partition aws-us-gov. Use ARNs that begin with arn:aws-us-gov:."],
    ),
    (
        {"log_group_arn": "arn:aws-new:logs:xx-north-1:123456789012:log-group:audit:*", "region": "xx-north-1"},
        ["[partition-mismatch] cloudWatchLogsGroupArn is in partition aws-new and cloudWatchLogsRoleArn is in partition aws, but the log group and the role must be in the same partition. Use ARNs of one partition."],
    ),
    (
        {"region": "cn-north-1"},
        [
            "[region-mismatch] cloudWatchLogsGroupArn names a log group in us-east-1, but the trail's home region is cn-north-1, and CloudTrail delivers only to a log group in that region. Set it to the ARN of a log group in cn-north-1.",
            "[partition-mismatch] cloudWatchLogsRoleArn is in partition aws, but the region cn-north-1 is in partition aws-cn. Use ARNs that begin with arn:aws-cn:.",
        ],
    ),
    (
        {"log_group_arn": LOG_GROUP_ARN.replace("us-east-1", "us-gov-west-1"), "region": "cn-north-1"},
        [
            "[region-mismatch] cloudWatchLogsGroupArn names a log group in us-gov-west-1, but the trail's home region is cn-north-1, and CloudTrail delivers only to a log group in that region. Set it to the ARN of a log group in cn-north-1.",
            "[partition-mismatch] cloudWatchLogsGroupArn is in partition aws, but the region us-gov-west-1 is in partition aws-us-gov. Use ARNs that begin with arn:aws-us-gov:.",
            "[partition-mismatch] cloudWatchLogsRoleArn is in partition aws, but the region cn-north-1 is in partition aws-cn. Use ARNs that begin with arn:aws-cn:.",
        ],
    ),
    # a part that is another one, of an ARN of which another part is not known
    (
        {**OPEN, "region": "eu-west-1"},
        ["[region-mismatch] cloudWatchLogsGroupArn names a log group in us-east-1, but the trail's home region is eu-west-1, and CloudTrail delivers only to a log group in that region. Set it to the ARN of a log group in eu-west-1."],
    ),
    (
        {**OPEN, "role_form": RoleArn("aws-cn", "ACCOUNT", "/", "delivery")},
        ["[partition-mismatch] cloudWatchLogsRoleArn is in partition aws-cn, but the region us-east-1 is in partition aws. Use ARNs that begin with arn:aws:."],
    ),
    (
        {**ANYWHERE, "log_group_form": LogGroupArn("aws-cn", "REGION", ACCOUNT, "audit", wildcard=True), "role_form": RoleArn("aws", OTHER_ACCOUNT, "/", "delivery")},
        [
            f"[account-mismatch] cloudWatchLogsGroupArn is in account {ACCOUNT} and cloudWatchLogsRoleArn is in account {OTHER_ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Use a log group and a role of one account.",
            "[partition-mismatch] cloudWatchLogsGroupArn is in partition aws-cn and cloudWatchLogsRoleArn is in partition aws, but the log group and the role must be in the same partition. Use ARNs of one partition.",
        ],
    ),
    (
        {**OPEN, "log_group_form": LogGroupArn("aws", "us-east-1", "ACCOUNT", "audit", wildcard=False)},
        ["[log-group-arn-without-wildcard] cloudWatchLogsGroupArn is arn:aws:logs:us-east-1:ACCOUNT:log-group:audit, without the :* at its end that CloudTrail requires, so AWS will refuse the trail. Append :* to it."],
    ),
    # switched off
    (
        {"logging": False},
        ["[logging-disabled] enableLogging is false, so the trail is switched off and records nothing. Set it to true."],
    ),
    (
        {"spelling": AWS_NATIVE, "logging": False},
        ["[logging-disabled] isLogging is false, so the trail is switched off and records nothing. Set it to true."],
    ),
    # several problems, a line each
    (
        {"log_group_arn": BARE_ARN, "role_arn": OTHERS_ROLE, "region": "eu-west-1", "logging": False},
        [
            f"[log-group-arn-without-wildcard] cloudWatchLogsGroupArn is {BARE_ARN}, without the :* at its end that CloudTrail requires, so AWS will refuse the trail. Append :* to it.",
            "[region-mismatch] cloudWatchLogsGroupArn names a log group in us-east-1, but the trail's home region is eu-west-1, and CloudTrail delivers only to a log group in that region. Set it to the ARN of a log group in eu-west-1.",
            f"[account-mismatch] cloudWatchLogsGroupArn is in account {ACCOUNT} and cloudWatchLogsRoleArn is in account {OTHER_ACCOUNT}, but CloudTrail needs the log group and the role in the same account. Use a log group and a role of one account.",
            "[logging-disabled] enableLogging is false, so the trail is switched off and records nothing. Set it to true.",
        ],
    ),
]  # fmt: skip


GROUP, ROLE, LOGGING = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging"
STOP = " Stop ignoring changes of {} (ignoreChanges), so that the new value reaches AWS."
STOP_BOTH = f" Stop ignoring changes of {GROUP} and {ROLE} (ignoreChanges), so that the new values reach AWS."
IGNORED: list[tuple[dict[str, Any], list[str]]] = [
    # what each line of the report ends with, where the program ignores changes of all three properties
    ({"log_group_arn": ABSENT, "role_arn": ABSENT}, [STOP_BOTH]),
    ({"role_arn": ABSENT}, [STOP.format(ROLE)]),
    ({"log_group_arn": ABSENT}, [STOP.format(GROUP)]),
    ({"log_group_arn": SECRET, "role_arn": SECRET}, [STOP.format(GROUP), STOP.format(ROLE)]),
    ({"log_group_arn": BARE_ARN, "logging": False}, [STOP.format(GROUP), STOP.format(LOGGING)]),
    ({"region": "eu-west-1"}, [STOP.format(GROUP)]),
    ({"role_arn": OTHERS_ROLE}, [STOP_BOTH]),
    ({"role_arn": OTHERS_ROLE, "account": ACCOUNT}, [STOP.format(ROLE)]),
    ({"role_arn": CHINA_ROLE}, [STOP.format(ROLE)]),
    ({"region": "cn-north-1", "log_group_arn": UNKNOWN, "role_arn": ROLE_ARN}, [STOP.format(ROLE)]),
    (
        {"log_group_arn": "arn:aws-new:logs:xx-north-1:123456789012:log-group:audit:*", "region": "xx-north-1"},
        [STOP_BOTH],
    ),
]


@pytest.mark.parametrize(("changes", "ends"), IGNORED)
def test_what_the_program_ignores_changes_of(changes: dict[str, Any], ends: list[str]) -> None:
    plain = judge(**changes).message.split("\n")
    ignoring = judge(**changes, ignored=frozenset({GROUP, ROLE, LOGGING})).message.split("\n")
    assert ignoring == [f"{line}{end}" for line, end in zip(plain, ends, strict=True)]


def test_only_what_has_to_be_set_is_no_longer_to_be_ignored() -> None:
    neither: dict[str, Any] = {"log_group_arn": ABSENT, "role_arn": ABSENT}
    assert judge(**neither, ignored=frozenset({ROLE})).message.endswith(f"may assume.{STOP.format(ROLE)}")
    assert "ignor" not in judge(**neither, ignored=frozenset({LOGGING})).message
    assert "ignor" not in judge(role_arn=ABSENT, ignored=frozenset({GROUP})).message
    assert judge(ignored=frozenset({GROUP, ROLE, LOGGING})).answer is Answer.RIGHT


@pytest.mark.parametrize(("changes", "lines"), WRONG)
def test_wrong(changes: dict[str, object], lines: list[str]) -> None:
    verdict = judge(**changes)
    assert verdict.message.split("\n") == lines
    assert verdict.answer is Answer.WRONG


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"logging": ABSENT},
        {"organization": False, "account": ACCOUNT},
        {"spelling": AWS_NATIVE},
        # where nothing says the region or the account, they are the provider's own, which fit
        {"region": ABSENT},
        {"region": UNKNOWN},
        {"account": UNKNOWN},
        # a delegated administrator's organization trail; or one that may be it
        {"organization": True, "account": OTHER_ACCOUNT},
        {"organization": UNKNOWN, "account": OTHER_ACCOUNT},
        # other partitions, known or not
        {"log_group_arn": CHINA_GROUP, "role_arn": CHINA_ROLE, "region": "cn-north-1"},
        {
            "log_group_arn": LOG_GROUP_ARN.replace("us-east-1", "xx-north-1").replace("arn:aws:", "arn:aws-new:"),
            "role_arn": ROLE_ARN.replace("arn:aws:", "arn:aws-new:"),
            "region": "xx-north-1",
        },
    ],
)
def test_right(changes: dict[str, object]) -> None:
    verdict = judge(**changes)
    assert verdict.message == ""
    assert verdict.answer is Answer.RIGHT


@pytest.mark.parametrize(
    ("changes", "waits_on"),
    [
        ({"log_group_arn": UNKNOWN}, ("cloudWatchLogsGroupArn",)),
        ({"role_arn": UNKNOWN}, ("cloudWatchLogsRoleArn",)),
        ({"logging": UNKNOWN}, ("enableLogging",)),
        ({"log_group_arn": UNKNOWN, "role_arn": UNKNOWN}, ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")),
        ({"log_group_arn": UNKNOWN, "region": "eu-west-1", "account": OTHER_ACCOUNT, "role_arn": UNKNOWN}, ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")),
    ],
)  # fmt: skip
def test_cannot_tell(changes: dict[str, object], waits_on: tuple[str, ...]) -> None:
    verdict = judge(**changes)
    assert verdict.message == ""
    assert verdict.answer is Answer.CANNOT_TELL
    assert verdict.waits_on == waits_on


GROUP_FROM_ANYWHERE = LogGroupArn("aws", "REGION", "ACCOUNT", "audit", wildcard=True)


@pytest.mark.parametrize(
    ("changes", "waits_on"),
    [
        (OPEN, ()),
        (ANYWHERE, ()),
        ({**ANYWHERE, "organization": True}, ()),
        ({**OPEN, "region": UNKNOWN, "log_group_form": GROUP_FROM_ANYWHERE}, ()),
        ({**OPEN, "role_form": None, "role_arn": ROLE_ARN, "account": ACCOUNT}, ()),
        # a part that is written out, where that of the trail is not known
        ({**OPEN, "region": UNKNOWN}, (GROUP,)),
        ({**ANYWHERE, "role_form": RoleArn("aws", "ACCOUNT", "/", "delivery")}, (ROLE,)),
        ({**ANYWHERE, **{name: OPEN[name] for name in ("log_group_form", "role_form")}}, (GROUP, ROLE)),
        ({**OPEN, "role_form": RoleArn("aws", ACCOUNT, "/", "delivery")}, (ROLE,)),
        ({**OPEN, "role_form": None, "role_arn": ROLE_ARN}, (GROUP,)),
        # more than the place is not known
        ({**OPEN, "role_form": None}, (ROLE,)),
        ({**OPEN, "log_group_form": None}, (GROUP,)),
        ({**OPEN, "logging": UNKNOWN}, (LOGGING,)),
    ],
)
def test_an_arn_of_which_only_the_place_is_not_known(changes: dict[str, Any], waits_on: tuple[str, ...]) -> None:
    verdict = judge(**changes)
    assert verdict.waits_on == waits_on
    assert verdict.answer is (Answer.CANNOT_TELL if waits_on else Answer.RIGHT)


def test_a_problem_is_reported_while_another_property_is_unknown() -> None:
    verdict = judge(log_group_arn=UNKNOWN, logging=False)
    assert verdict.answer is Answer.WRONG
    assert verdict.waits_on == ("cloudWatchLogsGroupArn",)


def test_a_long_arn_is_shortened_so_that_a_report_fits_on_a_screen() -> None:
    long = BARE_ARN.replace("audit", "n" * 500)
    message = judge(log_group_arn=long).message
    assert "nnn…nnn" in message
    assert len(message) < 320


NOT_LOGGING_FOR_SURE = "[not-proven] It is not proven that the trail is switched on: enableLogging is a list, not true or false. Set it to true."  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"logging": NotFlag("a list")}, [NOT_LOGGING_FOR_SURE]),
        ({"logging": NotFlag("a list"), "role_arn": UNKNOWN}, [NOT_LOGGING_FOR_SURE]),
        ({"logging": UNKNOWN}, []),
        ({"logging": True}, []),
        ({"log_group_arn": UNKNOWN, "role_arn": UNKNOWN}, []),
        ({"region": ABSENT, "account": ABSENT}, []),
    ],
)
def test_what_is_not_proven(changes: dict[str, Any], lines: list[str]) -> None:
    judged = trail(**changes)
    verdict = rule.judge(judged, NAMES, IntegratedSettings(require_proof=True))
    assert [problem.line for problem in verdict.problems] == lines
    by_default = rule.judge(judged, NAMES, IntegratedSettings())
    assert (by_default.message, by_default.doubts) == ("", verdict.doubts)


@pytest.mark.parametrize(
    ("doubt", "lines"),
    [
        (Reason.TEMPLATE_UNREADABLE.of(why="has a YAML alias"), ["[not-proven] It is not proven that the CloudTrail trails of this template are integrated: its template has a YAML alias. Use a template that shows them: valid JSON or YAML of at most 51,200 bytes, without macros, aliases and merges."]),
        (Reason.TEMPLATE_BY_URL.of(), []),
        (Reason.TEMPLATE_UNKNOWN.of(), []),
        (Reason.TRAIL_ON_CONDITION.of(), []),
    ],
)  # fmt: skip
def test_a_template_that_shows_no_trail(doubt: Doubt, lines: list[str]) -> None:
    verdict = rule.judge_doubt(doubt, IntegratedSettings(require_proof=True))
    assert ([problem.line for problem in verdict.problems], verdict.doubts) == (lines, (doubt,))
    assert rule.judge_doubt(doubt, IntegratedSettings()) == Verdict(doubts=(doubt,))


def test_why_it_cannot_be_told() -> None:
    judged = trail(role_arn=UNKNOWN, logging=NotFlag("a number"), log_group_arn=UNKNOWN)
    verdict = rule.judge(judged, NAMES, IntegratedSettings())
    assert verdict.answer is Answer.CANNOT_TELL
    assert verdict.remark == "cloudWatchLogsGroupArn is not known, and cloudWatchLogsRoleArn is not known, and enableLogging is a number, not true or false"  # fmt: skip
    assert rule.judge(trail(), NAMES, IntegratedSettings()).remark == ""
