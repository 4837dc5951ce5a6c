"""The account and region that a provider instance works in."""

import json
from dataclasses import dataclass
from typing import Any

from cloudtrail_logs.model.arn import partition_of_region
from tools.fakes.aws_provider.values import UNKNOWN, Properties, contains_unknown, json_text

DEFAULT_ACCOUNT = "123456789012"
# Stands for a region that comes from the environment or a profile.
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class ProviderSettings:
    """What the provider's configuration says about where its resources live."""

    account: str = DEFAULT_ACCOUNT
    configured_region: str | None = None
    regional: bool = True
    """Whether resources have a region of their own, which they have since version 7."""

    @property
    def region(self) -> str:
        """The region of resources that name none themselves."""
        return self.configured_region or DEFAULT_REGION


def partition_of(region: str) -> str:
    """The AWS partition that a region belongs to."""
    return partition_of_region(region) or "aws"


def provider_settings(configuration: Properties, regional: bool = True) -> ProviderSettings:
    """Read the settings from the provider's inputs."""
    region = configuration.get("region")
    return ProviderSettings(
        account=_account(configuration),
        configured_region=region if region and region != UNKNOWN else None,
        regional=regional,
    )


def checked_settings(configuration: Properties) -> Properties:
    """The provider's inputs as they are kept and shown: every value a text, what is no text as JSON."""
    return {key: _checked(value) for key, value in configuration.items() if value is not None}


def _checked(value: Any) -> str:
    if isinstance(value, str):
        return value
    return UNKNOWN if contains_unknown(value) else json_text(value)


def _account(configuration: Properties) -> str:
    for role in _list(configuration.get("assumeRoles")):
        # A Python program's dictionary arrives with its own spelling of the key.
        arn = (role.get("roleArn") or role.get("role_arn")) if isinstance(role, dict) else None
        sections = str(arn).split(":")
        if len(sections) > 5 and sections[4]:
            return sections[4]
    allowed = _list(configuration.get("allowedAccountIds"))
    if len(allowed) == 1 and allowed[0] != UNKNOWN:
        return str(allowed[0])
    return DEFAULT_ACCOUNT


def _list(value: Any) -> list[Any]:
    """A list that the engine may have turned into JSON text, as it does for structured settings."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []
