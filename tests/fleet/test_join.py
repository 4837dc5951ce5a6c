"""What a trail of one stack needs and another stack of the fleet declares: each case alone, and beside the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from cloudtrail_logs.fleet.audit import audit
from cloudtrail_logs.fleet.evidence import Elsewhere
from cloudtrail_logs.fleet.join import Shared
from cloudtrail_logs.fleet.states import State
from cloudtrail_logs.fleet.ties import Tie
from cloudtrail_logs.fleet.workers import Here, Workers
from tests.calls import calls_of
from tests.fleet.fleets import (
    ATTACHMENT,
    EXIST,
    OTHER_ACCOUNT,
    POLICY,
    ROLE_POLICY,
    WRITES,
    Stack,
    audited,
    terms,
    told,
)
from tests.stacks import TRUST_POLICY

RIGHT = ["right", "right", "right"]
NOT_IN_STACK = "wrong log-group-not-in-stack role-not-in-stack"
ALONE = ["right", NOT_IN_STACK, "cannot tell"]
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:audit"
ROLE = "arn:aws:iam::123456789012:role/delivery"
NO_TRUST = TRUST_POLICY.replace("cloudtrail", "config")
READS = json.dumps({"Statement": [{"Effect": "Allow", "Action": "logs:Describe*", "Resource": "*"}]})
DENIES = json.dumps({"Statement": [{"Effect": "Deny", "Action": "logs:*", "Resource": "*"}]})

# A case is a function that gives the stack of the trail and the others.
Fleet = Callable[[], list[Stack]]


def stack(name: str, *parts: str, account: str = "123456789012") -> Stack:
    """A stack with these parts, each by the name of its method."""
    made = Stack(name, account)
    for part in parts:
        getattr(made, part)()
    return made


def all_in_one_other() -> list[Stack]:
    return [stack("app/prod", "trail"), stack("shared/logs", "log_group", "role", "role_policy")]


def each_in_its_own() -> list[Stack]:
    return [stack("app/prod", "trail"), stack("shared/logs", "log_group"), stack("shared/roles", "role", "role_policy")]


def policy_attached_elsewhere() -> list[Stack]:
    return [stack("app/prod", "trail", "log_group", "role"), with_evidence("shared/roles", "role_policy")]


def with_evidence(name: str, *parts: str, account: str = "123456789012") -> Stack:
    """A stack whose account another resource shows."""
    made = stack(name, *parts, account=account)
    made.log_group("other")
    return made


def managed_policy_elsewhere() -> list[Stack]:
    return [stack("app/prod", "trail", "log_group", "role", "attachment"), stack("shared/roles", "managed_policy")]


def attachment_and_policy_elsewhere() -> list[Stack]:
    return [
        stack("app/prod", "trail", "log_group", "role"),
        stack("shared/roles", "attachment"),
        stack("shared/policies", "managed_policy"),
    ]


def role_of_another_account() -> list[Stack]:
    return [stack("app/prod", "trail"), stack("shared/logs", "log_group", "role", "role_policy", account=OTHER_ACCOUNT)]


def policy_of_another_account() -> list[Stack]:
    return [
        stack("app/prod", "trail", "log_group", "role"),
        with_evidence("shared/roles", "role_policy", account=OTHER_ACCOUNT),
    ]


def policy_of_no_known_account() -> list[Stack]:
    return [stack("app/prod", "trail", "log_group", "role"), stack("shared/roles", "role_policy")]


def without_policy() -> list[Stack]:
    return [stack("app/prod", "trail"), stack("shared/logs", "log_group", "role")]


def without_trust() -> list[Stack]:
    made = stack("shared/logs", "log_group", "role_policy")
    made.role(trust=NO_TRUST)
    return [stack("app/prod", "trail"), made]


def delivery_class() -> list[Stack]:
    made = stack("shared/logs", "role", "role_policy")
    made.log_group(logGroupClass="DELIVERY")
    return [stack("app/prod", "trail"), made]


def in_a_template(
    group: str = "audit",
    policy: str = "!GetAtt Logs.Arn",
    service: str = "cloudtrail.amazonaws.com",
    deployed: bool = True,
    condition: str = "",
) -> list[Stack]:
    """A log group and a role that a template of another stack declares."""
    body = f"""
