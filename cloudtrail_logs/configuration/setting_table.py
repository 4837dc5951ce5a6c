"""The properties of each policy's configuration, as data: types, defaults, and texts for the console.

Pulumi's engine ends every run, advisory ones too, when a configuration violates a policy's schema. So the schemas only
describe, and `settings_reader.py` judges. `settings.py` has the values that come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True)
class Property:
    """A property of a policy's configuration, as the console shows it.

    type: of JSON. items: of a list, the schema of its entries.
    """

    type: str
    default: Any
    description: str
    items: Mapping[str, Any] | None = None

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        described = {"type": self.type, "default": self.default, "description": self.description}
        return {**described, "items": dict(self.items)} if self.items else described


LOG_GROUP_TEMPLATE: Final = "logGroupArn"
ROLE_TEMPLATE: Final = "roleArn"
# What templates may hold in braces.
PLACEHOLDERS: Final = ("partition", "region", "account", "trail", "project", "stack")
EXEMPTIONS: Final = "exemptions"
EXPLAIN: Final = "explain"
EXTERNAL_TARGETS: Final = "externalTargets"
EXTERNAL_LOG_GROUPS: Final = "externalLogGroups"
EXTERNAL_ROLES: Final = "externalRoles"
ASK_AWS: Final = "askAws"
MAX_AGE_HOURS: Final = "maxAgeHours"
GRACE_HOURS: Final = "graceHours"
TIMEOUT_SECONDS: Final = "timeoutSeconds"

# The keys of an exemption, with what they mean.
EXEMPTION_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "trail": "The trail's name in the Pulumi program, or its name in AWS, as a glob pattern. Mandatory.",
        "project": "Only in Pulumi projects of this name, as a glob pattern.",
        "stack": "Only in stacks of this name, as a glob pattern.",
        "codes": "Only these problems, by their codes, such as role-missing. Without it all of the policy.",
        "reason": "Why, and who decided it. Mandatory.",
        "until": "The last day of the exemption (UTC), such as 2027-06-30. From the next day on the report returns.",
    }
)
_TEXT: Final = MappingProxyType({"type": "string"})
_EXEMPTION_SCHEMA: Final = MappingProxyType(
    {
        "type": "object",
        "properties": {
            key: {"type": "array", "items": {"type": "string"}, "description": meaning}
            if key == "codes"
            else {"type": "string", "description": meaning}
            for key, meaning in EXEMPTION_KEYS.items()
        },
    }
)
_OF_ALL: Final[Mapping[str, Property]] = MappingProxyType(
    {
        EXEMPTIONS: Property(
            "array",
            [],
            "Trails that this policy does not report, each with a reason.",
            _EXEMPTION_SCHEMA,
        ),
        EXPLAIN: Property(
            "boolean",
            False,
            "Whether to say for every trail what the policy decided and why, as information that counts as nothing.",
        ),
    }
)
_TEMPLATE_TEXT: Final = (
    f"Placeholders: {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}. At level remediate it is set where the trail "
    "has none; at other levels the report proposes it. Empty: nothing is set."
)
INTEGRATED: Final[Mapping[str, Property]] = MappingProxyType(
    {
        **_OF_ALL,
        LOG_GROUP_TEMPLATE: Property(
            "string", "", f"The ARN of the log group that trails without one are to use. {_TEMPLATE_TEXT}"
        ),
        ROLE_TEMPLATE: Property(
            "string", "", f"The ARN of the role that trails without one are to use. {_TEMPLATE_TEXT}"
        ),
    }
)
EXIST: Final[Mapping[str, Property]] = MappingProxyType(
    {
        **_OF_ALL,
        EXTERNAL_TARGETS: Property(
            "string",
            "report",
            "A log group or role that nothing in the stack declares or reads: report it, accept it, or lookup whether "
            "it exists in AWS.",
        ),
        EXTERNAL_LOG_GROUPS: Property(
            "array", [], "ARNs of log groups outside the stack that are known to exist, as glob patterns.", _TEXT
        ),
        EXTERNAL_ROLES: Property(
            "array", [], "ARNs of roles outside the stack that are known to exist, as glob patterns.", _TEXT
        ),
    }
)
CAN_DELIVER: Final[Mapping[str, Property]] = MappingProxyType(
    {
        **_OF_ALL,
        EXTERNAL_ROLES: Property(
            "string",
            "ignore",
            "The permissions of a role that is not of the stack: ignore them, or lookup in AWS what it may do.",
        ),
    }
)
RECENT: Final[Mapping[str, Property]] = MappingProxyType(
    {
        **_OF_ALL,
        ASK_AWS: Property(
            "boolean", False, "Whether AWS may be asked. Without it the policy says nothing, at whatever level."
        ),
        MAX_AGE_HOURS: Property("number", 24, "How many hours ago the last delivery may be."),
        GRACE_HOURS: Property("number", 1, "How many hours a trail may be logging before it must have delivered."),
        TIMEOUT_SECONDS: Property("number", 20, "How many seconds all answers of AWS together may take."),
    }
)
