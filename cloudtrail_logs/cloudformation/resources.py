"""The resources that a CloudFormation template declares beside its trails, as `stack` reads them.

Sources: CloudFormation template reference (what Ref and Fn::GetAtt give for log groups, roles, policies and trails),
"Parameters", "Name type" (a name that CloudFormation makes is STACK-LOGICALID-RANDOM), "StackSets
concepts" (the name of a stack that a stack set makes is StackSet-SET-RANDOM).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from ..model.arn import is_account, is_region, partition_of_region
from ..model.provider_settings import ASSUMED_ROLES
from ..model.reasons import Doubt, Reason
from ..model.sample_place import SAMPLE_PLACE
from ..model.value import ABSENT, UNKNOWN, Text, Truth
from ..stack.cloudformation_types import TRAIL, own_name, properties_of, token_of
from ..stack.properties import Properties
from ..stack.provider import ALLOWED_ACCOUNTS, account_of, region_of
from ..stack.resource import ProviderResource, Resource, TemplatePlace
from ..stack.resource_types import TEMPLATE_TYPES, TemplateType
from .intrinsics import Intrinsics, as_text
from .syntax import MalformedError
from .template import Template, read_template

_LOG_GROUP: Final = "AWS::Logs::LogGroup"
_ROLE: Final = "AWS::IAM::Role"
_MANAGED_POLICY: Final = "AWS::IAM::ManagedPolicy"
_IAM: Final = "AWS::IAM::"
# The properties that name resources of these types.
_NAMES: Final = {
    _LOG_GROUP: "LogGroupName",
    _ROLE: "RoleName",
    _MANAGED_POLICY: "ManagedPolicyName",
    TRAIL: "TrailName",
}
# And the attributes that are their ARNs.
_ARNS: Final = {TRAIL: "Arn", _LOG_GROUP: "Arn", _ROLE: "Arn", _MANAGED_POLICY: "PolicyArn"}
_RANDOM: Final = "XXXXXXXXXXXX"
# What is left of a name that CloudFormation makes in front of what is random in it: it cuts the name to what IAM takes.
_LONGEST_NAMES: Final = {_ROLE: 64 - len(f"-{_RANDOM}"), _MANAGED_POLICY: 128 - len(f"-{_RANDOM}")}
# Escapes of JSON and YAML by which a text may hide what it says.
_ESCAPE: Final = re.compile(r"\\[uUxN\r\n]")
# Words that YAML 1.1 also has for booleans; elsewhere in a template they may be names.
_YAML_FLAGS: Final = {"yes": True, "on": True, "no": False, "off": False}
_URL_SUFFIXES: Final = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}
_MOST_LEVELS: Final = 3  # of templates in templates: each is read as a whole
_SSM: Final = "AWS::SSM::Parameter::Value<"
_LISTS: Final = ("CommaDelimitedList", "List<")


@dataclass(frozen=True)
class TemplateContent:
    """What a template that may have a trail declares."""

    resources: tuple[TemplateResource, ...] = ()
    """What it certainly declares, and what it may declare beside its trails."""
    undetermined: tuple[tuple[str, Doubt], ...] = ()
    """What cannot be told of it: a trail's logical id, or "" for all of it, and why."""
    nested: tuple[TemplateContent, ...] = ()
    """The templates of stack sets that it declares."""
    in_sample: Callable[[], Sequence[TemplateResource]] = tuple
    """The same resources in a place that stands for any (`model.sample_place`); none where their place is known."""

    def all(self) -> Iterator[TemplateContent]:
        """This one and those within it."""
        yield self
        for each in self.nested:
            yield from each.all()


def read_content(owner: Resource, level: int = 0) -> TemplateContent | None:
    """What the template of a CloudFormation stack or stack set declares. None where it declares no trail.

    level: in how many templates the owner itself is declared. Never raises: what cannot be read is undetermined.
    """
    try:
        return _content(owner, TEMPLATE_TYPES[owner.type], level)
    except MalformedError as error:
        return _undetermined(Reason.TEMPLATE_UNREADABLE.of(why=str(error)))
    except RecursionError:
        return _undetermined(Reason.TEMPLATE_UNREADABLE.of(why="is nested too deeply"))


