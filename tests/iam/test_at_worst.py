"""What a role may do at worst: in random documents, what it may do however each doubt is settled."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest

from cloudtrail_logs.iam.at_worst import at_worst
from cloudtrail_logs.iam.document import Json, read_document
from cloudtrail_logs.iam.evaluation import allows
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.iam.wildcard import Subject
from cloudtrail_logs.model.reasons import Reason
from cloudtrail_logs.model.value import UNKNOWN, Truth
from tests.repeatable import parts, repeatable_random

from .published_evaluator import PublishedEvaluator
from .random_policies import ACTIONS, RandomPolicies, decoded

CONDITION = {"Bool": {"aws:SecureTransport": "true"}}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
MOST = 64  # ways to settle the doubts of one role


def doubtful(random: Random, document: Json) -> tuple[Json, list[list[list[Json]]]]:
    """A document with doubts, and for each statement the statements that it may turn out to be."""
    changed: Any = copy.deepcopy(decoded([document])[0])
    found = changed["Statement"] if isinstance(changed["Statement"], list) else [changed["Statement"]]
    settled: list[list[list[Json]]] = []
    for statement in found:
        plain = dict(statement)
        kind = random.random()
        if kind < 0.3:
            statement["Condition"] = CONDITION
            settled.append([[plain], []])
        elif kind < 0.4:
            statement["Effect"] = statement["Effect"].lower()
            settled.append([[{**plain, "Effect": "Allow"}], [{**plain, "Effect": "Deny"}], []])
        else:
            settled.append([[plain]])
    changed["Statement"] = found
    return changed, settled


def ways(settled: list[list[list[Json]]], version: Json) -> Iterator[Json]:
    """Each document that a doubtful one may turn out to be."""
    for chosen in product(*settled):
        yield {**version, "Statement": [statement for statements in chosen for statement in statements]}


@pytest.mark.parametrize("part", parts(4))
def test_it_is_what_is_allowed_however_the_doubts_are_settled(part: int) -> None:
    random = repeatable_random(f"at worst {part}")
    answers: Counter[tuple[Truth, bool]] = Counter()
    while sum(answers.values()) < 400:
        policies = RandomPolicies(random)
        roles = [doubtful(random, policies.document()) for _ in range(random.randint(1, 2))]
        contested = [random.random() < 0.2 for _ in roles]
        grants, choices = [], []
        for (document, settled), is_contested in zip(roles, contested, strict=True):
            held = Truth.MAYBE if is_contested else Truth.YES
            grants.append(Grant("p", read_document(document), held, why_maybe=Reason.HELD_CONTESTED))
            version = {name: value for name, value in document.items() if name == "Version"}
            choices.append([*ways(settled, version), *([{"Statement": []}] if is_contested else [])])
        if len(list(product(*choices))) > MOST:
            continue
        stream = policies.stream()
        permissions = Permissions(tuple(grants), True, None)
        worst = at_worst(permissions)
        assert worst
        each = {PublishedEvaluator(list(chosen)).allows(ACTIONS[0], stream) for chosen in product(*choices)}
        answer = allows(worst, ACTIONS[0], [Subject((stream,))]).allowed
        assert answer is (Truth.YES if each == {True} else Truth.NO), (permissions, stream)
        today = allows(permissions, ACTIONS[0], [Subject((stream,))]).allowed
        assert today is not Truth.YES or answer is Truth.YES
        assert today is not Truth.NO or answer is Truth.NO
        answers[today, answer is Truth.YES] += 1
    assert len(answers) == 3
    assert min(answers.values()) > 20


def held(*statements: Any, **changes: Any) -> Permissions:
    document = read_document({"Version": "2012-10-17", "Statement": list(statements)})
    return Permissions((Grant("p", document, **changes),), True, None)


STREAM = Subject(("arn:aws:logs:us-east-1:111111111111:log-group:ct:log-stream:x",))
VARIABLE = "arn:*:${aws:PrincipalTag/a}:*"
FOREIGN = Grant("q", UNKNOWN, why_unknown=Reason.CONTENT_ELSEWHERE)
WAITING = Grant("q", UNKNOWN)
WORST: list[tuple[str, Permissions, Truth | None]] = [
    ("all is certain", held(EVERYTHING), Truth.YES),
    ("a policy of another stack", Permissions((*held(EVERYTHING).grants, FOREIGN), True, None), None),
    ("a policy of another stack that it does not have", Permissions((*held(EVERYTHING).grants, replace(FOREIGN, held=Truth.NO)), True, None), Truth.YES),
    ("a policy that waits", Permissions((*held(EVERYTHING).grants, WAITING), True, None), Truth.MAYBE),
    ("a boundary of another stack", replace(held(EVERYTHING), boundary=FOREIGN), None),
    ("a boundary that waits", replace(held(EVERYTHING), boundary=WAITING), Truth.MAYBE),
    ("policies that wait", replace(held(EVERYTHING), complete=False), Truth.MAYBE),
    ("policies in an odd list", replace(held(EVERYTHING), complete=False, why_incomplete=Reason.POLICIES_UNREADABLE), None),
    ("a policy that it may have, which waits", held(EVERYTHING, held=Truth.MAYBE), Truth.MAYBE),
    ("a variable in what allows", held({**EVERYTHING, "Resource": VARIABLE}), Truth.NO),
    ("a variable in what denies", held(EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Resource": VARIABLE}), Truth.NO),
    ("a variable in what a Deny leaves out", held(EVERYTHING, {"Effect": "Deny", "Action": "*", "NotResource": ["*", VARIABLE]}), Truth.YES),
    ("a variable alone in what a Deny leaves out", held(EVERYTHING, {"Effect": "Deny", "Action": "*", "NotResource": VARIABLE}), Truth.NO),
    ("a variable in what an Allow leaves out", held({"Effect": "Allow", "Action": "*", "NotResource": VARIABLE}), Truth.NO),
    ("a number among the actions", held({**EVERYTHING, "Action": [7, "logs:*"]}), Truth.YES),
    ("a number for the actions of a Deny", held(EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Action": 7}), Truth.NO),
    ("a number for what an Allow leaves out", held({"Effect": "Allow", "NotAction": 7, "Resource": "*"}), Truth.NO),
    ("a number for what a Deny leaves out", held(EVERYTHING, {"Effect": "Deny", "NotAction": [7], "Resource": "*"}), Truth.NO),
    ("a Deny of no action", held(EVERYTHING, {"Effect": "Deny", "Resource": "*"}), Truth.NO),
    ("a Deny of a principal", held(EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Principal": "*"}), Truth.NO),
    ("an Allow of a principal", held({**EVERYTHING, "Principal": "*"}), Truth.NO),
    ("a condition that waits", held({**EVERYTHING, "Condition": {"Bool": {"a": UNKNOWN}}}), Truth.MAYBE),
    ("a condition that is never met", held(EVERYTHING, {**EVERYTHING, "Effect": "Deny", "Condition": {"StringEquals": {"aws:SourceArn": "x"}}}), Truth.YES),
]  # fmt: skip


@pytest.mark.parametrize(("permissions", "allowed"), [case[1:] for case in WORST], ids=[case[0] for case in WORST])
def test_each_doubt(permissions: Permissions, allowed: Truth | None) -> None:
    worst = at_worst(permissions)
    assert (worst and allows(worst, ACTIONS[0], [STREAM]).allowed) is allowed
