"""The reports of a stack policy stay under their size, and the rest is summed up."""

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


def test_a_report_too_large_for_any_room_is_summed_up_with_all_that_follow() -> None:
    huge = Verdict((Problem(Code.ROLE_MISSING, "é" * 600_000),))
    assert list(within_budget([("urn:a", huge)])) == [
        Report(
            "1 more trail has problems for which there is no room here: [role-missing] 1. Fix the trails above and run again.",
            None,
        )
    ]
    assert [report.urn for report in within_budget([("urn:a", WRONG), ("urn:b", huge), ("urn:c", WRONG)])] == [
        "urn:a",
        None,
    ]


def test_what_surrounds_a_message_counts_too() -> None:
    short = Verdict((Problem(Code.ROLE_MISSING, ""),))
    assert len(list(within_budget((f"urn:{number}", short) for number in range(10_000)))) < 1_001
