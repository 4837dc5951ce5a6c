"""What to do about a wrong trail at once: the properties to set, and the command of the AWS CLI that sets them.

Source: AWS CLI reference, `cloudtrail update-trail` and `start-logging`.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model.arn import WILDCARD, LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from ..model.declared import Catalogue, DeclaredLogGroup, DeclaredRole, Suggestions
from ..model.trail import Trail
from ..model.verdict import Code, Problem
from ..rules.remediation import fixes
from ..stack.declarations import StackTrail

_ANY_ROLE: Final = "<the ARN of a role that cloudtrail.amazonaws.com may assume>"
_OF_BOTH: Final = frozenset({Code.NOT_INTEGRATED, Code.ACCOUNT_MISMATCH, Code.PARTITION_MISMATCH})
_OF_LOG_GROUP: Final = _OF_BOTH | {
    Code.LOG_GROUP_MISSING,
    Code.LOG_GROUP_ARN_INVALID,
    Code.LOG_GROUP_ARN_WITHOUT_WILDCARD,
    Code.LOG_GROUP_WRONG_TYPE,
    Code.LOG_GROUP_CLASS_DELIVERY,
    Code.LOG_GROUP_NOT_FOUND,
    Code.LOG_GROUP_UNUSED,
    Code.REGION_MISMATCH,
}
_OF_ROLE: Final = _OF_BOTH | {Code.ROLE_MISSING, Code.ROLE_ARN_INVALID, Code.ROLE_WRONG_TYPE, Code.ROLE_NOT_FOUND}


@dataclass(frozen=True)
class Remedy:
    """What to do about a trail."""

    to_set: Mapping[str, str] = field(default_factory=dict)
    """As that of a row."""
    command: str = ""
    """As that of a row."""


def remedy_in_stack(given: StackTrail, problems: Sequence[Problem], arn: str, region: str) -> Remedy:
    """As `remedy_of`, of a trail of a stack, which may declare the one log group or role that would do."""
    codes = {problem.code for problem in problems}
    return remedy_of(
        given.trail,
        problems,
        arn,
        region,
        _log_group(given) if codes & _OF_LOG_GROUP else "",
        _role(given) if codes & _OF_ROLE else _ANY_ROLE,
    )


def remedy_of(
    trail: Trail,
    problems: Sequence[Problem],
    arn: str,
    region: str,
    log_group: str = "",
    role: str = _ANY_ROLE,
) -> Remedy:
    """What to set on a trail that has these problems. A value that the configuration gives goes before any other.

    arn, region: of the trail; empty where they are not known. log_group, role: what to set where it takes one; a
    log group that is empty is any in the region.
    """
    log_group = log_group or f"<the ARN of a log group{f' in {region}' * bool(region)}, ending in {WILDCARD}>"
    codes, spelling = {problem.code for problem in problems}, trail.spelling
    fixed = fixes(problems)
    to_set: dict[str, str] = {}
    if codes & _OF_LOG_GROUP:
        to_set[spelling.log_group_arn] = fixed.get(spelling.log_group_arn) or log_group
    elif isinstance(trail.log_group, LogGroupArn):
        log_group = trail.log_group.text
    if codes & _OF_ROLE:
        to_set[spelling.role_arn] = fixed.get(spelling.role_arn) or role
    elif isinstance(trail.role, RoleArn):
        role = trail.role.text
    commands = []
    name = f"--name {shlex.quote(arn or '<the name or ARN of the trail>')}"
    place = f"--region {shlex.quote(region or '<the home region of the trail>')} {name}"
    if to_set:
        log_group, role = to_set.get(spelling.log_group_arn, log_group), to_set.get(spelling.role_arn, role)
        commands.append(
            f"aws cloudtrail update-trail {place} --cloud-watch-logs-log-group-arn {shlex.quote(log_group)} "
            f"--cloud-watch-logs-role-arn {shlex.quote(role)}"
        )
    if Code.LOGGING_DISABLED in codes:
        to_set[spelling.logging] = "true"
        commands.append(f"aws cloudtrail start-logging {place}")
    return Remedy(to_set, " && ".join(commands))


def _log_group(given: StackTrail) -> str:
    for catalogue in (given.declarations.unused(), given.declarations.free()):
        arn = _only(given, catalogue)
        if arn and isinstance(parsed := parse_log_group_arn(arn), LogGroupArn):
            return parsed.with_wildcard
    return ""


def _role(given: StackTrail) -> str:
    arn = _only(given, given.declarations.roles)
    return arn if arn and isinstance(parse_role_arn(arn), RoleArn) else _ANY_ROLE


def _only(given: StackTrail, catalogue: Catalogue[DeclaredLogGroup] | Catalogue[DeclaredRole]) -> str:
    """The ARN of the one that would do; empty where there is none, there are several, or its ARN is not known."""
    found: Suggestions[DeclaredLogGroup] | Suggestions[DeclaredRole] = catalogue.suggestions_for(
        given.trail.region, given.trail.delivery_account
    )
    arn = found.first[0].arn if found.count == 1 else None
    return arn if isinstance(arn, str) else ""
