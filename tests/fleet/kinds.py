"""A small state of each kind that stacks have, for the comparison of an audit with `policy analyze`.

What it declares has names of its own, so that all of them together are a state as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.fleet.as_engine import REFERENCE, SECRET, SIGNATURE
from tests.fleet.fleets import WRITES, Stack
from tests.fleet.same_verdict import exported
from tests.policies.template_cases import template
from tests.stacks import (
    ACCOUNT,
    AWS_LOG_GROUP,
    AWS_ROLE,
    AWS_TRAIL,
    NATIVE_LOG_GROUP,
    NATIVE_ROLE,
    NATIVE_TRAIL,
    TRUST_POLICY,
    UNKNOWN,
)

Json = dict[str, Any]
CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
CLOUDFORMATION = "aws:cloudformation/stack:Stack"
READ: Json = {"external": True, "inputs": {}}
_PROVIDER = "pulumi:providers:aws"


def group_arn(name: str, region: str = "us-east-1") -> str:
    return f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{name}"


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def secret(value: object) -> Json:
    """As `pulumi stack export --show-secrets` stores it."""
    return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}


def encrypted() -> Json:
    """As `pulumi stack export` stores it."""
    return {SIGNATURE: SECRET, "ciphertext": "v1:TG9nIGdyb3Vw:c2VjcmV0"}


def provider(stack: Stack, name: str, region: str, **more: Any) -> str:
    """Adds a provider of a region, and answers the reference to it."""
    urn = f"{stack.begin}::{_PROVIDER}::{name}"
    settings = {"region": region, "__internal": {}}
    stack.resources.append(
        {
            "urn": urn,
            "custom": True,
            "id": "9b21",
            "type": _PROVIDER,
            "inputs": settings,
            "outputs": settings,
            **more,
        }
    )
    return f"{urn}::9b21"


def whole(stack: Stack, name: str, **more: Any) -> Json:
    """Adds a log group and a role that may write to it, and answers what a trail names them by. more: of the trail."""
    stack.log_group(name)
    stack.role(name)
    stack.role_policy(name, name=name)
    return {"cloudWatchLogsGroupArn": f"{group_arn(name)}:*", "cloudWatchLogsRoleArn": role_arn(name), **more}


def trail(stack: Stack, name: str, properties: Json, **more: Any) -> str:
    """Adds a trail with these properties. more: of what is stored beside them."""
    own = {"name": name, "s3BucketName": "trails", "homeRegion": "us-east-1", "enableLogging": True}
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}"
    return stack.add(AWS_TRAIL, name, {**own, "arn": arn, **properties}, **more)


def right(stack: Stack) -> None:
    trail(stack, "right", whole(stack, "right"))


def wrong(stack: Stack) -> None:
    named = whole(stack, "wrong")
    log_group, role = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"
    trail(stack, "unset", {})
    trail(stack, "empty", {log_group: "", role: None})
    trail(stack, "off", {**named, "enableLogging": False})
    trail(stack, "bare", {**named, log_group: group_arn("wrong")})
    trail(stack, "elsewhere", {**named, log_group: f"{group_arn('wrong', 'eu-west-1')}:*"})
    trail(stack, "no ARN", {**named, log_group: "wrong", role: "wrong"})
    trail(stack, "typed", {log_group: f"{group_arn('typed')}:*", role: role_arn("typed")})
    trail(stack, "no texts", {log_group: [group_arn("wrong")], role: 5, "enableLogging": 0})
    trail(stack, "*bold* @team_of_mine_", {})
    stack.log_group("delivery", logGroupClass="DELIVERY")
    trail(stack, "class", {**named, log_group: f"{group_arn('delivery')}:*"})
    stack.role("distrusting", TRUST_POLICY.replace("cloudtrail", "config"))
    stack.role_policy("distrusting", name="distrusting")
    trail(stack, "trust", {**named, role: role_arn("distrusting")})
    stack.role("powerless")
    stack.role_policy("powerless", WRITES.replace("logs:PutLogEvents", "logs:Get*"), "powerless")
    trail(stack, "permissions", {**named, role: role_arn("powerless")})


def unknown(stack: Stack) -> None:
    """What an update that failed leaves."""
    named = whole(stack, "unknown")
    trail(stack, "unknown", {**named, "cloudWatchLogsGroupArn": UNKNOWN, "arn": UNKNOWN})
    trail(stack, "unknown logging", {**named, "enableLogging": UNKNOWN})
    trail(stack, "no outputs", {}, outputs={})


def templates(stack: Stack) -> None:
    def deploy(name: str, body: Any, **more: Any) -> None:
        stack.add(CLOUDFORMATION, name, {"name": name, "templateBody": body}, **more)

    deploy("right-template", template())
    deploy("unset-template", template(""))
    deploy("denied-template", template(actions="logs:PutLogEvents"))
    deploy("no template", "{")
    deploy("unknown template", UNKNOWN)
    deploy("read-template", template(""), **READ)
    deploy("transformed", template(sections="Transform: Mine"))
    deploy("conditional", template("", trail="Condition: Unheard,"))


def cloud_control(stack: Stack) -> None:
    def control(name: str, state: Json, kind: str = "AWS::CloudTrail::Trail", **more: Any) -> None:
        stack.add(CLOUD_CONTROL, name, {"typeName": kind, "desiredState": json.dumps(state)}, **more)

    named = whole(stack, "control")
    native = {
        "CloudWatchLogsLogGroupArn": named["cloudWatchLogsGroupArn"],
        "CloudWatchLogsRoleArn": named["cloudWatchLogsRoleArn"],
        "S3BucketName": "trails",
        "IsLogging": True,
    }
    control("controlled", native)
    control("controlled, unset", {"S3BucketName": "trails", "IsLogging": True})
    control("controlled, read", {**native, "CloudWatchLogsRoleArn": role_arn("typed")}, **READ)
    control("controlled, elsewhere", {**native, "CloudWatchLogsRoleArn": role_arn("typed")})


def terraform(stack: Stack) -> None:
    def of_terraform(kind: str, name: str, properties: Json) -> None:
        stack.add(f"pulumi:terraform:aws_{kind}", name, properties, provider="")

    group, role = group_arn("terraform"), role_arn("terraform")
    of_terraform(
        "cloudwatch_log_group", "terraform", {"name": "terraform", "arn": group, "log_group_class": "STANDARD"}
    )
    of_terraform("iam_role", "terraform", {"name": "terraform", "arn": role, "assume_role_policy": TRUST_POLICY})
    of_terraform("iam_role_policy", "terraform", {"name": "terraform", "role": "terraform", "policy": WRITES})
    named = {"cloud_watch_logs_group_arn": f"{group}:*", "cloud_watch_logs_role_arn": role}
    both = {"s3_bucket_name": "trails", "enable_logging": True, "home_region": "us-east-1"}
    of_terraform("cloudtrail", "of Terraform", {**both, **named})
    of_terraform("cloudtrail", "of Terraform, unset", {**both, **dict.fromkeys(named, "")})
    of_terraform("cloudtrail", "of Terraform, left out", both)


def native(stack: Stack) -> None:
    group, role = group_arn("native"), role_arn("native")
    stack.add(NATIVE_LOG_GROUP, "native", {"logGroupName": "native", "arn": f"{group}:*"})
    stack.add(NATIVE_LOG_GROUP, "unused", {"logGroupName": "unused", "arn": f"{group_arn('unused')}:*"})
    policy = {"policyName": "native", "policyDocument": json.loads(WRITES)}
    trust = json.loads(TRUST_POLICY)
    stack.add(
        NATIVE_ROLE, "native", {"roleName": "native", "arn": role, "assumeRolePolicyDocument": trust, "policies": [policy]}
    )  # fmt: skip
    named = {"cloudWatchLogsLogGroupArn": f"{group}:*", "cloudWatchLogsRoleArn": role}
    both = {"s3BucketName": "trails", "isLogging": True}
    stack.add(NATIVE_TRAIL, "native", {**both, **named})
    # What the provider keeps for itself is not shown to policies, so it names no log group.
    own = {"__inputs": {"cloudWatchLogsLogGroupArn": f"{group_arn('unused')}:*"}}
    stack.add(NATIVE_TRAIL, "native, unset", both, outputs={**both, **own, "logs": "unused"})


def several_providers(stack: Stack) -> None:
    reference = provider(stack, "west", "eu-west-1")
    properties = {"name": "west", "arn": group_arn("west", "eu-west-1"), "logGroupClass": "STANDARD"}
    west = stack.add(AWS_LOG_GROUP, "west", properties, provider=reference)
    named = whole(stack, "providers", cloudWatchLogsGroupArn=UNKNOWN, homeRegion=UNKNOWN, arn=UNKNOWN)
    made_of = {"cloudWatchLogsGroupArn": [west]}
    trail(stack, "in the west", named, provider=reference, made_of=made_of)
    trail(stack, "of the west", named, made_of=made_of)
    trail(stack, "of no provider", named, made_of=made_of, provider="")
    trail(stack, "of a provider that is not there", named, made_of=made_of, provider=f"{stack.provider}gone::1")
    # The engine reads the settings of a provider from the last one of its URN, also where that is to be deleted.
    reference = provider(stack, "moved", "us-east-1")
    provider(stack, "moved", "eu-west-1", delete=True)
    trail(stack, "of a moved provider", named, provider=reference, made_of=made_of)


def only_read(stack: Stack) -> None:
    trail(stack, "read", {}, **READ)
    trail(stack, "read, with defaults", {}, external=True, inputs={"__defaults": []})
    stack.log_group("read")
    stack.role("read")
    for each in stack.resources[-2:]:
        each.update(READ)
    named = {"cloudWatchLogsGroupArn": f"{group_arn('read')}:*", "cloudWatchLogsRoleArn": role_arn("read")}
    trail(stack, "of what is read", named)


def references(stack: Stack) -> None:
    log_group, role = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"
    named = {log_group: f"{group_arn('central')}:*", role: role_arn("central")}
    reference = stack.reference("acme/shared/central", group=named[log_group])
    trail(stack, "of another stack", named, made_of={log_group: [reference], role: [reference]})
    # A value of the program itself, as Pulumi YAML records it.
    trail(stack, "as YAML records it", named, made_of={log_group: [], role: []})


def components(stack: Stack) -> None:
    urn = f"{stack.begin}::my:index:Audit::audit"
    stack.resources.append({"urn": urn, "custom": False, "type": "my:index:Audit", "inputs": {"name": "a"}})
    within = f"{stack.begin}::my:index:Audit${AWS_TRAIL}::audit::of the component"
    trail(stack, "component", {}, urn=within, parent=urn)


def secrets(stack: Stack) -> None:
    named = whole(stack, "secrets")
    trail(stack, "right, in secret", {name: secret(value) for name, value in named.items()})
    trail(stack, "wrong, in secret", {**named, "cloudWatchLogsGroupArn": secret(group_arn("secrets"))})
    trail(stack, "unset, in secret", {**named, "cloudWatchLogsRoleArn": secret(None), "enableLogging": secret(False)})
    stack.role("confidential", secret(TRUST_POLICY))  # type: ignore[arg-type]
    stack.role_policy("confidential", secret({"Statement": [secret({"Effect": "Allow"})]}), "confidential")  # type: ignore[arg-type]
    trail(stack, "role of secrets", {**named, "cloudWatchLogsRoleArn": role_arn("confidential")})


def to_be_deleted(stack: Stack) -> None:
    named = whole(stack, "twin")
    trail(stack, "twin", named)
    trail(stack, "twin", {}, delete=True)
    trail(stack, "gone", {}, delete=True)
    stack.log_group("gone")
    stack.resources[-1]["delete"] = True
    trail(stack, "of a group that goes", {**named, "cloudWatchLogsGroupArn": f"{group_arn('gone')}:*"})


def options(stack: Stack) -> None:
    trail(stack, "protected", {}, protect=True, retainOnDelete=True)
    trail(stack, "pending", {}, pendingReplacement=True)


def ignoring(stack: Stack) -> None:
    trail(stack, "ignoring", {}, ignoreChanges=["cloudWatchLogsGroupArn", '["cloudWatchLogsRoleArn"]'])
    trail(stack, "ignoring all", {}, ignoreChanges=["*"])


def sources(stack: Stack) -> None:
    named = whole(stack, "sources")
    urns = {each["type"]: each["urn"] for each in stack.resources}
    bucket = stack.add("aws:s3/bucket:Bucket", "sources", {"arn": "arn:aws:s3:::sources"})
    later = {**named, "cloudWatchLogsGroupArn": UNKNOWN, "cloudWatchLogsRoleArn": UNKNOWN}
    log_group, role = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"
    trail(stack, "made of both", later, made_of={log_group: [urns[AWS_LOG_GROUP]], role: [urns[AWS_ROLE]]})
    trail(stack, "made of a bucket", later, made_of={log_group: [bucket], role: [bucket]})
    trail(stack, "made of nothing", later, made_of={log_group: [], role: []})
    trail(stack, "made of what is not here", later, made_of={log_group: [f"{bucket}s"], role: [f"{bucket}s"]})
    trail(stack, "typed, of nothing", {**later, log_group: f"{group_arn('t')}:*"}, made_of={log_group: [], role: []})
    trail(stack, "nothing recorded", later, dependencies=[urns[AWS_LOG_GROUP], bucket])
    recorded: Json = {log_group: [], role: []}
    trail(stack, "as good as nothing recorded", later, dependencies=[bucket], propertyDependencies=recorded)
    stack.role("of-a-bucket", inlinePolicies=UNKNOWN)
    stack.resources[-1].update(dependencies=[bucket], propertyDependencies={"name": []})
    trail(stack, "role of a bucket", {**named, "cloudWatchLogsRoleArn": role_arn("of-a-bucket")})


def no_trail(stack: Stack) -> None:
    stack.log_group("no trail")


def no_stack(stack: Stack) -> None:
    """As some tools select resources of a state."""
    stack.log_group("no stack")
    stack.deployment = lambda: {"resources": stack.resources}  # type: ignore[method-assign]


def other_values(stack: Stack) -> None:
    named = whole(stack, "values")
    asset = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "", "text": group_arn("values")}
    archive = {SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "", "path": "."}
    reference = {SIGNATURE: REFERENCE, "urn": f"{stack.begin}::{AWS_ROLE}::values", "packageVersion": ""}
    trail(stack, "asset", {**named, "cloudWatchLogsGroupArn": asset})
    trail(stack, "archive", {**named, "cloudWatchLogsRoleArn": archive})
    trail(stack, "reference", {**named, "cloudWatchLogsRoleArn": {**reference, "id": "values"}})
    trail(stack, "reference to a component", {**named, "cloudWatchLogsRoleArn": reference})
    stack.log_group("named by what is hidden")
    hidden = {"__meta": "named by what is hidden"}
    stack.add("aws:lambda/function:Function", "hidden", hidden)
    trail(stack, "beside what is hidden", {})


KINDS: list[Callable[[Stack], None]] = [
    *(right, wrong, unknown, templates, cloud_control, terraform, native, several_providers, only_read, references),
    *(components, secrets, to_be_deleted, options, ignoring, sources, other_values, no_trail, no_stack),
]
# Those that a state of an older version has as well.
OLD_KINDS = [each for each in KINDS if each is not ignoring]


def state_of(*kinds: Callable[[Stack], None], version: int = 3) -> Json:
    """A state with what each of these adds, in stacks of their own."""
    resources: list[Json] = []
    for kind in kinds:
        stack = Stack(f"{kind.__name__}/dev")
        kind(stack)
        resources += stack.deployment()["resources"]
    newer = {"provider"} if version == 1 else set()
    return exported([{name: each[name] for name in each.keys() - newer} for each in resources], version)
