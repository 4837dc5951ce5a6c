"""Does a role's trust policy let CloudTrail assume the role?

Sources: CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs" (the service principal,
the same in every partition); IAM user guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from ..model.arn import is_account
from ..model.quoting import enumerated, has_arn_form, quoted_arn
from ..model.reasons import Reason, Settled
from ..model.value import ABSENT, UNKNOWN, Truth, Unset, all_of, any_of
from .condition import ASSUMING_NEVER_SENDS, is_met, rests_on_source_alone
from .document import Document, Effect, Patterns, Statement, Unreadable, has_unknown
from .elements import action_matches, is_removable

PRINCIPAL: Final = "cloudtrail.amazonaws.com"
_ACTION: Final = "sts:AssumeRole"
# In any case, and with the domain of any partition (botocore `data/partitions.json`): authors guess both.
_SERVICE: Final = re.compile(
    r"[a-z0-9.-]{1,60}\.(amazonaws\.com(\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk"
    r"|csp\.hci\.ic\.gov)",
    re.ASCII | re.IGNORECASE,
)
_KINDS: Final = frozenset({"AWS", "Federated", "CanonicalUser", "Service"})
_NAMED: Final = 3


def trusts_cloudtrail(document: Document | Unreadable | Literal[Unset.UNKNOWN]) -> Truth:
    """Whether a trust policy lets CloudTrail assume the role."""
    if not isinstance(document, Document):
        return Truth.NO if isinstance(document, Unreadable) else Truth.MAYBE
    allowed = any_of(_applies(document, Effect.ALLOW))
    denied = any_of(_applies(document, Effect.DENY))
    return all_of((allowed, ~denied))


def statement_names_cloudtrail(statement: Statement) -> Truth:
    """Whether CloudTrail is among a statement's principals."""
    if statement.excluded is not ABSENT:
        # With Allow, IAM takes no NotPrincipal in a trust policy.
        return all_of((~_contains(statement.excluded), Truth.MAYBE if statement.effect is Effect.ALLOW else Truth.YES))
    return _contains(statement.principals)


def covers_assuming(statement: Statement) -> Truth:
    """Whether a statement is about assuming the role."""
    return action_matches(statement.actions, _ACTION)


def trust_doubt(document: Document | Unreadable | Literal[Unset.UNKNOWN]) -> Reason:
    """Why it is not known whether a trust policy lets CloudTrail assume the role. Call it only if it is not known."""
    if not isinstance(document, Document):
        return Reason.TRUST_UNKNOWN
    left: list[Statement] = []
    settled: list[Reason] = []
    waits = False
    for statement in document.statements:
        reason = _doubt_of(statement) if _is_doubtful(statement) else None
        waits = waits or reason is Reason.TRUST_UNKNOWN
        if reason is None or reason.settled is not Settled.AUTHOR:
            left.append(statement)
        elif statement.effect is not Effect.ALLOW:
            return reason
        else:
            settled.append(reason)
    # What waits, or is inherent, may let it, without those that may not.
    if settled and trusts_cloudtrail(replace(document, statements=tuple(left))) is Truth.NO:
        return settled[0]
    return Reason.TRUST_UNKNOWN if waits else Reason.TRUST_ON_SOURCE


def _is_doubtful(statement: Statement) -> bool:
    """Whether it is not known whether a statement applies to CloudTrail."""
    applies = _applies_to_cloudtrail(statement, statement.effect)
    return applies is Truth.MAYBE or (applies is Truth.YES and statement.effect is Effect.UNKNOWN)


def _doubt_of(statement: Statement) -> Reason:
    if statement.waits:
        return Reason.TRUST_UNKNOWN
    odd = has_unknown(statement) or statement.actions is ABSENT or statement.resources is not ABSENT
    if odd or (statement.effect is not Effect.DENY and statement.excluded is not ABSENT):
        return Reason.TRUST_UNREADABLE
    if statement.principals is ABSENT and statement.excluded is ABSENT:
        return Reason.TRUST_UNREADABLE
    if is_met(statement.condition, ASSUMING_NEVER_SENDS) is Truth.MAYBE:
        if not rests_on_source_alone(statement.condition):
            return Reason.TRUST_CONDITION
        if statement_names_cloudtrail(statement) is Truth.YES:
            return Reason.TRUST_ON_SOURCE
    return Reason.TRUST_EVERYBODY


@dataclass(frozen=True)
class TrustFailure:
    """Why CloudTrail may not assume a role."""

    why: str
    """The rest of a sentence that begins with the trust policy."""
    remedy: str
    """What to change, as a sentence."""


