"""The same verdicts for a program in Go, whose SDK makes values in ways of its own.

test_examples.py runs the examples in Go.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from .recording_pack import write_pack
from .test_examples import PROOF
from .workspace import Workspace

WIRING = Path(__file__).parent / "go_programs" / "wiring"
TRAIL = "aws:cloudtrail/trail:Trail"

# By the name of the trail, the codes that it has in its first preview and from then on.
BARE, NONE, OTHER = "log-group-arn-without-wildcard", "not-integrated", "log-group-not-in-stack"
UNTRUE = ["log-group-arn-invalid", "role-arn-invalid"]
CASES: dict[str, tuple[list[str], list[str]]] = {
    "sprintf-right": ([], []),
    "sprintf-bare": ([], [BARE]),
    "apply-right": ([], []),
    "apply-error": ([], [BARE]),
    "apply-of-bucket": (["log-group-wrong-type"], ["log-group-arn-invalid"]),
    "all-right": ([], []),
    "all-crossed": ([], UNTRUE),
    "name-right": ([], []),
    "name-bare": ([BARE], [BARE]),
    "pointer-right": ([OTHER], [OTHER]),
    "pointer-empty": ([NONE], [NONE]),
    "pointer-nil": ([NONE], [NONE]),
    "elem-right": ([], []),
    "elem-of-nil": ([], [NONE]),
    "output-of-nil": ([], [NONE]),
    "apply-to-pointer": ([], []),
    "apply-to-nil": ([], [NONE]),
    "secret-right": ([], []),
    "secret-bare": ([], [BARE]),
    "secret-text": ([OTHER], [OTHER]),
    "configured": ([OTHER], [OTHER]),
    "any-right": ([], []),
    "any-bare": ([], [BARE]),
    "struct-right": ([], []),
    "struct-bare": ([], [BARE]),
    "component-right": ([], []),
    "component-bare": ([], [BARE]),
    "lookup-right": ([OTHER], [OTHER]),
    "lookup-output": ([], []),
    "lookup-bare": ([BARE], [BARE]),
    "reference-right": ([], []),
    "reference-bare": ([BARE], [BARE]),
    "reference-missing": ([], [NONE]),
    "role-id": ([], []),
    "role-name": ([], []),
    "role-itself": ([], []),
    "role-of-another": (["role-permission-missing"], ["role-permission-missing"]),
    "document-right": ([], []),
    "document-of-one": ([], ["role-permission-missing"]),
    "json-right": ([], []),
    "json-of-one": ([], ["role-permission-missing"]),
    "trust-right": ([], []),
    "trust-of-another": (["role-trust-missing"], ["role-trust-missing"]),
}
# What the engine tells of a property in the first preview: how it arrives, of what it is made.
DEPENDENCIES = {
    "all-right.cloudWatchLogsRoleArn: unknown, ['all-right', 'all-right']",
    "apply-to-nil.cloudWatchLogsGroupArn: unknown, ['elem-of-nil']",
    "component-right.cloudWatchLogsGroupArn: unknown, ['component-right']",
    "configured.cloudWatchLogsGroupArn: known, no entry",
    "document-right.policy: unknown, ['document-right']",
    "json-right.policy: unknown, ['json-right']",
    "lookup-output.cloudWatchLogsGroupArn: known, ['lookup-output']",
    "lookup-right.cloudWatchLogsGroupArn: known, no entry",
    "name-right.cloudWatchLogsGroupArn: known, ['name-right']",
    "output-of-nil.cloudWatchLogsGroupArn: unknown, ['elem-of-nil']",
    "pointer-empty.cloudWatchLogsGroupArn: known, no entry",
    "pointer-nil.cloudWatchLogsGroupArn: null, no entry",
    "reference-missing.cloudWatchLogsGroupArn: unknown, []",
    "reference-right.cloudWatchLogsGroupArn: known, []",
    "secret-right.cloudWatchLogsGroupArn: unknown, ['secret-right']",
    "secret-text.cloudWatchLogsGroupArn: known, no entry",
    "sprintf-right.cloudWatchLogsGroupArn: unknown, ['sprintf-right']",
    "struct-right.cloudWatchLogsGroupArn: unknown, ['struct-right', 'struct-right']",
}
# What another stack exports.
CENTRAL = {
    "groupArn": "arn:aws:logs:us-east-1:123456789012:log-group:central",
    "roleArn": "arn:aws:iam::123456789012:role/central",
}


@pytest.fixture
def wiring(tmp_path: Path, stage_in: Callable[[str, Path, Path], Workspace]) -> Workspace:
    workspace = stage_in("go", tmp_path, WIRING)
    workspace.add_stack("central", CENTRAL)
    return workspace


def test_programs_are_judged_by_what_their_values_are(wiring: Workspace) -> None:
    previewed = wiring.preview(more_packs=[write_pack(wiring.program.parent / "pack")])
    assert {line.removeprefix("recorded: ") for line in previewed.lines} >= DEPENDENCIES
    first = {trail: codes for trail, (codes, _) in CASES.items()}
    # The SDK takes what another stack does not export for unknown, in every preview.
    later = {trail: codes for trail, (_, codes) in CASES.items()}
    last = {**later, "reference-missing": []}
    # With nothing that is right but not proven, once all is known.
    for outcome, expected in ((previewed, first), (wiring.up(), later), (wiring.preview(PROOF), last)):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert outcome.codes_by_resource == {trail: codes for trail, codes in expected.items() if codes}
        assert outcome.said_by_policies == []
    trails = [resource for resource in wiring.resources() if resource["type"] == TRAIL]
    assert len(trails) == len(CASES)
    assert not any("region" in trail["outputs"] for trail in trails)
