"""What `pulumi policy analyze` takes for the state of a large stack, above the CLI's own start.

An auditor waits for it, so it is measured by the clock; the CLI, its language host and the pack are processes of their
own. The state is made here: what a provider would have said, as the CLI exports it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.stacks import PROJECT_AND_STACK, Resource
from tools.engine.isolated_pulumi import IsolatedPulumi, isolated_pulumi
from tools.engine.pulumi_cli import ensure_pulumi_cli
from tools.quality.bench.audited import audited
from tools.quality.bench.packs import REPOSITORY, MeasuringError
from tools.quality.bench.rows import Row, Table, middle, ratio_row, seconds
from tools.quality.bench.stacks import integrated_trail, other_resource

RESOURCES, TRAILS, WIRED = 2_000, 1_000, 250
RUNS = 5
LIMIT_TIMES = 1.16
LIMIT_AUDIT = 0.14
PROVIDER = f"{PROJECT_AND_STACK}::pulumi:providers:aws::default"
STACK = f"{PROJECT_AND_STACK}::pulumi:pulumi:Stack::shop-dev"


def state_table(empty: Path) -> Table:
    """What an analysis takes with each pack."""
    above = "`pulumi policy analyze --file` above `pulumi version`"
    return Table((above, "Pack that does nothing", "This pack", "Difference", "Bound"), measured_rows(empty))


def state_row(empty: float, pack: float) -> Row:
    """The seconds by the clock of an analysis with each pack, above the start of the CLI."""
    return ratio_row(f"{RESOURCES:,} resources, {TRAILS:,} trails", empty, pack, seconds, LIMIT_TIMES)


def audit_row(pack: float, audit: float) -> Row:
    """The seconds by the clock, each above its start. pack: of an analysis with this pack. audit: of an audit."""
    return ratio_row("The same, by `audit`", pack, audit, seconds, LIMIT_AUDIT)


def measured_rows(empty: Path) -> tuple[Row, Row]:
    """Measures it, the packs in turn; the run with the median ratio counts. Raises MeasuringError where a run fails."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        state = place / "state.json"
        state.write_text(json.dumps(exported(stack())), encoding="utf-8")
        pulumi = isolated_pulumi(place / "home", ensure_pulumi_cli().folders)

        def once(pack: Path) -> float:
            return _seconds(pulumi, place, "policy", "analyze", "--file", str(state), "--policy-pack", str(pack))

        states = place / "states"
        states.mkdir()
        state.rename(states / state.name)
        state = states / state.name
        start = min(_seconds(pulumi, place, "version") for _ in range(RUNS))
        start_of_audit = min(audited(None)[0] for _ in range(RUNS))
        runs = [
            (once(empty) - start, once(REPOSITORY) - start, audited(states, TRAILS)[0] - start_of_audit)
            for _ in range(RUNS)
        ]
    packs = [(nothing, ours) for nothing, ours, _ in runs]
    audits = [(ours, audit) for _, ours, audit in runs]
    return state_row(*middle(packs)), audit_row(*middle(audits))


def stack() -> list[Resource]:
    """Right trails that share log groups and roles, and other resources."""
    wired = [integrated_trail(f"audit-{number}") for number in range(WIRED)]
    trails: list[Resource] = []
    for number in range(TRAILS):
        _, _, _, trail = wired[number % WIRED]
        name = f"trail-{number}"
        trails.append(Resource(trail.token, name, {**trail.properties, "name": name}, trail.dependencies))
    others = [each for group, role, policy, _ in wired for each in (group, role, policy)]
    count = RESOURCES - len(trails) - len(others)
    return [*others, *trails, *(other_resource(number) for number in range(count))]


def exported(resources: Sequence[Resource]) -> dict[str, Any]:
    """A state with these resources, their provider and their stack, as `pulumi stack export` writes it."""
    own = [
        {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"},
        {
            "urn": PROVIDER,
            "custom": True,
            "id": "c4a1",
            "type": "pulumi:providers:aws",
            "inputs": {"region": "us-east-1", "version": "7.51.1"},
            "outputs": {"region": "us-east-1", "version": "7.51.1"},
        },
    ]
    return {"version": 3, "deployment": {"manifest": {}, "resources": [*own, *map(_in_state, resources)]}}


def _in_state(resource: Resource) -> dict[str, Any]:
    made_of = {name: [source.urn for source in sources] for name, sources in resource.dependencies.items()}
    return {
        "urn": resource.urn,
        "custom": True,
        "id": resource.name,
        "type": resource.token,
        "inputs": resource.properties,
        "outputs": resource.properties,
        "parent": STACK,
        "provider": f"{PROVIDER}::c4a1",
        "dependencies": sorted({urn for urns in made_of.values() for urn in urns}),
        "propertyDependencies": made_of,
    }


def _seconds(pulumi: IsolatedPulumi, place: Path, *args: str) -> float:
    finished = pulumi.run(args, place)
    said = f"{finished.stdout}{finished.stderr}"
    if finished.exit_status or "[" in said:
        raise MeasuringError(f"pulumi {args[0]} said something else than that all is right.\n{said[:2_000]}")
    return finished.seconds
