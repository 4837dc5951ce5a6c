"""What a role may do, by thousands of random documents, compared with what a published evaluator of policies answers.

A role's answer for all streams of a trail is compared with the published evaluator's answers for its single streams,
and an answer about something unknown with those for what it may turn out to be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from cloudtrail_logs.iam.document import Json, read_document
from cloudtrail_logs.iam.evaluation import allows, near
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.iam.wildcard import AnyDigits, Subject
from cloudtrail_logs.model.value import UNKNOWN, Truth, Unset

from ..repeatable import parts, repeatable_random
from .published_evaluator import PublishedEvaluator
from .random_policies import (
    ACCOUNTS,
    ACTIONS,
    NAMES,
    REGIONS,
    Path,
    Place,
    PoliciesAboutDigits,
    RandomPolicies,
    decoded,
    hidden,
    leaves,
    replaced,
)

TAILS = ("", *"0123456789", *(f"{number:02}" for number in range(100)))
FEW_TAILS = ("", "0", "1", "2", "9", "00", "10", "11", "15", "21", "99")
PLACE = Place("aws", "us-east-1", "111111111111", "ct", "o-abcdefghij")
STREAM = PLACE.stream()
PARTS = parts(8)


def granted(documents: Sequence[Json], boundary: Json = None) -> Permissions:
    return Permissions(
        tuple(Grant(f"policy {number}", read_document(document)) for number, document in enumerate(documents)),
        complete=True,
        boundary=None if boundary is None else Grant("the boundary", read_document(boundary)),
    )


def truth(known: bool) -> Truth:
    return Truth.YES if known else Truth.NO


def streams(place: Place, of_organization: bool = False) -> tuple[Subject, ...]:
    return log_streams(place.partition, place.region, place.account, place.name, of_organization)


def samples(place: Place, members: Sequence[str] = (), tails: Sequence[str] = TAILS) -> list[str]:
    """Single streams of a trail: of its own account, and of some members of its organization."""
    return [place.stream(tail, member) for member in (None, *members) for tail in tails]


def some_members(random: Random) -> list[str]:
    return [*(digit * 12 for digit in "0257"), ACCOUNTS[1], "".join(random.choice("0123456789") for _ in range(12))]


# --- One stream


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([{"Effect": "Allow", "Action": "LOGS:putlogEVENTS", "Resource": "*"}], True),
        ([{"Effect": "Allow", "Action": "logs:Put?ogEvents", "Resource": STREAM}], True),
        ([{"Effect": "Allow", "Action": "logs:PutLogEvents?", "Resource": STREAM}], False),
        ([{"Effect": "Allow", "Action": "logs:*", "Resource": STREAM.upper()}], False),
        ([{"Effect": "Allow", "Action": "logs:*", "Resource": "arn:*:log-group:c?:*"}], True),
        ([{"Effect": "Allow", "Action": "logs:*", "Resource": PLACE.group}], False),
        ([{"Effect": "Allow", "Action": "logs:*", "Resource": f"{PLACE.group}:*"}], True),
        ([{"Effect": "Allow", "NotAction": "logs:Create*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": ["s3:*", "logs:put*"], "Resource": "*"}], False),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{PLACE.group}:*"}], False),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{PLACE.group}-2:*"}], True),
        ([{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "logs:P*", "Resource": "*"}], False),
        ([{"Effect": "Deny", "Action": "*", "NotResource": "*"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}], True),
        ([{"Effect": "Deny", "NotAction": "logs:*", "Resource": "*"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}], True),
    ],
)  # fmt: skip
def test_both_evaluators_read_the_documented_rules(statements: list[Json], allowed: bool) -> None:
    documents = [{"Version": "2012-10-17", "Statement": statements}]
    assert PublishedEvaluator(documents).allows("logs:PutLogEvents", STREAM) is allowed
    assert allows(granted(documents), "logs:PutLogEvents", [Subject((STREAM,))]).allowed is truth(allowed)


@pytest.mark.parametrize("part", PARTS)
def test_a_stream_is_allowed_where_the_published_evaluator_allows_it(part: int) -> None:
    random = repeatable_random(f"one stream {part}")
    compared = 0
    answers: Counter[bool] = Counter()
    while compared < 1300:
        policies = RandomPolicies(random)
        documents = policies.documents()
        boundary = policies.document() if random.random() < 0.25 else None
        compared += len(documents)
        evaluator = PublishedEvaluator(documents, boundary)
        permissions = granted(documents, boundary)
        for action in ACTIONS:
            for stream in (policies.place.stream(), policies.stream(), policies.stream()):
                expected = evaluator.allows(action, stream)
                answers[expected] += 1
                answer = allows(permissions, action, [Subject((stream,))]).allowed
                assert answer is truth(expected), f"{action} on {stream}: {json.dumps([documents, boundary])}"
    assert min(answers.values()) > 0.2 * sum(answers.values()), "the documents are too much alike"


@pytest.mark.parametrize("element", ["Action", "Resource"])
def test_a_statement_with_an_empty_list_grants_and_denies_nothing(element: str) -> None:
    # The published evaluator takes an empty list for a missing element, so it cannot say.
    everything = {"Action": "*", "Resource": "*"}
    empty = {**everything, element: []}
    for effect, others, allowed in (("Allow", [], False), ("Deny", [{"Effect": "Allow", **everything}], True)):
        document = {"Statement": [{"Effect": effect, **empty}, *others]}
        assert allows(granted([document]), ACTIONS[0], [Subject((STREAM,))]).allowed is truth(allowed)


def test_a_policy_variable_is_plain_text_only_where_the_version_says_so() -> None:
    # The published evaluator always takes one for plain text. No ARN has such a text.
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:*:log-group:${aws:username}:*"}
    for version, expected in (("2012-10-17", Truth.MAYBE), ("2008-10-17", Truth.NO)):
        document = {"Version": version, "Statement": statement}
        assert allows(granted([document]), ACTIONS[0], [Subject((STREAM,))]).allowed is expected


@pytest.mark.parametrize("part", PARTS)
def test_a_boundary_allows_only_what_both_sides_allow(part: int) -> None:
    random = repeatable_random(f"boundary {part}")
    for _ in range(50):
        policies = RandomPolicies(random)
        documents, boundary = policies.documents(2), policies.document()
        for subjects in (streams(policies.place), streams(policies.place, True), [Subject((policies.stream(),))]):
            both = allows(granted(documents, boundary), ACTIONS[0], subjects).allowed
            sides = {
                allows(granted(documents), ACTIONS[0], subjects).allowed,
                allows(granted([boundary]), ACTIONS[0], subjects).allowed,
            }
            assert both is (Truth.NO if Truth.NO in sides else Truth.MAYBE if Truth.MAYBE in sides else Truth.YES)


# --- All streams of a trail


@pytest.mark.parametrize("part", PARTS)
def test_all_streams_of_an_account_are_allowed_where_each_is(part: int) -> None:
    random = repeatable_random(f"own streams {part}")
    answers: Counter[bool] = Counter()
    for _ in range(80):
        policies = RandomPolicies(random)
        documents = policies.documents(3)
        boundary = policies.document() if random.random() < 0.2 else None
        evaluator = PublishedEvaluator(documents, boundary)
        expected = all(evaluator.allows(ACTIONS[1], stream) for stream in samples(policies.place))
        answers[expected] += 1
        answer = allows(granted(documents, boundary), ACTIONS[1], streams(policies.place))
        assert answer.allowed is truth(expected), f"{policies.place}: {json.dumps([documents, boundary])}"
        if answer.refused:
            assert any(not evaluator.allows(ACTIONS[1], stream) for stream in single_streams(answer.refused, TAILS))
    assert min(answers.values()) > 5, "the documents are too much alike"


@pytest.mark.parametrize("part", PARTS)
def test_all_streams_of_an_organization_are_allowed_where_each_is(part: int) -> None:
    random = repeatable_random(f"streams of an organization {part}")
    answers: Counter[Truth] = Counter()
    for _ in range(60):
        policies = RandomPolicies(random)
        documents = policies.documents(3)
        evaluator = PublishedEvaluator(documents)
        subjects = tuple(known_organization(subject, policies.place) for subject in streams(policies.place, True))
        answer = allows(granted(documents), ACTIONS[1], subjects)
        answers[answer.allowed] += 1
        where = f"{policies.place}: {json.dumps(documents)}"
        if answer.refused:
            assert any(not evaluator.allows(ACTIONS[1], stream) for stream in single_streams(answer.refused, TAILS)), (
                where
            )
        else:
            # A maybe is right only for what is known of no single member: the accounts that there may be are too many.
            members = [*some_members(random), *members_named(documents)]
            tried = samples(policies.place, members, FEW_TAILS)
            assert all(evaluator.allows(ACTIONS[1], stream) for stream in tried), where
    assert answers[Truth.MAYBE] <= 3
    assert answers[Truth.YES] > 2
    assert answers[Truth.NO] > 20


@pytest.mark.parametrize("part", PARTS)
def test_the_streams_under_load_are_told_apart_by_their_digits(part: int) -> None:
    random = repeatable_random(f"digits {part}")
    answers: Counter[bool] = Counter()
    for _ in range(60):
        policies = PoliciesAboutDigits(random)
        documents = policies.documents(2)
        evaluator = PublishedEvaluator(documents)
        expected = all(evaluator.allows(ACTIONS[1], stream) for stream in samples(policies.place))
        answers[expected] += 1
        answer = allows(granted(documents), ACTIONS[1], streams(policies.place))
        assert answer.allowed is truth(expected), f"{policies.place}: {json.dumps(documents)}"
        if answer.refused:
            assert any(not evaluator.allows(ACTIONS[1], stream) for stream in single_streams(answer.refused, TAILS))
    assert min(answers.values()) > 3, "the documents are too much alike"


def known_organization(stream: Subject, place: Place) -> Subject:
    """A stream with the id of the organization in place of the gap for it."""
    return Subject(
        tuple(
            part if isinstance(part, (str, AnyDigits)) else place.organization.removeprefix("o-")
            for part in stream.parts
        )
    )


def single_streams(stream: Subject, tails: Sequence[str]) -> list[str]:
    """Single streams that a stream with fresh digits stands for."""
    results = [""]
    for part in stream.parts:
        assert isinstance(part, (str, AnyDigits))
        values = [part]
        if isinstance(part, AnyDigits):
            values = (
                [digit * 12 for digit in "0123456789"]
                if part.length == 12
                else [tail for tail in tails if len(tail) == part.length]
            )
        results = [result + value for result in results for value in values if isinstance(value, str)]
    return results


def members_named(documents: Sequence[Json]) -> set[str]:
    """Accounts of members that the documents' patterns single out."""
    patterns = json.dumps(documents).replace("?", "5").replace("*", "").replace('"', ":").split(":")
    return {digits for part in patterns for digits in part.split("_") if len(digits) == 12 and digits.isdecimal()}


