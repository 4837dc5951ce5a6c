"""What a policy says of itself, besides how it judges: the metadata that Pulumi shows, and what the docs add to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyComplianceFramework, PolicyConfigSchema, Severity

from cloudtrail_logs.configuration.setting_table import Property
from cloudtrail_logs.control import CONTROL_TITLE, FRAMEWORK, TAGS
from cloudtrail_logs.model.verdict import Code
from cloudtrail_logs.pulumi.callbacks import Policy


@dataclass(frozen=True)
class Meaning:
    """What a code means: when it is reported, and what to have instead. Both are phrases in Markdown."""

    when: str
    instead: str


@dataclass(frozen=True)
class PolicyDescription:
    """One policy.

    description: a sentence: what is right. since: the first version of the pack that has it. codes: of the problems
    that it reports. properties: of its configuration. asks_aws: whether it can be configured to. level: by default.
    """

    name: str
    display_name: str
    description: str
    since: str
    codes: Mapping[Code, Meaning]
    properties: Mapping[str, Property]
    remediation_steps: str
    url: str
    asks_aws: bool = False
    level: EnforcementLevel = EnforcementLevel.ADVISORY

    def judged(self, read: Any) -> Policy[Any]:
        """What the callbacks need to know. Its rule is the module that has the stem of its name."""
        stem = self.name.removeprefix("cloudtrail-").replace("-", "_")
        return Policy(self.name, read, lambda: import_module(f"cloudtrail_logs.rules.{stem}"))

    @property
    def metadata(self) -> dict[str, Any]:
        """What the constructors of the SDK's policies take. Low is the control's risk level at its publisher."""
        return {
            "name": self.name,
            "display_name": self.display_name,
            "description": self.description,
            "enforcement_level": self.level,
            "severity": Severity.LOW,
            "framework": PolicyComplianceFramework(
                FRAMEWORK.source, FRAMEWORK.version, FRAMEWORK.section, CONTROL_TITLE
            ),
            "tags": list(TAGS),
            "remediation_steps": self.remediation_steps,
            "url": self.url,
            "config_schema": PolicyConfigSchema({name: each.schema for name, each in self.properties.items()}),
        }
