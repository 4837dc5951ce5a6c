"""`make test-range`: which versions are installed, which Pythons are used, and what a run is said to be."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analyzers import PACK
from tools.quality import test_range
from tools.quality.test_range import (
    HEADER,
    TEST_PACKAGES,
    WITHOUT_REQUIREMENTS,
    Outcome,
    Python,
    StepFailedError,
    Versions,
    counts,
    here,
    main,
    pinned,
    pythons,
    requirements,
)

OWN = Python(sys.version_info[:3], sys.executable)


def test_the_lowest_and_the_newest_versions() -> None:
    text = "# of the pack\npulumi>=3.196.0,<4  # a reason\n\nboto3>=1.43.0,<2\n"
    assert requirements(text, Versions.LOWEST) == ["pulumi==3.196.0", "boto3==1.43.0"]
    assert requirements(text, Versions.NEWEST) == ["pulumi>=3.196.0,<4", "boto3>=1.43.0,<2"]


@pytest.mark.parametrize(
    "line", ["pulumi", "pulumi==3.196.0", "pulumi>=3.196.0", "pulumi>=3.196.0,<4; python_version>'3'"]
)
def test_a_requirement_without_a_range_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(line)} is no requirement such as name>=1\.2,<2$"):
        requirements(line, Versions.LOWEST)


def test_the_pack_and_the_tests_say_their_versions() -> None:
    named = [line.partition(">=")[0] for line in requirements((PACK / "requirements.txt").read_text(), Versions.NEWEST)]
    assert named == ["pulumi", "pulumi-policy", "boto3"]
    tools = (PACK / "requirements-dev.txt").read_text()
    found = pinned(tools, (*TEST_PACKAGES, WITHOUT_REQUIREMENTS))
    assert [each.partition("==")[0] for each in found] == ["hypothesis", "pytest", "pytest-xdist", "ministack"]
    assert all(f"\n{each}\n" in tools for each in found)
    with pytest.raises(ValueError, match=r"^pulumi, other has no exact version$"):
        pinned(tools, ("pulumi", "pytest", "other"))


def test_the_evaluator_of_the_tests_needs_nothing_else() -> None:
    """It is installed without what it requires, so what the tests import of it must be the standard library's alone."""
    program = "import sys; import ministack.core.iam_evaluator; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    started = subprocess.run(
        [sys.executable, "-I", "-c", "import sys; print(*{name.split('.')[0] for name in sys.modules})"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(done.stdout.split()) - set(started.stdout.split()) - set(sys.stdlib_module_names)
    assert loaded == {"ministack"}


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("====== 2540 passed in 120.80s (0:02:00) ======", (2540, 0)),
        ("=== 3 failed, 2537 passed, 1 skipped, 2 errors, 1 xfailed, 4 warnings in 9.00s ===", (2537, 7)),
        ("1 error in 0.10s", (0, 1)),
        ("no tests ran in 0.01s", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_what_pytest_says_last(closing: str, expected: tuple[int, int]) -> None:
    assert counts(closing) == expected


def test_a_row_of_the_table() -> None:
    installed = ["3.272.0", "1.21.0", "1.44.8", "1.44.7"]
    outcome = Outcome(Python((3, 10, 13), "python"), Versions.NEWEST, installed, 2540, 1, 87.4, False, "", "")
    assert outcome.row == "| 3.10.13 | newest | 3.272.0 | 1.21.0 | 1.44.8 | 1.44.7 | 2,540 | 1 | 87 |"
    heading, line = HEADER.splitlines()
    assert heading.count("|") == line.count("|") == outcome.row.count("|")


def stand_in(folder: Path, name: str, said: str, status: int = 0) -> str:
    """A command that answers like a Python of some version."""
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / name
    command.write_text(f"#!/bin/sh\necho {said}\nexit {status}\n")
    command.chmod(0o755)
    return str(command)


def test_one_python_of_each_minor_version(tmp_path: Path) -> None:
    given = [
        stand_in(tmp_path, "newer", "3 13 0 /a folder/python3.13"),
        stand_in(tmp_path, "first", "3 11 7 /first"),
        stand_in(tmp_path, "second", "3 11 9 /second"),
        stand_in(tmp_path, "old", "3 9 18 /old"),
        stand_in(tmp_path, "shim", "3 12 1 /shim", status=127),
        str(tmp_path / "missing"),
    ]
    assert pythons(given) == [Python((3, 11, 7), "/first"), Python((3, 13, 0), "/a folder/python3.13")]
    assert pythons([sys.executable]) == [OWN]


def test_where_a_python_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    found = stand_in(tmp_path / "versions" / "3.12.1" / "bin", "python3", "")
    stand_in(tmp_path / "versions" / "2.7.18" / "bin", "python3", "")
    places = list(here())
    assert places[0] == sys.executable
    assert {f"python3.{minor}" for minor in range(10, 15)} <= set(places)
    assert [place for place in places if os.sep in place][1:] == [found]


def test_a_run_fails_with_one_combination(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def tested(python: Python, versions: Versions, workers: str) -> Outcome:
        assert (python, workers) == (OWN, "3")
        failed = versions is Versions.NEWEST
        return Outcome(
            python, versions, ["1", "2", "3", "4"], 5, int(failed), 6.0, not failed, "closing line", "all output"
        )

    monkeypatch.setattr(test_range, "tested", tested)
    arguments = ["--python", sys.executable, "--workers", "3"]
    assert main([*arguments, "--only", "lowest"]) == 0
    row = f"| {OWN.shown} | lowest | 1 | 2 | 3 | 4 | 5 | 0 | 6 |"
    assert capsys.readouterr().out == f"{HEADER}\n{row}\n\nPython {OWN.shown}, lowest:\nclosing line\n"
    assert main([*arguments, "--only", "newest"]) == 1
    assert capsys.readouterr().out.endswith(f"\nPython {OWN.shown}, newest:\nall output\n")
    assert main(arguments) == 1
    assert capsys.readouterr().out.count(f"| {OWN.shown} |") == 2


def test_a_run_fails_with_what_cannot_be_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tested(python: Python, versions: Versions, workers: str) -> Outcome:
        raise StepFailedError("pip says why")

    monkeypatch.setattr(test_range, "tested", tested)
    assert main(["--python", sys.executable, "--only", "newest"]) == 1
    assert capsys.readouterr().err == f"\nPython {OWN.shown}, newest: pip says why\n"
    assert main(["--python", "/no/such/python"]) == 1
    assert capsys.readouterr().err == "There is no Python 3.10 or newer.\n"
