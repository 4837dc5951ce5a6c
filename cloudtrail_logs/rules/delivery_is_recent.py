"""Rule: has CloudTrail delivered to CloudWatch Logs lately?

Sources: the control's own rule ("latestCloudWatchLogsDeliveryTime after (-1, 'days')"); CloudTrail API reference,
GetTrailStatus; CloudTrail user guide (typical latency of a delivery: about 5 minutes).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from ..configuration.settings import RecentSettings
from ..model.aws_answers import DeliveryQuestion, DeliveryStatus, Unavailable
from ..model.quoting import quoted_text
from ..model.reasons import Reason
from ..model.verdict import Code, Problem, Verdict
from .trail_in_stack import Answers, TrailInStack

# Clocks of two machines may differ by this much.
_SKEW: Final = timedelta(minutes=15)
_LONGEST_ERROR: Final = 300


def questions(given: TrailInStack, settings: RecentSettings) -> tuple[DeliveryQuestion, ...]:
    """What to ask AWS before the trail is judged."""
    question = given.delivery_question if settings.ask_aws else None
    return (question,) if question else ()


def judge(given: TrailInStack, settings: RecentSettings, answers: Answers) -> Verdict:
    """Whether the last delivery is recent enough. answers: to the question above."""
    if not settings.ask_aws:
        return Verdict(doubts=(Reason.ASK_AWS_IS_OFF.of(),))
    question = given.delivery_question
    if question is None:
        return Verdict(doubts=(Reason.TRAIL_IS_NEW.of(),))
    answer = answers.get(question)
    if not isinstance(answer, DeliveryStatus):
        return _untold(answer.reason if isinstance(answer, Unavailable) else "")
    return judge_status(answer, settings)


def judge_status(status: DeliveryStatus, settings: RecentSettings) -> Verdict:
    """Whether the last delivery is recent enough.

    An error that AWS keeps is reported only where no delivery is recent: it may be older than the last delivery.
    """
    now = status.asked
    times = [each for each in (status.started, status.delivered) if each]
    if any(each.tzinfo is None for each in times):
        return _untold("AWS gave a time without a time zone")
    if any(each - now > _SKEW for each in times):
        return _untold("AWS gave a time in the future: the clocks differ")
    if status.delivered and now - status.delivered <= timedelta(hours=settings.max_age_hours):
        return Verdict()
    if status.error:
        return Verdict((_failing(status),))
    if status.delivered:
        return Verdict((_stale(status, status.delivered, settings),))
    if status.started and now - status.started <= timedelta(hours=settings.grace_hours):
        return _untold(f"it has been logging for only {_length(now - status.started)}")
    if status.logging and not status.started:
        return _untold("AWS does not say since when it has been logging")
    return Verdict((_never(status),))


def _untold(why: str) -> Verdict:
    return Verdict(doubts=(Reason.AWS_GIVES_NO_ANSWER.of(why=why),))


def _failing(status: DeliveryStatus) -> Problem:
    last = (
        f" The last delivery was at {_when(status.delivered, status.asked)}."
        if status.delivered
        else " It has never delivered."
    )
    return Problem(
        Code.DELIVERY_FAILING,
        f"CloudTrail cannot deliver to CloudWatch Logs. AWS says: {quoted_text(status.error, _LONGEST_ERROR)}.{last} "
        "Check the trail's log group, its role, and the role's permissions.",
    )


def _stale(status: DeliveryStatus, delivered: datetime, settings: RecentSettings) -> Problem:
    return Problem(
        Code.DELIVERY_STALE,
        f"CloudTrail last delivered to CloudWatch Logs at {_when(delivered, status.asked)}, more than "
        f"{_hours(settings.max_age_hours)} ago. {_next_step(status)}",
    )


def _never(status: DeliveryStatus) -> Problem:
    since = (
        f", though the trail has been logging since {_when(status.started, status.asked)}"
        if status.logging and status.started
        else ""
    )
    return Problem(
        Code.DELIVERY_NEVER, f"CloudTrail has never delivered to CloudWatch Logs{since}. {_next_step(status)}"
    )


def _next_step(status: DeliveryStatus) -> str:
    if not status.logging:
        return "The trail is switched off in AWS. Start its logging."
    return "Check whether its log group and its role are set in AWS, and whether it has any events to deliver."


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
