"""The real analyzer process, as the engine starts it: its first line, its metadata, its levels."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import json_format

from cloudtrail_logs.control import TAGS
from policies import pack
from tests.analyzers import PACK, Analyzer, process
from tests.stacks import log_group, role, trail

ADVISORY, MANDATORY, DISABLED = 0, 1, 2
INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
RECENT = "cloudtrail-delivery-is-recent"


def test_the_first_line_of_stdout_is_the_port_and_the_only_one(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(PACK)],
        cwd=PACK,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout
    port = running.stdout.readline()
    running.kill()
    out, err = running.communicate(timeout=60)
    assert port.strip().isdigit()
    assert (out, err) == (b"", b"")


def test_the_metadata_of_the_pack(real_process: tuple[Analyzer, Path]) -> None:
    info = real_process[0].info()
    assert (info.name, info.displayName, info.provider) == (
        "cloudtrail-cloudwatch-logs",
        "CloudTrail integrated with CloudWatch Logs",
        "AWS",
    )
    assert info.description == "Checks that AWS CloudTrail trails are integrated with CloudWatch Logs."
    assert f"\ndescription: {info.description}\n" in (PACK / "PulumiPolicy.yaml").read_text()
    assert info.supportsConfig
    assert info.readme.startswith("# CloudTrail integrated with CloudWatch Logs\n")
    assert [name for name in (INTEGRATED, EXIST, CAN_DELIVER) if f"- `{name}`: " in info.readme] == [
        INTEGRATED,
        EXIST,
        CAN_DELIVER,
    ]
    assert list(info.tags) == list(TAGS)


PUBLISHER = "# author: Acme platform team\n# website: https://git.acme.example/cloudtrail-cloudwatch-logs\n"
CODE = "https://git.acme.example/cloudtrail-cloudwatch-logs"


def test_nobodys_name_is_given_until_somebody_publishes_the_pack(real_process: tuple[Analyzer, Path]) -> None:
    project = (PACK / "PulumiPolicy.yaml").read_text()
    assert "\nlicense: Apache-2.0\n" in project
    assert "Apache License\n                           Version 2.0" in (PACK / "LICENSE").read_text()
    assert project.count(PUBLISHER) == 1
    assert [line for line in project.split("\n") if line.startswith(("author", "website"))] == []
    # An optional string of the protocol: empty is what it is when nothing is sent.
    assert "repository" not in json_format.MessageToDict(real_process[0].info())


def test_what_a_publisher_fills_in_is_given(tmp_path: Path) -> None:
    for name in ("policies", "cloudtrail_logs"):
        shutil.copytree(PACK / name, tmp_path / "pack" / name)
    for name in ("PulumiPolicy.yaml", "__main__.py"):
        shutil.copy(PACK / name, tmp_path / "pack" / name)
    project = tmp_path / "pack" / "PulumiPolicy.yaml"
    project.write_text(project.read_text().replace(PUBLISHER, PUBLISHER.replace("# ", "")))
    with process(tmp_path / "stderr", tmp_path / "pack") as published:
        info = published.info()
    assert info.repository == CODE
    assert (info.name, len(info.policies)) == ("cloudtrail-cloudwatch-logs", 4)


@pytest.mark.parametrize(
    ("text", "repository"),
    [
        (f"website: {CODE}", CODE),
        (f"name: a\r\nwebsite: {CODE}\r\nversion: 1.0.0\r\n", CODE),
        (f'website:   "{CODE}"  # ours\n', CODE),
        (f"website: '{CODE}'\t\n", CODE),
        (f"website: {CODE}#main\n", f"{CODE}#main"),
        (f"# website: {CODE}\n", None),
        (f"runtime:\n  website: {CODE}\n", None),
        (f'website: "{CODE}\n', None),
        (f"website: {CODE} and more\n", None),
        ("website: acme.example\n", None),
        ("website: ''\n", None),
        ("website: ~\n", None),
        ("website:\n", None),
        (f"website:\nauthor: {CODE}\n", None),
        ("", None),
    ],
)
def test_the_address_in_the_project_file(text: str, repository: str | None, tmp_path: Path) -> None:
    project = tmp_path / "PulumiPolicy.yaml"
    project.write_bytes(text.encode())
    assert pack.repository(project) == repository


def test_a_project_file_that_is_not_there_or_is_no_text(tmp_path: Path) -> None:
    assert pack.repository(tmp_path / "PulumiPolicy.yaml") is None
    broken = tmp_path / "latin.yaml"
    broken.write_bytes(b"author: Andr\xe9\nwebsite: https://acme.example\n")
    assert pack.repository(broken) == "https://acme.example"
    assert pack.repository(broken / "PulumiPolicy.yaml") is None


def test_the_metadata_of_the_policies(real_process: tuple[Analyzer, Path]) -> None:
    described = [
        (
            policy.name,
            policy.policy_type,
            policy.enforcementLevel,
            policy.severity,
            policy.displayName,
            policy.description,
        )
        for policy in real_process[0].info().policies
    ]
    resource, stack, low = 1, 2, 1
    assert described == [
        (INTEGRATED, resource, ADVISORY, low, "CloudTrail trails are integrated with CloudWatch Logs", "CloudTrail trails must send their events to CloudWatch Logs."),
        (EXIST, stack, ADVISORY, low, "The log group and the role of CloudTrail trails exist", "The log group and the role that a CloudTrail trail names must exist."),
        (CAN_DELIVER, stack, ADVISORY, low, "The role of CloudTrail trails can deliver to their log group", "The role of a CloudTrail trail must be allowed to write the trail's streams to its log group."),
        (RECENT, stack, DISABLED, low, "CloudTrail trails deliver to CloudWatch Logs", "CloudTrail must have delivered to CloudWatch Logs within the last day."),
    ]  # fmt: skip
    for policy in real_process[0].info().policies:
        assert policy.url.startswith("https://docs.aws.amazon.com/awscloudtrail/")
        assert policy.remediation_steps
        assert (policy.framework.name, policy.framework.version, policy.framework.reference, policy.framework.specification) == (
            "CIS AWS Foundations Benchmark",
            "1.5.0",
            "3.4",
            "Ensure that CloudTrail trails are integrated with CloudWatch Logs",
        )  # fmt: skip
        assert list(policy.tags) == list(TAGS)


def test_the_configuration_that_the_console_shows(real_process: tuple[Analyzer, Path]) -> None:
    schemas = {
        policy.name: json_format.MessageToDict(policy.configSchema) for policy in real_process[0].info().policies
    }
    properties = {
        name: {key: (each["type"], each["default"]) for key, each in schema["properties"].items()}
        for name, schema in schemas.items()
    }
    of_all = {"exemptions": ("array", []), "explain": ("boolean", False)}
    provable = {**of_all, "requireProof": ("boolean", False)}
    assert properties == {
        INTEGRATED: {**provable, "logGroupArn": ("string", ""), "roleArn": ("string", "")},
        EXIST: {
            **provable,
            "externalTargets": ("string", "report"),
            "externalLogGroups": ("array", []),
            "externalRoles": ("array", []),
            "requireTrail": ("array", []),
        },
        CAN_DELIVER: {**provable, "externalRoles": ("string", "ignore")},
        RECENT: {
            **of_all,
            "askAws": ("boolean", False),
            "maxAgeHours": ("number", 24.0),
            "graceHours": ("number", 1.0),
            "timeoutSeconds": ("number", 20.0),
        },
    }
    # A violated schema ends the run, so nothing is demanded.
    assert [name for name, schema in schemas.items() if "required" in schema] == []


def test_the_names_are_the_policies_own() -> None:
    assert [module.DESCRIPTION.name for module in pack.POLICIES] == [INTEGRATED, EXIST, CAN_DELIVER, RECENT]


@pytest.mark.parametrize(
    ("level", "expected"),
    [("ADVISORY", [ADVISORY]), ("MANDATORY", [MANDATORY]), ("DISABLED", []), ("REMEDIATE", [MANDATORY])],
)
def test_the_levels_of_a_configuration(analyzer: Analyzer, level: str, expected: list[int]) -> None:
    analyzer.configure({INTEGRATED: level, EXIST: level})
    assert [report.level for report in analyzer.analyze(trail()).reports] == expected
    assert [report.level for report in analyzer.analyze_stack([trail(), log_group(), role()]).reports] == expected


def test_a_second_process_beside_the_first(tmp_path: Path) -> None:
    with process(tmp_path / "stderr") as other:
        assert [report.policy for report in other.analyze(trail()).reports] == [INTEGRATED]
