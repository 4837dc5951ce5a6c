"""What a template declares, as resources: names, ARNs, parameters and what each property is made of."""

from typing import Any

import pytest

from cloudtrail_logs.cloudformation.resources import TemplateContent, read_content
from cloudtrail_logs.model.value import ABSENT, UNKNOWN
from cloudtrail_logs.stack.resource import Resource
from tests.policies.template_cases import STACK, STACK_ARN, STACK_SET
from tests.stack.test_declarations import PlainResource
from tests.stacks import ACCOUNT
from tests.stacks import UNKNOWN as SENTINEL

BODY = """
Parameters:
  Name: {Type: String, Default: audit}
  Secret: {Type: String, Default: hidden, NoEcho: true}
  FromSsm: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /audit/name}
  OfSsm: {Type: 'AWS::SSM::Parameter::Name', Default: /audit/name}
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
  Number: {Type: Number, Default: 30}
  Nothing: {Type: String}
  Empty: {Type: String, Default: null}
Resources:
  Logs: {Type: AWS::Logs::LogGroup}
  Named: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref Name}}
  Role: {Type: AWS::IAM::Role, Properties: {Path: /service/}}
  Policy: {Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [!Ref Role]}}
  Itself: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub 'a-${Itself}'}}
  Trail:
    Type: AWS::CloudTrail::Trail
    DependsOn: Policy
    Properties: {TrailName: !Ref Name, A: !Ref VALUE, B: !GetAtt Logs.Arn, C: !GetAtt Role.Arn, D: !ImportValue x}
"""


def content(body: Any = BODY, token: str = STACK, **given: Any) -> TemplateContent:
    found = read_content(PlainResource(token, "infra", {"name": "infra", "templateBody": body, **given}))
    assert found
    return found


def declared(logical_id: str, body: str = BODY, **given: Any) -> Resource:
    return next(each for each in content(body, **given).resources if each.name == logical_id)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("Name", {}, "audit"),
        ("Name", {"Name": "other"}, "other"),
        ("Name", {"Name": ""}, ABSENT),
        ("Name", {"Name": None}, "audit"),
        ("Name", {"Name": SENTINEL}, UNKNOWN),
        ("Name", {"Name": True}, "true"),
        ("Secret", {}, UNKNOWN),
        ("FromSsm", {}, UNKNOWN),
        ("OfSsm", {}, "/audit/name"),
        ("Number", {}, "30"),
        ("Number", {"Number": 7.0}, "7"),
        ("Number", {"Number": 7.5}, "7.5"),
        ("Nothing", {}, UNKNOWN),
        ("Empty", {}, UNKNOWN),
        ("AWS::Region", {}, "us-east-1"),
        ("AWS::AccountId", {}, ACCOUNT),
        ("AWS::Partition", {}, "aws"),
        ("AWS::StackName", {}, "infra"),
        ("AWS::StackId", {}, STACK_ARN),
        ("AWS::URLSuffix", {}, "amazonaws.com"),
        ("Logs", {}, "infra-Logs-XXXXXXXXXXXX"),
        ("Named", {}, "audit"),
        ("Policy", {}, f"arn:aws:iam::{ACCOUNT}:policy/infra-Policy-XXXXXXXXXXXX"),
        ("Absent", {}, UNKNOWN),
    ],
)
def test_what_a_reference_gives(name: str, given: dict[str, Any], value: Any) -> None:
    trail = declared("Trail", BODY.replace("VALUE", f"'{name}'"), id=STACK_ARN, parameters=given)
    assert trail.properties.text("A") == value


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("us-iso-east-1", UNKNOWN),
        ("xx-north-1", UNKNOWN),
        (SENTINEL, UNKNOWN),
    ],
)
def test_the_domain_of_a_partition(region: str, suffix: Any) -> None:
    assert declared("Trail", BODY.replace("VALUE", "AWS::URLSuffix"), region=region).properties.text("A") == suffix


def test_a_list_is_a_list() -> None:
    trail = declared("Trail", BODY.replace("VALUE", "Names"))
    assert trail.properties.json("A") == ["a", "b"]


