"""The pack as a whole: its policies, and what it says of itself."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from cloudtrail_logs.control import TAGS
from cloudtrail_logs.garbage_collection import collect_seldom

from . import (
    cloudtrail_cloudwatch_logs_integrated,
    cloudtrail_delivery_is_recent,
    cloudtrail_log_group_and_role_exist,
    cloudtrail_role_can_deliver,
)

if TYPE_CHECKING:
    from pulumi_policy import Policy

NAME: Final = "cloudtrail-cloudwatch-logs"
DISPLAY_NAME: Final = "CloudTrail integrated with CloudWatch Logs"
DESCRIPTION: Final = "Checks that AWS CloudTrail trails are integrated with CloudWatch Logs."
PROVIDER: Final = "AWS"

# The modules of the policies, in the order in which they ask about a trail.
POLICIES: Final[tuple[ModuleType, ...]] = (
    cloudtrail_cloudwatch_logs_integrated,
    cloudtrail_log_group_and_role_exist,
    cloudtrail_role_can_deliver,
    cloudtrail_delivery_is_recent,
)

# One line of YAML, whose address may be quoted. The pack loads no YAML parser for it: the engine waits for its start.
_WEBSITE: Final = re.compile(r"""^website:[ \t]+(["']?)(https?://[^\s"']+)\1[ \t]*(?:[ \t]#.*)?$""", re.MULTILINE)


def serve(project: Path) -> None:
    """Serves the pack to the engine, until that ends it. project: the path of PulumiPolicy.yaml; there may be none."""
    from pulumi_policy import PolicyPack

    collect_seldom()
    PolicyPack(
        name=NAME,
        display_name=DISPLAY_NAME,
        description=DESCRIPTION,
        readme=readme(),
        provider=PROVIDER,
        tags=tags(),
        repository=repository(project),
        policies=policies(),
    )


def policies() -> list[Policy]:
    """The policies, as the pack hands them to Pulumi."""
    only_read: set[str] = set()
    return [module.DESCRIPTION.policy(only_read) for module in POLICIES]


def readme() -> str:
    """What the console shows about the pack, in Markdown."""
    listed = "\n".join(f"- `{each.DESCRIPTION.name}`: {each.DESCRIPTION.description}" for each in POLICIES)
    return f"""\
# {DISPLAY_NAME}

{DESCRIPTION} Each policy asks one question about every trail that a program declares with `aws`, `aws-native` or the \
any-Terraform AWS provider:

{listed}

A report has a line for each problem. It begins with a code in square brackets, such as `[role-missing]`, names the \
trail's property as its provider spells it, and says what to set instead. What cannot be known yet is not reported.

All policies but the last are advisory by default. The last one asks AWS, and runs only where it is enabled and \
`askAws` is true. Stack policies can block a preview; in an update they run after everything is created. To accept a \
trail as it is, add an entry to `exemptions`, with a reason and, where you like, a last day. At level `remediate` the \
first policy appends a missing `:*`, and fills in the `logGroupArn` and `roleArn` that it is configured with.
"""


def tags() -> list[str]:
    """The pack's tags: the control's topics and citations."""
    return list(TAGS)


def repository(project: Path) -> str | None:
    """Where the pack's code is: the `website` of its PulumiPolicy.yaml. None where that names no address.

    project: the path of PulumiPolicy.yaml; a pack that is one file has none. `PolicyPack` takes a repository since
    pulumi-policy 1.18.
    """
    try:
        text = project.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = _WEBSITE.search(text)
    return found[2] if found else None
