"""What the services know, what they were asked, and how they are told to fail."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from typing import Any

# One that is a string is answered as it is, whether it is JSON or not.
Document = Mapping[str, Any] | str


@dataclass(frozen=True)
class Refusal:
    """A service's error. Codes differ by protocol: `AccessDeniedException` with JSON, `AccessDenied` with XML."""

    code: str
    status: int = 400
    message: str = "Refused by the stand-in."


@dataclass(frozen=True)
class Malformed:
    """An answer with status 200 whose body breaks off."""


@dataclass(frozen=True)
class Closed:
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Hanging:
    """No answer; the connection is closed after so many seconds, or when the stand-in ends."""

    seconds: float = 60.0


Fault = Refusal | Malformed | Closed | Hanging


class RefusedError(Exception):
    """A service refuses a request."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(code, status, message)


@dataclass(frozen=True)
class Key:
    """An access key and who has it. token: empty unless the key is that of a session."""

    key_id: str
    account: str
    user_id: str
    arn: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Request:
    """What was asked. region: of the signature; account: of the key; None where there is none, or not a valid one."""

    service: str
    operation: str
    region: str | None
    account: str | None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrailStatus:
    """What is known of a trail's logging and deliveries. Times have a zone."""

    is_logging: bool = True
    start_logging_time: datetime | None = None
    stop_logging_time: datetime | None = None
    latest_delivery_time: datetime | None = None
    latest_delivery_error: str | None = None
    latest_cloudwatch_logs_delivery_time: datetime | None = None
    latest_cloudwatch_logs_delivery_error: str | None = None


@dataclass(frozen=True)
class Role:
    """A role. inline: documents by name; attached: ARNs of policies; boundary: the ARN of one."""

    arn: str
    trust: Document
    inline: Mapping[str, Document]
    attached: tuple[str, ...]
    boundary: str | None


@dataclass
class AwsServices:
    """The running stand-in. requests: all that it got, in order; unknown_requests: those it has no answer for.

    operations: those it has answers for; policies_per_page, log_groups_per_page, trails_per_page: how many are answered
    at most. targets: by trail, the ARNs of the log group and of the role that it has, empty where it has none;
    organization_trails: those that are one; retention: the days that log groups keep events, by region and account,
    then by name.
    """

    url: str
    account: str
    operations: Mapping[str, Any]
    policies_per_page: int = 2
    log_groups_per_page: int = 50
    trails_per_page: int = 100
    requests: list[Request] = field(default_factory=list)
    unknown_requests: list[Request] = field(default_factory=list)
    keys: dict[str, Key] = field(default_factory=dict)
    trails: dict[str, TrailStatus] = field(default_factory=dict)
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    organization_trails: set[str] = field(default_factory=set)
    log_groups: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    retention: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    roles: dict[tuple[str, str], Role] = field(default_factory=dict)
    policies: dict[str, dict[str, Document]] = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)
    _failing: list[tuple[str, Mapping[str, Any], Iterator[Fault]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        key = self.add_access_key(self.account)
        self.access_key, self.secret_key = key.key_id, key.secret

    def add_access_key(self, account: str, user: str = "reader") -> Key:
        """A new key of a user in an account."""
        arn = f"arn:aws:iam::{account}:user/{user}"
        return self.issue_key("AKIA", account, entity_id("AIDA", arn), arn)

    def issue_key(self, prefix: str, account: str, user_id: str, arn: str, token: str = "") -> Key:
        """A new key of anybody."""
        secret = secrets.token_urlsafe(30)
        key = Key(entity_id(prefix, secret), account, user_id, arn, secret, token)
        self.keys[key.key_id] = key
        return key

    def add_trail(self, arn: str, status: TrailStatus | None = None) -> None:
        """A trail, or what is known of it from now on."""
        self.trails[arn] = status or TrailStatus()

    def add_log_group(
        self, name: str, region: str, account: str | None = None, log_group_class: str = "STANDARD"
    ) -> None:
        """A log group, in the default account unless another is given."""
        self.log_groups.setdefault((region, account or self.account), {})[name] = log_group_class

    def add_role(
        self,
        arn: str,
        trust: Document,
        inline: Mapping[str, Document] | None = None,
        attached: Collection[str] = (),
        boundary: str | None = None,
    ) -> None:
        """A role in the account of its ARN, in the place of one of the same name."""
        role = Role(arn, trust, dict(inline or {}), tuple(attached), boundary)
        self.roles[account_of(arn), path_and_name(arn)[1]] = role

    def add_policy(self, arn: str, document: Document, version: str = "v1") -> None:
        """A version of a managed policy; the one that was added last is the default."""
        versions = dict(self.policies.get(arn, {}))
        versions.pop(version, None)
        self.policies[arn] = versions | {version: document}

    @contextlib.contextmanager
    def failing(
        self, operation: str, fault: Fault, count: int | None = None, of: Mapping[str, Any] | None = None
    ) -> Iterator[None]:
        """For as long as this lasts, an operation fails: always, or the given number of times.

        of: only where it is asked with these parameters. Of several, the innermost that is not used up is taken.
        """
        if operation not in self.operations:
            raise ValueError(f"the stand-in has no operation {operation}")
        # Taking from an iterator is one step, whoever else is taking from it.
        failing = (operation, of or {}, repeat(fault) if count is None else repeat(fault, count))
        self._failing.append(failing)
        try:
            yield
        finally:
            self._failing.remove(failing)

    def take_fault(self, operation: str, parameters: Mapping[str, Any]) -> Fault | None:
        """How an operation has to fail this time."""
        for failing, of, faults in reversed(self._failing):
            if failing != operation or not of.items() <= parameters.items():
                continue
            fault: Fault | None = next(faults, None)
            if fault:
                return fault
        return None


def entity_id(prefix: str, source: str) -> str:
    """An identifier of the form that IAM gives its entities and keys."""
    return prefix + base64.b32encode(hashlib.sha256(source.encode()).digest()[:10]).decode()


def account_of(arn: str) -> str:
    """The account of an ARN; `aws` for the policies that AWS manages."""
    return arn.split(":")[4] if arn.count(":") > 4 else ""


def path_and_name(arn: str) -> tuple[str, str]:
    """`/service-role/` and `name` for the ARN of a role or a policy with that path."""
    path, _, name = arn.split(":", 5)[-1].partition("/")[2].rpartition("/")
    return f"/{path}/" if path else "/", name
