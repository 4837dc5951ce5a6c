"""What the packs are asked: resources and stacks as the engine sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2

from tests.stacks import ACCOUNT, AWS_LOG_GROUP, Resource, log_group, role, trail, wired_trail


def other_resource(number: int) -> Resource:
    """A resource that is no trail, no log group and no role: one of the most common types, as after an update."""
    name, region = f"other-{number}", "us-east-1"
    tags = {"Name": name, "team": "shop", "cost-centre": "4711"}
    kinds: tuple[tuple[str, Mapping[str, Any]], ...] = (
        (
            "aws:s3/bucket:Bucket",
            {
                "bucketDomainName": f"{name}.s3.amazonaws.com",
                "forceDestroy": False,
                "grants": [{"id": "79a59df9", "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
                "policy": _document("s3:GetObject", f"arn:aws:s3:::{name}/*"),
                "serverSideEncryptionConfiguration": {
                    "rule": {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": "", "sseAlgorithm": "AES256"}}
                },
                "versioning": {"enabled": True, "mfaDelete": False},
            },
        ),
        (
            "aws:ec2/securityGroup:SecurityGroup",
            {
                "description": "Managed by Pulumi",
                "ingress": [
                    {"cidrBlocks": ["10.0.0.0/8"], "fromPort": port, "protocol": "tcp", "self": False, "toPort": port}
                    for port in (80, 443)
                ],
                "egress": [{"cidrBlocks": ["0.0.0.0/0"], "fromPort": 0, "protocol": "-1", "self": False, "toPort": 0}],
                "vpcId": "vpc-0a1b2c3d4e5f60718",
            },
        ),
        (
            "aws:lambda/function:Function",
            {
                "architectures": ["x86_64"],
                "environment": {"variables": {"TABLE": "orders", "STAGE": "dev"}},
                "handler": "index.handler",
                "loggingConfig": {"logFormat": "Text", "logGroup": f"/aws/lambda/{name}"},
                "memorySize": 128,
                "role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "runtime": "python3.12",
                "timeout": 3,
            },
        ),
        (
            "aws:iam/policy:Policy",
            {"path": "/", "policy": _document("sqs:SendMessage", f"arn:aws:sqs:{region}:{ACCOUNT}:{name}")},
        ),
        (
            "aws:sqs/queue:Queue",
            {
                "delaySeconds": 0,
                "maxMessageSize": 262144,
                "messageRetentionSeconds": 345600,
                "policy": _document("sqs:SendMessage", f"arn:aws:sqs:{region}:{ACCOUNT}:{name}"),
                "url": f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{name}",
            },
        ),
    )
    token, own = kinds[number % len(kinds)]
    package = token.split(":")[1].split("/")[0]
    common = {"arn": f"arn:aws:{package}:{region}:{ACCOUNT}:{name}", "id": name, "name": name, "region": region}
    return Resource(token, name, {**common, "tags": tags, "tagsAll": tags, **own})


def integrated_trail(name: str) -> tuple[Resource, ...]:
    """A right trail after an update, with the log group and the role that it delivers through."""
    group_arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}"
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    group = log_group(f"{name}-logs", name=name, arn=group_arn, logGroupClass="STANDARD", retentionInDays=365)
    delivery = role(f"{name}-delivery", name=name, arn=role_arn)
    permission = Resource(
        "aws:iam/rolePolicy:RolePolicy",
        f"{name}-delivery",
        {
            "name": name,
            "role": name,
            "policy": _document(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group_arn}:log-stream:*"),
        },
        {"role": (delivery,), "policy": (group,)},
    )
    known = {"cloudWatchLogsGroupArn": f"{group_arn}:*", "cloudWatchLogsRoleArn": role_arn}
    return group, delivery, permission, wired_trail((group,), (delivery,), name, name=name, **known)


def right(count: int) -> list[Resource]:
    """So many right trails, with all that each needs."""
    return [resource for number in range(count) for resource in integrated_trail(f"audit-{number}")]


def templates(count: int) -> list[Resource]:
    """CloudFormation stacks whose templates have log groups and roles, but no trail."""
    declared = {
        f"{name}{number}": {"Type": kind, "Properties": {"Tags": [{"Key": "team", "Value": "shop"}]}}
        for number in range(20)
        for name, kind in (("Logs", "AWS::Logs::LogGroup"), ("Role", "AWS::IAM::Role"))
    }
    body = json.dumps({"Resources": declared}, indent=2)
    return [
        Resource("aws:cloudformation/stack:Stack", f"infra-{number}", {"name": f"infra-{number}", "templateBody": body})
        for number in range(count)
    ]


def wrong(count: int) -> list[Resource]:
    """So many trails that are not integrated, beside a log group that nothing uses."""
    return [log_group("unused", name="unused"), *(trail(f"audit-{number}") for number in range(count))]


def stack_of(resources: Sequence[Resource], size: int) -> analyzer_pb2.AnalyzeStackRequest:
    """The request to analyze a stack of so many resources: these, some log groups of functions, and others."""
    request = analyzer_pb2.AnalyzeStackRequest()
    lambdas = [other_resource(number) for number in (2, 7, 12, 17)]
    groups = [
        Resource(AWS_LOG_GROUP, f"{each.name}-logs", {"name": f"/aws/lambda/{each.name}", "retentionInDays": 30})
        for each in lambdas
    ]
    special = [*groups, *resources]
    for number in range(size - len(special)):
        json_format.ParseDict(other_resource(number).message, request.resources.add())
    for resource in special:
        json_format.ParseDict(resource.message, request.resources.add())
    return request


def inputs_of(resource: Resource) -> analyzer_pb2.AnalyzeRequest:
    """The request to analyze a resource before it is created."""
    request = analyzer_pb2.AnalyzeRequest()
    json_format.ParseDict(resource.inputs_message, request)
    return request


def _document(action: str | Sequence[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
