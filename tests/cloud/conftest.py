"""The real CLI against a stand-in for the Pulumi Cloud service; nothing here leaves this machine."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.secrets_engine import SECRETS_PROVIDER
from tests.engine.workspace import Workspace, cli_and_provider
from tools.engine.languages import language_named
from tools.fakes.pulumi_cloud.server import running_pulumi_cloud
from tools.fakes.pulumi_cloud.state import PackVersion, PulumiCloud

from .bucket_rules import NAME, write_pack, write_program
from .installer import write_python
from .member import Member, member, once


@pytest.fixture(scope="package", autouse=True)
def _packs_are_installed_quickly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """In tests/engine the pack is installed as at a user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(write_python(tmp_path_factory.mktemp("python"))), prepend=os.pathsep)
        yield


@pytest.fixture(scope="session")
def path_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """The folders of the CLI, of the provider, and of the language host of programs in YAML."""
    with cli_and_provider(tmp_path_factory.mktemp("provider")) as folders:
        yield language_named("yaml").folders(folders)


@pytest.fixture
def cloud() -> Iterator[PulumiCloud]:
    """A new service, which in the end must have understood all that the CLI asked."""
    with running_pulumi_cloud() as running:
        yield running
        assert running.unknown_requests == []


@pytest.fixture
def anna(cloud: PulumiCloud, tmp_path: Path, path_folders: list[Path], shared: Path) -> Member:
    """A member of the organization, logged in. Required packs are installed where all tests share them.

    So a version of a pack, once installed, stays what it is: two tests must not publish different packs under one tag.
    """
    return member(cloud, tmp_path, path_folders, shared / "policies")


@pytest.fixture(scope="session")
def first_preview(tmp_path_factory: pytest.TempPathFactory, path_folders: list[Path], shared: Path) -> Any:
    """The first preview of the test run with the pack required. It alone installs the pack, which takes pip a while."""

    def found_out() -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("first")
        with running_pulumi_cloud() as cloud:
            first = member(cloud, folder, path_folders, shared / "policies")
            assert first.publish(write_pack(folder)).exit_status == 0
            config = {"bucket-prefixed": {"enforcementLevel": "mandatory", "prefix": "acme-"}}
            assert first.enable(NAME, config).exit_status == 0
            workspace = first.staged(write_program(folder))
            made = workspace.run("stack", "init", "dev", "--secrets-provider", SECRETS_PROVIDER)
            assert made.exit_status == 0, made
            outcome = workspace.preview(pack=None)
            return {
                "exit_status": outcome.finished.exit_status,
                "stdout": outcome.finished.stdout,
                "lines": outcome.lines,
                "posted": [event["policyEvent"] for event in cloud.events if "policyEvent" in event],
                "updates": [(each.kind, each.stack, each.dry_run, each.status) for each in cloud.updates],
                "requests": [re.sub(r"[0-9a-f]{32}", "KEY", each) for each in cloud.requests],
                "unknown_requests": cloud.unknown_requests,
            }

    return once(shared / "first-preview.json", found_out)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The small pack, not published yet."""
    return write_pack(tmp_path)


Publish = Callable[[Path], PackVersion]


@pytest.fixture(scope="session")
def publish_once(tmp_path_factory: pytest.TempPathFactory, path_folders: list[Path], shared: Path) -> Publish:
    """Publishes a pack at a service of its own, and answers what that keeps, for the services of many tests."""

    def version(pack: Path) -> PackVersion:
        with running_pulumi_cloud() as cloud:
            publisher = member(cloud, tmp_path_factory.mktemp("publisher"), path_folders, shared / "policies")
            finished = publisher.publish(pack)
            assert (finished.exit_status, cloud.unknown_requests) == (0, []), finished
            (published,) = cloud.versions
        return published

    return version


@pytest.fixture(scope="session")
def small_pack(publish_once: Publish, tmp_path_factory: pytest.TempPathFactory) -> PackVersion:
    """The small pack, published as 1.0.0 where no test looks."""
    return publish_once(write_pack(tmp_path_factory.mktemp("small")))


@pytest.fixture
def published(cloud: PulumiCloud, small_pack: PackVersion) -> str:
    """The name of the small pack, which the service has as 1.0.0."""
    cloud.keep(small_pack)
    return NAME


@pytest.fixture
def workspace(anna: Member, tmp_path: Path, published: str, first_preview: Any) -> Workspace:
    """The small program with a new stack at the service; the small pack is published, and installed already."""
    return anna.workspace(write_program(tmp_path))
