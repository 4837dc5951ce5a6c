"""How the files of a release are named: by what is in them, their platform and their Python.

It needs the standard library alone, as assets.py does: what may write to a release installs nothing.
"""

from __future__ import annotations

from typing import Final

NAME: Final = "pulumi-analyzer-cloudtrail-cloudwatch-logs"
WITH_BOTO3: Final = "-with-boto3"
FILES: Final = (NAME, NAME + WITH_BOTO3)
SBOM: Final = ".cdx.json"
PROJECT: Final = "PulumiPolicy.yaml"
SUMS: Final = "SHA256SUMS"
# By sys.platform and `uname -m`, as the file itself knows where it runs.
PLATFORMS: Final = {
    ("linux", "x86_64"): "linux-x86_64",
    ("linux", "aarch64"): "linux-arm64",
    ("darwin", "arm64"): "macos-arm64",
}
# The two newest of those that the pack is tested with. Others use its folder.
PYTHONS: Final = ("3.14", "3.15")


def asset_name(file: str, platform: str, python: str) -> str:
    """The name of a built file in a release, such as …-linux-arm64-py3.15; the suffix of its SBOM stays at the end."""
    stem, suffix = (file[: -len(SBOM)], SBOM) if file.endswith(SBOM) else (file, "")
    return f"{stem}-{platform}-py{python}{suffix}"


def built_names() -> list[str]:
    """The files of a build that are for its platform and its Python."""
    return [file + suffix for file in FILES for suffix in ("", SBOM)]


def all_assets() -> list[str]:
    """All that is in a release, but for the sums."""
    places = [(platform, python) for platform in PLATFORMS.values() for python in PYTHONS]
    return sorted([PROJECT, *(asset_name(file, *place) for file in built_names() for place in places)])