# --- What is not known


@pytest.mark.parametrize("part", PARTS)
def test_an_answer_about_something_unknown_holds_whatever_it_turns_out_to_be(part: int) -> None:
    random = repeatable_random(f"unknown {part}")
    answers: Counter[Truth] = Counter()
    for _ in range(100):
        policies = RandomPolicies(random)
        documents = decoded(policies.documents(3))
        boundary = decoded([policies.document()])[0] if random.random() < 0.2 else None
        places = random.sample(list(leaves(documents)), k=1)
        # A second one where it is not within the first.
        places += [place for place in random.sample(list(leaves(documents)), k=1) if apart(place, places[0])]
        unknown = documents
        for place in places:
            unknown = hidden(unknown, place)
        possible = [documents, *(substituted(documents, places, policies) for _ in range(12))]
        for stream in (policies.place.stream(), policies.stream()):
            allowed = {PublishedEvaluator(each, boundary).allows(ACTIONS[0], stream) for each in possible}
            answer = allows(granted(unknown, boundary), ACTIONS[0], [Subject((stream,))]).allowed
            answers[answer] += 1
            assert answer is Truth.MAYBE or allowed == {answer is Truth.YES}, f"{stream} {places}: {documents}"
    assert min(answers[each] for each in Truth) > 10, "the documents are too much alike"


