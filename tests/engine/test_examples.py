"""Every example under the real engine: its README says exactly what the pack says about it, in each language.

An audit of its state says the same as the update that wrote it.
Those in YAML are without the bucket's policy, which no policy of the pack looks at.
"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.fleet.same_verdict import evidence_of, root_urn, said_by, said_in, write
from tools.commands.examples import EXAMPLES, stated
from tools.engine.languages import LANGUAGES

from .workspace import Outcome, Workspace

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/README.md"))
CORRECT = {"integrated", "integrated-by-reading"}
# Those that differ in how their values are made.
IN_GO = {"bare-arn", "integrated", "integrated-by-reading", "not-integrated", "wrong-trust"}
ONLY_KNOWN_IN_UP = {"bare-arn", "policy-without-streams"}
PROOF = {
    f"cloudtrail-{name}": {"requireProof": True}
    for name in ("cloudwatch-logs-integrated", "log-group-and-role-exist", "role-can-deliver")
}


def test_the_examples_are_those_that_the_readme_lists() -> None:
    listed = re.findall(r"\]\(examples/([a-z-]+)\)", (Path(EXAMPLES).parent / "README.md").read_text())
    assert sorted(set(listed)) == NAMES
    for name in NAMES:
        assert {"python", "typescript", "yaml"} <= set(languages_of(name)) <= {language.name for language in LANGUAGES}
    assert {name for name in NAMES if "go" in languages_of(name)} == IN_GO


def languages_of(name: str) -> list[str]:
    """The languages that an example is written in."""
    return sorted(path.parent.name for path in (EXAMPLES / name).glob("*/Pulumi.yaml"))


def reports(outcome: Outcome) -> list[tuple[Any, ...]]:
    """What the engine's events say about the reports, but for their level."""
    said = ("resourceUrn", "policyName", "severity", "message")
    return sorted(tuple(event[key] for key in said) for event in outcome.violations)


def levels(outcome: Outcome) -> set[str]:
    return {event["enforcementLevel"] for event in outcome.violations}


def check_audit(workspace: Workspace, outcome: Outcome, configuration: Path | None = None) -> None:
    """Fails where an audit of the state as it lies there says anything else than a run with the same configuration."""
    evidence = evidence_of(workspace.checkpoint, configuration)
    assert said_by(evidence, root_urn(workspace.resources())) == said_in(outcome.events)
    assert [each.stack for each in evidence.trails] == [f"{workspace.project}/dev"]


@pytest.mark.parametrize("name", NAMES)
def test_a_program_prints_what_the_readme_says_in_each_language(
    name: str, example: Callable[..., Workspace], tmp_path: Path
) -> None:
    proof = write(PROOF, tmp_path / "proof.json")
    said, in_yaml = stated(name), example(name)
    assert set(said) == {"preview", "up"}
    mandatory = in_yaml.preview("mandatory")
    assert (mandatory.finished.exit_status != 0) == bool(said["preview"]), mandatory.finished
    assert levels(mandatory) == ({"mandatory"} if said["preview"] else set())
    twins = (mandatory, said["preview"]), (in_yaml.up(), said["up"]), (in_yaml.preview(), said["up"])
    for twin, lines in twins:
        assert sorted(twin.lines) == lines
        assert twin.said_by_policies == []
    assert "aws:cloudtrail/trail:Trail" in in_yaml.types_in_state()
    check_audit(in_yaml, twins[1][0])
    for language in set(languages_of(name)) - {"yaml"}:
        workspace = example(name, language)
        # All is known after an update, and no example has anything that is not proven.
        outcomes = (workspace.preview(), workspace.up(), workspace.preview(PROOF))
        check_audit(workspace, outcomes[1])
        check_audit(workspace, outcomes[2], proof)
        for outcome, (twin, lines) in zip(outcomes, twins, strict=True):
            assert outcome.finished.exit_status == 0, (language, outcome.finished)
            assert sorted(outcome.lines) == lines, language
            assert reports(outcome) == reports(twin), language
            assert levels(outcome) == ({"advisory"} if lines else set()), language
            assert outcome.said_by_policies == [], language
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
