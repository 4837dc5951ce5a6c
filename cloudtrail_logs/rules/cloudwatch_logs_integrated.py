"""Rule: are both ARNs of a trail set and well formed, do they belong together, and is the trail logging?

Sources: CloudTrail API reference, CreateTrail (CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn); CloudTrail user
guide, "Sending events to CloudWatch Logs" (role and log group of one account, organization trails) and "Creating a
trail" (a multi-region trail delivers to the log group in its home region).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..configuration.arn_templates import NO_PROPOSAL, Proposal, propose, with_values
from ..configuration.settings import IntegratedSettings
from ..model.arn import WILDCARD, Invalid, LogGroupArn, RoleArn, partition_of_region
from ..model.quoting import quoted_arn, without_commands
from ..model.reasons import Doubt, Reason
from ..model.sample_place import PLACE_WORDS
from ..model.trail import Trail, TrailNames
from ..model.value import ABSENT, UNKNOWN, NotFlag, Text, differ
from ..model.verdict import Code, Problem, Verdict
from .proof import with_proof

# What is fixed beside a filled-in ARN, and what has nothing to do with ARNs.
_NO_OBSTACLE: Final = frozenset({Code.LOG_GROUP_ARN_WITHOUT_WILDCARD, Code.LOGGING_DISABLED})


def judge(trail: Trail, names: TrailNames, settings: IntegratedSettings) -> Verdict:
    """What keeps the trail's own properties from an integration with CloudWatch Logs.

    Where the trail lacks an ARN, the report names what the configured templates give for it.
    """
    return with_proof(judge_with(trail, _checked(trail, propose(trail, settings, names))), settings)


def judge_doubt(doubt: Doubt, settings: IntegratedSettings) -> Verdict:
    """As `judge`, of a trail that is not seen, or only perhaps there: only proof can be asked for."""
    return with_proof(Verdict(doubts=(doubt,)), settings)


def judge_with(trail: Trail, proposal: Proposal) -> Verdict:
    """As `judge`. proposal: what the configuration gives for the ARNs that the trail lacks."""
    log_group, role = _log_group_of(trail), _role_of(trail)
    return Verdict(
        problems=(
            *_missing(trail, log_group, proposal),
            *_malformed_log_group(trail),
            *_malformed_role(trail),
            *_other_region(trail, log_group),
            *_other_account(trail, log_group, role),
            *_other_partition(trail, log_group, role),
            *_switched_off(trail),
        ),
        waits_on=tuple(_unknown_properties(trail)),
        doubts=tuple(_doubts(trail)),
    )


def _checked(trail: Trail, proposal: Proposal) -> Proposal:
    """The proposal, unless the trail would still be wrong with it."""
    if not proposal.values:
        return proposal
    codes = {problem.code for problem in judge_with(with_values(trail, proposal), NO_PROPOSAL).problems}
    left = ", ".join(f"[{code.value}]" for code in sorted(codes - _NO_OBSTACLE))
    if not left:
        return proposal
    return Proposal(obstacle=f"The configured ARNs are not filled in, since this trail would have {left} with them.")


def _log_group_of(trail: Trail) -> LogGroupArn | None:
    """The ARN of its log group, or the form of it."""
    found = trail.log_group_form or trail.log_group
    return found if isinstance(found, LogGroupArn) else None


def _role_of(trail: Trail) -> RoleArn | None:
    found = trail.role_form or trail.role
    return found if isinstance(found, RoleArn) else None


def _is_of_its_place(trail: Trail, arn: LogGroupArn | RoleArn | None) -> bool:
    """Whether an ARN is of the trail's own place, wherever that is."""
    if arn is None:
        return False
    parts = [(arn.account, trail.delivery_account), (arn.partition, trail.own_partition)]
    if isinstance(arn, LogGroupArn):
        parts.append((arn.region, trail.region))
    return all(part == own or part in PLACE_WORDS for part, own in parts)


