"""The functions that programs call: who and where am I, what exists, policy documents."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from tools.fakes.aws_provider.outputs import ABSENT, Resource, found_resource
from tools.fakes.aws_provider.settings import ProviderSettings, partition_of
from tools.fakes.aws_provider.values import Properties, contains_unknown, json_text

Function = Callable[[Properties, ProviderSettings], Properties]


class NotFoundError(Exception):
    """What a function asked for does not exist."""


def invoke(token: str, arguments: Properties, settings: ProviderSettings) -> Properties:
    """The result of a provider function; its arguments come back when it is not a known one."""
    if contains_unknown(arguments):
        return {}
    function = FUNCTIONS.get(token)
    return {**arguments, **(function(arguments, settings) if function else {"id": token})}


def _caller_identity(arguments: Properties, settings: ProviderSettings) -> Properties:
    account = settings.account
    arn = f"arn:{partition_of(settings.region)}:iam::{account}:user/stand-in"
    return {"accountId": account, "arn": arn, "id": account, "userId": "AIDAEXAMPLE"}


def _region(arguments: Properties, settings: ProviderSettings) -> Properties:
    region = arguments.get("region") or arguments.get("name") or settings.region
    endpoint = f"ec2.{region}.{_domain(region)}"
    names = {"id": region, "name": region, "region": region}
    return {"description": f"Region {region}", "endpoint": endpoint, **names}


def _partition(arguments: Properties, settings: ProviderSettings) -> Properties:
    partition, domain = partition_of(settings.region), _domain(settings.region)
    reverse = ".".join(reversed(domain.split(".")))
    return {
        "dnsSuffix": domain,
        "id": partition,
        "partition": partition,
        "reverseDnsPrefix": reverse,
    }


def _domain(region: str) -> str:
    return "amazonaws.com.cn" if partition_of(region) == "aws-cn" else "amazonaws.com"


def _existing(token: str) -> Function:
    """A function that describes the existing resource of the name it is given."""

    def describe(arguments: Properties, settings: ProviderSettings) -> Properties:
        name = str(arguments.get("name", ""))
        given = {"region": arguments.get("region")}
        found = found_resource(Resource(f"urn::project::{token}::{name}"), name, given, settings)
        if found is None:
            raise NotFoundError(f"couldn't find resource: {name} (any name with {ABSENT!r} is)")
        _, outputs = found
        return {**outputs, "tags": outputs["tagsAll"]}

    return describe


def _policy_document(arguments: Properties, settings: ProviderSettings) -> Properties:
    statements: list[Properties] = []
    for text in [arguments.get("sourceJson"), *(arguments.get("sourcePolicyDocuments") or [])]:
        _merge(statements, _statements_of(text))
    _merge(statements, [_statement(given) for given in arguments.get("statements") or []])
    for text in [arguments.get("overrideJson"), *(arguments.get("overridePolicyDocuments") or [])]:
        _merge(statements, _statements_of(text))
    document: Properties = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = statements
    digest = hashlib.sha256(json_text(document).encode()).hexdigest()[:10]
    compact = json.dumps(document, separators=(",", ":"))
    return {"id": digest, "json": json.dumps(document, indent=2), "minifiedJson": compact}


def _statements_of(text: str | None) -> list[Properties]:
    given = json.loads(text).get("Statement", []) if text else []
    return given if isinstance(given, list) else [given]


def _merge(statements: list[Properties], more: list[Properties]) -> None:
    """Append statements; one with the Sid of an earlier one takes its place."""
    for statement in more:
        sids = [earlier.get("Sid") for earlier in statements]
        if statement.get("Sid") and statement["Sid"] in sids:
            statements[sids.index(statement["Sid"])] = statement
        else:
            statements.append(statement)


def _statement(given: Properties) -> Properties:
    conditions: dict[str, dict[str, Any]] = {}
    for condition in given.get("conditions") or []:
        values = condition["values"]
        by_variable = conditions.setdefault(condition["test"], {})
        by_variable[condition["variable"]] = values[0] if len(values) == 1 else values
    statement = {
        "Sid": given.get("sid"),
        "Effect": given.get("effect") or "Allow",
        "Action": _one_or_many(given.get("actions")),
        "NotAction": _one_or_many(given.get("notActions")),
        "Resource": _one_or_many(given.get("resources")),
        "NotResource": _one_or_many(given.get("notResources")),
        "Principal": _principal(given.get("principals")),
        "NotPrincipal": _principal(given.get("notPrincipals")),
        "Condition": conditions,
    }
    return {key: value for key, value in statement.items() if value}


def _one_or_many(values: list[str] | None) -> str | list[str] | None:
    # The real function sorts backwards and writes a single value bare.
    return values[0] if values and len(values) == 1 else sorted(values or [], reverse=True)


def _principal(principals: list[Properties] | None) -> Any:
    by_type: dict[str, list[str]] = {}
    for principal in principals or []:
        by_type.setdefault(principal["type"], []).extend(principal["identifiers"])
    if by_type == {"*": ["*"]}:
        return "*"
    return {kind: _one_or_many(identifiers) for kind, identifiers in by_type.items()}


FUNCTIONS: Mapping[str, Function] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:cloudwatch/getLogGroup:getLogGroup": _existing("aws:cloudwatch/logGroup:LogGroup"),
    "aws:iam/getRole:getRole": _existing("aws:iam/role:Role"),
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
}
