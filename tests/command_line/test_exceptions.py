"""Exemptions of the pack, written as exceptions of Pulumi's own."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from command_line.check_config import findings_in
from command_line.exceptions import convert, converted, trails_in
from command_line.finding import Weight

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
TODAY = date(2026, 11, 24)


def trail(name: str, stack: str = "dev", token: str = "aws:cloudtrail/trail:Trail", **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:{stack}::shop::{token}::{name}"
    return {"urn": urn, "type": token, "inputs": {"name": f"{name}-1a2b"}, "outputs": {"name": f"{name}-1a2b"}, **more}


AUDIT, EVENTS = (
    trail("audit"),
    trail("events", token="aws-native:cloudtrail:Trail", outputs={"trailName": "the-events"}),
)
STATE = {
    "version": 3,
    "deployment": {
        "resources": [
            {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"},
            trail("old", delete=True),
            trail("read", external=True),
            EVENTS,
            AUDIT,
        ]
    },
}


def test_the_trails_of_a_state() -> None:
    assert {urn: (names.label, names.name, names.project, names.stack) for urn, names in trails_in(STATE).items()} == {
        AUDIT["urn"]: ("audit", "audit-1a2b", "shop", "dev"),
        EVENTS["urn"]: ("events", "the-events", "shop", "dev"),
    }


def test_what_deploys_a_template_with_a_trail_is_named_by_its_own_name() -> None:
    body = {"templateBody": "Resources: {T: {Type: AWS::CloudTrail::Trail}}"}
    deploying = [
        trail("infra", token="aws:cloudformation/stack:Stack", outputs=body),
        trail("other", token="aws:cloudformation/stack:Stack", outputs={"templateBody": "Resources: {}"}),
        trail("control", token="aws:cloudcontrol/resource:Resource", outputs={"typeName": "AWS::CloudTrail::Trail"}),
    ]
    state = {"deployment": {"resources": deploying}}
    assert [names.label for names in trails_in(state).values()] == ["infra", "control"]


@pytest.mark.parametrize("state", [{}, {"deployment": None}, {"deployment": {"resources": None}}, {"deployment": {"resources": []}}, {"deployment": 1}, {"deployment": {"resources": 1}}, {"deployment": {"resources": [1, {"type": [], "urn": 1}, {**AUDIT, "urn": None}]}}])  # fmt: skip
def test_a_state_without_trails(state: Any) -> None:
    assert trails_in(state) == {}


CONVERTED: list[tuple[dict[str, Any], list[str]]] = [
    ({"trail": "audit", "reason": "S3."}, [AUDIT["urn"]]),
    ({"trail": "audit-1a2b", "reason": "S3."}, [AUDIT["urn"]]),
    ({"trail": "the-*", "project": "shop", "stack": "dev", "reason": "S3."}, [EVENTS["urn"]]),
    ({"trail": "*", "reason": "S3."}, sorted([AUDIT["urn"], EVENTS["urn"]])),
]
KEPT: list[tuple[dict[str, Any], str]] = [
    ({"trail": "audit", "reason": "S3.", "codes": ["role-missing"]}, "it has codes, and an exception hides every code of the policy"),
    ({"trail": "audit", "reason": "S3.", "until": "2027-06-30"}, "it ends on 2027-06-30, and an exception in a file has no last day"),
    ({"trail": "audit", "reason": "S3.", "until": "2026-11-23"}, "it expired on 2026-11-23"),
    ({"trail": "audit", "reason": "S3.", "tags": {"env": "dev"}}, "it has tags, and an exception has none"),
    ({"trail": "old", "reason": "S3."}, "it covers no trail of this state"),
    ({"trail": "read", "reason": "S3."}, "it covers no trail of this state"),
    ({"trail": "audit", "stack": "prod", "reason": "S3."}, "it covers no trail of this state"),
]  # fmt: skip


@pytest.mark.parametrize(("exemption", "urns"), CONVERTED)
def test_an_exemption_that_can_be_said(exemption: dict[str, Any], urns: list[str]) -> None:
    given = {"all": "mandatory", INTEGRATED: {"exemptions": [exemption], "explain": True}}
    result = converted(given, trails_in(STATE), TODAY)
    assert result.remarks == []
    assert result.configuration == {
        "version": 2,
        "policies": {"all": "mandatory", INTEGRATED: {"explain": True}},
        "exceptions": {"exemption-1": {"reason": "S3.", "match": [{"policies": [INTEGRATED], "targets": urns}]}},
    }


@pytest.mark.parametrize(
    "level", [{INTEGRATED: {"enforcementLevel": "remediate"}}, {"all": "remediate", INTEGRATED: {}}]
)
def test_an_exemption_that_keeps_a_remediation_off(level: dict[str, Any]) -> None:
    exemptions = [{"trail": "audit", "reason": "S3."}]
    given = {**level, INTEGRATED: {**level[INTEGRATED], "exemptions": exemptions}}
    result = converted(given, trails_in(STATE), TODAY)
    assert result.configuration == {"version": 2, "policies": given, "exceptions": {}}
    why = "its policy is at level remediate, and an exception does not keep a remediation off"
    assert result.remarks == [f'{INTEGRATED}: The exemption of trail "audit" (S3.) stays an exemption: {why}.']


def test_the_exemptions_of_other_policies_do_not_stay_at_level_remediate() -> None:
    given = {"all": "remediate", EXIST: {"exemptions": [{"trail": "audit", "reason": "S3."}]}}
    assert converted(given, trails_in(STATE), TODAY).remarks == []


@pytest.mark.parametrize(("exemption", "why"), KEPT)
def test_an_exemption_that_cannot_be_said(exemption: dict[str, Any], why: str) -> None:
    given = {INTEGRATED: {"exemptions": [exemption]}}
    result = converted(given, trails_in(STATE), TODAY)
    assert result.configuration == {"version": 2, "policies": given, "exceptions": {}}
    assert result.remarks == [
        f'{INTEGRATED}: The exemption of trail "{exemption["trail"]}" (S3.) stays an exemption: {why}.'
    ]


def test_a_broken_exemption_stays() -> None:
    given = {INTEGRATED: {"exemptions": [{"trail": "audit"}, "x"]}}
    result = converted(given, trails_in(STATE), TODAY)
    assert result.configuration["policies"] == given
    mistake = "An entry of exemptions stays an exemption: it has a mistake, which check-config names."
    assert result.remarks == [f"{INTEGRATED}: {mistake}"] * 2


def test_what_is_there_stays_and_policies_share_an_exception() -> None:
    exemption = {"trail": "audit", "reason": "S3."}
    before = {"reason": "Old.", "match": [{"policies": [EXIST], "targets": [EVENTS["urn"]]}]}
    given = {
        "version": 2,
        "environments": ["policies/trails"],
        "policies": {INTEGRATED: {"exemptions": [exemption]}, EXIST: {"exemptions": [exemption]}},
        "exceptions": {"exemption-1": before},
    }
    result = converted(given, trails_in(STATE), TODAY)
    match = {"policies": [INTEGRATED, EXIST], "targets": [AUDIT["urn"]]}
    assert result.configuration == {
        "version": 2,
        "environments": ["policies/trails"],
        "policies": {INTEGRATED: {}, EXIST: {}},
        "exceptions": {"exemption-1": before, "exemption-2": {"reason": "S3.", "match": [match]}},
    }
    findings = findings_in(json.dumps(result.configuration), TODAY)
    assert [each for each in findings if each.weight is Weight.ERROR] == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configuration, state = tmp_path / "policies.json", tmp_path / "state.json"
    state.write_text(json.dumps(STATE))
    for exemption, status in ((CONVERTED[0][0], 0), (KEPT[0][0], 1)):
        configuration.write_text(json.dumps({INTEGRATED: {"exemptions": [exemption]}}))
        assert convert(configuration, state) == status
        printed = capsys.readouterr()
        assert len(json.loads(printed.out)["exceptions"]) == 1 - status
        assert printed.err.count("\n") == status


@pytest.mark.parametrize(("content", "why"), [(None, "No such file or directory"), ("{", "it is not JSON"), ("[]", "it is not an object")])  # fmt: skip
def test_the_command_without_files_to_read(
    content: str | None, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration, state = tmp_path / "policies.json", tmp_path / "state.json"
    configuration.write_text("{}")
    if content is not None:
        state.write_text(content)
    assert convert(configuration, state) == 2
    assert capsys.readouterr().err == f"{state} cannot be read: {why}.\n"


@pytest.mark.parametrize("given", [{"version": 3}, {"version": 2, "policies": [1]}, {"version": 2, "exceptions": "x"}])
def test_the_command_with_what_pulumi_refuses(
    given: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration, state = tmp_path / "policies.json", tmp_path / "state.json"
    configuration.write_text(json.dumps(given))
    state.write_text(json.dumps(STATE))
    assert convert(configuration, state) == 2
    assert capsys.readouterr() == ("", f"{configuration} has mistakes, which check-config names.\n")


def test_a_trail_with_broken_properties_has_its_name_in_the_program() -> None:
    state = {"deployment": {"resources": [{**AUDIT, "outputs": 1, "inputs": [1]}]}}
    assert [names.label for names in trails_in(state).values()] == ["audit"]
