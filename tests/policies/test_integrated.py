"""cloudtrail-cloudwatch-logs-integrated behind the SDK: every provider's trail, every spelling of "not set"."""

from dataclasses import replace
from typing import Any

import pytest

from tests.analyzers import Analyzer
from tests.stacks import (
    ACCOUNT,
    AWS_NATIVE,
    AWS_TRAIL,
    LOG_GROUP_ARN,
    NATIVE_TRAIL,
    ROLE_ARN,
    STACK,
    TERRAFORM_TRAIL,
    UNKNOWN,
    Provider,
    Resource,
    log_group,
    role,
    trail,
)

POLICY = "cloudtrail-cloudwatch-logs-integrated"
RIGHT: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
NATIVE_RIGHT: dict[str, Any] = {
    "cloudWatchLogsLogGroupArn": f"{LOG_GROUP_ARN}:*",
    "cloudWatchLogsRoleArn": ROLE_ARN,
    "isLogging": True,
}

NOT_INTEGRATED = "[not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."  # fmt: skip
NATIVE_NOT_INTEGRATED = NOT_INTEGRATED.replace("LogsGroupArn", "LogsLogGroupArn")
LOGGING_DISABLED = "[logging-disabled] enableLogging is false, so the trail is switched off and records nothing. Set it to true."  # fmt: skip


def codes(analyzer: Analyzer, resource: Resource) -> list[str]:
    messages = analyzer.analyze(resource).messages(POLICY)
    return [line.split("]")[0].lstrip("[") for message in messages for line in message.split("\n")]


def test_every_provider_spells_its_own_properties(analyzer: Analyzer) -> None:
    for token, provider, expected in (
        (AWS_TRAIL, Provider(), NOT_INTEGRATED),
        (TERRAFORM_TRAIL, Provider(), NOT_INTEGRATED),
        (NATIVE_TRAIL, AWS_NATIVE, NATIVE_NOT_INTEGRATED),
    ):
        assert analyzer.analyze(trail(token=token, provider=provider)).messages(POLICY) == [expected]


STOP = " Stop ignoring changes of {} (ignoreChanges), so that the new {} AWS."


@pytest.mark.parametrize(
    ("properties", "ignored", "expected"),
    [
        ({}, ["cloudWatchLogsRoleArn"], NOT_INTEGRATED + STOP.format("cloudWatchLogsRoleArn", "value reaches")),
        ({}, ["*"], NOT_INTEGRATED + STOP.format("cloudWatchLogsGroupArn and cloudWatchLogsRoleArn", "values reach")),
        ({}, ["tags", "enableLogging"], NOT_INTEGRATED),
        ({**RIGHT, "enableLogging": False}, ['["enableLogging"]'], LOGGING_DISABLED + STOP.format("enableLogging", "value reaches")),
        ({**RIGHT, "enableLogging": False}, ["tags"], LOGGING_DISABLED),
    ],
)  # fmt: skip
def test_what_the_program_ignores_changes_of(
    analyzer: Analyzer, properties: dict[str, Any], ignored: list[str], expected: str
) -> None:
    given = replace(trail(**properties), ignored=ignored)
    assert analyzer.analyze(given).messages(POLICY) == [expected]


def test_a_right_trail_of_every_provider(analyzer: Analyzer) -> None:
    for token, provider, properties in (
        (AWS_TRAIL, Provider(), RIGHT),
        (TERRAFORM_TRAIL, Provider(), RIGHT),
        (NATIVE_TRAIL, AWS_NATIVE, NATIVE_RIGHT),
    ):
        answer = analyzer.analyze(trail(token=token, provider=provider, **properties))
        assert (answer.reports, answer.not_applicable, answer.can_not_run) == ((), {}, ())


@pytest.mark.parametrize("nothing", [None, "", " ", "\t\n"])
def test_absent_null_empty_and_blank_are_the_same(analyzer: Analyzer, nothing: Any) -> None:
    both = trail(cloudWatchLogsGroupArn=nothing, cloudWatchLogsRoleArn=nothing)
    assert analyzer.analyze(both).messages(POLICY) == [NOT_INTEGRATED]
    assert codes(analyzer, trail(**{**RIGHT, "cloudWatchLogsGroupArn": nothing})) == ["log-group-missing"]
    assert codes(analyzer, trail(**{**RIGHT, "cloudWatchLogsRoleArn": nothing})) == ["role-missing"]
    assert codes(analyzer, trail(cloudWatchLogsGroupArn=RIGHT["cloudWatchLogsGroupArn"])) == ["role-missing"]


