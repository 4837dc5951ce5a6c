"""A policy that a role has, or may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model.reasons import Reason
from ..model.value import Truth, Unset
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
    why_maybe: Reason = Reason.HELD_UNKNOWN
    """Why it is not known whether the role has it, where it is not."""
    why_unknown: Reason = Reason.CONTENT_UNKNOWN
    """Why its whole document is not known, where it is not."""
