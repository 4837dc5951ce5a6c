"""What a stack declares that a trail can deliver through, and where the values of the trail's properties come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import product
from typing import Final, Generic, TypeVar

from .arn import WILDCARD, LogGroupArn, RoleArn
from .quoting import quoted_label
from .service_log_groups import is_of_service
from .value import ABSENT, UNKNOWN, Text

DELIVERY_CLASS: Final = "DELIVERY"
_SUGGESTED: Final = 3


@dataclass(frozen=True)
class DeclaredLogGroup:
    """A log group that the stack declares or reads."""

    label: str
    """Its name in the Pulumi program."""
    name: Text
    """Its name in AWS."""
    beginning: Text
    """What its name begins with, as far as that is known: the whole name, or its prefix.

    Absent where the provider is free to choose.
    """
    arn: Text
    """As its provider gives it, with or without `:*`."""
    arn_has_wildcard: bool
    """Whether its provider's ARN ends in `:*` already."""
    region: Text
    account: Text
    log_group_class: Text
    """STANDARD, INFREQUENT_ACCESS or DELIVERY."""
    urn: str = ""
    cloudtrail_filters: tuple[str, ...] = ()
    """The metric filters on it that look for CloudTrail's events, by their names in the Pulumi program.

    Only looked for where nothing writes to it.
    """

    @property
    def is_delivery_class(self) -> bool:
        """Whether it takes no events from CloudTrail: class DELIVERY (CloudWatch Logs API, LogGroupClass)."""
        return self.log_group_class == DELIVERY_CLASS

    @property
    def is_usable(self) -> bool:
        """Whether it may be meant for a trail: not of class DELIVERY, and not known to belong to a service."""
        if self.is_delivery_class or self.beginning is UNKNOWN:
            return False
        return not (isinstance(self.beginning, str) and is_of_service(self.beginning))


@dataclass(frozen=True)
class DeclaredRole:
    """A role that the stack declares or reads."""

    label: str
    """Its name in the Pulumi program."""
    name: Text
    """Its name in AWS."""
    path: Text
    """From slash to slash."""
    beginning: Text
    """As that of a log group."""
    arn: Text
    account: Text
    trusts_cloudtrail: bool
    """Whether its trust policy mentions cloudtrail.amazonaws.com, which makes it worth suggesting."""
    urn: str = ""


@dataclass(frozen=True)
class OtherResource:
    """A resource of another type that a property's value comes from."""

    label: str
    """Its name in the Pulumi program."""
    kind: str
    """Its type as the CLI shows it, such as aws:s3:Bucket."""
    mistaken: bool = False
    """Whether its ARN is often passed by mistake."""
    counterpart: bool = False
    """Whether it is a role where a log group is wanted, or a log group where a role is."""
    new: bool = False
    """Whether it is still to be created, and may then create what an ARN names."""
    reference: bool = False
    """Whether it is a StackReference. A preview does not show it as a source, but a state does."""

    @property
    def shown(self) -> str:
        """How a message names it."""
        return f"{quoted_label(self.label)} ({self.kind})"


class Origin(Enum):
    """Where Pulumi says that a property's value comes from."""

    PLAIN_TEXT = "plain text"
    """Nothing is recorded: it was typed into the program or its configuration, or a function returned it."""
    READ = "read"
    """From something that is read and not managed here, such as `.get()` or a StackReference."""
    RESOURCES = "resources"
    """From resources of this stack."""


Target = TypeVar("Target", DeclaredLogGroup, DeclaredRole)


@dataclass(frozen=True)
class Source(Generic[Target]):
    """Where the value of one property comes from."""

    origin: Origin
    targets: tuple[Target, ...] = ()
    """The resources of the right type that it was made of."""
    others: tuple[OtherResource, ...] = ()
    """All other resources that it was made of."""

    @property
    def only_target(self) -> Target | None:
        """The one resource that the value must be of; None where it may be of several, or of something else."""
        return self.targets[0] if len(self.targets) == 1 and not self.others else None

    @property
    def only_other(self) -> OtherResource | None:
        """The one resource that the value comes from, where that is of another type."""
        return self.others[0] if len(self.others) == 1 and not self.targets else None


