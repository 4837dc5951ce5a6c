"""JUnit: what GitLab and Jenkins read of it, and that junitparser and junit2html do."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from junit2htmlreport.parser import Junit  # type: ignore[import-untyped]
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from cloudtrail_logs.fleet.evidence import Evidence, Finding, PolicyAnswer, StackRow, Standing, Unread
from cloudtrail_logs.fleet.formats.junit import written
from tests.fleet.sample import (
    DELIVER,
    EMPTY,
    EVIDENCE,
    EXIST,
    HOSTILE_EVIDENCE,
    INTEGRATED,
    NOT_INTEGRATED,
    TRAILS,
    trail,
)

FILES = {"sample": EVIDENCE, "empty": EMPTY, "hostile": HOSTILE_EVIDENCE}
MESSAGE = f"[not-integrated] {NOT_INTEGRATED.message}"
DEV = f"in the baseline: [log-group-arn-without-wildcard] {TRAILS[1].answers[0].findings[0].message}"
MISTAKE = f"advisory: {EVIDENCE.mistakes[0]}"
NO_TRAIL = 'advisory: [no-trail] Stack "landing/zone" declares no CloudTrail trail, but must have one.'
# Each case: suite, name, file, line, and how it ended, with its kind and its lines.
CASES = [
    ("payments/prod", f"audit: {INTEGRATED}", "infra/__main__.py", "17", Failure, "not-integrated", [
        MESSAGE,
        "Set cloudWatchLogsGroupArn to <the ARN of a log group in eu-central-1, ending in :*>",
        "Set cloudWatchLogsRoleArn to <the ARN of a role that cloudtrail.amazonaws.com may assume>",
        f"In AWS, with the values filled in: {TRAILS[0].command}",
    ]),
    ("payments/prod", f"audit: {EXIST}", "infra/__main__.py", "17", Skipped, "nothing to check", ["nothing to check: the trail names no log group and no role"]),
    ("payments/prod", f"audit: {DELIVER}", "infra/__main__.py", "17", Skipped, "nothing to check", ["nothing to check: the trail names no role"]),
    ("payments/dev", f"audit: {INTEGRATED}", "states/payments/dev.json", None, Skipped, "in the baseline", [
        DEV,
        "Set cloudWatchLogsGroupArn to arn:aws:logs:eu-central-1:123456789012:log-group:audit:*",
        f"In AWS: {TRAILS[1].command}",
    ]),
    ("payments/dev", f"audit: {EXIST}", "states/payments/dev.json", None, None, "", []),
    ("payments/dev", f"audit: {DELIVER}", "states/payments/dev.json", None, Skipped, "cannot tell", ["cannot tell: waits on cloudWatchLogsRoleArn"]),
    ("shared/logging", f"organization: {INTEGRATED}", "states/shared/logging.json", None, None, "", []),
    ("shared/logging", f"organization: {EXIST}", "states/shared/logging.json", None, None, "", []),
    ("shared/logging", f"organization: {DELIVER}", "states/shared/logging.json", None, None, "", []),
    ("vendor/prod", f"vendor-audit: {INTEGRATED}", "states/vendor/prod.json", None, Skipped, "exempt", [
        "[not-integrated] exempt by the entry for vendor-*: The vendor reads the bucket. SEC-1204, until 2026-12-20",
        "[role-missing] exempt by the entry for vendor-*: For ever, without a last day",
    ]),
    ("vendor/prod", f"vendor-audit: {EXIST}", "states/vendor/prod.json", None, Skipped, "excepted", [
        "excepted by EXC-1: Accepted until the migration",
        "[log-group-not-in-stack] It cannot be verified here.",
    ]),
    ("old/infra", f"Platform/AuditTrail: {INTEGRATED}", "states/old/infra.json", None, Failure, "not-integrated", [MESSAGE]),
    ("landing/zone", f"stack: {EXIST}", "states/landing/zone.json", None, Skipped, "advisory", [NO_TRAIL]),
    ("in AWS alone", f"clicked-together: {INTEGRATED}", None, None, Failure, "not-integrated", [MESSAGE]),
    ("configuration", EXIST, "policies.json", None, Skipped, "configuration-invalid", [MISTAKE]),
    ("Could not be read", "states/broken.json", "states/broken.json", None, Error, "unread", ["It is not JSON: line 3, column 7."]),
    ("Older states, not used", "copy/dev.json", "copy/dev.json", None, Skipped, "not used",
     ['It is not checked, since a newer state of stack "payments/dev" was read.']),
]  # fmt: skip
TWICE = (Finding("role-permission-missing", "One."), Finding("role-trust-missing", "Two."))


def read(evidence: Evidence) -> JUnitXml:
    return JUnitXml.fromstring(written(evidence).encode())


def cases(evidence: Evidence) -> list[tuple[str, TestCase]]:
    return [(suite.name, case) for suite in read(evidence) for case in suite]


def test_the_cases_of_the_sample() -> None:
    found = []
    for suite, case in cases(EVIDENCE):
        ended = case.result[0] if case.result else None
        attributes = case._elem.attrib
        assert case.classname == suite
        assert len(case.result) <= 1
        lines = ended.text.split("\n") if ended else []
        assert not ended or ended.message == lines[0]
        kind = ended.type if ended else ""
        place = (attributes.get("file"), attributes.get("line"))
        found.append((suite, case.name, *place, type(ended) if ended else None, kind, lines))
    assert found == CASES


def test_the_counts_and_times_of_the_suites_of_the_sample() -> None:
    given = read(EVIDENCE)
    assert (given.tests, given.failures, given.errors, given.skipped) == (17, 3, 1, 9)
    assert [
        (suite.name, suite.timestamp, suite.tests, suite.failures, suite.errors, suite.skipped) for suite in given
    ] == [
        ("payments/prod", "2026-11-28T09:15:00", 3, 1, 0, 2),
        ("payments/dev", "2026-11-28T09:15:00", 3, 0, 0, 2),
        ("shared/logging", "2026-11-28T09:15:00", 3, 0, 0, 0),
        ("shared/roles", "2026-11-28T09:15:00", 0, 0, 0, 0),
        ("vendor/prod", "2026-11-28T09:15:00", 2, 0, 0, 2),
        ("old/infra", "2021-03-04T05:06:07", 1, 1, 0, 0),
        ("landing/zone", "2026-11-28T09:15:00", 1, 0, 0, 1),
        ("in AWS alone", "2026-11-29T04:31:00", 1, 1, 0, 0),
        ("configuration", "2026-11-29T04:31:00", 1, 0, 0, 1),
        ("Could not be read", "2026-11-29T04:31:00", 1, 0, 1, 0),
        ("Older states, not used", "2026-11-29T04:31:00", 1, 0, 0, 1),
        ("remarks", "2026-11-29T04:31:00", 0, 0, 0, 0),
    ]
    assert [each.text for each in ET.fromstring(written(EVIDENCE)).iter("system-out")] == [
        "AWS makes the trails of a landing zone, and the stack does not show them.",
        "cloudtrail-delivery-is-recent did not run: askAws is not true.",
    ]


def test_the_text_of_one_stack() -> None:
    small = replace(
        EMPTY,
        stacks=(StackRow("a/b", "b.json", "2026-11-28T09:15:00Z", 4, 1),),
        trails=(trail("a/b", "t", PolicyAnswer(DELIVER, Standing.WRONG, "mandatory", TWICE), state="b.json"),),
    )
    assert written(small) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="cloudtrail-cloudwatch-logs" tests="1" failures="1" errors="0" skipped="0">\n'
        '  <testsuite name="a/b" timestamp="2026-11-28T09:15:00" tests="1" failures="1" errors="0" skipped="0">\n'
        '    <testcase classname="a/b" name="t: cloudtrail-role-can-deliver" file="b.json">\n'
        '      <failure type="role-permission-missing, role-trust-missing" message="[role-permission-missing] One.">'
        "[role-permission-missing] One.\n[role-trust-missing] Two.</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        (PolicyAnswer(DELIVER, Standing.WRONG, "mandatory", TWICE), "failure"),
        (PolicyAnswer(DELIVER, Standing.WRONG, "advisory", TWICE), "skipped"),
        (PolicyAnswer(DELIVER, Standing.WRONG, "mandatory", (replace(TWICE[0], is_known=True), TWICE[1])), "failure"),
        (PolicyAnswer(DELIVER, Standing.WRONG, "mandatory", (replace(TWICE[0], is_known=True),)), "skipped"),
        (PolicyAnswer(DELIVER, Standing.EXCEPTED, "mandatory", TWICE), "skipped"),
        (PolicyAnswer(DELIVER, Standing.CANNOT_TELL, "mandatory"), "skipped"),
        (PolicyAnswer(DELIVER, Standing.RIGHT, "mandatory"), ""),
    ],
)
def test_a_case_is_red_where_the_audit_fails(answer: PolicyAnswer, ended: str) -> None:
    evidence = replace(EMPTY, trails=(trail("a/b", "t", answer),))
    ((_, case),) = cases(evidence)
    assert [each._tag for each in case.result] == [ended] * bool(ended)
    assert evidence.fails == (ended == "failure")


@pytest.mark.parametrize(("level", "ended"), [("mandatory", "failure"), ("advisory", "skipped")])
def test_a_mistake_in_the_configuration_counts_as_its_policy_does(level: str, ended: str) -> None:
    policies = tuple(replace(each, level=level) for each in EMPTY.policies)
    ((_, case),) = cases(replace(EMPTY, policies=policies, mistakes=EVIDENCE.mistakes))
    assert [each._tag for each in case.result] == [ended]


def test_trails_of_one_name_are_cases_of_their_own() -> None:
    twins = [trail("a/b", "t", PolicyAnswer(DELIVER, Standing.RIGHT, "advisory")) for _ in range(3)]
    names = [case.name for _, case in cases(replace(EMPTY, trails=tuple(twins)))]
    assert names == [f"t: {DELIVER}", f"t: {DELIVER} (2)", f"t: {DELIVER} (3)"]


def test_where_there_is_nothing_each_policy_passes() -> None:
    given = replace(EMPTY, stacks=(StackRow("a/b", "b.json"),))
    for evidence in (EMPTY, given):
        assert [(suite, case.name, case.result) for suite, case in cases(evidence)] == [
            ("no problem found", policy.name, []) for policy in EMPTY.policies
        ]
    unread = replace(EMPTY, unread=(Unread("a.json", "It is empty."),))
    assert [suite for suite, _ in cases(unread)] == ["Could not be read"]


def test_the_same_evidence_gives_the_same_text() -> None:
    assert written(EVIDENCE) == written(EVIDENCE)


@pytest.mark.parametrize("name", FILES)
def test_junit2html_reads_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xml"
    path.write_text(written(FILES[name]), encoding="utf-8")
    report = Junit(str(path))
    assert sum(len(suite.all()) for suite in report.suites) == len(cases(FILES[name]))
    html = report.html()
    assert "<img src=x" not in html
    if name == "sample":
        assert "clicked-together" in html


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\ud83d", "\ufffe", "\u202e", "\r", "\n"])
def test_what_xml_forbids_is_replaced(character: str) -> None:
    named = trail(
        "a/b", f"a{character}b", PolicyAnswer(DELIVER, Standing.WRONG, "mandatory", (Finding("c", character),))
    )
    text = written(replace(EMPTY, trails=(named,)))
    (case,) = ET.fromstring(text.encode()).iter("testcase")
    assert case.get("name") == f"a?b: {DELIVER}"
    assert [each.text for each in case] == ["[c] ?"]


def test_the_hostile_text_is_text() -> None:
    tags = {each.tag for each in ET.fromstring(written(HOSTILE_EVIDENCE).encode()).iter()}
    assert tags == {"testsuites", "testsuite", "testcase", "failure", "skipped", "error", "system-out"}
    assert json.dumps(written(HOSTILE_EVIDENCE)).count("\\u001b") == 0
