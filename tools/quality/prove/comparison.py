"""The pack's answers about a case beside those of the solver."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from cloudtrail_logs.iam.document import read_document
from cloudtrail_logs.iam.evaluation import Decision, allows
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.iam.wildcard import AnyDigits, Subject
from cloudtrail_logs.model.value import UNKNOWN, Truth
from cloudtrail_logs.model.verdict import Verdict
from cloudtrail_logs.rules.role_can_deliver import judge_role
from tests.rules.trails import trail

from .cases import Case
from .languages import Bounds
from .solver import Solver, UndecidedError
from .streams import MEMBER, UNKNOWN_PARTS, Part, Stream, group_of, members_stream, own_stream

_TRUST: Final = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
_NAMED: Final = re.compile(r"not allowed to call (\S+(?: and \S+)?) on stream (\S+) of (?:its )?log group")
_EXAMPLE: Final = re.compile(r"This is for (organization|account|region) (\S+); for any other, a call is denied")
_PLACEHOLDER: Final = re.compile(f"({'|'.join([*UNKNOWN_PARTS, MEMBER.name])})")

ANSWERS: Final = len(ACTIONS) + 1  # about a case: on each action, and on the trail

Allows = Callable[[Permissions, str, Sequence[Subject]], Decision]
Judge = Callable[[Case], Verdict]


def judged(case: Case) -> Verdict:
    """The pack's answer about the trail of a case, whose role trusts CloudTrail."""
    role = DeliveryRole("delivery", read_document({"Statement": _TRUST}), case.permissions)
    return judge_role(trail(organization=case.organization), role, case.place)


@dataclass
class Findings:
    """What came of comparing."""

    counts: Counter[str] = field(default_factory=Counter)
    """The answers that were compared, by what came of it."""
    differences: list[str] = field(default_factory=list)
    """In words, each with its case."""
    imprecise: list[str] = field(default_factory=list)
    """The same of the answers that are less precise than those of the solver."""

    def add(self, others: Findings) -> None:
        """Add those of other cases."""
        self.counts += others.counts
        self.differences += others.differences
        self.imprecise += others.imprecise


def not_finished(case: Case) -> Findings:
    """What is found of a case on which the solver does not even stop."""
    return Findings(Counter(cases=1, documents=case.documents, undecided=ANSWERS))


@dataclass
class Comparison(Findings):
    """Compares, counts, and keeps the differences. allows, judge: the pack's answers, to be replaced in tests."""

    solver: Solver = field(default_factory=Solver)
    allows: Allows = allows
    judge: Judge = judged

    def compare(self, case: Case) -> None:
        """Compare all answers about a case."""
        self.counts["cases"] += 1
        self.counts["documents"] += case.documents
        _OfCase(self, case).compare()

    def count(self, what: str, case: Case, answer: Truth, expected: Truth) -> None:
        """Count an answer of the pack about an action or a trail. expected: the solver's."""
        self.counts["answers"] += 1
        if answer is expected:
            self.counts[f"both say {answer.value}"] += 1
        elif answer is Truth.MAYBE:
            self.counts["less precise"] += 1
            self.imprecise.append(f"{case.name}: {what}: maybe, the solver says {expected.value}: {case.text}")
        else:
            self.differ(case, f"{what}: {answer.value}, the solver says {expected.value}")

    def differ(self, case: Case, what: str) -> None:
        """Keep a difference."""
        self.counts["differences"] += 1
        self.differences.append(f"{case.name}: {what}: {case.text}")


class _OfCase:
    """The comparison of one case."""

    def __init__(self, whole: Comparison, case: Case) -> None:
        self.whole, self.case = whole, case
        self.allowed: Mapping[str, Bounds] = {action: case.role.allowed(action) for action in ACTIONS}
        self.own = own_stream(case.known_place)
        self.every = (self.own, members_stream(case.known_place))
        # Without the members' streams where it is not known whether there are any.
        self.certain = self.every if case.organization is True else (self.own,)
        self.possible = self.every if case.organization in (True, UNKNOWN) else (self.own,)

    def compare(self) -> None:
        place = self.case.place
        known = (place.partition, place.region, place.account, place.name)
        subjects = log_streams(*known, of_organization=self.case.organization is True)
        answers = {action: self.whole.allows(self.case.permissions, action, subjects) for action in ACTIONS}
        for action, decision in answers.items():
            self._decided(partial(self._compare_action, action, decision))
        self._decided(self._compare_report)

    def _decided(self, compare: Callable[[], None]) -> None:
        try:
            compare()
        except UndecidedError:
            self.whole.counts["undecided"] += 1

    def _compare_action(self, action: str, decision: Decision) -> None:
        expected = self._expected([action], self.certain, self.certain)
        self.whole.count(action, self.case, decision.allowed, expected)
        if decision.refused:
            self._check_named([action], _stream(decision.refused), decision.refused.shown)

    def _compare_report(self) -> None:
        verdict = self.whole.judge(self.case)
        answer = Truth.NO if verdict.problems else Truth.MAYBE if verdict.waits_on else Truth.YES
        self.whole.count("the trail", self.case, answer, self._expected(ACTIONS, self.possible, self.certain))
        for problem in verdict.problems:
            named = _NAMED.search(problem.text)
            if not named:
                raise ValueError(f"a text that names no stream: {problem.text}")
            example = _EXAMPLE.search(problem.text)
            place = dict(self.case.known_place)
            if example:
                place[example[1].upper()] = example[2].removeprefix("o-")
            stream = (*group_of(place), *_stream_named(named[2], place))
            self._check_named(named[1].split(" and "), stream, named[2])

    def _expected(self, actions: Sequence[str], possible: Sequence[Stream], certain: Sequence[Stream]) -> Truth:
        """The solver's answer. possible: all streams that there may be; certain: those that there are."""
        asked = [(self.allowed[action], stream) for action in actions for stream in possible]
        if self.whole.solver.allows_all(asked):
            return Truth.YES
        asked = [(self.allowed[action], stream) for action in actions for stream in certain]
        return Truth.NO if self.whole.solver.refuses_one(asked) else Truth.MAYBE

    def _check_named(self, actions: Sequence[str], stream: Stream, shown: str) -> None:
        for action in actions:
            self.whole.counts["named streams"] += 1
            if not self.whole.solver.refuses_one([(self.allowed[action], stream)]):
                self.whole.differ(self.case, f"{action} is named as refused on {shown}, which it is not")


def _stream(subject: Subject) -> Stream:
    """A stream that the pack returns, with the digits that a message shows of it."""
    parts: list[Part] = []
    for part in subject.parts:
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, AnyDigits):
            parts.append(part.shown if part.shown.isdecimal() else MEMBER)
        else:
            parts.append(UNKNOWN_PARTS[part.shown])
    return tuple(parts)


def _stream_named(name: str, place: Mapping[str, str]) -> Stream:
    """The name of a stream in a message. place: what is known."""
    free: dict[str, Part] = {**UNKNOWN_PARTS, MEMBER.name: MEMBER, **place}
    return tuple(free.get(piece, piece) for piece in _PLACEHOLDER.split(name) if piece)
