"""A policy pack at the service: published, enabled, and run in previews and updates that name no pack."""

import io
import json
import os
import re
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.workspace import Outcome, Workspace
from tools.engine.isolated_pulumi import Finished, isolated_pulumi
from tools.fakes.pulumi_cloud.state import PulumiCloud

from .bucket_rules import NAME, write_pack
from .member import Member

PREFIXED = "bucket-prefixed"
BUCKET = "aws:s3/bucket:Bucket"
WITH_PREFIX = {PREFIXED: {"prefix": "acme-"}}
LINE = f"{PREFIXED}: The prefix is acme-."
NOT_LOGGED_IN = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions\n"
FIRST_LOGIN = "Logging in using access token from PULUMI_ACCESS_TOKEN\n"
NO_ORGANIZATION = "[404] Not Found: Organization 'other' not found\n"


def error(finished: Finished) -> str:
    """What a command that failed said, without the sentence of a first login."""
    assert finished.exit_status != 0
    return finished.stderr.removeprefix(FIRST_LOGIN)


def told(cloud: PulumiCloud, outcome: Outcome) -> Outcome:
    """The same run as the CLI told it to the service."""
    return replace(outcome, events=cloud.updates[-1].events)


def archives(cloud: PulumiCloud, method: str) -> list[str]:
    """The uploads or downloads that were tried."""
    return [request for request in cloud.requests if request.startswith(f"{method} /archives/")]


def types_in_state(cloud: PulumiCloud) -> list[str]:
    """Those of the one stack's resources."""
    (stack,) = cloud.stacks
    return [each["type"] for each in stack.deployment["deployment"].get("resources", [])]


class TestLoggingIn:
    def test_with_a_token(self, anna: Member, cloud: PulumiCloud) -> None:
        login = anna.run("login")
        assert login.exit_status == 0, login
        assert login.stdout == f"Logged in to {cloud.url} as member ()\n"
        assert anna.run("whoami").stdout == "member\n"

    @pytest.fixture
    def stranger(self, cloud: PulumiCloud, tmp_path: Path, path_folders: list[Path]) -> Member:
        # Nothing of the surrounding shell: the CLI looks there for further ways to log in.
        variables = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
        pulumi = isolated_pulumi(tmp_path / "stranger", path_folders, variables=variables)
        environment = {**pulumi.environment, "PULUMI_BACKEND_URL": cloud.url}
        return Member(cloud, replace(pulumi, environment=environment), tmp_path)

    def test_without_a_token_nothing_is_asked(self, stranger: Member, cloud: PulumiCloud, pack: Path) -> None:
        listed = stranger.run("policy", "ls", "acme")
        assert error(listed) == NOT_LOGGED_IN
        # It says nothing useful: the CLI fails on its own before it asks for a token.
        assert stranger.publish(pack).exit_status != 0
        assert cloud.requests == []

    def test_with_a_wrong_token(self, stranger: Member, cloud: PulumiCloud, pack: Path) -> None:
        wrong = {**stranger.pulumi.environment, "PULUMI_ACCESS_TOKEN": "wrong"}
        finished = replace(stranger, pulumi=replace(stranger.pulumi, environment=wrong)).publish(pack)
        assert error(finished) == "error: Unauthorized: No credentials provided or are invalid.\n"
        assert cloud.requests == ["GET /api/user"]

    def test_a_token_that_is_no_longer_valid(self, anna: Member, cloud: PulumiCloud, pack: Path) -> None:
        assert anna.run("login").exit_status == 0
        cloud.token = "renewed"
        said = error(anna.publish(pack))
        assert said.endswith("this command requires logging in; try running `pulumi login` first\n")
        assert cloud.versions == []

    def test_an_organization_of_others(self, anna: Member, cloud: PulumiCloud, pack: Path) -> None:
        publish = anna.run("policy", "publish", "other", cwd=pack)
        assert error(publish) == f"error: Publish policy pack failed: {NO_ORGANIZATION}"
        assert error(anna.run("policy", "ls", "other")) == f"error: List Policy Packs failed: {NO_ORGANIZATION}"
        assert cloud.versions == []


