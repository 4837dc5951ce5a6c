"""The stack as a graph: its trails, log groups and roles, and what the trails' properties were made of."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Container, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..iam.document import read_document
from ..iam.role import DeliveryRole
from ..iam.trust import PRINCIPAL
from ..model.arn import LogGroupArn, RoleArn, is_region
from ..model.aws_answers import DeliveryQuestion
from ..model.declared import (
    Catalogue,
    Declarations,
    DeclaredLogGroup,
    DeclaredRole,
    Origin,
    OtherResource,
    Source,
    Target,
    catalogue_of_log_groups,
    catalogue_of_roles,
    roles_of,
)
from ..model.reasons import Reason
from ..model.trail import Trail, TrailNames
from ..model.value import ABSENT, UNKNOWN
from .log_group_writers import log_group_writers
from .metric_filters import filters_of_cloudtrail
from .naming import beginning_of
from .provider import Accounts, region_of
from .resource import Resource, is_new
from .resource_types import LOG_GROUP_TYPES, MISTAKEN, ROLE_TYPES, STACK_REFERENCE_TYPE, TEMPLATE_TYPES, TRAIL_TYPES
from .role_policies import POLICY_TYPES, RolePolicies, lists_its_policies
from .telemetry_rules import telemetry_rules_of_cloudtrail
from .trail import names_of, trail_from


@dataclass(frozen=True)
class _WithoutWriters:
    """Log groups of a stack that are free to be used by a trail."""

    unused: Catalogue[DeclaredLogGroup]
    """Those that nothing writes to."""
    free: Catalogue[DeclaredLogGroup]
    """Those that at most trails write to."""


class Stack:
    """What a stack policy sees of a stack: built in one pass over its resources, whose order does not matter."""

    def __init__(
        self,
        resources: Sequence[Resource],
        only_read: Container[str] = (),
        outer: Stack | None = None,
        in_sample: Callable[[], Sequence[Resource]] = tuple,
    ) -> None:
        """resources: those of the whole stack. only_read: the URNs of those that are known to be only read.

        outer: the stack of the program, where these are the resources of a template that it deploys; or what other
        stacks declare. Its log groups and roles exist too, but messages do not suggest them. in_sample: the resources
        of a template in a place that stands for any (`model.sample_place`), where its place is not known; else none.
        """
        self._in_sample = in_sample
        self._resources = resources
        self._outer = outer
        self._only_read = only_read
        self._log_groups: dict[str, DeclaredLogGroup] = {}
        self._roles: dict[str, DeclaredRole] = {}
        self._role_resources: dict[str, Resource] = {}
        self._accounts = Accounts()
        self._delivery_roles: dict[str, DeliveryRole] = {}
        self._trails: list[Resource] = []
        self._templates: list[Resource] = []
        for resource in resources:
            if resource.type in TRAIL_TYPES:
                self._trails.append(resource)
            elif resource.type in TEMPLATE_TYPES:
                self._templates.append(resource)
            elif resource.type in LOG_GROUP_TYPES:
                self._add_log_group(resource)
            elif resource.type in ROLE_TYPES:
                self._add_role(resource)
        # By URN and by name: the engine's order is that of registration, which may be another one in the next run.
        self._trails.sort(key=lambda trail: trail.urn)
        self._all_log_groups = catalogue_of_log_groups(sorted(self._log_groups.values(), key=_name))
        self._all_roles = catalogue_of_roles(sorted(self._roles.values(), key=_name))
        # With those around it.
        self._every_log_group: MutableMapping[str, DeclaredLogGroup] = self._log_groups
        self._every_role: MutableMapping[str, DeclaredRole] = self._roles
        self._every_role_resource: MutableMapping[str, Resource] = self._role_resources
        if outer:
            self._all_log_groups = replace(self._all_log_groups, around=outer._all_log_groups)
            self._all_roles = replace(self._all_roles, around=outer._all_roles)
            self._every_log_group = ChainMap(self._log_groups, outer._every_log_group)
            self._every_role = ChainMap(self._roles, outer._every_role)
            self._every_role_resource = ChainMap(self._role_resources, outer._every_role_resource)

    def trails(self) -> list[StackTrail]:
        """The trails of the stack in the order of their URNs, without those that are known to be only read."""
        return [StackTrail(self, trail) for trail in self._trails if trail.urn not in self._only_read]

    def templates(self) -> list[Resource]:
        """What deploys a template, in the order of their URNs, without what is known to be only read."""
        return sorted((each for each in self._templates if each.urn not in self._only_read), key=lambda each: each.urn)

    @property
    def any_trail(self) -> bool:
        """Whether the stack declares or reads a trail."""
        return bool(self._trails)

    @property
    def declares_trail(self) -> bool:
        """Whether the stack declares a trail of its own, which `requireTrail` asks: one that is only read is none."""
        return any(trail.urn not in self._only_read for trail in self._trails)

    @property
    def declarations(self) -> Declarations:
        """The log groups and roles that a trail may name.

        Made on each call: a stored one would keep the whole stack in memory after the policy is done.
        """
        return Declarations(
            self._all_log_groups,
            self._all_roles,
            unused=lambda: self._without_writers.unused,
            free=lambda: self._without_writers.free,
            telemetry_rules=lambda: self._telemetry_rules,
        )

    @cached_property
    def trails_in_sample(self) -> Mapping[str, StackTrail]:
        """The trails of a template in a place that stands for any, by URN: none where their place is known."""
        sample = Stack(self._in_sample(), self._only_read, self._outer)
        return {trail.resource.urn: trail for trail in sample.trails()}

    def trail_from(self, resource: Resource) -> Trail:
        """The trail that a resource declares."""
        return trail_from(resource, self._accounts.of)

    def log_group_source(self, trail: Resource) -> Source[DeclaredLogGroup]:
        """What the trail's log group property was made of."""
        return self._source(trail, TRAIL_TYPES[trail.type].spelling.log_group_arn, self._every_log_group)

    def role_source(self, trail: Resource) -> Source[DeclaredRole]:
        """What the trail's role property was made of."""
        return self._source(trail, TRAIL_TYPES[trail.type].spelling.role_arn, self._every_role)

    def role_of(self, arn: RoleArn) -> DeclaredRole | None:
        """The only role of the stack that an ARN may be of; None where there is none, or several."""
        found = roles_of(arn, self._all_roles)
        return found[0] if len(found) == 1 else None

    def delivery_role(self, role: DeclaredRole) -> DeliveryRole:
        """A role of the stack, with what it may do."""
        if role.urn not in self._delivery_roles:
            declared = self._every_role_resource[role.urn]
            trust_policy = ROLE_TYPES[declared.type].trust_policy
            permissions = self._role_policies.permissions_of(declared, role.name)
            if role.urn in self._only_read and not lists_its_policies(declared):
                permissions = replace(permissions, complete=False, why_incomplete=Reason.ROLE_ONLY_READ)
            self._delivery_roles[role.urn] = DeliveryRole(
                label=role.label,
                trust=read_document(declared.properties.json(trust_policy)),
                permissions=permissions,
            )
        return self._delivery_roles[role.urn]

    @cached_property
    def _role_policies(self) -> RolePolicies:
        """With those around it: a policy of the program may be of a role of the template, and the other way round."""
        return RolePolicies(self._every_policy, self._accounts)

    @cached_property
    def _every_policy(self) -> list[Resource]:
        """What says what its roles may do: found once, however many templates ask for it."""
        around = self._outer._every_policy if self._outer else ()
        return [*(each for each in self._resources if each.type in POLICY_TYPES), *around]

    @cached_property
    def _without_writers(self) -> _WithoutWriters:
        """Looked for once, and only when asked: it reads every text of the stack."""
        urns: dict[str, list[str]] = {}
        for urn, group in self._log_groups.items():
            if isinstance(group.name, str):
                urns.setdefault(group.name, []).append(urn)
        writers, filters = log_group_writers(self._resources, urns), filters_of_cloudtrail(self._resources, urns)
        free = [group for group in sorted(self._log_groups.values(), key=_name) if group.urn not in writers.by_others]
        unused = [
            replace(group, cloudtrail_filters=filters.get(group.urn, ()))
            for group in free
            if group.urn not in writers.by_trails
        ]
        # Those that a metric filter shows to be meant for a trail come first.
        unused.sort(key=lambda group: not group.cloudtrail_filters)
        return _WithoutWriters(unused=catalogue_of_log_groups(unused), free=catalogue_of_log_groups(free))

    @cached_property
    def _telemetry_rules(self) -> tuple[str, ...]:
        return telemetry_rules_of_cloudtrail(self._resources)

    def _add_log_group(self, resource: Resource) -> None:
        log_group_type, properties, provider = LOG_GROUP_TYPES[resource.type], resource.properties, resource.provider
        self._log_groups[resource.urn] = DeclaredLogGroup(
            label=resource.name,
            name=properties.text(log_group_type.name),
            beginning=beginning_of(resource, log_group_type),
            arn=properties.text("arn"),
            arn_has_wildcard=log_group_type.arn_has_wildcard,
            region=region_of(properties, log_group_type.region, None, provider),
            account=self._accounts.of(provider),
            log_group_class=properties.text("logGroupClass"),
            urn=resource.urn,
        )

    def _add_role(self, resource: Resource) -> None:
        role_type, properties = ROLE_TYPES[resource.type], resource.properties
        self._roles[resource.urn] = DeclaredRole(
            label=resource.name,
            name=properties.text(role_type.name),
            path=properties.text("path"),
            beginning=beginning_of(resource, role_type),
            arn=properties.text("arn"),
            account=self._accounts.of(resource.provider),
            trusts_cloudtrail=any(PRINCIPAL in text for _, text in properties.known_texts(role_type.trust_policy)),
            urn=resource.urn,
        )
        self._role_resources[resource.urn] = resource

    def _source(self, trail: Resource, name: str, targets: Mapping[str, Target]) -> Source[Target]:
        sources = trail.sources(name)
        if not sources:
            return Source(Origin.PLAIN_TEXT if sources is None else Origin.READ)
        return Source(
            Origin.RESOURCES,
            tuple(targets[source.urn] for source in sources if source.urn in targets),
            tuple(self._other(source) for source in sources if source.urn not in targets),
        )

    def _other(self, source: Resource) -> OtherResource:
        return OtherResource(
            source.name,
            source.kind,
            mistaken=source.type in MISTAKEN,
            counterpart=source.urn in self._every_log_group or source.urn in self._every_role,
            new=is_new(source),
            reference=source.type == STACK_REFERENCE_TYPE,
        )


