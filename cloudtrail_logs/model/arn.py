"""The ARNs of log groups and roles: their parts, or why a text is not one.

Sources: the formats in the service authorization reference of CloudWatch Logs and of IAM; the names that
CreateLogGroup and CreateRole accept; CloudTrail's user guide for the `:*` that CloudTrail requires.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .partition import is_region

WILDCARD: Final = ":*"

_LONGEST: Final = 2048  # the longest ARN that the CloudTrail API takes
_PARSED: Final = 4_096  # so many are kept: the policies all parse those of each trail
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_PARTITION: Final = re.compile(r"aws(-[a-z]{1,10}){0,3}")
_LOG_GROUP_NAME: Final = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_ROLE_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ROLE_PATH: Final = re.compile(r"/([!-~]+/)?")
# Strict where a secret might hide: any text may stand only in the last part, which is the name.
_ARN_FORM: Final = re.compile(
    rf"arn:({_PARTITION.pattern}|\*):[a-z0-9-]{{1,40}}:[a-z0-9*?-]{{0,25}}:([0-9*?]{{0,12}}|aws):[\w+=,.@:/#*?$-]+",
    re.ASCII,
)
# What an empty variable, or an Output that was made a text, leaves of a value: texts of the languages and the SDKs.
_NOTHING: Final = frozenset({"", "None", "null", "undefined"})
_OUTPUT_AS_TEXT: Final = ("Calling __str__ on an Output", "Calling [toString] on an [Output", "[object Object]")
# What is most often passed instead; only these names reach a message, never a part of the text itself.
_KINDS: Final = {
    ("iam", "role"): "a role",
    ("iam", "user"): "a user",
    ("iam", "group"): "a group of users",
    ("iam", "policy"): "a policy",
    ("iam", "instance-profile"): "an instance profile",
    ("sts", "assumed-role"): "a role's session",
    ("logs", "log-group"): "a log group",
    ("cloudtrail", "trail"): "a trail",
}


@dataclass(frozen=True)
class LogGroupArn:
    """The ARN of a log group.

    wildcard: whether it ends in the `:*` that CloudTrail requires.
    """

    partition: str
    region: str
    account: str
    name: str
    wildcard: bool

    @property
    def without_wildcard(self) -> str:
        """The ARN without its `:*`."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:{self.name}"


@dataclass(frozen=True)
class RoleArn:
    """The ARN of a role. path: from slash to slash, "/" where the role has none."""

    partition: str
    account: str
    path: str
    name: str

    @property
    def text(self) -> str:
        """The ARN itself."""
        return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name}"


@dataclass(frozen=True)
class Invalid:
    """Why a text is not the ARN that was asked for: the rest of a sentence that begins with the text."""

    reason: str


_TOO_LONG: Final = Invalid("is too long for an ARN")


def is_account(text: str) -> bool:
    """Whether the text is an account's id: 12 digits."""
    return _ACCOUNT.fullmatch(text) is not None


def has_arn_form(text: str) -> bool:
    """Whether the text looks like an ARN of any service: only such a text may be quoted in a message."""
    return len(text) <= _LONGEST and _ARN_FORM.fullmatch(text) is not None


def parse_log_group_arn(text: str) -> LogGroupArn | Invalid:
    """The parts of a log group's ARN, with or without its `:*`, or what is wrong with the text.

    Form: `arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME` (service authorization reference of CloudWatch Logs).
    """
    return _log_group_arn(text) if len(text) <= _LONGEST else _TOO_LONG


@lru_cache(maxsize=_PARSED)
def _log_group_arn(text: str) -> LogGroupArn | Invalid:
    fields = _fields(text)
    if isinstance(fields, Invalid):
        return fields
    partition, service, region, account, resource = fields
    kind, _, rest = resource.partition(":")
    name, colon, tail = rest.partition(":")
    if service != "logs" or kind != "log-group":
        return Invalid(_kind_of_other(service, resource, "a log group"))
    if not is_region(region):
        return Invalid("has no region" if not region else "has a region that does not exist")
    if not is_account(account):
        return Invalid("has no account" if not account else "has an account that is not 12 digits")
    if not name:
        return Invalid("has no log group name: the name it was built from may be empty")
    if "*" in name:
        return Invalid("has a * in its log group name")
    if not _LOG_GROUP_NAME.fullmatch(name):
        return Invalid("has a log group name that AWS does not allow")
    if colon and tail != "*":
        return Invalid(_wrong_tail(tail))
    return LogGroupArn(partition, region, account, name, wildcard=bool(colon))


def parse_role_arn(text: str) -> RoleArn | Invalid:
    """The parts of a role's ARN, or what is wrong with the text.

    Form: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME` (IAM user guide, "IAM identifiers").
    """
    return _role_arn(text) if len(text) <= _LONGEST else _TOO_LONG


@lru_cache(maxsize=_PARSED)
def _role_arn(text: str) -> RoleArn | Invalid:
    fields = _fields(text)
    if isinstance(fields, Invalid):
        return fields
    partition, service, region, account, resource = fields
    kind, _, rest = resource.partition("/")
    path, name = _path_and_name(rest)
    if service != "iam" or kind != "role":
        return Invalid(_kind_of_other(service, resource, "a role"))
    if region:
        return Invalid("has a region, which a role's ARN never has")
    if not is_account(account):
        return Invalid("has no account" if not account else "has an account that is not 12 digits")
    if not name:
        return Invalid("has no role name: the name it was built from may be empty")
    if name.endswith(WILDCARD):
        return Invalid(f"ends in {WILDCARD}, which only a log group's ARN does")
    if not (_ROLE_NAME.fullmatch(name) and _ROLE_PATH.fullmatch(path)):
        return Invalid("has a role name or path that AWS does not allow")
    return RoleArn(partition, account, path, name)


def _fields(text: str) -> tuple[str, str, str, str, str] | Invalid:
    if text.startswith(_OUTPUT_AS_TEXT):
        return Invalid("is an Output made a text, not its value: build it with Output.concat or apply")
    if text.removesuffix(WILDCARD) in _NOTHING:
        return Invalid(f"has nothing before its {WILDCARD}: what that was appended to may be empty")
    if text != text.strip():
        return Invalid("has blanks around it")
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        return Invalid("is not an ARN")
    _, partition, service, region, account, resource = fields
    if not _PARTITION.fullmatch(partition):
        return Invalid("has no partition" if not partition else "has a partition that does not exist")
    return partition, service, region, account, resource


def _kind_of_other(service: str, resource: str, wanted: str) -> str:
    kind = re.split("[:/]", resource)[0]
    found = _KINDS.get((service, kind))
    return f"is the ARN of {found}, not of {wanted}" if found not in (None, wanted) else f"is not the ARN of {wanted}"


def _wrong_tail(tail: str) -> str:
    if tail.startswith("*:"):
        return "ends in :*:*: it had its :* already"
    if tail.startswith("log-stream"):
        return "goes on to a log stream"
    return "does not end after the log group's name"


def _path_and_name(rest: str) -> tuple[str, str]:
    path, slash, name = rest.rpartition("/")
    return (f"/{path}/" if slash else "/"), name
