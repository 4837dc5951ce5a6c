"""Designs of a trail that delivers to CloudWatch Logs, and the stacks that they are: with each provider, in each form.

A design says what the stack means; how it is spelled (the provider, the names, the policy's form, the component around
it) must not change any verdict. A part that is taken away must.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from tests.stacks import ACCOUNT, AWS_NATIVE, UNKNOWN, Provider, Resource


class Spelling(Enum):
    """A provider."""

    AWS = "aws"
    AWS_NATIVE = "aws-native"
    TERRAFORM = "the Terraform AWS provider, as any-Terraform spells it"


class Form(Enum):
    """How the role gets its permissions."""

    RESOURCE = "inline policies that are resources"
    INLINE = "inline policies within the role"
    MANAGED = "managed policies, attached"


class Part(Enum):
    """A necessary part, and the problem of a trail without it."""

    BOTH_ARNS = "not-integrated"
    LOG_GROUP_ARN = "log-group-missing"
    ROLE_ARN = "role-missing"
    WILDCARD = "log-group-arn-without-wildcard"
    LOGGING = "logging-disabled"
    REGION = "region-mismatch"
    LOG_GROUP = "log-group-not-in-stack"
    ROLE = "role-not-in-stack"
    CLASS = "log-group-class-delivery"
    TRUST = "role-trust-missing"
    POLICY = "role-permission-missing"
    # The same problem: the actions, each of them, the streams of a log group, those of the members, and no Deny.
    CREATE_LOG_STREAM = "role-permission-missing "
    PUT_LOG_EVENTS = "role-permission-missing  "
    STREAMS = "role-permission-missing   "
    MEMBERS = "role-permission-missing    "
    NO_DENY = "role-permission-missing     "

    @property
    def problem(self) -> str:
        return self.value.strip()


# What is only known, and so only missed, once the ARNs are.
KNOWN_LATE = frozenset({Part.WILDCARD})


@dataclass(frozen=True)
class Names:
    """Names in the program, and in AWS. All are of the same length, so that no message is shortened differently."""

    trail: str = "trail-qa"
    log_group: str = "group-qb"
    role: str = "role--qc"
    policy: str = "policyqd"
    trail_in_aws: str = "trailnqe"
    log_group_in_aws: str = "groupnqf"
    role_in_aws: str = "rolen-qg"

    def pairs_with(self, other: Names) -> Iterator[tuple[str, str]]:
        """Each name with the other one for the same thing."""
        for each in fields(self):
            yield getattr(self, each.name), getattr(other, each.name)


@dataclass(frozen=True)
class Design:
    """A trail, its log group and its role.

    is_known: whether it is deployed, so that its ARNs are known. is_split: whether each permission has a document of its
    own. in_objects: whether documents are objects or JSON text, where the provider takes both.
    without: the parts that are taken away.
    """

    spelling: Spelling = Spelling.AWS
    form: Form = Form.RESOURCE
    is_known: bool = True
    of_organization: bool = False
    is_split: bool = False
    in_objects: bool = False
    component: str = ""
    names: Names = field(default_factory=Names)
    without: frozenset[Part] = frozenset()

    def has(self, part: Part) -> bool:
        return part not in self.without


@dataclass(frozen=True)
class _Tokens:
    trail: str
    log_group: str
    role: str
    inline_policy: str
    managed_policy: str
    attachment: str


_TOKENS: Mapping[Spelling, _Tokens] = {
    Spelling.AWS: _Tokens(
        "aws:cloudtrail/trail:Trail",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ),
    Spelling.AWS_NATIVE: _Tokens(
        "aws-native:cloudtrail:Trail",
        "aws-native:logs:LogGroup",
        "aws-native:iam:Role",
        "aws-native:iam:RolePolicy",
        "aws-native:iam:ManagedPolicy",
        "",
    ),
    Spelling.TERRAFORM: _Tokens(
        "aws:index/cloudtrail:Cloudtrail",
        "aws:index/cloudwatchLogGroup:CloudwatchLogGroup",
        "aws:index/iamRole:IamRole",
        "aws:index/iamRolePolicy:IamRolePolicy",
        "aws:index/iamPolicy:IamPolicy",
        "aws:index/iamRolePolicyAttachment:IamRolePolicyAttachment",
    ),
}
_REGION = "us-east-1"
_SETTINGS = {"region": _REGION, "allowedAccountIds": json.dumps([ACCOUNT])}
_PROVIDERS = {
    Spelling.AWS: Provider(_SETTINGS),
    Spelling.AWS_NATIVE: Provider(_SETTINGS, "aws-native", AWS_NATIVE.name),
    Spelling.TERRAFORM: Provider(_SETTINGS, "aws", "default_5_100_0"),
}


def stack_of(design: Design) -> list[Resource]:
    """The resources of the design: the trail first."""
    return list(_Renderer(design).resources())


@dataclass(frozen=True)
class _Renderer:
    design: Design

    def resources(self) -> Iterator[Resource]:
        """In the order in which a program would not declare them, since none must matter."""
        group, role = self._log_group(), self._role()
        yield self._trail(group, role)
        if self.design.has(Part.ROLE):
            yield role
        if self.design.has(Part.LOG_GROUP):
            yield group
        if self.design.form is not Form.INLINE:
            yield from self._policies(role)

    def _trail(self, group: Resource, role: Resource) -> Resource:
        design, native = self.design, self._is_native
        group_property = "cloudWatchLogsLogGroupArn" if native else "cloudWatchLogsGroupArn"
        wildcard = ":*" if design.has(Part.WILDCARD) else ""
        values = {
            group_property: (f"{self._log_group_arn}{wildcard}", group),
            "cloudWatchLogsRoleArn": (self._role_arn, role),
        }
        if {Part.BOTH_ARNS, Part.LOG_GROUP_ARN} & design.without:
            del values[group_property]
        if {Part.BOTH_ARNS, Part.ROLE_ARN} & design.without:
            del values["cloudWatchLogsRoleArn"]
        properties: dict[str, Any] = {
            "trailName" if native else "name": design.names.trail_in_aws,
            "s3BucketName": "bucket",
            "isOrganizationTrail": design.of_organization,
            "isLogging" if native else "enableLogging": design.has(Part.LOGGING),
            # An ARN of what the stack does not declare was typed: it is known at once, and has no source.
            **{name: self._later(arn) if self._is_declared(source) else arn for name, (arn, source) in values.items()},
        }
        made_of = {name: [source] for name, (_, source) in values.items() if self._is_declared(source)}
        return self._resource(self._tokens.trail, design.names.trail, properties, made_of)

    def _log_group(self) -> Resource:
        design, native = self.design, self._is_native
        arn, region = f"{self._log_group_arn}{':*' if native else ''}", self._log_group_region
        kind = "STANDARD" if design.has(Part.CLASS) else "DELIVERY"
        return self._resource(
            self._tokens.log_group,
            design.names.log_group,
            {
                "logGroupName" if native else "name": design.names.log_group_in_aws,
                "logGroupClass": kind,
                "arn": self._later(arn),
                **({} if native or design.has(Part.REGION) else {"region": region}),
            },
            provider=None
            if design.has(Part.REGION)
            else Provider({**_SETTINGS, "region": region}, self._provider.package, "elsewhere"),
        )

    def _role(self) -> Resource:
        design, native = self.design, self._is_native
        service = "cloudtrail.amazonaws.com" if design.has(Part.TRUST) else "logs.amazonaws.com"
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        properties = {
            "roleName" if native else "name": design.names.role_in_aws,
            "path": "/",
            "arn": self._later(self._role_arn),
            "assumeRolePolicyDocument" if native else "assumeRolePolicy": self._document([trust]),
        }
        if design.form is Form.INLINE:
            name, document = ("policyName", "policyDocument") if native else ("name", "policy")
            listed = [{name: f"{design.names.policy}{n}", document: each} for n, each in enumerate(self._documents())]
            properties["policies" if native else "inlinePolicies"] = listed
        return self._resource(self._tokens.role, design.names.role, properties)

    def _policies(self, role: Resource) -> Iterator[Resource]:
        design, native, tokens = self.design, self._is_native, self._tokens
        for number, document in enumerate(self._documents()):
            label = f"{design.names.policy}{number}"
            arn = f"arn:aws:iam::{ACCOUNT}:policy/{label}"
            if design.form is Form.RESOURCE:
                names = ("policyName", "roleName", "policyDocument") if native else ("name", "role", "policy")
                values = dict(zip(names, (label, design.names.role_in_aws, document), strict=True))
                yield self._resource(tokens.inline_policy, label, values, {names[1]: [role]})
            elif native:
                values = {
                    "managedPolicyName": label,
                    "policyArn": self._later(arn),
                    "policyDocument": document,
                    "roles": [design.names.role_in_aws],
                }
                yield self._resource(tokens.managed_policy, label, values, {"roles": [role]})
            else:
                values = {"name": label, "path": "/", "arn": self._later(arn), "policy": document}
                policy = self._resource(tokens.managed_policy, label, values)
                yield policy
                yield self._resource(
                    tokens.attachment,
                    label,
                    {"role": design.names.role_in_aws, "policyArn": self._later(arn)},
                    {"role": [role], "policyArn": [policy]},
                )

    def _documents(self) -> list[Any]:
        statements = list(self._statements())
        if not statements:
            return []
        groups = [[each] for each in statements] if self.design.is_split else [statements]
        return [self._document(group) for group in groups]

    def _statements(self) -> Iterator[dict[str, Any]]:
        design = self.design
        if not design.has(Part.POLICY):
            return
        group = self._log_group_arn
        own = f"{group}:log-stream:{ACCOUNT}_CloudTrail_{self._log_group_region}*"
        members = f"{group}:log-stream:o-*" if design.of_organization and design.has(Part.MEMBERS) else ""
        resources = [own, members] if members else [own]
        actions = {"logs:CreateLogStream": Part.CREATE_LOG_STREAM, "logs:PutLogEvents": Part.PUT_LOG_EVENTS}
        for action, part in actions.items():
            if design.has(part):
                streams = resources if design.has(Part.STREAMS) else [group]
                yield {"Effect": "Allow", "Action": [action], "Resource": streams}
        if not design.has(Part.NO_DENY):
            yield {"Effect": "Deny", "Action": "logs:Put*", "Resource": "*"}

    def _document(self, statements: list[dict[str, Any]]) -> Any:
        document = {"Version": "2012-10-17", "Statement": statements}
        return document if self._is_native and self.design.in_objects else json.dumps(document)

    def _later(self, value: str) -> str:
        return value if self.design.is_known else UNKNOWN

    def _is_declared(self, source: Resource) -> bool:
        missing = {self._tokens.log_group: Part.LOG_GROUP, self._tokens.role: Part.ROLE}[source.token]
        return self.design.has(missing)

    def _resource(
        self,
        token: str,
        label: str,
        properties: Mapping[str, Any],
        made_of: Mapping[str, list[Resource]] | None = None,
        provider: Provider | None = None,
    ) -> Resource:
        component = self.design.component
        urn = f"urn:pulumi:dev::shop::{component}${token}::{label}" if component else ""
        return Resource(token, label, properties, made_of or {}, provider or self._provider, (), urn)

    @property
    def _log_group_region(self) -> str:
        return _REGION if self.design.has(Part.REGION) else "eu-west-1"

    @property
    def _log_group_arn(self) -> str:
        """Without its `:*`."""
        return f"arn:aws:logs:{self._log_group_region}:{ACCOUNT}:log-group:{self.design.names.log_group_in_aws}"

    @property
    def _role_arn(self) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/{self.design.names.role_in_aws}"

    @property
    def _tokens(self) -> _Tokens:
        return _TOKENS[self.design.spelling]

    @property
    def _provider(self) -> Provider:
        return _PROVIDERS[self.design.spelling]

    @property
    def _is_native(self) -> bool:
        return self.design.spelling is Spelling.AWS_NATIVE
