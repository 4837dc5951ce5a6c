"""`make organization`: a shell of a member of the organization acme, to try what docs/organization.md describes.

A stand-in takes the place of Pulumi Cloud, and another one that of the AWS provider. Nothing is sent anywhere, and
everything is gone when the shell ends. `$PROGRAM` is a copy of examples/not-integrated in Python with a stack `dev`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.engine.isolated_pulumi import OWN_ENVIRONMENT, isolated_pulumi, stage_program
from tools.engine.pulumi_cli import NoPulumiCliError, ensure_pulumi_cli
from tools.fakes.aws_provider.launcher import write_launcher
from tools.fakes.pulumi_cloud.server import running_pulumi_cloud

PACK = Path(__file__).resolve().parents[2]
ORGANIZATION = "acme"
SECONDS = 120.0


def run_as_member(command: Sequence[str]) -> int:
    """Runs a command as a member of the organization, in the pack's folder, and answers its exit status."""
    with tempfile.TemporaryDirectory(prefix="organization-") as folder, running_pulumi_cloud(ORGANIZATION) as cloud:
        place = Path(folder)
        write_launcher(place / "bin", Path(sys.executable))
        pulumi = isolated_pulumi(place, [*ensure_pulumi_cli(download=True).folders, place / "bin"])
        program = stage_program(
            PACK / "examples" / "not-integrated" / "python", place / "not-integrated", OWN_ENVIRONMENT
        )
        environment = {**pulumi.environment, **cloud.environment, "PROGRAM": str(program)}
        stack = ["stack", "init", f"{ORGANIZATION}/dev", "--secrets-provider", "passphrase"]
        made = pulumi.run(stack, program, SECONDS, environment)
        if made.exit_status:
            print(f"{made.stdout}{made.stderr}", file=sys.stderr)
            return 1
        return subprocess.call(command, cwd=PACK, env=environment)


def main(arguments: Sequence[str]) -> int:
    """Opens a shell, or runs one command with bash."""
    parser = argparse.ArgumentParser(prog="make organization", description=__doc__)
    parser.add_argument("command", nargs="?")
    command = parser.parse_args(arguments).command
    if not command:
        print(f"You are a member of {ORGANIZATION}. Leave with exit. docs/organization.md says what to try.")
    try:
        shell = os.environ.get("SHELL", "sh")
        return run_as_member(["bash", "-euo", "pipefail", "-c", command] if command else [shell])
    except NoPulumiCliError as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
