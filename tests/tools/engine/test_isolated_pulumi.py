"""That nothing of the user's gets into an isolated run, and that nothing of it stays."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine.isolated_pulumi import (
    IsolatedPulumi,
    PulumiTimeoutError,
    isolated_pulumi,
    read_events,
    run_command,
    stage_program,
)

FAKE_PULUMI = """#!{python}
import json, os, sys
json.dump({{"args": sys.argv[1:], "environment": dict(os.environ), "cwd": os.getcwd(),
           "input": sys.stdin.read()}}, sys.stdout)
print("a warning", file=sys.stderr)
sys.exit(3)
"""


@pytest.fixture
def cli_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cli"
    folder.mkdir()
    (folder / "pulumi").write_text(FAKE_PULUMI.format(python=sys.executable))
    (folder / "pulumi").chmod(0o755)
    return folder


def environment_of(place: IsolatedPulumi, cwd: Path, extra_env: dict[str, str] | None = None) -> dict[str, str]:
    environment = json.loads(place.run(["preview"], cwd, extra_env=extra_env).stdout)["environment"]
    assert isinstance(environment, dict)
    return environment


USERS_OWN = {
    "PATH": "/users/own",
    "HOME": "/users/home",
    "AWS_PROFILE": "production",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "BOTO_CONFIG": "/users/boto",
    "PULUMI_ACCESS_TOKEN": "token",
    "PULUMI_CONFIG_PASSPHRASE_FILE": "/users/passphrase",
    "PYTHONPATH": "/users/packages",
    "VIRTUAL_ENV": "/users/venv",
}


class TestTheEnvironment:
    def test_holds_nothing_of_the_users_pulumi_and_aws(self, tmp_path: Path, cli_folder: Path) -> None:
        place = isolated_pulumi(tmp_path / "place", [cli_folder], variables=USERS_OWN)
        environment = environment_of(place, tmp_path)
        assert environment["HOME"] == "/users/home"
        leaked = {name for name, value in environment.items() if name in USERS_OWN and name not in ("HOME", "PATH")}
        assert leaked == set()
        assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
        assert environment["AWS_CONFIG_FILE"] == str(tmp_path / "place" / "aws-config")

    def test_makes_the_run_local(self, tmp_path: Path, cli_folder: Path) -> None:
        folder = tmp_path / "a place"
        environment = environment_of(isolated_pulumi(folder, [cli_folder], variables=USERS_OWN), tmp_path)
        assert environment["PULUMI_HOME"] == str(folder / "home")
        assert environment["PULUMI_BACKEND_URL"] == (folder / "state").as_uri()
        assert (folder / "state").is_dir()
        assert environment["PULUMI_CONFIG_PASSPHRASE"]
        assert environment["PULUMI_SKIP_UPDATE_CHECK"] == "1"

    def test_has_the_given_folders_first_on_path(self, tmp_path: Path, cli_folder: Path) -> None:
        provider = tmp_path / "provider"
        place = isolated_pulumi(tmp_path / "place", [cli_folder, provider], variables=USERS_OWN)
        assert environment_of(place, tmp_path)["PATH"] == f"{cli_folder}:{provider}:/users/own"

    def test_can_keep_the_users_aws(self, tmp_path: Path, cli_folder: Path) -> None:
        place = isolated_pulumi(tmp_path / "place", [cli_folder], keep_prefixes=["AWS_"], variables=USERS_OWN)
        environment = environment_of(place, tmp_path)
        assert environment["AWS_PROFILE"] == "production"
        assert "AWS_CONFIG_FILE" not in environment
        assert "PULUMI_ACCESS_TOKEN" not in environment

    def test_takes_what_a_run_adds(self, tmp_path: Path, cli_folder: Path) -> None:
        place = isolated_pulumi(tmp_path / "place", [cli_folder])
        environment = environment_of(place, tmp_path, {"PULUMI_DEBUG_COMMANDS": "1"})
        assert environment["PULUMI_DEBUG_COMMANDS"] == "1"

    def test_needs_a_cli(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"there is no pulumi in .*nowhere"):
            isolated_pulumi(tmp_path, [tmp_path / "nowhere"], variables={"PATH": "/users/own"})


class TestRunning:
    def test_answers_how_it_ended(self, tmp_path: Path, cli_folder: Path) -> None:
        finished = isolated_pulumi(tmp_path / "place", [cli_folder]).run(["preview"], tmp_path)
        assert finished.exit_status == 3
        assert finished.stderr == "a warning\n"
        assert finished.seconds > 0
        answer = json.loads(finished.stdout)
        assert answer["args"] == ["--color", "never", "preview"]
        assert answer["cwd"] == str(tmp_path)
        assert answer["input"] == ""

    def test_has_colours_when_asked(self, tmp_path: Path, cli_folder: Path) -> None:
        finished = isolated_pulumi(tmp_path / "place", [cli_folder], colour=True).run([], tmp_path)
        assert json.loads(finished.stdout)["args"] == ["--color", "always"]

    def test_that_takes_too_long_ends_with_all_it_started(
        self, tmp_path: Path, process_is_gone: Callable[[int], bool]
    ) -> None:
        # Like the CLI, this gives what it starts a process group of its own.
        program = (
            "import os, subprocess, time\n"
            "child = subprocess.Popen(['sleep', '60'], preexec_fn=os.setpgrp)\n"
            "open('pid', 'w').write(str(child.pid))\n"
            "print('printed so far', flush=True)\n"
            "time.sleep(60)\n"
        )
        with pytest.raises(PulumiTimeoutError) as failure:
            run_command([sys.executable, "-c", program], tmp_path, 1, {"PATH": "/usr/bin:/bin"})
        assert "did not end within 1 seconds." in str(failure.value)
        assert "printed so far" in str(failure.value)
        assert process_is_gone(int((tmp_path / "pid").read_text()))


class TestStaging:
    @pytest.fixture
    def program(self, tmp_path: Path) -> Path:
        folder = tmp_path / "program"
        (folder / "venv" / "bin").mkdir(parents=True)
        (folder / "__pycache__").mkdir()
        (folder / "nested").mkdir()
        (folder / "nested" / "trail.json").write_text("{}")
        (folder / "Pulumi.yaml").write_text("name: sample\n")
        (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
        return folder

    @pytest.fixture
    def virtual_environment(self, tmp_path: Path) -> Path:
        folder = tmp_path / "environment"
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()
        return folder

    def test_copies_the_program_and_links_its_virtual_environment(
        self, tmp_path: Path, program: Path, virtual_environment: Path
    ) -> None:
        staged = stage_program(program, tmp_path / "deep" / "staged", virtual_environment)
        assert staged == tmp_path / "deep" / "staged"
        assert sorted(entry.name for entry in staged.iterdir()) == [
            "Pulumi.dev.yaml",
            "Pulumi.yaml",
            "nested",
            "venv",
        ]
        assert (staged / "venv").readlink() == virtual_environment

    def test_needs_a_program(self, tmp_path: Path, virtual_environment: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"is no Pulumi program: it has no Pulumi\.yaml"):
            stage_program(tmp_path, tmp_path / "staged", virtual_environment)

    def test_needs_a_virtual_environment(self, tmp_path: Path, program: Path) -> None:
        with pytest.raises(FileNotFoundError, match="nowhere is no virtual environment"):
            stage_program(program, tmp_path / "staged", tmp_path / "nowhere")


class TestEvents:
    def test_are_read_in_order(self, tmp_path: Path) -> None:
        log = tmp_path / "events"
        log.write_text('{"sequence": 0}\n\n{"sequence": 1, "text": "a\u0085b"}\n', encoding="utf-8")
        assert read_events(log) == [{"sequence": 0}, {"sequence": 1, "text": "a\u0085b"}]

    @pytest.mark.parametrize("line", ['{"sequence":', "[1]"])
    def test_that_are_none_are_refused(self, tmp_path: Path, line: str) -> None:
        log = tmp_path / "events"
        log.write_text(f'{{"sequence": 0}}\n{line}\n')
        with pytest.raises(ValueError, match="line 2: not an engine event"):
            read_events(log)
