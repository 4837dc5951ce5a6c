"""What AWS answered, as plain values: the rules judge them, `live/` asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True)
class NotTold:
    """AWS was not asked, or did not tell. reason: a phrase for a message, without any value that may be a secret."""

    reason: str


class Presence(Enum):
    """Whether something exists in AWS."""

    FOUND = "found"
    ABSENT = "absent"


@dataclass(frozen=True)
class DeliveryStatus:
    """What GetTrailStatus tells of a trail's delivery to CloudWatch Logs. Times are in UTC; None where there is none.

    logging: whether the trail is switched on. started: when it was last switched on. delivered: the last delivery.
    error: AWS's own text about the last failure; empty where there is none.
    Source: CloudTrail API reference, GetTrailStatus.
    """

    logging: bool
    started: datetime | None
    delivered: datetime | None
    error: str
