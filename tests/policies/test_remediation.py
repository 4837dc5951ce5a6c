"""The remediation of cloudtrail-cloudwatch-logs-integrated: appends `:*`, keeps secrets secret, touches nothing else."""

from typing import Any

import pytest

from tests.analyzers import Analyzer
from tests.stacks import AWS_NATIVE, LOG_GROUP_ARN, NATIVE_TRAIL, ROLE_ARN, UNKNOWN, log_group, trail

POLICY = "cloudtrail-cloudwatch-logs-integrated"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


@pytest.fixture
def remediating(analyzer: Analyzer) -> Analyzer:
    analyzer.configure({POLICY: "REMEDIATE"})
    return analyzer


def test_the_wildcard_is_appended(remediating: Analyzer) -> None:
    bare = trail(cloudWatchLogsGroupArn=LOG_GROUP_ARN, cloudWatchLogsRoleArn=ROLE_ARN)
    assert remediating.remediate(bare) == ([{**bare.properties, "cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*"}], {})


def test_in_the_spelling_of_the_provider(remediating: Analyzer) -> None:
    bare = trail(token=NATIVE_TRAIL, provider=AWS_NATIVE, cloudWatchLogsLogGroupArn=LOG_GROUP_ARN)
    (properties,), _ = remediating.remediate(bare)
    assert properties == {"s3BucketName": "bucket", "cloudWatchLogsLogGroupArn": f"{LOG_GROUP_ARN}:*"}


def test_unknowns_and_secrets_stay_what_they_are(remediating: Analyzer) -> None:
    properties: dict[str, Any] = {
        "kmsKeyId": secret("key"),
        "tags": {"a": secret("b")},
        "cloudWatchLogsRoleArn": UNKNOWN,
    }
    (changed,), _ = remediating.remediate(trail(cloudWatchLogsGroupArn=secret(LOG_GROUP_ARN), **properties))
    assert changed == {
        "s3BucketName": "bucket",
        "region": "us-east-1",
        **properties,
        "cloudWatchLogsGroupArn": secret(f"{LOG_GROUP_ARN}:*"),
    }


@pytest.mark.parametrize("value", [UNKNOWN, None, "", f"{LOG_GROUP_ARN}:*", f"{LOG_GROUP_ARN}:*:*", ROLE_ARN, 7, ["x"]])
def test_nothing_else_is_touched(remediating: Analyzer, value: Any) -> None:
    assert remediating.remediate(trail(cloudWatchLogsGroupArn=value)) == ([], {})


def test_other_resources_are_not_its_concern(remediating: Analyzer) -> None:
    assert remediating.remediate(log_group()) == ([], {POLICY: "This is not a CloudTrail trail."})


def test_at_another_level_it_does_nothing(analyzer: Analyzer) -> None:
    assert analyzer.remediate(trail(cloudWatchLogsGroupArn=LOG_GROUP_ARN)) == ([], {})
