"""What the rows of an audit say, field by field: of trails, and of stacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.configuration.settings import ExistSettings, IntegratedSettings
from cloudtrail_logs.fleet.audit import Source, audit
from cloudtrail_logs.fleet.evidence import (
    Excepted,
    Exempted,
    Finding,
    Place,
    PolicyAnswer,
    StackRow,
    Standing,
    TrailRow,
)
from cloudtrail_logs.fleet.judged_state import JudgedState, Terms, in_utc, judge_state, place_of
from cloudtrail_logs.fleet.states import parse_state
from cloudtrail_logs.fleet.workers import Here, Workers
from cloudtrail_logs.model.verdict import Code
from cloudtrail_logs.rules import role_can_deliver
from tests.fleet.fleets import DELIVER, EXIST, INTEGRATED, Stack, terms
from tests.fleet.kinds import READ, cloud_control, native, templates, terraform, trail, whole
from tests.policies.template_cases import STACK, STACK_ARN, WIRED, template
from tests.stacks import ACCOUNT, UNKNOWN

ARN = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/audit"
URN = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::audit"
RIGHT = tuple(PolicyAnswer(policy, Standing.RIGHT, "advisory") for policy in (INTEGRATED, EXIST, DELIVER))
OFF = Finding(
    "logging-disabled", "enableLogging is false, so the trail is switched off and records nothing. Set it to true."
)
Add = Callable[[Stack], object]


def judged(*parts: Add, given: Terms | None = None, name: str = "") -> JudgedState:
    """A state that these add to."""
    stack = Stack("shop/dev")
    for add in parts:
        add(stack)
    state = parse_state(json.dumps(stack.export()).encode())
    return judge_state(state, "states/dev.json", given or terms(), name)


def audit_trail(**properties: Any) -> Add:
    """A right trail, with other values for some of its properties."""
    return lambda stack: trail(stack, "audit", whole(stack, "logs", **properties))


def row_of(*parts: Add, given: Terms | None = None) -> TrailRow:
    (row,) = judged(*parts, given=given).trails
    return row


def test_a_whole_row() -> None:
    row = TrailRow(
        stack="shop/dev",
        urn=URN,
        name="audit",
        aws_name="audit",
        arn=ARN,
        region="us-east-1",
        account=ACCOUNT,
        type="aws:cloudtrail:Trail",
        state="states/dev.json",
        time="2026-11-28T09:15:00Z",
        answers=RIGHT,
    )
    assert row_of(audit_trail()) == row


def test_a_whole_row_of_a_stack() -> None:
    stack = StackRow(
        stack="shop/dev",
        state="states/dev.json",
        time="2026-11-28T09:15:00Z",
        resources=6,
        trails=1,
        urn="urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
    )
    assert judged(audit_trail()).row == stack
    assert judged(audit_trail(), name="acme/shop/dev").row.stack == "acme/shop/dev"
    assert judged(audit_trail(), name="acme/shop/dev").trails[0].stack == "acme/shop/dev"


@pytest.mark.parametrize(("time", "expected"), [
    ("2026-11-28T09:15:00Z", "2026-11-28T09:15:00Z"),
    ("2026-11-28T09:15:00.123456789Z", "2026-11-28T09:15:00Z"),
    ("2026-11-28T09:15:00.25-08:00", "2026-11-28T17:15:00Z"),
    ("2026-12-31T23:30:00+01:30", "2026-12-31T22:00:00Z"),
    ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
    ("0001-01-01T00:00:00+01:00", ""),
    ("2026-13-01T00:00:00Z", ""), ("2026-11-28", ""), ("2026-11-28T09:15:00", ""), ("", ""), ("yesterday", ""),
])  # fmt: skip
def test_the_time_of_a_state(time: str, expected: str) -> None:
    assert in_utc(time) == expected


@pytest.mark.parametrize(("position", "expected"), [
    ("project:///__main__.py#17,9", Place("__main__.py", 17, 9)),
    ("project:///infra/index.ts#3", Place("infra/index.ts", 3, 0)),
    ("project:///my files/Pulumi.yaml#1,1", Place("my files/Pulumi.yaml", 1, 1)),
    ("file:///home/me/main.go#40,2", Place("home/me/main.go", 40, 2)),
    ("project:///__main__.py", None), ("https://example.com/a#1", None), ("", None), (None, None), (7, None),
    ("project:///a#b#1", None), (f"project:///a#{'1' * 10}", None),
])  # fmt: skip
def test_where_a_program_declares_a_trail(position: object, expected: Place | None) -> None:
    assert place_of(position) == expected
    row = row_of(lambda stack: trail(stack, "audit", {}, sourcePosition=position))
    assert row.place == expected


WEST = "arn:aws-us-gov:cloudtrail:us-gov-west-1:210987654321:trail/west"


@pytest.mark.parametrize(("properties", "expected"), [
    ({}, ("us-east-1", ACCOUNT, ARN)),
    ({"homeRegion": None}, ("us-east-1", ACCOUNT, ARN)),
    ({"homeRegion": UNKNOWN, "arn": WEST}, ("us-gov-west-1", "210987654321", WEST)),
    ({"homeRegion": "eu-west-1", "arn": UNKNOWN}, ("eu-west-1", "", "")),
    ({"homeRegion": UNKNOWN, "arn": "arn:aws"}, ("", "", "arn:aws")),
])  # fmt: skip
def test_where_a_trail_is(properties: dict[str, Any], expected: tuple[str, str, str]) -> None:
    row = row_of(lambda stack: trail(stack, "audit", properties, provider=""))
    assert (row.region, row.account, row.arn) == expected
    of_provider = row_of(lambda stack: trail(stack, "audit", properties))
    assert of_provider.region == ("eu-west-1" if "eu-west-1" in properties.values() else "us-east-1")


def test_names_and_types() -> None:
    found = judged(templates, cloud_control, terraform, native).trails
    named = {row.label: (row.name, row.logical_id, row.type, row.urn.split("::")[2]) for row in found}
    deployed = "aws:cloudformation/stack:Stack"
    assert named["unset-template/Trail"] == ("unset-template", "Trail", "AWS::CloudTrail::Trail", deployed)
    assert named["controlled"] == ("controlled", "", "AWS::CloudTrail::Trail", "aws:cloudcontrol/resource:Resource")
    assert named["of Terraform"] == ("of Terraform", "", "aws_cloudtrail", "pulumi:terraform:aws_cloudtrail")
    assert named["native"] == ("native", "", "aws-native:cloudtrail:Trail", "aws-native:cloudtrail:Trail")
    assert not {"read-template/Trail", "controlled, read"} & named.keys()


def exempt(**parts: Any) -> Exemption:
    return Exemption("audit", "Until the move.", **parts)


OF_OFF = exempt(codes=frozenset({Code.LOGGING_DISABLED}))
EXEMPTED = (Exempted(OFF, "audit", "Until the move."),)
BARE = {"cloudWatchLogsGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:logs"}


@pytest.mark.parametrize(("properties", "exemption", "standing", "codes", "exempted"), [
    ({}, None, Standing.RIGHT, [], ()),
    ({}, exempt(), Standing.RIGHT, [], ()),
    ({"enableLogging": False}, None, Standing.WRONG, ["logging-disabled"], ()),
    ({"enableLogging": False}, OF_OFF, Standing.EXEMPT, [], EXEMPTED),
    ({"enableLogging": False}, exempt(until=date(2027, 6, 30)), Standing.EXEMPT, [],
     (Exempted(OFF, "audit", "Until the move.", "2027-06-30"),)),
    ({"enableLogging": False}, exempt(until=date(2026, 11, 28)), Standing.WRONG, ["logging-disabled"], ()),
    ({"enableLogging": False, **BARE}, OF_OFF, Standing.WRONG, ["log-group-arn-without-wildcard"], EXEMPTED),
    ({"cloudWatchLogsGroupArn": UNKNOWN}, None, Standing.CANNOT_TELL, [], ()),
])  # fmt: skip
def test_what_a_policy_says(
    properties: Mapping[str, Any],
    exemption: Exemption | None,
    standing: Standing,
    codes: list[str],
    exempted: tuple[Exempted, ...],
) -> None:
    settings = IntegratedSettings(exemptions=(exemption,) if exemption else ())
    state = judged(audit_trail(**properties), given=terms(integrated=settings))
    answer = state.trails[0].answers[0]
    assert (answer.standing, [each.code for each in answer.findings], answer.exempted) == (standing, codes, exempted)
    assert state.used == ({(INTEGRATED, exemption)} if exempted else set())


@pytest.mark.parametrize(("properties", "expected"), [
    ({}, ["", "", ""]),
    ({"cloudWatchLogsGroupArn": UNKNOWN, "cloudWatchLogsRoleArn": UNKNOWN}, [
        "the state does not show cloudWatchLogsGroupArn and cloudWatchLogsRoleArn: encrypted, or left out",
        "the state does not show cloudWatchLogsGroupArn and cloudWatchLogsRoleArn: encrypted, or left out",
        "the state does not show cloudWatchLogsRoleArn: encrypted, or left out",
    ]),
    ({"cloudWatchLogsGroupArn": "", "cloudWatchLogsRoleArn": ""}, ["", "", "the trail names no role"]),
])  # fmt: skip
def test_why_a_policy_has_no_answer(properties: Mapping[str, Any], expected: list[str]) -> None:
    assert [each.why for each in row_of(audit_trail(**properties)).answers] == expected


@pytest.mark.parametrize(("group", "expected"), [
    ("!GetAtt Logs.Arn", ["", "", ""]),
    ("!ImportValue audit-logs", [
        "its template does not show CloudWatchLogsLogGroupArn, which only CloudFormation can resolve",
        "",
        "the name of the log group is not known",
    ]),
])  # fmt: skip
def test_why_a_policy_has_no_answer_about_a_template(group: str, expected: list[str]) -> None:
    def deploy(stack: Stack) -> None:
        body = template(WIRED.replace("!GetAtt Logs.Arn", group))
        stack.add(STACK, "infra", {"name": "infra", "region": "us-east-1", "templateBody": body}, id=STACK_ARN)
        stack.resources[-1]["outputs"]["id"] = STACK_ARN

    assert [each.why for each in row_of(deploy).answers] == expected


def test_an_exception_of_pulumis_own() -> None:
    exceptions = {(INTEGRATED, URN): (Excepted("EXC-1", "Accepted."), Excepted("EXC-2", "Decided."))}
    given = terms("mandatory", exceptions=exceptions)
    expected = PolicyAnswer(INTEGRATED, Standing.EXCEPTED, "mandatory", (OFF,), exceptions=exceptions[INTEGRATED, URN])
    assert row_of(audit_trail(enableLogging=False), given=given).answers[0] == expected
    assert not expected.counts
    # What is right needs none, and another policy has none.
    assert row_of(audit_trail(), given=given).answers == tuple(
        PolicyAnswer(each.policy, Standing.RIGHT, "mandatory") for each in RIGHT
    )
    trusted = terms("mandatory", exceptions={(DELIVER, URN): (Excepted("EXC-1", "Accepted."),)})
    assert row_of(audit_trail(enableLogging=False), given=trusted).answers[0].standing is Standing.WRONG


def test_a_stack_that_must_have_a_trail() -> None:
    given = terms("mandatory", exist=ExistSettings(require_trail=("shop/*",)))
    (answer,) = judged(given=given).row.answers
    assert (answer.policy, answer.standing, answer.level) == (EXIST, Standing.WRONG, "mandatory")
    assert [each.code for each in answer.findings] == ["no-trail"]
    assert judged(audit_trail(), given=given).row.answers == ()
    (answer,) = judged(lambda stack: trail(stack, "audit", {}, **READ), given=given).row.answers
    assert answer.standing is Standing.WRONG
    urn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
    accepted = terms(exist=ExistSettings(require_trail=("*/dev",)), exceptions={(EXIST, urn): (Excepted("E", "r"),)})
    assert judged(given=accepted).row.answers[0].standing is Standing.EXCEPTED


def test_what_cannot_be_seen_in_a_stack() -> None:
    state = judged(templates, lambda stack: stack.add("aws:controltower/landingZone:LandingZone", "zone", {}))
    assert state.row.remarks == (
        "AWS makes the trails of a landing zone, and the stack does not show them.",
        'Whether "transformed" creates a trail cannot be told: its template has a macro (Transform), which only '
        "CloudFormation can expand.",
        'Whether "unknown template" creates a trail cannot be told: its template is not known.',
    )
    assert state.row.trails == len(state.trails)
    assert judged(audit_trail()).row.remarks == ()


def test_a_trail_that_cannot_be_judged_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = role_can_deliver.judge

    def raising(given: Any, *more: Any) -> Any:
        if given.urn == URN:
            raise KeyError("hunter2")
        return judge(given, *more)

    monkeypatch.setattr(role_can_deliver, "judge", raising)
    failing, other = judged(audit_trail(), lambda stack: trail(stack, "other", {})).trails
    why = "it was not checked: KeyError. Please report this"
    assert failing.answers == (*RIGHT[:2], PolicyAnswer(DELIVER, Standing.CANNOT_TELL, "advisory", why=why))
    assert [each.standing for each in other.answers][::2] == [Standing.WRONG, Standing.NOTHING_TO_CHECK]


def test_of_two_states_of_a_stack_the_newer_counts(tmp_path: Path) -> None:
    def write(name: str, time: str, **properties: Any) -> Source:
        stack = Stack("shop/dev", time=time)
        audit_trail(**properties)(stack)
        path = tmp_path / name
        path.write_text(json.dumps(stack.export()))
        return Source(path, shown=name)

    def found(*sources: Source) -> tuple[list[str], list[str]]:
        with Workers(Here, 1) as workers:
            result = audit(sources, terms(), workers)
        return [row.state for row in result.trails], [f"{each.state}: {each.reason}" for each in result.older]

    old = write("old.json", "2026-11-28T23:30:00-08:00")
    new = write("new.json", "2026-11-29T08:00:00Z")
    why = 'old.json: It is not checked, since new.json is a newer state of stack "shop/dev".'
    assert found(old, new) == found(new, old) == (["new.json"], [why])
    same = write("same.json", "2026-11-29T08:00:00Z")
    why = 'same.json: It is not checked, since new.json is a state with the same time of stack "shop/dev".'
    assert found(new, same) == (["new.json"], [why])
    exported = replace(new, stack="acme/shop/dev")
    assert found(old, exported) == (["new.json", "old.json"], [])  # perhaps of another organization


def encrypted(provider: Any) -> Add:
    """Sets the provider of a state's secrets."""

    def add(stack: Stack) -> None:
        stack.secrets_provider = provider

    return add