Parameters: {{Wanted: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /wanted}}}}
Conditions: {{Open: !Equals [!Ref Wanted, yes], Never: !Equals [a, b]}}
Resources:
  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: {group}}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: delivery
      AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Principal: {{Service: {service}}}, Action: 'sts:AssumeRole'}}}}
  Policy:
    Type: AWS::IAM::Policy
    {condition}
    Properties:
      PolicyName: p
      Roles: [!Ref Role]
      PolicyDocument: {{Statement: {{Effect: Allow, Action: 'logs:*', Resource: {policy}}}}}
"""
    made = stack("shared/logs")
    properties = {"name": "infra", "templateBody": body}
    identity = {"id": "arn:aws:cloudformation:us-east-1:123456789012:stack/infra/0a1b"} if deployed else {}
    made.add("aws:cloudformation/stack:Stack", "infra", properties, outputs={**properties, **identity})
    return [stack("app/prod", "trail"), made]


def denied_elsewhere() -> list[Stack]:
    other = with_evidence("shared/guard")
    other.role_policy(policy=DENIES, name="deny")
    return [stack("app/prod", "trail", "log_group", "role", "role_policy"), other]


def only_read_elsewhere() -> list[Stack]:
    other = Stack("shared/logs")
    other.log_group()
    other.role()
    for each in other.resources:
        each.update(external=True, inputs={})
    return [stack("app/prod", "trail"), other]


def read_here_and_declared_there() -> list[Stack]:
    mine = stack("app/prod", "log_group", "role", "trail")
    for each in mine.resources[:2]:
        each.update(external=True, inputs={})
    return [mine, stack("shared/logs", "log_group", "role", "role_policy")]


def two_trails_in_two_accounts() -> list[Stack]:
    """The same program in two accounts, so that all names are the same."""
    theirs = stack("app/dev", "trail", account=OTHER_ACCOUNT)
    return [
        stack("app/prod", "trail"),
        theirs,
        stack("shared/prod", "log_group", "role", "role_policy"),
        stack("shared/dev", "log_group", "role", account=OTHER_ACCOUNT),
    ]


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
AWS_MANAGED = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"


def policy_beside(token: str, arn: str) -> Fleet:
    """A policy in another stack, where this has this ARN; of the account of the trail."""

    def fleet() -> list[Stack]:
        other = stack("shared/roles", "role_policy")
        other.add(token, "evidence", {"arn": arn})
        return [stack("app/prod", "trail", "log_group", "role"), other]

    return fleet


def of_secret_role(*sources: str) -> Fleet:
    """A policy whose role is a secret. sources: what that was made of, by name."""

    def fleet() -> list[Stack]:
        other = stack("shared/logs", "log_group", "role")
        other.resources[-1]["outputs"]["name"] = SECRET
        made_of = [each["urn"] for each in other.resources if each["id"] in sources]
        other.add(ROLE_POLICY, "write", {"role": SECRET, "policy": WRITES, "name": "write"}, {"role": made_of})
        return [stack("app/prod", "trail"), other]

    return fleet


def attaching_secret_policy(*sources: str) -> Fleet:
    """An attachment whose policy is a secret. sources: what that was made of, by name."""

    def fleet() -> list[Stack]:
        other = stack("shared/logs", "log_group", "role", "managed_policy")
        made_of = [each["urn"] for each in other.resources if each["id"] in sources]
        other.add(ATTACHMENT, "attach", {"role": "delivery", "policyArn": SECRET}, {"policyArn": made_of})
        return [stack("app/prod", "trail"), other]

    return fleet


def role_of_another_path() -> list[Stack]:
    other = stack("shared/logs", "log_group", "role_policy")
    other.role(arn=f"{ROLE.rpartition('/')[0]}/service/delivery", path="/service/")
    return [stack("app/prod", "trail"), other]


def taken_elsewhere(*roles: str, account: str = "123456789012") -> Fleet:
    """Another stack attaches the policy of AWS that the role has, and takes it from all but these roles."""

    def fleet() -> list[Stack]:
        mine = stack("app/prod", "trail", "log_group", "role")
        mine.add(ATTACHMENT, "attach", {"role": "delivery", "policyArn": AWS_MANAGED})
        other = with_evidence("shared/roles", account=account)
        other.add("aws:iam/policyAttachment:PolicyAttachment", "all", {"roles": list(roles), "policyArn": AWS_MANAGED})
        return [mine, other]

    return fleet


def only_listed_elsewhere(*policies: str) -> Fleet:
    """Another stack takes all inline policies from the role but these."""

    def fleet() -> list[Stack]:
        other = with_evidence("shared/roles")
        listed = {"roleName": "delivery", "policyNames": list(policies)}
        other.add("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", "only", listed)
        return [stack("app/prod", "trail", "log_group", "role", "role_policy"), other]

    return fleet


def boundary_elsewhere(policy: str, token: str = POLICY, arn: str = "arn", document: str = "policy") -> Fleet:
    """The boundary of the role is of a stack with several accounts."""

    def fleet() -> list[Stack]:
        mine = stack("app/prod", "trail", "log_group", "role_policy")
        mine.role(permissionsBoundary=mine.policy_arn("boundary"))
        other = with_evidence("shared/boundary", account=OTHER_ACCOUNT)
        other.add(token, "boundary", {arn: mine.policy_arn("boundary"), document: policy})
        return [mine, other]

    return fleet


def by_cloud_control(kind: str = "AWS::IAM::Role") -> Fleet:
    def fleet() -> list[Stack]:
        other = stack("shared/logs", "log_group")
        policies = [{"PolicyName": "write", "PolicyDocument": json.loads(WRITES)}]
        desired = {"RoleName": "delivery", "AssumeRolePolicyDocument": json.loads(TRUST_POLICY), "Policies": policies}
        texts = {"desiredState": json.dumps(desired), "properties": json.dumps({"Arn": ROLE})}
        other.add("aws:cloudcontrol/resource:Resource", "role", {"typeName": kind, **texts})
        return [stack("app/prod", "trail"), other]

    return fleet


def by_terraform(arn: str) -> Fleet:
    def fleet() -> list[Stack]:
        other = stack("shared/logs", "log_group")
        role = {"name": "delivery", "arn": arn, "path": "/", "assume_role_policy": TRUST_POLICY, "inline_policy": []}
        other.add("pulumi:terraform:aws_iam_role", "role", role, provider="")
        attached = {"role": "delivery", "policy_arn": "arn:aws:iam::123456789012:policy/write"}
        other.add("pulumi:terraform:aws_iam_role_policy_attachment", "attach", attached, provider="")
        mine = stack("app/prod", "trail")
        mine.resources += [
            {**each, "urn": each["urn"].replace("logs::shared", "prod::app")} for each in other.resources[2:]
        ]
        return [mine, other]

    return fleet


PERMISSION_MISSING = ["right", "right", "wrong role-permission-missing"]
UNATTACHED = ["right", "right", "wrong role-permission-missing"]


@pytest.mark.parametrize(("fleet", "alone", "joined"), [
    (all_in_one_other, ALONE, RIGHT),
    (each_in_its_own, ALONE, RIGHT),
    (policy_attached_elsewhere, PERMISSION_MISSING, RIGHT),
    (managed_policy_elsewhere, ["right", "right", "cannot tell"], RIGHT),
    (attachment_and_policy_elsewhere, PERMISSION_MISSING, RIGHT),
    (in_a_template, ALONE, RIGHT),
    (partial(in_a_template, "other"), ALONE, ["right", "wrong log-group-not-in-stack", "wrong role-permission-missing"]),
    (partial(in_a_template, policy="!Sub 'arn:aws:logs:${AWS::Region}:*:log-group:other:*'"), ALONE, PERMISSION_MISSING),
    (partial(in_a_template, service="config.amazonaws.com"), ALONE, ["right", "right", "wrong role-trust-missing"]),
    (partial(in_a_template, deployed=False), ALONE, ALONE),
    (partial(in_a_template, condition="Condition: Open"), ALONE, ["right", "right", "cannot tell"]),
    (partial(in_a_template, condition="Condition: Never"), ALONE, PERMISSION_MISSING),
    (partial(in_a_template, "&logs audit"), ALONE, ALONE),  # an alias, which CloudFormation does not take
    (role_of_another_account, ALONE, ALONE),
    (policy_of_another_account, PERMISSION_MISSING, PERMISSION_MISSING),
    (policy_of_no_known_account, PERMISSION_MISSING, PERMISSION_MISSING),
    (without_policy, ALONE, PERMISSION_MISSING),
    (without_trust, ALONE, ["right", "right", "wrong role-trust-missing"]),
    (delivery_class, ALONE, ["right", "wrong log-group-class-delivery", "right"]),
    (denied_elsewhere, RIGHT, PERMISSION_MISSING),
    (only_read_elsewhere, ALONE, ALONE),
    (read_here_and_declared_there, ["right", "right", "cannot tell"], RIGHT),
    (two_trails_in_two_accounts, ALONE, RIGHT),
    (policy_beside("aws:sqs/queue:Queue", "arn:aws:sqs:us-east-1:123456789012:q"), PERMISSION_MISSING, RIGHT),
    (policy_beside("aws:sqs/queue:Queue", "arn:aws:sqs:us-east-1:210987654321:q"), PERMISSION_MISSING,
     PERMISSION_MISSING),
    # The ARNs of others, which say nothing about the account of the stack.
    (policy_beside("aws:cloudwatch/eventTarget:EventTarget", "arn:aws:events:us-east-1:123456789012:event-bus/b"),
     PERMISSION_MISSING, PERMISSION_MISSING),
    (policy_beside("aws:sns/topicSubscription:TopicSubscription", "arn:aws:sns:us-east-1:123456789012:t:s"),
     PERMISSION_MISSING, PERMISSION_MISSING),
    (policy_beside("aws-native:sns:Subscription", "arn:aws:sns:us-east-1:123456789012:t:s"),
     PERMISSION_MISSING, PERMISSION_MISSING),
    (of_secret_role("delivery"), ALONE, RIGHT),
    (of_secret_role("audit"), ALONE, ["right", "right", "cannot tell"]),
    (of_secret_role(), ALONE, ["right", "right", "cannot tell"]),
    (attaching_secret_policy("write"), ALONE, RIGHT),
    (attaching_secret_policy(), ALONE, ["right", "right", "cannot tell"]),
    (role_of_another_path, ALONE, ["right", "wrong role-not-in-stack", "cannot tell"]),
    (taken_elsewhere("other"), RIGHT, ["right", "right", "cannot tell"]),
    (taken_elsewhere("other", "delivery"), RIGHT, RIGHT),
    (taken_elsewhere("other", account=OTHER_ACCOUNT), RIGHT, RIGHT),
    (only_listed_elsewhere("other"), RIGHT, PERMISSION_MISSING),
    (only_listed_elsewhere("write", "other"), RIGHT, RIGHT),
    (boundary_elsewhere(WRITES), ["right", "right", "cannot tell"], RIGHT),
    (boundary_elsewhere(READS), ["right", "right", "cannot tell"], PERMISSION_MISSING),
    (boundary_elsewhere(WRITES, "aws-native:iam:ManagedPolicy", "policyArn", "policyDocument"),
     ["right", "right", "cannot tell"], RIGHT),
    (by_cloud_control(), ALONE, RIGHT),
    (by_cloud_control("AWS::IAM::User"), ALONE, ["right", "wrong role-not-in-stack", "cannot tell"]),
    (by_terraform(ROLE), ALONE, ["right", "right", "cannot tell"]),
    (by_terraform(ROLE.replace("delivery", "other")), ALONE, ["right", "wrong role-not-in-stack", "cannot tell"]),
])  # fmt: skip
def test_a_trail_beside_other_stacks(fleet: Fleet, alone: list[str], joined: list[str], tmp_path: Path) -> None:
    assert told(audited(tmp_path, fleet()[0]))["trail"] == alone
    stacks = fleet()
    assert told(audited(tmp_path, *stacks), stacks[0].name)["trail"] == joined
    assert told(audited(tmp_path, *reversed(stacks)), stacks[0].name)["trail"] == joined


def test_each_account_has_its_own_role(tmp_path: Path) -> None:
    result = audited(tmp_path, *two_trails_in_two_accounts())
    assert told(result, "app/dev")["trail"] == PERMISSION_MISSING


def test_it_is_said_where_things_are(tmp_path: Path) -> None:
    row = audited(tmp_path, *each_in_its_own()).trails[0]
    assert row.elsewhere == (
        Elsewhere("log group", "audit", "shared/logs", "urn:pulumi:logs::shared::aws:cloudwatch/logGroup:LogGroup::audit"),
        Elsewhere("role", "delivery", "shared/roles", "urn:pulumi:roles::shared::aws:iam/role:Role::delivery"),
        Elsewhere("policy", "write", "shared/roles", "urn:pulumi:roles::shared::aws:iam/rolePolicy:RolePolicy::write"),
    )  # fmt: skip
    assert audited(tmp_path, *each_in_its_own()[:1]).trails[0].elsewhere == ()
    urn = "urn:pulumi:logs::shared::aws:cloudformation/stack:Stack::infra"
    assert audited(tmp_path, *in_a_template()).trails[0].elsewhere == tuple(
        Elsewhere(what, f"{logical_id} in the template of infra", "shared/logs", urn)
        for what, logical_id in (("log group", "Logs"), ("role", "Role"), ("policy", "Policy"))
    )


def test_a_message_names_the_stack(tmp_path: Path) -> None:
    finding = audited(tmp_path, *delivery_class()).trails[0].answers[1].findings[0]
    assert finding.message == (
        'cloudWatchLogsGroupArn names log group "audit of stack shared/logs", whose class is DELIVERY, which takes no '
        "events from CloudTrail. Declare it with class STANDARD or INFREQUENT_ACCESS, or set cloudWatchLogsGroupArn to "
        "the ARN of a log group, ending in :*."
    )


def referring(to: str = "acme/shared/logs", name: str = "app/prod") -> Stack:
    """A trail that has both ARNs from another stack."""
    made = Stack(name)
    reference = [made.reference(to, group=GROUP, role=ROLE)]
    made.trail(made_of={"cloudWatchLogsGroupArn": reference, "cloudWatchLogsRoleArn": reference})
    return made


def exporting(*parts: str, **outputs: object) -> Stack:
    made = stack("shared/logs", *parts)
    made.outputs = dict(outputs)
    return made


REFERRED = ["right", "cannot tell", "cannot tell"]
GONE = ["right", NOT_IN_STACK, "cannot tell"]


@pytest.mark.parametrize(("other", "expected"), [
    (None, REFERRED),
    (exporting(group=f"{GROUP}:*", role=ROLE), REFERRED),
    (exporting(group={"nested": [GROUP]}, role=ROLE), REFERRED),
    (exporting(), GONE),
    (exporting(group=GROUP), ["right", "wrong role-not-in-stack", "cannot tell"]),
    (exporting(role=ROLE), ["right", "wrong log-group-not-in-stack", "cannot tell"]),
    (exporting(other=SECRET), REFERRED),
    (exporting("log_group", "role", "role_policy"), RIGHT),
    (stack("shared/others"), REFERRED),
    (exporting("log_group", "role_policy"), ["right", "wrong role-not-in-stack", "cannot tell"]),
])  # fmt: skip
def test_a_stack_reference(other: Stack | None, expected: list[str], tmp_path: Path) -> None:
    stacks = [referring(), *([other] if other else [])]
    assert told(audited(tmp_path, *stacks), "app/prod")["trail"] == expected


@pytest.mark.parametrize(("to", "name", "expected"), [
    ("acme/shared/logs", "app/prod", GONE),
    ("organization/shared/logs", "app/prod", GONE),
    ("acme/logs", "shared/prod", GONE),
    ("logs", "shared/prod", GONE),
    # A short name is of the project of the trail.
    ("logs", "app/prod", REFERRED),
    ("shared/logs", "app/prod", REFERRED),
    ("acme/app/logs", "shared/prod", REFERRED),
])  # fmt: skip
def test_how_a_stack_is_referred_to(to: str, name: str, expected: list[str], tmp_path: Path) -> None:
    assert told(audited(tmp_path, referring(to, name), exporting()), name)["trail"] == expected


@pytest.mark.parametrize(("to", "mine", "exporters", "expected"), [
    ("acme/shared/logs", "acme/app/prod", {"acme/shared/logs": False, "other/shared/logs": True}, GONE),
    ("acme/shared/logs", "acme/app/prod", {"acme/shared/logs": True, "other/shared/logs": False}, REFERRED),
    ("acme/shared/logs", "", {"other/shared/logs": False}, REFERRED),
    ("acme/shared/logs", "", {"": False, "other/shared/logs": True}, GONE),
    # Where it is not known which one is meant, both do not export it, or nothing is said.
    ("organization/shared/logs", "", {"acme/shared/logs": False, "other/shared/logs": True}, REFERRED),
    ("organization/shared/logs", "", {"acme/shared/logs": False, "other/shared/logs": False}, GONE),
])  # fmt: skip
def test_stacks_of_one_name_in_two_organizations(
    to: str, mine: str, exporters: dict[str, bool], expected: list[str], tmp_path: Path
) -> None:
    sources = [replace(referring(to).write(tmp_path), stack=mine)]
    for name, exports in exporters.items():
        folder = tmp_path / f"of {name.replace('/', '.')}"
        folder.mkdir()
        made = exporting(group=GROUP, role=ROLE) if exports else exporting()
        sources.append(replace(made.write(folder), stack=name))
    for each in (sources, sources[::-1]):
        with Workers(Here, 2) as workers:
            assert told(audit(each, terms(), workers))["trail"] == expected


def test_the_message_about_a_stack_reference(tmp_path: Path) -> None:
    answers = audited(tmp_path, referring(), exporting(role=ROLE)).trails[0].answers
    assert [finding.message for answer in answers if answer.policy == EXIST for finding in answer.findings] == [
        f'cloudWatchLogsGroupArn is {GROUP}, which came from a StackReference to "acme/shared/logs". That stack no '
        "longer exports it, and no stack of this audit declares such a log group. Set cloudWatchLogsGroupArn to the ARN "
        "of a log group that exists, and update both stacks."
    ]


def test_stack_references_in_a_circle(tmp_path: Path) -> None:
    one, two = referring(), exporting(group=GROUP, role=ROLE)
    two.reference("acme/app/prod", trail="arn:aws:cloudtrail:us-east-1:123456789012:trail/trail")
    assert told(audited(tmp_path, one, two), "app/prod")["trail"] == REFERRED


class Stored(dict[str, str]):
    """A resource of which each look is a call."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name)