def apart(one: Path, other: Path) -> bool:
    """Whether neither is within the other."""
    return one[: len(other)] != other and other[: len(one)] != one


def substituted(documents: list[Json], places: Sequence[Path], policies: RandomPolicies) -> list[Json]:
    """The documents with something random of the right kind at the places."""
    for place in places:
        documents = replaced(documents, place, substitute(place, policies))
    return documents


def substitute(place: Path, policies: RandomPolicies) -> Json:
    last = place[-1]
    if len(place) == 1:
        return decoded([policies.document()])[0]
    if last == "Statement":
        return [policies.statement() for _ in range(policies.random.randint(1, 3))]
    if last == "Effect":
        return policies.random.choice(["Allow", "Deny"])
    if len(place) == 3 and isinstance(last, int):
        return policies.statement()
    about = [step for step in place if isinstance(step, str)][-1]
    one = policies.action() if about.endswith("Action") else policies.resource()
    return one if isinstance(last, int) or policies.random.random() < 0.5 else [one, policies.random.choice(["*", one])]


@pytest.mark.parametrize("part", PARTS)
def test_an_answer_about_an_unknown_place_holds_wherever_it_turns_out_to_be(part: int) -> None:
    random = repeatable_random(f"unknown place {part}")
    answers: Counter[Truth] = Counter()
    for _ in range(24):
        policies = RandomPolicies(random)
        documents = policies.documents(2)
        place = policies.place
        unknown = [random.random() < 0.5 for _ in range(3)]
        region, account, name = (
            UNKNOWN if hide else known
            for hide, known in zip(unknown, (place.region, place.account, place.name), strict=True)
        )
        answer = allows(
            granted(documents), ACTIONS[0], log_streams(place.partition, region, account, name, False)
        ).allowed
        answers[answer] += 1
        evaluator = PublishedEvaluator(documents)
        for possible in possible_places(place, region, account, name):
            if answer is not Truth.MAYBE:
                expected = all(evaluator.allows(ACTIONS[0], stream) for stream in samples(possible))
                assert answer is truth(expected), f"{possible}: {json.dumps(documents)}"
    assert min(answers[each] for each in Truth) > 0, "the documents are too much alike"


