"""Which policies run with a configuration, at which level, and what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from cloudtrail_logs.fleet.evidence import PolicyInForce
from cloudtrail_logs.model.enforcement_level import ADVISORY, DISABLED, LEVELS, MANDATORY
from policies.pack import POLICIES

ALL: Final = "all"
LEVEL: Final = "enforcementLevel"
# A link to another part of the policies' own page.
_LINK_WITHIN: Final = re.compile(r"\[([^\]]+)\]\(#[^)]*\)")


def policies_in_force(given: Mapping[str, Any]) -> list[tuple[ModuleType, PolicyInForce]]:
    """The policies that are not disabled, each with its module.

    given: by the names of policies, and by "all", a level or an object with one, as in a file for --policy-pack-config.
    """
    found = []
    for module in POLICIES:
        described = module.DESCRIPTION
        level = level_of(described.name, given, described.level)
        if level != DISABLED:
            codes = {code.value: _LINK_WITHIN.sub(r"\1", doc.when) for code, doc in described.codes.items()}
            in_force = PolicyInForce(
                name=described.name,
                title=described.display_name,
                description=described.description,
                level=ADVISORY if level == ADVISORY else MANDATORY,
                remediation=described.remediation_steps,
                url=described.url,
                codes=codes,
            )
            found.append((module, in_force))
    return found


def level_in(value: Any) -> str | None:
    """The level that is given for a policy, alone or in an object; None where there is none, or no such level."""
    level = value.get(LEVEL) if isinstance(value, Mapping) else value
    return level if level in LEVELS else None


def level_of(policy: str, given: Mapping[str, Any], default: str) -> str:
    """The level of a policy: its own, that of all policies, or its default."""
    return level_in(given.get(policy)) or level_in(given.get(ALL)) or default
