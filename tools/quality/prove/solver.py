"""The questions to the solver: is every stream allowed for sure, is one refused for sure whatever is not known?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import z3

from .languages import ALL, NONE, Bounds, Regex, complement, contains, intersection, rebuilt
from .streams import Stream, filled, free_parts, regex_of, term, values_in

_MOST_ROUNDS: Final = 60
_MOST_KNOWN: Final = 200
_FIRST_PART: Final = 0.25

Asked = tuple[Bounds, Stream]
Membership = tuple[Regex, Stream]
Values = dict[str, str]


class UndecidedError(Exception):
    """The solver did not find out in time."""


@dataclass
class Solver:
    """The solver, with its limit. It raises UndecidedError where it cannot keep that."""

    milliseconds: int = 10_000
    """For one query."""
    queries: int = field(default=0, init=False)
    """How many there were."""
    _patterns: dict[object, tuple[Regex, Regex]] = field(default_factory=dict, init=False)
    _known: dict[object, tuple[Sequence[Membership], Values | None]] = field(default_factory=dict, init=False)
    """What was found already; with the languages, so that no other one gets the id of one of them."""

    def allows_all(self, asked: Sequence[Asked]) -> bool:
        """Whether each stream is surely in its set, for every value of every part."""
        return not any(self._values([(complement(allowed.sure), stream)]) is not None for allowed, stream in asked)

    def refuses_one(self, asked: Sequence[Asked]) -> bool:
        """Whether for every value of the unknown parts, some stream is surely not in its set.

        Looks for values of the unknown parts with which each stream that was found refused before may be allowed, then
        for another stream that is refused with these; until there are no such values, or no such stream.
        """
        if any(allowed.may is NONE for allowed, _ in asked):
            return True
        parts = free_parts(stream for _, stream in asked).values()
        plain = {part.name: part.plain for part in parts if not part.is_stream}
        refused: list[Membership] = []
        for _ in range(_MOST_ROUNDS):
            values = self._values(refused)
            if values is None:
                return True
            another = self._refused(asked, {**plain, **values})
            if another is None:
                return False
            if not plain:
                return True
            refused.append(another)
        raise UndecidedError

    def _refused(self, asked: Sequence[Asked], values: Mapping[str, str]) -> Membership | None:
        """A stream that is surely refused with these values of the unknown parts, with the set that it is not in."""
        for allowed, stream in asked:
            found = self._values([(complement(allowed.may), filled(stream, values))])
            if found is not None:
                return allowed.may, filled(stream, found)
        return None

    def _values(self, memberships: Sequence[Membership]) -> Values | None:
        """As `_asked`; the same question is asked once."""
        key = tuple((language.get_id(), stream) for language, stream in memberships)
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
                self._patterns.clear()
            self._known[key] = memberships, self._asked(memberships)
        return self._known[key][1]

    def _asked(self, memberships: Sequence[Membership]) -> Values | None:
        """Values of the parts with which each stream is in its language; None where there are none.

        Asks first about each stream as if the same part might have several values in it: that is fast, often there is
        none even then, and else the values of one place may do in all.
        """
        if any(language is NONE for language, _ in memberships):
            return None
        guesses: list[Values] = []
        for language, stream in memberships:
            found = self._as_text(language, stream)
            if found is None:
                return None
            guesses += found
        if len(memberships) == 1 and not _repeats(memberships[0][1]):
            if not guesses:
                raise UndecidedError  # it is longer than any
            return guesses[0]
        unknown = {name for name, part in free_parts(stream for _, stream in memberships).items() if not part.is_stream}
        guessed = self._guessed(memberships, guesses) if unknown else None
        return self._exact(memberships) if guessed is None else guessed

    def _as_text(self, language: Regex, stream: Stream) -> list[Values] | None:
        """Values of the parts of one stream, several of those that it has twice; None where there are none."""
        if _is_only_open_at_end(stream):
            found = self._exact([(self._reduced(language, stream), stream)])
            return None if found is None else [found]
        try:
            text = self._text(language, stream, _FIRST_PART)
        except UndecidedError:
            text = self._text(self._reduced(language, stream), stream)
        return None if text is None else values_in(text, stream)

    def _text(self, language: Regex, stream: Stream, part_of_time: float = 1) -> str | None:
        """A text of a language that looks like the stream's ARN."""
        text = z3.String("TEXT")
        in_both = z3.InRe(text, intersection([regex_of(stream), language]))
        found = self._model([in_both], [text], part_of_time)
        return None if found is None else found["TEXT"]

    def _reduced(self, language: Regex, stream: Stream) -> Regex:
        """The language without the patterns that match no such stream, or each: many together would take too long."""

        def changed(pattern: Regex) -> Regex:
            key = pattern.get_id(), stream
            if key not in self._patterns:
                self._patterns[key] = pattern, self._told_apart(pattern, stream)
            return self._patterns[key][1]

        return rebuilt(language, changed) if free_parts([stream]) else language

    def _told_apart(self, pattern: Regex, stream: Stream) -> Regex:
        """No text or all, where the pattern matches no such stream, or each; else the pattern."""
        try:
            if self._pattern_text(pattern, stream) is None:
                return NONE
            return ALL if self._pattern_text(complement(pattern), stream) is None else pattern
        except UndecidedError:
            return pattern

    def _pattern_text(self, pattern: Regex, stream: Stream) -> object:
        if _is_only_open_at_end(stream):
            return self._exact([(pattern, stream)])
        return self._text(pattern, stream, _FIRST_PART)

    def _guessed(self, memberships: Sequence[Membership], guesses: Sequence[Values]) -> Values | None:
        """As `_values`, but None is not sure. Few parts are left free with a guess, so that it is fast."""
        unknown = [part for part in free_parts(stream for _, stream in memberships).values() if not part.is_stream]
        plain = {part.name: part.plain for part in unknown}
        for guess in [plain, *guesses]:
            values = {name: guess.get(name, plain[name]) for name in plain}
            found = self._values([(language, filled(stream, values)) for language, stream in memberships])
            if found is not None:
                return {**values, **found}
        return None

    def _exact(self, memberships: Sequence[Membership]) -> Values | None:
        if any(language is NONE for language, _ in memberships):
            return None
        parts = free_parts(stream for _, stream in memberships)
        if not parts:
            self.queries += 1
            return (
                {} if all(contains(language, "".join(map(str, stream))) for language, stream in memberships) else None
            )
        variables = [z3.String(name) for name in parts]
        forms = [z3.InRe(variable, parts[str(variable)].regex) for variable in variables]
        found = self._model([*forms, *(z3.InRe(term(stream), language) for language, stream in memberships)], variables)
        if found and any(len(value) > parts[name].longest for name, value in found.items()):
            raise UndecidedError
        return found

    def _model(self, constraints: Sequence[Any], variables: Sequence[Any], part_of_time: float = 1) -> Values | None:
        self.queries += 1
        solver = z3.Solver()
        solver.set("timeout", int(self.milliseconds * part_of_time))
        solver.add(*constraints)
        answer = solver.check()
        if answer == z3.unknown:
            raise UndecidedError
        if answer == z3.unsat:
            return None
        model = solver.model()
        return {str(each): model.eval(each, model_completion=True).as_string() for each in variables}


def _is_only_open_at_end(stream: Stream) -> bool:
    return all(isinstance(part, str) for part in stream[:-1])


def _repeats(stream: Stream) -> bool:
    """Whether a part is in a stream twice."""
    names = [part.name for part in stream if not isinstance(part, str)]
    return len(set(names)) < len(names)
