"""Terraform's types and properties as those of the any-Terraform provider, which is generated from the same schemas.

The state of a Terraform stack at Pulumi Cloud has them in Terraform's own spelling, such as
`pulumi:terraform:aws_iam_role`. So the tables of this room need a row for a trail only, whose properties messages name
as Terraform spells them.
"""

from __future__ import annotations

import re
from typing import Final

_PREFIX: Final = "pulumi:terraform:"
_AWS: Final = f"{_PREFIX}aws_"
TERRAFORM_TRAIL: Final = f"{_AWS}cloudtrail"
_NEXT: Final = re.compile("_+([a-z0-9])")
# The bridge makes a plural of a block that may be repeated.
_PLURALS: Final = {"inline_policy": "inlinePolicies"}


def is_of_terraform(token: str) -> bool:
    """Whether a resource of this type was made by Terraform's provider for AWS."""
    return token.startswith(_AWS)


def token_of(token: str) -> str:
    """The type of a resource of this type in Terraform: that of any-Terraform, but a trail's own."""
    if token == TERRAFORM_TRAIL:
        return token
    name = name_of(token.removeprefix(_AWS))
    return f"aws:index/{name}:{name[:1].upper()}{name[1:]}"


def name_of(name: str) -> str:
    """The name that the bridge gives to a property, or to a type."""
    return _PLURALS.get(name) or _NEXT.sub(lambda found: found[1].upper(), name)
