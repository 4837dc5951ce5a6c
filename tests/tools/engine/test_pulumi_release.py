"""Pulumi's release is downloaded once, and whatever is wrong with it has one line. The hosts here are local ones."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import io
import os
import platform
import socket
import tarfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from tools.engine import progress, pulumi_cli, pulumi_release
from tools.engine.pulumi_release import Patience, ensure_release

from .test_pulumi_cli import BUILDING, Place, fake_cli, new_place

VERSION = "3.259.0"
SYSTEM = "linux-x64"
ARCHIVE = f"pulumi-v{VERSION}-{SYSTEM}.tar.gz"
SUMS = f"pulumi-{VERSION}-checksums.txt"
PATIENT = Patience(answer=20.0, stall=20.0, whole=60.0)
CLI = f"#!/bin/sh\necho v{VERSION}\n"
FILES = {
    "pulumi/pulumi": CLI,
    "pulumi/pulumi-language-python": "#!/bin/sh\n",
    "pulumi/pulumi-language-python-exec": "#!/bin/sh\n",
    "pulumi/pulumi-language-yaml": "#!/bin/sh\n",
}
HOST_SECONDS = 15.0
"""After them whatever a handler still does ends."""


def member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname, info.mode = kind, size, target, 0o4777
    return info


def odd(**headers: str) -> tarfile.TarInfo:
    """A file with what only extended headers can say of it."""
    info = member("pulumi/odd")
    info.pax_headers = headers
    return info


def archive(files: dict[str, str], *others: tarfile.TarInfo) -> bytes:
    """A .tar.gz of executables."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as tar:
        tar.addfile(member("pulumi", tarfile.DIRTYPE))
        for name, text in files.items():
            tar.addfile(member(name, size=len(text)), io.BytesIO(text.encode()))
        for other in others:
            tar.addfile(other)
    return written.getvalue()


Answer = Callable[[http.server.BaseHTTPRequestHandler, "Host"], None]


