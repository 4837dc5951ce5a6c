"""A role as it is handed over: who may assume it, and what it may do."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from ..model.value import Truth, Unset
from ..model.verdict import Verdict
from .document import Document, Unreadable


@dataclass(frozen=True)
class NamedByArn:
    """A property that has the ARN of a role where IAM expects its name, so that IAM refuses it.

    Source: IAM API reference, PutRolePolicy and AttachRolePolicy: a RoleName has no colon.
    """

    name: str
    """The property, as its provider spells it."""
    is_list: bool
    """Whether it lists several roles."""
    owner: str
    """How a message names the resource that has it; empty where it is the policy itself."""


@dataclass(frozen=True)
class Grant:
    """A policy that a role has, or may have."""

    name: str
    """How a message names it, such as policy "logs"."""
    document: Document | Unreadable | Literal[Unset.UNKNOWN]
    held: Truth = Truth.YES
    """Whether the role has it."""
    editable: bool = True
    """Whether it can be changed: a policy that AWS manages cannot."""
    named_by_arn: NamedByArn | None = None
    """Why the role does not have it, although it was meant to. None where it has it, or may have it."""


@dataclass(frozen=True)
class Permissions:
    """What a role may do."""

    grants: tuple[Grant, ...]
    """Its policies."""
    complete: bool
    """Whether these are all of its policies."""
    boundary: Grant | None
    """Its permissions boundary; None where it has none."""


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
