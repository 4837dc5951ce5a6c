"""What the provider does to a resource's inputs before anything is created."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from tools.fakes.aws_provider.resource_table import ResourceKind
from tools.fakes.aws_provider.settings import ProviderSettings
from tools.fakes.aws_provider.values import (
    SIGNATURE,
    UNKNOWN,
    Properties,
    contains_unknown,
    is_set,
    json_text,
)

# The inputs that Check filled itself, which the real provider notes in the state.
DEFAULTS = "__defaults"
PARTITION = re.compile(r"aws(-[a-z]+)*")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}")
ACCOUNT = re.compile(r"aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10}")


@dataclass(frozen=True)
class AutomaticName:
    """How a resource that the program does not name gets its physical name."""

    logical_name: str
    random_seed: bytes
    # From the stack's `pulumi:autonaming` configuration.
    proposed: str = ""
    disabled: bool = False

    def text(self) -> str:
        """The name: the logical name and seven hexadecimal digits, unless one is proposed."""
        digits = hashlib.sha512(self.random_seed).hexdigest()[:7]
        return self.proposed or f"{self.logical_name}-{digits}"


def checked_inputs(
    kind: ResourceKind,
    news: Properties,
    olds: Properties,
    automatic_name: AutomaticName,
    settings: ProviderSettings,
) -> Properties:
    """The inputs as every later step sees them, with names, regions and defaults filled in."""
    inputs = {key: value for key, value in news.items() if key != DEFAULTS}
    filled = {key: value for key, value in kind.input_defaults.items() if inputs.get(key) is None}
    name = kind.name_property
    if name and inputs.get(name) is None and not is_set(inputs.get(f"{name}Prefix")):
        if name in olds.get(DEFAULTS, []) and name in olds:
            filled[name] = olds[name]
        elif not automatic_name.disabled:
            text = automatic_name.text()
            filled[name] = text.lower() if kind.lower_case_name else text
    regional = kind.regional and settings.regional
    if regional and not is_set(inputs.get("region")) and settings.configured_region:
        inputs["region"] = settings.configured_region
    for key in kind.documents:
        if isinstance(inputs.get(key), (dict, list)):
            inputs[key] = UNKNOWN if contains_unknown(inputs[key]) else json_text(inputs[key])
    marked = {key: _with_nested_marks(value) for key, value in inputs.items()}
    for key in kind.named_entries:
        if isinstance(marked.get(key), list):
            entries = [entry for entry in marked[key] if not contains_unknown(entry)]
            marked[key] = _with_names(entries, olds.get(key), automatic_name)
    return {**marked, **filled, DEFAULTS: sorted(filled)}


def check_failures(kind: ResourceKind, logical_name: str, inputs: Properties) -> list[str]:
    """What the provider refuses at plan time, each as the sentence that it says."""
    found = {key: arn_problem(inputs.get(key)) for key in kind.arn_inputs}
    found |= {key: _document_problem(inputs.get(key)) for key in kind.documents}
    return [
        f"\"{_snake_case(key)}\" {problem}. Examine values at '{logical_name}.{key}'."
        for key, problem in found.items()
        if problem
    ]


def arn_problem(value: Any) -> str | None:
    """Why a value does not pass for an ARN; an empty, an unknown and a missing one do."""
    if not isinstance(value, str) or value in ("", UNKNOWN):
        return None
    sections = value.split(":", 5)
    if sections[0] != "arn":
        problem = "arn: invalid prefix"
    elif len(sections) < 6:
        problem = "arn: not enough sections"
    elif not PARTITION.fullmatch(sections[1]):
        problem = "invalid partition value"
    elif not sections[2]:
        problem = "missing service value"
    elif sections[3] and not REGION.fullmatch(sections[3]):
        problem = "invalid region value"
    elif sections[4] and not ACCOUNT.fullmatch(sections[4]):
        problem = "invalid account ID value"
    elif not sections[5]:
        problem = "missing resource value"
    else:
        return None
    return f"({value}) is an invalid ARN: {problem}"


def _document_problem(value: Any) -> str | None:
    if not isinstance(value, str) or value == UNKNOWN:
        return None
    if not value.strip():
        return "is an empty string, which is not a valid JSON value"
    try:
        document = json.loads(value)
    except ValueError as error:
        return f"contains an invalid JSON policy: {error}"
    if isinstance(document, str):
        return "contains an invalid JSON policy: contains a JSON-encoded string, not an object"
    return None if isinstance(document, dict) else "contains an invalid JSON policy: not an object"


def _with_nested_marks(value: Any) -> Any:
    """Nested objects as the real provider returns them, each with its own note of defaults."""
    if isinstance(value, list):
        return [
            {**entry, DEFAULTS: []} if isinstance(entry, dict) and SIGNATURE not in entry else entry for entry in value
        ]
    return value


def _with_names(entries: list[Any], olds: Any, automatic_name: AutomaticName) -> list[Any]:
    """Entries of a set, where those without a name get one that they keep."""
    kept = [old["name"] for old in olds or [] if "name" in old.get(DEFAULTS, [])]
    name = kept[0] if kept else automatic_name.text()
    return [
        {**entry, "name": name, DEFAULTS: ["name"]} if isinstance(entry, dict) and "name" not in entry else entry
        for entry in entries
    ]


def _snake_case(name: str) -> str:
    return re.sub("(?=[A-Z])", "_", name).lower()
