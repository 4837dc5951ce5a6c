"""The remediation of cloudtrail-cloudwatch-logs-integrated: `:*`, the configured ARNs, secrets kept, nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from tests.analyzers import Analyzer
from tests.stacks import AWS_NATIVE, LOG_GROUP_ARN, NATIVE_TRAIL, ROLE_ARN, UNKNOWN, Provider, log_group, trail

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


# --- what the configuration gives

TEMPLATES = {
    "logGroupArn": "arn:{partition}:logs:{region}:{account}:log-group:{project}/{stack}/{trail}",
    "roleArn": "arn:{partition}:iam::123456789012:role/{stack}-delivery",
}
ACCOUNT_KNOWN = Provider({"region": "us-east-1", "allowedAccountIds": '["123456789012"]'})
NATIVE_ACCOUNT_KNOWN = Provider({"region": "us-east-1", "allowedAccountIds": '["123456789012"]'}, "aws-native")
FILLED_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:shop/dev/audit:*"
FILLED_ROLE = "arn:aws:iam::123456789012:role/dev-delivery"


def with_templates(analyzer: Analyzer, **more: Any) -> Analyzer:
    analyzer.configure({POLICY: "REMEDIATE"}, {POLICY: {**TEMPLATES, **more}})
    return analyzer


def test_a_trail_without_both_gets_both_and_passes(analyzer: Analyzer) -> None:
    bare = trail(provider=ACCOUNT_KNOWN, tags={"a": secret("b")})
    (filled,), _ = with_templates(analyzer).remediate(bare)
    assert filled == {**bare.properties, "cloudWatchLogsGroupArn": FILLED_GROUP, "cloudWatchLogsRoleArn": FILLED_ROLE}
    answer = analyzer.analyze(replace(bare, properties=filled))
    assert (answer.reports, answer.not_applicable) == ((), {})


def test_a_native_trail_gets_them_in_its_spelling(analyzer: Analyzer) -> None:
    bare = trail(token=NATIVE_TRAIL, provider=NATIVE_ACCOUNT_KNOWN, isLogging=True)
    (filled,), _ = with_templates(analyzer).remediate(bare)
    assert filled == {
        **bare.properties,
        "cloudWatchLogsLogGroupArn": FILLED_GROUP,
        "cloudWatchLogsRoleArn": FILLED_ROLE,
    }


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_what_is_null_or_blank_is_filled_in_too(analyzer: Analyzer, nothing: Any) -> None:
    bare = trail(cloudWatchLogsGroupArn=nothing, cloudWatchLogsRoleArn=secret(ROLE_ARN))
    (filled,), _ = with_templates(analyzer).remediate(bare)
    assert filled == {**bare.properties, "cloudWatchLogsGroupArn": FILLED_GROUP}


def test_unknown_values_are_not_touched(analyzer: Analyzer) -> None:
    waiting = trail(provider=ACCOUNT_KNOWN, cloudWatchLogsGroupArn=UNKNOWN, cloudWatchLogsRoleArn=UNKNOWN)
    assert with_templates(analyzer).remediate(waiting) == ([], {})
    half = trail(provider=ACCOUNT_KNOWN, cloudWatchLogsGroupArn=UNKNOWN, kmsKeyId=UNKNOWN)
    (filled,), _ = analyzer.remediate(half)
    assert filled == {**half.properties, "cloudWatchLogsRoleArn": FILLED_ROLE}


def test_a_template_that_cannot_be_resolved_changes_nothing_and_the_report_says_why(analyzer: Analyzer) -> None:
    bare = trail()
    assert with_templates(analyzer).remediate(bare) == ([], {})
    (message,) = analyzer.analyze(bare).messages(POLICY)
    assert message.endswith(
        " The configured logGroupArn and roleArn are not filled in, since {account} is not known here. Set the "
        "provider's allowedAccountIds to its one account, or write the value into the template."
    )


def test_at_another_level_the_report_proposes_what_is_configured(analyzer: Analyzer) -> None:
    analyzer.configure({POLICY: "ADVISORY"}, {POLICY: TEMPLATES})
    bare = trail(provider=ACCOUNT_KNOWN)
    assert analyzer.remediate(bare) == ([], {})
    (message,) = analyzer.analyze(bare).messages(POLICY)
    assert message.endswith(
        f" Set cloudWatchLogsGroupArn to {FILLED_GROUP}, and cloudWatchLogsRoleArn to {FILLED_ROLE}."
    )


def test_an_exempt_trail_is_not_fixed(analyzer: Analyzer) -> None:
    exemptions = [{"trail": "audit", "reason": "S3 is the record.", "codes": ["not-integrated", "role-missing"]}]
    exempting = with_templates(analyzer, exemptions=exemptions)
    why = "exempt from not-integrated: S3 is the record."
    assert exempting.remediate(trail(provider=ACCOUNT_KNOWN)) == ([], {POLICY: why})
    bare = trail(cloudWatchLogsGroupArn=LOG_GROUP_ARN)
    (changed,), why_not = exempting.remediate(bare)
    assert (changed, why_not) == ({**bare.properties, "cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*"}, {})


@pytest.mark.parametrize(("tags", "is_fixed"), [({"env": "dev"}, False), ({"env": "prod"}, True), ({}, True)])
def test_a_trail_that_is_exempt_by_the_tags_of_its_stack_is_not_fixed(
    analyzer: Analyzer, tags: dict[str, str], is_fixed: bool
) -> None:
    with_templates(analyzer, exemptions=[{"trail": "*", "tags": {"env": "dev"}, "reason": "S3 is the record."}])
    analyzer.tag_stack(tags)
    remediations, not_applicable = analyzer.remediate(trail(provider=ACCOUNT_KNOWN))
    assert bool(remediations) is is_fixed
    assert bool(not_applicable) is not is_fixed


@pytest.mark.parametrize(
    ("ignored", "is_fixed"),
    [
        (["cloudWatchLogsGroupArn"], False),
        (['["cloudWatchLogsGroupArn"]'], False),
        (["tags", "cloudWatchLogsRoleArn"], False),
        (["*"], False),
        (["tags", "cloudWatchLogs"], True),
        ([], True),
    ],
)
def test_what_the_program_ignores_changes_of_is_not_fixed(
    analyzer: Analyzer, ignored: list[str], is_fixed: bool
) -> None:
    """The engine puts ignored inputs back before it remediates, so what is set then stays in the state alone."""
    bare = replace(trail(provider=ACCOUNT_KNOWN), ignored=ignored)
    remediations, _ = with_templates(analyzer).remediate(bare)
    assert bool(remediations) is is_fixed
    (message,) = analyzer.analyze(bare).messages(POLICY)
    assert ("(ignoreChanges), so a new value would not reach AWS." in message) is not is_fixed


def test_a_trail_that_is_only_read_is_not_fixed(analyzer: Analyzer) -> None:
    read = replace(trail(provider=ACCOUNT_KNOWN), properties={})
    assert with_templates(analyzer).remediate(read) == (
        [],
        {POLICY: "This trail is only read here: its settings are managed elsewhere."},
    )


def test_a_broken_template_changes_nothing(analyzer: Analyzer) -> None:
    broken = with_templates(analyzer, roleArn="arn:aws:iam::{acount}:role/delivery")
    assert broken.remediate(trail(provider=ACCOUNT_KNOWN)) == ([], {})


def test_other_resources_are_not_its_concern(remediating: Analyzer) -> None:
    assert remediating.remediate(log_group()) == ([], {POLICY: "This is not a CloudTrail trail."})


def test_at_another_level_it_does_nothing(analyzer: Analyzer) -> None:
    assert analyzer.remediate(trail(cloudWatchLogsGroupArn=LOG_GROUP_ARN)) == ([], {})
