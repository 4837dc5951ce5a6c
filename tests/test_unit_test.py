"""The policies asked from a program's unit test: by Pulumi's own mocks, and for each shape of what they record."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.unit_test import Recorded, Recorder, TrailProblem, problems_in
from tests.analyzers import PACK
from tests.one_file import small
from tests.stacks import ACCOUNT, AWS_LOG_GROUP, AWS_ROLE, AWS_TRAIL, LOG_GROUP_ARN, ROLE_ARN, TRUST_POLICY

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
ALLOWED = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}],
    }
)
GROUP = Recorded(AWS_LOG_GROUP, "logs", {"name": "audit", "arn": LOG_GROUP_ARN})
ROLE = Recorded(AWS_ROLE, "delivery", {"name": "delivery", "arn": ROLE_ARN, "assumeRolePolicy": TRUST_POLICY})
MAY = Recorded("aws:iam/rolePolicy:RolePolicy", "may", {"role": "delivery", "policy": ALLOWED})
WIRED = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
TEMPLATE = json.dumps({"Resources": {"Hidden": {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": True}}}})


def trail(**properties: Any) -> Recorded:
    return Recorded(AWS_TRAIL, "audit", {"s3BucketName": "bucket", "arn": "arn:x", **properties})


def replaced(recorded: Recorded, **properties: Any) -> Recorded:
    kept = {name: value for name, value in {**recorded.properties, **properties}.items() if value is not None}
    return Recorded(recorded.type, recorded.name, kept)


# The resources, and the policy and code of each problem.
CASES: dict[str, tuple[list[Recorded], list[tuple[str, str]]]] = {
    "right": ([GROUP, ROLE, MAY, trail(**WIRED)], []),
    "the order does not matter": ([trail(**WIRED), MAY, ROLE, GROUP], []),
    "nothing set": ([trail()], [(INTEGRATED, "not-integrated")]),
    "only read": ([Recorded(AWS_TRAIL, "audit", {"arn": "arn:x"}, is_read=True)], []),
    "not wired": ([GROUP, ROLE, MAY, trail()], [(INTEGRATED, "not-integrated"), (EXIST, "log-group-unused")]),
    "bare ARN": ([GROUP, ROLE, MAY, trail(**{**WIRED, "cloudWatchLogsGroupArn": LOG_GROUP_ARN})], [(INTEGRATED, "log-group-arn-without-wildcard")]),
    "no trust": ([GROUP, replaced(ROLE, assumeRolePolicy=TRUST_POLICY.replace("cloudtrail", "ec2")), MAY, trail(**WIRED)], [(CAN_DELIVER, "role-trust-missing")]),
    "no permission": ([GROUP, ROLE, trail(**WIRED)], [(CAN_DELIVER, "role-permission-missing")]),
    "a mock that leaves out the trust policy": ([GROUP, replaced(ROLE, assumeRolePolicy=None), MAY, trail(**WIRED)], []),
    "a mock that leaves out the policy": ([GROUP, ROLE, replaced(MAY, policy=None), trail(**WIRED)], []),
    "a mock that leaves out the role": ([GROUP, ROLE, replaced(MAY, role=None), trail(**WIRED)], []),
    "a mock that leaves out ARNs": ([replaced(GROUP, arn=None), replaced(ROLE, arn=None), MAY, trail(**WIRED)], []),
    "an ARN of another stack, or typed": ([trail(**WIRED)], []),
    "two trails of one name, in two components": ([trail(), trail()], [(INTEGRATED, "not-integrated")] * 2),
    "a trail in a template": ([Recorded("aws:cloudformation/stack:Stack", "infra", {"templateBody": TEMPLATE})], [(INTEGRATED, "not-integrated")]),
    "another region by its provider": ([Recorded("pulumi:providers:aws", "west", {"region": "eu-west-1"}), GROUP, ROLE, MAY, Recorded(AWS_TRAIL, "audit", {"s3BucketName": "b", **WIRED}, "urn:pulumi:stack::project::pulumi:providers:aws::west::west-id")], [(INTEGRATED, "region-mismatch")]),
    "no trail": ([GROUP, ROLE], []),
}  # fmt: skip


@pytest.mark.parametrize(("resources", "expected"), CASES.values(), ids=CASES)
def test_what_is_found(resources: list[Recorded], expected: list[tuple[str, str]]) -> None:
    assert [(problem.policy, problem.code) for problem in problems_in(resources)] == expected


def test_a_problem_as_text() -> None:
    (problem,) = problems_in([trail(logging=False, enableLogging=False, **WIRED)])
    assert problem == TrailProblem(INTEGRATED, "audit", "logging-disabled", problem.message)
    assert str(problem) == f"{INTEGRATED}: audit: [logging-disabled] {problem.message}"
    assert problem.message.startswith("enableLogging is false")
    (hidden,) = problems_in(CASES["a trail in a template"][0])
    assert hidden.trail == "infra/Hidden"
    assert "CloudWatchLogsLogGroupArn" in hidden.message


@pytest.mark.parametrize("value", [None, 1, [], {}, "", "x" * 100_000, {"a": [{"b": None}]}])
@pytest.mark.parametrize("name", ["cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "enableLogging", "region", "name"])
def test_any_value_is_read(name: str, value: Any) -> None:
    assert isinstance(problems_in([GROUP, ROLE, MAY, trail(**{**WIRED, name: value})]), list)


PROGRAM = """
import json
import pulumi
import pulumi_aws as aws
from cloudtrail_logs.unit_test import Recorder, problems_in

