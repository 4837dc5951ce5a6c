"""What the provider's function `getPolicyDocument` answers, computed as the provider does, without AWS.

Source: the data source `aws_iam_policy_document` of the Terraform AWS provider.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def policy_document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The result of the function. arguments: by the names that the provider gives them, all known."""
    statements: list[dict[str, Any]] = []
    for text in [arguments.get("sourceJson"), *(arguments.get("sourcePolicyDocuments") or [])]:
        _merge(statements, _statements_of(text))
    _merge(statements, [_statement(given) for given in arguments.get("statements") or []])
    for text in [arguments.get("overrideJson"), *(arguments.get("overridePolicyDocuments") or [])]:
        _merge(statements, _statements_of(text))
    document: dict[str, Any] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = statements
    digest = hashlib.sha256(json.dumps(document).encode()).hexdigest()[:10]
    compact = json.dumps(document, separators=(",", ":"))
    return {"id": digest, "json": json.dumps(document, indent=2), "minifiedJson": compact}


def _statements_of(text: str | None) -> list[dict[str, Any]]:
    given = json.loads(text).get("Statement", []) if text else []
    return given if isinstance(given, list) else [given]


def _merge(statements: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    """Append statements; one with the Sid of an earlier one takes its place."""
    for statement in more:
        sids = [earlier.get("Sid") for earlier in statements]
        if statement.get("Sid") and statement["Sid"] in sids:
            statements[sids.index(statement["Sid"])] = statement
        else:
            statements.append(statement)


def _statement(given: dict[str, Any]) -> dict[str, Any]:
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


def _principal(principals: list[dict[str, Any]] | None) -> Any:
    by_type: dict[str, list[str]] = {}
    for principal in principals or []:
        by_type.setdefault(principal["type"], []).extend(principal["identifiers"])
    if by_type == {"*": ["*"]}:
        return "*"
    return {kind: _one_or_many(identifiers) for kind, identifiers in by_type.items()}
