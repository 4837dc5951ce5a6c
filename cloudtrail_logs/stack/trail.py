"""From a resource of Pulumi's to the trail that the rules judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs

from ..configuration.exemptions import Subject
from ..model.trail import Trail
from ..model.value import Text
from .properties import Properties
from .provider import account_of, region_of
from .resource_types import TrailType

_NONE: Final[frozenset[str]] = frozenset()


def is_only_read(resource: ResourceValidationArgs) -> bool:
    """Whether a trail is not managed by this stack: then not even its required inputs arrive."""
    return not Properties(resource.props).any_set()


def trail_from(
    resource: ResourceValidationArgs | PolicyResource,
    trail_type: TrailType,
    account: Callable[[PolicyProviderResource | None], Text] = account_of,
) -> Trail:
    """The trail that a resource of this type declares, from its inputs or its outputs. account: of a provider."""
    properties = Properties(resource.props)
    spelling = trail_type.spelling
    return Trail(
        spelling=spelling,
        log_group_arn=properties.text(spelling.log_group_arn),
        role_arn=properties.text(spelling.role_arn),
        logging=properties.flag(spelling.logging),
        organization=properties.flag(trail_type.organization),
        region=region_of(properties, trail_type.region, trail_type.home_region, resource.provider),
        account=account(resource.provider),
        ignored=_ignored(resource, (spelling.log_group_arn, spelling.role_arn)),
    )


def _ignored(resource: ResourceValidationArgs | PolicyResource, names: tuple[str, ...]) -> frozenset[str]:
    """Which of some properties the program ignores changes of. A path may be quoted, and `*` is every property."""
    if not resource.opts.ignore_changes:
        return _NONE
    paths = {path.strip("[]\"'") for path in resource.opts.ignore_changes}
    return frozenset(names if "*" in paths else paths.intersection(names))


def subject_from(resource: ResourceValidationArgs | PolicyResource, trail_type: TrailType) -> Subject:
    """The names of the trail that a resource of this type declares.

    A URN is `urn:pulumi:STACK::PROJECT::TYPE::NAME` (Pulumi documentation, "Resource names"). The project and stack
    that the SDK knows are placeholders when a state file is analyzed, so they are taken from there.
    """
    stack, _, rest = resource.urn.removeprefix("urn:pulumi:").partition("::")
    return Subject(
        label=resource.name,
        name=Properties(resource.props).text(trail_type.name),
        name_property=trail_type.name,
        project=rest.partition("::")[0],
        stack=stack,
    )
