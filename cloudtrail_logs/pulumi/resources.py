"""What Pulumi's SDK hands to a policy, as the resources that the room `stack` reads.

The SDK guards properties: its mappings and lists raise `UnknownValueError` at almost any access to an unknown. They are
read from behind that guard, where an unknown is a sentinel string. In a remediation the properties are not guarded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs, StackValidationArgs, proxy

from ..stack.properties import Properties
from ..stack.resource import Resource, TemplatePlace
from ..stack.resource_types import shown_type
from ..stack.translated import translated

_GUARDS: Final = (proxy._DictProxy, proxy._ListProxy)
_BEHIND_GUARD: Final = "__target"  # the key under which a guard gives out what it guards


def unguarded(value: Any) -> Any:
    """What a mapping or list of the SDK guards; any other value itself."""
    return value[_BEHIND_GUARD] if type(value) in _GUARDS else value


def stack_tags_of(given: ResourceValidationArgs | StackValidationArgs) -> Mapping[str, str]:
    """The tags of the stack. Empty where its backend has none, and where the engine does not hand them over."""
    return getattr(given, "stack_tags", None) or {}


class EngineProvider:
    """A provider, as the SDK hands it over."""

    __slots__ = ("_given",)

    def __init__(self, given: PolicyProviderResource) -> None:
        self._given = given

    @property
    def urn(self) -> str:
        """As in `stack.resource.ProviderResource`."""
        return self._given.urn

    @property
    def properties(self) -> Properties:
        """As in `stack.resource.ProviderResource`."""
        return Properties(self._given.props, unguarded)


class EngineResource:
    """A resource, as the SDK hands it over: alone or with its stack. Its members are those of `stack.resource`."""

    __slots__ = ("_given", "_properties", "name", "type", "urn")
    template: TemplatePlace | None = None

    def __init__(self, given: ResourceValidationArgs | PolicyResource) -> None:
        self._given = given
        self._properties: Properties | None = None
        self.type = given.resource_type
        self.name = given.name
        self.urn = given.urn

    @property
    def kind(self) -> str:
        """As in `stack.resource.Resource`."""
        return shown_type(self.type)

    @property
    def properties(self) -> Properties:
        """As in `stack.resource.Resource`."""
        if self._properties is None:
            self._properties = Properties(self._given.props, unguarded)
        return self._properties

    @property
    def ignored_changes(self) -> Sequence[str]:
        """As in `stack.resource.Resource`."""
        return self._given.opts.ignore_changes

    @property
    def provider(self) -> EngineProvider | None:
        """As in `stack.resource.Resource`."""
        return EngineProvider(self._given.provider) if self._given.provider else None

    @property
    def dependencies(self) -> Sequence[Resource]:
        """As in `stack.resource.Resource`."""
        return _with_their_stack(getattr(self._given, "dependencies", ()))

    @property
    def sources_recorded(self) -> bool:
        """As in `stack.resource.Resource`: no property depends on anything, though the resource itself does."""
        return bool(getattr(self._given, "property_dependencies", None)) or not getattr(self._given, "dependencies", ())

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """As in `stack.resource.Resource`."""
        found = getattr(self._given, "property_dependencies", {}).get(property_name)
        return None if found is None else _with_their_stack(found)


def resource_from(given: ResourceValidationArgs | PolicyResource) -> Resource:
    """A resource, as the SDK hands it over: also one that arrives in another shape than those of the providers."""
    return translated(EngineResource(given))


def _with_their_stack(resources: Sequence[PolicyResource]) -> Sequence[Resource]:
    return [resource_from(each) for each in resources]
