"""Templates of ARNs in the configuration: texts with placeholders such as {account}, filled in for one trail."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from ..model.arn import Invalid
from ..model.quoting import shown
from .setting_table import PLACEHOLDERS

# What stands for each placeholder while a template is judged by itself.
_SAMPLES: Final[Mapping[str, str]] = {
    "partition": "aws",
    "region": "us-east-1",
    "account": "123456789012",
    "trail": "trail",
    "project": "project",
    "stack": "stack",
}
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def placeholders_of(template: str) -> tuple[str, ...]:
    """The placeholders of a template, each once, in its order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(template)))


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders' values. Raises KeyError where a value is missing."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)


def sample_of(template: str) -> str:
    """A good template filled in for a trail that does not exist, in account 123456789012 and us-east-1."""
    return filled(template, _SAMPLES)


def mistake_in_template(template: str, parse: Callable[[str], object | Invalid]) -> str | None:
    """What is wrong with a template: the rest of a sentence that begins with it; None where it can be filled in.

    parse: reads the ARN that it has to give.
    """
    if strangers := [name for name in placeholders_of(template) if name not in _SAMPLES]:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return f"has {{{shown(strangers[0], 40)}}}, which is no placeholder (there are {known})"
    if {"{", "}"} & set(PLACEHOLDER.sub("", template)):
        return "has a { or } that belongs to no placeholder"
    arn = parse(sample_of(template))
    return arn.reason if isinstance(arn, Invalid) else None
