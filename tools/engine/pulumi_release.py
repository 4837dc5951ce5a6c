"""Brings the Pulumi CLI of a version as Pulumi released it: one archive, which takes less time than a build.

A version has an archive for each platform and one file of checksums (SHA-256), both at RELEASES. The variable
CLI_RELEASES names another place that has both, such as a mirror; empty, it means that nothing is downloaded. Since the
checksums come from the same host as the archive, they show that the archive is whole, not where it comes from: for that
there is only TLS. A build from the Go module is checked against tools/engine/go.sum instead.

Nothing here fails: where a release cannot be had, one line on stderr says why, and the CLI is built.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import platform
import queue
import re
import shutil
import tarfile
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from tools.engine.isolated_pulumi import PulumiTimeoutError, run_command
from tools.engine.progress import progress, say

# Pulumi's own GitHub action looks there, too. sign.yml in pulumi/pulumi makes the checksums, with sha256sum.
RELEASES = "https://get.pulumi.com/releases/sdk"
RELEASES_VARIABLE = "CLI_RELEASES"
SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")
"""An archive has more, such as the hosts of other languages. All of it is kept: a user's program may need it."""

CHUNK_BYTES = 64 * 1024
MOST_CHECKSUM_BYTES = 1_000_000
MOST_ARCHIVE_BYTES = 1_000_000_000
MOST_UNPACKED_BYTES = 5_000_000_000
VERSION_SECONDS = 60.0


@dataclass(frozen=True)
class Patience:
    """For how long the host is waited for, in seconds."""

    answer: float = 5.0
    """Until an answer begins, including the look-up of its name."""
    stall: float = 20.0
    """Until more of it comes."""
    whole: float = 300.0
    """Until all of it is here."""


@dataclass
class Received:
    """How much of an answer is here."""

    size: int = 0
    total: int | None = None
    """As the host says; None where it does not."""

    def __str__(self) -> str:
        total = f" of {_megabytes(self.total)}" if self.total else ""
        return f"{_megabytes(self.size)}{total} MB"


class _UnusableError(Exception):
    """The release cannot be used; the message is the rest of a sentence that says why."""


def ensure_release(
    version: str,
    builds: Path,
    variables: Mapping[str, str],
    built: Path,
    lock_seconds: float,
    patience: Patience = Patience(),
) -> Path | None:
    """The folder of the released CLI, downloaded once; None where it cannot be had, and stderr says why.

    version: without a "v". builds: the folder of all builds, whose lock is held meanwhile. variables: under which the
    CLI is asked for its version. built: the folder of a build, the answer where there is one.
    Raises filelock.Timeout when others hold the lock for longer than lock_seconds.
    """
    place = variables.get(RELEASES_VARIABLE, RELEASES).rstrip("/")
    if not place:
        return None
    try:
        system = _platform()
        released = builds / f"release-{version}-{system}"
        if found := _first_folder(built, released):
            return found
        builds.mkdir(parents=True, exist_ok=True)
        with locked(builds, lock_seconds):
            if found := _first_folder(built, released):
                return found
            _prepare(place, version, system, released, variables, patience)
    except Timeout:  # An OSError, too: who builds does not wait for as long again.
        raise
    except (_UnusableError, OSError) as failure:
        reason = " ".join(str(failure).split())
        say(f"Pulumi's release {version} is not used: {reason}.")
        return None
    return released


@contextlib.contextmanager
def locked(builds: Path, seconds: float, what: str = "a CLI") -> Iterator[None]:
    """Hold the lock of the folder of all builds. Raises filelock.Timeout when others hold it for longer than that."""
    with progress(lambda passed: f"Waiting for another process that prepares {what}: {passed} seconds so far."):
        held = FileLock(builds / "lock", timeout=seconds).acquire()
    with held:
        yield


