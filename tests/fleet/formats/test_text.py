"""What a terminal shows of an audit, exactly, at any width; and that no text of a state disturbs a terminal."""

import re
from dataclasses import replace

import pytest

from cloudtrail_logs.fleet.evidence import Evidence, StackRow
from cloudtrail_logs.fleet.formats.text import columns, fitted, wrapped, written
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

RIGHT = (right(INTEGRATED, "mandatory"), right(EXIST), right(DELIVER))
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WHOLE = """\
STACK           TRAIL                REGION        INTEGRATED  EXIST     DELIVER
payments/prod   audit                eu-central-1  wrong       -         -
payments/dev    audit                eu-central-1  known       right     cannot tell
shared/logging  organization         eu-central-1  right       right     right
vendor/prod     vendor-audit         eu-central-1  exempt      excepted  -
old/infra       Platform/AuditTrail  -             wrong       -         -
(only in AWS)   clicked-together     us-east-1     wrong       -         -

INTEGRATED: cloudtrail-cloudwatch-logs-integrated (mandatory)
EXIST: cloudtrail-log-group-and-role-exist (advisory)
DELIVER: cloudtrail-role-can-deliver (advisory)
known: wrong, and in the baseline, too

payments/prod audit
  arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4
  infra/__main__.py:17:9
  - [mandatory]  cloudtrail-cloudwatch-logs-integrated
    [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail
    sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending
    in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.
  Set:
    cloudWatchLogsGroupArn: <the ARN of a log group, ending in :*>
    cloudWatchLogsRoleArn: <the ARN of a role that cloudtrail.amazonaws.com may assume>
  In AWS, at once:
    aws cloudtrail update-trail --region eu-central-1 --name arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4 --cloud-watch-logs-log-group-arn '<LOG GROUP ARN>' --cloud-watch-logs-role-arn '<ROLE ARN>'

payments/dev audit
  arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4
  - [mandatory]  cloudtrail-cloudwatch-logs-integrated (in the baseline)
    [log-group-arn-without-wildcard] cloudWatchLogsGroupArn is
    arn:aws:logs:eu-central-1:123456789012:log-group:audit, without the :* at its end that
    CloudTrail requires, so AWS will refuse the trail. Append :* to it.

old/infra Platform/AuditTrail
  urn:pulumi:infra::old::aws:cloudtrail/trail:Trail::Platform
  - [mandatory]  cloudtrail-cloudwatch-logs-integrated
    [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail
    sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending
    in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.

(only in AWS) clicked-together
  arn:aws:cloudtrail:us-east-1:123456789012:trail/clicked-together
  - [mandatory]  cloudtrail-cloudwatch-logs-integrated
    [not-integrated] Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail
    sends nothing to CloudWatch Logs. Set cloudWatchLogsGroupArn to the ARN of a log group, ending
    in :*, and cloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume.

landing/zone
  - [advisory]  cloudtrail-log-group-and-role-exist
    [no-trail] Stack "landing/zone" declares no CloudTrail trail, but must have one.

Cannot tell:
  - cloudtrail-role-can-deliver: waits on cloudWatchLogsRoleArn (payments/dev audit)

Exempt:
  - cloudtrail-cloudwatch-logs-integrated: [not-integrated] by vendor-*, until 2026-12-20: The
    vendor reads the bucket. SEC-1204 (vendor/prod vendor-audit)
  - cloudtrail-cloudwatch-logs-integrated: [role-missing] by vendor-*, without a last day: For ever
    (vendor/prod vendor-audit)

Excepted:
  - cloudtrail-log-group-and-role-exist: [log-group-not-in-stack] by EXC-1: Accepted until the
    migration (vendor/prod vendor-audit)

Found in another stack:
  - role arn:aws:iam::123456789012:role/delivery, in shared/roles (shared/logging organization)

In the baseline, and gone now:
  - payments/prod old-audit: cloudtrail-cloudwatch-logs-integrated [role-missing]

Exemptions that end within 30 days, or have ended:
  - vendor-*, from cloudtrail-cloudwatch-logs-integrated, until 2026-12-20: The vendor reads the
    bucket. SEC-1204

Exemptions that match nothing:
  - legacy-* in payments/*, from cloudtrail-cloudwatch-logs-integrated: Gone since spring

Could not be read:
  - states/broken.json: It is not JSON: line 3, column 7.

Mistakes in the configuration:
  - cloudtrail-log-group-and-role-exist: externalTarget is not a property of this policy (did you
    mean externalTargets?).

Remarks:
  - 2 stacks are in two files; the newer one was read.
  - landing/zone: AWS makes the trails of a landing zone, and the stack does not show them.

Trails: 6 (3 wrong, 1 known, 1 excepted, 1 right)
Stacks: 7 (2 without a trail; 1 more could not be read)
Something mandatory is wrong that is not in the baseline.

This is what Pulumi recorded in the state of each stack. It is not what AWS has now. AWS was asked
which trails account 123456789012 has: those that no state holds are listed, too.
cloudtrail-cloudwatch-logs 0.5.0, 2026-11-29T04:31:00Z, configuration policies.json
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, baseline last-month.json.
Evidence for 24 compliance frameworks, from AWS CCPA Framework to AWS PCI-DSS 4.0.
"""


