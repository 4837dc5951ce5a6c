"""The provider's schema, which the language host of programs in YAML asks for: what the provider's SDK says of itself.

The real schema describes more than a thousand types. This one has the resources and functions that the stand-in knows,
with the properties, types and requirements of the installed pulumi_aws; what is nested in a property may be anything.
"""

import importlib
import inspect
import json
import keyword
import re
from collections.abc import Awaitable, Mapping, Sequence
from functools import cache
from typing import Any, ForwardRef, Union, get_args, get_origin

from pulumi import Output

from tools.fakes.aws_provider.invokes import FUNCTIONS
from tools.fakes.aws_provider.resource_table import RESOURCE_KINDS

PRIMITIVES = {str: "string", bool: "boolean", int: "integer", float: "number"}
ANYTHING = {"$ref": "pulumi.json#/Any"}
# What every resource has, so that no schema lists it.
OF_EVERY_RESOURCE = ("id", "urn")


@cache
def provider_schema(version: str) -> str:
    """The schema of the provider as JSON text. Loads pulumi_aws, so it takes a moment; only YAML asks for it."""
    settings = importlib.import_module("pulumi_aws").ProviderArgs
    return json.dumps(
        {
            "name": "aws",
            "version": version,
            "provider": {"inputProperties": _properties(_getters(settings))},
            "resources": {token: _resource(token) for token in RESOURCE_KINDS},
            "functions": {token: _function(token) for token in FUNCTIONS},
        }
    )


def _resource(token: str) -> dict[str, Any]:
    module, name = _module(token), token.rpartition(":")[2]
    arguments = getattr(module, f"{name}Args")
    outputs = {key: kind for key, kind in _getters(getattr(module, name)).items() if key not in OF_EVERY_RESOURCE}
    required = [each.name for each in _parameters(arguments) if each.default is each.empty]
    return {
        "inputProperties": _properties(_getters(arguments)),
        "requiredInputs": [_camel_case(each) for each in required],
        "properties": _properties(outputs),
        "required": [key for key, kind in outputs.items() if type(None) not in get_args(get_args(kind)[0])],
        # What a program may say of a resource that it reads.
        "stateInputs": {"type": "object", "properties": _properties(outputs)},
    }


def _function(token: str) -> dict[str, Any]:
    module, name = _module(token), token.rpartition(":")[2]
    parameters = _parameters(getattr(module, re.sub("(?=[A-Z])", "_", name).lower()))
    inputs = {_camel_case(each.name): each.annotation for each in parameters if each.name != "opts"}
    outputs = _getters(getattr(module, f"G{name[1:]}Result"))
    return {
        "inputs": {"type": "object", "properties": _properties(inputs)},
        "outputs": {"type": "object", "properties": _properties(outputs), "required": list(outputs)},
    }


def _module(token: str) -> Any:
    """The SDK's module of a token."""
    name = token.split(":")[1].split("/")[0]
    suffix = "_" if keyword.iskeyword(name) else ""
    return importlib.import_module("pulumi_aws" if name == "index" else f"pulumi_aws.{name}{suffix}")


def _parameters(function: Any) -> Sequence[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def _getters(described: type) -> dict[str, Any]:
    """The types of the properties that an SDK's class has getters for, by their names in Pulumi."""
    members = [member for _, member in inspect.getmembers(described) if isinstance(member, property)]
    names = [getattr(member.fget, "_pulumi_name", None) for member in members]
    return {name: member.fget.__annotations__["return"] for name, member in zip(names, members, strict=True) if name}


def _properties(kinds: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _property_type(kind) for name, kind in kinds.items()}


def _property_type(kind: Any) -> dict[str, Any]:
    """How a schema writes a type of the SDK."""
    plain = _without_wrapping(kind)
    if plain in PRIMITIVES:
        return {"type": PRIMITIVES[plain]}
    if get_origin(plain) is Sequence:
        return {"type": "array", "items": _property_type(get_args(plain)[0])}
    if get_origin(plain) is Mapping:
        return {"type": "object", "additionalProperties": _property_type(get_args(plain)[1])}
    return ANYTHING


def _without_wrapping(kind: Any) -> Any:
    """A type without that its value may be absent, awaited or an output."""
    if get_origin(kind) is Output:
        return _without_wrapping(get_args(kind)[0])
    if get_origin(kind) is not Union:
        return kind
    wrappings = (type(None), ForwardRef("Output[T]"))
    kinds = [each for each in get_args(kind) if each not in wrappings and get_origin(each) not in (Awaitable, Output)]
    return kinds[0] if len(kinds) == 1 else None


def _camel_case(name: str) -> str:
    return re.sub("_(.)", lambda match: match[1].upper(), name)
