"""cloudtrail-role-can-deliver behind the SDK, on the table of policy documents and attachments."""

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pulumi_policy import EnforcementLevel, StackValidationPolicy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from cloudtrail_logs.configuration.settings import CanDeliverSettings
from cloudtrail_logs.model.verdict import Answer, Verdict
from cloudtrail_logs.pulumi.callbacks import Judge, stack_validation
from cloudtrail_logs.rules import role_can_deliver
from cloudtrail_logs.stack.declarations import StackTrail
from tests.analyzers import Analyzer, no_settings
from tests.iam.following_advice import advice_followed
from tests.policies.delivery_cases import (
    AUTHORIZED_ON,
    CASES,
    ENGINE,
    IAM_NAME,
    MANAGED,
    NOTHING_SAID,
    ORGANIZATION,
    PARTITIONS,
    REGISTRY,
    ROLE_POLICY,
    SECRET,
    STREAMS,
    Case,
    Expected,
    Moment,
)
from tests.stacks import STACK, Resource, orders

POLICY = "cloudtrail-role-can-deliver"
SOURCES = (
    "IAM user guide: ",
    IAM_NAME,
    AUTHORIZED_ON,
    ROLE_POLICY,
    STREAMS,
    ORGANIZATION,
    MANAGED,
    REGISTRY,
    PARTITIONS,
    ENGINE,
)


def verdict_on(resources: list[Resource], seen: Callable[[StackTrail], None] = lambda _: None) -> Verdict:
    """The verdict on trail "audit", behind the SDK's own servicer. seen: is called with the trail."""
    verdicts: dict[str, Verdict] = {}

    def judge(given: StackTrail, *_: object) -> Verdict:
        verdict = verdicts[given.resource.name] = role_can_deliver.judge(given, CanDeliverSettings())
        if given.resource.name == "audit":
            seen(given)
        return verdict

    recorded = Judge(POLICY, no_settings, lambda: SimpleNamespace(judge=judge, questions=lambda *_: ()))
    policy = StackValidationPolicy(name=POLICY, description="Recorded.", validate=stack_validation(recorded))
    servicer = _PolicyAnalyzerServicer("pack", "0.0.1", [policy], EnforcementLevel.ADVISORY)
    answer = Analyzer(servicer, {"_context": None}).analyze_stack((STACK, *resources))
    assert answer.can_not_run == ()
    assert "audit" in verdicts, "an exception kept the trail from being judged: see stderr"
    return verdicts["audit"]


def differences(expected: Expected, lines: list[str]) -> list[str]:
    """What the lines of a report lack of what is expected."""
    codes = [line.partition("]")[0].lstrip("[") for line in lines]
    if codes != expected.codes:
        return [f"{codes} instead of {expected.codes}", *lines]
    wanted = [(part, line) for (_, parts), line in zip(expected.lines, lines, strict=True) for part in parts]
    return [f"{part!r} is not in: {line}" for part, line in wanted if part not in line]


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.value)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_the_answer(case: Case, moment: Moment, capfd: pytest.CaptureFixture[str]) -> None:
    resources, expected = case.resources(moment), case.expected(moment)
    verdict = verdict_on(resources)
    assert differences(expected, [problem.line for problem in verdict.problems]) == []
    assert expected.answer in (None, verdict.answer)
    assert SECRET not in verdict.message
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.value)
@pytest.mark.parametrize("case", [case for case in CASES if case.resolved.lines], ids=lambda case: case.rule)
def test_the_advice_of_the_report(case: Case, moment: Moment) -> None:
    def seen(given: StackTrail) -> None:
        place = role_can_deliver.place_of(given.trail, given.log_group_source.only_target)
        if given.delivery_role and case.expected(moment).lines:
            followed.extend(advice_followed(given.trail, given.delivery_role, place))

    followed: list[str] = []
    verdict_on(case.resources(moment), seen)
    assert bool(followed) == bool(case.expected(moment).lines)


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.value)
def test_the_report_of_the_pack(analyzer: Analyzer, moment: Moment) -> None:
    wrong = []
    for case in CASES:
        answer = analyzer.analyze_stack((STACK, *reversed(case.resources(moment))))
        assert answer.can_not_run == ()
        reports = [each.message for each in answer.reports if each.policy == POLICY and each.urn.endswith("::audit")]
        lines = [
            line for report in reports for line in report.replace("`", "").split("\n")
        ]  # as problems, not as Markdown
        wrong += [(case.rule, each) for each in differences(case.expected(moment), lines)]
    assert wrong == []


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.value)
def test_the_answer_is_the_same_in_whatever_order_the_engine_has(moment: Moment) -> None:
    wrong = []
    for case in CASES:
        first, *others = [verdict_on(each) for each in orders(case.resources(moment))]
        wrong += [(case.rule, first.message, each.message) for each in others if each != first]
    assert wrong == []


def test_the_table_is_a_specification() -> None:
    assert len(CASES) >= 120
    assert [rule for rule, count in Counter(case.rule for case in CASES).items() if count > 1] == []
    assert [case.rule for case in CASES if not case.source.startswith(SOURCES)] == []
    for moment in Moment:
        answers = Counter(case.expected(moment).answer for case in CASES)
        assert min(answers[answer] for answer in Answer) > 30
    assert [case.rule for case in CASES if (case.resolved == NOTHING_SAID) != (case.preview == NOTHING_SAID)] == []


def test_nothing_right_after_the_update_is_reported_before() -> None:
    assert [case.rule for case in CASES if case.preview.lines and not case.resolved.lines] == []
