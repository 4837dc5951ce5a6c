"""The ARNs of log groups and roles: their parts, or why a value is not one. Regions, accounts and partitions.

Sources: the formats in the service authorization reference of CloudWatch Logs and of IAM; the names that
CreateLogGroup and CreateRole accept; CloudTrail's user guide for the `:*` that CloudTrail requires; the region patterns
in the partition data of the AWS SDKs (botocore `data/partitions.json`), which a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

from .quoting import LONGEST_ARN, described
from .value import NotText, Text, Unset

WILDCARD: Final = ":*"

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_PARTITION: Final = re.compile(r"aws(-[a-z]{1,10}){0,3}")
_LOG_GROUP_NAME: Final = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_ROLE_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ROLE_PATH: Final = re.compile(r"/([!-~]+/)?")
_REGION: Final = re.compile(r"(?P<prefix>[a-z]{2,4}(?:-(?:gov|iso[a-z]?|de))?)-[a-z]{1,20}-[0-9]{1,2}")
# The prefix of a region's name, up to its place and number, tells the partition.
_PARTITION_BY_PREFIX: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"), "aws"),
        "cn": "aws-cn",
        "us-gov": "aws-us-gov",
        "us-iso": "aws-iso",
        "us-isob": "aws-iso-b",
        "eu-isoe": "aws-iso-e",
        "us-isof": "aws-iso-f",
        "eusc-de": "aws-eusc",
    }
)
PARTITIONS: Final = tuple(dict.fromkeys(_PARTITION_BY_PREFIX.values()))
# What an empty variable, or an Output converted to a string, leaves of a value: texts of the languages and the SDKs.
_NOTHING: Final = frozenset({"", "None", "null", "undefined"})
_OUTPUT_AS_TEXT: Final = ("Calling __str__ on an Output", "Calling [toString] on an [Output", "[object Object]")
# What is most often passed instead. Only these names reach a message, never a part of the value itself.
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
    """The ARN of a log group."""

    partition: str
    region: str
    account: str
    name: str
    wildcard: bool
    """Whether it ends in the `:*` that CloudTrail requires."""

    @property
    def without_wildcard(self) -> str:
        """The ARN without its `:*`."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:{self.name}"

    @property
    def with_wildcard(self) -> str:
        """The ARN as CloudTrail requires it."""
        return f"{self.without_wildcard}{WILDCARD}"

    @property
    def text(self) -> str:
        """The ARN itself."""
        return self.with_wildcard if self.wildcard else self.without_wildcard


@dataclass(frozen=True)
class RoleArn:
    """The ARN of a role."""

    partition: str
    account: str
    path: str
    """From slash to slash: "/" where the role has none."""
    name: str

    @property
    def text(self) -> str:
        """The ARN itself."""
        return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name}"


@dataclass(frozen=True)
class Invalid:
    """Why a value is not the ARN that was asked for."""

    reason: str
    """The rest of a sentence that begins with the value."""
    shown: str
    """The value as a noun, as a message may show it."""


_Arn = TypeVar("_Arn", LogGroupArn, RoleArn)


class _InvalidError(Exception):
    """A text is not the ARN that was asked for. The message is the reason."""


def is_account(text: str) -> bool:
    """Whether the text is an account's id: 12 digits."""
    return _ACCOUNT.fullmatch(text) is not None


def is_region(text: str) -> bool:
    """Whether the text has the form of a region's name, such as eu-west-1."""
    return _REGION.fullmatch(text) is not None


def partition_of_region(region: str) -> str | None:
    """The partition of a region, such as aws-cn for cn-north-1; None for a region of no known partition."""
    match = _REGION.fullmatch(region)
    return _PARTITION_BY_PREFIX.get(match["prefix"]) if match else None


def parse_log_group_arn(text: str) -> LogGroupArn | Invalid:
    """The parts of a log group's ARN, with or without its `:*`, or what is wrong with the text.

    Form: `arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME` (service authorization reference of CloudWatch Logs).
    """
    return _parsed_or_invalid(text, _log_group_arn)


