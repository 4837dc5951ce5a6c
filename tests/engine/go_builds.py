"""Builds Go programs with the Go that builds the CLI, which has compiled most of what they import.

Linking one takes longer than running it, so each is built once and kept, in place of a build by the language host in each
run. Go itself knows whether a kept one is up to date.
"""

import os
import re
from pathlib import Path

from tests.analyzers import PACK
from tools.engine.pulumi_cli import BUILD_SECONDS, ensure_go, go_variables
from tools.engine.pulumi_release import locked
from tools.engine.steps import run_step

MODULE = PACK / "examples"
KEPT = PACK / ".build" / "go-programs"


def sdk_version() -> str:
    """The version of pulumi-aws that the programs import."""
    found = re.search(r"/pulumi-aws/sdk/v\d+ v(\S+)", (MODULE / "go.mod").read_text())
    assert found
    return found.group(1)


def run_as_built(staged: Path, program: Path) -> None:
    """Lets a staged copy of a program run its executable, by the option that Pulumi has for that."""
    project = staged / "Pulumi.yaml"
    options = f"runtime: {{name: go, options: {{binary: {built(program)}}}}}"
    project.write_text(project.read_text().replace("runtime: go", options))


def built(program: Path) -> Path:
    """The executable of a program, which may stand outside of the module of the examples, but imports what it has."""
    KEPT.mkdir(parents=True, exist_ok=True)
    executable = KEPT / "-".join(program.relative_to(PACK).parts)
    sources = [str(file) for file in sorted(program.glob("*.go"))]
    command = [str(ensure_go().command), "build", "-trimpath", "-ldflags", "-s -w", "-o", str(executable), *sources]
    with locked(KEPT, BUILD_SECONDS, "a Go program"):
        log = KEPT / "build.log"
        log.write_bytes(b"")
        run_step(f"building {program}", command, go_variables(os.environ), BUILD_SECONDS, log, MODULE)
    return executable
