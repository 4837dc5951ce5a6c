"""CloudFormation's types and properties as those of aws-native, which is generated from CloudFormation's registry.

So the tables of this room need a row for a trail only, whose properties messages name as CloudFormation spells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

TRAIL: Final = "AWS::CloudTrail::Trail"
_INLINE_POLICY: Final = "AWS::IAM::Policy"
_PREFIX: Final = "AWS::"
_SERVICES: Final = {"Config": "configuration"}
_INLINE_POLICIES: Final = "Policies"


def token_of(type_name: str) -> str:
    """The type of a resource of this type in CloudFormation: that of aws-native, or its own where a row has that."""
    parts = type_name.removeprefix(_PREFIX).split("::")
    if type_name in (TRAIL, _INLINE_POLICY) or not type_name.startswith(_PREFIX) or len(parts) != 2:
        return type_name
    service, name = parts
    return f"aws-native:{_SERVICES.get(service, service.lower())}:{name}"


def properties_of(type_name: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties under aws-native's names; those of a trail keep CloudFormation's."""
    if type_name == TRAIL:
        return properties
    return {
        native_name(name): _entries(value) if name == _INLINE_POLICIES else value for name, value in properties.items()
    }


def native_name(name: str) -> str:
    """A property's name, as aws-native spells it."""
    return f"{name[:1].lower()}{name[1:]}"


def own_name(type_name: str, name: str) -> str:
    """A property's name as CloudFormation spells it, for one of `properties_of`; as it is for another type's."""
    is_other = type_name == TRAIL or "::" not in type_name
    return name if is_other else f"{name[:1].upper()}{name[1:]}"


def _entries(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {native_name(name): inner for name, inner in each.items()} if isinstance(each, Mapping) else each
        for each in value
    ]
