"""The pack in an organization: published by its own command, enabled, and run by members who name no pack."""

import io
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from command_line.check_config import KEEPS_ENVIRONMENTS
from command_line.policy_exceptions import FIRST_CLI
from policies.pack import POLICIES
from tests.analyzers import PACK
from tests.engine.conftest import YAML_PROGRAMS
from tests.engine.workspace import Outcome, is_since
from tools.commands.examples import EXAMPLES
from tools.commands.publish import CannotPublishError, Cli, needed_files, publish, stage, version_of
from tools.engine.isolated_pulumi import Finished
from tools.fakes.pulumi_cloud.state import PackVersion, PulumiCloud

from .conftest import Publish
from .member import Member, once

NAME = "cloudtrail-cloudwatch-logs"
AUDIT = "urn:pulumi:dev::example-not-integrated::aws:cloudtrail/trail:Trail::audit"
NOT_PUBLISHED = "Pulumi Cloud did not take it, so it is not published. Run the same again."
VERSION = version_of(PACK)
INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"

NO_LOGIN = (
    "\nPulumi Cloud does not say who you are. If you are not logged in, run pulumi login, or set PULUMI_ACCESS_TOKEN."
)


def cli(member: Member, **changes: str) -> Cli:
    """The member's own CLI, as `make publish` uses it."""
    return Cli({**member.pulumi.environment, **changes})


class CliThatInstalledBefore(Cli):
    """The same, but what it would install is installed here already."""

    def run(self, folder: Path, seconds: float, *args: str) -> Finished:
        if args != ("install",):
            return super().run(folder, seconds, *args)
        (folder / "venv").symlink_to(sys.prefix)
        return Finished(args, 0, "", "", 0)


def refusal(member: Member, organization: str = "acme", **changes: str) -> str:
    """Why `make publish` does not publish."""
    with pytest.raises(CannotPublishError) as refused:
        list(publish(organization, cli(member, **changes)))
    return str(refused.value)


def uploads(cloud: PulumiCloud) -> list[str]:
    return [request for request in cloud.requests if request.startswith("PUT /archives/")]


@pytest.fixture(scope="session")
def version(publish_once: Publish, tmp_path_factory: pytest.TempPathFactory) -> PackVersion:
    """The pack, published as `make publish` stages it, on what is installed here."""
    place = tmp_path_factory.mktemp("staged") / "pack"
    stage(place)
    (place / "venv").symlink_to(sys.prefix)
    return publish_once(place)


@pytest.fixture(scope="session")
def installed(shared: Path) -> None:
    """The pack where the CLI keeps what it installed, on what is installed here. test_docs.py lets the CLI install it."""
    folder = shared / "policies" / "acme" / f"pulumi-analyzer-{NAME}-v{VERSION}"

    def put() -> dict[str, Any]:
        stage(folder)
        (folder / "venv").symlink_to(sys.prefix)
        return {}

    once(shared / "pack.json", put)


@pytest.fixture
def published(anna: Member, cloud: PulumiCloud, version: PackVersion, installed: None) -> Member:
    """A member of an organization that has the pack."""
    cloud.keep(version)
    return anna


def judged(member: Member, example: str, configuration: Mapping[str, Any] | None, command: str = "preview") -> Outcome:
    """How a member's program is judged by what the organization requires."""
    if configuration is not None:
        enabled = member.enable(NAME, configuration)
        assert enabled.exit_status == 0, enabled
    workspace = member.workspace(EXAMPLES / example / "yaml")
    return workspace.up(pack=None) if command == "up" else workspace.preview(pack=None)


def told(cloud: PulumiCloud, outcome: Outcome) -> Outcome:
    """The same run as the CLI told it to the service."""
    return replace(outcome, events=cloud.updates[-1].events)


def counted(cloud: PulumiCloud, kind: str, trail: str = "audit") -> tuple[set[str], set[str]]:
    """The policies that the service counts as passed and as failed for a trail."""
    events = [event[kind] for event in cloud.updates[-1].events if kind in event]
    of_trail = [event for event in events if event.get("resourceUrn", "").endswith(f":Trail::{trail}")]
    return (
        {name for event in of_trail for name in event.get("passed") or []},
        {name for event in of_trail for name in event.get("failed") or []},
    )


# --- publishing


