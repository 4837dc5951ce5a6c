"""Mocks for the unit test of a program, which record its resources and answer for AWS. It imports no SDK."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .model.value import UNKNOWN
from .policy_document import policy_document
from .stack.properties import Properties
from .stack.provider import account_of
from .stack.resource_types import TRAIL_TYPES

_LOG_GROUP: Final = "arn:{partition}:logs:{region}:{account}:log-group:{name}"
_ROLE: Final = "arn:{partition}:iam::{account}:role{path}{name}"
_ARNS: Final[Mapping[str, str]] = {
    "aws:cloudwatch/logGroup:LogGroup": _LOG_GROUP,
    "aws:cloudwatch/getLogGroup:getLogGroup": _LOG_GROUP,
    "aws-native:logs:LogGroup": f"{_LOG_GROUP}:*",
    "aws:iam/role:Role": _ROLE,
    "aws:iam/getRole:getRole": _ROLE,
    "aws-native:iam:Role": _ROLE,
    "aws:iam/policy:Policy": "arn:{partition}:iam::{account}:policy{path}{name}",
}
_ANY_ARN: Final = "arn:{partition}:{service}:{region}:{account}:{name}"
# With which the SDK marks a secret, as a key and its value (Pulumi SDK, `runtime/rpc.py`).
_SIGNATURE: Final = ("4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270")


@dataclass(frozen=True)
class Recorded:
    """A resource that a program registered or read."""

    type: str
    """Its type token, such as aws:cloudtrail/trail:Trail."""
    name: str
    """Its name in the Pulumi program."""
    properties: Mapping[str, Any]
    """Its inputs and outputs, by the names that its provider gives them: cloudWatchLogsGroupArn."""
    provider: str = ""
    """The reference of its provider, `URN::ID`; empty for the default one."""
    is_read: bool = False
    """Whether the program only reads it, with `.get`."""
    id: str = ""
    """Its id, which tells providers of one name apart."""


@dataclass
class Recorder:
    """Mocks for `pulumi.runtime.set_mocks` that record each resource, and answer with the ARN that AWS would give it.

    To answer more, override `outputs` in a subclass.
    """

    account: str = "123456789012"
    region: str = "us-east-1"
    partition: str = "aws"
    resources: list[Recorded] = field(default_factory=list)
    _known: Counter[tuple[str, str]] = field(default_factory=Counter, init=False, repr=False)
    """How many of the resources have a type and a name."""

    @property
    def trails(self) -> list[str]:
        """The names of the trails that the program manages, in their order; without those in templates."""
        return sorted(each.name for each in self.resources if each.type in TRAIL_TYPES and not each.is_read)

    def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
        """Called by the SDK for each resource (`pulumi.runtime.Mocks`). args: a MockResourceArgs."""
        inputs = _plain(args.inputs)
        given = next((inputs[each] for each in ("name", "roleName", "logGroupName") if inputs.get(each)), None)
        name = args.resource_id or given or self._free_name(args)
        properties = {**self.outputs(args), **inputs}
        if name is not UNKNOWN:
            arn = self._arn(args.typ, name, self._place(args.provider, inputs), inputs)
            properties = {"arn": arn, "name": name, **properties}
        # The SDK says `custom` of what is registered alone: what is imported has an id, and is not only read.
        is_read = bool(args.resource_id) and getattr(args, "custom", None) is None
        identifier = str(args.name if name is UNKNOWN else name)
        self._known[args.typ, args.name] += 1
        self.resources.append(Recorded(args.typ, args.name, properties, args.provider or "", is_read, identifier))
        answered = {key: _as_text(key, value) for key, value in args.inputs.items()}
        return identifier, {**properties, **answered}

    def register_transform(self, transform: Any) -> None:
        """Called by the SDK; transforms are not run."""

    def register_invoke_transform(self, transform: Any) -> None:
        """Called by the SDK; transforms are not run."""

    def _free_name(self, args: Any) -> str:
        taken = self._known[args.typ, args.name]
        return f"{args.name}-{taken}" if taken else str(args.name)

    def _place(self, reference: Any, settings: Mapping[str, Any]) -> dict[str, str]:
        provider = provider_of(reference or "", self.resources)
        own = Properties(provider.properties) if provider else None
        account = account_of(RecordedProvider(provider)) if provider else None
        region = settings.get("region") or (own.text("region") if own else None)
        return {
            "partition": self.partition,
            "region": region if isinstance(region, str) else self.region,
            "account": account if isinstance(account, str) else self.account,
        }

    def call(self, args: Any) -> dict[str, Any]:
        """Called by the SDK for each function (`pulumi.runtime.Mocks`). args: a MockCallArgs."""
        given = _plain(args.args)
        if args.token == "aws:iam/getPolicyDocument:getPolicyDocument":
            return {**policy_document(given), **args.args}
        place = self._place(args.provider, given)
        name = str(given.get("name") or place["region"])
        found = {"accountId": place["account"], "region": place["region"], "partition": self.partition}
        identifier = "o-exampleorgid" if args.token.endswith(":getOrganization") else name
        return {"arn": self._arn(args.token, name, place, {}), "id": identifier, "name": name, **found, **args.args}

    def outputs(self, args: Any) -> Mapping[str, Any]:
        """More outputs of a resource. args: a MockResourceArgs."""
        return {}

    def _arn(self, token: str, name: str, place: Mapping[str, str], inputs: Mapping[str, Any]) -> str:
        service = token.partition(":")[2].partition(":")[0].partition("/")[0]
        path = inputs.get("path")
        path = path if isinstance(path, str) else "/"
        return _ARNS.get(token, _ANY_ARN).format(path=path, name=name, service=service, **place)


class RecordedProvider:
    """The provider of a recorded resource. Its members are those of `stack.resource.ProviderResource`."""

    def __init__(self, recorded: Recorded) -> None:
        self.urn = f"{recorded.type}::{recorded.name}::{recorded.id}"
        self.properties = Properties(recorded.properties)


def provider_of(reference: str, resources: Iterable[Recorded]) -> Recorded | None:
    """The provider of a reference, which is its URN and its id; None where it is empty: the default one."""
    if not reference:
        return None
    urn, _, identifier = reference.rpartition("::")
    kind, name = urn.split("::")[2:3], urn.rpartition("::")[2]
    token = kind[0].rpartition("$")[2] if kind else ""
    found = [each for each in resources if (each.type, each.name) == (token, name)]
    return next((each for each in found if each.id == identifier), found[0] if found else None)


def _as_text(name: str, value: Any) -> Any:
    """A policy document as the text that a provider makes of an object."""
    is_document = name in ("policy", "assumeRolePolicy") and isinstance(value, Mapping) and _SIGNATURE[0] not in value
    return json.dumps(_plain(value), default=str) if is_document else value


def _plain(value: Any) -> Any:
    """A value without the marks of secrets, and with UNKNOWN for what is not known."""
    if type(value).__name__ == "Unknown" and type(value).__module__ == "pulumi.output":
        return UNKNOWN
    if isinstance(value, Mapping):
        key, mark = _SIGNATURE
        if value.get(key) == mark:
            return _plain(value.get("value"))
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
