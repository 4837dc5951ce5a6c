"""The ways around the policies: each line of docs/development/evasion.md is a row here, and is tried.

`python -m tests.policies.test_evasion` writes the page from the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.analyzers import PACK, Analyzer, in_process
from tests.stacks import (
    ACCOUNT,
    AWS_TRAIL,
    LOG_GROUP_ARN,
    ROLE_ARN,
    STACK,
    TRUST_POLICY,
    UNKNOWN,
    Provider,
    Resource,
    log_group,
    role,
    trail,
    wired_trail,
)

from .template_cases import template

PAGE = PACK / "docs" / "development" / "evasion.md"
INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
PROOF = {name: {"requireProof": True} for name in (INTEGRATED, EXIST, CAN_DELIVER)}
PROVEN = ("not-proven",)


@dataclass(frozen=True)
class Way:
    """A way around the policies, and what they answer."""

    way: str
    """What the program does."""
    stack: Sequence[Resource]
    """What the pack sees of it, beside the stack's own resource."""
    by_default: tuple[str, ...] = ()
    """The codes that are reported."""
    with_proof: tuple[str, ...] = ()
    """The codes that `requireProof` adds."""
    remark: str = ""
    """What closes it else, or why it is inherent."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Other settings, by policy. The page names them in `remark`."""
    with_settings: tuple[str, ...] | None = None
    """All codes that are reported with them and with `requireProof`; None where there are none to try."""


KNOWN: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
GROUP, ROLE = log_group(arn=LOG_GROUP_ARN, logGroupClass="STANDARD"), role(arn=ROLE_ARN)
NEW_GROUP, NEW_ROLE = log_group(), role()
PARAMETER = Resource("aws:ssm/parameter:Parameter", "arn", {"value": LOG_GROUP_ARN, "id": "arn"})
BUCKET = Resource("aws:s3/bucket:Bucket", "bucket", {"arn": "arn:aws:s3:::bucket", "id": "bucket"})
COMPONENT = Resource("acme:obs:Audit", "audit", {}, provider=None)
PAIR = ["logs:CreateLogStream", "logs:PutLogEvents"]
NEVER = {"StringEquals": {"aws:PrincipalOrgID": "o-neverneverx"}}
POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/elsewhere"


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str = "Allow", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": PAIR, "Resource": resource, **more}


def trust(**more: Any) -> str:
    own = json.loads(TRUST_POLICY)["Statement"][0]
    return document({**own, **more})


def inline(policy: str, label: str = "deliver") -> Resource:
    return Resource("aws:iam/rolePolicy:RolePolicy", label, {"name": label, "role": "delivery", "policy": policy}, {"role": [ROLE]})  # fmt: skip


RIGHT = inline(document(statement()))
MANAGED = Resource("aws:iam/policy:Policy", "deliver", {"name": "deliver", "arn": POLICY_ARN, "path": "/", "policy": document(statement())})  # fmt: skip
ATTACHED = Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached", {"role": "delivery", "policyArn": POLICY_ARN}, {"role": [ROLE]})  # fmt: skip
TAKEN = Resource("aws:iam/policyAttachment:PolicyAttachment", "taken", {"name": "taken", "roles": ["other"], "policyArn": POLICY_ARN})  # fmt: skip


def delivering(*policies: Resource, delivery: Resource = ROLE, **properties: Any) -> tuple[Resource, ...]:
    """A stack after its update whose role has these policies; else it is right."""
    return (GROUP, delivery, *policies, wired_trail([GROUP], [delivery], **{**KNOWN, **properties}))


def trusting(policy: str) -> tuple[Resource, ...]:
    """A stack after its update whose role has this trust policy; else it is right."""
    return delivering(RIGHT, delivery=role(arn=ROLE_ARN, assumeRolePolicy=policy))


def lent(*sources: Resource, **properties: Any) -> tuple[Resource, ...]:
    """A stack whose trail names a log group by a value that these resources lend; else it is right."""
    return (*sources, ROLE, RIGHT, wired_trail(sources, [ROLE], **{**KNOWN, **properties}))


