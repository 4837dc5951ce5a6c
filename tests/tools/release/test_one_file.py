"""The one file: what is in it, where it unpacks itself, and what it says where it cannot start.

The files are run by the shell. Where it does not matter what is unpacked, that is one module that says so.
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Timer
from zipfile import ZipFile

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.analyzers import PACK
from tests.fleet.fleets import Stack
from tests.one_file import PATH, small, with_boto3
from tools.commands.publish import version_of
from tools.release import one_file
from tools.release.bootstrap import NAME, is_private

SECONDS = 60.0
PYTHON = one_file.PYTHON
VERSION = (
    f"cloudtrail-cloudwatch-logs {version_of()} (Python {PYTHON}, {sys.platform} {os.uname().machine}, without boto3)\n"
)
# As root, permissions of files do not hold; without these capabilities they do.
WITHOUT_PRIVILEGES = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []


SAYS_IT_RAN = b"def main(arguments, program):\n    print('It ran.')\n    return 0\n"
RAN = "It ran.\n"


@cache
def tiny(more: int = 0) -> Path:
    """A file that unpacks next to nothing, which is quicker; or as many bytes more."""
    files = {"command_line/__init__.py": b"", "command_line/__main__.py": SAYS_IT_RAN, "more": os.urandom(more)}
    contents = one_file.archive(files, ["more"])
    file = Path(tempfile.mkdtemp()) / "tiny"
    file.write_bytes(one_file.one_file(contents))
    file.chmod(0o755)
    atexit.register(shutil.rmtree, file.parent)
    return file


def run(
    *arguments: str | Path, home: Path, before: Sequence[str] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs the file with a home of its own, and with a place for temporary files in it."""
    environment = {"PATH": PATH, "HOME": str(home), "TMPDIR": str(home / "tmp"), **variables}
    command = [*before, *map(str, arguments or (tiny(),))]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, cwd="/")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "tmp").mkdir(parents=True)
    return tmp_path / "home"


def cache_of(home: Path) -> Path:
    return home / ".cache" / NAME


def refused(file: Path, megabytes: int, home: Path, why: str) -> str:
    """What a file says that can unpack itself in neither place, for the same reason."""
    places = f"{cache_of(home)} ({why}) and {home}/tmp/{NAME}-{os.geteuid()} ({why})"
    return (
        f"{file} cannot start. Set XDG_CACHE_HOME to a folder of yours that has {megabytes} MB and is not mounted with "
        f"noexec. It cannot use {places}.\n"
    )


def start_of(file: Path) -> str:
    """The file's own `__main__`."""
    with ZipFile(file) as opened:
        return opened.read("__main__.py").decode()


def room_of(file: Path) -> int:
    """The room that a file says it needs."""
    return int(start_of(file).rpartition(", ")[2].rstrip(")\n"))


def unpacked(file: Path, home: Path, cache: Path) -> Path:
    """The folder in a cache to which a file has unpacked itself."""
    assert run(file, "--version", home=home, XDG_CACHE_HOME=str(cache)).returncode == 0
    (digest,) = re.findall("'([0-9a-f]{32})'", start_of(file))
    return cache / NAME / str(digest)


# --- what is in it


def test_two_builds_have_the_same_bytes(tmp_path: Path) -> None:
    libraries = one_file.libraries_of(one_file.LOCKS[small().name])
    for built in one_file.build_file(small().name, libraries, tmp_path):
        assert built.read_bytes() == small().with_name(built.name).read_bytes()


def test_the_room_that_it_says_it_needs_is_enough_and_not_much_more(home: Path, cache_of_run: Path) -> None:
    for file in (small(), with_boto3()):
        folder = unpacked(file, home, cache_of_run)
        used = subprocess.run(["du", "-sk", str(folder)], capture_output=True, text=True, check=True)
        taken = int(used.stdout.split()[0]) * 1024 / 1_000_000
        assert taken * 0.95 < room_of(file) < taken * 1.4


