"""Does what a role may do depend on the place, where that is one that stands for any (`model.sample_place`)?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ..model.arn import LogGroupArn, is_account, partition_of_region
from ..model.sample_place import SAMPLE_PLACE
from .document import Document, Patterns
from .log_streams import STREAM
from .role import Permissions

_PARTITION, _REGION, _ACCOUNT = 1, 3, 4  # of the fields of an ARN
_WORD: Final = re.compile(r"[A-Za-z0-9-]+")
_PART_OF_PLACE: Final = re.compile(r"[*?0-9]")
_OF_STREAMS: Final = re.compile(r"[_*?]")


def names_a_place(permissions: Permissions, log_group: LogGroupArn) -> bool:
    """Whether a policy of the role is, or may be, about places of its own, so that it matters where the log group is.

    log_group: its ARN, with parts of the sample for what is not known of its place.
    """
    own = {_PARTITION: log_group.partition, _REGION: log_group.region, _ACCOUNT: log_group.account}
    sample = {field: part for field, part in own.items() if part in SAMPLE_PLACE}
    in_name = [part for part in sample.values() if part in log_group.name]
    return any(
        _names_one(resource, sample) or any(part not in resource.split(":", 5)[-1] for part in in_name)
        for resource in _resources(permissions)
    )


def _names_one(resource: str, sample: Mapping[int, str]) -> bool:
    """sample: the parts that stand for any, by the fields of an ARN."""
    fields = resource.split(":")[: _ACCOUNT + 2]
    if any(text not in ("*", "", sample.get(field, text)) for field, text in enumerate(fields[: _ACCOUNT + 1])):
        return True
    # With a * for several fields of an ARN, any other one may be of a place.
    if ("*" in fields[0] or len(fields) < _ACCOUNT + 2) and any(map(_PART_OF_PLACE.search, set(fields) - {"*"})):
        return True
    if set(_OF_STREAMS.split(resource.partition(STREAM)[2])) - {"", "CloudTrail", *sample.values()}:
        return True
    words = set(_WORD.findall(resource)) - set(sample.values())
    regions = (_REGION in sample and partition_of_region(word) is not None for word in words)
    return any(regions) or (_ACCOUNT in sample and any(map(is_account, words)))


def _resources(permissions: Permissions) -> Iterator[str]:
    for grant in (*permissions.grants, *filter(None, (permissions.boundary,))):
        for statement in grant.document.statements if isinstance(grant.document, Document) else ():
            if isinstance(statement.resources, Patterns):
                yield from (each for each in statement.resources.values if isinstance(each, str))
