"""What the stand-in knows about each resource type: the one table that drives it.

Texts in `identifier` and `computed` are templates over the resource's own inputs and
`{partition}`, `{region}`, `{account}`, `{service}`, `{random}`, and what was computed before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.fakes.aws_provider.values import json_text

CREATED = "2026-01-01T00:00:00Z"
# What a role that exists outside the program is taken to trust, and to be allowed: a read shows all that it has.
TRUST_OF_AN_EXISTING_ROLE = json_text(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
POLICIES_OF_AN_EXISTING_ROLE = [
    {
        "name": "delivery",
        "policy": json_text(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                        "Resource": "arn:aws:logs:*:*:*",
                    }
                ],
            }
        ),
    }
]


@dataclass(frozen=True)
class ResourceKind:
    """How one resource type behaves."""

    # The physical name that Check fills, or None. A `...Prefix` sibling in `computed` prevents it.
    name_property: str | None = "name"
    lower_case_name: bool = False
    identifier: str = "{name}"
    # Whether v7 gives it a `region` property.
    regional: bool = True
    # Whether it has `tags` and `tagsAll`.
    tagged: bool = False
    # Filled into the inputs by Check.
    input_defaults: Mapping[str, Any] = field(default_factory=dict)
    # Shown in the outputs only, when the program sets nothing.
    output_defaults: Mapping[str, Any] = field(default_factory=dict)
    # Null in a preview and empty afterwards, when the program sets nothing.
    optional_strings: tuple[str, ...] = ()
    # Unknown in a preview unless the program sets them; an ARN comes first.
    computed: Mapping[str, Any] = field(default_factory=dict)
    # JSON documents: may be given as objects, must hold one to pass Check.
    documents: tuple[str, ...] = ()
    # Sets of objects with a `name`: Check names the entries and drops those not known yet.
    named_entries: tuple[str, ...] = ()
    # Inputs that must have the form of an ARN.
    arn_inputs: tuple[str, ...] = ()
    # Besides the name and the region, what cannot change in place.
    replaced_by: tuple[str, ...] = ()
    # What a read finds that the id alone does not tell.
    found: Mapping[str, Any] = field(default_factory=dict)


BUCKET = ResourceKind(
    name_property="bucket",
    lower_case_name=True,
    identifier="{bucket}",
    tagged=True,
    output_defaults={"forceDestroy": False},
    computed={
        "arn": "arn:{partition}:s3:::{bucket}",
        "bucketPrefix": "",
        "bucketDomainName": "{bucket}.s3.amazonaws.com",
        "bucketRegion": "{region}",
        "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com",
        "hostedZoneId": "Z3AQBSTGFYJSTF",
        "objectLockEnabled": False,
        "policy": "",
        "requestPayer": "BucketOwner",
    },
    documents=("policy",),
    replaced_by=("objectLockEnabled",),
)

RESOURCE_KINDS: Mapping[str, ResourceKind] = {
    "aws:cloudtrail/trail:Trail": ResourceKind(
        identifier="{arn}",
        tagged=True,
        input_defaults={"enableLogging": True, "includeGlobalServiceEvents": True},
        output_defaults={
            "enableLogFileValidation": False,
            "isMultiRegionTrail": False,
            "isOrganizationTrail": False,
        },
        optional_strings=(
            "cloudWatchLogsGroupArn",
            "cloudWatchLogsRoleArn",
            "kmsKeyId",
            "s3KeyPrefix",
            "snsTopicName",
        ),
        computed={
            "arn": "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
            "homeRegion": "{region}",
            "snsTopicArn": "",
        },
        arn_inputs=("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "kmsKeyId"),
        found={"s3BucketName": "existing-bucket"},
    ),
    "aws:cloudformation/stack:Stack": ResourceKind(
        identifier="arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{random}",
        tagged=True,
        optional_strings=("iamRoleArn", "policyUrl", "templateUrl"),
        computed={"outputs": {}, "policyBody": ""},
    ),
    "aws:cloudcontrol/resource:Resource": ResourceKind(
        name_property=None, identifier="{random}", computed={"properties": "{desiredState}", "schema": "{{}}"}
    ),
    "aws:cloudwatch/logGroup:LogGroup": ResourceKind(
        tagged=True,
        output_defaults={"retentionInDays": 0, "skipDestroy": False},
        optional_strings=("kmsKeyId",),
        computed={
            "arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}",
            "deletionProtectionEnabled": False,
            "logGroupClass": "STANDARD",
            "namePrefix": "",
        },
        arn_inputs=("kmsKeyId",),
        replaced_by=("logGroupClass",),
    ),
    "aws:cloudwatch/logStream:LogStream": ResourceKind(
        computed={"arn": "arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}"},
        replaced_by=("logGroupName",),
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ResourceKind(
        output_defaults={"applyOnTransformedLogs": False},
        replaced_by=("logGroupName",),
    ),
    "aws:iam/role:Role": ResourceKind(
        regional=False,
        tagged=True,
        input_defaults={"maxSessionDuration": 3600, "path": "/"},
        output_defaults={"forceDetachPolicies": False},
        optional_strings=("description", "permissionsBoundary"),
        computed={
            "arn": "arn:{partition}:iam::{account}:role{path}{name}",
            "createDate": CREATED,
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "namePrefix": "",
            "uniqueId": "AROAEXAMPLE",
        },
        documents=("assumeRolePolicy",),
        named_entries=("inlinePolicies",),
        arn_inputs=("permissionsBoundary",),
        replaced_by=("path",),
        found={"assumeRolePolicy": TRUST_OF_AN_EXISTING_ROLE, "inlinePolicies": POLICIES_OF_AN_EXISTING_ROLE},
    ),
    "aws:iam/rolePolicy:RolePolicy": ResourceKind(
        identifier="{role}:{name}",
        regional=False,
        computed={"namePrefix": ""},
        documents=("policy",),
        replaced_by=("role",),
    ),
    "aws:iam/policy:Policy": ResourceKind(
        identifier="{arn}",
        regional=False,
        tagged=True,
        input_defaults={"path": "/"},
        optional_strings=("description",),
        computed={
            "arn": "arn:{partition}:iam::{account}:policy{path}{name}",
            "attachmentCount": 0,
            "namePrefix": "",
            "policyId": "ANPAEXAMPLE",
        },
        documents=("policy",),
        replaced_by=("description", "path"),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ResourceKind(
        name_property=None,
        identifier="{role}/{policyArn}",
        regional=False,
        arn_inputs=("policyArn",),
        replaced_by=("policyArn", "role"),
    ),
    "aws:iam/policyAttachment:PolicyAttachment": ResourceKind(
        regional=False,
        arn_inputs=("policyArn",),
        replaced_by=("policyArn",),
    ),
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": ResourceKind(
        name_property=None,
        identifier="{roleName}",
        regional=False,
        replaced_by=("roleName",),
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ResourceKind(
        name_property=None,
        identifier="{roleName}",
        regional=False,
        replaced_by=("roleName",),
    ),
    "aws:iam/user:User": ResourceKind(
        regional=False,
        tagged=True,
        input_defaults={"path": "/"},
        output_defaults={"forceDestroy": False},
        optional_strings=("permissionsBoundary",),
        computed={
            "arn": "arn:{partition}:iam::{account}:user{path}{name}",
            "uniqueId": "AIDAEXAMPLE",
        },
    ),
    "aws:iam/instanceProfile:InstanceProfile": ResourceKind(
        regional=False,
        tagged=True,
        input_defaults={"path": "/"},
        optional_strings=("role",),
        computed={
            "arn": "arn:{partition}:iam::{account}:instance-profile{path}{name}",
            "createDate": CREATED,
            "namePrefix": "",
            "uniqueId": "AIPAEXAMPLE",
        },
        replaced_by=("path",),
    ),
    "aws:s3/bucket:Bucket": BUCKET,
    "aws:s3/bucketV2:BucketV2": BUCKET,
    "aws:s3/bucketPolicy:BucketPolicy": ResourceKind(
        name_property=None,
        identifier="{bucket}",
        documents=("policy",),
        replaced_by=("bucket",),
    ),
    "aws:ssm/parameter:Parameter": ResourceKind(
        tagged=True,
        optional_strings=("allowedPattern", "description"),
        computed={
            "arn": "arn:{partition}:ssm:{region}:{account}:parameter/{name}",
            "dataType": "text",
            "tier": "Standard",
            "version": 1,
        },
        found={"type": "String", "value": "existing-value"},
    ),
    "aws:sns/topic:Topic": ResourceKind(
        identifier="{arn}",
        tagged=True,
        output_defaults={"contentBasedDeduplication": False, "fifoTopic": False},
        optional_strings=("deliveryPolicy", "displayName", "kmsMasterKeyId"),
        computed={
            "arn": "arn:{partition}:sns:{region}:{account}:{name}",
            "namePrefix": "",
            "owner": "{account}",
            "policy": "",
        },
        documents=("policy",),
        replaced_by=("fifoTopic",),
    ),
    "aws:kms/key:Key": ResourceKind(
        name_property=None,
        identifier="{keyId}",
        tagged=True,
        input_defaults={
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        output_defaults={"bypassPolicyLockoutSafetyCheck": False},
        computed={
            "keyId": "{random}",
            "arn": "arn:{partition}:kms:{region}:{account}:key/{keyId}",
            "description": "",
            "enableKeyRotation": False,
            "multiRegion": False,
            "policy": "",
            "rotationPeriodInDays": 365,
        },
        documents=("policy",),
        replaced_by=("customerMasterKeySpec", "keyUsage", "multiRegion"),
    ),
    "aws:lambda/function:Function": ResourceKind(
        tagged=True,
        input_defaults={
            "memorySize": 128,
            "packageType": "Zip",
            "reservedConcurrentExecutions": -1,
            "timeout": 3,
        },
        output_defaults={"publish": False, "skipDestroy": False},
        optional_strings=("description", "handler", "kmsKeyArn", "runtime"),
        computed={
            "arn": "arn:{partition}:lambda:{region}:{account}:function:{name}",
            "invokeArn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
            "lastModified": CREATED,
            "qualifiedArn": "{arn}:$LATEST",
            "version": "$LATEST",
        },
        arn_inputs=("role",),
        replaced_by=("packageType",),
    ),
}

# Every type that the table does not know: inputs come back, an ARN and an id are made up.
ANY_OTHER_KIND = ResourceKind(
    name_property=None,
    identifier="{random}",
    regional=False,
    computed={"arn": "arn:{partition}:{service}:{region}:{account}:{random}"},
)


def kind_of(token: str) -> ResourceKind:
    """The table's entry for a resource type."""
    return RESOURCE_KINDS.get(token, ANY_OTHER_KIND)
