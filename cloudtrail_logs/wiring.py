"""What a stack declares that a trail can deliver through, and where the values of the trail's properties come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from .value import UNKNOWN, Text

# Log groups that a service creates for itself, or that its users name so by convention: not meant for a trail.
# Sources: the user guides of the services; CloudTrail's console itself proposes aws-cloudtrail-logs-….
_SERVICE_PREFIXES: Final = (
    "/aws/",
    "/aws-glue/",
    "/ecs/",
    "API-Gateway-Execution-Logs",
    "RDSOSMetrics",
    "aws-waf-logs-",
    "sns/",
)
_CLOUDTRAIL_PREFIXES: Final = ("/aws/cloudtrail",)
_DELIVERY: Final = "DELIVERY"
_SUGGESTED: Final = 3


@dataclass(frozen=True)
class DeclaredLogGroup:
    """A log group that the stack declares or reads.

    label: its name in the Pulumi program. name: its name in AWS. arn: as its provider gives it out.
    arn_has_wildcard: whether its provider's ARN ends in `:*` already.
    region, account: where it lives, as its provider says. log_group_class: STANDARD, INFREQUENT_ACCESS or DELIVERY.
    """

    label: str
    name: Text
    arn: Text
    arn_has_wildcard: bool
    region: Text
    account: Text
    log_group_class: Text

    @property
    def is_delivery_class(self) -> bool:
        """Whether it takes no events from CloudTrail: class DELIVERY (CloudWatch Logs API, LogGroupClass)."""
        return self.log_group_class == _DELIVERY

    @property
    def is_usable(self) -> bool:
        """Whether a trail could deliver to it: not of class DELIVERY, and no service's own."""
        if self.is_delivery_class:
            return False
        name = self.name if isinstance(self.name, str) else ""
        return name.startswith(_CLOUDTRAIL_PREFIXES) or not name.startswith(_SERVICE_PREFIXES)


@dataclass(frozen=True)
class DeclaredRole:
    """A role that the stack declares or reads.

    label, name, arn, account: as for a log group. path: from slash to slash.
    trusts_cloudtrail: whether its trust policy mentions cloudtrail.amazonaws.com: what makes it worth a suggestion.
    """

    label: str
    name: Text
    path: Text
    arn: Text
    account: Text
    trusts_cloudtrail: bool


@dataclass(frozen=True)
class OtherResource:
    """A resource of another type that a property's value comes from.

    kind: its type as the CLI shows it, such as aws:s3:Bucket.
    carries_text: whether the value may be any text all the same: an ARN that it only hands on or is a part of.
    """

    label: str
    kind: str
    carries_text: bool


class Origin(Enum):
    """Where Pulumi says that a property's value comes from.

    TYPED: nothing is recorded: the value was typed into the program or its configuration, or an invoke returned it.
    READ: from something that is read and not managed here, such as `.get()` or a StackReference.
    RESOURCES: from resources of this stack.
    """

    TYPED = "typed"
    READ = "read"
    RESOURCES = "resources"


Target = TypeVar("Target", DeclaredLogGroup, DeclaredRole)


@dataclass(frozen=True)
class Wiring(Generic[Target]):
    """Where the value of one property comes from.

    targets: the resources of the right type among its sources. others: all further ones.
    """

    origin: Origin
    targets: tuple[Target, ...] = ()
    others: tuple[OtherResource, ...] = ()

    @property
    def only_target(self) -> Target | None:
        """The one resource that the value must be of; None where it may be of several, or be any text."""
        if len(self.targets) == 1 and not self.carries_text:
            return self.targets[0]
        return None

    @property
    def wrong_source(self) -> OtherResource | None:
        """The one resource that the value comes from, where that is surely of a wrong type."""
        if not self.targets and len(self.others) == 1 and not self.carries_text:
            return self.others[0]
        return None

    @property
    def carries_text(self) -> bool:
        """Whether one of the sources may carry any text."""
        return any(other.carries_text for other in self.others)


@dataclass(frozen=True)
class Suggestions(Generic[Target]):
    """The log groups or roles that a message may name. first: at most three of them. count: how many there are."""

    first: tuple[Target, ...]
    count: int


@dataclass(frozen=True)
class Catalogue(Generic[Target]):
    """Log groups, or roles, of a stack, found in constant time.

    by_name: by their names in AWS. nameless: those whose names are not known yet, one for each place they may be in:
    any ARN of that place may be theirs. by_region: those worth naming in a message; under UNKNOWN of unknown regions.
    """

    by_name: Mapping[str, tuple[Target, ...]]
    nameless: tuple[Target, ...]
    by_region: Mapping[Text, tuple[Target, ...]]

    def suggestions_for(self, region: Text) -> Suggestions[Target]:
        """Those worth naming to a trail of that region: of any region where it is not known."""
        regions = (region, UNKNOWN) if isinstance(region, str) else tuple(self.by_region)
        found = [self.by_region.get(each, ()) for each in regions]
        first = [target for targets in found for target in targets[:_SUGGESTED]]
        return Suggestions(tuple(first[:_SUGGESTED]), sum(map(len, found)))


def catalogue_of_log_groups(groups: Iterable[DeclaredLogGroup]) -> Catalogue[DeclaredLogGroup]:
    """The catalogue of these log groups; those are worth naming that a trail could deliver to."""
    return _catalogue(groups, lambda group: group.region, lambda group: group.is_usable)


def catalogue_of_roles(roles: Iterable[DeclaredRole]) -> Catalogue[DeclaredRole]:
    """The catalogue of these roles; those are worth naming that trust CloudTrail. A role is of every region."""
    return _catalogue(roles, lambda role: UNKNOWN, lambda role: role.trusts_cloudtrail)


def _catalogue(
    targets: Iterable[Target],
    region_of: Callable[[Target], Text],
    worth_naming: Callable[[Target], bool],
) -> Catalogue[Target]:
    by_name: dict[str, list[Target]] = {}
    nameless: dict[tuple[Text, Text], Target] = {}
    by_region: dict[Text, list[Target]] = {}
    for target in targets:
        region = region_of(target)
        if isinstance(target.name, str):
            by_name.setdefault(target.name, []).append(target)
        else:
            nameless.setdefault((region, target.account), target)
        if worth_naming(target):
            by_region.setdefault(region if isinstance(region, str) else UNKNOWN, []).append(target)
    return Catalogue(
        {name: tuple(found) for name, found in by_name.items()},
        tuple(nameless.values()),
        {region: tuple(found) for region, found in by_region.items()},
    )