@dataclass(frozen=True)
class Suggestions(Generic[Target]):
    """The log groups or roles that a message may name."""

    first: tuple[Target, ...]
    """At most three of them."""
    count: int
    """How many there are."""


# A region and an account, or a path and an account. UNKNOWN stands for one that is not known, ABSENT for any.
Place = tuple[Text, Text]
# A name, or what it begins with, and a place.
_Key = tuple[str, Place]


@dataclass(frozen=True)
class Catalogue(Generic[Target]):
    """Log groups, or roles, of a stack, found in constant time."""

    by_arn: Mapping[str, tuple[Target, ...]]
    """By their ARNs, without `:*`. Several have one ARN where the stack also reads what it declares."""
    by_name: Mapping[_Key, tuple[Target, ...]]
    """Those whose ARNs are not known, by their names in AWS. Of those that are alike, two."""
    nameless: frozenset[_Key]
    """Where those are of which neither is known, with what their names begin with: "" where that is not known."""
    named: Mapping[str, Target]
    """One of each name."""
    placed: tuple[tuple[Place, Target], ...]
    """Those worth naming in a message, each with its place."""
    around: Catalogue[Target] | None = None
    """Those of the program that deploys the template which these are of. They exist too, but no message names them."""

    @cached_property
    def by_place(self) -> Mapping[Place, Suggestions[Target]]:
        """Those worth naming in a message, by all places that they are of. Only made where there is a message."""
        found: dict[Place, list[Target]] = {}
        for (region, account), target in self.placed:
            for place in product((region, ABSENT), (account, ABSENT)):
                found.setdefault(place, []).append(target)
        return {place: Suggestions(tuple(here[:_SUGGESTED]), len(here)) for place, here in found.items()}

    def suggestions_for(self, region: Text, account: Text) -> Suggestions[Target]:
        """Those worth naming to a trail there: of any region or account where the trail's is not known."""
        regions: tuple[Text, ...] = (region, UNKNOWN) if isinstance(region, str) else (ABSENT,)
        accounts: tuple[Text, ...] = (account, UNKNOWN) if isinstance(account, str) else (ABSENT,)
        found = [self.by_place[place] for place in product(regions, accounts) if place in self.by_place]
        first = [target for suggestions in found for target in suggestions.first]
        return Suggestions(tuple(first[:_SUGGESTED]), sum(suggestions.count for suggestions in found))


@dataclass(frozen=True)
class Declarations:
    """The log groups and the roles of a stack."""

    log_groups: Catalogue[DeclaredLogGroup]
    roles: Catalogue[DeclaredRole]
    unused: Callable[[], Catalogue[DeclaredLogGroup]]
    """Finds the log groups that nothing in the stack writes to, in `stack/log_group_writers.py`."""
    free: Callable[[], Catalogue[DeclaredLogGroup]]
    """Finds those that at most trails write to; else as `unused`."""
    telemetry_rules: Callable[[], tuple[str, ...]]
    """Finds the telemetry rules that send CloudTrail's events to a log group, by their names in the Pulumi program."""


def catalogue_of_log_groups(groups: Iterable[DeclaredLogGroup]) -> Catalogue[DeclaredLogGroup]:
    """The catalogue of these log groups; messages name only those that a trail could deliver to."""

    def place_of(group: DeclaredLogGroup) -> Place:
        return group.region, group.account

    return _catalogue(groups, place_of, place_of, lambda group: group.is_usable)


def catalogue_of_roles(roles: Iterable[DeclaredRole]) -> Catalogue[DeclaredRole]:
    """The catalogue of these roles; messages name only those that trust CloudTrail. A role is in every region."""
    return _catalogue(
        roles,
        lambda role: (UNKNOWN, role.account),
        lambda role: ("/" if role.path is ABSENT else role.path, role.account),
        lambda role: role.trusts_cloudtrail,
    )


def log_groups_of(arn: LogGroupArn, catalogue: Catalogue[DeclaredLogGroup]) -> Sequence[DeclaredLogGroup]:
    """The log groups that an ARN may be of, as far as they are known; not those without a known name."""
    found = catalogue.by_arn.get(arn.without_wildcard) or _named(arn.name, _keys_of_log_group(arn), catalogue)
    return found or (log_groups_of(arn, catalogue.around) if catalogue.around else ())


