"""Exemptions: which problems of which trail they take out of a verdict, and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from cloudtrail_logs.configuration.exemptions import Exemption, Exemptions, Outcome, after_exemptions
from cloudtrail_logs.model.reasons import Reason
from cloudtrail_logs.model.trail import TrailNames
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotText, Text
from cloudtrail_logs.model.verdict import Code, Problem, Verdict
from cloudtrail_logs.report.explanation import explained, why_exempt

TODAY = date(2026, 6, 30)
TAGS = {"env": "dev", "team": "", "pulumi:project": "shop"}
NAMES = TrailNames(label="audit", name="audit-1a2b3c4", name_property="name", project="shop", stack="dev")
ROLE_MISSING = Problem(Code.ROLE_MISSING, "The role is missing.")
DISABLED = Problem(Code.LOGGING_DISABLED, "It is off.")
ELSEWHERE, NO_ROLE = Reason.ROLE_ELSEWHERE.of(), Reason.NAMES_NO_ROLE.of()
WRONG = Verdict((ROLE_MISSING, DISABLED), ("somethingElse",))


def exemption(trail: str = "audit", **more: Any) -> Exemption:
    return Exemption(trail, "S3 is the record.", **more)


def after(
    verdict: Verdict, names: TrailNames, stack_tags: Mapping[str, str], exemptions: Sequence[Exemption], today: date
) -> Outcome:
    return after_exemptions(verdict, names, stack_tags, Exemptions(exemptions), today)


def left(*exemptions: Exemption, subject: TrailNames = NAMES, verdict: Verdict = WRONG) -> list[str]:
    """The codes that are left of a verdict."""
    outcome = after(verdict, subject, TAGS, exemptions, TODAY)
    return [problem.code.value for problem in outcome.verdict.problems]


BOTH, NEITHER = ["role-missing", "logging-disabled"], list[str]()
COVERED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("by its name in Pulumi", {"trail": "audit"}, NEITHER),
    ("by its name in AWS", {"trail": "audit-1a2b3c4"}, NEITHER),
    ("by a pattern", {"trail": "audit*"}, NEITHER),
    ("by a pattern on its name in AWS only", {"trail": "*-1a2b3c4"}, NEITHER),
    ("another trail", {"trail": "other"}, BOTH),
    ("a part of its name", {"trail": "audi"}, BOTH),
    ("in another case", {"trail": "Audit"}, BOTH),
    ("in its project", {"project": "shop"}, NEITHER),
    ("in projects like its own", {"project": "sh*"}, NEITHER),
    ("in another project", {"project": "shops"}, BOTH),
    ("in its stack", {"stack": "dev"}, NEITHER),
    ("in another stack", {"stack": "prod"}, BOTH),
    ("in its project and another stack", {"project": "shop", "stack": "prod"}, BOTH),
    ("in another project and its stack", {"project": "x", "stack": "dev"}, BOTH),
    ("in stacks with a tag of its own", {"tags": (("env", "dev"),)}, NEITHER),
    ("in stacks with a tag like its own", {"tags": (("env", "d?v*"),)}, NEITHER),
    ("in stacks with a tag of another value", {"tags": (("env", "prod"),)}, BOTH),
    ("in stacks with a tag whose value begins so", {"tags": (("env", "de"),)}, BOTH),
    ("in stacks with a tag of this value in another case", {"tags": (("env", "Dev"),)}, BOTH),
    ("in stacks with a tag that its own has not", {"tags": (("owner", "*"),)}, BOTH),
    ("in stacks with a tag whose value is empty", {"tags": (("team", "*"),)}, NEITHER),
    ("in stacks with a tag whose name is a pattern", {"tags": (("*", "dev"),)}, BOTH),
    ("in stacks with two tags of its own", {"tags": (("env", "dev"), ("pulumi:project", "shop"))}, NEITHER),
    ("in stacks with a tag of its own and another one", {"tags": (("env", "dev"), ("pulumi:project", "x"))}, BOTH),
    ("in another stack with a tag of its own", {"tags": (("env", "dev"),), "stack": "prod"}, BOTH),
    ("another trail in stacks with a tag of its own", {"tags": (("env", "dev"),), "trail": "other"}, BOTH),
    ("from one problem in stacks with a tag of its own", {"tags": (("env", "dev"),), "codes": frozenset({Code.ROLE_MISSING})}, ["logging-disabled"]),
    ("until yesterday in stacks with a tag of its own", {"tags": (("env", "dev"),), "until": date(2026, 6, 29)}, BOTH),
    ("from one problem", {"codes": frozenset({Code.ROLE_MISSING})}, ["logging-disabled"]),
    ("from the other problem", {"codes": frozenset({Code.LOGGING_DISABLED})}, ["role-missing"]),
    ("from both problems", {"codes": frozenset({Code.LOGGING_DISABLED, Code.ROLE_MISSING})}, NEITHER),
    ("from a problem that it does not have", {"codes": frozenset({Code.NOT_INTEGRATED})}, BOTH),
    ("until yesterday", {"until": date(2026, 6, 29)}, BOTH),
    ("until today", {"until": date(2026, 6, 30)}, NEITHER),
    ("until tomorrow", {"until": date(2026, 7, 1)}, NEITHER),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), [case[1:] for case in COVERED], ids=[case[0] for case in COVERED])
def test_what_is_covered(fields: dict[str, Any], expected: list[str]) -> None:
    assert left(exemption(**fields)) == expected


def test_where_the_tags_of_a_stack_are_not_known_what_asks_for_one_does_not_apply() -> None:
    asking, expired = exemption(tags=(("env", "*"),)), exemption(tags=(("env", "*"),), until=date(2026, 6, 29))
    for entry in (asking, expired):
        assert after(WRONG, NAMES, {}, (entry,), TODAY) == Outcome(WRONG)
    assert after(WRONG, NAMES, {}, (exemption(),), TODAY).is_right_only_by_exemption
    # Nor does it expire in a stack that it was never about.
    assert after(WRONG, NAMES, {"env": "x"}, (expired,), TODAY).verdict.message.count("expired on") == 2


def test_without_exemptions_a_verdict_stays_as_it_is() -> None:
    assert after(WRONG, NAMES, TAGS, (), TODAY) == Outcome(WRONG)


def test_what_is_right_or_waits_needs_no_exemption() -> None:
    for verdict in (Verdict(), Verdict(waits_on=("a",))):
        outcome = after(verdict, NAMES, TAGS, (exemption(),), TODAY)
        assert outcome == Outcome(verdict)
        assert not outcome.is_right_only_by_exemption


def test_all_else_of_a_verdict_stays() -> None:
    verdict = Verdict((ROLE_MISSING,), ("a",), (ELSEWHERE,))
    outcome = after(verdict, NAMES, TAGS, (exemption(),), TODAY)
    assert outcome.verdict == Verdict((), ("a",), (ELSEWHERE,))


def test_who_exempted_what() -> None:
    role, all_else = exemption(codes=frozenset({Code.ROLE_MISSING})), exemption("a*")
    outcome = after(WRONG, NAMES, TAGS, (role, all_else), TODAY)
    assert outcome.exempt == ((ROLE_MISSING, role), (DISABLED, all_else))
    assert outcome.verdict == Verdict((), ("somethingElse",))
    assert outcome.is_right_only_by_exemption
    assert not after(WRONG, NAMES, TAGS, (role,), TODAY).is_right_only_by_exemption


def test_an_expired_exemption_is_reported_with_its_date() -> None:
    long_ago, lately = exemption(until=date(2025, 1, 31)), exemption("aud*", until=date(2026, 6, 29))
    outcome = after(WRONG, NAMES, TAGS, (long_ago, lately), TODAY)
    assert outcome.verdict.message == (
        "[role-missing] The role is missing. An exemption from this expired on 2026-06-29.\n"
        "[logging-disabled] It is off. An exemption from this expired on 2026-06-29."
    )
    assert outcome.exempt == ()


def test_an_expired_exemption_says_nothing_of_other_trails_and_problems() -> None:
    expired = exemption(until=date(2025, 1, 31), codes=frozenset({Code.LOGGING_DISABLED}))
    texts = [problem.text for problem in after(WRONG, NAMES, TAGS, (expired,), TODAY).verdict.problems]
    assert texts == ["The role is missing.", "It is off. An exemption from this expired on 2025-01-31."]
    others = replace(expired, trail="other")
    assert after(WRONG, NAMES, TAGS, (others,), TODAY).verdict == WRONG


def test_a_later_exemption_follows_an_expired_one() -> None:
    assert left(exemption(until=date(2025, 1, 31)), exemption(until=date(2026, 12, 31))) == NEITHER


@pytest.mark.parametrize(
    ("name", "fields", "expected", "waits"),
    [
        (UNKNOWN, {"trail": "x*"}, NEITHER, True),
        (UNKNOWN, {"trail": "audit"}, NEITHER, False),
        (UNKNOWN, {"trail": "x*", "stack": "prod"}, BOTH, False),
        (UNKNOWN, {"trail": "x*", "tags": (("env", "prod"),)}, BOTH, False),
        (UNKNOWN, {"trail": "x*", "tags": (("env", "dev"),)}, NEITHER, True),
        (UNKNOWN, {"trail": "x*", "until": date(2026, 6, 29)}, BOTH, False),
        (UNKNOWN, {"trail": "x*", "codes": frozenset({Code.ROLE_MISSING})}, ["logging-disabled"], True),
        (ABSENT, {"trail": "x*"}, BOTH, False),
        (NotText("a list"), {"trail": "x*"}, BOTH, False),
        ("x-1", {"trail": "x*"}, NEITHER, False),
    ],
)
def test_a_name_that_is_not_known_yet_may_be_the_one(
    name: Text, fields: dict[str, Any], expected: list[str], waits: bool
) -> None:
    subject = replace(NAMES, name=name)
    assert left(exemption(**fields), subject=subject) == expected
    outcome = after(WRONG, subject, TAGS, (exemption(**fields),), TODAY)
    assert outcome.verdict.waits_on == (("somethingElse", "name") if waits else ("somethingElse",))
    if waits:
        assert not outcome.is_right_only_by_exemption


@pytest.mark.parametrize(
    ("verdict", "exemptions", "applies"),
    [
        (Verdict(), (), True),
        (Verdict(waits_on=("a",)), (), True),
        (WRONG, (), True),
        (Verdict(doubts=(NO_ROLE,)), (), False),
        (Verdict(waits_on=("a",), doubts=(ELSEWHERE,)), (), True),
        (Verdict(doubts=(Reason.AWS_GIVES_NO_ANSWER.of(why="AWS does not tell"),)), (), True),
        (Verdict((ROLE_MISSING,), doubts=(ELSEWHERE,)), (), True),
        (WRONG, (exemption(),), False),
        (WRONG, (exemption(codes=frozenset({Code.ROLE_MISSING})),), True),
        (WRONG, (exemption("other"),), True),
    ],
)
def test_whether_the_policy_applies(verdict: Verdict, exemptions: tuple[Exemption, ...], applies: bool) -> None:
    assert after(verdict, NAMES, TAGS, exemptions, TODAY).applies is applies


# --- as explained


@pytest.mark.parametrize(
    ("verdict", "exemptions", "expected"),
    [
        (Verdict(), (), "right"),
        (Verdict(), (exemption(),), "right"),
        (Verdict(doubts=(NO_ROLE,)), (), "nothing to check: the trail names no role"),
        (Verdict(waits_on=("a",), doubts=(ELSEWHERE,)), (), "cannot tell: what the role may do is not in this stack"),
        (Verdict((ROLE_MISSING,), doubts=(ELSEWHERE,)), (), "wrong: role-missing"),
        (Verdict((ROLE_MISSING,), ("a",), (ELSEWHERE,)), (exemption(),), "cannot tell: what the role may do is not in this stack; exempt from role-missing: S3 is the record."),
        (Verdict(waits_on=("a", "b", "a")), (), "cannot tell: waits on a and b"),
        (WRONG, (), "wrong: role-missing, logging-disabled"),
        (Verdict((ROLE_MISSING, DISABLED, ROLE_MISSING)), (), "wrong: role-missing, logging-disabled"),
        (WRONG, (exemption(codes=frozenset({Code.ROLE_MISSING})),), "wrong: logging-disabled; exempt from role-missing: S3 is the record."),
        (Verdict((ROLE_MISSING,)), (exemption(until=date(2026, 12, 31)),), "exempt from role-missing until 2026-12-31: S3 is the record."),
        (Verdict((ROLE_MISSING,), ("a",)), (exemption(),), "cannot tell: waits on a; exempt from role-missing: S3 is the record."),
        (Verdict((ROLE_MISSING,)), (exemption(until=date(2025, 1, 31)),), "wrong: role-missing"),
    ],
)  # fmt: skip
def test_what_is_explained(verdict: Verdict, exemptions: tuple[Exemption, ...], expected: str) -> None:
    assert explained(after(verdict, NAMES, TAGS, exemptions, TODAY)) == expected


def test_why_a_policy_does_not_apply() -> None:
    outcome = after(WRONG, NAMES, TAGS, (exemption(),), TODAY)
    assert why_exempt(outcome) == "exempt from role-missing: S3 is the record.; exempt from logging-disabled: S3 is the record."  # fmt: skip


def test_a_reason_is_shortened_and_stays_on_its_line() -> None:
    long = Exemption("*", f"{'x' * 500}\nsecond line")
    text = explained(after(WRONG, NAMES, TAGS, (long,), TODAY))
    assert "\n" not in text
    assert len(text) < 500


def test_of_many_exemptions_the_first_in_the_configuration_counts() -> None:
    by_name, by_pattern, by_other_name = exemption("audit"), exemption("aud*"), exemption("audit-1a2b3c4")
    many = [exemption(f"other-{number}") for number in range(100)]
    for first, *others in permutations((by_name, by_pattern, by_other_name)):
        outcome = after(WRONG, NAMES, TAGS, (*many, first, *many, *others), TODAY)
        assert [found for _, found in outcome.exempt] == [first, first]


def test_an_exemption_by_a_name_that_is_not_known_yet_waits() -> None:
    named_later = replace(NAMES, name=UNKNOWN)
    assert left(exemption("audit-1a2b3c4"), subject=named_later) == NEITHER
    assert left(exemption("audit-1a2b3c4"), subject=replace(NAMES, name=ABSENT)) == BOTH
