"""A trail as the rules see it, whatever its provider calls things."""

from __future__ import annotations

from dataclasses import dataclass

from .arn import Invalid, LogGroupArn, RoleArn, partition_of_region
from .quoting import quoted_label, shown
from .value import ABSENT, UNKNOWN, Flag, Text, Unset


@dataclass(frozen=True)
class TrailSpelling:
    """How the trail's provider spells the properties that messages name."""

    log_group_arn: str
    role_arn: str
    logging: str
    reads: bool = True
    """Whether its program can read what others declare, with functions such as LogGroup.get."""


@dataclass(frozen=True)
class Trail:
    """One trail."""

    spelling: TrailSpelling
    log_group: LogGroupArn | Invalid | Unset
    """The log group that it names."""
    role: RoleArn | Invalid | Unset
    """The role that it names."""
    logging: Flag
    organization: Flag
    """Whether it is an organization trail."""
    region: Text
    """Its home region. Absent where neither the resource nor its provider says it."""
    account: Text
    """The account that its provider works in (12 digits). Absent where nothing says it."""
    partition: Text = UNKNOWN
    """The partition that it is created in, where that is known whatever its region is."""
    log_group_form: LogGroupArn | Invalid | None = None
    """The log group's ARN with PLACE_WORDS for what is not known, where that is only the place of the trail."""
    role_form: RoleArn | Invalid | None = None
    """As that of the log group."""
    ignored: frozenset[str] = frozenset()
    """The properties whose changes the program ignores (`ignoreChanges`), as far as messages name them."""

    @property
    def own_partition(self) -> Text:
        """The partition that it is created in."""
        found = partition_of_region(self.region) if isinstance(self.region, str) else None
        return found or self.partition

    @property
    def delivery_account(self) -> Text:
        """The account that the log group and the role must be in: the trail's own.

        Unknown for an organization trail: a delegated administrator's lives in the management account, while its log
        group and role live in the administrator's (CloudTrail user guide, "Organization delegated administrator").
        """
        return self.account if self.organization in (False, ABSENT) else UNKNOWN

    def stop_ignoring(self, *names: str) -> str:
        """What has to be done beside setting these properties: a sentence after a space, or empty.

        The engine gives a trail that exists the old values of what `ignoreChanges` names, so a pack sees only those.
        """
        ignored = [name for name in names if name in self.ignored]
        if not ignored:
            return ""
        values = "value reaches" if len(ignored) == 1 else "values reach"
        return f" Stop ignoring changes of {' and '.join(ignored)} (ignoreChanges), so that the new {values} AWS."


@dataclass(frozen=True)
class TrailNames:
    """The names that a configuration can tell a trail by."""

    label: str
    """Its name in the Pulumi program."""
    name: Text
    """Its name in AWS. Unknown where that is made of something unknown."""
    name_property: str
    """The property that says its name in AWS, in the provider's spelling."""
    project: str
    """The Pulumi project, from the trail's URN."""
    stack: str
    """The Pulumi stack, from the trail's URN."""
    logical_id: str = ""
    """Its name in the template that declares it; empty where the program itself declares it."""

    @property
    def known(self) -> tuple[str, ...]:
        """All of these names that are known."""
        in_template = (self.logical_id,) if self.logical_id else ()
        return tuple(name for name in (self.label, self.name, *in_template) if isinstance(name, str))

    @property
    def heading(self) -> str:
        """How a report on the resource of the program begins, where that has a template with the trail; else empty."""
        if not self.logical_id:
            return ""
        # CloudFormation takes only letters and digits; anything else might be markup at the beginning of a report.
        plain = self.logical_id.isascii() and self.logical_id.isalnum()
        logical_id = shown(self.logical_id) if plain else quoted_label(self.logical_id)
        return f"{logical_id} in the template of {quoted_label(self.label)}:"


@dataclass(frozen=True)
class StackNames:
    """The names that a configuration can tell a stack by."""

    project: str
    """The Pulumi project, from a URN."""
    stack: str
    """The Pulumi stack, from a URN."""
