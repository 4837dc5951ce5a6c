"""The trails that AWS has and no state holds, as rows of an audit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final

from ..configuration.exemptions import after_exemptions
from ..configuration.settings import IntegratedSettings
from ..model.arn import parse_log_group_arn, parse_role_arn, parsed
from ..model.aws_answers import AccountTrails, TrailInAws
from ..model.trail import Trail, TrailNames
from ..model.value import ABSENT, UNKNOWN, Text
from ..rules.cloudwatch_logs_integrated import judge
from ..stack.cloudformation_types import TRAIL
from ..stack.resource_types import TRAIL_TYPES
from .answers import answer_of
from .evidence import PolicyAnswer, Standing, TrailRow
from .remedy import remedy_of

POLICY: Final = "cloudtrail-cloudwatch-logs-integrated"
# AWS's API spells these as CloudFormation does; CreateTrail and DescribeTrails call the name itself Name.
_SPELLING: Final = TRAIL_TYPES[TRAIL].spelling
_NAME: Final = "Name"


def rows_of_others(
    answer: AccountTrails, held: Collection[str], settings: IntegratedSettings, level: str, today: date
) -> list[TrailRow]:
    """The account's own trails whose ARNs no state holds, each with what the policy of integration says of it.

    held: the ARNs that states hold. level: of that policy. today: in UTC, for its exemptions.
    """
    others = (trail for trail in answer.trails if trail.owner == answer.account and trail.arn not in held)
    return [_row(trail, settings, level, today) for trail in others]


def _row(found: TrailInAws, settings: IntegratedSettings, level: str, today: date) -> TrailRow:
    trail = Trail(
        spelling=_SPELLING,
        log_group=parsed(_text(found.log_group_arn), parse_log_group_arn),
        role=parsed(_text(found.role_arn), parse_role_arn),
        logging=UNKNOWN if found.logging is None else found.logging,
        organization=UNKNOWN if found.organization is None else found.organization,
        region=found.home_region,
        account=found.owner,
    )
    names = TrailNames(found.name, found.name, _NAME, project="", stack="")
    verdict = judge(trail, names, settings)
    outcome = after_exemptions(verdict, names, {}, settings.indexed_exemptions, today)
    remedy = remedy_of(trail, outcome.verdict.problems, found.arn, found.home_region)
    return TrailRow(
        stack="",
        urn="",
        name=found.name,
        aws_name=found.name,
        arn=found.arn,
        region=found.home_region,
        account=found.owner,
        answers=(_why(answer_of(POLICY, level, outcome), found.why_unknown),),
        to_set=remedy.to_set,
        command=remedy.command,
    )


def _text(value: str | None) -> Text:
    return UNKNOWN if value is None else value or ABSENT


def _why(answer: PolicyAnswer, why_unknown: str) -> PolicyAnswer:
    """The answer, with the reason that AWS did not say all of the trail."""
    return replace(answer, why=why_unknown) if answer.standing is Standing.CANNOT_TELL else answer
