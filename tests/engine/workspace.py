"""Real programs under the real engine: staged, previewed and updated with the pack, in a place of their own."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.analyzers import PACK
from tools.engine.isolated_pulumi import (
    OWN_ENVIRONMENT,
    Finished,
    IsolatedPulumi,
    isolated_pulumi,
    read_events,
    stage_program,
)
from tools.engine.languages import Provided
from tools.engine.pulumi_cli import ensure_pulumi_cli, version_numbers

from .aws_stand_in import provider_on_path
from .secrets_engine import SECRETS_PROVIDER, vault

SECONDS = 180.0
VIRTUAL_ENVIRONMENT = Provided(OWN_ENVIRONMENT)
_PROJECT = "new"
# The CLI ends before collecting garbage pays; one with a large stack does collect.
QUICK = {"GOGC": "off", "GOMEMLIMIT": "300MiB"}
# The state is written at the end alone: after each step, it takes most of the time of an update of a large stack.
VARIABLES = {"PULUMI_DEBUG_COMMANDS": "1", "PULUMI_SKIP_CHECKPOINTS": "true", **QUICK}
# A level for all policies, or a whole configuration.
Configured = str | Mapping[str, Any] | None
# Of a line of a report, behind the name of its policy.
_CODE = re.compile(r"[a-z-]+: \[([a-z-]+)\]")
_MARK = re.compile(r"<\{%[^%]*%\}>")


@contextmanager
def cli_and_provider(folder: Path) -> Iterator[list[Path]]:
    """The folders of the CLI, which is built where there is none, and of the provider, whose one is given."""
    with provider_on_path(folder):
        yield [*ensure_pulumi_cli().folders, folder]


def new_workspace(
    place: Path,
    path_folders: Sequence[Path],
    program: Path,
    provider: Mapping[str, str] | None = None,
    provided: Provided = VIRTUAL_ENVIRONMENT,
) -> Workspace:
    """A copy of a program in a place of its own, with a new stack `dev`. provided: what it is run with.

    provider: variables with which the CLI uses a provider that runs already, which saves starting one. It has one set of
    settings at a time, so a program with providers of its own does not get it.
    """
    pulumi = isolated_pulumi(place / "pulumi", path_folders)
    texts = [file.read_text() for file in program.iterdir() if file.suffix in (".py", ".ts", ".yaml")]
    variables = {**provided.variables, "PULUMI_STACK": "dev"}
    if provider and not any(own in text for text in texts for own in ("aws.Provider(", "pulumi:providers:aws")):
        variables.update(provider)
    pulumi = replace(pulumi, environment={**pulumi.environment, **variables})
    workspace = Workspace(pulumi, stage_program(program, place / program.name, provided.linked))
    settings, checkpoint = new_stack()
    (workspace.program / "Pulumi.dev.yaml").write_text(settings)
    workspace.checkpoint.parent.mkdir(parents=True)
    workspace.checkpoint.write_text(checkpoint.replace(f"/{_PROJECT}/", f"/{workspace.project}/"))
    return workspace


@cache
def new_stack() -> tuple[str, str]:
    """What `pulumi stack init dev` writes: the stack's settings, and its checkpoint. It is run once, not for each test."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        program.mkdir()
        (program / "Pulumi.yaml").write_text(f"name: {_PROJECT}\nruntime: yaml\n")
        workspace = Workspace(isolated_pulumi(Path(folder) / "pulumi", ensure_pulumi_cli().folders), program)
        made = workspace.run("stack", "init", "dev", "--secrets-provider", SECRETS_PROVIDER)
        assert made.exit_status == 0, made
        return (program / "Pulumi.dev.yaml").read_text(), workspace.checkpoint.read_text()


def is_since(version: str) -> bool:
    """Whether the CLI is of this version, such as 3.272, or newer: what differs is tested for both."""
    return version_numbers(ensure_pulumi_cli().version) >= version_numbers(version)


