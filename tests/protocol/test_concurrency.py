"""Many calls at once through the real server, under several configurations: each answer as when it is asked alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.analyzers import Analyzer, Answer, process
from tests.policies.test_unknowns import FULL, STACK
from tests.stacks import ROLE_ARN, trail

INTEGRATED, EXIST = "cloudtrail-cloudwatch-logs-integrated", "cloudtrail-log-group-and-role-exist"
THREADS, CALLS = 16, 400
REASON = "A vendor's stack."
CONFIGURATIONS: list[tuple[dict[str, str], dict[str, dict[str, Any]]]] = [
    ({}, {}),
    ({INTEGRATED: "REMEDIATE"}, {INTEGRATED: {"roleArn": ROLE_ARN, "exemptions": [{"trail": "terraform", "reason": REASON}]}}),
    ({EXIST: "MANDATORY"}, {EXIST: {"externalTargets": "accept"}}),
    ({INTEGRATED: "DISABLED"}, {}),
    ({}, {EXIST: {"exemptions": [{"trail": "b*"}]}}),
]  # fmt: skip
TRAILS = [
    *STACK[:4],
    trail("no-role", provider=FULL, cloudWatchLogsGroupArn="arn:aws:logs:us-east-1:123456789012:log-group:audit"),
    trail("off", provider=FULL, enableLogging=False, cloudWatchLogsRoleArn=ROLE_ARN),
]
Call = Callable[[], Any]


def calls_of(analyzer: Analyzer, random: Random) -> list[Call]:
    """Calls of all kinds about single resources and stacks of several sizes, in random order."""
    resources = [*TRAILS, *STACK[4:]]
    of_one = {id(each): (partial(analyzer.analyze, each), partial(analyzer.remediate, each)) for each in resources}

    def one() -> Call:
        stack = random.sample(resources, random.randint(1, 12))
        analyze, remediate = of_one[id(random.choice(stack))]
        return random.choice((analyze, partial(analyzer.analyze_stack, stack), remediate))

    return [one() for _ in range(CALLS)]


@pytest.mark.parametrize("number", range(len(CONFIGURATIONS)))
@pytest.mark.parametrize("analyzer", ["real process"], indirect=True)
def test_answers_at_once_are_those_of_one_after_the_other(number: int, analyzer: Analyzer) -> None:
    analyzer.configure(*CONFIGURATIONS[number])
    calls = calls_of(analyzer, Random(number))
    alone = {call: call() for call in dict.fromkeys(calls)}  # each once: many are about the same resource
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(lambda call: call(), calls)) == [alone[call] for call in calls]
    reports = [report for answer in alone.values() if isinstance(answer, Answer) for report in answer.reports]
    assert len({report.message for report in reports}) > 3


def test_packs_of_several_configurations_side_by_side(tmp_path: Path) -> None:
    """As in an organization with several policy groups: each process keeps to its own."""
    bare = replace(TRAILS[3], name="bare")

    def judged(number: int) -> list[list[str]]:
        with process(tmp_path / f"stderr-{number}") as analyzer:
            analyzer.configure(*CONFIGURATIONS[number])
            return [[report.message[:20] for report in analyzer.analyze(bare).reports] for _ in range(50)]

    with ThreadPoolExecutor(len(CONFIGURATIONS)) as pool:
        at_once = list(pool.map(judged, range(len(CONFIGURATIONS))))
    reported = ["[not-integrated] Nei"]
    assert at_once == [[reported] * 50, [reported] * 50, [reported] * 50, [[]] * 50, [reported] * 50]