def test_it_is_small_and_can_be_run_by_all() -> None:
    for file, most in ((small(), 20_000_000), (with_boto3(), 40_000_000)):
        assert file.stat().st_size < most
        assert stat.S_IMODE(file.stat().st_mode) == 0o755
    assert (small().with_name("PulumiPolicy.yaml")).read_text() == (PACK / "PulumiPolicy.yaml").read_text()


def test_what_is_left_out_of_the_libraries_is_not_imported_by_them(home: Path, cache_of_run: Path) -> None:
    folder = unpacked(small(), home, cache_of_run)
    found = {path.name for path in folder.iterdir()}
    assert {"cloudtrail_logs", "policies", "command_line", "pulumi_policy", "grpc", "LICENSE"} <= found
    assert not found & {"boto3", "bin", "tests", "tools", "__main__.py", *one_file.NOT_IMPORTED}
    imported = set()
    # What imports a module names it: to parse all files takes ten times as long.
    named = re.compile("|".join((*one_file.NOT_IMPORTED, "grpc", "pulumi_policy")).encode())
    sources = (path.read_bytes() for path in folder.glob("**/*.py"))
    for source in filter(named.search, sources):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    assert not imported & set(one_file.NOT_IMPORTED)
    assert {"grpc", "pulumi_policy"} <= imported


def test_nothing_in_it_says_where_it_was_built() -> None:
    content = small().read_bytes()
    for place in (PACK, Path.home(), tempfile.gettempdir()):
        assert f"{place}/".encode() not in content


# --- where it unpacks itself


def test_it_unpacks_itself_once_and_runs_alone(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "elsewhere"
    (broken / "cloudtrail_logs").mkdir(parents=True)
    (broken / "cloudtrail_logs" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    first = run(small(), "--version", home=home, PYTHONPATH=str(broken))
    assert (first.returncode, first.stdout, first.stderr) == (0, VERSION, "")
    (folder,) = cache_of(home).iterdir()
    assert is_private(str(folder))
    assert is_private(str(cache_of(home)))
    before = folder.stat().st_ctime_ns
    assert run(small(), "--version", home=home).stdout == VERSION
    assert [path.stat().st_ctime_ns for path in cache_of(home).iterdir()] == [before]
    assert not list((home / "tmp").iterdir())


def test_the_cache_may_be_elsewhere(home: Path, tmp_path: Path) -> None:
    assert run(home=home, XDG_CACHE_HOME=str(tmp_path / "cache")).stdout == RAN
    assert not cache_of(home).exists()
    assert len(list((tmp_path / "cache" / NAME).iterdir())) == 1


def test_several_first_runs_at_once(home: Path) -> None:
    file = tiny(50_000_000)  # until so much is on the disk, the others have begun
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: run(file, home=home), range(4)))
    assert [(each.returncode, each.stdout, each.stderr) for each in runs] == [(0, RAN, "")] * 4
    assert len(list(cache_of(home).iterdir())) == 1


def of_others(folder: Path) -> None:
    """Makes a folder one that others may write to; as root, one that belongs to another user."""
    folder.chmod(0o777)
    if os.geteuid() == 0:
        folder.chmod(0o700)
        os.chown(folder, 65534, 65534)


