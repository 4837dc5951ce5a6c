"""What a terminal shows of an audit, exactly, at any width; and that no text of a state disturbs a terminal."""

import re
from dataclasses import replace

import pytest

from cloudtrail_logs.fleet.evidence import Evidence, PolicyInForce, StackRow
from cloudtrail_logs.fleet.formats.text import columns, fitted, wrapped, written
from cloudtrail_logs.fleet.formats.verdict import verdict
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
RECENT = replace(EMPTY.policies[0], name="cloudtrail-delivery-is-recent")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WHOLE = """\
STACK          TRAIL          RESULT    ACCOUNT       UPDATED     INTEGRATED  EXIST     DELIVER
payments/prod  audit          wrong     123456789012  2026-11-28  wrong       -         -
payments/dev   audit          known     123456789012  2026-11-28  known       right     cannot tell
shared/l…ging  organization   right     123456789012  2026-11-28  right       right     right
vendor/prod    vendor-audit   excepted  123456789012  2026-11-28  exempt      excepted  -
old/infra      Platform…rail  wrong     -             2021-03-04  wrong       -         -
(only in AWS)  clicked-…ther  wrong     123456789012  -           wrong       -         -

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
    cloudWatchLogsGroupArn: <the ARN of a log group in eu-central-1, ending in :*>
    cloudWatchLogsRoleArn: <the ARN of a role that cloudtrail.amazonaws.com may assume>
  In AWS, with the values filled in:
    aws cloudtrail update-trail --region eu-central-1 --name arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4 --cloud-watch-logs-log-group-arn '<LOG GROUP ARN>' --cloud-watch-logs-role-arn '<ROLE ARN>'

payments/dev audit
  arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4
  - [mandatory]  cloudtrail-cloudwatch-logs-integrated (in the baseline)
    [log-group-arn-without-wildcard] cloudWatchLogsGroupArn is
    arn:aws:logs:eu-central-1:123456789012:log-group:audit, without the :* at its end that
    CloudTrail requires, so AWS will refuse the trail. Append :* to it.
  Set:
    cloudWatchLogsGroupArn: arn:aws:logs:eu-central-1:123456789012:log-group:audit:*
  In AWS:
    aws cloudtrail update-trail --name audit-1a2b3c4 --cloud-watch-logs-log-group-arn 'arn:aws:logs:eu-central-1:123456789012:log-group:audit:*'

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

A command changes only AWS. Change the program as well, or the next pulumi up undoes it.

Cannot tell:
  - cloudtrail-role-can-deliver: waits on cloudWatchLogsRoleArn (payments/dev audit)

Exempt:
  - cloudtrail-cloudwatch-logs-integrated: [not-integrated] exempt by the entry for vendor-*: The
    vendor reads the bucket. SEC-1204, until 2026-12-20 (vendor/prod vendor-audit)
  - cloudtrail-cloudwatch-logs-integrated: [role-missing] exempt by the entry for vendor-*: For
    ever, without a last day (vendor/prod vendor-audit)

Excepted:
  - cloudtrail-log-group-and-role-exist: [log-group-not-in-stack] by EXC-1: Accepted until the
    migration (vendor/prod vendor-audit)

Found in another stack:
  - role arn:aws:iam::123456789012:role/delivery, in shared/roles (shared/logging organization)

No longer reported (2):
  - payments/prod old-audit: cloudtrail-cloudwatch-logs-integrated [role-missing]
  - shared/roles: cloudtrail-log-group-and-role-exist [no-trail]

In the baseline, but its stack is not in this audit (1):
  - retired/prod audit: cloudtrail-cloudwatch-logs-integrated [not-integrated]

Exemptions that end within 30 days, or have ended (1):
  - vendor-*, from cloudtrail-cloudwatch-logs-integrated, until 2026-12-20: The vendor reads the
    bucket. SEC-1204

Exemptions that match nothing (1):
  - legacy-* in payments/*, from cloudtrail-cloudwatch-logs-integrated: Gone since spring

Could not be read (1):
  - states/broken.json: It is not JSON: line 3, column 7.

Older states, not used (1):
  - copy/dev.json: It is not checked, since a newer state of stack "payments/dev" was read.

Mistakes in the configuration (1):
  - cloudtrail-log-group-and-role-exist: externalTarget is not a property of this policy (did you
    mean externalTargets?).

Remarks (2):
  - cloudtrail-delivery-is-recent did not run: askAws is not true.
  - landing/zone: AWS makes the trails of a landing zone, and the stack does not show them.

4 of 6 trails have problems, 3 of them new, 3 of those mandatory. 1 stack lacks its trail, which is
new, but not mandatory.
Trails: 6 (3 wrong, 1 known, 1 excepted, 1 right)
Stacks: 7 (2 without a trail; 1 source could not be read)
Oldest state: 2021-03-04 (old/infra)

This is what Pulumi recorded in the state of each stack. It is not what AWS has now. AWS was asked
which trails account 123456789012 has: those that no state holds are listed, too. It does not show
whether events arrive.
cloudtrail-cloudwatch-logs 0.5.0, 2026-11-29T04:31:00Z, configuration policies.json
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, baseline last-month.json.
The control is part of 24 compliance frameworks.
"""


