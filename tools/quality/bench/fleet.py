"""What an audit of many states takes, beside reading them as JSON.

    python -m tools.quality.bench.fleet --states 10000

measures as many states alone. Elapsed time, since an auditor waits for it; memory is that of all processes at once.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.stacks import PROJECT_AND_STACK
from tools.quality.bench.audited import audited
from tools.quality.bench.rows import Row, Table, megabytes, seconds, times
from tools.quality.bench.stacks import integrated_trail, other_resource
from tools.quality.bench.state import exported

RESOURCES: Final = 200
STATES: Final = (100, 1_000)
MOST_TIMES: Final = 8.0


def fleet_table(counts: Sequence[int] = STATES) -> Table:
    """So many states, each of 200 resources with one right trail."""
    head = (f"States of {RESOURCES} resources", "Read as JSON", "`audit`", "Ratio", "Memory of `audit`", "Bound")
    return Table(head, tuple(_row(count) for count in counts))


def fleet_row(count: int, read: float, spent: float, memory: float) -> Row:
    """read: seconds to read the states as JSON. spent: those of an audit above its start. memory: in bytes."""
    ratio = spent / read
    cells = (f"{count:,}", seconds(read), seconds(spent), times(ratio), megabytes(memory), times(MOST_TIMES))
    return Row(cells, ratio <= MOST_TIMES)


def _row(count: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_states(place, count)
        read = _seconds_to_read(place)
        spent, memory = audited(place, count)
    return fleet_row(count, read, spent - audited(None)[0], memory)


def write_states(folder: Path, count: int) -> None:
    """Writes the states of so many stacks, each with names and ARNs of its own."""
    resources = [*integrated_trail("audit-0"), *(other_resource(number) for number in range(RESOURCES - 4))]
    text = json.dumps(exported(resources))
    for number in range(count):
        own = text.replace(PROJECT_AND_STACK, f"urn:pulumi:dev::shop-{number}")
        (folder / f"{number}.json").write_text(own.replace("audit-0", f"audit-{number}"), encoding="utf-8")


def _seconds_to_read(folder: Path) -> float:
    started = time.perf_counter()
    for path in folder.iterdir():
        json.loads(path.read_bytes())
    return time.perf_counter() - started


def main() -> int:
    """Prints the table of one number of states."""
    parser = argparse.ArgumentParser(description="Measure an audit of many states.")
    parser.add_argument("--states", type=int, default=STATES[-1])
    print(fleet_table([parser.parse_args().states]).text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
