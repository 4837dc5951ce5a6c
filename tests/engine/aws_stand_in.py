"""One process with stand-ins for the AWS provider: what the CLI starts as a provider asks for one of its own there.

A provider that is a process of its own takes a second of CPU time, and a run of the CLI starts up to three.

    python -m tests.engine.aws_stand_in
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

from tools.fakes.aws_provider.launcher import PROVIDER_EXECUTABLE, REPOSITORY, VERSION, VERSION_VARIABLE

_ASKING = f"""
import os, signal, socket, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
engine = os.getppid()
provider = socket.create_connection(("127.0.0.1", PORT)).makefile("rw")
print(os.environ.get({VERSION_VARIABLE!r}, {VERSION!r}), file=provider, flush=True)
print(provider.readline(), end="", flush=True)
while os.getppid() == engine:
    time.sleep(1)
"""


@contextmanager
def provider_on_path(folder: Path) -> Iterator[None]:
    """Writes the provider's executable into a folder. It works as long as this runs."""
    command = [sys.executable, "-m", __spec__.name]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as providers:
        try:
            assert providers.stdout
            asking = _ASKING.replace("PORT", providers.stdout.readline().strip())
            launcher = folder / PROVIDER_EXECUTABLE
            launcher.write_text(f"#!/bin/sh\nexec {shlex.join([sys.executable, '-IS', '-c', asking])}\n")
            launcher.chmod(0o755)
            yield
        finally:
            providers.kill()


class _Provider(StreamRequestHandler):
    """Serves one provider while the connection is open."""

    def handle(self) -> None:
        # Here, since whoever starts this process does without.
        from tools.fakes.aws_provider.server import start

        server, port = start(self.rfile.readline().decode().strip())
        self.wfile.write(f"{port}\n".encode())
        self.rfile.read()
        server.stop(grace=None)


class _Providers(ThreadingTCPServer):
    daemon_threads = True
    started_by = os.getppid()

    def service_actions(self) -> None:
        """Ends with the process that started this one, however that ends. It is called twice a second."""
        if os.getppid() != self.started_by:
            os._exit(0)


if __name__ == "__main__":
    with _Providers(("127.0.0.1", 0), _Provider) as serving:
        sys.stdout.write(f"{serving.server_address[1]}\n")
        sys.stdout.flush()
        serving.serve_forever()
