"""What a remediation sets: the `:*` that a log group's ARN lacks, and nothing else."""

import pytest

from cloudtrail_logs.integration import judge_integration
from cloudtrail_logs.remedy import remedy
from cloudtrail_logs.value import ABSENT, UNKNOWN, NotText, Text
from cloudtrail_logs.verdict import Answer

from .trails import AWS_NATIVE, LOG_GROUP_ARN, ROLE_ARN, trail

BARE_ARN = LOG_GROUP_ARN.removesuffix(":*")


def test_the_wildcard_is_appended_and_the_rule_is_satisfied() -> None:
    assert remedy(trail(log_group_arn=BARE_ARN)) == {"cloudWatchLogsGroupArn": LOG_GROUP_ARN}
    assert judge_integration(trail(log_group_arn=LOG_GROUP_ARN)).answer is Answer.RIGHT


def test_in_the_spelling_of_the_provider() -> None:
    assert remedy(trail(log_group_arn=BARE_ARN, spelling=AWS_NATIVE)) == {"cloudWatchLogsLogGroupArn": LOG_GROUP_ARN}


@pytest.mark.parametrize(
    "value",
    [LOG_GROUP_ARN, f"{LOG_GROUP_ARN}:*", ABSENT, UNKNOWN, NotText("a list"), "audit", ROLE_ARN, f" {BARE_ARN}", f"{BARE_ARN}:"],
)  # fmt: skip
def test_anything_else_stays_as_it_is(value: Text) -> None:
    assert remedy(trail(log_group_arn=value)) == {}
