"""The settings of each policy: typed values, read by `settings_reader.py` from what `setting_table.py` describes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..model.arn import WILDCARD, LogGroupArn, RoleArn
from .exemptions import Exemption
from .glob import any_matches
from .proposal import NO_TEMPLATES, Templates


class ExternalTargets(str, Enum):
    """What to do about a log group or a role that nothing in the stack declares or reads."""

    REPORT = "report"
    ACCEPT = "accept"
    LOOKUP = "lookup"


class ExternalRoles(str, Enum):
    """What to do about the permissions of a role that is not of the stack."""

    IGNORE = "ignore"
    LOOKUP = "lookup"


@dataclass(frozen=True)
class Settings:
    """What all policies have. explain: whether to say on stderr what the policy decided about every trail."""

    exemptions: tuple[Exemption, ...] = ()
    explain: bool = False

    @property
    def seconds_for_aws(self) -> float:
        """The time that all answers of AWS together may take."""
        return 20.0


@dataclass(frozen=True)
class IntegratedSettings(Settings):
    """Of cloudtrail-cloudwatch-logs-integrated."""

    templates: Templates = NO_TEMPLATES


@dataclass(frozen=True)
class ExistSettings(Settings):
    """Of cloudtrail-log-group-and-role-exist.

    external_log_groups, external_roles: glob patterns of the ARNs that are known to exist.
    """

    external_targets: ExternalTargets = ExternalTargets.REPORT
    external_log_groups: tuple[str, ...] = ()
    external_roles: tuple[str, ...] = ()

    def vouches_for_log_group(self, arn: LogGroupArn) -> bool:
        """Whether the configuration says that this log group exists. A pattern may end in `:*` or not."""
        bare = arn.without_wildcard
        return self._accepts_all or any_matches(self.external_log_groups, (bare, f"{bare}{WILDCARD}"))

    def vouches_for_role(self, arn: RoleArn) -> bool:
        """Whether the configuration says that this role exists."""
        return self._accepts_all or any_matches(self.external_roles, (arn.text,))

    @property
    def _accepts_all(self) -> bool:
        return self.external_targets is ExternalTargets.ACCEPT


@dataclass(frozen=True)
class CanDeliverSettings(Settings):
    """Of cloudtrail-role-can-deliver."""

    external_roles: ExternalRoles = ExternalRoles.IGNORE


@dataclass(frozen=True)
class RecentSettings(Settings):
    """Of cloudtrail-delivery-is-recent.

    ask_aws: whether AWS may be asked at all. max_age_hours: how old the last delivery may be. grace_hours: how long
    after its start a trail is left alone. timeout_seconds: the time that all answers of AWS together may take.
    """

    ask_aws: bool = False
    max_age_hours: float = 24.0
    grace_hours: float = 1.0
    timeout_seconds: float = 20.0

    @property
    def seconds_for_aws(self) -> float:
        """The time that all answers of AWS together may take."""
        return self.timeout_seconds
