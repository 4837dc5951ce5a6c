"""What only the real engine and the real SDK of a program tell: how values that come from elsewhere arrive."""

from collections.abc import Callable, Sequence

import pytest

from .workspace import Outcome, Workspace

HEAD = """
import json
import pulumi
import pulumi_aws as aws

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
ALLOWED = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:*:*:*"}]})
account = aws.get_caller_identity().account_id

def label(name):
    return f"{case}-{name}"

def group(name, /, **more):
    return aws.cloudwatch.LogGroup(label(name), **more)

def role(name, /, opts=None, **more):
    made = aws.iam.Role(label(name), assume_role_policy=TRUST, opts=opts, **more)
    aws.iam.RolePolicy(label(name), role=made.name, policy=ALLOWED, opts=opts)
    return made

def template(name, wiring, actions="[logs:CreateLogStream, logs:PutLogEvents]", **more):
    body = f'''
{more.pop("sections", "")}
Resources:
  Logs: {{Type: AWS::Logs::LogGroup}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {TRUST}
      Policies:
      - PolicyName: delivery
        PolicyDocument: {{Statement: {{Effect: Allow, Action: {actions}, Resource: !GetAtt Logs.Arn}}}}
  Trail: {{Type: AWS::CloudTrail::Trail, Properties: {{IsLogging: true, S3BucketName: bucket, {wiring}}}}}
'''
    return aws.cloudformation.Stack(label(name), template_body=body, **more)

WIRED = "CloudWatchLogsLogGroupArn: !GetAtt Logs.Arn, CloudWatchLogsRoleArn: !GetAtt Role.Arn"
GROUP_AND_ROLE = "Parameters: {Group: {Type: String}, Role: {Type: String}}"

def trail(name, group_arn, role_arn, /, **more):
    return aws.cloudtrail.Trail(label(name), s3_bucket_name="bucket", cloud_watch_logs_group_arn=group_arn, cloud_watch_logs_role_arn=role_arn, **more)
"""

