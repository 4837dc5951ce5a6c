"""Which streams a trail writes to, and how a message names them."""

from typing import Any

import pytest

from cloudtrail_logs.iam.log_streams import log_group_of, log_streams, stream_name
from cloudtrail_logs.iam.wildcard import AnyDigits, Subject
from cloudtrail_logs.model.value import ABSENT, UNKNOWN

from ..rules.trails import ACCOUNT, LOG_GROUP_ARN

GROUP = LOG_GROUP_ARN.removesuffix(":*")
KNOWN = ("aws", "us-east-1", ACCOUNT, "audit")
OWN = f"{GROUP}:log-stream:{ACCOUNT}_CloudTrail_us-east-1"


def test_the_streams_of_a_trail_are_known_up_to_their_numbers() -> None:
    assert log_streams(*KNOWN, of_organization=False) == (
        Subject((OWN,)),
        Subject((f"{OWN}_", AnyDigits("2", 1))),
        Subject((f"{OWN}_", AnyDigits("10", 2))),
    )


@pytest.mark.parametrize(
    ("place", "group", "own"),
    [
        (KNOWN, GROUP, f"{ACCOUNT}_CloudTrail_us-east-1"),
        ((UNKNOWN, *KNOWN[1:]), GROUP.replace("aws", "PARTITION"), f"{ACCOUNT}_CloudTrail_us-east-1"),
        (("aws", ABSENT, ACCOUNT, "audit"), GROUP.replace("us-east-1", "REGION"), f"{ACCOUNT}_CloudTrail_REGION"),
        (("aws", "us-east-1", UNKNOWN, "audit"), GROUP.replace(ACCOUNT, "ACCOUNT"), "ACCOUNT_CloudTrail_us-east-1"),
        ((*KNOWN[:3], UNKNOWN), GROUP.replace("audit", "NAME"), f"{ACCOUNT}_CloudTrail_us-east-1"),
        ((UNKNOWN,) * 4, "arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME", "ACCOUNT_CloudTrail_REGION"),
    ],
)
def test_how_they_are_shown(place: tuple[Any, Any, Any, Any], group: str, own: str) -> None:
    region = own.rpartition("_")[2]
    member = f"o-ORGANIZATION_MEMBER_CloudTrail_{region}"
    names = [f"{stream}{tail}" for stream in (own, member) for tail in ("", "_2", "_10")]
    streams = log_streams(*place, of_organization=True)
    assert [stream_name(stream) for stream in streams] == names
    assert [stream.shown for stream in streams] == [f"{group}:log-stream:{name}" for name in names]
    assert {log_group_of(stream).shown for stream in streams} == {group}
    assert [stream_name(stream) for stream in log_streams(*place, of_organization=False)] == names[:3]


def test_what_is_no_stream_is_its_own_log_group() -> None:
    assert log_group_of(Subject((GROUP,))) == Subject((GROUP,))
