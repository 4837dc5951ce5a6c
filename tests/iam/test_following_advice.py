"""Whoever does what a message says is rid of what it is about: for the tables of the other tests, and random policies."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations
from random import Random
from typing import Any, Final

import pytest

from cloudtrail_logs.iam.document import Json, read_document
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.value import UNKNOWN

from ..repeatable import parts, repeatable_random
from ..rules.trails import ACCOUNT, trail
from .following_advice import advice_followed
from .random_policies import RandomPolicies, decoded
from .test_denial import CASES, permissions
from .test_trust import CLOUDTRAIL, EXTERNAL_ID, LAMBDA, WHY, all_but, document, keep, let

PLACE: Final = DeliveryPlace("aws", "us-east-1", ACCOUNT, "audit")
TRUSTING = document(let(CLOUDTRAIL))
ALL = permissions({"Effect": "Allow", "Action": "*", "Resource": "*"})


@pytest.mark.parametrize("held", [held for held, _ in CASES], ids=[why[:60] for _, why in CASES])
def test_the_advice_on_permissions(held: Permissions) -> None:
    assert advice_followed(trail(), DeliveryRole("delivery", TRUSTING, held), PLACE)


@pytest.mark.parametrize("trust", [trust for trust, _, _ in WHY], ids=[why for _, why, _ in WHY])
def test_the_advice_on_trust(trust: Any) -> None:
    assert advice_followed(trail(), DeliveryRole("delivery", trust, ALL), PLACE)


TRUST_STATEMENTS = (
    *(let(CLOUDTRAIL), let(LAMBDA), let(CLOUDTRAIL, Action="sts:TagSession"), let(CLOUDTRAIL, Condition=EXTERNAL_ID)),
    *(keep(CLOUDTRAIL), keep(CLOUDTRAIL, Action="sts:TagSession"), keep(CLOUDTRAIL, Resource="*"), keep("*")),
    *(all_but(CLOUDTRAIL), all_but(LAMBDA), all_but(LAMBDA, "Deny"), {**all_but(LAMBDA), "Action": "sts:TagSession"}),
    *({**let(CLOUDTRAIL), "Action": UNKNOWN}, {**let(CLOUDTRAIL), "Effect": UNKNOWN}),
    *(
        {"Effect": "Allow", "Principal": CLOUDTRAIL, "NotAction": excluded}
        for excluded in (["sts:TagSession", "sts:AssumeRole"], "sts:assumerole", ["sts:*", "sts:AssumeRole"], "iam:*")
    ),
)


def test_the_advice_on_any_three_statements_of_trust() -> None:
    followed: Counter[int] = Counter()
    for statements in permutations(TRUST_STATEMENTS, 3):
        role = DeliveryRole("delivery", document(*statements), ALL)
        followed[len(advice_followed(trail(), role, PLACE))] += 1
    assert followed[1] > 100
    assert followed[2] > 100


@pytest.mark.parametrize("part", parts(8))
def test_the_advice_on_random_policies(part: int) -> None:
    random = repeatable_random(f"advice {part}")
    followed: Counter[str] = Counter()
    for _ in range(150):
        policies = RandomPolicies(random)
        place = DeliveryPlace(
            policies.place.partition, policies.place.region, policies.place.account, policies.place.name
        )
        role = DeliveryRole("delivery", TRUSTING, random_permissions(policies))
        for text in advice_followed(trail(organization=random.choice([True, False, UNKNOWN])), role, place):
            followed[text.rpartition(". ")[2].split()[0]] += 1
    assert all(followed[word] > 0 for word in ("Add", "Allow", "Detach", "Exclude", "Remove", "Set")), followed


def random_permissions(policies: RandomPolicies) -> Permissions:
    random = policies.random
    grants = [
        Grant(f'policy "{number}"', read_document(changed(each, random)), editable=random.random() < 0.8)
        for number, each in enumerate(decoded(policies.documents(3)))
    ]
    if random.random() < 0.75:
        return Permissions(tuple(grants), True, None)
    return Permissions(tuple(grants[1:]), True, replace(grants[0], name="the permissions boundary"))


def changed(document: Json, random: Random) -> Json:
    """The document without names of statements, which may be the same, some of them on a condition that is never met."""
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        statement.pop("Sid", None)
        if random.random() < 0.1:
            statement["Condition"] = {"StringEquals": {"aws:SourceArn": "*"}}
        if "NotAction" in statement and random.random() < 0.5:
            statement["NotAction"] = random.sample(["iam:*", "logs:PutLogEvents", "LOGS:createLogStream", "s3:Get*"], 2)
    return document
