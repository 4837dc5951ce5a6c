"""cloudtrail-log-group-and-role-exist behind the SDK: the stack as a graph, for every provider."""

import json
from typing import Any

import pytest

from tests.analyzers import Analyzer
from tests.stacks import (
    ACCOUNT,
    AWS,
    AWS_NATIVE,
    LOG_GROUP_ARN,
    NATIVE_LOG_GROUP,
    NATIVE_ROLE,
    NATIVE_TRAIL,
    ROLE_ARN,
    STACK,
    TERRAFORM_LOG_GROUP,
    TERRAFORM_ROLE,
    TERRAFORM_TRAIL,
    TRUST_POLICY,
    UNKNOWN,
    Provider,
    Resource,
    log_group,
    orders,
    role,
    trail,
    wired_trail,
)

POLICY = "cloudtrail-log-group-and-role-exist"
GROUP, ROLE = log_group(), role()
KNOWN: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}


@pytest.fixture
def analyzer(analyzer: Analyzer) -> Analyzer:
    """With the other stack policy switched off: the roles here have no permissions."""
    analyzer.configure({"cloudtrail-role-can-deliver": "DISABLED"})
    return analyzer


def messages(analyzer: Analyzer, *resources: Resource) -> list[str]:
    """The reports, which are the same in whatever order the engine has the resources."""
    first, *others = [analyzer.analyze_stack((STACK, *each)) for each in orders(resources)]
    assert first.can_not_run == ()
    assert first.messages(POLICY) == [report.message for report in first.reports]
    assert [each.messages(POLICY) for each in others] == [first.messages(POLICY)] * len(others)
    return first.messages(POLICY)


def codes(analyzer: Analyzer, *resources: Resource) -> list[str]:
    return [
        line.split("]")[0].lstrip("[") for message in messages(analyzer, *resources) for line in message.split("\n")
    ]


# --- right


def test_the_first_preview_of_a_correct_program(analyzer: Analyzer) -> None:
    stack = (GROUP, ROLE, wired_trail([GROUP], [ROLE]))
    answer = analyzer.analyze_stack((STACK, *stack))
    assert (answer.reports, answer.not_applicable, answer.can_not_run) == ((), {}, ())
    assert messages(analyzer, *reversed(stack)) == []


def test_a_stack_without_a_trail_is_not_its_concern(analyzer: Analyzer) -> None:
    answer = analyzer.analyze_stack((STACK, GROUP, ROLE))
    assert answer.not_applicable == {POLICY: "There is no CloudTrail trail in this stack."}
    assert answer.reports == ()


def test_the_program_after_its_update(analyzer: Analyzer) -> None:
    group, delivery = log_group(arn=LOG_GROUP_ARN, logGroupClass="STANDARD"), role(arn=ROLE_ARN)
    assert messages(analyzer, group, delivery, wired_trail([group], [delivery], **KNOWN)) == []
    assert messages(analyzer, group, delivery, trail(**KNOWN)) == []


def test_what_is_read_leaves_an_empty_list_and_is_confirmed(analyzer: Analyzer) -> None:
    assert messages(analyzer, wired_trail([], [])) == []
    assert messages(analyzer, wired_trail([], [], **KNOWN)) == []


def test_what_is_read_shows_up_when_a_state_is_analyzed(analyzer: Analyzer) -> None:
    group = log_group(arn=LOG_GROUP_ARN)
    reference = Resource("pulumi:pulumi:StackReference", "base", {"outputs": {"role": ROLE_ARN}}, provider=None)
    assert messages(analyzer, group, reference, wired_trail([group], [reference], **KNOWN)) == []


def test_mixed_providers(analyzer: Analyzer) -> None:
    group = Resource(NATIVE_LOG_GROUP, "logs", {"logGroupName": "audit", "arn": f"{LOG_GROUP_ARN}:*"}, {}, AWS_NATIVE)
    delivery = Resource(TERRAFORM_ROLE, "delivery", {"name": "delivery", "arn": UNKNOWN, "path": "/"})
    assert messages(analyzer, group, delivery, wired_trail([group], [delivery])) == []
    assert messages(analyzer, group, delivery, trail(**KNOWN)) == []


def native(group: Resource, delivery: Resource, **properties: Any) -> Resource:
    return Resource(
        NATIVE_TRAIL,
        "audit",
        {"isLogging": True, "cloudWatchLogsLogGroupArn": UNKNOWN, "cloudWatchLogsRoleArn": UNKNOWN, **properties},
        {"cloudWatchLogsLogGroupArn": [group], "cloudWatchLogsRoleArn": [delivery]},
        AWS_NATIVE,
    )