def test_arns() -> None:
    known = {name: declared(name, id=STACK_ARN).properties for name in ("Logs", "Named", "Role", "Policy", "Trail")}
    assert known["Logs"].text("arn") == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:infra-Logs-XXXXXXXXXXXX:*"
    assert known["Named"].text("arn") == f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:*"
    assert known["Role"].text("arn") == f"arn:aws:iam::{ACCOUNT}:role/service/infra-Role-XXXXXXXXXXXX"
    assert known["Policy"].text("policyArn") == f"arn:aws:iam::{ACCOUNT}:policy/infra-Policy-XXXXXXXXXXXX"
    assert known["Trail"].text("Arn") == f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"


@pytest.mark.parametrize(
    ("logical_id", "name"),
    [
        ("R" * 45, f"infra-{'R' * 45}-XXXXXXXXXXXX"),
        ("R" * 46, f"infra-{'R' * 45}-XXXXXXXXXXXX"),
        ("P" * 110, f"infra-{'P' * 109}-XXXXXXXXXXXX"),
        ("L" * 110, f"infra-{'L' * 110}-XXXXXXXXXXXX"),
    ],
)
def test_a_name_that_cloudformation_makes_is_no_longer_than_its_service_takes(logical_id: str, name: str) -> None:
    kinds = {"R": "AWS::IAM::Role", "P": "AWS::IAM::ManagedPolicy", "L": "AWS::Logs::LogGroup"}
    names = {"R": "roleName", "P": "managedPolicyName", "L": "logGroupName"}
    kind = logical_id[0]
    body = f"{BODY}  {logical_id}: {{Type: {kinds[kind]}}}"
    assert declared(logical_id, body).properties.text(names[kind]) == name


@pytest.mark.parametrize("token", [STACK, STACK_SET])
def test_what_does_not_exist_has_no_place(token: str) -> None:
    found = {each.name: each.properties for each in content(token=token, id=SENTINEL).resources}
    assert found["Logs"].text("arn") is UNKNOWN
    assert found["Trail"].text("Arn") is ABSENT
    assert found["Logs"].text("id") is UNKNOWN


def test_aws_is_asked_only_about_a_trail_that_is_named() -> None:
    unnamed = declared("Trail", BODY.replace("TrailName: !Ref Name, ", ""), id=STACK_ARN)
    assert unnamed.properties.text("Arn") is ABSENT


def test_what_is_named_by_itself_is_not_known() -> None:
    assert declared("Itself").properties.text("logGroupName") is UNKNOWN


def test_what_a_property_is_made_of() -> None:
    trail = declared("Trail")
    assert {name: [each.name for each in trail.sources(name) or ()] for name in "ABCD"} == {
        "A": ["infra"],  # not known, so of anything that the template may give
        "B": ["Logs"],
        "C": ["Role"],
        "D": [],
    }
    assert trail.sources("TrailName") is None
    assert trail.sources("D") == []
    assert [each.name for each in declared("Policy").sources("roles") or ()] == ["Role"]
    assert [each.name for each in trail.dependencies] == ["Logs", "Role", "Policy"]


def test_the_resources_are_told_apart() -> None:
    found = content().resources
    assert len({each.urn for each in found}) == len(found)
    assert {each.template and each.template.urn for each in found} == {f"urn:pulumi:dev::shop::{STACK}::infra"}


def test_no_template() -> None:
    for given in ({}, {"templateBody": ""}, {"templateBody": "Resources: {A: {Type: AWS::SNS::Topic}}"}):
        assert read_content(PlainResource(STACK, "infra", given)) is None


def test_names_that_are_made_of_each_other_are_resolved_once_each() -> None:
    made = {f"G{n}": {"Fn::Sub": f"a${{G{n + 1}}}${{G{n + 1}.Arn}}"} for n in range(40)}
    resources = {
        name: {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": value}} for name, value in made.items()
    }
    trail = {"Type": "AWS::CloudTrail::Trail", "Properties": {"A": {"Ref": "G0"}}}
    found = content({"Resources": {**resources, "Trail": trail}})
    assert next(each for each in found.resources if each.name == "Trail").properties.text("A") is UNKNOWN