def test_very_many_may_each_need_a_little_of_one() -> None:
    """The work is linear in how much it is, and the order that of the state, in any run."""

    def work(count: int) -> int:
        urns = [f"urn:pulumi:logs::shared::{ROLE_POLICY}::{number}" for number in range(count)]
        shared = Shared("shared/logs", State([Stored(urn=urn) for urn in urns]), tuple(Tie(urn, ()) for urn in urns))
        parts: list[Shared] = []
        calls = calls_of(lambda: parts.extend(shared.part(frozenset(urns[at : at + 3])) for at in range(count)))
        assert [[tie.urn for tie in part.ties] for part in parts] == [urns[at : at + 3] for at in range(count)]
        assert [[each["urn"] for each in part.state.resources] for part in parts] == [
            urns[at : at + 3] for at in range(count)
        ]
        return calls

    assert work(400) < 2.2 * work(200)


def plain(made: Stack) -> Stack:
    """With nothing recorded of what its trail was made of, as where a program gets an output without a dependency."""
    made.resources[-1]["propertyDependencies"] = {}
    return made


def test_a_problem_is_said_once(tmp_path: Path) -> None:
    assert told(audited(tmp_path, plain(referring()), exporting()), "app/prod")["trail"] == GONE
    assert told(audited(tmp_path, plain(referring())), "app/prod")["trail"] == GONE