def test_a_native_stack(analyzer: Analyzer) -> None:
    group = Resource(NATIVE_LOG_GROUP, "logs", {"logGroupName": "audit", "arn": UNKNOWN}, {}, AWS_NATIVE)
    delivery = Resource(NATIVE_ROLE, "delivery", {"roleName": "delivery", "arn": UNKNOWN}, {}, AWS_NATIVE)
    assert messages(analyzer, group, delivery, native(group, delivery)) == []
    assert codes(analyzer, group, delivery, native(delivery, group)) == ["log-group-wrong-type", "role-wrong-type"]
    assert codes(analyzer, group, delivery, native(delivery, delivery)) == []
    known: dict[str, Any] = {"cloudWatchLogsLogGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
    assert messages(analyzer, group, delivery, trail(token=NATIVE_TRAIL, provider=AWS_NATIVE, **known)) == []


def test_a_terraform_stack(analyzer: Analyzer) -> None:
    group = Resource(TERRAFORM_LOG_GROUP, "logs", {"name": "audit", "arn": UNKNOWN})
    delivery = Resource(TERRAFORM_ROLE, "delivery", {"name": "delivery", "arn": UNKNOWN})
    wired = {"cloudWatchLogsGroupArn": [group], "cloudWatchLogsRoleArn": [delivery]}
    properties: dict[str, Any] = {"cloudWatchLogsGroupArn": UNKNOWN, "cloudWatchLogsRoleArn": UNKNOWN}
    assert messages(analyzer, group, delivery, trail(token=TERRAFORM_TRAIL, dependencies=wired, **properties)) == []
    assert codes(analyzer, group, trail(token=TERRAFORM_TRAIL)) == ["log-group-unused"]


# --- several that may be meant


def test_one_of_two_log_groups_of_one_name_that_takes_no_events(analyzer: Analyzer) -> None:
    right, delivery = log_group("b", logGroupClass="STANDARD"), log_group("a", logGroupClass="DELIVERY")
    judged = wired_trail([], [], **KNOWN)
    typed = Resource(judged.token, "audit", judged.properties, {"cloudWatchLogsRoleArn": []})
    assert codes(analyzer, right, delivery, typed) == []
    assert codes(analyzer, delivery, typed) == ["log-group-class-delivery"]
    assert codes(analyzer, delivery, log_group("b", logGroupClass="DELIVERY"), typed) == ["log-group-class-delivery"]
    known = Resource(delivery.token, "a", {**delivery.properties, "arn": LOG_GROUP_ARN})
    assert codes(analyzer, right, known, typed) == ["log-group-class-delivery"]
    assert codes(analyzer, log_group("b", arn=LOG_GROUP_ARN, logGroupClass=UNKNOWN), known, typed) == []


# --- what has no known name

API = Resource("aws:apigateway/restApi:RestApi", "api", {"id": UNKNOWN})
NAMELESS: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("by the provider", {}, {}, True),
    ("with another prefix", {"namePrefix": "decoy-"}, {}, False),
    ("with a prefix that is longer than both names", {"namePrefix": "audit-delivery"}, {}, False),
    ("with the same first letters", {"namePrefix": "{}"}, {}, True),
    ("with an unknown prefix", {"namePrefix": UNKNOWN}, {}, True),
    ("with an empty prefix", {"namePrefix": ""}, {}, True),
    ("by something unknown, beside a prefix of before", {"namePrefix": "decoy-"}, {"name": [API]}, True),
]


@pytest.mark.parametrize(("properties", "sources", "may"), [case[1:] for case in NAMELESS], ids=[case[0] for case in NAMELESS])  # fmt: skip
def test_what_is_named_later_may_be_the_target_of_a_typed_arn(
    analyzer: Analyzer, properties: dict[str, Any], sources: dict[str, Any], may: bool
) -> None:
    for made, prefix, code in ((GROUP, "au", "log-group-not-in-stack"), (ROLE, "del", "role-not-in-stack")):
        own = {name: value.replace("{}", prefix) for name, value in properties.items()}
        later = Resource(made.token, "later", {**made.properties, "name": UNKNOWN, **own}, sources)
        assert (code not in codes(analyzer, API, later, trail(**KNOWN))) is may


def test_a_role_that_is_named_later_is_one_of_its_path(analyzer: Analyzer) -> None:
    elsewhere, here = role("a", name=UNKNOWN, path="/elsewhere/"), role("b", name=UNKNOWN)
    assert "role-not-in-stack" in codes(analyzer, elsewhere, trail(**KNOWN))
    assert "role-not-in-stack" not in codes(analyzer, elsewhere, here, trail(**KNOWN))


# --- wrong types, and what may carry any text


def sourced(source: Resource, **properties: Any) -> Resource:
    return wired_trail([source], [ROLE], **properties)


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("aws:s3/bucket:Bucket", "aws:s3:Bucket"),
        ("aws:sns/topic:Topic", "aws:sns:Topic"),
        ("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "aws:kinesis:FirehoseDeliveryStream"),
        ("aws:index/s3Bucket:S3Bucket", "aws:index:S3Bucket"),
        ("aws-native:s3:Bucket", "aws-native:s3:Bucket"),
    ],
)
def test_a_resource_of_a_wrong_type(analyzer: Analyzer, token: str, shown: str) -> None:
    source = Resource(token, "other", {"arn": UNKNOWN})
    assert messages(analyzer, ROLE, source, sourced(source)) == [
        f'[log-group-wrong-type] cloudWatchLogsGroupArn comes from "other" ({shown}), which is not a log group. Set it '
        "to the ARN of a log group, ending in :*."
    ]


@pytest.mark.parametrize(
    "token",
    [
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:iam/policy:Policy",
        "aws:iam/user:User",
        "aws:index/iamInstanceProfile:IamInstanceProfile",
        "aws-native:iam:InstanceProfile",
    ],
)
def test_a_resource_that_is_no_role(analyzer: Analyzer, token: str) -> None:
    source = Resource(token, "other", {"arn": UNKNOWN})
    assert codes(analyzer, GROUP, source, wired_trail([GROUP], [source])) == ["role-wrong-type"]


@pytest.mark.parametrize(
    "token",
    [
        # any text, as somebody stored it
        "aws:ssm/parameter:Parameter",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:cloudformation/stack:Stack",
        "aws:serverlessrepo/cloudFormationStack:CloudFormationStack",
        "aws:lambda/invocation:Invocation",
        "aws-native:ssm:Parameter",
        "aws-native:lambda:CustomResource",
        "random:index/randomPet:RandomPet",
        "command:local:Command",
        "pulumi:pulumi:StackReference",
        # a part of an ARN: an account, a name
        "aws:organizations/account:Account",
        "aws:kms/key:Key",
        "aws:iam/role:Role",
        "aws:ec2/vpc:Vpc",
        # an ARN that is handed on
        "aws:cloudtrail/trail:Trail",
        "aws:cloudwatch/logStream:LogStream",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    ],
)
def test_a_resource_that_may_lend_any_text(analyzer: Analyzer, token: str) -> None:
    source = Resource(token, "lender", KNOWN if token.endswith("trail:Trail") else {"value": UNKNOWN})
    for judged in (
        wired_trail([source], [source]),
        wired_trail([source], [source], cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}:*", cloudWatchLogsRoleArn=ROLE_ARN),
    ):
        answer = analyzer.analyze_stack((STACK, source, judged))
        assert [report for report in answer.reports if report.urn == judged.urn] == []


