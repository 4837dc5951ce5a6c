"""A member of an organization at a shell: the real CLI, set to use a stand-in for the Pulumi Cloud service."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.engine.workspace import QUICK, SECONDS, Workspace, new_stack
from tools.engine.isolated_pulumi import OWN_ENVIRONMENT, Finished, IsolatedPulumi, isolated_pulumi, stage_program
from tools.fakes.pulumi_cloud.state import PulumiCloud, Stack


@dataclass(frozen=True)
class Member:
    """Somebody who is logged in. folder: where commands run that need neither a pack nor a program."""

    cloud: PulumiCloud
    pulumi: IsolatedPulumi
    folder: Path

    def run(self, *args: str, cwd: Path | None = None) -> Finished:
        return self.pulumi.run(args, cwd or self.folder, SECONDS)

    def publish(self, pack: Path) -> Finished:
        return self.run("policy", "publish", self.cloud.organization, cwd=pack)

    def enable(self, name: str, config: Mapping[str, Any] | None = None, version: str = "latest") -> Finished:
        options = [] if config is None else ["--config", str(self.configuration(config))]
        return self.run("policy", "enable", f"{self.cloud.organization}/{name}", version, *options)

    def disable(self, name: str) -> Finished:
        return self.run("policy", "disable", f"{self.cloud.organization}/{name}")

    def configuration(self, config: Mapping[str, Any]) -> Path:
        """A file with a configuration of a pack."""
        path = self.folder / "policies.json"
        path.write_text(json.dumps(config))
        return path

    def staged(self, program: Path) -> Workspace:
        """Stages a program, which has no stack yet. Its runs take `pack=None`: no local pack."""
        return Workspace(self.pulumi, stage_program(program, self.folder / "staged" / program.name, OWN_ENVIRONMENT))

    def workspace(self, program: Path) -> Workspace:
        """The same with a stack `dev` at the service, as `pulumi stack init` makes it."""
        workspace = self.staged(program)
        settings, checkpoint = new_stack()
        (workspace.program / "Pulumi.dev.yaml").write_text(settings)
        deployment = json.loads(checkpoint)["checkpoint"]["latest"]
        self.cloud.keep(Stack(workspace.project, "dev", {"version": 3, "deployment": deployment}))
        return workspace


def member(cloud: PulumiCloud, folder: Path, path_folders: Sequence[Path], policies: Path) -> Member:
    """A member with a home of its own, but for `policies`: where required packs are installed."""
    pulumi = isolated_pulumi(folder / "pulumi", path_folders)
    policies.mkdir(exist_ok=True)
    (folder / "pulumi" / "home" / "policies").symlink_to(policies)
    return Member(cloud, replace(pulumi, environment={**pulumi.environment, **cloud.environment, **QUICK}), folder)


def once(record: Path, found_out: Callable[[], Mapping[str, Any]]) -> Any:
    """What the first process of a test run found out and wrote down, for all of them; the others wait for it."""
    with record.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            record.write_text(json.dumps(found_out()))
    return json.loads(record.read_text())