def test_the_command_publishes_what_a_pack_needs_and_nothing_else(anna: Member, cloud: PulumiCloud) -> None:
    lines = list(publish("acme", CliThatInstalledBefore(anna.pulumi.environment)))
    files = needed_files()
    assert re.fullmatch(rf"{NAME} {VERSION} needs {len(files)} files, [0-9]+ kB:", lines[0])
    assert lines[1 : len(files) + 1] == [f"  {name}" for name in files]
    assert lines[-1] == f"Enable it: pulumi policy enable acme/{NAME} {VERSION} --config FILE"
    assert cloud.published(NAME) == [VERSION]
    assert "cloudtrail_logs/iam/aws_managed_policies.json" in files
    archive = cloud.archive(NAME)
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as content:
        names = [each.name for each in content.getmembers() if each.isfile()]
    assert sorted(names) == sorted(f"package/{name}" for name in files)
    assert len(archive) < sum((PACK / name).stat().st_size for name in files) / 2


def test_what_the_console_is_told(published: Member, cloud: PulumiCloud) -> None:
    told_of = cloud.pack(NAME)
    assert {key: told_of[key] for key in ("displayName", "provider", "runtime", "versionTag")} == {
        "displayName": "CloudTrail integrated with CloudWatch Logs",
        "provider": "AWS",
        "runtime": "python",
        "versionTag": VERSION,
    }
    assert told_of["readme"].startswith("# CloudTrail integrated with CloudWatch Logs\n")
    assert {policy["name"] for policy in told_of["policies"]} == {each.DESCRIPTION.name for each in POLICIES}
    for policy in told_of["policies"]:
        assert policy["severity"] == "low"
        assert policy["framework"]["name"] == "CIS AWS Foundations Benchmark"
        assert policy["framework"]["version"] == "1.5.0"
        assert set(policy["configSchema"]["properties"]) >= {"exemptions", "explain", "enforcementLevel"}
        assert "required" not in policy["configSchema"]
        assert len(policy["tags"]) > 24


def test_a_version_is_published_once(published: Member, cloud: PulumiCloud) -> None:
    before = uploads(cloud)
    assert refusal(published) == (
        f"{NAME} {VERSION} is published in acme already, and a version is never published twice. Raise it in "
        "PulumiPolicy.yaml and CHANGELOG.md."
    )
    assert uploads(cloud) == before
    assert cloud.published(NAME) == [VERSION]


def test_an_organization_of_others(anna: Member, cloud: PulumiCloud) -> None:
    assert refusal(anna, "other") == "You are not a member of organization other. Yours are: acme."
    assert uploads(cloud) == []


def test_without_a_login(anna: Member, cloud: PulumiCloud) -> None:
    said = refusal(anna, PULUMI_ACCESS_TOKEN="")
    assert said.endswith(NO_LOGIN)
    assert cloud.requests == []


def test_with_a_wrong_token(anna: Member, cloud: PulumiCloud) -> None:
    said = refusal(anna, PULUMI_ACCESS_TOKEN="wrong")
    assert said.endswith(NO_LOGIN)
    assert uploads(cloud) == []


def test_a_login_that_keeps_no_policy_packs(anna: Member, tmp_path: Path, cloud: PulumiCloud) -> None:
    state = tmp_path / "state"
    state.mkdir()
    said = refusal(anna, PULUMI_BACKEND_URL=state.as_uri(), PULUMI_ACCESS_TOKEN="")
    assert said == (
        f"You are logged in to {state.as_uri()}, which keeps stacks but no policy packs. Run pulumi login to use "
        "Pulumi Cloud."
    )
    assert cloud.requests == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/policypacks$"), ("POST", "/complete$")])
def test_a_service_that_fails_leaves_nothing_half_published(
    method: str, path: str, anna: Member, cloud: PulumiCloud
) -> None:
    installed = CliThatInstalledBefore(anna.pulumi.environment)
    lines: list[str] = []
    with cloud.refusing(method, path, 500, "out of order"), pytest.raises(CannotPublishError) as refused:
        lines.extend(publish("acme", installed))
    assert str(refused.value) == NOT_PUBLISHED
    assert "out of order" in lines[-1]
    assert cloud.published(NAME) == []
    assert anna.enable(NAME).exit_status != 0


