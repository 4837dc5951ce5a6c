"""Finds what stacks need of each other: the log groups, roles and policies of the trails of another stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, TypeVar

from ..judgement.found_trails import targets_of
from ..stack.properties import Properties
from ..stack.provider import ALLOWED_ACCOUNTS
from ..stack.resource import ProviderResource, Resource, TemplatePlace
from ..stack.resource_types import TEMPLATE_TYPES
from .evidence import Elsewhere
from .references import Exports, Reference
from .state_resources import OUTPUTS, StateProvider, StateResources
from .states import State
from .ties import Tie

# A role has at most 20 managed policies, and 10,240 characters of inline ones (IAM quotas): more are of old states.
_MOST_POLICIES: Final = 50
_MOST_TARGETS: Final = 2
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Links:
    """What one state has to do with others."""

    ties: tuple[Tie, ...] = ()
    wants: frozenset[str] = frozenset()
    """The keys of what its trails name."""
    references: tuple[Reference, ...] = ()
    exports: Exports = field(default_factory=Exports)


# The URNs of resources, by the place of their state among all states.
Needs = Mapping[int, frozenset[str]]


def needs_of(links: Mapping[int, Links]) -> dict[int, Needs]:
    """Which resources of other states each state needs, by their places: only for those that need any.

    links: of each state, by its place.
    """
    leads = _leads(links.values())
    holders = _holders(links, frozenset(leads).union(*leads.values()))
    found: dict[int, Needs] = {}
    for place, each in links.items():
        own = {key for tie in each.ties if tie.is_target for key in tie.keys}
        needs: dict[int, set[str]] = {}
        for key in each.wants.union(*(leads[key] for key in each.wants)):
            for holder, tie in holders.get(key, ()):
                if holder != place and not (tie.is_target and key in own):
                    needs.setdefault(holder, set()).add(tie.urn)
        if needs:
            found[place] = {holder: frozenset(urns) for holder, urns in needs.items()}
    return found


def _leads(links: Collection[Links]) -> dict[str, set[str]]:
    """The keys that trails want, each with those that it leads to."""
    leads: dict[str, set[str]] = {key: set() for each in links for key in each.wants}
    for each in links:
        for tie in each.ties:
            for key in leads.keys() & set(tie.keys) if tie.leads else ():
                if len(leads[key]) < _MOST_POLICIES:
                    leads[key].update(tie.leads)
    return leads


def _holders(links: Mapping[int, Links], relevant: frozenset[str]) -> dict[str, list[tuple[int, Tie]]]:
    """What has each key, with the place of its state."""
    holders: dict[str, list[tuple[int, Tie]]] = {}
    counts: Counter[tuple[str, bool]] = Counter()
    for place, each in links.items():
        for tie in each.ties:
            for key in relevant.intersection(tie.keys):
                counts[key, tie.is_target] += 1
                if counts[key, tie.is_target] <= (_MOST_TARGETS if tie.is_target else _MOST_POLICIES):
                    holders.setdefault(key, []).append((place, tie))
    return holders


@dataclass(frozen=True)
class Shared:
    """Resources of one state that others need, as they are stored."""

    stack: str
    """PROJECT/STACK."""
    state: State
    """With these resources alone."""
    ties: tuple[Tie, ...]
    """Of these resources."""

    def part(self, urns: frozenset[str]) -> Shared:
        """Those with these URNs: in no more time than there are, since very many states may each need a few."""
        resources = _of_urns(self.state.resources, self._resources, urns)
        return Shared(
            self.stack, replace(self.state, resources=resources), tuple(_of_urns(self.ties, self._ties, urns))
        )

    @cached_property
    def _resources(self) -> Mapping[str, Sequence[int]]:
        return _places(each["urn"] for each in self.state.resources)

    @cached_property
    def _ties(self) -> Mapping[str, Sequence[int]]:
        return _places(tie.urn for tie in self.ties)


def _places(urns: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, urn in enumerate(urns):
        found.setdefault(urn, []).append(place)
    return found


def _of_urns(values: Sequence[_Value], places: Mapping[str, Sequence[int]], urns: Iterable[str]) -> list[_Value]:
    return [values[place] for place in sorted(place for urn in urns for place in places.get(urn, ()))]


def shared_from(state: State, stack: str, ties: tuple[Tie, ...]) -> Shared:
    """The resources of a state that these ties are of."""
    urns = {tie.urn for tie in ties}
    kept = [each for each in state.resources if each["urn"] in urns and not each.get("external")]
    return Shared(stack, State(kept, is_signed=state.is_signed), ties)


def resources_of(shared: Iterable[Shared]) -> list[Resource]:
    """The resources of other stacks, each with the account that it is in."""
    return list(_elsewhere(shared))


def _elsewhere(shared: Iterable[Shared]) -> Iterator[Resource]:
    for each in shared:
        accounts = {(tie.urn, tie.logical_id): tie.account for tie in each.ties}
        for resource in StateResources(each.state, OUTPUTS).all:
            if resource.type not in TEMPLATE_TYPES:
                yield _OfOtherStack(resource, each.stack, accounts[resource.urn, ""])
                continue
            for inner in targets_of(resource):
                if (resource.urn, inner.name) in accounts:
                    yield _OfOtherStack(inner, each.stack, accounts[resource.urn, inner.name])


def places_of(shared: Iterable[Shared]) -> dict[str, list[Elsewhere]]:
    """Where each key is declared."""
    found: dict[str, list[Elsewhere]] = {}
    for each in shared:
        for tie in each.ties:
            for key in tie.keys:
                found.setdefault(key, []).append(Elsewhere(tie.what, tie.name, each.stack, tie.urn))
    return found


class _OfOtherStack:
    """A resource of another stack. Its members are those of `stack.resource.Resource`."""

    ignored_changes: Sequence[str] = ()

    def __init__(self, given: Resource, stack: str, account: str) -> None:
        self._given = given
        self.type = given.type
        self.kind = given.kind
        self.urn = given.urn
        self.template: TemplatePlace | None = given.template
        self.name = f"{given.name} of stack {stack}"
        self.properties = given.properties
        self.dependencies = given.dependencies
        self.sources_recorded = given.sources_recorded
        self.provider: ProviderResource = StateProvider(
            f"{stack}::{account}", Properties({ALLOWED_ACCOUNTS: [account]})
        )

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """As in `stack.resource.Resource`."""
        return self._given.sources(property_name)
