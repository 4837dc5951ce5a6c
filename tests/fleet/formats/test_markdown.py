"""Markdown: the text of the sample, what no name may do in it, and its length."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cloudtrail_logs.fleet.evidence import (
    Evidence,
    Excepted,
    Exempted,
    ExemptionRow,
    Finding,
    Gone,
    Place,
    PolicyAnswer,
    StackRow,
    Standing,
    TrailRow,
    Unread,
)
from cloudtrail_logs.fleet.formats.markdown import MOST_CHARACTERS, written
from tests.fleet.sample import EMPTY, EVIDENCE, HOSTILE_EVIDENCE, INTEGRATED, TRAILS, trail

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# The markup that the format sets itself.
OWN_MARKUP = {"heading_open", "paragraph_open", "bullet_list_open", "list_item_open", "strong_open", "html_block"}
OWN_HTML = re.compile(r"<details><summary>[A-Za-z ,0-9]+ \(\d+\)</summary>|</details>")
OWN_TITLE = re.compile(r"\*\*[A-Za-z ]+ \(\d+\)\*\*")
# What GitHub makes a link or a notification of where it is not code.
ACTS_IN_TEXT = re.compile(r"https?://|www\.|(?<![\w@])@\w|\w@\w|#\d|GH-\d", re.IGNORECASE)
HEADING = "### {} CloudTrail trails with CloudWatch Logs: {}\n"

SAMPLE = """\
### ❌ CloudTrail trails with CloudWatch Logs: 4 wrong, 1 excepted, 1 right, 1 stack wrong

**Wrong (4)**