@pytest.mark.parametrize("spoil", [of_others, lambda folder: folder.chmod(0o777), lambda folder: folder.chmod(0o720)])
@pytest.mark.parametrize("content", [False, True])
def test_what_others_can_write_to_is_not_run(spoil: Callable[[Path], None], content: bool, home: Path) -> None:
    run(home=home)
    (folder,) = cache_of(home).iterdir()
    (folder / "command_line" / "__main__.py").write_text("raise SystemExit('the wrong one')")
    shutil.rmtree(folder / "command_line" / "__pycache__", ignore_errors=True)
    assert run(home=home).stderr == "the wrong one\n"
    spoil(folder if content else cache_of(home))
    first, second = run(home=home), run(home=home)
    assert first.stdout == second.stdout == RAN
    (elsewhere,) = (home / "tmp").iterdir()
    (place,) = elsewhere.iterdir()
    why = f"{cache_of(home)} (not private to this user)"
    assert first.stderr == f"{tiny()} unpacks itself to {place}, since it cannot use {why}.\n"
    assert second.stderr == ""
    assert elsewhere.name == f"{NAME}-{os.geteuid()}"
    assert is_private(str(elsewhere))


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that others can reach, as those of pytest are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ("home", "outer"):
        (folder / name).mkdir(mode=0o755)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.mark.parametrize(("of_home", "of_cache", "is_used"), [
    (0o755, 0o755, True),
    (0o755, 0o700, True),
    (0o755, 0o1777, True),
    (0o755, 0o777, False),
    (0o755, 0o775, False),
    (0o755, 0o720, False),
    (0o777, 0o755, False),
    (0o777, 0o700, False),
    (0o711, 0o777, False),
    (0o700, 0o777, True),  # nobody else gets there
    (0o700, 0o775, True),
])  # fmt: skip
def test_where_others_could_replace_the_cache_it_is_not_used(
    of_home: int, of_cache: int, is_used: bool, open_home: Path
) -> None:
    (open_home / ".cache").mkdir()
    (open_home / ".cache").chmod(of_cache)
    open_home.chmod(of_home)
    ended = run(home=open_home, TMPDIR=str(open_home.parent / "outer"))
    assert ended.stdout == RAN
    assert cache_of(open_home).exists() is is_used
    assert ("(others can replace it)" in ended.stderr) is not is_used


def test_the_home_of_another_user_is_left_alone(home: Path) -> None:
    outer = home.parent / "outer"
    outer.mkdir()
    of_others(home)
    assert run(home=home, TMPDIR=str(outer)).stdout == RAN
    assert {path.name for path in home.iterdir()} == {"tmp"}


def test_what_it_makes_is_private_whatever_the_umask(home: Path) -> None:
    assert run(home=home, before=["sh", "-c", 'umask 0; exec "$0" "$@"']).stdout == RAN
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home / ".cache", cache_of(home))} == {0o700}


def test_a_file_that_was_replaced_after_its_start_is_not_unpacked(home: Path, tmp_path: Path) -> None:
    content = tiny().read_bytes()
    digest = re.findall(rb"'([0-9a-f]{32})'", content)[0]
    file = tmp_path / "replaced"
    file.write_bytes(content.replace(digest, b"0" * 32))
    file.chmod(0o755)
    ended = run(file, home=home)
    said = f"{file} cannot start. It is not whole: its download was damaged. Download it again.\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)
    assert list(cache_of(home).iterdir()) == []


@pytest.mark.parametrize("target", ["parent", "place"])
def test_a_link_is_not_followed(target: str, home: Path) -> None:
    run(home=home)
    (folder,) = cache_of(home).iterdir()
    linked = cache_of(home) if target == "parent" else folder
    linked.rename(home / "moved")
    linked.symlink_to(home / "moved")
    assert run(home=home).stdout == RAN
    assert len(list((home / "tmp").iterdir())) == 1


def test_a_home_that_cannot_be_written_to(home: Path) -> None:
    home.chmod(0o500)
    try:
        assert run(home=home, before=WITHOUT_PRIVILEGES).stdout == RAN
    finally:
        home.chmod(0o700)
    assert len(list((home / "tmp").iterdir())) == 1
    assert not cache_of(home).exists()


