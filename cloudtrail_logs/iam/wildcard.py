"""Does a pattern of IAM, with its wildcards, match a text of which parts may not be known?

`*` is any run of characters, colons and slashes included, `?` is one character (IAM user guide, "IAM JSON policy
elements: Resource"). A text may be asked about as a whole set: with `AnyDigits` parts, which stand for every value, and
with `UnknownPart` parts, which stand for one value that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from ..model.value import Truth

DIGITS: Final = "0123456789"
# Characters of no ARN: only a wildcard matches them. What a run of unknown length stands for, only * does.
_ANY: Final = "\ue000"
_RUN: Final = "\ue001"
_TO_ZERO: Final = str.maketrans(DIGITS, "0" * len(DIGITS))
_STARS: Final = re.compile(r"\*+")
_KNOWN: Final = re.compile(f"[^{_ANY}]+")


@dataclass(frozen=True)
class AnyDigits:
    """Digits that stand for all digits there may be: a pattern matches them only where it matches every one of them."""

    shown: str
    """How a message spells them."""
    length: int
    """How many digits they are."""


@dataclass(frozen=True)
class UnknownPart:
    """A part of a text that has one value, which is not known."""

    shown: str
    """How a message spells it."""
    alphabet: str
    """The characters that it may consist of."""
    shortest: int
    """How many characters it has at least."""
    longest: int
    """How many characters it has at most."""


Parts = tuple[str | AnyDigits | UnknownPart, ...]


@dataclass(frozen=True)
class Subject:
    """A text that patterns are asked about, in parts."""

    parts: Parts

    @cached_property
    def text(self) -> str:
        """The text to match for certain: nothing but a wildcard matches what is not known in it."""
        return "".join(_opaque(part) for part in self.parts)

    @cached_property
    def head(self) -> str:
        """The known beginning of the text."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    @cached_property
    def beginning(self) -> str:
        """The beginning of the text up to what is not even known in length; with a stand-in for an unknown digit."""
        return self.text.partition(_RUN)[0]

    @cached_property
    def zeroed(self) -> str | None:
        """The text with a 0 for every digit, known or not; None where more than digits is not known."""
        if any(
            isinstance(part, UnknownPart) and (part.alphabet != DIGITS or part.shortest != part.longest)
            for part in self.parts
        ):
            return None
        return "".join(_zeroed(part) for part in self.parts)

    @cached_property
    def has_unknown_part(self) -> bool:
        """Whether any part is not known."""
        return any(isinstance(part, UnknownPart) for part in self.parts)

    @property
    def shown(self) -> str:
        """The text as a message spells it."""
        return "".join(part if isinstance(part, str) else part.shown for part in self.parts)


def _opaque(part: str | AnyDigits | UnknownPart) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, AnyDigits):
        return _ANY * part.length
    return _ANY * part.shortest if part.shortest == part.longest else _RUN


def _zeroed(part: str | AnyDigits | UnknownPart) -> str:
    if isinstance(part, str):
        return part.translate(_TO_ZERO)
    # AnyDigits digits only match wildcards, whatever the others do.
    return _opaque(part) if isinstance(part, AnyDigits) else "0" * part.longest


def matches(pattern: str, subject: Subject) -> Truth:
    """Whether the pattern matches the subject, for every value of its any digits: yes or no where that holds whatever
    is unknown, else maybe. Takes time linear in the length of the pattern.
    """
    if not may_begin(pattern, subject.head):
        return Truth.NO
    if _ANY in pattern or _RUN in pattern:
        return Truth.NO  # characters of no ARN
    if _glob(pattern, subject.text):
        return Truth.YES
    if not subject.has_unknown_part:
        return Truth.NO
    if subject.zeroed and not _glob(pattern.translate(_TO_ZERO), subject.zeroed):
        return Truth.NO  # not even where every digit is taken for every other one
    return Truth.MAYBE if _overlaps(pattern, subject.parts) else Truth.NO


def may_begin(pattern: str, head: str) -> bool:
    """Whether the pattern may match a text that begins like this."""
    literal = literal_beginning(pattern)
    return head.startswith(literal) or literal.startswith(head)


def literal_beginning(pattern: str) -> str:
    """The pattern up to its first wildcard."""
    return pattern.partition("*")[0].partition("?")[0]


def common_pieces(subjects: Sequence[Subject]) -> tuple[tuple[int, str], ...]:
    """The known pieces of the beginning that all the subjects share, each with its place."""
    beginnings = [subject.beginning for subject in subjects]
    first, last = min(beginnings), max(beginnings)
    ends = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    shared = first[: next(ends, None)]
    return tuple((piece.start(), piece.group()) for piece in _KNOWN.finditer(shared))


def may_have_pieces(pattern: str, pieces: tuple[tuple[int, str], ...]) -> bool:
    """Whether the pattern may match a text that has these known pieces at their places: only no is sure."""
    literal = literal_beginning(pattern)
    # A plain loop: a policy may have very many patterns, and this is asked about each.
    for place, text in pieces:  # noqa: SIM110
        if not text.startswith(literal[place : place + len(text)]):
            return False
    return True