def test_a_component_may_carry_any_text(analyzer: Analyzer) -> None:
    component = Resource("acme:obs:Audit", "audit", {}, provider=None)
    assert messages(analyzer, ROLE, component, sourced(component)) == []


def test_a_read_beside_a_resource_leaves_no_trace_and_is_not_doubted(analyzer: Analyzer) -> None:
    policy = Resource("aws:iam/rolePolicy:RolePolicy", "order", {"role": "central", "policy": "{}"})
    assert messages(analyzer, GROUP, policy, wired_trail([GROUP], [policy])) == []
    assert messages(analyzer, GROUP, policy, wired_trail([GROUP], [policy], cloudWatchLogsRoleArn=ROLE_ARN)) == []


def test_a_child_of_a_component_that_passes_all_its_children(analyzer: Analyzer) -> None:
    component = Resource("acme:obs:Audit", "audit", {}, provider=None)
    bucket = Resource("aws:s3/bucket:Bucket", "bucket", {"arn": UNKNOWN})
    assert messages(analyzer, GROUP, ROLE, component, bucket, wired_trail([component, bucket, GROUP], [ROLE])) == []


def test_the_wildcard_that_a_native_log_group_has_already(analyzer: Analyzer) -> None:
    group = Resource(NATIVE_LOG_GROUP, "logs", {"logGroupName": "audit", "arn": UNKNOWN}, {}, AWS_NATIVE)
    bucket = Resource("aws:s3/bucket:Bucket", "bucket", {"arn": UNKNOWN})
    (message,) = messages(analyzer, ROLE, group, bucket, sourced(bucket))
    assert message.endswith('Set it to the ARN of log group "logs", which ends in :* already.')


# --- several trails, and one that is broken


def test_trails_are_judged_separately_and_in_the_order_of_their_names(analyzer: Analyzer) -> None:
    bucket = Resource("aws:s3/bucket:Bucket", "other", {"arn": UNKNOWN})
    group = log_group(name="another")
    right = wired_trail([group], [ROLE], "b-right")
    wrong = wired_trail([bucket], [ROLE], "a-wrong")
    foreign = trail("c-foreign", **KNOWN)
    waiting = trail("d-waiting", cloudWatchLogsGroupArn=UNKNOWN, cloudWatchLogsRoleArn=UNKNOWN)
    stack = [waiting, foreign, right, wrong, bucket, group, ROLE]
    for order in (stack, stack[::-1]):
        reports = analyzer.analyze_stack((STACK, *order)).reports
        assert [(report.urn, report.message.split("]")[0][1:]) for report in reports] == [
            (wrong.urn, "log-group-wrong-type"),
            (foreign.urn, "log-group-not-in-stack"),
        ]


def test_what_is_suggested_is_in_the_order_of_its_names_too(analyzer: Analyzer) -> None:
    names = ("c", "a", "d", "b")
    stack = [
        *(log_group(f"{name}-logs", name=name) for name in names),
        *(role(f"{name}-role", name=name) for name in names),
    ]
    for order in (stack, stack[::-1]):
        (message,) = messages(analyzer, *order, trail())
        assert message.startswith(
            "[log-group-unused] cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group "
            '"a-logs", "b-logs", "c-logs" or 1 more: one of them was probably meant for this trail.'
        )
        assert message.endswith('cloudWatchLogsRoleArn to the ARN of role "a-role", "b-role", "c-role" or 1 more.')


def test_a_broken_resource_never_hides_a_report(analyzer: Analyzer) -> None:
    broken = [
        Resource("aws:cloudwatch/logGroup:LogGroup", "odd", {"name": {"a": UNKNOWN}, "arn": [UNKNOWN], "region": 7}),
        Resource("aws:iam/role:Role", "odd", {"name": [], "path": 7, "assumeRolePolicy": {"a": [UNKNOWN, 7, None]}}),
        Resource("aws:cloudtrail/trail:Trail", "odd", {"cloudWatchLogsGroupArn": {"a": UNKNOWN}}),
        Resource("aws:cloudwatch/logGroup:LogGroup", "empty", {}, provider=None),
        Resource("aws:iam/role:Role", "empty", {}, provider=None),
        Resource("aws:cloudtrail/trail:Trail", "empty", {}, provider=None),
        Resource("", "", {}),
        Resource("aws:", "x", {"a": UNKNOWN}),
    ]
    wrong = trail(**{**KNOWN, "region": "eu-west-1"})
    elsewhere = log_group("elsewhere", region="eu-west-1", logGroupClass="DELIVERY")
    judged = wired_trail([elsewhere], [ROLE], "judged")
    reports = analyzer.analyze_stack((STACK, *broken, wrong, elsewhere, ROLE, judged)).reports
    assert [report.message.split("]")[0][1:] for report in reports if report.urn == judged.urn] == [
        "log-group-class-delivery"
    ]
    assert "[region-mismatch]" in "".join(report.message for report in reports)


# --- the log group that was never wired