def test_no_place_at_all(home: Path) -> None:
    for folder in (home / "tmp", home):
        folder.chmod(0o500)
    try:
        ended = run(home=home, before=WITHOUT_PRIVILEGES)
    finally:
        home.chmod(0o700)
        (home / "tmp").chmod(0o700)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", refused(tiny(), 1, home, "Permission denied"))


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Iterator[bool]:
    """A file system in memory, where mounting is allowed. Answers whether it is."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], capture_output=True)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=SECONDS)


def test_a_full_disk(home: Path) -> None:
    with mounted(home, "size=2m,mode=0700") as is_full:
        (home / "tmp").mkdir(exist_ok=True)
        # Elsewhere no file may become long: the same, but for its name.
        limited = [] if is_full else ["sh", "-c", 'ulimit -f 512; trap "" XFSZ; exec "$0" "$@"']
        ended = run(small(), "--version", home=home, before=limited)
        assert (ended.returncode, ended.stdout) == (1, "")
        why = "No space left on device" if is_full else "File too large"
        assert ended.stderr == refused(small(), room_of(small()), home, why)
        assert [*cache_of(home).iterdir(), *(home / "tmp" / f"{NAME}-{os.geteuid()}").iterdir()] == []


def test_a_place_that_nothing_can_be_run_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mounted(home, "noexec,mode=0700") as is_noexec:
        (home / "tmp").mkdir(exist_ok=True)
        ended = run(home=home)
        if not is_noexec:  # where mounting is not allowed, the opposite is seen
            assert ended.stdout == RAN
            return
        assert ended.stderr == refused(tiny(), 1, home, "mounted with noexec")
        elsewhere = tempfile.mkdtemp()
        assert run(home=home, XDG_CACHE_HOME=elsewhere).stdout == RAN
        shutil.rmtree(elsewhere)


def test_what_is_damaged_after_it_was_unpacked(home: Path) -> None:
    run(home=home)
    (folder,) = cache_of(home).iterdir()
    shutil.rmtree(folder / "command_line")
    ended = run(home=home)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"{tiny()} cannot start. What it unpacked to {folder} cannot be loaded: No module named 'command_line'. Remove "
        "that folder and run it again. If that does not help, this system cannot run the file: use the pack's folder.\n"
    )
    shutil.rmtree(folder)
    assert run(home=home).stdout == RAN


# --- what it says where it cannot start


@pytest.mark.parametrize("kept", [2_000, 1_000_000, -1])
def test_a_download_that_was_cut_off(kept: int, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut"
    file.write_bytes(small().read_bytes()[:kept])
    file.chmod(0o755)
    ended = run(file, "--version", home=home)
    said = f"{file} is not whole: its download was cut off, or it was changed. Download it again.\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)


def test_a_download_that_was_damaged(home: Path, tmp_path: Path) -> None:
    content = bytearray(small().read_bytes())
    content[7_000_000:7_000_004] = b"BAD!"
    file = tmp_path / "damaged"
    file.write_bytes(content)
    file.chmod(0o755)
    ended = run(file, "--version", home=home)
    said = f"{file} cannot start. It is not whole: its download was damaged. Download it again.\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)
    assert list(cache_of(home).iterdir()) == []


def test_what_a_start_left_that_was_ended_is_removed_an_hour_later(home: Path) -> None:
    cache_of(home).mkdir(parents=True, mode=0o700)
    old, new, kept = (cache_of(home) / name for name in (".old", ".new", "another-version"))
    for folder in (old, new, kept):
        (folder / "part").mkdir(parents=True)
        if folder != new:
            os.utime(folder, (0, 0))
    assert run(home=home).stdout == RAN
    assert not old.exists()
    assert new.exists()
    assert kept.exists()


def test_a_name_with_a_blank_and_a_quote(home: Path, tmp_path: Path) -> None:
    file = tmp_path / 'it\'s a "pack" $HOME'
    shutil.copy(tiny(), file)
    assert run(file, home=home).stdout == RAN


@pytest.mark.parametrize("name", [f"python{PYTHON}", "python3", "python"])
def test_python_is_found_by_any_of_its_names(name: str, home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin" / name).symlink_to(sys.executable)
    (home / "bin" / "wc").symlink_to(str(shutil.which("wc")))
    assert run(home=home, PATH=str(home / "bin")).stdout == RAN


def test_a_python_that_prints_before_it_runs(home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin" / "wc").symlink_to(str(shutil.which("wc")))
    python = home / "bin" / f"python{PYTHON}"
    python.write_text(f'#!/bin/sh\necho "Warning: loading a module"\nexec {Path(sys.executable).resolve()} "$@"\n')
    python.chmod(0o755)
    assert run(home=home, PATH=str(home / "bin")).stdout == RAN


@pytest.mark.parametrize("other", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho 'pyenv: not found' >&2; exit 127\n", ""])
def test_another_python_than_it_was_built_for(other: str, home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin" / "wc").symlink_to(str(shutil.which("wc")))
    for name in (f"python{PYTHON}", "python3"):
        if other:
            (home / "bin" / name).write_text(other)
            (home / "bin" / name).chmod(0o755)
    ended = run(home=home, PATH=str(home / "bin"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        1,
        "",
        f"{tiny()} needs Python {PYTHON} on PATH. Install it, or take the file for the Python that you have, or the pack's "
        "folder.\n",
    )


def test_another_platform_than_it_was_built_for(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(one_file, "BUILT_FOR", ("darwin", "arm64"))
    file = tmp_path / "foreign"
    file.write_bytes(one_file.one_file(one_file.archive({})))
    file.chmod(0o755)
    ended = run(file, "--version", home=home)
    here = f"Python {PYTHON} {sys.platform} {os.uname().machine}"
    said = f"{file} cannot start. It is for Python {PYTHON} darwin arm64, and this is {here}. Take another file.\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)


# --- the engine's protocol


@pytest.mark.parametrize("website", [True, False])
def test_the_engine_gets_the_port_at_once_and_the_policies(website: bool, home: Path, cache_of_run: Path) -> None:
    """Pulumi reads the port from a pipe: a port that waits in a buffer would let it wait for ever."""
    folder = home / "pack"
    folder.mkdir()
    (folder / small().name).symlink_to(small())
    if website:
        (folder / "PulumiPolicy.yaml").write_text("website: https://acme.example/pack\n")
    running = subprocess.Popen(
        [folder / small().name, "127.0.0.1:1"],
        env={"PATH": PATH, "HOME": str(home), "XDG_CACHE_HOME": str(cache_of_run)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout
    try:
        end = Timer(SECONDS, running.kill)
        end.start()
        port = running.stdout.readline()
        end.cancel()
        assert re.fullmatch(r"[0-9]+\n", port)
        with grpc.insecure_channel(f"127.0.0.1:{port.strip()}") as channel:
            info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(Empty(), timeout=SECONDS)
        assert info.name == "cloudtrail-cloudwatch-logs"
        assert len(info.policies) == 4
        assert info.repository == ("https://acme.example/pack" if website else "")
    finally:
        running.kill()
        running.wait(SECONDS)
        running.stdout.close()


def test_it_audits_states_in_several_processes(home: Path, cache_of_run: Path, tmp_path: Path) -> None:
    """With the files of the page, which lie beside the code, and with boto3 where that is asked for."""
    states = tmp_path / "with a blank"
    states.mkdir()
    for number in range(40):
        stack = Stack(f"app/{number}")
        stack.trail(log_group=None, role=None)
        stack.outputs = {"padding": "x" * 300_000}  # so that it is worth other processes
        stack.write(states)
    out = tmp_path / "audit.html"
    cache = str(cache_of_run)
    ended = run(small(), "audit", states, "--format", "html", "--out", out, home=home, XDG_CACHE_HOME=cache)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    page = out.read_text(encoding="utf-8")
    assert page.count("not-integrated") >= 40
    assert "<style" in page
    without = run(small(), "audit", states, "--ask-aws", home=home, XDG_CACHE_HOME=cache)
    assert (without.returncode, without.stderr) == (
        2,
        "--ask-aws needs boto3. Use the file whose name has -with-boto3.\n",
    )
