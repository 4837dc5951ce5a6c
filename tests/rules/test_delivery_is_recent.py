"""The recency rule: every state of a trail's delivery, with the exact line, and the opposite case beside it."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from cloudtrail_logs.configuration.settings import RecentSettings
from cloudtrail_logs.model.aws_answers import DeliveryStatus, NotTold
from cloudtrail_logs.model.verdict import Answer
from cloudtrail_logs.rules.delivery_is_recent import judge_recency

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DEFAULT = RecentSettings()
ERROR = "AccessDenied: the role may not write"
LOOK = "Look whether its log group and its role are set in AWS, and whether it has any events to deliver."
OFF = "The trail is switched off in AWS: start its logging."


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def status(**changes: Any) -> DeliveryStatus:
    """A trail that has been logging for a month and delivered a minute ago, with some of that changed."""
    return DeliveryStatus(**{"logging": True, "started": ago(days=30), "delivered": ago(minutes=1), "error": "", **changes})  # fmt: skip


WRONG: list[tuple[str, DeliveryStatus, RecentSettings, str]] = [
    ("stale", status(delivered=ago(hours=24, seconds=1)), DEFAULT, f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-23 11:59 UTC (24 hours ago), more than 24 hours ago. {LOOK}"),
    ("stale for days", status(delivered=ago(days=9)), DEFAULT, f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-15 12:00 UTC (9 days ago), more than 24 hours ago. {LOOK}"),
    ("stale, and switched off", status(logging=False, delivered=ago(days=9)), DEFAULT, f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-15 12:00 UTC (9 days ago), more than 24 hours ago. {OFF}"),
    ("stale by a configured age", status(delivered=ago(minutes=61)), RecentSettings(max_age_hours=1), f"[delivery-stale] CloudTrail last delivered to CloudWatch Logs at 2026-11-24 10:59 UTC (61 minutes ago), more than 1 hour ago. {LOOK}"),
    ("never", status(delivered=None), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since 2026-10-25 12:00 UTC (30 days ago). {LOOK}"),
    ("never, just over the grace time", status(delivered=None, started=ago(hours=1, seconds=1)), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs, though the trail has been logging since 2026-11-24 10:59 UTC (60 minutes ago). {LOOK}"),
    ("never, and switched off", status(logging=False, delivered=None), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs. {OFF}"),
    ("never switched on", status(logging=False, started=None, delivered=None), DEFAULT, f"[delivery-never] CloudTrail has never delivered to CloudWatch Logs. {OFF}"),
    ("failing", status(delivered=ago(days=2), error=ERROR), DEFAULT, f'[delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". The last delivery was at 2026-11-22 12:00 UTC (2 days ago). Look at the trail\'s log group, its role, and what the role may do.'),
    ("failing from the start", status(delivered=None, error=ERROR), DEFAULT, f'[delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". It has never delivered. Look at the trail\'s log group, its role, and what the role may do.'),
    ("failing within the grace time", status(delivered=None, started=ago(minutes=1), error=ERROR), DEFAULT, f'[delivery-failing] CloudTrail cannot deliver to CloudWatch Logs. AWS says: "{ERROR}". It has never delivered. Look at the trail\'s log group, its role, and what the role may do.'),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "settings", "line"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong(answer: DeliveryStatus, settings: RecentSettings, line: str) -> None:
    assert judge_recency(answer, NOW, settings).message == line


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
    verdict = judge_recency(answer, NOW, settings)
    assert (verdict.answer, verdict.remark) == (Answer.RIGHT, "")


UNTOLD: list[tuple[str, DeliveryStatus | NotTold, RecentSettings, str]] = [
    ("not told", NotTold("AWS cannot be reached"), DEFAULT, "AWS cannot be reached"),
    ("new", status(delivered=None, started=ago(minutes=59)), DEFAULT, "it is logging for 59 minutes only"),
    ("new by a configured time", status(delivered=None, started=ago(hours=5)), RecentSettings(grace_hours=6), "it is logging for 5 hours only"),
    ("just within the grace time", status(delivered=None, started=ago(hours=1)), DEFAULT, "it is logging for 60 minutes only"),
    ("for a minute", status(delivered=None, started=ago(seconds=119)), DEFAULT, "it is logging for 1 minute only"),
    ("just switched on", status(delivered=None, started=NOW), DEFAULT, "it is logging for 0 minutes only"),
    ("nobody says since when", status(delivered=None, started=None), DEFAULT, "AWS does not tell since when it is logging"),
    ("the clocks differ", status(delivered=NOW + timedelta(minutes=16)), DEFAULT, "AWS gave a time that lies in the future: the clocks differ"),
    ("it started in the future", status(started=NOW + timedelta(hours=2)), DEFAULT, "AWS gave a time that lies in the future: the clocks differ"),
    ("no zone", status(delivered=datetime(2026, 11, 24)), DEFAULT, "AWS gave a time without a zone"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "settings", "remark"), [case[1:] for case in UNTOLD], ids=[case[0] for case in UNTOLD])  # fmt: skip
def test_what_cannot_be_told(answer: DeliveryStatus | NotTold, settings: RecentSettings, remark: str) -> None:
    verdict = judge_recency(answer, NOW, settings)
    assert (verdict.answer, verdict.problems, verdict.remark) == (Answer.CANNOT_TELL, (), remark)


def test_a_trail_that_does_not_exist_yet() -> None:
    verdict = judge_recency(None, NOW, DEFAULT)
    assert (verdict.answer, verdict.remark) == (Answer.RIGHT, "the trail does not exist yet")


def test_the_text_of_aws_is_shortened_and_printable() -> None:
    message = judge_recency(status(delivered=None, error=f"\x1b[31m{'x' * 1000}\n"), NOW, DEFAULT).message
    assert "\x1b" not in message
    assert "\n" not in message
    assert f'AWS says: "?[31m{"x" * 194}…{"x" * 99}?".' in message
    assert len(message) < 600
