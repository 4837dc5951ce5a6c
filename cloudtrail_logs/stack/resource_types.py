"""What differs between the providers for trails, log groups and roles, as data: type tokens and property names.

Sources: the schemas of pulumi-aws 5 to 7 and pulumi-aws-native 1; the any-Terraform provider derives its tokens and
names from the Terraform AWS provider's schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..model.quoting import shown
from ..model.trail import TrailSpelling


@dataclass(frozen=True)
class TrailType:
    """How a provider spells a trail.

    name: the property that says its name in AWS. region: the property that a program sets. home_region: the output
    that says it once the trail exists.
    """

    spelling: TrailSpelling
    name: str
    organization: str
    region: str | None
    home_region: str | None


@dataclass(frozen=True)
class LogGroupType:
    """How a provider spells a log group. arn_has_wildcard: whether its ARN output ends in `:*`."""

    name: str
    name_prefix: str | None
    arn_has_wildcard: bool
    region: str | None


@dataclass(frozen=True)
class RoleType:
    """How a provider spells a role."""

    name: str
    name_prefix: str | None
    trust_policy: str


_AWS_TRAIL: Final = TrailType(
    TrailSpelling("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging"),
    name="name",
    organization="isOrganizationTrail",
    region="region",
    home_region="homeRegion",
)
_AWS_LOG_GROUP: Final = LogGroupType("name", "namePrefix", arn_has_wildcard=False, region="region")
_AWS_ROLE: Final = RoleType("name", "namePrefix", "assumeRolePolicy")

TRAIL_TYPES: Final[Mapping[str, TrailType]] = MappingProxyType(
    {
        "aws:cloudtrail/trail:Trail": _AWS_TRAIL,
        "aws:index/cloudtrail:Cloudtrail": _AWS_TRAIL,
        "aws-native:cloudtrail:Trail": TrailType(
            TrailSpelling("cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn", "isLogging"),
            name="trailName",
            organization="isOrganizationTrail",
            region=None,
            home_region=None,
        ),
    }
)
LOG_GROUP_TYPES: Final[Mapping[str, LogGroupType]] = MappingProxyType(
    {
        "aws:cloudwatch/logGroup:LogGroup": _AWS_LOG_GROUP,
        "aws:index/cloudwatchLogGroup:CloudwatchLogGroup": _AWS_LOG_GROUP,
        "aws-native:logs:LogGroup": LogGroupType("logGroupName", None, arn_has_wildcard=True, region=None),
    }
)
ROLE_TYPES: Final[Mapping[str, RoleType]] = MappingProxyType(
    {
        "aws:iam/role:Role": _AWS_ROLE,
        "aws:index/iamRole:IamRole": _AWS_ROLE,
        "aws-native:iam:Role": RoleType("roleName", None, "assumeRolePolicyDocument"),
    }
)

# Resources whose ARNs are passed by mistake for that of a log group or a role. The output of any other resource may be
# right: a role's ARN, for example, may only supply the account of an ARN that is built from it.
_MISTAKEN_FOR_LOG_GROUP: Final = frozenset(
    {
        *("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:index/s3Bucket:S3Bucket", "aws-native:s3:Bucket"),
        *("aws:sns/topic:Topic", "aws:index/snsTopic:SnsTopic", "aws-native:sns:Topic"),
        *("aws:kinesis/stream:Stream", "aws:index/kinesisStream:KinesisStream", "aws-native:kinesis:Stream"),
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
        "aws:index/kinesisFirehoseDeliveryStream:KinesisFirehoseDeliveryStream",
        "aws-native:kinesisfirehose:DeliveryStream",
    }
)
_MISTAKEN_FOR_ROLE: Final = frozenset(
    {
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:index/iamInstanceProfile:IamInstanceProfile",
        "aws-native:iam:InstanceProfile",
        *("aws:iam/policy:Policy", "aws:index/iamPolicy:IamPolicy", "aws-native:iam:ManagedPolicy"),
        *("aws:iam/user:User", "aws:index/iamUser:IamUser", "aws-native:iam:User"),
        *("aws:iam/group:Group", "aws:index/iamGroup:IamGroup", "aws-native:iam:Group"),
    }
)
MISTAKEN: Final = _MISTAKEN_FOR_LOG_GROUP | _MISTAKEN_FOR_ROLE

# Resources that only read a log group: they do not count as writers.
_READERS: Final = (
    *("aws:cloudwatch/logMetricFilter:", "aws:index/cloudwatchLogMetricFilter:", "aws-native:logs:MetricFilter"),
    *("aws:cloudwatch/logSubscriptionFilter:", "aws:index/cloudwatchLogSubscriptionFilter:"),
    *("aws-native:logs:SubscriptionFilter", "aws-native:logs:QueryDefinition", "aws:cloudwatch/queryDefinition:"),
    *("aws:index/cloudwatchQueryDefinition:", "aws:cloudwatch/dashboard:", "aws:index/cloudwatchDashboard:"),
    *("aws-native:cloudwatch:Dashboard", "aws:cloudwatch/logDataProtectionPolicy:", "aws:cloudwatch/logIndexPolicy:"),
    *("aws:index/cloudwatchLogDataProtectionPolicy:", "aws:index/cloudwatchLogIndexPolicy:"),
)
# Policies that only permit the use of a log group: those of IAM, and those of the key that encrypts it.
_PERMISSIONS: Final = ("aws:iam/", "aws:index/iam", "aws-native:iam:", "aws:kms/", "aws:index/kms", "aws-native:kms:")


def writes_to_log_groups(token: str) -> bool:
    """Whether a resource of this type that names a log group may write to it, and so uses it."""
    return token not in LOG_GROUP_TYPES and not token.startswith((*_PERMISSIONS, *_READERS))


def shown_type(token: str) -> str:
    """A type as the CLI shows it: aws:s3:Bucket for aws:s3/bucket:Bucket."""
    *places, name = token.split(":")
    return shown(":".join([*(place.partition("/")[0] for place in places), name]))
