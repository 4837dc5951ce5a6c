"""The recency rule: every state of a trail's delivery, with the exact line, and the opposite case beside it."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from cloudtrail_logs.configuration.settings import RecentSettings
from cloudtrail_logs.model.aws_answers import DeliveryQuestion, DeliveryStatus, Unavailable
from cloudtrail_logs.model.reasons import Reason
from cloudtrail_logs.model.verdict import Answer, Verdict
from cloudtrail_logs.rules.delivery_is_recent import judge, judge_status, questions

from .trails import InStack, trail

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DEFAULT = RecentSettings()
ERROR = "AccessDenied: the role may not write"
LOOK = "Check whether its log group and its role are set in AWS, and whether it has any events to deliver."
OFF = "The trail is switched off in AWS. Start its logging."


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def status(**changes: Any) -> DeliveryStatus:
    """A trail that has been logging for a month and delivered a minute ago, with some of that changed."""
    return DeliveryStatus(**{"asked": NOW, "logging": True, "started": ago(days=30), "delivered": ago(minutes=1), "error": "", **changes})  # fmt: skip


WRONG: list[tuple[str, DeliveryStatus, RecentSettings, str]] = [
    ("stale", status(delivered=ago(hours=24, seconds=1)), DEFAULT, f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-23 11:59 UTC (24 hours ago), more than 24 hours ago. {LOOK}"),
    ("stale for days", status(delivered=ago(days=9)), DEFAULT, f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-15 12:00 UTC (9 days ago), more than 24 hours ago. {LOOK}"),
    ("stale, and switched off", status(logging=False, delivered=ago(days=9)), DEFAULT, f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-15 12:00 UTC (9 days ago), more than 24 hours ago. {OFF}"),
    ("stale by a configured age", status(delivered=ago(minutes=61)), RecentSettings(max_age_hours=1), f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-24 10:59 UTC (61 minutes ago), more than 1 hour ago. {LOOK}"),
    ("never", status(delivered=None), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since 2026-10-25 12:00 UTC (30 days ago). {LOOK}"),
    ("never, just over the grace time", status(delivered=None, started=ago(hours=1, seconds=1)), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since 2026-11-24 10:59 UTC (60 minutes ago). {LOOK}"),
    ("never, and switched off", status(logging=False, delivered=None), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs. {OFF}"),
    ("never switched on", status(logging=False, started=None, delivered=None), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs. {OFF}"),
    ("failing", status(delivered=ago(days=2), error=ERROR), DEFAULT, f'[delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". The last delivery was at 2026-11-22 12:00 UTC (2 days ago). Check the trail\'s log group, its role, and the role\'s permissions.'),
    ("failing from the start", status(delivered=None, error=ERROR), DEFAULT, f'[delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". It has never delivered. Check the trail\'s log group, its role, and the role\'s permissions.'),
    ("failing within the grace time", status(delivered=None, started=ago(minutes=1), error=ERROR), DEFAULT, f'[delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". It has never delivered. Check the trail\'s log group, its role, and the role\'s permissions.'),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "settings", "line"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong(answer: DeliveryStatus, settings: RecentSettings, line: str) -> None:
    assert judge_status(answer, settings).message == line


RIGHT: list[tuple[str, DeliveryStatus, RecentSettings]] = [
    ("recent", status(), DEFAULT),
    ("just recent enough", status(delivered=ago(hours=24)), DEFAULT),
    ("recent by a configured age", status(delivered=ago(hours=47)), RecentSettings(max_age_hours=48)),
    ("recent, though AWS keeps an error", status(error=ERROR), DEFAULT),
    ("recent, though switched off since", status(logging=False), DEFAULT),
    ("the clock of AWS is a little ahead", status(delivered=NOW + timedelta(minutes=15)), DEFAULT),
    ("in another zone", status(delivered=ago(hours=23).astimezone(timezone(timedelta(hours=9)))), DEFAULT),
]


@pytest.mark.parametrize(("answer", "settings"), [case[1:] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_what_is_right(answer: DeliveryStatus, settings: RecentSettings) -> None:
    verdict = judge_status(answer, settings)
    assert (verdict.answer, verdict.remark) == (Answer.RIGHT, "")


UNDETERMINED: list[tuple[str, DeliveryStatus, RecentSettings, str]] = [
    ("new", status(delivered=None, started=ago(minutes=59)), DEFAULT, "it has been logging for only 59 minutes"),
    ("new by a configured time", status(delivered=None, started=ago(hours=5)), RecentSettings(grace_hours=6), "it has been logging for only 5 hours"),
    ("just within the grace time", status(delivered=None, started=ago(hours=1)), DEFAULT, "it has been logging for only 60 minutes"),
    ("for a minute", status(delivered=None, started=ago(seconds=119)), DEFAULT, "it has been logging for only 1 minute"),
    ("just switched on", status(delivered=None, started=NOW), DEFAULT, "it has been logging for only 0 minutes"),
    ("nobody says since when", status(delivered=None, started=None), DEFAULT, "AWS does not say since when it has been logging"),
    ("the clocks differ", status(delivered=NOW + timedelta(minutes=16)), DEFAULT, "AWS gave a time in the future: the clocks differ"),
    ("it started in the future", status(started=NOW + timedelta(hours=2)), DEFAULT, "AWS gave a time in the future: the clocks differ"),
    ("no zone", status(delivered=datetime(2026, 11, 24)), DEFAULT, "AWS gave a time without a time zone"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "settings", "remark"), [case[1:] for case in UNDETERMINED], ids=[case[0] for case in UNDETERMINED])  # fmt: skip
def test_what_cannot_be_told(answer: DeliveryStatus, settings: RecentSettings, remark: str) -> None:
    verdict = judge_status(answer, settings)
    assert (verdict.answer, verdict.problems, verdict.remark) == (Answer.CANNOT_TELL, (), remark)


QUESTION = DeliveryQuestion("arn:aws:cloudtrail:us-east-1:123456789012:trail/audit", "us-east-1")
EXISTING, NEW = InStack(trail(), delivery_question=QUESTION), InStack(trail())
ASKING = RecentSettings(ask_aws=True)


def test_what_is_asked() -> None:
    assert questions(EXISTING, ASKING) == (QUESTION,)
    assert questions(EXISTING, DEFAULT) == ()
    assert questions(NEW, ASKING) == ()


@pytest.mark.parametrize(
    ("given", "settings", "answer", "verdict"),
    [
        (EXISTING, ASKING, status(), Verdict()),
        (EXISTING, ASKING, Unavailable("AWS cannot be reached"), Verdict(doubts=(Reason.AWS_GIVES_NO_ANSWER.of(why="AWS cannot be reached"),))),
        (NEW, ASKING, None, Verdict(doubts=(Reason.TRAIL_IS_NEW.of(),))),
        (EXISTING, DEFAULT, None, Verdict(doubts=(Reason.ASK_AWS_IS_OFF.of(),))),
    ],
)  # fmt: skip
def test_a_trail_of_a_stack(given: InStack, settings: RecentSettings, answer: Any, verdict: Verdict) -> None:
    assert judge(given, settings, {QUESTION: answer}) == verdict


def test_a_trail_that_is_wrong() -> None:
    assert judge(EXISTING, ASKING, {QUESTION: status(delivered=None)}) == judge_status(status(delivered=None), ASKING)


def test_the_text_of_aws_is_shortened_and_printable() -> None:
    message = judge_status(status(delivered=None, error=f"\x1b[31m{'x' * 1000}\n"), DEFAULT).message
    assert "\x1b" not in message
    assert "\n" not in message
    assert f'AWS says: "?[31m{"x" * 194}…{"x" * 99}?".' in message
    assert len(message) < 600