USERS = [
    Resource("aws:lambda/function:Function", "api", {"loggingConfig": {"logGroup": "audit"}}),
    Resource("aws:sfn/stateMachine:StateMachine", "flow", {"loggingConfiguration": {"logDestination": f"{LOG_GROUP_ARN}:*"}}),
    Resource("aws:ec2/flowLog:FlowLog", "flow", {"logDestination": LOG_GROUP_ARN}),
    Resource("aws:ecs/taskDefinition:TaskDefinition", "task", {"containerDefinitions": json.dumps([{"options": {"awslogs-group": "audit"}}])}),
    Resource("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {"logDeliveryConfigurations": [{"destination": "audit"}]}),
    Resource("aws-native:synthetics:Canary", "canary", {"a": [UNKNOWN, {"LogGroupArn": LOG_GROUP_ARN}]}),
    Resource("aws:ecs/taskDefinition:TaskDefinition", "indented", {"containerDefinitions": '\n  [{"options": {"awslogs-group": "audit"}}]'}),
    Resource("aws:ec2/instance:Instance", "web", {"userData": UNKNOWN}, {"userData": [GROUP]}),
    Resource("aws:lambda/function:Function", "after", {}, {}, AWS, (GROUP,)),
    Resource("aws:apigateway/stage:Stage", "stage", {"accessLogSettings": {"destinationArn": UNKNOWN}}, {"accessLogSettings": [GROUP]}),
    Resource("aws:route53/queryLog:QueryLog", "queries", {"cloudwatchLogGroupArn": LOG_GROUP_ARN}),
    Resource("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "waf", {"logDestinationConfigs": [LOG_GROUP_ARN]}),
    Resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "firehose", {"extendedS3Configuration": {"cloudwatchLoggingOptions": {"logGroupName": "audit"}}}),
    Resource("aws:msk/cluster:Cluster", "msk", {"loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"logGroup": "audit"}}}}),
    Resource("aws:opensearch/domain:Domain", "search", {"logPublishingOptions": [{"cloudwatchLogGroupArn": LOG_GROUP_ARN}]}),
    Resource("aws:codebuild/project:Project", "build", {"logsConfig": {"cloudwatchLogs": {"groupName": "audit"}}}),
    Resource("aws:ec2/vpnConnection:VpnConnection", "vpn", {"tunnel1LogOptions": {"cloudwatchLogOptions": {"logGroupArn": LOG_GROUP_ARN}}}),
    Resource("aws:cloudwatch/eventTarget:EventTarget", "events", {"arn": LOG_GROUP_ARN}),
    Resource("aws-native:events:Rule", "events", {"targets": [{"arn": LOG_GROUP_ARN}]}),
    Resource("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "vended", {"deliveryDestinationConfiguration": {"destinationResourceArn": LOG_GROUP_ARN}}),
    Resource("aws:index/lambdaFunction:LambdaFunction", "terraform", {"loggingConfig": [{"logGroup": "audit"}]}),
    # an agent's configuration in a script, and in formats other than JSON
    Resource("aws:ec2/instance:Instance", "script", {"userData": '#!/bin/sh\ncat > agent.json <<EOF\n{"log_group_name": "audit"}\nEOF'}),
    Resource("aws:ec2/launchTemplate:LaunchTemplate", "option", {"userData": "docker run --log-driver=awslogs --log-opt awslogs-group=audit web"}),
    Resource("kubernetes:core/v1:ConfigMap", "fluent bit", {"data": {"output.conf": "[OUTPUT]\n    log_group_name audit\n"}}),
    Resource("kubernetes:core/v1:ConfigMap", "vector", {"data": {"vector.toml": 'type = "aws_cloudwatch_logs"\ngroup_name = "audit"'}}),
    Resource("kubernetes:helm.sh/v3:Release", "chart", {"valueYamlFiles": ["cloudWatch:\n  logGroupName: audit\n"]}),
    Resource("aws:ssm/parameter:Parameter", "collector", {"value": "awscloudwatchlogs:\n  log_group_name: 'audit'"}),
    Resource("acme:index/shipper:Shipper", "another package's", {"logGroup": "audit"}),
    # an agent's configuration, and where findings go
    Resource("aws:ssm/parameter:Parameter", "agent", {"value": '{"logs": {"log_group_name": "audit"}}'}),
    Resource("aws-native:ssm:Parameter", "native agent", {"value": '{"logs": {"log_group_name": "audit"}}'}),
    Resource("aws:index/ssmParameter:SsmParameter", "terraform agent", {"value": '{"logs": {"log_group_name": "audit"}}'}),
    Resource("aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", "findings", {"logGroupName": "x", "policyDocument": '{"FindingsDestination": {"CloudWatchLogs": {"LogGroup": "audit"}}}'}),
    Resource("aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", "findings later", {"logGroupName": "x", "policyDocument": UNKNOWN}, {"policyDocument": [GROUP]}),
    Resource("aws:cloudwatch/logAccountPolicy:LogAccountPolicy", "account", {"policyDocument": '{"LogGroup": "audit"}'}),
    Resource(NATIVE_LOG_GROUP, "native findings", {"logGroupName": "/aws/lambda/x", "dataProtectionPolicy": {"FindingsDestination": {"CloudWatchLogs": {"LogGroup": "audit"}}}}),
    # a telemetry rule whose destination it is, or may be
    Resource("aws:observabilityadmin/telemetryRule:TelemetryRule", "rule", {"rule": {"resourceType": "AWS::CloudTrail", "destinationConfiguration": {"destinationPattern": "audit"}}}),
    Resource("aws:observabilityadmin/telemetryRule:TelemetryRule", "pattern", {"rule": {"resourceType": "AWS::EC2::VPC", "destinationConfiguration": {"destinationPattern": "au<resourceId>"}}}),
    Resource("aws-native:observabilityadmin:TelemetryRule", "all macro", {"rule": {"destinationConfiguration": {"destinationPattern": "<accountId>"}}}),
    trail("other", dependencies={"cloudWatchLogsGroupArn": [GROUP]}, cloudWatchLogsGroupArn=UNKNOWN, cloudWatchLogsRoleArn=ROLE_ARN),
    trail("other", cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}:*", cloudWatchLogsRoleArn=ROLE_ARN),
]  # fmt: skip


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
def test_a_log_group_that_something_uses_is_not_meant(analyzer: Analyzer, user: Resource) -> None:
    assert "log-group-unused" not in codes(analyzer, GROUP, ROLE, user, trail("plain"))


NO_USERS = [
    Resource("aws:kms/key:Key", "k", {"policy": f'{{"Condition": {{"ArnEquals": {{"kms:EncryptionContext:aws:logs:arn": "{LOG_GROUP_ARN}"}}}}}}'}),
    # words that only speak of it, and an agent's other log group
    Resource("aws:s3/bucket:Bucket", "b", {"tags": {"for": "Archive of the log group audit"}}),
    Resource("aws:ec2/instance:Instance", "i", {"userData": '{"log_group_name": "web"}\nsystemctl restart audit'}),
    Resource("aws:kms/keyPolicy:KeyPolicy", "k", {"policy": UNKNOWN}, {"policy": [GROUP]}),
    Resource("aws:cloudwatch/logMetricFilter:LogMetricFilter", "cis", {"logGroupName": "audit"}, {"logGroupName": [GROUP]}),
    Resource("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "s", {"logGroup": "audit"}, {"logGroup": [GROUP]}),
    Resource("aws-native:logs:MetricFilter", "cis", {"logGroupName": "audit"}, {"logGroupName": [GROUP]}),
    Resource("aws:cloudwatch/dashboard:Dashboard", "d", {"dashboardBody": '{"query": "SOURCE audit"}'}, {"dashboardBody": [GROUP]}),
    Resource("aws:iam/rolePolicy:RolePolicy", "p", {"policy": f'{{"Resource": "{LOG_GROUP_ARN}"}}'}, {"policy": [GROUP]}),
    Resource("aws:iam/policy:Policy", "p", {"policy": UNKNOWN}, {"policy": [GROUP]}),
    Resource("aws:index/iamRolePolicy:IamRolePolicy", "p", {"policy": UNKNOWN}, {"policy": [GROUP]}),
    Resource("aws-native:iam:RolePolicy", "p", {"policyDocument": {"Resource": LOG_GROUP_ARN}}, {"policyDocument": [GROUP]}),
    # what only refers to it, of all providers
    *(
        Resource(token, "r", {"logGroupName": "audit", "arn": LOG_GROUP_ARN, "x": f'{{"a": "{LOG_GROUP_ARN}"}}'}, {"x": [GROUP]})
        for token in (
            *("aws:cloudwatch/logStream:LogStream", "aws:index/cloudwatchLogStream:CloudwatchLogStream", "aws-native:logs:LogStream"),
            *("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:index/cloudwatchMetricAlarm:CloudwatchMetricAlarm", "aws-native:cloudwatch:Alarm"),
            *("aws:cloudwatch/compositeAlarm:CompositeAlarm", "aws-native:cloudwatch:LogAlarm", "aws-native:cloudwatch:InsightRule"),
            *("aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector", "aws:index/cloudwatchLogAnomalyDetector:CloudwatchLogAnomalyDetector", "aws-native:logs:LogAnomalyDetector"),
            *("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "aws:index/cloudwatchLogResourcePolicy:CloudwatchLogResourcePolicy", "aws-native:logs:ResourcePolicy"),
            *("aws:cloudwatch/queryDefinition:QueryDefinition", "aws:cloudwatch/logIndexPolicy:LogIndexPolicy", "aws:cloudwatch/logTransformer:LogTransformer"),
            *("aws-native:logs:QueryDefinition", "aws-native:logs:Transformer", "aws-native:logs:ScheduledQuery", "aws-native:logs:StorageTierPolicy"),
            *("aws:cloudwatch/logStorageTierPolicy:LogStorageTierPolicy", "aws:cloudwatch/contributorInsightRule:ContributorInsightRule"),
            *("aws:lambda/permission:Permission", "aws:index/lambdaPermission:LambdaPermission", "aws-native:lambda:Permission"),
            *("aws:s3/bucketPolicy:BucketPolicy", "aws:sns/topicPolicy:TopicPolicy", "aws:sqs/queuePolicy:QueuePolicy", "aws-native:s3:BucketPolicy"),
            *("aws:organizations/policy:Policy", "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "aws-native:sso:PermissionSet"),
            *("aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "aws-native:ec2:VpcEndpoint"),
            *("aws:cloudwatch/eventRule:EventRule", "aws:cfg/rule:Rule", "aws:oam/link:Link", "aws-native:oam:Link", "aws-native:configuration:ConfigRule"),
            *("aws:kms/grant:Grant", "aws:index/kmsKeyPolicy:KmsKeyPolicy", "aws-native:kms:Key", "aws:index/iamPolicy:IamPolicy"),
            *("aws:index/cloudwatchDashboard:CloudwatchDashboard", "aws-native:cloudwatch:Dashboard", "aws-native:logs:SubscriptionFilter"),
        )
    ),
    *(
        Resource(token, f"exports {text[:5]}", {"name": "/audit/log-group", "value": text}, {"value": [GROUP]})
        for token in ("aws:ssm/parameter:Parameter", "aws:index/ssmParameter:SsmParameter", "aws-native:ssm:Parameter")
        for text in (UNKNOWN, "audit", LOG_GROUP_ARN, f"{LOG_GROUP_ARN}:*")
    ),
    Resource("aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", "masks", {"logGroupName": "audit", "policyDocument": '{"LogGroup": "findings"}'}, {"logGroupName": [GROUP]}),
    Resource("aws:cloudwatch/logAccountPolicy:LogAccountPolicy", "account", {"policyDocument": "{}", "selectionCriteria": f'LogGroupName NOT IN ["audit", "{LOG_GROUP_ARN}"]'}, {"selectionCriteria": [GROUP]}),
    Resource("aws-native:logs:AccountPolicy", "account", {"policyDocument": "{}", "selectionCriteria": f'LogGroupName NOT IN ["audit", "{LOG_GROUP_ARN}"]'}, {"selectionCriteria": [GROUP]}),
    # a telemetry rule that sends elsewhere
    Resource("aws:observabilityadmin/telemetryRule:TelemetryRule", "rule", {"rule": {"resourceType": "AWS::CloudTrail", "destinationConfiguration": {"destinationPattern": "aud"}}}),
    Resource("aws:observabilityadmin/telemetryRule:TelemetryRule", "pattern", {"rule": {"resourceType": "AWS::CloudTrail", "destinationConfiguration": {"destinationPattern": "logs-<resourceId>"}}}),
    Resource("aws:s3/bucket:Bucket", "audit", {"bucket": "audit", "tags": {"Name": "audit"}}),
    Resource("aws:s3/bucketPolicy:BucketPolicy", "b", {"policy": '{"Resource": "arn:aws:s3:::audit-logs"}'}),
    Resource("acme:obs:Audit", "component", {"logGroupArn": LOG_GROUP_ARN}, {"x": [GROUP]}, None),
    trail("plain-too", after=(GROUP,)),
    trail("plain-too", dependencies={"s3KeyPrefix": [GROUP]}),
]  # fmt: skip


@pytest.mark.parametrize("resource", NO_USERS, ids=lambda resource: resource.token + resource.name)
def test_what_is_no_use_of_a_log_group(analyzer: Analyzer, resource: Resource) -> None:
    assert "log-group-unused" in codes(analyzer, GROUP, ROLE, resource, trail("plain"))


@pytest.mark.parametrize(
    ("token", "properties", "dependencies", "used"),
    [
        ("aws:cloudwatch/logStream:LogStream", {"logGroupName": UNKNOWN}, {"logGroupName": [GROUP]}, True),
        ("aws:cloudwatch/logStream:LogStream", {"logGroupName": "audit"}, {}, True),
        ("aws:index/cloudwatchLogStream:CloudwatchLogStream", {"logGroupName": "audit"}, {}, True),
        ("aws-native:logs:LogStream", {"logGroupName": "audit"}, {}, True),
        ("aws:cloudwatch/logStream:LogStream", {"logGroupName": "another"}, {}, False),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"logGroupName": "audit"}, {"logGroupName": [GROUP]}, False),
    ],
)
def test_who_depends_on_a_log_stream_writes_to_its_log_group(
    analyzer: Analyzer, token: str, properties: dict[str, Any], dependencies: dict[str, Any], used: bool
) -> None:
    stream = Resource(token, "stream", properties, dependencies)
    options = {"cloudwatchLoggingOptions": {"logStreamArn": UNKNOWN}}
    application = Resource("aws:kinesisanalyticsv2/application:Application", "app", options, {"cloudwatchLoggingOptions": [stream]})  # fmt: skip
    assert ("log-group-unused" not in codes(analyzer, GROUP, stream, application, trail())) is used
    reader = Resource("aws:cloudwatch/dashboard:Dashboard", "d", {}, {"dashboardBody": [stream]})
    assert "log-group-unused" in codes(analyzer, GROUP, stream, reader, trail())


@pytest.mark.parametrize("text", ["/audit/events", f"{LOG_GROUP_ARN.removesuffix('audit')}/audit/events:*"])
def test_a_parameter_that_only_exports_a_path_is_no_use(analyzer: Analyzer, text: str) -> None:
    group = log_group(name="/audit/events")
    for value, used in ((text, False), (f"group={text}", True), (f'{{"log_group_name": "{text}"}}', True)):
        parameter = Resource("aws:ssm/parameter:Parameter", "p", {"value": value})
        assert ("log-group-unused" not in codes(analyzer, group, parameter, trail())) is used


def metric_filter(label: str, pattern: str, token: str = "aws:cloudwatch/logMetricFilter:LogMetricFilter", **properties: Any) -> Resource:  # fmt: skip
    own = {"filterPattern" if token.startswith("aws-native") else "pattern": pattern}
    return Resource(token, label, {"logGroupName": "audit", **own, **properties})


ROOT_LOGIN = '{ $.userIdentity.type = "Root" }'
EVIDENCE = (
    ': it was probably meant for this trail, since its metric filter "root-login" looks for CloudTrail events. Set '
)
NO_EVIDENCE = ": it was probably meant for this trail. Set "


@pytest.mark.parametrize(
    ("pattern", "evidence"),
    [
        (ROOT_LOGIN, EVIDENCE),
        ("{ ($.eventName = ConsoleLogin) }", EVIDENCE),
        ('{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}', EVIDENCE),
        ("{$.eventSource=kms.amazonaws.com}", EVIDENCE),
        ("{ $.recipientAccountId = 1 }", EVIDENCE),
        ("{ $.eventNames = x }", NO_EVIDENCE),
        ("{ $.request.eventName = x }", NO_EVIDENCE),
        ("{ $.level = ERROR }", NO_EVIDENCE),
        ("ERROR eventName", NO_EVIDENCE),
        ("", NO_EVIDENCE),
        (UNKNOWN, NO_EVIDENCE),
    ],
)
@pytest.mark.parametrize(
    "token",
    [
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "aws:index/cloudwatchLogMetricFilter:CloudwatchLogMetricFilter",
        "aws-native:logs:MetricFilter",
    ],
)
def test_metric_filters_show_what_a_log_group_was_meant_for(
    analyzer: Analyzer, token: str, pattern: str, evidence: str
) -> None:
    (message,) = messages(analyzer, GROUP, metric_filter("root-login", pattern, token), trail())
    assert evidence in message


def test_a_metric_filter_speaks_of_its_own_log_group_only(analyzer: Analyzer) -> None:
    other = log_group("other", name="other")
    by_name = metric_filter("root-login", ROOT_LOGIN, logGroupName="other")
    made = Resource(
        by_name.token, "root-login", {"pattern": ROOT_LOGIN, "logGroupName": UNKNOWN}, {"logGroupName": [other]}
    )
    for found in (by_name, made):
        (message,) = messages(analyzer, GROUP, other, found, trail())
        assert 'log group "other" or "logs": one of them was probably meant for this trail, since metric filter "root-login" of "other" looks' in message  # fmt: skip
    elsewhere = metric_filter("root-login", ROOT_LOGIN, logGroupName="elsewhere")
    namesakes = (log_group("a"), log_group("b", region=None))
    for stack in ((GROUP, elsewhere), (*namesakes, metric_filter("root-login", ROOT_LOGIN))):
        (message,) = messages(analyzer, *stack, trail())
        assert "metric filter" not in message


def test_several_metric_filters_are_counted_in_the_order_of_their_names(analyzer: Analyzer) -> None:
    filters = [metric_filter(label, ROOT_LOGIN) for label in ("b", "a", "c")]
    (message,) = messages(analyzer, GROUP, *filters, metric_filter("0", "ERROR"), trail())
    assert 'since its metric filters "a" and 2 more look for CloudTrail events.' in message


@pytest.mark.parametrize(
    "token",
    [
        "aws:observabilityadmin/telemetryRule:TelemetryRule",
        "aws:observabilityadmin/telemetryRuleForOrganization:TelemetryRuleForOrganization",
        "aws:index/observabilityadminTelemetryRule:ObservabilityadminTelemetryRule",
        "aws:index/observabilityadminTelemetryRuleForOrganization:ObservabilityadminTelemetryRuleForOrganization",
        "aws-native:observabilityadmin:TelemetryRule",
        "aws-native:observabilityadmin:OrganizationTelemetryRule",
    ],
)
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"rule": {"resourceType": "AWS::CloudTrail", "telemetryType": "Logs"}}, True),
        ({"rules": [{"resourceType": "AWS::CloudTrail"}]}, True),
        ({"rule": {"resourceType": "AWS::EC2::VPC", "scope": "AWS::CloudTrail"}}, False),
        ({"rule": {"resourceType": UNKNOWN}}, False),
        ({"rule": UNKNOWN}, False),
    ],
)
def test_a_telemetry_rule_does_not_integrate_a_trail(
    analyzer: Analyzer, token: str, rule: dict[str, Any], said: bool
) -> None:
    resource = Resource(token, "events", {"ruleName": "events", **rule})
    (message,) = messages(analyzer, GROUP, resource, trail())
    sentence = ' Telemetry rule "events" of this stack sends CloudTrail events to a log group too, but it does not integrate the trail.'  # fmt: skip
    assert message.endswith("may assume." + (sentence if said else ""))
    assert codes(analyzer, resource, trail()) == []


def test_the_first_of_several_telemetry_rules_by_name_is_named(analyzer: Analyzer) -> None:
    token, rule = "aws:observabilityadmin/telemetryRule:TelemetryRule", {"rule": {"resourceType": "AWS::CloudTrail"}}
    rules = [Resource(token, label, rule) for label in ("c", "a", "b")]
    for order in (rules, rules[::-1]):
        (message,) = messages(analyzer, GROUP, *order, trail())
        assert ' Telemetry rule "a" of this stack sends' in message


def test_only_the_destination_of_a_telemetry_rule_is_a_pattern(analyzer: Analyzer) -> None:
    for name, used in (("destinationPattern", True), ("selectionCriteria", False)):
        rule = {"rule": {"resourceType": "AWS::EC2::VPC", name: "<accountId>"}}
        resource = Resource("aws:observabilityadmin/telemetryRule:TelemetryRule", "flow", rule)
        assert ("log-group-unused" not in codes(analyzer, GROUP, resource, trail())) is used


def test_what_is_no_telemetry_rule_says_nothing(analyzer: Analyzer) -> None:
    resource = Resource("aws:observabilityadmin/telemetryPipeline:TelemetryPipeline", "events", {"resourceType": "AWS::CloudTrail"})  # fmt: skip
    (message,) = messages(analyzer, GROUP, resource, trail())
    assert "elemetry rule" not in message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/aws/infrastructure/prod", ["log-group-unused"]),
        ("/aws/controltower/cloudtrail", ["log-group-unused"]),
        ("/aws/cloudtrail/audit", ["log-group-unused"]),
        ("/aws/lambda/api", []),
        ("/aws/vpc-flow-log/vpc-1", []),
    ],
)
def test_only_a_services_own_name_under_aws_is_not_meant(analyzer: Analyzer, name: str, expected: list[str]) -> None:
    assert codes(analyzer, log_group(name=name), trail()) == expected


