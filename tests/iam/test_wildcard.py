"""What patterns say of texts of which parts are not known: single cases, beside the properties that hold for all."""

import pytest

from cloudtrail_logs.iam.wildcard import DIGITS, AnyDigits, Subject, UnknownPart, matches
from cloudtrail_logs.model.value import Truth


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("bb", Subject((UnknownPart("x", "b", 2, 2),)), Truth.MAYBE),
        ("ab", Subject((UnknownPart("x", "b", 2, 2),)), Truth.NO),
        ("5", Subject((UnknownPart("x", DIGITS, 1, 2),)), Truth.MAYBE),
        ("555", Subject((UnknownPart("x", DIGITS, 1, 2),)), Truth.NO),
        ("a?b", Subject(("a", AnyDigits("1", 1), UnknownPart("x", "b", 1, 1))), Truth.MAYBE),
        ("a5b", Subject(("a", AnyDigits("1", 1), UnknownPart("x", "b", 1, 1))), Truth.NO),
        ("5b", Subject((AnyDigits("1", 1), UnknownPart("x", "b", 1, 1))), Truth.NO),
        ("ab", Subject((UnknownPart("x", "b", 0, 1), "ab")), Truth.MAYBE),
        ("ab", Subject((UnknownPart("x", "b", 0, 1), "zb")), Truth.NO),
        ("bb*", Subject((UnknownPart("x", "b", 1, 2), "zz")), Truth.MAYBE),
        ("bbb*", Subject((UnknownPart("x", "b", 1, 2), "zz")), Truth.NO),
    ],
)
def test_a_gap(pattern: str, subject: Subject, expected: Truth) -> None:
    assert matches(pattern, subject) is expected


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("xb*?b*y", Subject(("xby",)), Truth.NO),
        ("xb*?b*y", Subject(("xbaby",)), Truth.YES),
        # Characters that stand for what is not known, in a pattern: they are of no ARN.
        ("a\ue000", Subject(("a", AnyDigits("1", 1))), Truth.NO),
        ("a\ue001", Subject(("a", UnknownPart("x", "b", 1, 5))), Truth.NO),
    ],
)
def test_a_text(pattern: str, subject: Subject, expected: Truth) -> None:
    assert matches(pattern, subject) is expected
