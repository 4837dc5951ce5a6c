"""Random states: designs and kinds, right and wrong, with changes that the states of real stacks have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from tests.fleet.as_engine import SECRET, SIGNATURE
from tests.fleet.kinds import KINDS, OLD_KINDS, READ, secret, state_of
from tests.fleet.same_verdict import exported
from tests.metamorphic.designs import Design, Form, Names, Part, Spelling, stack_of
from tests.policies.template_cases import CASES, Case
from tests.stacks import UNKNOWN, Resource

Json = dict[str, Any]
_VALUES: Sequence[Any] = (UNKNOWN, None, "", "x", [], {}, [UNKNOWN], 5, False, secret("x"), secret(None))


def random_state(random: Random) -> Json:
    """A state of several stacks."""
    version = random.choice((2, 3, 3, 3, 4))
    kinds = random.sample(OLD_KINDS if version < 3 else KINDS, random.randrange(3))
    resources: list[Json] = state_of(*kinds)["deployment"]["resources"]
    for number in range(random.randrange(1, 4)):
        resources += stored(stack_of(_design(random, number)), f"design{number}")
    resources += stored([_deployed(random.choice(CASES), number) for number in range(random.randrange(3))], "templates")
    for each in list(resources):
        if random.random() < 0.15 and not each["type"].startswith("pulumi:"):
            _change(random, each, resources, version)
    return exported(resources, version)


def stored(resources: Sequence[Resource], name: str = "") -> list[Json]:
    """Resources of a test as a state has them, their inputs like their outputs. name: of providers of their own."""
    providers: dict[str, Json] = {}
    found = []
    for each in resources:
        reference = ""
        if each.provider:
            message = each.provider.message
            key = json.dumps(message, sort_keys=True)
            urn = f"{message['urn']}-{name}{list(providers).index(key) if key in providers else len(providers)}"
            settings = in_state(message["properties"])
            providers[key] = {
                "urn": urn,
                "custom": True,
                "id": "p",
                "type": message["type"],
                "inputs": settings,
                "outputs": settings,
            }
            reference = f"{urn}::p"
        message = each.message
        properties = in_state(message["properties"])
        found.append(
            {
                "urn": each.urn,
                "custom": True,
                "id": "id",
                "type": each.token,
                "inputs": properties,
                "outputs": deepcopy(properties),
                "provider": reference,
                "ignoreChanges": list(each.ignored),
                "dependencies": message["dependencies"],
                "propertyDependencies": {name: urns["urns"] for name, urns in message["propertyDependencies"].items()},
            }
        )
    return [*providers.values(), *found]


def in_state(value: Any) -> Any:
    """A value that the engine sends, as a state has it."""
    if isinstance(value, list):
        return [in_state(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.get(SIGNATURE) == SECRET:
        return secret(in_state(value["value"]))
    return {name: in_state(each) for name, each in value.items()}


def _design(random: Random, number: int) -> Design:
    def either() -> bool:
        return random.random() < 0.5

    return Design(
        spelling=random.choice(list(Spelling)),
        form=random.choice(list(Form)),
        is_known=either(),
        of_organization=either(),
        is_split=either(),
        in_objects=either(),
        component=random.choice(("", "my:index:Audit")),
        names=Names(*(f"{name}{number}" for name in vars(Names()).values())),
        without=frozenset(random.sample(list(Part), random.randrange(3))),
    )


def _deployed(case: Case, number: int) -> Resource:
    return Resource(
        case.token, f"template{number}", {"templateBody": case.body, "parameters": dict(case.parameters), "name": "a"}
    )


def _change(random: Random, each: Json, resources: list[Json], version: int) -> None:
    kind = random.randrange(7)
    if kind == 0:
        resources.append({**deepcopy(each), "delete": True})
    elif kind == 1:
        each.update(deepcopy(READ))
    elif kind == 2:
        each["delete"] = True
    elif kind == 3:
        each.pop("propertyDependencies", None)
    elif kind == 4 and version > 2:
        each["ignoreChanges"] = [random.choice(("*", "cloudWatchLogsGroupArn", '["cloudWatchLogsRoleArn"]'))]
    elif kind == 5:
        each["outputs"] = {}
    else:
        for side in ("inputs", "outputs"):
            if each.get(side):
                name = random.choice(sorted(each[side]))
                each[side] = {**each[side], name: random.choice((*_VALUES, secret(in_plain(each[side][name]))))}


def in_plain(value: Any) -> Any:
    """A value without secrets: a state has none within a secret."""
    if isinstance(value, list):
        return [in_plain(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.get(SIGNATURE) == SECRET:
        return json.loads(value["plaintext"])
    return {name: in_plain(each) for name, each in value.items()}
