"""The examples as the docs show them: whole files, all of which tests/engine/test_examples.py runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_SAID = re.compile(r"^(What .*?):(?: nothing\.|\n\n```text\n(.*?)\n```)$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class ProgramFile:
    """A file of an example that the docs show or link."""

    language: str
    file: str
    """The file of a program, in the folder of an example."""
    remark: str = ""


# Every example has these, most readers' language first.
SHOWN = (ProgramFile("TypeScript", "typescript/index.ts"), ProgramFile("Python", "python/__main__.py"))
LINKED = (
    ProgramFile("YAML", "yaml/Pulumi.yaml"),
    ProgramFile("Go", "go/main.go", " (with SDK v6 of pulumi-aws)"),
)


def stated(name: str) -> dict[str, list[str]]:
    """What an example's README says: the lines of the reports in preview and in up."""
    said: dict[str, list[str]] = {}
    for sentence, block in _SAID.findall((EXAMPLES / name / "README.md").read_text(encoding="utf-8")):
        for command in ("preview", "up"):
            if f"`pulumi {command}`" in sentence:
                said[command] = sorted(block.split("\n")) if block else []
    return said


def shown(name: str) -> Iterator[str]:
    """An example for a page in docs/: folded programs, and links to those in other languages.

    Raises FileNotFoundError where it has no program in a language that is shown.
    """
    for each in SHOWN:
        text = (EXAMPLES / name / each.file).read_text(encoding="utf-8")
        yield f"<details>\n<summary>{each.language}</summary>\n"
        yield f"```{each.language.lower()}\n{text.rstrip()}\n```\n\n</details>\n"
    links = [
        f"[{each.language}](../examples/{name}/{each.file}){each.remark}"
        for each in LINKED
        if (EXAMPLES / name / each.file).is_file()
    ]
    yield f"Also in {' and '.join(links)}.\n"
