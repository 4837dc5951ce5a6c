"""The sections of a template, and which templates only CloudFormation can expand."""

import re
from typing import Any

import pytest

from cloudtrail_logs.cloudformation.syntax import MalformedError
from cloudtrail_logs.cloudformation.template import Template, read_template

MACRO = "has a macro (Transform), which only CloudFormation can expand"


def test_sections() -> None:
    text = "Parameters: {A: {Type: String}}\nConditions: {B: !Equals [a, b]}\nResources: {C: {Type: D}}\nOutputs: {}"
    assert read_template(text) == Template(
        {"A": {"Type": "String"}}, {}, {"B": {"Fn::Equals": ["a", "b"]}}, {"C": {"Type": "D"}}
    )
    assert read_template({"Resources": None}) == Template({}, {}, {}, {})
    of_a_resource = {"A": {"Type": "B", "Properties": {"Transform": "c"}}}
    assert read_template({"Resources": of_a_resource}) == Template({}, {}, {}, of_a_resource)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("a", "is not a mapping"),
        ("[a]", "is not a mapping"),
        ("Resources: [a]", "has Resources that are not a mapping"),
        ("Mappings: a", "has Mappings that are not a mapping"),
        ("Resources: {A: b}", "has an entry in Resources that is not a mapping"),
        ("Parameters: {A: [b]}", "has an entry in Parameters that is not a mapping"),
        ("Transform: AWS::Serverless-2016-10-31", MACRO),
        ("Transform: []", MACRO),
        ("Resources: {A: {Properties: {Fn::Transform: {Name: b}}}}", MACRO),
        ("Resources: {A: {Properties: {B: !Transform {Name: b}}}}", MACRO),
        ("Resources: {'Fn::ForEach::A': [b, [c], {}]}", MACRO),
        ("Outputs: {A: {Value: [{'Fn::ForEach::A': []}]}}", MACRO),
        ({"Transform": "a"}, MACRO),
    ],
)
def test_what_cannot_be_read(body: Any, reason: str) -> None:
    with pytest.raises(MalformedError, match=f"^{re.escape(reason)}$"):
        read_template(body)
