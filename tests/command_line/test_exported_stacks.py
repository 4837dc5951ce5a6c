"""What the real CLI does not do on demand: it hangs, fails, says odd things. tests/cloud has the real one."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from cloudtrail_logs.fleet.evidence import Unread
from command_line import exported_stacks as module
from command_line.exported_stacks import CannotExportError, exported_stacks
from tests.analyzers import PACK

ANNA = """echo '{"user": "anna", "organizations": ["acme"], "url": "https://app.pulumi.com/anna"}'"""
TWO = """echo '[{"name": "acme/web/dev"}, {"name": "acme/web/prod"}]'"""
HANG = 'echo $$ > "$PIDS/$$"; exec sleep 60'
SECONDS = 20.0
Pulumi = Callable[..., Mapping[str, str]]


@pytest.fixture
def pulumi(tmp_path: Path) -> Pulumi:
    """Makes a `pulumi` of a line of shell for each command, and the environment that has it."""

    def made(whoami: str = ANNA, ls: str = TWO, export: str = 'echo "$stack" > "$file"') -> Mapping[str, str]:
        for name in ("bin", "temporary", "pids"):
            (tmp_path / name).mkdir()
        command = tmp_path / "bin" / "pulumi"
        command.write_text(f"""#!/bin/sh
for each in "$@"; do case "$each" in --file=*) file="${{each#*=}}";; --stack=*) stack="${{each#*=}}";; esac; done
case " $* " in
*" whoami "*) {whoami};;
*" ls "*) {ls};;
*) {export};;
esac
""")
        command.chmod(0o755)
        return {"PATH": f"{command.parent}:{os.environ['PATH']}", "PIDS": str(tmp_path / "pids")}

    return made


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary folders."""
    folder = tmp_path / "temporary"
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def has_ended(pids: str) -> bool:
    """Whether all processes that noted their numbers have ended: at least one."""
    numbers = [int(file.read_text()) for file in Path(pids).iterdir()]
    assert numbers
    deadline = time.monotonic() + SECONDS
    while running := [number for number in numbers if _is_running(number)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return not running


def _is_running(number: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(number).status() != psutil.STATUS_ZOMBIE)
    return False


def test_the_files_are_private_and_there_as_long_as_they_are_needed(pulumi: Pulumi, temporary: Path) -> None:
    told = []
    given = ["acme/web/prod", "acme/net/x"]
    with exported_stacks("acme", given, lambda done, total: told.append((done, total)), pulumi()) as exported:
        assert [name for name, _ in exported] == ["acme/web/prod", "acme/net/x", "acme/web/dev"]
        for name, path in exported:
            assert isinstance(path, Path)
            assert path.read_text() == f"{name}\n"
        (folder,) = temporary.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert list(temporary.iterdir()) == []


def test_the_files_are_removed_when_their_user_fails(pulumi: Pulumi, temporary: Path) -> None:
    with suppress(ZeroDivisionError), exported_stacks("acme", environment=pulumi()):
        assert list(temporary.iterdir()) != []
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


def test_nothing_asked_for_is_nothing_exported(pulumi: Pulumi) -> None:
    with exported_stacks(environment=pulumi(ls="exit 1", export="exit 1")) as exported:
        assert exported == []


def test_what_the_cli_is_called_with(pulumi: Pulumi, tmp_path: Path) -> None:
    log = tmp_path / "log"
    said = f'echo "$* [$PULUMI_SKIP_UPDATE_CHECK] [$PULUMI_OPTION_SHOW_SECRETS]" >> {log}'
    environment = pulumi(f"{said}; {ANNA}", f"{said}; {TWO}", f"{said}; touch $file")
    with exported_stacks("acme", (), environment={**environment, "PULUMI_OPTION_SHOW_SECRETS": "true"}) as exported:
        (first, second) = (f"--stack={name} --file={path}" for name, path in exported)
    options = "--non-interactive --color=never --fully-qualify-stack-names"
    called = log.read_text().splitlines()
    assert called[:2] == [f"{options} whoami --json [true] []", f"{options} stack ls --all --json --organization=acme [true] []"]  # fmt: skip
    assert sorted(called[2:]) == [f"{options} stack export {each} [true] []" for each in (first, second)]


CANNOT: list[tuple[Mapping[str, str], str, str]] = [
    (
        {"whoami": "echo 'error: PULUMI_ACCESS_TOKEN must be set for login' >&2; exit 3"},
        "acme",
        "pulumi does not say who you are: PULUMI_ACCESS_TOKEN must be set for login. If you are not logged in, run "
        "pulumi login, or set PULUMI_ACCESS_TOKEN.",
    ),
    ({"whoami": "echo Anna"}, "acme", "The answer of pulumi is not understood. Use a newer version of it."),
    ({"whoami": "echo []"}, "acme", "The answer of pulumi is not understood. Use a newer version of it."),
    ({"ls": "echo '{}'"}, "acme", "The answer of pulumi is not understood. Use a newer version of it."),
    (
        {"whoami": """echo '{"user": "root", "organizations": null, "url": "s3://states"}'"""},
        "acme",
        "You are logged in to a self-managed backend, which has no organizations. Give its folder, or a copy of its "
        "bucket, as STATES.",
    ),
    (
        {"ls": "echo 'error: [403] Forbidden' >&2; exit 1"},
        "acme",
        "The stacks of acme cannot be listed: [403] Forbidden.",
    ),
    ({"ls": "echo []"}, "Acme", "Organization Acme has no stack that you are allowed to see."),
    ({"ls": "echo []"}, "anna", "Organization anna has no stack that you are allowed to see."),
    ({"ls": "echo []"}, "other", "You are not a member of organization other. Yours are: acme."),
    (
        {"ls": "echo []", "whoami": """echo '{"user": "anna"}'"""},
        "other",
        "You are not a member of organization other. You are in no organization.",
    ),
    ({}, "--all", '"--all" is not the name of an organization.'),
    ({}, "a b", '"a b" is not the name of an organization.'),
    ({}, "a\x1b[31m", '"a?[31m" is not the name of an organization.'),
]


@pytest.mark.parametrize(("commands", "organization", "expected"), CANNOT)
def test_why_nothing_can_be_exported(
    pulumi: Pulumi, temporary: Path, commands: Mapping[str, str], organization: str, expected: str
) -> None:
    with pytest.raises(CannotExportError) as raised, exported_stacks(organization, environment=pulumi(**commands)):
        pass
    assert str(raised.value) == expected
    assert list(temporary.iterdir()) == []


def test_without_a_cli(pulumi: Pulumi, tmp_path: Path) -> None:
    pulumi()
    environment = {"PATH": str(tmp_path)}
    with pytest.raises(CannotExportError) as raised, exported_stacks(stacks=["acme/web/dev"], environment=environment):
        pass
    assert str(raised.value) == "There is no pulumi on PATH. Install Pulumi, or give exported files as STATES."


def test_a_cli_that_cannot_be_started(pulumi: Pulumi, tmp_path: Path) -> None:
    environment = pulumi()
    (tmp_path / "bin" / "pulumi").write_bytes(b"\x7fELF")
    with pytest.raises(CannotExportError) as raised, exported_stacks("acme", environment=environment):
        pass
    assert str(raised.value).startswith("pulumi does not say who you are: It cannot be started: Exec format error.")


@pytest.mark.parametrize("name", ["", "-s", "--help", "a b", "a/b/c/d", "/a", "a//b", "a/b\n", "ä", "a\0b"])
def test_what_is_not_the_name_of_a_stack_is_refused(pulumi: Pulumi, name: str) -> None:
    with exported_stacks(stacks=[name, "dev"], environment=pulumi()) as (refused, other):
        shown = name.replace("\n", "?").replace("\0", "?")
        assert refused == (name, Unread(shown, "It is not the name of a stack, such as ORG/PROJECT/STACK."))
        assert isinstance(other[1], Path)


SAID: list[tuple[str, str]] = [
    ("error: no stack named 'x' found", "no stack named 'x' found."),
    ("warning: a new version is there\nerror: [404] Not Found: gone!\n\n", "[404] Not Found: gone!"),
    ("", "It ended with status 4."),
    ("error: \x1b[31mred\x07 ::error::", "?[31mred? :?error::."),
    ("error: open \"postgres://anna:hunter2@db/x\"", "open \"postgres://db/x\"."),
    ("error: token pul-0a1b2c is refused", "token … is refused."),
    (f"error: {'a' * 200}{'b' * 200}", f"{'a' * 159}…{'b' * 80}."),
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), SAID)
def test_why_a_stack_cannot_be_exported(pulumi: Pulumi, tmp_path: Path, said: str, expected: str) -> None:
    (tmp_path / "said").write_text(said)
    fail = f'case "$stack" in dev) cat {tmp_path}/said >&2; exit 4;; esac; touch "$file"'
    environment = {**pulumi(export=fail), "PULUMI_ACCESS_TOKEN": "pul-0a1b2c"}
    with exported_stacks(stacks=["dev", "prod"], environment=environment) as (failed, other):
        assert failed == ("dev", Unread("dev", f"pulumi cannot export it: {expected}"))
        assert isinstance(other[1], Path)