@dataclass
class Host:
    """A host of releases, and what it was asked for."""

    url: str
    files: dict[str, bytes | Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        return self.url.removeprefix("http://")

    def offer(self, content: bytes, answer: Answer | None = None) -> None:
        """Offers an archive and its checksum; answer: what is answered instead of it."""
        self.files[ARCHIVE] = answer or content
        self.files[SUMS] = f"{hashlib.sha256(content).hexdigest()}  {ARCHIVE}\n".encode()


@contextmanager
def running_host() -> Iterator[Host]:
    """A host on a free port of this machine that does not outlast the test."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = HOST_SECONDS

        def do_GET(self) -> None:
            served.asked.append(self.path)
            content = served.files.get(self.path.rpartition("/")[2])
            if content is None:
                self.send_error(404)
            elif isinstance(content, bytes):
                begin(self, len(content))
                self.wfile.write(content)
            else:
                content(self, served)

        def log_message(self, *args: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # Who has heard enough hangs up.

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        served = Host(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            served.closing.set()
            server.shutdown()
            thread.join(HOST_SECONDS)


def begin(handler: http.server.BaseHTTPRequestHandler, size: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(size))
    handler.end_headers()


def cut_off(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    begin(handler, 2_000_000)
    handler.wfile.write(b"x" * 1000)


def stalled(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    begin(handler, 3_000_000)
    handler.wfile.write(b"x" * 1_000_000)
    host.closing.wait(HOST_SECONDS)


def silent(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    host.closing.wait(HOST_SECONDS)


def trickling(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    begin(handler, 3_000_000)
    ends = time.monotonic() + HOST_SECONDS
    while time.monotonic() < ends and not host.closing.wait(0.05):
        handler.wfile.write(b"x")


def huge(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    begin(handler, pulumi_release.MOST_ARCHIVE_BYTES + 1)


def without_length(content: bytes) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def refusing(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    handler.send_error(503)


def redirecting(handler: http.server.BaseHTTPRequestHandler, host: Host) -> None:
    handler.send_response(302)
    handler.send_header("Location", f"{host.url}/elsewhere/another")
    handler.end_headers()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place(tmp_path)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    # A proxy of this machine must not come between.
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with running_host() as running:
        running.offer(archive(FILES))
        yield running


def ensure(host: Host, folder: Path, patience: Patience = PATIENT, seconds: float = 20.0) -> Path | None:
    variables = {"PATH": os.defpath, pulumi_release.RELEASES_VARIABLE: f"{host.url}/sdk"}
    return ensure_release(VERSION, folder / "engine", variables, folder / "engine" / "built", seconds, patience)


def begins(host: Host) -> str:
    return f"Downloading the Pulumi CLI {VERSION} from {host.name}.\n"


class TestARelease:
    def test_is_checked_unpacked_and_kept(self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = ensure(host, tmp_path)
        assert folder is not None
        assert folder == tmp_path / "engine" / f"release-{VERSION}-{SYSTEM}"
        assert sorted(f"pulumi/{file.name}" for file in folder.iterdir()) == sorted(FILES)
        assert {file.stat().st_mode & 0o7777 for file in folder.iterdir()} == {0o755}
        assert (folder / "pulumi").read_text() == CLI
        assert sorted(entry.name for entry in folder.parent.iterdir() if entry.is_dir()) == [folder.name]
        assert capsys.readouterr().err == begins(host)
        assert host.asked == [f"/sdk/{SUMS}", f"/sdk/{ARCHIVE}"]
        # The second time nobody is asked, and nothing is said.
        assert ensure(host, tmp_path) == folder
        assert len(host.asked) == 2
        assert capsys.readouterr().err == ""

    def test_is_downloaded_once_for_two_at_the_same_time(self, host: Host, tmp_path: Path) -> None:
        with ThreadPoolExecutor() as pool:
            both = list(pool.map(lambda _: ensure(host, tmp_path), range(2)))
        assert both[0] == both[1] is not None
        assert len(host.asked) == 2

    def test_is_not_downloaded_where_a_build_is(self, host: Host, tmp_path: Path) -> None:
        built = tmp_path / "engine" / "built"
        built.mkdir(parents=True)
        assert ensure(host, tmp_path) == built
        assert host.asked == []

    def test_waits_for_who_builds_and_takes_that(
        self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(progress, "SILENT_SECONDS", 0.1)
        builds = tmp_path / "engine"
        builds.mkdir()
        with ThreadPoolExecutor() as pool:
            with FileLock(builds / "lock"):
                waiting = pool.submit(ensure, host, tmp_path)
                time.sleep(0.5)
                (builds / "built").mkdir()
            assert waiting.result() == builds / "built"
        said = "Waiting for another process that prepares a CLI: 0 seconds so far.\n"
        assert capsys.readouterr().err == said
        assert host.asked == []
        with FileLock(builds / "lock"), pytest.raises(Timeout):
            ensure_release("3.1.0", builds, {}, builds / "absent", 0.1, PATIENT)

    def test_removes_what_an_interrupted_one_left(self, host: Host, tmp_path: Path) -> None:
        left = tmp_path / "engine" / "partial-left"
        left.mkdir(parents=True)
        assert ensure(host, tmp_path) is not None
        assert not left.exists()

    def test_comes_by_the_proxy_of_the_environment(
        self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", host.url)
        beyond = Host("http://releases.invalid")
        assert ensure(beyond, tmp_path) is not None
        assert host.asked == [f"http://releases.invalid/sdk/{name}" for name in (SUMS, ARCHIVE)]

    def test_may_be_redirected(self, host: Host, tmp_path: Path) -> None:
        content = archive(FILES)
        host.offer(content, redirecting)
        host.files["another"] = content
        assert ensure(host, tmp_path) is not None
        assert host.asked[-1] == "/elsewhere/another"

    def test_may_come_without_its_length(self, host: Host, tmp_path: Path) -> None:
        content = archive(FILES)
        host.offer(content, without_length(content))
        assert ensure(host, tmp_path) is not None

    def test_is_unpacked_by_a_python_without_filters(
        self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(tarfile, "data_filter")
        folder = ensure(host, tmp_path)
        assert folder is not None
        assert {file.stat().st_mode & 0o7777 for file in folder.iterdir()} == {0o755}
        host.offer(archive(FILES, member("pulumi/../../evil")))
        assert ensure(host, tmp_path / "another") is None


@pytest.mark.parametrize(
    ("system", "machine", "spelled"),
    [
        ("Linux", "x86_64", "linux-x64"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Darwin", "x86_64", "darwin-x64"),
        ("Darwin", "arm64", "darwin-arm64"),
    ],
)
def test_each_platform_has_its_archive(
    system: str, machine: str, spelled: str, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    name, content = f"pulumi-v{VERSION}-{spelled}.tar.gz", archive(FILES)
    host.files = {
        name: content,
        SUMS: f"{'0' * 64}  pulumi-v{VERSION}-windows-x64.zip\n{hashlib.sha256(content).hexdigest()} *{name}\n".encode(),
    }
    assert ensure(host, tmp_path) == tmp_path / "engine" / f"release-{VERSION}-{spelled}"


def without(name: str) -> dict[str, str]:
    return {each: text for each, text in FILES.items() if each != name}


WRONG_ARCHIVES: dict[str, tuple[bytes, str]] = {
    "outside": (archive(FILES, member("pulumi/../../evil")), "its archive has a file outside of pulumi/: 'pulumi/../../evil'"),
    "absolute": (archive(FILES, member("/tmp/evil")), "its archive has a file outside of pulumi/: '/tmp/evil'"),
    "beside": (archive(FILES, member("pulumi-evil")), "its archive has a file outside of pulumi/: 'pulumi-evil'"),
    "coloured": (archive(FILES, member("\x1b[31m")), "its archive has a file outside of pulumi/: '\\x1b[31m'"),
    "of a name that no file can have": (archive(FILES, odd(path="pulumi/a\0b")), "its archive cannot be unpacked (embedded null byte)"),
    "of a time that no file can have": (archive(FILES, odd(mtime="inf")), "its archive cannot be unpacked (timestamp out of range for platform time_t)"),
    "of no time": (archive(FILES, odd(mtime="nan")), "its archive cannot be unpacked (Invalid value NaN (not a number))"),
    "deep": (archive(FILES, member(f"pulumi/{'a/' * 3000}b")), "its archive has too many folders in each other"),
    "huge": (archive(FILES, member("pulumi/huge", size=5_000_000_000)), "its archive has more than 5000 MB of files"),
    "no archive": (b"<html>", "its archive cannot be unpacked (not a gzip file)"),
    "half an archive": (archive({**FILES, "pulumi/large": os.urandom(5000).hex()})[:3000], "its archive cannot be unpacked (Compressed file ended before the end-of-stream marker was reached)"),
    "empty": (gzip.compress(tarfile.NUL * tarfile.RECORDSIZE), "its archive has no executable pulumi/pulumi"),
    "no language host": (archive(without("pulumi/pulumi-language-python")), "its archive has no executable pulumi/pulumi-language-python"),
    "no launcher": (archive(without("pulumi/pulumi-language-python-exec")), "its archive has no executable pulumi/pulumi-language-python-exec"),
    "a link for a file": (archive(without("pulumi/pulumi"), member("pulumi/pulumi", tarfile.SYMTYPE, target="/bin/echo")), "its archive has no executable pulumi/pulumi"),
    "another version": (archive({**FILES, "pulumi/pulumi": "#!/bin/sh\necho v3.260.0\n"}), f"its CLI says 'v3.260.0' instead of its version v{VERSION}"),
    "a CLI that fails": (archive({**FILES, "pulumi/pulumi": f"#!/bin/sh\necho v{VERSION}\nexit 1\n"}), f"its CLI says 'v{VERSION}' instead of its version v{VERSION}"),
}  # fmt: skip
NO_ANSWER = replace(PATIENT, answer=1.0)
STALLED = replace(PATIENT, stall=2.0)
WRONG_ANSWERS: dict[str, tuple[Answer, str]] = {
    "cut off": (cut_off, f"{ARCHIVE} is cut off after 1000 of 2000000 bytes"),
    "stalled": (stalled, "nothing came from HOST for 2 seconds, after 1 of 3 MB"),
    "no answer": (silent, "HOST did not answer within 1 seconds"),
    "refused": (refusing, f"HOST answers 503 for {ARCHIVE}"),
    "huge": (huge, f"{ARCHIVE} is larger than 1000 MB"),
}


class TestWhatIsWrong:
    """It has one line, leaves nothing behind, and ends soon."""

    def said(self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], patience: Patience = PATIENT) -> str:
        began = time.monotonic()
        assert ensure(host, tmp_path, patience) is None
        assert time.monotonic() - began < 15
        builds = tmp_path / "engine"
        assert [entry.name for entry in builds.iterdir() if entry.is_dir()] == []
        first, _, rest = capsys.readouterr().err.partition("\n")
        assert f"{first}\n" == begins(host)
        assert rest.startswith(f"Pulumi's release {VERSION} is not used: ")
        return rest.split(": ", 1)[1]

    @pytest.mark.parametrize("name", WRONG_ARCHIVES)
    def test_with_the_archive(self, name: str, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        content, reason = WRONG_ARCHIVES[name]
        host.offer(content)
        assert self.said(host, tmp_path, capsys) == f"{reason}.\n"
        assert not (tmp_path / "evil").exists()

    @pytest.mark.parametrize("name", WRONG_ANSWERS)
    def test_with_the_transfer(self, name: str, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        answer, reason = WRONG_ANSWERS[name]
        host.offer(archive(FILES), answer)
        patience = {"stalled": STALLED, "no answer": NO_ANSWER}.get(name, PATIENT)
        assert self.said(host, tmp_path, capsys, patience) == f"{reason.replace('HOST', host.name)}.\n"

    def test_with_a_transfer_that_never_ends(
        self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        host.offer(archive(FILES), trickling)
        said = self.said(host, tmp_path, capsys, replace(PATIENT, whole=1.5))
        assert said == "the download takes longer than 1.5 seconds.\n"

    @pytest.mark.parametrize(
        ("sums", "reason"),
        [
            (f"{'0' * 64}  {ARCHIVE}\n".encode(), f"{ARCHIVE} does not have the checksum that {SUMS} lists"),
            (f"{'0' * 64}  another-{ARCHIVE}\n".encode(), f"{SUMS} does not list {ARCHIVE}"),
            (f"{'0' * 40}  {ARCHIVE}\n".encode(), f"{SUMS} does not list {ARCHIVE}"),
            (f"{'0' * 65}  {ARCHIVE}\n".encode(), f"{SUMS} does not list {ARCHIVE}"),
            (b"\xff\x00", f"{SUMS} does not list {ARCHIVE}"),
            (b"x" * (pulumi_release.MOST_CHECKSUM_BYTES + 1), f"{SUMS} is larger than 1 MB"),
            (without_length(b"x" * 1_100_000), f"{SUMS} is larger than 1 MB"),
            (None, f"HOST answers 404 for {SUMS}"),
            (silent, "HOST did not answer within 1 seconds"),
        ],
        ids=range(9),
    )
    def test_with_the_checksum(
        self,
        sums: bytes | Answer | None,
        reason: str,
        host: Host,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        del host.files[SUMS]
        if sums is not None:
            host.files[SUMS] = sums
        patience = NO_ANSWER if sums is silent else PATIENT
        assert self.said(host, tmp_path, capsys, patience) == f"{reason.replace('HOST', host.name)}.\n"

    def test_without_an_archive(self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        del host.files[ARCHIVE]
        assert self.said(host, tmp_path, capsys) == f"{host.name} answers 404 for {ARCHIVE}.\n"

    def test_with_nobody_listening(self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            nobody = Host(f"http://127.0.0.1:{unused.getsockname()[1]}")
            said = self.said(nobody, tmp_path, capsys)
        assert said.startswith(f"{nobody.name} cannot be reached ([Errno ")
        assert said.endswith("Connection refused).\n")

    def test_with_a_host_that_accepts_and_is_silent(
        self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listener = Host(f"http://127.0.0.1:{listening.getsockname()[1]}")
            said = self.said(listener, tmp_path, capsys, NO_ANSWER)
        assert said == f"{listener.name} did not answer within 1 seconds.\n"

    def test_with_a_redirection_to_another_scheme(
        self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = urllib.request.OpenerDirector.open

        def over_tls(opener: urllib.request.OpenerDirector, url: str, timeout: float) -> object:
            return opened(opener, url.replace("https", "http"), timeout=timeout)

        monkeypatch.setattr(urllib.request.OpenerDirector, "open", over_tls)
        secure = Host(host.url.replace("http", "https"))
        assert ensure(secure, tmp_path) is None
        assert capsys.readouterr().err.endswith(f" is not used: {host.name} redirects to http.\n")

    def test_with_the_platform(
        self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(platform, "machine", lambda: "riscv64")
        assert ensure(host, tmp_path) is None
        assert capsys.readouterr().err == (
            f"Pulumi's release {VERSION} is not used: there is none for Linux on riscv64.\n"
        )
        assert host.asked == []

    def test_a_cli_that_hangs(
        self, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pulumi_release, "VERSION_SECONDS", 0.3)
        host.offer(archive({**FILES, "pulumi/pulumi": "#!/bin/sh\nexec /bin/sleep 60\n"}))
        assert self.said(host, tmp_path, capsys) == "its CLI does not say its version within 0.3 seconds.\n"


@pytest.mark.parametrize("place", ["http://[", "http://a]b/sdk", "http://\u2100/sdk"])
def test_a_place_that_is_no_url(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variables = {pulumi_release.RELEASES_VARIABLE: place}
    assert ensure_release(VERSION, tmp_path / "engine", variables, tmp_path / "built", 1.0, PATIENT) is None
    assert capsys.readouterr().err == f"Pulumi's release {VERSION} is not used: CLI_RELEASES is not a URL.\n"


def test_links_and_devices_are_left_out(host: Host, tmp_path: Path) -> None:
    link = member("pulumi/link", tarfile.SYMTYPE, target="/etc/passwd")
    hard = member("pulumi/hard", tarfile.LNKTYPE, target="pulumi/pulumi")
    host.offer(archive(FILES, link, hard, member("pulumi/pipe", tarfile.FIFOTYPE)))
    folder = ensure(host, tmp_path)
    assert folder is not None
    assert sorted(f"pulumi/{file.name}" for file in folder.iterdir()) == sorted(FILES)


def test_how_far_a_download_is(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SILENT_SECONDS", 1.0)
    host.offer(archive(FILES), stalled)
    assert ensure(host, tmp_path, STALLED) is None
    assert capsys.readouterr().err.split("\n")[1] == "Downloading the Pulumi CLI: 1 of 3 MB."


class TestTheCli:
    """Of `ensure_pulumi_cli`: the release comes after the CLI on PATH and a build that is there, and only on request."""

    def ensure(self, place: Place, host: Host, download: bool = True) -> Path:
        variables = {**place.variables, pulumi_release.RELEASES_VARIABLE: host.url}
        return pulumi_cli.ensure_pulumi_cli(place.repository, variables, download).folders[0]

    def test_is_the_release(self, place: Place, host: Host, capsys: pytest.CaptureFixture[str]) -> None:
        place.fake_go()
        folder = self.ensure(place, host)
        assert folder == place.builds / f"release-{VERSION}-{SYSTEM}"
        assert place.go_calls("build") == []
        assert capsys.readouterr().err == begins(host)
        # A build is there from now on, made by a command that may not download.
        built = self.ensure(place, host, download=False)
        assert built != folder
        assert self.ensure(place, host) == built
        assert len(host.asked) == 2

    def test_is_built_where_the_release_cannot_be_had(
        self,
        place: Place,
        host: Host,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        place.fake_go()
        host.files.clear()
        assert self.ensure(place, host).name == place.module.stamp(
            "go version go1.26.0 linux/amd64", pulumi_cli.CLI_PACKAGES
        )
        said = f"Pulumi's release {VERSION} is not used: {host.name} answers 404 for {SUMS}.\n"
        assert capsys.readouterr().err == f"{begins(host)}{said}{BUILDING}"

    def test_is_the_one_on_path(self, place: Place, host: Host) -> None:
        fake_cli(place.bin, "v3.260.0")
        assert self.ensure(place, host) == place.bin
        assert host.asked == []

    def test_is_built_unless_a_command_asks_for_the_release(self, place: Place, host: Host) -> None:
        place.fake_go()
        assert self.ensure(place, host, download=False).name == place.module.stamp(
            "go version go1.26.0 linux/amd64", pulumi_cli.CLI_PACKAGES
        )
        assert host.asked == []

    def test_is_built_where_the_place_of_releases_is_empty(
        self,
        place: Place,
        host: Host,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        place.fake_go()
        variables = {**place.variables, pulumi_release.RELEASES_VARIABLE: ""}
        folder = pulumi_cli.ensure_pulumi_cli(place.repository, variables, download=True).folders[0]
        assert folder.name == place.module.stamp("go version go1.26.0 linux/amd64", pulumi_cli.CLI_PACKAGES)
        assert capsys.readouterr().err == BUILDING

    def test_is_waited_for_in_words(
        self,
        place: Place,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(progress, "SILENT_SECONDS", 0.2)
        place.fake_go(before_build="/bin/sleep 0.5")
        place.ensure()
        remark = "has taken 0 seconds so far. The first build takes a few minutes."
        assert capsys.readouterr().err.startswith(f"{BUILDING}Building pulumi {remark}\n")


def test_no_test_asks_the_real_host() -> None:
    assert os.environ[pulumi_release.RELEASES_VARIABLE] == ""


def test_the_host_is_pulumis_own() -> None:
    assert pulumi_release.RELEASES == "https://get.pulumi.com/releases/sdk"
    assert Patience() == Patience(answer=5, stall=20, whole=300)
