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
from cloudtrail_logs.fleet.formats.verdict import verdict
from tests.fleet.sample import EMPTY, EVIDENCE, EXIST, HOSTILE_EVIDENCE, INTEGRATED, TRAILS, trail

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# The markup that the format sets itself.
OWN_MARKUP = {"heading_open", "paragraph_open", "bullet_list_open", "list_item_open", "strong_open", "html_block"}
COUNT = r"\((\d+|\d+ trails?, \d+ problems?|\d+ problems?)\)"
OWN_HTML = re.compile(rf"<details><summary>[A-Za-z ,0-9]+ {COUNT}</summary>|</details>")
OWN_TITLE = re.compile(rf"\*\*[A-Za-z ,]+ {COUNT}\*\*")
# What GitHub makes a link or a notification of where it is not code.
ACTS_IN_TEXT = re.compile(r"https?://|www\.|(?<![\w@])@\w|\w@\w|#\d|GH-\d", re.IGNORECASE)
HEADING = "### {} CloudTrail trails with CloudWatch Logs: {}\n"

SAMPLE = """\
### ❌ CloudTrail trails with CloudWatch Logs: 4 of 6 trails have problems, 3 of them new, 3 of those mandatory. 1 stack lacks its trail, which is new, but not mandatory.

6 trails: 3 wrong, 1 known, 1 excepted, 1 right. 7 stacks, 2 without a trail.

**Wrong, and not in the baseline (3 trails, 3 problems)**

- Trail "audit" of payments/prod (`infra/__main__.py:17`)
  - mandatory: integrated [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
  - Set `cloudWatchLogsGroupArn` to `<the ARN of a log group in eu-central-1, ending in :*>`
  - Set `cloudWatchLogsRoleArn` to `<the ARN of a role that cloudtrail.amazonaws.com may assume>`
  - In AWS, with the values filled in: `aws cloudtrail update-trail --region eu-central-1 --name arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4 --cloud-watch-logs-log-group-arn '<LOG GROUP ARN>' --cloud-watch-logs-role-arn '<ROLE ARN>'`
- Trail "Platform/AuditTrail" of old/infra
  - mandatory: integrated [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
- Trail "clicked-together" of AWS account 123456789012, in no stack
  - mandatory: integrated [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.

A command changes only AWS. Change the program as well, or the next pulumi up undoes it.

**Stacks without their trail (1)**

- Stack landing/zone
  - advisory: exist [no-trail] Stack "landing/zone" declares no CloudTrail trail, but must have one.

**Could not be read (1)**

- states/broken.json: It is not JSON: line 3, column 7.

**Mistakes in the configuration (1)**

- cloudtrail-log-group-and-role-exist: externalTarget is not a property of this policy (did you mean externalTargets?).

<details><summary>In the baseline (1 problem)</summary>

- Trail "audit" of payments/dev: integrated [log-group-arn-without-wildcard] cloudWatchLogsGroupArn is arn:aws:logs:eu-central-1:123456789012:log-group:audit, without the :* at its end that CloudTrail requires, so AWS will refuse the trail. Append :* to it.

</details>

<details><summary>Exempt or excepted (3)</summary>

- Trail "vendor-audit" of vendor/prod: integrated [not-integrated] exempt by the entry for vendor-*: The vendor reads the bucket. SEC-1204, until 2026-12-20
- Trail "vendor-audit" of vendor/prod: integrated [role-missing] exempt by the entry for vendor-*: For ever, without a last day
- Trail "vendor-audit" of vendor/prod: exist [log-group-not-in-stack] excepted by EXC-1: Accepted until the migration

</details>

<details><summary>Cannot tell (1)</summary>

- Trail "audit" of payments/dev: deliver: waits on cloudWatchLogsRoleArn

</details>

<details><summary>No longer reported (2)</summary>

- Trail "old-audit" of payments/prod: integrated [role-missing]
- Stack shared/roles: exist [no-trail]

</details>

<details><summary>In the baseline, but its stack is not in this audit (1)</summary>

- Trail "audit" of retired/prod: integrated [not-integrated]

</details>

<details><summary>Older states, not used (1)</summary>

- copy/dev.json: It is not checked, since a newer state of stack "payments/dev" was read.

</details>

<details><summary>Exemptions that end within 30 days, or have ended (1)</summary>

- Trail "`vendor-*`" of `*/*` from cloudtrail-cloudwatch-logs-integrated until 2026-12-20: The vendor reads the bucket. SEC-1204

</details>

<details><summary>Exemptions that match nothing (1)</summary>

- Trail "`legacy-*`" of `payments/*` from cloudtrail-cloudwatch-logs-integrated: Gone since spring

</details>

<details><summary>Remarks (2)</summary>

- cloudtrail-delivery-is-recent did not run: askAws is not true.
- AWS makes the trails of a landing zone, and the stack does not show them.

</details>

cloudtrail-cloudwatch-logs 0.5.0, 2026-11-29T04:31:00Z. It is what Pulumi recorded, and the trails that AWS lists in 123456789012. Not shown: whether events arrive.
"""


