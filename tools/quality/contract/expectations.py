"""What must be in the providers' SDKs, derived from the pack's own tables: a new row is expected as it is added.

What a field of a row is, is written here once: a table with an unknown field, or a row of an unknown kind, is refused.
So is, as data, with which version something came or went; it was found out with `make contract` on those around it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType, ModuleType
from typing import Any, Final

from packaging.specifiers import SpecifierSet

from cloudtrail_logs.stack import iam_types as iam_table
from cloudtrail_logs.stack import resource_types as provider_table
from cloudtrail_logs.stack.iam_types import (
    MANAGED_POLICY_ARNS,
    PERMISSIONS_BOUNDARY,
    AttachmentType,
    ExclusiveType,
    InlinePolicyType,
    ManagedPolicyType,
    RolePermissions,
)
from cloudtrail_logs.stack.resource_types import (
    CloudControlType,
    LogGroupType,
    LogStreamType,
    MetricFilterType,
    RoleType,
    TelemetryRuleType,
    TemplateType,
    TrailType,
    WritingProperty,
)
from tools.quality.contract.generated_sdk import PROVIDER

# The any-Terraform provider, of which there is no SDK to read.
ANY_TERRAFORM: Final = "aws:index/"
TABLES: Final[tuple[ModuleType, ...]] = (provider_table, iam_table)

STRING: Final = frozenset({"string"})
BOOLEAN: Final = frozenset({"boolean"})
INTEGER: Final = frozenset({"integer"})
STRINGS: Final = frozenset({"list of string"})
TEXTS: Final = frozenset({"map of string"})
OBJECT: Final = frozenset({"object"})
OBJECTS: Final = frozenset({"list of object"})
# Of a template: of a set they may be objects with a key and a value.
PARAMETERS: Final = frozenset({"map of string", "list of object", "any"})
# Read as JSON text or as what it is.
DOCUMENT: Final = frozenset({"string", "object or string", "any"})


class Side(Enum):
    """Where a property is: among what a program sets, or among what a resource has then."""

    INPUT = "input"
    OUTPUT = "output"


BOTH: Final = (Side.INPUT, Side.OUTPUT)


@dataclass(frozen=True)
class Expectation:
    """That a type has a property of one of these kinds.

    token: of the type; one that ends in `:` or `/` is the beginning of some token. path: of the property, such as
    inlinePolicies.name; None for the type itself.
    """

    token: str
    path: str | None = None
    side: Side = Side.OUTPUT
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Package:
    """A provider's SDK. lowest: the first version of each major one that the pack supports."""

    name: str
    module: str
    tokens: str
    provider: str
    lowest: tuple[str, ...]


PACKAGES: Final = (
    Package("pulumi-aws", "pulumi_aws", "aws:", f"{PROVIDER}aws", ("5.0.0", "6.0.2", "7.0.0")),
    Package("pulumi-aws-native", "pulumi_aws_native", "aws-native:", f"{PROVIDER}aws-native", ("1.0.0",)),
)

# What the code reads by name, of any type of these tables.
READ_BY_NAME: Final[Mapping[type, Mapping[str, tuple[tuple[Side, ...], frozenset[str]]]]] = MappingProxyType(
    {
        TrailType: {"arn": ((Side.OUTPUT,), STRING)},
        LogGroupType: {"arn": ((Side.OUTPUT,), STRING), "logGroupClass": (BOTH, STRING)},
        RoleType: {"arn": ((Side.OUTPUT,), STRING), "path": (BOTH, STRING)},
        ManagedPolicyType: {"path": (BOTH, STRING)},
        RolePermissions: {MANAGED_POLICY_ARNS: (BOTH, STRINGS), PERMISSIONS_BOUNDARY: (BOTH, STRING)},
    }
)

