"""Fixtures shared by all tests: the analyzer within this process and the real one."""

import gc
import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from .analyzers import Analyzer, in_process, process

HERE = Path(__file__).parent

# To compile all tests takes each process of a run eight seconds. So they are compiled once, whatever the environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# Their tests take seconds each, where others take milliseconds. Those of one file may share what the first one made.
LONG = ("cloud", "engine", "fuzz", "protocol", "tools", "test_unit_test.py")
SHARES_NOTHING = "test_examples.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process of a run begins with its share of the long tests, and the short ones fill the time that is left.

    At first, pytest-xdist gives each process a part of the list, one after the other.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if processes == 1:
        return
    long: dict[str, list[pytest.Item]] = {}
    short: list[pytest.Item] = []
    for item in items:
        if item.path.relative_to(HERE).parts[0] in LONG:
            together = item.nodeid if item.path.name == SHARES_NOTHING else str(item.path)
            long.setdefault(together, []).append(item)
        else:
            short.append(item)
    ordered: list[pytest.Item] = []
    files = list(long.values())
    for number in range(processes):
        ordered += chain.from_iterable(files[number::processes])
        needed = max(len(items) * (number + 1) // processes - len(ordered), 0)
        ordered += short[:needed]
        del short[:needed]
    items[:] = ordered


# What is collected stays until the end, so to look for garbage in it again and again would be in vain.
def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def no_downloads() -> Iterator[None]:
    """No command that a test runs asks Pulumi's host for a release."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLI_RELEASES", "")
        yield


@pytest.fixture(scope="session", autouse=True)
def pip_compiles_nothing() -> Iterator[None]:
    """Installing takes half as long: Python compiles what a pack imports when it runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_COMPILE", "no")  # PIP_NO_COMPILE=1 would let it compile
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one test run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def cache_of_run(shared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the one file unpacks itself, once in a test run, instead of in a user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
    return shared / "cache"


@pytest.fixture(scope="session")
def real_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Analyzer, Path]]:
    """The pack as the engine starts it, and the file that holds what it says on stderr."""
    errors = tmp_path_factory.mktemp("analyzer") / "stderr"
    with process(errors) as analyzer:
        yield analyzer, errors


@pytest.fixture(params=["within this process", "real process"])
def analyzer(
    request: pytest.FixtureRequest, real_process: tuple[Analyzer, Path], capfd: pytest.CaptureFixture[str]
) -> Iterator[Analyzer]:
    """An analyzer with the default enforcement levels; nothing may have been said on stderr in the end."""
    chosen, errors = (in_process(), None) if request.param == "within this process" else real_process
    yield chosen
    chosen.configure({})
    chosen.tag_stack({})
    assert capfd.readouterr().err == ""
    if errors:
        assert errors.read_text() == ""
