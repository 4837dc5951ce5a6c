"""`make picture`: draws docs/report.svg, the picture in the README, from what the real CLI prints about an example."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from tools.commands.examples import EXAMPLES
from tools.commands.preview import EXAMPLE_SECONDS, PACK, Preview, preview
from tools.engine.isolated_pulumi import OWN_ENVIRONMENT, isolated_pulumi, stage_program
from tools.engine.pulumi_cli import ensure_pulumi_cli
from tools.fakes.aws_provider.launcher import write_launcher

EXAMPLE: Final = EXAMPLES / "created-not-wired"
COMMAND: Final = "pulumi preview --policy-pack ../cloudtrail-cloudwatch-logs"
COLUMNS: Final = 112


def terminal(text: str) -> str:
    """An SVG picture of a terminal that shows this text with its ANSI colours."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text.from_ansi(text))
    # Without its web fonts: a reader's own monospace font does, and nothing is fetched to show the picture.
    return re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title=COMMAND, unique_id="report"), flags=re.DOTALL)


def report() -> str:
    """What the CLI prints about the example, with its colours."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_launcher(place / "bin", Path(sys.executable))
        pulumi = isolated_pulumi(place / "home", [*ensure_pulumi_cli().folders, place / "bin"], colour=True)
        staged = stage_program(EXAMPLE / "python", place / EXAMPLE.name, OWN_ENVIRONMENT)
        pulumi.run(["stack", "init", "dev"], staged, EXAMPLE_SECONDS)
        verdicts = Preview(EXAMPLE, preview(pulumi, staged, "dev", EXAMPLE_SECONDS)).verdicts
    return f"$ {COMMAND}\n…\n{verdicts.replace(str(PACK), '../cloudtrail-cloudwatch-logs')}\n"


if __name__ == "__main__":
    target = PACK / "docs" / "report.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(terminal(report()), encoding="utf-8")
    print(f"{target.relative_to(PACK)} is drawn.")
