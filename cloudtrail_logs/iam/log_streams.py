"""The log streams that a trail writes: what its role must be allowed to create and to fill, by which actions.

Source: CloudTrail user guide, "Sending events to CloudWatch Logs": a stream is named ACCOUNT_CloudTrail_REGION, under
load with a number behind it; those of the members of an organization trail begin with the organization's id.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from ..model.value import Text
from .wildcard import DIGITS, AnyDigits, Parts, Subject, UnknownPart

# CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
STREAM: Final = ":log-stream:"
_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_NAME: Final = _LOWER + _LOWER.upper() + DIGITS + ".-_/#"
_UNKNOWN_PARTITION: Final = UnknownPart("PARTITION", _LOWER + "-", 3, 12)
UNKNOWN_REGION: Final = UnknownPart("REGION", _LOWER + DIGITS + "-", 9, 20)
UNKNOWN_ACCOUNT: Final = UnknownPart("ACCOUNT", DIGITS, 12, 12)
UNKNOWN_NAME: Final = UnknownPart("NAME", _NAME, 1, 512)
UNKNOWN_ORGANIZATION: Final = UnknownPart("ORGANIZATION", _LOWER + DIGITS, 10, 32)
_MEMBER: Final = AnyDigits("MEMBER", 12)
# The first stream, and those under load: one digit or two stand for all.
_TAILS: Final[tuple[Parts, ...]] = ((), ("_", AnyDigits("2", 1)), ("_", AnyDigits("10", 2)))


def log_streams(partition: Text, region: Text, account: Text, name: Text, of_organization: bool) -> tuple[Subject, ...]:
    """The ARNs of the streams that a trail may write to a log group; what is not known is an unknown part.

    of_organization: with those of the members of the trail's organization.
    """
    place = _known_or(region, UNKNOWN_REGION)
    group: Parts = (
        *("arn:", _known_or(partition, _UNKNOWN_PARTITION), ":logs:", place, ":", _known_or(account, UNKNOWN_ACCOUNT)),
        *(":log-group:", _known_or(name, UNKNOWN_NAME), STREAM),
    )
    own: Parts = (_known_or(account, UNKNOWN_ACCOUNT),)
    members: Parts = ("o-", UNKNOWN_ORGANIZATION, "_", _MEMBER)
    return tuple(
        Subject(_joined((*group, *owner, "_CloudTrail_", place, *tail)))
        for owner in ((own, members) if of_organization else (own,))
        for tail in _TAILS
    )


def stream_name(subject: Subject) -> str:
    """The name of a stream, from its ARN, as a message shows it."""
    return subject.shown.rpartition(STREAM)[2]


@lru_cache(maxsize=16)  # many statements are compared with the same stream, one after the other
def log_group_of(stream: Subject) -> Subject:
    """The ARN of the log group of a stream, without `:*`."""
    parts: list[str | AnyDigits | UnknownPart] = []
    for part in stream.parts:
        if isinstance(part, str) and STREAM in part:
            return Subject((*parts, part.partition(STREAM)[0]))
        parts.append(part)
    return stream


def _known_or(text: Text, unknown: UnknownPart) -> str | UnknownPart:
    return text if isinstance(text, str) else unknown


def _joined(parts: Parts) -> Parts:
    """The parts with neighbouring known texts in one, so that the known beginning is as long as it can be."""
    joined: list[str | AnyDigits | UnknownPart] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