def of_cloud(**names: Any) -> dict[str, Any]:
    """The provider of secrets that Pulumi Cloud gives a stack."""
    names = {"owner": "acme", "project": "shop", "stack": "dev", **names}
    return {"type": "service", "state": {"url": "https://api.pulumi.com", **names}}


@pytest.mark.parametrize(("provider", "name"), [
    (of_cloud(), "acme/shop/dev"),
    # The state was made for another stack, and imported.
    (of_cloud(stack="prod"), "shop/dev"),
    (of_cloud(project="web"), "shop/dev"),
    (of_cloud(project="other/shop"), "shop/dev"),
    (of_cloud(owner=""), "shop/dev"),
    (of_cloud(owner=None), "shop/dev"),
    (of_cloud(owner="a/b"), "shop/dev"),
    ({"type": "passphrase", "state": {"salt": "v1:x"}}, "shop/dev"),
    ({"type": "cloud", "state": of_cloud()["state"]}, "shop/dev"),
    ({"type": "service", "state": "acme"}, "shop/dev"),
    ({"type": "service"}, "shop/dev"),
    ("service", "shop/dev"),
    (None, "shop/dev"),
])  # fmt: skip
def test_the_organization_of_a_stack(provider: Any, name: str) -> None:
    assert judged(encrypted(provider)).row.stack == name
    assert judged(encrypted(provider), name="other/shop/dev").row.stack == "other/shop/dev"