@pytest.mark.parametrize("text", ["#!/bin/sh\nship --to /audit/events\n", "group: /audit/events", "x=/audit/events;y"])
def test_a_log_group_named_by_a_path_in_any_text_is_not_meant(analyzer: Analyzer, text: str) -> None:
    group = log_group(name="/audit/events")
    user = Resource("aws:ec2/instance:Instance", "web", {"userData": text})
    assert "log-group-unused" in codes(analyzer, group, trail("plain"))
    assert "log-group-unused" not in codes(analyzer, group, user, trail("plain"))


def test_a_log_group_does_not_use_itself(analyzer: Analyzer) -> None:
    group = Resource(NATIVE_LOG_GROUP, "logs", {"logGroupName": "audit", "arn": UNKNOWN}, {}, AWS_NATIVE)
    assert "log-group-unused" in codes(analyzer, group, trail())


def test_an_unknown_name(analyzer: Analyzer) -> None:
    api = Resource("aws:apigateway/restApi:RestApi", "api", {"id": UNKNOWN})
    made = {"name": UNKNOWN, "arn": UNKNOWN}
    token = "aws:cloudwatch/logGroup:LogGroup"
    for group, expected in (
        (Resource(token, "made of something unknown", made, {"name": [api]}), []),
        (Resource(token, "made of something that is read", made, {"name": []}), []),
        (Resource(token, "with a service's prefix", {**made, "namePrefix": "/aws/lambda/"}), []),
        (Resource(token, "with a prefix", {**made, "namePrefix": "audit-"}), ["log-group-unused"]),
        (Resource(token, "chosen by the provider", made), ["log-group-unused"]),
    ):
        assert codes(analyzer, api, group, trail()) == expected


