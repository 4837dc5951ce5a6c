"""The settings of each policy. Each is declared once: its name in JSON, its kind, default, description and typed value.

Pulumi's engine aborts every run, advisory ones too, when a configuration violates a policy's schema. So the schemas
made here only describe, and `reader.py` judges. This module is loaded when the pack starts, so it imports very little.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .exemptions import Exemption, Exemptions

# What templates may hold in braces.
PLACEHOLDERS: Final = ("partition", "region", "account", "trail", "project", "stack")
# The keys of an exemption, with what they mean.
EXEMPTION_KEYS: Final[Mapping[str, str]] = {
    "trail": "The trail's name in the Pulumi program, its name in AWS, or its logical id in a template, as a glob "
    "pattern. Mandatory.",
    "project": "Only in Pulumi projects of this name, as a glob pattern.",
    "stack": "Only in stacks of this name, as a glob pattern.",
    "tags": "Only in stacks that have all these tags: an object of tag names, each with a glob pattern on its value.",
    "codes": "Only these problems, by their codes, such as role-missing. Without it, all codes of the policy.",
    "reason": "Why, and who decided it. Mandatory.",
    "until": "The last day of the exemption (UTC), such as 2027-06-30. From the next day on the report returns.",
}


class Kind(Enum):
    """What a setting is. `reader.py` says how each kind is read."""

    EXEMPTIONS = auto()
    FLAG = auto()
    NUMBER = auto()
    CHOICE = auto()
    """One of the values of an enum, which is the type of the default."""
    LOG_GROUP_TEMPLATE = auto()
    ROLE_TEMPLATE = auto()
    LOG_GROUP_PATTERNS = auto()
    ROLE_PATTERNS = auto()
    STACK_PATTERNS = auto()
    """Patterns PROJECT/STACK."""


_STRING: Final = {"type": "string"}
_LIST: Final = {"type": "array", "items": _STRING}
_OF_KEYS: Final[Mapping[str, Mapping[str, Any]]] = {"codes": _LIST, "tags": {"type": "object"}}
_EXEMPTION: Final = {
    "type": "object",
    "properties": {
        key: {**_OF_KEYS.get(key, _STRING), "description": meaning} for key, meaning in EXEMPTION_KEYS.items()
    },
}
_SCHEMAS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    Kind.EXEMPTIONS: {"type": "array", "items": _EXEMPTION},
    Kind.FLAG: {"type": "boolean"},
    Kind.NUMBER: {"type": "number"},
    Kind.LOG_GROUP_PATTERNS: _LIST,
    Kind.ROLE_PATTERNS: _LIST,
    Kind.STACK_PATTERNS: _LIST,
}


@dataclass(frozen=True)
class Setting:
    """A setting, as the console, the documentation and the reader see it."""

    name: str
    """In JSON."""
    kind: Kind
    default: Any
    """As it is written in JSON."""
    description: str
    choices: type[Enum] | None = None
    """Of a setting of the kind CHOICE."""
    confused_with: str = ""
    """A sentence for who writes a list, where another policy has a list of this name."""

    @property
    def type(self) -> str:
        """Its type in JSON."""
        return str(self.schema["type"])

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        schema = _SCHEMAS.get(self.kind, _STRING)
        return {"type": schema["type"], "default": self.default, "description": self.description, **schema}


def _setting(name: str, kind: Kind, default: Any, description: str, confused_with: str = "") -> Any:
    written = default.value if isinstance(default, Enum) else list(default) if isinstance(default, tuple) else default
    choices = type(default) if kind is Kind.CHOICE else None
    setting = Setting(name, kind, written, description, choices, confused_with)
    return field(default=default, metadata={"setting": setting})


def settings_of(settings_type: type[Settings]) -> dict[str, Setting]:
    """The settings that are declared in a class, by the names of its fields."""
    return {each.name: each.metadata["setting"] for each in fields(settings_type)}


@dataclass(frozen=True)
class Settings:
    """What all policies have."""

    exemptions: tuple[Exemption, ...] = _setting(
        "exemptions", Kind.EXEMPTIONS, (), "Trails that this policy does not report, each with a reason."
    )
    explain: bool = _setting(
        "explain",
        Kind.FLAG,
        False,
        "Whether to say for every trail what the policy decided and why, as information that never fails a run.",
    )

    @cached_property
    def indexed_exemptions(self) -> Exemptions:
        """The exemptions, as a trail is looked up among them."""
        from .exemptions import Exemptions

        return Exemptions(self.exemptions)

    @property
    def seconds_for_aws(self) -> float:
        """The time that all answers of AWS together may take."""
        return 20.0

    @property
    def asking(self) -> str:
        """The name of the setting with which AWS is asked; empty where nothing is asked."""
        return ""

    def contradictions(self) -> Iterator[str]:
        """The mistakes that take more than one setting to see, as sentences without their full stops."""
        yield from ()


@dataclass(frozen=True)
class ProvableSettings(Settings):
    """What the policies have that decide by the program alone."""

    require_proof: bool = _setting(
        "requireProof",
        Kind.FLAG,
        False,
        "Whether to report with the code not-proven what cannot be told although every value is known, where an author "
        "can change the program so that it can be told. What is not known before the update is never reported.",
    )


_TEMPLATE: Final = (
    f"Placeholders: {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}. At level remediate it is set where the trail "
    "has none; at other levels the report proposes it. Empty: nothing is set."
)


@dataclass(frozen=True)
class IntegratedSettings(ProvableSettings):
    """Of cloudtrail-cloudwatch-logs-integrated."""

    log_group_arn: str = _setting(
        "logGroupArn",
        Kind.LOG_GROUP_TEMPLATE,
        "",
        f"The ARN of the log group for trails that have none. {_TEMPLATE}",
    )
    role_arn: str = _setting(
        "roleArn", Kind.ROLE_TEMPLATE, "", f"The ARN of the role for trails that have none. {_TEMPLATE}"
    )

    def contradictions(self) -> Iterator[str]:
        """Why no trail can be right with both templates."""
        if not (self.log_group_arn and self.role_arn):
            return
        log_group, role = self.log_group_arn.split(":"), self.role_arn.split(":")
        for place, kind in ((1, "partition"), (4, "account")):
            one, other = log_group[place], role[place]
            if one != other and "{" not in f"{one}{other}":
                yield (
                    f"logGroupArn is in {kind} {one} and roleArn in {kind} {other}, but CloudTrail needs both in the "
                    f"same {kind}"
                )
                return


class ExternalTargets(str, Enum):
    """What to do about a log group or a role that nothing in the stack declares or reads."""

    REPORT = "report"
    ACCEPT = "accept"
    LOOKUP = "lookup"


@dataclass(frozen=True)
class ExistSettings(ProvableSettings):
    """Of cloudtrail-log-group-and-role-exist."""

    external_targets: ExternalTargets = _setting(
        "externalTargets",
        Kind.CHOICE,
        ExternalTargets.REPORT,
        "A log group or role that nothing in the stack declares or reads: report it, accept it, or lookup whether it "
        "exists in AWS. With lookup, AWS is also asked about one that is read or named by another resource.",
    )
    external_log_groups: tuple[str, ...] = _setting(
        "externalLogGroups",
        Kind.LOG_GROUP_PATTERNS,
        (),
        "ARNs of log groups outside the stack that are known to exist, as glob patterns.",
    )
    external_roles: tuple[str, ...] = _setting(
        "externalRoles",
        Kind.ROLE_PATTERNS,
        (),
        "ARNs of roles outside the stack that are known to exist, as glob patterns.",
    )
    require_trail: tuple[str, ...] = _setting(
        "requireTrail",
        Kind.STACK_PATTERNS,
        (),
        "Stacks that must declare a trail of their own, as glob patterns PROJECT/STACK. One that declares none is "
        "reported with the code no-trail. A trail in a template that the program shows counts; what a landing zone "
        "creates does not. Do not list a stack that only reads its trail: a pack does not see what is read.",
    )

    @property
    def asking(self) -> str:
        """As in `Settings`."""
        return "externalTargets" if self.external_targets is ExternalTargets.LOOKUP else ""

    def contradictions(self) -> Iterator[str]:
        """Lists that have no effect."""
        if self.external_targets is ExternalTargets.ACCEPT:
            for name, patterns in (
                ("externalLogGroups", self.external_log_groups),
                ("externalRoles", self.external_roles),
            ):
                if patterns:
                    yield (
                        f"{name} has no effect, since externalTargets is accept, which accepts every ARN. Remove one "
                        "of them"
                    )


class ExternalRoles(str, Enum):
    """What to do about the permissions of a role that is not of the stack."""

    IGNORE = "ignore"
    LOOKUP = "lookup"


@dataclass(frozen=True)
class CanDeliverSettings(ProvableSettings):
    """Of cloudtrail-role-can-deliver."""

    external_roles: ExternalRoles = _setting(
        "externalRoles",
        Kind.CHOICE,
        ExternalRoles.IGNORE,
        "The permissions of a role that is not of the stack: ignore them, or lookup in AWS what it may do.",
        confused_with="A list of externalRoles is a property of cloudtrail-log-group-and-role-exist",
    )

    @property
    def asking(self) -> str:
        """As in `Settings`."""
        return "externalRoles" if self.external_roles is ExternalRoles.LOOKUP else ""


@dataclass(frozen=True)
class RecentSettings(Settings):
    """Of cloudtrail-delivery-is-recent."""

    ask_aws: bool = _setting(
        "askAws", Kind.FLAG, False, "Whether AWS may be asked. Without it the policy says nothing, at any level."
    )
    max_age_hours: float = _setting("maxAgeHours", Kind.NUMBER, 24, "How many hours ago the last delivery may be.")
    grace_hours: float = _setting(
        "graceHours", Kind.NUMBER, 1, "How many hours a trail may be logging before it must have delivered."
    )
    timeout_seconds: float = _setting(
        "timeoutSeconds", Kind.NUMBER, 20, "How many seconds all answers of AWS together may take."
    )

    @property
    def asking(self) -> str:
        """As in `Settings`."""
        return "askAws" if self.ask_aws else ""

    @property
    def seconds_for_aws(self) -> float:
        """The time that all answers of AWS together may take."""
        return self.timeout_seconds