def test_the_text_of_the_sample() -> None:
    assert written(EVIDENCE) == SAMPLE


UNREAD = (Unread("a.json", "It is empty."),)
PREVIEW = replace(EMPTY, of_preview=True)
EARLY = "The run ended early: not everything was checked"
ONLY_IN_UP = "What is known only in pulumi up is not in here."


def heading(icon: str, said: str, counted: str) -> str:
    return f"{HEADING.format(icon, said)}\n{counted} 0 stacks, 0 without a trail.\n"


def alone(*answers: PolicyAnswer) -> Evidence:
    return replace(EMPTY, trails=(trail("a/b", "t", *answers),))


def answer(standing: Standing, level: str = "mandatory", is_known: bool = False) -> PolicyAnswer:
    wrong = standing in (Standing.WRONG, Standing.EXCEPTED)
    return PolicyAnswer(INTEGRATED, standing, level, (Finding("role-missing", "Set it.", is_known),) * wrong)


@pytest.mark.parametrize(
    ("evidence", "begin"),
    [
        (EMPTY, heading("✅", "There is no trail.", "0 trails.")),
        (alone(answer(Standing.RIGHT)), heading("✅", "No trail has a problem.", "1 trail: 1 right.")),
        (alone(answer(Standing.WRONG)), heading("❌", "The only trail has a mandatory problem.", "1 trail: 1 wrong.")),
        (alone(answer(Standing.WRONG, "advisory")),
         heading("⚠️", "The only trail has problems, none of them mandatory.", "1 trail: 1 wrong.")),
        (replace(alone(answer(Standing.WRONG, is_known=True)), baseline="b"),
         heading("✅", "The only trail has problems, none of them new.", "1 trail: 1 known.")),
        (alone(answer(Standing.EXCEPTED)), heading("✅", "No trail has a problem.", "1 trail: 1 excepted.")),
        (replace(EMPTY, older=EVIDENCE.older), heading("✅", "There is no trail.", "0 trails.")),
        (replace(EMPTY, unread=UNREAD), heading("⚠️", "There is no trail, but not everything could be checked.", "0 trails.")),
        (replace(EMPTY, mistakes=EVIDENCE.mistakes), heading("⚠️", "There is no trail.", "0 trails.")),
        (replace(EMPTY, mistakes=EVIDENCE.mistakes, misconfigured=True),
         heading("❌", "There is no trail. The configuration of a mandatory policy has mistakes.", "0 trails.")),
        # Of a preview.
        (PREVIEW, f"{HEADING.format('✅', 'No problem is reported.')}\n{ONLY_IN_UP}\n\ncloudtrail-"),
        (replace(alone(answer(Standing.WRONG)), of_preview=True),
         f"{HEADING.format('❌', '1 trail has a mandatory problem.')}\n**Wrong (1 trail, 1 problem)**\n"),
        (replace(PREVIEW, unread=UNREAD), f"### ⚠️ {EARLY}\n\n**Not checked (1)**\n\n- a.json: It is empty.\n\ncloudtrail-"),
        (replace(alone(answer(Standing.WRONG)), of_preview=True, unread=UNREAD),
         f"### ❌ {EARLY}. 1 trail has a mandatory problem.\n\n**Wrong (1 trail, 1 problem)**\n"),
    ],
)  # fmt: skip
def test_the_heading_says_it_all(evidence: Evidence, begin: str) -> None:
    assert written(evidence).startswith(begin)


