"""What a policy says of itself, and the policy that Pulumi gets made of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from cloudtrail_logs.configuration.settings import Setting, Settings, settings_of
from cloudtrail_logs.control import CONTROL_TITLE, FRAMEWORK, TAGS
from cloudtrail_logs.model.enforcement_level import ADVISORY
from cloudtrail_logs.model.verdict import Code
from cloudtrail_logs.pulumi.callbacks import Judge, resource_remediation, resource_validation, stack_validation

if TYPE_CHECKING:
    from pulumi_policy import Policy

    from cloudtrail_logs.configuration.reader import Configuration

_PREFIX = "cloudtrail-"


@dataclass(frozen=True)
class CodeDoc:
    """What a code means. Both are phrases in Markdown."""

    when: str
    """When it is reported."""
    instead: str
    """What to have instead."""


NOT_PROVEN: Final = CodeDoc(
    "only with `requireProof`: every value is known, and still it cannot be told whether the trail is right; the "
    "report gives [the reason](#what-cannot-be-told)",
    "what the report says for its reason",
)


@dataclass(frozen=True)
class PolicyDescription:
    """One policy. Its rule is the module in `cloudtrail_logs.rules` that has the stem of its name."""

    name: str
    display_name: str
    description: str
    """A sentence: what is right."""
    since: str
    """The first version of the pack that has it."""
    codes: Mapping[Code, CodeDoc]
    """Of the problems that it reports."""
    settings: type[Settings]
    """What it can be configured with."""
    remediation_steps: str
    url: str
    wrong: str = ""
    """The name of an example that it reports; empty where only what AWS says can be wrong."""
    right: str = "integrated"
    """The name of an example that is right."""
    of_stack: bool = True
    """Whether it looks at whole stacks. A policy that looks at single resources applies the fixes of its problems."""
    asks_aws: bool = False
    """Whether it can be configured to ask AWS."""
    level: str = ADVISORY
    """By default."""

    @property
    def properties(self) -> Mapping[str, Setting]:
        """What it can be configured with, by the names in JSON."""
        return {setting.name: setting for setting in settings_of(self.settings).values()}

    @property
    def rule(self) -> str:
        """The name of the module of its rule."""
        return f"cloudtrail_logs.rules.{self.name.removeprefix(_PREFIX).replace('-', '_')}"

    def read(self, given: Mapping[str, Any]) -> Configuration[Any]:
        """Its settings, from its properties in a configuration, which may be of any type."""
        from cloudtrail_logs.configuration.reader import read

        return read(self.settings, given, self.codes)

    def policy(self, only_read: set[str] | None = None) -> Policy:
        """The policy, as the pack hands it to Pulumi. Low is the control's risk level at its publisher.

        only_read: what the policies of one pack share of what is only read (`pulumi.callbacks.Judge`).
        """
        from pulumi_policy import (  # the commands need no Pulumi, and loading it takes longer than what they do
            EnforcementLevel,
            PolicyComplianceFramework,
            PolicyConfigSchema,
            ResourceValidationPolicy,
            Severity,
            StackValidationPolicy,
        )

        shared = set() if only_read is None else only_read
        judge = Judge(self.name, self.read, lambda: import_module(self.rule), shared)
        framework = PolicyComplianceFramework(FRAMEWORK.source, FRAMEWORK.version, FRAMEWORK.section, CONTROL_TITLE)
        metadata: dict[str, Any] = {
            "name": self.name,
            "display_name": self.display_name,
            "description": self.description,
            "enforcement_level": EnforcementLevel(self.level),
            "severity": Severity.LOW,
            "framework": framework,
            "tags": list(TAGS),
            "remediation_steps": self.remediation_steps,
            "url": self.url,
            "config_schema": PolicyConfigSchema({name: each.schema for name, each in self.properties.items()}),
        }
        if self.of_stack:
            return StackValidationPolicy(**metadata, validate=stack_validation(judge))
        return ResourceValidationPolicy(
            **metadata, validate=resource_validation(judge), remediate=resource_remediation(judge)
        )
