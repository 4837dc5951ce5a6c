"""The stand-in gives a policy pack what the real provider's bridge was recorded to give it.

The program: a log group, a role that CloudTrail may assume, its policy on the log group, and a
trail with both ARNs, all auto-named, in us-east-1. What was recorded is in aws_provider_recorded.json.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.fakes.aws_provider.checks import AutomaticName, check_failures, checked_inputs
from tools.fakes.aws_provider.outputs import Resource, changed_properties, resource_outputs
from tools.fakes.aws_provider.settings import ProviderSettings

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SETTINGS = ProviderSettings(configured_region="us-east-1")
RECORDED = json.loads(Path(__file__).with_name("aws_provider_recorded.json").read_text())
LOG_GROUP, ROLE, ROLE_POLICY, TRAIL = (Resource(each["urn"]) for each in RECORDED)
TRUST_AS_WRITTEN = RECORDED[1]["given"]["assumeRolePolicy"]
TRUST_NORMALISED = RECORDED[1]["preview_outputs"]["assumeRolePolicy"]


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda each: each["urn"].rpartition("::")[2])
def test_what_was_recorded(recorded: dict[str, Any]) -> None:
    resource, checked = Resource(recorded["urn"]), recorded["preview_inputs"]
    proposed = AutomaticName(resource.logical_name, b"", proposed=checked["name"])
    inputs = checked_inputs(resource.kind, recorded["given"], {}, proposed, SETTINGS)
    assert {key: value for key, value in inputs.items() if key != "__defaults"} == checked
    assert check_failures(resource.kind, resource.logical_name, inputs) == []
    assert resource_outputs(resource, checked, SETTINGS, {}, True) == recorded["preview_outputs"]
    up_inputs, up_outputs = recorded["up_inputs"], recorded["up_outputs"]
    assert resource_outputs(resource, up_inputs, SETTINGS, {}, False) == up_outputs
    # a second preview changes nothing
    assert changed_properties(resource.kind, up_inputs, up_inputs) == []
    assert resource_outputs(resource, up_inputs, SETTINGS, up_outputs, True) == up_outputs


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