def explain_trust_failure(document: Document | Unreadable) -> TrustFailure:
    """Why a trust policy does not let CloudTrail assume the role. Call it only if it does not."""
    add = f'Allow {{"Service": "{PRINCIPAL}"}} to call {_ACTION} in it.'
    if isinstance(document, Unreadable):
        return TrustFailure(document.reason, "Encode it once.")
    for statement in document.statements:
        if _applies_to_cloudtrail(statement, Effect.DENY) is Truth.YES:
            return TrustFailure(f"denies {PRINCIPAL} ({statement.name})", f"Exclude {PRINCIPAL} from that Deny.")
    allowing = [statement for statement in document.statements if statement.effect is not Effect.DENY]
    for statement in allowing:
        if failure := _failure_of(statement, add):
            return failure
    names = list(dict.fromkeys(name for statement in allowing for name in _principals_shown(statement)))
    if not names:
        return TrustFailure("allows no principal to assume it", add)
    allowed = enumerated(names[:_NAMED], "and", len(names))
    return TrustFailure(f"allows {allowed} to assume it, but not {PRINCIPAL}", add)


def _failure_of(statement: Statement, add: str) -> TrustFailure | None:
    """Why a statement that may allow it, and says something of CloudTrail, does not; None where it says nothing."""
    named = statement_names_cloudtrail(statement)
    if statement.excluded is not ABSENT:
        why = f"excludes {PRINCIPAL} with NotPrincipal ({statement.name})"
        return TrustFailure(why, add) if named is Truth.NO else None
    if named is not Truth.YES:
        return None
    if covers_assuming(statement) is Truth.NO and isinstance(statement.actions, Patterns):
        return _without_action(statement, statement.actions, add)
    if is_met(statement.condition, ASSUMING_NEVER_SENDS) is Truth.NO:
        why = f"requires an external ID, which {PRINCIPAL} never sends ({statement.name})"
        return TrustFailure(why, "Remove that condition.")
    return None


def _without_action(statement: Statement, actions: Patterns, add: str) -> TrustFailure:
    """Why a statement that names CloudTrail is not about assuming the role."""
    if not actions.negated:
        why = f"names {PRINCIPAL}, but not the action {_ACTION} ({statement.name})"
        return TrustFailure(why, f"Add {_ACTION} to it.")
    why = f"names {PRINCIPAL}, but its NotAction excludes {_ACTION} ({statement.name})"
    return TrustFailure(why, f"Remove {_ACTION} from it." if is_removable(actions, _ACTION, (_ACTION,)) else add)


def _is_service(value: str) -> bool:
    return _SERVICE.fullmatch(value) is not None


def _is_account_or_arn(value: str) -> bool:
    return is_account(value) or has_arn_form(value)


def _principals_shown(statement: Statement) -> Iterator[str]:
    if isinstance(statement.principals, Unset):
        return
    for kind, patterns in statement.principals.items():
        for value in patterns.values:
            if isinstance(value, str) and (_is_service(value) if kind == "Service" else _is_account_or_arn(value)):
                yield quoted_arn(value)
            else:
                yield f"another {kind} principal" if kind in _KINDS else "another principal"


def _applies(document: Document, effect: Effect) -> Iterator[Truth]:
    for statement in document.statements:
        if statement.effect in (effect, Effect.UNKNOWN):
            yield _applies_to_cloudtrail(statement, effect)


def _applies_to_cloudtrail(statement: Statement, effect: Effect) -> Truth:
    """Whether a statement of this effect, or of one that is not known, is about CloudTrail assuming the role."""
    certain = statement.effect is effect and statement.resources is ABSENT  # a trust policy has no resources
    return all_of(
        (
            Truth.YES if certain else Truth.MAYBE,
            statement_names_cloudtrail(statement),
            covers_assuming(statement),
            is_met(statement.condition, ASSUMING_NEVER_SENDS),
        )
    )


def _contains(principals: Mapping[str, Patterns] | Unset) -> Truth:
    if isinstance(principals, Unset):
        return Truth.MAYBE
    return any_of(_is_cloudtrail(kind, value) for kind, patterns in principals.items() for value in patterns.values)


def _is_cloudtrail(kind: str, value: object) -> Truth:
    if kind == "Service":
        # "Service principals are unique and case-sensitive" (IAM API reference, CreateServiceLinkedRole).
        if value == PRINCIPAL:
            return Truth.YES
        return Truth.MAYBE if value in (UNKNOWN, "*") else Truth.NO
    # Everybody: whether that includes a service is not documented.
    return Truth.MAYBE if kind in ("AWS", "*") and value in (UNKNOWN, "*") else Truth.NO
