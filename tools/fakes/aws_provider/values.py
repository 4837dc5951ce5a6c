"""Property values as the engine sends them: what is unknown, what is set, JSON documents."""

import json
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct

# What the engine puts in place of a value that is not known yet.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The key that marks an asset or an archive, which must travel unchanged.
SIGNATURE = "4dabf18193072939515e22adb298388d"

Properties = dict[str, Any]


def from_message(message: Struct) -> Properties:
    """The properties in a message of the engine."""
    properties: Properties = MessageToDict(message)
    return properties


def to_message(properties: Properties) -> Struct:
    """The message that carries properties to the engine."""
    return ParseDict(properties, Struct())


def is_set(value: object) -> bool:
    """Whether the provider takes a value for set: absent, null and empty are the same to it."""
    return value is not None and value != "" and value != [] and value != {}


def contains_unknown(value: object) -> bool:
    """Whether a value is unknown or holds an unknown one at any depth."""
    if isinstance(value, dict):
        return any(contains_unknown(inner) for inner in value.values())
    if isinstance(value, list):
        return any(contains_unknown(inner) for inner in value)
    return value == UNKNOWN


def without_internal_keys(value: Any) -> Any:
    """A value without the keys that the provider keeps for itself, such as `__defaults`."""
    if isinstance(value, dict):
        return {key: without_internal_keys(inner) for key, inner in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [without_internal_keys(inner) for inner in value]
    return value


def json_text(value: object) -> str:
    """JSON as Go writes it: compact, keys sorted, `<`, `>` and `&` escaped, whole numbers without a fraction."""
    text = json.dumps(_with_whole_numbers(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _with_whole_numbers(value: Any) -> Any:
    # Every number in a message of the engine is a float.
    if isinstance(value, dict):
        return {key: _with_whole_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def normalised_document(document: Any) -> Any:
    """A JSON document's text in the one form the provider stores; anything else unchanged."""
    if not isinstance(document, str):
        return document
    try:
        return json_text(json.loads(document))
    except ValueError:
        return document
