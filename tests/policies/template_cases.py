"""CloudFormation templates with a trail, and the codes that are right for each, by policy.

`twins` are the same designs in Pulumi resources: of the same codes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.stacks import ACCOUNT, TRUST_POLICY, UNKNOWN, Resource, log_group, role, trail

STACK = "aws:cloudformation/stack:Stack"
STACK_SET = "aws:cloudformation/stackSet:StackSet"
STACK_ARN = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/infra/0a1b"
TYPED = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:elsewhere:*"
GROUP_OF_SUB = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Logs}"
OTHER_OF_SUB = GROUP_OF_SUB.replace("${Logs}", "other:*")
ACTIONS = "[logs:CreateLogStream, logs:PutLogEvents]"
INTEGRATED, EXIST, DELIVER = "integrated", "exist", "deliver"
POLICIES = {
    "cloudtrail-cloudwatch-logs-integrated": INTEGRATED,
    "cloudtrail-log-group-and-role-exist": EXIST,
    "cloudtrail-role-can-deliver": DELIVER,
}
WIRED = "CloudWatchLogsLogGroupArn: !GetAtt Logs.Arn, CloudWatchLogsRoleArn: !GetAtt Role.Arn"


def template(
    wiring: str = WIRED,
    *,
    logs: str = "{RetentionInDays: 30}",
    service: str = "cloudtrail.amazonaws.com",
    actions: str = ACTIONS,
    resource: str = "!GetAtt Logs.Arn",
    trail: str = "",
    sections: str = "",
    resources: str = "",
) -> str:
    """A log group, a role and a trail. wiring: properties of the trail. trail: its other attributes, with a comma."""
    return f"""
