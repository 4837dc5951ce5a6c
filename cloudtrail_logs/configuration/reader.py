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
from ..model.quoting import quoted_label, shown
from ..model.verdict import Code
from .arn_templates import mistake_in_template
from .exemptions import Exemption
from .glob import mistake_in
from .proposal import Templates
from .setting_table import (
    ASK_AWS,
    CAN_DELIVER,
    EXEMPTION_KEYS,
    EXEMPTIONS,
    EXIST,
    EXPLAIN,
    EXTERNAL_LOG_GROUPS,
    EXTERNAL_ROLES,
    EXTERNAL_TARGETS,
    GRACE_HOURS,
    INTEGRATED,
    LOG_GROUP_TEMPLATE,
    MAX_AGE_HOURS,
    RECENT,
    ROLE_TEMPLATE,
    TIMEOUT_SECONDS,
    Property,
)
from .settings import (
    CanDeliverSettings,
    ExistSettings,
    ExternalRoles,
    ExternalTargets,
    IntegratedSettings,
    RecentSettings,
    Settings,
)

CONFIGURATION_INVALID: Final = "configuration-invalid"

_MOST_SAID: Final = 20
_MOST_FAULTS: Final = 5  # of one exemption
_LONGEST_NAME: Final = 60  # of what may be a slip of the pen
_LARGEST_NUMBER: Final = 10_000
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The keys that an exemption must have, with what belongs there.
_WANTED: Final = {"trail": ", such as audit or vendor-*", "reason": ": why, and who decided it"}
_FORMS: Final = {
    LOG_GROUP_TEMPLATE: "Its form is arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME",
    ROLE_TEMPLATE: "Its form is arn:PARTITION:iam::ACCOUNT:role/NAME",
}
_ParseArn = Callable[[str], LogGroupArn | RoleArn | Invalid]
_SERVICES: Final[Mapping[str, tuple[str, str, _ParseArn]]] = {
    EXTERNAL_LOG_GROUPS: ("log group", "logs", parse_log_group_arn),
    EXTERNAL_ROLES: ("role", "iam", parse_role_arn),
}
_WILDCARDS: Final = re.compile(r"[*?\[]")
_ALL_CODES: Final = frozenset(code.value for code in Code)

_Settings = TypeVar("_Settings", bound=Settings, covariant=True)
_Choice = TypeVar("_Choice", bound=Enum)


@dataclass(frozen=True)
class Configuration(Generic[_Settings]):
    """What was read. mistakes: sentences, each naming the place in the configuration and what to do about it."""

    settings: _Settings
    mistakes: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The mistakes as one report's text; empty where there are none."""
        lines = [f"[{CONFIGURATION_INVALID}] {mistake}" for mistake in self.mistakes[:_MOST_SAID]]
        more = len(self.mistakes) - len(lines)
        return "\n".join([*lines, *([f"[{CONFIGURATION_INVALID}] And {more} more."] if more else [])])


def read_integrated(given: Mapping[str, Any], codes: Collection[Code]) -> Configuration[IntegratedSettings]:
    """The settings of cloudtrail-cloudwatch-logs-integrated. given: its properties as they arrive, of any type.

    codes: those that the policy reports, which an exemption may name.
    """
    reader = _Reader(given, INTEGRATED)
    templates = Templates(
        reader.template(LOG_GROUP_TEMPLATE, parse_log_group_arn), reader.template(ROLE_TEMPLATE, parse_role_arn)
    )
    reader.contradiction(_contradiction_of(templates))
    settings = IntegratedSettings(reader.exemptions(codes), reader.flag(EXPLAIN), templates)
    return Configuration(settings, reader.all_mistakes())


def read_exist(given: Mapping[str, Any], codes: Collection[Code]) -> Configuration[ExistSettings]:
    """The settings of cloudtrail-log-group-and-role-exist; else as `read_integrated`."""
    reader = _Reader(given, EXIST)
    settings = ExistSettings(
        reader.exemptions(codes),
        reader.flag(EXPLAIN),
        reader.choice(EXTERNAL_TARGETS, ExternalTargets),
        reader.arn_patterns(EXTERNAL_LOG_GROUPS),
        reader.arn_patterns(EXTERNAL_ROLES),
    )
    if settings.external_targets is ExternalTargets.ACCEPT:
        for name in (EXTERNAL_LOG_GROUPS, EXTERNAL_ROLES):
            if given.get(name):
                reader.contradiction(
                    f"{name} has no effect, since {EXTERNAL_TARGETS} is accept, which takes every ARN. Remove one of "
                    "them"
                )
    return Configuration(settings, reader.all_mistakes())


