"""`check-config FILE`: checks a configuration of the pack before it is used.

Pulumi silently ignores unknown names of policies and properties, and `policy enable` checks little more than the
levels. This checks all of it: the names, the levels, every property with the pack's own reader, and what
cannot have an effect.
"""

from __future__ import annotations

import json
import string
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timezone
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from cloudtrail_logs.configuration.arn_templates import PLACEHOLDER
from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.configuration.glob import CLASS, glob_matches
from cloudtrail_logs.configuration.settings import (
    ExistSettings,
    ExternalTargets,
    IntegratedSettings,
    ProvableSettings,
    RecentSettings,
    Settings,
)
from cloudtrail_logs.iam.wildcard import Subject, UnknownPart, matches
from cloudtrail_logs.judgement.lookups import mistakes_of
from cloudtrail_logs.model.arn import WILDCARD
from cloudtrail_logs.model.enforcement_level import ADVISORY, DISABLED, LEVELS, MANDATORY, REMEDIATE
from cloudtrail_logs.model.quoting import enumerated, quoted_label, shown
from cloudtrail_logs.model.value import Truth, kind_of
from cloudtrail_logs.model.verdict import Code
from command_line import policy_exceptions as native
from command_line.finding import Finding, Weight
from command_line.policies_in_force import ALL, LEVEL, level_in, level_of
from command_line.unreadable import why_unreadable
from policies.pack import POLICIES

KEEPS_ENVIRONMENTS = "3.274"
LONGEST_LEVEL = 60
_ANY_NAME = UnknownPart("", f"{string.ascii_letters}{string.digits}-_.", 0, 512)


class UnusableError(Exception):
    """The file is not a configuration; the message is a sentence."""


def findings_in(text: str, today: date) -> list[Finding]:
    """Everything that is wrong with a configuration file, or has no effect. today: the day in UTC."""
    try:
        given = parsed(text)
    except UnusableError as problem:
        return [Finding(Weight.ERROR, "", str(problem))]
    if not native.is_versioned(given):
        if native.VERSION in given:
            return [Finding(Weight.ERROR, native.VERSION, "It must be the number 2.")]
        if native.EXCEPTIONS in given:
            text = f'It needs "{native.VERSION}": 2 in the file, and the levels in "{native.POLICIES}".'
            return [Finding(Weight.ERROR, native.EXCEPTIONS, text)]
        return list(_findings(given, today))
    if mistake := native.mistake_in_version(given[native.VERSION]):
        return [Finding(Weight.ERROR, native.VERSION, mistake)]
    return list(_findings_of_version_2(given, today))


def _findings_of_version_2(given: Mapping[str, Any], today: date) -> Iterator[Finding]:
    known = (native.VERSION, native.ENVIRONMENTS, native.POLICIES, native.EXCEPTIONS)
    for name in given:
        if name not in known:
            yield Finding(Weight.ERROR, shown(name), f"Pulumi ignores it in version 2. Use {enumerated(known)}.")
    policies = given.get(native.POLICIES)
    if policies is not None and not isinstance(policies, Mapping):
        text = f"It is {kind_of(policies)}, but must be an object that names policies."
        yield Finding(Weight.ERROR, native.POLICIES, text)
        policies = None
    environments = {native.ENVIRONMENTS: given[native.ENVIRONMENTS]} if native.ENVIRONMENTS in given else {}
    yield from _findings({**environments, **(policies or {})}, today)
    exceptions, refused = native.read_exceptions(given.get(native.EXCEPTIONS))
    yield from refused
    settings = {each.DESCRIPTION.name: _settings(each, policies or {}) for each in POLICIES}
    exemptions = {name: each.exemptions for name, each in settings.items()}
    yield from native.findings_in(exceptions, exemptions, today)
    yield from _remediated(exceptions, policies or {})
    yield Finding(Weight.NOTE, native.VERSION, f"A CLI older than {native.FIRST_CLI} refuses this file.")
    if exceptions:
        text = "pulumi policy enable leaves them out. For a required pack, use pulumi policy exception new."
        yield Finding(Weight.NOTE, native.EXCEPTIONS, text)


