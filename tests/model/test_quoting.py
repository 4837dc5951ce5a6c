"""Which texts a message may quote."""

import pytest

from cloudtrail_logs.model.quoting import described, enumerated, has_arn_form, quoted_label, quoted_name


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("arn:aws:s3:::bucket", True),
        ("arn:aws:logs:us-east-1:123456789012:log-group:audit:*", True),
        ("arn:aws:s3:::a bucket", False),
        ("arn:aws:s3", False),
        ("hunter2", False),
        ("arn:password:is:::hunter2", False),
        ("arn:aws:logs:us-east-1:hunter2:log-group:audit", False),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", True),
        ("arn:aws:s3:::".ljust(2048, "b"), True),
        ("arn:aws:s3:::".ljust(2049, "b"), False),
    ],
)
def test_only_the_form_of_an_arn_may_be_quoted(text: str, form: bool) -> None:
    assert has_arn_form(text) is form


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("audit", '"audit"'),
        ("hunter2!", "(whose name cannot be shown)"),
    ],
)
def test_only_what_may_be_a_name_in_aws_is_quoted_as_one(name: str, quoted: str) -> None:
    assert quoted_name(name) == quoted


def test_a_label_is_shortened_and_disturbs_no_terminal() -> None:
    label = quoted_label("a\x1b" + 300 * "b")
    assert label.startswith('"a?bb')
    assert "…" in label
    assert quoted_label("a" * 60) == f'"{"a" * 60}"'


@pytest.mark.parametrize(("text", "noun"), [("x", "a string of 1 character"), ("hunter2", "a string of 7 characters")])
def test_a_text_without_the_form_of_an_arn_is_described(text: str, noun: str) -> None:
    assert described(text) == noun


@pytest.mark.parametrize(
    ("phrases", "count", "sentence"),
    [
        (["a"], 0, "a"),
        (["a", "b", "c"], 3, "a, b or c"),
        (["a", "b", "c"], 5, "a, b, c or 2 more"),
    ],
)
def test_phrases_are_enumerated(phrases: list[str], count: int, sentence: str) -> None:
    assert enumerated(phrases, count=count) == sentence
