"""What a remediation sets on a trail: the fixes of the problems that are reported, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..model.verdict import Problem


def fixes(reported: Sequence[Problem]) -> Mapping[str, str]:
    """The properties to set, in the provider's spelling, with their new values. Empty where nothing can be fixed.

    reported: the problems of one trail that its policy reports, so not those that are exempt.
    """
    fixed = {problem.code for problem in reported if problem.fix}
    changes: dict[str, str] = {}
    for problem in reported:
        if problem.fixed_with is None or problem.fixed_with in fixed:
            changes.update(problem.fix)
    return changes
