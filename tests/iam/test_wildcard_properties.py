"""Patterns with wildcards, against the rules read word by word for every text that a subject may stand for.

What "maybe" may hide is held exactly. For a pattern and gaps whose alphabets each have a character that the pattern
does not name:

- no: it matches for no value of the gaps;
- yes: it matches for all of them - but where a gap has no fixed length, only a `*` counts as matching it, so that
  a pattern with a `?` may get a maybe although it matches for all of them (`?*` of a name of one character or more);
- one unknown that is there twice (a trail's account, in the ARN and in the stream's name) counts as two, so that
  a pattern with two different values for it gets a maybe instead of a no.

The same holds of fresh parts for a pattern that does not name all ten digits: a yes then means all of their values,
a no that there is one which it does not match. A yes is right for every pattern.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudtrail_logs.iam.wildcard import AnyDigits, Subject, UnknownPart, matches, may_begin, witness
from cloudtrail_logs.model.value import Truth

from ..repeatable import repeatable
from .wildcard_reading import fillings, gap_values, reads, texts

KNOWN_TEXTS = st.text("ab:01", max_size=3)
FRESH_PARTS = st.builds(AnyDigits, shown=st.just("D"), length=st.just(1))
FIXED_GAPS = st.builds(lambda alphabet, length: UnknownPart("G", alphabet, length, length), st.sampled_from(["az", "1z", "abz"]), st.integers(0, 2))  # fmt: skip
OPEN_GAPS = st.builds(lambda alphabet, shortest, more: UnknownPart("G", alphabet, shortest, shortest + more), st.sampled_from(["az", "1z"]), st.integers(0, 1), st.integers(1, 2))  # fmt: skip
# Every gap may be "z", which no pattern names.
PATTERNS = st.text("ab:01**??", max_size=8)


def with_one_or_two(*parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Subject]:
    """Subjects with one such part or two: with few enough values to try them all."""
    return st.tuples(KNOWN_TEXTS, st.one_of(*parts), KNOWN_TEXTS, st.one_of(KNOWN_TEXTS, *parts), KNOWN_TEXTS).map(
        Subject
    )


def shape(pattern: str, subject: Subject) -> set[bool]:
    """What the pattern says of the texts that the subject stands for."""
    return {reads(pattern, text) for text in texts(subject)}


def test_every_short_pattern_and_every_short_text() -> None:
    every_text = ["".join(letters) for length in range(5) for letters in product("ab:", repeat=length)]
    every_pattern = ["".join(letters) for length in range(5) for letters in product("ab:*?", repeat=length)]
    assert len(every_text) * len(every_pattern) > 90_000
    wrong = [
        (pattern, text)
        for pattern in every_pattern
        for text in every_text
        if matches(pattern, Subject((text,))) is not (Truth.YES if reads(pattern, text) else Truth.NO)
    ]
    assert wrong == []


@repeatable(1000)
@given(pattern=st.text("ab:*?", max_size=16), text=st.text("ab:", max_size=24))
def test_longer_patterns_and_texts(pattern: str, text: str) -> None:
    assert matches(pattern, Subject((text,))) is (Truth.YES if reads(pattern, text) else Truth.NO)


@repeatable(1000)
@given(text=st.text("ab:", min_size=1, max_size=24), data=st.data())
def test_patterns_made_from_the_text_itself(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    middle = data.draw(st.sampled_from(["*", "?", "**", "*?", "?*", "*a*", "?" * (stop - start)]))
    pattern = text[:start] + middle + text[stop:]
    assert matches(pattern, Subject((text,))) is (Truth.YES if reads(pattern, text) else Truth.NO)


@repeatable(1000)
@given(pattern=PATTERNS, first=KNOWN_TEXTS, second=KNOWN_TEXTS)
def test_it_does_not_matter_how_a_known_text_is_divided(pattern: str, first: str, second: str) -> None:
    assert matches(pattern, Subject((first, second))) is matches(pattern, Subject((first + second,)))


@repeatable(1000)
@given(pattern=PATTERNS, subject=with_one_or_two(FRESH_PARTS))
def test_of_fresh_digits_yes_means_all_of_them_and_no_that_one_is_not_matched(pattern: str, subject: Subject) -> None:
    assert matches(pattern, subject) is (Truth.NO if False in shape(pattern, subject) else Truth.YES)


@repeatable(1000)
@given(pattern=PATTERNS, subject=with_one_or_two(FIXED_GAPS))
def test_of_a_gap_of_a_fixed_length_yes_means_all_values_and_no_none(pattern: str, subject: Subject) -> None:
    expected = {(True,): Truth.YES, (False,): Truth.NO, (False, True): Truth.MAYBE}
    assert matches(pattern, subject) is expected[tuple(sorted(shape(pattern, subject)))]


@repeatable(1000)
@given(pattern=st.text("ab:01***", max_size=8), subject=with_one_or_two(FIXED_GAPS, OPEN_GAPS))
def test_so_they_do_of_every_gap_where_the_pattern_has_no_question_mark(pattern: str, subject: Subject) -> None:
    expected = {(True,): Truth.YES, (False,): Truth.NO, (False, True): Truth.MAYBE}
    assert matches(pattern, subject) is expected[tuple(sorted(shape(pattern, subject)))]


@repeatable(1000)
@given(pattern=PATTERNS, subject=with_one_or_two(FIXED_GAPS, OPEN_GAPS))
def test_a_question_mark_at_an_open_gap_only_ever_makes_a_yes_a_maybe(pattern: str, subject: Subject) -> None:
    answer = matches(pattern, subject)
    if answer is Truth.YES:
        assert shape(pattern, subject) == {True}
    assert (answer is Truth.NO) == (True not in shape(pattern, subject))


@repeatable(1000)
@given(pattern=PATTERNS, subject=with_one_or_two(FRESH_PARTS, FIXED_GAPS, OPEN_GAPS))
def test_with_both_no_means_that_whatever_the_gaps_are_one_digit_is_not_matched(pattern: str, subject: Subject) -> None:
    matched = [matches(pattern, filling) is Truth.YES for filling in fillings(subject)]
    for filling, all_digits in zip(fillings(subject), matched, strict=True):
        assert all_digits == (shape(pattern, filling) == {True})
    answer = matches(pattern, subject)
    assert (answer is Truth.NO) == (not any(matched))
    if answer is Truth.YES:
        assert all(matched)


@repeatable(600)
@given(pattern=PATTERNS, gap=st.one_of(FIXED_GAPS, OPEN_GAPS), between=KNOWN_TEXTS)
def test_one_unknown_that_is_there_twice_never_gets_a_wrong_answer(
    pattern: str, gap: UnknownPart, between: str
) -> None:
    matched = {reads(pattern, value + between + value) for value in gap_values(gap)}
    answer = matches(pattern, Subject((gap, between, gap)))
    assert answer is Truth.MAYBE or matched == {answer is Truth.YES}


@pytest.mark.parametrize(
    ("pattern", "gap", "between", "right"),
    [("?*", UnknownPart("NAME", "abz", 1, 3), "", True), ("a:b", UnknownPart("ACCOUNT", "abz", 1, 1), ":", False)],
    ids=["a question mark at an open gap", "one unknown that is there twice"],
)
def test_what_a_maybe_hides(pattern: str, gap: UnknownPart, between: str, right: bool) -> None:
    assert {reads(pattern, value + between + value) for value in gap_values(gap)} == {right}
    assert matches(pattern, Subject((gap, between, gap))) is Truth.MAYBE


@repeatable(1000)
@given(pattern=PATTERNS, subject=with_one_or_two(FRESH_PARTS, FIXED_GAPS, OPEN_GAPS))
def test_a_witness_is_the_subject_with_digits_that_the_pattern_may_match(pattern: str, subject: Subject) -> None:
    found = witness(pattern, subject)
    assert (found is None) == (True not in shape(pattern, subject))
    if found is None:
        return
    assert len(found.parts) == len(subject.parts)
    for part, before in zip(found.parts, subject.parts, strict=True):
        if isinstance(before, AnyDigits):
            assert isinstance(part, str)
            assert len(part) == before.length
            assert part.isdecimal()
        else:
            assert part == before
    assert True in shape(pattern, found)
    assert matches(pattern, found) is not Truth.NO


@repeatable(1000)
@given(pattern=PATTERNS, text=st.text("ab:01", max_size=8), cut=st.integers(0, 8))
def test_a_pattern_that_matches_a_text_may_begin_as_the_text_does(pattern: str, text: str, cut: int) -> None:
    if reads(pattern, text):
        assert may_begin(pattern, text[:cut])


def steps(ask: Callable[[], object]) -> int:
    """How many lines of Python run: the same number whenever they are counted."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        ask()
    finally:
        sys.settrace(before)
    return count


HOSTILE = {"asterisks": "*", "question marks": "?", "*?": "*?", "*a": "*a", "*?a": "*?a", "?*1": "?*1", "a": "a"}
STREAM = Subject(
    (
        "arn:aws:logs:us-east-1:111111111111:log-group:" + "a" * 400 + ":log-stream:o-",
        UnknownPart("ORGANIZATION", "abcdefghijklmnopqrstuvwxyz0123456789", 10, 32),
        "_",
        AnyDigits("MEMBER", 12),
        "_CloudTrail_us-east-1_",
        AnyDigits("10", 2),
    )
)


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_the_steps_grow_no_faster_than_the_pattern(unit: str) -> None:
    short, twice, four_times = ("arn:*" + unit * (size // len(unit)) for size in (2000, 4000, 8000))
    counts = [steps(partial(matches, pattern, STREAM)) for pattern in (short, twice, four_times)]
    assert counts[1] <= 2.1 * counts[0] + 100
    assert counts[2] <= 2.1 * counts[1] + 100
