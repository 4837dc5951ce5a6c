"""The stand-in gives a policy pack what the real provider's bridge was recorded to give it.

The program: a log group, a role that CloudTrail may assume, its policy on the log group, and a
trail with both ARNs, all auto-named, in us-east-1.
"""

import json
from typing import Any

import pytest

from tools.fakes.aws_provider.checks import AutomaticName, check_failures, checked_inputs
from tools.fakes.aws_provider.outputs import Resource, changed_properties, resource_outputs
from tools.fakes.aws_provider.settings import ProviderSettings

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SETTINGS = ProviderSettings(configured_region="us-east-1")

LOG_GROUP = Resource("urn:pulumi:dev::cap::aws:cloudwatch/logGroup:LogGroup::lg")
ROLE = Resource("urn:pulumi:dev::cap::aws:iam/role:Role::role")
ROLE_POLICY = Resource("urn:pulumi:dev::cap::aws:iam/rolePolicy:RolePolicy::rolePolicy")
TRAIL = Resource("urn:pulumi:dev::cap::aws:cloudtrail/trail:Trail::trail")

LOG_GROUP_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:lg-b6aae16"
ROLE_ARN = "arn:aws:iam::123456789012:role/role-f88ffd7"
TRAIL_ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/trail-84792ea"
TRUST_AS_WRITTEN = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
    '"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
)
TRUST_NORMALISED = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow",'
    '"Principal":{"Service":"cloudtrail.amazonaws.com"}}],"Version":"2012-10-17"}'
)
POLICY_AS_WRITTEN = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
    '"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], '
    f'"Resource": "{LOG_GROUP_ARN}:*"}}]}}'
)
POLICY_NORMALISED = (
    '{"Statement":[{"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Effect":"Allow",'
    f'"Resource":"{LOG_GROUP_ARN}:*"}}],"Version":"2012-10-17"}}'
)

# Resource, what the program gives, the checked inputs, all in preview.
PREVIEW_INPUTS = [
    (LOG_GROUP, {}, {"name": "lg-fdaccce", "region": "us-east-1"}),
    (
        ROLE,
        {"assumeRolePolicy": TRUST_AS_WRITTEN},
        {
            "assumeRolePolicy": TRUST_AS_WRITTEN,
            "maxSessionDuration": 3600.0,
            "name": "role-8b84d9f",
            "path": "/",
        },
    ),
    (
        ROLE_POLICY,
        {"policy": UNKNOWN, "role": "role-8b84d9f"},
        {"name": "rolePolicy-8e2be8e", "policy": UNKNOWN, "role": "role-8b84d9f"},
    ),
    (
        TRAIL,
        {
            "cloudWatchLogsGroupArn": UNKNOWN,
            "cloudWatchLogsRoleArn": UNKNOWN,
            "s3BucketName": "cap-bucket",
        },
        {
            "cloudWatchLogsGroupArn": UNKNOWN,
            "cloudWatchLogsRoleArn": UNKNOWN,
            "enableLogging": True,
            "includeGlobalServiceEvents": True,
            "name": "trail-1ff4f26",
            "region": "us-east-1",
            "s3BucketName": "cap-bucket",
        },
    ),
]