class TestPublishing:
    def test_tells_the_service_what_the_pack_is(self, cloud: PulumiCloud, published: str) -> None:
        assert cloud.published(published) == ["1.0.0"]
        metadata = cloud.pack(published)
        assert {name: metadata[name] for name in ("name", "versionTag", "runtime")} == {
            "name": NAME,
            "versionTag": "1.0.0",
            "runtime": "python",
        }
        levels = {"type": "string", "enum": ["advisory", "mandatory", "remediate", "disabled"]}
        prefix = {"type": "string"}
        fields = ("description", "enforcementLevel", "configSchema")
        assert {each["name"]: [each[field] for field in fields] for each in metadata["policies"]} == {
            PREFIXED: [
                "Buckets have a prefix.",
                "advisory",
                {
                    "type": "object",
                    "properties": {"prefix": prefix, "enforcementLevel": levels},
                    "required": ["prefix"],
                },
            ],
            "bucket-free": [
                "A stack has no buckets.",
                "disabled",
                {"type": "object", "properties": {"enforcementLevel": levels}},
            ],
        }

    def test_uploads_the_folder_without_what_git_ignores(self, cloud: PulumiCloud, pack: Path, published: str) -> None:
        with tarfile.open(fileobj=io.BytesIO(cloud.archive(published)), mode="r:gz") as archive:
            content = {each.name: archive.extractfile(each) for each in archive.getmembers() if each.isfile()}
            assert sorted(content) == [
                "package/.gitignore",
                "package/PulumiPolicy.yaml",
                "package/__main__.py",
                "package/requirements.txt",
            ]
            main = content["package/__main__.py"]
            assert main
            assert main.read() == (pack / "__main__.py").read_bytes()

    def test_is_seen_by_all(self, anna: Member, published: str) -> None:
        assert json.loads(anna.run("policy", "ls", "acme", "--json").stdout) == [
            {"name": published, "versions": ["1.0.0"]}
        ]

    def test_of_a_version_that_exists_is_refused_before_the_upload(
        self, anna: Member, cloud: PulumiCloud, pack: Path, published: str
    ) -> None:
        before = cloud.archive(published)
        (pack / "more.txt").write_text("more")
        assert error(anna.publish(pack)) == (
            "error: Publish policy pack failed: [409] Conflict: "
            "Policy Pack: bucket-rules, Version Tag: 1.0.0 already exists\n"
        )
        assert archives(cloud, "PUT") == []
        assert cloud.archive(published) == before

    @pytest.mark.parametrize(
        ("method", "path", "status", "said"),
        [
            # The CLI does not look at the answer to its upload, so the next request has to fail.
            (
                "PUT",
                "/archives/",
                403,
                "[400] Bad Request: nothing was uploaded for Policy Pack: bucket-rules, Version Tag: 1.0.0",
            ),
            ("POST", "/versions/1.0.0/complete$", 503, "[503] Service Unavailable"),
        ],
        ids=["the upload", "its completion"],
    )
    def test_that_fails_in_between_leaves_nothing(
        self, method: str, path: str, status: int, said: str, anna: Member, cloud: PulumiCloud, pack: Path
    ) -> None:
        with cloud.refusing(method, path, status, "Service Unavailable"):
            failed = anna.publish(pack)
        assert error(failed) == f"error: Request to signal completion of the publish operation failed: {said}\n"
        assert json.loads(anna.run("policy", "ls", "acme", "--json").stdout) == []
        assert error(anna.enable(NAME, version="1.0.0")) == (
            "error: Enable policy pack failed: "
            "[404] Not Found: Policy Pack 'bucket-rules' and version '1.0.0' not found\n"
        )
        assert anna.publish(pack).exit_status == 0
        assert cloud.published(NAME) == ["1.0.0"]


