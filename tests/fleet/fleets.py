"""States of stacks, as `pulumi stack export` writes them, for the tests of the fleet: in plain JSON, made here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cloudtrail_logs.configuration.settings import CanDeliverSettings, ExistSettings, IntegratedSettings, Settings
from cloudtrail_logs.fleet.audit import Audited, Source, audit
from cloudtrail_logs.fleet.judged_state import Policy, Terms
from cloudtrail_logs.fleet.workers import Here, Workers
from tests.stacks import ACCOUNT, AWS_LOG_GROUP, AWS_ROLE, AWS_TRAIL, TRUST_POLICY

Json = dict[str, Any]
INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
DELIVER = "cloudtrail-role-can-deliver"
OTHER_ACCOUNT = "210987654321"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
REFERENCE = "pulumi:pulumi:StackReference"
TODAY = date(2026, 11, 29)
WRITES = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}],
})  # fmt: skip


def terms(
    level: str = "advisory",
    integrated: IntegratedSettings | None = None,
    exist: ExistSettings | None = None,
    deliver: CanDeliverSettings | None = None,
    **more: Any,
) -> Terms:
    """The three policies that ask nobody, at one level."""
    rules: Sequence[tuple[str, str, Settings]] = (
        (INTEGRATED, "cloudwatch_logs_integrated", integrated or IntegratedSettings()),
        (EXIST, "log_group_and_role_exist", exist or ExistSettings()),
        (DELIVER, "role_can_deliver", deliver or CanDeliverSettings()),
    )
    policies = tuple(
        Policy(name, level, f"cloudtrail_logs.rules.{rule}", settings, of_stack=name != INTEGRATED)
        for name, rule, settings in rules
    )
    return Terms(policies, TODAY, **more)


class Stack:
    """A stack whose state is made here. Everything is in one account and region."""

    def __init__(self, name: str, account: str = ACCOUNT, time: str = "2026-11-28T09:15:00Z") -> None:
        """name: PROJECT/STACK."""
        self.name = name
        self.account = account
        self.time = time
        project, _, stack = name.partition("/")
        self.begin = f"urn:pulumi:{stack}::{project}"
        self.provider = f"{self.begin}::pulumi:providers:aws::default"
        self.outputs: Json = {}
        self.resources: list[Json] = []
        self.secrets_provider: Any = None

    def add(
        self,
        token: str,
        name: str,
        properties: Mapping[str, Any],
        made_of: Mapping[str, Sequence[str]] | None = None,
        **more: Any,
    ) -> str:
        """Adds a resource, and answers its URN. made_of: URNs, by property. more: of what is stored beside that."""
        urn = f"{self.begin}::{token}::{name}"
        sources = {key: list(urns) for key, urns in (made_of or {}).items()}
        stored = {
            "urn": urn,
            "custom": True,
            "id": name,
            "type": token,
            "inputs": dict(properties),
            "outputs": {**properties, "id": name},
            "provider": f"{self.provider}::c4a1",
            "dependencies": sorted({each for urns in sources.values() for each in urns}),
            "propertyDependencies": sources,
        }
        self.resources.append({**stored, **more})
        return urn

    def log_group(self, name: str = "audit", **more: Any) -> str:
        arn = f"arn:aws:logs:us-east-1:{self.account}:log-group:{name}"
        return self.add(AWS_LOG_GROUP, name, {"name": name, "arn": arn, "logGroupClass": "STANDARD", **more})

    def role(self, name: str = "delivery", trust: str = TRUST_POLICY, **more: Any) -> str:
        arn = f"arn:aws:iam::{self.account}:role/{name}"
        return self.add(AWS_ROLE, name, {"name": name, "arn": arn, "assumeRolePolicy": trust, "path": "/", **more})

    def role_policy(self, role: str = "delivery", policy: str = WRITES, name: str = "write") -> str:
        return self.add(ROLE_POLICY, name, {"role": role, "policy": policy, "name": name})

    def managed_policy(self, name: str = "write", policy: str = WRITES) -> str:
        return self.add(POLICY, name, {"name": name, "arn": self.policy_arn(name), "policy": policy})

    def policy_arn(self, name: str = "write") -> str:
        return f"arn:aws:iam::{self.account}:policy/{name}"

    def attachment(self, role: str = "delivery", policy: str = "write", name: str = "attach") -> str:
        return self.add(ATTACHMENT, name, {"role": role, "policyArn": self.policy_arn(policy)})

    def trail(
        self,
        name: str = "trail",
        log_group: str | None = "audit",
        role: str | None = "delivery",
        made_of: Mapping[str, Sequence[str]] | None = None,
        **more: Any,
    ) -> str:
        """A trail that names these, of its own account; None for one that is not set."""
        properties = {
            "name": name,
            "s3BucketName": "trails",
            "arn": f"arn:aws:cloudtrail:us-east-1:{self.account}:trail/{name}",
            "homeRegion": "us-east-1",
            "enableLogging": True,
        }
        if log_group:
            properties["cloudWatchLogsGroupArn"] = f"arn:aws:logs:us-east-1:{self.account}:log-group:{log_group}:*"
        if role:
            properties["cloudWatchLogsRoleArn"] = f"arn:aws:iam::{self.account}:role/{role}"
        return self.add(AWS_TRAIL, name, {**properties, **more}, made_of)

    def reference(self, stack: str, **outputs: Any) -> str:
        """A StackReference, with what it read."""
        values = {"name": stack, "outputs": outputs}
        return self.add(REFERENCE, stack, values, external=True, inputs={"name": stack})

    def deployment(self) -> Json:
        own: list[Json] = [
            {
                "urn": f"{self.begin}::pulumi:pulumi:Stack::{self.name.replace('/', '-')}",
                "custom": False,
                "type": "pulumi:pulumi:Stack",
                "outputs": self.outputs,
            },
            {
                "urn": self.provider,
                "custom": True,
                "id": "c4a1",
                "type": "pulumi:providers:aws",
                "inputs": {"region": "us-east-1"},
                "outputs": {"region": "us-east-1"},
            },
        ]
        return {
            "manifest": {"time": self.time, "magic": "", "version": ""},
            "secrets_providers": self.secrets_provider,
            "resources": [*own, *self.resources],
        }

    def export(self) -> Json:
        return {"version": 3, "deployment": self.deployment()}

    def write(self, folder: Path) -> Source:
        path = folder / f"{self.name.replace('/', '.')}.json"
        path.write_text(json.dumps(self.export()), encoding="utf-8")
        return Source(path)


def audited(folder: Path, *stacks: Stack, given: Terms | None = None) -> Audited:
    """What an audit of these stacks finds."""
    with Workers(Here, 2) as workers:
        return audit([each.write(folder) for each in stacks], given or terms(), workers)


def told(result: Audited, stack: str = "") -> dict[str, list[str]]:
    """By trail, what each policy says in a word, with its codes; of one stack or of all."""
    said: dict[str, list[str]] = {}
    for row in result.trails:
        if not stack or row.stack == stack:
            said[row.label] = [
                " ".join([answer.standing.value, *(finding.code for finding in answer.findings)])
                for answer in row.answers
            ]
    return said