PREVIEW_OUTPUTS: dict[Resource, dict[str, Any]] = {
    LOG_GROUP: {
        "arn": UNKNOWN,
        "deletionProtectionEnabled": UNKNOWN,
        "id": UNKNOWN,
        "kmsKeyId": None,
        "logGroupClass": UNKNOWN,
        "name": "lg-fdaccce",
        "namePrefix": UNKNOWN,
        "region": "us-east-1",
        "retentionInDays": 0.0,
        "skipDestroy": False,
        "tags": None,
        "tagsAll": UNKNOWN,
    },
    ROLE: {
        "arn": UNKNOWN,
        "assumeRolePolicy": TRUST_NORMALISED,
        "createDate": UNKNOWN,
        "description": None,
        "forceDetachPolicies": False,
        "id": UNKNOWN,
        "inlinePolicies": UNKNOWN,
        "managedPolicyArns": UNKNOWN,
        "maxSessionDuration": 3600.0,
        "name": "role-8b84d9f",
        "namePrefix": UNKNOWN,
        "path": "/",
        "permissionsBoundary": None,
        "tags": None,
        "tagsAll": UNKNOWN,
        "uniqueId": UNKNOWN,
    },
    ROLE_POLICY: {
        "id": UNKNOWN,
        "name": "rolePolicy-8e2be8e",
        "namePrefix": UNKNOWN,
        "policy": UNKNOWN,
        "role": "role-8b84d9f",
    },
    TRAIL: {
        "arn": UNKNOWN,
        "cloudWatchLogsGroupArn": UNKNOWN,
        "cloudWatchLogsRoleArn": UNKNOWN,
        "enableLogFileValidation": False,
        "enableLogging": True,
        "homeRegion": UNKNOWN,
        "id": UNKNOWN,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
        "kmsKeyId": None,
        "name": "trail-1ff4f26",
        "region": "us-east-1",
        "s3BucketName": "cap-bucket",
        "s3KeyPrefix": None,
        "snsTopicArn": UNKNOWN,
        "snsTopicName": None,
        "tags": None,
        "tagsAll": UNKNOWN,
    },
}

UP_INPUTS = {
    LOG_GROUP: {"name": "lg-b6aae16", "region": "us-east-1"},
    ROLE: {
        "assumeRolePolicy": TRUST_AS_WRITTEN,
        "maxSessionDuration": 3600.0,
        "name": "role-f88ffd7",
        "path": "/",
    },
    ROLE_POLICY: {
        "name": "rolePolicy-f37bd1f",
        "policy": POLICY_AS_WRITTEN,
        "role": "role-f88ffd7",
    },
    TRAIL: {
        "cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*",
        "cloudWatchLogsRoleArn": ROLE_ARN,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "name": "trail-84792ea",
        "region": "us-east-1",
        "s3BucketName": "cap-bucket",
    },
}

# Strings that are not set read back empty: those were null in the recording of this program, whose
# AWS was simulated, and empty in the recording of the whole real provider.
UP_OUTPUTS: dict[Resource, dict[str, Any]] = {
    LOG_GROUP: {
        "arn": LOG_GROUP_ARN,
        "deletionProtectionEnabled": False,
        "id": "lg-b6aae16",
        "kmsKeyId": "",
        "logGroupClass": "STANDARD",
        "name": "lg-b6aae16",
        "namePrefix": "",
        "region": "us-east-1",
        "retentionInDays": 0.0,
        "skipDestroy": False,
        "tags": None,
        "tagsAll": {},
    },
    ROLE: {
        "arn": ROLE_ARN,
        "assumeRolePolicy": TRUST_NORMALISED,
        "createDate": "2026-01-01T00:00:00Z",
        "description": "",
        "forceDetachPolicies": False,
        "id": "role-f88ffd7",
        "inlinePolicies": [],
        "managedPolicyArns": [],
        "maxSessionDuration": 3600.0,
        "name": "role-f88ffd7",
        "namePrefix": "",
        "path": "/",
        "permissionsBoundary": "",
        "tags": None,
        "tagsAll": {},
        "uniqueId": "AROAEXAMPLE",
    },
    ROLE_POLICY: {
        "id": "role-f88ffd7:rolePolicy-f37bd1f",
        "name": "rolePolicy-f37bd1f",
        "namePrefix": "",
        "policy": POLICY_NORMALISED,
        "role": "role-f88ffd7",
    },
    TRAIL: {
        "arn": TRAIL_ARN,
        "cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*",
        "cloudWatchLogsRoleArn": ROLE_ARN,
        "enableLogFileValidation": False,
        "enableLogging": True,
        "homeRegion": "us-east-1",
        "id": TRAIL_ARN,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
        "kmsKeyId": "",
        "name": "trail-84792ea",
        "region": "us-east-1",
        "s3BucketName": "cap-bucket",
        "s3KeyPrefix": "",
        "snsTopicArn": "",
        "snsTopicName": "",
        "tags": None,
        "tagsAll": {},
    },
}


