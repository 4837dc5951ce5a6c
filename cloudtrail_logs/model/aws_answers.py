"""What AWS answered, as plain values: the rules judge them, the room `aws` asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from .arn import LogGroupArn, RoleArn


@dataclass(frozen=True)
class Unavailable:
    """AWS was not asked, or gave no answer."""

    reason: str
    """A phrase for a message, without any value that may be a secret."""


class Presence(Enum):
    """Whether something exists in AWS."""

    FOUND = "found"
    FOUND_OF_CLASS_DELIVERY = "found, a log group of class DELIVERY"
    ABSENT = "absent"


@dataclass(frozen=True)
class DeliveryStatus:
    """What GetTrailStatus says of a trail's delivery to CloudWatch Logs. Times are in UTC.

    Source: CloudTrail API reference, GetTrailStatus.
    """

    asked: datetime
    """When AWS was asked."""
    logging: bool
    """Whether the trail is switched on."""
    started: datetime | None
    """When it was last switched on; None where AWS does not say."""
    delivered: datetime | None
    """The last delivery; None where there was none."""
    error: str
    """AWS's own text about the last failure; empty where there is none."""


@dataclass(frozen=True)
class TrailInAws:
    """A trail as AWS itself describes it. What is None, AWS did not say."""

    arn: str
    name: str
    home_region: str
    owner: str
    """The account of its ARN: another one where a member account asks about its organization's trail."""
    log_group_arn: str | None = None
    """Empty where it names none."""
    role_arn: str | None = None
    """Empty where it names none."""
    organization: bool | None = None
    """Whether it is an organization trail."""
    logging: bool | None = None
    """Whether it is switched on."""
    why_unknown: str = ""
    """Why AWS did not say all: a phrase."""


@dataclass(frozen=True)
class AccountTrails:
    """The trails that AWS lists for an account."""

    account: str
    """That as which AWS was asked."""
    partition: str
    trails: tuple[TrailInAws, ...]
    """By ARN."""


@dataclass(frozen=True)
class ExistenceQuestion:
    """Whether a log group or a role exists."""

    arn: LogGroupArn | RoleArn


@dataclass(frozen=True)
class PermissionsQuestion:
    """What a role may do, and who may assume it."""

    role: RoleArn


@dataclass(frozen=True)
class DeliveryQuestion:
    """What AWS says of a trail's delivery."""

    trail_arn: str
    home_region: str | None
    """The region that answers; None where it is not known."""
    owners: frozenset[str] = frozenset()
    """The accounts that know an organization trail's deliveries: a member account does not. Empty for other trails."""