class TestConfiguring:
    @pytest.mark.parametrize(
        ("config", "said"),
        [
            (WITH_PREFIX, None),
            ({PREFIXED: {"prefix": 1}}, "Invalid type. Expected: string, given: integer"),
            ({PREFIXED: "mandatory"}, "prefix is required"),
        ],
    )
    def test_is_checked_on_request(
        self, config: dict[str, Any], said: str | None, anna: Member, published: str
    ) -> None:
        path = anna.configuration(config)
        checked = anna.run("policy", "validate-config", f"acme/{published}", "latest", "--config", str(path))
        if said:
            assert error(checked) == f"error: policy pack configuration is invalid: {said}\n"
        else:
            assert checked.exit_status == 0
            assert checked.stdout.endswith("configuration is valid.\n")

    def test_goes_with_a_version(self, anna: Member, cloud: PulumiCloud, tmp_path: Path, published: str) -> None:
        assert anna.publish(write_pack(tmp_path, "1.1.0")).exit_status == 0
        assert anna.enable(published, WITH_PREFIX).exit_status == 0
        assert cloud.enabled[NAME].version.tag == "1.1.0"
        assert cloud.enabled[NAME].config == WITH_PREFIX
        assert anna.enable(published, {"all": "disabled"}, "1.0.0").exit_status == 0
        assert cloud.enabled[NAME].version.tag == "1.0.0"
        assert cloud.enabled[NAME].config == {"all": {"enforcementLevel": "disabled"}}
        listed = anna.run("policy", "group", "ls", "acme", "--json")
        (group,) = json.loads(listed.stdout)
        assert {name: group[name] for name in ("name", "default", "numPolicyPacks", "numStacks")} == {
            "name": "default-policy-group",
            "default": True,
            "numPolicyPacks": 1,
            "numStacks": 0,
        }

    def test_ends_before_a_pack_is_removed(self, anna: Member, cloud: PulumiCloud, published: str) -> None:
        assert anna.enable(published, WITH_PREFIX).exit_status == 0
        remove = ("policy", "rm", f"acme/{published}", "all", "--yes")
        assert error(anna.run(*remove)) == (
            "error: Request to remove policy pack failed: "
            "[400] Bad Request: Policy Pack 'bucket-rules' is enabled, so it cannot be removed\n"
        )
        assert cloud.published(published) == ["1.0.0"]
        assert anna.disable(published).exit_status == 0
        assert anna.run(*remove).exit_status == 0
        assert cloud.published(published) == []
        assert error(anna.disable(published)) == (
            "error: Request to disable policy pack failed: [404] Not Found: Policy Pack 'bucket-rules' is not enabled\n"
        )


