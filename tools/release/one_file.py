"""`make dist`: builds the pack as one file that Pulumi starts, for this platform and this Python.

The file is a short shell script with a ZIP archive behind it, which Python runs. In that lies what a pack needs at run
time, with the libraries of a lock with hashes. Two builds have the same bytes, wherever they are made with the same
Python.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from tools.commands.publish import PACK, needed_files, version_of
from tools.release.assets import sums
from tools.release.bootstrap import CONTENTS, DIGITS
from tools.release.names import NAME, PROJECT, SBOM, SUMS, WITH_BOTO3
from tools.release.sbom import sbom

HERE: Final = Path(__file__).parent
LOCKS: Final = {NAME: HERE / "libraries.lock", NAME + WITH_BOTO3: HERE / "libraries-with-boto3.lock"}
PYTHON: Final = "%d.%d" % sys.version_info[:2]  # noqa: UP031
BUILT_FOR: Final = (sys.platform, os.uname().machine)
# Pulumi's SDK asks for them, and nothing in it imports them: one is for the debugger of a program.
NOT_IMPORTED: Final = ("debugpy", "setuptools")
INSTALL_SECONDS: Final = 600.0
SIZE: Final = b"@@SIZE@@"
# Not compressed: where they are damaged, Python says so.
START: Final = ("__main__.py", "pack_bootstrap.py")
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


def build(destination: Path, libraries: Iterable[tuple[str, bytes]], pack: Path = PACK) -> Iterator[Path]:
    """Builds the files into a folder, each with an archive of its libraries, and answers each when it is there."""
    for name, archived in libraries:
        yield from build_file(name, archived, destination, pack)
    shutil.copyfile(pack / PROJECT, destination / PROJECT)
    yield destination / PROJECT


def build_file(name: str, libraries: bytes, destination: Path, pack: Path = PACK) -> tuple[Path, Path]:
    """Builds one of the files into a folder with an archive of its libraries, and its SBOM."""
    built = one_file(contents_of(libraries, pack), pack)
    with tempfile.TemporaryDirectory() as folder, ZipFile(io.BytesIO(libraries)) as opened:
        opened.extractall(folder, [each for each in opened.namelist() if ".dist-info/" in each])
        bill = sbom(built, LOCKS[name], Path(folder), pack)
    destination.mkdir(parents=True, exist_ok=True)
    file, beside = destination / name, destination / f"{name}{SBOM}"
    file.write_bytes(built)
    file.chmod(0o755)
    beside.write_text(bill, encoding="utf-8")
    return file, beside


def libraries_of_all() -> Iterator[tuple[str, bytes]]:
    """The name of each file with an archive of its libraries. Those that two files have are compiled once."""
    libraries = b""
    for name, lock in LOCKS.items():
        libraries = libraries_of(lock, libraries)
        yield name, libraries


def libraries_of(lock: Path, some: bytes = b"") -> bytes:
    """What a lock names, compiled, as an archive. some: the archive of another lock, which names a part of it."""
    with tempfile.TemporaryDirectory() as folder:
        libraries = Path(folder)
        install(lock, libraries)
        if some:
            with ZipFile(io.BytesIO(some)) as opened:
                for name in opened.namelist():
                    (libraries / name).unlink(missing_ok=True)  # not compiled yet
        return archive(compiled(libraries), before=some)


def install(lock: Path, libraries: Path) -> None:
    """Installs what a lock names into a folder, without what depends on where that is. Raises CalledProcessError."""
    pip = [sys.executable, "-m", "uv", "pip"]
    place = ["--quiet", "--python", sys.executable, "--target", str(libraries)]
    checked = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)]
    subprocess.run([*pip, "install", *place, *checked], check=True, timeout=INSTALL_SECONDS)
    subprocess.run([*pip, "uninstall", *place, *NOT_IMPORTED], check=True, timeout=INSTALL_SECONDS)
    shutil.rmtree(libraries / "bin", ignore_errors=True)
    for path in (libraries / ".lock", *libraries.glob("*.dist-info/*")):
        if path.name in (".lock", "RECORD", "REQUESTED", "INSTALLER", "direct_url.json"):
            path.unlink()


def contents_of(libraries: bytes, pack: Path = PACK) -> bytes:
    """What the file unpacks, as an archive: the libraries of an archive and the pack, compiled."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in pack_files(pack):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pack / name, place / name)
        return archive(compiled(place), before=libraries)


def compiled(folder: Path) -> dict[str, Path]:
    """Compiles all Python in a folder, and answers its files by their names below it.

    What is compiled says nothing of the folder or of a time. It depends a little on what a process has loaded, and on
    whether that was compiled before: so nothing of this repository is.
    """
    options = ["-qq", "-r", "20", "-s", str(folder), "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run([sys.executable, "-ISm", "compileall", *options], check=True, timeout=INSTALL_SECONDS)
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def pack_files(pack: Path = PACK) -> list[str]:
    """What the file has of the pack: what is published, and the command line, without the start of a folder."""
    command_line = [path.relative_to(pack).as_posix() for path in sorted((pack / "command_line").glob("*.py"))]
    return sorted({*needed_files(pack), *command_line} - {"__main__.py", "requirements.txt"})


def archive(files: Mapping[str, Path | bytes], stored: Sequence[str] = (), before: bytes = b"") -> bytes:
    """A ZIP archive of files, which says nothing of when they were made.

    stored: the files that are not compressed. before: what stands before them: another archive, or anything else.
    """
    written = io.BytesIO(before)
    with ZipFile(written, "a") as opened:
        for name, content in sorted(files.items()):
            entry = ZipInfo(name, _FIRST_DAY)
            entry.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            opened.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
    return written.getvalue()


def one_file(contents: bytes, pack: Path = PACK) -> bytes:
    """The whole file. Beside what it unpacks, it has the package that a program's tests import."""
    digest = hashlib.sha256(contents).hexdigest()[:DIGITS]
    with ZipFile(io.BytesIO(contents)) as opened:
        # Each file takes whole blocks of a disk.
        megabytes = math.ceil(sum(4096 + each.file_size for each in opened.infolist()) / 1_000_000)
    built_for = (f"Python {PYTHON}", *BUILT_FOR)
    arguments = f"sys.argv[0], {built_for!r}, {digest!r}, {megabytes}"
    start = f"import sys\nfrom pack_bootstrap import main\nsys.exit(main({arguments}))\n"
    imported = {name: pack / name for name in needed_files(pack) if name.startswith(("LICENSE", "cloudtrail_logs/"))}
    first: dict[str, Path | bytes] = {
        "__main__.py": start.encode(),
        "pack_bootstrap.py": HERE / "bootstrap.py",
        CONTENTS: contents,
    }
    header = (HERE / "header.sh").read_text(encoding="utf-8").replace("@PYTHON@", PYTHON).encode()
    whole = archive({**imported, **first}, [CONTENTS, *START], before=header)
    return whole.replace(SIZE, str(len(whole)).rjust(len(SIZE)).encode(), 1)


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 when all is built."""
    parser = argparse.ArgumentParser(prog="make dist", description=__doc__)
    parser.add_argument("destination", type=Path)
    destination: Path = parser.parse_args(arguments).destination
    print(f"Building {version_of()} for {' '.join(BUILT_FOR)} and Python {PYTHON}.", flush=True)
    built = []
    for file in build(destination, libraries_of_all()):
        print(f"  {file} ({file.stat().st_size / 1_000_000:.1f} MB)", flush=True)
        built.append(file)
    (destination / SUMS).write_text(sums(built), encoding="utf-8")
    print(f"  {destination / SUMS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
