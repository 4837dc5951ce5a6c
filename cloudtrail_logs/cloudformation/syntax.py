"""Reads the text of a template, JSON or YAML with its short intrinsics, into plain values.

Sources: CloudFormation user guide, "Template formats" (YAML 1.1 without aliases and hash merges), "CloudFormation
quotas" (51,200 bytes in a request) and "Intrinsic function reference" (the short forms).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import yaml

LONGEST_BODY: Final = 51_200  # bytes that CloudFormation takes
_DEEPEST: Final = 64
_STANDARD: Final = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")
)
_SHORT: Final = {"!Ref": "Ref", "!Condition": "Condition"}
_FUNCTIONS: Final = frozenset(
    {
        *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue", "Join", "Length"),
        *("Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"),
    }
)
_BOOLEANS: Final = {"true": True, "false": False}
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


class MalformedError(ValueError):
    """A text that is no template. The message is a phrase that says why, without anything of the text."""


def read_text(text: str) -> Any:
    """The template as mappings, lists, strings, booleans and None; numbers as strings, as CloudFormation takes them.

    Raises MalformedError.
    """
    if len(text) > LONGEST_BODY or len(text.encode(errors="replace")) > LONGEST_BODY:
        raise MalformedError(f"is longer than {LONGEST_BODY:,} bytes")
    if text.lstrip().startswith("{"):
        try:
            return _checked(json.loads(text, parse_int=str, parse_float=str))
        except ValueError:
            pass  # YAML may begin like this as well
        except RecursionError as error:
            raise MalformedError("is nested too deeply") from error
    try:
        return _built(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, RecursionError) as error:
        raise MalformedError("is neither JSON nor YAML") from error


def _checked(value: Any) -> Any:
    """The value, if it is not nested too deeply."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return value
    raise MalformedError("is nested too deeply")


class _Open:
    """A mapping or a list that is being read."""

    def __init__(self, value: dict[str, Any] | list[Any], tag: str | None) -> None:
        self.value = value
        self.tag = tag
        self.key: str | None = None

    def add(self, value: Any) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.key is None:
            if not isinstance(value, str):
                raise MalformedError("has a key that is not a string")
            if value == "<<":
                raise MalformedError("has a YAML merge, which CloudFormation does not take")
            self.key = value
        else:
            self.value[self.key] = value
            self.key = None


def _built(events: Iterator[Any]) -> Any:
    """What the events of a YAML parser say. Not PyYAML's constructor: it expands aliases, and makes dates of texts."""
    document: list[Any] = []
    waiting = [_Open(document, None)]
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise MalformedError("has a YAML alias, which CloudFormation does not take")
        if isinstance(event, yaml.ScalarEvent):
            waiting[-1].add(_scalar(event, is_key=isinstance(waiting[-1].value, dict) and waiting[-1].key is None))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(waiting) > _DEEPEST:
                raise MalformedError("is nested too deeply")
            waiting.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else [], event.tag))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = waiting.pop()
            waiting[-1].add(_tagged(done.tag, done.value))
    if len(document) != 1:
        raise MalformedError("has more than one YAML document" if document else "is empty")
    return document[0]


def _scalar(event: Any, is_key: bool) -> Any:
    value: Any = event.value
    if event.tag is None and event.implicit[0] and not is_key:  # plain: neither quoted nor tagged
        if value in _NULLS:
            return None
        return _BOOLEANS.get(value.lower(), value) if len(value) <= 5 else value
    return _tagged(event.tag, value)


def _tagged(tag: str | None, value: Any) -> Any:
    """A value with the intrinsic function that its tag is short for."""
    if tag is None or tag == "!" or tag in _STANDARD:
        return value
    name = tag.removeprefix("!")
    if tag not in _SHORT and name not in _FUNCTIONS:
        raise MalformedError("has a tag that is not one of CloudFormation's")
    return {_SHORT.get(tag, f"Fn::{name}"): value}
