"""Judges the trails of one state, as `pulumi policy analyze` does with the same configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any, Final

from ..configuration.exemptions import Exemption, Outcome
from ..configuration.settings import Settings
from ..judgement.found_trails import FoundTrails, find_trails
from ..judgement.lookups import look_up
from ..judgement.outcomes import in_stack, in_template, of_trail, required_trail
from ..model.aws_answers import Unavailable
from ..model.quoting import quoted_label
from ..model.verdict import Problem, Verdict
from ..rules.trail_in_stack import Answers
from ..stack.declarations import Stack, StackTrail
from ..stack.resource import Resource
from ..stack.resource_types import (
    DEPLOYING_TYPES,
    LANDING_ZONE_TYPES,
    LOG_GROUP_TYPES,
    ROLE_TYPES,
    STACK_TYPE,
    TEMPLATE_TYPES,
    TRAIL_TYPES,
)
from ..stack.trail import is_only_read, is_trail, names_of, stack_of, trail_from
from .answers import answer_of
from .evidence import Elsewhere, Excepted, Place, PolicyAnswer, StackRow, Standing, TrailRow, written_in_utc
from .join import Links
from .references import exports_of, references_of
from .remedy import remedy_in_stack
from .state_resources import INPUTS, OUTPUTS, StateResources
from .states import State
from .ties import accounts_of, keys_of, ties_of

_MAY_BE_ONLY_READ: Final = DEPLOYING_TYPES | {*TRAIL_TYPES, *ROLE_TYPES}
_EXISTENCE: Final = "cloudtrail_logs.rules.log_group_and_role_exist"
_NOT_ASKED: Final = Unavailable("AWS is only asked with --ask-aws")
_LANDING_ZONE: Final = "AWS makes the trails of a landing zone, and the stack does not show them."
# As Pulumi writes it: project:///infra/__main__.py#17,9 (`proto/pulumi/source.proto`).
_POSITION: Final = re.compile(r"(?:project|file)://(/[^#]*)#([0-9]{1,9})(?:,([0-9]{1,9}))?")
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)")
_Key = tuple[str, str]


@dataclass(frozen=True)
class Policy:
    """A policy that is not disabled, as a process needs it that judges states."""

    name: str
    level: str
    """advisory or mandatory."""
    rule: str
    """The name of the module of its rule."""
    settings: Settings
    of_stack: bool
    """Whether its rule looks at whole stacks."""


@dataclass(frozen=True)
class Terms:
    """By what states are judged."""

    policies: tuple[Policy, ...]
    today: date
    """In UTC."""
    exceptions: Mapping[tuple[str, str], tuple[Excepted, ...]] = field(default_factory=dict)
    """Pulumi's own exceptions, by policy and URN."""
    ask_aws: bool = False
    """Whether the settings that ask AWS do so."""


@dataclass(frozen=True)
class JudgedState:
    """What one state has."""

    row: StackRow
    trails: tuple[TrailRow, ...] = ()
    used: frozenset[tuple[str, Exemption]] = frozenset()
    """The exemptions that took a problem away, each with its policy."""
    links: Links = field(default_factory=Links)


@dataclass(frozen=True)
class Around:
    """What only the fleet knows of a state."""

    resources: Sequence[Resource] = ()
    """What other stacks declare that its trails name."""
    places: Mapping[str, Sequence[Elsewhere]] = field(default_factory=dict)
    """Where each key of what its trails name is declared (`ties`)."""
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    """What is wrong with its trails besides, by URN: of the policy that asks whether their log group and role exist."""


def judge_state(state: State, path: str, terms: Terms, stack: str = "", around: Around | None = None) -> JudgedState:
    """Judges a state. path: of its file. stack: its name where whoever exported it says it, else as its URNs say.

    Raises RecursionError where a value is nested too deeply.
    """
    return _Judging(state, path, terms, stack, around or Around()).judged()


