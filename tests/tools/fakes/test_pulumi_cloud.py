"""The stand-in for the Pulumi Cloud service as a client meets it: HTTP on the loopback address."""

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tools.fakes.pulumi_cloud.routes import ROUTES
from tools.fakes.pulumi_cloud.server import running_pulumi_cloud
from tools.fakes.pulumi_cloud.state import PulumiCloud

REPOSITORY = Path(__file__).resolve().parents[3]
PACKS = "/api/orgs/acme/policypacks"
GROUP = "/api/orgs/acme/policygroups/default-policy-group"
PROJECT = "/api/stacks/acme/website"
STACK = f"{PROJECT}/dev"
SCHEMA = {"type": "object", "properties": {"region": {"type": "string"}}}
UNAUTHORIZED = (401, {"code": 401, "message": "Unauthorized: No credentials provided or are invalid."})
NOTHING = (204, b"")


def ask(url: str, method: str, content: Any = None, authorization: str | None = None, compress: bool = False) -> Any:
    """The status and the content of an answer. content: bytes as they are, anything else as JSON."""
    body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, gzip.compress(body) if compress and body else body, method=method)
    if authorization:
        request.add_header("Authorization", authorization)
    if compress:
        request.add_header("Content-Encoding", "gzip")
    try:
        answer = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        answered = answer.read()
        return answer.status, json.loads(answered) if answered.startswith(b"{") else answered


class Client:
    """Somebody who asks with a token: the member's, unless another is given."""

    def __init__(self, cloud: PulumiCloud, authorization: str | None = None) -> None:
        self.cloud = cloud
        self.authorization = authorization or f"token {cloud.token}"

    def ask(self, method: str, path: str, content: Any = None, compress: bool = False) -> Any:
        return ask(f"{self.cloud.url}{path}", method, content, self.authorization, compress)

    def create(self, tag: str = "1.0.0", name: str = "rules") -> Any:
        policies = [{"name": "located", "configSchema": SCHEMA}, {"name": "named"}]
        return self.ask("POST", PACKS, {"name": name, "versionTag": tag, "policies": policies, "runtime": "python"})

    def publish(self, tag: str = "1.0.0", name: str = "rules") -> None:
        status, created = self.create(tag, name)
        assert status == 200, created
        assert ask(created["uploadURI"], "PUT", f"archive {tag}".encode()) == NOTHING
        assert self.ask("POST", f"{PACKS}/{name}/versions/{tag}/complete") == NOTHING

    def enable(self, **pack: Any) -> Any:
        return self.ask("PATCH", GROUP, {"addPolicyPack": pack})

    def begin(self, kind: str = "update", dry_run: bool = False) -> tuple[str, Any]:
        """A run that is created but not started: the path of its requests, and the policies it is required to run."""
        status, created = self.ask("POST", f"{STACK}/{kind}", {"options": {"dryRun": dry_run}})
        assert status == 200, created
        return f"{STACK}/update/{created['updateID']}", created["requiredPolicies"]

    def start(self, path: str) -> "Client":
        """Start a run; the answer asks with its lease."""
        status, started = self.ask("POST", path, {"tags": {}, "journalVersion": 1})
        assert status == 200, started
        assert "journalVersion" not in started
        return Client(self.cloud, f"update-token {started['token']}")


def refused(status: int, message: str) -> Any:
    return status, {"code": status, "message": message}


def no_pack(name: str, tag: str) -> Any:
    return refused(404, f"Not Found: Policy Pack '{name}' and version '{tag}' not found")


@pytest.fixture
def cloud() -> Iterator[PulumiCloud]:
    with running_pulumi_cloud() as running:
        yield running


@pytest.fixture
def anna(cloud: PulumiCloud) -> Client:
    return Client(cloud)


@pytest.fixture
def stack(anna: Client) -> str:
    assert anna.ask("POST", PROJECT, {"stackName": "dev"}) == (200, {})
    return STACK