def test_only_a_log_group_that_nothing_else_writes_to_is_suggested(analyzer: Analyzer) -> None:
    application = log_group("application", name="application")
    user = Resource("aws:lambda/function:Function", "api", {"loggingConfig": {"logGroup": "application"}})
    shared = log_group("shared", name="shared")
    other = wired_trail([shared], [ROLE], "other")
    (message,) = messages(
        analyzer, ROLE, application, user, shared, other, trail(**KNOWN | {"cloudWatchLogsRoleArn": UNKNOWN})
    )
    assert message.endswith('Or set it to the ARN of log group "shared", followed by `:*`.')


def test_the_unused_log_groups_by_name(analyzer: Analyzer) -> None:
    used = log_group("used", name="used")
    user = Resource("aws:lambda/function:Function", "api", {"loggingConfig": {"logGroup": "used"}})
    groups = [log_group(label, name=label) for label in ("d", "b", "a", "c")]
    (message,) = messages(analyzer, used, user, *groups, trail())
    assert message == (
        '[log-group-unused] cloudWatchLogsGroupArn is not set, and nothing in this stack writes to log group "a", "b", "c" '
        "or 1 more: one of them was probably meant for this trail. Set cloudWatchLogsGroupArn to the ARN of the right "
        "one, followed by :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."
    )


