"""What only the real engine and the real SDK of a program tell: how values that come from elsewhere arrive."""

from collections.abc import Callable

import pytest

from .workspace import Workspace

HEAD = """
import json
import pulumi
import pulumi_aws as aws

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
ALLOWED = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:*"}]})
account = aws.get_caller_identity().account_id

def group(label, **more):
    return aws.cloudwatch.LogGroup(label, **more)

def role(label, opts=None, **more):
    made = aws.iam.Role(label, assume_role_policy=TRUST, opts=opts, **more)
    aws.iam.RolePolicy(label, role=made.name, policy=ALLOWED, opts=opts)
    return made

def trail(label, group_arn, role_arn, **more):
    return aws.cloudtrail.Trail(label, s3_bucket_name="bucket", cloud_watch_logs_group_arn=group_arn, cloud_watch_logs_role_arn=role_arn, **more)
"""

CASES = {
    "ARNs built from automatic names": (
        'g, r = group("g"), role("r")\n'
        'trail("t", pulumi.Output.format("arn:aws:logs:us-east-1:{0}:log-group:{1}:*", account, g.name),'
        ' pulumi.Output.format("arn:aws:iam::{0}:role/{1}", account, r.name))',
        [],
        [],
    ),
    "children of a component": (
        "class Audit(pulumi.ComponentResource):\n"
        "    def __init__(self, name):\n"
        '        super().__init__("acme:obs:Audit", name)\n'
        "        child = pulumi.ResourceOptions(parent=self)\n"
        "        self.g, self.r = group(name, opts=child), role(name, opts=child)\n"
        '        trail(name, self.g.arn.apply(lambda arn: arn + ":*"), self.r.arn, opts=child)\n'
        '        self.register_outputs({"g": self.g.arn})\n'
        'Audit("a")',
        [],
        [],
    ),
    "a log group from a parameter": (
        'p = aws.ssm.Parameter("p", type="String", value="arn:aws:logs:us-east-1:123456789012:log-group:x:*")\n'
        'trail("t", p.arn.apply(lambda _: "arn:aws:logs:us-east-1:123456789012:log-group:x:*"), role("r").arn)',
        [],
        [],
    ),
    "a bucket for the log group and an instance profile for the role": (
        'r = role("r")\ntrail("t", aws.s3.Bucket("b").arn, aws.iam.InstanceProfile("web", role=r.name).arn)',
        ["log-group-wrong-type", "role-wrong-type"],
        ["log-group-arn-invalid", "role-arn-invalid"],
    ),
    "a log group and a role that are crossed": (
        'g, r = group("g"), role("r")\ntrail("t", r.arn, g.arn)',
        ["log-group-wrong-type", "role-wrong-type"],
        ["log-group-arn-invalid", "role-arn-invalid"],
    ),
    "an ARN with the account of a role": (
        'r = role("r")\n'
        'account = r.arn.apply(lambda arn: arn.split(":")[4])\n'
        'trail("t", pulumi.Output.format("arn:aws:logs:us-east-1:{0}:log-group:central:*", account), r.arn)',
        [],
        [],
    ),
    "both ARNs of another trail": (
        'g, r = group("g"), role("r")\n'
        'a = trail("a", pulumi.Output.concat(g.arn, ":*"), r.arn)\n'
        'trail("b", a.cloud_watch_logs_group_arn, a.cloud_watch_logs_role_arn)',
        [],
        [],
    ),
    "a region that is not known yet": (
        'b = aws.s3.Bucket("b", region="eu-west-1")\n'
        'g = group("g", region="eu-west-1")\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), role("r").arn, region=b.bucket_region)',
        [],
        [],
    ),
    "a log group whose name is not known yet": (
        'api = aws.apigateway.RestApi("api")\n'
        'group("g", name=pulumi.Output.format("API-Gateway-Execution-Logs_{0}/prod", api.id))\n'
        'trail("t", None, None)',
        ["not-integrated"],
        ["not-integrated"],
    ),
    "nothing that comes out of an output": (
        'g, r = group("g"), role("r")\ntrail("t", g.arn.apply(lambda _: None), r.arn.apply(lambda _: ""))',
        [],
        ["not-integrated", "log-group-unused"],
    ),
    "a log group of class DELIVERY": (
        'g, r = group("g", log_group_class="DELIVERY"), role("r")\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), r.arn)',
        ["log-group-class-delivery"],
        ["log-group-class-delivery"],
    ),
    "the wildcard twice": (
        'g, r = group("g"), role("r")\ntrail("t", pulumi.Output.concat(g.arn, ":*:*"), r.arn)',
        [],
        ["log-group-arn-invalid"],
    ),
    "an explicit provider of another region and account": (
        'far = aws.Provider("far", region="eu-west-1", allowed_account_ids=["210987654321"])\n'
        'near = aws.Provider("near", region="us-east-1", allowed_account_ids=["123456789012"])\n'
        'g = group("g", opts=pulumi.ResourceOptions(provider=far))\n'
        'r = role("r", opts=pulumi.ResourceOptions(provider=near))\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), r.arn, opts=pulumi.ResourceOptions(provider=near))',
        ["region-mismatch", "account-mismatch"],
        ["region-mismatch", "account-mismatch"],
    ),
    "switched off": (
        'g, r = group("g"), role("r")\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), r.arn, enable_logging=False)',
        ["logging-disabled"],
        ["logging-disabled"],
    ),
    "two trails, one of them right, and a log group for a function": (
        'g, r = group("g"), role("r")\n'
        'trail("right", pulumi.Output.concat(g.arn, ":*"), r.arn)\n'
        'group("api", name="/aws/lambda/api")\n'
        'trail("wrong", None, None)',
        ["not-integrated"],
        ["not-integrated"],
    ),
    "a trail that is only read": (
        'aws.cloudtrail.Trail.get("t", "arn:aws:cloudtrail:us-east-1:123456789012:trail/other")',
        [],
        [],
    ),
    "a configuration value": (
        'config = pulumi.Config()\n'
        'g = config.get_secret("g") or pulumi.Output.secret("arn:aws:logs:us-east-1:123456789012:log-group:x:*")\n'
        'trail("t", g, role("r").arn)',
        ["log-group-not-in-stack"],
        ["log-group-not-in-stack"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "in_preview", "in_up"), CASES.values(), ids=CASES.keys())
def test_a_program(text: str, in_preview: list[str], in_up: list[str], program: Callable[[str], Workspace]) -> None:
    workspace = program(f"{HEAD}\n{text}\n")
    for outcome, expected in ((workspace.preview(), in_preview), (workspace.up(), in_up), (workspace.preview(), in_up)):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert sorted(line.split(" [")[1].split("]")[0] for line in outcome.lines) == sorted(expected)
        assert outcome.said_by_policies == []