def test_a_cli_that_writes_no_file(pulumi: Pulumi) -> None:
    with exported_stacks(stacks=["dev"], environment=pulumi(export="true")) as exported:
        assert exported == [("dev", Unread("dev", "pulumi wrote no file for it."))]


def test_an_export_that_hangs_is_ended(pulumi: Pulumi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXPORT_SECONDS", 0.3)
    environment = pulumi(export=f'case "$stack" in dev) (sleep 60) & {HANG};; esac; touch "$file"')
    with exported_stacks(stacks=["dev", "prod"], environment=environment) as (hung, other):
        assert hung == ("dev", Unread("dev", "pulumi cannot export it: It did not end within 0.3 seconds."))
        assert isinstance(other[1], Path)
    assert has_ended(environment["PIDS"])


def test_eight_are_exported_at_once(pulumi: Pulumi, tmp_path: Path) -> None:
    for name in ("begun", "ended"):
        (tmp_path / name).mkdir()
    wait = f"""
        cd {tmp_path}; touch begun/$stack
        echo $(($(ls begun | wc -l) - $(ls ended | wc -l))) >> counts
        for _ in $(seq 1000); do [ $(ls begun | wc -l) -ge 8 ] && break; sleep 0.01; done
        [ $(ls begun | wc -l) -ge 8 ] || exit 1
        sleep 0.2  # a ninth would begin
        touch ended/$stack $file"""
    with exported_stacks(stacks=[f"s{number}" for number in range(20)], environment=pulumi(export=wait)) as exported:
        assert not [each for _, each in exported if isinstance(each, Unread)]
    assert max(map(int, (tmp_path / "counts").read_text().split())) <= 8


def test_an_interruption_ends_all_exports(pulumi: Pulumi, temporary: Path) -> None:
    environment = pulumi(
        export=f'case "$stack" in s0) until ls "$PIDS"/* >"$file" 2>&1; do sleep 0.01; done; touch "$file";; *) {HANG};; esac'
    )
    begun = time.monotonic()

    def interrupted(done: int, total: int) -> None:
        raise KeyboardInterrupt

    names = [f"s{number}" for number in range(100)]
    with pytest.raises(KeyboardInterrupt), exported_stacks("", names, interrupted, environment):
        pass
    assert time.monotonic() - begun < SECONDS
    assert len(list(Path(environment["PIDS"]).iterdir())) < 10
    assert has_ended(environment["PIDS"])
    assert list(temporary.iterdir()) == []


PROGRAM = """
from command_line.exported_stacks import exported_stacks
with exported_stacks(stacks=["dev", "prod"]):
    pass
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_removes_the_files_and_ends_the_exports(pulumi: Pulumi, temporary: Path, number: int) -> None:
    environment = pulumi(export=HANG)
    variables = {**os.environ, **environment, "TMPDIR": str(temporary)}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=PACK, env=variables, stderr=subprocess.PIPE) as process:
        try:
            deadline = time.monotonic() + SECONDS
            while len(list(Path(environment["PIDS"]).glob("*"))) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
            assert list(temporary.iterdir()) != []
            process.send_signal(number)
            process.communicate(timeout=SECONDS)
        finally:
            process.kill()  # else it is waited for
    assert process.returncode in (128 + number, -number)
    assert has_ended(environment["PIDS"])
    assert list(temporary.iterdir()) == []


def test_a_signal_that_is_ignored_stays_so_and_all_mean_afterwards_what_they_did(
    pulumi: Pulumi,
) -> None:
    def handlers() -> list[object]:
        return [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)]

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with exported_stacks("acme", environment=pulumi()):
            assert callable(handlers()[0])
            assert handlers()[1] is signal.SIG_IGN
        assert handlers() == [signal.SIG_DFL, signal.SIG_IGN]
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_thread_may_export(pulumi: Pulumi) -> None:
    def exported() -> int:
        with exported_stacks("acme", environment=environment) as found:
            return len(found)

    environment = pulumi()
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(exported).result() == 2
