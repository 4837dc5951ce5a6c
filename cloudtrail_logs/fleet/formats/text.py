"""Evidence for a terminal: a table of the trails, then what is wrong and what to set, and at the end how much it is.

Of many trails, the right ones are only counted, as the CLI does with what is unchanged. What many share is said once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final
from unicodedata import combining, east_asian_width

from ...model.enforcement_level import ADVISORY
from ...model.quoting import enumerated, shown_urn, without_commands
from ..evidence import Evidence, ExemptionRow, Finding, Gone, PolicyAnswer, StackRow, Standing, TrailRow, Unread
from .verdict import is_clear, verdict
from .words import (
    ENDING,
    KNOWN,
    OLDER,
    PROGRAM_TOO,
    UNMATCHED,
    UNREAD,
    caveat,
    command_title,
    counted,
    counts_of,
    exempt_by,
    gone_lists,
    has_commands,
    oldest,
    one_line,
    place_of,
    short_names,
    stack_of,
    word_of,
)

_QUIET: Final = (Standing.RIGHT, Standing.NOTHING_TO_CHECK)
_MOST_RIGHT: Final = 100
"""How many trails that are right have a line each."""
_MOST_NAMES: Final = 5
"""How many trails one line names."""
_NARROWEST: Final = 12
"""Of the columns with the stack and the trail."""
_DISPENSABLE: Final = ("REGION", "ACCOUNT", "UPDATED")
"""The columns that a narrow terminal does not show, the first one first."""
_BLANKS: Final = "  "
_RED, _YELLOW, _GREEN, _MAGENTA, _CYAN, _BOLD, _FAINT = "31;1", "33", "32", "35", "36", "1", "2"
_COLOURS: Final = {
    "wrong": _RED,
    KNOWN: _YELLOW,
    "excepted": _CYAN,
    "exempt": _CYAN,
    "cannot tell": _MAGENTA,
    "right": _GREEN,
}
Paint = Callable[[str, str], str]


def written(evidence: Evidence, width: int, colour: bool) -> str:
    """The text, in lines of this width where words allow it. colour: whether ANSI colours stand in it."""

    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text

    blocks = (
        _table(evidence, width, paint),
        *(_problems(row, width, paint) for row in evidence.rows),
        wrapped(PROGRAM_TOO, width) if has_commands(evidence) else (),
        *_shared(evidence, width, paint),
        *_lists(evidence, width, paint),
        _end(evidence, width, paint),
    )
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block))) + "\n"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(each) else 1 + (east_asian_width(each) in "WF") for each in text)


def wrapped(text: str, width: int, indent: str = "", first: str | None = None) -> Iterator[str]:
    """The lines of a text. A word that is longer than a line stays whole, so that it can be copied."""
    line, empty = (indent if first is None else first), True
    for word in text.split():
        if not empty and columns(line) + 1 + columns(word) > width:
            yield line
            line, empty = indent, True
        line += word if empty else f" {word}"
        empty = False
    yield line


def fitted(text: str, width: int) -> str:
    """A text in so many columns: filled up with blanks, or without its middle."""
    if columns(text) > width:
        tail = width // 3
        text = f"{_start(text, width - tail - 1)}…{_start(text[::-1], tail)[::-1]}"
    return text + " " * (width - columns(text))


def _start(text: str, width: int) -> str:
    """As much of a text as has room."""
    taken = 0
    for at, each in enumerate(text):
        taken += columns(each)
        if taken > width:
            return text[:at]
    return text


def _safe(text: str) -> str:
    return without_commands(one_line(text))


def _name(row: TrailRow | StackRow) -> str:
    return _safe(f"{stack_of(row)} {row.label}" if isinstance(row, TrailRow) else row.stack)


def _table(evidence: Evidence, width: int, paint: Paint) -> Iterator[str]:
    """A line a trail, and what the heads stand for."""
    if not evidence.trails:
        return  # the verdict says so
    names = short_names(evidence.policies)
    quiet = sum(row.standing in _QUIET for row in evidence.trails)
    listed = [row for row in evidence.trails if quiet <= _MOST_RIGHT or row.standing not in _QUIET]
    heads = ["STACK", "TRAIL", "RESULT", *_DISPENSABLE, *(_safe(name).upper() for name in names.values())]
    lines = [_cells(row, names) for row in listed]
    widths = _widths([heads, *lines], width) if listed else []
    words = (2, *range(2 + 1 + len(_DISPENSABLE), len(heads)))
    for line in [heads, *lines] if listed else []:
        codes = [
            _BOLD if line is heads else _COLOURS.get(cell, "") if at in words else "" for at, cell in enumerate(line)
        ]
        cells = zip(line, codes, widths, strict=True)
        shown = [paint(fitted(cell, room), code) for cell, code, room in cells if room]
        yield _BLANKS.join(shown).rstrip()
    if len(listed) < len(evidence.trails):
        more = "more " * bool(listed)
        yield f"{counted(quiet, f'{more}trail')}, not listed here: each is right or has nothing to check."
    if listed and evidence.policies:
        yield ""
        for policy in evidence.policies:
            legend = f"{_safe(names[policy.name]).upper()}: {_safe(policy.name)} ({policy.level})"
            yield from (paint(line, _FAINT) for line in wrapped(legend, width, _BLANKS, ""))
        if any(KNOWN in line for line in lines):
            yield paint(f"{KNOWN}: wrong, and in the baseline, too", _FAINT)


def _cells(row: TrailRow, names: Mapping[str, str]) -> list[str]:
    answers = {answer.policy: word_of(answer) for answer in row.answers}
    words = [answers.get(name, Standing.NOTHING_TO_CHECK.value) for name in names]
    words = ["-" if word == Standing.NOTHING_TO_CHECK.value else word for word in words]
    known = (_safe(text) or "-" for text in (row.region, row.account, row.time[:10]))
    return [_safe(stack_of(row)), _safe(row.label), word_of(*row.answers), *known, *words]


def _widths(lines: Sequence[Sequence[str]], width: int) -> list[int]:
    """The width of each column. Where there is no room, names lose their middle, and then columns are left out (0)."""
    stack, trail, *others = (max(map(columns, cells)) for cells in zip(*lines, strict=True))
    names = list(lines[0][2:])
    for name in _DISPENSABLE:
        room = width - len(_BLANKS) - sum(each + len(_BLANKS) for each in others if each)
        if room >= min(stack, _NARROWEST) + min(trail, _NARROWEST):
            break
        others[names.index(name)] = 0
    room = width - len(_BLANKS) - sum(each + len(_BLANKS) for each in others if each)
    if stack + trail > room:
        half = max(room // 2, _NARROWEST)
        stack, trail = min(stack, max(half, room - trail)), min(trail, max(half, room - stack))
    return [stack, trail, *others]


def _problems(row: TrailRow | StackRow, width: int, paint: Paint) -> Iterator[str]:
    """What is wrong with a trail or a stack, and what to do."""
    wrong = [answer for answer in row.answers if answer.standing is Standing.WRONG]
    if not wrong:
        return
    yield paint(_name(row), _BOLD)
    if isinstance(row, TrailRow):
        where = filter(None, (_safe(row.arn) or shown_urn(row.urn), _safe(place_of(row))))
        yield from (f"{_BLANKS}{each}" for each in where)
    for answer in wrong:
        for finding in answer.findings:
            yield from _problem(answer, finding, width, paint)
    if not isinstance(row, TrailRow):
        return
    if row.to_set:
        yield f"{_BLANKS}Set:"
        yield from (f"{_BLANKS * 2}{_safe(key)}: {_safe(value)}" for key, value in row.to_set.items())
    if row.command:
        # On one line, however long: it is there to be copied.
        yield f"{_BLANKS}{command_title(row.command)}"
        yield f"{_BLANKS * 2}{_safe(row.command)}"


def _problem(answer: PolicyAnswer, finding: Finding, width: int, paint: Paint) -> Iterator[str]:
    level = paint(f"[{answer.level}]", _YELLOW if answer.level == ADVISORY or finding.is_known else _RED)
    known = " (in the baseline)" * finding.is_known
    yield f"{_BLANKS}- {level}  {_safe(answer.policy)}{known}"
    yield from wrapped(f"[{_safe(finding.code)}] {_safe(finding.message)}", width, _BLANKS * 2)


def _shared(evidence: Evidence, width: int, paint: Paint) -> Iterator[Iterator[str]]:
    """What is said of many trails at once: each line with those that it is about."""
    untold, exempt, excepted, elsewhere = (defaultdict[str, list[str]](list) for _ in range(4))
    rows: Sequence[TrailRow | StackRow] = (*evidence.trails, *evidence.stacks)
    for row in rows:
        name = _name(row)
        for answer in row.answers:
            policy = _safe(answer.policy)
            if answer.standing is Standing.CANNOT_TELL:
                untold[f"{policy}: {_safe(answer.why)}"].append(name)
            for each in answer.exempted:
                exempt[f"{policy}: [{_safe(each.finding.code)}] {_safe(exempt_by(each))}"].append(name)
            codes = ", ".join(_safe(finding.code) for finding in answer.findings)
            for exception in answer.exceptions:
                excepted[f"{policy}: [{codes}] by {_safe(exception.id)}: {_safe(exception.reason)}"].append(name)
        for found in row.elsewhere if isinstance(row, TrailRow) else ():
            elsewhere[f"{_safe(found.what)} {_safe(found.name)}, in {_safe(found.stack)}"].append(name)
    yield _listed("Cannot tell", _grouped(untold), width, paint)
    yield _listed("Exempt", _grouped(exempt), width, paint)
    yield _listed("Excepted", _grouped(excepted), width, paint)
    yield _listed("Found in another stack", _grouped(elsewhere), width, paint)


def _grouped(groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for said, names in groups.items():
        yield f"{said} ({enumerated(names[:_MOST_NAMES], 'and', len(names))})"


def _listed(title: str, items: Iterable[str], width: int, paint: Paint) -> Iterator[str]:
    """A title with a line an item; nothing where there is none."""
    found = list(items)
    if found:
        yield paint(f"{title}:", _BOLD)
        for item in found:
            yield from wrapped(item, width, _BLANKS * 2, f"{_BLANKS}- ")


def _lists(evidence: Evidence, width: int, paint: Paint) -> Iterator[Iterator[str]]:
    remarks = (
        *evidence.remarks,
        *(f"{stack.stack}: {remark}" for stack in evidence.stacks for remark in stack.remarks),
    )
    lists = {
        **{title: list(map(_gone, gone)) for title, gone in gone_lists(evidence).items()},
        ENDING: list(map(_exemption, evidence.ending)),
        UNMATCHED: list(map(_exemption, evidence.unmatched)),
        UNREAD: list(map(_unread, evidence.unread)),
        OLDER: list(map(_unread, evidence.older)),
        "Mistakes in the configuration": list(map(_safe, evidence.mistakes)),
        "Remarks": list(map(_safe, remarks)),
    }
    return (_listed(f"{title} ({len(items):,})", items, width, paint) for title, items in lists.items())


def _gone(gone: Gone) -> str:
    return f"{_safe(f'{gone.stack} {gone.trail}')}: {_safe(gone.policy)} [{_safe(gone.code)}]"


def _unread(unread: Unread) -> str:
    return f"{_safe(unread.state)}: {_safe(unread.reason)}"


def _exemption(row: ExemptionRow) -> str:
    where = f" in {_safe(row.project)}/{_safe(row.stack)}" if (row.project, row.stack) != ("*", "*") else ""
    codes = f" [{_safe(', '.join(row.codes))}]" if row.codes else ""
    until = f", until {_safe(row.until)}" if row.until else ""
    return f"{_safe(row.trail)}{where}, from {_safe(row.policy)}{codes}{until}: {_safe(row.reason)}"


def _end(evidence: Evidence, width: int, paint: Paint) -> Iterator[str]:
    """What a reader sees first: the verdict, how much there is, and of what."""
    colour = _RED if evidence.fails else _GREEN if is_clear(evidence) else _YELLOW
    yield from (paint(line, colour) for line in wrapped(verdict(evidence), width))
    counts = {word: count for word, count in counts_of(evidence.trails).items() if count}
    standings = ", ".join(paint(f"{count:,} {word}", _COLOURS.get(word, "")) for word, count in counts.items())
    yield f"{paint('Trails:', _BOLD)} {len(evidence.trails):,}" + f" ({standings})" * bool(counts)
    without = sum(not stack.trails for stack in evidence.stacks)
    unread = f"; {counted(len(evidence.unread), 'source')} could not be read" if evidence.unread else ""
    yield f"{paint('Stacks:', _BOLD)} {len(evidence.stacks):,} ({without:,} without a trail{unread})"
    if when := oldest(evidence):
        yield f"{paint('Oldest state:', _BOLD)} {_safe(when)}"
    yield ""
    yield from wrapped(_safe(caveat(evidence)), width)
    of = f"{_safe(evidence.configuration)} {_safe(evidence.digest)}" if evidence.configuration else "none"
    baseline = f", baseline {_safe(evidence.baseline)}" if evidence.baseline else ""
    head = f"{_safe(evidence.pack)} {_safe(evidence.version)}, {_safe(evidence.made)}, configuration {of}{baseline}"
    yield from wrapped(f"{head}.", width)
    if evidence.frameworks:
        number = counted(len(evidence.frameworks), "compliance framework")
        yield from wrapped(f"The control is part of {number}.", width)
