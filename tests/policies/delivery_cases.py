"""What cloudtrail-role-can-deliver must answer: policy documents and attachments, each with its source.

A row is a stack in two moments: after its update (`resolved`: every ARN is known) and at the first preview of the
program (`preview`: the ARNs of the log group, the role and the policies are not known, while names and regions are;
the account is known only where a provider says it). What is right in one moment must not be called wrong in the other.

How a row is spelled: `later(text)` is known only after the update; with it, a whole JSON text is not known before, but
of a document of objects (aws-native) only that leaf. `At(preview, resolved)` are the values of the two moments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from cloudtrail_logs.model.verdict import Answer
from tests.stacks import (
    ACCOUNT,
    AWS,
    AWS_LOG_GROUP,
    AWS_NATIVE,
    AWS_ROLE,
    AWS_TRAIL,
    LOG_GROUP_ARN,
    NATIVE_LOG_GROUP,
    NATIVE_ROLE,
    NATIVE_TRAIL,
    ROLE_ARN,
    TERRAFORM_LOG_GROUP,
    TERRAFORM_ROLE,
    TERRAFORM_TRAIL,
    UNKNOWN,
    Provider,
    Resource,
)

Json = Any


class Moment(Enum):
    """When the stack is judged."""

    RESOLVED = "after the update"
    PREVIEW = "at first preview"


@dataclass(frozen=True)
class At:
    """A value that is another one in each moment."""

    preview: Json
    resolved: Json


@dataclass(frozen=True)
class Expected:
    """What must be answered about trail "audit". answer: None where only the report matters.

    lines: of the report, each as its code and parts of its text.
    """

    answer: Answer | None
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.lines]


@dataclass(frozen=True)
class Case:
    """A row of the table. rule: what it holds, in short. source: where AWS or the provider says so."""

    rule: str
    source: str
    stack: tuple[Resource, ...]
    resolved: Expected
    preview: Expected

    def expected(self, moment: Moment) -> Expected:
        return self.resolved if moment is Moment.RESOLVED else self.preview

    def resources(self, moment: Moment) -> list[Resource]:
        return [replace(each, properties=_at(each.properties, moment)) for each in self.stack]


def later(text: str) -> str:
    """A text that is not known before the update; it may be a part of another."""
    return f"<{text}>"


def _at(value: Json, moment: Moment) -> Json:
    if isinstance(value, At):
        value = value.preview if moment is Moment.PREVIEW else value.resolved
    if isinstance(value, str):
        unknown = moment is Moment.PREVIEW and "<" in value
        return UNKNOWN if unknown else re.sub("[<>]", "", value)
    if isinstance(value, Mapping):
        return {key: _at(each, moment) for key, each in value.items()}
    return [_at(each, moment) for each in value] if isinstance(value, list) else value


# --- the answers

RIGHT = Expected(Answer.RIGHT)
CANNOT_TELL = Expected(Answer.CANNOT_TELL)
NOTHING_SAID = Expected(None)


def refused(*parts: str) -> Expected:
    """A report of one line: the role may not do what it must."""
    return Expected(Answer.WRONG, (("role-permission-missing", parts),))


def refused_twice(first: Sequence[str], second: Sequence[str]) -> Expected:
    """A report of two lines: the two actions are refused for different reasons."""
    return Expected(Answer.WRONG, tuple(("role-permission-missing", tuple(parts)) for parts in (first, second)))


def distrusted(*parts: str) -> Expected:
    """A report of one line: CloudTrail may not assume the role."""
    return Expected(Answer.WRONG, (("role-trust-missing", parts),))


BOTH = "is not allowed to call logs:CreateLogStream and logs:PutLogEvents on stream "
CREATE = "is not allowed to call logs:CreateLogStream on stream "
PUT = "is not allowed to call logs:PutLogEvents on stream "
ENDS_AT_GROUP = "ends at the log group"
PLACEHOLDER = (
    "but its Resource has a ${…} that is not a policy variable, so nothing replaces it. Set it to arn:aws:logs:"
)
SOME_STREAMS = "does not cover all of its streams"
NO_POLICY = "It has no policy that could allow it"
NEVER_MET = "only under a condition that CloudTrail's role never meets"
DENIES = "It is denied by "
LEFT_OUT = "its NotResource excludes the stream"
OUTSIDE_BOUNDARY = "what a boundary does not allow is denied"
NOBODY = "allows no principal to assume it"

# --- the sources


def _iam(page: str) -> str:
    return f"IAM user guide: {page}"


EFFECT = _iam("IAM JSON policy elements: Effect")
ACTION = _iam("IAM JSON policy elements: Action")
NOT_ACTION = _iam("IAM JSON policy elements: NotAction")
RESOURCE = _iam("IAM JSON policy elements: Resource")
NOT_RESOURCE = _iam("IAM JSON policy elements: NotResource")
STATEMENT = _iam("IAM JSON policy elements: Statement")
SID = _iam("IAM JSON policy elements: Sid")
VERSION = _iam("IAM JSON policy elements: Version")
PRINCIPAL = _iam("AWS JSON policy elements: Principal")
NOT_PRINCIPAL = _iam("AWS JSON policy elements: NotPrincipal")
OPERATORS = _iam("IAM JSON policy elements: Condition operators")
SET_OPERATORS = _iam("Set operators for multivalued context keys")
KEYS = _iam("AWS global condition context keys")
VARIABLES = _iam("IAM policy elements: Variables and tags")
GRAMMAR = _iam("Grammar of the IAM JSON policy language")
EVALUATION = _iam("Policy evaluation logic")
BOUNDARIES = _iam("Permissions boundaries for IAM entities")
ARNS = _iam("IAM identifiers")
EXTERNAL_ID = _iam("Access to AWS accounts owned by third parties")
ATTACHING = _iam("Adding and removing IAM identity permissions")
AUTHORIZED_ON = "Service authorization reference: Actions, resources, and condition keys for Amazon CloudWatch Logs"
ROLE_POLICY = "CloudTrail user guide: Role policy document for CloudTrail to use CloudWatch Logs for monitoring"
STREAMS = "CloudTrail user guide: Sending events to CloudWatch Logs"
ORGANIZATION = "CloudTrail user guide: Creating a trail for an organization"
MANAGED = "AWS managed policy reference: "
REGISTRY = "Pulumi registry: "
ENGINE = "docs/development/what-a-pack-sees.md"
PARTITIONS = "AWS general reference: Amazon Resource Names (ARNs), partitions"

# --- documents

ACTIONS = ["logs:CreateLogStream", "logs:PutLogEvents"]
GROUP_ARN = later(LOG_GROUP_ARN)
ANY_ACCOUNT = "arn:aws:logs:us-east-1:*:log-group:audit"
OTHER_ACCOUNT = "210987654321"
MEGABYTE = [f"arn:aws:s3:::bucket/{'x' * 1_000}/{number:06}/*" for number in range(1_000)]
SECRET = "hunter2"  # stands where a message must not repeat what it finds


def allow(resource: Json = "*", action: Json = ACTIONS, **elements: Json) -> dict[str, Json]:
    """A statement that allows. An element that is None is left out."""
    return _statement("Allow", resource, action, elements)


def deny(resource: Json = "*", action: Json = "logs:*", **elements: Json) -> dict[str, Json]:
    """A statement that denies."""
    return _statement("Deny", resource, action, elements)


def _statement(effect: str, resource: Json, action: Json, elements: Mapping[str, Json]) -> dict[str, Json]:
    statement = {"Effect": effect, "Action": action, "Resource": resource, **elements}
    return {name: value for name, value in statement.items() if value is not None}


def objects(*statements: Json, version: str | None = "2012-10-17") -> dict[str, Json]:
    """A document as objects, as aws-native keeps it."""
    return {**({"Version": version} if version else {}), "Statement": list(statements)}


def document(*statements: Json, version: str | None = "2012-10-17") -> str:
    """A document as JSON text."""
    return json.dumps(objects(*statements, version=version))


def trust_of(principal: Json, action: Json = "sts:AssumeRole", **elements: Json) -> dict[str, Json]:
    """A statement of a trust policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, **elements}
    return {name: value for name, value in statement.items() if value is not None}


SERVICE = {"Service": "cloudtrail.amazonaws.com"}
TRUST = document(trust_of(SERVICE))
ALL = document(allow())
ON_GROUP = document(allow(f"{GROUP_ARN}:*"))
ON_BARE_GROUP = document(allow(GROUP_ARN))
ONLY_PUT = document(allow(action="logs:PutLogEvents"))
UNRELATED = document(allow("arn:aws:s3:::bucket/*", "s3:GetObject"))

# --- resources. What a stack is made of is joined by URN, so these stand for their variations as well.

GROUP = Resource(AWS_LOG_GROUP, "logs", {})
ROLE = Resource(AWS_ROLE, "delivery", {})
ROLE_ID = later("delivery")
OTHER_ROLE = Resource(AWS_ROLE, "other", {"name": "other", "path": "/", "arn": later(ROLE_ARN.replace("delivery", "other")), "assumeRolePolicy": TRUST})  # fmt: skip
POLICY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/deliver"
AWS_MANAGED = "arn:aws:iam::aws:policy/"
SECOND_PROVIDER = Provider({"region": "us-east-1", "allowedAccountIds": f'["{OTHER_ACCOUNT}"]'}, name="second")
FIRST_PROVIDER = Provider({"region": "us-east-1", "allowedAccountIds": f'["{ACCOUNT}"]'}, name="first")
PARAMETER = Resource("aws:ssm/parameter:Parameter", "parameter", {"value": UNKNOWN})
NAMER = Resource("random:index/randomPet:RandomPet", "namer", {"id": later("delivery")}, {}, None)


def delivery(
    *others: Resource,
    name: str = "audit",
    region: str = "us-east-1",
    partition: str = "aws",
    provider: Provider = AWS,
    group: Mapping[str, Json] | None = None,
    role: Mapping[str, Json] | None = None,
    role_sources: Mapping[str, Sequence[Resource]] | None = None,
    role_after: Sequence[Resource] = (),
    trail: Mapping[str, Json] | None = None,
    trail_sources: Mapping[str, Sequence[Resource]] | None = None,
) -> tuple[Resource, ...]:
    """A stack of the aws provider: trail "audit", its log group, its role, and these resources."""
    group_arn = later(f"arn:{partition}:logs:{region}:{ACCOUNT}:log-group:{name}")
    role_arn = later(f"arn:{partition}:iam::{ACCOUNT}:role/delivery")
    # What a new role does not set arrives as unknown at the first preview.
    unset: dict[str, Json] = {"inlinePolicies": At(UNKNOWN, []), "managedPolicyArns": At(UNKNOWN, [])}
    role_properties = {"name": "delivery", "path": "/", "arn": role_arn, "assumeRolePolicy": TRUST, **unset}
    trail_properties = {"s3BucketName": "bucket", "region": region, "cloudWatchLogsGroupArn": f"{group_arn}:*", "cloudWatchLogsRoleArn": role_arn}  # fmt: skip
    sources = {"cloudWatchLogsGroupArn": [GROUP], "cloudWatchLogsRoleArn": [ROLE]}
    return (
        Resource(GROUP.token, GROUP.name, {"name": name, "region": region, "arn": group_arn, **(group or {})}, {}, provider),
        Resource(ROLE.token, ROLE.name, {**role_properties, **(role or {})}, role_sources or {}, provider, role_after),
        Resource(AWS_TRAIL, "audit", {**trail_properties, **(trail or {})}, sources if trail_sources is None else trail_sources, provider),
        *others,
    )  # fmt: skip


def inline(policy: Json, label: str = "deliver", /, role: Resource = ROLE, **properties: Json) -> Resource:
    """A RolePolicy that names its role by the role's id, which is not known at first preview."""
    sources = {"role": [role], **({"policy": [GROUP]} if "<" in str(policy) else {})}
    return Resource("aws:iam/rolePolicy:RolePolicy", label, {"name": label, "role": later(role.name), "policy": policy, **properties}, sources)  # fmt: skip


def named_inline(policy: Json, role_name: str, label: str = "deliver", /, **sources: Sequence[Resource]) -> Resource:
    """A RolePolicy that names its role by a typed name."""
    return Resource("aws:iam/rolePolicy:RolePolicy", label, {"name": label, "role": role_name, "policy": policy}, sources)  # fmt: skip


def managed(policy: Json, label: str = "deliver", /) -> Resource:
    """A customer managed policy of the stack."""
    return Resource("aws:iam/policy:Policy", label, {"name": label, "path": "/", "arn": later(f"arn:aws:iam::{ACCOUNT}:policy/{label}"), "policy": policy})  # fmt: skip


POLICY_THAT_IS_THERE = Resource("aws:iam/policy:Policy", "there", {"id": POLICY_ARN, "name": "there", "path": "/", "arn": POLICY_ARN, "policy": UNRELATED})  # fmt: skip


def namesake(label: str, policy: Json, account: str, provider: Provider = AWS, path: str = "/") -> Resource:
    """A customer managed policy named deliver, in an account."""
    arn = later(f"arn:aws:iam::{account}:policy{path}deliver")
    return Resource("aws:iam/policy:Policy", label, {"name": "deliver", "path": path, "arn": arn, "policy": policy}, {}, provider)  # fmt: skip


def attachment(arn: str, label: str = "attached", /, role: Json = ROLE_ID, **sources: Sequence[Resource]) -> Resource:  # fmt: skip
    """A RolePolicyAttachment."""
    return Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", label, {"role": role, "policyArn": arn}, {"role": [ROLE], **sources})  # fmt: skip


def attachments(arn: str, roles: Json, label: str = "attached", /, **sources: Sequence[Resource]) -> Resource:
    """A PolicyAttachment."""
    return Resource("aws:iam/policyAttachment:PolicyAttachment", label, {"name": label, "roles": roles, "policyArn": arn}, sources)  # fmt: skip


def only_inline(names: Json, role: Resource = ROLE, **sources: Sequence[Resource]) -> Resource:
    """A RolePoliciesExclusive."""
    return Resource("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", "only", {"roleName": role.name, "policyNames": names}, {"roleName": [role], **sources})  # fmt: skip


def only_attached(arns: Json, **sources: Sequence[Resource]) -> Resource:
    """A RolePolicyAttachmentsExclusive."""
    return Resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "only", {"roleName": "delivery", "policyArns": arns}, {"roleName": [ROLE], **sources})  # fmt: skip


N_GROUP = Resource(NATIVE_LOG_GROUP, "logs", {"logGroupName": "audit", "arn": later(f"{LOG_GROUP_ARN}:*")}, {}, AWS_NATIVE)  # fmt: skip
N_ROLE = Resource(NATIVE_ROLE, "delivery", {})
N_GROUP_ARN = later(f"{LOG_GROUP_ARN}:*")  # an aws-native log group's ARN ends in :* already


