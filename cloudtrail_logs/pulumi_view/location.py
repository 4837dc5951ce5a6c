"""Where a resource lives: the region and the account that it or its provider says.

Sources: pulumi-aws 7 fills `region` into every regional resource, 5 and 6 only know it in the provider; the provider's
structured settings (`allowedAccountIds`, `assumeRoles`) reach a pack as JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pulumi_policy import PolicyProviderResource

from ..arn import RoleArn, is_account, parse_role_arn
from ..partition import is_region
from ..value import ABSENT, UNKNOWN, Text
from .properties import Properties

# pulumi-aws 7 has a list of roles to assume one after the other; 5 and 6 and aws-native have one role.
_ASSUMED_ROLES: Final = ("assumeRoles", "assumeRole", "assumeRoleWithWebIdentity")
_ALLOWED_ACCOUNTS: Final = "allowedAccountIds"


def region_of(properties: Properties, names: Iterable[str], provider: PolicyProviderResource | None) -> Text:
    """The region of a resource.

    names: the resource's own properties that say it, the surest first; then its provider does. Absent where none does:
    it then comes from the environment of the provider, which a pack does not see. Unknown where it is no region's name.
    """
    region: Text = ABSENT
    for candidate in (
        *(properties.text(name) for name in names),
        Properties(provider.props).text("region") if provider else ABSENT,
    ):
        if isinstance(candidate, str):
            return candidate if is_region(candidate) else UNKNOWN
        region = UNKNOWN if candidate is not ABSENT else region
    return region


def account_of(provider: PolicyProviderResource | None) -> Text:
    """The account that a provider works in (12 digits): the one of the role that it assumes last, or the only one that
    it allows. Absent where neither says it: it then depends on the credentials, which a pack does not see.
    """
    if provider is None:
        return ABSENT
    settings = Properties(provider.props)
    for name in _ASSUMED_ROLES:
        for role in reversed(list(_role_arns(_structured(settings, name)))):
            arn = parse_role_arn(role)
            return arn.account if isinstance(arn, RoleArn) else UNKNOWN
    allowed = _structured(settings, _ALLOWED_ACCOUNTS)
    if isinstance(allowed, list) and len(allowed) == 1 and isinstance(allowed[0], str) and is_account(allowed[0]):
        return allowed[0]
    return ABSENT


def _structured(settings: Properties, name: str) -> Any:
    """A structured setting; None where it is not set, not known or no JSON."""
    value = settings.text(name)
    try:
        return json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None


def _role_arns(setting: Any) -> Iterator[str]:
    for role in setting if isinstance(setting, list) else [setting]:
        # Seen in real messages: a Python program's dictionary keeps role_arn, its classes and other languages roleArn.
        arn = (role.get("roleArn") or role.get("role_arn")) if isinstance(role, dict) else None
        if isinstance(arn, str):
            yield arn
