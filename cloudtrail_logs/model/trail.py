"""A trail as the rules see it, whatever its provider calls things."""

from __future__ import annotations

from dataclasses import dataclass

from .value import ABSENT, UNKNOWN, Flag, Text


@dataclass(frozen=True)
class TrailSpelling:
    """How the trail's provider spells the properties that messages name."""

    log_group_arn: str
    role_arn: str
    logging: str


@dataclass(frozen=True)
class Trail:
    """One trail.

    region: the trail's home region. account: the account that its provider works in (12 digits).
    Both absent where neither the resource nor its provider says it.
    ignored: the properties whose changes the program ignores (`ignoreChanges`), as far as messages name them.
    """

    spelling: TrailSpelling
    log_group_arn: Text
    role_arn: Text
    logging: Flag
    organization: Flag
    region: Text
    account: Text
    ignored: frozenset[str] = frozenset()

    @property
    def delivery_account(self) -> Text:
        """The account that the log group and the role must be in: the trail's own.

        Unknown for an organization trail: a delegated administrator's lives in the management account, while its log
        group and role live in the administrator's (CloudTrail user guide, "Organization delegated administrator").
        """
        return self.account if self.organization in (False, ABSENT) else UNKNOWN
