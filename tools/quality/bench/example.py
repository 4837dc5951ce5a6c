"""An example that is run by the real CLI, by the clock."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tools.commands.examples import EXAMPLES
from tools.commands.preview import stage_examples
from tools.engine.isolated_pulumi import OWN_ENVIRONMENT, IsolatedPulumi, isolated_pulumi, run_command
from tools.engine.pulumi_cli import ensure_pulumi_cli
from tools.fakes.aws_provider.launcher import write_launcher
from tools.quality.bench.packs import MeasuringError

SECONDS = 600.0


def staged_example(place: Path) -> tuple[IsolatedPulumi, Path]:
    """A CLI with a provider, and an example in Python with a new stack `dev`, both below a place."""
    write_launcher(place / "bin", Path(sys.executable))
    pulumi = isolated_pulumi(place / "home", [*ensure_pulumi_cli().folders, place / "bin"])
    (program,) = stage_examples([EXAMPLES / "integrated" / "python"], place, OWN_ENVIRONMENT)
    pulumi.run(["stack", "init", "dev"], program, SECONDS)
    return pulumi, program


def seconds_of(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """What a command takes. Raises MeasuringError where it fails."""
    finished = run_command(command, folder, SECONDS, environment)
    if finished.exit_status:
        raise MeasuringError(f"{' '.join(command)} failed:\n{finished.stdout}{finished.stderr}")
    return finished.seconds
