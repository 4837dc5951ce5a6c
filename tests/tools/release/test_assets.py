"""The files of a release: their names, that all are there, and their sums."""

import re
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import yaml

from tests.analyzers import PACK
from tools.release.assets import NotReleasableError, gather, main, name
from tools.release.names import FILES, PLATFORMS, PROJECT, PYTHONS, all_assets, asset_name
from tools.release.one_file import LOCKS

SECONDS = 60.0
PACK_FILE = "pulumi-analyzer-cloudtrail-cloudwatch-logs"
RUNNERS = {"ubuntu-24.04": "linux-x86_64", "ubuntu-24.04-arm": "linux-arm64", "macos-15": "macos-arm64"}


def build(folder: Path, says: str = "") -> Path:
    """What `make dist` leaves, with other contents."""
    folder.mkdir()
    for file in FILES:
        (folder / file).write_text(f"{file} {says}")
        (folder / f"{file}.cdx.json").write_text(f"bill of {file} {says}")
    (folder / PROJECT).write_text("version: 1.2.3\n")
    (folder / "SHA256SUMS").write_text("those of this build\n")
    return folder


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """The files of all builds, named."""
    for number, (built_for, python) in enumerate(product(PLATFORMS, PYTHONS)):
        name(
            build(tmp_path / f"dist{number}", f"{built_for} {python}"), tmp_path / f"assets/{number}", built_for, python
        )
    return tmp_path / "assets"


# --- names


@pytest.mark.parametrize(("file", "expected"), [
    (PACK_FILE, f"{PACK_FILE}-linux-arm64-py3.15"),
    (f"{PACK_FILE}.cdx.json", f"{PACK_FILE}-linux-arm64-py3.15.cdx.json"),
    (f"{PACK_FILE}-with-boto3", f"{PACK_FILE}-with-boto3-linux-arm64-py3.15"),
    (f"{PACK_FILE}-with-boto3.cdx.json", f"{PACK_FILE}-with-boto3-linux-arm64-py3.15.cdx.json"),
])  # fmt: skip
def test_a_name_says_the_platform_and_the_python(file: str, expected: str) -> None:
    assert asset_name(file, "linux-arm64", "3.15") == expected


def test_all_assets() -> None:
    assert set(FILES) == set(LOCKS)
    assert len(all_assets()) == len(set(all_assets())) == 2 * 2 * 3 * 2 + 1
    assert {f"{PACK_FILE}-macos-arm64-py3.14", f"{PACK_FILE}-with-boto3-linux-x86_64-py3.15", PROJECT} < set(
        all_assets()
    )
    # GitHub changes any other character of a name.
    assert [each for each in all_assets() if not re.fullmatch(r"[\w.-]+", each, re.ASCII)] == []


def test_the_workflow_builds_them_all() -> None:
    workflow = yaml.safe_load((PACK / ".github/workflows/release.yml").read_text())
    built = workflow["jobs"]["build"]["strategy"]["matrix"]
    assert tuple(built["python"]) == PYTHONS
    assert [RUNNERS[runner] for runner in built["runner"]] == list(PLATFORMS.values())


def test_they_are_for_the_newest_pythons_that_are_tested() -> None:
    (tested,) = re.findall(r"^PYTHONS = (.*)$", (PACK / "noxfile.py").read_text(), re.MULTILINE)
    assert tuple(re.findall(r"[0-9.]+", tested)[-2:]) == PYTHONS


@pytest.mark.parametrize(("built_for", "python", "expected"), [
    (("linux", "riscv64"), PYTHONS[0], f"A release has no files for linux riscv64 and Python {PYTHONS[0]}."),
    (("linux", "aarch64"), "3.13", "A release has no files for linux aarch64 and Python 3.13."),
])  # fmt: skip
def test_other_builds_are_not_part_of_a_release(
    built_for: tuple[str, str], python: str, expected: str, tmp_path: Path
) -> None:
    dist = build(tmp_path / "dist")
    with pytest.raises(NotReleasableError) as raised:
        name(dist, tmp_path / "assets", built_for, python)
    assert str(raised.value) == expected
    assert not (tmp_path / "assets").exists()
    assert len(name(dist, tmp_path / "assets", ("linux", "aarch64"), PYTHONS[0])) == 5


