"""Whether CloudTrail's role meets a Condition: its requests have no aws:SourceArn and no aws:SourceAccount.

The IAM user guide, "IAM JSON policy elements: Condition operators", says what becomes of a key that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cloudtrail_logs.model.value import Truth

_MISSING: Final = ("aws:sourcearn", "aws:sourceaccount")
_COMPARED: Final = "|".join(
    (
        "string(?P<not1>not)?(?:equals|equalsignorecase|like)",
        "arn(?P<not2>not)?(?:equals|like)",
        "(?:numeric|date)(?:(?P<not3>not)?equals|(?:less|greater)than(?:equals)?)",
        "(?P<not4>not)?ipaddress",
        "bool|binaryequals",
    )
)
_OPERATOR: Final = re.compile(f"(?:(?P<of>forallvalues|foranyvalue):)?(?:{_COMPARED})(?P<ifexists>ifexists)?")


def met(condition: Any) -> Truth:
    """Whether the condition is met; the request decides about all keys but the missing ones."""
    if not isinstance(condition, Mapping):
        return Truth.MAYBE
    answers = set()
    for operator, keys in condition.items():
        if not isinstance(keys, Mapping):
            answers.add(Truth.MAYBE)
            continue
        for key, values in keys.items():
            answers.add(_met_without(operator.lower(), values) if key.lower() in _MISSING else Truth.MAYBE)
    return Truth.NO if Truth.NO in answers else Truth.MAYBE if Truth.MAYBE in answers else Truth.YES


def _met_without(operator: str, values: Any) -> Truth:
    if operator == "null":
        spelled = {str(each).lower() for each in (values if isinstance(values, list) else [values])}
        return Truth.YES if spelled == {"true"} else Truth.NO if spelled == {"false"} else Truth.MAYBE
    found = _OPERATOR.fullmatch(operator)
    if not found:
        return Truth.MAYBE
    if found["of"] == "foranyvalue":
        return Truth.MAYBE if found["ifexists"] else Truth.NO
    is_negated = any(found[f"not{number}"] for number in range(1, 5))
    return Truth.YES if found["of"] or found["ifexists"] or is_negated else Truth.NO