def read_can_deliver(given: Mapping[str, Any], codes: Collection[Code]) -> Configuration[CanDeliverSettings]:
    """The settings of cloudtrail-role-can-deliver; else as `read_integrated`."""
    reader = _Reader(given, CAN_DELIVER)
    settings = CanDeliverSettings(
        reader.exemptions(codes), reader.flag(EXPLAIN), reader.choice(EXTERNAL_ROLES, ExternalRoles)
    )
    if isinstance(given.get(EXTERNAL_ROLES), list):
        reader.contradiction(f"A list of {EXTERNAL_ROLES} is a property of cloudtrail-log-group-and-role-exist")
    return Configuration(settings, reader.all_mistakes())


def read_recent(given: Mapping[str, Any], codes: Collection[Code]) -> Configuration[RecentSettings]:
    """The settings of cloudtrail-delivery-is-recent; else as `read_integrated`."""
    reader = _Reader(given, RECENT)
    settings = RecentSettings(
        reader.exemptions(codes),
        reader.flag(EXPLAIN),
        reader.flag(ASK_AWS),
        reader.number(MAX_AGE_HOURS),
        reader.number(GRACE_HOURS),
        reader.number(TIMEOUT_SECONDS),
    )
    return Configuration(settings, reader.all_mistakes())


class _Reader:
    """Reads the properties of one configuration, and collects what is wrong with them."""

    def __init__(self, given: Mapping[str, Any], properties: Mapping[str, Property]) -> None:
        self._given = given
        self._properties = properties
        self._mistakes = [
            f"{_quoted(name)} is no property of this policy{_meant(name, properties)}."
            for name in given
            if name not in properties
        ]

    def all_mistakes(self) -> tuple[str, ...]:
        return tuple(self._mistakes)

    def contradiction(self, sentence: str | None) -> None:
        """Adds a mistake that takes more than one property to see. Without its full stop."""
        if sentence:
            self._mistakes.append(f"{sentence}.")

    def flag(self, name: str) -> bool:
        return bool(self._of_type(name, bool, "true or false"))

    def number(self, name: str) -> float:
        """A number above 0, and no more than its unit makes sense for."""
        default = float(self._properties[name].default)
        value = self._of_type(name, (int, float), "a number")
        if not isinstance(value, bool) and 0 < value <= _LARGEST_NUMBER:
            return float(value)
        self.contradiction(
            f"{name} is {shown(str(value), _LONGEST_NAME)}, but must be above 0 and at most {_LARGEST_NUMBER:g}. "
            f"It counts as {default:g}"
        )
        return default

    def template(self, name: str, parse: Callable[[str], object]) -> str | None:
        text = self._of_type(name, str, "a text")
        if not text.strip():
            return None
        mistake = mistake_in_template(text, parse)
        self.contradiction(f"{name} {mistake}, so nothing is filled in from it. {_FORMS[name]}" if mistake else None)
        return None if mistake else text

    def choice(self, name: str, choices: type[_Choice]) -> _Choice:
        text = self._of_type(name, str, "a text")
        default = choices(self._properties[name].default)
        known = [each.value for each in choices]
        if text in known:
            return choices(text)
        self.contradiction(f"{name} is {_quoted(text)}, but may be {_listed(known)}. It counts as {default.value}")
        return default

    def arn_patterns(self, name: str) -> tuple[str, ...]:
        patterns: list[str] = []
        for index, pattern in enumerate(self._of_type(name, list, "a list")):
            mistake = _mistake_in_arn_pattern(pattern, *_SERVICES[name])
            self.contradiction(f"{name}[{index}] {mistake}, so it stands for nothing" if mistake else None)
            if not mistake:
                patterns.append(pattern)
        return tuple(patterns)

    def exemptions(self, codes: Collection[Code]) -> tuple[Exemption, ...]:
        exemptions: list[Exemption] = []
        for index, entry in enumerate(self._of_type(EXEMPTIONS, list, "a list")):
            faults = list(_faults_of_exemption(entry, codes))
            if faults:
                about = f" (trail {_quoted(entry['trail'])})" if _is_text(entry, "trail") else ""
                more = [f"and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
                listed = "; ".join([*faults[:_MOST_FAULTS], *more])
                self.contradiction(f"{EXEMPTIONS}[{index}]{about} exempts nothing: {listed}")
            else:
                exemptions.append(_exemption(entry))
        return tuple(exemptions)

    def _of_type(self, name: str, wanted: type[Any] | tuple[type[Any], ...], called: str) -> Any:
        default = self._properties[name].default
        value = self._given.get(name, default)
        if isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool)):
            return value
        self.contradiction(f"{name} is {_kind(value)}, not {called}: Pulumi ends every run on that")
        return default


def _exemption(entry: Mapping[str, Any]) -> Exemption:
    return Exemption(
        trail=entry["trail"],
        reason=entry["reason"].strip(),
        project=entry.get("project", "*"),
        stack=entry.get("stack", "*"),
        codes=frozenset(Code(code) for code in entry["codes"]) if "codes" in entry else None,
        until=date.fromisoformat(entry["until"]) if "until" in entry else None,
    )


