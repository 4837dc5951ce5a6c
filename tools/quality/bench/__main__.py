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
from functools import reduce
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from tools.engine.isolated_pulumi import PulumiTimeoutError
from tools.engine.pulumi_cli import NoPulumiCliError
from tools.quality.bench import documents, growth, measured, state
from tools.quality.bench.measured import Measured
from tools.quality.bench.measuring import joined_row, measure_pair, questions, start_up
from tools.quality.bench.packs import REPOSITORY, MeasuringError, running_pack, write_empty_pack, write_joined_pack

STARTS = 10
PAIRS = 3


class Row(Protocol):
    """A row of a table, and whether its bound is kept."""

    @property
    def row(self) -> str:
        """The row in Markdown."""

    @property
    def passed(self) -> bool:
        """Whether its bound is kept."""


def machine() -> str:
    """What the figures were measured on, and when."""
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, pulumi {version('pulumi')}, "
        f"pulumi-policy {version('pulumi-policy')}; {datetime.now(timezone.utc):%Y-%m-%d}."
    )


def tables(folder: Path) -> list[tuple[str, list[Row]]]:
    """Measures everything: each table's head, and its rows. folder: for the packs that are made to compare with."""
    # By the clock, so before this process is kept to one core.
    with running_pack(REPOSITORY) as pack:
        empty = write_empty_pack(folder / "empty", REPOSITORY, pack.info())
    joined = write_joined_pack(folder / "joined", REPOSITORY)
    of_state = state.state_row(empty)
    # The packs inherit it: between two cores their threads would move, and cold caches would be measured.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    asked = questions()
    pairs = [measure_pair(empty, REPOSITORY, asked) for _ in range(PAIRS)]
    better = [reduce(Measured.or_better, row) for row in zip(*pairs, strict=True)]
    return [
        (measured.TABLE_HEAD, [start_up(empty, REPOSITORY, STARTS), *better]),
        (growth.GROWTH_HEAD, [*growth.growth_rows(empty)]),
        (growth.FIT_HEAD, [*growth.fits()]),
        (state.TABLE_HEAD, [of_state]),
        (measured.JOINED_HEAD, [joined_row(joined, REPOSITORY)]),
        (documents.TABLE_HEAD, [*documents.document_rows()]),
    ]


def main() -> int:
    """Print the tables; 1 when a bound is not kept, 2 when nothing could be measured."""
    argparse.ArgumentParser(
        description="Measure what this pack costs beyond a pack with as many policies that do nothing."
    ).parse_args()
    if not Path("/proc/self/schedstat").exists():
        print("Measuring needs Linux, which counts the CPU time of each thread in /proc.", file=sys.stderr)
        return 2
    print("Measuring takes some minutes.", file=sys.stderr)
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = tables(Path(folder))
    except (MeasuringError, NoPulumiCliError, PulumiTimeoutError) as failure:
        print(failure, file=sys.stderr)
        return 2
    print(machine())
    for head, rows in found:
        print("\n".join(("", head, *(row.row for row in rows))))
    return 0 if all(row.passed for _, rows in found for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
