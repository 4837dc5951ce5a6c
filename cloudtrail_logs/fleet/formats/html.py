"""Evidence as one page for a browser and for paper, with nothing from elsewhere.

html.css and html.js beside it become parts of the page. Without the script it is complete, but cannot be sorted.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final

from ...control import CONTROL_ID, CONTROL_PUBLISHER, CONTROL_TITLE
from ..evidence import (
    Evidence,
    Exempted,
    ExemptionRow,
    Finding,
    Gone,
    PolicyAnswer,
    PolicyInForce,
    StackRow,
    Standing,
    TrailRow,
    Unread,
)
from .verdict import verdict
from .words import (
    ENDING,
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

STYLE: Final = Path(__file__).with_suffix(".css")
SCRIPT: Final = Path(__file__).with_suffix(".js")

_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z")
_CODE: Final = re.compile(r"`([^`]+)`")
_COLUMNS: Final = "".join(
    f'<col class="c-{name}">' for name in ("trail", "stack", "region", "account", "time", "standing")
)
_NOT_ASKED: Final = "-"
"""The answer of a policy that says nothing of a trail."""
_MANY: Final = 500
"""A browser lays out more trails only as they are seen. Until then, a screen reader may not know them."""
_LONG: Final = 3
"""With more problems than this a trail may be divided between two sheets of paper."""


def written(evidence: Evidence) -> str:
    """The page."""
    style, script = (path.read_text(encoding="utf-8") for path in (STYLE, SCRIPT))
    only = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    title = f"{'Preview' if evidence.of_preview else 'Audit'}: CloudTrail trails are integrated with CloudWatch Logs"
    parts = (
        f"<header>\n<h1>{title}</h1>",
        *_head(evidence),
        "</header>\n<main>",
        *_trails(evidence),
        *_stacks(evidence.stacks),
        *_lists(evidence),
        *_policies(evidence.policies),
        "</main>",
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{only}; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + f"\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _text(text: str) -> str:
    return escape(one_line(text))


def _time(time: str) -> str:
    """A time in UTC as people read it, and any other as it is."""
    return _text(_TIME.sub(r"\1 \2", time))


def _class(word: str) -> str:
    return word.replace(" ", "-")


def _facts(facts: Iterable[tuple[str, str]], kind: str = "") -> str:
    """Names and values, those without a value left out. The values are HTML already."""
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    return f"<dl{kind}>{rows}</dl>" if rows else ""


def _list(items: Iterable[str], kind: str = "") -> str:
    return f"<ul{kind}>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _fold(summary: str, content: str, kind: str = "") -> str:
    return f"<details><summary{kind}>{summary}</summary>{content}</details>"


def _head(evidence: Evidence) -> Iterable[str]:
    """What this is, and how much there is of it."""
    configuration = _text(evidence.configuration) or "none: the policies have their defaults"
    digest = f"<br><code>{_text(evidence.digest)}</code>" if evidence.digest else ""
    yield _facts(
        (
            ("Created", f"{_time(evidence.made)} UTC"),
            ("Policy pack", f"{_text(evidence.pack)} {_text(evidence.version)}"),
            ("Configuration", configuration + digest),
            ("Control", escape(f"{CONTROL_PUBLISHER} {CONTROL_ID}: {CONTROL_TITLE}")),
            ("Baseline", _text(evidence.baseline)),
            ("Oldest state", _text(oldest(evidence))),
        )
    )
    yield f'<p class="caveat">{_text(caveat(evidence))}</p>'
    if evidence.mistakes:
        mistakes = _list(map(_text, evidence.mistakes))
        yield f'<div class="caveat mistakes"><b>The configuration has mistakes.</b>{mistakes}</div>'
    yield f'<p class="verdict">{verdict(evidence)}</p>'
    yield _totals(evidence)
    remarks = (*evidence.remarks, *(f"{row.stack}: {remark}" for row in evidence.stacks for remark in row.remarks))
    if remarks:
        yield _list(map(_text, remarks))
    if evidence.frameworks:
        frameworks = _list(map(_text, evidence.frameworks), ' class="frameworks"')
        yield _fold(f"The control is part of {counted(len(evidence.frameworks), 'compliance framework')}", frameworks)


def _totals(evidence: Evidence) -> str:
    counts = counts_of(evidence.trails)
    unread = len(evidence.unread)
    tiles = [
        ("trails", len(evidence.trails), ""),
        *((word, count, _class(word)) for word, count in counts.items()),
        ("stacks", len(evidence.stacks), ""),
        ("stacks without a trail", sum(not row.trails for row in evidence.stacks), ""),
        ("sources not read", unread, "wrong" if unread else ""),
    ]
    shown = "".join(f'<div><dt>{name}</dt><dd class="{kind}">{count:,}</dd></div>' for name, count, kind in tiles)
    return f'<dl class="totals">{shown}</dl>'


def _trails(evidence: Evidence) -> Iterable[str]:
    """A row a trail, which can be sorted and filtered where scripts run."""
    yield "<section>\n<h2>Trails</h2>"
    if not evidence.trails:
        yield "<p>There is no trail.</p>\n</section>"
        return
    policies = short_names(evidence.policies)
    options = "".join(
        f'<option value="{_class(word)}">{word} ({count:,})</option>'
        for word, count in counts_of(evidence.trails).items()
    )
    yield (
        '<div class="controls" id="controls" role="search" hidden>'
        f'<label>Result <select id="standing"><option value="">any</option>{options}</select></label>'
        '<label>Text <input type="search" id="search" autocomplete="off"></label>'
        '<button type="button" id="fold">Open or close all problems</button></div>\n<p id="shown" role="status"></p>'
    )
    many = ' class="many"' * (len(evidence.trails) > _MANY)
    heads = ("Trail", "Stack", "Region", "Account", "Last update (UTC)", "Result", *map(_text, policies.values()))
    yield (
        f'<table id="trails"{many}>\n<colgroup>{_COLUMNS}'
        + "<col>" * len(policies)
        + "</colgroup>\n<thead><tr>"
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + "</tr></thead>"
    )
    for row in evidence.trails:
        yield _trail(row, policies)
    yield "</table>"
    if has_commands(evidence):
        yield f"<p>{PROGRAM_TOO}</p>"
    yield "</section>"


def _trail(row: TrailRow, policies: Mapping[str, str]) -> str:
    """The row of a trail, and one more below it where there is something to say or to do."""
    word, answers = word_of(*row.answers), {answer.policy: answer for answer in row.answers}
    words = (word, *(word_of(answers[name]) if name in answers else _NOT_ASKED for name in policies))
    cells = (_breakable(stack_of(row)), _text(row.region), _text(row.account), _time(row.time))
    long = sum(len(answer.findings) + len(answer.exempted) for answer in row.answers) > _LONG
    columns = len(cells) + len(words) + 1
    # The fold of the name opens the row below it, which is as wide as the table.
    known = (
        f'<tr class="known-as"><td colspan="{columns}">{known}</td></tr>' if (known := _known_as(row, policies)) else ""
    )
    return (
        f'<tbody class="{_class(word)}{" long" * long}"><tr><th scope="row">{_name(row)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "".join(f'<td class="{_class(each)}">{each}</td>' for each in words)
        + f"</tr>{known}{_more(row, columns)}</tbody>"
    )


def _name(row: TrailRow) -> str:
    """Its name in the program, and in AWS where that is another one."""
    in_aws = f"<small>{_text(row.aws_name)}</small>" if row.aws_name not in ("", row.label) else ""
    return _fold(_text(row.label), "") + in_aws


def _breakable(text: str) -> str:
    """A text that goes to the next line after a slash or a hyphen, and not in a word."""
    return re.sub(r"([/-])(?=.)", r"\1<wbr>", _text(text))


def _known_as(row: TrailRow, policies: Mapping[str, str]) -> str:
    """What the trail is called elsewhere, and where it comes from."""
    return _facts(
        (
            ("ARN", _text(row.arn)),
            ("Name in AWS", "" if row.arn.endswith(f"/{row.aws_name}") else _text(row.aws_name)),
            ("URN", _text(row.urn)),
            ("Program", _text(place_of(row))),
            ("State", _text(", ".join(filter(None, (row.state, row.time))))),
            *(
                (_text(each.what), f"{_text(each.name)}, in {_text(each.stack)} as {_text(each.urn)}")
                for each in row.elsewhere
            ),
            *(
                (_text(policies.get(each.policy, each.policy)), f"nothing to check: {_text(each.why)}")
                for each in row.answers
                if each.standing is Standing.NOTHING_TO_CHECK and each.why
            ),
        )
    )


def _more(row: TrailRow, columns: int) -> str:
    """The second row of a trail; nothing where all is said in the first."""
    content = "".join(map(_answer, row.answers))
    if row.to_set:
        values = _facts(
            (f"<code>{_text(key)}</code>", f"<code>{_text(value)}</code>") for key, value in row.to_set.items()
        )
        content += f"<h3>What to set</h3>{values}"
    if row.command:
        content += f"<h3>{command_title(row.command)[:-1]}</h3>"
        content += f'<code class="command" tabindex="0">{_text(row.command)}</code>'
    if not content:
        return ""
    summary = _fold(_summary(row.answers, bool(row.to_set)), content)
    return f'<tr class="more"><td colspan="{columns}">{summary}</td></tr>'


def _summary(answers: Sequence[PolicyAnswer], to_set: bool = False) -> str:
    """What a fold about them holds."""
    parts = []
    for answer in answers:
        reported = ", ".join(_text(finding.code) for finding in answer.findings)
        if reported:
            parts.append(reported if answer.standing is Standing.WRONG else f"{answer.standing.value}: {reported}")
        if answer.exempted:
            parts.append(f"exempt: {', '.join(_text(each.finding.code) for each in answer.exempted)}")
        if answer.standing is Standing.CANNOT_TELL:
            parts.append(f"cannot tell: {_text(answer.why)}")
    return " · ".join((*dict.fromkeys(parts), *(["what to set"] if to_set else [])))


def _answer(answer: PolicyAnswer) -> str:
    """All that a policy says, but for what is right or has nothing to check."""
    if answer.standing in (Standing.RIGHT, Standing.NOTHING_TO_CHECK) and not answer.exempted:
        return ""
    said = [f'<h3>{_text(answer.policy)} <span class="muted">({_text(answer.level)})</span></h3>']
    if answer.standing is Standing.CANNOT_TELL:
        said.append(f"<p>Cannot tell: {_text(answer.why)}.</p>")
    said += map(_finding, answer.findings)
    said += (f"<p>Excepted by {_text(each.id)}: {_text(each.reason)}</p>" for each in answer.exceptions)
    said += map(_exempted, answer.exempted)
    return "".join(said)


def _finding(finding: Finding) -> str:
    known = " <strong>In the baseline.</strong>" if finding.is_known else ""
    return f"<p><code>[{_text(finding.code)}]</code> {_text(finding.message)}{known}</p>"


def _exempted(exempted: Exempted) -> str:
    return f"<p>{_text(exempt_by(exempted)).replace('e', 'E', 1)}</p>{_finding(exempted.finding)}"


def _section(title: str, items: Sequence[str], folded: bool = False) -> Iterable[str]:
    """A list with a heading; nothing where it is empty."""
    if items:
        listed = _list(items)
        content = _fold(f"All {counted(len(items), 'row')}", listed) if folded and len(items) > 1 else listed
        yield f"<section>\n<h2>{title} ({len(items):,})</h2>\n{content}\n</section>"


def _stacks(stacks: Sequence[StackRow]) -> Iterable[str]:
    """The stacks that must have a trail, and all others without one."""
    answered = [
        f"<b>{_text(row.stack)}</b> <small>{_text(row.state)} {_time(row.time)}</small>"
        + "".join(map(_answer, row.answers))
        for row in stacks
        if any(answer.findings or answer.exempted for answer in row.answers)
    ]
    yield from _section("Stacks that must have a trail and have none", answered)
    none = [
        f"{_text(row.stack)} <small>{counted(row.resources, 'resource')}, {_text(row.state)} {_time(row.time)}</small>"
        for row in stacks
        if not row.trails
    ]
    yield from _section("Stacks without a trail", none, folded=True)


def _lists(evidence: Evidence) -> Iterable[str]:
    """What else a reader must look at."""
    yield from _section(UNREAD, [*map(_unread, evidence.unread)])
    yield from _section(OLDER, [*map(_unread, evidence.older)])
    yield from _section(ENDING, [*map(_exemption, evidence.ending)])
    yield from _section(UNMATCHED, [*map(_exemption, evidence.unmatched)])
    for title, gone in gone_lists(evidence).items():
        yield from _section(title, [*map(_gone, gone)])


def _unread(unread: Unread) -> str:
    return f"<code>{_text(unread.state)}</code>: {_text(unread.reason)}"


def _gone(gone: Gone) -> str:
    where = f"{gone.stack} {gone.trail}"
    return f"<strong>{_text(where)}</strong>: {_text(gone.policy)} <code>[{_text(gone.code)}]</code>"


def _exemption(row: ExemptionRow) -> str:
    where = (
        f", stack <code>{_text(row.project)}/{_text(row.stack)}</code>"
        if (row.project, row.stack) != ("*", "*")
        else ""
    )
    codes = f", only <code>{_text(', '.join(row.codes))}</code>" if row.codes else ""
    until = f", until {_text(row.until)}" if row.until else ""
    return f"<code>{_text(row.trail)}</code>{where}, from {_text(row.policy)}{codes}{until}: {_text(row.reason)}"


def _policies(policies: Sequence[PolicyInForce]) -> Iterable[str]:
    """What each column is about."""
    if policies:
        names = short_names(policies)
        yield "<section>\n<h2>Policies</h2>"
        for policy in policies:
            codes = _facts((f"<code>{_text(code)}</code>", _code_spans(said)) for code, said in policy.codes.items())
            yield (
                f"<h3>{_text(names[policy.name])}: {_text(policy.name)} "
                f'<span class="muted">({_text(policy.level)})</span></h3>\n<p>{_text(policy.description)} '
                f'<a href="{escape(policy.url)}" rel="noreferrer">The documentation of AWS</a></p>\n'
                f"<p>{_text(policy.remediation)}</p>\n{_fold('What it may report', codes) if codes else ''}"
            )
        yield "</section>"


def _code_spans(markdown: str) -> str:
    return _CODE.sub(r"<code>\1</code>", _text(markdown))
