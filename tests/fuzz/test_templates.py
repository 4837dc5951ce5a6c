"""Templates with anything at any place: the pack never raises, says nothing on stderr, and shows no secret.

FUZZ_CASES: how many templates, divided by ten; `make fuzz` takes 1,000.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from cloudtrail_logs.cloudformation.syntax import MalformedError, read_text
from tests.analyzers import in_process
from tests.policies.template_cases import CASES, POLICIES, STACK, STACK_ARN, STACK_SET
from tests.repeatable import repeatable_random
from tests.stacks import UNKNOWN, Resource

PARTS = 4
COUNT = int(os.environ.get("FUZZ_CASES", "4000")) // 10 // PARTS
SECRET = "hunter2!"
NATIVE = "aws-native:cloudformation:Stack"
REFERENCE = {"Ref": "Logs"}
VALUES: list[Any] = [
    *(None, True, 1, 1.5, "", "x", SECRET, "AWS::CloudTrail::Trail", "AWS::IAM::Policy", [], {}, [[]], [SECRET]),
    *({"Ref": name} for name in ("Logs", "Trail", "Ref", "AWS::NoValue", "AWS::AccountId", SECRET)),
    *({"Ref": 5}, {"Ref": []}),
    *({"Fn::GetAtt": name} for name in ("Logs.Arn", "", SECRET)),
    *({"Fn::GetAtt": names} for names in (["Role", "Arn"], [1, 2], ["Logs"])),
    *({"Fn::Sub": text} for text in ("${", "${Logs.Arn}${!x}${}", SECRET)),
    *({"Fn::Sub": ["${a}", {"a": REFERENCE}]}, {"Fn::Sub": [1, 2]}),
    *({"Fn::Join": each} for each in ([1], ["", REFERENCE], ["", [SECRET, REFERENCE]])),
    *({"Fn::If": []}, {"Fn::If": ["On", 1, 2]}, {"Fn::If": [{"a": 1}, REFERENCE, "x"]}),
    {"Fn::If": ["On", SECRET, REFERENCE]},
    *({"Fn::Select": each} for each in (["9", ["a"]], [REFERENCE, "b"])),
    *({"Fn::Split": each} for each in (["", ""], [",", SECRET])),
    *({"Fn::FindInMap": ["a", "b", "c"]}, {"Fn::FindInMap": [{}, {}, {}]}),
    *({"Fn::Nope": 1}, {"Condition": "On"}, {"Fn::ImportValue": {"Fn::Sub": "x"}}, "{{resolve:ssm:x}}"),
    *("\u202e::error::x", {"Service": SECRET}, "arn:aws:logs:us-east-1:123456789012:log-group:audit:*"),
]
PARAMETERS: list[Any] = [
    {},
    None,
    [1],
    "x",
    UNKNOWN,
    {"Deliver": "false"},
    {"Deliver": 1, "Group": SECRET},
    {"Group": UNKNOWN},
    [{"parameterKey": "Deliver", "parameterValue": "false"}],
]


def bodies() -> Iterator[Any]:
    for case in CASES:
        with contextlib.suppress(MalformedError):
            yield read_text(case.body)


BODIES = list(bodies())


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from paths(value[key], (*path, key))


def broken(random: Random) -> Any:
    body = deepcopy(random.choice(BODIES))
    for _ in range(random.randint(1, 3)):
        *within, last = random.choice(list(paths(body)))
        place = body
        for key in within:
            place = place[key]
        place[last] = deepcopy(random.choice(VALUES))
    return body


def deploying(random: Random) -> Resource:
    token = random.choice([STACK, STACK_SET, NATIVE])
    body = broken(random)
    given = {
        "name": "infra",
        "region": "us-east-1",
        "templateBody": body if token == NATIVE else json.dumps(body),
        "parameters": random.choice(PARAMETERS),
        random.choice(["id", "stackId"]): random.choice([STACK_ARN, UNKNOWN]),
    }
    return Resource(token, "infra", given)


@pytest.mark.parametrize("part", range(PARTS))
def test_anything_at_any_place_of_a_template(part: int, capfd: pytest.CaptureFixture[str]) -> None:
    random = repeatable_random(f"templates {part}")
    analyzer = in_process()
    reports = 0
    for _ in range(COUNT):
        owner = deploying(random)
        for answer in (analyzer.analyze(owner), analyzer.analyze_stack([owner])):
            assert answer.can_not_run == ()
            assert {report.urn for report in answer.reports} <= {owner.urn, ""}
            assert SECRET not in "".join(report.message for report in answer.reports), owner
            reports += len(answer.reports)
    assert capfd.readouterr().err == ""
    assert reports > COUNT // 4
    assert set(POLICIES) >= {report.policy for report in answer.reports}
