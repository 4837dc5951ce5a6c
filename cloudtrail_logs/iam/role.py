"""A role as it is handed over: who may assume it, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model.value import Truth, Unset
from .document import Document, Unreadable


@dataclass(frozen=True)
class Grant:
    """A policy that a role has, or may have.

    name: how a message names it. document: UNKNOWN where it cannot be told. held: whether the role has it.
    editable: whether it can be changed: a policy that AWS manages cannot.
    """

    name: str
    document: Document | Unreadable | Literal[Unset.UNKNOWN]
    held: Truth = Truth.YES
    editable: bool = True


@dataclass(frozen=True)
class Permissions:
    """What a role may do.

    grants: its policies. complete: whether these are all. boundary: its permissions boundary, None where it has none.
    """

    grants: tuple[Grant, ...]
    complete: bool
    boundary: Grant | None


@dataclass(frozen=True)
class DeliveryRole:
    """The role of a trail. label: its name in the Pulumi program. trust: its trust policy."""

    label: str
    trust: Document | Unreadable | Literal[Unset.UNKNOWN]
    permissions: Permissions