# By name: the program, and the codes that it has in its first preview and from then on.
CASES = {
    "automatic-names": (
        'g, r = group("g"), role("r")\n'
        'trail("t", pulumi.Output.format("arn:aws:logs:us-east-1:{0}:log-group:{1}:*", account, g.name),'
        ' pulumi.Output.format("arn:aws:iam::{0}:role/{1}", account, r.name))',
        [],
        [],
    ),
    "in-a-component": (
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
    "from-a-parameter": (
        'p = aws.ssm.Parameter(label("p"), type="String", value="arn:aws:logs:us-east-1:123456789012:log-group:x:*")\n'
        'trail("t", p.arn.apply(lambda _: "arn:aws:logs:us-east-1:123456789012:log-group:x:*"), role("r").arn)',
        [],
        [],
    ),
    "bucket-and-instance-profile": (
        'r = role("r")\ntrail("t", aws.s3.Bucket(label("b")).arn, aws.iam.InstanceProfile(label("web"), role=r.name).arn)',
        ["log-group-wrong-type", "role-wrong-type"],
        ["log-group-arn-invalid", "role-arn-invalid"],
    ),
    "crossed": (
        'g, r = group("g"), role("r")\ntrail("t", r.arn, g.arn)',
        ["log-group-wrong-type", "role-wrong-type"],
        ["log-group-arn-invalid", "role-arn-invalid"],
    ),
    "account-of-a-role": (
        'r = role("r")\n'
        'account = r.arn.apply(lambda arn: arn.split(":")[4])\n'
        'trail("t", pulumi.Output.format("arn:aws:logs:us-east-1:{0}:log-group:central:*", account), r.arn)',
        [],
        [],
    ),
    "of-another-trail": (
        'g, r = group("g"), role("r")\n'
        'a = trail("a", pulumi.Output.concat(g.arn, ":*"), r.arn)\n'
        'trail("b", a.cloud_watch_logs_group_arn, a.cloud_watch_logs_role_arn)',
        [],
        [],
    ),
    "unknown-region": (
        'b = aws.s3.Bucket(label("b"), region="eu-west-1")\n'
        'g = group("g", region="eu-west-1")\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), role("r").arn, region=b.bucket_region)',
        [],
        [],
    ),
    "unknown-log-group-name": (
        'api = aws.apigateway.RestApi(label("api"))\n'
        'group("g", name=pulumi.Output.format("API-Gateway-Execution-Logs_{0}/prod", api.id))\n'
        'trail("t", None, None)',
        ["not-integrated"],
        ["not-integrated"],
    ),
    "nothing-from-an-output": (
        'g, r = group("g"), role("r")\ntrail("t", g.arn.apply(lambda _: None), r.arn.apply(lambda _: ""))',
        [],
        ["not-integrated", "log-group-unused"],
    ),
    "class-delivery": (
        'g, r = group("g", log_group_class="DELIVERY"), role("r")\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), r.arn)',
        ["log-group-class-delivery"],
        ["log-group-class-delivery"],
    ),
    "wildcard-twice": (
        'g, r = group("g"), role("r")\ntrail("t", pulumi.Output.concat(g.arn, ":*:*"), r.arn)',
        [],
        ["log-group-arn-invalid"],
    ),
    "another-region-and-account": (
        'far = aws.Provider(label("far"), region="eu-west-1", allowed_account_ids=["210987654321"])\n'
        'near = aws.Provider(label("near"), region="us-east-1", allowed_account_ids=["123456789012"])\n'
        'g = group("g", opts=pulumi.ResourceOptions(provider=far))\n'
        'r = role("r", opts=pulumi.ResourceOptions(provider=near))\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), r.arn, opts=pulumi.ResourceOptions(provider=near))',
        ["region-mismatch", "account-mismatch"],
        ["region-mismatch", "account-mismatch"],
    ),
    "switched-off": (
        'g, r = group("g"), role("r")\n'
        'trail("t", pulumi.Output.concat(g.arn, ":*"), r.arn, enable_logging=False)',
        ["logging-disabled"],
        ["logging-disabled"],
    ),
    "two-trails": (
        'g, r = group("g"), role("r")\n'
        'trail("right", pulumi.Output.concat(g.arn, ":*"), r.arn)\n'
        'group("api", name="/aws/lambda/api")\n'
        'trail("wrong", None, None)',
        ["not-integrated"],
        ["not-integrated"],
    ),
    "only-read": (
        'aws.cloudtrail.Trail.get(label("t"), "arn:aws:cloudtrail:us-east-1:123456789012:trail/other")',
        [],
        [],
    ),
    "template-right": ('template("s", WIRED)', [], []),
    "template-of-nothing": (
        'template("s", "")', ["not-integrated", "log-group-unused"], ["not-integrated", "log-group-unused"]
    ),
    "template-of-one-action": (
        'template("s", WIRED, "logs:PutLogEvents")', ["role-permission-missing"], ["role-permission-missing"]
    ),
    "template-ends-too-early": (
        'template("s", WIRED.replace("!GetAtt Logs.Arn", "!Sub \'arn:aws:logs:us-east-1:${AWS::AccountId}:log-group:${Logs}\'"))',
        ["log-group-arn-without-wildcard"],
        ["log-group-arn-without-wildcard"],
    ),
    "template-by-parameters": (
        'g, r = group("g"), role("r")\n'
        'template("s", "CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !Ref Role", sections=GROUP_AND_ROLE,'
        ' parameters={"Group": pulumi.Output.concat(g.arn, ":*"), "Role": r.arn})',
        [],
        [],
    ),
    "template-of-a-bare-parameter": (
        'g, r = group("g"), role("r")\n'
        'template("s", "CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !Ref Role", sections=GROUP_AND_ROLE,'
        ' parameters={"Group": g.arn, "Role": r.arn})',
        [],
        ["log-group-arn-without-wildcard"],
    ),
    "cloud-control": (
        'g, r = group("g"), role("r")\n'
        'aws.cloudcontrol.Resource(label("t"), type_name="AWS::CloudTrail::Trail", desired_state=pulumi.Output.json_dumps('
        '{"IsLogging": True, "S3BucketName": "b", "CloudWatchLogsLogGroupArn": g.arn, "CloudWatchLogsRoleArn": r.arn}))',
        [],
        ["log-group-arn-without-wildcard"],
    ),
    "known-cloud-control": (
        'aws.cloudcontrol.Resource(label("t"), type_name="AWS::CloudTrail::Trail", desired_state=json.dumps('
        '{"IsLogging": False, "S3BucketName": "b", "CloudWatchLogsRoleArn": "arn:aws:iam::123456789012:user/u",'
        ' "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:x:*:*"}))',
        ["log-group-arn-invalid", "role-arn-invalid", "logging-disabled"],
        ["log-group-arn-invalid", "role-arn-invalid", "logging-disabled"],
    ),
    "configuration-value": (
        'config = pulumi.Config()\n'
        'g = config.get_secret("g") or pulumi.Output.secret("arn:aws:logs:us-east-1:123456789012:log-group:x:*")\n'
        'trail("t", g, role("r").arn)',
        ["log-group-not-in-stack"],
        ["log-group-not-in-stack"],
    ),
}  # fmt: skip


# A trail that is not integrated is told of the log groups of its stack that no trail uses. In these there are none.
ALL_USED = ("unknown-log-group-name", "two-trails")
STACKS = {"together": [name for name in CASES if name not in ALL_USED], "all-used": list(ALL_USED)}


def codes_of_cases(outcome: Outcome) -> dict[str, list[str]]:
    """The codes of the reports by the name of the case, which every resource's name begins with."""
    found: dict[str, list[str]] = {}
    for resource, codes in outcome.codes_by_resource.items():
        case = next(name for name in CASES if resource.startswith(f"{name}-"))
        found.setdefault(case, []).extend(codes)
    return {case: sorted(codes) for case, codes in found.items()}


def expected(names: Sequence[str], moment: int) -> dict[str, list[str]]:
    """moment: 1 for the first preview, 2 from then on."""
    return {name: sorted(CASES[name][moment]) for name in names if CASES[name][moment]}


@pytest.mark.parametrize("names", STACKS.values(), ids=STACKS)
def test_programs(names: list[str], program: Callable[[str], Workspace]) -> None:
    texts = (f'case = "{name}"\n{CASES[name][0]}' for name in names)
    workspace = program("\n".join((HEAD, *texts)))
    for outcome, moment in ((workspace.preview(), 1), (workspace.up(), 2), (workspace.preview(), 2)):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert codes_of_cases(outcome) == expected(names, moment)
        assert outcome.said_by_policies == []
    # That of this program is among those that its trail is told of.
    told = [line for trail, line in outcome.lines_by_resource if trail == "nothing-from-an-output-t"]
    unused = ["nothing-from-an-output-g" in line for line in told if "[log-group-unused]" in line]
    assert unused == [True] * ("nothing-from-an-output" in names)
