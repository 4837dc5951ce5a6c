"""The examples as the docs show them: whole files, all of which tests/engine/test_examples.py runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.commands.examples import EXAMPLES


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
