"""Which browser is chosen, and how Debian's is installed. apt-get and the browsers are fakes here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.engine import chromium
from tools.engine.chromium import NoChromiumError, ensure_chromium

from .test_pulumi_cli import executable

ADVICE = 'install the package "chromium", or Google Chrome.'
APT = """#!/bin/sh
echo "$DEBIAN_FRONTEND $@" >> {log}
{install}
"""


@pytest.fixture(autouse=True)
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def variables(folder: Path) -> dict[str, str]:
    return {"PATH": str(folder / "bin")}


def fake_apt(folder: Path, install: str) -> Path:
    log = folder / "apt.log"
    executable(folder / "bin" / "apt-get", APT.format(log=log, install=install))
    return log


@pytest.mark.parametrize("name", chromium.COMMANDS)
def test_the_one_on_path_is_taken(tmp_path: Path, name: str) -> None:
    executable(tmp_path / "bin" / name, "#!/bin/sh\n")
    assert ensure_chromium(tmp_path, variables(tmp_path)) == tmp_path / "bin" / name


def test_debians_is_installed_where_there_is_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    browser = tmp_path / "bin" / "chromium"
    log = fake_apt(tmp_path, f'test "$1" = update || {{ echo > {browser}; /bin/chmod 755 {browser}; }}')
    for _ in range(2):
        assert ensure_chromium(tmp_path, variables(tmp_path)) == browser
    assert log.read_text().splitlines() == [
        "noninteractive update -q",
        "noninteractive install -q -y --no-install-recommends chromium fonts-liberation",
    ]
    assert capfd.readouterr() == ("", "Installing Debian's package chromium.\n")


@pytest.mark.parametrize("user", ["nobody", "no apt-get"])
def test_who_cannot_install_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    (tmp_path / "bin").mkdir()
    if user == "nobody":
        log = fake_apt(tmp_path, "")
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NoChromiumError) as raised:
        ensure_chromium(tmp_path, variables(tmp_path))
    assert str(raised.value) == f"No Chromium is on PATH, and only root can install it with apt-get; {ADVICE}"
    assert user != "nobody" or not log.exists()


@pytest.mark.parametrize(
    ("install", "message"),
    [
        ('test "$1" = update', "Chromium could not be installed (apt-get install failed, see {log})"),
        ("exit 1", "Chromium could not be installed (apt-get update failed, see {log})"),
        ("exit 0", "The package chromium brought no Chromium on PATH"),
    ],
)
def test_an_installation_that_fails(tmp_path: Path, install: str, message: str) -> None:
    fake_apt(tmp_path, install)
    with pytest.raises(NoChromiumError) as raised:
        ensure_chromium(tmp_path, variables(tmp_path))
    log = tmp_path / ".build" / "chromium" / "install.log"
    assert str(raised.value) == f"{message.format(log=log)}; {ADVICE}"


def test_the_command_prints_where_it_is(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    answers: Iterator[Path | NoChromiumError] = iter([Path("/usr/bin/chromium"), NoChromiumError("There is none.")])

    def answer() -> Path:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(chromium, "ensure_chromium", answer)
    assert (chromium.main(), capfd.readouterr()) == (0, ("/usr/bin/chromium\n", ""))
    assert (chromium.main(), capfd.readouterr()) == (1, ("", "There is none.\n"))