def with_digits_unknown(subject: Subject) -> Subject:
    """The subject with one unknown value for each `AnyDigits`."""
    return Subject(
        tuple(
            UnknownPart(part.shown, DIGITS, part.length, part.length) if isinstance(part, AnyDigits) else part
            for part in subject.parts
        )
    )


def witness(pattern: str, subject: Subject) -> Subject | None:
    """The subject with values for its any digits such that the pattern may match it; None where there are none."""
    parts = list(with_digits_unknown(subject).parts)
    if not _overlaps(pattern, tuple(parts)):
        return None
    for place, part in enumerate(subject.parts):
        if isinstance(part, AnyDigits):
            parts[place] = _digits(pattern, tuple(parts[:place]), part.length, tuple(parts[place + 1 :]))
    return Subject(tuple(parts))


def _digits(pattern: str, before: Parts, length: int, after: Parts) -> str:
    """The first digits of this length with which the pattern still may match. There are some."""
    digits = ""
    for place in range(length):
        rest = length - place - 1
        digits = next(
            digits + digit
            for digit in DIGITS
            if _overlaps(pattern, (*before, digits + digit, UnknownPart("", DIGITS, rest, rest), *after))
        )
    return digits


def _glob(pattern: str, text: str) -> bool:
    """Whether the pattern matches the text: its pieces between the stars, each at the first place where it fits."""
    if "?" in pattern:
        # To try a piece with a ? at each place of the text would take the product of their lengths.
        return _overlaps(pattern, (text,))
    first, *others = pattern.split("*")
    if not others:
        return first == text
    *middle, last = others
    if not text.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        place = text.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return len(text) - len(last) >= place and text.endswith(last)


@dataclass(frozen=True)
class _Automaton:
    """The pattern as sets of positions, each set the bits of one number: bit n says that n tokens are consumed."""

    literals: Mapping[str, int]
    questions: int
    stars: int
    end: int

    def through(self, states: int, text: str) -> int:
        """The positions after a text. Of a run of unknown length, none but stars match."""
        literals, questions, stars = self.literals, self.questions, self.stars
        for character in text:
            positions = 0 if character == _RUN else literals.get(character, 0) | questions
            states = (states & positions) << 1 | (states & stars)  # as in `step`, which is slower to call
            states |= (states & stars) << 1
            if not states:
                break
        return states

    def step(self, states: int, positions: int) -> int:
        """The positions after one more character, which these positions of the pattern match."""
        return self.closed((states & positions) << 1 | (states & self.stars))

    def closed(self, states: int) -> int:
        """With the positions behind stars, which may match nothing. No two stars are neighbours."""
        return states | (states & self.stars) << 1


@lru_cache(maxsize=256)  # of patterns no longer than the texts, which are ARNs
def _automaton(pattern: str) -> _Automaton:
    tokens = _STARS.sub("*", pattern)
    literals: dict[str, int] = {}
    questions = stars = 0
    for position, token in enumerate(tokens):
        bit = 1 << position
        if token == "*":
            stars |= bit
        elif token == "?":
            questions |= bit
        else:
            literals[token] = literals.get(token, 0) | bit
    return _Automaton(literals, questions, stars, 1 << len(tokens))


def _overlaps(pattern: str, parts: Parts) -> bool:
    """Whether the pattern matches the parts for some value of each unknown part; any digits only match wildcards."""
    if len(pattern) - pattern.count("*") > sum(_longest(part) for part in parts):
        return False  # also keeps the sets of positions as short as the text
    # Up to its first wildcard, a pattern is compared as a text.
    first, rest = (parts[0], parts[1:]) if parts and isinstance(parts[0], str) else ("", parts)
    literal = literal_beginning(pattern)[: len(first)]
    if not first.startswith(literal):
        return False
    automaton = _automaton(pattern)
    states = automaton.closed(1 << len(literal))
    for part in (first[len(literal) :], *rest):
        if isinstance(part, str):
            states = automaton.through(states, part)
        elif isinstance(part, AnyDigits):
            for _ in range(part.length):
                states = automaton.step(states, automaton.questions)
        else:
            states = _through_unknown(automaton, states, part)
        if not states:
            return False
    return bool(states & automaton.end)


def _longest(part: str | AnyDigits | UnknownPart) -> int:
    if isinstance(part, str):
        return len(part)
    return part.length if isinstance(part, AnyDigits) else part.longest


def _through_unknown(automaton: _Automaton, states: int, part: UnknownPart) -> int:
    positions = automaton.questions
    for character in part.alphabet:
        positions |= automaton.literals.get(character, 0)
    reached = states if part.shortest == 0 else 0
    for length in range(1, part.longest + 1):
        states = automaton.step(states, positions)
        if length >= part.shortest:
            reached |= states
    return reached