def native(
    *others: Resource,
    role: Mapping[str, Json] | None = None,
    role_sources: Mapping[str, Sequence[Resource]] | None = None,
) -> tuple[Resource, ...]:
    """A stack of aws-native: trail "audit", its log group, its role, and these resources."""
    properties = {"roleName": "delivery", "path": "/", "arn": later(ROLE_ARN), "assumeRolePolicyDocument": objects(trust_of(SERVICE))}  # fmt: skip
    trail = {"isLogging": True, "s3BucketName": "bucket", "cloudWatchLogsLogGroupArn": N_GROUP_ARN, "cloudWatchLogsRoleArn": later(ROLE_ARN)}  # fmt: skip
    sources = {"cloudWatchLogsLogGroupArn": [N_GROUP], "cloudWatchLogsRoleArn": [N_ROLE]}
    return (
        N_GROUP,
        Resource(N_ROLE.token, N_ROLE.name, {**properties, **(role or {})}, role_sources or {}, AWS_NATIVE),
        Resource(NATIVE_TRAIL, "audit", trail, sources, AWS_NATIVE),
        *others,
    )


def native_inline(policy: Json, label: str = "deliver", /) -> Resource:
    """An aws-native RolePolicy."""
    properties = {"policyName": label, "roleName": "delivery", "policyDocument": policy}
    sources = {"roleName": [N_ROLE], **({"policyDocument": [N_GROUP]} if "<" in str(policy) else {})}
    return Resource("aws-native:iam:RolePolicy", label, properties, sources, AWS_NATIVE)


def native_managed(policy: Json, roles: Json, label: str = "deliver", /, **sources: Sequence[Resource]) -> Resource:
    """An aws-native ManagedPolicy, attached to these roles."""
    properties = {
        "managedPolicyName": label,
        "policyArn": later(f"arn:aws:iam::{ACCOUNT}:policy/{label}"),
        "policyDocument": policy,
        "roles": roles,
    }
    return Resource("aws-native:iam:ManagedPolicy", label, properties, sources, AWS_NATIVE)


def terraform(*others: Resource) -> tuple[Resource, ...]:
    """A stack of the any-Terraform provider."""
    group = Resource(TERRAFORM_LOG_GROUP, "logs", {"name": "audit", "region": "us-east-1", "arn": GROUP_ARN})
    role = Resource(TERRAFORM_ROLE, "delivery", {"name": "delivery", "path": "/", "arn": later(ROLE_ARN), "assumeRolePolicy": TRUST, "inlinePolicies": At(UNKNOWN, []), "managedPolicyArns": At(UNKNOWN, [])})  # fmt: skip
    trail = {"cloudWatchLogsGroupArn": f"{GROUP_ARN}:*", "cloudWatchLogsRoleArn": later(ROLE_ARN)}
    sources = {"cloudWatchLogsGroupArn": [group], "cloudWatchLogsRoleArn": [role]}
    return (group, role, Resource(TERRAFORM_TRAIL, "audit", trail, sources), *others)


T_GROUP = Resource(TERRAFORM_LOG_GROUP, "logs", {})
T_ROLE = Resource(TERRAFORM_ROLE, "delivery", {})

# --- rows


def row(rule: str, source: str, stack: tuple[Resource, ...], resolved: Expected, preview: Expected | None = None) -> Case:  # fmt: skip
    """A row; where no preview is given, both moments have the same answer."""
    return Case(rule, source, stack, resolved, preview or resolved)


def says(rule: str, source: str, policy: Json, resolved: Expected, preview: Expected | None = None) -> Case:
    """A row whose role has one inline policy with this document; statements are put into one."""
    text = policy if isinstance(policy, str) else document(*(policy if isinstance(policy, list) else [policy]))
    return row(rule, source, delivery(inline(text)), resolved, preview)


def on(rule: str, source: str, resource: Json, resolved: Expected, preview: Expected | None = None) -> Case:
    """A row whose role is allowed both actions on this Resource."""
    return says(rule, source, allow(resource), resolved, preview)


def trusts(rule: str, source: str, policy: Json, resolved: Expected, preview: Expected | None = None) -> Case:
    """A row whose role may write anywhere and has this trust policy; statements are put into one."""
    rule = f"trust: {rule}"
    text = policy if isinstance(policy, str) else document(*(policy if isinstance(policy, list) else [policy]))
    return row(rule, source, delivery(inline(ALL), role={"assumeRolePolicy": text}), resolved, preview)


def met(rule: str, condition: Json, resolved: Expected, source: str = OPERATORS) -> Case:
    """A row whose only Allow has this Condition."""
    return says(rule, source, allow(Condition=condition), resolved)


ACTION_ROWS = [
    says("both actions", ROLE_POLICY, allow(), RIGHT),
    says("all actions of the service", ACTION, allow(action="logs:*"), RIGHT),
    says("all actions", ACTION, allow(action="*"), RIGHT),
    says("actions match in any case", ACTION, allow(action=["LOGS:createlogstream", "Logs:PUTLOGEVENTS"]), RIGHT),
    says("* in an action", ACTION, allow(action=["logs:Create*", "logs:Put*"]), RIGHT),
    says("? in an action", ACTION, allow(action=["logs:CreateLogStrea?", "logs:?utLogEvents"]), RIGHT),
    says("? is exactly one character", ACTION, allow(action=["logs:CreateLogStream?", "logs:PutLogEvent?"]), refused(CREATE)),
    says("* in the middle of an action", ACTION, allow(action="logs:*Log*"), RIGHT),
    says("only PutLogEvents", ROLE_POLICY, allow(action="logs:PutLogEvents"), refused(CREATE, 'log group "audit"', "allows only logs:PutLogEvents there", "Add logs:CreateLogStream")),
    says("only CreateLogStream", ROLE_POLICY, allow(action=["logs:CreateLogStream"]), refused(PUT, "allows only logs:CreateLogStream there")),
    says("other actions of the service", ACTION, allow(action="logs:Describe*"), refused(BOTH, "Add logs:CreateLogStream and logs:PutLogEvents")),
    says("CreateLogGroup is not CreateLogStream", ACTION, allow(action=["logs:CreateLogGroup", "logs:PutLogEvents"]), refused(CREATE)),
    says("a misspelt action matches nothing", ACTION, allow(action=["logs:CreateLogStream", "logs:PutLogEvent"]), refused(PUT)),
    says("another service", ACTION, allow(action="cloudwatch:*"), refused(BOTH)),
    says("two actions in one text match nothing", ACTION, allow(action=", ".join(ACTIONS)), refused(BOTH)),
    says("an empty list of actions", GRAMMAR, allow(action=[]), refused(BOTH)),
    says("NotAction of another service", NOT_ACTION, allow(action=None, NotAction="iam:*"), RIGHT),
    says("NotAction that names one of the two", NOT_ACTION, allow(action=None, NotAction=["iam:*", "logs:PutLogEvents"]), refused(PUT)),
    says("NotAction with a wildcard", NOT_ACTION, allow(action=None, NotAction="logs:create*"), refused(CREATE)),
]  # fmt: skip

