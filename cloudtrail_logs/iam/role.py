"""A role as it is handed over: who may assume it, and what it may do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ..model.reasons import Reason
from ..model.value import Unset
from ..model.verdict import Verdict
from .document import Document, Unreadable
from .grant import Grant
from .index import Index
from .plain_grant import plain_actions


@dataclass(frozen=True)
class Permissions:
    """What a role may do."""

    grants: tuple[Grant, ...]
    """Its policies."""
    complete: bool
    """Whether these are all of its policies."""
    boundary: Grant | None
    """Its permissions boundary; None where it has none."""
    why_incomplete: Reason = Reason.POLICIES_UNKNOWN
    """Why these may not be all of its policies."""

    @cached_property
    def index(self) -> Index:
        """Its policies by what they can be about, filed once: many trails may share one role."""
        return Index(self.grants)

    @cached_property
    def plain_actions(self) -> Mapping[str, Set[str]] | None:
        """As the function of that name says of its policies."""
        return plain_actions(self.grants)

    @cached_property
    def boundary_index(self) -> Index:
        """The same of its permissions boundary."""
        return Index((self.boundary,) if self.boundary else ())


@dataclass(frozen=True)
class DeliveryRole:
    """The role of a trail."""

    label: str
    """Its name in the Pulumi program, or in AWS where it is looked up."""
    trust: Document | Unreadable | Literal[Unset.UNKNOWN]
    """Its trust policy."""
    permissions: Permissions
    verdicts: dict[Hashable, Verdict] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was found out about it already, by what else that depends on: many trails may share one role."""
