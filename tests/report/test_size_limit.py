"""The reports of a stack policy stay under their size, and the rest is summed up."""

import pytest

from cloudtrail_logs.model.verdict import Code, Problem, Verdict
from cloudtrail_logs.report.size_limit import Report, within_budget

WRONG = Verdict((Problem(Code.ROLE_MISSING, "x" * 500), Problem(Code.REGION_MISMATCH, "y")))


def test_a_report_for_each_trail_that_is_wrong() -> None:
    verdicts = [("urn:a", WRONG), ("urn:b", Verdict()), ("urn:c", Verdict(waits_on=("p",))), ("urn:d", WRONG)]
    assert list(within_budget(verdicts)) == [Report(WRONG.message, "urn:a"), Report(WRONG.message, "urn:d")]


def test_what_has_no_room_is_summed_up_without_a_urn() -> None:
    reports = list(within_budget((f"urn:{number}", WRONG) for number in range(10_000)))
    listed, rest = reports[:-1], reports[-1]
    size = sum(len(report.message) + len(report.urn or "") for report in reports)
    assert size < 1_000_000
    assert len(listed) > 500
    assert [report.urn for report in listed] == [f"urn:{number}" for number in range(len(listed))]
    more = 10_000 - len(listed)
    assert rest == Report(
        f"{more} more trails have problems for which there is no room here: [region-mismatch] {more}, "
        f"[role-missing] {more}. Fix the trails above and run again.",
        None,
    )


@pytest.mark.parametrize(
    ("urn", "text"),
    [("urn:a", "é" * 600_000), ("urn:a", "é" * 25_000), ("n" * 1_000_000, "text"), ("n" * 50_000, "text")],
)
def test_a_report_that_is_too_large_is_summed_up_alone(urn: str, text: str) -> None:
    huge = Verdict((Problem(Code.ROLE_MISSING, text),))
    summed_up = Report(
        "1 more trail has problems for which there is no room here: [role-missing] 1. Fix the trails above and run again.",
        None,
    )
    assert list(within_budget([(urn, huge)])) == [summed_up]
    others = [Report(WRONG.message, "urn:b"), Report(WRONG.message, "urn:c")]
    for given in ([(urn, huge), ("urn:b", WRONG), ("urn:c", WRONG)], [("urn:b", WRONG), (urn, huge), ("urn:c", WRONG)]):
        assert list(within_budget(given)) == [*others, summed_up]


@pytest.mark.parametrize(("urn", "text"), [("urn:a", "é" * 24_000), ("n" * 48_000, "text")])
def test_a_report_that_is_large_is_listed(urn: str, text: str) -> None:
    large = Verdict((Problem(Code.ROLE_MISSING, text),))
    assert list(within_budget([(urn, large)])) == [Report(large.message, urn)]


def test_what_surrounds_a_message_counts_too() -> None:
    short = Verdict((Problem(Code.ROLE_MISSING, ""),))
    assert len(list(within_budget((f"urn:{number}", short) for number in range(10_000)))) < 1_001
