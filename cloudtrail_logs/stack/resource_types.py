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
from .cloudformation_types import TRAIL
from .terraform_types import TERRAFORM_TRAIL


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


@dataclass(frozen=True)
class TemplateType:
    """How a provider spells a CloudFormation stack, or a stack set, whose template may declare trails.

    arn: the output that is the stack's ARN once it exists; None where it is a set, whose stacks are anywhere.
    """

    name: str
    arn: str | None
    region: str | None
    body: str = "templateBody"
    url: str = "templateUrl"
    parameters: str = "parameters"

    @property
    def is_set(self) -> bool:
        """Whether it is a stack set."""
        return self.arn is None


@dataclass(frozen=True)
class CloudControlType:
    """How a provider spells a resource of Cloud Control: its type in CloudFormation, and two JSON texts.

    actual: what AWS says of it once it exists.
    """

    kind: str
    desired: str
    actual: str


_AWS_LOG_GROUP: Final = LogGroupType("name", "namePrefix", arn_has_wildcard=False, region="region")
_AWS_ROLE: Final = RoleType("name", "namePrefix", "assumeRolePolicy")

STACK_TYPE: Final = "pulumi:pulumi:Stack"
STACK_REFERENCE_TYPE: Final = "pulumi:pulumi:StackReference"
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
        # Of a template, and of Cloud Control.
        TRAIL: TrailType(
            TrailSpelling("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "IsLogging", reads=False),
            name="TrailName",
            organization="IsOrganizationTrail",
            region=None,
            home_region=None,
        ),
        TERRAFORM_TRAIL: TrailType(
            TrailSpelling("cloud_watch_logs_group_arn", "cloud_watch_logs_role_arn", "enable_logging", reads=False),
            name="name",
            organization="is_organization_trail",
            region="region",
            home_region="home_region",
        ),
    }
)
TEMPLATE_TYPES: Final[Mapping[str, TemplateType]] = MappingProxyType(
    {
        "aws:cloudformation/stack:Stack": TemplateType("name", "id", "region"),
        "aws:index/cloudformationStack:CloudformationStack": TemplateType("name", "id", "region"),
        "aws-native:cloudformation:Stack": TemplateType("stackName", "stackId", None),
        "aws:cloudformation/stackSet:StackSet": TemplateType("name", None, None),
        "aws:index/cloudformationStackSet:CloudformationStackSet": TemplateType("name", None, None),
        "aws-native:cloudformation:StackSet": TemplateType("stackSetName", None, None),
    }
)
_CLOUD_CONTROL: Final = CloudControlType("typeName", "desiredState", "properties")
CLOUD_CONTROL_TYPES: Final[Mapping[str, CloudControlType]] = MappingProxyType(
    {
        "aws:cloudcontrol/resource:Resource": _CLOUD_CONTROL,
        "aws:index/cloudcontrolapiResource:CloudcontrolapiResource": _CLOUD_CONTROL,
    }
)
# What may deploy a trail that is not a resource of its own.
DEPLOYING_TYPES: Final = frozenset({*TEMPLATE_TYPES, *CLOUD_CONTROL_TYPES})
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

