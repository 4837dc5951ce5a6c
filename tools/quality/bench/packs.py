"""The packs that are measured: their processes, started as the engine starts them, and packs made for comparison."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

REPOSITORY = Path(__file__).resolve().parents[3]
PROJECT_FILE = "PulumiPolicy.yaml"
PROGRAM_FILE = "__main__.py"
VIRTUAL_ENVIRONMENT = "venv"
ANSWER_SECONDS = 300.0
STOP_SECONDS = 10.0


class MeasuringError(Exception):
    """A pack could not be measured; the message is one sentence, with what the pack said below it."""


@dataclass(frozen=True)
class RunningPack:
    """A policy pack's process, started as the engine starts it."""

    process: subprocess.Popen[bytes]
    calls: analyzer_pb2_grpc.AnalyzerStub

    def cpu_seconds(self) -> float:
        """The CPU time of all its threads since it was started."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def peak_memory_bytes(self) -> int:
        """The most memory that it has had resident so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024

    def analyze(self, request: analyzer_pb2.AnalyzeRequest) -> analyzer_pb2.AnalyzeResponse:
        """What its resource policies answer about a resource."""
        answer: analyzer_pb2.AnalyzeResponse = self.calls.Analyze(request, timeout=ANSWER_SECONDS)
        return answer

    def analyze_stack(self, request: analyzer_pb2.AnalyzeStackRequest) -> analyzer_pb2.AnalyzeResponse:
        """What its stack policies answer about a stack."""
        answer: analyzer_pb2.AnalyzeResponse = self.calls.AnalyzeStack(request, timeout=ANSWER_SECONDS)
        return answer

    def info(self) -> analyzer_pb2.AnalyzerInfo:
        """Its metadata and its policies."""
        info: analyzer_pb2.AnalyzerInfo = self.calls.GetAnalyzerInfo(Empty(), timeout=ANSWER_SECONDS)
        return info


@contextmanager
def running_pack(pack: Path) -> Iterator[RunningPack]:
    """The process that the engine would start for a pack, until the context ends. pack: its folder, or its one file.

    Raises MeasuringError when it does not start.
    """
    address = "127.0.0.1:1"
    of_folder = [sys.executable, "-u", "-m", "pulumi.policy", address, str(pack)]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            of_folder if pack.is_dir() else [str(pack), address],
            cwd=pack if pack.is_dir() else pack.parent,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert process.stdout
        try:
            port = process.stdout.readline().decode().strip()
            if not port.isdigit():
                process.wait(STOP_SECONDS)
                errors.seek(0)
                raise MeasuringError(f"The pack {pack} did not start.\n{errors.read().decode(errors='replace')}")
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield RunningPack(process, analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.kill()
            process.wait(STOP_SECONDS)
            process.stdout.close()


def _environment() -> dict[str, str]:
    # As for most users: from the second start on Python has the pack's bytecode.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def write_empty_pack(folder: Path, pack: Path, info: analyzer_pb2.AnalyzerInfo) -> Path:
    """Write a pack that has the metadata and the policies of another one, but whose policies do nothing.

    `info` is what that pack says of itself. Answers the folder, made if absent.
    """
    kinds = {analyzer_pb2.POLICY_TYPE_RESOURCE: "Resource", analyzer_pb2.POLICY_TYPE_STACK: "Stack"}
    level = analyzer_pb2.EnforcementLevel.Name
    policies = "".join(
        f"    {kinds[policy.policy_type]}ValidationPolicy({policy.name!r}, {policy.description!r}, do_nothing,"
        f" EnforcementLevel.{level(policy.enforcementLevel)}),\n"
        for policy in info.policies
    )
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(pack / PROJECT_FILE, folder / PROJECT_FILE)
    # It runs on what the other one has installed.
    (folder / VIRTUAL_ENVIRONMENT).symlink_to(pack / VIRTUAL_ENVIRONMENT)
    folder.joinpath(PROGRAM_FILE).write_text(
        "from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy\n\n\n"
        "def do_nothing(args, report_violation):\n    return\n\n\n"
        f"PolicyPack({info.name!r}, display_name={info.displayName!r}, description={info.description!r},"
        f" provider={info.provider!r}, policies=[\n{policies}])\n",
        encoding="utf-8",
    )
    return folder
