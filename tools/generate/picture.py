"""`make picture`: draws the pictures in the README, from real runs.

docs/report.svg is what the real CLI prints about an example, docs/audit.png the page of an audit of all examples.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from tools.commands.audit_examples import main as audit_examples
from tools.commands.examples import EXAMPLES
from tools.commands.preview import EXAMPLE_SECONDS, PACK, Preview, preview
from tools.engine.chromium import ensure_chromium
from tools.engine.isolated_pulumi import OWN_ENVIRONMENT, isolated_pulumi, stage_program
from tools.engine.pulumi_cli import ensure_pulumi_cli
from tools.fakes.aws_provider.launcher import write_launcher

EXAMPLE: Final = EXAMPLES / "created-not-wired"
COMMAND: Final = "pulumi preview --policy-pack ../cloudtrail-cloudwatch-logs"
COLUMNS: Final = 112
WIDTH, HEIGHT = 1280, 900  # of the page


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


def page(target: Path) -> None:
    """Draws the page of an audit of the examples, in a browser."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if audit_examples(["--format", "html", "--out", str(place / "first.html")], place) == 2:
            sys.exit("The examples could not be audited.")
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        switches = ["--headless", "--disable-gpu", "--hide-scrollbars", *root, f"--user-data-dir={place / 'browser'}"]
        shown = [f"--screenshot={target}", f"--window-size={WIDTH},{HEIGHT}", (place / "audit.html").as_uri()]
        subprocess.run([ensure_chromium(), *switches, *shown], check=True, capture_output=True, timeout=EXAMPLE_SECONDS)


if __name__ == "__main__":
    target = PACK / "docs" / "report.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(terminal(report()), encoding="utf-8")
    page(target.with_name("audit.png"))
    print(f"{target.relative_to(PACK)} and {target.with_name('audit.png').relative_to(PACK)} are drawn.")
