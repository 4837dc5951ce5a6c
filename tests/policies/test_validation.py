"""What is not foreseen: one trail that cannot be judged is said on stderr, and never hides another's report."""

import gc
from typing import NoReturn

import pytest
from pulumi_policy import PolicyResource, ResourceValidationPolicy, StackValidationPolicy

from cloudtrail_logs.pulumi_view.remediation import resource_remediation
from cloudtrail_logs.pulumi_view.validation import resource_validation, stack_validation
from cloudtrail_logs.verdict import Code, Problem, Verdict
from tests.analyzers import Analyzer, in_process, no_settings, of_policies
from tests.stacks import LOG_GROUP_ARN, log_group, role, trail

WRONG = Verdict((Problem(Code.ROLE_MISSING, "text"),))
URN = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::"


def judge_all_but_broken(_: object, resource: object, settings: object) -> Verdict:
    if getattr(resource, "name", "") == "broken":
        raise ValueError("hunter2")
    return WRONG


def broken(*_: object) -> NoReturn:
    raise KeyError("hunter2")


def right(*_: object) -> Verdict:
    return Verdict()


def wrong(*_: object) -> Verdict:
    return WRONG


def analyzer(*policies: ResourceValidationPolicy | StackValidationPolicy) -> Analyzer:
    return of_policies(list(policies))


def test_a_trail_of_a_stack(capfd: pytest.CaptureFixture[str]) -> None:
    policy = StackValidationPolicy("p", "d", stack_validation("p", no_settings, judge_all_but_broken))
    reports = analyzer(policy).analyze_stack([trail("a"), trail("broken"), trail("c")]).reports
    assert [report.urn for report in reports] == [f"{URN}a", f"{URN}c"]
    said = capfd.readouterr()
    assert said.out == ""
    assert (
        said.err
        == f"p: {URN}broken was not judged: ValueError (judge_all_but_broken, line {judge_all_but_broken.__code__.co_firstlineno + 2}). Please report this.\n"
    )


def test_a_resource(capfd: pytest.CaptureFixture[str]) -> None:
    policy = ResourceValidationPolicy("p", "d", resource_validation("p", no_settings, broken))
    answer = analyzer(policy).analyze(trail("a"))
    assert (answer.reports, answer.not_applicable) == ((), {})
    assert (
        capfd.readouterr().err
        == f"p: {URN}a was not judged: KeyError (broken, line {broken.__code__.co_firstlineno + 1}). Please report this.\n"
    )


def test_a_remediation(capfd: pytest.CaptureFixture[str]) -> None:
    validation = resource_validation("p", no_settings, right)
    remediation = resource_remediation("p", no_settings, wrong, broken)
    policy = ResourceValidationPolicy("p", "d", validation, remediate=remediation)
    remediating = analyzer(policy)
    remediating.configure({"p": "REMEDIATE"})
    assert remediating.remediate(trail("a")) == ([], {})
    assert (
        capfd.readouterr().err
        == f"p: {URN}a was not judged: KeyError (broken, line {broken.__code__.co_firstlineno + 1}). Please report this.\n"
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