def test_the_first_preview_of_a_correct_program_waits_silently(analyzer: Analyzer) -> None:
    answer = analyzer.analyze(trail(cloudWatchLogsGroupArn=UNKNOWN, cloudWatchLogsRoleArn=UNKNOWN, enableLogging=True))
    assert (answer.reports, answer.not_applicable, answer.can_not_run) == ((), {}, ())


def test_what_only_the_update_shows(analyzer: Analyzer) -> None:
    bare = {**RIGHT, "cloudWatchLogsGroupArn": LOG_GROUP_ARN}
    assert codes(analyzer, trail(**{**bare, "cloudWatchLogsGroupArn": UNKNOWN})) == []
    assert codes(analyzer, trail(**bare)) == ["log-group-arn-without-wildcard"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, [LOGGING_DISABLED]),
        ("false", [LOGGING_DISABLED]),
        (" False ", [LOGGING_DISABLED]),
        (True, []),
        ("true", []),
        (None, []),
        (UNKNOWN, []),
        (0, []),
        ([], []),
    ],
)
def test_logging(analyzer: Analyzer, value: Any, expected: list[str]) -> None:
    assert analyzer.analyze(trail(**RIGHT, enableLogging=value)).messages(POLICY) == expected


@pytest.mark.parametrize(
    ("properties", "settings", "expected"),
    [
        ({"region": "us-east-1"}, {"region": "eu-west-1"}, []),
        ({"region": "eu-west-1"}, {"region": "us-east-1"}, ["region-mismatch"]),
        ({"region": None}, {"region": "eu-west-1"}, ["region-mismatch"]),
        ({"region": ""}, {"region": "us-east-1"}, []),
        ({"region": None}, {}, []),
        ({"region": UNKNOWN}, {}, []),
        ({"region": UNKNOWN}, {"region": "eu-west-1"}, []),
        ({"region": None}, {"region": UNKNOWN}, []),
        ({"region": "not a region"}, {"region": "eu-west-1"}, []),
    ],
)
def test_the_home_region(analyzer: Analyzer, properties: Any, settings: Any, expected: list[str]) -> None:
    assert codes(analyzer, trail(provider=Provider(settings), **{**RIGHT, **properties})) == expected


def test_the_home_region_of_a_native_trail_is_its_providers(analyzer: Analyzer) -> None:
    for region, expected in (("us-east-1", []), ("eu-west-1", ["region-mismatch"])):
        provider = Provider({"region": region}, "aws-native")
        assert codes(analyzer, trail(token=NATIVE_TRAIL, provider=provider, **NATIVE_RIGHT)) == expected


