"""Part of log_group_and_role_exist: does the declared log group live where the trail can deliver to it?

Asked only while its ARN is unknown: the same questions about known ARNs are answered in cloudwatch_logs_integrated.
Sources: as there.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model.arn import LogGroupArn, RoleArn
from ..model.declared import DeclaredLogGroup, DeclaredRole, Source, Target
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
            f"group in that region. Declare the log group in {trail.region}.",
        )


def other_account(trail: Trail, log_group: Source[DeclaredLogGroup], role: Source[DeclaredRole]) -> Iterator[Problem]:
    """The declared log group or role is in another account than the trail, or than each other."""
    if UNKNOWN not in (trail.log_group, trail.role):
        return
    own = trail.delivery_account
    group_account = _account(trail.log_group, log_group)
    role_account = _account(trail.role, role)
    properties = (
        (trail.spelling.log_group_arn, trail.log_group, group_account),
        (trail.spelling.role_arn, trail.role, role_account),
    )
    mismatched = [(name, account) for name, arn, account in properties if arn is UNKNOWN and differ(account, own)]
    if mismatched:
        places = " and ".join(f"{name} comes from account {account}" for name, account in mismatched)
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


def _account(arn: object, source: Source[Target]) -> Text:
    """The account of a property's log group or role."""
    if isinstance(arn, (LogGroupArn, RoleArn)):
        return arn.account
    return source.only_target.account if arn is UNKNOWN and source.only_target else UNKNOWN