def test_trails_and_problems_are_counted_apart() -> None:
    two = PolicyAnswer(
        INTEGRATED,
        Standing.WRONG,
        "mandatory",
        (Finding("not-integrated", "One."), Finding("role-missing", "Two.", True)),
    )
    unused = PolicyAnswer(EXIST, Standing.WRONG, "advisory", (Finding("log-group-unused", "Three."),))
    lines = written(alone(two, unused)).splitlines()
    assert lines[4:9] == [
        "**Wrong (1 trail, 2 problems)**",
        "",
        '- Trail "t" of a/b',
        "  - mandatory: integrated [not-integrated] One.",
        "  - advisory: exist [log-group-unused] Three.",
    ]
    assert "<details><summary>In the baseline (1 problem)</summary>" in lines


def test_what_is_said_once_of_all_commands() -> None:
    said = "\n\nA command changes only AWS. Change the program as well, or the next pulumi up undoes it.\n\n"
    only_aws = replace(TRAILS[-1], command="aws cloudtrail start-logging --name clicked-together")
    # The one of TRAILS[1] is in the baseline, so its command is not shown.
    for trails, count in ((TRAILS, 1), (TRAILS * 2, 1), (TRAILS[1:], 0), ((only_aws,), 0)):
        assert written(replace(EVIDENCE, trails=trails)).count(said) == count
    assert "  - In AWS: `aws cloudtrail start-logging --name clicked-together`\n" in written(
        replace(EMPTY, trails=(only_aws,))
    )


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (EMPTY, "not what AWS has. Not shown: trails that are in no Pulumi stack, whether events arrive."),
        (replace(EMPTY, asked=("1",)), "and the trails that AWS lists in 1. Not shown: whether events arrive."),
        (PREVIEW, "This is what one run of Pulumi reported."),
    ],
)
def test_the_last_line_says_what_is_not_shown(evidence: Evidence, said: str) -> None:
    assert written(evidence).endswith(f"{said}\n")


def test_what_is_mandatory_comes_first() -> None:
    rows = [
        trail("a/b", "first", answer(Standing.WRONG, "advisory")),
        trail("a/b", "second", answer(Standing.WRONG, "advisory"), answer(Standing.WRONG)),
    ]
    lines = written(replace(EMPTY, trails=tuple(rows))).splitlines()
    assert lines[6:11] == [
        '- Trail "second" of a/b',
        "  - mandatory: integrated [role-missing] Set it.",
        "  - advisory: integrated [role-missing] Set it.",
        '- Trail "first" of a/b',
        "  - advisory: integrated [role-missing] Set it.",
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
        older=(Unread(text, text),),
        gone=(Gone(text, text, text, text), Gone(text, "", text, text), Gone(text, text, text, text, is_checked=False)),
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
    assert '- Trail "`a*b`" of a/b: integrated: `c*d`' in given.splitlines()


# --- its length


def test_it_says_how_many_are_left_out() -> None:
    row = trail("a/b", "t", answer(Standing.WRONG))
    whole = written(replace(EVIDENCE, trails=(row,) * 700))
    assert len(whole) < MOST_CHARACTERS
    assert "left out" not in whole
    many = replace(EVIDENCE, trails=(row,) * 5_000)
    text = written(many)
    assert MOST_CHARACTERS - 4_000 < len(text) <= MOST_CHARACTERS == 60_000
    assert text.startswith(HEADING.format("❌", f"{verdict(many)}"))
    assert "**Wrong, and not in the baseline (5,000 trails, 5,000 problems)**\n" in text
    listed = text.count('- Trail "t"')
    assert f"- {5_000 - listed:,} more are left out here." in text.splitlines()
    # What comes later is still counted.
    assert "**Could not be read (1)**\n\n- 1 more is left out here.\n" in text
    assert text.endswith("in 123456789012. Not shown: whether events arrive.\n")


def test_a_long_text_is_shortened() -> None:
    found = (Finding("role-missing", "x" * 200_000),)
    row = trail("a/b", "t", PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", found))
    text = written(replace(EVIDENCE, trails=(row, TRAILS[0]), asked=("x" * 200_000,)))
    assert len(text) < 20_000
    assert "left out" not in text


def test_the_same_evidence_gives_the_same_text() -> None:
    assert written(EVIDENCE) == written(EVIDENCE)
