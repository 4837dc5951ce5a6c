"""Regions and their partitions, compared with what the AWS SDKs carry."""

import botocore.session
import pytest

from cloudtrail_logs.model.arn import is_region, partition_of_region

PARTITIONS = botocore.session.get_session().get_data("partitions")["partitions"]
REGIONS = [
    (region, partition["id"]) for partition in PARTITIONS for region in partition["regions"] if not region.endswith("-global")
]  # fmt: skip


def test_the_sdk_lists_regions_of_every_partition() -> None:
    assert {partition for _, partition in REGIONS} >= {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b"}


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_every_region_of_the_sdk(region: str, partition: str) -> None:
    assert is_region(region)
    assert partition_of_region(region) == partition


@pytest.mark.parametrize("text", ["", "us", "us-east", "us-east-", "US-EAST-1", "us_east_1", "us-east-1a", " us-east-1", "eu-xyz-west-1-2"])  # fmt: skip
def test_no_region(text: str) -> None:
    assert not is_region(text)
    assert partition_of_region(text) is None


@pytest.mark.parametrize("region", ["xx-north-1", "eusc-north-1", "us-isoz-east-1", "cn-gov-north-1"])
def test_a_region_of_no_known_partition_cannot_be_told(region: str) -> None:
    assert partition_of_region(region) is None