# --- where things live


def test_a_log_group_of_another_region_while_its_arn_is_unknown(analyzer: Analyzer) -> None:
    old_provider = Provider({"region": "eu-west-1"}, name="v5")
    for group in (
        log_group(region="eu-west-1"),
        Resource("aws:cloudwatch/logGroup:LogGroup", "logs", {"name": "audit", "arn": UNKNOWN}, {}, old_provider),
        Resource(NATIVE_LOG_GROUP, "logs", {"arn": UNKNOWN}, {}, Provider({"region": "eu-west-1"}, "aws-native")),
    ):
        assert codes(analyzer, group, ROLE, wired_trail([group], [ROLE])) == ["region-mismatch"]


def test_the_region_of_a_trail_may_only_be_its_home_region_output(analyzer: Analyzer) -> None:
    group = log_group(region="eu-west-1")
    judged = wired_trail([group], [ROLE], region=None, homeRegion="us-east-1")
    assert codes(analyzer, group, ROLE, judged) == ["region-mismatch"]


def test_the_home_region_is_surer_than_the_region_of_a_shadow_trail(analyzer: Analyzer) -> None:
    group = log_group(region="us-east-1")
    judged = wired_trail([group], [ROLE], region="eu-west-1", homeRegion="us-east-1")
    assert codes(analyzer, group, ROLE, judged) == []


