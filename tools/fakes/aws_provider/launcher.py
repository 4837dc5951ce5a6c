"""The executable that the engine finds on PATH instead of the real provider."""

import shlex
from pathlib import Path

VERSION = "7.51.1"
# Another version to stand for: before 7, resources have no region of their own.
VERSION_VARIABLE = "STAND_IN_VERSION"
PROVIDER_EXECUTABLE = "pulumi-resource-aws"
REPOSITORY = Path(__file__).resolve().parents[3]


def write_launcher(folder: Path, python: Path) -> Path:
    """Write the provider's executable into `folder`, run by `python`, and return its path."""
    # Isolated: the engine starts providers in the program's folder, and that or PYTHONPATH may hold another `tools`.
    server = "from tools.fakes.aws_provider.server import serve; serve()"
    start = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); {server}"
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / PROVIDER_EXECUTABLE
    command = f"{shlex.quote(str(python))} -I -c {shlex.quote(start)}"
    # `exec` makes the engine the parent of the server, which ends with its parent.
    launcher.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    return launcher
