"""What this room reads: the resources of a stack, whoever hands them over. Read lazily, never copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..model.value import UNKNOWN
from .properties import Properties


class ProviderResource(Protocol):
    """The provider of a resource."""

    @property
    def urn(self) -> str:
        """Its URN."""

    @property
    def properties(self) -> Properties:
        """Its settings."""


class Resource(Protocol):
    """A resource that a program declares or reads."""

    @property
    def type(self) -> str:
        """Its type token, such as aws:cloudtrail/trail:Trail."""

    @property
    def name(self) -> str:
        """Its name in the Pulumi program."""

    @property
    def urn(self) -> str:
        """Its URN."""

    @property
    def properties(self) -> Properties:
        """Its inputs before the update, its outputs as far as they are known."""

    @property
    def ignored_changes(self) -> Sequence[str]:
        """The paths in its option `ignoreChanges`."""

    @property
    def provider(self) -> ProviderResource | None:
        """Its provider; None for a component, and where the engine names none."""

    @property
    def dependencies(self) -> Sequence[Resource]:
        """The resources of the stack that it depends on; none where it is analyzed alone."""

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """The resources of the stack that the value of a property was made of.

        None where nothing is recorded. Empty where it was only made of what is read.
        """


def is_new(resource: Resource) -> bool:
    """Whether something is still to be created, so that its outputs are not known."""
    properties = resource.properties
    return UNKNOWN in (properties.text("arn"), properties.text("id"))
