"""Everything that differs between the providers, as data: type tokens, property names, defaults.

Sources: the schemas of pulumi-aws 5 to 7 and pulumi-aws-native 1; the any-Terraform provider derives its tokens and
names from the Terraform AWS provider's schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..trail import TrailSpelling


@dataclass(frozen=True)
class TrailType:
    """How a provider spells a trail. regions: the properties that say its home region, the surest first."""

    spelling: TrailSpelling
    organization: str
    regions: tuple[str, ...]


@dataclass(frozen=True)
class LogGroupType:
    """How a provider spells a log group. arn_has_wildcard: whether its ARN output ends in `:*`."""

    name: str
    arn_has_wildcard: bool
    regions: tuple[str, ...]


@dataclass(frozen=True)
class RoleType:
    """How a provider spells a role."""

    name: str
    trust_policy: str


_AWS_TRAIL: Final = TrailType(
    TrailSpelling("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging"),
    organization="isOrganizationTrail",
    regions=("region", "homeRegion"),
)
_AWS_LOG_GROUP: Final = LogGroupType("name", arn_has_wildcard=False, regions=("region",))
_AWS_ROLE: Final = RoleType("name", "assumeRolePolicy")

TRAIL_TYPES: Final[Mapping[str, TrailType]] = MappingProxyType(
    {
        "aws:cloudtrail/trail:Trail": _AWS_TRAIL,
        "aws:index/cloudtrail:Cloudtrail": _AWS_TRAIL,
        "aws-native:cloudtrail:Trail": TrailType(
            TrailSpelling("cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn", "isLogging"),
            organization="isOrganizationTrail",
            regions=(),
        ),
    }
)
LOG_GROUP_TYPES: Final[Mapping[str, LogGroupType]] = MappingProxyType(
    {
        "aws:cloudwatch/logGroup:LogGroup": _AWS_LOG_GROUP,
        "aws:index/cloudwatchLogGroup:CloudwatchLogGroup": _AWS_LOG_GROUP,
        "aws-native:logs:LogGroup": LogGroupType("logGroupName", arn_has_wildcard=True, regions=()),
    }
)
ROLE_TYPES: Final[Mapping[str, RoleType]] = MappingProxyType(
    {
        "aws:iam/role:Role": _AWS_ROLE,
        "aws:index/iamRole:IamRole": _AWS_ROLE,
        "aws-native:iam:Role": RoleType("roleName", "assumeRolePolicyDocument"),
    }
)

# The packages whose resources are what their types say; any other package's may hand on any text.
_AWS_PACKAGES: Final = frozenset({"aws", "aws-native"})

# How a module or a type of the AWS packages begins whose outputs may hold any text, or a part of a log group's or a
# role's ARN that is not known before the update: an account's id, the name of a log group.
_TEXT_CARRIERS: Final = (
    # any text, as somebody stored it
    *("ssm", "secretsmanager", "cloudformation", "cloudcontrol", "appconfig", "dynamodb", "servicecatalog"),
    *("invocation", "lambdaInvocation", "bucketObject", "s3BucketObject", "s3Object", "objectCopy"),
    # an account's id
    *("organizations", "controltower", "account"),
    # the name or the ARN of the log group that it belongs to
    *("logs", "logStream", "logMetric", "logSubscription", "logData", "logIndex", "logTransformer", "cloudwatchLog"),
)


def carries_text(token: str) -> bool:
    """Whether an output of a resource of this type may be any text, such as an ARN of something else."""
    if token in TRAIL_TYPES or token in LOG_GROUP_TYPES or token in ROLE_TYPES:
        return False
    package, *rest = re.split("[:/]", token)
    return package not in _AWS_PACKAGES or any(part.startswith(_TEXT_CARRIERS) for part in rest)


def grants_permissions(token: str) -> bool:
    """Whether resources of this type are of IAM: naming a log group in one of them is no use of the log group."""
    return token.startswith(("aws:iam/", "aws:index/iam", "aws-native:iam:"))


def shown_type(token: str) -> str:
    """A type as the CLI shows it: aws:s3:Bucket for aws:s3/bucket:Bucket."""
    return re.sub(r"/[^:]*:", ":", token)
