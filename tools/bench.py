"""Measures what this pack costs beyond a pack with as many policies of the same kinds that do nothing.

Both packs run at once, pinned to one core with this command, and are called in turn, batch by batch. What counts is
the CPU time of all their threads, and of each pack the best batch: noise only ever adds. Processes of the very same
pack differ too, by up to 7 %, depending on where their memory happens to lie, so several of each have their turn.

    python -m tools.bench

prints a table in Markdown and exits with 1 when a bound is not kept. Needs Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import reduce
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from tests.stacks import ACCOUNT, AWS_LOG_GROUP, LOG_GROUP_ARN, ROLE_ARN, Resource, log_group, role, trail, wired_trail
from tools import document_bench
from tools.document_bench import document_rows

REPOSITORY = Path(__file__).resolve().parent.parent
PROJECT_FILE = "PulumiPolicy.yaml"
PROGRAM_FILE = "__main__.py"
STACK_SIZE = 10_000
ANSWER_SECONDS = 120.0
STOP_SECONDS = 10.0

STARTS = 10
PAIRS = 3
# For each pair of processes and each request: how much CPU time further batches may take, and the calls in a batch.
ANALYZE_SECONDS = 1.5
ANALYZE_BATCH = 100
STACK_SECONDS = 4.0
STACK_BATCH = 1


class MeasuringError(Exception):
    """A pack could not be measured; the message is one sentence, with what the pack said below it."""


# --- The packs


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
def running_pack(folder: Path) -> Iterator[RunningPack]:
    """The process that the engine would start for the pack in a folder, until the context ends.

    Raises MeasuringError when it does not start.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(folder)],
            cwd=folder,
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
                raise MeasuringError(f"The pack in {folder} did not start.\n{errors.read().decode(errors='replace')}")
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
    kinds = {
        analyzer_pb2.POLICY_TYPE_RESOURCE: "ResourceValidationPolicy",
        analyzer_pb2.POLICY_TYPE_STACK: "StackValidationPolicy",
    }
    level = analyzer_pb2.EnforcementLevel.Name
    policies = "".join(
        f"        {kinds[policy.policy_type]}(\n"
        f"            name={policy.name!r},\n"
        f"            description={policy.description!r},\n"
        "            validate=do_nothing,\n"
        f"            enforcement_level=EnforcementLevel.{level(policy.enforcementLevel)},\n"
        "        ),\n"
        for policy in info.policies
    )
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(pack / PROJECT_FILE, folder / PROJECT_FILE)
    folder.joinpath(PROGRAM_FILE).write_text(
        "from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy\n\n\n"
        "def do_nothing(args, report_violation):\n    return\n\n\n"
        "PolicyPack(\n"
        f"    name={info.name!r},\n"
        f"    display_name={info.displayName!r},\n"
        f"    description={info.description!r},\n"
        f"    provider={info.provider!r},\n"
        f"    policies=[\n{policies}    ],\n"
        ")\n",
        encoding="utf-8",
    )
    return folder


# --- What they are asked