_ROLE: Final = {
    "roleArn": STRING,
    "sessionName": STRING,
    "policy": STRING,
    "policyArns": STRINGS,
}
_ASSUMED_ROLE: Final = {**_ROLE, "externalId": STRING, "tags": TEXTS, "transitiveTagKeys": STRINGS}
_OF_AWS: Final = {**_ASSUMED_ROLE, "duration": STRING, "sourceIdentity": STRING}
_WEB_IDENTITY: Final = {**_ROLE, "duration": STRING, "webIdentityToken": STRING, "webIdentityTokenFile": STRING}
_SETTINGS: Final = {
    **dict.fromkeys(("region", "profile", "accessKey", "secretKey", "token", "sharedCredentialsFile"), STRING),
    "allowedAccountIds": STRINGS,
    "insecure": BOOLEAN,
    "endpoints": OBJECTS,
    "assumeRole": OBJECT,
}
# The settings of each provider that stack/provider.py and aws/provider_settings.py read.
PROVIDER_SETTINGS: Final[Mapping[str, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {
        f"{PROVIDER}aws": {
            **_SETTINGS,
            **dict.fromkeys(("stsRegion", "customCaBundle", "httpProxy", "httpsProxy"), STRING),
            **dict.fromkeys(("sharedConfigFiles", "sharedCredentialsFiles"), STRINGS),
            **dict.fromkeys(("useFipsEndpoint", "useDualstackEndpoint"), BOOLEAN),
            "assumeRoles": OBJECTS,
            "assumeRoleWithWebIdentity": OBJECT,
            **{f"assumeRole.{name}": kinds for name, kinds in _OF_AWS.items()},
            **{f"assumeRoles.{name}": kinds for name, kinds in _OF_AWS.items()},
            **{f"assumeRoleWithWebIdentity.{name}": kinds for name, kinds in _WEB_IDENTITY.items()},
            **{
                f"endpoints.{service}": STRING
                for service in ("cloudtrail", "logs", "cloudwatchlogs", "cloudwatchlog", "iam", "sts")
            },
        },
        f"{PROVIDER}aws-native": {
            **_SETTINGS,
            **{f"assumeRole.{name}": kinds for name, kinds in _ASSUMED_ROLE.items()},
            "assumeRole.durationSeconds": INTEGER,
            "endpoints.sts": STRING,
        },
    }
)

# The versions that have what others lack, by its type's token and its path; the path is empty for the type itself.
SPANS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("aws:cloudtrail/trail:Trail", "region"): ">=7.0.0",
        ("aws:cloudformation/stack:Stack", "region"): ">=7.0.0",
        ("aws:cloudwatch/logGroup:LogGroup", "region"): ">=7.0.0",
        ("aws:cloudwatch/logGroup:LogGroup", "logGroupClass"): ">=6.14.0",
        ("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", ""): ">=6.53.0",
        ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", ""): ">=6.57.0",
        ("aws:cloudwatch/contributorInsightRule:", ""): ">=6.70.0",
        ("aws:cloudwatch/logAccountPolicy:LogAccountPolicy", ""): ">=6.45.0",
        ("aws:cloudwatch/logAnomalyDetector:", ""): ">=6.65.0",
        ("aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", ""): ">=5.22.0",
        ("aws:cloudwatch/logIndexPolicy:", ""): ">=6.66.3",
        ("aws:cloudwatch/logStorageTierPolicy:", ""): ">=7.40.0",
        ("aws:cloudwatch/logTransformer:", ""): ">=7.13.0",
        ("aws:controltower/landingZone:LandingZone", ""): ">=6.22.0",
        ("aws:ec2/vpcEndpointPolicy:", ""): ">=5.1.0",
        ("aws:oam/link:", ""): ">=5.34.0",
        ("aws:observabilityadmin/telemetryRule:TelemetryRule", ""): ">=7.30.0",
        ("aws:observabilityadmin/telemetryRuleForOrganization:TelemetryRuleForOrganization", ""): ">=7.31.0",
        ("aws:observabilityadmin/telemetryRule:TelemetryRule", "rule.destinationConfiguration"): ">=7.33.0",
        (
            "aws:observabilityadmin/telemetryRuleForOrganization:TelemetryRuleForOrganization",
            "rule.destinationConfiguration",
        ): ">=7.33.0",
        ("aws-native:cloudwatch:InsightRule", ""): ">=1.71.0",
        ("aws-native:cloudwatch:LogAlarm", ""): ">=1.69.0",
        ("aws-native:logs:ScheduledQuery", ""): ">=1.53.0",
        ("aws-native:logs:StorageTierPolicy", ""): ">=1.75.0",
        ("aws-native:logs:Transformer", ""): ">=1.16.0",
        ("aws-native:observabilityadmin:OrganizationTelemetryRule", ""): ">=1.32.0",
        ("aws-native:observabilityadmin:TelemetryRule", ""): ">=1.32.0",
        (f"{PROVIDER}aws", "assumeRole"): "<7.0.0",
        (f"{PROVIDER}aws", "assumeRole.sourceIdentity"): ">=5.14.0",
        (f"{PROVIDER}aws", "assumeRoles"): ">=7.0.0",
        (f"{PROVIDER}aws", "assumeRoleWithWebIdentity"): ">=5.5.0",
        (f"{PROVIDER}aws", "customCaBundle"): ">=5.1.0",
        (f"{PROVIDER}aws", "endpoints.cloudwatchlog"): ">=5.9.0",
        (f"{PROVIDER}aws", "endpoints.logs"): ">=5.5.0",
        (f"{PROVIDER}aws", "httpsProxy"): ">=6.10.0",
        (f"{PROVIDER}aws", "sharedCredentialsFile"): "<6.0.2",
        (f"{PROVIDER}aws", "stsRegion"): ">=5.1.0",
    }
)


def is_in(expectation: Expectation, version: str) -> bool:
    """Whether a version of the package must have what is expected. What is in an object is there with the object."""
    path = expectation.path or ""
    about = ("", path.partition(".")[0], path)
    return all(version in SpecifierSet(SPANS.get((expectation.token, each), "")) for each in about)


