"""What a policy decided, as evidence says it."""

from __future__ import annotations

from ..configuration.exemptions import Outcome
from ..model.quoting import enumerated
from ..model.verdict import Answer, Problem, Verdict
from ..report.explanation import why_undecided
from .evidence import Excepted, Exempted, Finding, PolicyAnswer, Standing


def answer_of(policy: str, level: str, outcome: Outcome, exceptions: tuple[Excepted, ...] = ()) -> PolicyAnswer:
    """What a policy says. exceptions: of Pulumi's own, that cover what it reports."""
    verdict = outcome.verdict
    covering = exceptions if verdict.problems else ()
    return PolicyAnswer(
        policy=policy,
        standing=_standing(outcome, bool(covering)),
        level=level,
        findings=tuple(_finding(each) for each in verdict.problems),
        exempted=tuple(
            Exempted(_finding(problem), by.trail, by.reason, str(by.until or "")) for problem, by in outcome.exempt
        ),
        exceptions=covering,
        why="" if verdict.problems else _why(verdict),
    )


def _why(verdict: Verdict) -> str:
    """Why it is neither right nor wrong. In a state, nothing waits for an update."""
    if verdict.waits_on and not verdict.remark:
        properties = enumerated(list(dict.fromkeys(verdict.waits_on)), "and")
        if verdict.heading:  # of a trail in a template
            return f"its template does not show {properties}, which only CloudFormation can resolve"
        return f"the state does not show {properties}: encrypted, or left out"
    return why_undecided(verdict)


def _standing(outcome: Outcome, is_excepted: bool) -> Standing:
    if outcome.verdict.problems:
        return Standing.EXCEPTED if is_excepted else Standing.WRONG
    if outcome.exempt:
        return Standing.EXEMPT
    if outcome.verdict.answer is Answer.CANNOT_TELL:
        return Standing.CANNOT_TELL
    return Standing.NOTHING_TO_CHECK if outcome.verdict.doubts else Standing.RIGHT


def _finding(problem: Problem) -> Finding:
    return Finding(problem.code.value, problem.text)
