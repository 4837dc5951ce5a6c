"""The place that stands for any, and the words for it."""

import pytest

from cloudtrail_logs.model.arn import is_account, is_region, partition_of_region
from cloudtrail_logs.model.sample_place import SAMPLE_PLACE, with_place_words


@pytest.mark.parametrize(("text", "expected"), [
    ("arn:aws-x:logs:xx-samp-1:000000000000:log-group:a", "arn:PARTITION:logs:REGION:ACCOUNT:log-group:a"),
    ("000000000000_CloudTrail_xx-samp-1_2", "ACCOUNT_CloudTrail_REGION_2"),
    ("trail-000000000000", "trail-ACCOUNT"),
    # what only contains one
    ("aws-xray", "aws-xray"),
    ("1000000000000", "1000000000000"),
    ("xx-samp-12", "xx-samp-12"),
    ("arn:aws:logs:us-east-1:123456789012:log-group:a", "arn:aws:logs:us-east-1:123456789012:log-group:a"),
])  # fmt: skip
def test_words(text: str, expected: str) -> None:
    assert with_place_words(text) == expected


def test_it_has_the_form_of_a_place_and_is_none() -> None:
    _, region, account = SAMPLE_PLACE
    assert is_region(region)
    assert is_account(account)
    assert partition_of_region(region) is None
