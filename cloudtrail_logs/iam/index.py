"""The statements of a role's policies, filed by what they can be about, so that each trail looks at few of them.

Many trails may share one role, and the role may have very many policies: to go through all of them for each trail
would take the product of the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import merge
from itertools import chain, groupby, takewhile
from operator import itemgetter
from typing import Final, Literal

from ..model.value import ABSENT, UNKNOWN, Truth, Unset
from .condition import ROLE_NEVER_SENDS, is_met
from .document import Document, Effect, Patterns, Statement, Unreadable
from .elements import action_matches, variables_open
from .grant import Grant
from .log_streams import ACTIONS
from .wildcard import Subject, common_pieces, literal_beginning, may_have_pieces

_NAME_PART: Final = 6  # of the ARN of a log stream: what stands before it tells most patterns apart


@dataclass
class _Filed:
    """Numbers under beginnings of ARNs: a tree with a branch for each part between two colons."""

    branches: dict[str, _Filed] = field(default_factory=dict)
    ends: dict[str, list[int]] = field(default_factory=dict)
    """By the beginning of the part that a beginning of an ARN ends in."""
    lengths: set[int] = field(default_factory=set)
    """Those of the keys of `ends`."""

    def add(self, beginning: str, number: int) -> None:
        *parts, end = _parts_of(beginning)
        place = self
        for part in parts:
            # Not by setdefault, which would make a branch for each pattern.
            branch = place.branches.get(part)
            if branch is None:
                branch = place.branches[part] = _Filed()
            place = branch
        place.ends.setdefault(end, []).append(number)
        place.lengths.add(len(end))

    def under(self, parts: Sequence[str | None]) -> Iterator[list[int]]:
        """Those under all beginnings that an ARN of these parts may have, in ascending lists. None: any part."""
        part, *others = parts or [None]
        if part is None:
            yield from self.ends.values()
            branches: Iterable[_Filed] = self.branches.values()
        else:
            beginnings = (part[:length] for length in self.lengths if length <= len(part))
            yield from (self.ends[each] for each in beginnings if each in self.ends)
            branches = [self.branches[part]] if part in self.branches else []
        for branch in branches:
            yield from branch.under(others)


# The numbers of a policy and of a statement in it; a pattern of the statement, as it is and with a * for each variable.
# Without a pattern, a statement that is looked at whatever it is asked about.
_Entry = tuple[int, int, str | Literal[Unset.UNKNOWN] | None, str]


class Index:
    """The statements of some policies, by the resources that they name."""

    def __init__(self, grants: Sequence[Grant]) -> None:
        self._grants = grants
        self._is_for_many = False

    def near(self, subjects: Sequence[Subject]) -> tuple[Grant, ...]:
        """The policies with only the statements and patterns that may decide about the actions on all the subjects."""
        parts = _shared_parts(subjects)
        found = self._filed(parts) if self._is_for_many else self._looked_through(parts)
        self._is_for_many = True  # to file them takes longer than to go through them once
        pieces = common_pieces(subjects)
        near = (each for each in found if not isinstance(each[2], str) or may_have_pieces(each[3], pieces))
        return tuple(self._left(number, list(those)) for number, those in groupby(near, itemgetter(0)))

    def _left(self, number: int, entries: Sequence[_Entry]) -> Grant:
        grant = self._grants[number]
        document = grant.document
        if not isinstance(document, Document):
            return grant
        statements = []
        for place, those in groupby(entries, itemgetter(1)):
            statement = document.statements[place]
            if isinstance(statement.resources, Patterns):
                values = tuple(value for _, _, value, _ in those if value is not None)
                statement = replace(statement, resources=replace(statement.resources, values=values))
            statements.append(statement)
        return replace(grant, document=replace(document, statements=tuple(statements)))

    def explaining(self, action: str, subject: Subject) -> Iterator[Grant]:
        """The policies, in their order, of which a statement is about the action or about the subject."""
        by_action, filed = self._explaining
        numbers = merge(by_action.get(action, ()), *filed.under(_shared_parts([subject])))
        return (self._grants[number] for number, _ in groupby(numbers))

    def _entries(self) -> Iterator[_Entry]:
        """The patterns that are about the actions, in their order, each statement once."""
        seen: set[object] = set()
        for number, grant in enumerate(self._grants):
            document = grant.document
            if document is UNKNOWN and grant.held is not Truth.NO and UNKNOWN not in seen:
                seen.add(UNKNOWN)
                yield number, 0, None, ""
            for place, statement in _statements(grant):
                decides = _decides(grant, statement)
                same = (decides, statement.effect, statement.resources, _has_variables(document))
                if Truth.NO in decides[:2] or decides[-len(ACTIONS) :] == _NOT_ABOUT_THEM or same in seen:
                    continue
                seen.add(same)
                if _is_always_near(statement.resources):
                    yield number, place, None, ""
                for value in _values(statement.resources):
                    yield number, place, value, _opened(value, grant)

    def _looked_through(self, parts: Sequence[str | None]) -> Iterator[_Entry]:
        """The same as `_filed`, as far as the known pieces of the subjects do not tell it."""
        entries = self._entries()
        if None not in parts[:_NAME_PART]:
            return entries
        head, tail = _beside_unknown(parts)
        return (
            each
            for each in entries
            if not isinstance(each[2], str)
            or (not _is_elsewhere(each[3], head, tail) and _may_have_parts(each[3], parts))
        )

    def _filed(self, parts: Sequence[str | None]) -> Iterator[_Entry]:
        """Those of the patterns that may begin as all the subjects do, in their order."""
        entries, always, filed = self._deciding
        return (entries[number] for number in sorted(chain(always, *filed.under(parts))))

    @cached_property
    def _deciding(self) -> tuple[list[_Entry], list[int], _Filed]:
        """All of them; the numbers of those looked at always; the numbers of the others, filed."""
        entries = list(self._entries())
        always: list[int] = []
        filed = _Filed()
        for number, (_, _, value, opened) in enumerate(entries):
            if isinstance(value, str):
                filed.add(literal_beginning(opened), number)
            else:
                always.append(number)
        return entries, always, filed

    @cached_property
    def _explaining(self) -> tuple[dict[str, list[int]], _Filed]:
        """The numbers of the policies that are about each action, and of those about a resource."""
        by_action: dict[str, list[int]] = {action: [] for action in ACTIONS}
        filed = _Filed()
        for number, grant in enumerate(self._grants):
            statements = [each for _, each in _statements(grant) if each.effect is not Effect.DENY]
            for action, numbers in by_action.items():
                if (
                    grant.named_by_arn
                    or isinstance(grant.document, Unreadable)
                    or any(action_matches(each.actions, action) is not Truth.NO for each in statements)
                ):
                    numbers.append(number)
            for statement in statements:
                for value in _values(statement.resources):
                    filed.add(literal_beginning(_opened(value, grant)), number)
                if _is_always_near(statement.resources):
                    filed.add("", number)
        return by_action, filed


_NOT_ABOUT_THEM: Final = (Truth.NO,) * len(ACTIONS)


def _decides(grant: Grant, statement: Statement) -> tuple[Truth, ...]:
    """What the effect of a statement depends on besides the resource; last whether it is about each action."""
    principals = statement.principals is statement.excluded is ABSENT
    return (
        grant.held,
        is_met(statement.condition, ROLE_NEVER_SENDS),
        Truth.YES if principals else Truth.MAYBE,
        *(action_matches(statement.actions, action) for action in ACTIONS),
    )


def _statements(grant: Grant) -> Iterator[tuple[int, Statement]]:
    if isinstance(grant.document, Document):
        yield from enumerate(grant.document.statements)


def _has_variables(document: object) -> bool:
    return isinstance(document, Document) and document.has_variables


def _opened(value: str | Literal[Unset.UNKNOWN], grant: Grant) -> str:
    """A pattern with a * for each variable; of one that is not known, a pattern of anything."""
    if value is UNKNOWN:
        return "*"
    return variables_open(value) if "${" in value and _has_variables(grant.document) else value


def _values(resources: Patterns | Unset) -> Sequence[str | Literal[Unset.UNKNOWN]]:
    return resources.values if isinstance(resources, Patterns) else ()


def _is_always_near(resources: Patterns | Unset) -> bool:
    """Whether a statement may be about a resource that none of its patterns matches."""
    return not isinstance(resources, Patterns) or resources.negated


def _parts_of(beginning: str) -> list[str]:
    """The parts between colons of a beginning of an ARN, up to the name; the last one may go on."""
    return beginning.split(":", _NAME_PART + 1)[: _NAME_PART + 1]


def _may_have_parts(pattern: str, parts: Sequence[str | None]) -> bool:
    """Whether a pattern would be found under these parts if it was filed."""
    own = _parts_of(literal_beginning(pattern))
    last = len(own) - 1
    # A plain loop, from the name on, which tells most apart: a policy may have very many patterns.
    for number in range(min(last, len(parts) - 1), -1, -1):
        part = parts[number]
        if part is not None and part != own[number] and not (number == last and part.startswith(own[number])):
            return False
    return True


def _beside_unknown(parts: Sequence[str | None]) -> tuple[str, str]:
    """What an ARN of these parts begins with, up to the first part that is not known; and what stands after that."""
    first = parts.index(None)
    after = takewhile(lambda part: part is not None, parts[first + 1 : _NAME_PART + 1])
    return "".join(f"{part}:" for part in parts[:first]), ":".join(filter(None, after))


def _is_elsewhere(pattern: str, head: str, tail: str) -> bool:
    """Whether a pattern certainly has another text than the tail behind the part that follows the head.

    It says so of most patterns of a long policy, in a fraction of the time that `_may_have_parts` takes.
    """
    if not pattern.startswith(head):
        return False
    start = pattern.find(":", len(head)) + 1
    if not start or tail.startswith(pattern[start : start + len(tail)]):
        return False
    known = pattern[: start + len(tail)]
    return "*" not in known and "?" not in known


def _shared_parts(subjects: Sequence[Subject]) -> list[str | None]:
    """The parts between colons that all the subjects have; None where they differ or are not known in every character.

    No unknown part has a colon.
    """
    shared: list[str | None] = []
    for parts in zip(*(_parts(subject) for subject in subjects), strict=False):
        shared.append(parts[0] if all(part == parts[0] for part in parts) else None)
    return shared


def _parts(subject: Subject) -> list[str | None]:
    parts: list[str | None] = [""]
    for each in subject.parts:
        first, *others = each.split(":") if isinstance(each, str) else [None]
        last = parts[-1]
        parts[-1] = None if first is None or last is None else last + first
        parts += others
    return parts
