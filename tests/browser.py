"""A real browser, which a test drives through Chromium's own protocol (DevTools), over two pipes."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 60.0
# Chromium reads what it is told from file 3, and writes its answers to file 4.
_START: Final = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"  # fmt: skip
_SWITCHES: Final = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1400,1000",
)


@dataclass
class Page:
    """The one page of a browser."""

    to: int
    back: int
    session: str = ""
    complaints: list[str] = field(default_factory=list)
    """What the console shows: errors, warnings, and what the page's policy (CSP) forbade."""
    _events: list[str] = field(default_factory=list)
    _buffer: bytes = b""
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def call(self, method: str, **params: Any) -> Any:
        """The answer to a command of the protocol."""
        number = next(self._ids)
        message = {
            "id": number,
            "method": method,
            "params": params,
            **({"sessionId": self.session} if self.session else {}),
        }
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while (received := self._receive()).get("id") != number:
            pass
        assert "error" not in received, received
        return received["result"]

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self._events.clear()
        self.call("Page.navigate", url=url)
        while "Page.loadEventFired" not in self._events:
            self._receive()

    def run(self, script: str) -> Any:
        """The value of an expression in the page, once it is there."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def emulate(self, media: str = "", scheme: str = "light") -> None:
        """Look at the page in print, or in a colour scheme."""
        self.call(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def press(self, key: str, code: int) -> None:
        """Press a key where the focus is."""
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + SECONDS
        while b"\0" not in self._buffer:
            assert select.select([self.back], [], [], max(0, end - time.monotonic()))[0], "the browser does not answer"
            read = os.read(self.back, 1 << 20)
            assert read, "the browser has ended"
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        received: dict[str, Any] = json.loads(message)
        self._events.append(received.get("method", ""))
        if received.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
            params = received["params"]
            self.complaints.append(params.get("entry", {}).get("text") or json.dumps(params))
        return received


@contextmanager
def browser(command: Path, folder: Path) -> Iterator[Page]:
    """A browser that keeps what it writes in a folder."""
    (child_in, to), (back, child_out) = os.pipe(), os.pipe()
    # Out of the way of the two numbers that the browser needs.
    ours = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (child_in, child_out)]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    home = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
    with (folder / "browser.log").open("wb") as log:
        started = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _START,
                *map(str, ours),
                str(command),
                *_SWITCHES,
                *root,
                f"--user-data-dir={folder}",
            ],
            pass_fds=ours,
            env=home,
            stdout=log,
            stderr=log,
        )
    for each in (child_in, child_out, *ours):
        os.close(each)
    try:
        page = Page(to, back)
        target = page.call("Target.createTarget", url="about:blank")["targetId"]
        page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            page.call(f"{domain}.enable")
        yield page
        page.session = ""
        page.call("Browser.close")
        started.wait(SECONDS)
    finally:
        started.kill()
        started.wait()
        for each in (to, back):
            os.close(each)