def other_resource(number: int) -> Resource:
    """A resource that is no trail, no log group and no role: one of the most common types, as after an update."""
    name, region = f"other-{number}", "us-east-1"
    tags = {"Name": name, "team": "shop", "cost-centre": "4711"}
    kinds: tuple[tuple[str, Mapping[str, Any]], ...] = (
        (
            "aws:s3/bucket:Bucket",
            {
                "bucketDomainName": f"{name}.s3.amazonaws.com",
                "forceDestroy": False,
                "grants": [{"id": "79a59df9", "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}],
                "policy": _document("s3:GetObject", f"arn:aws:s3:::{name}/*"),
                "serverSideEncryptionConfiguration": {
                    "rule": {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": "", "sseAlgorithm": "AES256"}}
                },
                "versioning": {"enabled": True, "mfaDelete": False},
            },
        ),
        (
            "aws:ec2/securityGroup:SecurityGroup",
            {
                "description": "Managed by Pulumi",
                "ingress": [
                    {"cidrBlocks": ["10.0.0.0/8"], "fromPort": port, "protocol": "tcp", "self": False, "toPort": port}
                    for port in (80, 443)
                ],
                "egress": [{"cidrBlocks": ["0.0.0.0/0"], "fromPort": 0, "protocol": "-1", "self": False, "toPort": 0}],
                "vpcId": "vpc-0a1b2c3d4e5f60718",
            },
        ),
        (
            "aws:lambda/function:Function",
            {
                "architectures": ["x86_64"],
                "environment": {"variables": {"TABLE": "orders", "STAGE": "dev"}},
                "handler": "index.handler",
                "loggingConfig": {"logFormat": "Text", "logGroup": f"/aws/lambda/{name}"},
                "memorySize": 128,
                "role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "runtime": "python3.12",
                "timeout": 3,
            },
        ),
        (
            "aws:iam/policy:Policy",
            {"path": "/", "policy": _document("sqs:SendMessage", f"arn:aws:sqs:{region}:{ACCOUNT}:{name}")},
        ),
        (
            "aws:sqs/queue:Queue",
            {
                "delaySeconds": 0,
                "maxMessageSize": 262144,
                "messageRetentionSeconds": 345600,
                "policy": _document("sqs:SendMessage", f"arn:aws:sqs:{region}:{ACCOUNT}:{name}"),
                "url": f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{name}",
            },
        ),
    )
    token, own = kinds[number % len(kinds)]
    package = token.split(":")[1].split("/")[0]
    common = {"arn": f"arn:aws:{package}:{region}:{ACCOUNT}:{name}", "id": name, "name": name, "region": region}
    return Resource(token, name, {**common, "tags": tags, "tagsAll": tags, **own})


def integrated_trail(name: str) -> tuple[Resource, ...]:
    """A right trail after an update, with the log group and the role that it delivers through."""
    group_arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}"
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    group = log_group(f"{name}-logs", name=name, arn=group_arn, logGroupClass="STANDARD", retentionInDays=365)
    delivery = role(f"{name}-delivery", name=name, arn=role_arn)
    permission = Resource(
        "aws:iam/rolePolicy:RolePolicy",
        f"{name}-delivery",
        {
            "name": name,
            "role": name,
            "policy": _document(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group_arn}:log-stream:*"),
        },
        {"role": (delivery,), "policy": (group,)},
    )
    known = {"cloudWatchLogsGroupArn": f"{group_arn}:*", "cloudWatchLogsRoleArn": role_arn}
    return group, delivery, permission, wired_trail((group,), (delivery,), name, name=name, **known)


def stack_of(resources: Sequence[Resource], size: int) -> analyzer_pb2.AnalyzeStackRequest:
    """The request to analyze a stack of so many resources: these, some log groups of functions, and others."""
    request = analyzer_pb2.AnalyzeStackRequest()
    lambdas = [other_resource(number) for number in (2, 7, 12, 17)]
    groups = [
        Resource(AWS_LOG_GROUP, f"{each.name}-logs", {"name": f"/aws/lambda/{each.name}", "retentionInDays": 30})
        for each in lambdas
    ]
    special = [*groups, *resources]
    for number in range(size - len(special)):
        json_format.ParseDict(other_resource(number).message, request.resources.add())
    for resource in special:
        json_format.ParseDict(resource.message, request.resources.add())
    return request


def _inputs(resource: Resource) -> analyzer_pb2.AnalyzeRequest:
    request = analyzer_pb2.AnalyzeRequest()
    json_format.ParseDict(resource.inputs_message, request)
    return request


def _document(action: str | Sequence[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# --- Bounds


@dataclass(frozen=True)
class AtMostTimes:
    """The pack may need this many times as much."""

    limit: float

    def difference(self, empty: float, pack: float) -> float:
        """What is compared with the limit."""
        return pack / empty

    def written(self, difference: float) -> str:
        """A difference, or the limit, as the table shows it."""
        return f"{difference:.3f} times"


@dataclass(frozen=True)
class AtMostMore:
    """The pack may need this many seconds more."""

    limit: float

    def difference(self, empty: float, pack: float) -> float:
        """What is compared with the limit."""
        return pack - empty

    def written(self, difference: float) -> str:
        """A difference, or the limit, as the table shows it."""
        return f"{difference * 1e6:.0f} µs more"


@dataclass(frozen=True)
class Measured:
    """One row of the table. empty: what the pack that does nothing needs, in seconds or bytes; pack: this one."""

    what: str
    empty: float
    pack: float
    bound: AtMostTimes | AtMostMore
    written: Callable[[float], str]

    @property
    def passed(self) -> bool:
        """Whether the bound is kept."""
        return self.bound.difference(self.empty, self.pack) <= self.bound.limit

    def or_better(self, other: Measured) -> Measured:
        """The same row measured twice: what each pack needed at best."""
        return replace(self, empty=min(self.empty, other.empty), pack=min(self.pack, other.pack))

    @property
    def row(self) -> str:
        """The row in Markdown."""
        cells = (
            self.what,
            self.written(self.empty),
            self.written(self.pack),
            self.bound.written(self.bound.difference(self.empty, self.pack)),
            self.bound.written(self.bound.limit),
            "PASS" if self.passed else "FAIL",
        )
        return f"| {' | '.join(cells)} |"


TABLE_HEAD = (
    "| What | Pack that does nothing | This pack | Difference | Bound | |\n| --- | ---: | ---: | ---: | ---: | --- |"
)


def seconds(amount: float) -> str:
    """Seconds as the table shows them."""
    return f"{amount:.3f} s"


def microseconds(amount: float) -> str:
    """Seconds as the table shows short ones."""
    return f"{amount * 1e6:.0f} µs"


def megabytes(amount: float) -> str:
    """Bytes as the table shows them."""
    return f"{amount / 1e6:.0f} MB"


# --- Measuring


@dataclass(frozen=True)
class Question:
    """A request whose cost is measured.

    ask: makes the request and returns the answer. reported: whether a right pack reports something, so that what is
    measured is what the row says. batch: how many calls make a batch. spend_seconds: the CPU time for further batches.
    """

    what: str
    ask: Callable[[RunningPack], analyzer_pb2.AnalyzeResponse]
    reported: bool
    bound: AtMostTimes | AtMostMore
    written: Callable[[float], str]
    batch: int
    spend_seconds: float


def questions(stack_size: int = STACK_SIZE) -> list[Question]:
    """All requests that are measured. stack_size: how many resources each stack has."""
    group, role_arn = f"{LOG_GROUP_ARN}:*", ROLE_ARN
    elsewhere = "arn:aws:logs:eu-west-1:210987654321:log-group:audit"  # nor does it end as it must
    wrong_trail = trail(cloudWatchLogsGroupArn=elsewhere, cloudWatchLogsRoleArn=role_arn, enableLogging=False)
    many = [resource for number in range(100) for resource in integrated_trail(f"audit-{number}")]
    return [
        _of_resource("a resource that is no trail", other_resource(0), 40e-6),
        _of_resource("a right trail at its first preview", wired_trail((), ()), 150e-6),
        _of_resource(
            "a right trail whose ARNs are known",
            trail(cloudWatchLogsGroupArn=group, cloudWatchLogsRoleArn=role_arn),
            150e-6,
        ),
        _of_resource("a trail with four problems", wrong_trail, 150e-6, reported=True),
        _of_stack("one right trail", integrated_trail("audit"), stack_size),
        _of_stack("100 right trails", many, stack_size),
        _of_stack("a trail that is not integrated, an unused log group", (trail(), log_group()), stack_size, True),
    ]


def start_up(empty: Path, pack: Path, starts: int) -> Measured:
    """The CPU time from the start of a pack's process until it has printed its port, the packs in turn."""

    def once(folder: Path) -> float:
        with running_pack(folder) as running:
            return running.cpu_seconds()

    costs = [(once(empty), once(pack)) for _ in range(starts)]
    return Measured("Start-up", *_best(costs), AtMostTimes(1.10), seconds)


def measure_pair(empty: Path, pack: Path, asked: Sequence[Question]) -> list[Measured]:
    """The rows of all requests and of the memory, from one new process of each pack.

    Raises MeasuringError when the pack answers otherwise than a question expects.
    """
    with running_pack(empty) as running_empty, running_pack(pack) as running:

        def batches(question: Question) -> tuple[float, float]:
            return _batch(question, running_empty, reported=False), _batch(question, running, question.reported)

        costs = [[batches(question)] for question in asked]
        # Only now do both have the same history: with each further large stack the memory of any pack grows by chance.
        memory = Measured(
            "Peak memory after each of these requests",
            running_empty.peak_memory_bytes(),
            running.peak_memory_bytes(),
            AtMostTimes(1.10),
            megabytes,
        )
        for question, of_question in zip(asked, costs, strict=True):
            spent = 0.0
            while spent < question.spend_seconds:
                of_question.append(batches(question))
                spent += sum(of_question[-1]) * question.batch
    rows = [
        Measured(question.what, *_best(of_question), question.bound, question.written)
        for question, of_question in zip(asked, costs, strict=True)
    ]
    return [*rows, memory]


def _batch(question: Question, pack: RunningPack, reported: bool) -> float:
    """The CPU time of one call in a batch of them."""
    before = pack.cpu_seconds()
    for _ in range(question.batch):
        answer = question.ask(pack)
    cost = (pack.cpu_seconds() - before) / question.batch
    if bool(answer.diagnostics) != reported:
        expected = "a report" if reported else "no report"
        messages = "\n".join(each.message for each in answer.diagnostics)
        raise MeasuringError(f"{question.what}: {expected} was expected, so this would be another cost.\n{messages}")
    return cost


def _best(costs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return min(of_empty for of_empty, _ in costs), min(of_pack for _, of_pack in costs)


def _of_resource(what: str, resource: Resource, limit: float, reported: bool = False) -> Question:
    request = _inputs(resource)
    return Question(
        f"Analyze: {what}",
        lambda pack: pack.analyze(request),
        reported,
        AtMostMore(limit),
        microseconds,
        ANALYZE_BATCH,
        ANALYZE_SECONDS,
    )


def _of_stack(what: str, resources: Sequence[Resource], size: int, reported: bool = False) -> Question:
    request = stack_of(resources, size)
    return Question(
        f"AnalyzeStack of {size:,} resources: {what}",
        lambda pack: pack.analyze_stack(request),
        reported,
        AtMostTimes(1.10),
        seconds,
        STACK_BATCH,
        STACK_SECONDS,
    )


# --- The command


def machine() -> str:
    """What the figures were measured on, and when."""
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, pulumi {version('pulumi')}, "
        f"pulumi-policy {version('pulumi-policy')}; {datetime.now(timezone.utc):%Y-%m-%d}."
    )


def main() -> int:
    """Print the table; 1 when a bound is not kept, 2 when nothing could be measured."""
    argparse.ArgumentParser(
        description="Measure what this pack costs beyond a pack with as many policies that do nothing."
    ).parse_args()
    if not Path("/proc/self/schedstat").exists():
        print("Measuring needs Linux, which counts the CPU time of each thread in /proc.", file=sys.stderr)
        return 2
    # The packs inherit it: between two cores their threads would move, and cold caches would be measured.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print("Measuring takes two to three minutes.", file=sys.stderr)
    try:
        with tempfile.TemporaryDirectory() as folder:
            with running_pack(REPOSITORY) as pack:
                empty = write_empty_pack(Path(folder), REPOSITORY, pack.info())
            asked = questions()
            pairs = [measure_pair(empty, REPOSITORY, asked) for _ in range(PAIRS)]
            better = [reduce(Measured.or_better, row) for row in zip(*pairs, strict=True)]
            rows = [start_up(empty, REPOSITORY, STARTS), *better]
    except MeasuringError as failure:
        print(failure, file=sys.stderr)
        return 2
    documents = document_rows()
    print("\n".join((machine(), "", TABLE_HEAD, *(row.row for row in rows))))
    print("\n".join(("", document_bench.TABLE_HEAD, *(row.row for row in documents))))
    return 0 if all(row.passed for row in (*rows, *documents)) else 1


if __name__ == "__main__":
    sys.exit(main())
