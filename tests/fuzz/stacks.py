"""Whole random stacks: resources that the pack judges, with anything at all at random places, and resources of any type."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.policies.test_unknowns import SETTINGS, STACK, paths, with_value
from tests.repeatable import CHARACTERS
from tests.stacks import Provider, Resource

from .values import SECRET, values

# What a message names a thing by. Where even that is a secret, it is one that no name in AWS could be.
_NAMES = frozenset(
    {"name", "namePrefix", "logGroupName", "roleName", "trailName", "managedPolicyName", "policyName", "Sid"}
)
_NO_NAME = f"{SECRET}!"
_TOKENS = (
    *sorted({each.token for each in STACK}),
    "aws:s3/bucket:Bucket",
    "pulumi:pulumi:Stack",
    "my:index:Trail",
    "",
    "::",
    "\u202e",
)
_PROPERTIES = sorted(
    {name for each in STACK for name in each.properties} | {"region", "policy", "__defaults", "__internal"}
)
_PATHS = [list(paths(dict(each.properties))) for each in STACK]

_names = st.sampled_from(("audit", "", "a::b", "\u202e\n", "x" * 3_000, "audit$audit")) | st.text(
    CHARACTERS, max_size=10
)
_settings = st.dictionaries(st.sampled_from((*SETTINGS, "endpoints", "profile", "assumeRoles")), values, max_size=3)
_providers = st.none() | st.builds(Provider, _settings, st.sampled_from(("aws", "aws-native", "any-terraform", "")))


@st.composite
def _resources(draw: st.DrawFn) -> Resource:
    """A resource of the pack's subject with up to two places changed, or one of any type with any properties."""
    if draw(st.integers(0, 4)):
        number = draw(st.integers(0, len(STACK) - 1))
        resource, changed = STACK[number], draw(st.lists(st.sampled_from(_PATHS[number]), max_size=2, unique=True))
        properties = dict(resource.properties)
        # The outermost first, and nothing within it: a secret or an asset has a form of its own.
        for path in sorted(changed, key=len):
            if not any(path[: len(other)] == other for other in changed if other != path):
                properties = with_value(properties, path, draw(values))
        provider = resource.provider if draw(st.booleans()) else draw(_providers)
    else:
        resource = Resource(draw(st.sampled_from(_TOKENS)), "any", {})
        properties = draw(st.dictionaries(st.sampled_from(_PROPERTIES), values, max_size=4))
        provider = draw(_providers)
    return replace(resource, name=draw(_names), properties=without_secret_names(properties), provider=provider)


@st.composite
def stacks(draw: st.DrawFn) -> list[Resource]:
    """Up to four changed resources among ones as they should be, made of each other, some of them in a component.

    No two have the same URN: the engine ends a program that does that.
    """
    plain = [*draw(st.lists(_resources(), min_size=1, max_size=4)), *draw(st.lists(st.sampled_from(STACK), max_size=8))]
    made = [
        replace(
            resource,
            dependencies={name: draw(st.lists(st.sampled_from(plain), max_size=2)) for name in resource.properties},
            after=draw(st.lists(st.sampled_from(plain), max_size=2)),
            ignored=draw(st.lists(st.sampled_from(("*", "cloudWatchLogsGroupArn", '["tags"]', "a[")), max_size=1)),
            given_urn=f"urn:pulumi:dev::shop::my:index:Audit${resource.token}::{resource.name}" if draw(st.booleans()) else "",
        )
        for resource in plain
    ]  # fmt: skip
    return list({each.urn: each for each in made}.values())


def without_secret_names(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties, with a secret in a name replaced by one that could be no name."""
    return {name: _without(value, name in _NAMES) for name, value in properties.items()}


def _without(value: Any, is_name: bool) -> Any:
    if isinstance(value, str) and is_name:
        return value.replace(SECRET, _NO_NAME)
    if isinstance(value, list):
        return [_without(each, is_name) for each in value]
    if isinstance(value, dict):
        return {key: _without(each, is_name or key in _NAMES) for key, each in value.items()}
    return value


def texts_shown(message: str) -> Iterator[str]:
    """The words of a message that hold the secret, without the marks around them."""
    yield from (word for word in json.dumps(message).replace("\\", " ").split() if SECRET in word)
