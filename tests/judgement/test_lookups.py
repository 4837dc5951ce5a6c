"""Settings that ask AWS where the pack has no boto3, as in the smaller of its two files."""

import sys
from typing import Any

import pytest

from tests.analyzers import in_process
from tests.stacks import LOG_GROUP_ARN, ROLE_ARN, STACK, trail

EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
RECENT = "cloudtrail-delivery-is-recent"
FOREIGN = trail(cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}:*", cloudWatchLogsRoleArn=ROLE_ARN)
SETTINGS: list[tuple[str, dict[str, Any], str]] = [
    (EXIST, {"externalTargets": "lookup"}, "externalTargets"),
    (EXIST, {"externalTargets": "accept"}, ""),
    (EXIST, {}, ""),
    (CAN_DELIVER, {"externalRoles": "lookup"}, "externalRoles"),
    (CAN_DELIVER, {"externalRoles": "ignore"}, ""),
    (RECENT, {"askAws": True}, "askAws"),
    (RECENT, {"askAws": False}, ""),
]


@pytest.mark.parametrize(("policy", "properties", "setting"), SETTINGS)
@pytest.mark.parametrize("installed", [True, False])
def test_what_a_setting_says_without_boto3(
    policy: str, properties: dict[str, Any], setting: str, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "boto3", None)
        for name in [name for name in sys.modules if name.startswith("cloudtrail_logs.aws")]:
            monkeypatch.delitem(sys.modules, name)
    analyzer = in_process()
    analyzer.configure({policy: "MANDATORY"}, {policy: properties})
    answer = analyzer.analyze_stack([STACK, FOREIGN])
    expected = (
        f"[configuration-invalid] {setting} asks AWS, which needs boto3, and boto3 is not installed. Use the file of the "
        "pack whose name has -with-boto3, or the folder of the pack with pulumi install."
    )
    said = [each for each in answer.messages(policy) if each.startswith("[configuration-invalid]")]
    assert said == ([expected] if setting and not installed else [])
