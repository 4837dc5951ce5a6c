"""Whoever does what a report says gets rid of the problem: the documents are changed as it says, and judged again."""

import json
from collections import Counter

from cloudtrail_logs.iam.denial import ACTIONS_PLACEHOLDER, explain_denial
from cloudtrail_logs.iam.evaluation import allows
from cloudtrail_logs.iam.log_streams import log_streams

from ..repeatable import parts, repeatable_random
from .following_advice import Document, followed
from .random_policies import ACTIONS, RandomPolicies, decoded
from .test_evaluation_properties import granted

_MOST_STEPS = 12
KINDS = ("Add ", "Remove logs", "Append ", "Set it to ", "Allow ", "Exclude ", "in a statement of its own")


EXCLUDING: Document = {"Statement": [{"Effect": "Allow", "NotAction": [ACTIONS[1], "s3:*"], "Resource": "*"}]}


def without_sids(document: Document) -> Document:
    """Statements that a report names by their places."""
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    kept = [{name: value for name, value in each.items() if name != "Sid"} for each in statements]
    return {**document, "Statement": kept}


def test_following_the_advice_ends_in_permission() -> None:
    random = repeatable_random("advice")
    seen: Counter[str] = Counter()
    for number in parts(400):
        policies = RandomPolicies(random)
        place = policies.place
        documents = [without_sids(each) for each in decoded(policies.documents())] if number else [EXCLUDING]
        streams = log_streams(place.partition, place.region, place.account, place.name, random.random() < 0.3)
        messages: list[str] = []
        for action in ACTIONS:
            while (answer := allows(granted(documents), action, streams)).refused:
                message = explain_denial(granted(documents), action, answer.refused)
                message = message.replace(ACTIONS_PLACEHOLDER, action)
                assert message not in messages, f"the same again: {message}\n{json.dumps(documents)}"
                messages.append(message)
                assert len(messages) < _MOST_STEPS, messages
                documents = followed(documents, message)
        seen.update(kind for kind in KINDS for message in messages if kind in message)
    assert set(seen) == set(KINDS), "some advice was never given"