def create():
    assert aws.get_caller_identity().account_id == "210987654321"
    group = aws.cloudwatch.LogGroup("logs", name=pulumi.Output.secret("audit"))
    read = aws.iam.Role.get("read", "reader")
    role = aws.iam.Role("delivery", assume_role_policy=json.dumps({trust}))
    aws.iam.RolePolicy("may", role=role.name, policy=json.dumps({allowed}))
    west = pulumi.ResourceOptions(provider=aws.Provider("west", region="us-west-2"))
    for name, chosen, options in (("wired", role, None), ("elsewhere", role, west), ("read", read, None)):
        group_arn = pulumi.Output.concat(group.arn, ":*")
        aws.cloudtrail.Trail(name, s3_bucket_name="b", cloud_watch_logs_group_arn=group_arn, cloud_watch_logs_role_arn=chosen.arn, opts=options)
    looked_up = aws.cloudwatch.get_log_group_output(name="central").arn
    aws.cloudtrail.Trail("looked-up", s3_bucket_name="b", cloud_watch_logs_group_arn=looked_up, cloud_watch_logs_role_arn=role.arn)
    aws.cloudtrail.Trail("unset", s3_bucket_name="b")
    aws.cloudtrail.Trail.get("managed-elsewhere", "theirs")

recorder = Recorder(account="210987654321", region="us-east-2")
pulumi.runtime.set_mocks(recorder, preview=False)
pulumi.runtime.test(create)()
print(recorder.trails)
for problem in sorted(problems_in(recorder.resources), key=str):
    print(problem.trail, problem.code)
"""


def test_a_program_with_the_mocks_of_pulumi() -> None:
    """In a process of its own: mocks stay in the SDK until that ends."""
    program = PROGRAM.replace("{trust}", TRUST_POLICY).replace("{allowed}", ALLOWED)
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, timeout=120, check=True
    )
    assert finished.stdout.split("\n") == [
        "['elsewhere', 'looked-up', 'read', 'unset', 'wired']",
        "elsewhere region-mismatch",
        "looked-up log-group-arn-without-wildcard",
        "unset not-integrated",
        "",
    ]


# Right programs, each with what is wrong after a change.
PROGRAMS: dict[str, tuple[str, str, str, list[str]]] = {
    "another region by a provider": (
        'west = pulumi.ResourceOptions(provider=aws.Provider("west", region="eu-west-1")); group = log_group(opts=west); trail(group, role(), opts=west)',
        "log_group(opts=west)", "log_group()", ["t region-mismatch"],
    ),
    "another region of its own": (
        'group = log_group(region="eu-west-1"); trail(group, role(), region="eu-west-1")', 'log_group(region="eu-west-1")', "log_group()", ["t region-mismatch"],
    ),
    "another account by a provider": (
        'other = pulumi.ResourceOptions(provider=aws.Provider("other", allowed_account_ids=["210987654321"])); group = log_group(opts=other); trail(group, role(opts=other), opts=other)',
        "role(opts=other)", "role()", ["t account-mismatch"],
    ),
    "a looked-up document": (
        'trust = aws.iam.get_policy_document(statements=[{"actions": ["sts:AssumeRole"], "principals": [{"type": "Service", "identifiers": ["cloudtrail.amazonaws.com"]}]}]).json; trail(log_group(), role(trust))',
        '"cloudtrail.amazonaws.com"', '"ec2.amazonaws.com"', ["t role-trust-missing"],
    ),
    "a document as an object": (
        'trail(log_group(), role({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))',
        '"cloudtrail.amazonaws.com"', '"ec2.amazonaws.com"', ["t role-trust-missing"],
    ),
    "a path": ('trail(log_group(), role(path="/audit/"))', 'role(path="/audit/")', 'role(EC2, path="/audit/")', ["t role-trust-missing"]),
    "two components with the same names": (
        'trail(log_group(opts=parent("a")), role(opts=parent("a")), opts=parent("a")); trail(log_group(opts=parent("b")), role(TRUST, opts=parent("b")), opts=parent("b"))',
        "role(TRUST,", "role(EC2,", ["t role-trust-missing"],
    ),
    "an imported trail": (
        'trail(log_group(), role(), opts=pulumi.ResourceOptions(import_="arn:x"))', 'trail(log_group(), role(), opts', 'aws.cloudtrail.Trail("t", s3_bucket_name="b", opts', ["t not-integrated"],
    ),
    "a transform": (
        "pulumi.runtime.register_resource_transform(lambda args: None); trail(log_group(), role())", "role()", "role(EC2)", ["t role-trust-missing"],
    ),
    "a component without a module": ('pulumi.ComponentResource("Component", "c"); trail(log_group(), role())', "role()", "role(EC2)", ["t role-trust-missing"]),
    "a StackReference that a mock answers": (
        'trail(log_group(), role()); pulumi.StackReference("o/p/s").get_output("x")', "role()", "role(EC2)", ["t role-trust-missing"],
    ),
}  # fmt: skip
AROUND = """
import pulumi
import pulumi_aws as aws
from cloudtrail_logs.unit_test import Recorder, problems_in