def test_the_command_names_what_was_built_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dist = build(tmp_path / "dist", "here")
    monkeypatch.setattr(sys, "platform", "plan9")
    assert main(["name", str(dist), str(tmp_path / "assets")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r"A release has no files for plan9 \w+ and Python 3\.[0-9]+\.\n", said.err)
    monkeypatch.undo()
    monkeypatch.setattr("os.uname", lambda: type("Machine", (), {"machine": "arm64"}))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "version_info", (3, 15, 1))
    assert main(["name", str(dist), str(tmp_path / "assets")]) == 0
    named = sorted(path.name for path in (tmp_path / "assets").iterdir())
    assert named == [each for each in all_assets() if "-macos-arm64-py3.15" in each or each == PROJECT]
    assert (tmp_path / f"assets/{PACK_FILE}-macos-arm64-py3.15").read_text() == f"{PACK_FILE} here"


# --- all builds together


def test_all_builds_make_a_release_and_its_sums(assets: Path, tmp_path: Path) -> None:
    """As the workflow runs it: without a package of others."""
    command = [sys.executable, "-S", "-m", "tools.release.assets", "gather", str(assets), str(tmp_path / "release")]
    ended = subprocess.run(command, cwd=PACK, capture_output=True, text=True, timeout=SECONDS)
    assert (ended.returncode, ended.stderr) == (0, "")
    made = sorted(path.name for path in (tmp_path / "release").iterdir())
    assert made == sorted([*all_assets(), "SHA256SUMS"])
    assert sorted(Path(line).name for line in ended.stdout.splitlines()) == made
    file = tmp_path / "release" / f"{PACK_FILE}-with-boto3-linux-arm64-py3.14.cdx.json"
    assert file.read_text() == f"bill of {PACK_FILE}-with-boto3 ('linux', 'aarch64') 3.14"
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    checked = subprocess.run(check, cwd=tmp_path / "release", capture_output=True, text=True, timeout=SECONDS)
    assert (checked.returncode, checked.stdout) == (0, "".join(f"{each}: OK\n" for each in all_assets()))
    file.write_text("changed")
    checked = subprocess.run(check, cwd=tmp_path / "release", capture_output=True, text=True, timeout=SECONDS)
    assert (checked.returncode, f"{file.name}: FAILED\n" in checked.stdout) == (1, True)


@pytest.mark.parametrize(("spoil", "expected"), [
    (
        lambda assets: (assets / f"3/{PACK_FILE}-linux-arm64-py3.15.cdx.json").unlink(),
        f"These files are missing: {PACK_FILE}-linux-arm64-py3.15.cdx.json.",
    ),
    (
        lambda assets: [path.unlink() for path in assets.glob("*/PulumiPolicy.yaml")],
        "These files are missing: PulumiPolicy.yaml.",
    ),
    (
        lambda assets: (assets / "0/SHA256SUMS").write_text("those of one build\n"),
        "These files are not part of a release: SHA256SUMS.",
    ),
    (
        lambda assets: (assets / "5/PulumiPolicy.yaml").write_text("version: 1.2.4\n"),
        "PulumiPolicy.yaml is not the same in 0 and 5.",
    ),
])  # fmt: skip
def test_what_is_no_release(
    spoil: Callable[[Path], object], expected: str, assets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(assets)
    with pytest.raises(NotReleasableError) as raised:
        gather(assets, tmp_path / "release")
    assert str(raised.value) == expected
    assert main(["gather", str(assets), str(tmp_path / "release")]) == 1
    assert capsys.readouterr().err == f"{expected}\n"
    assert not (tmp_path / "release").exists()
