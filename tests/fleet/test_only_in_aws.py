"""The trails that no state holds: which they are, and what is said of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.configuration.settings import IntegratedSettings
from cloudtrail_logs.fleet.evidence import Exempted, Finding, PolicyAnswer, Standing, TrailRow
from cloudtrail_logs.fleet.only_in_aws import POLICY, rows_of_others
from cloudtrail_logs.model.aws_answers import AccountTrails, TrailInAws
from cloudtrail_logs.model.enforcement_level import ADVISORY, MANDATORY
from cloudtrail_logs.model.verdict import Code
from policies.cloudtrail_cloudwatch_logs_integrated import DESCRIPTION

ACCOUNT, OTHER = "123456789012", "210987654321"
TODAY = date(2026, 11, 29)
GROUP = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:audit:*"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/delivery"
AUDIT = TrailInAws(
    f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit", "audit", "eu-west-1", ACCOUNT, GROUP, ROLE, False, True
)
NOTHING_SET = IntegratedSettings()
NOT_INTEGRATED = (
    "Neither CloudWatchLogsLogGroupArn nor CloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. "
    "Set CloudWatchLogsLogGroupArn to the ARN of a log group, ending in :*, and CloudWatchLogsRoleArn to the ARN of a "
    "role that cloudtrail.amazonaws.com may assume."
)
DENIED = "AWS refused cloudtrail:DescribeTrails: AccessDeniedException"


def rows(*trails: TrailInAws, held: tuple[str, ...] = (), settings: IntegratedSettings = NOTHING_SET) -> list[TrailRow]:
    return rows_of_others(AccountTrails(ACCOUNT, "aws", trails), held, settings, MANDATORY, TODAY)


def test_the_policy_is_that_of_integration() -> None:
    assert DESCRIPTION.name == POLICY


def test_a_row_has_what_aws_says() -> None:
    answer = PolicyAnswer(POLICY, Standing.RIGHT, MANDATORY)
    assert rows(AUDIT) == [
        TrailRow(
            stack="",
            urn="",
            name="audit",
            aws_name="audit",
            arn=AUDIT.arn,
            region="eu-west-1",
            account=ACCOUNT,
            answers=(answer,),
        )
    ]


def test_only_the_accounts_own_trails_that_no_state_holds() -> None:
    second = replace(AUDIT, arn=f"{AUDIT.arn}-2", name="audit-2")
    foreign = replace(AUDIT, arn=AUDIT.arn.replace(ACCOUNT, OTHER), owner=OTHER)
    assert [row.arn for row in rows(AUDIT, second, foreign)] == [AUDIT.arn, second.arn]
    assert [row.arn for row in rows(AUDIT, second, foreign, held=(AUDIT.arn, "arn:other"))] == [second.arn]
    assert rows(AUDIT, foreign, held=(AUDIT.arn,)) == []


def test_the_level_is_the_callers() -> None:
    (row,) = rows_of_others(AccountTrails(ACCOUNT, "aws", (AUDIT,)), (), NOTHING_SET, ADVISORY, TODAY)
    assert [answer.level for answer in row.answers] == [ADVISORY]


JUDGED: list[tuple[TrailInAws, Standing, list[tuple[str, str]], str]] = [
    (replace(AUDIT, log_group_arn="", role_arn=""), Standing.WRONG, [("not-integrated", NOT_INTEGRATED)], ""),
    (
        replace(AUDIT, logging=False),
        Standing.WRONG,
        [("logging-disabled", "IsLogging is false, so the trail is switched off and records nothing. Set it to true.")],
        "",
    ),
    (
        replace(AUDIT, home_region="us-east-1"),
        Standing.WRONG,
        [
            (
                "region-mismatch",
                "CloudWatchLogsLogGroupArn names a log group in eu-west-1, but the trail's home region is us-east-1, and "
                "CloudTrail delivers only to a log group in that region. Set it to the ARN of a log group in us-east-1.",
            )
        ],
        "",
    ),
    (
        replace(AUDIT, role_arn=ROLE.replace(ACCOUNT, OTHER), log_group_arn=GROUP.replace(ACCOUNT, OTHER)),
        Standing.WRONG,
        [
            (
                "account-mismatch",
                f"CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn are in account {OTHER}, but the trail is created in "
                f"account {ACCOUNT}. Use a log group and a role of account {ACCOUNT}.",
            )
        ],
        "",
    ),
    # of an organization's trail the account of the log group may be another one, as where it is not known
    (
        replace(
            AUDIT,
            role_arn=ROLE.replace(ACCOUNT, OTHER),
            log_group_arn=GROUP.replace(ACCOUNT, OTHER),
            organization=True,
        ),
        Standing.RIGHT,
        [],
        "",
    ),
    (
        replace(
            AUDIT,
            role_arn=ROLE.replace(ACCOUNT, OTHER),
            log_group_arn=GROUP.replace(ACCOUNT, OTHER),
            organization=None,
        ),
        Standing.RIGHT,
        [],
        "",
    ),
    (replace(AUDIT, log_group_arn=None, role_arn=None, organization=None, why_unknown=DENIED), Standing.CANNOT_TELL, [], DENIED),
    (replace(AUDIT, logging=None, why_unknown=DENIED), Standing.CANNOT_TELL, [], DENIED),
    # what is known is wrong, whatever the rest is
    (
        replace(AUDIT, log_group_arn=None, role_arn=None, organization=None, logging=False, why_unknown=DENIED),
        Standing.WRONG,
        [("logging-disabled", "IsLogging is false, so the trail is switched off and records nothing. Set it to true.")],
        "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("trail", "standing", "findings", "why"), JUDGED)
def test_what_is_said(trail: TrailInAws, standing: Standing, findings: list[tuple[str, str]], why: str) -> None:
    (row,) = rows(trail)
    expected = tuple(Finding(code, message) for code, message in findings)
    assert row.answers == (PolicyAnswer(POLICY, standing, MANDATORY, expected, why=why),)


def test_exemptions_of_all_projects_hold_and_those_of_one_do_not() -> None:
    trail = replace(AUDIT, log_group_arn="", role_arn="")
    exemption = Exemption("aud*", "Decided.")
    finding = Finding("not-integrated", NOT_INTEGRATED)
    for until, told in ((None, ""), (date(2026, 12, 31), "2026-12-31")):
        (row,) = rows(trail, settings=IntegratedSettings(exemptions=(replace(exemption, until=until),)))
        exempted = (Exempted(finding, "aud*", "Decided.", told),)
        assert row.answers == (PolicyAnswer(POLICY, Standing.EXEMPT, MANDATORY, exempted=exempted),)
    for other in (
        replace(exemption, project="payments"),
        replace(exemption, codes=frozenset({Code.ROLE_MISSING})),
        replace(exemption, until=date(2026, 11, 28), codes=frozenset({Code.ROLE_MISSING})),
    ):
        (row,) = rows(trail, settings=IntegratedSettings(exemptions=(other,)))
        assert row.answers == (PolicyAnswer(POLICY, Standing.WRONG, MANDATORY, (finding,)),)


def test_what_to_set_where_the_configuration_says_it() -> None:
    trail = replace(AUDIT, log_group_arn="", role_arn="")
    settings = IntegratedSettings(
        log_group_arn="arn:{partition}:logs:{region}:{account}:log-group:{trail}:*",
        role_arn="arn:{partition}:iam::{account}:role/delivery",
    )
    (row,) = rows(trail, settings=settings)
    assert row.to_set == {"CloudWatchLogsLogGroupArn": GROUP, "CloudWatchLogsRoleArn": ROLE}
    assert row.command == (
        f"aws cloudtrail update-trail --region {row.region} --name {row.arn} --cloud-watch-logs-log-group-arn '{GROUP}' "
        f"--cloud-watch-logs-role-arn {ROLE}"
    )
    assert set(rows(trail)[0].to_set.values()) == {
        f"<the ARN of a log group in {AUDIT.home_region}, ending in :*>",
        "<the ARN of a role that cloudtrail.amazonaws.com may assume>",
    }
