"""What the configuration proposes for a trail: the log group and the role that its templates name.

The values of the placeholders come from what is known of the trail, never from a call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..model.arn import (
    WILDCARD,
    Invalid,
    LogGroupArn,
    RoleArn,
    parse_log_group_arn,
    parse_role_arn,
    partition_of_region,
)
from ..model.trail import Trail, TrailNames
from ..model.value import ABSENT, UNKNOWN
from .arn_templates import filled, placeholders_of
from .setting_table import LOG_GROUP_TEMPLATE, ROLE_TEMPLATE

_SETS_REGION: Final = "the provider's region"
_SETS_ACCOUNT: Final = "the provider's allowedAccountIds to its one account"


@dataclass(frozen=True)
class Templates:
    """The templates of the configuration for both ARNs of a trail; None where there is none."""

    log_group_arn: str | None = None
    role_arn: str | None = None


@dataclass(frozen=True)
class Proposal:
    """What a trail lacks, as the templates give it.

    values: by property, in the provider's spelling. obstacle: why there are none although a template is configured: a
    sentence for the report, or empty.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    obstacle: str = ""


NO_TEMPLATES: Final = Templates()
NO_PROPOSAL: Final = Proposal()


def propose(trail: Trail, templates: Templates, names: TrailNames) -> Proposal:
    """What the templates give for the ARNs that a trail lacks: for all of them, or for none.

    For one of two would turn a trail that AWS takes, though without CloudWatch Logs, into one that AWS refuses.
    """
    lacking = {
        name: template
        for name, template, value in (
            (LOG_GROUP_TEMPLATE, templates.log_group_arn, trail.log_group),
            (ROLE_TEMPLATE, templates.role_arn, trail.role),
        )
        if value is ABSENT
    }
    configured = {name: template for name, template in lacking.items() if template}
    if not configured:
        return NO_PROPOSAL
    if ignored := [_property(trail, name) for name in lacking if _property(trail, name) in trail.ignored]:
        return _not_filled_in(
            configured,
            f"the program ignores changes of {' and '.join(ignored)} (ignoreChanges), so it would not reach AWS",
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
        of_log_group = name == LOG_GROUP_TEMPLATE
        arn = parse_log_group_arn(text) if of_log_group else parse_role_arn(text)
        if isinstance(arn, Invalid):
            return _not_filled_in(texts, f"with the names of this trail {name} {arn.reason}")
        missing_wildcard = isinstance(arn, LogGroupArn) and not arn.wildcard
        values[_property(trail, name)] = f"{text}{WILDCARD}" if missing_wildcard else text
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
    return trail.spelling.log_group_arn if template == LOG_GROUP_TEMPLATE else trail.spelling.role_arn


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
    helpless = [name for name in placeholders if name not in settings]
    are = "is" if len(placeholders) == 1 else "are"
    if not makes_known:
        remedy = "Write the value into the template"
    else:
        joint = f"and write {_listed(helpless)}" if helpless else "or write the value"
        remedy = f"Set {' and '.join(makes_known)}, {joint} into the template"
    return f"{_listed(placeholders)} {are} not known here. {remedy}"


def _listed(placeholders: Sequence[str]) -> str:
    *first, last = (f"{{{name}}}" for name in placeholders)
    return f"{', '.join(first)} and {last}" if first else last


def _not_filled_in(templates: Mapping[str, str], why: str) -> Proposal:
    names = " and ".join(templates)
    return Proposal(
        obstacle=f"The configured {names} {'is' if len(templates) == 1 else 'are'} not filled in, since {why}."
    )