class _Judging:
    """The judging of one state."""

    def __init__(self, state: State, path: str, terms: Terms, stack: str, around: Around) -> None:
        self._path, self._terms, self._around = path, terms, around
        self._given = {each["urn"]: each for each in state.resources}
        self._time = in_utc(state.time)
        self._inputs = StateResources(state, INPUTS).all
        self._state = state
        self._resources = StateResources(state, OUTPUTS)
        if around.resources:
            self._resources.set_accounts(accounts_of(self._resources))
        self._outputs = self._resources.all
        self._stack = stack or stack_name(state)
        self._only_read = {each.urn for each in self._inputs if each.type in _MAY_BE_ONLY_READ and is_only_read(each)}
        self._used: set[tuple[str, Exemption]] = set()
        self._rows: dict[_Key, TrailRow] = {}
        self._answers: dict[_Key, list[PolicyAnswer]] = {}
        self._problems: dict[_Key, list[Problem]] = {}

    def judged(self) -> JudgedState:
        found = self._found()
        for trail in found.trails:
            self._add_row(trail.resource, trail)
        of_stack: list[PolicyAnswer] = []
        for policy in self._terms.policies:
            rule = import_module(policy.rule)
            if policy.of_stack:
                of_stack += self._ask_stack_policy(policy, rule, found)
            else:
                self._ask_resource_policy(policy, rule)
        by_key = {(trail.urn, trail.names.logical_id): trail for trail in found.trails}
        trails = tuple(self._finished(key, by_key.get(key)) for key in sorted(self._rows))
        row = StackRow(
            stack=self._stack,
            state=self._path,
            time=self._time,
            resources=len(self._given),
            trails=len(trails),
            urn=next((each.urn for each in self._outputs if each.type == STACK_TYPE), ""),
            answers=tuple(of_stack),
            remarks=tuple(self._remarks(found)),
        )
        return JudgedState(row, trails, frozenset(self._used), self._links(found))

    def _links(self, found: FoundTrails) -> Links:
        return Links(
            ties_of(self._resources),
            frozenset(key for trail in found.trails for key in keys_of(trail)),
            references_of(found.trails, self._outputs),
            exports_of(self._state),
        )

    def _found(self) -> FoundTrails:
        if not self._around.resources:
            return find_trails(self._outputs, self._only_read)
        # What is only read here, and declared there, is known from there with all that belongs to it.
        declared = {arn for each in self._around.resources if (arn := _arn_of(each))}
        external = {urn for urn, each in self._given.items() if each.get("external")}
        external |= {each.urn for each in self._outputs if each.urn in self._only_read and each.type in ROLE_TYPES}
        own = [each for each in self._outputs if each.urn not in external or _arn_of(each) not in declared]
        return find_trails(own, self._only_read, Stack(self._around.resources))

    def _add_row(self, resource: Resource, trail: StackTrail | None = None) -> None:
        names = trail.names if trail else names_of(resource)
        urn = resource.template.urn if resource.template else resource.urn
        arn = _text(resource.properties.text("arn")) or _text(resource.properties.text("Arn"))
        of_arn = arn.split(":") if arn.count(":") >= 5 else [""] * 6
        known = trail.trail if trail else trail_from(resource)
        self._add(
            TrailRow(
                stack=self._stack,
                urn=urn,
                name=names.label,
                logical_id=names.logical_id,
                aws_name=_text(names.name),
                arn=arn,
                region=_text(known.region) or of_arn[3],
                account=_text(known.account) or of_arn[4],
                type=resource.kind,
            )
        )

    def _add(self, row: TrailRow) -> None:
        """Adds a row, unless the trail has one. What is the same for all rows of this state is filled in."""
        key = (row.urn, row.logical_id)
        if key not in self._rows:
            place = place_of(self._given[row.urn].get("sourcePosition"))
            self._rows[key] = replace(row, state=self._path, time=self._time, place=place)
            self._answers[key] = []
            self._problems[key] = []

    def _ask_resource_policy(self, policy: Policy, rule: ModuleType) -> None:
        settings, today = policy.settings, self._terms.today
        for resource in self._inputs:
            if is_trail(resource):
                if resource.urn not in self._only_read:
                    key = (resource.urn, "")
                    if key not in self._rows:
                        self._add_row(resource)
                    self._ask(key, policy, partial(of_trail, rule, resource, settings, {}, today))
            elif resource.type in TEMPLATE_TYPES:
                for logical_id, outcome in in_template(rule, resource, settings, {}, today):
                    key = (resource.urn, logical_id)
                    # What may be a trail has a row where its name is known, or a policy reports it.
                    if key not in self._rows and (logical_id or outcome.verdict.problems or outcome.exempt):
                        self._add(TrailRow(self._stack, resource.urn, resource.name, logical_id, type=resource.kind))
                    if key in self._rows:
                        self._answer(key, policy, outcome)

    def _ask_stack_policy(self, policy: Policy, rule: Any, found: FoundTrails) -> Iterator[PolicyAnswer]:
        settings, today = policy.settings, self._terms.today
        if self._around.problems and policy.rule == _EXISTENCE:
            rule = _with_problems(rule, self._around.problems)
        if required := required_trail(rule, found.declares_trail, self._outputs, settings):
            outcome = required.outcome(settings, {}, today)
            yield self._answer_of(policy, required.urn or "", outcome)
        answers = self._answers_of_aws(policy, rule, found.trails)

        def ask(trail: StackTrail) -> Outcome:
            return in_stack(rule, trail, settings, answers(trail), {}, today)

        for trail in found.trails:
            self._ask((trail.urn, trail.names.logical_id), policy, partial(ask, trail))

    def _answers_of_aws(
        self, policy: Policy, rule: ModuleType, trails: Sequence[StackTrail]
    ) -> Callable[[StackTrail], Answers]:
        settings = policy.settings

        def questions(trail: StackTrail) -> Any:
            return rule.questions(trail, settings)

        if self._terms.ask_aws:
            return look_up(trails, questions, settings.seconds_for_aws)
        return lambda trail: dict.fromkeys(questions(trail), _NOT_ASKED)

    def _ask(self, key: _Key, policy: Policy, ask: Callable[[], Outcome | None]) -> None:
        try:
            outcome = ask()
        except Exception as error:  # one trail that cannot be judged must not hide another
            why = f"it was not checked: {type(error).__name__}. Please report this"
            self._answers[key].append(PolicyAnswer(policy.name, Standing.CANNOT_TELL, policy.level, why=why))
            return
        if outcome:
            self._answer(key, policy, outcome)

    def _answer(self, key: _Key, policy: Policy, outcome: Outcome) -> None:
        answer = self._answer_of(policy, key[0], outcome)
        self._answers[key].append(answer)
        self._problems[key] += outcome.verdict.problems

    def _answer_of(self, policy: Policy, urn: str, outcome: Outcome) -> PolicyAnswer:
        self._used |= {(policy.name, exemption) for _, exemption in outcome.exempt}
        exceptions = self._terms.exceptions.get((policy.name, urn), ())
        return answer_of(policy.name, policy.level, outcome, exceptions)

    def _finished(self, key: _Key, trail: StackTrail | None) -> TrailRow:
        row = replace(self._rows[key], answers=tuple(self._answers[key]))
        if trail is None:
            return row
        if self._around.places:
            places = (place for name in keys_of(trail) for place in self._around.places.get(name, ()))
            row = replace(row, elsewhere=tuple(dict.fromkeys(places)))
        if not self._problems[key]:
            return row
        remedy = remedy_in_stack(trail, self._problems[key], row.arn, row.region)
        return replace(row, to_set=remedy.to_set, command=remedy.command)

    def _remarks(self, found: FoundTrails) -> Iterator[str]:
        if any(each.type in LANDING_ZONE_TYPES for each in self._outputs):
            yield _LANDING_ZONE
        for urn, logical_id, doubt in found.undetermined:
            if not logical_id:
                name = quoted_label(urn.split("::", 3)[3])
                yield f"Whether {name} creates a trail cannot be told: {doubt.phrase}."


