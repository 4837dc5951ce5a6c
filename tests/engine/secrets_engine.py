"""A stand-in for HashiCorp Vault, which keeps the keys of the tests' stacks.

To make a key of a passphrase takes the CLI a third of a second in each run, as long as all else that it does itself.
"""

from __future__ import annotations

import json
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SECRETS_PROVIDER = "hashivault://tests"
_PREFIX = "vault:v1:"


@cache
def vault() -> dict[str, str]:
    """The variables with which the CLI finds it. It ends with this process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    Thread(target=server.serve_forever, daemon=True).start()
    return {"VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}", "VAULT_SERVER_TOKEN": "tests"}


class _Transit(BaseHTTPRequestHandler):
    """Encrypts nothing: what it is given comes back, marked as Vault marks it."""

    def do_PUT(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "plaintext" in given:
            data = {"ciphertext": _PREFIX + given["plaintext"]}
        else:
            data = {"plaintext": given["ciphertext"].removeprefix(_PREFIX)}
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
