"""docs/asking-aws.md names exactly the IAM permissions that the questions take."""

import ast
import json
import re

from tests.analyzers import PACK

PAGE = (PACK / "docs" / "asking-aws.md").read_text()
ASKING = ("queries.py", "trails_of_account.py")
WITHOUT_PERMISSION = {"GetCallerIdentity"}


def operations() -> set[str]:
    """The operations of AWS that the questions call, by a client's method or by a paginator's name."""
    trees = [ast.parse((PACK / "cloudtrail_logs" / "aws" / name).read_text()) for name in ASKING]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    methods = {call.func.attr for call in calls if re.match("(get|list|describe)_", call.func.attr)}  # type: ignore[attr-defined]
    paginated = {
        str(call.args[0].value)
        for call in calls
        if call.func.attr == "get_paginator" and isinstance(call.args[0], ast.Constant)  # type: ignore[attr-defined]
    }
    return {"".join(map(str.title, name.split("_"))) for name in (methods | paginated) - {"get_paginator"}}


def test_the_policy_document_of_the_docs() -> None:
    (block,) = [block for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if "Statement" in block]
    actions: dict[str, set[str]] = {}
    for statement in json.loads(block)["Statement"]:
        assert statement["Effect"] == "Allow"
        named = statement["Action"]
        actions[statement["Sid"]] = set(named if isinstance(named, list) else [named])
    asked = operations()
    assert {"GetTrailStatus", "GetPolicyVersion", "ListRolePolicies", "ListTrails"} <= asked
    assert {action.split(":")[1] for each in actions.values() for action in each} == asked - WITHOUT_PERMISSION
    assert actions["DeliveryIsRecent"] == {"cloudtrail:GetTrailStatus"}
    assert actions["ExternalTargets"] == {"logs:DescribeLogGroups", "iam:GetRole"}
    assert {action.split(":")[0] for action in actions["ExternalRoles"]} == {"iam"}
    of_account = {"cloudtrail:ListTrails", "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"}
    assert actions["TrailsOfAccount"] == of_account
