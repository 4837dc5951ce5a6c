"""The operations that change something: those that docs/policies.md has commands for.

A stand-in has them only where it is given them (`WITH_WRITES`). The pack itself must get along without.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from cloudtrail_logs.model.arn import partition_of_region
from tools.fakes.aws_api.services import (
    CLOUDTRAIL,
    IAM,
    LOGS,
    OPERATIONS,
    ROLE,
    Answer,
    Call,
    Operation,
    get_role,
    role_of,
    trail_of,
)
from tools.fakes.aws_api.state import RefusedError, path_and_name


def _update_trail(call: Call) -> Answer:
    arn = trail_of(call)
    if arn.split(":")[3] != call.region:
        raise RefusedError("InvalidHomeRegionException", 400, f"{call['Name']} was created in another Region.")
    given = {name: call[name] for name in ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")}
    call.aws.targets[arn] = (given["CloudWatchLogsLogGroupArn"], given["CloudWatchLogsRoleArn"])
    return {"Name": path_and_name(arn)[1], "TrailARN": arn, **given}


def _create_log_group(call: Call) -> Answer:
    region, account, name = str(call.region), call.caller.account, call["logGroupName"]
    if name in call.aws.log_groups.get((region, account), {}):
        raise RefusedError("ResourceAlreadyExistsException", 400, "The specified log group already exists")
    call.aws.add_log_group(name, region, account)
    return {}


def _put_retention_policy(call: Call) -> Answer:
    place, name = (str(call.region), call.caller.account), call["logGroupName"]
    if name not in call.aws.log_groups.get(place, {}):
        raise RefusedError("ResourceNotFoundException", 400, "The specified log group does not exist.")
    call.aws.retention.setdefault(place, {})[name] = int(call["retentionInDays"])
    return {}


def _create_role(call: Call) -> Answer:
    account, name = call.caller.account, call["RoleName"]
    if (account, name) in call.aws.roles:
        raise RefusedError("EntityAlreadyExists", 409, f"Role with name {name} already exists.")
    partition = partition_of_region(str(call.region)) or "aws"
    call.aws.add_role(f"arn:{partition}:iam::{account}:role/{name}", _document(call, "AssumeRolePolicyDocument"))
    return get_role(call)


def _put_role_policy(call: Call) -> Answer:
    role = role_of(call)
    inline = {**role.inline, call["PolicyName"]: _document(call, "PolicyDocument")}
    call.aws.add_role(role.arn, role.trust, inline, role.attached, role.boundary)
    return {}


def _document(call: Call, parameter: str) -> str:
    text = call[parameter]
    try:
        json.loads(text)
    except ValueError:
        raise RefusedError("MalformedPolicyDocument", 400, "This policy contains invalid Json") from None
    return text


TARGETS = frozenset({"Name", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"})
LOG_GROUP = frozenset({"logGroupName"})

WITH_WRITES: Mapping[str, Operation] = {
    **OPERATIONS,
    "UpdateTrail": Operation(CLOUDTRAIL, _update_trail, TARGETS),
    "CreateLogGroup": Operation(LOGS, _create_log_group, LOG_GROUP),
    "PutRetentionPolicy": Operation(LOGS, _put_retention_policy, LOG_GROUP | {"retentionInDays"}),
    "CreateRole": Operation(IAM, _create_role, ROLE | {"AssumeRolePolicyDocument"}),
    "PutRolePolicy": Operation(IAM, _put_role_policy, ROLE | {"PolicyName", "PolicyDocument"}),
}
