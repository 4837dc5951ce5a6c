"""What patterns say of texts of which parts are not known: single cases, beside the properties that hold for all."""

import pytest

from cloudtrail_logs.truth import Truth
from cloudtrail_logs.wildcard import Gap, Subject, matches


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        ("bb", Subject((Gap("x", "b", 2, 2),)), Truth.MAYBE),
        ("ab", Subject((Gap("x", "b", 2, 2),)), Truth.NO),
        ("ab", Subject((Gap("x", "b", 0, 1), "ab")), Truth.MAYBE),
        ("ab", Subject((Gap("x", "b", 0, 1), "zb")), Truth.NO),
        ("bb*", Subject((Gap("x", "b", 1, 2), "zz")), Truth.MAYBE),
        ("bbb*", Subject((Gap("x", "b", 1, 2), "zz")), Truth.NO),
    ],
)
def test_a_gap(pattern: str, subject: Subject, expected: Truth) -> None:
    assert matches(pattern, subject) is expected
