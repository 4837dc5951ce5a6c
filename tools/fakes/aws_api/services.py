"""The operations of the services as a table, and what answers each of them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from cloudtrail_logs.model.arn import partition_of_region
from tools.fakes.aws_api.state import (
    AwsServices,
    Document,
    Key,
    RefusedError,
    Role,
    account_of,
    entity_id,
    path_and_name,
)

CREATED = "2024-01-02T03:04:05Z"

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Service:
    """A service. told_by: the prefix of its targets, or its version; namespace: of its XML, empty if it speaks JSON."""

    name: str
    told_by: str
    namespace: str = ""

    def refused(self, json_code: str, xml_code: str, xml_status: int, message: str) -> RefusedError:
        """A refusal that has another code in each protocol."""
        return RefusedError(xml_code, xml_status, message) if self.namespace else RefusedError(json_code, 400, message)


@dataclass(frozen=True)
class Call:
    """A request to an operation. key: None where the operation is for anybody; region: that of the signature."""

    aws: AwsServices
    service: Service
    key: Key | None
    region: str | None
    parameters: Mapping[str, Any]

    def __getitem__(self, name: str) -> str:
        """A parameter that must be there."""
        if not self.parameters.get(name):
            raise self.service.refused("ValidationException", "ValidationError", 400, f"Value null at '{name}'")
        return str(self.parameters[name])

    @property
    def caller(self) -> Key:
        """Who asks."""
        assert self.key
        return self.key

    def page(
        self, items: Sequence[Any], size: int, limit: str, most: int, token: str
    ) -> tuple[Sequence[Any], str | None]:
        """The items to answer, and what asks for those that follow.

        limit, token: the names of the parameters; most: the greatest limit.
        """
        asked, given = int(self.parameters.get(limit, size)), self.parameters.get(token, "from-0")
        starts = {f"from-{start}": start for start in range(len(items) + 1)}
        if not 1 <= asked <= most or given not in starts:
            message = f"The specified {token if 1 <= asked <= most else limit} is invalid."
            raise self.service.refused("InvalidParameterException", "ValidationError", 400, message)
        start, end = starts[given], starts[given] + min(asked, size)
        return items[start:end], f"from-{end}" if end < len(items) else None


def _trail_status(call: Call) -> Answer:
    status = call.aws.trails[trail_of(call)]
    told = {each.name: getattr(status, each.name) for each in fields(status)}
    return {
        name.title().replace("_", "").replace("Cloudwatch", "CloudWatch"): (
            value.timestamp() if isinstance(value, datetime) else value
        )
        for name, value in told.items()
        if value is not None
    }


def _list_trails(call: Call) -> Answer:
    """Those of the account, of all regions, and those of its organization."""
    known = sorted(
        arn for arn in call.aws.trails if account_of(arn) == call.caller.account or arn in call.aws.organization_trails
    )
    chosen, token = call.page(known, call.aws.trails_per_page, "MaxResults", 1000, "NextToken")
    told = [{"TrailARN": arn, "Name": path_and_name(arn)[1], "HomeRegion": arn.split(":")[3]} for arn in chosen]
    return {"Trails": told, "NextToken": token} if token else {"Trails": told}


def _describe_trails(call: Call) -> Answer:
    """Those of the account, in their home region: shadow trails are not known here."""
    if call.parameters.get("includeShadowTrails", True):
        message = "The stand-in does not know shadow trails."
        raise call.service.refused("ValidationException", "ValidationError", 400, message)
    told = []
    for arn in call.parameters.get("trailNameList") or sorted(call.aws.trails):
        if arn in call.aws.trails and arn.split(":")[3:5] == [call.region, call.caller.account]:
            group, role = call.aws.targets.get(arn, ("", ""))
            given = {"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role}
            told.append(
                {
                    "TrailARN": arn,
                    "Name": path_and_name(arn)[1],
                    "HomeRegion": call.region,
                    "IsOrganizationTrail": arn in call.aws.organization_trails,
                    **{name: value for name, value in given.items() if value},
                }
            )
    return {"trailList": told}


def trail_of(call: Call) -> str:
    """The ARN of the trail that a call names by its ARN or by its name."""
    name, account = call["Name"], call.caller.account
    by_name = f":cloudtrail:{call.region}:{account}:trail/{name}"
    for arn in call.aws.trails:
        if account_of(arn) == account and (arn == name or arn.endswith(by_name)):
            return arn
    raise RefusedError("TrailNotFoundException", 400, f"Unknown trail: {name} for the user: {account}")


def _log_groups(call: Call) -> Answer:
    region, account = str(call.region), call.caller.account
    groups, kept = (each.get((region, account), {}) for each in (call.aws.log_groups, call.aws.retention))
    names = sorted(name for name in groups if name.startswith(call.parameters.get("logGroupNamePrefix", "")))
    chosen, token = call.page(names, call.aws.log_groups_per_page, "limit", 50, "nextToken")
    start = f"arn:{partition_of_region(region) or 'aws'}:logs:{region}:{account}:log-group:"
    told = [
        {
            "logGroupName": name,
            "arn": f"{start}{name}:*",
            "logGroupArn": f"{start}{name}",
            "logGroupClass": groups[name],
            **({"retentionInDays": kept[name]} if name in kept else {}),
        }
        for name in chosen
    ]
    return {"logGroups": told, "nextToken": token} if token else {"logGroups": told}


def get_role(call: Call) -> Answer:
    """What IAM tells of a role."""
    role = role_of(call)
    path, name = path_and_name(role.arn)
    told = {
        "Path": path,
        "RoleName": name,
        "RoleId": entity_id("AROA", role.arn),
        "Arn": role.arn,
        "CreateDate": CREATED,
        "AssumeRolePolicyDocument": _encoded(role.trust),
    }
    kind = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy"}
    boundary = {"PermissionsBoundary": {**kind, "PermissionsBoundaryArn": role.boundary}} if role.boundary else {}
    return {"Role": {**told, **boundary}}


def _list_role_policies(call: Call) -> Answer:
    return _policy_page(call, "PolicyNames", sorted(role_of(call).inline))


def _get_role_policy(call: Call) -> Answer:
    role, name = role_of(call), call["PolicyName"]
    if name not in role.inline:
        raise RefusedError("NoSuchEntity", 404, f"The role policy with name {name} cannot be found.")
    return {"RoleName": call["RoleName"], "PolicyName": name, "PolicyDocument": _encoded(role.inline[name])}


def _list_attached_role_policies(call: Call) -> Answer:
    attached = [{"PolicyName": path_and_name(arn)[1], "PolicyArn": arn} for arn in role_of(call).attached]
    return _policy_page(call, "AttachedPolicies", attached)


def _get_policy(call: Call) -> Answer:
    arn, versions = call["PolicyArn"], _policy_versions(call)
    path, name = path_and_name(arn)
    told = {"PolicyName": name, "PolicyId": entity_id("ANPA", arn), "Arn": arn, "Path": path}
    dates = {"CreateDate": CREATED, "UpdateDate": CREATED}
    return {"Policy": {**told, **dates, "DefaultVersionId": list(versions)[-1], "IsAttachable": True}}


def _get_policy_version(call: Call) -> Answer:
    arn, versions, version = call["PolicyArn"], _policy_versions(call), call["VersionId"]
    if version not in versions:
        message = f"Policy {arn} version {version} does not exist or is not attachable."
        raise RefusedError("NoSuchEntity", 404, message)
    told = {"Document": _encoded(versions[version]), "VersionId": version, "CreateDate": CREATED}
    return {"PolicyVersion": {**told, "IsDefaultVersion": version == list(versions)[-1]}}


def _assume_role(call: Call) -> Answer:
    arn, session = call["RoleArn"], call["RoleSessionName"]
    account, name = account_of(arn), path_and_name(arn)[1]
    if not account or not name:
        raise RefusedError("ValidationError", 400, f"{arn} is invalid")
    user_id = f"{entity_id('AROA', arn)}:{session}"
    session_arn = f"arn:{arn.split(':')[1]}:sts::{account}:assumed-role/{name}/{session}"
    key = call.aws.issue_key("ASIA", account, user_id, session_arn, secrets.token_urlsafe(60))
    expires = datetime.now(timezone.utc) + timedelta(seconds=int(call.parameters.get("DurationSeconds", 3600)))
    return {
        "Credentials": {
            "AccessKeyId": key.key_id,
            "SecretAccessKey": key.secret,
            "SessionToken": key.token,
            "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "AssumedRoleUser": {"AssumedRoleId": user_id, "Arn": session_arn},
    }


def _assume_role_with_web_identity(call: Call) -> Answer:
    call["WebIdentityToken"]
    return {**_assume_role(call), "SubjectFromWebIdentityToken": "subject", "Audience": "sts.amazonaws.com"}


def _caller_identity(call: Call) -> Answer:
    return {"UserId": call.caller.user_id, "Account": call.caller.account, "Arn": call.caller.arn}


def role_of(call: Call) -> Role:
    """The role that a call names."""
    role = call.aws.roles.get((call.caller.account, call["RoleName"]))
    if not role:
        raise RefusedError("NoSuchEntity", 404, f"The role with name {call['RoleName']} cannot be found.")
    return role


def _policy_versions(call: Call) -> Mapping[str, Document]:
    arn = call["PolicyArn"]
    if arn not in call.aws.policies or account_of(arn) not in ("aws", call.caller.account):
        raise RefusedError("NoSuchEntity", 404, f"Policy {arn} was not found.")
    return call.aws.policies[arn]


def _policy_page(call: Call, name: str, items: Sequence[Any]) -> Answer:
    chosen, marker = call.page(items, call.aws.policies_per_page, "MaxItems", 1000, "Marker")
    return {name: chosen, "IsTruncated": bool(marker), **({"Marker": marker} if marker else {})}


def _encoded(document: Document) -> str:
    return quote(document if isinstance(document, str) else json.dumps(document), safe="")


@dataclass(frozen=True)
class Operation:
    """An operation. parameters: those it knows; for_anybody: its requests are not signed."""

    service: Service
    answer: Callable[[Call], Answer]
    parameters: frozenset[str] = frozenset()
    for_anybody: bool = False


CLOUDTRAIL = Service("cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101")
LOGS = Service("logs", "Logs_20140328")
IAM = Service("iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/")
STS = Service("sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/")
SERVICES = (CLOUDTRAIL, LOGS, IAM, STS)

LOG_GROUPS = frozenset({"logGroupNamePrefix", "limit", "nextToken"})
ROLE = frozenset({"RoleName"})
PAGES = frozenset({"Marker", "MaxItems"})
POLICY = frozenset({"PolicyArn"})
# What restricts or marks a session is accepted, and nothing here depends on it.
SESSION = frozenset({"RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "PolicyArns"})
MARKS = frozenset({"ExternalId", "Tags", "TransitiveTagKeys", "SourceIdentity"})
WEB_IDENTITY = frozenset({"WebIdentityToken", "ProviderId"})

OPERATIONS: Mapping[str, Operation] = {
    "ListTrails": Operation(CLOUDTRAIL, _list_trails, frozenset({"NextToken"})),
    "DescribeTrails": Operation(CLOUDTRAIL, _describe_trails, frozenset({"trailNameList", "includeShadowTrails"})),
    "GetTrailStatus": Operation(CLOUDTRAIL, _trail_status, frozenset({"Name"})),
    "DescribeLogGroups": Operation(LOGS, _log_groups, LOG_GROUPS),
    "GetRole": Operation(IAM, get_role, ROLE),
    "ListRolePolicies": Operation(IAM, _list_role_policies, ROLE | PAGES),
    "GetRolePolicy": Operation(IAM, _get_role_policy, ROLE | {"PolicyName"}),
    "ListAttachedRolePolicies": Operation(IAM, _list_attached_role_policies, ROLE | PAGES),
    "GetPolicy": Operation(IAM, _get_policy, POLICY),
    "GetPolicyVersion": Operation(IAM, _get_policy_version, POLICY | {"VersionId"}),
    "AssumeRole": Operation(STS, _assume_role, SESSION | MARKS),
    "AssumeRoleWithWebIdentity": Operation(
        STS, _assume_role_with_web_identity, SESSION | WEB_IDENTITY, for_anybody=True
    ),
    "GetCallerIdentity": Operation(STS, _caller_identity),
}
