"""An audit says of a state what the pack says of it to the engine, as `policy analyze` asks: of each kind of state.

AUDITED_STATES: how many random states; the weekly workflow takes 300 others, and the real CLI for each (tests/engine).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

from tests.analyzers import in_process
from tests.fleet.as_engine import said_to_engine
from tests.fleet.fleets import DELIVER, EXIST, INTEGRATED, Stack
from tests.fleet.kinds import KINDS, OLD_KINDS, cloud_control, only_read, state_of
from tests.fleet.random_states import random_state, stored
from tests.fleet.same_verdict import Said, evidence_of, exported, root_urn, said_by, write
from tests.fuzz.stacks import stacks
from tests.repeatable import repeatable, repeatable_random
from tests.stacks import Resource

RANDOM_STATES = int(os.environ.get("AUDITED_STATES", "20"))
PROOF = {"enforcementLevel": "mandatory", "requireProof": True}
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "none": {},
    "strict": {INTEGRATED: PROOF, DELIVER: PROOF, EXIST: {**PROOF, "requireTrail": ["*/dev"]}},
    "mixed": {
        INTEGRATED: {
            "enforcementLevel": "mandatory",
            "logGroupArn": "arn:aws:logs:us-east-1:{account}:log-group:{trail}:*",
            "exemptions": [
                {"trail": "un*", "reason": "r", "codes": ["not-integrated"]},
                {"trail": "bare", "reason": "r", "until": "2020-01-01"},
                {"trail": "Trail", "reason": "r"},
            ],
        },
        EXIST: {
            "enforcementLevel": "advisory",
            "externalLogGroups": ["arn:aws:logs:*:*:log-group:t*"],
            "exemptions": [{"trail": "*", "project": "sources", "reason": "r"}],
        },
        DELIVER: {"enforcementLevel": "disabled"},
    },
}


def both(document: dict[str, Any], configuration: dict[str, Any], folder: Path) -> tuple[list[Said], list[Said]]:
    """What the pack and what an audit say of a state. The audit fails where something mandatory is reported."""
    analyzer = in_process()
    levels = {name: given["enforcementLevel"].upper() for name, given in configuration.items()}
    properties = {
        name: {key: value for key, value in given.items() if key != "enforcementLevel"}
        for name, given in configuration.items()
    }
    analyzer.configure(levels, properties)
    of_pack = said_to_engine(analyzer, document)
    given = write(configuration, folder / "policies.json") if configuration else None
    evidence = evidence_of(write(document, folder / "state.json"), given)
    of_audit = said_by(evidence, root_urn(document["deployment"]["resources"]))
    assert evidence.fails == any(each.level == "mandatory" for each in of_audit)
    return of_pack, of_audit


def compare(document: dict[str, Any], configuration: dict[str, Any], folder: Path) -> int:
    """Fails where they differ; answers how many reports there are."""
    of_pack, of_audit = both(document, configuration, folder)
    assert of_audit == of_pack
    return len(of_audit)


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_state_of_each_kind(kind: Callable[[Stack], None], configuration: str, tmp_path: Path) -> None:
    compare(state_of(kind), CONFIGURATIONS[configuration], tmp_path)


@pytest.mark.parametrize(("kind", "more"), [
    (only_read, [("of what is read", "[role-permission-missing]")]),
    (cloud_control, [("controlled, read", "[role-not-in-stack]")]),
])  # fmt: skip
def test_an_audit_knows_what_is_only_read_also_where_the_policy_that_sees_it_is_disabled(
    kind: Callable[[Stack], None], more: list[tuple[str, str]], tmp_path: Path
) -> None:
    """The pack sees it only when it is asked about each resource: the engine does not say so of a whole stack."""
    of_pack, of_audit = both(state_of(kind), {INTEGRATED: {"enforcementLevel": "disabled"}}, tmp_path)
    told = [(each.urn.rpartition("::")[2], each.message.partition(" ")[0]) for each in of_pack if each not in of_audit]
    assert told == more
    assert [each for each in of_audit if each not in of_pack] == []


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_state_of_each_version(version: int, tmp_path: Path) -> None:
    assert compare(state_of(*OLD_KINDS, version=version), CONFIGURATIONS["strict"], tmp_path) > 10


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_random_states(configuration: str, tmp_path: Path) -> None:
    random = repeatable_random(f"audited {configuration}")
    reports = sum(
        compare(random_state(random), CONFIGURATIONS[configuration], tmp_path) for _ in range(-(-RANDOM_STATES // 3))
    )
    assert reports > RANDOM_STATES // 3


@repeatable(60)
@given(stacks())
def test_random_values(stack: list[Resource]) -> None:
    with TemporaryDirectory() as folder:
        compare(exported(stored([each for each in stack if each.token])), {}, Path(folder))