def table(evidence: Evidence, width: int = 100) -> list[str]:
    return written(evidence, width, False).split("\n\n")[0].splitlines()


def right_trails(count: int) -> Evidence:
    return replace(EMPTY, trails=tuple(trail("a/dev", f"trail-{number}", *RIGHT) for number in range(count)))


def test_the_whole_of_it() -> None:
    assert written(EVIDENCE, 100, False) == WHOLE


def test_nothing_to_say() -> None:
    assert written(EMPTY, 80, False) == (
        "There is no trail.\n\n"
        "Trails: 0\nStacks: 0 (0 without a trail)\nNothing mandatory is wrong.\n\n"
        "This is what Pulumi recorded in the state of each stack. It is not what AWS has\nnow.\n"
        "cloudtrail-cloudwatch-logs 0.5.0, 2026-11-29T04:31:00Z, configuration none.\n"
    )


def test_a_preview() -> None:
    said = "This is what one preview reported about the program. It is not what AWS has.\n"
    assert said in written(replace(EMPTY, of_preview=True), 80, False)
    assert said not in written(EMPTY, 80, False)


def test_many_right_trails_are_only_counted() -> None:
    wrong = replace(right_trails(101), trails=(*right_trails(101).trails, TRAILS[0]))
    assert len(table(right_trails(100))) == 101
    assert table(right_trails(101)) == ["101 trails, not listed here: each is right or has nothing to check."]
    assert table(wrong) == [
        "STACK          TRAIL  REGION        INTEGRATED  EXIST  DELIVER",
        "payments/prod  audit  eu-central-1  wrong       -      -",
        "101 more trails, not listed here: each is right or has nothing to check.",
    ]
    assert "Trails: 102 (1 wrong, 101 right)\n" in written(wrong, 100, False)


def test_many_trails_that_share_something_are_named_in_part() -> None:
    found = TRAILS[2].elsewhere
    few, many = (
        written(replace(right_trails(count), trails=tuple(replace(each, elsewhere=found) for each in right_trails(count).trails)), 200, False)
        for count in (5, 2_000)
    )  # fmt: skip
    said = "  - role arn:aws:iam::123456789012:role/delivery, in shared/roles (a/dev trail-0, a/dev trail-1, a/dev trail-2, a/dev trail-3"
    assert f"{said} and a/dev trail-4)\n" in few
    assert f"{said}, a/dev trail-4 and 1995 more)\n" in many
    assert len(many.splitlines()) < 20


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (120, "platform-payments-europe/production  organization-wide-audit  eu-central-1  right       right  right"),
        (100, "platform-payments-eur…/production  organization-wide-audit  eu-central-1  right       right  right"),
        (80, "platform-pa…uction  organizatio…-audit  eu-central-1  right       right  right"),
        (70, "platform…tion  organiza…udit  eu-central-1  right       right  right"),
        (60, "platform-…ction  organizat…audit  right       right  right"),
        (20, "platfor…tion  organiz…udit  right       right  right"),
    ],
)
def test_a_narrow_terminal_takes_the_middle_of_names_and_then_the_region(width: int, shown: str) -> None:
    row = trail("platform-payments-europe/production", "organization-wide-audit", *RIGHT)
    assert table(replace(EMPTY, trails=(row,)), width)[1] == shown


