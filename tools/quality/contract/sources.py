"""The files of a Python package: of a wheel, of a source archive, or of a folder where it is installed."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MODULE_OF: Final = ".py"


class UnreadablePackageError(Exception):
    """A package has no file that it must have, or it is not understood; the message says which."""


@dataclass(frozen=True)
class Sources:
    """The files of a package by their paths, such as pulumi_aws/iam/role.py."""

    paths: frozenset[str]
    read: Callable[[str], bytes]

    def text(self, path: str) -> str:
        """A file's text. Raises UnreadablePackageError where there is none."""
        if path not in self.paths:
            raise UnreadablePackageError(f"it has no {path}")
        return self.read(path).decode("utf-8")

    @property
    def version(self) -> str:
        """The package's version, from its metadata. Raises UnreadablePackageError where it has none."""
        for path in sorted(self.paths):
            if path == "PKG-INFO" or path.endswith(".dist-info/METADATA"):
                found = re.search(r"^Version: (\S+)$", self.text(path), re.MULTILINE)
                if found:
                    return found[1]
        raise UnreadablePackageError("it names no version")

    def modules_in(self, folder: str) -> list[str]:
        """The Python files right in a folder, in order."""
        prefix = f"{folder}/"
        return sorted(
            path
            for path in self.paths
            if path.startswith(prefix) and path.endswith(_MODULE_OF) and "/" not in path.removeprefix(prefix)
        )


def of_archive(archive: Path) -> Sources:
    """Those of a wheel, or of a source archive, whose one folder is left out of the paths."""
    if archive.suffix == ".whl":
        wheel = zipfile.ZipFile(archive)
        return Sources(frozenset(wheel.namelist()), wheel.read)
    with tarfile.open(archive) as packed:
        found = {member.name.partition("/")[2]: packed.extractfile(member) for member in packed if member.isfile()}
        files = {path: file.read() for path, file in found.items() if file}
        return Sources(frozenset(files), files.__getitem__)


def of_folder(folder: Path, package: str) -> Sources:
    """Those of a package that is installed in a folder."""
    found = [*(folder / package).rglob("*"), *folder.glob(f"{package}-*.dist-info/METADATA")]
    paths = (path.relative_to(folder).as_posix() for path in found if path.is_file())
    return Sources(frozenset(paths), lambda path: (folder / path).read_bytes())
