"""The streams of a trail as the solver is told of them: texts with free parts.

Source: CloudTrail user guide, "Sending events to CloudWatch Logs", and what names and ids in AWS may consist of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import z3

from .languages import Regex, literal, sequence, text_value, union

_LONG: Final = 64
_DIGITS: Final = "0-9"
_LOWER: Final = "a-z"
_UPPER: Final = "A-Z"


@dataclass(frozen=True)
class Free:
    """A part of a stream's ARN that may have several values."""

    name: str
    """The same part has the same value wherever it is."""
    characters: tuple[str, ...]
    """What it consists of: single characters, and ranges such as a-z."""
    shortest: int
    longest: int
    plain: str
    """A value that no document is likely to name."""
    is_stream: bool = False
    """Whether there is a stream for each value; else it has one value, which is not known."""

    @property
    def regex(self) -> Regex:
        """Its values; where they may be long, at least these."""
        ranges = [z3.Range(*each.split("-")) if len(each) > 1 else literal(each) for each in self.characters]
        if self.longest > _LONG:  # so many repetitions would be too many for the solver
            return z3.Plus(union(ranges))
        return z3.Loop(union(ranges), self.shortest, self.longest)

    @property
    def pattern(self) -> str:
        """Its values, as a regular expression of Python."""
        return f"[{''.join(re.escape(each) if len(each) == 1 else each for each in self.characters)}]+"


@dataclass(frozen=True)
class Tail:
    """What is behind a stream's name: nothing, or `_` and one digit or two."""

    name: str = "TAIL"
    plain: str = ""
    is_stream: bool = True
    longest: int = 3
    pattern: str = "(?:_[0-9]+)?"

    @property
    def regex(self) -> Regex:
        """Its values."""
        return union([literal(""), sequence([literal("_"), z3.Loop(z3.Range("0", "9"), 1, 2)])])


Part = str | Free | Tail
Stream = tuple[Part, ...]

UNKNOWN_PARTS: Final = {
    each.name: each
    for each in (
        Free("PARTITION", (_LOWER, "-"), 3, 12, "aws-zzz"),
        Free("REGION", (_LOWER, _DIGITS, "-"), 9, 20, "zz-zzzzz-9"),
        Free("ACCOUNT", (_DIGITS,), 12, 12, "989898989898"),
        Free("NAME", (_LOWER, _UPPER, _DIGITS, *".-_/#"), 1, 512, "Zz"),
        Free("ORGANIZATION", (_LOWER, _DIGITS), 10, 32, "zzzzzzzzzzz"),
    )
}
MEMBER: Final = Free("MEMBER", (_DIGITS,), 12, 12, "878787878787", is_stream=True)


def group_of(place: Mapping[str, str]) -> Stream:
    """The beginning of the ARN of each stream of a log group. place: the known parts, by name."""
    return (
        *("arn:", _part(place, "PARTITION"), ":logs:", _part(place, "REGION"), ":", _part(place, "ACCOUNT")),
        *(":log-group:", _part(place, "NAME"), ":log-stream:"),
    )


def own_stream(place: Mapping[str, str]) -> Stream:
    """The streams of the trail's account."""
    return (*group_of(place), _part(place, "ACCOUNT"), "_CloudTrail_", _part(place, "REGION"), Tail())


def members_stream(place: Mapping[str, str]) -> Stream:
    """The streams of the members of the trail's organization."""
    member: Stream = ("o-", _part(place, "ORGANIZATION"), "_", MEMBER, "_CloudTrail_")
    return (*group_of(place), *member, _part(place, "REGION"), Tail())


def _part(place: Mapping[str, str], name: str) -> Part:
    return place.get(name, UNKNOWN_PARTS[name])


def term(stream: Stream) -> Any:
    """The ARN of a stream, to the solver: with a variable for each part that may have several values."""
    terms = [text_value(part) if isinstance(part, str) else z3.String(part.name) for part in joined(stream)]
    return z3.Concat(*terms) if len(terms) > 1 else terms[0]


def regex_of(stream: Stream) -> Regex:
    """What the ARN of a stream looks like, where the same part may have another value in each place."""
    return sequence(literal(part) if isinstance(part, str) else part.regex for part in joined(stream))


def values_in(text: str, stream: Stream) -> list[dict[str, str]]:
    """The values of the parts of a stream in a text that looks like its ARN.

    Of a part that it has twice, those in the first places, and then those in the last ones; none where one is too long.
    """
    parts = [part for part in stream if not isinstance(part, str)]
    pattern = "".join(re.escape(part) if isinstance(part, str) else f"({part.pattern})" for part in stream)
    found = re.fullmatch(pattern, text)
    if not found:
        raise ValueError(f"{text} does not look like {stream}")
    if any(len(value) > part.longest for part, value in zip(parts, found.groups(), strict=True)):
        return []
    pairs = [(part.name, value) for part, value in zip(parts, found.groups(), strict=True)]
    return [dict(reversed(pairs)), dict(pairs)]


def joined(stream: Stream) -> Stream:
    """The stream with neighbouring texts in one."""
    joined: list[Part] = []
    for part in stream:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        else:
            joined.append(part)
    return tuple(joined)


def filled(stream: Stream, values: Mapping[str, str]) -> Stream:
    """The stream with the values of some of its parts, by their names."""
    return tuple(part if isinstance(part, str) else values.get(part.name, part) for part in stream)


def free_parts(streams: Iterable[Stream]) -> dict[str, Free | Tail]:
    """The parts of the streams that may have several values, by their names."""
    return {part.name: part for stream in streams for part in stream if not isinstance(part, str)}
