"""`python -m tools.release.notes TAG REPOSITORY`: prints the changelog's section of a version as release notes.

The tag is `v` and the version in PulumiPolicy.yaml. Links that are relative in the changelog lead to the repository's
files at the tag.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from urllib.parse import urljoin

from tools.commands.publish import PACK, CannotPublishError, version_of

_CHANGELOG = "CHANGELOG.md"
# Code is matched first, since it has no links.
_CODE_OR_LINK = re.compile(r"`[^`]*`|(?<=\]\()[^()\s]+(?=\))")


class NoNotesError(Exception):
    """The message says why there are none."""


def notes(changelog: str, version: str, page: str) -> str:
    """The text below the heading of a version. page: the address of the changelog. Raises NoNotesError."""
    found = re.search(rf"^## {re.escape(version)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not found or not found[1].strip():
        raise NoNotesError(f"{_CHANGELOG} says nothing about {version}.")
    return _CODE_OR_LINK.sub(lambda each: _absolute(each[0], page), found[1].strip()) + "\n"


def version_in(tag: str, version: str) -> str:
    """The version, when the tag is that of it. Raises NoNotesError."""
    if tag != f"v{version}":
        raise NoNotesError(f"The tag is {tag}, but PulumiPolicy.yaml says version {version}, whose tag is v{version}.")
    return version


def _absolute(text: str, page: str) -> str:
    return text if text.startswith("`") else urljoin(page, text)


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 when there are notes."""
    parser = argparse.ArgumentParser(prog="python -m tools.release.notes", description=__doc__)
    parser.add_argument("tag")
    parser.add_argument("repository", help="its address, such as https://git.acme.example/policy/pack")
    asked = parser.parse_args(arguments)
    try:
        version = version_in(asked.tag, version_of())
        changelog = (PACK / _CHANGELOG).read_text(encoding="utf-8")
        print(notes(changelog, version, f"{asked.repository}/blob/{asked.tag}/{_CHANGELOG}"), end="")
    except (CannotPublishError, NoNotesError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
