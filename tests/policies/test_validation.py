"""What is not foreseen: one trail that cannot be judged is said on stderr, and never hides another's report."""

import pytest
from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy

from cloudtrail_logs.pulumi_view.remediation import resource_remediation
from cloudtrail_logs.pulumi_view.validation import resource_validation, stack_validation
from cloudtrail_logs.verdict import Code, Problem, Verdict
from tests.analyzers import Analyzer, of_policies
from tests.stacks import trail

WRONG = Verdict((Problem(Code.ROLE_MISSING, "text"),))
URN = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::"


def judge_all_but_broken(_: object, resource: object) -> Verdict:
    if getattr(resource, "name", "") == "broken":
        raise ValueError("hunter2")
    return WRONG


def broken(_: object) -> Verdict:
    raise KeyError("hunter2")


def analyzer(*policies: ResourceValidationPolicy | StackValidationPolicy) -> Analyzer:
    return of_policies(list(policies))


def test_a_trail_of_a_stack(capfd: pytest.CaptureFixture[str]) -> None:
    policy = StackValidationPolicy("p", "d", stack_validation("p", judge_all_but_broken))
    reports = analyzer(policy).analyze_stack([trail("a"), trail("broken"), trail("c")]).reports
    assert [report.urn for report in reports] == [f"{URN}a", f"{URN}c"]
    said = capfd.readouterr()
    assert said.out == ""
    assert (
        said.err == f"p: {URN}broken was not judged: ValueError (judge_all_but_broken, line 18). Please report this.\n"
    )


def test_a_resource(capfd: pytest.CaptureFixture[str]) -> None:
    policy = ResourceValidationPolicy("p", "d", resource_validation("p", broken))
    answer = analyzer(policy).analyze(trail("a"))
    assert (answer.reports, answer.not_applicable) == ((), {})
    assert capfd.readouterr().err == f"p: {URN}a was not judged: KeyError (broken, line 23). Please report this.\n"


def test_a_remediation(capfd: pytest.CaptureFixture[str]) -> None:
    policy = ResourceValidationPolicy(
        "p", "d", resource_validation("p", broken), remediate=resource_remediation("p", broken)  # type: ignore[arg-type]
    )  # fmt: skip
    remediating = analyzer(policy)
    remediating.configure({"p": "REMEDIATE"})
    assert remediating.remediate(trail("a")) == ([], {})
    assert capfd.readouterr().err == f"p: {URN}a was not judged: KeyError (broken, line 23). Please report this.\n"
