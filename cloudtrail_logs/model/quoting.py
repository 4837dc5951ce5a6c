"""How a message shows a value: quoted when it has the form of an ARN or a resource name, else only described.

A pack sees secrets in plain text, so nothing else of a value ever reaches a message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .value import NotText

LONGEST_ARN: Final = 2048  # that the CloudTrail API takes

_LONGEST_SHOWN_ARN: Final = 110
_LONGEST_NAME: Final = 60
_LONGEST_TYPE: Final = 100
_NAME: Final = re.compile(r"[\w.\-/#+=,@ ]+", re.ASCII)
# Strict where a secret might hide: any text may stand only in the last part, which is the name.
_ARN_FORM: Final = re.compile(
    r"arn:(aws(-[a-z]{1,10}){0,3}|\*):[a-z0-9-]{1,40}:[a-z0-9*?-]{0,25}:([0-9*?]{0,12}|aws):[\w+=,.@:/#*?$-]+",
    re.ASCII,
)


def has_arn_form(text: str) -> bool:
    """Whether the text looks like an ARN of any service: only such a text may be quoted in a message."""
    return len(text) <= LONGEST_ARN and _ARN_FORM.fullmatch(text) is not None


def quoted_arn(text: str) -> str:
    """An ARN, shortened in its middle where it is long."""
    return _shortened(text, _LONGEST_SHOWN_ARN)


def quoted_name(name: str) -> str:
    """The name of something in AWS, in quotes, shortened. A text that is not such a name is not shown."""
    return f'"{_shortened(name, _LONGEST_NAME)}"' if _NAME.fullmatch(name) else "(whose name cannot be shown)"


def quoted_label(label: str) -> str:
    """The name of a resource in its Pulumi program, in quotes, shortened, without what would disturb a terminal."""
    return f'"{shown(label, _LONGEST_NAME)}"'


def shown(text: str, longest: int = _LONGEST_TYPE) -> str:
    """A text of Pulumi's own, such as a type: shortened, with a ? for each character that does not print as itself."""
    return _shortened("".join(each if each.isprintable() else "?" for each in text), longest)


def described(value: str | NotText) -> str:
    """A property's value as a noun: the ARN, or what kind of value it is without its content."""
    if isinstance(value, NotText):
        return value.kind
    if has_arn_form(value):
        return quoted_arn(value)
    return f"a string of {len(value)} character{'' if len(value) == 1 else 's'}"


def enumerated(phrases: Sequence[str], conjunction: str = "or", count: int = 0) -> str:
    """The phrases in a sentence: "a, b or c". count: how many there are with those not given here."""
    if count > len(phrases):
        return f"{', '.join(phrases)} {conjunction} {count - len(phrases)} more"
    return f" {conjunction} ".join(filter(None, (", ".join(phrases[:-1]), *phrases[-1:])))


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"