class TestRequiring:
    def test_the_first_preview_downloads_and_installs_the_pack(self, first_preview: dict[str, Any]) -> None:
        assert first_preview["requests"].count("GET /archives/KEY") == 1
        assert f"Installing policy pack {NAME}@v1.0.0 dependencies...: done" in first_preview["stdout"]
        assert first_preview["exit_status"] != 0
        assert first_preview["lines"] == [LINE]
        assert first_preview["unknown_requests"] == []

    def test_the_service_is_told_what_blocked_a_preview(self, first_preview: dict[str, Any]) -> None:
        assert first_preview["updates"] == [["preview", "example-integrated/dev", True, "failed"]]
        (event,) = first_preview["posted"]
        del event["color"]
        assert event == {
            "resourceUrn": f"urn:pulumi:dev::example-integrated::{BUCKET}::events",
            "message": "<{%reset%}>Buckets have a prefix.\nThe prefix is acme-.<{%reset%}>\n",
            "policyName": PREFIXED,
            "policyPackName": NAME,
            "policyPackVersion": "1.0.0",
            "policyPackVersionTag": "1.0.0",
            "enforcementLevel": "mandatory",
        }

    def test_advisory_warns(self, anna: Member, cloud: PulumiCloud, published: str, workspace: Workspace) -> None:
        assert anna.enable(published, {PREFIXED: {"prefix": "other-"}}).exit_status == 0
        outcome = workspace.preview(pack=None)
        assert outcome.finished.exit_status == 0, outcome.finished
        assert outcome.lines == [f"{PREFIXED}: The prefix is other-."]
        assert told(cloud, outcome).lines == outcome.lines
        assert [event["enforcementLevel"] for event in told(cloud, outcome).violations] == ["advisory"]
        assert cloud.updates[-1].status == "succeeded"
        # Installed before, so not downloaded again.
        assert archives(cloud, "GET") == []

    def test_every_policy_has_its_level(
        self, anna: Member, cloud: PulumiCloud, published: str, workspace: Workspace
    ) -> None:
        config = {PREFIXED: {"enforcementLevel": "disabled", "prefix": ""}, "bucket-free": "mandatory"}
        assert anna.enable(published, config).exit_status == 0
        outcome = workspace.preview(pack=None)
        assert outcome.finished.exit_status != 0
        assert outcome.lines == ["bucket-free: There are buckets."]
        assert told(cloud, outcome).lines == outcome.lines

    def test_disabled_is_silent(self, anna: Member, cloud: PulumiCloud, published: str, workspace: Workspace) -> None:
        assert anna.enable(published, {PREFIXED: {"enforcementLevel": "disabled", "prefix": ""}}).exit_status == 0
        loaded = workspace.preview(pack=None)
        assert (loaded.finished.exit_status, told(cloud, loaded).lines) == (0, [])
        assert "Loading policy packs" in loaded.finished.stdout
        assert anna.disable(published).exit_status == 0
        silent = workspace.preview(pack=None)
        assert (silent.finished.exit_status, told(cloud, silent).lines) == (0, [])
        assert "Loading policy packs" not in silent.finished.stdout

    def test_a_configuration_that_lacks_something_stops_every_run(
        self, anna: Member, cloud: PulumiCloud, published: str, workspace: Workspace
    ) -> None:
        assert anna.enable(published).exit_status == 0
        outcome = workspace.preview(pack=None)
        assert outcome.finished.exit_status != 0
        assert f"error: validating policy config: {NAME} 1.0.0  {PREFIXED}: prefix is required" in (
            outcome.finished.stdout
        )
        assert cloud.updates[-1].status == "failed"

    def test_an_update_is_blocked_or_not(
        self, anna: Member, cloud: PulumiCloud, published: str, workspace: Workspace
    ) -> None:
        mandatory = {PREFIXED: {"enforcementLevel": "mandatory", "prefix": "acme-"}}
        assert anna.enable(published, mandatory).exit_status == 0
        blocked = workspace.up(pack=None)
        assert (blocked.finished.exit_status != 0, blocked.lines) == (True, [LINE])
        assert BUCKET not in types_in_state(cloud)
        assert anna.enable(published, WITH_PREFIX).exit_status == 0
        made = workspace.up(pack=None)
        assert (made.finished.exit_status, made.lines) == (0, [LINE])
        assert BUCKET in types_in_state(cloud)
        destroyed = workspace.run("destroy", "--stack", "dev", "--yes", "--skip-preview")
        assert destroyed.exit_status == 0, destroyed
        assert types_in_state(cloud) == []
        assert [(each.kind, each.dry_run, each.status) for each in cloud.updates] == [
            ("update", False, "failed"),
            ("update", False, "succeeded"),
            ("destroy", False, "succeeded"),
        ]

    def test_a_pack_can_be_installed_before(self, anna: Member, published: str, workspace: Workspace) -> None:
        assert workspace.run("policy", "install", "--stack", "dev").stderr == (
            f"{FIRST_LOGIN}No policy packs to install for stack dev\n"
        )
        assert anna.enable(published, WITH_PREFIX).exit_status == 0
        assert workspace.run("policy", "install", "--stack", "dev").stderr == (
            "Successfully installed 1 policy pack for stack dev\n"
        )

    def test_a_download_that_fails_stops_the_preview(
        self, anna: Member, cloud: PulumiCloud, tmp_path: Path, workspace: Workspace
    ) -> None:
        assert anna.publish(write_pack(tmp_path, "1.9.9")).exit_status == 0
        assert anna.enable(NAME, WITH_PREFIX, "1.9.9").exit_status == 0
        with cloud.refusing("GET", "/archives/", 403, "Forbidden"):
            outcome = workspace.preview(pack=None)
        assert outcome.finished.exit_status != 0
        assert re.search(f"failed to (download|install) policy pack {NAME}@v1.9.9", outcome.finished.stderr)
        assert len(archives(cloud, "GET")) == 1