def _remediated(exceptions: Sequence[native.PolicyException], given: Mapping[str, Any]) -> Iterator[Finding]:
    """An exception hides a report, but does not keep a remediation off."""
    names = [module.DESCRIPTION.name for module in POLICIES if remediates(module, given)]
    for each in exceptions:
        for name in names:
            if any(name in match.policies for match in each.match):
                text = f"Policy {name} still remediates its trails. Use an exemption instead."
                yield Finding(Weight.WARNING, native.place_of(each.id), text)


def _findings(given: Mapping[str, Any], today: date) -> Iterator[Finding]:
    yield from _names(given)
    for module in POLICIES:
        yield from _policy(module, given, today)


def _settings(module: ModuleType, given: Mapping[str, Any]) -> Any:
    """The settings of a policy as the pack reads them, with defaults for what is wrong."""
    properties = given.get(module.DESCRIPTION.name)
    return module.DESCRIPTION.read(properties if isinstance(properties, Mapping) else {}).settings


def parsed(text: str) -> Mapping[str, Any]:
    """A configuration file as it is given. Raises UnusableError where it is no JSON object, or names a key twice."""

    def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if twins := [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]:
            raise UnusableError(f"{quoted_label(twins[0])} is there twice, and only the last one counts. Merge them.")
        return dict(pairs)

    def refused(constant: str) -> None:
        raise UnusableError(f"It has {constant}, which is not JSON.")

    if not text.strip():
        raise UnusableError('The file is empty. Write {} for no settings, or {"all": "advisory"} for one level.')
    try:
        given = json.loads(text, object_pairs_hook=without_twins, parse_constant=refused)
    except json.JSONDecodeError as problem:
        raise UnusableError(
            f"It is not JSON: line {problem.lineno}, column {problem.colno}: {problem.msg}."
        ) from problem
    except RecursionError as problem:
        raise UnusableError("It is nested too deeply.") from problem
    except ValueError as problem:
        raise UnusableError("It has a number that is too long.") from problem
    if not isinstance(given, dict):
        raise UnusableError('It is not an object. It begins with { and names policies, such as {"all": "advisory"}.')
    return given


def _names(given: Mapping[str, Any]) -> Iterator[Finding]:
    known = [ALL, *(module.DESCRIPTION.name for module in POLICIES)]
    for name, value in given.items():
        if name == native.ENVIRONMENTS:
            if not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
                yield Finding(Weight.ERROR, name, "It must be a list of strings: the names of Pulumi ESC environments.")
            else:
                yield Finding(
                    Weight.WARNING,
                    name,
                    "They work only with Pulumi Cloud, and pulumi policy enable silently drops them in a CLI older "
                    f"than {KEEPS_ENVIRONMENTS}. They are not opened here, so what they add is not checked.",
                )
        elif name not in known:
            close = get_close_matches(name, known, 1)
            meant = f"Did you mean {close[0]}?" if close else f"Use {enumerated(known)}."
            yield Finding(Weight.ERROR, shown(name), f"The pack has no policy of this name. {meant}")
        elif name == ALL:
            yield from _of_all(value)


def _of_all(value: Any) -> Iterator[Finding]:
    yield from _level(ALL, value)
    if isinstance(value, Mapping) and (more := [name for name in value if name != LEVEL]):
        ignored = ", ".join(map(shown, more))
        does = f"ignores {ignored}" if LEVEL in value else "aborts every run with an object without one"
        yield Finding(Weight.ERROR, ALL, f"It takes only a level; Pulumi {does}. Set {ignored} for each policy.")
    if level_in(value) == REMEDIATE:
        text = "Only the first policy has a remediation. For the others remediate acts as mandatory."
        yield Finding(Weight.NOTE, ALL, text)


