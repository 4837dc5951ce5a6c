"""How to reach AWS for a resource: what its provider is configured with, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AssumedRole:
    """A role that a provider assumes."""

    arn: str
    options: Mapping[str, object] = field(default_factory=dict, repr=False, hash=False)
    """Further parameters of STS, such as ExternalId."""
    web_identity_token: str | None = field(default=None, repr=False)
    """The token, where the role is assumed with a web identity."""
    web_identity_token_file: str | None = None
    """The path of a file that holds that token."""

    @property
    def has_web_identity(self) -> bool:
        """Whether it takes no credentials of AWS to assume it."""
        return bool(self.web_identity_token or self.web_identity_token_file)


@dataclass(frozen=True)
class Connection:
    """One provider's way to AWS. What is None, empty or false is AWS's own default: environment, files, metadata.

    Keys and tokens are in it, so it is never printed: its text shows none of them.
    """

    region: str | None = None
    profile: str | None = None
    config_file: str | None = None
    credentials_file: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    assumed_roles: tuple[AssumedRole, ...] = ()
    sts_region: str | None = None
    endpoints: Mapping[str, str] = field(default_factory=dict, hash=False)
    """By the service's name in AWS's SDK: cloudtrail, logs, iam, sts."""
    use_fips: bool = False
    use_dualstack: bool = False
    insecure: bool = False
    ca_bundle: str | None = None
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
