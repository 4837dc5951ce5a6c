"""Which partition a region belongs to.

Source: the region patterns of the AWS SDKs' partition data (botocore `data/partitions.json`); a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# The prefix of a region's name, up to its place and number, tells the partition.
_PARTITION_BY_PREFIX: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"), "aws"),
        "cn": "aws-cn",
        "us-gov": "aws-us-gov",
        "us-iso": "aws-iso",
        "us-isob": "aws-iso-b",
        "eu-isoe": "aws-iso-e",
        "us-isof": "aws-iso-f",
        "eusc-de": "aws-eusc",
    }
)
PARTITIONS: Final = tuple(dict.fromkeys(_PARTITION_BY_PREFIX.values()))
_REGION: Final = re.compile(r"(?P<prefix>[a-z]{2,4}(?:-(?:gov|iso[a-z]?|de))?)-[a-z]{1,20}-[0-9]{1,2}")


def is_region(text: str) -> bool:
    """Whether the text has the form of a region's name, such as eu-west-1."""
    return _REGION.fullmatch(text) is not None


def partition_of_region(region: str) -> str | None:
    """The partition of a region, such as aws-cn for cn-north-1; None for a region of no known partition."""
    match = _REGION.fullmatch(region)
    return _PARTITION_BY_PREFIX.get(match["prefix"]) if match else None