def _policy(module: ModuleType, given: Mapping[str, Any], today: date) -> Iterator[Finding]:
    name = module.DESCRIPTION.name
    if name not in given:
        return
    yield from _level(name, given[name])
    level = level_of(name, given, module.DESCRIPTION.level)
    if level_in(given[name]) == REMEDIATE and module.DESCRIPTION.of_stack:
        yield Finding(Weight.WARNING, name, "It has no remediation: level remediate acts as mandatory.")
    properties = given[name] if isinstance(given[name], Mapping) else {}
    configuration = module.DESCRIPTION.read({key: value for key, value in properties.items() if key != LEVEL})
    yield from (Finding(Weight.ERROR, name, mistake) for mistake in configuration.mistakes)
    settings = configuration.settings
    yield from (Finding(Weight.WARNING, name, mistake) for mistake in mistakes_of(settings))
    yield from _exemptions(name, settings.exemptions, today)
    yield from _codes_without_setting(name, settings)
    if level == DISABLED and len(properties) > (LEVEL in properties):
        yield Finding(Weight.WARNING, name, "It is disabled, so its properties have no effect.")
    if isinstance(settings, RecentSettings) and not settings.ask_aws and level_in(given[name]) not in (None, DISABLED):
        yield Finding(Weight.WARNING, name, "It says nothing at any level, since askAws is not true.")
    if isinstance(settings, IntegratedSettings) and (settings.log_group_arn or settings.role_arn):
        yield from _templates(name, level, settings, given)


def _level(name: str, value: Any) -> Iterator[Finding]:
    if isinstance(value, Mapping):
        if LEVEL not in value:
            return
        value = value[LEVEL]
    elif not isinstance(value, str):
        yield Finding(Weight.ERROR, name, "It must be a level, or an object with a level and properties.")
        return
    if value not in LEVELS:
        told = quoted_label(value) if isinstance(value, str) else shown(json.dumps(value), LONGEST_LEVEL)
        yield Finding(Weight.ERROR, name, f"{told} is not a level. Use {enumerated(LEVELS)}.")


def remediates(module: ModuleType, given: Mapping[str, Any]) -> bool:
    """Whether a policy sets properties with this configuration, whose policies are given."""
    described = module.DESCRIPTION
    return not described.of_stack and level_of(described.name, given, described.level) == REMEDIATE


def _exemptions(name: str, exemptions: Sequence[Exemption], today: date) -> Iterator[Finding]:
    by_patterns: dict[tuple[str, ...], list[int]] = {}
    for index, each in enumerate(exemptions):
        by_patterns.setdefault(_patterns(each), []).append(index)
    for index, each in enumerate(exemptions):
        about = f"The exemption of trail {quoted_label(each.trail)} ({shown(each.reason)})"
        others = (other for other in _others(exemptions, by_patterns, index) if other.is_active(today))
        if any(_is_wider(other, each) for other in others):
            yield Finding(Weight.WARNING, name, f"{about} has no effect, since another one covers all of it.")
        elif not each.is_active(today):
            yield Finding(
                Weight.WARNING,
                name,
                f"{about} expired on {each.until}, so its trails are reported again. Remove it, or give it a new day.",
            )


def _codes_without_setting(name: str, settings: Settings) -> Iterator[Finding]:
    """Exemptions from what is only reported where a setting asks for it."""
    for each in settings.exemptions:
        about = f"The exemption of trail {quoted_label(each.trail)} ({shown(each.reason)}) has no effect on"
        codes = each.codes or frozenset()
        if Code.NOT_PROVEN in codes and isinstance(settings, ProvableSettings) and not settings.require_proof:
            yield Finding(Weight.WARNING, name, f"{about} not-proven, since requireProof is not true.")
        if Code.NO_TRAIL in codes and isinstance(settings, ExistSettings):
            if not settings.require_trail:
                yield Finding(Weight.WARNING, name, f"{about} no-trail, since requireTrail lists no stack.")
            elif not glob_matches(each.trail, ""):
                text = f"{about} no-trail, which is about a stack and not about a trail. Set its trail to *."
                yield Finding(Weight.WARNING, name, text)


