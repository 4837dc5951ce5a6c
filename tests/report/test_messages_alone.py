"""Messages travel alone: as comments on pull requests, as lines of a terminal and of CI, to who reads nothing else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cloudtrail_logs.configuration.reader import CONFIGURATION_INVALID, read
from cloudtrail_logs.configuration.settings import ExistSettings, IntegratedSettings, Settings
from cloudtrail_logs.model.quoting import (
    described,
    quoted_arn,
    quoted_label,
    quoted_name,
    quoted_text,
    safe_in_markdown,
    shown,
    shown_urn,
    without_markdown,
)
from cloudtrail_logs.model.reasons import Reason, Settled
from cloudtrail_logs.model.verdict import Code, Problem, Verdict
from tests.messages import reports, reports_with, summaries

# --- which messages these are


def codes_in(report: str) -> set[str]:
    return {line[1:].partition("]")[0] for line in report.split("\n")}


def test_every_code_is_among_them() -> None:
    wanted = {code.value for code in Code} | {CONFIGURATION_INVALID}
    for given in (reports(), reports_with(NAMES)):
        assert set().union(*map(codes_in, given)) == wanted
        assert len(given) > 400
    assert len(summaries()) == 2


# --- as Markdown

# What GitHub, GitLab and others show beyond CommonMark, as far as it can take a part of a text away.
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def words(tokens: list[Token]) -> Iterator[str]:
    """What a reader sees of rendered Markdown; HTML is not seen."""
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        yield from words(token.children or [])


def rendered(report: str) -> str:
    return "".join(words(GITHUB.parse(report)))


def markup(report: str) -> set[str]:
    """The kinds of markup in it, but code spans and paragraphs."""
    tokens = GITHUB.parse(report)
    inner = [each for token in tokens for each in token.children or [token]]
    return {each.type for each in inner} - {"text", "code_inline", "softbreak", "paragraph_open", "paragraph_close"}


def written(report: str) -> str:
    """A report without the backticks that the pack sets; its own texts have none."""
    return report.replace("`", "")


def test_the_renderer_takes_for_markup_what_the_pack_must_not_write() -> None:
    assert rendered("Its Resource a:*:b. Append :* to it.") == "Its Resource a::b. Append : to it."
    assert rendered("Set it to a:*. Append :* to it.") == "Set it to a:. Append : to it."
    assert rendered("Append :* to it, ending in :*.") == "Append :* to it, ending in :*."
    assert markup("a <b> c") == {"html_inline"}
    assert markup("~~a~~") == {"s_open", "s_close"}


def test_a_report_reads_the_same_as_markdown() -> None:
    wrong = [report for report in reports() if rendered(report) != written(report) or markup(report)]
    assert wrong == []


def test_a_report_with_any_names_has_no_markup() -> None:
    """A name may have backticks, so what is shown is compared for the others alone."""
    given = reports_with(NAMES)
    assert [report for report in given if markup(report)] == []
    without = [report for report in given if "`c" not in report]
    assert len(without) > 100
    assert [report for report in without if rendered(report) != written(report)] == []


def test_most_reports_have_no_backticks() -> None:
    plain = [report for report in reports() if "`" not in report]
    assert len(plain) > 0.8 * len(reports())


GROUP = "arn:aws:logs:us-east-1:123456789012:log-group"
MARKDOWN: list[tuple[str, str]] = [
    ("Append :* to it, ending in :*", "Append :* to it, ending in :*"),
    ("Set it to a role, ending in :*.", "Set it to a role, ending in :*."),
    (f"It is {GROUP}:a:*. Append :* to it.", f"It is `{GROUP}:a:*`. Append `:*` to it."),
    (f"Its Resource {GROUP}:*:* is short.", f"Its Resource `{GROUP}:*:*` is short."),
    ("[a] Set it to x:*.\n[b] Set it to y:*.", "[a] Set it to `x:*`.\n[b] Set it to `y:*`."),
    ('Its trail is "*a*".', 'Its trail is "`*a*`".'),
    ("role _x_ and x_y_z", "role `_x_` and x_y_z"),
    ("role _x and y_.", "role `_x` and `y_`."),
    ("role _x and y", "role _x and y"),
    ("any of _ . : -", "any of _ . : -"),
    ("role (<b>), a&lt;b", "role (`<b>`), `a&lt;b`"),
    ("a [x](y) z", "a `[x](y`) z"),
    ("exemptions[0] (trail)", "exemptions[0] (trail)"),
    ("~~a~~ \\* \\", "`~~a~~` `\\*` `\\`"),
    ("a`b", "``a`b``"),
    ('"`a`"', '"`` `a` ``"'),
    ("``a`` b", "``` ``a`` ``` b"),
    ('role "@octocat", (@org/team)', 'role "`@octocat`", (`@org/team`)'),
    ('role "a@example.com" or @ b', 'role "a@example.com" or @ b'),
    ('roles "$a" and "b$"', 'roles "`$a`" and "`b$`"'),
    ('role "$a" or $', 'role "`$a`" or `$`'),
    ('role "$a" and "b"', 'role "$a" and "b"'),
]


@pytest.mark.parametrize(("report", "safe"), MARKDOWN)
def test_what_is_set_in_backticks(report: str, safe: str) -> None:
    assert safe_in_markdown(report) == safe
    assert rendered(safe) == report
    assert markup(safe) == set()


@pytest.mark.parametrize(("report", "safe"), [*MARKDOWN, ("[a] b\n[c] @d", "[a] b\n[c] `@d`"), ("a `b` c", "a `b` c")])
def test_what_the_pack_set_in_backticks_is_undone(report: str, safe: str) -> None:
    """And nothing else: the last one is no report of the pack."""
    assert without_markdown(safe) == report


def test_a_report_is_the_same_again_once_it_was_undone() -> None:
    given = [*reports(), *reports_with(NAMES)]
    assert [report for report in given if safe_in_markdown(without_markdown(report)) != report] == []
    assert [report for report in reports() if "`" in without_markdown(report)] == []


def test_the_lines_of_a_report_are_seen_together() -> None:
    problem = Problem(Code.ROLE_PERMISSION_MISSING, "Set it to a:*.")
    assert Verdict((problem,)).message == "[role-permission-missing] Set it to a:*."
    assert Verdict((problem, problem)).message.split("\n") == ["[role-permission-missing] Set it to `a:*`."] * 2


# --- as lines of a terminal, and of CI

NAMES = (
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "evil\u202egnp.exe",
    "\u2066a\u2069\u200b",
    "one\ntwo\r\nthree\u2028four",
    "[role-missing] a\n[fake] b",
    "nul\x00\x08\x7f\x9b31m",
    "\ud83d",
    "n" * 100_000,
    "é*_" * 50_000,
    "::error file=a,line=1::b",
    "\n::error::b",
    "::add-mask::b",
    "##[error]b",
    "##vso[task.complete result=Succeeded;]b",
    "###vso[a]##[b]",
    "##teamcity[buildStatus status='SUCCESS']",
    "*a* _b_ `c`",
    "<img src=x onerror=a()>",
    "<!-- a",
    "[a](javascript:b)",
    "![a](https://b)",
    "&lt;a&#62;\\*",
    "~~a~~",
    "@octocat",
    "$a$",
)
COMMAND = re.compile(r"##\[|##vso\[|##teamcity\[|::[A-Za-z-]+(?: .*?)?::")


def harmful(text: str) -> list[str]:
    """What of a line a terminal or CI would act on."""
    return [*(repr(each) for each in text if not each.isprintable()), *COMMAND.findall(text)]


def harm_in(report: str) -> list[str]:
    lines = report.split("\n")
    begins = [line for line in lines if not line.startswith("[")]
    return [*begins, *(harm for line in lines for harm in harmful(line))]


def test_what_harms_is_seen() -> None:
    assert [name for name in NAMES[:17] if not harmful(name) and len(name) < 1_000] == []
    assert harmful('"arn:aws:iam::123456789012:role/a" (aws:iam:Role) [role-missing]') == []
    assert harm_in("::error::a") != []


def test_no_name_acts_in_a_report() -> None:
    assert [harm for report in (*reports(), *reports_with(NAMES)) for harm in harm_in(report)] == []
    assert [harm for report in summaries() for harm in harmful(report)] == []


def test_a_line_stays_short_with_any_names() -> None:
    with_names, usual = (max(map(len, each)) for each in (reports_with(NAMES), reports()))
    assert with_names < usual + 2_000


def test_the_names_are_really_there() -> None:
    """Or the tests above would see nothing."""
    together = "\n".join(reports_with(NAMES))
    for seen in ("?[31mred?[0m", "evil?gnp.exe", "one?two??three?four", ":?error file=a,line=1::b", "#?vso[task"):
        assert together.count(seen) > 5


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_value_acts_however_it_is_shown(name: str) -> None:
    role = f"arn:aws:iam::123456789012:role/{name}/a"
    for say in (quoted_label, quoted_name, shown, shown_urn, described, lambda text: quoted_text(text, 300)):
        said = say(name)
        assert len(said) < 1_010
        assert [harm for harm in harmful(said) if say is not shown_urn or "::" not in harm] == []
    if name.isprintable():
        assert harmful(quoted_arn(role)) == []


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_nothing_of_a_configuration_acts(name: str) -> None:
    entry = {"trail": name, "reason": "", "tags": {name: "a", "b": name}, "until": name, "codes": [name], name: name}
    given: list[tuple[type[Settings], dict[str, Any]]] = [
        (ExistSettings, {name: 1, "exemptions": [entry], "externalTargets": name, "externalRoles": [name, f"arn:{name}"]}),
        (IntegratedSettings, {"logGroupArn": f"arn:{{{name}}}", "roleArn": name}),
    ]  # fmt: skip
    for settings, configuration in given:
        report = read(settings, configuration, (Code.NOT_INTEGRATED,)).message
        assert report.count("\n") >= 1
        assert harm_in(report) == []
        assert markup(report) == set()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("##vso[a]", "#?vso[a]"),
        ("##[error]a", "#?[error]a"),
        ("##teamcity[message text='a']", "#?teamcity[message text='a']"),
        ("a##b #[c] ##", "a##b #[c] ##"),
        ("::error::a", ":?error::a"),
        ("::warning file=a::b", ":?warning file=a::b"),
        ("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/a"),
        ("a::b", "a::b"),
        ("a::b:c", "a::b:c"),
    ],
)
def test_what_ci_takes_for_a_command(text: str, left: str) -> None:
    assert shown(text) == left


def test_a_urn_keeps_what_is_between_its_parts() -> None:
    urn = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::audit"
    assert shown_urn(urn) == urn
    assert shown_urn(f"{urn}\n##vso[a]") == f"{urn}?#?vso[a]"


# --- as an instruction

# The words that begin a sentence of what to do.
VERBS = {"Add", "Allow", "Append", "Check", "Create", "Declare", "Detach", "Encode", "Exclude", "Fix", "Move", "Remove", "Set", "Start", "Use"}  # fmt: skip
THINGS = re.compile(
    r"\b(cloudWatchLogs(Logs)?(Log)?GroupArn|cloudWatchLogsRoleArn|enableLogging|isLogging|CloudTrail)\b"
)


def lines_of(*, configuration: bool) -> list[str]:
    lines = [line for report in reports() for line in report.split("\n")]
    return [line for line in lines if line.startswith(f"[{CONFIGURATION_INVALID}]") is configuration]


def sentences(line: str) -> list[str]:
    return re.split(r"(?<=[.?)`\"]) (?=[A-Z])", line.partition("] ")[2])


def test_a_message_names_a_thing_and_says_what_to_do() -> None:
    lines = lines_of(configuration=False)
    assert len(lines) > 200
    assert [line for line in lines if not THINGS.search(line)] == []
    assert [line for line in lines if not {each.split(" ")[0] for each in sentences(line)} & VERBS] == []
    assert [line for line in lines if not line.endswith(".")] == []


# How a mistake in a configuration begins, and how it says what belongs there.
PLACE = re.compile(
    r'\[configuration-invalid\] (".+" is not a property |exemptions\b|explain |logGroupArn |roleArn |externalTargets |'
    r"externalLogGroups\b|externalRoles\b|requireTrail\b|requireProof |maxAgeHours |graceHours |timeoutSeconds |askAws |A list of externalRoles )"
)
BELONGS = re.compile(
    r", not an? |, not true or false|must be|must have one|did you mean|\((the|use) |: (give|say|use|leave|move) |Its form is |Remove one|"
    r"is a property of|needs both|\bends in |begins with |has a \[ without|is empty|whitespace|longer than|range in|12 digits"
)


def test_a_mistake_in_a_configuration_names_its_place_and_says_what_belongs_there() -> None:
    lines = lines_of(configuration=True)
    assert len(lines) > 80
    assert [line for line in lines if not PLACE.match(line)] == []
    assert [line for line in lines if not BELONGS.search(line)] == []
    assert [line for line in lines if not line.endswith(".")] == []


def test_a_summary_says_what_to_do() -> None:
    assert [each for each in summaries() if not each.endswith(" Fix the trails above and run again.")] == []


def test_every_reason_that_an_author_can_settle_has_a_report() -> None:
    said = [line for report in reports() for line in report.replace("`", "").split("\n")]
    for reason in (reason for reason in Reason if reason.settled is Settled.AUTHOR):
        names = ("property", "source", "role", "policy", "kind", "why")
        phrase = reason.of(**dict.fromkeys(names, "\0")).phrase
        parts = ("[not-proven] It is not proven that ", *phrase.split("\0"), f". {reason.advice}")
        assert any(all(part in line for part in parts) for line in said), reason
