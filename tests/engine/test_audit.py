"""The real `pulumi policy analyze` and an audit say the same of a state: of all kinds at once, and of random ones.

tests/fleet/test_same_verdict.py compares many more states with the pack alone, as the engine asks it. AUDITED_STATES: how
many random ones there are here; the weekly workflow takes 300 others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command_line.policy_exceptions import FIRST_CLI
from tests.analyzers import PACK
from tests.fleet.fleets import DELIVER, EXIST, INTEGRATED, Stack
from tests.fleet.kinds import KINDS, OLD_KINDS, encrypted, state_of, trail, whole
from tests.fleet.random_states import random_state
from tests.fleet.same_verdict import Said, evidence_of, root_urn, said_by, said_in, write
from tests.fleet.test_same_verdict import CONFIGURATIONS
from tests.repeatable import repeatable_random
from tools.engine.isolated_pulumi import isolated_pulumi

from .workspace import QUICK, SECONDS, is_since

Analyze = Callable[[dict[str, Any], dict[str, Any]], tuple[list[Said], list[Said]]]


@pytest.fixture
def analyze(tmp_path: Path, path_folders: list[Path]) -> Analyze:
    """Answers what the CLI and what an audit say of a state. Both fail, or none does."""

    def both(document: dict[str, Any], configuration: dict[str, Any]) -> tuple[list[Said], list[Said]]:
        state = write(document, tmp_path / "state.json")
        given = write(configuration, tmp_path / "policies.json")
        args = ["policy", "analyze", "--json", "--file", str(state), "--policy-pack", str(PACK)]
        pulumi = isolated_pulumi(tmp_path / "pulumi", path_folders)
        finished = pulumi.run([*args, "--policy-pack-config", str(given)], tmp_path, SECONDS, QUICK)
        events = [json.loads(line) for line in finished.stdout.splitlines()]
        assert events[-1].keys() >= {"summaryEvent"}, finished
        evidence = evidence_of(state, given)
        assert evidence.fails == (finished.exit_status != 0), finished
        return said_in(events), said_by(evidence, root_urn(document["deployment"]["resources"]))

    return both


def excepted(document: dict[str, Any], configuration: dict[str, Any]) -> dict[str, Any]:
    """The configuration with exceptions of Pulumi's own, of which two are of one trail."""
    urns = {each["urn"].rpartition("::")[2]: each["urn"] for each in document["deployment"]["resources"]}

    def of(*names: str, policies: tuple[str, ...] = (INTEGRATED, EXIST)) -> dict[str, Any]:
        match = {"policies": list(policies), "targets": [urns[name] for name in names]}
        return {"reason": "Accepted.", "match": [match]}

    exceptions = {
        "EXC-1": of("unset", "off"),
        "EXC-2": of("off", policies=(INTEGRATED,)),
        "EXC-3": of("right-template", "unset-template", "right"),
    }
    return {"version": 2, "policies": configuration, "exceptions": exceptions}


def test_all_kinds_of_states(analyze: Analyze) -> None:
    document, configuration = state_of(*KINDS), CONFIGURATIONS["mixed"]
    has_exceptions = is_since(FIRST_CLI)
    of_cli, of_audit = analyze(document, excepted(document, configuration) if has_exceptions else configuration)
    assert of_audit == of_cli
    expected = {("EXC-1",), ("EXC-1", "EXC-2"), ("EXC-3",)} if has_exceptions else set()
    assert {each.exceptions for each in of_cli} == {(), *expected}
    assert {each.level for each in of_cli} == {"advisory", "mandatory"}


@pytest.mark.parametrize("number", range(int(os.environ.get("AUDITED_STATES", "2"))))
def test_a_random_state(number: int, analyze: Analyze) -> None:
    configuration = list(CONFIGURATIONS.values())[number % len(CONFIGURATIONS)]
    of_cli, of_audit = analyze(random_state(repeatable_random(f"analyzed {number}")), configuration)
    assert of_audit == of_cli


def test_an_old_state_where_proof_is_required(analyze: Analyze) -> None:
    of_cli, of_audit = analyze(state_of(*OLD_KINDS, version=2), CONFIGURATIONS["strict"])
    assert of_audit == of_cli
    assert any("[not-proven]" in each.message for each in of_cli)


def test_what_rests_on_a_secret_that_is_not_decrypted(analyze: Analyze) -> None:
    """The CLI takes "[secret]" for the value, and so reports what is right. An audit never does."""

    def stack_with(stack: Stack) -> None:
        trail(stack, "encrypted", {**whole(stack, "encrypted"), "cloudWatchLogsGroupArn": encrypted()})
        trail(stack, "plain", {})

    document = state_of(stack_with)
    document["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": "v1:of another one"}}
    of_cli, of_audit = analyze(document, {DELIVER: "mandatory"})
    assert [each for each in of_cli if not each.urn.endswith("::encrypted")] == of_audit
    assert [each.message.partition(" ")[0] for each in of_cli if each.urn.endswith("::encrypted")] == [
        "[log-group-arn-invalid]"
    ]