def expectations_of(package: Package) -> list[Expectation]:
    """All that is expected of a provider's SDK. Raises ValueError where a table has a row or field unknown here."""
    found = [each for table in TABLES for value in vars(table).values() for each in _of_value(value)]
    found += [
        Expectation(token, path, Side.INPUT, kinds)
        for token, settings in PROVIDER_SETTINGS.items()
        for path, kinds in settings.items()
    ]
    mine = [
        each
        for each in found
        if each.token == package.provider
        or (each.token.startswith(package.tokens) and not each.token.startswith(ANY_TERRAFORM))
    ]
    return list(dict.fromkeys(mine))


def _of_value(value: Any) -> Iterator[Expectation]:
    """What a module-level value of a table says: rows by their tokens, or tokens and beginnings of tokens alone."""
    if isinstance(value, Mapping) and all(dataclasses.is_dataclass(row) for row in value.values()) and value:
        for token, row in value.items():
            yield Expectation(token)
            yield from _of_row(token, row)
    elif isinstance(value, (tuple, frozenset)) and value and all(_is_token(each) for each in value):
        for token in sorted(value):
            yield Expectation(token)


def _is_token(value: object) -> bool:
    return isinstance(value, str) and re.match(r"aws(-native)?:", value) is not None


def _of_row(token: str, row: Any) -> Iterator[Expectation]:
    found: dict[str, tuple[tuple[Side, ...], frozenset[str]]] = dict(READ_BY_NAME.get(type(row), {}))
    match row:
        case TrailType(spelling, name, organization, region, home_region):
            found |= dict.fromkeys((spelling.log_group_arn, spelling.role_arn, name), (BOTH, STRING))
            found |= dict.fromkeys((spelling.logging, organization), (BOTH, BOOLEAN))
            found |= {each: (BOTH, STRING) for each in [region] if each}
            found |= {each: ((Side.OUTPUT,), STRING) for each in [home_region] if each}
        case LogGroupType(name, name_prefix, _, region):
            found |= {each: (BOTH, STRING) for each in (name, name_prefix, region) if each}
        case RoleType(name, name_prefix, trust_policy):
            found |= {each: (BOTH, STRING) for each in (name, name_prefix) if each}
            found[trust_policy] = (BOTH, DOCUMENT)
        case RolePermissions(inline_policies, entry_name, entry_document, _):
            found[inline_policies] = (BOTH, OBJECTS)
            found[f"{inline_policies}.{entry_name}"] = (BOTH, STRING)
            found[f"{inline_policies}.{entry_document}"] = (BOTH, DOCUMENT)
        case InlinePolicyType(role, name, document):
            found |= {role: (BOTH, STRING), name: (BOTH, STRING), document: (BOTH, DOCUMENT)}
        case ManagedPolicyType(name, arn, document, roles):
            found |= {name: (BOTH, STRING), arn: ((Side.OUTPUT,), STRING), document: (BOTH, DOCUMENT)}
            found |= {each: (BOTH, STRINGS) for each in [roles] if each}
        case AttachmentType(roles, policy_arn, is_exclusive):
            found |= {roles: (BOTH, STRINGS if is_exclusive else STRING), policy_arn: (BOTH, STRING)}
        case ExclusiveType(role, listed, _):
            found |= {role: (BOTH, STRING), listed: (BOTH, STRINGS)}
        case _:
            found |= _of_other(token, row)
    for path, (sides, kinds) in found.items():
        yield from (Expectation(token, path, side, kinds) for side in sides)


def _of_deployment(row: TemplateType | CloudControlType) -> dict[str, tuple[tuple[Side, ...], frozenset[str]]]:
    """What the row of a resource that deploys others says."""
    if isinstance(row, CloudControlType):
        return {row.kind: (BOTH, STRING), row.desired: (BOTH, STRING), row.actual: ((Side.OUTPUT,), STRING)}
    found: dict[str, tuple[tuple[Side, ...], frozenset[str]]]
    found = {name: (BOTH, STRING) for name in (row.name, row.url, row.region) if name}
    if row.arn and row.arn != "id":  # Pulumi gives every resource its id
        found[row.arn] = ((Side.OUTPUT,), STRING)
    return {**found, row.body: (BOTH, DOCUMENT), row.parameters: (BOTH, PARAMETERS)}


def _of_other(token: str, row: Any) -> dict[str, tuple[tuple[Side, ...], frozenset[str]]]:
    """What the row of a resource says that deploys others, or refers to log groups. Raises ValueError for any other."""
    match row:
        case TemplateType() | CloudControlType():
            return _of_deployment(row)
        case LogStreamType(log_group):
            return {log_group: (BOTH, STRING)}
        case MetricFilterType(log_group, pattern):
            return {log_group: (BOTH, STRING), pattern: (BOTH, STRING)}
        case TelemetryRuleType(resource_type, _):
            # The destination is one level deeper than what is read of an SDK here.
            return {f"rule.{resource_type}": (BOTH, STRING), "rule.destinationConfiguration": (BOTH, OBJECT)}
        case WritingProperty(name, _):
            return {name: (BOTH, DOCUMENT)}
        case _:
            raise ValueError(f"the row of {token} is of a kind that is not known: {type(row).__name__}")
