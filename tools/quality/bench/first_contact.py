"""What the second run of `make preview` takes: all examples, with what the first run has installed and built.

Whoever tries the pack waits for it, so it is measured by the clock, beside one example that is previewed without a
pack.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tools.commands.examples import EXAMPLES
from tools.quality.bench.example import seconds_of, staged_example
from tools.quality.bench.packs import REPOSITORY
from tools.quality.bench.rows import Row, Table, ratio_row, seconds

RUNS = 3
# Of one example without a pack: those of `make preview` run beside each other, and share one provider.
LIMIT_TIMES = 1.1


def first_contact_table() -> Table:
    """What `make preview` takes for each example."""
    head = ("Second run of `make preview`", "One example without a pack", "Each example", "Ratio", "Bound")
    return Table(head, (measured_row(),))


def first_contact_row(examples: int, alone: float, whole: float) -> Row:
    """The seconds by the clock. alone: of one example without a pack; whole: of all examples by `make preview`."""
    what = f"{examples} examples, {whole:.1f} s"
    return ratio_row(what, alone, whole / examples, seconds, LIMIT_TIMES)


def measured_row() -> Row:
    """Measures it; of each the best run counts. Raises MeasuringError where a run fails."""
    with tempfile.TemporaryDirectory() as folder:
        pulumi, program = staged_example(Path(folder))
        path = {**pulumi.environment, "CLI_RELEASES": ""}
        every = [sys.executable, "-m", "tools.commands.preview"]
        alone = min(seconds_of([str(pulumi.pulumi), "preview", "--stack", "dev"], program, path) for _ in range(RUNS))
        whole = min(seconds_of(every, REPOSITORY, path) for _ in range(2))
    return first_contact_row(len(list(EXAMPLES.glob("*/python"))), alone, whole)
