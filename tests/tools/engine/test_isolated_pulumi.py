"""That nothing of the user's gets into an isolated run, and that nothing of it stays."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml

from tools.engine.isolated_pulumi import IsolatedPulumi, PulumiTimeoutError, isolated_pulumi, run_command, stage_program

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

    def test_can_keep_the_users_aws(self, tmp_path: Path, cli_folder: Path) -> None:
        place = isolated_pulumi(tmp_path / "place", [cli_folder], keep_prefixes=["AWS_"], variables=USERS_OWN)
        environment = environment_of(place, tmp_path)
        assert environment["AWS_PROFILE"] == "production"
        assert "AWS_CONFIG_FILE" not in environment
        assert "PULUMI_ACCESS_TOKEN" not in environment


class TestRunning:
    def test_that_takes_too_long_ends_with_all_it_started(self, tmp_path: Path) -> None:
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
        process = int((tmp_path / "pid").read_text())
        for _ in range(250):
            if not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
                return
            time.sleep(0.02)
        pytest.fail("it still runs")


class TestStagingAProgramInGo:
    def program(self, tmp_path: Path, more: str = "") -> Path:
        program = tmp_path / "module" / "program"
        program.mkdir(parents=True)
        (program / "main.go").write_text("package main\n")
        (program / "Pulumi.yaml").write_text(f"name: p\nruntime: go\n{more}")
        (program / "Pulumi.dev.yaml").write_text("config: {}\n")
        return program

    def test_leaves_it_in_its_module(self, tmp_path: Path) -> None:
        program = self.program(tmp_path)
        staged = stage_program(program, tmp_path / "staged")
        assert sorted(file.name for file in staged.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml"]
        project = yaml.safe_load((staged / "Pulumi.yaml").read_text())
        assert project == {"name": "p", "runtime": "go", "main": str(program)}

    def test_copies_one_that_says_where_it_is(self, tmp_path: Path) -> None:
        staged = stage_program(self.program(tmp_path, "main: .\n"), tmp_path / "staged")
        assert sorted(file.name for file in staged.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml", "main.go"]
        assert yaml.safe_load((staged / "Pulumi.yaml").read_text())["main"] == "."
