"""Resources as the engine sends them to a policy pack, for the tests: as plain JSON, in the protocol's own form.

Facts copied from the engine's real messages (CLI 3.259, pulumi-aws 7.51): what a first preview of a correct program
looks like, how an unknown is spelled, where a region and an account are said.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
PROJECT_AND_STACK = "urn:pulumi:dev::shop"

AWS_TRAIL = "aws:cloudtrail/trail:Trail"
AWS_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
AWS_ROLE = "aws:iam/role:Role"
NATIVE_TRAIL = "aws-native:cloudtrail:Trail"
NATIVE_LOG_GROUP = "aws-native:logs:LogGroup"
NATIVE_ROLE = "aws-native:iam:Role"
TERRAFORM_TRAIL = "aws:index/cloudtrail:Cloudtrail"
TERRAFORM_LOG_GROUP = "aws:index/cloudwatchLogGroup:CloudwatchLogGroup"
TERRAFORM_ROLE = "aws:index/iamRole:IamRole"

ACCOUNT = "123456789012"
LOG_GROUP_ARN = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/delivery"
TRUST_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@dataclass(frozen=True)
class Provider:
    """A provider resource. settings: as the engine sends them, structured ones as JSON text."""

    settings: Mapping[str, Any] = field(default_factory=lambda: {"region": "us-east-1", "version": "7.51.1"})
    package: str = "aws"
    name: str = "default_7_51_1"

    @property
    def message(self) -> dict[str, Any]:
        token = f"pulumi:providers:{self.package}"
        urn = f"{PROJECT_AND_STACK}::{token}::{self.name}"
        return {"type": token, "name": self.name, "urn": urn, "properties": dict(self.settings)}


AWS = Provider()
AWS_NATIVE = Provider({"region": "us-east-1"}, "aws-native", "default")


@dataclass(frozen=True)
class Resource:
    """A resource of a stack.

    dependencies: the resources that each property was made of; a read leaves none. given_urn: where it is another than
    the one of a resource without a parent.
    """

    token: str
    name: str
    properties: Mapping[str, Any]
    dependencies: Mapping[str, Sequence[Resource]] = field(default_factory=dict)
    provider: Provider | None = AWS
    after: Sequence[Resource] = ()
    given_urn: str = ""
    ignored: Sequence[str] = ()

    @property
    def urn(self) -> str:
        return self.given_urn or f"{PROJECT_AND_STACK}::{self.token}::{self.name}"

    @property
    def message(self) -> dict[str, Any]:
        """As in a request to analyze the stack; a request to analyze the resource has no dependencies."""
        sources = [source for sources in self.dependencies.values() for source in sources]
        return {
            **self.inputs_message,
            "dependencies": sorted({source.urn for source in (*sources, *self.after)}),
            "propertyDependencies": {
                name: {"urns": [source.urn for source in sources]} for name, sources in self.dependencies.items()
            },
        }

    @property
    def inputs_message(self) -> dict[str, Any]:
        """As in a request to analyze the resource."""
        message: dict[str, Any] = {
            "type": self.token,
            "name": self.name,
            "urn": self.urn,
            "properties": dict(self.properties),
            "options": {"customTimeouts": {}, "ignoreChanges": list(self.ignored)},
        }
        return {**message, "provider": self.provider.message} if self.provider else message


# The resource of the stack itself, which the engine has in every run.
STACK = Resource("pulumi:pulumi:Stack", "shop-dev", {}, provider=None)


def log_group(label: str = "logs", /, **properties: Any) -> Resource:
    """A log group at first preview."""
    return Resource(AWS_LOG_GROUP, label, {"name": "audit", "region": "us-east-1", "arn": UNKNOWN, "logGroupClass": UNKNOWN, **properties})  # fmt: skip


def role(label: str = "delivery", /, **properties: Any) -> Resource:
    """A role at first preview."""
    return Resource(AWS_ROLE, label, {"name": "delivery", "path": "/", "arn": UNKNOWN, "assumeRolePolicy": TRUST_POLICY, **properties})  # fmt: skip


def trail(
    label: str = "audit",
    /,
    token: str = AWS_TRAIL,
    provider: Provider | None = AWS,
    dependencies: Mapping[str, Sequence[Resource]] | None = None,
    after: Sequence[Resource] = (),
    **properties: Any,
) -> Resource:
    """A trail with only what it must have, and these properties."""
    own = {"s3BucketName": "bucket", **({"region": "us-east-1"} if token == AWS_TRAIL else {})}
    return Resource(token, label, {**own, **properties}, dependencies or {}, provider, after)


def wired_trail(group: Sequence[Resource], delivery: Sequence[Resource], label: str = "audit", /, **properties: Any) -> Resource:  # fmt: skip
    """A trail at first preview whose properties come from these resources; from a read where there are none."""
    return trail(
        label,
        dependencies={"cloudWatchLogsGroupArn": group, "cloudWatchLogsRoleArn": delivery},
        **{"cloudWatchLogsGroupArn": UNKNOWN, "cloudWatchLogsRoleArn": UNKNOWN, **properties},
    )


def orders(resources: Sequence[Resource]) -> list[list[Resource]]:
    """The resources in orders that the engine may send them in, which is another one in each run."""
    shuffled = [Random(seed).sample(resources, len(resources)) for seed in range(2)]
    return [list(resources), list(reversed(resources)), *shuffled]
