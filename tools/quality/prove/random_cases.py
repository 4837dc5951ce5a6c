"""Random cases, the same for the same seed."""

from __future__ import annotations

from random import Random

from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.value import UNKNOWN, Flag, Truth
from tests.iam.random_policies import (
    PoliciesAboutDigits,
    PoliciesAboutMembers,
    PoliciesOfOneOrganization,
    RandomPolicies,
    UncertainPolicies,
    random_place,
)

from .cases import Case, permissions_of
from .roles import Policy, Role

_PARTS = ("partition", "region", "account", "name")
_MOST_POLICIES = 3
_ANY = (True, True, False, False, UNKNOWN)
# With whether the trail is an organization's: for some policies, only one makes a difference.
_KINDS: tuple[tuple[type[RandomPolicies], tuple[Flag, ...]], ...] = (
    (RandomPolicies, _ANY),
    *[(UncertainPolicies, _ANY)] * 2,
    (PoliciesAboutDigits, (False,)),
    (PoliciesAboutMembers, (True,)),
    (PoliciesOfOneOrganization, _ANY),
)


def random_case(seed: int, number: int) -> Case:
    """A case by its number."""
    random = Random(f"prove {seed} {number}")
    kind, organizations = random.choice(_KINDS)
    policies = kind(random, random_place(random))
    organization = random.choice(organizations)
    role = Role(
        tuple(_policy(policies) for _ in range(random.randint(1, _MOST_POLICIES))),
        random.random() < 0.95,
        Policy(policies.document()) if random.random() < 0.15 else None,
    )
    hidden = random.sample(_PARTS, random.choice((0, 0, 0, 1, 1, 2)))
    place = {name: UNKNOWN if name in hidden else getattr(policies.place, name) for name in _PARTS}
    return Case(f"random {seed}/{number}", role, DeliveryPlace(**place), organization, permissions_of(role))


def _policy(policies: RandomPolicies) -> Policy:
    held = Truth.MAYBE if policies.random.random() < 0.05 else Truth.YES
    return Policy(policies.document(), held)
