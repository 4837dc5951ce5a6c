"""From a policy's configuration to its settings, and to a report of everything in it that is wrong.

A broken part gets its default, and a broken exemption exempts nothing, so a mistake never hides a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from ..model.arn import PARTITIONS, Invalid, LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from ..model.quoting import enumerated, quoted_label, safe_in_markdown, shown
from ..model.value import kind_of
from ..model.verdict import Code
from .arn_templates import mistake_in_template
from .exemptions import Exemption
from .glob import mistake_in, mistake_in_stack_pattern
from .settings import EXEMPTION_KEYS, Kind, Setting, Settings, settings_of

CONFIGURATION_INVALID: Final = "configuration-invalid"

_MOST_SAID: Final = 20
_MOST_FAULTS: Final = 5  # of one exemption
_LONGEST_NAME: Final = 60  # of what may be a slip of the pen
_LARGEST_NUMBER: Final = 10_000
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The keys that an exemption must have, with what belongs there.
_MANDATORY: Final = {"trail": "give a name or a pattern, such as vendor-*", "reason": "say why, and who decided it"}
_WILDCARDS: Final = re.compile(r"[*?\[]")
_TAG_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,40}")  # what Pulumi takes (pkg/util/validation, ValidateStackTags)
_ALL_CODES: Final = frozenset(code.value for code in Code)

_Settings = TypeVar("_Settings", bound=Settings, covariant=True)


@dataclass(frozen=True)
class Configuration(Generic[_Settings]):
    """What was read."""

    settings: _Settings
    mistakes: tuple[str, ...] = ()
    """Sentences, each naming the place in the configuration and what to do about it."""

    @property
    def message(self) -> str:
        """The mistakes as one report's text; empty where there are none."""
        lines = [f"[{CONFIGURATION_INVALID}] {mistake}" for mistake in self.mistakes[:_MOST_SAID]]
        more = len(self.mistakes) - len(lines)
        report = [*lines, *([f"[{CONFIGURATION_INVALID}] And {more} more."] if more else [])]
        return safe_in_markdown("\n".join(report))


def read(settings_type: type[_Settings], given: Mapping[str, Any], codes: Collection[Code]) -> Configuration[_Settings]:
    """The settings of a policy. given: its properties as they arrive, of any type.

    settings_type: the class that declares them. codes: those that the policy reports, which an exemption may name.
    """
    declared = settings_of(settings_type)
    names = [setting.name for setting in declared.values()]
    reader = _Reader(given, codes)
    for name in given:
        if name not in names:
            meant = _meant(name, names, "the properties are")
            reader.mistakes.append(f"{_quoted(name)} is not a property of this policy{meant}")
    settings = settings_type(**{field: reader.value(setting) for field, setting in declared.items()})
    mistakes = (*reader.mistakes, *settings.contradictions())
    return Configuration(settings, tuple(f"{mistake}." for mistake in mistakes))


