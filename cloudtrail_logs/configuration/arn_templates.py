"""Templates of ARNs: what the configuration proposes for the log group and the role that a trail lacks.

A template is a text with placeholders such as {account}. Their values come from what is known of the trail, never from
a call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..model.arn import Invalid, LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn, partition_of_region
from ..model.quoting import enumerated, shown
from ..model.trail import Trail, TrailNames
from ..model.value import ABSENT, UNKNOWN
from .settings import PLACEHOLDERS, IntegratedSettings

# The settings that hold the templates.
_LOG_GROUP_ARN: Final = "logGroupArn"
_ROLE_ARN: Final = "roleArn"
_SETS_REGION: Final = "the provider's region"
_SETS_ACCOUNT: Final = "the provider's allowedAccountIds to its one account"
# What stands for each placeholder while a template is checked alone.
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
    if unknown := [name for name in placeholders_of(template) if name not in _SAMPLES]:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return f"has {{{shown(unknown[0], 40)}}}, which is not a placeholder (use {known})"
    if {"{", "}"} & set(PLACEHOLDER.sub("", template)):
        return "has a { or } that is not part of a placeholder"
    arn = parse(sample_of(template))
    return arn.reason if isinstance(arn, Invalid) else None


@dataclass(frozen=True)
class Proposal:
    """What a trail lacks, as the templates give it."""

    values: Mapping[str, str] = field(default_factory=dict)
    """By property, in the provider's spelling."""
    obstacle: str = ""
    """Why there are none although a template is configured: a sentence for the report, or empty."""


NO_PROPOSAL: Final = Proposal()


def propose(trail: Trail, settings: IntegratedSettings, names: TrailNames) -> Proposal:
    """What the templates give for the ARNs that a trail lacks: for all of them, or for none.

    For one of two would turn a trail that AWS takes, though without CloudWatch Logs, into one that AWS refuses.
    """
    lacking = {
        name: template
        for name, template, value in (
            (_LOG_GROUP_ARN, settings.log_group_arn, trail.log_group),
            (_ROLE_ARN, settings.role_arn, trail.role),
        )
        if value is ABSENT
    }
    configured = {name: template for name, template in lacking.items() if template}
    if not configured:
        return NO_PROPOSAL
    if ignored := [_property(trail, name) for name in lacking if _property(trail, name) in trail.ignored]:
        return _not_filled_in(
            configured,
            f"the program ignores changes of {' and '.join(ignored)} (ignoreChanges), so a new value would not "
            "reach AWS",
        )
    if absent := [name for name in lacking if name not in configured]:
        return _not_filled_in(configured, f"the trail lacks both ARNs, and no usable {absent[0]} is configured")
    values = _values(trail, names)
    wanted = dict.fromkeys(name for template in configured.values() for name in placeholders_of(template))
    if unknown := [name for name in wanted if name not in values]:
        return _not_filled_in(configured, _unknown(unknown, trail))
    return _proposal(trail, {name: filled(template, values) for name, template in configured.items()})


def _proposal(trail: Trail, texts: Mapping[str, str]) -> Proposal:
    values: dict[str, str] = {}
    for name, text in texts.items():
        of_log_group = name == _LOG_GROUP_ARN
        arn = parse_log_group_arn(text) if of_log_group else parse_role_arn(text)
        if isinstance(arn, Invalid):
            return _not_filled_in(texts, f"with the names of this trail {name} {arn.reason}")
        values[_property(trail, name)] = arn.with_wildcard if isinstance(arn, LogGroupArn) else arn.text
    return Proposal(values)


def with_values(trail: Trail, proposal: Proposal) -> Trail:
    """The trail as it would be with what is proposed."""
    spelling = trail.spelling
    group, role = (proposal.values.get(name) for name in (spelling.log_group_arn, spelling.role_arn))
    return replace(
        trail,
        log_group=trail.log_group if group is None else parse_log_group_arn(group),
        role=trail.role if role is None else parse_role_arn(role),
    )


def _property(trail: Trail, template: str) -> str:
    return trail.spelling.log_group_arn if template == _LOG_GROUP_ARN else trail.spelling.role_arn


def _values(trail: Trail, names: TrailNames) -> Mapping[str, str]:
    """The placeholders whose values are known. The trail's other ARN tells best: both must belong together."""
    log_group, role = trail.log_group, trail.role
    other = log_group if isinstance(log_group, LogGroupArn) else role if isinstance(role, RoleArn) else None
    region = trail.region
    if not isinstance(region, str) and isinstance(log_group, LogGroupArn):
        region = log_group.region
    # The account of an ARN that is not known yet may be another one than the provider's, on an organization trail.
    waits = UNKNOWN in (log_group, role)
    account = other.account if other else trail.delivery_account if waits else trail.account
    partition = other.partition if other else partition_of_region(region) if isinstance(region, str) else None
    values = {
        "partition": partition,
        "region": region,
        "account": account,
        "trail": names.label,
        "project": names.project,
        "stack": names.stack,
    }
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _unknown(placeholders: Sequence[str], trail: Trail) -> str:
    """That these are not known, and what to do about it: a setting is named only where it would make one known."""
    settings = {
        **({"partition": _SETS_REGION, "region": _SETS_REGION} if trail.region is ABSENT else {}),
        **({} if isinstance(trail.account, str) else {"account": _SETS_ACCOUNT}),
    }
    makes_known = dict.fromkeys(settings[name] for name in placeholders if name in settings)
    unsettable = [name for name in placeholders if name not in settings]
    are = "is" if len(placeholders) == 1 else "are"
    if not makes_known:
        remedy = "Write the value into the template"
    else:
        joint = f"and write {_in_braces(unsettable)}" if unsettable else "or write the value"
        remedy = f"Set {' and '.join(makes_known)}, {joint} into the template"
    return f"{_in_braces(placeholders)} {are} not known here. {remedy}"


def _in_braces(placeholders: Sequence[str]) -> str:
    return enumerated([f"{{{name}}}" for name in placeholders], "and")


def _not_filled_in(templates: Mapping[str, str], why: str) -> Proposal:
    names = " and ".join(templates)
    return Proposal(
        obstacle=f"The configured {names} {'is' if len(templates) == 1 else 'are'} not filled in, since {why}."
    )