def table(evidence: Evidence, width: int = 100) -> list[str]:
    return written(evidence, width, False).split("\n\n")[0].splitlines()


def right_trails(count: int) -> Evidence:
    return replace(EMPTY, trails=tuple(trail("a/dev", f"trail-{number}", *RIGHT) for number in range(count)))


def test_the_whole_of_it() -> None:
    assert written(EVIDENCE, 100, False) == WHOLE


def test_nothing_to_say() -> None:
    assert written(EMPTY, 80, False) == (
        "There is no trail.\nTrails: 0\nStacks: 0 (0 without a trail)\n\n"
        "This is what Pulumi recorded in the state of each stack. It is not what AWS has\n"
        "now. It does not show trails that are in no Pulumi stack, or whether events\narrive.\n"
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
        "STACK          TRAIL  RESULT  REGION        ACCOUNT       UPDATED     INTEGRATED  EXIST  DELIVER",
        "payments/prod  audit  wrong   eu-central-1  123456789012  2026-11-28  wrong       -      -",
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
        (
            150,
            "platform-payments-europe/production  organization-wide-audit  right   eu-central-1  123456789012  2026-11-28  right       right  right",
        ),
        (
            120,
            "platform-paym…duction  organization-…e-audit  right   eu-central-1  123456789012  2026-11-28  right       right  right",
        ),
        (102, "platfor…tion  organiz…udit  right   eu-central-1  123456789012  2026-11-28  right       right  right"),
        (101, "platform-pa…uction  organizatio…-audit  right   123456789012  2026-11-28  right       right  right"),
        (88, "platfor…tion  organiz…udit  right   123456789012  2026-11-28  right       right  right"),
        (87, "platform-pa…uction  organizatio…-audit  right   2026-11-28  right       right  right"),
        (74, "platfor…tion  organiz…udit  right   2026-11-28  right       right  right"),
        (73, "platform-pa…ction  organizatio…audit  right   right       right  right"),
        (20, "platfor…tion  organiz…udit  right   right       right  right"),
    ],
)
def test_a_narrow_terminal_takes_the_middle_of_names_and_then_columns(width: int, shown: str) -> None:
    row = trail("platform-payments-europe/production", "organization-wide-audit", *RIGHT)
    assert table(replace(EMPTY, trails=(row,)), width)[1] == shown