class _Reader:
    """Reads the properties of one configuration, and collects what is wrong with them."""

    def __init__(self, given: Mapping[str, Any], codes: Collection[Code]) -> None:
        self._given = given
        self._codes = codes
        self.mistakes: list[str] = []
        """Sentences without their full stops."""

    def value(self, setting: Setting) -> Any:
        """The value of a setting; its default where it is not given, or is broken."""
        wanted, called = _TYPES.get(setting.kind, (str, "a string"))
        value = self._given.get(setting.name, setting.default)
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            self.mistakes.append(
                f"{setting.name} is {kind_of(value)}, not {called}; with this value Pulumi aborts every run"
            )
            if setting.confused_with and isinstance(value, list):
                self.mistakes.append(setting.confused_with)
            value = setting.default
        return _READERS[setting.kind](self, setting, value)

    def flag(self, _: Setting, value: bool) -> bool:
        return value

    def number(self, setting: Setting, value: float) -> float:
        """A number above 0, and no more than its unit makes sense for."""
        if 0 < value <= _LARGEST_NUMBER:
            return float(value)
        self.mistakes.append(
            f"{setting.name} is {shown(str(value), _LONGEST_NAME)}, but must be above 0 and at most "
            f"{_LARGEST_NUMBER:g}. The default {setting.default:g} is used instead"
        )
        return float(setting.default)

    def template(self, setting: Setting, text: str) -> str:
        if not text.strip():
            return ""
        form, parse = _TEMPLATES[setting.kind]
        mistake = mistake_in_template(text, parse)
        if mistake:
            self.mistakes.append(f"{setting.name} {mistake}, so nothing is filled in from it. Its form is {form}")
        return "" if mistake else text

    def choice(self, setting: Setting, text: str) -> Enum:
        choices = setting.choices
        assert choices
        known = [each.value for each in choices]
        if text in known:
            return choices(text)
        self.mistakes.append(
            f"{setting.name} is {_quoted(text)}, but must be {enumerated(known)}. The default {setting.default} is "
            "used instead"
        )
        return choices(setting.default)

    def arn_patterns(self, setting: Setting, given: Sequence[Any]) -> tuple[str, ...]:
        patterns: list[str] = []
        for index, pattern in enumerate(given):
            if mistake := _mistake_in_arn_pattern(pattern, *_PATTERNS[setting.kind]):
                self.mistakes.append(f"{setting.name}[{index}] {mistake}, so it matches nothing")
            else:
                patterns.append(pattern)
        return tuple(patterns)

    def stack_patterns(self, setting: Setting, given: Sequence[Any]) -> tuple[str, ...]:
        patterns: list[str] = []
        for index, pattern in enumerate(given):
            if not isinstance(pattern, str):
                mistake: str | None = f"is {kind_of(pattern)}, not a string"
            elif mistake := mistake_in_stack_pattern(pattern):
                mistake = f"is {_quoted(pattern)}, but {mistake}" if mistake.startswith("must ") else mistake
            if mistake:
                self.mistakes.append(f"{setting.name}[{index}] {mistake}, so it matches nothing")
            else:
                patterns.append(pattern)
        return tuple(patterns)

    def exemptions(self, setting: Setting, given: Sequence[Any]) -> tuple[Exemption, ...]:
        exemptions: list[Exemption] = []
        for index, entry in enumerate(given):
            faults = list(_faults_of_exemption(entry, self._codes))
            if not faults:
                exemptions.append(_exemption(entry))
                continue
            trail = entry.get("trail") if isinstance(entry, Mapping) else None
            about = f" (trail {_quoted(trail)})" if isinstance(trail, str) else ""
            more = [f"and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
            listed = "; ".join([*faults[:_MOST_FAULTS], *more])
            self.mistakes.append(f"{setting.name}[{index}]{about} exempts nothing: {listed}")
        return tuple(exemptions)


_Parse = Callable[[str], LogGroupArn | RoleArn | Invalid]
# The types of Python that a kind arrives as, and what a message calls them. All others are strings.
_TYPES: Final[Mapping[Kind, tuple[Any, str]]] = {
    Kind.EXEMPTIONS: (list, "a list"),
    Kind.FLAG: (bool, "true or false"),
    Kind.NUMBER: ((int, float), "a number"),
    Kind.LOG_GROUP_PATTERNS: (list, "a list"),
    Kind.ROLE_PATTERNS: (list, "a list"),
    Kind.STACK_PATTERNS: (list, "a list"),
}
_READERS: Final[Mapping[Kind, Callable[[_Reader, Setting, Any], Any]]] = {
    Kind.EXEMPTIONS: _Reader.exemptions,
    Kind.FLAG: _Reader.flag,
    Kind.NUMBER: _Reader.number,
    Kind.CHOICE: _Reader.choice,
    Kind.LOG_GROUP_TEMPLATE: _Reader.template,
    Kind.ROLE_TEMPLATE: _Reader.template,
    Kind.LOG_GROUP_PATTERNS: _Reader.arn_patterns,
    Kind.ROLE_PATTERNS: _Reader.arn_patterns,
    Kind.STACK_PATTERNS: _Reader.stack_patterns,
}
_TEMPLATES: Final[Mapping[Kind, tuple[str, _Parse]]] = {
    Kind.LOG_GROUP_TEMPLATE: ("arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME", parse_log_group_arn),
    Kind.ROLE_TEMPLATE: ("arn:PARTITION:iam::ACCOUNT:role/NAME", parse_role_arn),
}
_PATTERNS: Final[Mapping[Kind, tuple[str, str, _Parse]]] = {
    Kind.LOG_GROUP_PATTERNS: ("log group", "logs", parse_log_group_arn),
    Kind.ROLE_PATTERNS: ("role", "iam", parse_role_arn),
}


def _exemption(entry: Mapping[str, Any]) -> Exemption:
    return Exemption(
        trail=entry["trail"],
        reason=entry["reason"].strip(),
        project=entry.get("project", "*"),
        stack=entry.get("stack", "*"),
        tags=tuple(entry.get("tags", {}).items()),
        codes=frozenset(Code(code) for code in entry["codes"]) if "codes" in entry else None,
        until=date.fromisoformat(entry["until"]) if "until" in entry else None,
    )


def _faults_of_exemption(entry: Any, codes: Collection[Code]) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield f"it is {kind_of(entry)}, not an object"
        return
    for key in entry:
        if key not in EXEMPTION_KEYS:
            yield f"{_quoted(key)} is not a key of an exemption{_meant(key, EXEMPTION_KEYS, 'the keys are')}"
    yield from _faults_of_texts(entry)
    if "tags" in entry:
        yield from _faults_of_tags(entry["tags"])
    if "codes" in entry:
        yield from _faults_of_codes(entry["codes"], codes)


def _faults_of_texts(entry: Mapping[str, Any]) -> Iterator[str]:
    for key in ("trail", "project", "stack", "reason", "until"):
        if key not in entry:
            if key in _MANDATORY:
                yield f"its {key} is missing: {_MANDATORY[key]}"
        elif not isinstance(entry[key], str):
            yield f"its {key} is {kind_of(entry[key])}, not a string"
        elif fault := _fault_of_text(key, entry[key]):
            yield f"its {key} {fault}"


def _fault_of_text(key: str, text: str) -> str | None:
    if key == "reason":
        return None if text.strip() else "is empty"
    if key == "until":
        return None if _is_date(text) else f"is {_quoted(text)}, not a date such as 2027-06-30"
    if key in ("project", "stack") and "/" in text:
        return f"is {_quoted(text)}: give the name alone, without a /"
    return mistake_in(text)


def _faults_of_tags(given: Any) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield f"its tags are {kind_of(given)}, not an object"
    elif not given:
        yield "its tags are empty: leave them out to exempt the trail whatever the tags of its stack"
    else:
        for name, pattern in given.items():
            if not isinstance(name, str) or not _TAG_NAME.fullmatch(name):
                yield f"{_quoted(name)} is not the name of a tag: use up to 40 letters, digits, and any of _ . : -"
            elif not isinstance(pattern, str):
                yield f"its tag {_quoted(name)} is {kind_of(pattern)}, not a string"
            elif fault := mistake_in(pattern):
                yield f"its tag {_quoted(name)} {fault}"


def _faults_of_codes(given: Any, codes: Collection[Code]) -> Iterator[str]:
    known = [code.value for code in codes]
    if not isinstance(given, Sequence) or isinstance(given, str):
        yield f"its codes are {kind_of(given)}, not a list"
    elif not given:
        yield "its codes are empty: leave them out to exempt the trail from all codes"
    else:
        for code in given:
            if code not in known:
                quoted = _quoted(code) if isinstance(code, str) else kind_of(code)
                yield (
                    f"{quoted} is a code of another policy: move the exemption there"
                    if isinstance(code, str) and code in _ALL_CODES
                    else f"{quoted} is not a code of this policy{_meant(code, known, 'the codes are')}"
                )


def _mistake_in_arn_pattern(pattern: Any, what: str, service: str, parse: _Parse) -> str | None:
    if not isinstance(pattern, str):
        return f"is {kind_of(pattern)}, not a string"
    if mistake := mistake_in(pattern):
        return mistake
    if "{" in pattern:
        return f"is {_quoted(pattern)}, but placeholders belong in templates: use * in a pattern"
    if not any(_may_begin(pattern, f"arn:{partition}:{service}:") for partition in PARTITIONS):
        return f"is {_quoted(pattern)}, but a {what}'s ARN begins with arn:PARTITION:{service}:"
    # Where a pattern has all five colons of a role's ARN, its last part is the ARN's.
    if service == "iam" and pattern.count(":") >= 5 and not _may_begin(pattern.split(":", 5)[5], "role/"):
        return f"is {_quoted(pattern)}, but a role's ARN ends in role/NAME"
    arn = None if _WILDCARDS.search(pattern) else parse(pattern)
    return f"is {_quoted(pattern)}, which {arn.reason}" if isinstance(arn, Invalid) else None


def _may_begin(pattern: str, beginning: str) -> bool:
    """Whether the pattern has room for texts that begin so: told from what it has before its first wildcard."""
    fixed = _WILDCARDS.split(pattern, maxsplit=1)[0]
    return fixed.startswith(beginning) or (beginning.startswith(fixed) and fixed != pattern)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _meant(name: Any, known: Collection[str], otherwise: str) -> str:
    """Which of the known names was probably meant, else all of them."""
    from difflib import get_close_matches  # only where there is a mistake: it takes time to load

    close = get_close_matches(name, known, 1) if isinstance(name, str) and len(name) <= _LONGEST_NAME else []
    return f" (did you mean {close[0]}?)" if close else f" ({otherwise} {enumerated(list(known), 'and')})"


def _quoted(text: Any) -> str:
    return quoted_label(str(text))
