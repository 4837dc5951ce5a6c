"""How a message shows a value: quoted when it has the form of an ARN or a resource name, else only described.

A pack sees secrets in plain text, so nothing else of a value ever reaches a message. A message is read in terminals, in
the logs of CI and in comments on pull requests, so no name may be a command or markup there.
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
_LONGEST_URN: Final = 1_000
_NAME: Final = re.compile(r"[\w.\-/#+=,@ ]+", re.ASCII)
# Strict where a secret might hide: any text may stand only in the last part, which is the name.
_ARN_FORM: Final = re.compile(
    r"arn:(aws(-[a-z]{1,10}){0,3}|\*):[a-z0-9-]{1,40}:[a-z0-9*?-]{0,25}:([0-9*?]{0,12}|aws):[\w+=,.@:/#*?$-]+",
    re.ASCII,
)
# What CI takes for a command in its log: Azure Pipelines, GitHub's runner and TeamCity anywhere in a line (`##vso[`,
# `##[`, `##teamcity[`), and GitHub Actions at the beginning of a line (`::error file=a::`). A URN has the like of the
# last one between its parts.
_COMMAND_ANYWHERE: Final = re.compile(r"(?<=#)#(?=[A-Za-z]{0,20}\[)")
_COMMAND: Final = re.compile(rf"{_COMMAND_ANYWHERE.pattern}|(?<=:):(?=[A-Za-z-]{{1,20}}(?: .{{0,300}}?)?::)")
# What Markdown takes for markup, whatever surrounds it: escapes, code, HTML, entities, strikethrough, links.
_MARKUP: Final = ("\\", "`", "<", "&", "~", "](")
# Whom GitHub, GitLab and others tell of a comment: a user or a team.
_MENTION: Final = re.compile(r"(?<![\w.@])@(?=[A-Za-z0-9])", re.ASCII)
# Where emphasis may begin, and where it may then end (CommonMark, "Emphasis and strong emphasis", a little wider). So
# do formulas between dollars (GitHub, "Writing mathematical expressions").
_EMPHASIS: Final = {
    "*": (re.compile(r"\*(?=[^\s*])"), re.compile(r"\*")),
    "_": (re.compile(r"_(?<!\w_)(?=\S)"), re.compile(r"_(?<=\S_)(?!\w)")),
    "$": (re.compile(r"\$(?=\S)"), re.compile(r"\$")),
}
# The rest of a word from a character of markup on.
_FROM_MARKUP_ON: Final = re.compile(rf"[{re.escape(''.join((*_MARKUP[:-1], *_EMPHASIS, ']@')))}][^ \n]*")
_CODE_SPAN: Final = re.compile(r"(?<!`)(`+)(?!`)( ?)(.+?)\2(?<!`)\1(?!`)")
_LONGEST_REPORT: Final = (
    50_000  # of one report; to find spans in a text full of backticks takes the square of its length
)
_BEFORE_WORD: Final = "\"'("
_AFTER_WORD: Final = "\"').,;:"


def has_arn_form(text: str) -> bool:
    """Whether the text looks like an ARN of any service: only such a text may be quoted in a message."""
    return len(text) <= LONGEST_ARN and _ARN_FORM.fullmatch(text) is not None


def quoted_arn(text: str) -> str:
    """An ARN, shortened in its middle where it is long."""
    return without_commands(_shortened(text, _LONGEST_SHOWN_ARN))


def quoted_name(name: str) -> str:
    """The name of something in AWS, in quotes, shortened. A text that is not such a name is not shown."""
    return f'"{_shortened(name, _LONGEST_NAME)}"' if _NAME.fullmatch(name) else "(whose name cannot be shown)"


def quoted_label(label: str) -> str:
    """The name of a resource in its Pulumi program, in quotes, shortened, without what would disturb a terminal."""
    return quoted_text(label, _LONGEST_NAME)


def quoted_text(text: str, longest: int) -> str:
    """A text from elsewhere, such as one that AWS gives, in quotes: shortened, and as harmless as `shown`."""
    return f'"{shown(text, longest)}"'


def shown(text: str, longest: int = _LONGEST_TYPE) -> str:
    """A text of Pulumi's own, such as a type: shortened, with a ? for each character that does not print as itself."""
    return without_commands(_shortened(printable(text), longest))


def printable(text: str) -> str:
    """The text with a ? for each character that does not print as itself."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "?" for each in text)


def shown_urn(urn: str) -> str:
    """A URN: as `shown`, with the :: between its parts. It never stands at the beginning of a line."""
    return _COMMAND_ANYWHERE.sub("?", _shortened(printable(urn), _LONGEST_URN))


def without_commands(text: str) -> str:
    """A text of a program with a ? in whatever CI would take for a command in its log."""
    return _COMMAND.sub("?", text)


def safe_in_markdown(report: str) -> str:
    """A whole report as it reads the same in a terminal and as Markdown (GitHub and others comment with it).

    Most reports stay what they are. Where Markdown would take a part for markup, the word is set in backticks. Of stars
    and underscores it takes two, so `:*` at one place is right as it is.
    """
    active = [re.compile(re.escape(mark)) for mark in _MARKUP if mark in report]
    for character, (opening, closing) in _EMPHASIS.items():
        first = opening.search(report) if character in report else None
        if first and closing.search(report, first.end()):
            active += (opening, closing)
    if "@" in report and _MENTION.search(report):
        active.append(_MENTION)
    if not active:
        return report
    safe: list[str] = []
    copied = passed = 0
    for found in _FROM_MARKUP_ON.finditer(report):
        spaces = (report.rfind(space, passed, found.start()) for space in " \n")
        start, passed = max(passed, *(space + 1 for space in spaces)), found.end()
        word = report[start:passed]
        if any(each.search(word) for each in active):
            safe += (report[copied:start], _as_code(word))
            copied = passed
    return "".join((*safe, report[copied:]))


def without_markdown(report: str) -> str:
    """What `safe_in_markdown` was given, where that is sure; else the report as it is."""
    if "`" not in report or len(report) > _LONGEST_REPORT:
        return report
    plain = _CODE_SPAN.sub(r"\3", report)
    return plain if safe_in_markdown(plain) == report else report


def _as_code(word: str) -> str:
    """A word as a code span, without the punctuation around it."""
    core = word.lstrip(_BEFORE_WORD)
    before, core = word[: len(word) - len(core)], core.rstrip(_AFTER_WORD)
    return f"{before}{in_code(core)}{word[len(before) + len(core) :]}"


def in_code(text: str) -> str:
    """A text as a code span of Markdown. Of backticks in it, the span needs more around it."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


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
