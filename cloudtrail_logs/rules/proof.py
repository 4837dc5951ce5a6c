"""Part of the rules that ask nobody: what cannot be told although all is known, as problems (`requireProof`)."""

from __future__ import annotations

from dataclasses import replace

from ..configuration.settings import ProvableSettings
from ..model.reasons import Settled
from ..model.verdict import Code, Problem, Verdict


def with_proof(verdict: Verdict, settings: ProvableSettings) -> Verdict:
    """The verdict, with a problem for each doubt that the author can settle, where the settings require proof."""
    if not settings.require_proof:
        return verdict
    unproven = [each for each in verdict.doubts if each.reason.settled is Settled.AUTHOR]
    if not unproven:
        return verdict
    more = (Problem(Code.NOT_PROVEN, each.unproven) for each in unproven)
    return replace(verdict, problems=(*verdict.problems, *more))
