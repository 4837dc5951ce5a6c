"""`python -m command_line`, and the one file: a command, or the address of the engine that wants the policies."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1] / "PulumiPolicy.yaml"
# Pulumi starts a pack that is one file with this argument alone (pulumi/pkg, analyzer_plugin.go).
_ADDRESS: Final = re.compile(r"\S+:[0-9]{1,5}")
_NAME_OF_MODULE: Final = "python -m command_line"
_DESCRIPTION: Final = """\
A Pulumi policy pack: it checks that AWS CloudTrail trails are integrated with CloudWatch Logs.

  pulumi preview --policy-pack FILE          checks a program with Pulumi 3.255 or newer; FILE is this file

The commands below need no Pulumi."""


def main(arguments: Sequence[str], program: Path) -> int:
    """Runs the command, and answers its exit status: 2 where the arguments cannot be used. program: what is run."""
    if len(arguments) == 1 and _ADDRESS.fullmatch(arguments[0]):
        from policies.pack import serve

        serve(program.with_name("PulumiPolicy.yaml"))
        return 0
    from command_line.audit_arguments import add_audit  # the engine waits for the start of a pack

    parser = argparse.ArgumentParser(
        prog=_NAME_OF_MODULE if program.name == "__main__.py" else program.name,
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version, and check that everything loads")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    check = commands.add_parser("check-config", help="check a configuration of the policies before it is used")
    check.add_argument("configuration", type=Path, metavar="CONFIG", help="a file for --policy-pack-config")
    convert = commands.add_parser(
        "exceptions",
        help="write exemptions as Pulumi's own policy exceptions",
        description="Prints a configuration in which the exemptions of the trails of a state are Pulumi's own "
        "exceptions. Exemptions that cannot be converted are kept and listed on stderr. Then the exit status is 1.",
    )
    convert.add_argument("configuration", type=Path, metavar="CONFIG", help="a file for --policy-pack-config")
    convert.add_argument("state", type=Path, metavar="STATE", help="what pulumi stack export wrote")
    add_audit(commands)
    report = commands.add_parser(
        "report",
        help="write what a run reported as Markdown, SARIF or JUnit",
        description="Writes what the pack reported in one run of Pulumi. The exit status is 0 where nothing mandatory "
        "is reported, 1 where something is, and 2 where EVENTS cannot be used, or its run ended before all checks.",
    )
    report.add_argument(
        "events",
        type=Path,
        metavar="EVENTS",
        help="what PULUMI_DEBUG_COMMANDS=1 pulumi preview --event-log EVENTS wrote, or pulumi policy analyze --json",
    )
    report.add_argument(
        "--format", choices=("markdown", "sarif", "junit"), default="markdown", help="by default markdown"
    )
    report.add_argument("--out", type=Path, metavar="FILE", help="a file to write to, in place of stdout")
    chosen = parser.parse_args(arguments)
    if chosen.version:
        sys.stdout.write(f"{described()}\n")
        return 0
    if not chosen.command:
        parser.print_help(sys.stderr)
        return 2
    if chosen.command == "check-config":
        from command_line.check_config import check as check_configuration

        return check_configuration(chosen.configuration)
    if chosen.command == "audit":
        from command_line.audit import run
        from policies.pack import NAME

        return run(chosen, NAME, version())
    if chosen.command == "report":
        from command_line.report import report as write_report

        return write_report(chosen.events, chosen.format, chosen.out)
    from command_line.exceptions import convert as write_exceptions

    return write_exceptions(chosen.configuration, chosen.state)


def described() -> str:
    """The pack, its version and what it runs on. Raises ImportError where it could not serve."""
    from policies.pack import NAME

    libraries = "with boto3" if find_spec("boto3") else "without boto3"
    python = ".".join(map(str, sys.version_info[:2]))
    return f"{NAME} {version()} (Python {python}, {sys.platform} {os.uname().machine}, {libraries})"


def version() -> str:
    """The version of the pack."""
    return PROJECT.read_text(encoding="utf-8").partition("\nversion: ")[2].split()[0]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], Path(sys.argv[0])))
    except KeyboardInterrupt:
        sys.exit(130)
