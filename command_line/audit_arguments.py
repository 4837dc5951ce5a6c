"""The arguments of `audit`. What it needs is loaded when it runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from cloudtrail_logs.fleet.states import LARGEST

FORMATS: Final = ("text", "html", "json", "sarif", "junit", "markdown")
MEGABYTE: Final = 1_000_000
_DESCRIPTION: Final = """\
Checks the exported states of many stacks at once, each as pulumi policy analyze does, and all of them together. It
needs no Pulumi, no login and no provider, unless --org or --stacks has it export the states.

Exit status: 0; 1 where something mandatory is wrong; 2 where it could not run."""


_MOST_MEGABYTES: Final = 1_000_000


def _megabytes(text: str) -> int:
    if not 1 <= (number := int(text)) <= _MOST_MEGABYTES:
        raise argparse.ArgumentTypeError(f"it must be from 1 to {_MOST_MEGABYTES}")
    return number


def add_audit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "audit",
        help="check the exported states of many stacks, for an auditor",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("states", nargs="*", type=Path, metavar="STATES", help="exported states: files or folders")
    add("--config", type=Path, metavar="FILE", help="the configuration of the policies, as for --policy-pack-config")
    add("--format", choices=FORMATS, default="text", help="of the report (default: text)")
    add("--out", type=Path, metavar="FILE", help="of the report, instead of standard output")
    add("--baseline", type=Path, metavar="FILE", help="an earlier report in JSON: only new problems count")
    add(
        "--org",
        default="",
        metavar="NAME",
        help="first export all stacks of this organization with your pulumi",
    )
    add("--stacks", default="", metavar="NAMES", help="first export these stacks: 'ORG/PROJECT/STACK ...'")
    add(
        "--ask-aws",
        action="store_true",
        help="run the checks that ask AWS; list trails in AWS that no state has",
    )
    add(
        "--profiles",
        default="",
        metavar="NAMES",
        help="with --ask-aws: the AWS profiles whose trails are listed",
    )
    largest = LARGEST // MEGABYTE
    add(
        "--largest",
        type=_megabytes,
        default=largest,
        metavar="MB",
        help="how large a state may be (default: %(default)s)",
    )
    add("--cluster", default="", metavar="ADDRESS", help="the scheduler of a Dask cluster that does the work")
