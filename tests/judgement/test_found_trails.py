"""The trails of a stack, with those in its templates: what is found, and whether the stack declares one."""

import json
from typing import Any

import pytest

from cloudtrail_logs.judgement.found_trails import find_trails
from tests.stack.test_declarations import PlainResource
from tests.stacks import AWS_LOG_GROUP, AWS_TRAIL, UNKNOWN

DEPLOYS = "aws:cloudformation/stack:Stack"
TRAIL = {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": True}}
TEMPLATE = json.dumps({"Resources": {"One": TRAIL, "Two": TRAIL, "Group": {"Type": "AWS::Logs::LogGroup"}}})
CONDITIONAL = json.dumps({
    "Parameters": {"Wanted": {"Type": "String"}},
    "Conditions": {"IsWanted": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
    "Resources": {"One": {**TRAIL, "Condition": "IsWanted"}},
})  # fmt: skip
MACRO = json.dumps({"Transform": "Mine", "Resources": {"One": TRAIL}})


def given(token: str, name: str, **properties: Any) -> PlainResource:
    return PlainResource(token, name, properties)


AUDIT, READ = given(AWS_TRAIL, "audit", s3BucketName="b"), given(AWS_TRAIL, "read")


@pytest.mark.parametrize(("resources", "only_read", "names", "any_trail", "declares"), [
    ([], (), [], False, False),
    ([given(AWS_LOG_GROUP, "logs")], (), [], False, False),
    ([AUDIT], (), ["audit"], True, True),
    ([READ], (READ.urn,), [], True, False),
    ([READ, AUDIT], (READ.urn,), ["audit"], True, True),
    ([given(DEPLOYS, "infra", templateBody=TEMPLATE)], (), ["One", "Two"], True, True),
    ([given(DEPLOYS, "infra", templateBody=TEMPLATE), AUDIT], (), ["audit", "One", "Two"], True, True),
    ([given(DEPLOYS, "infra", templateBody=json.dumps({"Resources": {}}))], (), [], False, False),
    ([given(DEPLOYS, "infra", templateBody=TEMPLATE)], (f"urn:pulumi:dev::shop::{DEPLOYS}::infra",), [], False, False),
])  # fmt: skip
def test_the_trails_of_a_stack(
    resources: list[PlainResource], only_read: tuple[str, ...], names: list[str], any_trail: bool, declares: bool
) -> None:
    found = find_trails(resources, only_read)
    assert [trail.resource.name for trail in found.trails] == names
    assert (found.any_trail, found.declares_trail) == (any_trail, declares)
    assert found.undetermined == []


@pytest.mark.parametrize(("properties", "logical_ids", "declares"), [
    ({"templateBody": CONDITIONAL, "parameters": {"Wanted": UNKNOWN}}, ["One"], True),
    ({"templateBody": CONDITIONAL, "parameters": {"Wanted": "no"}}, [], False),
    ({"templateBody": MACRO}, [""], False),
    ({"templateUrl": "https://acme.example/template.yaml"}, [""], False),
])  # fmt: skip
def test_what_cannot_be_told(properties: dict[str, Any], logical_ids: list[str], declares: bool) -> None:
    found = find_trails([given(DEPLOYS, "infra", **properties)])
    assert found.trails == []
    assert [logical_id for _, logical_id, _ in found.undetermined] == logical_ids
    assert {urn for urn, *_ in found.undetermined} <= {f"urn:pulumi:dev::shop::{DEPLOYS}::infra"}
    assert found.declares_trail is declares
