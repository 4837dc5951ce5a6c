"""What a policy decided about a trail, as one line for those who ask for it with `explain`."""

from __future__ import annotations

from typing import Final

from ..configuration.exemptions import Exemption, Outcome
from ..model.quoting import shown
from ..model.verdict import Answer, Problem, Verdict

_LONGEST_REASON: Final = 200


def explained(outcome: Outcome) -> str:
    """The decision: wrong with its codes, right, cannot tell and on what it waits; exempt, from what and why."""
    parts = [_decision(outcome), *(_exempt(problem, exemption) for problem, exemption in outcome.exempt)]
    return "; ".join(filter(None, parts))


def why_exempt(outcome: Outcome) -> str:
    """Why a policy does not apply to a trail that is right only by its exemptions."""
    return "; ".join(_exempt(problem, exemption) for problem, exemption in outcome.exempt)


def why_undecided(verdict: Verdict) -> str:
    """Why a verdict is neither right nor wrong, as a phrase; empty where it is."""
    if verdict.remark or verdict.answer is not Answer.CANNOT_TELL:
        return verdict.remark
    return f"waits on {' and '.join(dict.fromkeys(verdict.waits_on))}"


def _decision(outcome: Outcome) -> str:
    verdict = outcome.verdict
    if verdict.answer is Answer.WRONG:
        return f"wrong: {', '.join(dict.fromkeys(problem.code.value for problem in verdict.problems))}"
    if why := why_undecided(verdict):
        return f"{'cannot tell' if verdict.answer is Answer.CANNOT_TELL else 'nothing to check'}: {why}"
    return "" if outcome.exempt else "right"


def _exempt(problem: Problem, exemption: Exemption) -> str:
    until = f" until {exemption.until}" if exemption.until else ""
    return f"exempt from {problem.code.value}{until}: {shown(exemption.reason, _LONGEST_REASON)}"
