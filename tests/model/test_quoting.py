"""Which texts a message may quote."""

import pytest

from cloudtrail_logs.model.quoting import has_arn_form


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
