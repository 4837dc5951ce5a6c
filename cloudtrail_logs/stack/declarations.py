"""The stack as a graph: its trails, log groups and roles, and what the trails' properties were made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi_policy import PolicyResource

from ..iam.document import read_document
from ..iam.trust import PRINCIPAL
from ..model.arn import RoleArn, parse_role_arn
from ..model.declared import (
    Catalogue,
    DeclaredLogGroup,
    DeclaredRole,
    Origin,
    OtherResource,
    Target,
    Wiring,
    catalogue_of_log_groups,
    catalogue_of_roles,
    may_be_nameless_role,
    roles_of,
)
from ..model.trail import Trail
from ..model.value import ABSENT, UNKNOWN, Text
from ..rules.log_group_and_role_exist import Declarations
from ..rules.role_can_deliver import DeliveryPlace, DeliveryRole, place_of
from .log_group_writers import log_group_use
from .properties import Properties
from .provider import Accounts, region_of
from .resource_types import LOG_GROUP_TYPES, MISTAKEN, ROLE_TYPES, TRAIL_TYPES, LogGroupType, shown_type
from .role_policies import RolePolicies
from .trail import trail_from


@dataclass(frozen=True)
class _NotUsed:
    """The log groups that nothing in the stack writes to, and those that at most trails write to."""

    unused: Catalogue[DeclaredLogGroup]
    free: Catalogue[DeclaredLogGroup]


class StackView:
    """What a stack policy sees of a stack: built in one pass over its resources, whose order does not matter.

    trails: the resources that declare or read a trail, in the order of their URNs.
    """

    def __init__(self, resources: Sequence[PolicyResource]) -> None:
        """resources: those of the whole stack, as the SDK hands them over."""
        self._resources = resources
        self._log_groups: dict[str, DeclaredLogGroup] = {}
        self._roles: dict[str, DeclaredRole] = {}
        self._role_resources: dict[str, PolicyResource] = {}
        self._accounts = Accounts()
        self._judged: dict[str, Trail] = {}
        self._role_policies: RolePolicies | None = None
        self._delivery_roles: dict[str, DeliveryRole] = {}
        self._without_use: _NotUsed | None = None
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
        # By name: the engine's order is that of registration, which may be another one in the next run.
        self._all_log_groups = catalogue_of_log_groups(sorted(self._log_groups.values(), key=_name))
        self._all_roles = catalogue_of_roles(sorted(self._roles.values(), key=_name))

    @property
    def declarations(self) -> Declarations:
        """The log groups and roles that a trail may name.

        Made anew each time: kept, its functions would hold on to the whole stack after the policy is done with it.
        """
        return Declarations(
            self._all_log_groups,
            self._all_roles,
            unused=lambda: self._not_used().unused,
            free=lambda: self._not_used().free,
        )

    def trail(self, resource: PolicyResource) -> Trail:
        """The trail that one of `trails` declares."""
        if resource.urn not in self._judged:
            self._judged[resource.urn] = trail_from(resource, TRAIL_TYPES[resource.resource_type], self._accounts.of)
        return self._judged[resource.urn]

    def log_group_wiring(self, trail: PolicyResource) -> Wiring[DeclaredLogGroup]:
        """What the trail's log group property was made of."""
        return self._wiring(trail, TRAIL_TYPES[trail.resource_type].spelling.log_group_arn, self._log_groups)

    def role_wiring(self, trail: PolicyResource) -> Wiring[DeclaredRole]:
        """What the trail's role property was made of."""
        return self._wiring(trail, TRAIL_TYPES[trail.resource_type].spelling.role_arn, self._roles)

    def delivery_role(self, resource: PolicyResource) -> DeliveryRole | None:
        """The role that a trail names, with what it may do; None where it is not of this stack, or cannot be told."""
        role = self._role_of(resource)
        if role is None:
            return None
        if role.urn not in self._delivery_roles:
            if self._role_policies is None:
                self._role_policies = RolePolicies(self._resources, self._accounts)
            declared = self._role_resources[role.urn]
            trust_policy = ROLE_TYPES[declared.resource_type].trust_policy
            self._delivery_roles[role.urn] = DeliveryRole(
                label=role.label,
                trust=read_document(Properties(declared.props).json(trust_policy)),
                permissions=self._role_policies.permissions_of(declared, role.name),
            )
        return self._delivery_roles[role.urn]

    def external_role(self, resource: PolicyResource) -> RoleArn | None:
        """The ARN of the role that a trail names, where that is known and surely of no role of this stack."""
        value = self.trail(resource).role_arn
        arn = parse_role_arn(value) if isinstance(value, str) else None
        if not isinstance(arn, RoleArn) or any(roles_of(arn, self._all_roles)):
            return None
        return None if may_be_nameless_role(arn, self._all_roles) else arn

    def delivery_place(self, resource: PolicyResource) -> DeliveryPlace | None:
        """The log group that a trail delivers to; None where it names none."""
        return place_of(self.trail(resource), self.log_group_wiring(resource).only_target)

    def _role_of(self, resource: PolicyResource) -> DeclaredRole | None:
        value = self.trail(resource).role_arn
        arn = parse_role_arn(value) if isinstance(value, str) else None
        if isinstance(arn, RoleArn):
            found = list(roles_of(arn, self._all_roles))
            return found[0] if len(found) == 1 else None
        return self.role_wiring(resource).only_target if value is UNKNOWN else None

    def _add_log_group(self, resource: PolicyResource) -> None:
        log_group_type = LOG_GROUP_TYPES[resource.resource_type]
        properties = Properties(resource.props)
        name = properties.text(log_group_type.name)
        self._log_groups[resource.urn] = DeclaredLogGroup(
            label=resource.name,
            name=name,
            beginning=name if isinstance(name, str) else _prefix(resource, properties, log_group_type),
            arn=properties.text("arn"),
            arn_has_wildcard=log_group_type.arn_has_wildcard,
            region=region_of(properties, log_group_type.region, None, resource.provider),
            account=self._accounts.of(resource.provider),
            log_group_class=properties.text("logGroupClass"),
            urn=resource.urn,
        )

    def _add_role(self, resource: PolicyResource) -> None:
        role_type = ROLE_TYPES[resource.resource_type]
        properties = Properties(resource.props)
        self._roles[resource.urn] = DeclaredRole(
            label=resource.name,
            name=properties.text(role_type.name),
            path=properties.text("path"),
            arn=properties.text("arn"),
            account=self._accounts.of(resource.provider),
            trusts_cloudtrail=any(PRINCIPAL in text for text in properties.known_texts_of(role_type.trust_policy)),
            urn=resource.urn,
        )
        self._role_resources[resource.urn] = resource

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
        return OtherResource(
            source.name,
            shown_type(source.resource_type),
            mistaken=source.resource_type in MISTAKEN,
            counterpart=source.urn in self._log_groups or source.urn in self._roles,
        )

    def _not_used(self) -> _NotUsed:
        """Looked for once, and only when asked: it reads every text of the stack."""
        if self._without_use is None:
            use = log_group_use(self._resources, {urn: group.name for urn, group in self._log_groups.items()})
            free = [group for group in sorted(self._log_groups.values(), key=_name) if group.urn not in use.by_others]
            self._without_use = _NotUsed(
                unused=catalogue_of_log_groups(group for group in free if group.urn not in use.by_trails),
                free=catalogue_of_log_groups(free),
            )
        return self._without_use


def _name(target: DeclaredLogGroup | DeclaredRole) -> tuple[str, str]:
    return target.label, target.urn


def _prefix(resource: PolicyResource, properties: Properties, log_group_type: LogGroupType) -> Text:
    """What an unknown name begins with: its prefix; unknown where the name is made of something unknown."""
    prefix = properties.text(log_group_type.name_prefix) if log_group_type.name_prefix else ABSENT
    if isinstance(prefix, str):
        return prefix
    return UNKNOWN if log_group_type.name in resource.property_dependencies else ABSENT
