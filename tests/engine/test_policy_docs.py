"""The programs of docs/policies.md under the real engine: the wrong ones get the report that is shown, the right none."""

from collections.abc import Callable
from types import ModuleType

import pytest

from policies.pack import POLICIES
from tools.policy_docs import page_of

from .workspace import Workspace


@pytest.mark.parametrize("module", POLICIES, ids=lambda module: module.DESCRIPTION.name)
def test_the_wrong_program(module: ModuleType, program: Callable[[str], Workspace]) -> None:
    outcome = program(page_of(module).wrong).preview()
    assert outcome.finished.exit_status == 0, outcome.finished
    assert outcome.lines == [f"{module.DESCRIPTION.name}: {line}" for line in page_of(module).lines]


@pytest.mark.parametrize("module", POLICIES, ids=lambda module: module.DESCRIPTION.name)
def test_the_right_program(module: ModuleType, program: Callable[[str], Workspace]) -> None:
    outcome = program(page_of(module).right).preview()
    assert outcome.finished.exit_status == 0, outcome.finished
    assert outcome.lines == []
