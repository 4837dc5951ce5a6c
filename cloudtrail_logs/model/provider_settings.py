"""How the settings of a provider are read, and the names of those that more than one room reads."""

from __future__ import annotations

from typing import Any, Final, Protocol

from .value import Flag, Text

ASSUMED_ROLES: Final = ("assumeRoles", "assumeRole", "assumeRoleWithWebIdentity")
"""The roles that a provider assumes: pulumi-aws 7 has a list, 5 and 6 and aws-native have one role."""


class ProviderSettings(Protocol):
    """The settings of one provider."""

    def text(self, name: str) -> Text:
        """The string of a setting; absent where it is not set."""

    def flag(self, name: str) -> Flag:
        """A boolean setting."""

    def structured(self, name: str) -> Any:
        """A JSON value, with UNKNOWN and ABSENT where they apply. Raises ValueError for text that is not JSON."""
