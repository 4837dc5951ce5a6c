"""What each intrinsic function gives, and what its value was made of."""

from typing import Any

import pytest

from cloudtrail_logs.cloudformation.intrinsics import Intrinsics
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Truth

VALUES = {
    "Name": "audit",
    "On": "true",
    "Names": ["a", "b"],
    "Open": UNKNOWN,
    "AWS::Region": "us-east-1",
    "Dynamic": "{{resolve:ssm:/audit}}",
}
MAPPINGS = {"ByRegion": {"us-east-1": {"name": "audit", "names": ["a"], "dynamic": "{{resolve:ssm:/audit}}"}}}
CONDITIONS: dict[str, Any] = {
    "Yes": {"Fn::Equals": [{"Ref": "On"}, True]},
    "No": {"Fn::Not": [{"Condition": "Yes"}]},
    "Open": {"Fn::Equals": [{"Ref": "Open"}, "true"]},
    "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "Open"}]},
    "Neither": {"Fn::And": [{"Condition": "No"}, {"Condition": "Open"}]},
    "Either": {"Fn::Or": [{"Condition": "Open"}, {"Condition": "Yes"}]},
    "Itself": {"Condition": "Itself"},
    "Numbers": {"Fn::Equals": [1, "1"]},
    "Broken": {"Fn::Equals": ["a"]},
    "Text": "true",
    "List": {"Fn::Equals": [["a"], ["a"]]},
}
ATTRIBUTES = {("Logs", ""): "logs-name", ("Logs", "Arn"): "arn:logs:*", ("Role", ""): UNKNOWN}
NO_VALUE = {"Ref": "AWS::NoValue"}
INTRINSICS = Intrinsics(VALUES, MAPPINGS, CONDITIONS, lambda name, attribute: ATTRIBUTES.get((name, attribute), ABSENT))

RESOLVED: list[tuple[Any, Any]] = [
    ("a", "a"),
    (True, True),
    (None, None),
    ({"a": ["b", {"Ref": "Name"}]}, {"a": ["b", "audit"]}),
    ("{{resolve:ssm:/audit}}", UNKNOWN),
    ("a{{resolve:secretsmanager:b}}", UNKNOWN),
    ({"Ref": "Name"}, "audit"),
    ({"Ref": "Names"}, ["a", "b"]),
    ({"Ref": "Open"}, UNKNOWN),
    ({"Ref": "Dynamic"}, UNKNOWN),
    ({"Ref": "Logs"}, "logs-name"),
    ({"Ref": "Nothing"}, UNKNOWN),
    ({"Ref": ["Name"]}, UNKNOWN),
    (NO_VALUE, ABSENT),
    ({"a": NO_VALUE, "b": "c"}, {"b": "c"}),
    ([NO_VALUE, "b"], ["b"]),
    ({"Ref": "Name", "b": "c"}, {"Ref": "Name", "b": "c"}),
    ({"Fn::GetAtt": ["Logs", "Arn"]}, "arn:logs:*"),
    ({"Fn::GetAtt": "Logs.Arn"}, "arn:logs:*"),
    ({"Fn::GetAtt": "Logs"}, UNKNOWN),
    ({"Fn::GetAtt": ["Logs", {"Ref": "Name"}]}, UNKNOWN),
    ({"Fn::GetAtt": ["Logs", "Other"]}, UNKNOWN),
    ({"Fn::Sub": "a-${Name}-${AWS::Region}"}, "a-audit-us-east-1"),
    ({"Fn::Sub": "${Logs.Arn}:${ Name }"}, "arn:logs:*:audit"),
    ({"Fn::Sub": "${!Name}"}, "${Name}"),
    ({"Fn::Sub": "${Open}"}, UNKNOWN),
    ({"Fn::Sub": "${Names}"}, UNKNOWN),
    ({"Fn::Sub": "${Nothing}"}, UNKNOWN),
    ({"Fn::Sub": "${AWS::NoValue}"}, UNKNOWN),
    ({"Fn::Sub": ["${Name}-${own}", {"own": {"Ref": "Name"}}]}, "audit-audit"),
    ({"Fn::Sub": ["${own}", {"own": {"Ref": "Open"}}]}, UNKNOWN),
    ({"Fn::Sub": ["${own}", {"own": 123456789012.0}]}, "123456789012"),
    ({"Fn::Join": ["", ["a", 1, 2.5, False]]}, "a12.5false"),
    ({"Fn::Select": [1.0, ["a", "b"]]}, "b"),
    ({"Fn::If": ["Numbers", "a", "b"]}, "a"),
    ({"Fn::Sub": ["${own}"]}, UNKNOWN),
    ({"Fn::Sub": "${ and $} and {}"}, "${ and $} and {}"),
    ({"Fn::Sub": "{{resolve:ssm:${Name}}}"}, UNKNOWN),
    ({"Fn::Sub": "${Dynamic}"}, UNKNOWN),
    ({"Fn::Join": [":", ["a", {"Ref": "Name"}]]}, "a:audit"),
    ({"Fn::Join": [":", ["{{resolve", "ssm", "/audit}}"]]}, UNKNOWN),
    ({"Fn::Join": [":", ["{{", "resolve", "}}"]]}, "{{:resolve:}}"),
    ({"Fn::Join": [",", {"Ref": "Names"}]}, "a,b"),
    ({"Fn::Join": [",", ["a", True]]}, "a,true"),
    ({"Fn::Join": [",", ["a", {"Ref": "Open"}]]}, UNKNOWN),
    ({"Fn::Join": [",", "a"]}, UNKNOWN),
    ({"Fn::Join": [{"Ref": "Name"}, ["a"]]}, UNKNOWN),
    ({"Fn::Join": ["x" * 60_000, ["a", "b"]]}, UNKNOWN),
    ({"Fn::If": ["Yes", "a", "b"]}, "a"),
    ({"Fn::If": ["No", "a", "b"]}, "b"),
    ({"Fn::If": ["No", "a", NO_VALUE]}, ABSENT),
    ({"Fn::If": ["Open", "a", "b"]}, UNKNOWN),
    ({"Fn::If": ["Open", "a", "a"]}, "a"),
    ({"Fn::If": ["Open", "a", NO_VALUE]}, UNKNOWN),
    ({"Fn::If": ["Nothing", "a", "b"]}, UNKNOWN),
    ({"Fn::If": ["Yes", "a"]}, UNKNOWN),
    ({"Fn::FindInMap": ["ByRegion", {"Ref": "AWS::Region"}, "name"]}, "audit"),
    ({"Fn::FindInMap": ["ByRegion", {"Ref": "AWS::Region"}, "names"]}, ["a"]),
    ({"Fn::FindInMap": ["ByRegion", {"Ref": "AWS::Region"}, "dynamic"]}, UNKNOWN),
    ({"Fn::FindInMap": ["ByRegion", {"Ref": "Open"}, "name"]}, UNKNOWN),
    ({"Fn::FindInMap": ["ByRegion", "eu-west-1", "name"]}, UNKNOWN),
    ({"Fn::FindInMap": ["ByRegion", "us-east-1"]}, UNKNOWN),
    ({"Fn::Select": ["1", {"Ref": "Names"}]}, "b"),
    ({"Fn::Select": ["2", {"Ref": "Names"}]}, UNKNOWN),
    ({"Fn::Select": ["-1", {"Ref": "Names"}]}, UNKNOWN),
    ({"Fn::Select": ["0", {"Ref": "Open"}]}, UNKNOWN),
    ({"Fn::Select": ["4", {"Fn::Split": [":", "a:b:c:d:e"]}]}, "e"),
    ({"Fn::Split": ["", "a"]}, UNKNOWN),
    ({"Fn::Split": [",", {"Ref": "Open"}]}, UNKNOWN),
    ({"Fn::ImportValue": "a"}, UNKNOWN),
    ({"Fn::Base64": "a"}, UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("node", "value"), RESOLVED, ids=repr)
def test_a_value(node: Any, value: Any) -> None:
    assert INTRINSICS.resolve(node) == value


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("Yes", Truth.YES),
        ("No", Truth.NO),
        ("Open", Truth.MAYBE),
        ("Both", Truth.MAYBE),
        ("Neither", Truth.NO),
        ("Either", Truth.YES),
        ("Itself", Truth.MAYBE),
        ("Broken", Truth.MAYBE),
        ("Text", Truth.MAYBE),
        ("List", Truth.MAYBE),
        ("Nothing", Truth.MAYBE),
        (["Yes"], Truth.MAYBE),
    ],
)
def test_a_condition(name: object, truth: Truth) -> None:
    assert INTRINSICS.condition(name) is truth


def test_what_is_known_of_a_condition_counts_whatever_the_values_say() -> None:
    known = Intrinsics(VALUES, MAPPINGS, CONDITIONS, lambda *_: ABSENT, {"Yes": Truth.MAYBE})
    assert known.condition("Yes") is Truth.MAYBE
    assert known.condition("No") is Truth.MAYBE
    assert known.condition("Numbers") is Truth.YES
    assert INTRINSICS.condition("Yes") is Truth.YES


@pytest.mark.parametrize(
    ("node", "names"),
    [
        ("a", []),
        ({"Ref": "Logs"}, ["Logs"]),
        ({"Fn::GetAtt": "Logs.Arn"}, ["Logs"]),
        ({"Fn::GetAtt": ["Logs", "Arn"]}, ["Logs"]),
        ({"Fn::Sub": "${Logs.Arn}:${Name}${!Role}"}, ["Logs", "Name"]),
        ({"Fn::Sub": ["${own}-${Role}", {"own": {"Ref": "Logs"}}]}, ["Role", "Logs"]),
        ({"Fn::Join": ["", [{"Ref": "Logs"}, {"Ref": "Role"}]]}, ["Logs", "Role"]),
        ({"a": [{"Ref": "Logs"}], "b": {"Ref": "Role"}}, ["Logs", "Role"]),
        ({"Fn::ImportValue": {"Ref": "Logs"}}, [""]),
        ({"Fn::If": ["Yes", {"Ref": "Logs"}, {"Ref": "Role"}]}, ["Logs"]),
        ({"Fn::If": ["No", {"Ref": "Logs"}, {"Ref": "Role"}]}, ["Role"]),
        ({"Fn::If": ["Open", {"Ref": "Logs"}, {"Ref": "Role"}]}, ["Logs", "Role"]),
        ({"Fn::If": ["Open"]}, []),
    ],
    ids=repr,
)
def test_what_a_value_is_made_of(node: Any, names: list[str]) -> None:
    assert list(INTRINSICS.references(node)) == names