def _unknown_properties(trail: Trail) -> Iterator[str]:
    spelling = trail.spelling
    values = {spelling.log_group_arn: trail.log_group, spelling.role_arn: trail.role}
    if unknown := [name for name, value in values.items() if value is UNKNOWN]:
        arns = {spelling.log_group_arn: _log_group_of(trail), spelling.role_arn: _role_of(trail)}
        elsewhere = [name for name, arn in arns.items() if not _is_of_its_place(trail, arn)]
        if elsewhere:  # where only the other one is elsewhere, they may not belong together
            yield from [name for name in unknown if name in elsewhere] or unknown
    if trail.logging is UNKNOWN:
        yield spelling.logging


def _doubts(trail: Trail) -> Iterator[Doubt]:
    """What keeps the rule from an answer although it is known. Of properties that are not, `waits_on` tells."""
    if isinstance(trail.logging, NotFlag):
        yield from (Reason.PROPERTY_UNKNOWN.of(property=name) for name in _unknown_properties(trail))
        yield Reason.LOGGING_NO_FLAG.of(property=trail.spelling.logging, kind=trail.logging.kind)


def _missing(trail: Trail, log_group: LogGroupArn | None, proposal: Proposal) -> Iterator[Problem]:
    group, role = trail.spelling.log_group_arn, trail.spelling.role_arn
    no_group, no_role = trail.log_group is ABSENT, trail.role is ABSENT
    to_set = {name: without_commands(value) for name, value in proposal.values.items()}
    group_to_set = to_set.get(group, f"the ARN of a log group, ending in {WILDCARD}")
    role_to_set = to_set.get(role, "the ARN of a role that cloudtrail.amazonaws.com may assume")
    obstacle = f" {proposal.obstacle}" if proposal.obstacle else ""
    if no_group and no_role:
        yield Problem(
            Code.NOT_INTEGRATED,
            f"Neither {group} nor {role} is set, so the trail sends nothing to CloudWatch Logs. Set {group} to "
            f"{group_to_set}, and {role} to {role_to_set}.{trail.stop_ignoring(group, role)}{obstacle}",
            proposal.values,
        )
    elif no_role:
        # Beside a log group's ARN that AWS refuses, a role does not help.
        bare = log_group is not None and not log_group.wildcard
        yield Problem(
            Code.ROLE_MISSING,
            f"{group} is set but {role} is not, so AWS will refuse the trail. Set {role} to {role_to_set}."
            f"{trail.stop_ignoring(role)}{obstacle}",
            proposal.values,
            fixed_with=Code.LOG_GROUP_ARN_WITHOUT_WILDCARD if bare else None,
        )
    elif no_group:
        yield Problem(
            Code.LOG_GROUP_MISSING,
            f"{role} is set but {group} is not, so the trail sends nothing to CloudWatch Logs. Set {group} to "
            f"{group_to_set}.{trail.stop_ignoring(group)}{obstacle}",
            proposal.values,
        )


def _malformed_log_group(trail: Trail) -> Iterator[Problem]:
    name, value = trail.spelling.log_group_arn, trail.log_group_form or trail.log_group
    if isinstance(value, Invalid):
        yield Problem(
            Code.LOG_GROUP_ARN_INVALID,
            f"{name} is {value.shown}, which {value.reason}. Set it to the ARN of a log group: "
            f"arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME{WILDCARD}.{trail.stop_ignoring(name)}",
        )
    elif isinstance(value, LogGroupArn) and not value.wildcard:
        yield Problem(
            Code.LOG_GROUP_ARN_WITHOUT_WILDCARD,
            f"{name} is {quoted_arn(value.text)}, without the {WILDCARD} at its end that CloudTrail requires, so AWS "
            f"will refuse the trail. Append {WILDCARD} to it.{trail.stop_ignoring(name)}",
            # What the program ignores changes of would be kept in the state and never reach AWS (Pulumi engine).
            {} if name in trail.ignored else {name: value.with_wildcard},
        )


