"""Resources that arrive in another shape than those of the providers, as those: of Cloud Control and of Terraform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from ..model.value import ABSENT, UNKNOWN
from . import cloudformation_types, terraform_types
from .properties import Properties
from .resource import ProviderResource, Resource, TemplatePlace
from .resource_types import CLOUD_CONTROL_TYPES, CloudControlType


def translated(resource: Resource) -> Resource:
    """The resource itself, or what it is of Cloud Control or Terraform."""
    if spelling := CLOUD_CONTROL_TYPES.get(resource.type):
        kind = resource.properties.text(spelling.kind)
        return _OfCloudControl(resource, kind, spelling) if isinstance(kind, str) else resource
    return _OfTerraform(resource) if terraform_types.is_of_terraform(resource.type) else resource


class _Translated:
    """What is the same in both. Its members are those of `stack.resource`."""

    template: TemplatePlace | None = None

    def __init__(self, given: Resource, kind: str, token: str) -> None:
        self._given = given
        self.kind = kind
        self.type = token
        self.name = given.name
        self.urn = given.urn
        self.ignored_changes = given.ignored_changes

    @property
    def sources_recorded(self) -> bool:
        """As in `stack.resource.Resource`."""
        return self._given.sources_recorded

    @property
    def dependencies(self) -> Sequence[Resource]:
        """As in `stack.resource.Resource`."""
        return self._given.dependencies


class _OfCloudControl(_Translated):
    """A resource of Cloud Control, from its desired state and, once it exists, what AWS says of it."""

    def __init__(self, given: Resource, kind: str, spelling: CloudControlType) -> None:
        super().__init__(given, kind, cloudformation_types.token_of(kind))
        self._spelling = spelling
        self.provider: ProviderResource | None = given.provider

    @cached_property
    def properties(self) -> Properties:
        """As in `stack.resource.Resource`. Nothing is known of it while the desired state is not."""
        outer = self._given.properties
        desired, actual = _state(outer, self._spelling.desired), _state(outer, self._spelling.actual)
        if desired is None:
            return Properties({}, missing=UNKNOWN)
        arn = {"Arn": actual["Arn"]} if actual and "Arn" in actual else {"Arn": UNKNOWN}
        source = {**desired, **arn, "Id": outer.text("id")}
        return Properties(cloudformation_types.properties_of(self.kind, source))

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """As in `stack.resource.Resource`: what the whole text was made of."""
        return self._given.sources(self._spelling.desired)


class _OfTerraform(_Translated):
    """A resource of a Terraform stack. A mapping may leave out a property, so what is not there is not known."""

    def __init__(self, given: Resource) -> None:
        super().__init__(given, given.type.rpartition(":")[2], terraform_types.token_of(given.type))
        self.provider: ProviderResource = given.provider or _NO_PROVIDER

    @cached_property
    def properties(self) -> Properties:
        """As in `stack.resource.Resource`."""
        name_of: Callable[[str], str] = str if self.type == terraform_types.TERRAFORM_TRAIL else terraform_types.name_of
        return self._given.properties.renamed(name_of, missing=UNKNOWN)

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """As in `stack.resource.Resource`: none is recorded, and where a value is left out it may be of anything.

        So it is of the resource itself: a policy whose role is left out may be of any role.
        """
        return [self._given] if self.properties.text(property_name) is UNKNOWN else None


class _NoProvider:
    """The provider of what names none; it may have any settings."""

    urn = ""
    properties = Properties({}, missing=UNKNOWN)


_NO_PROVIDER: Final = _NoProvider()


def _state(properties: Properties, name: str) -> Mapping[str, object] | None:
    """A JSON text as a mapping; None where it is not known, or no mapping."""
    try:
        value = properties.structured(name)
    except ValueError:
        return None
    return value if isinstance(value, dict) else {} if value is ABSENT else None