def possible_places(place: Place, region: str | Unset, account: str | Unset, name: str | Unset) -> list[Place]:
    return [
        Place(place.partition, one_region, one_account, one_name, place.organization)
        for one_region in ((region,) if isinstance(region, str) else (*REGIONS, "ap-southeast-3"))
        for one_account in ((account,) if isinstance(account, str) else (*ACCOUNTS, "999999999999"))
        for one_name in ((name,) if isinstance(name, str) else (*NAMES, "x"))
    ]


@pytest.mark.parametrize("part", PARTS)
def test_a_policy_that_the_role_may_have_counts_both_ways(part: int) -> None:
    random = repeatable_random(f"may have {part}")
    for _ in range(100):
        policies = RandomPolicies(random)
        certain, uncertain = policies.documents(2), policies.document()
        stream = Subject((policies.stream(),))
        grants = granted(certain).grants
        with_it = PublishedEvaluator([*certain, uncertain]).allows(ACTIONS[0], stream.text)
        without = PublishedEvaluator(certain).allows(ACTIONS[0], stream.text)
        for held, allowed in ((Truth.YES, {with_it}), (Truth.NO, {without}), (Truth.MAYBE, {with_it, without})):
            permissions = Permissions((*grants, Grant("another", read_document(uncertain), held)), True, None)
            answer = allows(permissions, ACTIONS[0], [stream]).allowed
            # Of a policy that the role may have, an Allow and a Deny may both apply: that is a maybe, although with it
            # the Deny wins, and without it nothing is granted.
            if held is not Truth.MAYBE or answer is not Truth.MAYBE:
                assert answer is not Truth.MAYBE
                assert allowed == {answer is Truth.YES}
        incomplete = allows(Permissions(grants, False, None), ACTIONS[0], [stream]).allowed
        assert incomplete is Truth.MAYBE or denied(certain, stream.text)
        assert incomplete is not Truth.YES


def denied(documents: list[Json], stream: str) -> bool:
    """Whether a Deny says so: what no further policy changes."""
    everything = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    return not PublishedEvaluator([*documents, everything]).allows(ACTIONS[0], stream)


# --- What makes no difference


@pytest.mark.parametrize("part", PARTS)
def test_what_makes_no_difference(part: int) -> None:
    random = repeatable_random(f"no difference {part}")
    for _ in range(40):
        policies = RandomPolicies(random)
        documents = decoded(policies.documents(3))
        if random.random() < 0.4:
            documents = hidden(documents, random.choice([place for place in leaves(documents) if len(place) > 1]))
        boundary = policies.document() if random.random() < 0.2 else None
        subjects = random.choice(
            [
                streams(policies.place),
                streams(policies.place, True),
                log_streams(policies.place.partition, policies.place.region, UNKNOWN, policies.place.name, True),
                (Subject((policies.stream(),)),),
            ]
        )
        asked = granted(documents, boundary)
        expected = allows(asked, ACTIONS[0], subjects).allowed
        nowhere = log_streams(policies.place.partition, UNKNOWN, UNKNOWN, policies.place.name, True)
        first = near(asked, subjects)
        assert near(granted(documents, boundary), nowhere) == near(asked, nowhere), f"{documents} {boundary}"
        others = {
            "only near patterns, looked through": first,
            "only near patterns, looked up": near(asked, subjects),
            "an unrelated statement": granted(with_unrelated(documents, random), boundary),
            "an unrelated document": granted([*documents, {"Statement": unrelated(random, policies.place)}], boundary),
            "a document for each statement": granted(divided(documents), boundary),
            "another order": granted(documents[::-1], boundary),
            "a document twice": granted([*documents, documents[0]], boundary),
        }
        for difference, permissions in others.items():
            answer = allows(permissions, ACTIONS[0], subjects).allowed
            assert answer is expected, f"{difference}: {documents} {boundary}"