@pytest.mark.parametrize(("lost", "standings", "remarks"), [
    ("app/prod", ALONE, ('Stack "app/prod" was checked alone: a state could not be read a second time.',)),
    ("shared/logs", ALONE, ('Stack "app/prod" was checked without shared/logs: a state could not be read a second time.',)),
    ("shared/roles", ["right", "wrong role-not-in-stack", "cannot tell"],
     ('Stack "app/prod" was checked without shared/roles: a state could not be read a second time.',)),
    ("shared/others", RIGHT, ()),
])  # fmt: skip
def test_a_state_that_goes_away(lost: str, standings: list[str], remarks: tuple[str, ...], tmp_path: Path) -> None:
    stacks = [
        *(all_in_one_other() if lost == "shared/logs" else each_in_its_own()),
        with_evidence("shared/others"),
    ]
    sources = {each.name: each.write(tmp_path) for each in stacks}

    def progress(done: int, total: int) -> None:
        if done == total:
            sources[lost].path.unlink()

    with Workers(Here, 2) as workers:
        found = audit(list(sources.values()), terms(), workers, progress=progress)
    assert told(found)["trail"] == standings
    assert [row.remarks for row in found.stacks] == [remarks, *[()] * (len(sources) - 1)]


def test_a_fault_of_the_pack_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("hunter2")

    monkeypatch.setattr("cloudtrail_logs.fleet.judged_state.ties_of", broken)
    found = audited(tmp_path, stack("app/prod", "trail"))
    assert [each.reason for each in found.unread] == ["It could not be checked: KeyError. Please report this."]
