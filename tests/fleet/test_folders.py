"""Which files with states are found, in folders as users and Pulumi leave them."""

from __future__ import annotations

import os
import socket
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from cloudtrail_logs.fleet.evidence import Unread
from cloudtrail_logs.fleet.folders import state_files
from tests.calls import calls_of

NO_FILE = "It is not a file but a pipe, a socket or a device."
NOT_ALLOWED = "You are not allowed to read it."
# What the CLI leaves in the folder of a self-managed backend (pulumi/pkg, backend/diy), and in its own home.
BACKEND = (
    ".pulumi/meta.yaml",
    ".pulumi/meta.yaml.attrs",
    ".pulumi/stacks/payments/dev.json",
    ".pulumi/stacks/payments/dev.json.attrs",
    ".pulumi/stacks/payments/dev.json.bak",
    ".pulumi/stacks/payments/dev.json.bak.attrs",
    ".pulumi/stacks/payments/dev.pulumi-tags",
    ".pulumi/stacks/payments/prod.json.gz",
    ".pulumi/stacks/payments/prod.json.gz.bak",
    ".pulumi/stacks/payments/v1.2.json.zst",
    ".pulumi/stacks/legacy.json",
    ".pulumi/history/payments/dev/dev-1764000000000000000.checkpoint.json",
    ".pulumi/history/payments/dev/dev-1764000000000000000.history.json",
    ".pulumi/backups/payments/dev/dev.1764000000000000000.json",
    ".pulumi/locks/organization/payments/dev/0a1b.json",
    ".pulumi/plugins/resource-aws-v7.0.0/PulumiPlugin.json",
    ".pulumi/workspaces/payments-0a1b-workspace.json",
    ".pulumi/credentials.json",
)
STATES = (
    ".pulumi/stacks/legacy.json",
    ".pulumi/stacks/payments/dev.json",
    ".pulumi/stacks/payments/prod.json.gz",
    ".pulumi/stacks/payments/v1.2.json.zst",
)


