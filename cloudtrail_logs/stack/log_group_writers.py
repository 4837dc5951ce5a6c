"""Which log groups of a stack something in the stack writes to: what is left over was probably meant for the trail."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .resource import Resource
from .resource_types import LOG_STREAM_TYPES, TRAIL_TYPES, WRITING_PROPERTIES, WritingProperty, writes_to_log_groups
from .telemetry_rules import destinations_among

_IN_ARN: Final = re.compile(r"log-group:([.\-_/#A-Za-z0-9]+)")
_NAMES: Final = re.compile(r"[.\-_/#A-Za-z0-9]+")
_NAME_OR_ARN: Final = re.compile(r"[.\-_/#:*A-Za-z0-9]+")
# In a script or in the configuration of an agent: log_group_name, awslogs-group, logGroup, group_name and the like.
_KEY: Final = re.compile(r"logs?[-_.]?group|group[-_.]?name", re.IGNORECASE)
_NAMES_A_LOG_GROUP: Final = re.compile("group|destination", re.IGNORECASE)


@dataclass(frozen=True)
class LogGroupWriters:
    """The URNs of the log groups that something writes to."""

    by_trails: frozenset[str]
    """Those that a trail delivers to."""
    by_others: frozenset[str]
    """Those that something else writes to."""


def log_group_writers(resources: Sequence[Resource], urns: Mapping[str, Sequence[str]]) -> LogGroupWriters:
    """Which log groups a resource of the stack depends on or names, so that it probably writes to them.

    What certainly writes nothing does not count (`resource_types.writes_to_log_groups`), nor does a component (its
    children count), or a trail that only depends on a log group. Who depends on a log stream writes to its log group.
    urns: those of the log groups whose names in AWS are known, by these names.
    """
    users = [
        resource
        for resource in resources
        if resource.provider is not None
        and (resource.type in WRITING_PROPERTIES or writes_to_log_groups(resource.type))
    ]
    streams = [resource for resource in resources if resource.type in LOG_STREAM_TYPES]
    by_trails: set[str] = set()
    by_others: set[str] = set()
    for user in users:
        found = by_trails if user.type in TRAIL_TYPES else by_others
        found.update(source.urn for source in _dependencies(user))
    for stream in streams:
        for found in (by_trails, by_others):
            if stream.urn in found:
                found.update(_log_groups_of(stream, urns))
    wanted = {name for name, those in urns.items() if not by_others.issuperset(those)}
    named_by_trails: set[str] = set()
    named_by_others = destinations_among(wanted, users)
    for user in users if wanted else ():
        (named_by_trails if user.type in TRAIL_TYPES else named_by_others).update(_names(user, wanted))
    by_trails.update(urn for name in named_by_trails for urn in urns[name])
    by_others.update(urn for name in named_by_others for urn in urns[name])
    return LogGroupWriters(frozenset(by_trails), frozenset(by_others))


def _dependencies(resource: Resource) -> Sequence[Resource]:
    trail_type, writing = TRAIL_TYPES.get(resource.type), WRITING_PROPERTIES.get(resource.type)
    if trail_type:
        return resource.sources(trail_type.spelling.log_group_arn) or ()
    if writing:
        return () if writing.exports else resource.sources(writing.name) or ()
    return resource.dependencies


def _log_groups_of(stream: Resource, urns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The URNs of the log groups that a log stream may be in."""
    yield from (source.urn for source in stream.dependencies)
    name = stream.properties.text(LOG_STREAM_TYPES[stream.type].log_group)
    if isinstance(name, str):
        yield from urns.get(name, ())


def _names(resource: Resource, wanted: Container[str]) -> Iterator[str]:
    """Those wanted among the texts of a resource: in an ARN, in JSON, as a path, or behind a telling word."""
    for name, text in _texts(resource):
        if text in wanted:
            if "/" in text or _NAMES_A_LOG_GROUP.search(name):
                yield text
        elif '"' in text or ":" in text or "/" in text:
            parts = _IN_ARN.findall(text) if "log-group:" in text else []
            if "/" in text:
                parts += (name for name in _NAMES.findall(text) if "/" in name)
            if text.lstrip().startswith(("{", "[")):
                parts += text.split('"')
            yield from (part for part in parts if part in wanted)
        if _KEY.search(text):
            words = _NAMES.findall(text)
            yield from (word for key, word in pairwise(words) if word in wanted and _KEY.search(key))


def _texts(resource: Resource) -> Iterable[tuple[str, str]]:
    """The known texts by which something may write to a log group, each with the name of its nearest property."""
    writing = WRITING_PROPERTIES.get(resource.type)
    if not writing:
        return resource.properties.known_texts()
    texts = resource.properties.known_texts(writing.name)
    return ((name, text) for name, text in texts if not _is_export(writing, name, text))


def _is_export(writing: WritingProperty, name: str, text: str) -> bool:
    """Whether a value is at most the name or ARN of one log group, to be read by others."""
    return writing.exports and name == writing.name and _NAME_OR_ARN.fullmatch(text) is not None
