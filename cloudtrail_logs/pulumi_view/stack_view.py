"""The stack as a graph: its trails, log groups and roles, and what the trails' properties were made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pulumi_policy import PolicyResource

from ..existence import Declarations
from ..trail import Trail
from ..value import Text
from ..wiring import (
    Catalogue,
    DeclaredLogGroup,
    DeclaredRole,
    Origin,
    OtherResource,
    Target,
    Wiring,
    catalogue_of_log_groups,
    catalogue_of_roles,
)
from .location import account_of, region_of
from .log_group_use import used_log_groups
from .properties import Properties
from .provider_table import LOG_GROUP_TYPES, ROLE_TYPES, TRAIL_TYPES, carries_text, shown_type
from .trail_view import trail_from

_CLOUDTRAIL: Final = "cloudtrail.amazonaws.com"


class StackView:
    """What a stack policy sees of a stack: built in one pass over its resources, whose order does not matter.

    trails: the resources that declare or read a trail, in the order of their URNs. declarations: what they may name.
    """

    def __init__(self, resources: Sequence[PolicyResource]) -> None:
        """resources: those of the whole stack, as the SDK hands them over."""
        self._resources = resources
        self._log_groups: dict[str, DeclaredLogGroup] = {}
        self._roles: dict[str, DeclaredRole] = {}
        # What the unknown name of a log group or a role is made of may also be a part of an ARN.
        self._parts_of_names: set[str] = set()
        self._unused: Catalogue[DeclaredLogGroup] | None = None
        self.trails: list[PolicyResource] = []
        for resource in resources:
            token = resource.resource_type
            if token in TRAIL_TYPES:
                self.trails.append(resource)
            elif token in LOG_GROUP_TYPES:
                self._add_log_group(resource)
            elif token in ROLE_TYPES:
                self._add_role(resource)
        self.trails.sort(key=lambda trail: trail.urn)
        self.declarations = Declarations(
            catalogue_of_log_groups(self._log_groups.values()), catalogue_of_roles(self._roles.values())
        )

    def trail(self, resource: PolicyResource) -> Trail:
        """The trail that one of `trails` declares."""
        return trail_from(resource, TRAIL_TYPES[resource.resource_type])

    def log_group_wiring(self, trail: PolicyResource) -> Wiring[DeclaredLogGroup]:
        """What the trail's log group property was made of."""
        return self._wiring(trail, TRAIL_TYPES[trail.resource_type].spelling.log_group_arn, self._log_groups)

    def role_wiring(self, trail: PolicyResource) -> Wiring[DeclaredRole]:
        """What the trail's role property was made of."""
        return self._wiring(trail, TRAIL_TYPES[trail.resource_type].spelling.role_arn, self._roles)

    def unused_log_groups(self) -> Catalogue[DeclaredLogGroup]:
        """The log groups that nothing in the stack uses. Looked for once, and only when asked: it reads every text."""
        if self._unused is None:
            urns_by_name: dict[str, list[str]] = {}
            for urn, group in self._log_groups.items():
                if isinstance(group.name, str):
                    urns_by_name.setdefault(group.name, []).append(urn)
            used = used_log_groups(self._resources, urns_by_name)
            self._unused = catalogue_of_log_groups(
                group for urn, group in sorted(self._log_groups.items()) if urn not in used
            )
        return self._unused

    def _add_log_group(self, resource: PolicyResource) -> None:
        log_group_type = LOG_GROUP_TYPES[resource.resource_type]
        properties = Properties(resource.props)
        self._log_groups[resource.urn] = DeclaredLogGroup(
            label=resource.name,
            name=self._name(resource, properties, log_group_type.name),
            arn=properties.text("arn"),
            arn_has_wildcard=log_group_type.arn_has_wildcard,
            region=region_of(properties, log_group_type.regions, resource.provider),
            account=account_of(resource.provider),
            log_group_class=properties.text("logGroupClass"),
        )

    def _add_role(self, resource: PolicyResource) -> None:
        role_type = ROLE_TYPES[resource.resource_type]
        properties = Properties(resource.props)
        self._roles[resource.urn] = DeclaredRole(
            label=resource.name,
            name=self._name(resource, properties, role_type.name),
            path=properties.text("path"),
            arn=properties.text("arn"),
            account=account_of(resource.provider),
            trusts_cloudtrail=any(_CLOUDTRAIL in text for text in properties.known_texts_of(role_type.trust_policy)),
        )

    def _name(self, resource: PolicyResource, properties: Properties, name: str) -> Text:
        value = properties.text(name)
        if not isinstance(value, str):
            self._parts_of_names.update(part.urn for part in resource.property_dependencies.get(name, ()))
        return value

    def _wiring(self, trail: PolicyResource, name: str, targets: Mapping[str, Target]) -> Wiring[Target]:
        sources = trail.property_dependencies.get(name)
        if not sources:
            return Wiring(Origin.TYPED if sources is None else Origin.READ)
        return Wiring(
            Origin.RESOURCES,
            tuple(targets[source.urn] for source in sources if source.urn in targets),
            tuple(self._other(source) for source in sources if source.urn not in targets),
        )

    def _other(self, source: PolicyResource) -> OtherResource:
        # A resource without a provider is a component: its outputs may be anything.
        any_text = source.provider is None or carries_text(source.resource_type) or source.urn in self._parts_of_names
        return OtherResource(source.name, shown_type(source.resource_type), any_text)