def test_wide_characters_and_accents_keep_the_columns() -> None:
    rows = tuple(trail(f"{name}/dev", "audit", *RIGHT) for name in ("plain", "監査の証跡", "cafe\u0301"))
    lines = table(replace(EMPTY, trails=rows))
    assert lines[1:] == [
        "plain/dev       audit  eu-central-1  right       right  right",
        "監査の証跡/dev  audit  eu-central-1  right       right  right",
        "cafe\u0301/dev        audit  eu-central-1  right       right  right",
    ]
    assert {columns(line) for line in lines[1:]} == {61}


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 6, "abcdef"),
        ("abcdefghij", 7, "abcd…ij"),
        ("監査の証跡", 7, "監査…跡"),
        ("監査の証跡", 6, "監…跡 "),
    ],
)
def test_a_cell_has_its_width(text: str, width: int, expected: str) -> None:
    assert fitted(text, width) == expected
    assert columns(fitted(text, width)) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 7, ["one two", "  three"]),
        ("one two three", 6, ["one", "  two", "  three"]),
        ("a arn:aws:iam::123456789012:role/long b", 10, ["a", "  arn:aws:iam::123456789012:role/long", "  b"]),
        ("監査 監査", 8, ["監査", "  監査"]),
        ("監査 監査", 9, ["監査 監査"]),
        ("", 9, [""]),
    ],
)
def test_wrapping(text: str, width: int, expected: list[str]) -> None:
    assert list(wrapped(text, width, "  ", "")) == expected


def test_colours_stand_beside_words_only() -> None:
    plain, coloured = (written(EVIDENCE, 100, colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r" +$", "", COLOUR.sub("", coloured), flags=re.MULTILINE) == plain
    assert "\x1b[31;1mwrong     \x1b[0m" in coloured
    assert "\x1b[33mknown     \x1b[0m" in coloured
    assert "- \x1b[31;1m[mandatory]\x1b[0m  cloudtrail-cloudwatch-logs-integrated\n" in coloured
    assert "- \x1b[33m[mandatory]\x1b[0m  cloudtrail-cloudwatch-logs-integrated (in the baseline)\n" in coloured
    assert "- \x1b[33m[advisory]\x1b[0m  cloudtrail-log-group-and-role-exist\n" in coloured


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_hostile_text_cannot_disturb_a_terminal(width: int) -> None:
    for colour in (False, True):
        shown = COLOUR.sub("", written(HOSTILE_EVIDENCE, width, colour))
        assert {each for each in shown if not each.isprintable()} == {"\n"}
    assert HOSTILE not in shown
    assert "<img src=x onerror=alert(1)> ``` | **a** | ]]> & ??[31m" in " ".join(shown.split())


@pytest.mark.parametrize("command", ["##vso[task.complete]", "##[error]no", "::error file=a::no", "\n::error::no"])
def test_no_text_is_a_command_of_ci(command: str) -> None:
    row = replace(
        HOSTILE_EVIDENCE.trails[0], name=command, stack=command, arn="", urn=f"urn:{command}", command=command
    )
    stack = StackRow(command, command, remarks=(command,))
    for width in (1, 100):
        shown = written(replace(HOSTILE_EVIDENCE, trails=(row,), stacks=(stack,), remarks=(command,)), width, False)
        assert "##" not in shown
        assert not [line for line in shown.splitlines() if line.strip().startswith("::")]


def test_lines_are_no_wider_than_the_terminal_but_for_what_is_copied() -> None:
    for width in (80, 100, 140):
        long = [line for line in written(EVIDENCE, width, False).splitlines() if columns(line) > width]
        assert [line.split()[0] for line in long] == ["cloudWatchLogsRoleArn:", "aws"][width > 87 :]