def written(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def found(folder: Path, *names: str) -> list[str | tuple[str, str]]:
    """The files by their paths below a folder; of what was not read, with the reason."""

    def shown(path: str | Path) -> str:
        return str(path).removeprefix(f"{folder}/")

    rows = state_files([folder / name for name in names or (".",)])
    return [(shown(each.state), each.reason) if isinstance(each, Unread) else shown(each) for each in rows]


NAMED: list[tuple[Sequence[str], Sequence[str], Sequence[str | tuple[str, str]]]] = [
    # files of any name, in the order in which they are named
    (["b", "a.state"], ["b", "a.state"], ["b", "a.state"]),
    (["a.json"], ["a.json", "a.json", "./a.json"], ["a.json"]),
    ([], ["a.json"], [("a.json", "It does not exist.")]),
    (["a"], ["a/b.json"], [("a/b.json", "It cannot be read: Not a directory.")]),
    # of folders, those with the suffixes of states: of each folder first its files, by name
    (
        ["b.json", "a.json", "z/a.json", "c/b.json.gz", "c/a.checkpoint.json", "c/d/e.json.zst"],
        ["."],
        ["a.json", "b.json", "c/a.checkpoint.json", "c/b.json.gz", "c/d/e.json.zst", "z/a.json"],
    ),
    (["a.yaml", "a.json.bak", "a.gz", "json", "a.JSON", "README"], ["."], []),
    (["x/.json", ".a.json"], ["."], [".a.json", "x/.json"]),
    # what is named in two ways is met once
    (["a/b.json", "a/c.json"], ["a/c.json", "a", "a/b.json", ".", "a"], ["a/c.json", "a/b.json"]),
    (["a/b.state", "a/b.json"], ["a", "a/b.state"], ["a/b.json", "a/b.state"]),
    # self-managed backends
    (BACKEND, ["."], STATES),
    (BACKEND, [".pulumi"], STATES),
    (BACKEND, [".pulumi/history/.."], [name.replace("/", "/history/../", 1) for name in STATES]),
    (BACKEND, [".pulumi/stacks"], STATES),
    (BACKEND, [".pulumi/stacks/payments"], STATES[1:]),
    (BACKEND, [".pulumi", ".pulumi/stacks/payments", "."], STATES),
    (
        ["b/.pulumi/stacks/y.json", "a/c/.pulumi/stacks/p/x.json", "a/c/.pulumi/locks/x.json", "exported.json"],
        ["."],
        ["exported.json", "a/c/.pulumi/stacks/p/x.json", "b/.pulumi/stacks/y.json"],
    ),
    # who names what else Pulumi keeps gets it
    (
        BACKEND,
        [".pulumi/history", ".pulumi/backups/payments/dev/dev.1764000000000000000.json"],
        [
            ".pulumi/history/payments/dev/dev-1764000000000000000.checkpoint.json",
            ".pulumi/history/payments/dev/dev-1764000000000000000.history.json",
            ".pulumi/backups/payments/dev/dev.1764000000000000000.json",
        ],
    ),
    # a home of the CLI has no states
    ([".pulumi/credentials.json"], ["."], []),
    ([".pulumi/credentials.json"], [".pulumi"], [(".pulumi/stacks", "It does not exist.")]),
]


@pytest.mark.parametrize(("files", "names", "expected"), NAMED)
def test_what_is_found(
    tmp_path: Path, files: Sequence[str], names: Sequence[str], expected: Sequence[str | tuple[str, str]]
) -> None:
    written(tmp_path, *files)
    assert found(tmp_path, *names) == list(expected)


LINKS: list[tuple[Sequence[tuple[str, str]], Sequence[str], Sequence[str | tuple[str, str]]]] = [
    # a link, and what it leads to
    ([("a.json", "x/a.json")], ["."], ["a.json"]),
    ([("a.json", "x/a.json")], ["x", "a.json"], ["x/a.json"]),
    ([("new.json", "../elsewhere/f.state")], ["."], ["new.json", "x/a.json"]),
    ([("new.state", "../elsewhere/f.state")], ["."], ["x/a.json"]),
    ([("new.state", "../elsewhere/f.state")], ["new.state"], ["new.state"]),
    ([("y", "../elsewhere")], ["."], ["x/a.json", "y/g.json"]),
    ([("y", "x")], ["y", "x"], ["y/a.json"]),
    ([("b", "../elsewhere/.pulumi")], ["."], ["b/stacks/s.json", "x/a.json"]),
    ([("b", "../elsewhere/.pulumi")], ["b"], ["b/stacks/s.json"]),
    # loops, and links to nothing
    ([("x/up", "..")], ["."], ["x/a.json"]),
    ([("x/up", "..")], ["x/up/x/up"], ["x/up/x/up/x/a.json"]),
    ([("one", "other"), ("other", "one")], ["."], [
        ("one", "It is a symbolic link that leads to itself."),
        ("other", "It is a symbolic link that leads to itself."),
        "x/a.json",
    ]),
    ([("gone", "nowhere")], ["."], [("gone", "It is a symbolic link to something that does not exist."), "x/a.json"]),
    ([("gone", "nowhere")], ["gone"], [("gone", "It is a symbolic link to something that does not exist.")]),
]  # fmt: skip


@pytest.mark.parametrize(("links", "names", "expected"), LINKS)
def test_links(
    tmp_path: Path,
    links: Sequence[tuple[str, str]],
    names: Sequence[str],
    expected: Sequence[str | tuple[str, str]],
) -> None:
    folder = tmp_path / "here"
    written(folder, "x/a.json")
    written(tmp_path / "elsewhere", "f.state", "g.json", ".pulumi/stacks/s.json", ".pulumi/locks/l.json")
    for name, target in links:
        (folder / name).symlink_to(target)
    if ("y", "../elsewhere") in links:
        expected = [*expected, "y/.pulumi/stacks/s.json"]
    assert found(folder, *names) == list(expected)


def test_a_file_of_several_names_is_met_once(tmp_path: Path) -> None:
    written(tmp_path, "a/b.json", "c/d.json")
    (tmp_path / "c" / "b.json").hardlink_to(tmp_path / "a" / "b.json")
    assert found(tmp_path) == ["a/b.json", "c/d.json"]
    assert found(tmp_path, "c", "a") == ["c/b.json", "c/d.json"]


def test_what_is_no_file_does_not_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "a.json")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.json")
        (tmp_path / "l.json").symlink_to("pipe")
        assert found(tmp_path) == [("a.json", NO_FILE), ("s.json", NO_FILE), ("l.json", NO_FILE)]
        assert found(tmp_path, "pipe") == [("pipe", NO_FILE)]


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    written(tmp_path, "b.json")
    for name in (b"\xe9.json", b"\xe9"):
        path = os.fsencode(tmp_path) + b"/a-" + name
        os.mkdir(path) if name == b"\xe9" else os.close(os.open(path, os.O_CREAT))
    reason = "Its name is not UTF-8, so no report can show it."
    assert found(tmp_path) == [("a-\ufffd.json", reason), "b.json", ("a-\ufffd", reason)]


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "a/b.json", "c/d.json", "c/e.json")
    scandir, status = os.scandir, os.stat

    def guarded(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    def stat(path: str, **options: bool) -> os.stat_result:
        if str(path).endswith("/d.json"):
            raise PermissionError(13, "Permission denied")
        return status(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", guarded)
        patch.setattr(os, "stat", stat)
        rows = found(tmp_path, ".", "a/b.json")
    assert rows == [("a", NOT_ALLOWED), ("c/d.json", NOT_ALLOWED), "c/e.json", "a/b.json"]


def test_a_deep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As deep as a path may be long, and deeper than Python nests calls."""
    monkeypatch.chdir(tmp_path)
    deep = "d/" * 1_500 + "a.json"
    for end in range(1, len(deep) - 6, 2):
        os.mkdir(deep[:end])
    Path(deep).touch()
    try:
        assert list(state_files([Path("d")])) == [Path(deep)]
    finally:  # pytest removes folders by calls within calls
        os.remove(deep)
        os.removedirs(os.path.dirname(deep))


def test_a_folder_is_read_when_its_turn_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, *(f"{folder}/{name}.json" for folder in "abc" for name in "xy"))
    scandir = os.scandir
    read: list[str] = []

    def remembered(path: str) -> Iterator[os.DirEntry[str]]:
        read.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", remembered)
    assert len(list(islice(state_files([tmp_path / name for name in "abc"]), 3))) == 3
    assert read == ["a", "b"]


@pytest.fixture
def many(tmp_path: Path) -> Callable[[str, int], Path]:
    """Makes a folder of many files, or of folders with a file each."""

    def made(kind: str, count: int) -> Path:
        folder = tmp_path / f"{kind}-{count}"
        folder.mkdir()
        for number in range(count):
            place = folder / str(number) if kind == "folders" else folder
            if kind == "folders":
                place.mkdir()
            if kind == "links":
                (place / f"{number}.json").symlink_to(tmp_path / f"files-{count}" / f"{number}.json")
            else:
                os.close(os.open(place / f"{number}.json", os.O_CREAT))
        return folder

    return made


@pytest.mark.parametrize("kind", ["files", "folders", "links"])
def test_four_times_as_many_files_take_four_times_the_work(many: Callable[[str, int], Path], kind: str) -> None:
    counts = []
    for size in (200, 800):
        folders = [many(each, size) for each in dict.fromkeys(("files", kind))]
        folder = folders[-1]
        assert len(list(state_files([folder]))) == size
        counts.append(calls_of(lambda folder=folder: list(state_files([folder]))))  # type: ignore[misc]
    assert counts[1] < 5 * counts[0]


def test_of_files_that_were_met_nothing_is_kept(many: Callable[[str, int], Path]) -> None:
    folders = [many("files", 1_000), many("files", 1_001), many("files", 1_002), many("files", 1_003)]
    taken = []
    for some in (folders[:1], folders):
        tracemalloc.start()
        assert sum(1 for _ in state_files(some)) >= 1_000
        taken.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert taken[1] < 1.5 * taken[0]
