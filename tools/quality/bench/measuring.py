"""Measures the CPU time and the memory of two packs that are asked the same, in turn, batch by batch.

Both packs run at once, pinned to one core with the command. What counts is the CPU time of all their threads, and of
each pack the best batch: noise only ever adds. Processes of the very same pack differ too, by up to 7 %, depending on
where their memory happens to lie, so several of each have their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi.runtime.proto import analyzer_pb2

from tests.stacks import LOG_GROUP_ARN, ROLE_ARN, Resource, log_group, trail, wired_trail
from tools.quality.bench.packs import MeasuringError, RunningPack, running_pack
from tools.quality.bench.rows import Row, Table, megabytes, microseconds, ratio_row, seconds
from tools.quality.bench.stacks import inputs_of, integrated_trail, other_resource, right, stack_of, templates

MOST_TIMES = 1.10  # of what the pack that does nothing needs
STARTS = 10
PROCESSES = 3  # of each pack
STACK_SIZE = 10_000
# For each pair of processes and each request: how much CPU time further batches may take, and the calls in a batch.
ANALYZE_SECONDS = 1.5
ANALYZE_BATCH = 100
STACK_SECONDS = 4.0
STACK_BATCH = 1


@dataclass(frozen=True)
class Question:
    """A request whose cost is measured."""

    what: str
    ask: Callable[[RunningPack], analyzer_pb2.AnalyzeResponse]
    """Makes the request and returns the answer."""
    reported: bool
    """Whether a right pack reports something, so that what is measured is what the row says."""
    batch: int
    """How many calls make a batch."""
    spend_seconds: float
    """The CPU time for further batches."""
    written: Callable[[float], str] = seconds
    """How the row shows seconds."""
    most_times: float = MOST_TIMES
    """How many times as long as the empty pack this one may take."""

    def row(self, empty: float, pack: float) -> Row:
        """empty, pack: the seconds that each of them needed at best."""
        return ratio_row(self.what, empty, pack, self.written, self.most_times)


def questions(stack_size: int = STACK_SIZE) -> list[Question]:
    """All requests that are measured. stack_size: how many resources each stack has."""
    group, role_arn = f"{LOG_GROUP_ARN}:*", ROLE_ARN
    elsewhere = "arn:aws:logs:eu-west-1:210987654321:log-group:audit"  # nor does it end as it must
    wrong_trail = trail(cloudWatchLogsGroupArn=elsewhere, cloudWatchLogsRoleArn=role_arn, enableLogging=False)
    return [
        _of_resource("a resource that is no trail", other_resource(0), 1.12),
        _of_resource("a right trail at its first preview", wired_trail((), ()), 1.54),
        _of_resource(
            "a right trail whose ARNs are known",
            trail(cloudWatchLogsGroupArn=group, cloudWatchLogsRoleArn=role_arn),
            1.54,
        ),
        _of_resource("a trail with four problems", wrong_trail, 1.54, reported=True),
        question_of_stack("one right trail", integrated_trail("audit"), stack_size),
        question_of_stack("100 right trails", right(100), stack_size),
        question_of_stack("100 templates without a trail", templates(100), stack_size),
        question_of_stack(
            "a trail that is not integrated, an unused log group", (trail(), log_group()), stack_size, True
        ),
    ]


def costs_table(empty: Path, pack: Path) -> Table:
    """What starting, each request, and the memory costs."""
    asked = questions()
    pairs = [measure_pair(empty, pack, asked) for _ in range(PROCESSES)]
    least = [best(of_one) for of_one in zip(*pairs, strict=True)]
    rows = [ratio_row("Start-up", *start_up(empty, pack), seconds, MOST_TIMES)]
    rows += [question.row(*costs) for question, costs in zip(asked, least, strict=False)]
    rows.append(ratio_row("Peak memory after each of these requests", *least[-1], megabytes, MOST_TIMES))
    return Table(("What", "Pack that does nothing", "This pack", "Difference", "Bound"), tuple(rows))


def start_up(empty: Path, pack: Path) -> tuple[float, float]:
    """The CPU time from the start of a pack's process until it has printed its port, the packs in turn."""

    def once(folder: Path) -> float:
        with running_pack(folder) as running:
            return running.cpu_seconds()

    return best([(once(empty), once(pack)) for _ in range(STARTS)])


def measure_pair(empty: Path, pack: Path, asked: Sequence[Question]) -> list[tuple[float, float]]:
    """The seconds of all requests and the bytes of the memory, from one new process of each pack.

    Raises MeasuringError when the pack answers otherwise than a question expects.
    """
    with running_pack(empty) as running_empty, running_pack(pack) as running:

        def batches(question: Question) -> tuple[float, float]:
            return batch(question, running_empty, reported=False), batch(question, running, question.reported)

        costs = [[batches(question)] for question in asked]
        # Only now do both have the same history: with each further large stack the memory of any pack grows by chance.
        memory = (float(running_empty.peak_memory_bytes()), float(running.peak_memory_bytes()))
        for question, of_question in zip(asked, costs, strict=True):
            spent = 0.0
            while spent < question.spend_seconds:
                of_question.append(batches(question))
                spent += sum(of_question[-1]) * question.batch
    return [*map(best, costs), memory]


def batch(question: Question, pack: RunningPack, reported: bool) -> float:
    """The CPU time of one call in a batch of them. Raises MeasuringError where the answer is not the expected one."""
    before = pack.cpu_seconds()
    for _ in range(question.batch):
        answer = question.ask(pack)
    cost = (pack.cpu_seconds() - before) / question.batch
    if bool(answer.diagnostics) != reported:
        expected = "a report" if reported else "no report"
        messages = "\n".join(each.message for each in answer.diagnostics)
        raise MeasuringError(f"{question.what}: {expected} was expected, so this would be another cost.\n{messages}")
    return cost


def best(costs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The least that each pack of a pair needed."""
    return min(of_empty for of_empty, _ in costs), min(of_pack for _, of_pack in costs)


def _of_resource(what: str, resource: Resource, most: float, reported: bool = False) -> Question:
    request = inputs_of(resource)
    asked = f"Analyze: {what}"
    return Question(
        asked, lambda pack: pack.analyze(request), reported, ANALYZE_BATCH, ANALYZE_SECONDS, microseconds, most
    )


def question_of_stack(what: str, resources: Sequence[Resource], size: int, reported: bool = False) -> Question:
    """The request to judge a stack of so many resources, these among them."""
    request = stack_of(resources, size)
    asked = f"AnalyzeStack of {size:,} resources: {what}"
    return Question(asked, lambda pack: pack.analyze_stack(request), reported, STACK_BATCH, STACK_SECONDS)