TRUST, ALLOWED = {trust!r}, {allowed!r}
EC2 = TRUST.replace("cloudtrail", "ec2")
parents = {{}}

class Mocks(Recorder):
    def outputs(self, args):
        return {{"outputs": {{"x": "1"}}}} if args.typ == "pulumi:pulumi:StackReference" else {{}}

def parent(name):
    return pulumi.ResourceOptions(parent=parents.setdefault(name, pulumi.ComponentResource("acme:index:Trail", name)))

def log_group(**more):
    return aws.cloudwatch.LogGroup("g", **more)

def role(trust=TRUST, **more):
    made = aws.iam.Role("r", assume_role_policy=trust, **more)
    aws.iam.RolePolicy("p", role=made.name, policy=ALLOWED, **({{"opts": more["opts"]}} if "opts" in more else {{}}))
    return made

def trail(group, role, **more):
    aws.cloudtrail.Trail("t", s3_bucket_name="b", cloud_watch_logs_group_arn=pulumi.Output.concat(group.arn, ":*"), cloud_watch_logs_role_arn=role.arn, **more)

for program in {programs!r}:
    recorder = Mocks()
    parents.clear()
    pulumi.runtime.set_mocks(recorder, preview=False)
    pulumi.runtime.test(lambda: exec(program, globals()))()
    print([f"{{each.trail}} {{each.code}}" for each in problems_in(recorder.resources)])
"""


def test_programs_and_what_is_wrong_after_a_change() -> None:
    """All in one process, since to load the provider's SDK takes longest."""
    programs = []
    for text, old, new, _ in PROGRAMS.values():
        assert old in text
        programs += [text, text.replace(old, new)]
    program = AROUND.format(trust=TRUST_POLICY, allowed=ALLOWED, programs=programs)
    finished = subprocess.run([sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
    found = finished.stdout.splitlines()
    assert dict(zip(PROGRAMS, zip(found[::2], found[1::2], strict=True), strict=True)) == {
        name: ("[]", str(wrong)) for name, (*_, wrong) in PROGRAMS.items()
    }


def test_more_outputs_can_be_answered() -> None:
    class MoreOutputs(Recorder):
        def outputs(self, args: Any) -> dict[str, Any]:
            return {"arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:other"}

    class Given:
        typ, name, inputs, provider, resource_id = AWS_LOG_GROUP, "logs", {"name": "audit"}, "", ""

    recorder = MoreOutputs()
    assert recorder.new_resource(Given)[1]["arn"].endswith(":other")
    assert Recorder().new_resource(Given)[1]["arn"] == LOG_GROUP_ARN


def run_tests(place: Path, source: Path) -> str:
    """What pytest prints about the tests in a folder, with the pack from its folder or its file."""
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", "."],
        env={**os.environ, "PYTHONPATH": str(source)}, cwd=place, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return finished.stdout + finished.stderr


def test_the_program_in_the_docs(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (PACK / "docs" / "unit-tests.md").read_text(), re.DOTALL)
    (tmp_path / "test_docs.py").write_text(block)
    program = (PACK / "examples" / "unit-test" / "infrastructure.py").read_text()
    (tmp_path / "infrastructure.py").write_text(f"{program}\n\ncreate(connected=True)\n")
    assert "1 passed" in run_tests(tmp_path, PACK)
    (tmp_path / "infrastructure.py").write_text(f"{program}\n\ncreate(connected=False)\n")
    assert "code='not-integrated'" in run_tests(tmp_path, PACK)


@pytest.mark.parametrize("source", [PACK, None], ids=["the folder", "the one file"])
def test_the_example(source: Path | None, tmp_path: Path) -> None:
    place = tmp_path / "unit-test"
    shutil.copytree(PACK / "examples" / "unit-test", place, ignore=shutil.ignore_patterns("__pycache__"))
    assert "2 passed" in run_tests(place, source or small())
