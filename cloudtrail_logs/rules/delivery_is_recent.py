"""Rule: has CloudTrail delivered to CloudWatch Logs lately?

Sources: the control's own rule ("latestCloudWatchLogsDeliveryTime after (-1, 'days')"); CloudTrail API reference,
GetTrailStatus; CloudTrail user guide (typical latency of a delivery: about 5 minutes).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..configuration.settings import RecentSettings
from ..model.aws_answers import DeliveryStatus, NotTold
from ..model.quoting import shown
from ..model.verdict import Code, Problem, Verdict

# Clocks of two machines may differ by this much.
_SKEW: Final = timedelta(minutes=15)
_LONGEST_ERROR: Final = 300


def judge_recency(answer: DeliveryStatus | NotTold | None, now: datetime, settings: RecentSettings) -> Verdict:
    """Whether the last delivery is recent enough. answer: None where the trail does not exist yet. now: in UTC.

    An error that AWS keeps is reported only where no delivery is recent: it may be older than the last delivery.
    """
    if answer is None:
        return Verdict(remark="the trail does not exist yet")
    if isinstance(answer, NotTold):
        return Verdict(remark=answer.reason, untold=True)
    times = [each for each in (answer.started, answer.delivered) if each]
    if any(each.tzinfo is None for each in times):
        return Verdict(remark="AWS gave a time without a zone", untold=True)
    if any(each - now > _SKEW for each in times):
        return Verdict(remark="AWS gave a time that lies in the future: the clocks differ", untold=True)
    if answer.delivered and now - answer.delivered <= timedelta(hours=settings.max_age_hours):
        return Verdict()
    if answer.error:
        return Verdict((_failing(answer, now),))
    if answer.delivered:
        return Verdict((_stale(answer, answer.delivered, now, settings),))
    if answer.started and now - answer.started <= timedelta(hours=settings.grace_hours):
        return Verdict(remark=f"it is logging for {_length(now - answer.started)} only", untold=True)
    if answer.logging and not answer.started:
        return Verdict(remark="AWS does not tell since when it is logging", untold=True)
    return Verdict((_never(answer, now),))


def _failing(answer: DeliveryStatus, now: datetime) -> Problem:
    last = (
        f" The last delivery was at {_when(answer.delivered, now)}." if answer.delivered else " It has never delivered."
    )
    return Problem(
        Code.DELIVERY_FAILING,
        f'CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{shown(answer.error, _LONGEST_ERROR)}".{last} Look '
        "at the trail's log group, its role, and what the role may do.",
    )


def _stale(answer: DeliveryStatus, delivered: datetime, now: datetime, settings: RecentSettings) -> Problem:
    return Problem(
        Code.DELIVERY_STALE,
        f"CloudTrail last delivered to CloudWatch Logs at {_when(delivered, now)}, more than "
        f"{_hours(settings.max_age_hours)} ago. {_next_step(answer)}",
    )


def _never(answer: DeliveryStatus, now: datetime) -> Problem:
    since = (
        f", though the trail has been logging since {_when(answer.started, now)}"
        if answer.logging and answer.started
        else ""
    )
    return Problem(
        Code.DELIVERY_NEVER, f"CloudTrail has never delivered to CloudWatch Logs{since}. {_next_step(answer)}"
    )


def _next_step(answer: DeliveryStatus) -> str:
    if not answer.logging:
        return "The trail is switched off in AWS: start its logging."
    return "Look whether its log group and its role are set in AWS, and whether it has any events to deliver."


def _when(time: datetime, now: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC ({_length(now - time)} ago)"


def _length(span: timedelta) -> str:
    minutes = max(span // timedelta(minutes=1), 0)
    for size, name in ((24 * 60, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _hours(hours: float) -> str:
    return f"{hours:g} hour{'' if hours == 1 else 's'}"
