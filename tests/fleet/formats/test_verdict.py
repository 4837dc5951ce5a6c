"""The verdict: how many trails have problems, and stacks no trail, in words that fit the numbers and the exit status."""

from dataclasses import replace

import pytest

from cloudtrail_logs.fleet.evidence import Evidence, Finding, PolicyAnswer, StackRow, Standing, TrailRow, Unread
from cloudtrail_logs.fleet.formats.verdict import is_clear, verdict
from tests.fleet.sample import DELIVER, EMPTY, EVIDENCE, EXIST, INTEGRATED, trail


def answer(standing: Standing = Standing.WRONG, level: str = "mandatory", known: bool = False) -> PolicyAnswer:
    wrong = standing in (Standing.WRONG, Standing.EXCEPTED)
    return PolicyAnswer(INTEGRATED, standing, level, (Finding("role-missing", "Set it.", known),) * wrong)


def row(*answers: PolicyAnswer) -> TrailRow:
    return trail("a/b", "t", *answers)


def stack(level: str, known: bool = False) -> StackRow:
    return StackRow("a/b", "b.json", answers=(answer(level=level, known=known),))


MUST, MAY = row(answer()), row(answer(level="advisory"))
KNOWN, BOTH = row(answer(known=True)), row(answer(level="advisory"), answer(known=True))
RIGHT, EXCEPTED = row(answer(Standing.RIGHT)), row(answer(Standing.EXCEPTED))
# Its weightiest standing is another one.
DOUBT = row(answer(Standing.EXEMPT), PolicyAnswer(DELIVER, Standing.CANNOT_TELL, "advisory"))
NEEDED, WANTED = stack("mandatory"), stack("advisory")
UNREAD = (Unread("a.json", "It is empty."),)

# Each with whether the exit status is 1, and whether there is nothing to look at.
CASES = [
    ({}, "There is no trail.", False, True),
    ({"unread": UNREAD}, "There is no trail, but not everything could be checked.", False, False),
    ({"trails": (RIGHT, EXCEPTED)}, "No trail has a problem.", False, True),
    ({"trails": (RIGHT, DOUBT)}, "No trail has a problem, but not everything could be checked.", False, True),
    ({"trails": (RIGHT,), "unread": UNREAD}, "No trail has a problem, but not everything could be checked.", False, False),
    ({"trails": (MUST,)}, "The only trail has a mandatory problem.", True, False),
    ({"trails": (MAY,)}, "The only trail has problems, none of them mandatory.", False, False),
    ({"trails": (MUST, RIGHT)}, "1 of 2 trails has a mandatory problem.", True, False),
    ({"trails": (MAY, RIGHT)}, "1 of 2 trails has problems, none of them mandatory.", False, False),
    ({"trails": (*(MAY,) * 11, RIGHT, DOUBT)}, "11 of 13 trails have problems, none of them mandatory.", False, False),
    ({"trails": (*(MAY,) * 8, *(MUST,) * 3, RIGHT, DOUBT)}, "11 of 13 trails have problems, 3 of them mandatory.", True, False),
    ({"trails": (MUST,) * 2_000}, "2,000 of 2,000 trails have problems, 2,000 of them mandatory.", True, False),
    # With a baseline.
    ({"baseline": "b", "trails": (RIGHT,)}, "No trail has a problem.", False, True),
    ({"baseline": "b", "trails": (KNOWN, RIGHT)}, "1 of 2 trails has problems, none of them new.", False, True),
    ({"baseline": "b", "trails": (KNOWN, KNOWN, RIGHT)}, "2 of 3 trails have problems, none of them new.", False, True),
    ({"baseline": "b", "trails": (MUST, RIGHT)}, "1 of 2 trails has a new mandatory problem.", True, False),
    ({"baseline": "b", "trails": (BOTH, RIGHT)}, "1 of 2 trails has new problems, none of them mandatory.", False, False),
    ({"baseline": "b", "trails": (KNOWN, MUST)}, "2 of 2 trails have problems, 1 of them new and mandatory.", True, False),
    ({"baseline": "b", "trails": (KNOWN, BOTH)}, "2 of 2 trails have problems, 1 of them new, but not mandatory.", False, False),
    ({"baseline": "b", "trails": (KNOWN, MUST, BOTH)}, "3 of 3 trails have problems, 2 of them new, 1 of those mandatory.", True, False),
    ({"baseline": "b", "trails": (KNOWN, MAY, BOTH)}, "3 of 3 trails have problems, 2 of them new, none of those mandatory.", False, False),
    # Stacks that must have a trail.
    ({"trails": (RIGHT,), "stacks": (NEEDED,)}, "No trail has a problem. 1 stack lacks its trail, which is mandatory.", True, False),
    ({"stacks": (WANTED,)}, "There is no trail. 1 stack lacks its trail, which is not mandatory.", False, False),
    ({"stacks": (WANTED, NEEDED)}, "There is no trail. 2 stacks lack their trails, 1 of them mandatory.", True, False),
    ({"baseline": "b", "stacks": (stack("mandatory", True),)}, "There is no trail. 1 stack lacks its trail, which is not new.", False, True),
    ({"baseline": "b", "stacks": (NEEDED,)}, "There is no trail. 1 stack lacks its trail, which is new and mandatory.", True, False),
    ({"trails": (MAY,), "stacks": (NEEDED,)},
     "The only trail has problems, none of them mandatory. 1 stack lacks its trail, which is mandatory.", True, False),
    # A configuration.
    ({"mistakes": (f"{EXIST}: It is wrong.",)}, "There is no trail.", False, False),
    ({"mistakes": (f"{EXIST}: It is wrong.",), "misconfigured": True},
     "There is no trail. The configuration of a mandatory policy has mistakes.", True, False),
    # A preview does not tell what is right.
    ({"of_preview": True}, "No problem is reported.", False, True),
    ({"of_preview": True, "unread": UNREAD}, "No problem is reported, but not everything could be checked.", False, False),
    ({"of_preview": True, "trails": (MUST,)}, "1 trail has a mandatory problem.", True, False),
    ({"of_preview": True, "trails": (MUST, MAY, EXCEPTED)}, "2 trails have problems, 1 of them mandatory.", True, False),
    ({"of_preview": True, "stacks": (WANTED,)}, "1 stack lacks its trail, which is not mandatory.", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said", "fails", "clear"), CASES)
def test_the_verdict(given: dict[str, object], said: str, fails: bool, clear: bool) -> None:
    evidence: Evidence = replace(EMPTY, **given)  # type: ignore[arg-type]
    assert (verdict(evidence), evidence.fails, is_clear(evidence)) == (said, fails, clear)


def test_that_of_the_sample() -> None:
    assert verdict(EVIDENCE) == (
        "4 of 6 trails have problems, 3 of them new, 3 of those mandatory. "
        "1 stack lacks its trail, which is new, but not mandatory."
    )
