"""What ties the stacks of a fleet together: the names under which trails find log groups, roles and their policies.

All are known by their ARNs. A policy also names its role, by the name alone, so it counts only where other resources
of its provider show in which account that works: accounts often have roles of one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..judgement.found_trails import targets_of
from ..model.arn import LogGroupArn, RoleArn, is_account, parse_log_group_arn, parse_role_arn
from ..model.value import UNKNOWN, Text
from ..stack.declarations import StackTrail
from ..stack.iam_types import (
    ATTACHMENT_TYPES,
    EXCLUSIVE_TYPES,
    INLINE_POLICY_TYPES,
    MANAGED_POLICY_ARNS,
    MANAGED_POLICY_TYPES,
    PERMISSIONS_BOUNDARY,
)
from ..stack.provider import account_of
from ..stack.resource import Resource
from ..stack.resource_types import LOG_GROUP_TYPES, ROLE_TYPES, TEMPLATE_TYPES
from .state_resources import StateResources

POLICY: Final = "policy"
_LOG_GROUP: Final = "log group"
_ROLE: Final = "role"
_AWS_MANAGED: Final = ":iam::aws:policy/"
# Types whose ARN has the account of their provider, which is not so for all.
_OF_OWN_ACCOUNT: Final = tuple(
    f"{package}{service}{separator}"
    for package, separator in (("aws:", "/"), ("aws-native:", ":"))
    for service in ("iam", "cloudwatch", "logs", "lambda", "kms", "sqs", "sns")
)


# Of these, the ARN is that of a target or of a topic, which may be in another account.
_OF_ANY_ACCOUNT: Final = (
    "aws:cloudwatch/eventTarget:",
    "aws:sns/topicSubscription:",
    "aws-native:sns:Subscription",
)


@dataclass(frozen=True)
class Tie:
    """A resource that a trail of another stack may find."""

    urn: str
    keys: tuple[str, ...]
    """Under which it is found."""
    leads: tuple[str, ...] = ()
    """The keys of what it brings along: the managed policies that it attaches."""
    account: str = ""
    what: str = POLICY
    """A log group, a role or a policy, as reports call it."""
    logical_id: str = ""
    """Its name in the template that the resource deploys; empty where it is the resource itself."""

    @property
    def name(self) -> str:
        """How reports name it."""
        name = self.urn.split("::", 3)[3]
        return f"{self.logical_id} in the template of {name}" if self.logical_id else name

    @property
    def is_target(self) -> bool:
        """Whether it is what a trail names, and not a policy."""
        return self.what != POLICY


def ties_of(resources: StateResources) -> tuple[Tie, ...]:
    """The log groups, roles and policies that a stack declares, and not only reads."""
    return tuple(_ties(resources.managed(), accounts_of(resources)))


def _ties(resources: Iterable[Resource], accounts: Mapping[str, str]) -> Iterator[Tie]:
    for each in resources:
        if each.type in TEMPLATE_TYPES:
            for inner in targets_of(each):
                account = account_of(inner.provider)
                if tie := _tie(inner, account if isinstance(account, str) else ""):
                    yield replace(tie, urn=each.urn, logical_id=inner.name)
        elif tie := _tie(each, accounts.get(each.provider.urn if each.provider else "", "")):
            yield tie


def keys_of(given: StackTrail) -> tuple[str, ...]:
    """The keys of the log group and the role that a trail names."""
    trail = given.trail
    log_group = [trail.log_group.without_wildcard] if isinstance(trail.log_group, LogGroupArn) else []
    role = trail.role
    of_role = [role.text, _of_role(role.account, role.name), role.account] if isinstance(role, RoleArn) else []
    return (*log_group, *of_role)


def _tie(resource: Resource, account: str) -> Tie | None:
    token, properties = resource.type, resource.properties
    if token in LOG_GROUP_TYPES:
        arn = properties.text("arn")
        group = parse_log_group_arn(arn) if isinstance(arn, str) else None
        if not isinstance(group, LogGroupArn):
            return None
        return Tie(resource.urn, (group.without_wildcard,), (), group.account, _LOG_GROUP)
    if token in ROLE_TYPES:
        role = _role_arn(resource)
        if not role:
            return None
        attached = (
            *_policies(resource, MANAGED_POLICY_ARNS, role.account),
            *_policies(resource, PERMISSIONS_BOUNDARY, role.account),
        )
        return Tie(resource.urn, (role.text,), attached, role.account, _ROLE)
    if token in MANAGED_POLICY_TYPES:
        managed = MANAGED_POLICY_TYPES[token]
        arn = properties.text(managed.arn)
        of_arn = _account_in(arn)
        own = (arn,) if isinstance(arn, str) and of_arn else ()
        return _found_by(resource, of_arn or account, managed.roles, own)
    if token in INLINE_POLICY_TYPES:
        return _found_by(resource, account, INLINE_POLICY_TYPES[token].role)
    if token in ATTACHMENT_TYPES:
        attachment = ATTACHMENT_TYPES[token]
        policy = _policies(resource, attachment.policy_arn, account)
        return _found_by(resource, account, attachment.roles, policy if attachment.is_exclusive else (), policy)
    if token in EXCLUSIVE_TYPES:
        exclusive = EXCLUSIVE_TYPES[token]
        listed = _policies(resource, exclusive.listed, account) if exclusive.of_managed else ()
        return _found_by(resource, account, exclusive.role, (), listed)
    return None


def _found_by(
    resource: Resource, account: str, roles: str | None, more: tuple[str, ...] = (), leads: tuple[str, ...] = ()
) -> Tie | None:
    """A policy, or what attaches one. roles: the property that names its roles. account: empty where not known."""
    keys = (*(_roles(resource, roles, account) if roles else ()), *more)
    return Tie(resource.urn, keys, leads, account) if keys and account else None


def _roles(resource: Resource, name: str, account: str) -> tuple[str, ...]:
    """The keys of the roles that a property names. Those that are not known are the roles that it was made of."""
    value, sources = resource.properties.json(name), resource.sources(name)
    named = tuple(_of_role(account, role) for role in _texts(value))
    if not _has_unknown(value):
        return named
    made_of = [_role_arn(source) for source in sources or () if source.type in ROLE_TYPES]
    others = [_of_role(role.account, role.name) for role in made_of if role]
    return (*named, *(others or [account]))  # else of any role of the account


def _policies(resource: Resource, name: str, account: str) -> tuple[str, ...]:
    """The keys of the managed policies that a property lists; every account has those of AWS."""
    value = resource.properties.json(name)
    arns = list(_texts(value))
    if _has_unknown(value):
        managed = (source for source in resource.sources(name) or () if source.type in MANAGED_POLICY_TYPES)
        arns += [arn for each in managed for arn in _texts(each.properties.json(MANAGED_POLICY_TYPES[each.type].arn))]
    return tuple(f"{account}:{arn}" if _AWS_MANAGED in arn else arn for arn in arns)


def _has_unknown(value: Any) -> bool:
    return any(each is UNKNOWN for each in (value if isinstance(value, list) else [value]))


def _role_arn(role: Resource) -> RoleArn | None:
    arn = role.properties.text("arn")
    parsed = parse_role_arn(arn) if isinstance(arn, str) else None
    return parsed if isinstance(parsed, RoleArn) else None


def _of_role(account: str, name: str) -> str:
    return f"{account}:{name}"


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each)


def accounts_of(resources: StateResources) -> Mapping[str, str]:
    """The accounts of the providers, by URN: what they say, else what the ARNs of their resources agree on."""
    found: dict[str, set[str]] = {}
    for urn, provider in resources.providers.items():
        account = account_of(provider)
        if isinstance(account, str):
            found[urn] = {account}
    said = frozenset(found)
    for each in resources.managed():
        if each.provider and each.provider.urn not in said:
            found.setdefault(each.provider.urn, set()).update(_accounts_in(each))
    found.pop("", None)  # of what names no provider, and may have any
    return {urn: next(iter(accounts)) for urn, accounts in found.items() if len(accounts) == 1}


def _accounts_in(resource: Resource) -> Iterator[str]:
    if resource.type in ATTACHMENT_TYPES:
        name = ATTACHMENT_TYPES[resource.type].policy_arn
    elif resource.type in MANAGED_POLICY_TYPES:
        name = MANAGED_POLICY_TYPES[resource.type].arn
    elif resource.type.startswith(_OF_OWN_ACCOUNT) and not resource.type.startswith(_OF_ANY_ACCOUNT):
        name = "arn"
    else:
        return
    if account := _account_in(resource.properties.text(name)):
        yield account


def _account_in(arn: Text) -> str:
    """The account of an ARN; empty where it has none."""
    parts = arn.split(":", 5) if isinstance(arn, str) else []
    return parts[4] if len(parts) > 5 and is_account(parts[4]) else ""