def _with_problems(rule: Any, problems: Mapping[str, tuple[Problem, ...]]) -> Any:
    """A rule that also reports these, by the URNs of trails."""

    def judge(given: StackTrail, settings: Any, answers: Answers) -> Verdict:
        verdict: Verdict = rule.judge(given, settings, answers)
        more = problems.get(given.urn, ())
        codes = {each.code for each in more}  # what the stack alone shows is the same problem
        return replace(verdict, problems=(*(each for each in verdict.problems if each.code not in codes), *more))

    return SimpleNamespace(judge=judge, questions=rule.questions, judge_stack=rule.judge_stack)


def stack_name(state: State) -> str:
    """PROJECT/STACK, as the URNs of a state say, with the organization where its secrets are encrypted for that stack.

    Empty where the state has no resource.
    """
    own = next((each["urn"] for each in state.resources if each["type"] == STACK_TYPE), "")
    urn = own or (state.resources[0]["urn"] if state.resources else "")
    if not urn:
        return ""
    names = stack_of(urn)
    name = f"{names.project}/{names.stack}"
    organization, _, encrypted = state.encrypted_for.partition("/")
    return f"{organization}/{name}" if encrypted == name else name


def in_utc(time: str) -> str:
    """A time of RFC 3339 to the second in UTC, such as 2026-11-29T04:31:00Z; empty where it is none."""
    if found := _TIME.fullmatch(time):
        with suppress(ValueError, OverflowError):
            return written_in_utc(datetime.fromisoformat(f"{found[1]}{'+00:00' if found[2] == 'Z' else found[2]}"))
    return ""


def place_of(position: object) -> Place | None:
    """Where a program declares a resource, as a state says it; None where it does not."""
    found = _POSITION.fullmatch(position) if isinstance(position, str) else None
    return Place(found[1].removeprefix("/"), int(found[2]), int(found[3] or 0)) if found else None


def _arn_of(resource: Resource) -> str:
    if resource.type not in LOG_GROUP_TYPES and resource.type not in ROLE_TYPES:
        return ""
    return _text(resource.properties.text("arn")).removesuffix(":*")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
