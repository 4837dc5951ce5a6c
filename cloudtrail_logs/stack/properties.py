"""Reads the properties of a resource or a provider: known values, and which are unknown or absent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ..iam.document import Json
from ..model.value import ABSENT, UNKNOWN, Flag, NotFlag, NotText, Text, Unset, kind_of

# What stands for an unknown value of each kind, the same in all languages (Pulumi SDK, `resource/plugin/rpc.go`).
UNKNOWN_SENTINELS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
_FLAGS: Final = {"true": True, "false": False}  # a provider takes these texts for the booleans


def _as_it_is(value: Any) -> Any:
    return value


class Properties:
    """The properties of a resource or a provider, read without ever raising."""

    __slots__ = ("_missing", "_source", "_unguarded")

    def __init__(
        self,
        source: Mapping[str, Any],
        unguarded: Callable[[Any], Any] = _as_it_is,
        missing: Unset = ABSENT,
    ) -> None:
        """source: by name, with a sentinel or UNKNOWN for each unknown. unguarded: what a mapping or list in it stands
        before. missing: what a property is that the source does not have.
        """
        self._source: Mapping[str, Any] = unguarded(source)
        self._unguarded = unguarded
        self._missing = missing

    def overlaid(self, values: Mapping[str, Any]) -> Properties:
        """The same with other values for some."""
        return Properties({**self._source, **values}, self._unguarded, self._missing)

    def renamed(self, name_of: Callable[[str], str], missing: Unset) -> Properties:
        """The same under other names. missing: what a property is that is not among them."""
        return Properties({name_of(name): value for name, value in self._source.items()}, self._unguarded, missing)

    def text(self, name: str) -> Text:
        """The string of a property; absent where it is not set: no key, null, empty or blank."""
        value = self._source.get(name, self._missing)  # not by _value: of all functions here this one is called most
        if isinstance(value, str):
            if value in UNKNOWN_SENTINELS:
                return UNKNOWN
            return ABSENT if value.isspace() or not value else value
        if value is None:
            return ABSENT
        return value if isinstance(value, Unset) else NotText(kind_of(value))

    def flag(self, name: str) -> Flag:
        """A boolean property, or the text of one."""
        value = self._value(name)
        if value is None or value is ABSENT:
            return ABSENT
        if isinstance(value, str):
            value = _FLAGS.get(value.strip().lower(), value)
        return value if isinstance(value, (bool, Unset)) else NotFlag(kind_of(value))

    def json(self, name: str) -> Json:
        """The value of a property at any depth, with UNKNOWN for what is not known; absent where it is not set."""
        value = self._value(name)
        if isinstance(value, Unset):
            return value
        return ABSENT if value is None or value == "" else self._plain(value)

    def structured(self, name: str) -> Json:
        """The value of a provider's setting that arrives as JSON text, or as what it is; absent where it is not set.

        Raises ValueError where the text is not JSON.
        """
        value = self.json(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return ABSENT
        try:
            return self._plain(json.loads(value))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

    def any_set(self) -> bool:
        """Whether there is any property, known or not, besides the bridge's own (`__defaults`)."""
        return self._missing is UNKNOWN or any(not name.startswith("__") for name in self._source)

    def known_texts(self, of: str = "") -> Sequence[tuple[str, str]]:
        """All known strings at any depth, each with the name of its nearest property. of: one property alone."""
        return self._known_texts(self._value(of) if of else self._source, of)

    def _value(self, name: str) -> Any:
        value = self._source.get(name, self._missing)
        return UNKNOWN if isinstance(value, str) and value in UNKNOWN_SENTINELS else value

    def _plain(self, value: Any) -> Json:
        value = self._unguarded(value)
        if isinstance(value, str):
            return UNKNOWN if value in UNKNOWN_SENTINELS else value
        if isinstance(value, Mapping):
            return {str(key): self._plain(value[key]) for key in value}
        if isinstance(value, Sequence):
            return [self._plain(value[index]) for index in range(len(value))]
        return value

    def _known_texts(self, value: Any, name: str) -> list[tuple[str, str]]:
        # A large stack has very many texts: this is most of the work on it, so it is kept to few calls.
        found: list[tuple[str, str]] = []
        unguarded = self._unguarded
        waiting = [(name, value)]
        while waiting:
            name, value = waiting.pop()
            if type(value) is str:
                if value not in UNKNOWN_SENTINELS:
                    found.append((name, value))
                continue
            if value is None or type(value) in (bool, float, int):
                continue
            value = unguarded(value)
            if type(value) is dict:
                waiting += value.items()
            elif type(value) is list:
                waiting += [(name, each) for each in value]
        return found
