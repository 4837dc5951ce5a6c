"""Exemptions: which problems of which trails an organization has decided to live with, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..model.trail import TrailNames
from ..model.value import UNKNOWN, Truth
from ..model.verdict import Answer, Code, Problem, Verdict
from .glob import glob_matches, has_wildcard


@dataclass(frozen=True)
class Exemption:
    """One exemption."""

    trail: str
    """A glob pattern on the trail's name in Pulumi or in AWS, or on its logical id in a template."""
    reason: str
    project: str = "*"
    """A glob pattern on the Pulumi project."""
    stack: str = "*"
    """A glob pattern on the Pulumi stack."""
    tags: tuple[tuple[str, str], ...] = ()
    """Names of tags that the Pulumi stack must all have, each with a glob pattern on its value."""
    codes: frozenset[Code] | None = None
    """The problems that it exempts from; None for all."""
    until: date | None = None
    """Its last day (UTC, inclusive); None for ever."""

    def is_active(self, today: date) -> bool:
        """Whether it still holds on that day (UTC)."""
        return self.until is None or today <= self.until

    def has(self, code: Code) -> bool:
        """Whether it is about this problem."""
        return self.codes is None or code in self.codes

    def is_about(self, names: TrailNames, stack_tags: Mapping[str, str]) -> Truth:
        """Whether it is about this trail, in a stack with these tags: maybe, where only an unknown name can tell."""
        if not (glob_matches(self.project, names.project) and glob_matches(self.stack, names.stack)):
            return Truth.NO
        if not all(name in stack_tags and glob_matches(value, stack_tags[name]) for name, value in self.tags):
            return Truth.NO
        if any(glob_matches(self.trail, name) for name in names.known):
            return Truth.YES
        return Truth.MAYBE if names.name is UNKNOWN else Truth.NO


@dataclass(frozen=True)
class Outcome:
    """A verdict after the exemptions."""

    verdict: Verdict
    """What is left of it."""
    exempt: tuple[tuple[Problem, Exemption], ...] = ()
    """The problems that were taken out of it, each with the exemption that did it."""

    @property
    def applies(self) -> bool:
        """Whether the policy has an answer about the trail: not where it is exempt, or there is nothing to check."""
        nothing_to_judge = self.verdict.answer is Answer.RIGHT and bool(self.verdict.doubts)
        return not self.is_right_only_by_exemption and not nothing_to_judge

    @property
    def is_right_only_by_exemption(self) -> bool:
        """Whether the exemptions took away all that was wrong. What still waits is judged once it is known."""
        return bool(self.exempt) and not self.verdict.problems


class Exemptions:
    """The exemptions of a configuration: of very many, each trail asks only those that may be about it."""

    def __init__(self, exemptions: Sequence[Exemption]) -> None:
        self._exemptions = exemptions
        self._by_name: dict[str, list[int]] = {}
        self._by_pattern: list[int] = []
        for place, each in enumerate(exemptions):
            places = self._by_pattern if has_wildcard(each.trail) else self._by_name.setdefault(each.trail, [])
            places.append(place)

    def about(self, names: TrailNames, stack_tags: Mapping[str, str]) -> list[tuple[Exemption, Truth]]:
        """Those that are about a trail of a stack with these tags, or may be, in their order."""
        if names.name is UNKNOWN:
            candidates: Iterable[int] = range(len(self._exemptions))
        else:
            by_name = (place for name in names.known for place in self._by_name.get(name, ()))
            candidates = sorted({*self._by_pattern, *by_name})
        found = (self._exemptions[place] for place in candidates)
        return [(each, truth) for each in found if (truth := each.is_about(names, stack_tags)) is not Truth.NO]


def after_exemptions(
    verdict: Verdict,
    names: TrailNames,
    stack_tags: Mapping[str, str],
    exemptions: Exemptions,
    today: date,
) -> Outcome:
    """What the exemptions leave of a verdict.

    stack_tags: of the trail's stack; empty where they are not known, so what asks for a tag does not apply. today: the
    day in UTC.

    A problem whose exemption has expired stays, and its text says when that was. Where it takes an unknown name to tell
    whether a problem is exempt, it is not reported but waited for.
    """
    about = exemptions.about(names, stack_tags) if verdict.problems else []
    if not about:
        return Outcome(verdict)
    left: list[Problem] = []
    exempt: list[tuple[Problem, Exemption]] = []
    waits = False
    for problem in verdict.problems:
        covering = [(each, truth) for each, truth in about if each.has(problem.code)]
        active = [(each, truth) for each, truth in covering if each.is_active(today)]
        if by := next((each for each, truth in active if truth is Truth.YES), None):
            exempt.append((problem, by))
        elif active:
            waits = True
        else:
            left.append(_with_expiry(problem, [each for each, truth in covering if truth is Truth.YES]))
    waits_on = (*verdict.waits_on, *((names.name_property,) if waits else ()))
    return Outcome(replace(verdict, problems=tuple(left), waits_on=waits_on), tuple(exempt))


def _with_expiry(problem: Problem, expired: Sequence[Exemption]) -> Problem:
    last = max((each.until for each in expired if each.until), default=None)
    return replace(problem, text=f"{problem.text} An exemption from this expired on {last}.") if last else problem
