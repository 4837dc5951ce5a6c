"""Measures what this pack costs beyond a pack with as many policies of the same kinds that do nothing.

    python -m tools.quality.bench

prints tables in Markdown and exits with 1 when a bound is not kept. Needs Linux.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from tools.engine.isolated_pulumi import PulumiTimeoutError
from tools.engine.pulumi_cli import NoPulumiCliError
from tools.quality.bench.documents import document_table
from tools.quality.bench.first_contact import first_contact_table
from tools.quality.bench.fleet import fleet_table
from tools.quality.bench.growth import growth_table, own_table
from tools.quality.bench.measuring import costs_table
from tools.quality.bench.one_file import one_file_table
from tools.quality.bench.packs import REPOSITORY, MeasuringError, running_pack, write_empty_pack
from tools.quality.bench.rows import Table
from tools.quality.bench.state import state_table


def machine() -> str:
    """What the figures were measured on, and when."""
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, pulumi {version('pulumi')}, "
        f"pulumi-policy {version('pulumi-policy')}; {datetime.now(timezone.utc):%Y-%m-%d}."
    )


def tables(folder: Path) -> list[Table]:
    """Measures everything. folder: for the pack that is made to compare with."""
    # By the clock, so before this process is kept to one core.
    with running_pack(REPOSITORY) as pack:
        empty = write_empty_pack(folder / "empty", REPOSITORY, pack.info())
    by_the_clock = [state_table(empty), first_contact_table(), one_file_table(), fleet_table()]
    # The packs inherit it: between two cores their threads would move, and cold caches would be measured.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    in_process = [costs_table(empty, REPOSITORY), growth_table(empty), own_table()]
    return [*in_process, *by_the_clock, document_table()]


def main() -> int:
    """Print the tables; 1 when a bound is not kept, 2 when nothing could be measured."""
    argparse.ArgumentParser(
        description="Measure what this pack costs beyond a pack with as many policies that do nothing."
    ).parse_args()
    if not Path("/proc/self/schedstat").exists():
        print("Measuring needs Linux, which counts the CPU time of each thread in /proc.", file=sys.stderr)
        return 2
    print("Measuring takes a few minutes.", file=sys.stderr)
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = tables(Path(folder))
    except (MeasuringError, NoPulumiCliError, PulumiTimeoutError) as failure:
        print(failure, file=sys.stderr)
        return 2
    print(machine())
    for table in found:
        print(f"\n{table.text}")
    return 1 if any(row.passed is False for table in found for row in table.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