RESOURCE_ROWS = [
    on("the log group's ARN with :*", ROLE_POLICY, f"{GROUP_ARN}:*", RIGHT, CANNOT_TELL),
    on("the bare log group's ARN", AUTHORIZED_ON, GROUP_ARN, refused(BOTH, ENDS_AT_GROUP, "Append :*"), CANNOT_TELL),
    on("a bare ARN that is typed is wrong in any account", AUTHORIZED_ON, LOG_GROUP_ARN, refused(BOTH, ENDS_AT_GROUP, LOG_GROUP_ARN)),
    on("a bare ARN with wildcards before the name", AUTHORIZED_ON, "arn:aws:logs:*:*:log-group:audit", refused(BOTH, ENDS_AT_GROUP)),
    on("everything", RESOURCE, "*", RIGHT),
    on("everything of the service", RESOURCE, "arn:aws:logs:*:*:*", RIGHT),
    on("all log groups: the * crosses colons", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:*", RIGHT),
    on("the name and :* in any account", RESOURCE, f"{ANY_ACCOUNT}:*", RIGHT),
    on("the name and *", RESOURCE, f"{ANY_ACCOUNT}*", RIGHT),
    on("all streams of the log group", AUTHORIZED_ON, f"{ANY_ACCOUNT}:log-stream:*", RIGHT),
    on("the account's streams, as AWS documents it", ROLE_POLICY, f"{LOG_GROUP_ARN}:log-stream:{ACCOUNT}_CloudTrail_us-east-1*", RIGHT, CANNOT_TELL),
    on("the streams of CloudTrail of the region", STREAMS, f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1*", RIGHT),
    on("exactly the first stream", STREAMS, f"{LOG_GROUP_ARN}:log-stream:{ACCOUNT}_CloudTrail_us-east-1", refused(BOTH + "123456789012_CloudTrail_us-east-1_2 of", SOME_STREAMS), refused(BOTH + "ACCOUNT_CloudTrail_us-east-1_2 of", SOME_STREAMS)),
    on("only the first stream of any account", STREAMS, f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1", refused("_CloudTrail_us-east-1_2 of", SOME_STREAMS)),
    on("only the streams under load", STREAMS, f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_*", refused("_CloudTrail_us-east-1 of", SOME_STREAMS)),
    on("the first stream and those under load", STREAMS, [f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1", f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_*"], RIGHT),
    on("only nine streams under load", STREAMS, [f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1", f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_?"], refused("_CloudTrail_us-east-1_10 of")),
    on("streams of another region", STREAMS, f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_eu-west-1*", refused(BOTH)),
    on("a stream prefix that CloudTrail does not use", STREAMS, f"{ANY_ACCOUNT}:log-stream:cloudtrail*", refused(BOTH)),
    on("no stream's name at all", AUTHORIZED_ON, f"{ANY_ACCOUNT}:log-stream:", refused(BOTH)),
    on("a region that is not the log group's", ROLE_POLICY, f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:audit:*", refused(BOTH, "has another region")),
    on("no region and no account", RESOURCE, "arn:aws:logs:::log-group:audit:*", refused(BOTH)),
    on("an account that is typed", ARNS, f"{LOG_GROUP_ARN}:*", RIGHT, CANNOT_TELL),
    on("an account that is not the log group's", ARNS, f"arn:aws:logs:us-east-1:{OTHER_ACCOUNT}:log-group:audit:*", refused(BOTH, "has another account"), CANNOT_TELL),
    on("a partition that is not the log group's", PARTITIONS, "arn:aws-cn:logs:*:*:*", refused(BOTH, "has another partition")),
    on("any partition", RESOURCE, "arn:*:logs:*:*:*", RIGHT),
    on("another service's ARN", RESOURCE, f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:log-group:audit:*", refused(BOTH, "has another service")),
    on("another log group", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:trails:*", refused(BOTH, "has another log group")),
    on("a beginning of the name is another name", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:aud:*", refused(BOTH, "has another log group")),
    on("a longer name is another name", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:audit-logs:*", refused(BOTH, "has another log group")),
    on("resources match in their very case", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:Audit:*", refused(BOTH, "has another log group")),
    on("a beginning of the name and *", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:aud*", RIGHT),
    on("a ? for each character of the name", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:?udi?:*", RIGHT),
    on("a ? too few", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:????:*", refused(BOTH)),
    on("a ? too many", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:audit?:*", refused(BOTH)),
    on("* at the end of a segment goes beyond the colon", RESOURCE, "arn:aws:logs:us-east-1:*:audit:*", RIGHT),
    on("* stands for nothing as well", RESOURCE, "arn:aws:logs:us-east-1:*:log-group:audit*:log-stream:*", RIGHT),
    on("a slash instead of a colon", AUTHORIZED_ON, "arn:aws:logs:us-east-1:*:log-group/audit:*", refused(BOTH)),
    on("/* instead of :*", AUTHORIZED_ON, "arn:aws:logs:us-east-1:*:log-group:audit/*", refused(BOTH)),
    on(":* twice still covers the streams", RESOURCE, f"{ANY_ACCOUNT}:*:*", RIGHT),
    on("one of a list is enough", RESOURCE, ["arn:aws:s3:::bucket/*", f"{ANY_ACCOUNT}:*"], RIGHT),
    on("the bare ARN beside the one with :*", ROLE_POLICY, [ANY_ACCOUNT, f"{ANY_ACCOUNT}:*"], RIGHT),
    on("an empty list of resources", GRAMMAR, [], refused(BOTH)),
    on("no ARN at all", RESOURCE, SECRET, refused(BOTH, "its Resource is not an ARN", f"Set it to {LOG_GROUP_ARN.partition(ACCOUNT)[0]}")),
    on("the log group's name", RESOURCE, "audit:*", refused(BOTH, "its Resource audit:* is not an ARN")),
    on("the end of the log group's ARN", RESOURCE, "log-group:audit", refused(BOTH, "its Resource log-group:audit is not an ARN")),
    row("ct:* is not ct-logs", RESOURCE, delivery(inline(document(allow("arn:aws:logs:*:*:log-group:ct:*"))), name="ct-logs"), refused(BOTH, 'log group "ct-logs"', "has another log group")),
    row("ct* is ct-logs", RESOURCE, delivery(inline(document(allow("arn:aws:logs:*:*:log-group:ct*"))), name="ct-logs"), RIGHT),
    row("ct?logs:* is ct-logs", RESOURCE, delivery(inline(document(allow("arn:aws:logs:*:*:log-group:ct?logs:*"))), name="ct-logs"), RIGHT),
    row("a name with slashes", RESOURCE, delivery(inline(document(allow("arn:aws:logs:*:*:log-group:/aws/*/trail:*"))), name="/aws/cloudtrail/trail"), RIGHT),
]  # fmt: skip

NOT_RESOURCE_ROWS = [
    says("NotResource of another service", NOT_RESOURCE, allow(None, NotResource="arn:aws:s3:::*"), RIGHT),
    says("NotResource that names the log group", NOT_RESOURCE, allow(None, NotResource=f"{ANY_ACCOUNT}:*"), refused(BOTH, LEFT_OUT)),
    says("NotResource that names the log group in a typed account", NOT_RESOURCE, allow(None, NotResource=[f"{LOG_GROUP_ARN}:*"]), refused(BOTH, LEFT_OUT), CANNOT_TELL),
    says("NotResource of the bare ARN leaves no stream out", AUTHORIZED_ON, allow(None, NotResource=LOG_GROUP_ARN), RIGHT),
    says("NotResource of one stream under load", NOT_RESOURCE, allow(None, NotResource=f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_7"), refused("_CloudTrail_us-east-1_7 of", LEFT_OUT)),
    says("what one NotResource leaves out of the streams another statement may allow", EVALUATION, [allow(None, NotResource=f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_7"), allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_7")], RIGHT),
    says("of the streams that NotResource leaves out another statement allows one", EVALUATION, [allow(None, NotResource=f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_1?"), allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_10")], refused(BOTH, "_CloudTrail_us-east-1_1")),
    says("what one NotResource leaves out another statement may allow", EVALUATION, [allow(None, NotResource=f"{ANY_ACCOUNT}:*"), allow(f"{ANY_ACCOUNT}:*")], RIGHT),
]  # fmt: skip

UNION_ROWS = [
    says("each action in a statement of its own", EVALUATION, [allow(action=action) for action in ACTIONS], RIGHT),
    row("each action in a policy of its own", EVALUATION, delivery(inline(document(allow(action=ACTIONS[0])), "create"), inline(document(allow(action=ACTIONS[1])), "put")), RIGHT),
    says("some streams in each statement", EVALUATION, [allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1"), allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_*")], RIGHT),
    row("some streams in each policy", EVALUATION, delivery(inline(document(allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1"))), managed(document(allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_*")), "rest"), attachment(later(f"arn:aws:iam::{ACCOUNT}:policy/rest"), policyArn=[managed("", "rest")])), RIGHT),
    says("CreateLogStream on the bare ARN, PutLogEvents on the streams", AUTHORIZED_ON, [allow(ANY_ACCOUNT, "logs:CreateLogStream"), allow(f"{ANY_ACCOUNT}:*", "logs:PutLogEvents")], refused(CREATE, "statement 1", ENDS_AT_GROUP)),
    says("PutLogEvents on another log group", EVALUATION, [allow(action="logs:CreateLogStream"), allow("arn:aws:logs:*:*:log-group:trails:*", "logs:PutLogEvents")], refused(PUT)),
    says("two actions refused for two reasons", EVALUATION, [allow(ANY_ACCOUNT, "logs:CreateLogStream"), allow("arn:aws:logs:eu-west-1:*:log-group:audit:*", "logs:PutLogEvents")], refused_twice([CREATE, ENDS_AT_GROUP], [PUT, "another region"])),
    row("a policy that is not known may hold what is missing", EVALUATION, delivery(inline(ONLY_PUT), inline(document(allow(f"{GROUP_ARN}:*", "logs:CreateLogStream")), "other")), RIGHT, CANNOT_TELL),
    row("a policy that is not known may hold a Deny", EVALUATION, delivery(inline(ALL), inline(document(allow(GROUP_ARN, "logs:DescribeLogStreams")), "other")), RIGHT, CANNOT_TELL),
]  # fmt: skip

DENY_ROWS = [
    says("Deny wins over Allow", EVALUATION, [allow(), deny(action="logs:PutLogEvents")], refused(PUT, "statement 2", DENIES)),
    says("Deny wins in any order", EVALUATION, [deny(), allow()], refused(BOTH, "statement 1", DENIES)),
    row("a Deny in another policy", EVALUATION, delivery(inline(ALL), inline(document(deny(Sid="NoLogs")), "limits")), refused(BOTH, 'statement "NoLogs" of inline policy "limits"', DENIES)),
    says("a Deny of the bare ARN reaches no stream", AUTHORIZED_ON, [allow(), deny(LOG_GROUP_ARN)], RIGHT),
    says("a Deny of another log group", EVALUATION, [allow(), deny("arn:aws:logs:*:*:log-group:trails:*")], RIGHT),
    says("a Deny of other actions", EVALUATION, [allow(), deny(action=["logs:Delete*", "logs:PutRetentionPolicy"])], RIGHT),
    says("a Deny of one stream under load", EVALUATION, [allow(), deny(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_3")], refused(BOTH, "_CloudTrail_us-east-1_3 of", DENIES)),
    says("a Deny of the typed account's streams", EVALUATION, [allow(), deny(f"{LOG_GROUP_ARN}:*")], refused(BOTH, DENIES), CANNOT_TELL),
    says("a Deny of all but the log group", NOT_RESOURCE, [allow(), deny(None, NotResource=f"{ANY_ACCOUNT}:*")], RIGHT),
    says("a Deny of all but the bare ARN", NOT_RESOURCE, [allow(), deny(None, NotResource=ANY_ACCOUNT)], refused(BOTH, DENIES)),
    says("a Deny of all but another log group", NOT_RESOURCE, [allow(), deny(None, NotResource="arn:aws:logs:*:*:log-group:trails:*")], refused(BOTH, DENIES)),
    says("a Deny of all but the service", NOT_ACTION, [allow(), deny(action=None, NotAction="logs:*")], RIGHT),
    says("a Deny of all but one action", NOT_ACTION, [allow(), deny(action=None, NotAction="logs:PutLogEvents")], refused(CREATE, DENIES)),
    says("a Deny on a condition", OPERATORS, [allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})], CANNOT_TELL),
    says("a Deny on a key that is never there", ROLE_POLICY, [allow(), deny(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})], RIGHT),
    says("a Deny unless a key that is never there has a value", OPERATORS, [allow(), deny(Condition={"StringNotEquals": {"aws:SourceAccount": ACCOUNT}})], refused(BOTH, DENIES)),
    says("a Deny with an operator that IAM does not know", OPERATORS, [allow(), deny(Condition={"StringMatches": {"aws:SourceAccount": "x"}})], CANNOT_TELL),
    says("a Deny with a policy variable", VARIABLES, [allow(), deny("arn:aws:logs:*:*:log-group:${aws:PrincipalTag/off}:*")], CANNOT_TELL),
    says("a Deny grants nothing", EVALUATION, [deny("arn:aws:s3:::*", "s3:*")], refused(BOTH)),
]  # fmt: skip

CONDITION_ROWS = [
    met("StringEquals on aws:SourceAccount", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}, refused(BOTH, NEVER_MET), ROLE_POLICY),
    met("ArnLike on aws:SourceArn", {"ArnLike": {"aws:SourceArn": "*"}}, refused(BOTH, NEVER_MET, "Remove that condition"), ROLE_POLICY),
    met("keys are named in any case", {"stringlike": {"AWS:sourcearn": "*"}}, refused(BOTH, NEVER_MET), KEYS),
    met("IfExists is met when the key is not there", {"ArnLikeIfExists": {"aws:SourceArn": "*"}}, RIGHT),
    met("a negated operator is met when the key is not there", {"StringNotEquals": {"aws:SourceAccount": "x"}}, RIGHT),
    met("a negated operator with IfExists", {"ArnNotLikeIfExists": {"aws:SourceArn": "*"}}, RIGHT),
    met("Null true: the key must not be there", {"Null": {"aws:SourceArn": "true"}}, RIGHT),
    met("Null false: the key must be there", {"Null": {"aws:SourceArn": False}}, refused(BOTH, NEVER_MET)),
    met("ForAllValues is met when the key is not there", {"ForAllValues:StringEquals": {"aws:SourceAccount": ["x"]}}, RIGHT, SET_OPERATORS),
    met("ForAnyValue is not met when the key is not there", {"ForAnyValue:StringEquals": {"aws:SourceAccount": ["x"]}}, refused(BOTH, NEVER_MET), SET_OPERATORS),
    met("ForAnyValue of a negated operator needs the key as well", {"ForAnyValue:StringNotEquals": {"aws:SourceAccount": "x"}}, refused(BOTH, NEVER_MET), SET_OPERATORS),
    met("ForAnyValue with IfExists is contested", {"ForAnyValue:StringEqualsIfExists": {"aws:SourceAccount": "x"}}, CANNOT_TELL, SET_OPERATORS),
    met("all keys must be met", {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:PrincipalTag/team": "audit"}}, refused(BOTH, NEVER_MET)),
    met("all operators must be met", {"Bool": {"aws:SecureTransport": True}, "ArnEquals": {"aws:SourceArn": "*"}}, refused(BOTH, NEVER_MET)),
    met("a key that is never there, whatever it is compared with", {"ArnEquals": {"aws:SourceArn": ["*", 7]}}, refused(BOTH, NEVER_MET), ROLE_POLICY),
    met("a key of the request", {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, CANNOT_TELL),
    met("another service's key", {"StringLike": {"logs:LogGeneratingResourceArns": "*"}}, CANNOT_TELL),
    met("the caller's address", {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, CANNOT_TELL),
    met("an operator that IAM does not know", {"StringMatches": {"aws:SourceArn": "*"}}, CANNOT_TELL),
    met("no condition in it", {}, RIGHT, GRAMMAR),
    met("a condition of another shape", "aws:SourceArn", CANNOT_TELL, GRAMMAR),
    met("keys of another shape", {"StringEquals": ["aws:SourceArn"]}, CANNOT_TELL, GRAMMAR),
    says("an unconditional statement beside it", EVALUATION, [allow(Condition={"ArnLike": {"aws:SourceArn": "*"}}), allow()], RIGHT),
]  # fmt: skip

VARIABLE_ROWS = [
    on("a variable in the name", VARIABLES, "arn:aws:logs:*:*:log-group:${aws:PrincipalTag/group}:*", CANNOT_TELL),
    on("a variable with a default", VARIABLES, "arn:aws:logs:*:*:log-group:${aws:PrincipalTag/group, 'audit'}:*", CANNOT_TELL),
    on("a variable that cannot make it match", VARIABLES, "arn:aws:s3:::bucket/${aws:username}/*", refused(BOTH)),
    on("a variable before the bare name", AUTHORIZED_ON, "arn:aws:logs:${aws:RequestedRegion}:*:log-group:audit", refused(BOTH, ENDS_AT_GROUP)),
    on("a variable beside what is enough", VARIABLES, ["arn:aws:logs:*:*:log-group:${aws:username}:*", f"{ANY_ACCOUNT}:*"], RIGHT),
    on("a placeholder for the log group's ARN", VARIABLES, "${logGroup.arn}:*", refused(BOTH, PLACEHOLDER)),
    on("a placeholder of Terraform", VARIABLES, "arn:aws:logs:*:*:log-group:${aws_cloudwatch_log_group.audit.name}:*", refused(BOTH, PLACEHOLDER)),
    on("a pseudo parameter without Fn::Sub", VARIABLES, "arn:${AWS::Partition}:logs:*:*:*", refused(BOTH, PLACEHOLDER)),
    on("a placeholder before another log group", VARIABLES, "arn:aws:logs:${region}:*:log-group:other:*", refused(BOTH, "has another region")),
    on("a placeholder beside what is enough", VARIABLES, ["${logGroup.arn}:*", f"{ANY_ACCOUNT}:*"], RIGHT),
    on("a placeholder beside a variable", VARIABLES, ["${logGroup.arn}:*", "arn:aws:logs:*:*:log-group:${aws:username}:*"], CANNOT_TELL),
    says("a Deny with a placeholder", VARIABLES, [allow(), deny("${logGroup.arn}:*")], RIGHT),
    on("${*} is an asterisk, not a wildcard", VARIABLES, "arn:aws:logs:*:*:log-group:audit:${*}", refused(BOTH)),
    on("${?} is a question mark, not a wildcard", VARIABLES, "arn:aws:logs:*:*:log-group:audi${?}:*", refused(BOTH)),
    says("version 2008-10-17 has no variables", VERSION, document(allow("arn:aws:logs:*:*:log-group:${aws:username}:*"), version="2008-10-17"), refused(BOTH)),
    says("no version is version 2008-10-17", VERSION, document(allow("arn:aws:logs:*:*:log-group:${aws:username}*"), version=None), refused(BOTH)),
    says("version 2008-10-17 is enough without variables", VERSION, document(allow(), version="2008-10-17"), RIGHT),
    says("no version is enough without variables", VERSION, document(allow(), version=None), RIGHT),
    says("a version that does not exist", VERSION, document(allow(), version="2024-01-01"), CANNOT_TELL),
]  # fmt: skip

DOCUMENT_ROWS = [
    says("one statement without a list", STATEMENT, json.dumps({"Version": "2012-10-17", "Statement": allow()}), RIGHT),
    says("one action and one resource in lists", GRAMMAR, allow(["*"], ["logs:*"]), RIGHT),
    says("an Id beside the statements", GRAMMAR, json.dumps({"Id": "x", **objects(allow())}), RIGHT),
    says("a message names the statement by its Sid", SID, allow(ANY_ACCOUNT, Sid="Deliver1"), refused(BOTH, 'statement "Deliver1" of inline policy "deliver"')),
    says("a Sid of other characters is not repeated", SID, allow(ANY_ACCOUNT, Sid=f"{SECRET} {SECRET}"), refused(BOTH, 'statement 1 of inline policy "deliver"')),
    says("an empty Sid", SID, allow(ANY_ACCOUNT, Sid=""), refused(BOTH, "statement 1 of")),
    says("no statement", GRAMMAR, document(), refused(BOTH)),
    says("encoded twice", GRAMMAR, json.dumps(ALL), refused(BOTH, "is encoded twice", "Encode it once")),
    says("encoded three times", GRAMMAR, json.dumps(json.dumps(ALL)), CANNOT_TELL),
    says("not JSON", GRAMMAR, f"Allow {SECRET} everything", CANNOT_TELL),
    says("a comma too many", GRAMMAR, '{"Version": "2012-10-17", "Statement": [],}', CANNOT_TELL),
    says("a list", GRAMMAR, "[]", CANNOT_TELL),
    says("null", GRAMMAR, "null", CANNOT_TELL),
    says("an empty object", GRAMMAR, "{}", CANNOT_TELL),
    says("elements in lower case", GRAMMAR, '{"statement": [{"effect": "Allow"}]}', CANNOT_TELL),
    says("a hundred thousand brackets", GRAMMAR, "[" * 100_000, CANNOT_TELL),
    says("a statement that is a text", GRAMMAR, ["Allow"], CANNOT_TELL),
    says("an element that does not exist", GRAMMAR, allow(None, Resources="*"), CANNOT_TELL),
    says("no Action", GRAMMAR, allow(action=None), CANNOT_TELL),
    says("Action and NotAction", _iam("IAM JSON policy elements reference"), allow(NotAction="iam:*"), CANNOT_TELL),
    says("no Resource", RESOURCE, allow(None), CANNOT_TELL),
    says("a number for an action", GRAMMAR, allow(action=7), CANNOT_TELL),
    says("a number for a resource", GRAMMAR, allow(7), CANNOT_TELL),
    says("an effect in lower case", EFFECT, {**allow(), "Effect": "allow"}, CANNOT_TELL),
    says("an unclear effect cannot allow what its resource leaves out", EFFECT, {**allow(ANY_ACCOUNT), "Effect": "allow"}, refused(BOTH)),
    says("a Principal in a permissions policy", PRINCIPAL, allow(Principal="*"), CANNOT_TELL),
    says("a megabyte that does not grant it", EVALUATION, allow(MEGABYTE), refused(BOTH)),
    says("a megabyte that grants it at its end", EVALUATION, allow([*MEGABYTE, f"{ANY_ACCOUNT}:*"]), RIGHT),
    says("two thousand asterisks", RESOURCE, allow("*" * 2_000 + "x"), refused(BOTH)),
    says("a hundred thousand characters in one resource", RESOURCE, allow("*" + "a?" * 50_000), refused(BOTH)),
]  # fmt: skip


def n_says(rule: str, source: str, statement: Json, resolved: Expected, preview: Expected) -> Case:
    """A row whose aws-native role has one RolePolicy with this statement."""
    return row(rule, source, native(native_inline(objects(statement))), resolved, preview)


LEAF_ROWS = [
    n_says("an unknown resource may be the right one", ENGINE, allow(N_GROUP_ARN), RIGHT, CANNOT_TELL),
    n_says("whatever the resource will be, an action is missing", ENGINE, allow(N_GROUP_ARN, "logs:PutLogEvents"), refused(CREATE), refused(CREATE)),
    n_says("an unknown resource in a list", ENGINE, allow(["arn:aws:s3:::bucket/*", N_GROUP_ARN]), RIGHT, CANNOT_TELL),
    n_says("an unknown action on what is not the log group", ENGINE, allow(f"{LOG_GROUP_ARN}", [later("logs:*")]), refused(BOTH), refused(BOTH)),
    n_says("an unknown action on everything", ENGINE, allow(action=[later("logs:*")]), RIGHT, CANNOT_TELL),
    n_says("an unknown effect", ENGINE, {**allow(), "Effect": later("Allow")}, RIGHT, CANNOT_TELL),
    n_says("an unknown statement", ENGINE, At(UNKNOWN, allow()), RIGHT, CANNOT_TELL),
    n_says("an unknown value of a condition that is never met", ENGINE, allow(Condition={"ArnLike": {"aws:SourceArn": later("arn:aws:cloudtrail:*:*:*")}}), refused(BOTH, NEVER_MET), refused(BOTH, NEVER_MET)),
    row("an unknown resource of a Deny", ENGINE, native(native_inline(objects(allow(), deny(later("arn:aws:s3:::bucket"))))), RIGHT, CANNOT_TELL),
    row("a Deny that is known beside an unknown Allow", ENGINE, native(native_inline(objects(allow(N_GROUP_ARN), deny(action="logs:Create*")))), refused(CREATE, DENIES)),
    row("an unknown principal of the trust policy", ENGINE, native(native_inline(objects(allow())), role={"assumeRolePolicyDocument": objects(trust_of({"Service": later("cloudtrail.amazonaws.com")}))}), RIGHT, CANNOT_TELL),
    row("an unknown principal of AWS may be everybody", PRINCIPAL, native(native_inline(objects(allow())), role={"assumeRolePolicyDocument": objects(trust_of({"Service": "ec2.amazonaws.com", "AWS": later(f"arn:aws:iam::{ACCOUNT}:role/x")}))}), distrusted("ec2.amazonaws.com"), CANNOT_TELL),
    row("whichever identity provider is trusted, not CloudTrail", ENGINE, native(native_inline(objects(allow())), role={"assumeRolePolicyDocument": objects(trust_of({"Service": "ec2.amazonaws.com", "Federated": later(f"arn:aws:iam::{ACCOUNT}:saml-provider/x")}))}), distrusted("ec2.amazonaws.com")),
    row("whatever the service may do, it is not CloudTrail", ENGINE, native(native_inline(objects(allow())), role={"assumeRolePolicyDocument": objects(trust_of({"Service": "ec2.amazonaws.com"}, later("sts:AssumeRole")))}), distrusted("ec2.amazonaws.com")),
    row("an unknown condition of the trust policy", ENGINE, native(native_inline(objects(allow())), role={"assumeRolePolicyDocument": objects(trust_of(SERVICE, Condition={"ArnLike": {"aws:SourceArn": later("arn:aws:cloudtrail:*:*:*")}}))}), CANNOT_TELL),
    n_says("an unknown resource beside one that is enough", ENGINE, allow(["*", N_GROUP_ARN]), RIGHT, RIGHT),
    n_says("an unknown NotResource", NOT_RESOURCE, allow(None, NotResource=later("arn:aws:s3:::*")), RIGHT, CANNOT_TELL),
    n_says("an unknown NotAction", NOT_ACTION, allow(action=None, NotAction=[later("iam:*")]), RIGHT, CANNOT_TELL),
    n_says("unknown keys of a condition", ENGINE, allow(Condition={"ArnLikeIfExists": At(UNKNOWN, {"aws:SourceArn": "*"})}), RIGHT, CANNOT_TELL),
    n_says("an unknown Sid", SID, allow(LOG_GROUP_ARN, Sid=later("Deliver")), refused(BOTH, ENDS_AT_GROUP), refused(BOTH, "statement 1 of", ENDS_AT_GROUP)),
    row("an unknown action of a Deny", ENGINE, native(native_inline(objects(allow(), deny(action=[later("s3:*")])))), RIGHT, CANNOT_TELL),
    row("a whole document that is not known", ENGINE, native(native_inline(At(UNKNOWN, objects(allow())))), RIGHT, CANNOT_TELL),
]  # fmt: skip

TRUST_ROWS = [
    trusts("the service", ROLE_POLICY, trust_of(SERVICE), RIGHT),
    trusts("a list of services with CloudTrail", PRINCIPAL, trust_of({"Service": ["ec2.amazonaws.com", "cloudtrail.amazonaws.com"]}), RIGHT),
    trusts("a list of services without CloudTrail", PRINCIPAL, trust_of({"Service": ["ec2.amazonaws.com", "logs.amazonaws.com"]}), distrusted("ec2.amazonaws.com and logs.amazonaws.com", "not cloudtrail.amazonaws.com")),
    trusts("CloudWatch Logs is not CloudTrail", ROLE_POLICY, trust_of({"Service": "logs.amazonaws.com"}), distrusted("cloudWatchLogsRoleArn", 'role "delivery"', "allows logs.amazonaws.com to assume it")),
    trusts("CloudTrail in another case: service principals are case-sensitive", PRINCIPAL, trust_of({"Service": "CloudTrail.amazonaws.com"}), distrusted("allows CloudTrail.amazonaws.com to assume it, but not cloudtrail.amazonaws.com")),
    trusts("a service that is none", PRINCIPAL, trust_of({"Service": SECRET}), distrusted("allows another Service principal to assume it")),
    trusts("an instance's role", ROLE_POLICY, trust_of({"Service": "ec2.amazonaws.com"}), distrusted("allows ec2.amazonaws.com to assume it")),
    trusts("an account", PRINCIPAL, trust_of({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), distrusted(f"arn:aws:iam::{ACCOUNT}:root")),
    trusts("an account and the service", PRINCIPAL, trust_of({"AWS": ACCOUNT, **SERVICE}), RIGHT),
    trusts("an identity provider", PRINCIPAL, trust_of({"Federated": "cognito-identity.amazonaws.com"}), distrusted("not cloudtrail.amazonaws.com")),
    trusts("the service as another kind of principal", PRINCIPAL, trust_of({"AWS": "cloudtrail.amazonaws.com"}), distrusted("allows another AWS principal to assume it")),
    trusts("everybody: whether that is a service is not documented", PRINCIPAL, trust_of("*"), CANNOT_TELL),
    trusts("everybody of AWS", PRINCIPAL, trust_of({"AWS": "*"}), CANNOT_TELL),
    trusts("everybody in a list", PRINCIPAL, trust_of({"AWS": ["*", ACCOUNT]}), CANNOT_TELL),
    trusts("everybody but somebody: IAM takes no NotPrincipal in a trust policy", NOT_PRINCIPAL, trust_of(None, NotPrincipal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), CANNOT_TELL),
    trusts("everybody but CloudTrail", NOT_PRINCIPAL, trust_of(None, NotPrincipal=SERVICE), distrusted("")),
    trusts("a second statement", EVALUATION, [trust_of({"Service": "ec2.amazonaws.com"}), trust_of(SERVICE)], RIGHT),
    trusts("all actions of the service", ACTION, trust_of(SERVICE, "sts:*"), RIGHT),
    trusts("a list of actions", ACTION, trust_of(SERVICE, ["sts:TagSession", "sts:AssumeRole"]), RIGHT),
    trusts("the action in another case", ACTION, trust_of(SERVICE, "sts:assumerole"), RIGHT),
    trusts("another action", ROLE_POLICY, trust_of(SERVICE, "sts:AssumeRoleWithWebIdentity"), distrusted("names cloudtrail.amazonaws.com, but not the action sts:AssumeRole")),
    trusts("no action", GRAMMAR, trust_of(SERVICE, None), CANNOT_TELL),
    trusts("a Resource, which IAM refuses in a trust policy", GRAMMAR, trust_of(SERVICE, Resource="*"), CANNOT_TELL),
    trusts("no principal", PRINCIPAL, trust_of(None), CANNOT_TELL),
    trusts("a list of principals without a kind", PRINCIPAL, trust_of(["cloudtrail.amazonaws.com"]), CANNOT_TELL),
    trusts("a number for a service", PRINCIPAL, trust_of({"Service": 7}), CANNOT_TELL),
    trusts("an external id, which a service never sends", EXTERNAL_ID, trust_of(SERVICE, Condition={"StringEquals": {"sts:ExternalId": SECRET}}), distrusted("requires an external ID")),
    trusts("an external id if there is one", OPERATORS, trust_of(SERVICE, Condition={"StringEqualsIfExists": {"sts:ExternalId": "x"}}), RIGHT),
    trusts("aws:SourceArn, of which the copies of the guide differ", ROLE_POLICY, trust_of(SERVICE, Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"}}), CANNOT_TELL),
    trusts("aws:SourceAccount, of which the copies of the guide differ", ROLE_POLICY, trust_of(SERVICE, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}), CANNOT_TELL),
    trusts("an external id beside aws:SourceArn", OPERATORS, trust_of(SERVICE, Condition={"ArnLike": {"aws:SourceArn": "*"}, "StringEquals": {"sts:ExternalId": "x"}}), distrusted("external ID")),
    trusts("a Deny of CloudTrail", EVALUATION, [trust_of(SERVICE), trust_of(SERVICE, Effect="Deny")], distrusted("denies cloudtrail.amazonaws.com (statement 2)")),
    trusts("a Deny of somebody else", EVALUATION, [trust_of(SERVICE), trust_of({"Service": "ec2.amazonaws.com"}, Effect="Deny")], RIGHT),
    trusts("a Deny of everybody on a condition", EVALUATION, [trust_of(SERVICE), trust_of("*", Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})], CANNOT_TELL),
    trusts("not known yet", ENGINE, document(trust_of({**SERVICE, "AWS": later(ACCOUNT)})), RIGHT, CANNOT_TELL),
    trusts("empty", GRAMMAR, "", CANNOT_TELL),
    trusts("no statement", GRAMMAR, document(), distrusted(NOBODY)),
    trusts("not JSON", GRAMMAR, SECRET, CANNOT_TELL),
    trusts("encoded twice", GRAMMAR, json.dumps(TRUST), distrusted("encoded twice")),
    trusts("another service, and a part that is not known yet", ENGINE, [trust_of({"Service": "ec2.amazonaws.com", "AWS": later(ACCOUNT)})], distrusted("ec2.amazonaws.com"), CANNOT_TELL),
    row("trust and permissions are both wrong", ROLE_POLICY, delivery(inline(ONLY_PUT), role={"assumeRolePolicy": TRUST.replace("cloudtrail", "ec2")}), Expected(Answer.WRONG, (("role-trust-missing", ("ec2.amazonaws.com",)), ("role-permission-missing", (CREATE,))))),
    row("trust is judged without any policy that is known", ROLE_POLICY, delivery(inline(ON_GROUP), role={"assumeRolePolicy": TRUST.replace("cloudtrail", "ec2")}), distrusted("ec2.amazonaws.com")),
]  # fmt: skip

LIMIT = managed("", "limit")
LIMIT_ARN = f"arn:aws:iam::{ACCOUNT}:policy/limit"


def bounded(rule: str, boundary: Json, resolved: Expected, preview: Expected | None = None, policy: str = ALL) -> Case:
    """A row whose role has a policy of the stack as its boundary."""
    stack = delivery(inline(policy), managed(boundary, "limit"), role={"permissionsBoundary": later(LIMIT_ARN)}, role_sources={"permissionsBoundary": [LIMIT]})  # fmt: skip
    return row(rule, BOUNDARIES, stack, resolved, preview)


def bounded_by(rule: str, arn: Json, resolved: Expected, **sources: Sequence[Resource]) -> Case:
    """A row whose role has a boundary that is not of the stack."""
    return row(rule, BOUNDARIES, delivery(inline(ALL), role={"permissionsBoundary": arn}, role_sources=sources), resolved)  # fmt: skip


BOUNDARY_ROWS = [
    bounded("a boundary that allows it", document(allow(action="logs:*")), RIGHT),
    bounded("a boundary on the log group", document(allow(f"{GROUP_ARN}:*")), RIGHT, CANNOT_TELL),
    bounded("a boundary that does not allow it", UNRELATED, refused(BOTH, 'The permissions boundary, policy "limit"', OUTSIDE_BOUNDARY)),
    bounded("a boundary that allows one action", document(allow(action="logs:CreateLogStream")), refused(PUT, OUTSIDE_BOUNDARY)),
    bounded("a boundary with a Deny", document(allow("*", "*"), deny()), refused(BOTH, "permissions boundary", DENIES)),
    bounded("a boundary on the bare ARN", document(allow(LOG_GROUP_ARN)), refused(BOTH)),
    bounded("a boundary on some streams", document(allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1")), refused("_CloudTrail_us-east-1_2 of")),
    bounded("a boundary on the streams that the policy does not allow", document(allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1_*")), refused("_CloudTrail_us-east-1 of"), policy=document(allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1"))),
    bounded("a boundary that is encoded twice", json.dumps(ALL), refused(BOTH)),
    bounded("a boundary on a condition that is never met", document(allow(Condition={"ArnLike": {"aws:SourceArn": "*"}})), refused(BOTH)),
    bounded("a boundary on a condition", document(allow(Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})), CANNOT_TELL),
    bounded("a boundary grants nothing", document(allow("*", "*")), refused(BOTH), policy=UNRELATED),
    bounded("a boundary that is wrong whatever the policy will be", UNRELATED, refused(BOTH, OUTSIDE_BOUNDARY), policy=ON_GROUP),
    bounded_by("AWS's boundary that allows all but IAM", f"{AWS_MANAGED}PowerUserAccess", RIGHT),
    bounded_by("AWS's boundary that does not allow it", f"{AWS_MANAGED}AWSCloudTrail_FullAccess", refused(BOTH, OUTSIDE_BOUNDARY)),
    bounded_by("a boundary outside the stack", LIMIT_ARN, CANNOT_TELL),
    row("a boundary by the typed ARN of the stack's policy", BOUNDARIES, delivery(inline(ALL), managed(UNRELATED, "limit"), role={"permissionsBoundary": LIMIT_ARN}), refused(BOTH, OUTSIDE_BOUNDARY)),
    bounded_by("an unknown boundary", UNKNOWN, CANNOT_TELL, permissionsBoundary=[PARAMETER]),
    bounded_by("a boundary that is read", UNKNOWN, CANNOT_TELL, permissionsBoundary=[]),
    bounded_by("an empty boundary is none", "", RIGHT),
    row("a boundary of aws-native", BOUNDARIES, native(native_inline(objects(allow())), native_managed(objects(allow("*", "s3:*")), None, "limit"), role={"permissionsBoundary": later(POLICY_ARN.replace("deliver", "limit"))}, role_sources={"permissionsBoundary": [native_managed("", None, "limit")]}), refused(BOTH, OUTSIDE_BOUNDARY)),
]  # fmt: skip


def member(rule: str, resource: Json, resolved: Expected, preview: Expected | None = None, flag: Json = True) -> Case:
    """A row whose trail is of an organization."""
    return row(rule, ORGANIZATION, delivery(inline(document(allow(resource))), trail={"isOrganizationTrail": flag}), resolved, preview)  # fmt: skip


OWN_STREAMS = f"{LOG_GROUP_ARN}:log-stream:{ACCOUNT}_CloudTrail_us-east-1*"
MEMBERS_NOT = "o-ORGANIZATION_MEMBER_CloudTrail_us-east-1 of"

PLACE_ROWS = [
    member("organization: the whole log group", f"{ANY_ACCOUNT}:*", RIGHT),
    member("organization: the account's streams are not its members'", OWN_STREAMS, refused(MEMBERS_NOT)),
    member("organization: the account's streams and o-*", [OWN_STREAMS, f"{LOG_GROUP_ARN}:log-stream:o-*"], RIGHT, CANNOT_TELL),
    member("organization: the account's streams and the organization's, as AWS documents it", [OWN_STREAMS, f"{LOG_GROUP_ARN}:log-stream:o-exampleorgid_*"], CANNOT_TELL),
    member("organization: only its members' streams", f"{ANY_ACCOUNT}:log-stream:o-*", refused("_CloudTrail_us-east-1 of")),
    member("organization: the streams of CloudTrail", f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1*", RIGHT),
    member("organization: one member is not all", [OWN_STREAMS, f"{LOG_GROUP_ARN}:log-stream:o-*_111122223333_*"], refused(MEMBERS_NOT)),
    member("organization: a list of the account's streams and of one member's", [OWN_STREAMS, f"{LOG_GROUP_ARN}:log-stream:o-*_111122223333_*", f"{LOG_GROUP_ARN}:log-stream:x"], refused(MEMBERS_NOT, "log-stream:o-*_111122223333_* does not cover all")),
    member("organization: a list of its members' streams and of the account's first", [f"{ANY_ACCOUNT}:log-stream:o-*", f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1"], refused("_CloudTrail_us-east-1_2 of", "*_CloudTrail_us-east-1 does not cover all")),
    row("organization: another one for each action", ORGANIZATION, delivery(inline(document(allow(f"{ANY_ACCOUNT}:log-stream:1*"), allow(f"{ANY_ACCOUNT}:log-stream:o-aaaaaaaaaa_*", ACTIONS[0]), allow(f"{ANY_ACCOUNT}:log-stream:o-bbbbbbbbbb_*", ACTIONS[1]))), trail={"isOrganizationTrail": True}, provider=FIRST_PROVIDER), refused(PUT, "on stream o-aaaaaaaaaa_MEMBER_", "This is for organization o-aaaaaaaaaa; for any other, a call is denied as well", "statement 3")),
    row("organization: another one for each digit of a member's account", ORGANIZATION, delivery(inline(document(allow(f"{ANY_ACCOUNT}:log-stream:1*"), allow([f"{ANY_ACCOUNT}:log-stream:o-{digit * 10}_{digit}*" for digit in "0123456789"]))), trail={"isOrganizationTrail": True}, provider=FIRST_PROVIDER), refused(BOTH + "o-0000000000_MEMBER_", "This is for organization o-0000000000")),
    row("organization: the same one for each action", ORGANIZATION, delivery(inline(document(allow(f"{ANY_ACCOUNT}:log-stream:1*"), *(allow(f"{ANY_ACCOUNT}:log-stream:o-aaaaaaaaaa_*", action) for action in ACTIONS))), trail={"isOrganizationTrail": True}, provider=FIRST_PROVIDER), CANNOT_TELL),
    row("an account that is another one for each action", ARNS, delivery(inline(document(allow(f"{LOG_GROUP_ARN}:*", ACTIONS[0]), allow(f"{LOG_GROUP_ARN.replace(ACCOUNT, OTHER_ACCOUNT)}:*", ACTIONS[1])))), refused(PUT, "12_CloudTrail_us-east-1 of", "allows only logs:CreateLogStream there"), refused(PUT, "12_CloudTrail_us-east-1 of", f"This is for account {ACCOUNT}; for any other, a call is denied as well", "allows only logs:CreateLogStream there")),
    member("organization: said as a text", OWN_STREAMS, refused(MEMBERS_NOT), flag="true"),
    member("organization: said to be none", OWN_STREAMS, RIGHT, CANNOT_TELL, flag=False),
    member("organization: not known whether", OWN_STREAMS, RIGHT, CANNOT_TELL, flag=At(UNKNOWN, False)),
    member("organization: not known whether, and wrong either way", LOG_GROUP_ARN, refused(BOTH, ENDS_AT_GROUP), flag=At(UNKNOWN, True)),
    row("organization: not known whether, and the account's streams only", ORGANIZATION, delivery(inline(document(allow(OWN_STREAMS))), trail={"isOrganizationTrail": At(UNKNOWN, False)}, provider=FIRST_PROVIDER), RIGHT, CANNOT_TELL),
    row("organization: a Deny of its members' streams", ORGANIZATION, delivery(inline(document(allow(), deny(f"{ANY_ACCOUNT}:log-stream:o-*"))), trail={"isOrganizationTrail": True}), refused(MEMBERS_NOT, DENIES)),
    row("organization: a Deny of one member's streams", ORGANIZATION, delivery(inline(document(allow(), deny(f"{ANY_ACCOUNT}:log-stream:o-*_111122223333_*"))), trail={"isOrganizationTrail": True}), refused("_111122223333_CloudTrail_us-east-1 of", DENIES)),
    row("several regions: all deliver to streams of the home region", STREAMS, delivery(inline(document(allow(f"{ANY_ACCOUNT}:log-stream:*_CloudTrail_us-east-1*"))), trail={"isMultiRegionTrail": True}), RIGHT),
    row("China: the same service, another partition", PARTITIONS, delivery(inline(document(allow("arn:aws-cn:logs:*:*:*"))), region="cn-north-1", partition="aws-cn"), RIGHT),
    row("China: a typed partition", PARTITIONS, delivery(inline(document(allow("arn:aws:logs:*:*:*"))), region="cn-north-1", partition="aws-cn"), refused(BOTH, "has another partition")),
    row("China: no service of another name", PARTITIONS, delivery(inline(ALL), region="cn-north-1", partition="aws-cn", role={"assumeRolePolicy": TRUST.replace(".com", ".com.cn")}), distrusted("cloudtrail.amazonaws.com.cn")),
    row("GovCloud", PARTITIONS, delivery(inline(document(allow("arn:aws-us-gov:logs:us-gov-west-1:*:log-group:audit:*"))), region="us-gov-west-1", partition="aws-us-gov"), RIGHT),
    row("GovCloud: a typed partition", PARTITIONS, delivery(inline(document(allow("arn:aws:logs:us-gov-west-1:*:log-group:audit:*"))), region="us-gov-west-1", partition="aws-us-gov"), refused(BOTH, "has another partition")),
    row("an account that the provider says", ENGINE, delivery(inline(document(allow(f"{LOG_GROUP_ARN}:*"))), provider=FIRST_PROVIDER), RIGHT),
    row("another account than the provider says", ENGINE, delivery(inline(document(allow(f"{LOG_GROUP_ARN.replace(ACCOUNT, OTHER_ACCOUNT)}:*"))), provider=FIRST_PROVIDER), refused(BOTH, "has another account")),
    row("an account that the role's typed ARN says", ENGINE, delivery(inline(document(allow(f"{LOG_GROUP_ARN}:*"))), trail={"cloudWatchLogsRoleArn": ROLE_ARN}, trail_sources={"cloudWatchLogsGroupArn": [GROUP]}), RIGHT),
    row("another account than the role's typed ARN says", ENGINE, delivery(inline(document(allow(f"{LOG_GROUP_ARN.replace(ACCOUNT, OTHER_ACCOUNT)}:*"))), trail={"cloudWatchLogsRoleArn": ROLE_ARN}, trail_sources={"cloudWatchLogsGroupArn": [GROUP]}), refused(BOTH, "has another account")),
    row("a region that nothing says", ENGINE, delivery(inline(document(allow(f"{ANY_ACCOUNT}:*"))), provider=Provider({}), group={"region": None}, trail={"region": None}), RIGHT, CANNOT_TELL),
    row("a region that nothing says, and another log group", ENGINE, delivery(inline(document(allow("arn:aws:logs:*:*:log-group:trails:*"))), provider=Provider({}), group={"region": None}, trail={"region": None}), refused(BOTH, "has another log group")),
    row("a log group whose name is not known", ENGINE, delivery(inline(document(allow(f"{ANY_ACCOUNT}:*"))), group={"name": later("audit")}), RIGHT, CANNOT_TELL),
    row("a log group whose name is not known, and a bare ARN", AUTHORIZED_ON, delivery(inline(document(allow(ANY_ACCOUNT))), group={"name": later("audit")}), refused(BOTH)),
    row("a log group from a parameter", ENGINE, delivery(inline(document(allow("arn:aws:logs:us-east-1:*:*"))), PARAMETER, trail_sources={"cloudWatchLogsGroupArn": [PARAMETER], "cloudWatchLogsRoleArn": [ROLE]}), RIGHT),
    row("a log group from a parameter, and one that is named", ENGINE, delivery(inline(document(allow(f"{ANY_ACCOUNT}:*"))), PARAMETER, trail_sources={"cloudWatchLogsGroupArn": [PARAMETER], "cloudWatchLogsRoleArn": [ROLE]}), RIGHT, CANNOT_TELL),
    row("a log group from a parameter, and an action is missing", ENGINE, delivery(inline(ONLY_PUT), PARAMETER, trail_sources={"cloudWatchLogsGroupArn": [PARAMETER], "cloudWatchLogsRoleArn": [ROLE]}), refused(CREATE)),
    row("a log group outside the stack whose ARN is typed", ENGINE, delivery(inline(document(allow(f"{LOG_GROUP_ARN}:*"))), trail={"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*"}, trail_sources={"cloudWatchLogsRoleArn": [ROLE]}), RIGHT),
    row("a typed log group that the policy does not cover", ENGINE, delivery(inline(document(allow(f"{LOG_GROUP_ARN}:*"))), trail={"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}-2:*"}, trail_sources={"cloudWatchLogsRoleArn": [ROLE]}), refused(BOTH, 'log group "audit-2"', "has another log group")),
    row("a trail without a log group is not asked for permissions", ENGINE, delivery(trail={"cloudWatchLogsGroupArn": None}), NOTHING_SAID),
    row("a log group's ARN that is none is another policy's to report", ENGINE, delivery(trail={"cloudWatchLogsGroupArn": "audit"}, trail_sources={"cloudWatchLogsRoleArn": [ROLE]}), NOTHING_SAID),
    row("the trust policy of a trail's role matters without a log group", ROLE_POLICY, delivery(trail={"cloudWatchLogsGroupArn": None}, role={"assumeRolePolicy": TRUST.replace("cloudtrail", "ec2")}), distrusted("ec2.amazonaws.com")),
    row("a log group's ARN without :* is judged all the same", AUTHORIZED_ON, delivery(inline(ONLY_PUT), trail={"cloudWatchLogsGroupArn": LOG_GROUP_ARN}), refused(CREATE)),
    row("a trail without a role", ENGINE, delivery(inline(UNRELATED), trail={"cloudWatchLogsRoleArn": None}), NOTHING_SAID),
    row("a role outside the stack", ENGINE, delivery(trail={"cloudWatchLogsRoleArn": ROLE_ARN.replace("delivery", "foreign")}, trail_sources={}), CANNOT_TELL),
    row("a role that is read", ENGINE, delivery(trail_sources={"cloudWatchLogsGroupArn": [GROUP], "cloudWatchLogsRoleArn": []}, trail={"cloudWatchLogsRoleArn": later(ROLE_ARN.replace("delivery", "foreign"))}), CANNOT_TELL),
    row("one of two roles", ENGINE, delivery(OTHER_ROLE, trail={"cloudWatchLogsRoleArn": At(UNKNOWN, ROLE_ARN)}, trail_sources={"cloudWatchLogsGroupArn": [GROUP], "cloudWatchLogsRoleArn": [ROLE, OTHER_ROLE]}), refused(BOTH, NO_POLICY), CANNOT_TELL),
    row("a role whose ARN is typed", ARNS, delivery(inline(ONLY_PUT), trail={"cloudWatchLogsRoleArn": ROLE_ARN}, trail_sources={"cloudWatchLogsGroupArn": [GROUP]}), refused(CREATE)),
    row("a role with a path whose ARN is typed", ARNS, delivery(inline(ONLY_PUT), role={"path": "/service-role/", "arn": later(ROLE_ARN.replace("role/", "role/service-role/"))}, trail={"cloudWatchLogsRoleArn": ROLE_ARN.replace("role/", "role/service-role/")}, trail_sources={"cloudWatchLogsGroupArn": [GROUP]}), refused(CREATE)),
    row("a role with another path is another role", ARNS, delivery(inline(ONLY_PUT), role={"path": "/service-role/", "arn": later(ROLE_ARN.replace("role/", "role/service-role/"))}, trail={"cloudWatchLogsRoleArn": ROLE_ARN}, trail_sources={"cloudWatchLogsGroupArn": [GROUP]}), CANNOT_TELL),
    row("a role with a path and a policy by its name", ARNS, delivery(named_inline(ALL, "delivery"), role={"path": "/service-role/", "arn": later(ROLE_ARN.replace("role/", "role/service-role/"))}, trail={"cloudWatchLogsRoleArn": later(ROLE_ARN.replace("role/", "role/service-role/"))}), RIGHT),
]  # fmt: skip

SHARED = Resource(AWS_LOG_GROUP, "first", {"name": "first", "region": "us-east-1", "arn": later(LOG_GROUP_ARN.replace("audit", "first"))})  # fmt: skip
FIRST_TRAIL = Resource(AWS_TRAIL, "first", {"s3BucketName": "bucket", "region": "us-east-1", "cloudWatchLogsGroupArn": later(f"{LOG_GROUP_ARN.replace('audit', 'first')}:*"), "cloudWatchLogsRoleArn": later(ROLE_ARN)}, {"cloudWatchLogsGroupArn": [SHARED], "cloudWatchLogsRoleArn": [ROLE]})  # fmt: skip
NAMESAKE = Resource(AWS_ROLE, "namesake", {"name": "delivery", "path": "/", "arn": later(ROLE_ARN.replace(ACCOUNT, OTHER_ACCOUNT)), "assumeRolePolicy": TRUST}, {}, SECOND_PROVIDER)  # fmt: skip

INLINE_ROWS = [
    row("RolePolicy: joined by dependency while the role's id is not known", REGISTRY + "aws.iam.RolePolicy", delivery(inline(ALL)), RIGHT),
    row("RolePolicy: by the role's typed name", REGISTRY + "aws.iam.RolePolicy", delivery(named_inline(ALL, "delivery")), RIGHT),
    row("RolePolicy: by the role's name output", REGISTRY + "aws.iam.RolePolicy", delivery(named_inline(ALL, "delivery", role=[ROLE])), RIGHT),
    row("RolePolicy: interpolates the log group's ARN", REGISTRY + "aws.iam.RolePolicy", delivery(inline(ON_GROUP)), RIGHT, CANNOT_TELL),
    row("RolePolicy: of another role by dependency", REGISTRY + "aws.iam.RolePolicy", delivery(OTHER_ROLE, inline(ALL, role=OTHER_ROLE)), refused(BOTH, NO_POLICY)),
    row("RolePolicy: of another role by name", REGISTRY + "aws.iam.RolePolicy", delivery(named_inline(ALL, "other")), refused(BOTH, NO_POLICY)),
    row("RolePolicy: a Deny for another role", REGISTRY + "aws.iam.RolePolicy", delivery(OTHER_ROLE, inline(ALL), inline(document(deny()), "denied", role=OTHER_ROLE)), RIGHT),
    row("RolePolicy: of a role that a parameter names", ENGINE, delivery(PARAMETER, named_inline(ALL, later("delivery"), role=[PARAMETER])), RIGHT, CANNOT_TELL),
    row("RolePolicy: of a role that is read", ENGINE, delivery(named_inline(ALL, later("foreign"), role=[])), refused(BOTH, NO_POLICY)),
    row("RolePolicy: names of roles match in their very case", REGISTRY + "aws.iam.RolePolicy", delivery(named_inline(ALL, "Delivery")), refused(BOTH, NO_POLICY)),
    row("a role with no policy", ROLE_POLICY, delivery(), refused(BOTH, NO_POLICY, "Allow logs:CreateLogStream and logs:PutLogEvents on")),
    row("a role whose name is not known, and its policy", ENGINE, delivery(NAMER, inline(ALL), role={"name": later("delivery")}, role_sources={"name": [NAMER]}), RIGHT),
    row("a role whose name is not known, and its policy lacks an action", ENGINE, delivery(NAMER, inline(ONLY_PUT), role={"name": later("delivery")}, role_sources={"name": [NAMER]}), refused(CREATE)),
    row("a role whose name is not known, and a policy by a typed name", ENGINE, delivery(NAMER, inline(ONLY_PUT), named_inline(ALL, "delivery", "typed"), role={"name": later("delivery")}, role_sources={"name": [NAMER]}), RIGHT, CANNOT_TELL),
    row("inlinePolicies: typed", REGISTRY + "aws.iam.Role", delivery(role={"inlinePolicies": [{"name": "deliver", "policy": ALL}]}), RIGHT),
    row("inlinePolicies: typed and wrong", REGISTRY + "aws.iam.Role", delivery(role={"inlinePolicies": [{"name": "deliver", "policy": ONLY_PUT}]}), refused(CREATE, 'inline policy "deliver"')),
    row("inlinePolicies: one of two grants", REGISTRY + "aws.iam.Role", delivery(role={"inlinePolicies": [{"name": "a", "policy": UNRELATED}, {"name": "b", "policy": ALL}]}), RIGHT),
    row("inlinePolicies: interpolated, all unknown", ENGINE, delivery(role={"inlinePolicies": At(UNKNOWN, [{"name": "deliver", "policy": ON_GROUP}])}, role_sources={"inlinePolicies": [GROUP]}), RIGHT, CANNOT_TELL),
    row("inlinePolicies: interpolated, the list is empty", ENGINE, delivery(role={"inlinePolicies": At([], [{"name": "deliver", "policy": ON_GROUP}])}, role_sources={"inlinePolicies": [GROUP]}), RIGHT, CANNOT_TELL),
    row("inlinePolicies: interpolated, missing beside a typed one", ENGINE, delivery(role={"inlinePolicies": At([{"name": "a", "policy": UNRELATED}], [{"name": "a", "policy": UNRELATED}, {"name": "b", "policy": ON_GROUP}])}, role_sources={"inlinePolicies": [GROUP]}), RIGHT, CANNOT_TELL),
    row("inlinePolicies: interpolated, unknown within the list", ENGINE, delivery(role={"inlinePolicies": [{"name": "deliver", "policy": ON_GROUP}]}, role_sources={"inlinePolicies": [GROUP]}), RIGHT, CANNOT_TELL),
    row("inlinePolicies: interpolated and wrong", AUTHORIZED_ON, delivery(role={"inlinePolicies": At(UNKNOWN, [{"name": "deliver", "policy": ON_BARE_GROUP}])}, role_sources={"inlinePolicies": [GROUP]}), refused(BOTH, ENDS_AT_GROUP), CANNOT_TELL),
    row("inlinePolicies: interpolated, behind a transform", ENGINE, delivery(role={"inlinePolicies": At(UNKNOWN, [{"name": "deliver", "policy": ON_GROUP}])}, role_after=[GROUP]), RIGHT, CANNOT_TELL),
    row("inlinePolicies: interpolated, behind a transform, the list is empty", ENGINE, delivery(role={"inlinePolicies": At([], [{"name": "deliver", "policy": ON_GROUP}])}, role_after=[GROUP]), RIGHT, CANNOT_TELL),
    row("inlinePolicies: interpolated and wrong, behind a transform", AUTHORIZED_ON, delivery(role={"inlinePolicies": At(UNKNOWN, [{"name": "deliver", "policy": ON_BARE_GROUP}])}, role_after=[GROUP]), refused(BOTH, ENDS_AT_GROUP), CANNOT_TELL),
    row("inlinePolicies: not set, though another property is made of a log group", ENGINE, delivery(inline(ONLY_PUT), role_sources={"description": [GROUP]}, role_after=[GROUP]), refused(CREATE)),
    row("inlinePolicies: not set, unknown all the same", ENGINE, delivery(inline(ONLY_PUT)), refused(CREATE)),
    row("inlinePolicies: [{}] removes them all", REGISTRY + "aws.iam.Role", delivery(role={"inlinePolicies": [{"name": "terraform-20240101000000000000000001"}]}), refused(BOTH, NO_POLICY)),
    row("inlinePolicies: [{}] with an empty policy", REGISTRY + "aws.iam.Role", delivery(role={"inlinePolicies": [{"name": "terraform-20240101000000000000000001", "policy": ""}]}), refused(BOTH, NO_POLICY)),
    row("inlinePolicies: [{}] leaves managed policies", REGISTRY + "aws.iam.Role", delivery(attachment(f"{AWS_MANAGED}CloudWatchLogsFullAccess"), role={"inlinePolicies": [{"name": "terraform-20240101000000000000000001"}]}), RIGHT),
    row("inlinePolicies: a name and a policy of another shape", GRAMMAR, delivery(role={"inlinePolicies": [{"name": ["deliver"], "policy": {"Statement": 7}}, 7, "x", None]}), CANNOT_TELL),
    row("refresh: the role repeats its RolePolicy", ENGINE, delivery(inline(ALL), role={"inlinePolicies": [{"name": "deliver", "policy": ALL}]}), RIGHT),
    row("refresh: the role repeats what the RolePolicy was before", ENGINE, delivery(inline(ONLY_PUT), role={"inlinePolicies": [{"name": "deliver", "policy": ALL}]}), refused(CREATE, "allows only logs:PutLogEvents there")),
    row("refresh: the role repeats what the RolePolicy was, which is not known yet", ENGINE, delivery(inline(ON_GROUP), role={"inlinePolicies": [{"name": "deliver", "policy": ALL}]}), RIGHT, CANNOT_TELL),
    row("refresh: an old Deny of a RolePolicy counts no more", ENGINE, delivery(inline(ALL), role={"inlinePolicies": [{"name": "deliver", "policy": document(deny())}]}), RIGHT),
    row("RolePoliciesExclusive: lists the policy", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(inline(ALL), only_inline(["deliver"])), RIGHT),
    row("RolePoliciesExclusive: lists it by its name output", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(inline(ALL), only_inline([later("deliver")], policyNames=[inline(ALL)])), RIGHT),
    row("RolePoliciesExclusive: leaves it out", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(inline(ALL), only_inline(["other"])), refused(BOTH)),
    row("RolePoliciesExclusive: an empty list removes all", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(inline(ALL), only_inline([])), refused(BOTH)),
    row("RolePoliciesExclusive: leaves out a Deny", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(inline(ALL), inline(document(deny()), "denied"), only_inline(["deliver"])), RIGHT),
    row("RolePoliciesExclusive: an unknown list", ENGINE, delivery(inline(ALL), PARAMETER, only_inline(UNKNOWN, policyNames=[PARAMETER])), CANNOT_TELL),
    row("RolePoliciesExclusive: an unknown entry", ENGINE, delivery(inline(ALL), PARAMETER, only_inline([UNKNOWN], policyNames=[PARAMETER])), CANNOT_TELL),
    row("RolePoliciesExclusive: of another role", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(OTHER_ROLE, inline(ALL), only_inline([], OTHER_ROLE)), RIGHT),
    row("RolePoliciesExclusive: leaves managed policies alone", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_inline([])), RIGHT),
    row("RolePoliciesExclusive: leaves out the role's own", REGISTRY + "aws.iam.RolePoliciesExclusive", delivery(only_inline(["other"]), role={"inlinePolicies": [{"name": "deliver", "policy": ALL}]}), refused(BOTH)),
]  # fmt: skip

NO_SUCH_POLICY = f"{AWS_MANAGED}AWSCloudTrailServiceRolePolicy"
MANAGED_ROWS = [
    row("attachment: of a policy of the stack", REGISTRY + "aws.iam.RolePolicyAttachment", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)])), RIGHT),
    row("attachment: of a policy that interpolates the ARN", REGISTRY + "aws.iam.RolePolicyAttachment", delivery(managed(ON_GROUP), attachment(later(POLICY_ARN), policyArn=[managed(ALL)])), RIGHT, CANNOT_TELL),
    row("attachment: of a policy that is wrong", REGISTRY + "aws.iam.RolePolicyAttachment", delivery(managed(ONLY_PUT), attachment(later(POLICY_ARN), policyArn=[managed(ALL)])), refused(CREATE, 'policy "deliver"')),
    row("attachment: by a typed ARN of the stack's policy", ARNS, delivery(managed(ONLY_PUT), attachment(POLICY_ARN, role="delivery")), refused(CREATE, 'policy "deliver"')),
    row("attachment: by a typed ARN, with a policy of that name in another account", ARNS, delivery(namesake("b-ours", ALL, ACCOUNT, FIRST_PROVIDER), namesake("a-theirs", ONLY_PUT, OTHER_ACCOUNT, SECOND_PROVIDER), attachment(POLICY_ARN), provider=FIRST_PROVIDER), RIGHT),
    row("attachment: by a typed ARN, with a better policy of that name in another account", ARNS, delivery(namesake("b-ours", ONLY_PUT, ACCOUNT, FIRST_PROVIDER), namesake("a-theirs", ALL, OTHER_ACCOUNT, SECOND_PROVIDER), attachment(POLICY_ARN), provider=FIRST_PROVIDER), refused(CREATE, 'policy "b-ours"')),
    row("attachment: by a typed ARN of one of two policies whose accounts are not known", ARNS, delivery(namesake("b-ours", ALL, ACCOUNT), namesake("a-theirs", ONLY_PUT, OTHER_ACCOUNT), attachment(POLICY_ARN)), RIGHT, CANNOT_TELL),
    row("attachment: by a typed ARN of one of two bad policies whose accounts are not known", ARNS, delivery(namesake("b-ours", ONLY_PUT, ACCOUNT), namesake("a-theirs", ONLY_PUT, OTHER_ACCOUNT), attachment(POLICY_ARN)), refused(CREATE, 'policy "b-ours"'), CANNOT_TELL),
    row("attachment: by a typed ARN of another path", ARNS, delivery(namesake("ours", ONLY_PUT, ACCOUNT, path="/audit/"), attachment(POLICY_ARN)), CANNOT_TELL),
    row("attachment: by a typed ARN with a path", ARNS, delivery(namesake("ours", ONLY_PUT, ACCOUNT, path="/audit/"), attachment(POLICY_ARN.replace("policy/", "policy/audit/"))), refused(CREATE, 'policy "ours"')),
    row("boundary: by a typed ARN of one of two policies whose accounts are not known", BOUNDARIES, delivery(inline(ALL), namesake("b-ours", ALL, ACCOUNT), namesake("a-theirs", ONLY_PUT, OTHER_ACCOUNT), role={"permissionsBoundary": POLICY_ARN}), RIGHT, CANNOT_TELL),
    row("attachment: by the role's typed name", REGISTRY + "aws.iam.RolePolicyAttachment", delivery(managed(ALL), Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "typed", {"role": "delivery", "policyArn": POLICY_ARN})), RIGHT),
    row("attachment: of a policy outside the stack", ATTACHING, delivery(attachment(f"arn:aws:iam::{ACCOUNT}:policy/foreign")), CANNOT_TELL),
    row("attachment: of a policy outside the stack may hold a Deny", EVALUATION, delivery(inline(ALL), attachment(f"arn:aws:iam::{ACCOUNT}:policy/foreign")), CANNOT_TELL),
    row("attachment: of a policy that a parameter names", ENGINE, delivery(PARAMETER, managed(ALL), attachment(later(POLICY_ARN), policyArn=[PARAMETER])), RIGHT, CANNOT_TELL),
    row("attachment: to another role", REGISTRY + "aws.iam.RolePolicyAttachment", delivery(OTHER_ROLE, managed(ALL), Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "other", {"role": later("other"), "policyArn": later(POLICY_ARN)}, {"role": [OTHER_ROLE], "policyArn": [managed(ALL)]})), refused(BOTH, NO_POLICY)),
    row("a policy that nothing attaches", ATTACHING, delivery(managed(ALL)), refused(BOTH, NO_POLICY)),
    row("PolicyAttachment: to several roles", REGISTRY + "aws.iam.PolicyAttachment", delivery(OTHER_ROLE, managed(ALL), attachments(later(POLICY_ARN), [later("other"), later("delivery")], roles=[OTHER_ROLE, ROLE], policyArn=[managed(ALL)])), RIGHT),
    row("PolicyAttachment: by typed names", REGISTRY + "aws.iam.PolicyAttachment", delivery(managed(ALL), attachments(later(POLICY_ARN), ["other", "delivery"], policyArn=[managed(ALL)])), RIGHT),
    row("PolicyAttachment: a typed name beside an output", REGISTRY + "aws.iam.PolicyAttachment", delivery(OTHER_ROLE, managed(ALL), attachments(later(POLICY_ARN), [later("other"), "delivery"], roles=[OTHER_ROLE], policyArn=[managed(ALL)])), RIGHT),
    row("PolicyAttachment: one unknown name made of two roles", ENGINE, delivery(OTHER_ROLE, managed(ALL), attachments(later(POLICY_ARN), At([UNKNOWN], ["delivery"]), roles=[OTHER_ROLE, ROLE], policyArn=[managed(ALL)])), RIGHT, CANNOT_TELL),
    row("RolePolicy: one unknown name made of two roles", ENGINE, delivery(OTHER_ROLE, named_inline(ALL, later("delivery"), role=[OTHER_ROLE, ROLE])), RIGHT, CANNOT_TELL),
    row("PolicyAttachment: to another role", REGISTRY + "aws.iam.PolicyAttachment", delivery(OTHER_ROLE, managed(ALL), attachments(later(POLICY_ARN), [later("other")], roles=[OTHER_ROLE], policyArn=[managed(ALL)])), refused(BOTH, NO_POLICY)),
    row("PolicyAttachment: to another role takes the policy from ours", REGISTRY + "aws.iam.PolicyAttachment", delivery(OTHER_ROLE, managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), attachments(later(POLICY_ARN), ["other"], "exclusive", policyArn=[managed(ALL)])), CANNOT_TELL),
    row("PolicyAttachment: to users only", REGISTRY + "aws.iam.PolicyAttachment", delivery(managed(ALL), attachments(later(POLICY_ARN), None, policyArn=[managed(ALL)])), refused(BOTH, NO_POLICY)),
    row("managedPolicyArns: a policy of the stack, the list is unknown", ENGINE, delivery(managed(ALL), role={"managedPolicyArns": At(UNKNOWN, [POLICY_ARN])}, role_sources={"managedPolicyArns": [managed(ALL)]}), RIGHT, CANNOT_TELL),
    row("managedPolicyArns: a policy of the stack, the list is unknown, behind a transform", ENGINE, delivery(managed(ALL), role={"managedPolicyArns": At(UNKNOWN, [POLICY_ARN])}, role_after=[managed(ALL)]), RIGHT, CANNOT_TELL),
    row("managedPolicyArns: not set, the role comes after a policy that denies", ENGINE, delivery(inline(ALL), managed(document(deny())), role_after=[managed(ALL)]), RIGHT, CANNOT_TELL),
    row("managedPolicyArns: a policy that denies, behind a transform", ENGINE, delivery(inline(ALL), managed(document(deny())), role={"managedPolicyArns": At(UNKNOWN, [POLICY_ARN])}, role_after=[managed(ALL)]), refused(BOTH, DENIES), CANNOT_TELL),
    row("managedPolicyArns: AWS's, behind a transform, the role comes after a policy of the stack", ENGINE, delivery(POLICY_THAT_IS_THERE, role={"inlinePolicies": [], "managedPolicyArns": [later(f"{AWS_MANAGED}CloudWatchLogsFullAccess")]}, role_after=[POLICY_THAT_IS_THERE]), RIGHT, CANNOT_TELL),
    row("managedPolicyArns: a policy of the stack in the list", REGISTRY + "aws.iam.Role", delivery(managed(ALL), role={"managedPolicyArns": [later(POLICY_ARN)]}, role_sources={"managedPolicyArns": [managed(ALL)]}), RIGHT),
    row("managedPolicyArns: a policy of the stack that is wrong", REGISTRY + "aws.iam.Role", delivery(managed(ONLY_PUT), role={"managedPolicyArns": [later(POLICY_ARN)]}, role_sources={"managedPolicyArns": [managed(ALL)]}), refused(CREATE)),
    row("managedPolicyArns: outside the stack", ATTACHING, delivery(role={"managedPolicyArns": [f"arn:aws:iam::{ACCOUNT}:policy/foreign"]}), CANNOT_TELL),
    row("managedPolicyArns: AWS's", MANAGED + "CloudWatchLogsFullAccess", delivery(role={"managedPolicyArns": [f"{AWS_MANAGED}CloudWatchLogsFullAccess"]}), RIGHT),
    row("refresh: the role repeats an attachment whose policy has changed", ENGINE, delivery(managed(ONLY_PUT), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), role={"managedPolicyArns": [POLICY_ARN]}), refused(CREATE)),
    row("RolePolicyAttachmentsExclusive: lists the policy", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_attached([later(POLICY_ARN)], policyArns=[managed(ALL)])), RIGHT),
    row("RolePolicyAttachmentsExclusive: attaches what it lists", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), only_attached([later(POLICY_ARN)], policyArns=[managed(ALL)])), RIGHT),
    row("RolePolicyAttachmentsExclusive: two, and each takes away what the other attaches", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), only_attached([later(POLICY_ARN)], policyArns=[managed(ALL)]), replace(only_attached([]), name="empty")), CANNOT_TELL),
    row("RolePolicyAttachmentsExclusive: two, and neither lists it", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_attached([]), replace(only_attached([]), name="empty")), refused(BOTH)),
    row("RolePolicyAttachmentsExclusive: two, and both list it", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), only_attached([later(POLICY_ARN)], policyArns=[managed(ALL)]), replace(only_attached([later(POLICY_ARN)], policyArns=[managed(ALL)]), name="same")), RIGHT),
    row("RolePolicyAttachmentsExclusive: leaves it out", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_attached([f"{AWS_MANAGED}AWSCloudTrail_FullAccess"])), refused(BOTH)),
    row("RolePolicyAttachmentsExclusive: an empty list removes all", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_attached([])), refused(BOTH)),
    row("RolePolicyAttachmentsExclusive: lists it by its typed ARN", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_attached([POLICY_ARN])), RIGHT),
    row("RolePolicyAttachmentsExclusive: leaves out AWS's policy", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(attachment(f"{AWS_MANAGED}CloudWatchLogsFullAccess"), only_attached([])), refused(BOTH)),
    row("RolePolicyAttachmentsExclusive: an unknown list", ENGINE, delivery(PARAMETER, managed(ALL), attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), only_attached(UNKNOWN, policyArns=[PARAMETER])), CANNOT_TELL),
    row("RolePolicyAttachmentsExclusive: leaves inline policies alone", REGISTRY + "aws.iam.RolePolicyAttachmentsExclusive", delivery(inline(ALL), only_attached([])), RIGHT),
    row("AWS: CloudWatchLogsFullAccess", MANAGED + "CloudWatchLogsFullAccess", delivery(attachment(f"{AWS_MANAGED}CloudWatchLogsFullAccess")), RIGHT),
    row("AWS: CloudWatchLogsFullAccess in China", MANAGED + "CloudWatchLogsFullAccess", delivery(attachment("arn:aws-cn:iam::aws:policy/CloudWatchLogsFullAccess"), region="cn-north-1", partition="aws-cn"), RIGHT),
    row("AWS: AdministratorAccess", MANAGED + "AdministratorAccess", delivery(attachment(f"{AWS_MANAGED}AdministratorAccess")), RIGHT),
    row("AWS: a policy with a path", MANAGED + "AWSLambdaBasicExecutionRole", delivery(attachment(f"{AWS_MANAGED}service-role/AWSLambdaBasicExecutionRole")), RIGHT),
    row("AWS: AWSCloudTrail_FullAccess does not let CloudTrail write", MANAGED + "AWSCloudTrail_FullAccess", delivery(attachment(f"{AWS_MANAGED}AWSCloudTrail_FullAccess")), refused(BOTH)),
    row("AWS: AWSControlTowerCloudTrailRolePolicy is for one log group", MANAGED + "AWSControlTowerCloudTrailRolePolicy", delivery(attachment(f"{AWS_MANAGED}service-role/AWSControlTowerCloudTrailRolePolicy")), refused_twice([CREATE, "has another log group"], [PUT, "has another log group"])),
    row("AWS: AWSControlTowerCloudTrailRolePolicy and its log group", MANAGED + "AWSControlTowerCloudTrailRolePolicy", delivery(attachment(f"{AWS_MANAGED}service-role/AWSControlTowerCloudTrailRolePolicy"), name="aws-controltower/CloudTrailLogs"), RIGHT),
    row("AWS: a policy that does not exist", MANAGED + "all policies", delivery(attachment(NO_SUCH_POLICY)), refused(BOTH, 'AWS managed policy "AWSCloudTrailServiceRolePolicy", but it does not exist: AWS had no managed policy of that name on 20', f"Allow {' and '.join(ACTIONS)} on arn:aws:logs:us-east-1:", "in a policy of your own")),
    row("AWS: a policy that does not exist beside what is enough", MANAGED + "all policies", delivery(inline(ALL), attachment(NO_SUCH_POLICY)), RIGHT),
    row("AWS: a policy that does not exist beside what is not known", MANAGED + "all policies", delivery(attachment(f"arn:aws:iam::{ACCOUNT}:policy/foreign", "other"), attachment(NO_SUCH_POLICY)), CANNOT_TELL),
    row("AWS: a policy that does not exist beside a closer one", MANAGED + "all policies", delivery(inline(ONLY_PUT), attachment(NO_SUCH_POLICY)), refused(CREATE, "allows only logs:PutLogEvents there")),
    row("AWS: a policy that does not exist, in the role's own list", MANAGED + "all policies", delivery(role={"managedPolicyArns": [NO_SUCH_POLICY]}), refused(BOTH, "does not exist")),
    row("AWS: a policy that does not exist, in an exclusive list", MANAGED + "all policies", delivery(only_attached([NO_SUCH_POLICY])), refused(BOTH, "does not exist")),
    row("AWS: a policy that does not exist, of PolicyAttachment", MANAGED + "all policies", delivery(attachments(NO_SUCH_POLICY, ["delivery"])), refused(BOTH, "does not exist")),
    row("AWS: a policy that does not exist, of aws-native", MANAGED + "all policies", native(role={"managedPolicyArns": [NO_SUCH_POLICY]}), refused(BOTH, "does not exist")),
    row("AWS: a policy that may be newer than the table, attached already", MANAGED + "all policies", delivery(replace(attachment(NO_SUCH_POLICY), properties={"role": ROLE_ID, "policyArn": NO_SUCH_POLICY, "id": "delivery-1"})), CANNOT_TELL),
    row("AWS: a policy that may be newer than the table, in the list of a role that is there", MANAGED + "all policies", delivery(role={"managedPolicyArns": [NO_SUCH_POLICY], "id": "delivery"}), CANNOT_TELL),
    row("AWS: a policy that may be newer than the table, in an exclusive list that is there", MANAGED + "all policies", delivery(replace(only_attached([]), properties={"roleName": "delivery", "policyArns": [NO_SUCH_POLICY], "id": "delivery"})), CANNOT_TELL),
    row("AWS: a policy that may be newer than the table, in the list of an aws-native role that is there", MANAGED + "all policies", native(role={"managedPolicyArns": [NO_SUCH_POLICY], "id": "delivery"}), CANNOT_TELL),
    row("AWS: a policy that does not exist, in the list of a role that is to be made", MANAGED + "all policies", delivery(role={"managedPolicyArns": [NO_SUCH_POLICY], "id": UNKNOWN}), refused(BOTH, "does not exist")),
    row("AWS: a policy that does not exist, to be attached", MANAGED + "all policies", delivery(replace(attachment(NO_SUCH_POLICY), properties={"role": ROLE_ID, "policyArn": NO_SUCH_POLICY, "id": UNKNOWN})), refused(BOTH, "does not exist")),
    row("AWS: a policy of the stack that is encoded twice, attached already", GRAMMAR, delivery(managed(json.dumps(ALL)), replace(attachment(later(POLICY_ARN), policyArn=[managed(ALL)]), properties={"role": ROLE_ID, "policyArn": later(POLICY_ARN), "id": "delivery-1"})), refused(BOTH, "encoded twice")),
    row("AWS: a policy without its path", MANAGED + "AWSLambdaBasicExecutionRole", delivery(attachment(f"{AWS_MANAGED}AWSLambdaBasicExecutionRole")), refused(BOTH, "does not exist: AWS has it as service-role/AWSLambdaBasicExecutionRole")),
    row("AWS: a policy in another case", MANAGED + "all policies", delivery(attachment(f"{AWS_MANAGED}cloudwatchlogsfullaccess")), CANNOT_TELL),
    row("AWS: a policy that AWS had once", MANAGED + "deprecated policies", delivery(attachment(f"{AWS_MANAGED}AWSLambdaFullAccess")), CANNOT_TELL),
    row("AWS: a policy that does not exist here, in China", MANAGED + "all policies", delivery(attachment(NO_SUCH_POLICY.replace(":aws:iam", ":aws-cn:iam")), region="cn-north-1", partition="aws-cn"), CANNOT_TELL),
    row("AWS: a policy that does not exist here, in GovCloud", MANAGED + "all policies", delivery(attachment(NO_SUCH_POLICY.replace(":aws:iam", ":aws-us-gov:iam")), region="us-gov-west-1", partition="aws-us-gov"), CANNOT_TELL),
    row("AWS: a policy of an account, of a name that AWS does not have", MANAGED + "all policies", delivery(attachment(NO_SUCH_POLICY.replace(":aws:policy", f":{ACCOUNT}:policy"))), CANNOT_TELL),
    row("AWS: a boundary that does not exist", BOUNDARIES, delivery(inline(ALL), role={"permissionsBoundary": NO_SUCH_POLICY}), CANNOT_TELL),
]  # fmt: skip

IAM_NAME = "IAM API reference: PutRolePolicy and AttachRolePolicy, RoleName"


def by_arn(rule: str, parts: Sequence[str], *others: Resource, preview: Expected | None = None) -> Case:
    """A row in which these resources name the role by its ARN, whose account the provider says."""
    text = (BOTH, "the ARN of the role, and IAM expects its name there", *parts)
    return row(f"the role's ARN: {rule}", IAM_NAME, delivery(*others, provider=FIRST_PROVIDER), refused(*text), preview)


def n_by_arn(rule: str, parts: Sequence[str], resource: Resource, provider: Provider | None = AWS_NATIVE) -> Case:
    """The same of aws-native or the any-Terraform provider, where the account is known once the role's ARN is."""
    text = (BOTH, "the ARN of the role, and IAM expects its name there", *parts)
    stack = native(resource) if provider else terraform(resource)
    return row(f"the role's ARN: {rule}", IAM_NAME, stack, refused(*text), refused(BOTH, NO_POLICY))


def exclusive(token: str, listed: Mapping[str, Json], role: Json = ROLE_ARN) -> Resource:
    """An exclusive manager."""
    return Resource(token, "only", {"roleName": role, **listed}, {"roleName": []})


LOGS_ACCESS = f"{AWS_MANAGED}CloudWatchLogsFullAccess"
ARN_ROWS = [
    by_arn("RolePolicy", ['inline policy "deliver", but its property role is', "Set it to the role's name"], named_inline(ALL, ROLE_ARN)),
    by_arn("RolePolicy by output, which may be its name while it is not known", ["property role is"], named_inline(ALL, later(ROLE_ARN), role=[ROLE]), preview=RIGHT),
    by_arn("RolePolicy that lacks an action", ['inline policy "deliver"'], named_inline(ONLY_PUT, ROLE_ARN)),
    by_arn("RolePolicy that is not known yet", ["Set it to the role's name"], named_inline(ON_GROUP, ROLE_ARN, policy=[GROUP])),
    by_arn("RolePolicyAttachment", ['AWS managed policy "CloudWatchLogsFullAccess", but property role of "attached" (aws:iam:RolePolicyAttachment) is', "Set it"], attachment(LOGS_ACCESS, role=ROLE_ARN)),
    by_arn("RolePolicyAttachment of the stack's policy", ['policy "deliver", but property role of "attached"'], managed(ALL), attachment(later(POLICY_ARN), role=ROLE_ARN, policyArn=[managed(ALL)])),
    by_arn("PolicyAttachment", ['property roles of "attached" (aws:iam:PolicyAttachment) lists', "Set that entry"], attachments(LOGS_ACCESS, ["other", ROLE_ARN])),
    by_arn("RolePolicyAttachmentsExclusive", ['property roleName of "only" (aws:iam:RolePolicyAttachmentsExclusive) is'], exclusive("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {"policyArns": [LOGS_ACCESS]})),
    n_by_arn("aws-native RolePolicy", ["its property roleName is"], Resource("aws-native:iam:RolePolicy", "deliver", {"policyName": "deliver", "roleName": ROLE_ARN, "policyDocument": objects(allow())}, {}, AWS_NATIVE)),
    n_by_arn("aws-native ManagedPolicy", ['policy "deliver", but its property roles lists', "Set that entry"], native_managed(objects(allow()), [ROLE_ARN])),
    n_by_arn("any Terraform provider, iamRolePolicy", ["its property role is"], Resource("aws:index/iamRolePolicy:IamRolePolicy", "deliver", {"name": "deliver", "role": ROLE_ARN, "policy": ALL}), None),
    n_by_arn("any Terraform provider, iamRolePolicyAttachment", ["property role of"], Resource("aws:index/iamRolePolicyAttachment:IamRolePolicyAttachment", "a", {"role": ROLE_ARN, "policyArn": LOGS_ACCESS}), None),
    n_by_arn("any Terraform provider, iamPolicyAttachment", ["property roles of"], Resource("aws:index/iamPolicyAttachment:IamPolicyAttachment", "a", {"roles": [ROLE_ARN], "policyArn": LOGS_ACCESS}), None),
    n_by_arn("any Terraform provider, iamRolePolicyAttachmentsExclusive", ["property roleName of"], exclusive("aws:index/iamRolePolicyAttachmentsExclusive:IamRolePolicyAttachmentsExclusive", {"policyArns": [LOGS_ACCESS]}), None),
    row("the role's ARN: RolePoliciesExclusive removes nothing", IAM_NAME, delivery(inline(ALL), exclusive("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", {"policyNames": []}), provider=FIRST_PROVIDER), RIGHT),
    row("the role's ARN: RolePoliciesExclusive grants nothing", IAM_NAME, delivery(exclusive("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", {"policyNames": ["deliver"]}), provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
    row("the role's ARN: beside a policy that names it", IAM_NAME, delivery(inline(ALL), named_inline(document(deny()), ROLE_ARN, "denied"), provider=FIRST_PROVIDER), RIGHT),
    row("the role's ARN: the role's own policy of that name counts", IAM_NAME, delivery(named_inline(UNRELATED, ROLE_ARN), role={"inlinePolicies": [{"name": "deliver", "policy": ALL}]}, provider=FIRST_PROVIDER), RIGHT),
    row("the role's ARN: its account is not known", IAM_NAME, delivery(named_inline(ALL, ROLE_ARN)), refused(BOTH, "IAM expects its name there"), refused(BOTH, NO_POLICY)),
    row("the role's ARN: with a path", IAM_NAME, delivery(named_inline(ALL, ROLE_ARN.replace("role/", "role/x/")), role={"path": "/x/", "arn": later(ROLE_ARN.replace("role/", "role/x/"))}, trail={"cloudWatchLogsRoleArn": later(ROLE_ARN.replace("role/", "role/x/"))}, provider=FIRST_PROVIDER), refused(BOTH, "IAM expects its name there")),
    row("another role's ARN: of another path", IAM_NAME, delivery(named_inline(ALL, ROLE_ARN.replace("role/", "role/x/")), provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
    row("another role's ARN: of another path than what is not known yet", IAM_NAME, delivery(named_inline(ALL, ROLE_ARN), role={"path": later("/x/"), "arn": later(ROLE_ARN.replace("role/", "role/x/"))}, trail={"cloudWatchLogsRoleArn": later(ROLE_ARN.replace("role/", "role/x/"))}, provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
    row("another role's ARN: of another name", IAM_NAME, delivery(OTHER_ROLE, named_inline(ALL, ROLE_ARN.replace("delivery", "other")), provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
    row("another role's ARN: of another account", IAM_NAME, delivery(named_inline(ALL, ROLE_ARN.replace(ACCOUNT, OTHER_ACCOUNT)), provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
]  # fmt: skip

PROVIDER_ROWS = [
    row("aws-native: RolePolicy", REGISTRY + "aws-native.iam.RolePolicy", native(native_inline(objects(allow()))), RIGHT),
    row("aws-native: a document as JSON text", REGISTRY + "aws-native.iam.RolePolicy", native(native_inline(ALL)), RIGHT),
    row("aws-native: :* behind an ARN that has it already still covers the streams", REGISTRY + "aws-native.logs.LogGroup", native(native_inline(objects(allow(f"{N_GROUP_ARN}:*")))), RIGHT, CANNOT_TELL),
    row("aws-native: policies of the role", REGISTRY + "aws-native.iam.Role", native(role={"policies": [{"policyName": "deliver", "policyDocument": objects(allow())}]}), RIGHT),
    row("aws-native: policies of the role that interpolate", REGISTRY + "aws-native.iam.Role", native(role={"policies": [{"policyName": "deliver", "policyDocument": objects(allow(N_GROUP_ARN))}]}, role_sources={"policies": [N_GROUP]}), RIGHT, CANNOT_TELL),
    row("aws-native: policies of the role that interpolate and lack an action", ENGINE, native(role={"policies": [{"policyName": "deliver", "policyDocument": objects(allow(N_GROUP_ARN, "logs:PutLogEvents"))}]}, role_sources={"policies": [N_GROUP]}), refused(CREATE)),
    row("aws-native: managedPolicyArns", REGISTRY + "aws-native.iam.Role", native(native_managed(objects(allow()), None), role={"managedPolicyArns": [later(POLICY_ARN)]}, role_sources={"managedPolicyArns": [native_managed("", None)]}), RIGHT),
    row("aws-native: RolePolicy by the role's typed name", REGISTRY + "aws-native.iam.RolePolicy", native(Resource("aws-native:iam:RolePolicy", "deliver", {"policyName": "deliver", "roleName": "delivery", "policyDocument": objects(allow())}, {}, AWS_NATIVE)), RIGHT),
    row("aws-native: the stack's only policy is of another role", REGISTRY + "aws-native.iam.RolePolicy", native(Resource("aws-native:iam:RolePolicy", "deliver", {"policyName": "deliver", "roleName": "other", "policyDocument": objects(allow())}, {}, AWS_NATIVE)), refused(BOTH, NO_POLICY)),
    row("aws-native: ManagedPolicy by the role's name output", REGISTRY + "aws-native.iam.ManagedPolicy", native(native_managed(objects(allow()), ["delivery"], roles=[N_ROLE])), RIGHT),
    row("aws-native: ManagedPolicy by an unknown name", REGISTRY + "aws-native.iam.ManagedPolicy", native(native_managed(objects(allow()), [later("delivery")], roles=[N_ROLE])), RIGHT),
    row("aws-native: ManagedPolicy of another role", REGISTRY + "aws-native.iam.ManagedPolicy", native(native_managed(objects(allow()), ["other"])), refused(BOTH, NO_POLICY)),
    row("aws-native: the report names the property as the provider does", REGISTRY + "aws-native.cloudtrail.Trail", native(native_inline(objects(allow(action="logs:PutLogEvents")))), refused("cloudWatchLogsRoleArn names role", CREATE)),
    row("any Terraform provider: iamRolePolicy", ENGINE, terraform(Resource("aws:index/iamRolePolicy:IamRolePolicy", "deliver", {"name": "deliver", "role": later("delivery"), "policy": ON_GROUP}, {"role": [T_ROLE], "policy": [T_GROUP]})), RIGHT, CANNOT_TELL),
    row("any Terraform provider: iamRolePolicy that lacks an action", ENGINE, terraform(Resource("aws:index/iamRolePolicy:IamRolePolicy", "deliver", {"name": "deliver", "role": later("delivery"), "policy": ONLY_PUT}, {"role": [T_ROLE]})), refused(CREATE)),
    row("any Terraform provider: iamPolicy and its attachment", ENGINE, terraform(Resource("aws:index/iamPolicy:IamPolicy", "deliver", {"name": "deliver", "arn": later(POLICY_ARN), "policy": ALL}), Resource("aws:index/iamRolePolicyAttachment:IamRolePolicyAttachment", "a", {"role": "delivery", "policyArn": later(POLICY_ARN)}, {"role": [T_ROLE], "policyArn": [Resource("aws:index/iamPolicy:IamPolicy", "deliver", {})]})), RIGHT),
    row("any Terraform provider: iamPolicyAttachment", ENGINE, terraform(Resource("aws:index/iamPolicyAttachment:IamPolicyAttachment", "a", {"roles": ["delivery"], "policyArn": f"{AWS_MANAGED}CloudWatchLogsFullAccess"})), RIGHT),
    row("any Terraform provider: iamRolePoliciesExclusive", ENGINE, terraform(Resource("aws:index/iamRolePolicy:IamRolePolicy", "deliver", {"name": "deliver", "role": "delivery", "policy": ALL}), Resource("aws:index/iamRolePoliciesExclusive:IamRolePoliciesExclusive", "only", {"roleName": "delivery", "policyNames": []})), refused(BOTH)),
    row("any Terraform provider: iamRolePolicyAttachmentsExclusive", ENGINE, terraform(Resource("aws:index/iamRolePolicyAttachmentsExclusive:IamRolePolicyAttachmentsExclusive", "only", {"roleName": "delivery", "policyArns": [f"{AWS_MANAGED}CloudWatchLogsFullAccess"]})), RIGHT),
    row("aws and aws-native in one stack", ENGINE, native(Resource("aws:iam/rolePolicy:RolePolicy", "deliver", {"name": "deliver", "role": later("delivery"), "policy": ONLY_PUT}, {"role": [N_ROLE]})), refused(CREATE)),
    row("a role whose name is not known may be the one of a typed name", ENGINE, delivery(named_inline(ALL, "delivery-1"), role={"name": later("delivery-1"), "namePrefix": "delivery-"}), RIGHT, CANNOT_TELL),
    row("a role whose name is not known is not one of another beginning", ENGINE, delivery(named_inline(ALL, "deliveries"), role={"name": later("delivery-1"), "namePrefix": "delivery-"}), refused(BOTH, NO_POLICY)),
    row("two roles of one name: the other's policy by dependency", ARNS, delivery(NAMESAKE, inline(ALL, role=NAMESAKE), provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
    row("two roles of one name: the other's policy by typed name in the other account", ARNS, delivery(NAMESAKE, replace(named_inline(ALL, "delivery"), provider=SECOND_PROVIDER), provider=FIRST_PROVIDER), refused(BOTH, NO_POLICY)),
    row("two roles of one name: the account of a typed ARN tells which", ARNS, delivery(NAMESAKE, inline(ONLY_PUT), inline(ALL, "other", role=NAMESAKE), provider=FIRST_PROVIDER, trail={"cloudWatchLogsRoleArn": ROLE_ARN}, trail_sources={"cloudWatchLogsGroupArn": [GROUP]}), refused(CREATE)),
    row("one role of two trails: its policy covers only the first's log group", ROLE_POLICY, delivery(SHARED, FIRST_TRAIL, inline(document(allow("arn:aws:logs:*:*:log-group:first:*")))), refused(BOTH, 'log group "audit"', "has another log group")),
    row("one role of two trails: its policy covers both", ROLE_POLICY, delivery(SHARED, FIRST_TRAIL, inline(document(allow(["arn:aws:logs:*:*:log-group:first:*", f"{ANY_ACCOUNT}:*"])))), RIGHT),
    row("one role of two trails: each has its own policy", ROLE_POLICY, delivery(SHARED, FIRST_TRAIL, inline(document(allow("arn:aws:logs:*:*:log-group:first:*")), "first"), inline(document(allow(f"{ANY_ACCOUNT}:*")))), RIGHT),
]  # fmt: skip

CASES = [
    *ACTION_ROWS,
    *RESOURCE_ROWS,
    *NOT_RESOURCE_ROWS,
    *UNION_ROWS,
    *DENY_ROWS,
    *CONDITION_ROWS,
    *VARIABLE_ROWS,
    *DOCUMENT_ROWS,
    *LEAF_ROWS,
    *TRUST_ROWS,
    *BOUNDARY_ROWS,
    *PLACE_ROWS,
    *INLINE_ROWS,
    *MANAGED_ROWS,
    *ARN_ROWS,
    *PROVIDER_ROWS,
]
