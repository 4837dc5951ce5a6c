"""A template as it is read: its parameters, mappings, conditions and resources, before any function is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .syntax import MalformedError, read_text

TRAIL = "AWS::CloudTrail::Trail"


@dataclass(frozen=True)
class Template:
    """The sections of a template that its trails may depend on."""

    parameters: Mapping[str, Mapping[str, Any]]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]


def read_template(body: Any) -> Template:
    """Reads a template. body: its text, or what the text says.

    Raises MalformedError, also where only CloudFormation can tell what the template becomes: a macro may change
    any part.
    """
    content = read_text(body) if isinstance(body, str) else body
    if not isinstance(content, Mapping):
        raise MalformedError("is not a mapping")
    functions = (key for key in _keys(content) if key == "Fn::Transform" or key.startswith("Fn::ForEach"))
    if "Transform" in content or any(functions):
        raise MalformedError("has a macro (Transform), which only CloudFormation can expand")
    return Template(
        parameters=_entries(content, "Parameters"),
        mappings=_section(content, "Mappings"),
        conditions=_section(content, "Conditions"),
        resources=_entries(content, "Resources"),
    )


def _section(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name) or {}
    if not isinstance(section, Mapping):
        raise MalformedError(f"has {name} that are not a mapping")
    return section


def _entries(content: Mapping[str, Any], name: str) -> Mapping[str, Mapping[str, Any]]:
    section = _section(content, name)
    if not all(isinstance(entry, Mapping) for entry in section.values()):
        raise MalformedError(f"has an entry in {name} that is not a mapping")
    return section


def _keys(content: Any) -> Iterator[str]:
    """The keys of all mappings."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            yield from (key for key in value if isinstance(key, str))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