@pytest.mark.parametrize(("resource", "given", "recorded"), PREVIEW_INPUTS)
def test_check_fills_in_what_the_real_one_fills_in(
    resource: Resource, given: dict[str, Any], recorded: dict[str, Any]
) -> None:
    proposed = AutomaticName(resource.logical_name, b"", proposed=recorded["name"])
    inputs = checked_inputs(resource.kind, given, {}, proposed, SETTINGS)

    assert {key: value for key, value in inputs.items() if key != "__defaults"} == recorded
    assert check_failures(resource.kind, resource.logical_name, inputs) == []


@pytest.mark.parametrize(("resource", "inputs"), [(resource, inputs) for resource, _, inputs in PREVIEW_INPUTS])
def test_preview_shows_the_recorded_outputs(resource: Resource, inputs: dict[str, Any]) -> None:
    assert resource_outputs(resource, inputs, SETTINGS, {}, True) == PREVIEW_OUTPUTS[resource]


@pytest.mark.parametrize(("resource", "inputs"), UP_INPUTS.items())
def test_up_shows_the_recorded_outputs(resource: Resource, inputs: dict[str, Any]) -> None:
    assert resource_outputs(resource, inputs, SETTINGS, {}, False) == UP_OUTPUTS[resource]


@pytest.mark.parametrize(("resource", "inputs"), UP_INPUTS.items())
def test_a_second_preview_changes_nothing(resource: Resource, inputs: dict[str, Any]) -> None:
    previous = UP_OUTPUTS[resource]

    assert changed_properties(resource.kind, inputs, inputs) == []
    assert resource_outputs(resource, inputs, SETTINGS, previous, True) == previous


def test_a_trail_without_the_integration_reads_back_empty_strings() -> None:
    inputs = {"name": "trail-9baa5d8", "s3BucketName": "cap-bucket"}

    planned = resource_outputs(TRAIL, inputs, SETTINGS, {}, True)
    created = resource_outputs(TRAIL, inputs, SETTINGS, {}, False)

    for key in ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"):
        assert (planned[key], created[key]) == (None, "")


def test_a_document_given_as_an_object_becomes_text() -> None:
    given = {"assumeRolePolicy": json.loads(TRUST_AS_WRITTEN)}
    inputs = checked_inputs(ROLE.kind, given, {}, AutomaticName("role", b"seed"), SETTINGS)

    assert inputs["assumeRolePolicy"] == TRUST_NORMALISED


def test_a_document_with_one_unknown_inside_is_one_unknown_text() -> None:
    given = {"role": "r", "policy": {"Statement": [{"Effect": "Allow", "Resource": [UNKNOWN]}]}}
    inputs = checked_inputs(ROLE_POLICY.kind, given, {}, AutomaticName("p", b"seed"), SETTINGS)

    assert inputs["policy"] == UNKNOWN
    assert resource_outputs(ROLE_POLICY, inputs, SETTINGS, {}, True)["policy"] == UNKNOWN


def test_inline_policies_that_are_not_known_yet_are_missing_from_the_inputs() -> None:
    literal = {"name": "literal", "policy": "{}"}
    later = {"name": "later", "policy": UNKNOWN}

    def planned(*entries: dict[str, str]) -> tuple[Any, Any]:
        given = {"assumeRolePolicy": TRUST_AS_WRITTEN, "inlinePolicies": list(entries)}
        inputs = checked_inputs(ROLE.kind, given, {}, AutomaticName("role", b"seed"), SETTINGS)
        outputs = resource_outputs(ROLE, inputs, SETTINGS, {}, True)
        return inputs["inlinePolicies"], outputs["inlinePolicies"]

    assert planned(later) == ([], UNKNOWN)
    assert planned(literal, later) == ([{**literal, "__defaults": []}], [literal])


def test_an_inline_policy_without_a_name_gets_one_that_it_keeps() -> None:
    given: dict[str, Any] = {"inlinePolicies": [{}]}
    first = checked_inputs(ROLE.kind, given, {}, AutomaticName("role", b"one"), SETTINGS)
    second = checked_inputs(ROLE.kind, given, first, AutomaticName("role", b"two"), SETTINGS)

    (entry,) = first["inlinePolicies"]
    assert entry.keys() == {"name", "__defaults"}
    assert second["inlinePolicies"] == first["inlinePolicies"]
