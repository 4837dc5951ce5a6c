"""The log streams that a trail writes: what its role must be allowed to create and to fill.

Source: CloudTrail user guide, "Sending events to CloudWatch Logs": a stream is named ACCOUNT_CloudTrail_REGION, under
load with a number behind it; those of the members of an organization trail begin with the organization's id.
"""

from __future__ import annotations

from typing import Final

from ..model.value import Text
from .wildcard import DIGITS, Fresh, Gap, Parts, Subject

_STREAM: Final = ":log-stream:"
_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_NAME: Final = _LOWER + _LOWER.upper() + DIGITS + ".-_/#"
_PARTITION_GAP: Final = Gap("PARTITION", _LOWER + "-", 3, 12)
_REGION_GAP: Final = Gap("REGION", _LOWER + DIGITS + "-", 9, 20)
_ACCOUNT_GAP: Final = Gap("ACCOUNT", DIGITS, 12, 12)
_NAME_GAP: Final = Gap("NAME", _NAME, 1, 512)
_ORGANIZATION_GAP: Final = Gap("ORGANIZATION", _LOWER + DIGITS, 10, 32)
_MEMBER: Final = Fresh("MEMBER", 12)
# The first stream, and those under load: one digit or two stand for all.
_TAILS: Final[tuple[Parts, ...]] = ((), ("_", Fresh("2", 1)), ("_", Fresh("10", 2)))


def log_streams(partition: Text, region: Text, account: Text, name: Text, of_organization: bool) -> tuple[Subject, ...]:
    """The ARNs of the streams that a trail may write to a log group; what is not known is a gap.

    of_organization: with those of the members of the trail's organization.
    """
    place = _or_gap(region, _REGION_GAP)
    group: Parts = (
        *("arn:", _or_gap(partition, _PARTITION_GAP), ":logs:", place, ":", _or_gap(account, _ACCOUNT_GAP)),
        *(":log-group:", _or_gap(name, _NAME_GAP), _STREAM),
    )
    own: Parts = (_or_gap(account, _ACCOUNT_GAP),)
    members: Parts = ("o-", _ORGANIZATION_GAP, "_", _MEMBER)
    return tuple(
        Subject(_joined((*group, *owner, "_CloudTrail_", place, *tail)))
        for owner in ((own, members) if of_organization else (own,))
        for tail in _TAILS
    )


def stream_name(subject: Subject) -> str:
    """The name of a stream, from its ARN, as a message shows it."""
    return subject.shown.rpartition(_STREAM)[2]


def log_group_of(stream: Subject) -> Subject:
    """The ARN of the log group of a stream, without `:*`."""
    parts: list[str | Fresh | Gap] = []
    for part in stream.parts:
        if isinstance(part, str) and _STREAM in part:
            return Subject((*parts, part.partition(_STREAM)[0]))
        parts.append(part)
    return stream


def _or_gap(text: Text, gap: Gap) -> str | Gap:
    return text if isinstance(text, str) else gap


def _joined(parts: Parts) -> Parts:
    """The parts with neighbouring known texts in one, so that the known beginning is as long as it can be."""
    joined: list[str | Fresh | Gap] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