class StackTrail:
    """One trail of a stack, as the rules are given it (`rules.trail_in_stack`). Each part is found out once."""

    def __init__(self, stack: Stack, resource: Resource) -> None:
        self.resource = resource
        self._stack = stack

    @cached_property
    def trail(self) -> Trail:
        """The trail itself."""
        return self._stack.trail_from(self.resource)

    @property
    def urn(self) -> str:
        """The URN that reports on it name."""
        return self.resource.template.urn if self.resource.template else self.resource.urn

    @cached_property
    def names(self) -> TrailNames:
        """The names that a configuration can tell it by."""
        return names_of(self.resource)

    @cached_property
    def log_group_source(self) -> Source[DeclaredLogGroup]:
        """What its log group property was made of."""
        return self._stack.log_group_source(self.resource)

    @cached_property
    def role_source(self) -> Source[DeclaredRole]:
        """What its role property was made of."""
        return self._stack.role_source(self.resource)

    @property
    def declarations(self) -> Declarations:
        """The log groups and roles of the stack."""
        return self._stack.declarations

    @property
    def delivery_role(self) -> DeliveryRole | None:
        """The role that it names, with what that may do; None where it is not in this stack, or is not known."""
        arn = self.trail.role
        if isinstance(arn, RoleArn):
            role = self._stack.role_of(arn)
        else:
            role = self.role_source.only_target if arn is UNKNOWN else None
        return self._stack.delivery_role(role) if role else None

    @property
    def in_sample(self) -> StackTrail | None:
        """The same trail in a place that stands for any; None where its place is known."""
        return self._stack.trails_in_sample.get(self.resource.urn)

    @property
    def delivery_question(self) -> DeliveryQuestion | None:
        """What to ask AWS about its delivery; None where the trail does not exist yet."""
        properties = self.resource.properties
        arn = properties.text("arn")
        if not isinstance(arn, str) or arn.count(":") < 5:
            return None
        # The region that answers: the output of the trail, else what its ARN says.
        output = TRAIL_TYPES[self.resource.type].home_region
        home = properties.text(output) if output else ABSENT
        region = home if isinstance(home, str) else arn.split(":")[3]
        owners: set[str] = set()
        if self.trail.organization is True:
            log_group = self.trail.log_group
            owners = {arn.split(":")[4], *((log_group.account,) if isinstance(log_group, LogGroupArn) else ())}
        return DeliveryQuestion(arn, region if is_region(region) else None, frozenset(owners))


def _name(target: DeclaredLogGroup | DeclaredRole) -> tuple[str, str]:
    return target.label, target.urn