TARGETS: list[Way] = [
    Way("types the ARN of a log group and of a role that do not exist", (trail(**KNOWN),), ("log-group-not-in-stack", "role-not-in-stack")),
    Way("takes them from the stack's configuration, a secret or a function", (trail(**KNOWN),), ("log-group-not-in-stack", "role-not-in-stack"), remark="They look like typed ones."),
    Way("passes the ARN through an SSM parameter", lent(PARAMETER), (), PROVEN),
    Way("passes it through a component", lent(COMPONENT), (), PROVEN),
    Way("passes it through a resource of another package, such as a random string", lent(Resource("random:index/randomPet:RandomPet", "arn", {"id": "arn"}, {}, None)), (), PROVEN),
    Way("adds the empty string of another resource's output to a typed ARN", lent(BUCKET), (), PROVEN),
    Way("does so for the role", (GROUP, PARAMETER, wired_trail([GROUP], [PARAMETER], **KNOWN)), (), PROVEN),
    Way("passes it through a resource that is new in every run, in a preview", lent(replace(PARAMETER, properties={"id": UNKNOWN}), cloudWatchLogsGroupArn=UNKNOWN), remark="Inherent: the value is not known. The end of the update reports it, as the next line says, and so does `pulumi policy analyze`."),
    Way("does so, at the end of the update", lent(PARAMETER), (), PROVEN),
    Way("reads a dead ARN from a StackReference", (ROLE, RIGHT, wired_trail([], [ROLE], **KNOWN)), remark="Form, region and account of the ARN are checked. Whether it exists, `externalTargets: lookup` asks."),
    Way("adds the empty string of something that is read to a typed ARN", (ROLE, RIGHT, wired_trail([], [ROLE], **KNOWN)), remark="Inherent: it looks like an ARN that is read. `externalTargets: lookup` asks."),
    Way("reads a log group with `.get` that is gone", (ROLE, RIGHT, wired_trail([], [ROLE], **KNOWN)), remark="Inherent, but the provider's read fails and ends the run."),
    Way("declares a decoy whose prefix is another one", (log_group(name=UNKNOWN, namePrefix="decoy-"), ROLE, RIGHT, trail(dependencies={"cloudWatchLogsRoleArn": [ROLE]}, **KNOWN)), ("log-group-not-in-stack",)),
    Way("declares a decoy with a prefix that the typed name has, in a preview", (log_group(name=UNKNOWN, namePrefix="aud"), ROLE, RIGHT, trail(dependencies={"cloudWatchLogsRoleArn": [ROLE]}, **KNOWN)), remark="Inherent: the name is not known. The end of the update reports it."),
    Way("does so, at the end of the update", (log_group(name="aud-1a2b", arn=f"{LOG_GROUP_ARN}-1a2b"), ROLE, RIGHT, trail(dependencies={"cloudWatchLogsRoleArn": [ROLE]}, **KNOWN)), ("log-group-not-in-stack",)),
    Way("declares a decoy of that name in another account, which no provider names, in a preview", (NEW_GROUP, ROLE, RIGHT, trail(dependencies={"cloudWatchLogsRoleArn": [ROLE]}, **KNOWN)), remark="Inherent: the decoy's ARN is not known. The end of the update reports it."),
    Way("does so, at the end of the update", (log_group(arn=LOG_GROUP_ARN.replace(ACCOUNT, "210987654321")), ROLE, RIGHT, trail(dependencies={"cloudWatchLogsRoleArn": [ROLE]}, **KNOWN)), ("log-group-not-in-stack",)),
    Way("passes the ARN of a bucket", (BUCKET, NEW_ROLE, RIGHT, wired_trail([BUCKET], [NEW_ROLE])), ("log-group-wrong-type",)),
    Way("names a log group of class DELIVERY", (log_group(arn=LOG_GROUP_ARN, logGroupClass="DELIVERY"), ROLE, RIGHT, trail(**KNOWN)), ("log-group-class-delivery",)),
    Way("deploys to a region that only the environment says, with a log group of another one", (GROUP, ROLE, RIGHT, trail(provider=Provider({}), dependencies={"cloudWatchLogsGroupArn": [GROUP], "cloudWatchLogsRoleArn": [ROLE]}, **{**KNOWN, "region": None})), remark="Inherent in a preview: no resource says the region. AWS refuses the trail."),
    Way("uses a log group and a role of another account than the trail's, which no provider names", delivering(RIGHT), remark="Inherent: no resource says the trail's account. AWS refuses the trail."),
]  # fmt: skip
PERMISSIONS: list[Way] = [
    Way("trusts CloudTrail on a condition that is never met", trusting(trust(Condition=NEVER)), (), PROVEN),
    Way("trusts CloudTrail for another trail (aws:SourceArn)", trusting(trust(Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/other"}})), remark="Inherent: AWS documents the key both as recommended and as not supported."),
    Way("trusts everybody, which may not include CloudTrail", trusting(trust(Principal="*")), (), PROVEN),
    Way("denies CloudTrail on a condition", trusting(json.dumps({"Version": "2012-10-17", "Statement": [json.loads(TRUST_POLICY)["Statement"][0], {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": NEVER}]})), (), PROVEN),
    Way("writes a trust policy that is no JSON", trusting("{"), (), PROVEN),
    Way("trusts `CloudTrail.amazonaws.com`", trusting(trust(Principal={"Service": "CloudTrail.amazonaws.com"})), ("role-trust-missing",)),
    Way("allows the actions on a condition that is never met", delivering(inline(document(statement(Condition=NEVER)))), (), PROVEN),
    Way("allows them and denies them on a condition", delivering(RIGHT, inline(document(statement("Deny", Condition=NEVER)), "deny")), (), PROVEN),
    Way("does so in a preview, beside a policy that is not known yet", (NEW_GROUP, NEW_ROLE, inline(UNKNOWN), inline(document(statement("Deny", Condition=NEVER)), "deny"), wired_trail([NEW_GROUP], [NEW_ROLE])), (), PROVEN),
    Way("allows them on a log group that a policy variable names", delivering(inline(document(statement(resource="arn:aws:logs:*:*:log-group:${aws:PrincipalTag/x}:*")))), (), PROVEN),
    Way("writes a statement that IAM does not document", delivering(inline(document(statement("allow")))), (), PROVEN),
    Way("writes a policy that is no JSON", delivering(inline("{")), (), PROVEN),
    Way("encodes a policy twice", delivering(inline(json.dumps(document(statement())))), ("role-permission-missing",)),
    Way("allows the first stream only", delivering(inline(document(statement(resource=f"{LOG_GROUP_ARN}:log-stream:{ACCOUNT}_CloudTrail_us-east-1")))), ("role-permission-missing",)),
    Way("attaches a policy of another stack instead", delivering(ATTACHED), (), PROVEN),
    Way("attaches one beside a right policy, which may deny", delivering(RIGHT, ATTACHED), (), PROVEN),
    Way("attaches a policy of AWS that the pack does not know", delivering(replace(ATTACHED, properties={"role": "delivery", "policyArn": "arn:aws:iam::aws:policy/AWSLambdaFullAccess"})), (), PROVEN),
    Way("sets a permissions boundary of another stack", delivering(RIGHT, delivery=role(arn=ROLE_ARN, permissionsBoundary=POLICY_ARN)), (), PROVEN),
    Way("attaches a right policy, and takes it away by a PolicyAttachment to another role", delivering(MANAGED, ATTACHED, TAKEN), (), PROVEN),
    Way("uses a role of another stack that may do nothing", (GROUP, wired_trail([GROUP], [], **KNOWN)), remark="`externalRoles: lookup` checks what AWS says of it. Else the pack checks it in its own stack."),
    Way("lists a right organization's streams by the id of another organization", delivering(inline(document(statement(resource=[f"{LOG_GROUP_ARN}:log-stream:{ACCOUNT}_*", f"{LOG_GROUP_ARN}:log-stream:o-aaaaaaaaaa_*"]))), isOrganizationTrail=True), remark="Inherent: no resource shows the organization's id. `cloudtrail-delivery-is-recent` notices some of it."),
    Way("has another stack attach a Deny to the role, or a service control policy", delivering(RIGHT), remark="Inherent: no resource of the stack shows it. `cloudtrail-delivery-is-recent` notices."),
]  # fmt: skip
REQUIRED: Mapping[str, Mapping[str, Any]] = {EXIST: {"requireTrail": ["shop/*"]}}
TRAILS: list[Way] = [
    Way("deletes the trail, renames its stack's program, or moves it out of sight", (GROUP, ROLE, RIGHT), remark="`requireTrail`: `no-trail`.", settings=REQUIRED, with_settings=("no-trail",)),
    Way("only reads a trail", (GROUP, ROLE), remark="`requireTrail`: `no-trail`. What is read never reaches a pack in a preview.", settings=REQUIRED, with_settings=("no-trail",)),
    Way("makes the trail by a script, a dynamic provider or a custom resource", (Resource("command:local:Command", "trail", {"create": "aws cloudtrail create-trail"}, {}, None),), remark="Inherent. `requireTrail`: `no-trail`, since the pack sees none.", settings=REQUIRED, with_settings=("no-trail",)),
    Way("renames the stack or the project, so that `requireTrail` does not list it", (replace(GROUP, given_urn=GROUP.urn.replace("::shop::", "::shopping::")),), remark="Inherent: list stacks by the part that the deployment decides, such as `*/prod`.", settings={EXIST: {"requireTrail": ["other/*"]}}, with_settings=()),
    Way("declares another trail only so that there is one", delivering(RIGHT), remark="Inherent: `requireTrail` asks for a trail, not for what it records.", settings=REQUIRED, with_settings=()),
    Way("switches the trail off", delivering(RIGHT, enableLogging=False), ("logging-disabled",)),
    Way("switches it off by a string", delivering(RIGHT, enableLogging="False"), ("logging-disabled",)),
    Way("switches it off by a number", delivering(RIGHT, enableLogging=0), (), PROVEN),
    Way("switches it off by a value that is not known, in a preview", delivering(RIGHT, enableLogging=UNKNOWN), remark="Inherent in a preview. The first policy stops the update before the trail is created, as the next line says."),
    Way("does so, in the update", delivering(RIGHT, enableLogging=False), ("logging-disabled",)),
    Way("says by a string whether it is an organization trail, with permissions for one account", delivering(inline(document(statement(resource=f"{LOG_GROUP_ARN}:log-stream:{ACCOUNT}_*"))), isOrganizationTrail="perhaps"), (), PROVEN),
    Way("sets the ARNs to blanks", (trail(cloudWatchLogsGroupArn=" ", cloudWatchLogsRoleArn=""),), ("not-integrated",)),
    Way("ignores changes of both ARNs", (replace(trail(), ignored=("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")),), ("not-integrated",)),
    Way("has two trails of one name in AWS, of which one is right", (*delivering(RIGHT), trail("other", name="audit")), ("not-integrated",)),
    Way("uses its log group elsewhere, so that it does not look unused", (NEW_GROUP, Resource("aws:lambda/function:Function", "api", {"loggingConfig": {"logGroup": "audit"}}, {"loggingConfig": [NEW_GROUP]}), trail()), ("not-integrated",), remark="`log-group-unused` is not said."),
    Way("names the trail so that a report looks like another one", (trail("audit\n[role-missing] ::error::a"),), ("not-integrated",), remark="What a name has of lines and commands is replaced."),
    Way("names the trail so that a pattern of an exemption matches it", (trail("vendor-audit"),), ("not-integrated",), remark="Inherent: who may name trails decides then. Scope exemptions by project and stack.", settings={INTEGRATED: {"exemptions": [{"trail": "vendor-*", "reason": "Onboarding."}]}}, with_settings=()),
    Way("does so in another project than the exemption's", (trail("vendor-audit"),), ("not-integrated",), settings={INTEGRATED: {"exemptions": [{"trail": "vendor-*", "project": "onboarding", "reason": "Onboarding."}]}}, with_settings=("not-integrated",)),
    Way("changes the trail, its log group or its role by hand afterwards", delivering(RIGHT), remark="Inherent: the program still says the right thing. `cloudtrail-delivery-is-recent` notices."),
]  # fmt: skip


def deploying(body: str, **more: Any) -> tuple[Resource, ...]:
    """A CloudFormation stack. more: its other properties."""
    return (Resource("aws:cloudformation/stack:Stack", "infra", {"name": "infra", "templateBody": body, **more}),)


UNWIRED = template("")
BY_PARAMETER = template(
    "CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !GetAtt Role.Arn",
    sections="Parameters: {Group: {Type: String, Default: ''}}",
)
FROM_SSM = BY_PARAMETER.replace(
    "Type: String, Default: ''", "Type: 'AWS::SSM::Parameter::Value<String>', Default: /audit/logs"
)
CLOUD_CONTROL = {
    "typeName": "AWS::CloudTrail::Trail",
    "desiredState": json.dumps({"IsLogging": True, "S3BucketName": "b"}),
}
OF_TERRAFORM = {
    "name": "audit",
    "cloud_watch_logs_group_arn": "",
    "cloud_watch_logs_role_arn": "",
    "enable_logging": True,
}
NOTHING_WIRED = ("not-integrated", "log-group-unused")
ELSEWHERE = [
    Way("declares the trail in the template of a CloudFormation stack", deploying(UNWIRED), NOTHING_WIRED),
    Way("escapes a letter of the trail's type in the template", deploying(UNWIRED.replace("Type: AWS::CloudTrail::Trail", 'Type: "AWS::Cloud\\x54rail::Trail"')), NOTHING_WIRED),
    Way("breaks the line within the trail's type", deploying(UNWIRED.replace("Type: AWS::CloudTrail::Trail", 'Type: "AWS::Cloud\\\n    Trail::Trail"')), NOTHING_WIRED),
    Way("gives the template in a parameter's words", deploying(BY_PARAMETER, parameters={"Group": f"{LOG_GROUP_ARN}-gone:*"}), ("log-group-not-in-stack",)),
    Way("takes the ARN from Systems Manager in the template", deploying(FROM_SSM), remark="Inherent: only CloudFormation knows the value. `cloudtrail-delivery-is-recent` notices."),
    Way("takes the ARN from an export of another stack", deploying(template("CloudWatchLogsLogGroupArn: !ImportValue logs, CloudWatchLogsRoleArn: !GetAtt Role.Arn")), remark="Inherent: as for a StackReference."),
    Way("puts the trail under a condition that does not hold", deploying(template("", sections="Conditions: {Never: !Equals [a, b]}", trail="Condition: Never,")), remark="There is no trail then. `requireTrail` asks for one.", settings={EXIST: {"requireTrail": ["shop/dev"]}}, with_settings=("no-trail",)),
    Way("declares the trail in a stack set within the template", deploying(json.dumps({"Resources": {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": UNWIRED}}}})), NOTHING_WIRED),
    Way("uses a macro in the template", deploying(f"Transform: AWS::LanguageExtensions\n{UNWIRED}"), with_proof=PROVEN),
    Way("includes a part of the template from a bucket", deploying(template("", resources="  Fn::Transform: {Name: AWS::Include}")), with_proof=PROVEN),
    Way("uses YAML aliases in the template", deploying(f"{UNWIRED}  Topic: &topic {{Type: AWS::SNS::Topic}}\n"), with_proof=PROVEN),
    Way("makes the template longer than CloudFormation takes", deploying(f"{UNWIRED}# {52_000 * 'x'}\n"), with_proof=PROVEN),
    Way("breaks the template", deploying(f"{UNWIRED}]"), with_proof=PROVEN, remark="CloudFormation refuses it."),
    Way("gives the template by URL, or nests a stack by URL", deploying("", templateUrl="https://bucket.s3.amazonaws.com/t.yaml"), remark="Inherent: the text is not in the program. `explain` names it."),
    Way("lets a macro of its own make the trail, without its type in the template", deploying("Transform: Baseline\nResources: {}"), remark="Inherent: nothing in the program says that there is a trail. `requireTrail` asks for one."),
    Way("declares the trail with Cloud Control", (Resource("aws:cloudcontrol/resource:Resource", "audit", CLOUD_CONTROL),), ("not-integrated",)),
    Way("gives Cloud Control a state that is not JSON", (Resource("aws:cloudcontrol/resource:Resource", "audit", {**CLOUD_CONTROL, "desiredState": "{"}),), remark="Cloud Control refuses it."),
    Way("moves the trail to a Terraform stack at Pulumi Cloud", (Resource("pulumi:terraform:aws_cloudtrail", "audit", OF_TERRAFORM, provider=None),), ("not-integrated",)),
    Way("leaves the trail to a landing zone of Control Tower", (Resource("aws:controltower/landingZone:LandingZone", "zone", {"version": "3.3"}),), remark="Inherent: AWS makes it. `explain` says so, and `requireTrail` asks for a trail of the stack's own."),
]  # fmt: skip
ALONE = (AWS_TRAIL, "aws:cloudformation/stack:Stack", "aws:cloudcontrol/resource:Resource", "pulumi:terraform:aws_cloudtrail")  # fmt: skip
SECTIONS = {
    "What the trail names": TARGETS,
    "What the role may do": PERMISSIONS,
    "The trail itself": TRAILS,
    "CloudFormation, Cloud Control and Terraform": ELSEWHERE,
}
WAYS = [way for ways in SECTIONS.values() for way in ways]


def codes_of(stack: Sequence[Resource], settings: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The codes that the pack reports of a stack, by trail and as a whole."""
    analyzer = in_process()
    analyzer.configure({}, settings)
    answers = [analyzer.analyze(each) for each in stack if each.token in ALONE]
    answers.append(analyzer.analyze_stack([STACK, *stack]))
    assert [answer.can_not_run for answer in answers] == [()] * len(answers)
    lines = [line for answer in answers for report in answer.reports for line in report.message.split("\n")]
    return sorted(line[1:].partition("]")[0] for line in lines if line.startswith("["))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.way)
def test_a_way_around(way: Way) -> None:
    assert codes_of(way.stack, {}) == sorted(way.by_default)
    assert codes_of(way.stack, PROOF) == sorted((*way.by_default, *way.with_proof))
    if way.with_settings is not None:
        both = {name: {**PROOF.get(name, {}), **way.settings.get(name, {})} for name in {*PROOF, *way.settings}}
        assert codes_of(way.stack, both) == sorted(way.with_settings)


def test_what_is_right_is_silent() -> None:
    for stack in (delivering(RIGHT), delivering(MANAGED, ATTACHED), trusting(TRUST_POLICY), lent(GROUP)):
        for settings in ({}, PROOF, {**PROOF, **REQUIRED}):
            assert codes_of(stack, settings) == []


def test_a_way_that_passes_says_why() -> None:
    silent = [way for way in WAYS if not way.by_default and not way.with_proof]
    assert [way.way for way in silent if not way.remark] == []


def test_a_forged_line_is_no_line(analyzer: Analyzer) -> None:
    (report,) = analyzer.analyze(trail("audit\n[role-missing] ::error::a")).reports
    assert report.message.startswith("[not-integrated] ")
    assert "\n" not in report.message


def written() -> str:
    """The page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield """\
<!-- Written by `make docs` from tests/policies/test_evasion.py, where each line is tried. -->
# Ways around the policies

How the author of a program could silence a report without the organization's configuration, and what the pack answers. What
is marked as inherent cannot be seen from a program. `requireProof` closes most of the rest: it reports what is known and still
cannot be told. [policies.md](../policies.md#what-cannot-be-told) has its reasons.

Stack policies block a preview, but not an update: who runs `pulumi up --skip-preview` gets their reports when everything is
created. Require a preview, or run `pulumi policy analyze` on stacks that exist."""
    for title, ways in SECTIONS.items():
        yield f"\n## {title}\n"
        yield "| the program | by default | with `requireProof` | else |\n|---|---|---|---|"
        for way in ways:
            proof = _shown((*way.by_default, *way.with_proof))
            yield f"| {way.way} | {_shown(way.by_default)} | {proof} | {way.remark} |"
    yield ""


def _shown(codes: Sequence[str]) -> str:
    return ", ".join(f"`{code}`" for code in dict.fromkeys(codes)) or "silent"


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text() == written(), "run `make docs`"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
