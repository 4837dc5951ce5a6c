"""Reads the properties of a resource: the one place that knows the SDK's proxies, its sentinels and its errors.

The SDK hands over mappings that raise `UnknownValueError` at almost any access to an unknown (`props["a"]`, `.get`,
`in`, `.items()`); iterating the keys is safe. In a remediation the unknowns are bare sentinel strings instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pulumi_policy import proxy

from ..iam.document import Json
from ..model.value import ABSENT, UNKNOWN, Flag, NotText, Text, Unset

_SENTINELS: Final = frozenset(
    value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_") and name.endswith("_VALUE")
)
_BEHIND_PROXY: Final = "__target"  # the key under which a proxy gives out what it guards
_FLAGS: Final = {"true": True, "false": False}  # a provider takes these texts for the booleans


class Properties:
    """The properties of a resource or a provider, read without ever raising."""

    __slots__ = ("_source",)

    def __init__(self, source: Mapping[str, Any]) -> None:
        """source: as the SDK hands it over."""
        self._source = source

    def text(self, name: str) -> Text:
        """The text of a property; absent where it is not set: no key, null, empty or blank."""
        value = _read(self._source, name)
        if isinstance(value, str):
            return value if value.strip() else ABSENT
        if value is None:
            return ABSENT
        return value if isinstance(value, Unset) else NotText(_kind(value))

    def flag(self, name: str) -> Flag:
        """A boolean property; unknown where its value is neither a boolean nor the text of one."""
        value = _read(self._source, name)
        if value is None or value is ABSENT:
            return ABSENT
        if isinstance(value, str):
            return _FLAGS.get(value.strip().lower(), UNKNOWN)
        return value if isinstance(value, bool) else UNKNOWN

    def json(self, name: str) -> Json:
        """The value of a property at any depth, with UNKNOWN for what is not known; absent where it is not set."""
        value = _read(self._source, name)
        return ABSENT if value is None or value == "" else _plain(value)

    def structured(self, name: str) -> Json:
        """The value of a provider's setting that arrives as JSON text, or as what it is; absent where it is not set.

        Raises ValueError where the text is no JSON.
        """
        value = self.json(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return ABSENT
        try:
            return _with_unknowns(json.loads(value))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

    def any_set(self) -> bool:
        """Whether there is any property, known or not, besides the bridge's own (`__defaults`)."""
        return any(not name.startswith("__") for name in self._source)

    def known_texts(self) -> Sequence[tuple[str, str]]:
        """All known texts at any depth, each with the name of its nearest property."""
        return _known_texts(self._source, "")

    def known_texts_of(self, name: str) -> Iterator[str]:
        """All known texts at any depth of one property."""
        return (text for _, text in _known_texts(_read(self._source, name), name))


def _read(source: Any, key: Any) -> Any:
    """The value under a key or index of an SDK mapping or list: UNKNOWN and ABSENT where it has none."""
    try:
        value = source[key]
    except proxy.UnknownValueError:
        return UNKNOWN
    except (KeyError, IndexError):
        return ABSENT
    return UNKNOWN if isinstance(value, str) and value in _SENTINELS else value


def _with_unknowns(value: Any) -> Any:
    """A value that was JSON text, whose unknowns are still their sentinels."""
    if isinstance(value, dict):
        return {key: _with_unknowns(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_unknowns(each) for each in value]
    return UNKNOWN if isinstance(value, str) and value in _SENTINELS else value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, Sequence) else "an asset"


def _plain(value: Any) -> Json:
    if isinstance(value, Mapping):
        return {str(key): _plain(_read(value, key)) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(_read(value, index)) for index in range(len(value))]
    return value


def _known_texts(value: Any, name: str) -> list[tuple[str, str]]:
    # A large stack has very many texts, and to read each through the proxies takes four times as long.
    found: list[tuple[str, str]] = []
    waiting = [(name, value)]
    while waiting:
        name, value = waiting.pop()
        kind = type(value)
        if kind is str:
            if value not in _SENTINELS:
                found.append((name, value))
        elif kind is proxy._DictProxy:
            waiting += value[_BEHIND_PROXY].items()
        elif kind is proxy._ListProxy:
            waiting += [(name, each) for each in value[_BEHIND_PROXY]]
    return found
