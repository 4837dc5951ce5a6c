"""`make audit` without states: an audit of the states of the examples, to see what one is like.

The real engine deploys the examples in Python, with a stand-in for the AWS provider. Their states are left in
dist/states, and the audit as a page in dist/audit.html. The arguments are those of the command `audit`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from command_line.__main__ import main as run_command
from tools.commands.preview import EXAMPLE_SECONDS, PACK, ReadyExamples, ready_examples
from tools.engine.isolated_pulumi import Finished, PulumiTimeoutError
from tools.engine.languages import language_named
from tools.engine.progress import say
from tools.engine.pulumi_cli import NoPulumiCliError

_PROGRAM: Final = Path("audit")


def deploy_examples(states: Path) -> list[str]:
    """Writes the state of each example into a folder, and answers what failed: what the CLI printed."""
    with ready_examples(language_named("python"), colour=False) as ready:
        finished = ready.each(lambda program: _deployed(ready, program), "deployed")
        stacks = Path(urlsplit(ready.pulumi.environment["PULUMI_BACKEND_URL"]).path) / ".pulumi" / "stacks"
        shutil.rmtree(states, ignore_errors=True)
        shutil.copytree(stacks, states, ignore=shutil.ignore_patterns("*.bak", "*.attrs"))
    return [f"{each.stdout}{each.stderr}".strip() for each in finished if each.exit_status]


def _deployed(ready: ReadyExamples, program: Path) -> Finished:
    """All examples are one project, and each has a stack with its name."""
    made = ready.pulumi.run(["stack", "init", program.name], program, EXAMPLE_SECONDS)
    up = ["up", "--yes", "--skip-preview", "--stack", program.name]
    return made if made.exit_status else ready.pulumi.run(up, program, EXAMPLE_SECONDS, ready.variables)


def main(arguments: Sequence[str], folder: Path = PACK / "dist") -> int:
    """Runs the command; its exit status is that of the audit. folder: where the states and the page are written."""
    folder = Path(os.path.relpath(folder))
    states, page = folder / "states", folder / "audit.html"
    try:
        failed = deploy_examples(states)
    except (NoPulumiCliError, PulumiTimeoutError, FileNotFoundError) as problem:
        failed = [str(problem)]
    if failed:
        say("\n".join(failed))
        return 2
    status = run_command(["audit", str(states), *arguments], _PROGRAM)
    if status != 2:
        run_command(["audit", str(states), *arguments, "--format", "html", "--out", str(page)], _PROGRAM)
        say(f"\nThese are the examples, deployed with a stand-in for AWS. Their states are in {states}, and {page}")
        say('shows this in a browser. Your own: make audit STATES="FILES OR FOLDERS"')
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