def parse_role_arn(text: str) -> RoleArn | Invalid:
    """The parts of a role's ARN, or what is wrong with the text.

    Form: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME` (IAM user guide, "IAM identifiers").
    """
    return _parsed_or_invalid(text, _role_arn)


def parsed(value: Text, parse: Callable[[str], _Arn | Invalid]) -> _Arn | Invalid | Unset:
    """A property's value as an ARN; unknown and absent stay as they are. parse: one of the functions above."""
    if isinstance(value, NotText):
        return Invalid("is not a string", described(value))
    return parse(value) if isinstance(value, str) else value


def _parsed_or_invalid(text: str, parse: Callable[[str], _Arn]) -> _Arn | Invalid:
    try:
        return parse(text)
    except _InvalidError as error:
        return Invalid(str(error), described(text))


def _log_group_arn(text: str) -> LogGroupArn:
    partition, service, region, account, resource = _fields(text)
    kind, _, rest = resource.partition(":")
    name, colon, tail = rest.partition(":")
    if service != "logs" or kind != "log-group":
        raise _InvalidError(_not_the_kind(service, resource, "a log group"))
    if not is_region(region):
        raise _InvalidError("has no region" if not region else "has a region that does not exist")
    if not is_account(account):
        raise _InvalidError("has no account" if not account else "has an account that is not 12 digits")
    if not name:
        raise _InvalidError("has no log group name: the name it was built from may be empty")
    if "*" in name:
        raise _InvalidError("has a * in its log group name")
    if not _LOG_GROUP_NAME.fullmatch(name):
        raise _InvalidError("has a log group name that AWS does not allow")
    if colon and tail != "*":
        raise _InvalidError(_wrong_tail(tail))
    return LogGroupArn(partition, region, account, name, wildcard=bool(colon))


def _role_arn(text: str) -> RoleArn:
    partition, service, region, account, resource = _fields(text)
    kind, _, rest = resource.partition("/")
    if service != "iam" or kind != "role":
        raise _InvalidError(_not_the_kind(service, resource, "a role"))
    if region:
        raise _InvalidError("has a region, which a role's ARN never has")
    if not is_account(account):
        raise _InvalidError("has no account" if not account else "has an account that is not 12 digits")
    before, slash, name = rest.rpartition("/")
    path = f"/{before}/" if slash else "/"
    if not name:
        raise _InvalidError("has no role name: the name it was built from may be empty")
    if name.endswith(WILDCARD):
        raise _InvalidError(f"ends in {WILDCARD}, which only a log group's ARN does")
    if not (_ROLE_NAME.fullmatch(name) and _ROLE_PATH.fullmatch(path)):
        raise _InvalidError("has a role name or path that AWS does not allow")
    return RoleArn(partition, account, path, name)


def _fields(text: str) -> tuple[str, str, str, str, str]:
    if len(text) > LONGEST_ARN:
        raise _InvalidError("is too long for an ARN")
    if text.startswith(_OUTPUT_AS_TEXT):
        raise _InvalidError("is an Output converted to a string, not its value: build it with Output.concat or apply")
    if text.removesuffix(WILDCARD) in _NOTHING:
        raise _InvalidError(f"has nothing before its {WILDCARD}: what that was appended to may be empty")
    if "${" in text:
        raise _InvalidError("has a ${…} that is not replaced by a value")
    if text != text.strip():
        raise _InvalidError("has leading or trailing whitespace")
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        raise _InvalidError("is not an ARN")
    _, partition, service, region, account, resource = fields
    if not _PARTITION.fullmatch(partition):
        raise _InvalidError("has no partition" if not partition else "has a partition that does not exist")
    return partition, service, region, account, resource


def _not_the_kind(service: str, resource: str, wanted: str) -> str:
    found = _KINDS.get((service, re.split("[:/]", resource, maxsplit=1)[0]))
    return f"is the ARN of {found}, not of {wanted}" if found not in (None, wanted) else f"is not the ARN of {wanted}"


def _wrong_tail(tail: str) -> str:
    if tail.startswith("*:"):
        return "ends in :*:*: it already had its :*"
    if tail.startswith("log-stream"):
        return "goes on to a log stream"
    return "does not end after the log group's name"