def test_a_region_that_is_not_known_yet_is_not_its_providers(analyzer: Analyzer) -> None:
    group = log_group(region="eu-west-1")
    assert codes(analyzer, group, ROLE, wired_trail([group], [ROLE], region=UNKNOWN)) == []
    assert codes(analyzer, group, ROLE, wired_trail([group], [ROLE], region="us-east-1")) == ["region-mismatch"]


def test_a_log_group_of_another_account_while_its_arn_is_unknown(analyzer: Analyzer) -> None:
    other = Provider({"region": "us-east-1", "allowedAccountIds": '["210987654321"]'}, name="other")
    own = Provider({"region": "us-east-1", "allowedAccountIds": f'["{ACCOUNT}"]'}, name="own")
    group = Resource("aws:cloudwatch/logGroup:LogGroup", "logs", {"name": "audit", "arn": UNKNOWN}, {}, other)
    wired = wired_trail([group], [ROLE])
    judged = Resource(wired.token, wired.name, wired.properties, wired.dependencies, own)
    assert codes(analyzer, group, ROLE, judged) == ["account-mismatch"]
    organization = {**wired.properties, "isOrganizationTrail": True}
    assert codes(analyzer, group, ROLE, Resource(wired.token, "o", organization, wired.dependencies, own)) == []


def test_a_role_worth_suggesting_trusts_cloudtrail(analyzer: Analyzer) -> None:
    profile = Resource("aws:iam/instanceProfile:InstanceProfile", "web", {"arn": UNKNOWN})
    web = role("web-role", name="web", assumeRolePolicy=TRUST_POLICY.replace("cloudtrail", "ec2"))
    unknown = role("later", name="later", assumeRolePolicy=UNKNOWN)
    as_objects = Resource(
        NATIVE_ROLE, "native", {"roleName": "native", "assumeRolePolicyDocument": json.loads(TRUST_POLICY)}, {}, AWS_NATIVE
    )  # fmt: skip
    (message,) = messages(analyzer, GROUP, profile, web, unknown, ROLE, as_objects, wired_trail([GROUP], [profile]))
    assert message == (
        '[role-wrong-type] cloudWatchLogsRoleArn comes from "web" (aws:iam:InstanceProfile), which is not a role. Set '
        'it to the ARN of role "delivery" or "native".'
    )


def test_a_trail_of_a_very_long_name_hides_no_other(analyzer: Analyzer) -> None:
    long, short = trail("a" * 1_000_000, **KNOWN), trail("b", **KNOWN)
    reports = analyzer.analyze_stack((STACK, short, long)).reports
    assert [report.urn for report in reports] == [short.urn, ""]
    assert reports[1].message.startswith("1 more trail has problems for which there is no room here: ")


def test_ten_thousand_trails_end_in_a_bounded_answer(analyzer: Analyzer) -> None:
    reports = analyzer.analyze_stack([trail(f"trail-{number:05}", **KNOWN) for number in range(10_000)]).reports
    assert sum(len(report.message) for report in reports) < 1_000_000
    assert len(reports) > 100
    rest = 10_000 - (len(reports) - 1)
    assert reports[-1].urn == ""
    assert reports[-1].message == (
        f"{rest} more trails have problems for which there is no room here: [log-group-not-in-stack] {rest}, "
        f"[role-not-in-stack] {rest}. Fix the trails above and run again."
    )