READS_BACK = "3.274"  # what is older does not ask again
READ_BACK = ("GET", f"/policypacks/{NAME}/versions/{VERSION}$")


def test_what_is_published_but_cannot_be_read_back_is_not_to_be_published_again(
    anna: Member, cloud: PulumiCloud
) -> None:
    with cloud.refusing(*READ_BACK, 403, "out of order"):
        lines = list(publish("acme", CliThatInstalledBefore(anna.pulumi.environment)))
    assert lines[-1] == f"Enable it: pulumi policy enable acme/{NAME} {VERSION} --config FILE"
    assert cloud.published(NAME) == [VERSION]
    warning = f"{NAME} {VERSION} is published, but the CLI could not read it back. Do not publish it again."
    assert (lines[-2] == warning) is is_since(READS_BACK)
    assert ("out of order" in lines[-3]) is is_since(READS_BACK)


def test_where_the_packs_cannot_be_listed_afterwards_nothing_is_claimed(anna: Member, cloud: PulumiCloud) -> None:
    class CliThatListsOnce(CliThatInstalledBefore):
        """The service stops answering between the two questions."""

        def run(self, folder: Path, seconds: float, *args: str) -> Finished:
            if args[:2] == ("policy", "ls") and cloud.versions:
                return Finished(args, 1, "", "error: out of order\n", 0)
            return super().run(folder, seconds, *args)

    with cloud.refusing("POST", "/complete$", 403, "out of order"), pytest.raises(CannotPublishError) as refused:
        list(publish("acme", CliThatListsOnce(anna.pulumi.environment)))
    assert str(refused.value) == (
        "The policy packs of acme cannot be listed.\nerror: out of order\n"
        f"So it is not known whether {NAME} {VERSION} is published. Look with pulumi policy ls acme before you publish "
        "it again."
    )


def copy_of_pack(destination: Path) -> Path:
    for name in (*needed_files(), "CHANGELOG.md"):
        (destination / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACK / name, destination / name)
    return destination


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("PulumiPolicy.yaml", f"version: {VERSION}", "", "PulumiPolicy.yaml has no version such as 1.2.3. Pulumi would publish it as 0.0.1."),
        ("PulumiPolicy.yaml", f"version: {VERSION}", f"version: {VERSION}+acme", f"The version in PulumiPolicy.yaml is {VERSION}+acme, which is not a version such as 1.2.3."),
        ("PulumiPolicy.yaml", f"version: {VERSION}", "version: 0.01.0", "The version in PulumiPolicy.yaml is 0.01.0, which is not a version such as 1.2.3."),
        ("PulumiPolicy.yaml", f"version: {VERSION}", "version: 9.0.0", f"PulumiPolicy.yaml says version 9.0.0, but CHANGELOG.md begins with {VERSION}. Say there what 9.0.0 brings."),
        ("CHANGELOG.md", "\n## ", "\n# ", f"PulumiPolicy.yaml says version {VERSION}, but CHANGELOG.md has none. Say there what {VERSION} brings."),
        ("__main__.py", "pack.serve(", "raise SystemExit(", NOT_PUBLISHED),
    ],
)  # fmt: skip
def test_a_pack_that_is_not_fit_is_not_published(
    file: str, old: str, new: str, said: str, anna: Member, cloud: PulumiCloud, tmp_path: Path
) -> None:
    pack = copy_of_pack(tmp_path / "copy")
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new))
    with pytest.raises(CannotPublishError) as refused:
        list(publish("acme", CliThatInstalledBefore(anna.pulumi.environment), pack))
    assert str(refused.value).startswith(said)
    assert uploads(cloud) == []


def test_a_pack_that_cannot_be_installed_is_not_published(anna: Member, cloud: PulumiCloud, tmp_path: Path) -> None:
    pack = copy_of_pack(tmp_path / "copy")
    project = pack / "PulumiPolicy.yaml"
    project.write_text(project.read_text().replace("toolchain: pip", "toolchain: conda"))
    with pytest.raises(CannotPublishError) as refused:
        list(publish("acme", cli(anna), pack))
    assert str(refused.value).startswith("It cannot be installed, so it is not published.\n")
    assert uploads(cloud) == []


