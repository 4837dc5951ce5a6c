"""Every example under the real engine: its README says exactly what the pack says about it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from .conftest import EXAMPLES
from .workspace import Workspace

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/Pulumi.yaml"))
CORRECT = {"integrated", "integrated-by-reading"}
ONLY_KNOWN_IN_UP = {"bare-arn", "policy-without-streams"}


def stated(name: str) -> dict[str, list[str]]:
    """What an example's README says: the lines of the reports in preview and in up."""
    text = (EXAMPLES / name / "README.md").read_text()
    said: dict[str, list[str]] = {}
    for sentence, block in re.findall(
        r"^(What .*?):(?: nothing\.|\n\n```text\n(.*?)\n```)$", text, re.DOTALL | re.MULTILINE
    ):
        for command in ("preview", "up"):
            if f"`pulumi {command}`" in sentence:
                said[command] = sorted(block.split("\n")) if block else []
    return said


def test_the_examples_are_those_that_the_readme_lists() -> None:
    listed = re.findall(r"\]\(examples/([a-z-]+)\)", (Path(EXAMPLES).parent / "README.md").read_text())
    assert sorted(set(listed)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_preview_and_up_print_what_the_readme_says(name: str, example: Callable[[str], Workspace]) -> None:
    said, workspace = stated(name), example(name)
    assert set(said) == {"preview", "up"}
    for command, outcome in (("preview", workspace.preview()), ("up", workspace.up())):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert sorted(outcome.lines) == said[command]
        assert outcome.said_by_policies == []
    assert "aws:cloudtrail/trail:Trail" in workspace.types_in_state()


def test_the_picture_in_the_readme_shows_what_its_example_says() -> None:
    drawn = re.sub(r"<[^>]*>", " ", (EXAMPLES.parent / "docs" / "report.svg").read_text())
    words = " ".join(unescape(drawn).replace("\xa0", " ").split())
    for line in stated("created-not-wired")["preview"]:
        policy, text = line.split(": ", 1)
        assert policy in words
        assert text in words


def test_every_kind_of_example_is_there() -> None:
    assert {name for name in NAMES if not any(stated(name).values())} == CORRECT
    assert {name for name in NAMES if not stated(name)["preview"]} == CORRECT | ONLY_KNOWN_IN_UP


@pytest.mark.parametrize("name", NAMES)
def test_at_level_mandatory_a_preview_fails_exactly_when_it_reports(
    name: str, example: Callable[[str], Workspace]
) -> None:
    said = stated(name)["preview"]
    outcome = example(name).preview("mandatory")
    assert sorted(outcome.lines) == said
    assert {event["enforcementLevel"] for event in outcome.violations} == ({"mandatory"} if said else set())
    assert (outcome.finished.exit_status != 0) == bool(said)
