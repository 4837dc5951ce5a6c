"""Does to policy documents what a report says, as a reader of the report would. For documents without unknown parts."""

from __future__ import annotations

import copy
import re
from typing import Any

Document = dict[str, Any]
ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")

_PLACE = re.compile(r"statement (?P<statement>\d+) of policy (?P<document>\d+)")
_TO_ALLOW = re.compile(r"Allow (?P<actions>\S+( and \S+)?) on (?P<resource>\S+?)( in a statement of its own)?\.$")


def followed(documents: list[Document], message: str) -> list[Document]:
    """The documents with the change that the message asks for. It names them `policy 0` and so on.

    Raises ValueError for a message that asks for nothing that is known here.
    """
    changed = copy.deepcopy(documents)
    for document in changed:
        if not isinstance(document["Statement"], list):
            document["Statement"] = [document["Statement"]]
    if found := _TO_ALLOW.search(message):
        actions = found["actions"].split(" and ")
        changed.append({"Version": "2012-10-17", "Statement": [_allowing(actions, found["resource"])]})
        return changed
    place = _PLACE.search(message)
    if place is None:
        raise ValueError(message)
    statement = changed[int(place["document"])]["Statement"][int(place["statement"]) - 1]
    _change(statement, message, message.rpartition(". ")[2])
    return changed


def _allowing(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _change(statement: dict[str, Any], message: str, remedy: str) -> None:
    if found := re.fullmatch(r"Add (.+) to it\.", remedy):
        statement["Action"] = [*_listed(statement["Action"]), *found[1].split(" and ")]
    elif found := re.fullmatch(r"Remove (.+) from its NotAction\.", remedy):
        removed = {action.lower() for action in found[1].split(" and ")}
        statement["NotAction"] = [each for each in _listed(statement["NotAction"]) if each.lower() not in removed]
    elif remedy == "Remove that condition.":
        del statement["Condition"]
    elif found := re.fullmatch(r"Set it to (\S+)\.", remedy):
        _replace_resource(statement, message, lambda _: found[1])
    elif remedy == "Append :* to it.":
        _replace_resource(statement, message, lambda resource: f"{resource}:*")
    elif remedy == "Exclude the log streams from that Deny.":
        # A Deny of nothing else than what is not wanted: the reader takes the streams out of what it is about.
        excluded = _listed(statement.pop("NotResource", []))
        statement.pop("Resource", None)
        statement["NotResource"] = [*excluded, "arn:*:logs:*"]
    else:
        raise ValueError(remedy)


def _replace_resource(statement: dict[str, Any], message: str, change: Any) -> None:
    """Changes the Resource that a message shows, or all where it shows none."""
    found = re.search(r"its Resource (\S+) ", message)
    resources = _listed(statement["Resource"])
    shown = [each for each in resources if found and _is_shown(each, found[1])]
    statement["Resource"] = [change(each) if not shown or each in shown else each for each in resources]


def _is_shown(resource: str, shown: str) -> bool:
    head, _, tail = shown.partition("…")
    return resource == shown or ("…" in shown and resource.startswith(head) and resource.endswith(tail))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