def _malformed_role(trail: Trail) -> Iterator[Problem]:
    name, value = trail.spelling.role_arn, trail.role_form or trail.role
    if isinstance(value, Invalid):
        yield Problem(
            Code.ROLE_ARN_INVALID,
            f"{name} is {value.shown}, which {value.reason}. Set it to the ARN of a role: "
            f"arn:PARTITION:iam::ACCOUNT:role/NAME.{trail.stop_ignoring(name)}",
        )


def _other_region(trail: Trail, log_group: LogGroupArn | None) -> Iterator[Problem]:
    if log_group and differ(log_group.region, trail.region):
        yield Problem(
            Code.REGION_MISMATCH,
            f"{trail.spelling.log_group_arn} names a log group in {log_group.region}, but the trail's home region is "
            f"{trail.region}, and CloudTrail delivers only to a log group in that region. Set it to the ARN of a log "
            f"group in {trail.region}.{trail.stop_ignoring(trail.spelling.log_group_arn)}",
        )


def _other_account(trail: Trail, log_group: LogGroupArn | None, role: RoleArn | None) -> Iterator[Problem]:
    accounts = _by_property(trail, log_group.account if log_group else None, role.account if role else None)
    own = trail.delivery_account
    mismatched = {name: account for name, account in accounts.items() if differ(account, own)}
    if mismatched:
        yield Problem(
            Code.ACCOUNT_MISMATCH,
            f"{_each_in(mismatched, 'account')}, but the trail is created in account {own}. "
            f"Use a log group and a role of account {own}.{trail.stop_ignoring(*mismatched)}",
        )
    elif len(set(accounts.values())) > 1:
        yield Problem(
            Code.ACCOUNT_MISMATCH,
            f"{_each_in(accounts, 'account')}, but CloudTrail needs the log group and the role in the same account. "
            f"Use a log group and a role of one account.{trail.stop_ignoring(*accounts)}",
        )


def _other_partition(trail: Trail, log_group: LogGroupArn | None, role: RoleArn | None) -> Iterator[Problem]:
    partitions = _by_property(trail, log_group.partition if log_group else None, role.partition if role else None)
    # A log group in another region than the trail is reported already: its ARN need only agree with itself.
    own = log_group.region if log_group else trail.region
    regions = _by_property(trail, own, trail.region if isinstance(trail.region, str) else own)
    expected = {name: partition_of_region(region) for name, region in regions.items()}
    mismatched: dict[tuple[str, str], dict[str, str]] = {}
    for name, partition in partitions.items():
        right = expected.get(name)
        if right and partition != right:
            mismatched.setdefault((regions[name], right), {})[name] = partition
    for (region, right), places in mismatched.items():
        yield Problem(
            Code.PARTITION_MISMATCH,
            f"{_each_in(places, 'partition')}, but the region {region} is in partition {right}. "
            f"Use ARNs that begin with arn:{right}:.{trail.stop_ignoring(*places)}",
        )
    if not any(expected.values()) and len(set(partitions.values())) > 1:
        yield Problem(
            Code.PARTITION_MISMATCH,
            f"{_each_in(partitions, 'partition')}, but the log group and the role must be in the same partition. "
            f"Use ARNs of one partition.{trail.stop_ignoring(*partitions)}",
        )


def _by_property(trail: Trail, of_log_group: Text | None, of_role: Text | None) -> dict[str, str]:
    both = {trail.spelling.log_group_arn: of_log_group, trail.spelling.role_arn: of_role}
    return {name: part for name, part in both.items() if isinstance(part, str) and part not in PLACE_WORDS}


def _each_in(places: dict[str, str], kind: str) -> str:
    if len(places) > 1 and len(set(places.values())) == 1:
        return f"{' and '.join(places)} are in {kind} {next(iter(places.values()))}"
    return " and ".join(f"{name} is in {kind} {place}" for name, place in places.items())


def _switched_off(trail: Trail) -> Iterator[Problem]:
    name = trail.spelling.logging
    if trail.logging is False:
        yield Problem(
            Code.LOGGING_DISABLED,
            f"{name} is false, so the trail is switched off and records nothing. Set it to true."
            f"{trail.stop_ignoring(name)}",
        )
