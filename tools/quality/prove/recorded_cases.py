"""The documents of the tests: all roles that the tests ask the pack about, while they run."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from cloudtrail_logs.iam import document, evaluation, log_streams, whichever
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.value import Flag, Text
from cloudtrail_logs.rules import role_can_deliver

from .cases import Case, role_of

REPOSITORY: Final = Path(__file__).resolve().parents[3]
_TESTS: Final = ("tests/iam", "tests/rules", "tests/policies", "tests/metamorphic")
# For roles that a test asks about with other texts than streams of a trail: the place that most tests are about.
_PLACE: Final = DeliveryPlace("aws", "us-east-1", "123456789012", "audit")


class CannotRecordError(Exception):
    """The tests could not be run."""


class Recorder:
    """A plugin of pytest that notes what the pack is asked. It leaves out tests that make documents at random."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Permissions, DeliveryPlace, Flag]] = []
        self.originals: dict[int, Any] = {}
        self._places: dict[int, tuple[DeliveryPlace, Flag]] = {}
        self._kept: list[Any] = []  # so that no other value gets the id of one of them
        self._replaced: list[tuple[Any, str, Any]] = []
        self._test = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is made at random: here there is more of that."""
        items[:] = [each for each in items if not _is_random(each)]

    def pytest_collection_finish(self) -> None:
        """Note from now on what is asked, by whatever name a module has the functions."""
        self._replace(document.read_document, self._reading)
        self._replace(log_streams.log_streams, self._listing)
        self._replace(evaluation.allows, self._allowing)
        self._replace(whichever.denied_whichever, self._allowing)
        self._replace(role_can_deliver.judge_role, self._judging)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note which test asks."""
        self._test = nodeid

    def pytest_sessionfinish(self) -> None:
        """Stop noting."""
        for module, name, function in self._replaced:
            setattr(module, name, function)

    def cases(self) -> Iterator[Case]:
        """What was asked, each once."""
        known = set()
        for test, permissions, place, organization in self.asked:
            case = Case(test, role_of(permissions, self.originals), place, organization, permissions)
            if case.documents and case.text not in known:
                known.add(case.text)
                yield case

    def _replace(self, function: Any, by: Callable[[Any], Any]) -> None:
        replacement = by(function)
        for module in list(sys.modules.values()):
            for name, value in list(vars(module).items()) if hasattr(module, "__dict__") else ():
                if value is function and module is not sys.modules[__name__]:
                    self._replaced.append((module, name, function))
                    setattr(module, name, replacement)

    def _reading(self, function: Any) -> Any:
        def read_document(value: Any) -> Any:
            result = function(value)
            if isinstance(result, document.Document):
                self._kept.append(result)
                self.originals[id(result)] = value
            return result

        return read_document

    def _listing(self, function: Any) -> Any:
        def log_streams(partition: Text, region: Text, account: Text, name: Text, of_organization: bool) -> Any:
            result = function(partition, region, account, name, of_organization)
            self._kept.append(result)
            self._places[id(result)] = DeliveryPlace(partition, region, account, name), of_organization
            return result

        return log_streams

    def _allowing(self, function: Any) -> Any:
        def asked(permissions: Permissions, about: Any, subjects: Sequence[Any]) -> Any:
            self.asked.append((self._test, permissions, *self._places.get(id(subjects), (_PLACE, False))))
            return function(permissions, about, subjects)

        return asked

    def _judging(self, function: Any) -> Any:
        def judge_role(trail: Any, role: DeliveryRole, place: DeliveryPlace | None) -> Any:
            if place:
                self.asked.append((self._test, role.permissions, place, trail.organization))
            return function(trail, role, place)

        return judge_role


def _is_random(item: pytest.Item) -> bool:
    function = getattr(item, "obj", None)
    names = getattr(getattr(function, "__code__", None), "co_names", ())
    return "repeatable_random" in names or hasattr(function, "hypothesis")


def recorded_cases(tests: Sequence[str] = _TESTS) -> Iterator[Case]:
    """Run tests, and give what they asked. Raises CannotRecordError."""
    recorder = Recorder()
    said = io.StringIO()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with contextlib.redirect_stdout(said):
        ended = pytest.main(
            ["-q", "-p", "no:cacheprovider", *(str(REPOSITORY / each) for each in tests)], plugins=[recorder]
        )
    if ended is not pytest.ExitCode.OK:
        raise CannotRecordError(f"The tests do not pass, so their documents cannot be had.\n{said.getvalue()}")
    return recorder.cases()
