"""The tests of the pack itself on other versions than those of the lock: `make test-lowest`, `make test-range`.

The rooms that use no package (model, iam, configuration, rules, report, stack) answer alike with any version, so
`make test-lowest` and `make test-newest`, which CI runs beside `make test`, leave them out. Of the policies' tests
they leave out the tables of verdicts: how values come from the SDK is in the others.
"""

from __future__ import annotations

import os
from pathlib import Path

import nox

os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
# Where pyenv is used, a Python that is installed need not be on PATH.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, sorted(PYENV.glob("versions/3.*/bin")))])

nox.options.default_venv_backend = "uv"
nox.options.envdir = ".build/nox"

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]
SHOWN = ("pulumi", "pulumi-policy", "boto3", "botocore")
WITH_PACKAGES = (
    *(f"tests/{room}" for room in ("aws", "cloudformation", "pulumi", "policies", "protocol")),
    "tests/test_layers.py",
)
LEFT_OUT = (
    *(f"tests/policies/test_{table}.py" for table in ("can_deliver", "exist", "proof", "evasion")),
    "tests/policies/test_unknowns.py::test_any_json_at_all",
)
ALL = (
    *(f"tests/{room}" for room in ("model", "iam", "configuration", "rules", "report", "stack", "judgement")),
    *WITH_PACKAGES,
    "tests/test_linear_time.py",
)
RESOLUTIONS = [nox.param("lowest-direct", id="lowest"), nox.param("highest", id="newest")]


def run(session: nox.Session, resolution: str, tests: tuple[str, ...], left_out: tuple[str, ...] = ()) -> None:
    """Installs the lowest or the newest versions that requirements.txt allows, and runs some tests."""
    # boto3 asks for the botocore of its own version and newer.
    lowest_botocore = "botocore>=1.43.0,<2"
    # Without the settings in pyproject.toml, which are about the lock.
    chosen = ("--no-config", "--resolution", resolution)
    session.install(*chosen, "-r", "requirements.txt", lowest_botocore, "--group", "test")
    # Its one module that the tests use needs the standard library alone.
    session.install("--no-deps", "ministack==1.5.33")
    session.run("python", "-c", f"from importlib.metadata import version; print(*map(version, {SHOWN!r}))")
    if resolution == "lowest-direct":
        lowest = "from importlib.metadata import version; assert version('boto3') == version('botocore')"
        session.run("python", "-c", lowest)
    without = [f"--deselect={test}" for test in left_out]
    session.run(
        "python", "-m", "pytest", "-p", "no:cacheprovider", "-n", "auto", "--dist", "worksteal", *tests, *without
    )


@nox.session
@nox.parametrize("resolution", RESOLUTIONS)
def packages(session: nox.Session, resolution: str) -> None:
    """What depends on packages, on the Python that runs this."""
    run(session, resolution, WITH_PACKAGES, LEFT_OUT)


@nox.session(python=PYTHONS)
@nox.parametrize("resolution", RESOLUTIONS)
def everything(session: nox.Session, resolution: str) -> None:
    """All tests of the pack itself, on each Python that is here."""
    run(session, resolution, ALL)
