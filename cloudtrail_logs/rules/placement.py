"""Rule: does the declared log group live where the trail can deliver to it, while its ARN is still unknown?

The same questions about known ARNs are the integration rule's. Sources: as there.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.arn import LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from ..model.declared import DeclaredLogGroup, DeclaredRole, Wiring
from ..model.quoting import quoted_label
from ..model.trail import Trail
from ..model.value import UNKNOWN, Text, differ
from ..model.verdict import Code, Problem


def other_region(trail: Trail, group: DeclaredLogGroup) -> Iterator[Problem]:
    """The declared log group is in another region than the trail."""
    if differ(group.region, trail.region):
        yield Problem(
            Code.REGION_MISMATCH,
            f"{trail.spelling.log_group_arn} comes from log group {quoted_label(group.label)}, which is declared in "
            f"{group.region}, but the trail's home region is {trail.region}, and CloudTrail delivers only to a log "
            f"group there. Declare the log group in {trail.region}.",
        )


def other_account(trail: Trail, log_group: Wiring[DeclaredLogGroup], role: Wiring[DeclaredRole]) -> Iterator[Problem]:
    """The declared log group or role is in another account than the trail, or than each other."""
    if UNKNOWN not in (trail.log_group_arn, trail.role_arn):
        return
    own = trail.delivery_account
    group_account = _account_of_log_group(trail.log_group_arn, log_group)
    role_account = _account_of_role(trail.role_arn, role)
    in_question = (
        (trail.spelling.log_group_arn, trail.log_group_arn, group_account),
        (trail.spelling.role_arn, trail.role_arn, role_account),
    )
    strangers = [(name, account) for name, value, account in in_question if value is UNKNOWN and differ(account, own)]
    if strangers:
        places = " and ".join(f"{name} comes from account {account}" for name, account in strangers)
        yield Problem(
            Code.ACCOUNT_MISMATCH,
            f"{places}, but the trail is created in account {own}. Declare its log group and its role there.",
        )
    elif differ(group_account, role_account):
        yield Problem(
            Code.ACCOUNT_MISMATCH,
            f"{trail.spelling.log_group_arn} comes from account {group_account} and {trail.spelling.role_arn} from "
            f"account {role_account}, but CloudTrail needs the log group and the role in the same account. Declare "
            "both in one account.",
        )


def _account_of_log_group(value: Text, wiring: Wiring[DeclaredLogGroup]) -> Text:
    arn = parse_log_group_arn(value) if isinstance(value, str) else None
    if isinstance(arn, LogGroupArn):
        return arn.account
    return wiring.only_target.account if value is UNKNOWN and wiring.only_target else UNKNOWN


def _account_of_role(value: Text, wiring: Wiring[DeclaredRole]) -> Text:
    arn = parse_role_arn(value) if isinstance(value, str) else None
    if isinstance(arn, RoleArn):
        return arn.account
    return wiring.only_target.account if value is UNKNOWN and wiring.only_target else UNKNOWN
