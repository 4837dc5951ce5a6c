"""Random stacks through the real analyzer process. FUZZ_CASES: how many stacks; `make fuzz` takes
10,000, and the weekly workflow 2,000 others.

A stack has five resources on average, and each of them is a case of its own, as is the stack: 60,000 in `make fuzz`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.analyzers import Analyzer, Answer, process
from tests.stacks import Resource

from .stacks import stacks, texts_shown
from .values import kinds_in

CASES = int(os.environ.get("FUZZ_CASES", "200"))
SEED = int(os.environ.get("PROPERTY_SEED", "0"))
# As many as can be shared out among the processes of a test run.
PARTS = 8
LONGEST_MESSAGE = 2_000
INTEGRATED, EXIST = "cloudtrail-cloudwatch-logs-integrated", "cloudtrail-log-group-and-role-exist"
TEMPLATES = {
    "logGroupArn": "arn:{partition}:logs:{region}:{account}:log-group:trails/{stack}",
    "roleArn": "arn:{partition}:iam::{account}:role/{trail}",
}
EXEMPTIONS = [
    {"trail": "a*", "codes": ["role-missing"], "reason": "r"},
    {"trail": "[b-z]*", "until": "2999-01-01", "reason": "r"},
]
# Of each part, in turn.
CONFIGURATIONS: list[dict[str, dict[str, Any]]] = [
    {},
    {INTEGRATED: TEMPLATES},
    {INTEGRATED: {**TEMPLATES, "exemptions": EXEMPTIONS}, EXIST: {"exemptions": EXEMPTIONS[1:]}},
    {EXIST: {"externalLogGroups": ["arn:aws:logs:*:*:log-group:au*"], "externalRoles": ["arn:*[a-y]"]}},
]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Analyzer, Path]]:
    errors = tmp_path_factory.mktemp("fuzz") / "stderr"
    with process(errors) as analyzer:
        yield analyzer, errors


@pytest.mark.parametrize("part", range(PARTS))
def test_random_stacks(
    part: int, fuzzed: tuple[Analyzer, Path], record_property: Callable[[str, object], None]
) -> None:
    analyzer, errors = fuzzed
    analyzer.configure({INTEGRATED: "REMEDIATE"}, CONFIGURATIONS[part % len(CONFIGURATIONS)])
    count: Counter[str] = Counter()

    @seed(PARTS * SEED + part)
    @settings(max_examples=CASES // PARTS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(stacks(), st.randoms(use_true_random=False))
    def judge(stack: list[Resource], random: Random) -> None:
        count["stacks"] += 1
        count["resources"] += len(stack)
        count.update(kinds_in([resource.message for resource in stack]))
        for resource in stack:
            check(analyzer.analyze(resource), count)
            analyzer.remediate(resource)
        answer = analyzer.analyze_stack(stack)
        check(answer, count)
        other_order = list(stack)
        random.shuffle(other_order)
        assert sorted_reports(analyzer.analyze_stack(other_order)) == sorted_reports(answer)
        assert errors.read_text() == ""

    judge()
    assert count["stacks"] >= CASES // PARTS
    assert min(count.values()) > 0
    for what, number in count.items():
        record_property(what, number)


def check(answer: Answer, count: Counter[str]) -> None:
    assert answer.can_not_run == ()
    for report in answer.reports:
        count["reports"] += 1
        assert len(report.message) <= LONGEST_MESSAGE
        assert [text for text in texts_shown(report.message) if not text.startswith(("arn:", '"arn:'))] == []


def sorted_reports(answer: Answer) -> list[tuple[str, str, str]]:
    return sorted((report.policy, report.urn, report.message) for report in answer.reports)


def test_an_error_of_the_analyzer_would_be_seen(fuzzed: tuple[Analyzer, Path]) -> None:
    """The opposite case: what the SDK itself refuses, a signature that the engine never sends, is an error here."""
    analyzer, _ = fuzzed
    unread = Resource("aws:cloudtrail/trail:Trail", "audit", {"a": {"4dabf18193072939515e22adb298388d": "unheard of"}})
    with pytest.raises(grpc.RpcError, match="Unrecognized signature"):
        analyzer.analyze(unread)
