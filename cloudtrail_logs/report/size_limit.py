"""Keeps the reports of one stack policy within their size: the engine refuses an answer of more than 4 MB.

All stack policies of the pack share one answer (Pulumi engine, gRPC's default message limit), so each keeps below 1 MB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ..model.verdict import Verdict

_BUDGET: Final = 1_000_000
_LARGEST: Final = 50_000  # of one report: a name of a megabyte must not take the room of all others
_OVERHEAD: Final = 1_000  # of one diagnostic beside its message and URN: names, versions, the description twice


@dataclass(frozen=True)
class Report:
    """One report. urn: of the resource it is about; None where it is about the stack."""

    message: str
    urn: str | None


def within_budget(verdicts: Iterable[tuple[str | None, Verdict]]) -> Iterator[Report]:
    """The reports of the trails that are wrong, and one that sums up those for which there is no room.

    verdicts: each with the URN of its trail; of its stack, or None, where it is about that.
    """
    left = _BUDGET
    unlisted = 0
    codes: Counter[str] = Counter()
    for urn, verdict in verdicts:
        if not verdict.problems:
            continue
        message = verdict.message
        cost = len(message.encode(errors="replace")) + len((urn or "").encode(errors="replace")) + _OVERHEAD
        if cost <= min(left, _LARGEST):
            left -= cost
            yield Report(message, urn)
        else:
            unlisted += 1
            codes.update({problem.code.value for problem in verdict.problems})
    if unlisted:
        counts = ", ".join(f"[{code}] {count}" for code, count in sorted(codes.items()))
        more = "1 more trail has" if unlisted == 1 else f"{unlisted} more trails have"
        yield Report(
            f"{more} problems for which there is no room here: {counts}. Fix the trails above and run again.",
            None,
        )
