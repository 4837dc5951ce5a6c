"""What is not foreseen: one trail that cannot be judged is said on stderr, and never hides another's report."""

import gc
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from pulumi_policy import PolicyResource, ResourceValidationPolicy, StackValidationPolicy

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.configuration.reader import Configuration
from cloudtrail_logs.configuration.settings import Settings
from cloudtrail_logs.judgement import outcomes
from cloudtrail_logs.model.verdict import Code, Problem, Verdict
from cloudtrail_logs.pulumi import validation
from cloudtrail_logs.pulumi.callbacks import (
    Judge,
    resource_remediation,
    resource_validation,
    stack_validation,
)
from cloudtrail_logs.stack.declarations import StackTrail
from tests.analyzers import Analyzer, in_process, no_settings, of_policies
from tests.stacks import LOG_GROUP_ARN, log_group, role, trail

WRONG = Verdict((Problem(Code.ROLE_MISSING, "text"),))
URN = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::"


def judge_all_but_broken(given: StackTrail, *_: object) -> Verdict:
    if given.resource.name == "broken":
        raise ValueError("hunter2")
    return WRONG


def policy_with(judge: Callable[..., Verdict], read: Any = no_settings) -> Judge:
    """A policy named p with this rule."""
    return Judge("p", read, lambda: SimpleNamespace(judge=judge, questions=lambda *_: ()))


def broken(*_: object) -> NoReturn:
    raise KeyError("hunter2")


def right(*_: object) -> Verdict:
    return Verdict()


def wrong(*_: object) -> Verdict:
    return WRONG


def analyzer(*policies: ResourceValidationPolicy | StackValidationPolicy) -> Analyzer:
    return of_policies(list(policies))


def test_a_trail_of_a_stack(capfd: pytest.CaptureFixture[str]) -> None:
    policy = StackValidationPolicy("p", "d", stack_validation(policy_with(judge_all_but_broken)))
    reports = analyzer(policy).analyze_stack([trail("a"), trail("broken"), trail("c")]).reports
    assert [report.urn for report in reports] == [f"{URN}a", f"{URN}c"]
    said = capfd.readouterr()
    assert said.out == ""
    assert (
        said.err
        == f"p: {URN}broken was not checked: ValueError (judge_all_but_broken, line {judge_all_but_broken.__code__.co_firstlineno + 2}). Please report this.\n"
    )


def test_a_policy_applies_to_a_stack_whose_only_trail_is_not_judged(capfd: pytest.CaptureFixture[str]) -> None:
    policy = StackValidationPolicy("p", "d", stack_validation(policy_with(judge_all_but_broken)))
    assert analyzer(policy).analyze_stack([trail("broken")]).not_applicable == {}
    assert "was not checked" in capfd.readouterr().err


def test_a_day_is_a_day_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        @staticmethod
        def now(zone: tzinfo | None = None) -> datetime:
            late = datetime(2026, 6, 30, 23, 30, tzinfo=timezone.utc)
            return late.astimezone(zone or timezone(timedelta(hours=14)))

    def last_day(given: Mapping[str, Any]) -> Configuration[Settings]:
        return Configuration(Settings((Exemption("*", "Decided.", until=date(2026, 6, int(given["day"]))),)))

    monkeypatch.setattr(validation, "datetime", Clock)
    policy = ResourceValidationPolicy("p", "d", resource_validation(policy_with(wrong, last_day)))
    for day, reports in ((30, 0), (29, 1)):
        analyzing = analyzer(policy)
        analyzing.configure({}, {"p": {"day": day}})
        assert len(analyzing.analyze(trail("a")).reports) == reports


def test_a_resource(capfd: pytest.CaptureFixture[str]) -> None:
    policy = ResourceValidationPolicy("p", "d", resource_validation(policy_with(broken)))
    answer = analyzer(policy).analyze(trail("a"))
    assert (answer.reports, answer.not_applicable) == ((), {})
    assert (
        capfd.readouterr().err
        == f"p: {URN}a was not checked: KeyError (broken, line {broken.__code__.co_firstlineno + 1}). Please report this.\n"
    )


def test_a_remediation(capfd: pytest.CaptureFixture[str]) -> None:
    remediation = resource_remediation(policy_with(broken))
    validating = resource_validation(policy_with(right))
    policy = ResourceValidationPolicy("p", "d", validating, remediate=remediation)
    remediating = analyzer(policy)
    remediating.configure({"p": "REMEDIATE"})
    assert remediating.remediate(trail("a")) == ([], {})
    assert (
        capfd.readouterr().err
        == f"p: {URN}a was not checked: KeyError (broken, line {broken.__code__.co_firstlineno + 1}). Please report this.\n"
    )


def test_nothing_holds_on_to_a_stack_once_it_is_judged() -> None:
    pack = in_process()
    resources = [log_group(), role(), trail("a"), trail("b", cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}-2:*")]
    gc.collect()
    gc.disable()
    try:
        assert pack.analyze_stack(resources).reports
        assert [each for each in gc.get_objects() if isinstance(each, PolicyResource)] == []
    finally:
        gc.enable()


def test_a_configuration_is_read_once_and_again_when_it_changes() -> None:
    given: list[Any] = []

    def read(properties: Mapping[str, Any]) -> Configuration[Settings]:
        given.append(dict(properties))
        return no_settings(properties)

    policy = ResourceValidationPolicy("p", "d", resource_validation(policy_with(wrong, read)))
    analyzing = analyzer(policy)
    for properties in ({"a": 1}, {"a": True}, {"a": True}, {"a": 1}, {"a": [{"b": "c"}]}):
        analyzing.configure({}, {"p": properties})
        for _ in range(3):
            assert len(analyzing.analyze(trail("a")).reports) == 1
    assert given == [{"a": 1.0}, {"a": True}, {"a": 1.0}, {"a": [{"b": "c"}]}]
    assert [type(each["a"]) for each in given] == [float, bool, float, list]


def test_a_stack_that_must_have_a_trail_is_explained(capfd: pytest.CaptureFixture[str]) -> None:
    pack = in_process()
    name = "cloudtrail-log-group-and-role-exist"
    exemption = {"trail": "*", "reason": "Decided.", "codes": ["no-trail"]}
    for more, decision in (({}, "wrong: no-trail"), ({"exemptions": [exemption]}, "exempt from no-trail: Decided.")):
        pack.configure({}, {name: {"requireTrail": ["shop/*"], "explain": True, **more}})
        pack.analyze_stack([role()])
        assert capfd.readouterr().err == f"{name}: the stack: {decision}\n"


def test_a_required_trail_that_cannot_be_judged(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pack = in_process()
    pack.configure({}, {"cloudtrail-log-group-and-role-exist": {"requireTrail": ["shop/*"]}})
    monkeypatch.setattr(outcomes, "after_exemptions", broken)
    answer = pack.analyze_stack([role()])
    assert answer.reports == ()
    assert "cloudtrail-log-group-and-role-exist" not in answer.not_applicable
    assert "the stack was not checked: KeyError (broken, line " in capfd.readouterr().err
