"""The resources of a state, as the room `stack` reads them: what the engine hands to a policy in `policy analyze`.

The engine shows a resource policy the inputs of each resource, and a stack policy the outputs of all (`pkg/v3` of the
CLI, `resource/deploy/analyze_snapshot.go`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..model.value import ABSENT, UNKNOWN
from ..stack.properties import Properties
from ..stack.provider import ALLOWED_ACCOUNTS, account_of
from ..stack.resource import ProviderResource, Resource, TemplatePlace
from ..stack.resource_types import shown_type
from ..stack.translated import translated
from .states import State

INPUTS: Final = "inputs"
OUTPUTS: Final = "outputs"
# What a value is that is an object with this key (Pulumi SDK, `resource/sig`).
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_ASSETS: Final = frozenset({"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"})


class StateResources:
    """The resources of one state, from one side: its inputs or its outputs."""

    def __init__(self, state: State, side: str) -> None:
        self.side = side
        self.is_signed = state.is_signed
        self._given = state.resources
        # The first of all: what another tool has made asks for its provider at once.
        self.providers = {
            each["urn"]: StateProvider(each["urn"], self.properties_of(each, INPUTS)) for each in state.providers
        }
        """By URN."""
        self.all: list[Resource] = [translated(StateResource(self, each)) for each in state.resources]
        self.by_urn: Mapping[str, Resource] = {each.urn: each for each in self.all}

    def properties_of(self, given: Mapping[str, Any], side: str) -> Properties:
        """The properties of what is stored, without what providers keep for themselves: no policy is shown that."""
        shown = {name: value for name, value in (given.get(side) or {}).items() if not name.startswith("__")}
        return Properties(plain(shown) if self.is_signed else shown)

    def set_accounts(self, accounts: Mapping[str, str]) -> None:
        """Makes providers say in which accounts they work, by URN: two roles of one name may be in two accounts."""
        for urn, account in accounts.items():
            if account_of(self.providers[urn]) is ABSENT:
                self.providers[urn].properties = self.providers[urn].properties.overlaid({ALLOWED_ACCOUNTS: [account]})

    def managed(self) -> Iterator[Resource]:
        """Those that the stack manages, and does not only read."""
        return (each for each, given in zip(self.all, self._given, strict=True) if not given.get("external"))

    def provider_of(self, reference: str) -> StateProvider | None:
        """The provider that a reference names, `URN::ID`; None where the state has none of that."""
        return self.providers.get(reference.rpartition("::")[0])

    def of_urns(self, urns: Sequence[str] | None) -> list[Resource]:
        """The resources with these URNs, as far as the state has them."""
        return [self.by_urn[urn] for urn in urns or () if urn in self.by_urn]


class StateProvider:
    """A provider of a state. Its members are those of `stack.resource.ProviderResource`."""

    __slots__ = ("properties", "urn")

    def __init__(self, urn: str, properties: Properties) -> None:
        self.urn = urn
        self.properties = properties


class StateResource:
    """A resource of a state. Its members are those of `stack.resource.Resource`."""

    __slots__ = ("_properties", "_resources", "given", "name", "type", "urn")
    template: TemplatePlace | None = None

    def __init__(self, resources: StateResources, given: Mapping[str, Any]) -> None:
        self._resources = resources
        self._properties: Properties | None = None
        self.given = given
        """As it is stored."""
        self.type: str = given["type"]
        self.urn: str = given["urn"]
        self.name = self.urn.split("::", 3)[3]

    @property
    def kind(self) -> str:
        """As in `stack.resource.Resource`."""
        return shown_type(self.type)

    @property
    def properties(self) -> Properties:
        """As in `stack.resource.Resource`."""
        if self._properties is None:
            self._properties = self._resources.properties_of(self.given, self._resources.side)
        return self._properties

    @property
    def ignored_changes(self) -> Sequence[str]:
        """As in `stack.resource.Resource`."""
        return [each for each in self.given.get("ignoreChanges") or () if isinstance(each, str)]

    @property
    def provider(self) -> ProviderResource | None:
        """As in `stack.resource.Resource`."""
        return self._resources.provider_of(self.given.get("provider") or "")

    @property
    def dependencies(self) -> Sequence[Resource]:
        """As in `stack.resource.Resource`."""
        return self._resources.of_urns(self.given.get("dependencies"))

    @property
    def sources_recorded(self) -> bool:
        """As in `stack.resource.Resource`."""
        return any((self.given.get("propertyDependencies") or {}).values()) or not self.dependencies

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """As in `stack.resource.Resource`. The engine does not hand over that a property was made of nothing."""
        recorded = (self.given.get("propertyDependencies") or {}).get(property_name)
        return self._resources.of_urns(recorded) if recorded else None


def plain(value: Any) -> Any:
    """A value without signatures: a secret that is not decrypted is unknown, and an asset is not a text."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(_SIGNATURE)
    if signature is None:
        return {name: plain(each) for name, each in value.items()}
    if signature == _SECRET:
        return _decrypted(value.get("plaintext"))
    if signature == _REFERENCE:
        identifier = value.get("id")
        return identifier if isinstance(identifier, str) and identifier else value.get("urn")
    return _ASSET if signature in _ASSETS else UNKNOWN


class _Asset:
    """Stands for the content of a file, which is not a text of the program."""


_ASSET: Final = _Asset()


def _decrypted(plaintext: Any) -> Any:
    """What a secret is whose plain text is stored (`pulumi stack export --show-secrets`): that is JSON."""
    if not isinstance(plaintext, str):
        return UNKNOWN
    try:
        return plain(json.loads(plaintext))
    except (ValueError, RecursionError):
        return UNKNOWN
