"""From a resource of Pulumi's to the trail that the rules judge."""

from __future__ import annotations

from pulumi_policy import PolicyResource, ResourceValidationArgs

from ..trail import Trail
from .location import account_of, region_of
from .properties import Properties
from .provider_table import TRAIL_TYPES, TrailType


def trail_of(resource: ResourceValidationArgs | PolicyResource) -> Trail | None:
    """The trail that a resource declares, from its inputs or its outputs; None for a resource of another type."""
    trail_type = TRAIL_TYPES.get(resource.resource_type)
    return trail_from(resource, trail_type) if trail_type else None


def is_only_read(resource: ResourceValidationArgs) -> bool:
    """Whether a trail is not managed by this stack: then not even its required inputs arrive."""
    return not Properties(resource.props).any_set()


def trail_from(resource: ResourceValidationArgs | PolicyResource, trail_type: TrailType) -> Trail:
    """The trail that a resource of this type declares."""
    properties = Properties(resource.props)
    spelling = trail_type.spelling
    return Trail(
        spelling=spelling,
        log_group_arn=properties.text(spelling.log_group_arn),
        role_arn=properties.text(spelling.role_arn),
        logging=properties.flag(spelling.logging),
        organization=properties.flag(trail_type.organization),
        region=region_of(properties, trail_type.region, trail_type.home_region, resource.provider),
        account=account_of(resource.provider),
    )