@dataclass(frozen=True)
class Outcome:
    """How a run of the CLI ended. lines: of the pack's reports, each as `POLICY: LINE`, in the order of the engine."""

    finished: Finished
    events: Sequence[Mapping[str, Any]]

    @property
    def lines(self) -> list[str]:
        return [line for _, line in self.lines_by_resource]

    @property
    def lines_by_resource(self) -> list[tuple[str, str]]:
        """The same, each with the name of its resource."""
        return [
            (event["resourceUrn"].rpartition("::")[2], f"{event['policyName']}: {line}")
            for event in self.violations
            for line in _MARK.sub("", event["message"]).strip().split("\n")[1:]
        ]

    @property
    def codes_by_resource(self) -> dict[str, list[str]]:
        """The codes of the reports, sorted. Other lines, such as what a report about a template begins with, have none."""
        found: dict[str, list[str]] = {}
        for resource, line in self.lines_by_resource:
            if code := _CODE.match(line):
                found.setdefault(resource, []).append(code.group(1))
        return {resource: sorted(codes) for resource, codes in found.items()}

    @property
    def violations(self) -> list[Mapping[str, Any]]:
        return [event["policyEvent"] for event in self.events if "policyEvent" in event]

    @property
    def said_by_policies(self) -> list[str]:
        """Whatever else policies made the engine say, such as "can't run policy"."""
        printed = f"{self.finished.stdout}{self.finished.stderr}".split("\n")
        return [line for line in printed if "can't run policy" in line or "was not checked" in line]


@dataclass(frozen=True)
class Workspace:
    """A program and its stack `dev`. Without a local pack, it is judged by what its organization requires."""

    pulumi: IsolatedPulumi
    program: Path

    def run(self, *args: str) -> Finished:
        return self.pulumi.run(args, self.program, SECONDS, {**VARIABLES, **vault()})

    def preview(
        self, configured: Configured = None, pack: Path | None = PACK, more_packs: Sequence[Path] = ()
    ) -> Outcome:
        """more_packs: without any configuration, beside the first."""
        return self._judged("preview", configured, pack, *(f"--policy-pack={more}" for more in more_packs))

    def up(self, configured: Configured = None, pack: Path | None = PACK) -> Outcome:
        return self._judged("up", configured, pack, "--yes", "--skip-preview")

    @property
    def project(self) -> str:
        """The name of the program's project."""
        settings = (self.program / "Pulumi.yaml").read_text()
        return settings.partition("name: ")[2].partition("\n")[0]

    @property
    def checkpoint(self) -> Path:
        """The file of the stack's state, as the CLI's backend for files keeps it."""
        state = Path(urlsplit(self.pulumi.environment["PULUMI_BACKEND_URL"]).path)
        return state / ".pulumi" / "stacks" / self.project / "dev.json"

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the state."""
        return list(self.exported()["deployment"].get("resources", []))

    def add_stack(self, name: str, outputs: Mapping[str, Any]) -> None:
        """Makes another stack of the same project, which has nothing but outputs."""
        kind = "pulumi:pulumi:Stack"
        urn = f"urn:pulumi:{name}::{self.project}::{kind}::{self.project}-{name}"
        state = json.loads(new_stack()[1])
        state["checkpoint"]["stack"] = f"organization/{self.project}/{name}"
        state["checkpoint"]["latest"]["resources"] = [{"urn": urn, "custom": False, "type": kind, "outputs": outputs}]
        self.checkpoint.with_name(f"{name}.json").write_text(json.dumps(state))

    def types_in_state(self) -> list[str]:
        return [resource["type"] for resource in self.resources()]

    def exported(self) -> dict[str, Any]:
        """What `pulumi stack export` writes of the state, read where it lies."""
        kept = json.loads(self.checkpoint.read_text())
        return {"version": kept["version"], "deployment": kept["checkpoint"]["latest"]}

    def export(self) -> Path:
        """A file with the same."""
        path = self.program / "state.json"
        path.write_text(json.dumps(self.exported()))
        return path

    def analyze(self, state: Path, configured: Configured = None, pack: Path = PACK, *more: str) -> Finished:
        """What `pulumi policy analyze` says of an exported state with the pack."""
        args = ["policy", "analyze", "--file", str(state), "--policy-pack", str(pack), *more]
        return self.run(*args, *self._configuration(configured))

    def event_log(self, command: str) -> Path:
        """The file with the events of the last `preview` or `up`."""
        return self.program.parent / f"{command}-events.json"

    def _configuration(self, configured: Configured) -> list[str]:
        """The options for a configuration."""
        if not configured:
            return []
        configuration = self.program.parent / "policies.json"
        configuration.write_text(json.dumps({"all": configured} if isinstance(configured, str) else configured))
        return ["--policy-pack-config", str(configuration)]

    def _judged(self, command: str, configured: Configured, pack: Path | None, *more: str) -> Outcome:
        log = self.event_log(command)
        log.unlink(missing_ok=True)
        args = [command, "--stack", "dev", "--event-log", str(log), *more]
        if pack:
            args += ["--policy-pack", str(pack)]
        finished = self.run(*args, *self._configuration(configured))
        return Outcome(finished, read_events(log) if log.exists() else ())
