"""Holds botocore's models of AWS's services to what the questions to AWS call: operations, inputs and answers.

botocore carries its models as data: `data/SERVICE/DATE/service-2.json`, in a wheel also packed with gzip.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tools.quality.contract.sdk_check import Checked
from tools.quality.contract.sources import Sources, UnreadablePackageError

PACKAGE: Final = "botocore"
# Of a list or a structure, what is in it is expected by itself.
_ROLE_PARAMETERS: Final = {"RoleArn": "string", "RoleSessionName": "string", "Policy": "string"}
_CREDENTIALS: Final = {f"Credentials.{name}": "string" for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}
_POLICY_ARNS: Final = {"PolicyArns": "list", "PolicyArns.arn": "string", "DurationSeconds": "integer"}


@dataclass(frozen=True)
class Operation:
    """An operation with the members that are sent and read, as paths with their types. paged: read page by page."""

    service: str
    name: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    paged: bool = False


OPERATIONS: Final = (
    Operation(
        "cloudtrail",
        "GetTrailStatus",
        {"Name": "string"},
        {
            "IsLogging": "boolean",
            "StartLoggingTime": "timestamp",
            "LatestCloudWatchLogsDeliveryTime": "timestamp",
            "LatestCloudWatchLogsDeliveryError": "string",
        },
    ),
    Operation(
        "logs",
        "DescribeLogGroups",
        {"logGroupNamePrefix": "string", "limit": "integer"},
        {"logGroups": "list", "logGroups.logGroupName": "string", "logGroups.arn": "string"},
    ),
    Operation(
        "iam",
        "GetRole",
        {"RoleName": "string"},
        {
            "Role.Arn": "string",
            "Role.AssumeRolePolicyDocument": "string",
            "Role.PermissionsBoundary.PermissionsBoundaryArn": "string",
        },
    ),
    Operation("iam", "ListRolePolicies", {"RoleName": "string"}, {"PolicyNames": "list"}, paged=True),
    Operation("iam", "GetRolePolicy", {"RoleName": "string", "PolicyName": "string"}, {"PolicyDocument": "string"}),
    Operation(
        "iam",
        "ListAttachedRolePolicies",
        {"RoleName": "string"},
        {"AttachedPolicies": "list", "AttachedPolicies.PolicyArn": "string"},
        paged=True,
    ),
    Operation("iam", "GetPolicy", {"PolicyArn": "string"}, {"Policy.DefaultVersionId": "string"}),
    Operation(
        "iam",
        "GetPolicyVersion",
        {"PolicyArn": "string", "VersionId": "string"},
        {"PolicyVersion.Document": "string"},
    ),
    Operation("sts", "GetCallerIdentity", {}, {"Account": "string"}),
    Operation(
        "sts",
        "AssumeRole",
        {
            **_ROLE_PARAMETERS,
            **_POLICY_ARNS,
            **dict.fromkeys(("ExternalId", "SourceIdentity"), "string"),
            "Tags": "list",
            **dict.fromkeys(("Tags.Key", "Tags.Value"), "string"),
            "TransitiveTagKeys": "list",
        },
        _CREDENTIALS,
    ),
    Operation(
        "sts",
        "AssumeRoleWithWebIdentity",
        {**_ROLE_PARAMETERS, **_POLICY_ARNS, "WebIdentityToken": "string"},
        _CREDENTIALS,
    ),
)


@dataclass(frozen=True)
class _Models:
    sources: Sources
    _read: dict[str, Any] = field(default_factory=dict)

    def of(self, service: str, file: str) -> Any:
        """The newest model of a service. Raises UnreadablePackageError where there is none."""
        key = f"{service} {file}"
        if key not in self._read:
            beginning = f"{PACKAGE}/data/{service}/"
            paths = [
                p for p in self.sources.paths if p.startswith(beginning) and p.split("/")[-1] in (file, f"{file}.gz")
            ]
            if not paths:
                raise UnreadablePackageError(f"it has no {beginning}*/{file}")
            content = self.sources.read(max(paths))
            self._read[key] = json.loads(gzip.decompress(content) if max(paths).endswith(".gz") else content)
        return self._read[key]


def check_botocore(operations: Sequence[Operation], sources: Sources) -> Checked:
    """Holds botocore's models to operations. Raises UnreadablePackageError where it has no model of a service."""
    models = _Models(sources)
    return Checked(
        PACKAGE,
        sources.version,
        tokens=len(operations),
        properties=sum(len(each.inputs) + len(each.outputs) for each in operations),
        findings=[finding for operation in operations for finding in _findings(models, operation)],
        notes=(),
    )


def _findings(models: _Models, operation: Operation) -> Iterator[str]:
    label = f"{operation.service} {operation.name}"
    model = models.of(operation.service, "service-2.json")
    found = model["operations"].get(operation.name)
    if found is None:
        yield f"{label} is gone"
        return
    for side, members in (("input", operation.inputs), ("output", operation.outputs)):
        shape = found.get(side, {}).get("shape")
        for path, expected in members.items():
            kind = _kind(model["shapes"], shape, path)
            if kind is None:
                yield f"{label}: {side} {path} is gone"
            elif kind != expected:
                yield f"{label}: {side} {path} is {kind}, no longer {expected}"
    wanted = set(found.get("input", {}) and model["shapes"][found["input"]["shape"]].get("required", ()))
    for name in sorted(wanted - operation.inputs.keys()):
        yield f"{label}: input {name} is required, and not given"
    if operation.paged and operation.name not in models.of(operation.service, "paginators-1.json")["pagination"]:
        yield f"{label} is not read page by page"


def _kind(shapes: Mapping[str, Any], shape: str | None, path: str) -> str | None:
    """The type of a member, through structures and lists of them; None where there is none."""
    for name in path.split("."):
        while shape is not None and shapes[shape]["type"] == "list":
            shape = shapes[shape]["member"]["shape"]
        member = shapes[shape].get("members", {}).get(name) if shape is not None else None
        if member is None:
            return None
        shape = member["shape"]
    return str(shapes[shape]["type"]) if shape is not None else None
