"""The programs of docs/policies.md under the real engine: the wrong ones get the report that is shown, the right none."""

from collections.abc import Callable
from datetime import datetime, timezone
from types import ModuleType

import pytest

from cloudtrail_logs.configuration.settings import RecentSettings
from cloudtrail_logs.model.aws_answers import DeliveryStatus
from cloudtrail_logs.rules.delivery_is_recent import judge_status
from policies import cloudtrail_delivery_is_recent
from policies.pack import POLICIES
from tools.generate.policy_docs import page_of

from .workspace import Workspace

# The report of the other one is the answer of AWS, and held to its rule.
IN_PREVIEW = [module for module in POLICIES if module is not cloudtrail_delivery_is_recent]


def test_the_report_on_what_aws_says() -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=timezone.utc)
    never = DeliveryStatus(now, True, datetime(2026, 11, 20, 8, 0, tzinfo=timezone.utc), None, "")
    message = judge_status(never, RecentSettings()).message
    assert page_of(cloudtrail_delivery_is_recent).lines == [message]


@pytest.mark.parametrize("module", IN_PREVIEW, ids=lambda module: module.DESCRIPTION.name)
def test_the_wrong_program(module: ModuleType, program: Callable[[str], Workspace]) -> None:
    outcome = program(page_of(module).wrong).preview()
    assert outcome.finished.exit_status == 0, outcome.finished
    assert outcome.lines == [f"{module.DESCRIPTION.name}: {line}" for line in page_of(module).lines]


@pytest.mark.parametrize("text", sorted({page_of(module).right for module in POLICIES}))
def test_a_right_program(text: str, program: Callable[[str], Workspace]) -> None:
    outcome = program(text).preview()
    assert outcome.finished.exit_status == 0, outcome.finished
    assert outcome.lines == []
