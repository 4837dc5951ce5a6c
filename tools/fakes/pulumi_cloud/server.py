"""The service behind HTTP, on the loopback address alone."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tools.fakes.pulumi_cloud.routes import ROUTES, Asker, Request
from tools.fakes.pulumi_cloud.state import Json, PulumiCloud, RefusedError

ADDRESS = "127.0.0.1"
SECONDS = 10.0


@contextlib.contextmanager
def running_pulumi_cloud(organization: str = "acme", port: int = 0) -> Iterator[PulumiCloud]:
    """Serve a new, empty stand-in on a free port, or on the given one."""
    with ThreadingHTTPServer((ADDRESS, port), BaseHTTPRequestHandler) as server:
        cloud = PulumiCloud(f"http://{ADDRESS}:{server.server_port}", secrets.token_hex(16), organization)
        server.RequestHandlerClass = partial(_Exchange, cloud, threading.Lock())
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield cloud
        finally:
            server.shutdown()
            thread.join(SECONDS)


class _Exchange(BaseHTTPRequestHandler):
    timeout = SECONDS

    def __init__(self, cloud: PulumiCloud, lock: threading.Lock, *args: Any) -> None:
        self.cloud, self.lock = cloud, lock
        super().__init__(*args)

    def exchange(self) -> None:
        # Read before any answer: a client that is still sending would not see it.
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            with self.lock:
                answer = _answer(self.cloud, self.command, self.path, self.headers.get("Authorization"), body)
            self.send_response(204 if answer is None else 200)
        except RefusedError as refused:
            answer = {"code": refused.status, "message": str(refused)}
            self.send_response(refused.status)
        content = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
        if content:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a CLI that has what it wants does not wait for the answer
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = exchange  # noqa: N815 - the names that http.server looks for

    def log_message(self, *args: Any) -> None:
        """Nothing is printed."""


def _answer(
    cloud: PulumiCloud, method: str, target: str, authorization: str | None, body: bytes
) -> Json | bytes | None:
    path, _, query = target.partition("?")
    cloud.requests.append(f"{method} {path}")
    for refused_method, pattern, refusal in cloud.refusals:
        if refused_method == method and re.search(pattern, path):
            raise refusal
    for route in ROUTES:
        names = route.names(method, path)
        if names is not None:
            _check(cloud, route.asker, authorization, names)
            return route.handler(cloud, Request(names, body, dict(parse_qsl(query))))
    cloud.unknown_requests.append(f"{method} {path}")
    raise RefusedError(404, "Not Found")


def _check(cloud: PulumiCloud, asker: Asker, authorization: str | None, names: Mapping[str, str]) -> None:
    expected: str | None = f"token {cloud.token}"
    if asker is Asker.UPDATE:
        update = cloud.update(names["update"])
        expected = f"update-token {update.lease}" if update.status == "running" else None
    if asker is not Asker.ANYBODY and authorization != expected:
        raise RefusedError(401, "Unauthorized: No credentials provided or are invalid.")
    organization = names.get("organization", cloud.organization)
    if organization != cloud.organization:
        raise RefusedError(404, f"Not Found: Organization '{organization}' not found")
