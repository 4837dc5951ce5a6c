"""What a resource shows once it is planned, created, changed or read."""

import re
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.fakes.aws_provider.checks import DEFAULTS
from tools.fakes.aws_provider.resource_table import ResourceKind, kind_of
from tools.fakes.aws_provider.settings import ProviderSettings, partition_of
from tools.fakes.aws_provider.values import (
    UNKNOWN,
    Properties,
    contains_unknown,
    is_set,
    normalised_document,
    without_internal_keys,
)

# A read of an id with this word in it finds nothing.
ABSENT = "absent"


@dataclass(frozen=True)
class Resource:
    """One resource of a program, as its URN names it."""

    urn: str

    @property
    def token(self) -> str:
        """Its type, without the types of the components that it is a child of."""
        return self.urn.split("::", 3)[2].rsplit("$", 1)[-1]

    @property
    def logical_name(self) -> str:
        """Its name in the program."""
        return self.urn.split("::", 3)[3]

    @property
    def kind(self) -> ResourceKind:
        """Its entry in the table."""
        return kind_of(self.token)


def resource_outputs(
    resource: Resource,
    inputs: Properties,
    settings: ProviderSettings,
    previous: Mapping[str, Any],
    preview: bool,
) -> Properties:
    """The outputs for checked inputs, unknown where only a real run can tell."""
    kind = resource.kind
    given = without_internal_keys(inputs)
    outputs: Properties = {key: None if preview and previous.get(key) != "" else "" for key in kind.optional_strings}
    outputs |= kind.output_defaults
    outputs |= {key: value for key, value in given.items() if value is not None}
    outputs |= {key: normalised_document(outputs[key]) for key in kind.documents if key in outputs}
    texts = _template_values(resource, given, settings)
    templates = {**({"region": "{region}"} if kind.regional and settings.regional else {}), **kind.computed}
    name = kind.name_property
    if name and not is_set(given.get(name)):
        # Named by AWS from the prefix, or not at all.
        templates = {name: f"{{{name}Prefix}}{texts['random'][:8]}", **templates}
    for key, template in {**templates, "id": kind.identifier}.items():
        if is_set(given.get(key)):
            continue
        if key in previous:
            outputs[key] = previous[key]
        elif preview:
            outputs[key] = UNKNOWN
        else:
            outputs[key] = template.format_map(texts) if isinstance(template, str) else template
        texts[key] = outputs[key]
    if kind.tagged:
        tags = outputs.setdefault("tags", None)
        known = is_set(tags) and not contains_unknown(tags)
        same = "tagsAll" in previous and (tags or {}) == previous["tagsAll"]
        outputs["tagsAll"] = (tags or {}) if known or same or not preview else UNKNOWN
    return outputs


def changed_properties(kind: ResourceKind, olds: Properties, news: Properties) -> list[str]:
    """The inputs that differ, where every spelling of "not set" and of a document is the same."""

    def comparable(properties: Properties, key: str) -> Any:
        value = without_internal_keys(properties.get(key))
        if key in kind.documents:
            value = normalised_document(value)
        return value if is_set(value) else None

    keys = (olds.keys() | news.keys()) - {DEFAULTS}
    return sorted(key for key in keys if comparable(olds, key) != comparable(news, key))


def replacing_properties(kind: ResourceKind, changed: list[str]) -> list[str]:
    """Those changes that need a new resource."""
    name = kind.name_property
    replacing = {*kind.replaced_by, "region", *((name, f"{name}Prefix") if name else ())}
    return [key for key in changed if key in replacing]


def found_resource(
    resource: Resource, identifier: str, known: Properties, settings: ProviderSettings
) -> tuple[Properties, Properties] | None:
    """Inputs and outputs of the existing resource with an id, or None when it does not exist."""
    if ABSENT in identifier:
        return None
    kind = resource.kind
    arn = kind.computed.get("arn", "")
    parts = _parse(arn, identifier) or _parse(kind.identifier, identifier) or {}
    settings = replace(settings, account=parts.pop("account", "") or settings.account)
    parts.pop("partition", None)
    # An ARN's region is the resource's own, wherever the provider works.
    region = parts.pop("region", "") or settings.region
    inputs: Properties = {**kind.input_defaults, **kind.found, **parts}
    if kind.regional and settings.regional:
        inputs["region"] = region
    if kind.name_property:
        inputs.setdefault(kind.name_property, identifier)
    inputs |= {key: value for key, value in known.items() if is_set(value)}
    inputs.pop("arn", None)
    inputs.pop("id", None)
    key_id = {"keyId": parts["keyId"]} if "keyId" in parts else {}
    return inputs, resource_outputs(resource, inputs, settings, key_id, preview=False)


def _template_values(resource: Resource, given: Properties, settings: ProviderSettings) -> defaultdict[str, Any]:
    region = given.get("region") or settings.region
    return defaultdict(
        str,
        {
            **given,
            "account": settings.account,
            "partition": partition_of(region),
            "random": str(uuid.uuid5(uuid.NAMESPACE_URL, resource.urn)),
            "region": region,
            "service": resource.token.split(":")[1].split("/")[0],
        },
    )


def _parse(template: str, text: str) -> dict[str, str] | None:
    """The values that would make a template this text."""
    shapes = {"partition": "[^:]+", "region": "[^:]*", "account": "[^:]*", "path": "/(?:.+/)?"}

    def group(match: re.Match[str]) -> str:
        return f"(?P<{match[1]}>{shapes.get(match[1], '.+')})"

    pattern = re.sub(r"\\{(\w+)\\}", group, re.escape(template))
    match = re.fullmatch(pattern, text)
    return match.groupdict() if match else None
