"""`make analyze STATE=FILE`: judges what a stack has deployed, from its exported state, and asks AWS about it.

The state is what `pulumi stack export` wrote. Nothing is changed, and no program runs. AWS is asked with the settings
of the resources' own providers and with yours. CONFIG names a configuration; without one all policies are advisory, and
`cloudtrail-delivery-is-recent` is switched on and says what it found out for each trail, also without an answer of AWS.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.engine.isolated_pulumi import PulumiTimeoutError, isolated_pulumi
from tools.engine.pulumi_cli import NoPulumiCliError, ensure_pulumi_cli

PACK: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 600.0
# With which the CLI decrypts what is secret in a state; else it takes other values for that, and says so.
PASSPHRASES: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
EVERYTHING: Final = {
    "all": "advisory",
    "cloudtrail-delivery-is-recent": {"enforcementLevel": "advisory", "askAws": True, "explain": True},
}


def analyze(state: Path, configuration: Path | None, colour: bool) -> int:
    """Prints what the CLI says about a state, and answers its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if configuration is None:
            configuration = place / "policies.json"
            configuration.write_text(json.dumps(EVERYTHING), encoding="utf-8")
        folders = ensure_pulumi_cli(download=True).folders
        pulumi = isolated_pulumi(place / "home", folders, colour, keep_prefixes=["AWS_"])
        args = ["policy", "analyze", "--file", str(state.resolve()), "--policy-pack", str(PACK)]
        passphrase = {name: os.environ[name] for name in PASSPHRASES if name in os.environ}
        finished = pulumi.run([*args, "--policy-pack-config", str(configuration.resolve())], place, SECONDS, passphrase)
    print(f"{finished.stdout}{finished.stderr}".strip())
    return finished.exit_status


def main(arguments: Sequence[str]) -> int:
    """Runs the command; its exit status is that of the analysis: not 0 where something is mandatory and wrong."""
    parser = argparse.ArgumentParser(prog="make analyze", description=__doc__)
    parser.add_argument("state", nargs="?", type=Path)
    parser.add_argument("configuration", nargs="?", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.state is None:
        print("Name the state: pulumi stack export --file state.json; make analyze STATE=state.json", file=sys.stderr)
        return 2
    for file in filter(None, (chosen.state, chosen.configuration)):
        if not file.is_file():
            print(f"{file} cannot be read.", file=sys.stderr)
            return 2
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    try:
        return analyze(chosen.state, chosen.configuration, colour)
    except (NoPulumiCliError, PulumiTimeoutError) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
