"""From a resource to the trail that the rules judge, and to the names that a configuration tells it by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from ..model.arn import Invalid, LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn, parsed
from ..model.sample_place import with_place_words
from ..model.trail import StackNames, Trail, TrailNames
from ..model.value import UNKNOWN, Text
from .properties import Properties
from .provider import account_of, region_of
from .resource import ProviderResource, Resource
from .resource_types import TRAIL_TYPES

_Arn = TypeVar("_Arn", LogGroupArn, RoleArn)
_NONE: Final[frozenset[str]] = frozenset()


def is_trail(resource: Resource) -> bool:
    """Whether a resource is a trail of a known provider."""
    return resource.type in TRAIL_TYPES


def is_only_read(resource: Resource) -> bool:
    """Whether a trail is not managed by this stack: then not even its required inputs arrive."""
    return not resource.properties.any_set()


def trail_from(resource: Resource, account: Callable[[ProviderResource | None], Text] = account_of) -> Trail:
    """The trail that a resource declares, from its inputs or its outputs. account: of a provider."""
    properties, trail_type, provider = resource.properties, TRAIL_TYPES[resource.type], resource.provider
    spelling = trail_type.spelling
    return Trail(
        spelling=spelling,
        log_group=parsed(properties.text(spelling.log_group_arn), parse_log_group_arn),
        role=parsed(properties.text(spelling.role_arn), parse_role_arn),
        logging=properties.flag(spelling.logging),
        organization=properties.flag(trail_type.organization),
        region=region_of(properties, trail_type.region, trail_type.home_region, provider),
        account=account(provider),
        partition=resource.template.partition if resource.template else UNKNOWN,
        log_group_form=_form(resource, spelling.log_group_arn, parse_log_group_arn),
        role_form=_form(resource, spelling.role_arn, parse_role_arn),
        ignored=_ignored(resource, (spelling.log_group_arn, spelling.role_arn, spelling.logging)),
    )


def _form(resource: Resource, name: str, parse: Callable[[str], _Arn | Invalid]) -> _Arn | Invalid | None:
    text = resource.template.forms.get(name) if resource.template else None
    if text is None:
        return None
    found = parse(text)
    values = {each.name: getattr(found, each.name) for each in fields(found)}
    words: dict[str, Any] = {name: with_place_words(text) for name, text in values.items() if isinstance(text, str)}
    return replace(found, **words)


def _ignored(resource: Resource, names: tuple[str, ...]) -> frozenset[str]:
    """Which of some properties the program ignores changes of. A path may be quoted, and `*` is every property."""
    if not resource.ignored_changes:
        return _NONE
    paths = {path.strip("[]\"'") for path in resource.ignored_changes}
    return frozenset(names if "*" in paths else paths.intersection(names))


def names_of(resource: Resource) -> TrailNames:
    """The names of the trail that a resource declares."""
    template = resource.template
    if not template:
        return names_from(resource.urn, resource.type, resource.properties)
    names = names_from(template.urn, resource.type, resource.properties)
    return replace(names, logical_id=template.logical_id)


def names_from(urn: str, token: str, properties: Properties) -> TrailNames:
    """The names of a trail with this URN, type and properties."""
    stack = stack_of(urn)
    name_property = TRAIL_TYPES[token].name
    return TrailNames(
        label="".join(urn.split("::", 3)[3:]),
        name=properties.text(name_property),
        name_property=name_property,
        project=stack.project,
        stack=stack.stack,
    )


def stack_of(urn: str) -> StackNames:
    """The names of the stack that has a resource with this URN.

    A URN is `urn:pulumi:STACK::PROJECT::TYPE::NAME` (Pulumi documentation, "Resource names"). The project and stack
    that the SDK knows are placeholders when a state file is analyzed, so they are taken from there.
    """
    stack, _, rest = urn.removeprefix("urn:pulumi:").partition("::")
    return StackNames(project=rest.partition("::")[0], stack=stack)
