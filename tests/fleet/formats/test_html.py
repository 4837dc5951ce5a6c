"""The page of an audit: what is in it, that nothing of a state can act in it, and how a real browser shows it."""

import base64
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cloudtrail_logs.fleet.evidence import Evidence, PolicyAnswer, Standing
from cloudtrail_logs.fleet.formats.html import SCRIPT, STYLE, written
from cloudtrail_logs.fleet.formats.words import one_line
from tests.browser import Page, browser
from tests.fleet.sample import (
    DELIVER,
    EMPTY,
    EVIDENCE,
    EXIST,
    HOSTILE,
    HOSTILE_EVIDENCE,
    INTEGRATED,
    TRAILS,
    right,
    trail,
)
from tools.engine.chromium import ensure_chromium

EACH = pytest.mark.parametrize("evidence", [EVIDENCE, EMPTY, HOSTILE_EVIDENCE], ids=["sample", "empty", "hostile"])
VOID = {"meta", "col", "input", "br", "wbr"}


@dataclass
class Document(HTMLParser):
    """What an HTML parser finds. It is an AssertionError where a tag is not closed."""

    page: str
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)
    """The text of the last element of each kind."""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.joins = False
        self.feed(self.page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.joins = tag == "wbr"
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.within[self.open[-1] if self.open else ""] = data
        if self.joins:
            self.texts[-1] += data
        elif not self.open or self.open[-1] not in ("script", "style"):
            self.texts.append(data)
        self.joins = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def values(self, name: str) -> list[str | None]:
        return [value for key, value in self.attributes if key == name]


def sheets(pdf: bytes) -> list[bytes]:
    """What draws each sheet of a PDF."""
    inflated = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            inflated.append(zlib.decompress(stream))
    return [each for each in inflated if b" Tj" in each]


@EACH
def test_it_is_well_formed_and_has_a_row_a_trail(evidence: Evidence) -> None:
    document = Document(written(evidence))
    assert document.tags.count("tbody") == len(evidence.trails)
    ids = document.values("id")
    assert len(ids) == len(set(ids))
    assert document.values("for") == []
    for row in evidence.trails:
        assert one_line(row.label) in document.texts
    assert ("There is no trail." in document.text) == (not evidence.trails)


@EACH
def test_nothing_is_from_elsewhere(evidence: Evidence) -> None:
    page = written(evidence)
    document = Document(page)
    assert not {"img", "link", "iframe", "object", "embed", "base", "form"} & set(document.tags)
    assert not {"src", "srcset", "style", "action"} & {key for key, _ in document.attributes}
    assert [key for key, _ in document.attributes if key.startswith("on")] == []
    assert set(document.values("href")) == {policy.url for policy in evidence.policies}
    assert all(str(url).startswith("https://docs.aws.amazon.com/") for url in document.values("href"))
    assert "url(" not in STYLE.read_text()
    assert "@import" not in STYLE.read_text()


@EACH
def test_its_own_policy_allows_its_style_and_its_script_alone(evidence: Evidence) -> None:
    document = Document(written(evidence))
    assert [document.tags.count(tag) for tag in ("style", "script")] == [1, 1]
    digests = [base64.b64encode(sha256(document.within[tag].encode()).digest()).decode() for tag in ("style", "script")]
    assert document.values("content")[0] == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert (document.within["style"], document.within["script"]) == (STYLE.read_text(), SCRIPT.read_text())


def test_a_hostile_text_is_only_text() -> None:
    hostile, harmless = written(HOSTILE_EVIDENCE), Document(written(EVIDENCE))
    document = Document(hostile)
    assert set(document.tags) <= set(harmless.tags)
    assert {key for key, _ in document.attributes} <= {key for key, _ in harmless.attributes}
    assert document.text.count(one_line(HOSTILE)) == 60
    assert "\u202e" not in hostile
    assert "\x1b" not in hostile
    hostile.encode()


def test_what_a_state_cannot_write_in_a_file() -> None:
    row = replace(TRAILS[0], name="\ud800\x00\x7f\x9b\ufeff<b>")
    page = written(replace(EMPTY, trails=(row,)))
    assert "<summary>?????&lt;b&gt;</summary>" in page
    page.encode()


SAID = [
    # On top.
    "Audit: CloudTrail trails are integrated with CloudWatch Logs",
    "Created 2026-11-29 04:31 UTC",
    "cloudtrail-cloudwatch-logs 0.5.0",
    "policies.json sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "CloudGuard D9.AWS.LOG.03: Ensure that CloudTrail trails are integrated with CloudWatch Logs",
    "Baseline last-month.json Oldest state 2021-03-04 (old/infra)",
    "This is what Pulumi recorded in the state of each stack. It is not what AWS has now. AWS was asked which trails "
    "account 123456789012 has: those that no state holds are listed, too. It does not show whether events arrive.",
    "The configuration has mistakes. cloudtrail-log-group-and-role-exist: externalTarget is not a property of this "
    "policy (did you mean externalTargets?).",
    "4 of 6 trails have problems, 3 of them new, 3 of those mandatory. 1 stack lacks its trail, which is new, but not "
    "mandatory.",
    "trails 6 wrong 3 known 1 excepted 1 exempt 0 cannot tell 0 right 1 stacks 7 stacks without a trail 2 sources not read 1",
    "cloudtrail-delivery-is-recent did not run: askAws is not true. landing/zone: AWS makes the trails of a landing "
    "zone, and the stack does not show them. The control is part of 24 compliance frameworks AWS CCPA Framework AWS CIS",
    # The rows.
    "Trail Stack Region Account Last update (UTC) Result integrated exist deliver",
    "payments/prod eu-central-1 123456789012 2026-11-28 09:15 wrong wrong nothing to check nothing to check ARN",
    "exist nothing to check: the trail names no log group and no role deliver nothing to check: the trail names no role "
    "not-integrated · what to set cloudtrail-cloudwatch-logs-integrated (mandatory) [not-integrated] Neither",
    "ARN arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4 "
    "URN urn:pulumi:prod::payments::aws:cloudtrail/trail:Trail::audit Program infra/__main__.py:17:9 "
    "State states/payments/prod.json, 2026-11-28T09:15:00Z exist nothing to check: the trail names no log group",
    "What to set cloudWatchLogsGroupArn <the ARN of a log group in eu-central-1, ending in :*> cloudWatchLogsRoleArn <the ARN of a role"
    " that cloudtrail.amazonaws.com may assume> In AWS, with the values filled in aws cloudtrail update-trail --region eu-central-1",
    "log-group-arn-without-wildcard · cannot tell: waits on cloudWatchLogsRoleArn · what to set",
    "Append :* to it. In the baseline. cloudtrail-role-can-deliver (advisory) Cannot tell: waits on "
    "cloudWatchLogsRoleArn.",
    "role arn:aws:iam::123456789012:role/delivery, in shared/roles as "
    "urn:pulumi:roles::shared::aws:iam/role:Role::delivery",
    "excepted exempt excepted - ARN arn:aws:cloudtrail:eu-central-1:123456789012:trail/vendor-audit-1a2b3c4 URN "
    "urn:pulumi:prod::vendor::aws:cloudtrail/trail:Trail::vendor-audit State states/vendor/prod.json, "
    "2026-11-28T09:15:00Z exempt: not-integrated, role-missing · excepted: log-group-not-in-stack",
    "Exempt by the entry for vendor-*: The vendor reads the bucket. SEC-1204, until 2026-12-20 [not-integrated]",
    "Exempt by the entry for vendor-*: For ever, without a last day [role-missing] Set it.",
    "[log-group-not-in-stack] It cannot be verified here. Excepted by EXC-1: Accepted until the migration",
    "Platform/AuditTrail old/infra 2021-03-04 05:06 wrong",
    "ARN arn:aws:cloudtrail:us-east-1:123456789012:trail/clicked-together not-integrated cloudtrail-",
    # Below.
    "Stacks that must have a trail and have none (1) landing/zone states/landing/zone.json 2026-11-28 09:15 "
    'cloudtrail-log-group-and-role-exist (advisory) [no-trail] Stack "landing/zone" declares no CloudTrail trail',
    "Stacks without a trail (2) All 2 rows shared/roles 9 resources, states/shared/roles.json 2026-11-28 09:15 landing/",
    "Could not be read (1) states/broken.json : It is not JSON: line 3, column 7.",
    "Exemptions that end within 30 days, or have ended (1) vendor-* , from cloudtrail-cloudwatch-logs-integrated, "
    "until 2026-12-20: The vendor reads the bucket. SEC-1204",
    "Exemptions that match nothing (1) legacy-* , stack payments/* , from cloudtrail-cloudwatch-logs-integrated: Gone",
    'Older states, not used (1) copy/dev.json : It is not checked, since a newer state of stack "payments/dev" was read.',
    "No longer reported (2) payments/prod old-audit : cloudtrail-cloudwatch-logs-integrated [role-missing] shared/roles : "
    "cloudtrail-log-group-and-role-exist [no-trail] In the baseline, but its stack is not in this audit (1) retired/prod "
    "audit : cloudtrail-cloudwatch-logs-integrated [not-integrated] Policies",
    "A command changes only AWS. Change the program as well, or the next pulumi up undoes it. Stacks that must have",
    "What to set cloudWatchLogsGroupArn arn:aws:logs:eu-central-1:123456789012:log-group:audit:* In AWS aws cloudtrail",
    "deliver audit audit-1a2b3c4 payments/prod eu-central-1",
    "clicked-together (only in AWS) us-east-1",
    "Policies integrated: cloudtrail-cloudwatch-logs-integrated (mandatory) CloudTrail trails must send their events",
    "log-group-arn-without-wildcard a log group's ARN without the :* that CloudTrail requires",
]
OF_ALL = {SAID[0], SAID[1], SAID[2], SAID[4], SAID[-2], SAID[-1]}


@pytest.mark.parametrize("said", SAID)
def test_it_says(said: str) -> None:
    text = Document(written(EVIDENCE)).text
    assert said in text
    assert (said in Document(written(EMPTY)).text) == (said in OF_ALL)


def test_what_is_said_otherwise() -> None:
    empty = Document(written(EMPTY)).text
    assert "Configuration none: the policies have their defaults" in empty
    assert "There is no trail. trails 0 wrong 0 excepted 0 exempt 0 cannot tell 0 right 0 stacks 0" in empty
    preview = Document(written(replace(EVIDENCE, of_preview=True, asked=()))).text
    assert "Preview: CloudTrail trails are integrated" in preview
    assert "This is what one preview reported about the program. It is not what AWS has. The configuration" in preview


def test_the_name_in_aws_stands_beside_another_one() -> None:
    page = written(EVIDENCE)
    assert "<summary>audit</summary></details><small>audit-1a2b3c4</small></th>" in page
    assert "<summary>clicked-together</summary></details></th>" in page
    assert "<summary>Platform/AuditTrail</summary></details></th>" in page


def test_what_is_said_once_of_all_commands() -> None:
    said = "</table>\n<p>A command changes only AWS. Change the program as well, or the next pulumi up undoes it.</p>\n"
    for trails, count in ((TRAILS, 1), (TRAILS[2:], 0)):
        assert written(replace(EVIDENCE, trails=trails)).count(said) == count


def test_two_policies_with_the_same_last_word_have_their_whole_names() -> None:
    policies = (EVIDENCE.policies[0], replace(EVIDENCE.policies[1], name="other-integrated"))
    assert (
        "Result cloudtrail-cloudwatch-logs-integrated other-integrated payments" not in Document(written(EVIDENCE)).text
    )
    text = Document(written(replace(EVIDENCE, policies=policies))).text
    assert "Result cloudtrail-cloudwatch-logs-integrated other-integrated" in text


def test_a_right_trail_is_small() -> None:
    answers = (right(INTEGRATED, "mandatory"), right(EXIST), right(DELIVER))
    few, many = (
        len(
            written(replace(EMPTY, trails=tuple(trail("a-project/prod", f"audit-{n}", *answers) for n in range(count))))
        )
        for count in (100, 200)
    )
    assert (many - few) / 100 < 800


# Sorts and filters as a user does. `texts` are those of the rows that are to be seen.
TEXTS = """[...document.querySelectorAll("#trails tbody")].filter(each => each.checkVisibility())
    .map(each => each.querySelector("summary").textContent + " " + each.rows[0].cells[COLUMN].textContent)"""
HEADS = """[...document.querySelectorAll("#trails th[aria-sort]")]
    .map(each => each.textContent + " " + each.getAttribute("aria-sort"))"""
EACH_HEAD = 'for (const each of document.querySelectorAll("#trails thead button")) CHANGE'
# What is written in a colour that is too near to that behind it (WCAG 2.2, 1.4.3): at least 4.5 to 1.
CONTRAST = """(() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(each => each / 255)
    .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  let looked = 0;
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!text || element.tagName === "SCRIPT") continue;
    looked += 1;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [looked > 100, [...new Set(low)]];
})()"""
BEHIND = "getComputedStyle(document.body).backgroundColor"


def names(page: Page, column: int) -> list[str]:
    found: list[str] = page.run(TEXTS.replace("COLUMN", str(column)))
    return found


def look_at_colours(page: Page) -> None:
    for media, scheme, colour in (
        ("", "light", "rgb(255, 255, 255)"),
        ("", "dark", "rgb(17, 21, 26)"),
        ("print", "dark", "rgb(255, 255, 255)"),
    ):
        page.emulate(media, scheme)
        assert page.run(BEHIND) == colour
        assert page.run(CONTRAST) == [True, []], (media, scheme)
    page.run('document.querySelector("h1").style.color = "#aaaaaa"')
    assert page.run(CONTRAST) == [True, ["H1. 2.32"]]
    page.run('document.querySelector("h1").style.color = ""')
    page.emulate()


def sort(page: Page) -> None:
    stacks = ["payments/prod", "payments/dev", "shared/logging", "vendor/prod", "old/infra", "(only in AWS)"]
    trails = ["audit", "audit", "organization", "vendor-audit", "Platform/AuditTrail", "clicked-together"]
    assert names(page, 1) == [f"{name} {stack}" for name, stack in zip(trails, stacks, strict=True)]
    page.run('document.querySelectorAll("#trails thead button")[1].click()')
    assert page.run(HEADS) == ["Stack ascending"]
    assert [each.rpartition(" ")[2] for each in names(page, 1)] == ["AWS)", "old/infra", "payments/dev", "payments/prod", "shared/logging", "vendor/prod"]  # fmt: skip
    # The wrong ones first, and with the keyboard.
    page.run('document.querySelectorAll("#trails thead button")[5].focus()')
    page.press("Enter", 13)
    assert page.run(HEADS) == ["Result ascending"]
    assert [each.rpartition(" ")[2] for each in names(page, 5)] == ["wrong"] * 3 + ["known", "excepted", "right"]
    page.press("Enter", 13)
    assert page.run(HEADS) == ["Result descending"]
    assert [each.rpartition(" ")[2] for each in names(page, 5)] == ["right", "excepted", "known"] + ["wrong"] * 3


def filter_rows(page: Page) -> None:
    shown = 'document.getElementById("shown").textContent'
    choose = 'standing.value = "VALUE"; standing.dispatchEvent(new Event("change"))'
    assert page.run('[...document.querySelectorAll("#standing option")].map(each => each.textContent)') == [
        "any", "wrong (3)", "known (1)", "excepted (1)", "exempt (0)", "cannot tell (0)", "right (1)",
    ]  # fmt: skip
    assert page.run(shown) == ""
    page.run(choose.replace("VALUE", "known"))
    assert (names(page, 5), page.run(shown)) == (["audit known"], "Only 1 of 6 trails are shown.")
    page.run(choose.replace("VALUE", ""))
    assert len(names(page, 5)) == 6
    # Also what is in a fold, in any case.
    page.run('search.focus(), search.value = " SEC-1204 ", search.dispatchEvent(new Event("input"))')
    assert page.run(f"new Promise(done => setTimeout(() => done({shown}), 300))") == "Only 1 of 6 trails are shown."
    assert names(page, 5) == ["vendor-audit excepted"]
    page.run('search.value = "", standing.dispatchEvent(new Event("change"))')
    assert (len(names(page, 5)), page.run(shown)) == (6, "")


def fold(page: Page) -> None:
    opened = 'document.querySelectorAll("#trails .more details[open]").length'
    found = []
    for _ in range(2):
        page.run('document.getElementById("fold").click()')
        found.append(page.run(opened))
    assert found == [5, 0]


def known_as(page: Page) -> None:
    """The fold of a name opens a row that is as wide as the table, in a table of any length."""
    width = "Math.round(100 * ROW.querySelector('dl').offsetWidth / document.getElementById('trails').offsetWidth)"
    row = 'document.querySelector("#trails .known-as")'
    seen = f"[{row}.checkVisibility(), {width.replace('ROW', row)}]"
    fold = 'document.querySelector("#trails th summary").click()'
    for kind in ("", "many"):
        page.run(f'document.getElementById("trails").className = "{kind}"')
        assert page.run(seen) == [False, 0]
        page.run(fold)
        visible, share = page.run(seen)
        assert (visible, share > 90) == (True, True)
        page.run(fold)
    page.run('document.getElementById("trails").className = ""')
    page.emulate("print")
    assert page.run(seen)[0] is True
    page.emulate()


def names_of_stacks(page: Page) -> None:
    """No word is broken where there is room for it: a word is no higher than a line."""
    broken = """[...document.querySelectorAll("#trails td:nth-child(2)")].flatMap(cell => [...cell.childNodes])
        .filter(each => each.nodeType === 3).filter(each => {
          const range = document.createRange();
          range.selectNodeContents(each);
          return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
        }).map(each => each.data)"""
    page.call("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    assert page.run(broken) == []
    page.run('document.querySelectorAll("wbr").forEach(each => each.remove()), document.body.normalize()')
    assert page.run(broken) == ["examples/organization-trail"]
    page.call("Emulation.clearDeviceMetricsOverride")


def print_page(page: Page) -> None:
    """On paper: no controls, all folds open, and the heads of the table on each sheet."""
    page.emulate("print")
    assert page.run('document.getElementById("controls").checkVisibility()') is False
    page.emulate()
    assert page.run('document.getElementById("controls").checkVisibility()') is True
    page.run('window.open = [], addEventListener("beforeprint", () => open.push(document.querySelectorAll("details:not([open])").length))')  # fmt: skip
    assert with_heads(page) >= 2
    assert page.run("open") == [0]
    assert page.run('document.querySelectorAll("details[open]").length') == 0
    page.run(EACH_HEAD.replace("CHANGE", 'each.style.display = "block"'))
    assert with_heads(page) == 1
    page.run(EACH_HEAD.replace("CHANGE", 'each.style.display = ""'))


def with_heads(page: Page) -> int:
    """How many sheets of paper have the heads of the table: they get a colour that nothing else has."""
    page.run(EACH_HEAD.replace("CHANGE", 'each.style.color = "rgb(255, 0, 255)"'))
    pdf = base64.b64decode(page.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
    page.run(EACH_HEAD.replace("CHANGE", 'each.style.color = ""'))
    return sum(b" 1 0 1 rg" in sheet for sheet in sheets(pdf))


def test_in_a_real_browser(tmp_path: Path) -> None:
    pages = {
        "sample": written(EVIDENCE),
        "long": written(replace(EVIDENCE, trails=TRAILS * 5)),
        "stack": written(replace(EMPTY, trails=(trail("examples/organization-trail", "audit"), *TRAILS))),
        "empty": written(EMPTY),
        "hostile": written(HOSTILE_EVIDENCE),
        "foreign": written(EVIDENCE).replace("</body>", "<script>document.title = 'changed'</script></body>"),
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    (tmp_path / "browser").mkdir()
    with browser(ensure_chromium(), tmp_path / "browser") as page:
        page.open((tmp_path / "sample.html").as_uri())
        roles = [
            node["role"]["value"] for node in page.call("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]
        ]
        assert [roles.count(role) for role in ("table", "columnheader", "rowheader")] == [1, 9, 6]
        sort(page)
        filter_rows(page)
        fold(page)
        known_as(page)
        look_at_colours(page)
        page.open((tmp_path / "long.html").as_uri())
        print_page(page)
        page.open((tmp_path / "stack.html").as_uri())
        names_of_stacks(page)
        for name in ("empty", "hostile"):
            page.open((tmp_path / f"{name}.html").as_uri())
        assert page.run('document.querySelectorAll("img").length') == 0
        assert page.complaints == []
        page.open((tmp_path / "foreign.html").as_uri())
        assert page.run("document.title") == "Audit: CloudTrail trails are integrated with CloudWatch Logs"
        assert len(page.complaints) == 1
        assert "violates the following Content Security Policy directive" in page.complaints[0]


def test_what_it_says_of_an_answer_that_nobody_gave() -> None:
    texts = []
    for answers in ((), (PolicyAnswer(DELIVER, Standing.RIGHT, "advisory"),)):
        texts.append(
            Document(written(replace(EMPTY, trails=(replace(TRAILS[0], answers=answers, to_set={}, command=""),)))).text
        )
    assert "09:15 nothing to check - - - ARN" in texts[0]
    assert "09:15 right - - right ARN" in texts[1]