class TestAsking:
    def test_without_the_right_credentials_is_refused(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        anna.start(anna.begin()[0])
        names = {"organization": "acme", "project": "website", "stack": "dev", "update": cloud.updates[0].key}
        for authorization in (None, "token wrong", f"update-token {cloud.token}", cloud.token):
            answered = set()
            for route in ROUTES:
                path = re.sub(r"{(\w+)}", lambda name: names.get(name[1], "other"), route.path)
                if ask(f"{cloud.url}{path}", route.method, {}, authorization) != UNAUTHORIZED:
                    answered.add((route.method, route.path))
            assert answered == {
                ("GET", "/api/capabilities"),
                ("GET", "/archives/{key}"),
                ("PUT", "/archives/{key}"),
            }
        assert cloud.unknown_requests == []

    def test_as_a_member(self, anna: Client) -> None:
        organization = {"githubLogin": "acme", "name": "acme"}
        assert anna.ask("GET", "/api/user") == (
            200,
            {"githubLogin": "member", "name": "Member", "organizations": [organization]},
        )
        assert anna.ask("GET", "/api/user/organizations/default") == (200, {"GitHubLogin": "acme"})

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/api/orgs/other/policypacks"),
            ("GET", "/api/orgs/other/policypacks"),
            ("POST", "/api/stacks/other/website"),
        ],
    )
    def test_of_others_nothing_is_seen(self, anna: Client, method: str, path: str) -> None:
        assert anna.ask(method, path) == refused(404, "Not Found: Organization 'other' not found")

    def test_what_it_does_not_know_is_remembered(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        assert anna.ask("GET", "/api/user?page=1")[0] == 200
        assert anna.ask("POST", f"{STACK}/encrypt") == refused(404, "Not Found")
        assert anna.ask("DELETE", "/api/user") == refused(404, "Not Found")
        assert cloud.unknown_requests == [f"POST {STACK}/encrypt", "DELETE /api/user"]
        assert cloud.requests[-3:] == ["GET /api/user", *cloud.unknown_requests]

    @pytest.mark.parametrize(
        ("body", "message"),
        [(b"{", "the body is no JSON object"), (b"[]", "the body is no JSON object"), (b"{}", "the body has no name")],
    )
    def test_in_a_wrong_form(self, anna: Client, body: bytes, message: str) -> None:
        assert anna.ask("POST", PACKS, body) == refused(400, f"Bad Request: {message}")

    def test_is_refused_where_a_test_wants_it(self, cloud: PulumiCloud, anna: Client) -> None:
        with cloud.refusing("GET", "/user$", 503, "Service Unavailable"):
            assert anna.ask("GET", "/api/user") == refused(503, "Service Unavailable")
            assert anna.ask("DELETE", "/api/user") == refused(404, "Not Found")
            assert anna.ask("GET", "/api/user/organizations/default")[0] == 200
        assert anna.ask("GET", "/api/user")[0] == 200


class TestPublishing:
    def test_takes_three_steps(self, cloud: PulumiCloud, anna: Client) -> None:
        status, created = anna.create()
        assert (status, created["version"]) == (200, 1)
        assert created["uploadURI"].startswith(f"{cloud.url}/")
        assert ask(created["uploadURI"], "PUT", b"\x1f\x8b\x00") == NOTHING
        assert anna.ask("POST", f"{PACKS}/rules/versions/1.0.0/complete") == NOTHING
        assert anna.ask("GET", PACKS) == (
            200,
            {"policyPacks": [{"name": "rules", "versions": [1], "versionTags": ["1.0.0"]}]},
        )
        assert cloud.published("rules") == ["1.0.0"]
        assert cloud.archive("rules") == b"\x1f\x8b\x00"
        assert cloud.pack("rules", "1.0.0")["runtime"] == "python"

    def test_that_is_not_complete_shows_nothing(self, cloud: PulumiCloud, anna: Client) -> None:
        _, created = anna.create()
        location = created["uploadURI"]
        # After the first step, and after the second.
        for _ in range(2):
            assert anna.ask("GET", PACKS) == (200, {"policyPacks": []})
            assert ask(location, "GET") == refused(404, "Not Found: there is no such archive")
            assert anna.ask("GET", f"{PACKS}/rules/versions/latest/schema") == no_pack("rules", "latest")
            assert anna.enable(name="rules", versionTag="1.0.0") == no_pack("rules", "1.0.0")
            assert anna.enable(name="rules") == no_pack("rules", "latest")
            assert anna.ask("DELETE", f"{PACKS}/rules") == no_pack("rules", "latest")
            assert (cloud.published("rules"), cloud.enabled) == ([], {})
            ask(location, "PUT", b"archive")
        anna.ask("POST", f"{PACKS}/rules/versions/1.0.0/complete")
        assert ask(location, "GET") == (200, b"archive")

    def test_does_not_complete_without_an_upload(self, cloud: PulumiCloud, anna: Client) -> None:
        anna.create()
        for tag in ("1.0.0", "2.0.0"):
            assert anna.ask("POST", f"{PACKS}/rules/versions/{tag}/complete") == refused(
                400, f"Bad Request: nothing was uploaded for Policy Pack: rules, Version Tag: {tag}"
            )
        assert cloud.published("rules") == []

    def test_of_a_version_happens_once(self, cloud: PulumiCloud, anna: Client) -> None:
        anna.publish("1.0.0")
        exists = refused(409, "Conflict: Policy Pack: rules, Version Tag: 1.0.0 already exists")
        assert anna.create("1.0.0") == exists
        (version,) = cloud.versions
        assert ask(f"{cloud.url}/archives/{version.key}", "PUT", b"other") == refused(
            404, "Not Found: there is no such archive"
        )
        assert cloud.archive("rules") == b"archive 1.0.0"
        assert anna.ask("DELETE", f"{PACKS}/rules/versions/1.0.0") == NOTHING
        assert anna.create("1.0.0") == exists

    def test_may_be_repeated_until_it_is_complete(self, cloud: PulumiCloud, anna: Client) -> None:
        _, first = anna.create()
        ask(first["uploadURI"], "PUT", b"first")
        _, second = anna.create()
        assert second["version"] == 1
        assert second["uploadURI"] != first["uploadURI"]
        assert ask(first["uploadURI"], "PUT", b"late") == refused(404, "Not Found: there is no such archive")
        assert anna.ask("POST", f"{PACKS}/rules/versions/1.0.0/complete")[0] == 400
        ask(second["uploadURI"], "PUT", b"second")
        assert anna.ask("POST", f"{PACKS}/rules/versions/1.0.0/complete") == NOTHING
        assert cloud.archive("rules") == b"second"

    def test_makes_the_latest(self, cloud: PulumiCloud, anna: Client) -> None:
        anna.create("0.9.0")
        for tag in ("1.0.0", "1.1.0", "1.0.1"):
            anna.publish(tag)
        anna.publish("7.0.0", name="others")
        anna.create("3.0.0")
        assert cloud.published("rules") == ["1.0.0", "1.1.0", "1.0.1"]
        assert cloud.archive("rules") == b"archive 1.0.1"
        # It is what was published last, not what was begun last.
        anna.publish("0.9.0")
        assert cloud.archive("rules", "latest") == b"archive 0.9.0"
        assert anna.ask("GET", PACKS)[1]["policyPacks"] == [
            {"name": "others", "versions": [1], "versionTags": ["7.0.0"]},
            {"name": "rules", "versions": [2, 3, 4, 5], "versionTags": ["1.0.0", "1.1.0", "1.0.1", "0.9.0"]},
        ]

    @pytest.mark.parametrize("tag", ["1.0.0", "latest"])
    def test_tells_the_schemas(self, anna: Client, tag: str) -> None:
        anna.publish()
        assert anna.ask("GET", f"{PACKS}/rules/versions/{tag}/schema") == (200, {"configSchema": {"located": SCHEMA}})
        assert anna.ask("GET", f"{PACKS}/rules/versions/2.0.0/schema") == no_pack("rules", "2.0.0")

    def test_can_be_taken_back(self, cloud: PulumiCloud, anna: Client) -> None:
        for tag in ("1.0.0", "1.1.0", "1.2.0"):
            anna.publish(tag)
        anna.enable(name="rules", versionTag="1.1.0")
        enabled = refused(400, "Bad Request: Policy Pack 'rules' is enabled, so it cannot be removed")
        assert anna.ask("DELETE", f"{PACKS}/rules/versions/1.1.0") == enabled
        assert anna.ask("DELETE", f"{PACKS}/rules") == enabled
        assert anna.ask("DELETE", f"{PACKS}/rules/versions/1.2.0") == NOTHING
        assert cloud.published("rules") == ["1.0.0", "1.1.0"]
        anna.ask("PATCH", GROUP, {"removePolicyPack": {"name": "rules"}})
        assert anna.ask("DELETE", f"{PACKS}/rules") == NOTHING
        assert anna.ask("GET", PACKS) == (200, {"policyPacks": []})


class TestRequiring:
    def test_is_what_the_group_has_enabled(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        anna.publish("1.0.0")
        # What is given is kept, whether it fits the schema or not.
        config = {"located": {"region": 1, "enforcementLevel": "mandatory"}, "unheard-of": {}}
        assert anna.enable(name="rules", config=config) == NOTHING
        anna.publish("1.1.0")
        _, required = anna.begin("preview")
        (pack,) = required
        assert ask(pack.pop("packLocation"), "GET") == (200, b"archive 1.0.0")
        assert pack == {"name": "rules", "version": 1, "versionTag": "1.0.0", "config": config}
        assert cloud.enabled["rules"].config == config
        status, answer = anna.ask("GET", f"{STACK}/policypacks")
        assert (status, [each["versionTag"] for each in answer["requiredPolicies"]]) == (200, ["1.0.0"])

    def test_changes_with_the_group(self, anna: Client, stack: str) -> None:
        for tag in ("1.0.0", "1.1.0"):
            anna.publish(tag)
        assert anna.begin()[1] == []
        assert anna.enable(name="rules", versionTag="1.0.0") == NOTHING
        assert [each["versionTag"] for each in anna.begin()[1]] == ["1.0.0"]
        assert anna.enable(name="rules") == NOTHING
        assert [each["versionTag"] for each in anna.begin()[1]] == ["1.1.0"]
        groups = anna.ask("GET", "/api/orgs/acme/policygroups")[1]["policyGroups"]
        assert groups == [
            {
                "name": "default-policy-group",
                "isOrgDefault": True,
                "mode": "preventative",
                "entityType": "stacks",
                "numStacks": 1,
                "numEnabledPolicyPacks": 1,
            }
        ]
        assert anna.ask("PATCH", GROUP, {"removePolicyPack": {"name": "rules"}}) == NOTHING
        assert anna.begin()[1] == []

    def test_needs_what_there_is(self, cloud: PulumiCloud, anna: Client) -> None:
        anna.publish()
        assert anna.enable(name="other") == no_pack("other", "latest")
        assert anna.enable(name="rules", versionTag="2.0.0") == no_pack("rules", "2.0.0")
        assert anna.ask("PATCH", GROUP, {"removePolicyPack": {"name": "rules"}}) == refused(
            404, "Not Found: Policy Pack 'rules' is not enabled"
        )
        assert anna.ask("PATCH", f"{GROUP}s", {"addPolicyPack": {"name": "rules"}}) == refused(
            404, "Not Found: Policy Group 'default-policy-groups' not found"
        )
        assert cloud.enabled == {}


class TestStacks:
    def test_are_created_once(self, anna: Client) -> None:
        missing = refused(404, "Not Found: Stack 'acme/website/dev' not found")
        for path in (STACK, f"{STACK}/export", f"{STACK}/policypacks"):
            assert anna.ask("GET", path) == missing
        assert anna.ask("POST", f"{STACK}/preview", {"options": {}}) == missing
        state = {"version": 3, "deployment": {"secrets_providers": {"type": "passphrase"}}}
        assert anna.ask("POST", PROJECT, {"stackName": "dev", "state": state}) == (200, {})
        assert anna.ask("GET", STACK) == (
            200,
            {"orgName": "acme", "projectName": "website", "stackName": "dev"},
        )
        assert anna.ask("GET", f"{STACK}/export") == (200, state)
        assert anna.ask("POST", PROJECT, {"stackName": "dev"}) == refused(409, "Conflict: Stack 'dev' already exists")

    def test_have_the_state_of_the_last_checkpoint(self, anna: Client, stack: str) -> None:
        run = anna.begin()[0]
        lease = anna.start(run)
        for resources in ([], [{"urn": "a"}]):
            checkpoint = {"version": 3, "deployment": {"resources": resources}}
            assert lease.ask("PATCH", f"{run}/checkpoint", checkpoint, compress=True) == NOTHING
        assert anna.ask("GET", f"{STACK}/export") == (200, checkpoint)

    def test_have_runs_with_events(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        first, second = anna.begin("preview", dry_run=True)[0], anna.begin("destroy")[0]
        first_lease, second_lease = anna.start(first), anna.start(second)
        second_lease.ask("POST", f"{second}/events/batch", {"events": [{"sequence": 7}]})
        for events in ([{"sequence": 0}, {"sequence": 1}], [{"sequence": 2}]):
            assert first_lease.ask("POST", f"{first}/events/batch", {"events": events}, compress=True) == NOTHING
        assert first_lease.ask("POST", f"{first}/complete", {"status": "failed"}) == NOTHING
        told = [(each.kind, each.stack, each.dry_run, each.status, len(each.events)) for each in cloud.updates]
        assert told == [
            ("preview", "website/dev", True, "failed", 3),
            ("destroy", "website/dev", False, "running", 1),
        ]
        assert [event["sequence"] for event in cloud.events] == [0, 1, 2, 7]

    def test_lose_no_events_that_come_at_the_same_time(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        run = anna.begin()[0]
        lease, path = anna.start(run), f"{run}/events/batch"
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(8) as threads:
                batches = [{"events": [{"sequence": number}]} for number in range(200)]
                assert set(threads.map(lambda batch: lease.ask("POST", path, batch), batches)) == {NOTHING}
        finally:
            sys.setswitchinterval(interval)
        assert sorted(event["sequence"] for event in cloud.events) == list(range(200))

    def test_are_changed_with_a_lease_alone(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        run, other = anna.begin()[0], anna.begin()[0]
        events = {"events": [{"sequence": 0}]}
        (waiting, _) = cloud.updates
        assert Client(cloud, f"update-token {waiting.lease}").ask("POST", f"{run}/events/batch", events) == UNAUTHORIZED
        lease, others_lease = anna.start(run), anna.start(other)
        for asker in (anna, others_lease, Client(cloud, "update-token ")):
            for method, part in (("POST", "events/batch"), ("PATCH", "checkpoint"), ("POST", "complete")):
                assert asker.ask(method, f"{run}/{part}", events) == UNAUTHORIZED
        assert lease.ask("POST", f"{run}/renew_lease", {"duration": 300}) == (200, {"token": waiting.lease})
        assert lease.ask("POST", f"{run}/complete", {"status": "succeeded"}) == NOTHING
        assert lease.ask("POST", f"{run}/events/batch", events) == UNAUTHORIZED
        assert Client(cloud, "update-token ").ask("POST", f"{run}/events/batch", events) == UNAUTHORIZED
        assert cloud.events == []


class TestServing:
    def test_happens_on_the_loopback_address_alone(self, cloud: PulumiCloud) -> None:
        port = int(cloud.url.rpartition(":")[2])
        assert cloud.url == f"http://127.0.0.1:{port}"
        with socket.socket() as elsewhere:
            elsewhere.settimeout(2)
            # This address would be open if the server listened everywhere.
            assert elsewhere.connect_ex(("127.0.0.2", port)) != 0

    def test_ends_at_once_whoever_is_connected(self) -> None:
        threads = threading.active_count()
        with running_pulumi_cloud() as cloud:
            host, port = "127.0.0.1", int(cloud.url.rpartition(":")[2])
            idle = socket.create_connection((host, port), timeout=10)
            assert Client(cloud).ask("GET", "/api/user")[0] == 200
            ended = time.monotonic()
        assert time.monotonic() - ended < 5
        idle.close()
        with pytest.raises(ConnectionRefusedError), socket.create_connection((host, port), timeout=2):
            pass
        deadline = time.monotonic() + 5
        while threading.active_count() > threads and time.monotonic() < deadline:
            time.sleep(0.02)
        assert threading.active_count() == threads

    def test_ends_when_a_test_fails(self) -> None:
        with pytest.raises(ZeroDivisionError), running_pulumi_cloud() as cloud:
            raise ZeroDivisionError
        with pytest.raises(urllib.error.URLError):
            Client(cloud).ask("GET", "/api/user")

    def test_is_empty_and_has_its_own_token_each_time(self, cloud: PulumiCloud) -> None:
        with running_pulumi_cloud("other") as second:
            assert second.environment == {"PULUMI_BACKEND_URL": second.url, "PULUMI_ACCESS_TOKEN": second.token}
            assert second.organization == "other"
            assert Client(cloud, f"token {second.token}").ask("GET", "/api/user") == UNAUTHORIZED

    @pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
    def test_by_hand(self, ending: signal.Signals) -> None:
        command = [sys.executable, "-m", "tools.fakes.pulumi_cloud", "--organization", "team"]
        with subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout
                lines = process.stdout.readline() + process.stdout.readline()
                program = lines + 'echo "$PULUMI_BACKEND_URL" "$PULUMI_ACCESS_TOKEN"'
                shell = subprocess.run(["sh", "-c", program], capture_output=True, text=True, timeout=10, check=True)
                url, token = shell.stdout.split()
                assert ask(f"{url}/api/user", "GET", None, f"token {token}")[1]["organizations"] == [
                    {"githubLogin": "team", "name": "team"}
                ]
                process.send_signal(ending)
                assert process.communicate(timeout=10) == ("", "")
                assert process.returncode == 0
            finally:
                process.kill()