def _faults_of_exemption(entry: Any, codes: Collection[Code]) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield f"it is {_kind(entry)}, not an object"
        return
    for key in entry:
        if key not in EXEMPTION_KEYS:
            yield f"{_quoted(key)} is none of its keys{_meant(key, EXEMPTION_KEYS)}"
    for key in ("trail", "project", "stack", "reason", "until"):
        if key not in entry:
            if key in _WANTED:
                yield f"it has no {key}{_WANTED[key]}"
        elif not isinstance(entry[key], str):
            yield f"its {key} is {_kind(entry[key])}, not a text"
        elif fault := _fault_of_text(key, entry[key]):
            yield f"its {key} {fault}"
    if "codes" in entry:
        yield from _faults_of_codes(entry["codes"], codes)


def _fault_of_text(key: str, text: str) -> str | None:
    if key == "reason":
        return None if text.strip() else "is empty"
    if key == "until":
        return None if _is_date(text) else f"is {_quoted(text)}, not a day such as 2027-06-30"
    if key in ("project", "stack") and "/" in text:
        return f"is {_quoted(text)}: it takes the name alone, without a /"
    return mistake_in(text)


def _faults_of_codes(given: Any, codes: Collection[Code]) -> Iterator[str]:
    known = [code.value for code in codes]
    if not isinstance(given, Sequence) or isinstance(given, str):
        yield f"its codes are {_kind(given)}, not a list"
    elif not given:
        yield "its codes are empty: leave them out to exempt from all"
    else:
        for code in given:
            if code not in known:
                shown_code = _quoted(code) if isinstance(code, str) else _kind(code)
                of_another = isinstance(code, str) and code in _ALL_CODES
                yield (
                    f"{shown_code} is a code of another policy, where the exemption belongs"
                    if of_another
                    else f"{shown_code} is no code of this policy{_meant(code, known)}"
                )


def _mistake_in_arn_pattern(pattern: Any, what: str, service: str, parse: _ParseArn) -> str | None:
    if not isinstance(pattern, str):
        return f"is {_kind(pattern)}, not a text"
    if mistake := mistake_in(pattern):
        return mistake
    if "{" in pattern:
        return f"is {_quoted(pattern)}, but placeholders are of templates: a pattern has * instead"
    if not any(_may_begin(pattern, f"arn:{partition}:{service}:") for partition in PARTITIONS):
        return f"is {_quoted(pattern)}, but a {what}'s ARN begins with arn:PARTITION:{service}:"
    # Where a pattern has all five colons of a role's ARN, its last part is the ARN's.
    if service == "iam" and pattern.count(":") >= 5 and not _may_begin(pattern.split(":", 5)[5], "role/"):
        return f"is {_quoted(pattern)}, but a role's ARN ends in role/NAME"
    parsed = None if _WILDCARDS.search(pattern) else parse(pattern)
    return f"is {_quoted(pattern)}, which {parsed.reason}" if isinstance(parsed, Invalid) else None


def _may_begin(pattern: str, beginning: str) -> bool:
    """Whether the pattern has room for texts that begin so: told from what it has before its first wildcard."""
    fixed = _WILDCARDS.split(pattern, maxsplit=1)[0]
    return fixed.startswith(beginning) or (beginning.startswith(fixed) and fixed != pattern)


def _contradiction_of(templates: Templates) -> str | None:
    """Why no trail can be right with both templates."""
    if not (templates.log_group_arn and templates.role_arn):
        return None
    log_group, role = (text.split(":") for text in (templates.log_group_arn, templates.role_arn))
    for field, kind in ((1, "partition"), (4, "account")):
        one, other = log_group[field], role[field]
        if one != other and "{" not in f"{one}{other}":
            return (
                f"{LOG_GROUP_TEMPLATE} is in {kind} {one} and {ROLE_TEMPLATE} in {kind} {other}, but CloudTrail needs "
                f"both in the same {kind}"
            )
    return None


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_text(entry: Any, key: str) -> bool:
    return isinstance(entry, Mapping) and isinstance(entry.get(key), str)


def _meant(name: Any, known: Collection[str]) -> str:
    """Which of the known names was probably meant, else all of them."""
    from difflib import get_close_matches  # only where there is a mistake: it takes time to load

    close = get_close_matches(name, known, 1) if isinstance(name, str) and len(name) <= _LONGEST_NAME else []
    return f" (did you mean {close[0]}?)" if close else f" (there are {_listed(list(known), 'and')})"


def _listed(names: Sequence[str], conjunction: str = "or") -> str:
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}" if len(names) > 1 else names[0]


def _quoted(text: Any) -> str:
    return quoted_label(str(text))


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "an object" if isinstance(value, Mapping) else "a list"
