"""Is a statement's Condition met, as far as that can be known before the request?

The request decides almost every condition, so the answer is not known. The exception: keys that a request never has.
Source: IAM user guide, "IAM JSON policy elements: Condition operators" (missing keys, IfExists, Null, set operators).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Final

from ..model.value import ABSENT, Truth, all_of
from .document import Json

# CloudTrail user guide, "Role policy document": "The role policy doesn't support the use of aws:SourceArn and
# aws:SourceAccount", so a request of CloudTrail's role never has them.
ROLE_NEVER_SENDS: Final = frozenset({"aws:sourcearn", "aws:sourceaccount"})
# Services never send an external ID when they assume a role.
ASSUMING_NEVER_SENDS: Final = frozenset({"sts:externalid"})
_POSITIVE: Final = frozenset(
    {
        *("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "bool", "binaryequals"),
        *("numericequals", "numericlessthan", "numericlessthanequals", "numericgreaterthan"),
        *("numericgreaterthanequals", "dateequals", "datelessthan", "datelessthanequals", "dategreaterthan"),
        *("dategreaterthanequals", "ipaddress"),
    }
)
_NEGATED: Final = frozenset(
    {
        *("stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"),
        *("numericnotequals", "datenotequals", "notipaddress"),
    }
)
_PREFIXES: Final = frozenset({"", "foranyvalue:", "forallvalues:"})


def rests_on_source_alone(condition: Json) -> bool:
    """Whether a Condition element has no other keys than those of the resource for which a service acts.

    For a role that a service assumes, AWS recommends them (IAM user guide, "The confused deputy problem"), while the
    CloudTrail user guide calls them unsupported.
    """
    if not isinstance(condition, Mapping) or not all(isinstance(keys, Mapping) for keys in condition.values()):
        return False
    return {str(key).lower() for keys in condition.values() for key in keys} <= ROLE_NEVER_SENDS


def is_met(condition: Json, absent: Set[str]) -> Truth:
    """Whether a Condition element is met.

    condition: the element, ABSENT where there is none. absent: keys, in lower case, that no such request has.
    """
    if condition is ABSENT:
        return Truth.YES
    if not isinstance(condition, Mapping):
        return Truth.MAYBE
    return all_of(_operator_is_met(str(operator), keys, absent) for operator, keys in condition.items())


def _operator_is_met(operator: str, keys: Json, absent: Set[str]) -> Truth:
    if not isinstance(keys, Mapping):
        return Truth.MAYBE
    return all_of(
        _met_without_key(operator.lower(), values) if str(key).lower() in absent else Truth.MAYBE
        for key, values in keys.items()
    )


def _met_without_key(operator: str, values: Json) -> Truth:
    """Whether an operator is met when the key is missing from the request."""
    if operator == "null":
        return _null_is_met(values)
    quantifier, colon, name = operator.rpartition(":")
    base = name.removesuffix("ifexists")
    if f"{quantifier}{colon}" not in _PREFIXES or (base not in _POSITIVE and base not in _NEGATED):
        return Truth.MAYBE
    if quantifier == "foranyvalue":
        return Truth.NO if base == name else Truth.MAYBE  # with IfExists too, what wins is not documented
    met = quantifier == "forallvalues" or base != name or base in _NEGATED
    return Truth.YES if met else Truth.NO


def _null_is_met(values: Json) -> Truth:
    wanted = {str(value).lower() for value in (values if isinstance(values, list) else [values])}
    if wanted == {"true"}:
        return Truth.YES
    return Truth.NO if wanted == {"false"} else Truth.MAYBE
