"""Unless it is switched on, nothing of AWS is loaded and nothing is connected to."""

import subprocess
import sys
from typing import Any

import pytest

from tests.analyzers import PACK

RECENT = "cloudtrail-delivery-is-recent"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
PROGRAM = """
import socket, sys

def refused(*args):
    print("CONNECTED", args)
    raise OSError

socket.socket.connect = socket.socket.connect_ex = refused
from tests.analyzers import in_process
from tests.stacks import LOG_GROUP_ARN, ROLE_ARN, Provider, log_group, role, trail

settings = {"region": "us-east-1", "accessKey": "a", "secretKey": "s", "endpoints": '[{"cloudtrail": "http://127.0.0.1:9", "cloudwatchlogs": "http://127.0.0.1:9", "iam": "http://127.0.0.1:9", "sts": "http://127.0.0.1:9"}]'}
foreign = trail(provider=Provider(settings), arn="arn:aws:cloudtrail:us-east-1:123456789012:trail/audit", homeRegion="us-east-1", cloudWatchLogsGroupArn=LOG_GROUP_ARN + ":*", cloudWatchLogsRoleArn=ROLE_ARN)
analyzer = in_process()
analyzer.configure(LEVELS, PROPERTIES)
for resource in (foreign, log_group(), role()):
    analyzer.analyze(resource)
print(sorted(report.policy for report in analyzer.analyze_stack([foreign, log_group(), role(name="other")]).reports))
print(sorted({name.split(".")[0] for name in sys.modules} & {"boto3", "botocore", "s3transfer", "urllib3"}))
"""  # fmt: skip


def said(levels: dict[str, str], properties: dict[str, Any]) -> list[str]:
    program = PROGRAM.replace("LEVELS", repr(levels)).replace("PROPERTIES", repr(properties))
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, timeout=120, check=True
    )
    assert finished.stderr == ""
    return finished.stdout.strip().split("\n")


@pytest.mark.parametrize(
    ("levels", "properties"),
    [
        ({}, {}),
        ({RECENT: "MANDATORY"}, {}),
        ({RECENT: "MANDATORY"}, {RECENT: {"askAws": False, "maxAgeHours": 1}}),
        ({RECENT: "DISABLED", EXIST: "MANDATORY"}, {RECENT: {"askAws": True}}),
        ({}, {EXIST: {"externalTargets": "report"}, CAN_DELIVER: {"externalRoles": "ignore"}}),
        ({RECENT: "MANDATORY"}, {RECENT: {"askAws": "true"}}),
    ],
)
def test_nothing_is_loaded_and_nothing_connected_to(levels: dict[str, str], properties: dict[str, Any]) -> None:
    *reports, loaded = said(levels, properties)
    assert loaded == "[]"
    assert not [line for line in reports if line.startswith("CONNECTED")]
    assert EXIST in reports[-1]


def test_where_it_is_switched_on_it_is_both() -> None:
    lines = said({RECENT: "MANDATORY"}, {RECENT: {"askAws": True}})
    assert [line for line in lines if line.startswith("CONNECTED")]
    assert lines[-1] == "['boto3', 'botocore', 's3transfer', 'urllib3']"
