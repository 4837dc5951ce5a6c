"""What the one file costs beside the folder that it was built from: its start, a preview and its memory.

By the clock, since a start is several processes one after the other. The file has unpacked itself before, but for the
row that says so.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from tests.one_file import PATH
from tools.quality.bench.example import seconds_of, staged_example
from tools.quality.bench.packs import REPOSITORY, running_pack
from tools.quality.bench.rows import Row, Table, megabytes, middle, ratio_row, seconds
from tools.release.bootstrap import NAME as CACHE
from tools.release.names import NAME
from tools.release.one_file import LOCKS, build_file, libraries_of

STARTS = 15
PREVIEWS = 7
MOST_TIMES = 1.10
FIRST_TIMES = 12.0  # some five seconds


def one_file_table() -> Table:
    """Builds the file and measures it beside the folder. Raises MeasuringError where a run fails."""
    head = ("The one file", "Folder", "One file", "Ratio", "Bound")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        file, _ = build_file(NAME, libraries_of(LOCKS[NAME]), place)
        with patch.dict(os.environ, {"XDG_CACHE_HOME": str(place / "cache"), "PATH": PATH}):
            return Table(head, (*start_rows(file, place / "cache" / CACHE), preview_row(file, place)))


def start_rows(file: Path, cache: Path) -> tuple[Row, Row, Row]:
    """The first start, further ones, and the memory. cache: where the file unpacks itself."""
    first = min(_started(file, cache)[0] for _ in range(2))
    pairs = [(_started(REPOSITORY), _started(file)) for _ in range(STARTS)]
    of_folder, of_file = middle([(folder[0], one[0]) for folder, one in pairs])
    memory, memory_of_file = (min(pair[side][1] for pair in pairs) for side in (0, 1))
    return (
        ratio_row("First start, which unpacks it", of_folder, first, seconds, FIRST_TIMES),
        ratio_row("Start", of_folder, of_file, seconds, MOST_TIMES),
        ratio_row("Peak memory after a start", memory, memory_of_file, megabytes, MOST_TIMES),
    )


def preview_row(file: Path, place: Path) -> Row:
    """A preview of an example, in turn with both."""
    pulumi, program = staged_example(place)
    environment = {**pulumi.environment, "XDG_CACHE_HOME": str(place / "cache")}

    def preview(pack: Path) -> float:
        command = [str(pulumi.pulumi), "preview", "--stack", "dev", "--policy-pack", str(pack)]
        return seconds_of(command, program, environment)

    of_folder, of_file = middle([(preview(REPOSITORY), preview(file)) for _ in range(PREVIEWS)])
    return ratio_row("Preview of an example", of_folder, of_file, seconds, MOST_TIMES)


def _started(pack: Path, cache: Path | None = None) -> tuple[float, float]:
    """The seconds until a pack has printed its port, and its memory then. cache: a folder to remove before."""
    if cache:
        shutil.rmtree(cache, ignore_errors=True)
    before = time.perf_counter()
    with running_pack(pack) as running:
        return time.perf_counter() - before, float(running.peak_memory_bytes())
