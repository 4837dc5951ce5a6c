"""A `python3` whose virtual environments have uv as their pip: an installation takes a second of a processor, not twenty.

The CLI makes the same calls, and each environment gets what a pack's requirements.txt names. In tests/engine the pack is
installed by pip.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from uv import find_uv_bin

PIP = """\
import os, sys

# The CLI also renews pip, which would take the place of this file.
arguments = [each for each in sys.argv[1:] if each != "pip"]
os.execv({uv!r}, [{uv!r}, "pip", *arguments, "--python", sys.executable])
"""
PYTHON = """\
#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    {uv} venv --quiet --no-project --python {python} "$3" && exec cp {pip} "$3"/lib/python*/site-packages
fi
exec {python} "$@"
"""


def write_python(folder: Path) -> Path:
    """Writes a `python3` into a folder, which is to come first on PATH. Answers the folder."""
    uv, pip, python3 = find_uv_bin(), folder / "pip.py", folder / "python3"
    pip.write_text(PIP.format(uv=uv))
    python3.write_text(PYTHON.format(uv=shlex.quote(uv), python=shlex.quote(sys.executable), pip=shlex.quote(str(pip))))
    python3.chmod(0o755)
    return folder