AWSTemplateFormatVersion: 2010-09-09
{sections}
Resources:
  Logs: {{Type: AWS::Logs::LogGroup, Properties: {logs}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{{Effect: Allow, Principal: {{Service: {service}}}, Action: 'sts:AssumeRole'}}]
      Policies:
      - PolicyName: delivery
        PolicyDocument:
          Version: 2012-10-17
          Statement:
          - Effect: Allow
            Action: {actions}
            Resource: {resource}
  Trail: {{Type: AWS::CloudTrail::Trail, {trail} Properties: {{IsLogging: true, S3BucketName: bucket, {wiring}}}}}
{resources}
"""


@dataclass(frozen=True)
class Case:
    """A template. preview: the codes while nothing is deployed; update: after that, where they are others."""

    name: str
    body: str
    preview: Mapping[str, Sequence[str]] = field(default_factory=dict)
    update: Mapping[str, Sequence[str]] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    token: str = STACK


NONE: Mapping[str, Sequence[str]] = {}
BARE = {INTEGRATED: ["log-group-arn-without-wildcard"]}
NOT_INTEGRATED = {INTEGRATED: ["not-integrated"], EXIST: ["log-group-unused"]}
DENIED = {DELIVER: ["role-permission-missing"]}
TOGGLE = """
Parameters: {Deliver: {Type: String, Default: 'true', AllowedValues: ['true', 'false']}}
Conditions:
  On: !Equals [!Ref Deliver, 'true']
  Nested: !And [!Condition On, !Not [!Equals [!Ref 'AWS::Region', cn-north-1]]]
"""
BY_CONDITION = (
    "CloudWatchLogsLogGroupArn: !If [Nested, !GetAtt Logs.Arn, !Ref 'AWS::NoValue'], "
    "CloudWatchLogsRoleArn: !If [On, !GetAtt Role.Arn, !Ref 'AWS::NoValue']"
)
PARAMETERS = """
Parameters:
  Group: {Type: String, Default: ''}
  RoleName: {Type: String, Default: delivery}
"""
MAPPINGS = """
Mappings: {ByRegion: {us-east-1: {name: audit}, eu-west-1: {name: other}}}
"""
AS_JSON = json.dumps(
    {
        "Resources": {
            "Logs": {"Type": "AWS::Logs::LogGroup"},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": json.loads(TRUST_POLICY),
                    "Path": "/service/",
                },
            },
            "Policy": {
                "Type": "AWS::IAM::Policy",
                "Properties": {
                    "PolicyName": "delivery",
                    "Roles": [{"Ref": "Role"}],
                    "PolicyDocument": {
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                                "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Logs", "Arn"]}, ""]]},
                            }
                        ]
                    },
                },
            },
            "Trail": {
                "Type": "AWS::CloudTrail::Trail",
                "DependsOn": ["Policy"],
                "Properties": {
                    "IsLogging": True,
                    "S3BucketName": "bucket",
                    "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["Logs", "Arn"]},
                    "CloudWatchLogsRoleArn": {"Fn::GetAtt": "Role.Arn"},
                },
            },
        }
    }
)
BY_MANAGED_POLICY = template(
    actions="s3:GetObject",
    resources="  Policy: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: "
    f"{{Effect: Allow, Action: {ACTIONS}, Resource: !Ref Group}}}}}}}}",
    sections="Parameters: {Group: {Type: String, Default: '*'}}",
).replace("      Policies:", "      ManagedPolicyArns: [!Ref Policy]\n      Policies:")


def with_role(properties: str, **parts: str) -> str:
    """A role that has other properties in place of its inline policy."""
    before, _, after = template(**parts).partition("      Policies:\n")
    return f"{before}      {properties}\n  Trail:{after.partition('  Trail:')[2]}"


def bare_outside(part: str, value: str) -> str:
    """A log group's ARN without its wildcard, except where a part of the place has this value."""
    group = f"!If [Home, !GetAtt Logs.Arn, !Sub '{GROUP_OF_SUB}']"
    section = f"Conditions: {{Home: !Equals [!Ref '{part}', {value!r}]}}"
    return template(WIRED.replace("!GetAtt Logs.Arn", group), sections=section)


def named_role(length: int) -> str:
    """A role whose name is of this many characters and its region."""
    name = f"      RoleName: !Sub '{'r' * length}${{AWS::Region}}'\n      AssumeRolePolicyDocument"
    return template().replace("      AssumeRolePolicyDocument", name)


LONG_ID = "CloudTrailCloudWatchLogsDeliveryRole"
FULL = "{PolicyName: p, PolicyDocument: {Statement: {Effect: Allow, Action: 'logs:*', Resource: '*'}}}"
OF_S3 = "{Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}"
BOUNDARY = f"  Boundary: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {OF_S3}}}}}"
OPEN: Mapping[str, str] = {"Deliver": UNKNOWN}
ARNS = "Parameters: {Arns: {Type: CommaDelimitedList, Default: ''}}"

CASES = [
    Case("as CloudTrail's guide has it", template()),
    Case("as JSON, with a policy of its own", AS_JSON),
    Case("as JSON, with a policy for one action", AS_JSON.replace('"logs:CreateLogStream", ', ""), DENIED),
    Case("neither property", template(""), NOT_INTEGRATED),
    Case("both empty", template("CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: ''"), NOT_INTEGRATED),
    Case("a log group alone", template("CloudWatchLogsLogGroupArn: !GetAtt Logs.Arn"), {INTEGRATED: ["role-missing"]}),
    Case("a role alone", template("CloudWatchLogsRoleArn: !GetAtt Role.Arn"), {INTEGRATED: ["log-group-missing"], EXIST: ["log-group-unused"]}),
    Case("switched off", template().replace("IsLogging: true", "IsLogging: false"), {INTEGRATED: ["logging-disabled"]}),
    Case("switched off, as YAML 1.1 says it", template().replace("IsLogging: true", "IsLogging: no"), {INTEGRATED: ["logging-disabled"]}),
    Case("a bare ARN by Sub", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB}'")), BARE),
    Case("a right ARN by Sub", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB}:*'"))),
    Case("a second wildcard", template(WIRED.replace("!GetAtt Logs.Arn", "!Join ['', [!GetAtt Logs.Arn, ':*']]")), {INTEGRATED: ["log-group-arn-invalid"]}),
    Case("a typed ARN of no log group here", template(WIRED.replace("!GetAtt Logs.Arn", TYPED)), {EXIST: ["log-group-not-in-stack"]}, {EXIST: ["log-group-not-in-stack"], **DENIED}),
    Case("the role's name for its ARN", template(WIRED.replace("!GetAtt Role.Arn", "!Ref Role")), {INTEGRATED: ["role-arn-invalid"]}),
    Case("an instance profile for the role", template(WIRED.replace("Role.Arn", "Profile.Arn"), resources="  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}"), {EXIST: ["role-wrong-type"]}),
    Case("a bucket for the log group", template(WIRED.replace("Logs.Arn", "Bucket.Arn"), resources="  Bucket: {Type: AWS::S3::Bucket}"), {EXIST: ["log-group-wrong-type"]}),
    Case("a class that takes no events", template(logs="{LogGroupClass: DELIVERY}"), {EXIST: ["log-group-class-delivery"]}),
    Case("another service in the trust policy", template(service="logs.amazonaws.com"), {DELIVER: ["role-trust-missing"]}),
    Case("one action", template(actions="logs:PutLogEvents"), DENIED),
    Case("a policy that ends at the log group", template(resource=f"!Sub '{GROUP_OF_SUB}'"), DENIED),
    Case("a policy on its streams", template(resource=f"!Sub '{GROUP_OF_SUB}:log-stream:*'")),
    Case("a managed policy that the role lists", BY_MANAGED_POLICY),
    Case("a managed policy that the role lists, for another log group", BY_MANAGED_POLICY, DENIED, parameters={"Group": TYPED}),
    Case("nested conditions that hold", template(BY_CONDITION, sections=TOGGLE)),
    Case("nested conditions that do not", template(BY_CONDITION, sections=TOGGLE), NOT_INTEGRATED, parameters={"Deliver": "false"}),
    Case("a trail whose condition does not hold", template("", sections=TOGGLE, trail="Condition: On,"), parameters={"Deliver": "false"}),
    Case("a trail whose condition holds", template("", sections=TOGGLE, trail="Condition: Nested,"), NOT_INTEGRATED),
    Case("a trail whose condition is not known", template("", sections=TOGGLE, trail="Condition: On,"), parameters={"Deliver": UNKNOWN}),
    Case("a parameter that is left empty", template("CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !GetAtt Role.Arn", sections=PARAMETERS), {INTEGRATED: ["log-group-missing"], EXIST: ["log-group-unused"]}),
    Case("a parameter that is typed", template("CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !GetAtt Role.Arn", sections=PARAMETERS), BARE | {EXIST: ["log-group-not-in-stack"]}, BARE | {EXIST: ["log-group-not-in-stack"]} | DENIED, parameters={"Group": TYPED.removesuffix(":*")}),
    Case("policies on a condition that is not known", with_role(f"Policies: !If [On, [{FULL}], !Ref 'AWS::NoValue']", sections=TOGGLE), parameters=OPEN),
    Case("policies on a condition that does not hold", with_role(f"Policies: !If [On, [{FULL}], !Ref 'AWS::NoValue']", sections=TOGGLE), DENIED, parameters={"Deliver": "false"}),
    Case("managed policies that are not known", with_role("ManagedPolicyArns: !Ref Arns", sections=ARNS), parameters={"Arns": UNKNOWN}),
    Case("managed policies of Systems Manager", with_role("ManagedPolicyArns: !Split [',', '{{resolve:ssm:/arns}}']")),
    Case("a managed policy on a condition that is not known", with_role("ManagedPolicyArns: [!If [On, !Ref Boundary, !Ref Deliver]]", sections=TOGGLE, resources=BOUNDARY), parameters=OPEN),
    Case("a boundary on a condition that is not known", with_role(f"Policies: [{FULL}]\n      PermissionsBoundary: !If [On, !Ref Boundary, !Ref 'AWS::NoValue']", sections=TOGGLE, resources=BOUNDARY), parameters=OPEN),
    Case("a boundary on a condition that holds", with_role(f"Policies: [{FULL}]\n      PermissionsBoundary: !If [On, !Ref Boundary, !Ref 'AWS::NoValue']", sections=TOGGLE, resources=BOUNDARY), DENIED),
    Case("a name from a mapping", template(logs="{LogGroupName: !FindInMap [ByRegion, !Ref 'AWS::Region', name]}", sections=MAPPINGS, resource=f"!Sub 'arn:aws:logs:*:{ACCOUNT}:log-group:audit:*'")),
    Case("another name in the policy", template(logs="{LogGroupName: !FindInMap [ByRegion, !Ref 'AWS::Region', name]}", sections=MAPPINGS, resource=f"!Sub 'arn:aws:logs:*:{ACCOUNT}:log-group:other:*'"), DENIED),
    Case("what another stack exports", template(WIRED.replace("!GetAtt Logs.Arn", "!ImportValue audit-logs"))),
    Case("a value of Systems Manager", template(WIRED.replace("!GetAtt Logs.Arn", "'{{resolve:ssm:/audit/logs}}'"))),
    Case("a macro", f"Transform: AWS::LanguageExtensions\n{template('')}"),
    Case("a snippet", template("", resources="  Fn::Transform: {Name: AWS::Include}")),
    Case("a loop", template("", resources="  'Fn::ForEach::Topics': [Name, [a, b], {'T${Name}': {Type: AWS::SNS::Topic}}]")),
    Case("an alias", template("", resources="  Topic: &topic {Type: AWS::SNS::Topic}\n  Other: *topic")),
    Case("a merge", template("", resources="  Topic: {<<: {Type: AWS::SNS::Topic}}")),
    Case("too long", template("", resources=f"# {'x' * 52_000}")),
    Case("a type that is escaped", AS_JSON.replace('"CloudWatchLogsRoleArn": {"Fn::GetAtt": "Role.Arn"}', '"Nothing": 1').replace("CloudTrail", "Cloud\\u0054rail"), {INTEGRATED: ["role-missing"]}),
    Case("a stack set for an organization", template("IsOrganizationTrail: true, " + WIRED), token=STACK_SET),
    Case("a stack set without delivery", template(""), NOT_INTEGRATED, token=STACK_SET),
    Case("a stack set with a bare ARN", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB}'")), BARE, token=STACK_SET),
    Case("a policy on all that a stack set makes", template(resource="'arn:aws:logs:*:*:log-group:StackSet-*:*'"), token=STACK_SET),
    Case("a policy on what another stack makes", template(resource="'arn:aws:logs:*:*:log-group:other-*:*'"), DENIED, token=STACK_SET),
    Case("a stack set, in one region only", template("", sections="Conditions: {Home: !Equals [!Ref 'AWS::Region', us-east-1]}", trail="Condition: Home,"), NOT_INTEGRATED, token=STACK_SET),
    Case("a stack set in a template", json.dumps({"Resources": {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": template("CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !GetAtt Role.Arn", sections=PARAMETERS), "Parameters": [{"ParameterKey": "Group", "ParameterValue": TYPED.removesuffix(":*")}]}}}}), BARE | {EXIST: ["log-group-not-in-stack"]}),
    Case("a stack set whose role's name CloudFormation cuts", template().replace("  Role:\n", f"  {LONG_ID}:\n").replace("Role.Arn", f"{LONG_ID}.Arn"), token=STACK_SET),
    Case("a stack set whose role's name is too long in some regions", named_role(64 - len("us-east-1")), token=STACK_SET),
    Case("a stack set whose role's name is too long in every region", named_role(65 - len("us-east-1")), {INTEGRATED: ["role-arn-invalid"]}, token=STACK_SET),
    Case("a bare ARN, outside an account that may be that of the stack", bare_outside("AWS::AccountId", ACCOUNT)),
    Case("a bare ARN, outside another region", bare_outside("AWS::Region", "eu-west-1"), BARE),
    Case("a bare ARN, outside its region", bare_outside("AWS::Region", "us-east-1")),
    Case("a log group of another region by Sub", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB.replace('${AWS::Region}', 'eu-west-1')}:*'")), {INTEGRATED: ["region-mismatch"]}, {INTEGRATED: ["region-mismatch"], EXIST: ["log-group-not-in-stack"], **DENIED}),
    Case("a log group of another partition by Sub", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB.replace('${AWS::Partition}', 'aws-cn')}:*'")), {INTEGRATED: ["partition-mismatch"]}, {INTEGRATED: ["partition-mismatch"], EXIST: ["log-group-not-in-stack"], **DENIED}),
    Case("a stack set whose log group is named after its stack", template(logs="{LogGroupName: !Sub '/${AWS::StackName}'}"), token=STACK_SET),
    Case("a stack set with a bare ARN of such a log group", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB}'"), logs="{LogGroupName: !Sub '/${AWS::StackName}'}"), BARE, token=STACK_SET),
    Case("a stack set with a region of its own", template(WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB.replace('${AWS::Region}', 'eu-west-1')}:*'")), token=STACK_SET),
    Case("a stack set with a policy that ends at the log group", template(resource=f"!Sub '{GROUP_OF_SUB}'"), DENIED, token=STACK_SET),
    Case("a stack set with a policy on another log group", template(resource=f"!Sub '{OTHER_OF_SUB}'"), DENIED, token=STACK_SET),
    Case("a stack set for an organization, with a policy on its own streams", template("IsOrganizationTrail: true, " + WIRED, resource=f"!Sub '{GROUP_OF_SUB}:log-stream:${{AWS::AccountId}}_CloudTrail_${{AWS::Region}}*'"), DENIED, token=STACK_SET),
    Case("no trail", template("").replace("CloudTrail::Trail", "CloudTrail::EventDataStore")),
]  # fmt: skip


def stack(case: Case, deployed: bool) -> Resource:
    """The resource that deploys the template."""
    identity = {} if case.token == STACK_SET else {"id": STACK_ARN if deployed else UNKNOWN}
    properties = {
        "name": "infra",
        "region": "us-east-1",
        "templateBody": case.body,
        "parameters": dict(case.parameters),
    }
    return Resource(case.token, "infra", {**properties, **identity})


def twin(**changes: Any) -> list[Resource]:
    """The design of `template` in Pulumi resources, once it is deployed."""
    group = log_group(
        arn=f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit", logGroupClass=changes.get("group_class", "STANDARD")
    )
    statement = {
        "Effect": "Allow",
        "Action": changes.get("actions", ["logs:CreateLogStream", "logs:PutLogEvents"]),
        "Resource": changes.get("resource", f"{group.properties['arn']}:*"),
    }
    delivery = role(
        arn=f"arn:aws:iam::{ACCOUNT}:role/delivery",
        assumeRolePolicy=TRUST_POLICY.replace(
            "cloudtrail.amazonaws.com", changes.get("service", "cloudtrail.amazonaws.com")
        ),
        inlinePolicies=[
            {"name": "delivery", "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
        ],
    )
    arns = {
        "cloudWatchLogsGroupArn": f"{group.properties['arn']}:*",
        "cloudWatchLogsRoleArn": delivery.properties["arn"],
    }
    wiring = {name: value for name, value in {**arns, **changes.get("wiring", {})}.items() if value is not None}
    return [group, delivery, trail(name="audit", **wiring)]


BARE_ARN = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit"
TWINS: dict[str, list[Resource]] = {
    "as CloudTrail's guide has it": twin(),
    "neither property": twin(wiring={"cloudWatchLogsGroupArn": None, "cloudWatchLogsRoleArn": None}),
    "both empty": twin(wiring={"cloudWatchLogsGroupArn": "", "cloudWatchLogsRoleArn": ""}),
    "a log group alone": twin(wiring={"cloudWatchLogsRoleArn": None}),
    "a role alone": twin(wiring={"cloudWatchLogsGroupArn": None}),
    "switched off": twin(wiring={"enableLogging": False}),
    "a bare ARN by Sub": twin(wiring={"cloudWatchLogsGroupArn": BARE_ARN}),
    "a second wildcard": twin(wiring={"cloudWatchLogsGroupArn": f"{BARE_ARN}:*:*"}),
    "a typed ARN of no log group here": twin(wiring={"cloudWatchLogsGroupArn": TYPED}),
    "the role's name for its ARN": twin(wiring={"cloudWatchLogsRoleArn": "delivery"}),
    "a class that takes no events": twin(group_class="DELIVERY"),
    "another service in the trust policy": twin(service="logs.amazonaws.com"),
    "one action": twin(actions="logs:PutLogEvents"),
    "a policy that ends at the log group": twin(resource=BARE_ARN),
    "a policy on its streams": twin(resource=f"{BARE_ARN}:log-stream:*"),
}  # fmt: skip