@contextlib.contextmanager
def partial_folder(builds: Path) -> Iterator[Path]:
    """A new folder to build or unpack in, removed in the end. The caller holds the lock of the folder of all builds.

    What is in it counts once it is renamed, so there is no half of it under its name.
    """
    # What an interrupted build or download left; nobody else is at it now.
    for leftover in builds.glob("partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=builds))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _first_folder(*folders: Path) -> Path | None:
    return next((folder for folder in folders if folder.is_dir()), None)


def _prepare(
    place: str, version: str, system: str, released: Path, variables: Mapping[str, str], patience: Patience
) -> None:
    """Download, check and unpack into a folder that counts once it has its name. The caller holds the lock."""
    name = f"pulumi-v{version}-{system}.tar.gz"
    sums = f"pulumi-{version}-checksums.txt"
    say(f"Downloading the Pulumi CLI {version} from {_host(place)}.")
    deadline = time.monotonic() + patience.whole
    listed = b"".join(_received(f"{place}/{sums}", MOST_CHECKSUM_BYTES, Received(), deadline, patience))
    expected = _listed_sum(listed.decode("ascii", "replace"), name)
    if expected is None:
        raise _UnusableError(f"{sums} does not list {name}")

    with partial_folder(released.parent) as partial:
        archive = partial / "archive.tar.gz"
        digest, received = hashlib.sha256(), Received()
        with progress(lambda _: f"Downloading the Pulumi CLI: {received}."), archive.open("wb") as file:
            for chunk in _received(f"{place}/{name}", MOST_ARCHIVE_BYTES, received, deadline, patience):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != expected:
            raise _UnusableError(f"{name} does not have the checksum that {sums} lists")
        with progress(lambda seconds: f"Unpacking the Pulumi CLI: {seconds} seconds so far."):
            _unpack(archive, partial)
        _check_version(partial / "pulumi", version, variables)
        (partial / "pulumi").rename(released)


def _platform() -> str:
    """How the archives spell this platform, like "linux-x64"."""
    system, machine = SYSTEMS.get(platform.system()), MACHINES.get(platform.machine().lower())
    if system is None or machine is None:
        raise _UnusableError(f"there is none for {platform.system()} on {platform.machine()}")
    return f"{system}-{machine}"


def _host(url: str) -> str:
    """Where a URL points to, without what may be secret in it."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "nowhere"
    except ValueError:
        raise _UnusableError(f"{RELEASES_VARIABLE} is not a URL") from None


def _megabytes(size: int) -> int:
    return round(size / 1_000_000)


def _listed_sum(listed: str, name: str) -> str | None:
    """The SHA-256 of a file in the output of sha256sum."""
    found = re.search(rf"^([0-9a-fA-F]{{64}}) [ *]{re.escape(name)}$", listed, re.MULTILINE)
    return found.group(1).lower() if found else None


@dataclass(frozen=True)
class _Began:
    """An answer begins; its length in bytes, where the host says it."""

    total: int | None


@dataclass(frozen=True)
class _Ended:
    """An answer ends: well, or for this reason."""

    reason: str = ""


_Piece = _Began | bytes | _Ended


def _received(url: str, most: int, received: Received, deadline: float, patience: Patience) -> Iterator[bytes]:
    """What a host answers, piece by piece, with all waiting bounded.

    Another thread asks: a look-up of a name, or a host with many addresses that all stay silent, blocks for longer than
    any timeout of a socket.
    """
    host, name = _host(url), url.rpartition("/")[2]
    pieces: queue.Queue[_Piece] = queue.Queue(maxsize=16)
    abandoned = threading.Event()

    def put(piece: _Piece) -> bool:
        while not abandoned.is_set():
            with contextlib.suppress(queue.Full):
                pieces.put(piece, timeout=0.2)
                return True
        return False

    def next_piece(seconds: float, too_late: str) -> _Piece:
        left = deadline - time.monotonic()
        with contextlib.suppress(queue.Empty):
            if left > 0:
                return pieces.get(timeout=min(seconds, left))
        whole = f"the download takes longer than {patience.whole:g} seconds"
        raise _UnusableError(too_late if seconds < left else whole)

    # Its socket has the longer patience, so that it is here that too long a wait is noticed.
    threading.Thread(target=_ask, args=(url, patience.stall + patience.answer, put), daemon=True).start()
    try:
        piece = next_piece(patience.answer, f"{host} did not answer within {patience.answer:g} seconds")
        while not isinstance(piece, _Ended):
            if isinstance(piece, _Began):
                received.total = piece.total
            else:
                received.size += len(piece)
                yield piece
            if max(received.size, received.total or 0) > most:
                raise _UnusableError(f"{name} is larger than {_megabytes(most)} MB")
            stalled = f"nothing came from {host} for {patience.stall:g} seconds, after {received}"
            piece = next_piece(patience.stall, stalled)
    finally:
        abandoned.set()
    if piece.reason:
        raise _UnusableError(piece.reason)
    if received.total is not None and received.size != received.total:
        raise _UnusableError(f"{name} is cut off after {received.size} of {received.total} bytes")


def _ask(url: str, socket_seconds: float, put: Callable[[_Piece], bool]) -> None:
    """Ask for a file and hand over what comes, until nobody takes it any more."""
    host, name = _host(url), url.rpartition("/")[2]
    try:
        # The proxies are those of the environment.
        with urllib.request.build_opener().open(url, timeout=socket_seconds) as response:
            if urlsplit(response.url).scheme != urlsplit(url).scheme:
                put(_Ended(f"{host} redirects to {urlsplit(response.url).scheme}"))
                return
            length = response.headers.get("Content-Length", "")
            going_on = put(_Began(int(length) if re.fullmatch(r"[0-9]{1,15}", length) else None))
            while going_on and (chunk := response.read1(CHUNK_BYTES)):
                going_on = put(chunk)
        put(_Ended())
    except urllib.error.HTTPError as refusal:
        refusal.close()
        put(_Ended(f"{host} answers {refusal.code} for {name}"))
    except urllib.error.URLError as failure:
        put(_Ended(f"{host} cannot be reached ({failure.reason})"))
    except (OSError, ValueError, http.client.HTTPException) as failure:
        put(_Ended(f"the transfer from {host} failed ({failure or type(failure).__name__})"))


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack the regular files below pulumi/ of an archive into a folder. Raises _UnusableError for what is not one."""
    size = 0
    try:
        with tarfile.open(archive, "r:gz") as members:
            # Python before 3.10.12 has no filters. What they keep out does not pass the checks below either.
            members.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
            for member in members:
                parts = PurePosixPath(member.name).parts
                if parts[:1] != ("pulumi",) or ".." in parts:
                    raise _UnusableError(f"its archive has a file outside of pulumi/: {ascii(member.name)[:80]}")
                size += member.size
                if size > MOST_UNPACKED_BYTES:
                    raise _UnusableError(f"its archive has more than {_megabytes(MOST_UNPACKED_BYTES)} MB of files")
                if member.isreg():
                    member.mode &= 0o755
                    members.extract(member, folder)
    except RecursionError:
        raise _UnusableError("its archive has too many folders in each other") from None
    # The last two come of a name or a time that no file can have.
    except (tarfile.TarError, zlib.error, EOFError, ValueError, OverflowError) as failure:
        raise _UnusableError(f"its archive cannot be unpacked ({failure})") from failure


def _check_version(folder: Path, version: str, variables: Mapping[str, str]) -> None:
    """Raise _UnusableError unless the CLI in this folder is complete, runs here and says this version."""
    missing = next((name for name in NEEDED if not os.access(folder / name, os.X_OK)), None)
    if missing:
        raise _UnusableError(f"its archive has no executable pulumi/{missing}")
    try:
        command = [str(folder / "pulumi"), "version"]
        finished = run_command(command, folder, VERSION_SECONDS, {**variables, "PULUMI_SKIP_UPDATE_CHECK": "true"})
    except PulumiTimeoutError:
        raise _UnusableError(f"its CLI does not say its version within {VERSION_SECONDS:g} seconds") from None
    answer = finished.stdout.strip()
    if finished.exit_status or answer != f"v{version}":
        raise _UnusableError(f"its CLI says {ascii(answer)[:80]} instead of its version v{version}")
