"""What ties the stacks of a fleet together: the names under which trails find log groups, roles and their policies.

A role is known by its account and name, as IAM tells roles apart; everything else by its ARN. A policy names its role
by the name alone, so it counts only where other resources of its provider show in which account that works: accounts
often have roles of one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..model.arn import LogGroupArn, RoleArn, is_account, parse_log_group_arn, parse_role_arn
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
from ..stack.resource_types import LOG_GROUP_TYPES, ROLE_TYPES
from .state_resources import StateResources

_AWS_MANAGED: Final = ":iam::aws:policy/"
# Types whose ARN has the account of their provider, which is not so for all.
_OF_OWN_ACCOUNT: Final = tuple(
    f"{package}{service}{separator}"
    for package, separator in (("aws:", "/"), ("aws-native:", ":"))
    for service in ("iam", "cloudwatch", "logs", "lambda", "kms", "sqs", "sns")
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
    is_target: bool = False
    """Whether it is what a trail names, a log group or a role, and not a policy."""


def ties_of(resources: StateResources) -> tuple[Tie, ...]:
    """The log groups, roles and policies that a stack declares, and not only reads."""
    accounts = accounts_of(resources)
    found = (_tie(each, accounts.get(each.provider.urn if each.provider else "", "")) for each in resources.managed())
    return tuple(each for each in found if each)


def keys_of(given: StackTrail) -> tuple[str, ...]:
    """The keys of the log group and the role that a trail names."""
    trail = given.trail
    log_group = [trail.log_group.without_wildcard] if isinstance(trail.log_group, LogGroupArn) else []
    return (*log_group, *([key_of_role(trail.role)] if isinstance(trail.role, RoleArn) else []))


def key_of_role(role: RoleArn) -> str:
    """The key of the role of an ARN."""
    return _of_role(role.account, role.name)


def _tie(resource: Resource, account: str) -> Tie | None:
    token, properties = resource.type, resource.properties
    if token in LOG_GROUP_TYPES:
        arn = properties.text("arn")
        group = parse_log_group_arn(arn) if isinstance(arn, str) else None
        return (
            Tie(resource.urn, (group.without_wildcard,), (), group.account, is_target=True)
            if isinstance(group, LogGroupArn)
            else None
        )
    if token in ROLE_TYPES:
        arn = properties.text("arn")
        role = parse_role_arn(arn) if isinstance(arn, str) else None
        if not isinstance(role, RoleArn):
            return None
        attached = (*_texts(properties.json(MANAGED_POLICY_ARNS)), *_texts(properties.json(PERMISSIONS_BOUNDARY)))
        return Tie(resource.urn, (key_of_role(role),), _own(attached), role.account, is_target=True)
    if not account:
        return None
    if token in INLINE_POLICY_TYPES:
        return _found_by(resource, account, _texts(properties.json(INLINE_POLICY_TYPES[token].role)))
    if token in ATTACHMENT_TYPES:
        attachment = ATTACHMENT_TYPES[token]
        policy = _own(_texts(properties.json(attachment.policy_arn)))
        more = policy if attachment.is_exclusive else ()
        return _found_by(resource, account, _texts(properties.json(attachment.roles)), more, policy)
    if token in EXCLUSIVE_TYPES:
        exclusive = EXCLUSIVE_TYPES[token]
        listed = _own(_texts(properties.json(exclusive.listed))) if exclusive.of_managed else ()
        return _found_by(resource, account, _texts(properties.json(exclusive.role)), (), listed)
    if token in MANAGED_POLICY_TYPES:
        managed = MANAGED_POLICY_TYPES[token]
        roles = _texts(properties.json(managed.roles)) if managed.roles else ()
        return _found_by(resource, account, roles, _own(_texts(properties.json(managed.arn))))
    return None


def _found_by(
    resource: Resource, account: str, roles: Iterable[str], more: tuple[str, ...] = (), leads: tuple[str, ...] = ()
) -> Tie | None:
    keys = (*(_of_role(account, role) for role in roles), *more)
    return Tie(resource.urn, keys, leads, account) if keys else None


def _of_role(account: str, name: str) -> str:
    return f"{account}:{name}"


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each)


def _own(arns: Iterable[str]) -> tuple[str, ...]:
    """The ARNs without those of AWS's own policies, which every account has."""
    return tuple(arn for arn in arns if _AWS_MANAGED not in arn)


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
    return {urn: next(iter(accounts)) for urn, accounts in found.items() if len(accounts) == 1}


def _accounts_in(resource: Resource) -> Iterator[str]:
    if resource.type in ATTACHMENT_TYPES:
        arn = resource.properties.text(ATTACHMENT_TYPES[resource.type].policy_arn)
    elif resource.type.startswith(_OF_OWN_ACCOUNT):
        arn = resource.properties.text("arn")
    else:
        return
    parts = arn.split(":") if isinstance(arn, str) else []
    if len(parts) > 5 and is_account(parts[4]):
        yield parts[4]
