"""An unknown at every path of every property, and any JSON at all: no exception, no "can't run policy", no lost report."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy import proxy

from tests.analyzers import Analyzer, in_process
from tests.repeatable import CHARACTERS, repeatable
from tests.stacks import (
    AWS_NATIVE,
    LOG_GROUP_ARN,
    NATIVE_LOG_GROUP,
    NATIVE_ROLE,
    NATIVE_TRAIL,
    ROLE_ARN,
    TERRAFORM_TRAIL,
    TRUST_POLICY,
    Provider,
    Resource,
    log_group,
    role,
    trail,
)

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
SENTINELS = [value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")]
SETTINGS = {
    "region": "us-east-1",
    "allowedAccountIds": '["123456789012"]',
    "assumeRoles": f'[{{"roleArn": "{ROLE_ARN}"}}]',
    "assumeRole": {"roleArn": ROLE_ARN},
}
FULL = Provider(SETTINGS)
TRAIL_PROPERTIES: dict[str, Any] = {
    "cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*",
    "cloudWatchLogsLogGroupArn": f"{LOG_GROUP_ARN}:*",
    "cloudWatchLogsRoleArn": ROLE_ARN,
    "enableLogging": True,
    "isLogging": True,
    "isOrganizationTrail": False,
    "homeRegion": "us-east-1",
    "name": "audit",
    "eventSelectors": [{"dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::"]}]}],
    "tags": {"a": "b"},
}
POLICY_ARN = "arn:aws:iam::123456789012:policy/managed"
DELIVERY_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}
)
STACK = [
    trail(provider=FULL, **TRAIL_PROPERTIES),
    trail("terraform", token=TERRAFORM_TRAIL, provider=FULL, **TRAIL_PROPERTIES),
    trail("native", token=NATIVE_TRAIL, provider=AWS_NATIVE, **TRAIL_PROPERTIES),
    trail("bare", provider=FULL),
    log_group(arn=LOG_GROUP_ARN, logGroupClass="STANDARD", tags={"a": "b"}),
    log_group("unused", name="unused"),
    role(arn=ROLE_ARN, inlinePolicies=[{"name": "p", "policy": "{}"}]),
    Resource("aws:iam/rolePolicy:RolePolicy", "deliver", {"name": "deliver", "role": "delivery", "policy": DELIVERY_POLICY}),
    Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", {"role": "delivery", "policyArn": "arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess"}),
    Resource("aws:iam/policyAttachment:PolicyAttachment", "attached", {"roles": ["delivery"], "policyArn": POLICY_ARN}),
    Resource("aws:iam/policy:Policy", "managed", {"name": "managed", "arn": POLICY_ARN, "policy": DELIVERY_POLICY}),
    Resource("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", "only", {"roleName": "delivery", "policyNames": ["deliver", "p"]}),
    Resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "only", {"roleName": "delivery", "policyArns": [POLICY_ARN]}),
    Resource("aws-native:iam:ManagedPolicy", "native", {"managedPolicyName": "m", "roles": ["delivery"], "policyDocument": json.loads(DELIVERY_POLICY)}, {}, AWS_NATIVE),
    Resource(NATIVE_ROLE, "native", {"roleName": "n", "assumeRolePolicyDocument": {"Statement": [{"Principal": {"Service": ["x"]}}]}}, {}, AWS_NATIVE),
    Resource(NATIVE_LOG_GROUP, "native", {"logGroupName": "n", "arn": f"{LOG_GROUP_ARN}:*"}, {}, AWS_NATIVE),
    Resource("aws:lambda/function:Function", "api", {"loggingConfig": {"logGroup": "x"}, "layers": ["a", {"b": [None]}]}),
]  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path within a JSON value, its own empty one left out."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


def with_value(value: Any, path: tuple[Any, ...], replacement: Any) -> Any:
    changed = copy.deepcopy(value)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = replacement
    return changed


def variants(replacement: Any) -> Iterator[tuple[Resource, list[Resource]]]:
    """A resource with the replacement at each path of it and of its provider, and the stack with it."""
    for index, resource in enumerate(STACK):
        for path in paths(dict(resource.properties)):
            properties = with_value(dict(resource.properties), path, replacement)
            changed = Resource(resource.token, resource.name, properties, resource.dependencies, resource.provider)
            yield changed, [*STACK[:index], changed, *STACK[index + 1 :]]
        for path in paths(dict(resource.provider.settings)) if resource.provider else ():
            assert resource.provider
            provider = Provider(
                with_value(dict(resource.provider.settings), path, replacement), resource.provider.package
            )
            changed = Resource(resource.token, resource.name, resource.properties, resource.dependencies, provider)
            yield changed, [*STACK[:index], changed, *STACK[index + 1 :]]


def judge_all(
    analyzer: Analyzer, alone: list[Resource], stack: list[Resource], capfd: pytest.CaptureFixture[str]
) -> None:
    """Judges some resources alone and all as a stack: nothing raises, and nothing is printed."""
    for resource in alone:
        assert analyzer.analyze(resource).can_not_run == ()
        analyzer.remediate(resource)
    answer = analyzer.analyze_stack(stack)
    assert answer.can_not_run == ()
    assert all(len(report.message) < 2_000 for report in answer.reports)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("sentinel", SENTINELS)
@pytest.mark.parametrize("level", ["ADVISORY", "REMEDIATE"])
def test_an_unknown_at_every_path(sentinel: str, level: str, capfd: pytest.CaptureFixture[str]) -> None:
    analyzer = in_process()
    analyzer.configure({INTEGRATED: level})
    count = 0
    judge_all(analyzer, STACK, STACK, capfd)
    for changed, stack in variants(sentinel):
        # No policy on a stack knows the level of one on a resource.
        judge_all(analyzer, [changed], stack if level == "ADVISORY" else [], capfd)
        count += 1
    assert count > 80


def test_every_sentinel_of_the_sdk_is_tried() -> None:
    assert len(SENTINELS) == 7


def test_an_unknown_never_makes_a_right_trail_wrong(capfd: pytest.CaptureFixture[str]) -> None:
    analyzer = in_process()
    right = STACK[0]
    for path in paths(dict(right.properties)):
        unknown = Resource(right.token, right.name, with_value(dict(right.properties), path, SENTINELS[0]), {}, FULL)
        assert analyzer.analyze(unknown).reports == ()
        assert analyzer.analyze_stack([unknown, *STACK[4:]]).reports == ()
    assert capfd.readouterr().err == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(CHARACTERS, max_size=40) | st.sampled_from(SENTINELS)
    | st.sampled_from([TRUST_POLICY, LOG_GROUP_ARN, f"{LOG_GROUP_ARN}:*", ROLE_ARN, "us-east-1", "DELIVERY", "{", "["]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = [
    *TRAIL_PROPERTIES,
    *("region", "arn", "name", "path", "logGroupClass", "assumeRolePolicy", "logGroupName", "roleName", "__target"),
]
TOKENS = sorted({resource.token for resource in STACK})


@repeatable(300)
@given(
    resources=st.lists(
        st.tuples(
            st.sampled_from(TOKENS),
            st.dictionaries(st.sampled_from(NAMES), json_values),
            st.none() | st.dictionaries(st.sampled_from(list(SETTINGS)), json_values),
            st.sets(st.integers(0, 4)),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_json_at_all(resources: list[Any], capfd: pytest.CaptureFixture[str]) -> None:
    analyzer = in_process()
    analyzer.configure({INTEGRATED: "REMEDIATE"})
    plain = [
        Resource(token, f"r{index}", properties, {}, None if provider is None else Provider(provider))
        for index, (token, properties, provider, _) in enumerate(resources)
    ]
    stack = [
        Resource(
            resource.token,
            resource.name,
            resource.properties,
            {name: [plain[other] for other in sources if other < len(plain)] for name in resource.properties},
            resource.provider,
        )
        for resource, (_, _, _, sources) in zip(plain, resources, strict=True)
    ]
    judge_all(analyzer, stack, stack, capfd)
