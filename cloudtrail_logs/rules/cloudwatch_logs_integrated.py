"""Rule: are both ARNs of a trail set and well formed, do they belong together, and is the trail logging?

Sources: CloudTrail API reference, CreateTrail (CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn); CloudTrail user
guide, "Sending events to CloudWatch Logs" (role and log group of one account, organization trails) and "Creating a
trail" (a multi-region trail delivers to the log group in its home region).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from ..configuration.proposal import NOTHING, Proposal
from ..model.arn import WILDCARD, Invalid, LogGroupArn, RoleArn, parse_log_group_arn, parse_role_arn
from ..model.partition import partition_of_region
from ..model.quoting import described, quoted_arn
from ..model.trail import Trail
from ..model.value import ABSENT, UNKNOWN, NotText, Text, differ
from ..model.verdict import Code, Problem, Verdict

_Arn = TypeVar("_Arn")


def judge_integration(trail: Trail, proposal: Proposal = NOTHING) -> Verdict:
    """What keeps the trail's own properties from an integration with CloudWatch Logs.

    proposal: what the configuration has for the ARNs that the trail lacks: the report then names it.
    """
    log_group = _parsed(trail.log_group_arn, parse_log_group_arn)
    role = _parsed(trail.role_arn, parse_role_arn)
    good_log_group = log_group if isinstance(log_group, LogGroupArn) else None
    good_role = role if isinstance(role, RoleArn) else None
    return Verdict(
        problems=(
            *_missing(trail, proposal),
            *_malformed_log_group(trail, log_group),
            *_malformed_role(trail, role),
            *_other_region(trail, good_log_group),
            *_other_account(trail, good_log_group, good_role),
            *_other_partition(trail, good_log_group, good_role),
            *_switched_off(trail),
        ),
        waits_on=tuple(_unknown_properties(trail)),
    )


def _parsed(value: Text, parse: Callable[[str], _Arn | Invalid]) -> _Arn | Invalid | None:
    if isinstance(value, NotText):
        return Invalid("is not a text")
    return parse(value) if isinstance(value, str) else None


def _unknown_properties(trail: Trail) -> Iterator[str]:
    spelling = trail.spelling
    for name, value in (
        (spelling.log_group_arn, trail.log_group_arn),
        (spelling.role_arn, trail.role_arn),
        (spelling.logging, trail.logging),
    ):
        if value is UNKNOWN:
            yield name


def _missing(trail: Trail, proposal: Proposal) -> Iterator[Problem]:
    group, role = trail.spelling.log_group_arn, trail.spelling.role_arn
    no_group, no_role = trail.log_group_arn is ABSENT, trail.role_arn is ABSENT
    group_to_set = proposal.values.get(group, f"the ARN of a log group, ending in {WILDCARD}")
    role_to_set = proposal.values.get(role, "the ARN of a role that cloudtrail.amazonaws.com may assume")
    obstacle = f" {proposal.obstacle}" if proposal.obstacle else ""
    if no_group and no_role:
        yield Problem(
            Code.NOT_INTEGRATED,
            f"Neither {group} nor {role} is set, so the trail sends nothing to CloudWatch Logs. Set {group} to "
            f"{group_to_set}, and {role} to {role_to_set}.{obstacle}",
        )
    elif no_role:
        yield Problem(
            Code.ROLE_MISSING,
            f"{group} is set but {role} is not, so AWS will refuse the trail. Set it to {role_to_set}.{obstacle}",
        )
    elif no_group:
        yield Problem(
            Code.LOG_GROUP_MISSING,
            f"{role} is set but {group} is not, so the trail sends nothing to CloudWatch Logs. Set it to "
            f"{group_to_set}.{obstacle}",
        )


def _malformed_log_group(trail: Trail, parsed: LogGroupArn | Invalid | None) -> Iterator[Problem]:
    name, value = trail.spelling.log_group_arn, trail.log_group_arn
    if isinstance(parsed, Invalid) and isinstance(value, (str, NotText)):
        yield Problem(
            Code.LOG_GROUP_ARN_INVALID,
            f"{name} is {described(value)}, which {parsed.reason}. Set it to the ARN of a log group: "
            f"arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME{WILDCARD}.",
        )
    elif isinstance(parsed, LogGroupArn) and not parsed.wildcard:
        yield Problem(
            Code.LOG_GROUP_ARN_WITHOUT_WILDCARD,
            f"{name} is {quoted_arn(str(value))}, without the {WILDCARD} at its end that CloudTrail requires, so AWS "
            f"will refuse the trail. Append {WILDCARD} to it.",
        )


def _malformed_role(trail: Trail, parsed: RoleArn | Invalid | None) -> Iterator[Problem]:
    name, value = trail.spelling.role_arn, trail.role_arn
    if isinstance(parsed, Invalid) and isinstance(value, (str, NotText)):
        yield Problem(
            Code.ROLE_ARN_INVALID,
            f"{name} is {described(value)}, which {parsed.reason}. Set it to the ARN of a role: "
            "arn:PARTITION:iam::ACCOUNT:role/NAME.",
        )


def _other_region(trail: Trail, log_group: LogGroupArn | None) -> Iterator[Problem]:
    if log_group and differ(log_group.region, trail.region):
        yield Problem(
            Code.REGION_MISMATCH,
            f"{trail.spelling.log_group_arn} names a log group in {log_group.region}, but the trail's home region is "
            f"{trail.region}, and CloudTrail delivers only to a log group there. Set it to the ARN of a log group in "
            f"{trail.region}.",
        )


def _other_account(trail: Trail, log_group: LogGroupArn | None, role: RoleArn | None) -> Iterator[Problem]:
    accounts = _by_property(trail, log_group.account if log_group else None, role.account if role else None)
    own = trail.delivery_account
    strangers = {name: account for name, account in accounts.items() if differ(account, own)}
    if strangers:
        yield Problem(
            Code.ACCOUNT_MISMATCH,
            f"{_each_in(strangers, 'account')}, but the trail is created in account {own}. "
            f"Use a log group and a role of account {own}.",
        )
    elif len(set(accounts.values())) > 1:
        yield Problem(
            Code.ACCOUNT_MISMATCH,
            f"{_each_in(accounts, 'account')}, but CloudTrail needs the log group and the role in the same account. "
            "Use a log group and a role of one account.",
        )


def _other_partition(trail: Trail, log_group: LogGroupArn | None, role: RoleArn | None) -> Iterator[Problem]:
    partitions = _by_property(trail, log_group.partition if log_group else None, role.partition if role else None)
    # A log group in another region than the trail is reported already: its ARN need only agree with itself.
    own = log_group.region if log_group else trail.region
    regions = _by_property(trail, own, trail.region if isinstance(trail.region, str) else own)
    rights = {name: partition_of_region(region) for name, region in regions.items()}
    strangers: dict[tuple[str, str], dict[str, str]] = {}
    for name, partition in partitions.items():
        right = rights.get(name)
        if right and partition != right:
            strangers.setdefault((regions[name], right), {})[name] = partition
    for (region, right), places in strangers.items():
        yield Problem(
            Code.PARTITION_MISMATCH,
            f"{_each_in(places, 'partition')}, but the region {region} is in partition {right}. "
            f"Use ARNs that begin with arn:{right}:.",
        )
    if not any(rights.values()) and len(set(partitions.values())) > 1:
        yield Problem(
            Code.PARTITION_MISMATCH,
            f"{_each_in(partitions, 'partition')}, but the log group and the role must be in the same partition. "
            "Use ARNs of one partition.",
        )


def _by_property(trail: Trail, of_log_group: Text | None, of_role: Text | None) -> dict[str, str]:
    both = {trail.spelling.log_group_arn: of_log_group, trail.spelling.role_arn: of_role}
    return {name: part for name, part in both.items() if isinstance(part, str)}


def _each_in(places: dict[str, str], kind: str) -> str:
    if len(places) > 1 and len(set(places.values())) == 1:
        return f"{' and '.join(places)} are in {kind} {next(iter(places.values()))}"
    return " and ".join(f"{name} is in {kind} {place}" for name, place in places.items())


def _switched_off(trail: Trail) -> Iterator[Problem]:
    if trail.logging is False:
        yield Problem(
            Code.LOGGING_DISABLED,
            f"{trail.spelling.logging} is false, so the trail is switched off and records nothing. Set it to true.",
        )