- Trail "audit" of payments/prod (`infra/__main__.py:17`)
  - mandatory: [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
  - Set `cloudWatchLogsGroupArn` to `<the ARN of a log group, ending in :*>`
  - Set `cloudWatchLogsRoleArn` to `<the ARN of a role that cloudtrail.amazonaws.com may assume>`
  - Or at once: `aws cloudtrail update-trail --region eu-central-1 --name arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4 --cloud-watch-logs-log-group-arn '<LOG GROUP ARN>' --cloud-watch-logs-role-arn '<ROLE ARN>'`
- Trail "Platform/AuditTrail" of old/infra
  - mandatory: [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
- Trail "clicked-together" of AWS account 123456789012, in no stack
  - mandatory: [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
- Stack landing/zone
  - advisory: [no-trail] Stack "landing/zone" declares no CloudTrail trail, but must have one.

**Could not be read (1)**

- states/broken.json: It is not JSON: line 3, column 7.

**Mistakes in the configuration (1)**

- cloudtrail-log-group-and-role-exist: externalTarget is not a property of this policy (did you mean externalTargets?).

<details><summary>In the baseline (1)</summary>

- Trail "audit" of payments/dev: [log-group-arn-without-wildcard] cloudWatchLogsGroupArn is arn:aws:logs:eu-central-1:123456789012:log-group:audit, without the :* at its end that CloudTrail requires, so AWS will refuse the trail. Append :* to it.

</details>

<details><summary>Exempt or excepted (3)</summary>

- Trail "vendor-audit" of vendor/prod: exempt from not-integrated until 2026-12-20: The vendor reads the bucket. SEC-1204
- Trail "vendor-audit" of vendor/prod: exempt from role-missing: For ever
- Trail "vendor-audit" of vendor/prod: log-group-not-in-stack excepted by EXC-1: Accepted until the migration

</details>

<details><summary>Cannot tell (1)</summary>

- Trail "audit" of payments/dev: cloudtrail-role-can-deliver: waits on cloudWatchLogsRoleArn

</details>

<details><summary>No longer wrong since the baseline (1)</summary>

- "old-audit" of payments/prod: cloudtrail-cloudwatch-logs-integrated [role-missing]

</details>

<details><summary>Exemptions that end within 30 days, or have ended (1)</summary>

- Trail "`vendor-*`" of `*/*` from cloudtrail-cloudwatch-logs-integrated until 2026-12-20: The vendor reads the bucket. SEC-1204

</details>

<details><summary>Exemptions that are about no trail here (1)</summary>

- Trail "`legacy-*`" of `payments/*` from cloudtrail-cloudwatch-logs-integrated: Gone since spring

</details>

<details><summary>Remarks (2)</summary>

- 2 stacks are in two files; the newer one was read.
- AWS makes the trails of a landing zone, and the stack does not show them.

</details>

cloudtrail-cloudwatch-logs 0.5.0, 2026-11-29T04:31:00Z. It is what Pulumi recorded, and the trails that AWS lists in 123456789012.
"""


def test_the_text_of_the_sample() -> None:
    assert written(EVIDENCE) == SAMPLE


def alone(*answers: PolicyAnswer) -> Evidence:
    return replace(EMPTY, trails=(trail("a/b", "t", *answers),))


def answer(standing: Standing, level: str = "mandatory", is_known: bool = False) -> PolicyAnswer:
    wrong = standing in (Standing.WRONG, Standing.EXCEPTED)
    return PolicyAnswer(INTEGRATED, standing, level, (Finding("role-missing", "Set it.", is_known),) * wrong)


@pytest.mark.parametrize(
    ("evidence", "heading"),
    [
        (EMPTY, HEADING.format("✅", "no trails")),
        (replace(EMPTY, of_preview=True), HEADING.format("✅", "no problem reported")),
        (alone(answer(Standing.RIGHT)), HEADING.format("✅", "1 right")),
        (alone(answer(Standing.WRONG)), HEADING.format("❌", "1 wrong")),
        (alone(answer(Standing.WRONG, "advisory")), HEADING.format("⚠️", "1 wrong")),
        (alone(answer(Standing.WRONG, is_known=True)), HEADING.format("✅", "1 wrong")),
        (alone(answer(Standing.EXCEPTED)), HEADING.format("✅", "1 excepted")),
        (alone(answer(Standing.CANNOT_TELL)), HEADING.format("✅", "1 cannot tell")),
        (replace(alone(answer(Standing.RIGHT)), unread=(Unread("a.json", "It is empty."),)), HEADING.format("⚠️", "1 right")),
        (replace(alone(answer(Standing.RIGHT)), mistakes=(f"{INTEGRATED}: It is wrong.",)), HEADING.format("⚠️", "1 right")),
    ],
)  # fmt: skip
def test_the_heading_says_it_all(evidence: Evidence, heading: str) -> None:
    assert written(evidence).startswith(heading)


def test_what_is_mandatory_comes_first() -> None:
    rows = [
        trail("a/b", "first", answer(Standing.WRONG, "advisory")),
        trail("a/b", "second", answer(Standing.WRONG, "advisory"), answer(Standing.WRONG)),
    ]
    lines = written(replace(EMPTY, trails=tuple(rows))).splitlines()
    assert lines[4:9] == [
        '- Trail "second" of a/b',
        "  - mandatory: [role-missing] Set it.",
        "  - advisory: [role-missing] Set it.",
        '- Trail "first" of a/b',
        "  - advisory: [role-missing] Set it.",
    ]


# --- what no text may do


def tokens(text: str) -> Iterator[Token]:
    for token in GITHUB.parse(text):
        yield token
        yield from token.children or []


def markup(text: str) -> set[str]:
    harmless = {"inline", "text", "code_inline", "softbreak"}
    return {each.type for each in tokens(text) if not each.type.endswith("_close")} - harmless


def harm_in(text: str) -> list[str]:
    """What of it is markup, an address or a mention that the format does not set itself."""
    found = sorted(markup(text) - OWN_MARKUP)
    for token in tokens(text):
        if token.type == "html_block" and not OWN_HTML.fullmatch(token.content.strip()):
            found.append(token.content)
        if token.type == "text" and ACTS_IN_TEXT.search(token.content):
            found.append(token.content)
        strong = any(child.type == "strong_open" for child in token.children or [])
        if strong and not OWN_TITLE.fullmatch(token.content):
            found.append("strong")
    return found


HOSTILE = (
    "@octocat",
    "a@example.com",
    "https://evil.example",
    "www.evil.example",
    "#12",
    "GH-12",
    "[click](https://evil.example)",
    "[a]: /evil",
    "[a][b]",
    "![a](b)",
    "# heading",
    "- item",
    "1. item",
    "1) item",
    "> quotation",
    "***",
    "___",
    "===",
    "```",
    "~~~",
    "a | b",
    "|---|---|",
    "<b>",
    "</details>",
    "<!--",
    "&lt;",
    "a*b",
    "c*d",
    "_a",
    "b_",
    "~~a~~",
    "$a$",
    "a\n# b",
    "a\r\n\r\n<b>",
    "\x1b[31m",
    "- [ ] task",
    "\ttab",
    "    code",
)


def with_text(text: str) -> Evidence:
    """Everything in it that may be any text is this one."""
    found = Finding("role-missing", text)
    answers = (
        PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", (found, replace(found, is_known=True)), (Exempted(found, text, text, text),)),
        PolicyAnswer(INTEGRATED, Standing.EXCEPTED, "advisory", (found,), exceptions=(Excepted(text, text),)),
        PolicyAnswer(INTEGRATED, Standing.CANNOT_TELL, "advisory", why=text),
    )  # fmt: skip
    row = TrailRow(text, text, text, text, place=Place(text), answers=answers, to_set={text: text}, command=text)
    exemption = ExemptionRow(INTEGRATED, text, text, text, text, text)
    return Evidence(
        made=text,
        pack="pack",
        version=text,
        mistakes=(text,),
        trails=(row, replace(row, stack="", account=text)),
        stacks=(StackRow(text, text, text, answers=answers, remarks=(text,)),),
        unread=(Unread(text, text),),
        unmatched=(exemption,),
        ending=(exemption,),
        asked=(text,),
        remarks=(text,),
        gone=(Gone(text, text, text, text), Gone(text, "", text, text)),
    )


def test_harm_is_seen() -> None:
    seen = {"@octocat", "a@example.com", "https://evil.example", "www.evil.example", "#12", "GH-12", "<b>", "~~a~~"}
    seen |= {
        "[click](https://evil.example)",
        "![a](b)",
        "1. item",
        "1) item",
        "> quotation",
        "***",
        "___",
        "```",
        "~~~",
    }
    seen |= {"<!--", "a\r\n\r\n<b>", "\ttab", "    code"}
    assert {text for text in HOSTILE if harm_in(text)} == seen
    assert harm_in("<details><summary>Remarks (2)</summary>\n\n- <b>a</b>") == ["html_inline"]
    assert harm_in("- a **b**") == ["strong"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_acts(text: str) -> None:
    given = written(with_text(text))
    assert harm_in(given) == []
    assert shape(given) == shape(written(with_text("plain")))


def shape(text: str) -> list[str]:
    """All of the structure, but which words are code."""
    return [each.type for each in GITHUB.parse(text)]


def test_the_hostile_evidence_does_not_act() -> None:
    given = written(HOSTILE_EVIDENCE)
    assert harm_in(given) == []
    assert all(each.isprintable() or each == "\n" for each in given)


def test_names_of_one_line_make_no_markup_together() -> None:
    answers = (PolicyAnswer(INTEGRATED, Standing.CANNOT_TELL, "advisory", why="c*d"),)
    given = written(replace(EMPTY, trails=(trail("a/b", "a*b", *answers),)))
    assert '- Trail "`a*b`" of a/b: cloudtrail-cloudwatch-logs-integrated: `c*d`' in given.splitlines()


# --- its length


def test_it_says_how_many_are_left_out() -> None:
    row = trail("a/b", "t", answer(Standing.WRONG))
    whole = written(replace(EVIDENCE, trails=(row,) * 700))
    assert len(whole) < MOST_CHARACTERS
    assert "left out" not in whole
    text = written(replace(EVIDENCE, trails=(row,) * 5_000))
    assert MOST_CHARACTERS - 4_000 < len(text) <= MOST_CHARACTERS == 60_000
    assert text.startswith(HEADING.format("❌", "5000 wrong, 1 stack wrong"))
    listed = text.count('- Trail "t"')
    assert f"- {5_001 - listed} more are left out here." in text.splitlines()
    # What comes later is still counted.
    assert "**Could not be read (1)**\n\n- 1 more is left out here.\n" in text
    assert text.endswith("and the trails that AWS lists in 123456789012.\n")


def test_a_long_text_is_shortened() -> None:
    found = (Finding("role-missing", "x" * 200_000),)
    row = trail("a/b", "t", PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", found))
    text = written(replace(EVIDENCE, trails=(row, TRAILS[0]), asked=("x" * 200_000,)))
    assert len(text) < 20_000
    assert "left out" not in text


def test_the_same_evidence_gives_the_same_text() -> None:
    assert written(EVIDENCE) == written(EVIDENCE)