def roles_of(arn: RoleArn, catalogue: Catalogue[DeclaredRole]) -> Sequence[DeclaredRole]:
    """The roles that an ARN may be of, as far as they are known; not those without a known name."""
    found = catalogue.by_arn.get(arn.text) or _named(arn.name, _keys_of_role(arn), catalogue)
    return found or (roles_of(arn, catalogue.around) if catalogue.around else ())


def may_be_nameless_log_group(arn: LogGroupArn, catalogue: Catalogue[DeclaredLogGroup]) -> bool:
    """Whether an ARN may be of a log group whose name is not known yet."""
    return _may_be_nameless(arn.name, _keys_of_log_group(arn), catalogue)


def may_be_nameless_role(arn: RoleArn, catalogue: Catalogue[DeclaredRole]) -> bool:
    """Whether an ARN may be of a role whose name is not known yet."""
    return _may_be_nameless(arn.name, _keys_of_role(arn), catalogue)


def _keys_of_log_group(arn: LogGroupArn) -> Sequence[Place]:
    return tuple(product((arn.region, UNKNOWN), (arn.account, UNKNOWN)))


def _keys_of_role(arn: RoleArn) -> Sequence[Place]:
    return tuple(product((arn.path, UNKNOWN), (arn.account, UNKNOWN)))


def _named(name: str, places: Sequence[Place], catalogue: Catalogue[Target]) -> Sequence[Target]:
    return [target for place in places for target in catalogue.by_name.get((name, place), ())]


def _may_be_nameless(name: str, places: Sequence[Place], catalogue: Catalogue[Target]) -> bool:
    # Asked for each beginning of the name, which is short: there may be very many without a name.
    beginnings = [name[:length] for length in range(len(name) + 1)] if catalogue.nameless else []
    if any((beginning, place) in catalogue.nameless for beginning in beginnings for place in places):
        return True
    return catalogue.around is not None and _may_be_nameless(name, places, catalogue.around)


def _catalogue(
    targets: Iterable[Target],
    place_of: Callable[[Target], Place],
    told_apart: Callable[[Target], Place],
    worth_naming: Callable[[Target], bool],
) -> Catalogue[Target]:
    """told_apart: what an ARN says of a target beside its name."""
    by_arn: dict[str, list[Target]] = {}
    by_name: dict[_Key, list[Target]] = {}
    nameless: set[_Key] = set()
    named: dict[str, Target] = {}
    placed: list[tuple[Place, Target]] = []
    for target in targets:
        if isinstance(target.name, str):
            named.setdefault(target.name, target)
        if isinstance(target.arn, str):
            by_arn.setdefault(target.arn.removesuffix(WILDCARD), []).append(target)
        elif isinstance(target.name, str):
            by_name.setdefault((target.name, known_place(told_apart(target))), []).append(target)
        else:
            beginning = target.beginning if isinstance(target.beginning, str) else ""
            nameless.add((beginning, known_place(told_apart(target))))
        if worth_naming(target):
            placed.append((known_place(place_of(target)), target))
    return Catalogue(
        {arn: _two_of_a_kind(found) for arn, found in by_arn.items()},
        {key: _two_of_a_kind(found) for key, found in by_name.items()},
        frozenset(nameless),
        named,
        tuple(placed),
    )


def known_place(place: Place) -> Place:
    """A place with UNKNOWN for whatever of it is not known."""
    one, other = (each if isinstance(each, str) else UNKNOWN for each in place)
    return one, other


def _two_of_a_kind(targets: Sequence[Target]) -> tuple[Target, ...]:
    """The first two of each kind: no rule needs more, and each trail may ask for all of them."""
    kinds: dict[bool, list[Target]] = {True: [], False: []}
    for target in targets:
        kind = kinds[isinstance(target, DeclaredLogGroup) and target.is_delivery_class]
        if len(kind) < 2:
            kind.append(target)
    return tuple(target for kind in kinds.values() for target in kind)


@dataclass(frozen=True)
class DeliveryPlace:
    """The log group that a trail delivers to, as far as it is known."""

    partition: Text
    region: Text
    account: Text
    name: Text
