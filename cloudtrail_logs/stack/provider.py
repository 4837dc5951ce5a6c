"""Where a resource lives: the region and the account that it or its provider says.

Sources: pulumi-aws 7 fills `region` into every regional resource, 5 and 6 only know it in the provider; the provider's
structured settings (`allowedAccountIds`, `assumeRoles`) reach a pack as JSON text, or as they are where neither the
program's SDK nor the provider makes a text of them.
"""

from __future__ import annotations

from typing import Final

from ..model.arn import RoleArn, is_account, is_region, parse_role_arn
from ..model.provider_settings import ASSUMED_ROLES, ProviderSettings
from ..model.value import ABSENT, UNKNOWN, Text
from .properties import Properties
from .resource import ProviderResource

ALLOWED_ACCOUNTS: Final = "allowedAccountIds"


def region_of(
    properties: Properties, region: str | None, home_region: str | None, provider: ProviderResource | None
) -> Text:
    """The region of a resource.

    region, home_region: its own properties that may say it: the one that a program sets, and the output that a trail
    has once it exists. Else its provider says it. Absent where nothing does: it then comes from the environment of the
    provider, which a pack does not see. Unknown where it is not known yet, or is not the name of a region.
    """
    home = properties.text(home_region) if home_region else ABSENT
    own = properties.text(region) if region else ABSENT
    if isinstance(home, str):
        found: Text = home
    elif own is not ABSENT:
        found = own
    else:
        found = provider.properties.text("region") if provider else ABSENT
    return found if found is ABSENT or (isinstance(found, str) and is_region(found)) else UNKNOWN


def account_of(provider: ProviderResource | None) -> Text:
    """The account that a provider works in (12 digits): the only one that it allows, or the one of its assumed role.

    Of several roles that it assumes one after the other, the last one tells. Absent where neither says it: it then
    depends on the credentials, which a pack does not see. Unknown where a role is not known yet.
    """
    if provider is None:
        return ABSENT
    settings = provider.properties
    allowed = _structured(settings, ALLOWED_ACCOUNTS)
    only = allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else None
    if isinstance(only, str) and is_account(only):
        return only
    for name in ASSUMED_ROLES:
        setting = _structured(settings, name)
        if setting is UNKNOWN:
            return UNKNOWN
        roles = [_role_arn(role) for role in (setting if isinstance(setting, list) else [setting])]
        if any(roles):
            last = parse_role_arn(roles[-1]) if isinstance(roles[-1], str) else None
            return last.account if isinstance(last, RoleArn) else UNKNOWN
    return ABSENT


class Accounts:
    """The accounts of the providers of one stack, each found out once: a stack has few, each with many resources."""

    def __init__(self) -> None:
        self._by_urn: dict[str, Text] = {}

    def of(self, provider: ProviderResource | None) -> Text:
        """As `account_of`."""
        urn = provider.urn if provider else ""
        if urn not in self._by_urn:
            self._by_urn[urn] = account_of(provider)
        return self._by_urn[urn]


def _structured(settings: ProviderSettings, name: str) -> object:
    """A structured setting; None where it is not set, UNKNOWN where it is not known or no JSON."""
    try:
        value = settings.structured(name)
    except ValueError:
        return UNKNOWN
    return None if value is ABSENT else value


def _role_arn(role: object) -> object:
    """The ARN of a role to assume; UNKNOWN where it or the whole role is not known, None where there is none."""
    if not isinstance(role, dict):
        return UNKNOWN if role is UNKNOWN else None
    # Seen in real messages: a Python program's dictionary keeps role_arn, its classes and other languages roleArn.
    arn = role.get("roleArn") or role.get("role_arn")
    return arn if isinstance(arn, str) or arn is UNKNOWN else None