def unrelated(random: Random, place: Place) -> Json:
    """A statement about something else."""
    return random.choice(
        [
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Effect": "Deny", "Action": ["s3:*", "logs:Delete*"], "Resource": "*"},
            {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::bucket/*"},
            {"Effect": "Deny", "Action": "*", "Resource": [f"{place.group}-2:*", "arn:aws:s3:::*"]},
            {"Effect": "Deny", "NotAction": "logs:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "NotResource": "arn:*"},
            {
                "Effect": "Allow",
                "Action": "logs:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceArn": "*"}},
            },
        ]
    )


def with_unrelated(documents: list[Json], random: Random) -> list[Json]:
    changed = []
    for document in documents:
        statements = listed(document["Statement"])
        at = random.randint(0, len(statements))
        changed.append({**document, "Statement": [*statements[:at], unrelated(random, PLACE), *statements[at:]]})
    return changed


def divided(documents: list[Json]) -> list[Json]:
    """A document for each statement."""
    return [
        {**document, "Statement": statement} for document in documents for statement in listed(document["Statement"])
    ]


def listed(statements: Json) -> list[Json]:
    return statements if isinstance(statements, list) else [statements]


@pytest.mark.parametrize("part", PARTS)
def test_a_document_reads_the_same_as_json_text_and_as_a_value(part: int) -> None:
    random = repeatable_random(f"text {part}")
    for _ in range(100):
        (document,) = decoded([RandomPolicies(random).document()])
        assert read_document(json.dumps(document, indent=random.choice([None, 2]))) == read_document(document)


# --- Streams that a single pattern or a single digit does not decide

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
EVERY_DIGIT = [f"{STREAM}_{digit}*" for digit in "0123456789"]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([{"Effect": "Allow", "Action": "*", "Resource": [STREAM, *EVERY_DIGIT]}], Truth.YES),
        ([ALL, {"Effect": "Deny", "Action": "*", "NotResource": [STREAM, *EVERY_DIGIT]}], Truth.YES),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{STREAM}_1?"}, {"Effect": "Allow", "Action": "*", "Resource": f"{STREAM}_10"}], Truth.NO),
        ([{"Effect": "Allow", "Action": "*", "NotResource": f"{STREAM}_1?"}, {"Effect": "Allow", "Action": "*", "NotResource": f"{STREAM}_?5"}], Truth.NO),
        ([ALL, {"Effect": "Deny", "Action": "*", "Resource": [*(f"{STREAM}_{number}" for number in range(100, 400)), f"{STREAM}_1"]}], Truth.NO),
    ],
    ids=[
        "allowed by one pattern for each digit",
        "spared by one pattern for each digit",
        "the first exception is granted, another is not",
        "two exceptions that meet in one stream",
        "a denied stream behind many other patterns",
    ],
)  # fmt: skip
def test_streams_that_no_single_pattern_decides(statements: list[Json], expected: Truth) -> None:
    document = {"Version": "2012-10-17", "Statement": statements}
    evaluator = PublishedEvaluator([document])
    assert all(evaluator.allows(ACTIONS[0], stream) for stream in samples(PLACE)) is (expected is Truth.YES)
    assert allows(granted([document]), ACTIONS[0], streams(PLACE)).allowed is expected


def test_a_denied_variable_before_a_digit_cannot_be_told() -> None:
    statements = [ALL, {"Effect": "Deny", "Action": "*", "Resource": "arn:*:${aws:username}_1"}]
    document = {"Version": "2012-10-17", "Statement": statements}
    assert allows(granted([document]), ACTIONS[0], [Subject((f"{STREAM}_1",))]).allowed is Truth.MAYBE
    assert allows(granted([document]), ACTIONS[0], streams(PLACE)).allowed is Truth.MAYBE