def test_environments_are_kept_since_the_version_that_check_config_names(published: Member, cloud: PulumiCloud) -> None:
    assert published.enable(NAME, {"environments": ["policies/trails"], "all": "mandatory"}).exit_status == 0
    assert cloud.enabled[NAME].config == {"all": {"enforcementLevel": "mandatory"}}
    assert list(cloud.enabled[NAME].environments) == (["policies/trails"] if is_since(KEEPS_ENVIRONMENTS) else [])


def test_without_a_file_the_configuration_is_cleared(published: Member, cloud: PulumiCloud) -> None:
    assert published.enable(NAME, {"environments": ["policies/trails"], "all": "mandatory"}).exit_status == 0
    assert published.enable(NAME).exit_status == 0
    assert (cloud.enabled[NAME].config, list(cloud.enabled[NAME].environments)) == ({}, [])


def test_a_file_of_version_2_is_enabled_without_its_exceptions(published: Member, cloud: PulumiCloud) -> None:
    exceptions = {"EXC-1": {"reason": "Accepted.", "match": [{"policies": [INTEGRATED], "targets": [AUDIT]}]}}
    finished = published.enable(NAME, {"version": 2, "policies": {"all": "mandatory"}, "exceptions": exceptions})
    if not is_since(FIRST_CLI):
        assert finished.exit_status != 0
        return
    assert finished.exit_status == 0, finished
    assert cloud.enabled[NAME].config == {"all": {"enforcementLevel": "mandatory"}}
    assert cloud.exceptions == {}


def test_a_file_that_git_does_not_know_is_refused(anna: Member, cloud: PulumiCloud, tmp_path: Path) -> None:
    pack = copy_of_pack(tmp_path / "copy")
    for command in (["git", "init", "-q"], ["git", "add", "."]):
        subprocess.run(command, cwd=pack, check=True, timeout=60)
    # Also one that git is told to ignore: it would be in the archive.
    (pack / ".gitignore").write_text("scratch.py\n")
    (pack / "policies" / "scratch.py").write_text("")
    with pytest.raises(CannotPublishError) as refused:
        list(publish("acme", cli(anna), pack))
    assert (
        str(refused.value) == "policies/scratch.py would be published, but git does not know it. Add it or remove it."
    )
    assert cloud.requests == []


