"""What the name in AWS of a resource begins with, while the name itself is not known."""

from __future__ import annotations

from typing import Protocol

from ..model.value import ABSENT, UNKNOWN, Text
from .resource import Resource


class Naming(Protocol):
    """The properties in which a program names a resource."""

    @property
    def name(self) -> str:
        """The whole name."""

    @property
    def name_prefix(self) -> str | None:
        """What a name that the provider makes begins with; None where the provider has no such property."""


def beginning_of(resource: Resource, naming: Naming) -> Text:
    """What the name of a resource begins with: the whole name, or its prefix.

    Unknown where the name is made of something unknown. Absent where the provider is free to choose.
    """
    properties = resource.properties
    name = properties.text(naming.name)
    if isinstance(name, str):
        return name
    prefix = properties.text(naming.name_prefix) if naming.name_prefix else ABSENT
    # A prefix beside a name that the program sets would be what the provider computed for another name.
    if isinstance(prefix, str) and resource.sources(naming.name) is None:
        return prefix
    made_of = (resource.sources(name) for name in (naming.name, naming.name_prefix) if name)
    return UNKNOWN if any(sources is not None for sources in made_of) else ABSENT
