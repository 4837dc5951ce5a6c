"""The policies that a configuration does not disable, as evidence names them."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from cloudtrail_logs.fleet.evidence import ADVISORY, MANDATORY, PolicyInForce
from command_line.check_config import _level_of
from policies.pack import POLICIES


def policies_in_force(given: Mapping[str, Any]) -> list[tuple[ModuleType, PolicyInForce]]:
    """The modules of these policies. given: levels or properties by policy, and of "all" of them."""
    found = []
    for module in POLICIES:
        described = module.DESCRIPTION
        level = _level_of(described.name, given, described.level.value)
        if level != "disabled":
            found.append(
                (
                    module,
                    PolicyInForce(
                        described.name,
                        described.display_name,
                        described.description,
                        ADVISORY if level == ADVISORY else MANDATORY,
                        described.remediation_steps,
                        described.url,
                        {code.value: each.when for code, each in described.codes.items()},
                    ),
                )
            )
    return found
