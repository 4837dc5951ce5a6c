"""The verdict of an audit or a preview, which decides the exit status: what has problems, and what of that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...model.enforcement_level import MANDATORY
from ..evidence import Evidence, StackRow, Standing, TrailRow, weightiest


def counts(row: TrailRow | StackRow) -> bool:
    """Whether a problem of it is neither covered nor in the baseline."""
    return any(answer.counts for answer in row.answers)


def is_mandatory(row: TrailRow | StackRow) -> bool:
    """Whether such a problem is mandatory."""
    return any(answer.counts and answer.level == MANDATORY for answer in row.answers)


def is_clear(evidence: Evidence) -> bool:
    """Whether there is nothing to look at."""
    return not (evidence.unread or evidence.mistakes or any(map(counts, evidence.rows)))


def verdict(evidence: Evidence) -> str:
    """How many trails have problems, and how many stacks lack their trail: whole sentences."""
    trails, stacks = _counted(evidence.trails), _counted(evidence.stacks)
    has_baseline = bool(evidence.baseline)
    said = []
    if trails.wrong:
        said.append(f"{_subject(evidence, trails.wrong)} {_of_trails(trails, has_baseline)}.")
    elif not (evidence.of_preview and stacks.wrong):
        said.append(_nothing(evidence))
    if stacks.wrong:
        said.append(f"{_of_stacks(stacks, has_baseline)}.")
    if evidence.misconfigured:
        said.append("The configuration of a mandatory policy has mistakes.")
    return " ".join(said)


@dataclass(frozen=True)
class _Count:
    wrong: int
    new: int
    """Of the wrong ones, those with a problem that counts."""
    mandatory: int
    """Of these, those with a mandatory one."""


def _counted(rows: Sequence[TrailRow | StackRow]) -> _Count:
    wrong = [row for row in rows if weightiest(row.answers) is Standing.WRONG]
    return _Count(len(wrong), sum(map(counts, wrong)), sum(map(is_mandatory, wrong)))


def _nothing(evidence: Evidence) -> str:
    said = "No trail has a problem" if evidence.trails else "There is no trail"
    said = "No problem is reported" if evidence.of_preview else said
    told = all(answer.standing is not Standing.CANNOT_TELL for row in evidence.rows for answer in row.answers)
    return f"{said}." if told and not evidence.unread else f"{said}, but not everything could be checked."


def _subject(evidence: Evidence, wrong: int) -> str:
    """Which trails. A preview does not say how many there are."""
    total = len(evidence.trails)
    if evidence.of_preview:
        return f"{wrong:,} trail{'' if wrong == 1 else 's'}"
    return "The only trail" if total == 1 else f"{wrong:,} of {total:,} trails"


def _of_trails(trails: _Count, has_baseline: bool) -> str:
    if trails.wrong > 1:
        return f"have problems, {_of_many(trails, has_baseline)}"
    if not trails.new:
        return "has problems, none of them new"
    new = "new " * has_baseline
    return f"has a {new}mandatory problem" if trails.mandatory else f"has {new}problems, none of them mandatory"


def _of_stacks(stacks: _Count, has_baseline: bool) -> str:
    if stacks.wrong > 1:
        return f"{stacks.wrong:,} stacks lack their trails, {_of_many(stacks, has_baseline)}"
    return f"1 stack lacks its trail, which is {_of_one(stacks, has_baseline)}"


def _of_one(count: _Count, has_baseline: bool) -> str:
    if not count.new:
        return "not new"
    if not has_baseline:
        return "mandatory" if count.mandatory else "not mandatory"
    return "new and mandatory" if count.mandatory else "new, but not mandatory"


def _of_many(count: _Count, has_baseline: bool) -> str:
    mandatory = f"{count.mandatory:,}" if count.mandatory else "none"
    if not has_baseline:
        return f"{mandatory} of them mandatory"
    if count.new > 1:
        return f"{count.new:,} of them new, {mandatory} of those mandatory"
    return f"1 of them {_of_one(count, True)}" if count.new else "none of them new"
