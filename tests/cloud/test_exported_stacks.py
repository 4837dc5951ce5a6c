"""Stacks exported by the real CLI: of an organization at the service, and of a self-managed backend."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.fleet.evidence import Unread
from command_line.exported_stacks import CannotExportError, exported_stacks
from tools.engine.isolated_pulumi import isolated_pulumi
from tools.engine.pulumi_cli import ensure_pulumi_cli
from tools.fakes.pulumi_cloud.server import running_pulumi_cloud
from tools.fakes.pulumi_cloud.state import PulumiCloud, Stack

NOT_LOGGED_IN = [
    f"pulumi does not say who you are: {said} If you are not logged in, run pulumi login, or set PULUMI_ACCESS_TOKEN."
    for said in (
        "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions.",  # of older versions
        "this command requires logging in; try running `pulumi login` first.",
    )
]


def deployment(name: str) -> Mapping[str, Any]:
    """A state whose secrets nobody can decrypt here."""
    urn = f"urn:pulumi:{name}::web::pulumi:pulumi:Stack::web-{name}"
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAABAKJ"}
    resources = [{"urn": urn, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {"key": secret}}]
    providers = {"type": "service", "state": {"url": "https://example.com", "owner": "acme"}}
    return {"version": 3, "deployment": {"manifest": {}, "secrets_providers": providers, "resources": resources}}


@pytest.fixture
def cloud() -> Iterator[PulumiCloud]:
    with running_pulumi_cloud() as running:
        yield running
        assert running.unknown_requests == []


@pytest.fixture
def cli(tmp_path: Path) -> Mapping[str, str]:
    """The environment of the CLI, logged in nowhere, without a passphrase."""
    isolated = isolated_pulumi(tmp_path / "pulumi", ensure_pulumi_cli().folders)
    return {name: value for name, value in isolated.environment.items() if not name.startswith("PULUMI_CONFIG")}


def test_all_stacks_of_an_organization(cloud: PulumiCloud, cli: Mapping[str, str]) -> None:
    cloud.stacks_per_page = 2
    for project, name in (("web", "dev"), ("web", "prod"), ("net", "dev")):
        cloud.keep(Stack(project, name, deployment(name)))
    environment = {**cli, **cloud.environment, "PULUMI_OPTION_SHOW_SECRETS": "true"}
    with (
        cloud.refusing("GET", "/web/prod/export", 403, "Forbidden: ask an administrator"),
        exported_stacks("acme", ["acme/web/gone"], environment=environment) as exported,
    ):
        (gone, *listed) = exported
        found = {
            name: each if isinstance(each, Unread) else json.loads(each.read_text(encoding="utf-8"))
            for name, each in listed
        }
    assert found == {
        "acme/net/dev": deployment("dev"),
        "acme/web/dev": deployment("dev"),
        "acme/web/prod": Unread("acme/web/prod", "pulumi cannot export it: [403] Forbidden: ask an administrator."),
    }
    assert gone == (
        "acme/web/gone",
        Unread("acme/web/gone", "pulumi cannot export it: no stack named 'acme/web/gone' found."),
    )
    assert cloud.requests.count("GET /api/user/stacks") == 2


def why_not(organization: str, environment: Mapping[str, str]) -> str:
    with pytest.raises(CannotExportError) as raised, exported_stacks(organization, environment=environment):
        pass
    return str(raised.value)


def test_why_an_organization_has_none(cloud: PulumiCloud, cli: Mapping[str, str]) -> None:
    assert why_not("acme", {**cli, "PULUMI_BACKEND_URL": cloud.url}) in NOT_LOGGED_IN
    environment = {**cli, **cloud.environment}
    assert why_not("acme", environment) == "Organization acme has no stack that you are allowed to see."
    assert why_not("other", environment) == "You are not a member of organization other. Yours are: acme."
    assert why_not("acme", cli) == (
        "You are logged in to a self-managed backend, which has no organizations. Give its folder, or a copy of its "
        "bucket, as STATES."
    )


def test_stacks_of_a_self_managed_backend(cli: Mapping[str, str], tmp_path: Path) -> None:
    backend = tmp_path / "pulumi" / "state" / ".pulumi"
    (backend / "stacks" / "web").mkdir(parents=True)
    (backend / "meta.yaml").write_text("version: 1\n")
    checkpoint = {
        "version": 3,
        "checkpoint": {"stack": "organization/web/dev", "latest": deployment("dev")["deployment"]},
    }
    (backend / "stacks" / "web" / "dev.json").write_text(json.dumps(checkpoint))
    names = ["organization/web/dev", "acme/web/dev"]
    with exported_stacks(stacks=names, environment=cli) as ((name, path), other):
        assert isinstance(path, Path)
        exported = json.loads(path.read_text(encoding="utf-8"))
    assert (name, exported["version"]) == ("organization/web/dev", 3)
    assert exported["deployment"]["resources"] == deployment("dev")["deployment"]["resources"]
    assert other == (
        "acme/web/dev",
        Unread("acme/web/dev", "pulumi cannot export it: organization name must be 'organization'."),
    )
