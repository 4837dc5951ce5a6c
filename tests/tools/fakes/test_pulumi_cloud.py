"""The stand-in for the Pulumi Cloud service as a client meets it: HTTP on the loopback address."""

import gzip
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tools.fakes.pulumi_cloud.routes import ROUTES
from tools.fakes.pulumi_cloud.server import running_pulumi_cloud
from tools.fakes.pulumi_cloud.state import PulumiCloud

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

    def test_what_it_does_not_know_is_remembered(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        assert anna.ask("GET", "/api/user?page=1")[0] == 200
        assert anna.ask("POST", f"{STACK}/encrypt") == refused(404, "Not Found")
        assert anna.ask("DELETE", "/api/user") == refused(404, "Not Found")
        assert cloud.unknown_requests == [f"POST {STACK}/encrypt", "DELETE /api/user"]
        assert cloud.requests[-3:] == ["GET /api/user", *cloud.unknown_requests]


class TestPublishing:
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


class TestStacks:
    def test_are_listed_in_pages(self, cloud: PulumiCloud, anna: Client, stack: str) -> None:
        cloud.stacks_per_page = 2
        for name in ("prod", "test"):
            assert anna.ask("POST", PROJECT, {"stackName": name}) == (200, {})
        names = {"orgName": "acme", "projectName": "website"}
        first = [{"id": "0", **names, "stackName": "dev"}, {"id": "1", **names, "stackName": "prod"}]
        last = [{"id": "2", **names, "stackName": "test"}]
        assert anna.ask("GET", "/api/user/stacks") == (200, {"stacks": first, "continuationToken": "2"})
        listed = "/api/user/stacks?organization=acme&continuationToken=2"
        assert anna.ask("GET", listed) == (200, {"stacks": last})
        assert anna.ask("GET", "/api/user/stacks?organization=other") == (200, {"stacks": []})

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