OTHER = "210987654321"
OTHER_ROLE = f"arn:aws:iam::{OTHER}:role/deployer"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"allowedAccountIds": f'["{OTHER}"]'}, ["account-mismatch"]),
        ({"allowedAccountIds": f'["{ACCOUNT}"]'}, []),
        ({"allowedAccountIds": f'["{OTHER}", "{ACCOUNT}"]'}, []),
        ({"allowedAccountIds": "[12]"}, []),
        ({"allowedAccountIds": '["no account"]'}, []),
        ({"allowedAccountIds": "not JSON"}, []),
        ({"allowedAccountIds": "[" * 100_000}, []),
        ({"allowedAccountIds": UNKNOWN}, []),
        ({"assumeRoles": f'[{{"roleArn": "{OTHER_ROLE}"}}]'}, ["account-mismatch"]),
        ({"assumeRoles": f'[{{"role_arn": "{OTHER_ROLE}"}}]'}, ["account-mismatch"]),
        ({"assumeRoles": f'[{{"roleArn": "{OTHER_ROLE}"}}, {{"roleArn": "{ROLE_ARN}"}}]'}, []),
        ({"assumeRoles": f'[{{"roleArn": "{ROLE_ARN}"}}, {{"roleArn": "{OTHER_ROLE}"}}]'}, ["account-mismatch"]),
        ({"assumeRole": f'{{"roleArn": "{OTHER_ROLE}"}}'}, ["account-mismatch"]),
        ({"assumeRoleWithWebIdentity": f'{{"roleArn": "{OTHER_ROLE}"}}'}, ["account-mismatch"]),
        ({"assumeRoles": '[{"roleArn": "not an ARN"}]'}, []),
        ({"assumeRoles": '[{"roleArn": "not an ARN"}]', "allowedAccountIds": f'["{OTHER}"]'}, ["account-mismatch"]),
        ({"assumeRoles": f'[{{"roleArn": "{OTHER_ROLE}"}}, {{"roleArn": null}}]'}, []),
        ({"assumeRoles": UNKNOWN, "assumeRoleWithWebIdentity": f'{{"roleArn": "{OTHER_ROLE}"}}'}, []),
        (
            {
                "assumeRoles": f'[{{"roleArn": "{ROLE_ARN}"}}]',
                "assumeRoleWithWebIdentity": f'{{"roleArn": "{OTHER_ROLE}"}}',
            },
            [],
        ),
        ({"assumeRoles": "[{}]", "allowedAccountIds": f'["{OTHER}"]'}, ["account-mismatch"]),
        ({"assumeRole": '"text"'}, []),
        # As a program in YAML hands them to a provider that leaves them as they are.
        ({"allowedAccountIds": [OTHER]}, ["account-mismatch"]),
        ({"allowedAccountIds": [ACCOUNT]}, []),
        ({"allowedAccountIds": [UNKNOWN]}, []),
        ({"assumeRole": {"roleArn": OTHER_ROLE}}, ["account-mismatch"]),
        ({"assumeRole": {"roleArn": ROLE_ARN}}, []),
        ({"assumeRoles": [{"roleArn": UNKNOWN}], "assumeRole": {"roleArn": OTHER_ROLE}}, []),
        ({"assumeRoles": [UNKNOWN], "assumeRole": {"roleArn": OTHER_ROLE}}, []),
        ({"assumeRoles": [], "assumeRole": {"roleArn": OTHER_ROLE}}, ["account-mismatch"]),
    ],
)
def test_the_account_of_the_provider(analyzer: Analyzer, settings: Any, expected: list[str]) -> None:
    assert codes(analyzer, trail(provider=Provider(settings), **RIGHT)) == expected


@pytest.mark.parametrize(("organization", "expected"), [(True, []), (UNKNOWN, []), (False, ["account-mismatch"])])
def test_an_organization_trail_may_deliver_to_another_account(
    analyzer: Analyzer, organization: Any, expected: list[str]
) -> None:
    provider = Provider({"allowedAccountIds": f'["{OTHER}"]'})
    assert codes(analyzer, trail(provider=provider, isOrganizationTrail=organization, **RIGHT)) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([], "a list"),
        (["x"], "a list"),
        ([UNKNOWN], "a list"),
        ({}, "an object"),
        ({"a": {"b": UNKNOWN}}, "an object"),
        (7, "a number"),
        (False, "a boolean"),
        ("hunter2", "a string of 7 characters"),
        ("x" * 100_000, "a string of 100000 characters"),
        ({"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "t"}, "an asset"),
        ({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}, "a string of 7 characters"),
    ],
)  # fmt: skip
def test_a_value_of_any_json_type_is_described_and_never_quoted(analyzer: Analyzer, value: Any, kind: str) -> None:
    answer = analyzer.analyze(trail(cloudWatchLogsGroupArn=value, cloudWatchLogsRoleArn=value))
    (message,) = answer.messages(POLICY)
    group, delivery = message.split("\n")
    assert group.startswith(f"[log-group-arn-invalid] cloudWatchLogsGroupArn is {kind}, which ")
    assert delivery.startswith(f"[role-arn-invalid] cloudWatchLogsRoleArn is {kind}, which ")
    assert "hunter2" not in message
    assert len(message) < 600


def test_other_resources_are_not_its_concern(analyzer: Analyzer) -> None:
    for resource in (
        log_group(),
        role(),
        STACK,
        Resource("mod:tf:aws_cloudtrail", "view", {}),
        Resource("aws:cloudtrail/eventDataStore:EventDataStore", "store", {}),
    ):
        answer = analyzer.analyze(resource)
        assert answer.not_applicable == {POLICY: "This is not a CloudTrail trail."}
        assert answer.reports == ()


def test_a_trail_that_is_only_read_is_not_its_concern(analyzer: Analyzer) -> None:
    reason = {POLICY: "This trail is only read here: its settings are managed elsewhere."}
    reads: tuple[dict[str, Any], ...] = ({}, {"__defaults": []})
    for properties in reads:
        assert analyzer.analyze(Resource(AWS_TRAIL, "read", properties)).not_applicable == reason


def test_a_trail_without_a_provider_is_judged(analyzer: Analyzer) -> None:
    assert codes(analyzer, trail(provider=None)) == ["not-integrated"]
