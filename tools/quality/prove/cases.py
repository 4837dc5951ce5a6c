"""What is compared: a role's policies and a place, as the pack is asked, and as the solver is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from cloudtrail_logs.iam.document import Document, Patterns, Unreadable, read_document
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Flag, Truth, Unset

from .roles import Policy, Role

_VERSIONS: Final = {True: "2012-10-17", False: "2008-10-17"}
_PART_NAMES: Final = {"partition": "PARTITION", "region": "REGION", "account": "ACCOUNT", "name": "NAME"}


@dataclass(frozen=True)
class Case:
    """A role, and a trail that delivers by it."""

    name: str
    """By which it is found again."""
    role: Role
    place: DeliveryPlace
    organization: Flag
    """Whether the trail is an organization's."""
    permissions: Permissions = field(compare=False, repr=False)
    """The role, as the pack is told of it."""

    @property
    def known_place(self) -> dict[str, str]:
        """What is known of the place, by the names that the parts have in messages."""
        return {_PART_NAMES[name]: value for name, value in asdict(self.place).items() if isinstance(value, str)}

    @property
    def documents(self) -> int:
        """How many documents it has."""
        return len(self.role.policies) + bool(self.role.boundary)

    @property
    def text(self) -> str:
        """The case, so that it can be kept as a test."""
        role = self.role
        spelled = {
            "place": asdict(self.place),
            "organization": self.organization,
            "policies": [_policy(each) for each in role.policies],
            **({} if role.complete else {"complete": False}),
            **({"boundary": _policy(role.boundary)} if role.boundary else {}),
        }
        return json.dumps(spelled, default=_spelled)


def _policy(policy: Policy) -> Any:
    return policy.document if policy.held is Truth.YES else {"held": policy.held, "document": policy.document}


def _spelled(value: Any) -> str:
    return f"<{value.value}>" if isinstance(value, (Unset, Truth)) else str(value)


def permissions_of(role: Role) -> Permissions:
    """A role as the pack is told of it."""
    grants = tuple(_grant(f'policy "{number}"', policy) for number, policy in enumerate(role.policies))
    boundary = _grant("the permissions boundary", role.boundary) if role.boundary else None
    return Permissions(grants, role.complete, boundary)


def _grant(name: str, policy: Policy) -> Grant:
    return Grant(name, read_document(policy.document), policy.held)


def role_of(permissions: Permissions, originals: Mapping[int, Any]) -> Role:
    """A role as the solver is told of it. originals: the JSON of documents that the pack read, by their ids."""

    def policy(grant: Grant) -> Policy:
        return Policy(originals.get(id(grant.document), _Written(grant.document).value), grant.held)

    boundary = policy(permissions.boundary) if permissions.boundary else None
    return Role(tuple(map(policy, permissions.grants)), permissions.complete, boundary)


@dataclass(frozen=True)
class _Written:
    """A document that a test or the pack itself changed, as JSON again."""

    document: Document | Unreadable | Unset

    @property
    def value(self) -> Any:
        if isinstance(self.document, Unset):
            return UNKNOWN
        if isinstance(self.document, Unreadable):
            return {"Statement": []}
        version = _VERSIONS[self.document.has_variables]
        return {"Version": version, "Statement": [_statement(each) for each in self.document.statements]}


def _statement(statement: Any) -> dict[str, Any]:
    who = {"Principal": statement.principals, "NotPrincipal": statement.excluded}
    return {
        "Effect": statement.effect.value,
        **_element("Action", statement.actions),
        **_element("Resource", statement.resources),
        **{name: "*" for name, value in who.items() if value is not ABSENT},
        **({} if statement.condition is ABSENT else {"Condition": statement.condition}),
    }


def _element(name: str, patterns: Patterns | Unset) -> dict[str, Any]:
    if isinstance(patterns, Unset):
        return {} if patterns is ABSENT else {name: UNKNOWN}
    return {f"Not{name}" if patterns.negated else name: list(patterns.values)}


def documents_in(cases: Sequence[Case]) -> int:
    """How many documents the cases have."""
    return sum(case.documents for case in cases)
