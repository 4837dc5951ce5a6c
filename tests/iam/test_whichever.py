"""What is denied whichever organization, account or region it is: single cases, and random policies.

The random ones are compared with what a published evaluator of policies answers for every value that they name, and for
others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from cloudtrail_logs.iam.document import Json, read_document
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams, stream_name
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.iam.whichever import denied_whichever
from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.value import UNKNOWN, Text
from cloudtrail_logs.rules.role_can_deliver import judge_role

from ..repeatable import parts, repeatable_random
from ..rules.trails import trail
from .published_evaluator import PublishedEvaluator
from .random_policies import (
    ACCOUNTS,
    ORGANIZATIONS,
    PARTITIONS,
    REGIONS,
    Place,
    PoliciesOfOneOrganization,
    RandomPolicies,
)
from .test_evaluation_properties import TAILS as ALL_TAILS
from .test_evaluation_properties import granted, members_named, samples

CREATE, PUT = ACTIONS
ACCOUNT = "111111111111"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:ct"
STREAMS = f"{GROUP}:log-stream:"
A, B = "o-aaaaaaaaaa", "o-bbbbbbbbbb"


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any) -> dict[str, Any]:
    return allow(action, resource, Effect="Deny")


def of(organization: str, digits: str = "") -> str:
    return f"{STREAMS}{organization}_{digits}*"


def in_account(account: str, region: str = "us-east-1") -> str:
    return f"arn:aws:logs:{region}:{account}:log-group:ct:*"


OWN = allow("*", f"{STREAMS}{ACCOUNT}_*")
MEMBER, REGIONAL = "_MEMBER_CloudTrail_us-east-1", "_CloudTrail_us-east-1"
PERHAPS = {"Condition": {"Bool": {"aws:Other": "x"}}}
KNOWN = ("aws", "us-east-1", ACCOUNT, "ct")
NOWHERE = ("aws", UNKNOWN, UNKNOWN, "ct")
Answer = tuple[str, dict[str, str]] | None
CASES: list[tuple[str, tuple[Text, ...], list[Any], Answer]] = [
    ("one organization", KNOWN, [OWN, allow("*", of(A))], None),
    ("one organization for each action", KNOWN, [OWN, allow(CREATE, of(A)), allow(PUT, of(B))], ("organization o-aaaaaaaaaa", {PUT: A + MEMBER})),
    ("both for one of them", KNOWN, [OWN, allow(CREATE, of(A)), allow("*", of(B))], None),
    ("one organization for each digit", KNOWN, [OWN, allow("*", [of(f"o-{digit * 10}", digit) for digit in "0123456789"])], ("organization o-0000000000", dict.fromkeys(ACTIONS, f"o-0000000000{MEMBER}"))),
    ("one organization for all digits", KNOWN, [OWN, allow("*", [of(A, digit) for digit in "0123456789"])], None),
    ("any organization beside them", KNOWN, [OWN, allow(CREATE, of(A)), allow(PUT, of(B)), allow(PUT, of("o-*"))], None),
    ("any other organization", KNOWN, [OWN, allow("*", "*"), deny(CREATE, of(A)), deny(PUT, of(B))], None),
    ("allowed and denied for one organization", KNOWN, [OWN, allow("*", of(A)), deny(PUT, of(A))], ("organization o-aaaaaaaaaa", {PUT: A + MEMBER})),
    ("all but an organization that is allowed again", KNOWN, [OWN, {"Effect": "Allow", "Action": "*", "NotResource": of(A)}, allow(CREATE, of(A))], None),
    ("denied for an organization, allowed for that only", KNOWN, [OWN, {"Effect": "Allow", "Action": PUT, "NotResource": of(A)}, allow(CREATE, of(A))], ("organization o-aaaaaaaaaa", {PUT: A + MEMBER})),
    ("on a condition", KNOWN, [OWN, allow(CREATE, of(A)), allow(PUT, of(B), **PERHAPS)], ("organization o-aaaaaaaaaa", {PUT: A + MEMBER})),
    ("perhaps for the other one too", KNOWN, [OWN, allow("*", of(A), **PERHAPS), allow(PUT, of(B))], None),
    ("perhaps for any", KNOWN, [OWN, allow(CREATE, of(A)), allow(PUT, [of(B), UNKNOWN])], None),
    ("a beginning of an id", KNOWN, [OWN, allow(CREATE, of(A)), allow(PUT, f"{STREAMS}o-a*")], None),
    ("a variable for the id", KNOWN, [OWN, allow(CREATE, of(A)), allow(PUT, f"{STREAMS}o-${{aws:PrincipalTag/{B}_}}_*")], None),
    ("a log group whose name has the id", ("aws", "us-east-1", ACCOUNT, f"{A}_"), [allow(CREATE, f"arn:aws:logs:*:*:log-group:{A}_*"), allow(PUT, f"arn:*:log-group:*:log-stream:{B}_*"), allow(PUT, "arn:*_111111111111_*"), allow(PUT, f"arn:*:log-group:{A}_:log-stream:*_0*", **PERHAPS)], None),
    ("a log group of unknown name", (*KNOWN[:3], UNKNOWN), [OWN, allow("*", f"arn:*:log-stream:{ACCOUNT}_*"), allow(CREATE, f"arn:*_{A}_*"), allow(PUT, f"arn:*:{B}_*")], None),
    ("an id in the name of a variable", KNOWN, [OWN, allow("*", f"{STREAMS}o-${{aws:PrincipalTag/{A}_}}_*"), deny("*", [of(A), of(B)])], None),
    ("a region that is not known", ("aws", UNKNOWN, ACCOUNT, "ct"), [allow("*", f"arn:*:log-stream:{ACCOUNT}_*"), allow(CREATE, f"arn:*:{A}_*"), allow(PUT, f"arn:*:{B}_*")], None),
    ("no id", KNOWN, [OWN, allow("*", of("o-*"), **PERHAPS)], None),
    ("an account", ("aws", "us-east-1", UNKNOWN, "ct"), [allow("*", in_account(ACCOUNT))], None),
    ("an account for each action", ("aws", "us-east-1", UNKNOWN, "ct"), [allow(CREATE, in_account(ACCOUNT)), allow(PUT, in_account("222222222222"))], (f"account {ACCOUNT}", {PUT: ACCOUNT + REGIONAL})),
    ("an account for each action, in the names of streams", ("aws", "us-east-1", UNKNOWN, "ct"), [allow(CREATE, f"arn:aws:logs:*:*:log-group:ct:log-stream:{ACCOUNT}_*"), allow(PUT, "arn:aws:logs:*:*:log-group:ct:log-stream:222222222222_*")], (f"account {ACCOUNT}", {PUT: ACCOUNT + REGIONAL})),
    ("an account in the ARN and another one in the names of streams", ("aws", "us-east-1", UNKNOWN, "ct"), [allow("*", in_account(ACCOUNT).replace(":*", ":log-stream:222222222222_*"))], (f"account {ACCOUNT}", dict.fromkeys(ACTIONS, ACCOUNT + REGIONAL))),
    ("two accounts", ("aws", "us-east-1", UNKNOWN, "ct"), [allow("*", [in_account(ACCOUNT), in_account("222222222222")])], None),
    ("a region for each action", NOWHERE, [allow(CREATE, in_account("*", "us-east-1")), allow(PUT, in_account("*", "eu-west-2"))], ("region us-east-1", {PUT: "ACCOUNT" + REGIONAL})),
    ("a region", NOWHERE, [allow("*", in_account("*", "us-east-1"))], None),
    ("an account whose partition has a name like a region's", (UNKNOWN, UNKNOWN, ACCOUNT, "ct"), [allow(CREATE, "arn:aws-us-gov:logs:us-east-1:*"), allow(PUT, "arn:aws-us-gov:logs:*:*")], None),
    ("an account for each action, of a log group of unknown name", ("aws", "us-east-1", UNKNOWN, UNKNOWN), [allow(CREATE, in_account(ACCOUNT)), allow(PUT, in_account("222222222222"))], None),
]  # fmt: skip


@pytest.mark.parametrize(("place", "statements", "answer"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])  # fmt: skip
def test_what_is_denied_whichever_it_is(place: Any, statements: list[Any], answer: Answer) -> None:
    document = read_document({"Version": "2012-10-17", "Statement": statements})
    streams = log_streams(place[0], place[1], place[2], place[3], of_organization=place[2] is not UNKNOWN)
    found = denied_whichever(Permissions((Grant("p", document),), True, None), ACTIONS, streams)
    assert (found and (found.value, refused(found.answers))) == answer


def refused(answers: Any) -> dict[str, str]:
    return {action: stream_name(answer.refused) for action, answer in answers.items() if answer.refused}


def test_a_boundary_counts_too() -> None:
    def found(allowed: str, *boundary: Json) -> str | None:
        permissions = granted([{"Statement": [OWN, allow("*", allowed)]}], {"Statement": [OWN, *boundary]})
        example = denied_whichever(permissions, ACTIONS, log_streams(*KNOWN, of_organization=True))
        return example.value if example else None

    assert found(of(A), allow("*", of(B))) == f"organization {A}"
    assert found(of(A), allow("*", of("o-*"))) is None
    assert found("*", allow(CREATE, of(A)), allow(PUT, of(B))) == f"organization {A}"
    assert found("*", allow(CREATE, of(A)), allow(PUT, of(A))) is None


@pytest.mark.parametrize(("count", "found"), [(20, True), (21, False)])
def test_only_so_many_values_are_asked_about(count: int, found: bool) -> None:
    named = [of(f"o-{number:010}") for number in range(count)]
    statements = [OWN, allow(CREATE, named[: count // 2]), allow(PUT, named[count // 2 :])]
    answer = denied_whichever(granted([{"Statement": statements}]), ACTIONS, log_streams(*KNOWN, of_organization=True))
    assert (answer is not None) is found


# --- random policies

MEMBERS = (*(digit * 12 for digit in "0123456789"), ACCOUNTS[1])
TAILS = ("", "0", "7", "10", "55")


def denied_for(evaluator: PublishedEvaluator, place: Place, members: Sequence[str], tails: Sequence[str]) -> bool:
    """Whether the published evaluator denies something on the streams of one trail."""
    streams = samples(place, members, tails)
    return not all(evaluator.allows(action, stream) for action in ACTIONS for stream in streams)


@pytest.mark.parametrize("part", parts(4))
@pytest.mark.parametrize(
    ("unknown", "values"),
    [
        ("organization", (*ORGANIZATIONS, "o-zzzzzzzzzz")),
        ("account", (*ACCOUNTS, "999999999999")),
        ("region", (*REGIONS, "ap-southeast-3")),
    ],
)
def test_it_is_wrong_where_something_is_denied_for_every_value(
    unknown: str, values: tuple[str, ...], part: int
) -> None:
    random = repeatable_random(f"whichever {unknown} {part}")
    members = MEMBERS if unknown == "organization" else ()
    answers: Counter[bool] = Counter()
    together = 0
    for _ in range(25 if unknown == "organization" else 120):
        place = Place(PARTITIONS[0], REGIONS[0], ACCOUNTS[0], "ct", ORGANIZATIONS[0])
        policies = PoliciesOfOneOrganization(random, place)
        policies.varying = {unknown}
        document = policies.document()
        if unknown == "organization" and random.random() < 0.7:
            document["Statement"].append(allow("*", f"arn:*:log-group:ct:log-stream:{place.account}_*"))
        evaluator = PublishedEvaluator([document])
        possible = [Place(**{**vars(place), unknown: value}) for value in values]
        expected = all(denied_for(evaluator, each, members, TAILS) for each in possible)
        known = {
            name: UNKNOWN if name == unknown else vars(place)[name]
            for name in ("partition", "region", "account", "name")
        }
        role = DeliveryRole("delivery", UNKNOWN, granted([document]))
        problems = judge_role(trail(organization=unknown == "organization"), role, DeliveryPlace(**known)).problems
        answers[expected] += 1
        together += any("for any other" in problem.text for problem in problems)
        assert bool(problems) == expected, json.dumps(document)
    assert min(answers.values()) > 2, answers
    assert together > 0


@pytest.mark.parametrize("part", parts(4))
def test_it_is_never_wrong_where_nothing_is_denied_for_some_value(part: int) -> None:
    random = repeatable_random(f"whichever, any policies {part}")
    together = 0
    for _ in range(40):
        policies = RandomPolicies(random)
        documents = [PoliciesOfOneOrganization(random, policies.place).document()]
        documents[0]["Statement"] += [policies.statement(), allow("*", f"arn:*:log-stream:{policies.place.account}_*")]
        hidden = {name for name in ("region", "account") if random.random() < 0.3}
        known = {name: UNKNOWN if name in hidden else value for name, value in vars(policies.place).items()}
        del known["organization"]
        role = DeliveryRole("delivery", UNKNOWN, granted(documents))
        problems = judge_role(trail(organization=True), role, DeliveryPlace(**known)).problems
        if not any("for any other" in problem.text for problem in problems):
            continue  # test_evaluation_properties.py is about the others
        together += 1
        evaluator = PublishedEvaluator(documents)
        members = [*MEMBERS, *members_named(documents)]
        for organization in (*ORGANIZATIONS, "o-zzzzzzzzzz"):
            for region in REGIONS if "region" in hidden else (policies.place.region,):
                for account in ACCOUNTS if "account" in hidden else (policies.place.account,):
                    place = Place(policies.place.partition, region, account, policies.place.name, organization)
                    assert denied_for(evaluator, place, members, ALL_TAILS), f"{place}: {json.dumps(documents)}"
    assert together > 0
