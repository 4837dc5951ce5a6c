"""All reports that the pack can write, for tests about reports as such: the tables of the rules' tests, once more.

The tests of the rules are called again, and what they make the rules write is collected. So a message that has a test
is here, and none is copied. Whether those tests hold is not asked here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from functools import lru_cache, partial
from itertools import cycle, product
from types import ModuleType
from typing import Any
from unittest.mock import patch

from cloudtrail_logs.configuration.exemptions import Exemption, Exemptions, after_exemptions
from cloudtrail_logs.configuration.reader import Configuration
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.model.aws_answers import DeliveryStatus
from cloudtrail_logs.model.declared import DeclaredLogGroup, DeclaredRole, OtherResource
from cloudtrail_logs.model.trail import StackNames, TrailNames
from cloudtrail_logs.model.verdict import Code, Problem, Verdict
from cloudtrail_logs.pulumi.resources import EngineResource
from cloudtrail_logs.report.size_limit import within_budget
from cloudtrail_logs.rules.role_can_deliver import judge_role

from .analyzers import in_process
from .configuration import test_reader
from .iam import test_denial, test_trust
from .policies import test_can_deliver, test_integrated
from .rules import (
    test_cloudwatch_logs_integrated,
    test_delivery_is_recent,
    test_log_group_and_role_exist,
    test_remediation,
    test_role_can_deliver,
)
from .rules.trails import trail

_TESTS = (
    test_cloudwatch_logs_integrated,
    test_delivery_is_recent,
    test_log_group_and_role_exist,
    test_remediation,
    test_role_can_deliver,
    test_reader,
    test_integrated,
    test_can_deliver,
)
# Those that are about huge reports, and those that write what others write.
_LEFT_OUT = (
    "test_a_report_is_bounded",
    "test_the_advice_of_the_report",
    "test_the_answer_is_the_same_in_whatever_order_the_engine_has",
)
# What holds a name that a program or AWS gives, and where.
_NAMED = (
    (DeclaredLogGroup, "label"),
    (DeclaredRole, "label"),
    (OtherResource, "label"),
    (DeliveryRole, "label"),
    (TrailNames, "label"),
    (EngineResource, "name"),
    (DeliveryStatus, "error"),
    (StackNames, "project"),
)


@lru_cache(maxsize=1)
def reports() -> tuple[str, ...]:
    """Every report, each once."""
    with _collecting() as found:
        _replay()
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1)
def reports_with(names: tuple[str, ...]) -> tuple[str, ...]:
    """The same with these names, in turn, instead of those in the tables."""
    turn = cycle(names)
    with _collecting() as found, ExitStack() as patches:
        for made, field in _NAMED:
            patches.enter_context(_after_making(made, partial(_rename, field=field, names=turn)))
        _replay()
    return tuple(dict.fromkeys(found))


def _rename(each: Any, field: str, names: Iterator[str]) -> None:
    if getattr(each, field):
        object.__setattr__(each, field, next(names))


@contextmanager
def _collecting() -> Iterator[list[str]]:
    """Collects the reports that are made meanwhile."""
    found: list[str] = []
    with ExitStack() as patches:
        made: list[Any] = []
        patches.enter_context(_after_making(Verdict, made.append))
        patches.enter_context(_after_making(Configuration, made.append))
        yield found
    found.extend(report for each in made if (report := each.message))


def _after_making(made: type[Any], do: Callable[[Any], object]) -> Any:
    """Does something with each new object of a class."""
    make = made.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        do(self)

    return patch.object(made, "__init__", init)


def _replay() -> None:
    for module in _TESTS:
        for test in _tests_of(module):
            for arguments in _arguments(test):
                with suppress(AssertionError):
                    test(**arguments)
    for held, _ in test_denial.CASES:
        judge_role(trail(), DeliveryRole("delivery", test_trust.document(), held), test_role_can_deliver.PLACE)
    for trust, *_ in test_trust.WHY:
        judge_role(trail(), DeliveryRole("delivery", trust, Permissions((), False, None)), None)
    wrong = test_cloudwatch_logs_integrated.judge(logging=False)
    names = TrailNames("audit", "audit", "name", "shop", "dev")
    expired = Exemption("audit", "Decided.", until=date(2026, 1, 1))
    after_exemptions(wrong, names, {}, Exemptions((expired,)), date(2026, 1, 2))


def summaries() -> tuple[str, ...]:
    """What is written of reports for which there is no room."""
    huge = Verdict((Problem(Code.ROLE_MISSING, "x" * 2_000_000),))
    return tuple(each.message for number in (1, 2) for each in within_budget([("urn:a", huge)] * number))


def _tests_of(module: ModuleType) -> Iterator[Callable[..., object]]:
    for name, value in vars(module).items():
        if (
            name.startswith("test_")
            and name not in _LEFT_OUT
            and inspect.isfunction(value)
            and not hasattr(value, "hypothesis")
        ):
            yield value


def _arguments(test: Callable[..., object]) -> Iterator[Mapping[str, Any]]:
    """What pytest would call a test with; nothing for one that needs more than an analyzer."""
    axes: list[list[dict[str, Any]]] = []
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names, cases = mark.args
            split = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
            axes.append([dict(zip(split, case if len(split) > 1 else (case,), strict=True)) for case in cases])
    for chosen in product(*axes):
        arguments = {name: value for each in chosen for name, value in each.items()}
        left = set(inspect.signature(test).parameters) - set(arguments)
        if left <= {"analyzer"}:
            yield {**arguments, **({"analyzer": in_process()} if left else {})}