def read_targets(owner: Resource) -> Sequence[TemplateResource]:
    """What the template of a CloudFormation stack declares, where it has a log group or something of IAM, trail or not.

    Nothing where it cannot be read. Never raises.
    """
    template_type = TEMPLATE_TYPES[owner.type]
    body, text = owner.properties.json(template_type.body), _text_of(owner, template_type)
    if not any(kind in text for kind in (_LOG_GROUP, _IAM)):
        return ()
    try:
        return _Reading(owner, template_type, read_template(body), text).content(_MOST_LEVELS).resources
    except (MalformedError, RecursionError):
        return ()


def _content(owner: Resource, template_type: TemplateType, level: int) -> TemplateContent | None:
    body = owner.properties.json(template_type.body)
    if body is UNKNOWN:
        return _undetermined(Reason.TEMPLATE_UNKNOWN.of())
    if body is ABSENT:
        url = owner.properties.text(template_type.url)
        return None if url is ABSENT else _undetermined(Reason.TEMPLATE_BY_URL.of())
    if not _may_declare_a_trail(owner, template_type, body):
        return None
    if level > _MOST_LEVELS:
        raise MalformedError("is nested too deeply")
    return _Reading(owner, template_type, read_template(body), _text_of(owner, template_type)).content(level)


def _undetermined(doubt: Doubt) -> TemplateContent:
    return TemplateContent(undetermined=(("", doubt),))


def _may_declare_a_trail(owner: Resource, template_type: TemplateType, body: object) -> bool:
    if isinstance(body, str):
        return TRAIL in body or _ESCAPE.search(body) is not None
    return any(TRAIL in text for _, text in owner.properties.known_texts(template_type.body))


def _text_of(owner: Resource, template_type: TemplateType) -> str:
    """All texts that may name a resource of the template literally."""
    names = (template_type.body, template_type.parameters)
    return "\n".join(text for name in names for _, text in owner.properties.known_texts(name))


class TemplateResource:
    """One resource of a template. Its members are those of `stack.resource`."""

    ignored_changes: Sequence[str] = ()

    def __init__(self, reading: _Reading, logical_id: str, certain: bool) -> None:
        self._reading = reading
        self._declared = reading.template.resources[logical_id]
        self.kind = str(self._declared.get("Type"))
        self.type = token_of(self.kind)
        self.name = logical_id
        self.urn = f"{reading.owner.urn}#{logical_id}"
        self.provider: ProviderResource = reading.deployment
        deploying = reading.owner.template or TemplatePlace(reading.owner.urn, reading.owner.name, logical_id)
        self.template = replace(
            deploying,
            logical_id=logical_id,
            certain=certain,
            partition=reading.partition,
            forms=reading.forms(logical_id),
        )
        resolved = dict(reading.resolved(logical_id))
        missing = UNKNOWN if self._declared.get("Properties") is UNKNOWN else ABSENT
        if self.kind == TRAIL:
            resolved = {name: _flag_or_value(value) for name, value in resolved.items()}
            # AWS is asked by it, so only where it exists and is named.
            if reading.exists and isinstance(resolved.get(_NAMES[TRAIL]), str):
                resolved[_ARNS[TRAIL]] = reading.attribute(logical_id, _ARNS[TRAIL])
        elif self.kind in _NAMES:
            resolved[_NAMES[self.kind]] = reading.name_of(logical_id)
            resolved[_ARNS[self.kind]] = reading.attribute(logical_id, _ARNS[self.kind])
        resolved["Id"] = logical_id if reading.exists else UNKNOWN
        self.properties = Properties(properties_of(self.kind, resolved), missing=missing)

    @property
    def sources_recorded(self) -> bool:
        """As in `stack.resource.Resource`: its template shows them."""
        return True

    @property
    def dependencies(self) -> Sequence[Resource]:
        """As in `stack.resource.Resource`."""
        found = self._reading.sources(self._declared.get("Properties"))
        others = self._declared.get("DependsOn") or ()
        names = [others] if isinstance(others, str) else others if isinstance(others, list) else []
        return [*(found or ()), *(each for name in names if (each := self._reading.resource(name)))]

    def sources(self, property_name: str) -> Sequence[Resource] | None:
        """As in `stack.resource.Resource`."""
        properties = self._declared.get("Properties")
        node = properties.get(own_name(self.kind, property_name)) if isinstance(properties, Mapping) else None
        found = self._reading.sources(node)
        open_ended = found is None or self._reading.may_be_of_a_branch(node)
        if open_ended and _has_unknown(self.properties.json(property_name)):
            # It may be of anything. None would say that it is not set, or a plain text.
            return [*(found or ()), self._reading.owner]
        return found


