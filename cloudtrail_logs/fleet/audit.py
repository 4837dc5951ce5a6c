"""Judges the states of a fleet: each alone, and then again those whose trails need what other stacks declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..configuration.exemptions import Exemption
from ..model.quoting import enumerated, quoted_label
from ..model.verdict import Problem
from ..stack.trail import stack_of
from .evidence import StackRow, TrailRow, Unread
from .join import Needs, Shared, needs_of, places_of, resources_of, shared_from
from .judged_state import Around, JudgedState, Terms, judge_state
from .references import Exports, problems_of
from .states import LARGEST, UnreadableError, read_state
from .ties import Tie
from .workers import Workers

_Item = TypeVar("_Item")
_BATCH_BYTES = 4_000_000
_BATCH_FILES = 100
_MOST_NAMED = 3
_NESTED = "It is nested too deeply."
_ENDED = "It could not be checked: the process that read it ended. It may need more memory than there is."


@dataclass(frozen=True)
class Source:
    """The file of a state."""

    path: Path
    stack: str = ""
    """ORGANIZATION/PROJECT/STACK where whoever exported it knows it; else its URNs say it."""
    shown: str = ""
    """How reports name it; empty for its path."""

    @property
    def name(self) -> str:
        """How reports name it."""
        return self.shown or str(self.path)

    @property
    def size(self) -> int:
        """Its bytes; 0 where the file cannot be asked, which is said when it is read."""
        with suppress(OSError):
            return self.path.stat().st_size
        return 0


@dataclass(frozen=True)
class Audited:
    """What the states have."""

    trails: tuple[TrailRow, ...]
    stacks: tuple[StackRow, ...]
    unread: tuple[Unread, ...]
    older: tuple[Unread, ...]
    """Those of stacks of which a newer one was read."""
    used: frozenset[tuple[str, Exemption]]
    """The exemptions that took a problem away, each with its policy."""


def audit(
    sources: Sequence[Source],
    terms: Terms,
    workers: Workers,
    largest: int = LARGEST,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Audited:
    """Judges these states.

    largest: the bytes that a state may have. progress: is told how many are done, and how many there are.
    """
    judged: dict[int, JudgedState] = {}
    unread: list[Unread] = []
    not_used: list[Unread] = []
    surveyed = workers.results(partial(_survey, terms, largest), _batches(list(enumerate(sources))))
    for done, ((place, source), result) in enumerate(surveyed, 1):
        if isinstance(result, JudgedState):
            judged[place] = result
        else:
            unread.append(result or Unread(source.name, _ENDED))
        progress(done, len(sources))
    for older, newer in _older(judged):
        of_stack = judged.pop(older).row
        not_used.append(Unread(of_stack.state, _of_older(of_stack, judged[newer].row)))
    judged.update(_joined(sources, judged, terms, workers, largest))
    states = sorted(judged.values(), key=lambda each: (each.row.stack, each.row.state))
    return Audited(
        trails=tuple(trail for each in states for trail in each.trails),
        stacks=tuple(each.row for each in states),
        unread=tuple(sorted(unread, key=lambda each: each.state)),
        older=tuple(sorted(not_used, key=lambda each: each.state)),
        used=frozenset().union(*(each.used for each in states)),
    )


def _survey(terms: Terms, largest: int, batch: Sequence[tuple[int, Source]]) -> list[JudgedState | Unread]:
    return [_surveyed(source, terms, largest) for _, source in batch]


def _surveyed(source: Source, terms: Terms, largest: int) -> JudgedState | Unread:
    try:
        return judge_state(read_state(source.path, largest), source.name, terms, source.stack)
    except UnreadableError as problem:
        return Unread(source.name, str(problem))
    except RecursionError:
        return Unread(source.name, _NESTED)
    except Exception as error:  # one state must not hide another; only the kind is named, since a text may be a secret
        return Unread(source.name, f"It could not be checked: {type(error).__name__}. Please report this.")


def _older(judged: dict[int, JudgedState]) -> Iterator[tuple[int, int]]:
    """The places of states whose stack has a newer one, each with the place of that."""
    newest: dict[str, int] = {}
    for place in sorted(judged):
        row = judged[place].row
        if not row.stack:
            continue
        other = newest.get(row.stack)
        if other is None or row.time > judged[other].row.time:
            newest[row.stack] = place
    for place in sorted(judged):
        newer = newest.get(judged[place].row.stack, place)
        if newer != place:
            yield place, newer


def _of_older(row: StackRow, newer: StackRow) -> str:
    why = "a newer state of" if newer.time > row.time else "a state with the same time of"
    return f"It is not checked, since {newer.state} is {why} stack {quoted_label(row.stack)}."


@dataclass(frozen=True)
class _Again:
    """A state to judge again."""

    place: int
    source: Source
    shared: tuple[Shared, ...]
    problems: dict[str, tuple[Problem, ...]]


def _joined(
    sources: Sequence[Source], judged: dict[int, JudgedState], terms: Terms, workers: Workers, largest: int
) -> Mapping[int, JudgedState]:
    """The states that are judged otherwise beside the others, by their places."""
    links = {place: judged[place].links for place in sorted(judged)}
    needs = needs_of(links)
    exports = _exports(judged)
    referred = {reference.arn for each in links.values() for reference in each.references}
    declared = referred.intersection(key for each in links.values() for tie in each.ties for key in tie.keys)
    problems = {place: problems_of(each.references, exports, declared) for place, each in links.items()}
    shared = _shared(sources, judged, needs, workers, largest)
    again = [
        _Again(place, sources[place], parts, wrong)
        for place, wrong in problems.items()
        if (parts := _parts(shared, needs.get(place, {}))) or wrong
    ]
    results = workers.results(partial(_judge_again, terms, largest), _batches_of(again))
    found = {item.place: result or _remarked(judged[item.place], "alone") for item, result in results}
    for place, holders in needs.items():
        if lost := sorted({judged[holder].row.stack for holder in holders if holder not in shared}):
            found[place] = _remarked(
                found.get(place, judged[place]), f"without {enumerated(lost[:_MOST_NAMED], 'and', len(lost))}"
            )
    return found


def _remarked(judged: JudgedState, how: str) -> JudgedState:
    """A state that was not judged beside all others, since a file went away, or is no longer a state."""
    remark = f"Stack {quoted_label(judged.row.stack)} was checked {how}: a state could not be read a second time."
    return replace(judged, row=replace(judged.row, remarks=(*judged.row.remarks, remark)))


def _exports(judged: Mapping[int, JudgedState]) -> dict[str, dict[str, Exports]]:
    """What the stacks export, by PROJECT/STACK and by organization, empty where that is not known."""
    found: dict[str, dict[str, Exports]] = {}
    for each in judged.values():
        names = stack_of(each.row.urn)
        organization = each.row.stack.partition("/")[0] if each.row.stack.count("/") == 2 else ""
        found.setdefault(f"{names.project}/{names.stack}", {})[organization] = each.links.exports
    return found


def _shared(
    sources: Sequence[Source], judged: dict[int, JudgedState], needs: dict[int, Needs], workers: Workers, largest: int
) -> dict[int, Shared]:
    """What is needed of each state, by its place."""
    urns: dict[int, set[str]] = {}
    for of_one in needs.values():
        for holder, needed in of_one.items():
            urns.setdefault(holder, set()).update(needed)
    wanted = [
        (
            place,
            sources[place],
            judged[place].row.stack,
            tuple(tie for tie in judged[place].links.ties if tie.urn in needed),
        )
        for place, needed in sorted(urns.items())
    ]
    found = workers.results(partial(_share, largest), _batches_of(wanted))
    return {item[0]: result for item, result in found if result}


def _parts(shared: Mapping[int, Shared], needs: Needs) -> tuple[Shared, ...]:
    """What a state needs of the others, as far as they could be read again."""
    return tuple(shared[holder].part(urns) for holder, urns in needs.items() if holder in shared)


def _share(largest: int, batch: Sequence[tuple[int, Source, str, tuple[Tie, ...]]]) -> list[Shared]:
    return [shared_from(read_state(source.path, largest), stack, ties) for _, source, stack, ties in batch]


def _judge_again(terms: Terms, largest: int, batch: Sequence[_Again]) -> list[JudgedState]:
    judged = []
    for each in batch:
        around = Around(resources_of(each.shared), places_of(each.shared), each.problems)
        state = read_state(each.source.path, largest)
        judged.append(judge_state(state, each.source.name, terms, each.source.stack, around))
    return judged


def _batches(sources: Sequence[tuple[int, Source]]) -> Iterator[list[tuple[int, Source]]]:
    """The sources in batches of a size that is worth the way to another process."""
    batch: list[tuple[int, Source]] = []
    size = 0
    for each in sources:
        batch.append(each)
        size += each[1].size
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _batches_of(items: Sequence[_Item], length: int = 10) -> Iterator[Sequence[_Item]]:
    return (items[at : at + length] for at in range(0, len(items), length))
