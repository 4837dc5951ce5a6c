"""Which policies are about a place of their own, where the place of a log group is one that stands for any."""

from dataclasses import replace

import pytest

from cloudtrail_logs.iam.document import read_document
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.place import names_a_place
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.arn import LogGroupArn
from cloudtrail_logs.model.sample_place import SAMPLE_PLACE
from cloudtrail_logs.model.value import UNKNOWN

PARTITION, REGION, ACCOUNT = SAMPLE_PLACE
ANYWHERE = LogGroupArn(PARTITION, REGION, ACCOUNT, "audit", wildcard=True)
IN_AWS = replace(ANYWHERE, partition="aws")
OF_ANY_ACCOUNT = replace(IN_AWS, region="us-east-1")
OF_REGION = replace(IN_AWS, name=f"audit-{REGION}")
STREAM = f"{ACCOUNT}_CloudTrail_{REGION}"


def grant(resource: object, element: str = "Resource") -> Grant:
    statement = {"Effect": "Allow", "Action": "logs:*", element: resource}
    return Grant("p", read_document({"Version": "2012-10-17", "Statement": [statement]}))


def arn(partition: str = "aws", region: str = REGION, account: str = ACCOUNT, rest: str = "log-group:audit:*") -> str:
    return f"arn:{partition}:logs:{region}:{account}:{rest}"


@pytest.mark.parametrize(("resource", "group", "expected"), [
    (arn(), IN_AWS, False),
    (arn("*", "*", "*"), IN_AWS, False),
    (arn("*", "", ""), IN_AWS, False),
    ("*", IN_AWS, False),
    (arn(rest=f"log-group:audit:log-stream:{STREAM}"), IN_AWS, False),
    (arn(rest=f"log-group:audit:log-stream:{STREAM}_*"), IN_AWS, False),
    (arn(rest=f"log-group:audit:log-stream:*_CloudTrail_{REGION}"), IN_AWS, False),
    (arn(region="us-east-1"), IN_AWS, True),
    (arn(region="us-*"), IN_AWS, True),
    (arn(account="123456789012"), IN_AWS, True),
    (arn(account="1*"), IN_AWS, True),
    (arn(rest="log-group:audit:log-stream:123456789012_CloudTrail_*"), IN_AWS, True),
    (arn(rest="log-group:audit:log-stream:*_CloudTrail_us-*"), IN_AWS, True),
    (arn(rest="log-group:audit-us-east-1:*"), IN_AWS, False),
    (arn(rest="log-group:us-east-1:*"), IN_AWS, True),
    (arn(rest="log-group:123456789012:*"), IN_AWS, True),
    # One * may stand for several fields, so any other field may be of a place.
    ("*:1*:log-group:*", IN_AWS, True),
    ("*:log-group:audit?:*", IN_AWS, True),
    ("*:aws:logs:*:*:log-group:audit2:*", IN_AWS, False),
    ("a*:aws:logs:*:*:log-group:audit:*", IN_AWS, True),
    ("audit*", IN_AWS, True),
    ("*:log-group:audit:*", IN_AWS, False),
    ("arn:aws:logs:*", IN_AWS, False),
    ("arn:aws:logs2:*", IN_AWS, True),
    ("arn:aws:logs2:*:*:log-group:audit2:*", IN_AWS, False),
    # What of the place is known is compared as ever.
    (arn(PARTITION), ANYWHERE, False),
    (arn("aws"), ANYWHERE, True),
    (arn("aws-cn"), IN_AWS, False),
    (arn(region="us-east-1"), OF_ANY_ACCOUNT, False),
    (arn(region="eu-west-1"), OF_ANY_ACCOUNT, False),
    (arn(region="us-east-1", rest="log-group:us-east-1:*"), OF_ANY_ACCOUNT, False),
    (arn(region="us-east-1", account="123456789012"), OF_ANY_ACCOUNT, True),
    # The name of the log group has the region.
    (arn(rest=f"log-group:audit-{REGION}:*"), OF_REGION, False),
    (arn(rest="log-group:audit-*:*"), OF_REGION, True),
    (arn(rest="log-group:audit:*"), OF_REGION, True),
])  # fmt: skip
def test_what_names_a_place(resource: str, group: LogGroupArn, expected: bool) -> None:
    own, other = grant(resource), grant(arn(group.partition, rest=f"log-group:audit-{REGION}:*"))
    assert names_a_place(Permissions((other, own), True, None), group) is expected
    assert names_a_place(Permissions((), True, own), group) is expected
    assert names_a_place(Permissions((grant(resource, "NotResource"),), True, None), group) is expected


def test_what_has_no_resource_names_none() -> None:
    unknown = Grant("p", UNKNOWN)
    assert not names_a_place(Permissions((unknown, grant(UNKNOWN), grant([UNKNOWN, arn()])), True, None), IN_AWS)
