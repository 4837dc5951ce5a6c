"""What a remediation sets on a trail: only what is surely right, and only where something is reported."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final

from ..configuration.exemptions import Subject
from ..configuration.proposal import Proposal, Templates, propose, with_values
from ..model.arn import WILDCARD
from ..model.trail import Trail
from ..model.verdict import Code, Verdict
from .cloudwatch_logs_integrated import judge_integration

# What is mended beside it, and what has nothing to do with ARNs.
_OF_NO_MATTER: Final = frozenset({Code.LOG_GROUP_ARN_WITHOUT_WILDCARD, Code.LOGGING_DISABLED})
_LACKING: Final = frozenset({Code.NOT_INTEGRATED, Code.LOG_GROUP_MISSING, Code.ROLE_MISSING})


def proposal_for(trail: Trail, templates: Templates, subject: Subject) -> Proposal:
    """What the templates give for what a trail lacks; nothing where the trail would be wrong with it all the same."""
    proposal = propose(trail, templates, subject)
    if not proposal.values:
        return proposal
    left = _codes(judge_integration(with_values(trail, proposal))) - _OF_NO_MATTER
    if not left:
        return proposal
    listed = ", ".join(f"[{code.value}]" for code in sorted(left))
    return Proposal(obstacle=f"What is configured is not filled in, since this trail would have {listed} with it.")


def remedy(trail: Trail, proposal: Proposal, reported: Set[Code]) -> Mapping[str, str]:
    """The properties to set, in the provider's spelling, with their new values; empty where there is nothing to mend.

    reported: the problems that the policy reports, so not those that are exempt. A log group's ARN gets the `:*` that
    it lacks, and an ARN that is not set what the configuration proposes, unless its log group's ARN stays bare.
    All else stays as it is.
    """
    changes: dict[str, str] = {}
    # What the program ignores changes of would be kept in the state and never reach AWS (Pulumi engine).
    mended = Code.LOG_GROUP_ARN_WITHOUT_WILDCARD in reported and trail.spelling.log_group_arn not in trail.ignored
    if mended:
        changes[trail.spelling.log_group_arn] = f"{trail.log_group_arn}{WILDCARD}"
    if _LACKING & reported and (mended or Code.LOG_GROUP_ARN_WITHOUT_WILDCARD not in _codes(judge_integration(trail))):
        changes.update(proposal.values)
    return changes


def _codes(verdict: Verdict) -> frozenset[Code]:
    return frozenset(problem.code for problem in verdict.problems)
