"""`make check-config`: every mistake with its exact line, and nothing about what is right."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from command_line.check_config import check, findings_in
from policies.pack import POLICIES
from tests.analyzers import PACK
from tools.generate.policy_docs import example_of_exemption

from .exception_cases import ACCEPTED, GOOD, REFUSED

TODAY = date(2026, 11, 24)
INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
RECENT = "cloudtrail-delivery-is-recent"
ENTRY = {"trail": "vendor-*", "reason": "Onboarding."}
GROUP = "arn:{partition}:logs:{region}:{account}:log-group:trails"
ROLE = "arn:{partition}:iam::{account}:role/trails"


def lines(given: Any) -> list[str]:
    text = given if isinstance(given, str) else json.dumps(given)
    return [finding.line for finding in findings_in(text, TODAY)]


def exempting(*entries: dict[str, Any]) -> dict[str, Any]:
    return {CAN_DELIVER: {"exemptions": [{**ENTRY, **entry} for entry in entries]}}


RIGHT: list[Any] = [
    {},
    {"all": "mandatory"},
    {"all": {"enforcementLevel": "advisory"}, INTEGRATED: "remediate", EXIST: "disabled"},
    {INTEGRATED: {}},
    {RECENT: {"enforcementLevel": "mandatory", "askAws": True, "maxAgeHours": 48}},
    {"all": "mandatory", RECENT: {"askAws": True}},
    {INTEGRATED: {"enforcementLevel": "disabled"}},
    exempting({"until": "2026-11-24"}, {"trail": "b"}),
    exempting({"codes": ["role-trust-missing"]}, {"codes": ["role-permission-missing"]}),
    exempting({"stack": "dev"}, {"stack": "prod"}),
    exempting({"tags": {"env": "dev"}}, {"tags": {"env": "prod"}}),
    exempting({"tags": {"env": "dev"}}, {"tags": {"team": "dev"}}),
    exempting({"tags": {"env": "*", "team": "shop"}}, {"tags": {"env": "dev", "team": "*"}}),
    exempting({"tags": {"env": "dev"}}, {"tags": {"env": "*"}, "stack": "dev"}),
    exempting({"tags": {"env": "dev"}, "codes": ["role-trust-missing"]}, {"tags": {"env": "dev", "team": "*"}}),
    exempting({"until": "2027-01-01", "stack": "dev"}, {"until": "2027-01-02", "stack": "prod"}),
]


@pytest.mark.parametrize("given", RIGHT)
def test_nothing_is_said_of_what_is_right(given: Any) -> None:
    assert lines(given) == []


UNUSABLE: list[tuple[str, str]] = [
    ("", 'The file is empty. Write {} for no settings, or {"all": "advisory"} for one level.'),
    (" \n", 'The file is empty. Write {} for no settings, or {"all": "advisory"} for one level.'),
    ("[]", 'It is not an object. It begins with { and names policies, such as {"all": "advisory"}.'),
    ('"advisory"', 'It is not an object. It begins with { and names policies, such as {"all": "advisory"}.'),
    ("{", "It is not JSON: line 1, column 2: Expecting property name enclosed in double quotes."),
    ('{\n  "all" "advisory"}', "It is not JSON: line 2, column 9: Expecting ':' delimiter."),
    ("all: advisory", "It is not JSON: line 1, column 1: Expecting value."),
    ('{"all": "advisory", "all": "mandatory"}', '"all" is there twice, and only the last one counts. Merge them.'),
    ('{"' + CAN_DELIVER + '": {"explain": true, "explain": false}}', '"explain" is there twice, and only the last one counts. Merge them.'),
    ('{"' + CAN_DELIVER + '": {"explain": NaN}}', "It has NaN, which is not JSON."),
    ("[" * 100_000, "It is nested too deeply."),
    ('{"x": 1' + "0" * 5_000 + "}", "It has a number that is too long."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), UNUSABLE, ids=range(len(UNUSABLE)))
def test_a_file_that_is_no_configuration(text: str, line: str) -> None:
    assert lines(text) == [f"error: {line}"]


WRONG: list[tuple[Any, list[str]]] = [
    ({"cloudtrail-role-can-delivr": "advisory"}, ["error: cloudtrail-role-can-delivr: The pack has no policy of this name. Did you mean cloudtrail-role-can-deliver?"]),
    ({"x": "advisory"}, [f"error: x: The pack has no policy of this name. Use all, {INTEGRATED}, {EXIST}, {CAN_DELIVER} or {RECENT}."]),
    ({"environments": ["policies/prod"], INTEGRATED: {"explain": True}}, ["warning: environments: They work only with Pulumi Cloud, and pulumi policy enable silently drops them in a CLI older than 3.274. They are not opened here, so what they add is not checked."]),
    ({"environments": "prod"}, ["error: environments: It must be a list of strings: the names of Pulumi ESC environments."]),
    ({"environments": ["prod", 1]}, ["error: environments: It must be a list of strings: the names of Pulumi ESC environments."]),
    ({"all": "remediate"}, ["note: all: Only the first policy has a remediation. For the others remediate acts as mandatory."]),
    ({"a\x1b[31m\nerror: fake": "advisory"}, [f"error: a?[31m?error: fake: The pack has no policy of this name. Use all, {INTEGRATED}, {EXIST}, {CAN_DELIVER} or {RECENT}."]),
    ({"\ud83d": "advisory"}, [f"error: ?: The pack has no policy of this name. Use all, {INTEGRATED}, {EXIST}, {CAN_DELIVER} or {RECENT}."]),
    (exempting({"until": "2026-11-23", "reason": "\x1b[31m\nerror: fake\ud83d"}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (?[31m?error: fake?) expired on 2026-11-23, so its trails are reported again. Remove it, or give it a new day.']),
    ({"all": "mandatry"}, ['error: all: "mandatry" is not a level. Use advisory, mandatory, remediate or disabled.']),
    ({"all": {"enforcementLevel": "mandatory", "explain": True}}, ["error: all: It takes only a level; Pulumi ignores explain. Set explain for each policy."]),
    ({"all": {"explain": True}}, ["error: all: It takes only a level; Pulumi aborts every run with an object without one. Set explain for each policy."]),
    ({"all": True}, ["error: all: It must be a level, or an object with a level and properties."]),
    ({EXIST: "Mandatory"}, [f'error: {EXIST}: "Mandatory" is not a level. Use advisory, mandatory, remediate or disabled.']),
    ({EXIST: "x" * 100 + "\n"}, [f'error: {EXIST}: "{"x" * 39}…{"x" * 19}?" is not a level. Use advisory, mandatory, remediate or disabled.']),
    ({EXIST: {"enforcementLevel": ["x" * 100]}}, [f'error: {EXIST}: ["{"x" * 37}…{"x" * 18}"] is not a level. Use advisory, mandatory, remediate or disabled.']),
    ({RECENT: {"enforcementLevel": "advisory", "askAws": True, "maxAgeHours": 10**100}}, [f"error: {RECENT}: maxAgeHours is 1{'0' * 38}…{'0' * 20}, but must be above 0 and at most 10000. The default 24 is used instead."]),
    ({EXIST: None}, [f"error: {EXIST}: It must be a level, or an object with a level and properties."]),
    ({EXIST: {"enforcementLevel": 1}}, [f"error: {EXIST}: 1 is not a level. Use advisory, mandatory, remediate or disabled."]),
    ({EXIST: {"requireTrail": ["landing-zone/*", "*/prod"], "requireProof": True}}, []),
    ({EXIST: {"requireTrail": ["landing-zone"]}}, [f'error: {EXIST}: requireTrail[0] is "landing-zone", but must have one / between the project and the stack, such as landing-zone/prod, so it matches nothing.']),
    ({RECENT: {"requireProof": True}}, [f'error: {RECENT}: "requireProof" is not a property of this policy (the properties are exemptions, explain, askAws, maxAgeHours, graceHours and timeoutSeconds).', f"warning: {RECENT}: It is disabled, so its properties have no effect."]),
    ({INTEGRATED: {"requireTrail": ["a/b"]}}, [f'error: {INTEGRATED}: "requireTrail" is not a property of this policy (did you mean requireProof?).']),
    ({EXIST: {"exemptions": [{**ENTRY, "codes": ["not-proven"]}]}}, [f'warning: {EXIST}: The exemption of trail "vendor-*" (Onboarding.) has no effect on not-proven, since requireProof is not true.']),
    ({CAN_DELIVER: {"requireProof": True, "exemptions": [{**ENTRY, "codes": ["not-proven"]}]}}, []),
    ({EXIST: {"exemptions": [{**ENTRY, "trail": "*", "codes": ["no-trail"]}]}}, [f'warning: {EXIST}: The exemption of trail "*" (Onboarding.) has no effect on no-trail, since requireTrail lists no stack.']),
    ({EXIST: {"requireTrail": ["a/b"], "exemptions": [{**ENTRY, "codes": ["no-trail"]}]}}, [f'warning: {EXIST}: The exemption of trail "vendor-*" (Onboarding.) has no effect on no-trail, which is about a stack and not about a trail. Set its trail to *.']),
    ({EXIST: {"requireTrail": ["a/b"], "exemptions": [{**ENTRY, "trail": "*", "codes": ["no-trail"]}]}}, []),
    ({EXIST: {"explian": True}}, [f'error: {EXIST}: "explian" is not a property of this policy (did you mean explain?).']),
    ({EXIST: {"externalRoles": ["delivery"], "exemptions": [{"trail": "a"}]}}, [
        f'error: {EXIST}: exemptions[0] (trail "a") exempts nothing: its reason is missing: say why, and who decided it.',
        f'error: {EXIST}: externalRoles[0] is "delivery", but a role\'s ARN begins with arn:PARTITION:iam:, so it matches nothing.',
    ]),
    ({EXIST: {"exemptions": [{**ENTRY, "codes": ["role-missing"]}]}}, [
        f'error: {EXIST}: exemptions[0] (trail "vendor-*") exempts nothing: "role-missing" is a code of another policy: move the exemption there.',
    ]),
    ({EXIST: "remediate"}, [f"warning: {EXIST}: It has no remediation: level remediate acts as mandatory."]),
    ({EXIST: {"enforcementLevel": "remediate"}}, [f"warning: {EXIST}: It has no remediation: level remediate acts as mandatory."]),
    ({EXIST: {"enforcementLevel": "disabled", "explain": True}}, [f"warning: {EXIST}: It is disabled, so its properties have no effect."]),
    ({"all": "disabled", EXIST: {"explain": True}}, [f"warning: {EXIST}: It is disabled, so its properties have no effect."]),
    ({RECENT: "advisory"}, [f"warning: {RECENT}: It says nothing at any level, since askAws is not true."]),
    ({RECENT: {"askAws": True}}, [f"warning: {RECENT}: It is disabled, so its properties have no effect."]),
    ({RECENT: {"enforcementLevel": "advisory", "askAws": True, "maxAgeHours": 0}}, [f"error: {RECENT}: maxAgeHours is 0, but must be above 0 and at most 10000. The default 24 is used instead."]),
    (exempting({"until": "2026-11-23"}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) expired on 2026-11-23, so its trails are reported again. Remove it, or give it a new day.']),
    (exempting({}, {}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.']),
    (exempting({"stack": "dev"}, {"reason": "Wider."}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.']),
    (exempting({"reason": "Wider.", "trail": "*"}, {"codes": ["role-trust-missing"], "until": "2027-01-01"}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.']),
    (exempting({"until": "2027-01-01"}, {"until": "2027-01-02", "reason": "Longer."}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.']),
    *[
        (exempting({"tags": narrow}, {**wide, "reason": "Wider."}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.'])
        for narrow, wide in (
            ({"env": "dev"}, {}),
            ({"env": "dev"}, {"trail": "*"}),
            ({"env": "dev"}, {"tags": {"env": "*"}}),
            ({"env": "dev", "team": "shop"}, {"tags": {"team": "shop"}}),
            ({"env": "d*", "team": "shop"}, {"tags": {"team": "*", "env": "d*"}}),
        )
    ],
    (exempting({"tags": {"env": "dev", "team": "shop"}}, {"tags": {"team": "shop", "env": "dev"}, "reason": "Again."}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Again.) has no effect, since another one covers all of it.']),
    ({CAN_DELIVER: {"exemptions": [{**ENTRY, "tags": {"env": 7}}]}}, [f'error: {CAN_DELIVER}: exemptions[0] (trail "vendor-*") exempts nothing: its tag "env" is a number, not a string.']),
    (exempting({"until": "2026-11-23"}, {"until": "2027-01-02", "reason": "Longer."}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.']),
    (exempting({"reason": "Wider.", "project": "*"}, {"project": "shop"}), [f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) has no effect, since another one covers all of it.']),
    (exempting({"reason": "Wider.", "until": "2026-11-23"}, {"until": "2026-11-23"}), [
        f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Wider.) expired on 2026-11-23, so its trails are reported again. Remove it, or give it a new day.',
        f'warning: {CAN_DELIVER}: The exemption of trail "vendor-*" (Onboarding.) expired on 2026-11-23, so its trails are reported again. Remove it, or give it a new day.',
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_or_has_no_effect(given: Any, expected: list[str]) -> None:
    assert lines(given) == expected


TEMPLATES = {"enforcementLevel": "remediate", "logGroupArn": GROUP, "roleArn": ROLE}
UNLISTED = f"warning: {EXIST}: It reports the ARNs that {INTEGRATED} fills in, since no stack declares them. List them in externalLogGroups and externalRoles."  # fmt: skip
NOT_FILLED_IN = f"note: {INTEGRATED}: logGroupArn and roleArn are filled in at level remediate only; at level mandatory reports propose them."  # fmt: skip
MATCHING_GROUP = "arn:aws-cn:logs:*:111122223333:log-group:*"
LISTED = {"externalLogGroups": ["arn:*"], "externalRoles": ["arn:*"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({INTEGRATED: TEMPLATES}, [UNLISTED]),
        ({INTEGRATED: TEMPLATES, EXIST: {"externalLogGroups": ["arn:*"]}}, [UNLISTED.replace("externalLogGroups and ", "")]),
        ({INTEGRATED: TEMPLATES, EXIST: {"externalRoles": ["arn:*"]}}, [UNLISTED.replace(" and externalRoles", "")]),
        ({INTEGRATED: {**TEMPLATES, "logGroupArn": ""}}, [UNLISTED.replace("externalLogGroups and ", "")]),
        ({INTEGRATED: TEMPLATES, EXIST: {"externalLogGroups": ["arn:aws:logs:*:*:log-group:other/*"], "externalRoles": ["arn:aws:iam::*:role/other"]}}, [UNLISTED]),
        ({INTEGRATED: TEMPLATES, EXIST: {"externalLogGroups": [MATCHING_GROUP], "externalRoles": ["arn:aws:iam::11112222333[0-9]:role/*"]}}, []),
        ({INTEGRATED: TEMPLATES, EXIST: {"externalLogGroups": [f"{MATCHING_GROUP}:[*]"], "externalRoles": ["arn:aws:iam::111122223333:role/*"]}}, []),
        ({INTEGRATED: TEMPLATES, EXIST: LISTED}, []),
        ({INTEGRATED: TEMPLATES, EXIST: {**LISTED, "enforcementLevel": "mandatory"}}, []),
        ({INTEGRATED: TEMPLATES, EXIST: {"externalTargets": "accept"}}, []),
        ({INTEGRATED: TEMPLATES, EXIST: "disabled"}, []),
        ({"all": "mandatory", INTEGRATED: {"roleArn": ROLE}}, [NOT_FILLED_IN]),
    ],
)  # fmt: skip
def test_templates_and_what_they_go_with(given: Any, expected: list[str]) -> None:
    assert lines(given) == expected


def test_the_sample_and_the_examples_of_the_docs_are_right() -> None:
    assert lines((PACK / "examples" / "policies.json").read_text()) == []
    for module in POLICIES:
        assert lines(example_of_exemption(module.DESCRIPTION)) == []


# --- the command


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({}, 0, ["no mistakes found."]),
        ({EXIST: "remediate"}, 0, [f"warning: {EXIST}: It has no remediation: level remediate acts as mandatory.", "no mistakes, but see the warnings."]),
        ({"environments": []}, 0, ["warning: environments: They work only with Pulumi Cloud, and pulumi policy enable silently drops them in a CLI older than 3.274. They are not opened here, so what they add is not checked.", "no mistakes, but see the warnings."]),
        ({"all": "x"}, 1, ['error: all: "x" is not a level. Use advisory, mandatory, remediate or disabled.']),
    ],
)  # fmt: skip
def test_the_command(
    given: Any, status: int, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policies.json"
    file.write_text(json.dumps(given))
    assert check(file) == status
    assert capsys.readouterr() == ("".join(f"{file}: {line}\n" for line in said), "")


def test_the_command_without_a_file_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing.json"
    assert check(missing) == 2
    assert capsys.readouterr().err == f"{missing} cannot be read: No such file or directory.\n"
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"\xe9": 1}')
    assert check(latin) == 2
    assert capsys.readouterr().err == f"{latin} cannot be read: it is not UTF-8 text.\n"


# --- version 2

VERSION_2 = "note: version: A CLI older than 3.272 refuses this file."
NOT_ENABLED = (
    "note: exceptions: pulumi policy enable leaves them out. For a required pack, use pulumi policy exception new."
)


@pytest.mark.parametrize(("given", "expected"), [
    ({"version": 2}, [VERSION_2]),
    ({"version": 2.0, "policies": {"all": "mandatory", EXIST: {"explain": True}}, "exceptions": None}, [VERSION_2]),
    ({"version": 2, "policies": {"all": "mandatry"}}, ['error: all: "mandatry" is not a level. Use advisory, mandatory, remediate or disabled.', VERSION_2]),
    ({"version": 2, "all": "mandatory"}, ["error: all: Pulumi ignores it in version 2. Use version, environments, policies or exceptions.", VERSION_2]),
    ({"version": 2, "environments": "prod"}, ["error: environments: It must be a list of strings: the names of Pulumi ESC environments.", VERSION_2]),
    ({"version": 2, "policies": ["all"]}, ["error: policies: It is a list, but must be an object that names policies.", VERSION_2]),
    ({"version": 2, "exceptions": [GOOD]}, ["error: exceptions: It is a list, but must be an object that maps the ID of each exception to the exception.", VERSION_2]),
    ({"version": 3, "policies": {"x": 1}}, ["error: version: Version 3 is not supported. Use version 2."]),
    ({"version": 2.5}, ["error: version: Version 2.5 is not supported. Use version 2."]),
    ({"version": 1}, ['error: version: "version" must be 2.']),
    ({"policies": {"all": "mandatory"}, "exceptions": {"EXC-1": GOOD}}, ['error: exceptions: It needs "version": 2 in the file, and the levels in "policies".']),
    ({"version": "2"}, ["error: version: It must be the number 2."]),
])  # fmt: skip
def test_version_2(given: Any, expected: list[str]) -> None:
    assert lines(given) == expected


@pytest.mark.parametrize(("name", "exception", "said"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_an_exception_that_pulumi_refuses(name: str, exception: Any, said: str) -> None:
    assert lines({"version": 2, "exceptions": {name: exception}}) == [f'error: exceptions "{name}": {said}', VERSION_2]


@pytest.mark.parametrize(("name", "exception", "expected"), ACCEPTED, ids=[name for name, *_ in ACCEPTED])
def test_an_exception_that_pulumi_accepts(name: str, exception: Any, expected: list[str]) -> None:
    assert lines({"version": 2, "exceptions": {name: exception}}) == [*expected, VERSION_2, NOT_ENABLED]


@pytest.mark.parametrize(("exemption", "expected"), [
    ({"trail": "audit", "reason": "S3."}, "covers the same trail. Remove one of them."),
    ({"trail": "aud*", "stack": "dev", "codes": ["role-missing"], "reason": "S3."}, "covers the same trail, and the exception hides the other codes too. Remove one of them."),
    ({"trail": "audit", "stack": "prod", "reason": "S3."}, ""),
    ({"trail": "other", "reason": "S3."}, ""),
])  # fmt: skip
def test_an_exception_that_overlaps_an_exemption(exemption: dict[str, Any], expected: str) -> None:
    policies = {INTEGRATED: {"exemptions": [exemption]}}
    about = (
        f'warning: exceptions "EXC-1": Policy {INTEGRATED} has an exemption of trail "{exemption["trail"]}" (S3.) that '
    )
    overlap = [f"{about}{expected}"] if expected else []
    given = {"version": 2, "policies": policies, "exceptions": {"EXC-1": GOOD}}
    assert lines(given) == [*overlap, VERSION_2, NOT_ENABLED]
    elsewhere = {"version": 2, "policies": {EXIST: {"exemptions": [{"trail": "audit", "reason": "S3."}]}}, "exceptions": {"EXC-1": GOOD}}  # fmt: skip
    assert lines(elsewhere) == [VERSION_2, NOT_ENABLED]


@pytest.mark.parametrize(("policies", "is_remediated"), [
    ({INTEGRATED: "remediate"}, True),
    ({"all": "remediate"}, True),
    ({"all": "remediate", INTEGRATED: "mandatory"}, False),
    ({EXIST: "remediate"}, False),
])  # fmt: skip
def test_an_exception_of_a_trail_that_is_remediated(policies: dict[str, Any], is_remediated: bool) -> None:
    about = f'warning: exceptions "EXC-1": Policy {INTEGRATED} still remediates its trails. Use an exemption instead.'
    found = lines({"version": 2, "policies": policies, "exceptions": {"EXC-1": GOOD}})
    assert (about in found) is is_remediated


def test_very_many_exceptions() -> None:
    exceptions = {f"EXC-{number}": GOOD for number in range(10_000)}
    assert lines({"version": 2, "exceptions": exceptions}) == [VERSION_2, NOT_ENABLED]
