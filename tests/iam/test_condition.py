"""Which conditions are met, or never, by a request that lacks a key."""

from typing import Any

import pytest

from cloudtrail_logs.iam.condition import is_met
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Truth

MISSING = "aws:SourceArn"
NEVER_PRESENT = frozenset({"aws:sourcearn"})

CONDITIONS: list[tuple[Any, Truth]] = [
    (ABSENT, Truth.YES),
    ({}, Truth.YES),
    (UNKNOWN, Truth.MAYBE),
    ("no mapping", Truth.MAYBE),
    ({"StringEquals": UNKNOWN}, Truth.MAYBE),
    ({"StringEquals": {}}, Truth.YES),
    ({"StringEquals": {"aws:Other": "x"}}, Truth.MAYBE),
    ({"StringEquals": {MISSING: "x"}}, Truth.NO),
    ({"stringequals": {MISSING.upper(): "x"}}, Truth.NO),
    ({"StringEquals": {"aws:Other": "x", MISSING: "x"}}, Truth.NO),
    ({"StringNotEquals": {MISSING: "x"}}, Truth.YES),
    ({"StringNotEquals": {MISSING: "x"}, "StringEquals": {"aws:Other": "x"}}, Truth.MAYBE),
    ({"StringNotEquals": {MISSING: "x"}, "StringEquals": {MISSING: "x"}}, Truth.NO),
    ({"StringEqualsIfExists": {MISSING: "x"}}, Truth.YES),
    ({"StringNotEqualsIfExists": {MISSING: "x"}}, Truth.YES),
    ({"ForAllValues:StringEquals": {MISSING: "x"}}, Truth.YES),
    ({"ForAnyValue:StringEquals": {MISSING: "x"}}, Truth.NO),
    ({"ForAnyValue:StringNotEquals": {MISSING: "x"}}, Truth.NO),
    ({"ForAnyValue:StringEqualsIfExists": {MISSING: "x"}}, Truth.MAYBE),
    ({"NewOperator": {MISSING: "x"}}, Truth.MAYBE),
    ({"Some:StringEquals": {MISSING: "x"}}, Truth.MAYBE),
    ({"Some:StringNotEquals": {MISSING: "x"}}, Truth.MAYBE),
    ({"Some:ForAnyValue:StringEquals": {MISSING: "x"}}, Truth.MAYBE),
    ({":StringEquals": {MISSING: "x"}}, Truth.MAYBE),
    ({"Some:Null": {MISSING: "true"}}, Truth.MAYBE),
    ({"Null": {MISSING: "true"}}, Truth.YES),
    ({"Null": {MISSING: True}}, Truth.YES),
    ({"Null": {MISSING: ["TRUE"]}}, Truth.YES),
    ({"Null": {MISSING: "false"}}, Truth.NO),
    ({"Null": {MISSING: ["false"]}}, Truth.NO),
    ({"Null": {MISSING: ["true", "false"]}}, Truth.MAYBE),
    ({"Null": {MISSING: "x"}}, Truth.MAYBE),
    ({"Null": {MISSING: UNKNOWN}}, Truth.MAYBE),
    ({"Null": {"aws:Other": "false"}}, Truth.MAYBE),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=[str(case[0]) for case in CONDITIONS])
def test_whether_it_is_met(condition: Any, expected: Truth) -> None:
    assert is_met(condition, NEVER_PRESENT) is expected
