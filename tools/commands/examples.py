"""What the examples' READMEs say that the pack reports: tests/engine/test_examples.py holds them to it."""

from __future__ import annotations

import re
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_SAID = re.compile(r"^(What .*?):(?: nothing\.|\n\n```text\n(.*?)\n```)$", re.DOTALL | re.MULTILINE)


def stated_in(readme: str) -> dict[str, list[str]]:
    """The lines of the reports by the command, `preview` or `up`, each beginning with its policy's name."""
    said: dict[str, list[str]] = {}
    for sentence, block in _SAID.findall(readme):
        for command in ("preview", "up"):
            if f"`pulumi {command}`" in sentence:
                said[command] = sorted(block.split("\n")) if block else []
    return said


def stated(name: str) -> dict[str, list[str]]:
    """The same of the README of an example."""
    return stated_in((EXAMPLES / name / "README.md").read_text(encoding="utf-8"))