# AWS makes the trails of a landing zone, and no resource of the stack shows them.
LANDING_ZONE_TYPES: Final = frozenset(
    {
        "aws:controltower/landingZone:LandingZone",
        "aws:index/controltowerLandingZone:ControltowerLandingZone",
        "aws-native:controltower:LandingZone",
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


@dataclass(frozen=True)
class LogStreamType:
    """How a provider spells a log stream: the name of its log group."""

    log_group: str


@dataclass(frozen=True)
class MetricFilterType:
    """How a provider spells a metric filter: the name of its log group, and what it looks for."""

    log_group: str
    pattern: str


@dataclass(frozen=True)
class TelemetryRuleType:
    """How a provider spells a telemetry rule of CloudWatch, at whatever depth: what it is about, where it sends that.

    destination: a log group's name, or the pattern of one, with macros such as `<accountId>`.
    """

    resource_type: str
    destination: str


@dataclass(frozen=True)
class WritingProperty:
    """The only property by which a resource of some type may have something write to a log group that it names.

    exports: whether its whole value may be the name or ARN of a log group that it only passes on to whoever reads it.
    """

    name: str
    exports: bool


_AWS_METRIC_FILTER: Final = MetricFilterType("logGroupName", "pattern")
METRIC_FILTER_TYPES: Final[Mapping[str, MetricFilterType]] = MappingProxyType(
    {
        "aws:cloudwatch/logMetricFilter:LogMetricFilter": _AWS_METRIC_FILTER,
        "aws:index/cloudwatchLogMetricFilter:CloudwatchLogMetricFilter": _AWS_METRIC_FILTER,
        "aws-native:logs:MetricFilter": MetricFilterType("logGroupName", "filterPattern"),
    }
)
_TELEMETRY_RULE: Final = TelemetryRuleType("resourceType", "destinationPattern")
TELEMETRY_RULE_TYPES: Final[Mapping[str, TelemetryRuleType]] = MappingProxyType(
    {
        "aws:observabilityadmin/telemetryRule:TelemetryRule": _TELEMETRY_RULE,
        "aws:observabilityadmin/telemetryRuleForOrganization:TelemetryRuleForOrganization": _TELEMETRY_RULE,
        "aws:index/observabilityadminTelemetryRule:ObservabilityadminTelemetryRule": _TELEMETRY_RULE,
        "aws:index/observabilityadminTelemetryRuleForOrganization:ObservabilityadminTelemetryRuleForOrganization": (
            _TELEMETRY_RULE
        ),
        "aws-native:observabilityadmin:TelemetryRule": _TELEMETRY_RULE,
        "aws-native:observabilityadmin:OrganizationTelemetryRule": _TELEMETRY_RULE,
    }
)
# A log stream writes nothing, but who writes to it writes to its log group.
_LOG_STREAM: Final = LogStreamType("logGroupName")
LOG_STREAM_TYPES: Final[Mapping[str, LogStreamType]] = MappingProxyType(
    {
        "aws:cloudwatch/logStream:LogStream": _LOG_STREAM,
        "aws:index/cloudwatchLogStream:CloudwatchLogStream": _LOG_STREAM,
        "aws-native:logs:LogStream": _LOG_STREAM,
    }
)
# A parameter may hold the configuration of a CloudWatch agent, which writes to the log groups that it names. A data
# protection policy names the log group that its findings are written to (`FindingsDestination`).
_PARAMETER: Final = WritingProperty("value", exports=True)
_DATA_PROTECTION: Final = WritingProperty("policyDocument", exports=False)
WRITING_PROPERTIES: Final[Mapping[str, WritingProperty]] = MappingProxyType(
    {
        "aws:ssm/parameter:Parameter": _PARAMETER,
        "aws:index/ssmParameter:SsmParameter": _PARAMETER,
        "aws-native:ssm:Parameter": _PARAMETER,
        "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": _DATA_PROTECTION,
        "aws:index/cloudwatchLogDataProtectionPolicy:CloudwatchLogDataProtectionPolicy": _DATA_PROTECTION,
        "aws:cloudwatch/logAccountPolicy:LogAccountPolicy": _DATA_PROTECTION,
        "aws:index/cloudwatchLogAccountPolicy:CloudwatchLogAccountPolicy": _DATA_PROTECTION,
        "aws-native:logs:AccountPolicy": _DATA_PROTECTION,
        "aws-native:logs:LogGroup": WritingProperty("dataProtectionPolicy", exports=False),
    }
)

# Resources that read a log group, watch it or describe it. An alarm or an event rule sends on only what it watches for.
_READERS: Final = (
    *("aws:cloudwatch/logMetricFilter:", "aws:index/cloudwatchLogMetricFilter:", "aws-native:logs:MetricFilter"),
    *("aws:cloudwatch/logSubscriptionFilter:", "aws:index/cloudwatchLogSubscriptionFilter:"),
    *("aws-native:logs:SubscriptionFilter", "aws-native:logs:QueryDefinition", "aws:cloudwatch/queryDefinition:"),
    *("aws:index/cloudwatchQueryDefinition:", "aws:cloudwatch/dashboard:", "aws:index/cloudwatchDashboard:"),
    *("aws-native:cloudwatch:Dashboard", "aws:cloudwatch/logIndexPolicy:", "aws:index/cloudwatchLogIndexPolicy:"),
    *("aws:cloudwatch/logStream:", "aws:index/cloudwatchLogStream:", "aws-native:logs:LogStream"),
    *("aws:cloudwatch/metricAlarm:", "aws:index/cloudwatchMetricAlarm:", "aws-native:cloudwatch:Alarm"),
    *("aws:cloudwatch/compositeAlarm:", "aws:index/cloudwatchCompositeAlarm:", "aws-native:cloudwatch:CompositeAlarm"),
    *("aws:cloudwatch/logAnomalyDetector:", "aws:index/cloudwatchLogAnomalyDetector:"),
    *("aws-native:logs:LogAnomalyDetector", "aws-native:cloudwatch:LogAlarm", "aws-native:cloudwatch:InsightRule"),
    *("aws:cloudwatch/contributorInsightRule:", "aws:index/cloudwatchContributorInsightRule:"),
    *("aws:cloudwatch/logTransformer:", "aws:index/cloudwatchLogTransformer:", "aws-native:logs:Transformer"),
    *("aws:cloudwatch/logStorageTierPolicy:", "aws:index/cloudwatchLogStorageTierPolicy:"),
    *("aws-native:logs:StorageTierPolicy", "aws-native:logs:ScheduledQuery"),
    *("aws:cloudwatch/eventRule:", "aws:index/cloudwatchEventRule:"),
    *("aws:cfg/rule:", "aws:index/configConfigRule:", "aws-native:configuration:ConfigRule"),
    *("aws:oam/link:", "aws:index/oamLink:", "aws-native:oam:Link"),
)
# Policies that only permit the use of a log group, or forbid it, and endpoints whose policies do.
_POLICIES: Final = (
    *("aws:lambda/permission:", "aws:index/lambdaPermission:", "aws-native:lambda:Permission"),
    *("aws:cloudwatch/logResourcePolicy:", "aws:index/cloudwatchLogResourcePolicy:", "aws-native:logs:ResourcePolicy"),
    *("aws:s3/bucketPolicy:", "aws:index/s3BucketPolicy:", "aws-native:s3:BucketPolicy"),
    *("aws:sns/topicPolicy:", "aws:index/snsTopicPolicy:", "aws-native:sns:TopicPolicy"),
    *("aws-native:sns:TopicInlinePolicy", "aws-native:sqs:QueueInlinePolicy"),
    *("aws:sqs/queuePolicy:", "aws:index/sqsQueuePolicy:"),
    *("aws:organizations/policy:", "aws:index/organizationsPolicy:", "aws-native:organizations:Policy"),
    *("aws:ssoadmin/permissionSetInlinePolicy:", "aws:index/ssoadminPermissionSetInlinePolicy:"),
    *("aws-native:sso:PermissionSet", "aws:ec2/vpcEndpoint:", "aws:index/vpcEndpoint:", "aws-native:ec2:VpcEndpoint"),
    *("aws:ec2/vpcEndpointPolicy:", "aws:index/vpcEndpointPolicy:"),
)
# Whole services of which that is true: IAM, and KMS, whose keys' policies name the log groups that they encrypt.
_PERMISSIONS: Final = ("aws:iam/", "aws:index/iam", "aws-native:iam:", "aws:kms/", "aws:index/kms", "aws-native:kms:")
_REFERS_ONLY: Final = (*_PERMISSIONS, *_POLICIES, *_READERS)


def writes_to_log_groups(token: str) -> bool:
    """Whether a resource of this type that names a log group may write to it, and so uses it.

    Types that certainly write nothing are listed, not those that write: a type that nobody thought of then counts as a
    writer. That only loses a hint about a trail that is reported anyway. The other way round, it would be a false alarm
    about a log group that something does write to.
    """
    return not (token in LOG_GROUP_TYPES or token in WRITING_PROPERTIES or token.startswith(_REFERS_ONLY))


def shown_type(token: str) -> str:
    """A type as the CLI shows it: aws:s3:Bucket for aws:s3/bucket:Bucket."""
    *places, name = token.split(":")
    return shown(":".join([*(place.partition("/")[0] for place in places), name]))