class _Deployment:
    """Where the resources of a template are made, as the provider that each of them has."""

    def __init__(self, urn: str, properties: Properties) -> None:
        self.urn = urn
        self.properties = properties


class _Reading:
    """The template of one owner, while its functions are resolved."""

    def __init__(
        self,
        owner: Resource,
        template_type: TemplateType,
        template: Template,
        text: str,
        sample_of: _Reading | None = None,
    ) -> None:
        """sample_of: the reading of which this is another, with a place that stands for any where that is unknown."""
        self.owner = owner
        self.template = template
        self._type = template_type
        self._text = text
        stack = owner.properties.text(template_type.arn) if template_type.arn else UNKNOWN
        parts = stack.split(":", 5) if isinstance(stack, str) else []
        self.exists = len(parts) == 6 and is_region(parts[3]) and is_account(parts[4])
        """Whether CloudFormation has made the stack already."""
        region = region_of(owner.properties, template_type.region, None, owner.provider)
        account = account_of(owner.provider)
        partition: Text = UNKNOWN
        if self.exists:
            region, account, partition = parts[3], parts[4], parts[1]
        elif isinstance(region, str):
            partition = partition_of_region(region) or UNKNOWN
        if template_type.is_set:  # its instances are in any regions and accounts of the partition
            region = account = UNKNOWN
        if sample_of:
            partition, region, account = (
                value if isinstance(value, str) else stand_in
                for value, stand_in in zip((partition, region, account), SAMPLE_PLACE, strict=True)
            )
        name = owner.properties.text(template_type.name)
        shown = name if isinstance(name, str) else "STACK"
        self._stack_name: object = f"StackSet-{shown}-{_RANDOM}" if template_type.is_set else shown
        if name is UNKNOWN and not sample_of:  # a policy may name all that begins as the stack does
            self._stack_name = UNKNOWN
        own = owner.provider.properties if owner.provider and not template_type.is_set else Properties({})
        accounts = [account] if isinstance(account, str) else account
        place = {"region": region, ALLOWED_ACCOUNTS: accounts}
        if template_type.is_set:
            place[ASSUMED_ROLES[0]] = UNKNOWN
        self.partition = partition
        self.deployment = _Deployment(f"{owner.urn}#", own.overlaid(place))
        self._place = {"partition": partition, "region": region, "account": account}
        self._given = self._given_parameters()
        # The name of a stack that a stack set makes is not known, but its form is.
        is_named = isinstance(name, str) and (sample_of is not None or not template_type.is_set)
        self._values: dict[str, Any] = {
            "AWS::Region": _or_unknown(region),
            "AWS::AccountId": _or_unknown(account),
            "AWS::Partition": partition,
            "AWS::StackName": self._stack_name if is_named else UNKNOWN,
            "AWS::StackId": stack if isinstance(stack, str) else UNKNOWN,
            "AWS::URLSuffix": _URL_SUFFIXES.get(partition, UNKNOWN) if isinstance(partition, str) else UNKNOWN,
            "AWS::NotificationARNs": UNKNOWN,
            **{name: self._parameter(name, each) for name, each in template.parameters.items()},
        }
        # What depends on the place does so in a sample of it, too.
        known = {name: sample_of._intrinsics.condition(name) for name in template.conditions} if sample_of else {}
        self._intrinsics: Intrinsics = Intrinsics(
            self._values, template.mappings, template.conditions, self.attribute, known
        )
        self._resolved: dict[str, Mapping[str, Any]] = {}
        # Each once: a name may be made of another one twice, and that of a third one twice.
        self._attributes: dict[tuple[str, str], Any] = {}
        self._open: set[str] = set()
        self._resources: dict[str, TemplateResource] = {}

    def content(self, level: int) -> TemplateContent:
        """All of it."""
        undetermined = self._read()
        resources = tuple(self._resources.values())
        inner = (read_content(each, level + 1) for each in resources if each.type in TEMPLATE_TYPES)
        is_placed = all(isinstance(part, str) for part in self._place.values())
        has_sample = not is_placed and self._stack_name is not UNKNOWN and not self._names_the_sample
        sample = self._resources_in_sample if has_sample else tuple
        return TemplateContent(resources, undetermined, tuple(filter(None, inner)), sample)

    def _read(self) -> tuple[tuple[str, Doubt], ...]:
        """Finds its resources. Answers the trails of which it cannot be told whether they are among them."""
        undetermined: list[tuple[str, Doubt]] = []
        for logical_id, declared in self.template.resources.items():
            condition = declared.get("Condition")
            truth = Truth.YES if condition is None else self._intrinsics.condition(condition)
            if truth is Truth.MAYBE and declared.get("Type") == TRAIL and self._waits_on_a_value:
                undetermined.append((logical_id, Reason.TRAIL_ON_CONDITION.of()))
            elif truth is not Truth.NO:
                self._resources[logical_id] = TemplateResource(self, logical_id, certain=truth is Truth.YES)
        return tuple(undetermined)

    def _resources_in_sample(self) -> Sequence[TemplateResource]:
        self._sample._read()
        return tuple(self._sample._resources.values())

    @property
    def _waits_on_a_value(self) -> bool:
        """Whether a condition may depend on more than where the template is deployed."""
        parameters = (self._values[name] for name in self.template.parameters)
        return any(_has_unknown(each) for each in (*parameters, self.template.conditions, self.template.mappings))

    def resource(self, logical_id: object) -> TemplateResource | None:
        """One of its resources; None where the template declares none of this name."""
        return self._resources.get(logical_id) if isinstance(logical_id, str) else None

    def resolved(self, logical_id: str) -> Mapping[str, Any]:
        """The properties of a resource, with what their functions give."""
        if logical_id not in self._resolved:
            properties = self._intrinsics.resolve(self.template.resources[logical_id].get("Properties") or {})
            self._resolved[logical_id] = properties if isinstance(properties, Mapping) else {}
        return self._resolved[logical_id]

    def attribute(self, logical_id: str, name: str) -> Any:
        """What Ref ("") or Fn::GetAtt gives for a resource; absent where there is no such resource."""
        if logical_id not in self.template.resources:
            return ABSENT
        if (logical_id, name) not in self._attributes:
            self._attributes[logical_id, name] = self._attribute(logical_id, name)
        return self._attributes[logical_id, name]

    def _attribute(self, logical_id: str, name: str) -> Any:
        kind = self.template.resources[logical_id].get("Type")
        if not isinstance(kind, str) or kind not in _NAMES:
            return UNKNOWN
        if name == _ARNS[kind] or (kind == _MANAGED_POLICY and not name):
            return self._arn(logical_id, kind)
        return self.name_of(logical_id) if not name else UNKNOWN

    def forms(self, logical_id: str) -> Mapping[str, str]:
        """The properties of a trail of which only the place is not known."""
        if self.template.resources[logical_id].get("Type") != TRAIL:
            return {}
        unknown = [name for name, value in self.resolved(logical_id).items() if value is UNKNOWN]
        sample = self._sample.resolved(logical_id) if unknown and not self._names_the_sample else {}
        return {name: text for name in unknown if isinstance(text := sample.get(name), str)}

    @cached_property
    def _names_the_sample(self) -> bool:
        """Whether a text of the user's own looks like a part of the sample, so that it could not be told apart."""
        return any(part in self._text for part in SAMPLE_PLACE)

    @cached_property
    def _sample(self) -> _Reading:
        return _Reading(self.owner, self._type, self.template, self._text, sample_of=self)

    def name_of(self, logical_id: str) -> Any:
        """The name in AWS of a log group, role, policy or trail.

        One that CloudFormation makes is written with a placeholder for what is random in it: nobody can know that, so a
        policy matches it only if it matches any. Where a text of the template has such a name, it is not known.
        """
        if logical_id in self._open:
            return UNKNOWN  # it is named by itself
        self._open.add(logical_id)
        kind = str(self.template.resources[logical_id].get("Type"))
        name = self._property(logical_id, _NAMES[kind])
        self._open.discard(logical_id)
        if name is not ABSENT:
            return name if isinstance(name, str) else UNKNOWN
        if self._stack_name is UNKNOWN or f"-{logical_id}-" in self._text:
            return UNKNOWN
        beginning = f"{self._stack_name}-{logical_id}"
        return f"{beginning[: _LONGEST_NAMES.get(kind)]}-{_RANDOM}"

    def sources(self, node: Any) -> Sequence[Resource] | None:
        """The resources that a part of the template is made of, as `stack.resource.Resource.sources`."""
        found: dict[str, Resource] = {}
        recorded = False
        for name in self._intrinsics.references(node):
            if resource := self._resources.get(name):
                found[resource.urn] = resource
            elif name == "":
                recorded = True
            elif name in self._given:
                outside = self.owner.sources(self._type.parameters)
                recorded = recorded or outside is not None
                found.update((each.urn, each) for each in outside or ())
        return list(found.values()) if found or recorded else None

    def may_be_of_a_branch(self, node: Any) -> bool:
        """Whether a part of the template is made of one branch of a condition, and nobody knows of which."""
        return self._intrinsics.has_open_branch(node)

    def _arn(self, logical_id: str, kind: str) -> Any:
        partition, region, account = (self._place[part] for part in ("partition", "region", "account"))
        name = self.name_of(logical_id)
        path = self._path(logical_id) if kind in (_ROLE, _MANAGED_POLICY) else "/"
        texts = {
            _LOG_GROUP: f"arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
            _ROLE: f"arn:{partition}:iam::{account}:role{path}{name}",
            _MANAGED_POLICY: f"arn:{partition}:iam::{account}:policy{path}{name}",
            TRAIL: f"arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
        }
        needed = (partition, account, name, path, region if kind in (_LOG_GROUP, TRAIL) else "")
        return texts[kind] if all(isinstance(each, str) for each in needed) else UNKNOWN

    def _path(self, logical_id: str) -> Any:
        path = self._property(logical_id, "Path")
        return "/" if path is ABSENT else path if isinstance(path, str) else UNKNOWN

    def _property(self, logical_id: str, name: str) -> Any:
        """One property of a resource, resolved without the others."""
        properties = self.template.resources[logical_id].get("Properties")
        if not isinstance(properties, Mapping):
            return UNKNOWN if properties is UNKNOWN else ABSENT
        node = properties.get(name)
        return ABSENT if node is None else self._intrinsics.resolve(node)

    def _given_parameters(self) -> Mapping[str, Any]:
        """The parameters that the program sets. Those of a stack set may be a list of keys and values."""
        value = self.owner.properties.json(self._type.parameters)
        if isinstance(value, list):
            entries = [
                {str(key).lower(): each for key, each in entry.items()} for entry in value if isinstance(entry, Mapping)
            ]
            return {str(entry.get("parameterkey")): entry.get("parametervalue") for entry in entries}
        if isinstance(value, Mapping):
            return value
        return {} if value is ABSENT else dict.fromkeys(self.template.parameters, UNKNOWN)

    def _parameter(self, name: str, definition: Mapping[str, Any]) -> Any:
        value = next((each for each in (self._given.get(name), definition.get("Default")) if each is not None), UNKNOWN)
        kind = str(definition.get("Type"))
        if kind.startswith(_SSM) or str(definition.get("NoEcho")).lower() == "true" or isinstance(value, (dict, list)):
            return UNKNOWN
        value = as_text(value)
        if isinstance(value, str) and kind.startswith(_LISTS):
            return [each.strip() for each in value.split(",")]
        return value


def _flag_or_value(value: Any) -> Any:
    return _YAML_FLAGS.get(value.lower(), value) if isinstance(value, str) else value


def _has_unknown(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_unknown, value.values()))
    return any(map(_has_unknown, value)) if isinstance(value, list) else value is UNKNOWN


def _or_unknown(value: object) -> object:
    return value if isinstance(value, str) else UNKNOWN