def _patterns(exemption: Exemption) -> tuple[str, ...]:
    return (exemption.trail, exemption.project, exemption.stack)


def _others(
    exemptions: Sequence[Exemption], by_patterns: Mapping[tuple[str, ...], Sequence[int]], index: int
) -> Iterator[Exemption]:
    """Those whose patterns are as wide as those of one, by their form: of two that are alike, the first one counts."""
    for wide in product(*(dict.fromkeys((pattern, "*")) for pattern in _patterns(exemptions[index]))):
        for position in by_patterns.get(wide, ()):
            other = exemptions[position]
            if position < index or (position > index and not _is_wider(exemptions[index], other)):
                yield other


def _is_wider(one: Exemption, other: Exemption) -> bool:
    """Whether one exempts from everything that the other does, as far as their patterns tell by their form."""
    return (
        all(wide in ("*", narrow) for wide, narrow in zip(_patterns(one), _patterns(other), strict=True))
        and _asks_for_fewer_tags(one, other)
        and (one.codes is None or (other.codes is not None and other.codes <= one.codes))
        and (one.until is None or (other.until is not None and other.until <= one.until))
    )


def _asks_for_fewer_tags(one: Exemption, other: Exemption) -> bool:
    """Whether every stack with the tags that the other asks for has those that one does, by the patterns' form."""
    narrow = dict(other.tags)
    return all(name in narrow and wide in ("*", narrow[name]) for name, wide in one.tags)


def _templates(name: str, level: str, templates: IntegratedSettings, given: Mapping[str, Any]) -> Iterator[Finding]:
    if level in (ADVISORY, MANDATORY):
        yield Finding(
            Weight.NOTE,
            name,
            f"logGroupArn and roleArn are filled in at level remediate only; at level {level} reports propose them.",
        )
    if level != REMEDIATE:
        return
    for module in POLICIES:
        described = module.DESCRIPTION
        settings = _settings(module, given)
        if (
            isinstance(settings, ExistSettings)
            and settings.external_targets is ExternalTargets.REPORT
            and level_of(described.name, given, described.level) != DISABLED
            and (lists := list(_lists_without(templates, settings)))
        ):
            yield Finding(
                Weight.WARNING,
                described.name,
                f"It reports the ARNs that {name} fills in, since no stack declares them. List them in "
                f"{' and '.join(lists)}.",
            )


def _lists_without(templates: IntegratedSettings, settings: ExistSettings) -> Iterator[str]:
    """The lists in which nothing can stand for what a template gives."""
    for name, template, endings, patterns in (
        ("externalLogGroups", templates.log_group_arn, ("", WILDCARD), settings.external_log_groups),
        ("externalRoles", templates.role_arn, ("",), settings.external_roles),
    ):
        filled = [f"{template.removesuffix(WILDCARD)}{ending}" for ending in endings]
        if template and not any(_may_match(pattern, text) for pattern in patterns for text in filled):
            yield name


def _may_match(pattern: str, template: str) -> bool:
    """Whether a pattern may match what a template gives for some trail."""
    pieces = enumerate(PLACEHOLDER.split(template))
    parts = tuple(_ANY_NAME if place % 2 else piece for place, piece in pieces)  # every second one is a placeholder
    # A class of characters is taken for any character: so only what certainly matches nothing is reported.
    return matches(CLASS.sub("?", pattern), Subject(parts)) is not Truth.NO


def check(file: Path) -> int:
    """Prints what is wrong with a file. 0: nothing, or only warnings; 1: something; 2: it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        print(f"{file} cannot be read: {why_unreadable(problem)}.", file=sys.stderr)
        return 2
    findings = findings_in(text, datetime.now(timezone.utc).date())
    for finding in findings:
        print(f"{file}: {finding.line}")
    if any(finding.weight is Weight.ERROR for finding in findings):
        return 1
    warned = any(finding.weight is Weight.WARNING for finding in findings)
    print(f"{file}: no mistakes, but see the warnings." if warned else f"{file}: no mistakes found.")
    return 0
