"""What a remediation sets: the `:*` that a log group's ARN lacks, what the templates give, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.configuration.arn_templates import NO_PROPOSAL
from cloudtrail_logs.configuration.settings import IntegratedSettings
from cloudtrail_logs.model.trail import Trail, TrailNames
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotText, Text
from cloudtrail_logs.model.verdict import Answer, Code, Verdict
from cloudtrail_logs.rules.cloudwatch_logs_integrated import judge, judge_with
from cloudtrail_logs.rules.remediation import fixes

from .trails import ACCOUNT, AWS_NATIVE, LOG_GROUP_ARN, OTHER_ACCOUNT, ROLE_ARN, trail

BARE_ARN = LOG_GROUP_ARN.removesuffix(":*")
GROUP, ROLE = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"
NAMES = TrailNames("audit", "audit-1a2b3c4", "name", "shop", "dev")


def templates_of(log_group_arn: str = "", role_arn: str = "") -> IntegratedSettings:
    return IntegratedSettings(log_group_arn=log_group_arn, role_arn=role_arn)


NO_TEMPLATES = IntegratedSettings()
GROUP_TEMPLATE = "arn:{partition}:logs:{region}:{account}:log-group:trails/{project}-{stack}-{trail}"
ROLE_TEMPLATE = "arn:{partition}:iam::{account}:role/trails/{stack}"
BOTH = templates_of(GROUP_TEMPLATE, ROLE_TEMPLATE)
FILLED_GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:trails/shop-dev-audit:*"
FILLED_ROLE = f"arn:aws:iam::{ACCOUNT}:role/trails/dev"
NEITHER: dict[str, Any] = {"log_group_arn": ABSENT, "role_arn": ABSENT, "account": ACCOUNT}


def judged_with(judged: Trail, templates: IntegratedSettings, names: TrailNames = NAMES) -> Verdict:
    return judge(judged, names, templates)


def remedied(judged: Trail, templates: IntegratedSettings = NO_TEMPLATES, exempt: frozenset[Code] = frozenset()) -> Any:
    """What is set on a trail of which everything that is wrong is reported, but for what is exempt."""
    return fixes([each for each in judged_with(judged, templates).problems if each.code not in exempt])


def obstacle_of(judged: Trail, templates: IntegratedSettings, names: TrailNames = NAMES) -> str:
    """What the report says, beyond what it says without templates."""
    with_templates, without = (judged_with(judged, each, names).problems for each in (templates, NO_TEMPLATES))
    return with_templates[0].text.removeprefix(f"{without[0].text} ")


# --- the wildcard


def test_the_wildcard_is_appended_and_the_rule_is_satisfied() -> None:
    assert remedied(trail(log_group_arn=BARE_ARN)) == {"cloudWatchLogsGroupArn": LOG_GROUP_ARN}
    assert judge_with(trail(log_group_arn=LOG_GROUP_ARN), NO_PROPOSAL).answer is Answer.RIGHT


def test_in_the_spelling_of_the_provider() -> None:
    assert remedied(trail(log_group_arn=BARE_ARN, spelling=AWS_NATIVE)) == {"cloudWatchLogsLogGroupArn": LOG_GROUP_ARN}


@pytest.mark.parametrize(
    "value",
    [LOG_GROUP_ARN, f"{LOG_GROUP_ARN}:*", ABSENT, UNKNOWN, NotText("a list"), "audit", ROLE_ARN, f" {BARE_ARN}", f"{BARE_ARN}:"],
)  # fmt: skip
def test_anything_else_stays_as_it_is(value: Text) -> None:
    assert remedied(trail(log_group_arn=value)) == {}


def test_what_is_exempt_stays_as_it_is() -> None:
    bare = trail(log_group_arn=BARE_ARN)
    assert remedied(bare, exempt=frozenset({Code.LOG_GROUP_ARN_WITHOUT_WILDCARD})) == {}
    assert remedied(trail(**NEITHER), BOTH, frozenset({Code.NOT_INTEGRATED})) == {}
    assert remedied(trail(**NEITHER), BOTH, frozenset({Code.ROLE_MISSING})) != {}


def test_what_the_program_ignores_changes_of_stays_as_it_is() -> None:
    bare, ignored = trail(log_group_arn=BARE_ARN), frozenset({GROUP})
    assert remedied(bare) != {}
    assert remedied(replace(bare, ignored=ignored)) == {}
    assert remedied(replace(bare, ignored=frozenset({ROLE}))) == {GROUP: LOG_GROUP_ARN}
    assert remedied(replace(bare, role=ABSENT, ignored=ignored), BOTH) == {}


def test_a_role_is_not_filled_in_beside_an_arn_that_stays_bare() -> None:
    bare = trail(log_group_arn=BARE_ARN, role_arn=ABSENT)
    assert remedied(bare, BOTH, frozenset({Code.LOG_GROUP_ARN_WITHOUT_WILDCARD})) == {}


# --- the templates

FILLED: list[tuple[str, dict[str, Any], IntegratedSettings, Mapping[str, str]]] = [
    ("both", NEITHER, BOTH, {GROUP: FILLED_GROUP, ROLE: FILLED_ROLE}),
    ("in the provider's spelling", {**NEITHER, "spelling": AWS_NATIVE}, BOTH, {"cloudWatchLogsLogGroupArn": FILLED_GROUP, ROLE: FILLED_ROLE}),
    ("with its wildcard already", NEITHER, templates_of(f"{GROUP_TEMPLATE}:*", ROLE_TEMPLATE), {GROUP: FILLED_GROUP, ROLE: FILLED_ROLE}),
    ("without placeholders", {**NEITHER, "account": ABSENT, "region": ABSENT}, templates_of(LOG_GROUP_ARN, ROLE_ARN), {GROUP: LOG_GROUP_ARN, ROLE: ROLE_ARN}),
    ("the log group alone, while the other one is ignored", {"log_group_arn": ABSENT, "ignored": frozenset({ROLE})}, BOTH, {GROUP: FILLED_GROUP}),
    ("the log group alone", {"log_group_arn": ABSENT}, BOTH, {GROUP: FILLED_GROUP}),
    ("the role alone", {"role_arn": ABSENT}, BOTH, {ROLE: FILLED_ROLE}),
    ("the role alone, with no other template", {"role_arn": ABSENT}, templates_of("", ROLE_TEMPLATE), {ROLE: FILLED_ROLE}),
    ("the account of the log group", {"role_arn": ABSENT, "account": UNKNOWN}, BOTH, {ROLE: FILLED_ROLE}),
    ("the partition and region of the log group", {"log_group_arn": f"arn:aws-cn:logs:cn-north-1:{ACCOUNT}:log-group:a:*", "role_arn": ABSENT, "region": ABSENT}, templates_of("", "arn:{partition}:iam::{account}:role/{region}"), {ROLE: f"arn:aws-cn:iam::{ACCOUNT}:role/cn-north-1"}),
    ("the partition of the role", {"log_group_arn": ABSENT, "role_arn": f"arn:aws-cn:iam::{ACCOUNT}:role/a", "region": ABSENT}, templates_of("arn:{partition}:logs:cn-north-1:{account}:log-group:a"), {GROUP: f"arn:aws-cn:logs:cn-north-1:{ACCOUNT}:log-group:a:*"}),
    ("the partition of the region", {**NEITHER, "region": "us-gov-west-1"}, BOTH, {GROUP: f"arn:aws-us-gov:logs:us-gov-west-1:{ACCOUNT}:log-group:trails/shop-dev-audit:*", ROLE: f"arn:aws-us-gov:iam::{ACCOUNT}:role/trails/dev"}),
    ("an organization trail, in the provider's account", {**NEITHER, "organization": True}, BOTH, {GROUP: FILLED_GROUP, ROLE: FILLED_ROLE}),
    ("a trail that is switched off too", {**NEITHER, "logging": False}, BOTH, {GROUP: FILLED_GROUP, ROLE: FILLED_ROLE}),
    ("the wildcard and the role", {"log_group_arn": BARE_ARN, "role_arn": ABSENT}, BOTH, {GROUP: LOG_GROUP_ARN, ROLE: FILLED_ROLE}),
    ("the log group, while the role is unknown", {"log_group_arn": ABSENT, "role_arn": UNKNOWN, "account": ACCOUNT}, BOTH, {GROUP: FILLED_GROUP}),
    ("nothing where nothing lacks", {}, BOTH, {}),
    ("nothing where both are unknown", {"log_group_arn": UNKNOWN, "role_arn": UNKNOWN}, BOTH, {}),
    ("nothing without templates", NEITHER, NO_TEMPLATES, {}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "templates", "expected"), [case[1:] for case in FILLED], ids=[case[0] for case in FILLED])  # fmt: skip
def test_what_is_filled_in(changes: dict[str, Any], templates: IntegratedSettings, expected: Mapping[str, str]) -> None:
    judged = trail(**changes)
    assert remedied(judged, templates) == expected
    assert "not filled in" not in judged_with(judged, templates).message


OBSTACLES: list[tuple[str, dict[str, Any], IntegratedSettings, str]] = [
    ("the account", {**NEITHER, "account": ABSENT}, BOTH, "The configured logGroupArn and roleArn are not filled in, since {account} is not known here. Set the provider's allowedAccountIds to its one account, or write the value into the template."),
    ("the account, unknown", {**NEITHER, "account": UNKNOWN}, BOTH, "The configured logGroupArn and roleArn are not filled in, since {account} is not known here. Set the provider's allowedAccountIds to its one account, or write the value into the template."),
    ("partition and region", {**NEITHER, "region": ABSENT}, BOTH, "The configured logGroupArn and roleArn are not filled in, since {partition} and {region} are not known here. Set the provider's region, or write the value into the template."),
    ("everything", {**NEITHER, "region": UNKNOWN, "account": ABSENT}, BOTH, "The configured logGroupArn and roleArn are not filled in, since {partition}, {region} and {account} are not known here. Set the provider's allowedAccountIds to its one account, and write {partition} and {region} into the template."),
    ("everything, and nothing says so", {**NEITHER, "region": ABSENT, "account": ABSENT}, BOTH, "The configured logGroupArn and roleArn are not filled in, since {partition}, {region} and {account} are not known here. Set the provider's region and the provider's allowedAccountIds to its one account, or write the value into the template."),
    ("a region of no known partition", {**NEITHER, "region": "xx-east-1"}, BOTH, "The configured logGroupArn and roleArn are not filled in, since {partition} is not known here. Write the value into the template."),
    ("one of two is not configured", NEITHER, templates_of(GROUP_TEMPLATE), "The configured logGroupArn is not filled in, since the trail lacks both ARNs, and no usable roleArn is configured."),
    ("the other of two is not configured", NEITHER, templates_of("", ROLE_TEMPLATE), "The configured roleArn is not filled in, since the trail lacks both ARNs, and no usable logGroupArn is configured."),
    ("the account of one, while the other is unknown", {"log_group_arn": UNKNOWN, "role_arn": ABSENT}, BOTH, "The configured roleArn is not filled in, since {account} is not known here. Set the provider's allowedAccountIds to its one account, or write the value into the template."),
    ("another region", NEITHER, templates_of(LOG_GROUP_ARN.replace("us-east-1", "eu-west-1"), ROLE_ARN), "The configured ARNs are not filled in, since this trail would have [region-mismatch] with them."),
    ("another account and region", {**NEITHER, "region": "eu-west-1", "account": OTHER_ACCOUNT}, templates_of(LOG_GROUP_ARN, ROLE_ARN), "The configured ARNs are not filled in, since this trail would have [account-mismatch], [region-mismatch] with them."),
    ("a role that is none", {"log_group_arn": ABSENT, "role_arn": "hunter2", "account": ACCOUNT}, BOTH, "The configured ARNs are not filled in, since this trail would have [role-arn-invalid] with them."),
    ("a role of another account than the trail", {"log_group_arn": ABSENT, "role_arn": ROLE_ARN.replace(ACCOUNT, OTHER_ACCOUNT), "account": ACCOUNT}, BOTH, "The configured ARNs are not filled in, since this trail would have [account-mismatch] with them."),
    ("a role of another partition", {"log_group_arn": ABSENT, "role_arn": ROLE_ARN.replace("arn:aws:", "arn:aws-cn:")}, BOTH, "The configured ARNs are not filled in, since this trail would have [partition-mismatch] with them."),
    ("an organization trail whose log group is not known", {"log_group_arn": UNKNOWN, "role_arn": ABSENT, "organization": True, "account": ACCOUNT}, BOTH, "The configured roleArn is not filled in, since {account} is not known here. Write the value into the template."),
    ("a trail that may be an organization's, whose role is not known", {"log_group_arn": ABSENT, "role_arn": UNKNOWN, "organization": UNKNOWN, "account": ACCOUNT}, BOTH, "The configured logGroupArn is not filled in, since {account} is not known here. Write the value into the template."),
    ("both are ignored", {**NEITHER, "ignored": frozenset({GROUP, ROLE})}, BOTH, "The configured logGroupArn and roleArn are not filled in, since the program ignores changes of cloudWatchLogsGroupArn and cloudWatchLogsRoleArn (ignoreChanges), so a new value would not reach AWS."),
    ("one of both is ignored", {**NEITHER, "ignored": frozenset({GROUP})}, BOTH, "The configured logGroupArn and roleArn are not filled in, since the program ignores changes of cloudWatchLogsGroupArn (ignoreChanges), so a new value would not reach AWS."),
    ("another account than the log group", {"role_arn": ABSENT}, templates_of("", ROLE_ARN.replace(ACCOUNT, OTHER_ACCOUNT)), "The configured ARNs are not filled in, since this trail would have [account-mismatch] with them."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "templates", "obstacle"), [case[1:] for case in OBSTACLES], ids=[case[0] for case in OBSTACLES])  # fmt: skip
def test_what_cannot_be_filled_in_changes_nothing_and_says_why(
    changes: dict[str, Any], templates: IntegratedSettings, obstacle: str
) -> None:
    judged = trail(**changes)
    assert obstacle_of(judged, templates) == obstacle
    assert remedied(judged, templates) == {}


def test_names_that_no_arn_can_have() -> None:
    names = TrailNames("my trail", UNKNOWN, "name", "shop", "dev")
    obstacle = "The configured logGroupArn and roleArn are not filled in, since with the names of this trail logGroupArn has a log group name that AWS does not allow."  # fmt: skip
    assert obstacle_of(trail(**NEITHER), BOTH, names) == obstacle


def test_a_name_that_ci_would_take_for_a_command_is_set_but_not_said_so() -> None:
    """The path of a role may have any printable character."""
    names = TrailNames("##vso[a]", UNKNOWN, "name", "shop", "dev")
    templates = templates_of("", f"arn:aws:iam::{ACCOUNT}:role/{{trail}}/delivery")
    judged = trail(role_arn=ABSENT)
    (problem,) = judge(judged, names, templates).problems
    assert problem.text.endswith(f" Set cloudWatchLogsRoleArn to arn:aws:iam::{ACCOUNT}:role/#?vso[a]/delivery.")
    assert problem.fix == {ROLE: f"arn:aws:iam::{ACCOUNT}:role/##vso[a]/delivery"}


def test_the_report_proposes_what_is_configured() -> None:
    texts = {}
    for changes in (NEITHER, {"log_group_arn": ABSENT}, {"role_arn": ABSENT}):
        judged = trail(**changes)
        verdict = judged_with(judged, BOTH)
        texts.update({problem.code: problem.text for problem in verdict.problems})
    assert texts == {
        Code.NOT_INTEGRATED: f"Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to {FILLED_GROUP}, and cloudWatchLogsRoleArn to {FILLED_ROLE}.",
        Code.LOG_GROUP_MISSING: f"cloudWatchLogsRoleArn is set but cloudWatchLogsGroupArn is not, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to {FILLED_GROUP}.",
        Code.ROLE_MISSING: f"cloudWatchLogsGroupArn is set but cloudWatchLogsRoleArn is not, so AWS will refuse the trail. Set cloudWatchLogsRoleArn to {FILLED_ROLE}.",
    }


def test_what_is_filled_in_satisfies_the_rule() -> None:
    assert judged_with(trail(log_group_arn=FILLED_GROUP, role_arn=FILLED_ROLE), BOTH) == Verdict()