def test_an_ignore_file_above_is_refused(anna: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would decide what is in the archive."""
    (tmp_path / ".gitignore").write_text("*.txt\n")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert refusal(anna) == (
        f"{tmp_path / '.gitignore'} would decide what is published. Set TMPDIR to a folder below no such file."
    )


# --- enforcing


def test_a_required_pack_blocks_a_preview_that_names_none(published: Member, cloud: PulumiCloud) -> None:
    outcome = judged(published, "not-integrated", {"all": {"enforcementLevel": "mandatory"}})
    assert outcome.finished.exit_status != 0
    (line,) = outcome.lines
    assert line.startswith(f"{INTEGRATED}: [not-integrated] ")
    posted = told(cloud, outcome)
    assert posted.lines == outcome.lines
    assert [(each["enforcementLevel"], each["policyPackName"], each["policyPackVersionTag"]) for each in posted.violations] == [("mandatory", NAME, VERSION)]  # fmt: skip
    assert counted(cloud, "policyAnalyzeSummaryEvent") == (set(), {INTEGRATED})


ADVISORY = """
  excused:
    type: aws:cloudtrail:Trail
    properties: {s3BucketName: bucket}
  elsewhere:
    type: aws:cloudtrail:Trail
    properties:
      s3BucketName: bucket
      cloudWatchLogsGroupArn: arn:aws:logs:us-east-1:123456789012:log-group:elsewhere:*
      cloudWatchLogsRoleArn: arn:aws:iam::123456789012:role/elsewhere
"""


def test_advisory_warns_disabled_is_silent_and_an_exempt_trail_is_counted_nowhere(
    published: Member, cloud: PulumiCloud
) -> None:
    """By the policy's level and by the trail: `elsewhere` is that of a policy that is disabled."""
    exemptions = {"exemptions": [{"trail": "excused", "reason": "S3 is the record."}]}
    configuration = {"all": "disabled", INTEGRATED: {"enforcementLevel": "advisory", **exemptions}}
    assert published.enable(NAME, configuration).exit_status == 0
    workspace = published.workspace(EXAMPLES / "not-integrated" / "yaml")
    project = workspace.program / "Pulumi.yaml"
    project.write_text(f"{project.read_text().rstrip()}{ADVISORY}")
    outcome = workspace.preview(pack=None)
    assert (outcome.finished.exit_status, outcome.codes_by_resource) == (0, {"audit": ["not-integrated"]})
    posted = told(cloud, outcome)
    assert posted.codes_by_resource == outcome.codes_by_resource
    assert [each["enforcementLevel"] for each in posted.violations] == ["advisory"]
    passed = {"audit": (set(), {INTEGRATED}), "excused": (set(), set()), "elsewhere": ({INTEGRATED}, set())}
    assert {name: counted(cloud, "policyAnalyzeSummaryEvent", name) for name in passed} == passed


# All of it has a name, since an automatic one differs between previews.
POWERLESS = """
  powerless-g:
    type: aws:cloudwatch:LogGroup
    properties: {name: powerless}
  powerless-r:
    type: aws:iam:Role
    properties: {name: powerless, assumeRolePolicy: "${trust}"}
  powerless:
    type: aws:cloudtrail:Trail
    properties:
      s3BucketName: bucket
      cloudWatchLogsGroupArn: ${powerless-g.arn}:*
      cloudWatchLogsRoleArn: ${powerless-r.arn}
"""


def test_it_says_what_a_local_pack_says(published: Member, tmp_path: Path) -> None:
    assert published.enable(NAME).exit_status == 0
    program = tmp_path / "wiring"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(f"{(YAML_PROGRAMS / 'wiring.yaml').read_text().rstrip()}{POWERLESS}")
    workspace = published.workspace(program)
    required = workspace.preview(pack=None)
    assert published.disable(NAME).exit_status == 0
    local = workspace.preview(pack=PACK)
    assert said(required) == said(local)
    # Right ones are among them, and every policy that reports in a preview.
    trails = (workspace.program / "Pulumi.yaml").read_text().count("type: aws:cloudtrail")
    assert 0 < len({each["resourceUrn"] for each in said(required)}) < trails
    assert {each["policyName"] for each in said(required)} == {INTEGRATED, EXIST, CAN_DELIVER}


def said(outcome: Outcome) -> list[dict[str, Any]]:
    """The reports, but for where the pack came from: only a required one has a version."""
    origin = ("policyPackVersion", "policyPackVersionTag")
    reports = [{name: value for name, value in each.items() if name not in origin} for each in outcome.violations]
    return sorted(reports, key=str)


def test_an_exception_of_the_service_lets_a_preview_pass(published: Member, cloud: PulumiCloud) -> None:
    match = {"policies": [INTEGRATED], "targets": [AUDIT]}
    cloud.exceptions[NAME] = {"EXC-1": {"reason": "Accepted.", "match": [match]}}
    outcome = judged(published, "not-integrated", {"all": "mandatory"})
    assert (outcome.finished.exit_status == 0) is is_since(FIRST_CLI), outcome.finished
    (posted,) = told(cloud, outcome).violations
    excepted = [{"id": "EXC-1", "reason": "Accepted."}] if is_since(FIRST_CLI) else None
    assert (posted["policyName"], posted.get("exceptions")) == (INTEGRATED, excepted)


def test_a_remediation_is_told_to_the_service(published: Member, cloud: PulumiCloud) -> None:
    outcome = judged(published, "bare-arn", {"all": "mandatory", INTEGRATED: "remediate"}, "up")
    assert (outcome.finished.exit_status, outcome.lines) == (0, []), outcome.finished
    remediations = [
        each["policyRemediationEvent"] for each in cloud.updates[-1].events if "policyRemediationEvent" in each
    ]
    (remediation,) = remediations
    assert remediation["policyName"] == INTEGRATED
    assert remediation["after"]["cloudWatchLogsGroupArn"] == f"{remediation['before']['cloudWatchLogsGroupArn']}:*"


def test_the_sample_configuration_is_valid_at_the_service_too(published: Member) -> None:
    finished = published.run("policy", "validate-config", f"acme/{NAME}", VERSION, "--config", str(EXAMPLES / "policies.json"))  # fmt: skip
    assert finished.exit_status == 0, finished
    assert finished.stdout.endswith("configuration is valid.\n")
