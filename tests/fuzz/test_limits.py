"""The largest and the deepest values: whatever Pulumi's SDK hands over is judged, and no report grows with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy

from tests.analyzers import Analyzer, in_process, of_policies
from tests.policies.test_unknowns import STACK
from tests.stacks import Resource

from .stacks import texts_shown, without_secret_names
from .test_fuzz import LONGEST_MESSAGE
from .values import SECRET, archive_of, deep, secret_of, statements

HUGE: list[tuple[str, Any]] = [
    ("a text of 200,000 characters", SECRET * 30_000),
    ("an ARN of 200,000 characters", f"arn:aws:logs:us-east-1:123456789012:log-group:{'x' * 200_000}"),
    ("an ARN of 200,000 wildcards", f"arn:aws:logs:us-east-1:123456789012:log-group:{'*?' * 100_000}"),
    ("a list of 1,000 texts", [f"{SECRET}{number}" for number in range(1_000)]),
    ("an object of 1,000 keys", {f"{SECRET}{number}": SECRET for number in range(1_000)}),
    ("a policy document of 300 statements", statements(300)),
    ("the same as JSON text", json.dumps(statements(300))),
    ("200,000 brackets", "[" * 200_000),
    ("JSON text 50,000 levels deep", '{"Statement":' * 50_000 + "1" + "}" * 50_000),
    ("80 levels of lists", deep(80, in_lists=True)),
    ("80 levels of objects, in a secret", secret_of(deep(80, in_lists=False))),
    ("an archive", archive_of(SECRET * 1_000)),
]
# The SDK takes about 190 levels.
DEPTHS = (60, 100, 140, 160, 180, 190, 200, 390)


@pytest.mark.parametrize("value", [value for _, value in HUGE], ids=[name for name, _ in HUGE])
def test_a_value_in_each_property_of_each_resource(value: Any, real_process: tuple[Analyzer, Path]) -> None:
    analyzer, errors = real_process
    places = [(number, name) for number, resource in enumerate(STACK) for name in resource.properties]
    for number, name in places:
        properties = without_secret_names({**STACK[number].properties, name: value})
        changed = replace(STACK[number], properties=properties)
        stack = [*STACK[:number], changed, *STACK[number + 1 :]]
        answers = (analyzer.analyze(changed), analyzer.analyze_stack(stack))
        analyzer.remediate(changed)
        for answer in answers:
            assert answer.can_not_run == ()
            for report in answer.reports:
                assert len(report.message) <= LONGEST_MESSAGE
                assert list(texts_shown(report.message)) == []
    assert errors.read_text() == ""


def test_what_is_deeper_than_the_sdk_takes_is_refused_by_the_sdk_and_nothing_before(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Beside policies that do nothing: where those are asked at all, this pack answers too."""
    ours, nothing = in_process(), policies_that_do_nothing()
    # How deep the SDK takes a value is the same for each resource.
    taken = [depth for depth in DEPTHS if takes(nothing, depth, STACK[:1])]
    assert [depth for depth in taken if not takes(ours, depth)] == []
    assert DEPTHS[0] < max(taken) < DEPTHS[-1]
    assert capfd.readouterr().err == ""


def takes(analyzer: Analyzer, depth: int, resources: list[Resource] = STACK) -> bool:
    stack = [Resource(each.token, each.name, dict.fromkeys(each.properties, deep(depth, False))) for each in resources]
    try:
        answers = [analyzer.analyze_stack(stack), *map(analyzer.analyze, stack)]
    except (RecursionError, grpc.RpcError):
        return False
    assert [answer.can_not_run for answer in answers] == [()] * len(answers)
    return True


def policies_that_do_nothing() -> Analyzer:
    def nothing(*_: object) -> None:
        pass

    return of_policies(
        [
            ResourceValidationPolicy("resource", "Does nothing.", nothing, EnforcementLevel.ADVISORY),
            StackValidationPolicy("stack", "Does nothing.", nothing, EnforcementLevel.ADVISORY),
        ]
    )