def test_wide_characters_and_accents_keep_the_columns() -> None:
    rows = tuple(trail(f"{name}/dev", "audit", *RIGHT) for name in ("plain", "監査の証跡", "cafe\u0301"))
    lines = table(replace(EMPTY, trails=rows), 120)
    assert lines[1:] == [
        "plain/dev       audit  right   eu-central-1  123456789012  2026-11-28  right       right  right",
        "監査の証跡/dev  audit  right   eu-central-1  123456789012  2026-11-28  right       right  right",
        "cafe\u0301/dev        audit  right   eu-central-1  123456789012  2026-11-28  right       right  right",
    ]
    assert {columns(line) for line in lines[1:]} == {95}


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
    beyond = {80: ["GroupArn:", "RoleArn:", "aws", "GroupArn:", "aws"], 100: ["aws", "aws"], 140: ["aws"] * 2}
    for width, first in beyond.items():
        long = [line for line in written(EVIDENCE, width, False).splitlines() if columns(line) > width]
        assert [line.split()[0].removeprefix("cloudWatchLogs") for line in long] == first


def test_what_is_said_once_of_all_commands() -> None:
    said = "\n\nA command changes only AWS. Change the program as well, or the next pulumi up undoes it.\n\n"
    only_aws = replace(TRAILS[-1], command="aws cloudtrail start-logging --name clicked-together")
    for trails, count in ((TRAILS, 1), (TRAILS * 2, 1), (TRAILS[2:], 0), ((only_aws,), 0)):
        assert written(replace(EVIDENCE, trails=trails), 100, False).count(said) == count


@pytest.mark.parametrize(
    ("command", "title"),
    [
        ("aws cloudtrail start-logging --name audit", "In AWS:"),
        ("aws cloudtrail start-logging --name '<the name of the trail>'", "In AWS, with the values filled in:"),
        ("aws cloudtrail start-logging --name 'a < b'", "In AWS:"),
    ],
)
def test_a_command_that_is_to_be_filled_in_says_so(command: str, title: str) -> None:
    shown = written(replace(EMPTY, trails=(replace(TRAILS[0], command=command),)), 100, False)
    assert f"  {title}\n    {command}\n" in shown


def test_the_oldest_state() -> None:
    times = ("2026-11-28T09:15:00Z", "2023-01-01T23:59:59Z", "", "2023-01-02T00:00:00Z")
    stacks = [StackRow(f"sec/{number}", "a.json", time) for number, time in enumerate(times)]
    for given, said in ((stacks, "2023-01-01 (sec/1)"), (stacks[::2], "2026-11-28 (sec/0)"), (stacks[2:3], "")):
        shown = written(replace(EMPTY, stacks=tuple(given)), 100, False)
        assert re.findall(r"^Oldest state: (.*)$", shown, re.MULTILINE) == [said] * bool(said)


@pytest.mark.parametrize(
    ("evidence", "colour"),
    [
        (EVIDENCE, "31;1"),
        (replace(EMPTY, stacks=EVIDENCE.stacks), "33"),
        (replace(EMPTY, unread=EVIDENCE.unread), "33"),
        (EMPTY, "32"),
        (replace(EMPTY, older=EVIDENCE.older), "32"),
    ],
)
def test_the_verdict_has_the_colour_of_its_weight(evidence: Evidence, colour: str) -> None:
    assert f"\x1b[{colour}m{verdict(evidence)}\x1b[0m\n" in written(evidence, 200, True)


def test_no_two_lines_are_blank() -> None:
    without = replace(EVIDENCE, policies=(), trails=(trail("a/b", "t"),))
    for evidence in (EVIDENCE, EMPTY, HOSTILE_EVIDENCE, without):
        assert "\n\n\n" not in written(evidence, 100, False)
        assert not written(evidence, 100, False).startswith("\n")


@pytest.mark.parametrize(
    ("asked", "policies", "said"),
    [
        ((), EMPTY.policies, "It does not show trails that are in no Pulumi stack, or whether events arrive."),
        (("1",), EMPTY.policies, "It does not show whether events arrive."),
        ((), (RECENT,), "It does not show trails that are in no Pulumi stack."),
        (("1",), (RECENT,), ""),
    ],
)
def test_what_an_audit_does_not_show(asked: tuple[str, ...], policies: tuple[PolicyInForce, ...], said: str) -> None:
    shown = " ".join(written(replace(EMPTY, asked=asked, policies=policies), 100, False).split())
    assert re.findall(r"It does not show.*?\.", shown) == [said] * bool(said)
