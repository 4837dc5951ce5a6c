"""What is plain at a glance: only what the whole evaluation allows too, and the usual roles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.iam.document import Unreadable
from cloudtrail_logs.iam.evaluation import allows
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.plain_grant import plainly_allows
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.value import UNKNOWN, Truth

from ..repeatable import repeatable_random
from .random_policies import ACTIONS, Place, RandomPolicies, hidden, leaves
from .test_evaluation_properties import granted, streams

PLACE = Place("aws", "us-east-1", "111111111111", "ct", "o-abcdefghij")
GROUP = PLACE.group


def statement(**changes: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Action": list(ACTIONS), "Resource": f"{GROUP}:*", **changes}
    return {name: value for name, value in usual.items() if value is not None}


def role(*statements: dict[str, Any]) -> Permissions:
    return granted([{"Version": "2012-10-17", "Statement": list(statements)}])


CREATE, PUT = ({"Action": action} for action in ACTIONS)
WHOLE = role(statement())
UNTOLD = Grant("other", UNKNOWN)
CASES: list[tuple[str, Permissions, bool]] = [
    ("both actions on the log group", WHOLE, True),
    ("on its streams", role(statement(Resource=f"{GROUP}:log-stream:*")), True),
    ("on everything", role(statement(Resource=["arn:aws:s3:::b", "*"])), True),
    ("all actions of the service", role(statement(Action="logs:*")), True),
    ("all actions", role(statement(Action=["s3:Get*", "*"])), True),
    ("in two statements", role(statement(**CREATE), statement(**PUT, Resource="*")), True),
    ("in two policies", replace(WHOLE, grants=(*role(statement(**CREATE)).grants, *role(statement(**PUT)).grants)), True),
    ("beside what IAM refuses", replace(WHOLE, grants=(*WHOLE.grants, Grant("r", Unreadable("is none")))), True),
    ("one action", role(statement(**CREATE)), False),
    ("the other action", role(statement(**PUT)), False),
    ("all actions but some", role(statement(Action=None, NotAction="s3:*")), False),
    ("an action that is not known", role(statement(Action=[ACTIONS[0], UNKNOWN])), False),
    ("a pattern of actions", role(statement(Action="logs:*Log*")), False),
    ("the log group itself", role(statement(Resource=GROUP)), False),
    ("another log group", role(statement(Resource=f"{GROUP}2:*")), False),
    ("all resources but some", role(statement(Resource=None, NotResource=f"{GROUP}:*")), False),
    ("a resource that is not known", role(statement(Resource=UNKNOWN)), False),
    ("a condition", role(statement(Condition={})), False),
    ("a principal", role(statement(Principal="*")), False),
    ("no principal but some", role(statement(NotPrincipal="*")), False),
    ("a Deny beside it", role(statement(), statement(Effect="Deny", Resource="arn:aws:s3:::b")), False),
    ("what may be a Deny beside it", role(statement(), statement(Effect=UNKNOWN)), False),
    ("a document that is not known beside it", replace(WHOLE, grants=(*WHOLE.grants, UNTOLD)), False),
    ("a policy that it may not have", replace(WHOLE, grants=(replace(WHOLE.grants[0], held=Truth.MAYBE),)), False),
    ("more that is not known", replace(WHOLE, complete=False), False),
    ("a boundary", replace(WHOLE, boundary=WHOLE.grants[0]), False),
    ("no policy", Permissions((), True, None), False),
]  # fmt: skip


@pytest.mark.parametrize(("permissions", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_plain(permissions: Permissions, expected: bool) -> None:
    assert plainly_allows(permissions, ACTIONS, GROUP) is expected


def test_whatever_is_plain_is_allowed() -> None:
    random, plain = repeatable_random("plain"), 0
    for _ in range(6_000):
        policies = RandomPolicies(random)
        documents = policies.documents(2)
        if random.random() < 0.2:
            documents = [each for each in documents if isinstance(each, dict)]
            places = list(leaves(documents))
            documents = hidden(documents, random.choice(places)) if places else documents
        permissions = granted(documents)
        if plainly_allows(permissions, ACTIONS, policies.place.group):
            plain += 1
            for of_organization in (False, True):
                answers = [allows(permissions, action, streams(policies.place, of_organization)) for action in ACTIONS]
                assert [answer.allowed for answer in answers] == [Truth.YES, Truth.YES], documents
    assert plain > 50
