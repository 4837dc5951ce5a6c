"""Glob patterns: what they match, case as written, and which cannot be meant."""

import pytest

from cloudtrail_logs.configuration.glob import any_matches, glob_matches, mistake_in

MATCHES = [
    ("audit", "audit", True),
    ("audit", "Audit", False),
    ("Audit", "audit", False),
    ("audit", "audit-1", False),
    ("audit", "my-audit", False),
    ("audit*", "audit", True),
    ("audit*", "audit-1a2b3c4", True),
    ("*-audit", "my-audit", True),
    ("*", "", True),
    ("*", "any::thing", True),
    ("a?c", "abc", True),
    ("a?c", "ac", False),
    ("a?c", "abbc", False),
    ("a[bc]d", "abd", True),
    ("a[bc]d", "aed", False),
    ("a[!b]d", "aed", True),
    ("a[!b]d", "abd", False),
    ("bucket[[]0]", "bucket[0]", True),
    ("bucket[0]", "bucket[0]", False),
    ("arn:aws:logs:*:log-group:audit", "arn:aws:logs:us-east-1:123456789012:log-group:audit", True),
    ("a.c", "abc", False),
    ("a[-.]c", "a-c", True),
    ("a[-.]c", "abc", False),
    ("A*", "abc", False),
    ("a\nb", "a\nb", True),
    ("a", "a\n", False),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), MATCHES)
def test_what_a_pattern_matches(pattern: str, text: str, expected: bool) -> None:
    assert glob_matches(pattern, text) is expected
    assert any_matches(("x", pattern), ("y" * 9, text)) is expected


def test_none_of_nothing() -> None:
    assert not any_matches((), ("a",))
    assert not any_matches(("a",), ())


@pytest.mark.parametrize(
    ("pattern", "mistake"),
    [
        ("audit", None),
        ("*", None),
        ("a[bc]", None),
        ("a[!b]", None),
        ("a[]b]", None),
        ("a]", None),
        ("x" * 512, None),
        ("", "is empty"),
        ("  ", "is empty"),
        (" audit", "has leading or trailing whitespace"),
        ("audit\n", "has leading or trailing whitespace"),
        ("x" * 513, "is longer than 512 characters"),
        ("a[bc", "has a [ without a ]"),
        ("a[bc][", "has a [ without a ]"),
        ("a[]", "has a [ without a ]"),
        ("a[!]", "has a [ without a ]"),
        ("a[a-z]", None),
        ("a[-]b", None),
        ("a[-.]b", None),
        ("a[-0-9]b", None),
        ("a[!-.]b", None),
        ("a[!- ]b", None),
        ("a[b-b]c", None),
        ("a[0-9-]b", None),
        ("a[z-a]", "has a range in [ ] that ends before it begins"),
        ("x[ab]y[9-0]", "has a range in [ ] that ends before it begins"),
    ],
)
def test_which_cannot_be_meant(pattern: str, mistake: str | None) -> None:
    assert mistake_in(pattern) == mistake
