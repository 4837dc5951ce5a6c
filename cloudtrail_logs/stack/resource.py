"""What this room reads: the resources of a stack, whoever hands them over. Read lazily, never copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..model.value import UNKNOWN, Text
from .properties import Properties


class ProviderResource(Protocol):
    """The provider of a resource."""

    @property
    def urn(self) -> str:
        """Its URN."""

    @property
    def properties(self) -> Properties:
        """Its settings."""


@dataclass(frozen=True)
class TemplatePlace:
    """Where a resource is declared that is in the template of another one."""

    urn: str
    """Of the resource of the program that deploys the template: reports are about it."""
    label: str
    """Its name in the Pulumi program."""
    logical_id: str
    """The name in the template."""
    certain: bool = True
    """Whether the template certainly makes it; a condition that is not known may leave it out."""
    partition: Text = UNKNOWN
    """The partition that it is made in."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Properties of which only the place is not known, with that of `model.sample_place`."""


class Resource(Protocol):
    """A resource that a program declares or reads."""

    @property
    def type(self) -> str:
        """Its type token, such as aws:cloudtrail/trail:Trail."""

    @property
    def kind(self) -> str:
        """Its type as messages show it."""

    @property
    def name(self) -> str:
        """Its name in the Pulumi program, or in its template."""

    @property
    def urn(self) -> str:
        """Its URN; of a resource of a template one that nothing else has."""

    @property
    def template(self) -> TemplatePlace | None:
        """Where it is declared, if that is a template."""

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

    @property
    def sources_recorded(self) -> bool:
        """Whether it is recorded what its properties were made of. Its own option `transforms` loses that."""

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """The resources of the stack that the value of a property was made of.

        None where nothing is recorded. Empty where it was only made of what is read.
        """


def is_new(resource: Resource) -> bool:
    """Whether something is still to be created, so that its outputs are not known."""
    properties = resource.properties
    return UNKNOWN in (properties.text("arn"), properties.text("id"))
