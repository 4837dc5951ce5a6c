"""Every example under the real engine: its README says exactly what the pack says about it, in each language.

Those in YAML are without the bucket's policy, which no policy of the pack looks at.
"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from .conftest import EXAMPLES
from .workspace import Outcome, Workspace

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/README.md"))
CORRECT = {"integrated", "integrated-by-reading"}
ONLY_KNOWN_IN_UP = {"bare-arn", "policy-without-streams"}
PROOF = {
    f"cloudtrail-{name}": {"requireProof": True}
    for name in ("cloudwatch-logs-integrated", "log-group-and-role-exist", "role-can-deliver")
}


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
    for language in ("python", "yaml"):
        assert sorted(path.parts[-3] for path in EXAMPLES.glob(f"*/{language}/Pulumi.yaml")) == NAMES


def reports(outcome: Outcome) -> list[tuple[Any, ...]]:
    """What the engine's events say about the reports, but for their level."""
    said = ("resourceUrn", "policyName", "severity", "message")
    return sorted(tuple(event[key] for key in said) for event in outcome.violations)


def levels(outcome: Outcome) -> set[str]:
    return {event["enforcementLevel"] for event in outcome.violations}


@pytest.mark.parametrize("name", NAMES)
def test_a_program_and_its_twin_in_yaml_print_what_the_readme_says(
    name: str, example: Callable[..., Workspace]
) -> None:
    said, in_python, in_yaml = stated(name), example(name, "python"), example(name)
    assert set(said) == {"preview", "up"}
    mandatory = in_yaml.preview("mandatory")
    assert (mandatory.finished.exit_status != 0) == bool(said["preview"]), mandatory.finished
    assert levels(mandatory) == ({"mandatory"} if said["preview"] else set())
    for outcome, twin, lines in (
        (in_python.preview(), mandatory, said["preview"]),
        (in_python.up(), in_yaml.up(), said["up"]),
        # All is known then, and no example has anything that is not proven.
        (in_python.preview(PROOF), in_yaml.preview(), said["up"]),
    ):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert sorted(outcome.lines) == sorted(twin.lines) == lines
        assert reports(outcome) == reports(twin)
        assert levels(outcome) == ({"advisory"} if lines else set())
        assert outcome.said_by_policies == twin.said_by_policies == []
    for workspace in (in_python, in_yaml):
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
