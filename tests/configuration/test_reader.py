"""From configurations to settings: every property with its default, and every mistake with its exact sentence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.configuration.reader import Configuration, read
from cloudtrail_logs.configuration.settings import (
    EXEMPTION_KEYS,
    CanDeliverSettings,
    ExistSettings,
    ExternalRoles,
    ExternalTargets,
    IntegratedSettings,
    RecentSettings,
    Settings,
    settings_of,
)
from cloudtrail_logs.model.verdict import Code
from tests.repeatable import CHARACTERS

CODES = (Code.NOT_INTEGRATED, Code.ROLE_MISSING)
POLICIES = (IntegratedSettings, ExistSettings, CanDeliverSettings, RecentSettings)
GOOD = {"trail": "audit", "reason": "S3 is the record."}
GROUP_TEMPLATE = "arn:{partition}:logs:{region}:{account}:log-group:trails"
ROLE_TEMPLATE = "arn:{partition}:iam::{account}:role/trails"


def mistakes(settings: type[Settings], given: Mapping[str, Any]) -> list[str]:
    return list(read(settings, given, CODES).mistakes)


# --- right


@pytest.mark.parametrize("settings", POLICIES)
def test_nothing_and_the_schemas_defaults_are_the_same(settings: type[Settings]) -> None:
    assert read(settings, {}, CODES) == Configuration(settings())
    defaults = {each.name: each.default for each in settings_of(settings).values()}
    assert read(settings, defaults, CODES) == Configuration(settings())


@pytest.mark.parametrize("settings", POLICIES)
def test_what_all_policies_have(settings: type[Settings]) -> None:
    tags = {"env": "d*", "gitHub:repo-2.x_" + "e" * 24: "*"}
    full = {**GOOD, "project": "sh*", "stack": "dev", "tags": tags, "codes": ["role-missing"], "until": "2027-02-28"}
    configuration = read(settings, {"explain": True, "exemptions": [GOOD, full]}, CODES)
    assert configuration.mistakes == ()
    assert configuration.settings.explain
    assert configuration.settings.exemptions == (
        Exemption("audit", "S3 is the record."),
        Exemption(
            "audit",
            "S3 is the record.",
            "sh*",
            "dev",
            tuple(tags.items()),
            frozenset({Code.ROLE_MISSING}),
            date(2027, 2, 28),
        ),
    )


def test_what_each_policy_has_of_its_own() -> None:
    templates = {"logGroupArn": GROUP_TEMPLATE, "roleArn": ROLE_TEMPLATE}
    assert read(IntegratedSettings, templates, CODES) == Configuration(
        IntegratedSettings(log_group_arn=GROUP_TEMPLATE, role_arn=ROLE_TEMPLATE)
    )
    groups, roles = ["arn:aws:logs:*:*:log-group:audit", "*"], ["arn:aws-cn:iam::123456789012:role/*", "arn:*"]
    assert read(ExistSettings, {"externalLogGroups": groups, "externalRoles": roles}, CODES) == Configuration(
        ExistSettings(external_log_groups=tuple(groups), external_roles=tuple(roles))
    )
    looking = ExistSettings(external_targets=ExternalTargets.LOOKUP)
    assert read(ExistSettings, {"externalTargets": "lookup"}, CODES) == Configuration(looking)
    hours = {"askAws": True, "maxAgeHours": 48.0, "graceHours": 0.5, "timeoutSeconds": 5}
    assert read(RecentSettings, hours, CODES) == Configuration(RecentSettings((), False, True, 48.0, 0.5, 5.0))
    accepting = ExistSettings(external_targets=ExternalTargets.ACCEPT)
    assert read(ExistSettings, {"externalTargets": "accept"}, CODES) == Configuration(accepting)


def test_a_template_of_nothing_is_none() -> None:
    assert read(IntegratedSettings, {"logGroupArn": " ", "roleArn": ""}, CODES) == Configuration(IntegratedSettings())


# --- wrong

OF_EXEMPTIONS: list[tuple[Any, str]] = [
    ("audit", "exemptions[0] exempts nothing: it is a string, not an object."),
    (None, "exemptions[0] exempts nothing: it is null, not an object."),
    ([GOOD], "exemptions[0] exempts nothing: it is a list, not an object."),
    ({}, "exemptions[0] exempts nothing: its trail is missing: give a name or a pattern, such as vendor-*; its reason is missing: say why, and who decided it."),
    ({"reason": "x"}, "exemptions[0] exempts nothing: its trail is missing: give a name or a pattern, such as vendor-*."),
    ({"trail": "audit"}, 'exemptions[0] (trail "audit") exempts nothing: its reason is missing: say why, and who decided it.'),
    ({**GOOD, "reason": " \n"}, 'exemptions[0] (trail "audit") exempts nothing: its reason is empty.'),
    ({**GOOD, "reason": 7}, 'exemptions[0] (trail "audit") exempts nothing: its reason is a number, not a string.'),
    ({**GOOD, "reason": None}, 'exemptions[0] (trail "audit") exempts nothing: its reason is null, not a string.'),
    ({**GOOD, "trail": ""}, 'exemptions[0] (trail "") exempts nothing: its trail is empty.'),
    ({**GOOD, "trail": "a[b"}, 'exemptions[0] (trail "a[b") exempts nothing: its trail has a [ without a ].'),
    ({**GOOD, "trail": ["audit"]}, "exemptions[0] exempts nothing: its trail is a list, not a string."),
    ({**GOOD, "project": " shop"}, 'exemptions[0] (trail "audit") exempts nothing: its project has leading or trailing whitespace.'),
    ({**GOOD, "stack": ""}, 'exemptions[0] (trail "audit") exempts nothing: its stack is empty.'),
    ({**GOOD, "stack": "acme/shop/dev"}, 'exemptions[0] (trail "audit") exempts nothing: its stack is "acme/shop/dev": give the name alone, without a /.'),
    ({**GOOD, "project": "acme/*"}, 'exemptions[0] (trail "audit") exempts nothing: its project is "acme/*": give the name alone, without a /.'),
    ({**GOOD, "stack": True}, 'exemptions[0] (trail "audit") exempts nothing: its stack is a boolean, not a string.'),
    ({**GOOD, "tags": "dev"}, 'exemptions[0] (trail "audit") exempts nothing: its tags are a string, not an object.'),
    ({**GOOD, "tags": None}, 'exemptions[0] (trail "audit") exempts nothing: its tags are null, not an object.'),
    ({**GOOD, "tags": [{"env": "dev"}]}, 'exemptions[0] (trail "audit") exempts nothing: its tags are a list, not an object.'),
    ({**GOOD, "tags": {}}, 'exemptions[0] (trail "audit") exempts nothing: its tags are empty: leave them out to exempt the trail whatever the tags of its stack.'),
    ({**GOOD, "tags": {"env": 1.0}}, 'exemptions[0] (trail "audit") exempts nothing: its tag "env" is a number, not a string.'),
    ({**GOOD, "tags": {"env": ["dev"]}}, 'exemptions[0] (trail "audit") exempts nothing: its tag "env" is a list, not a string.'),
    ({**GOOD, "tags": {"env": ""}}, 'exemptions[0] (trail "audit") exempts nothing: its tag "env" is empty.'),
    ({**GOOD, "tags": {"env": "dev "}}, 'exemptions[0] (trail "audit") exempts nothing: its tag "env" has leading or trailing whitespace.'),
    ({**GOOD, "tags": {"team": "*", "env": "[dev"}}, 'exemptions[0] (trail "audit") exempts nothing: its tag "env" has a [ without a ].'),
    ({**GOOD, "tags": {"env*": "dev"}}, 'exemptions[0] (trail "audit") exempts nothing: "env*" is not the name of a tag: use up to 40 letters, digits, and any of _ . : -.'),
    ({**GOOD, "tags": {"": "dev"}}, 'exemptions[0] (trail "audit") exempts nothing: "" is not the name of a tag: use up to 40 letters, digits, and any of _ . : -.'),
    ({**GOOD, "tags": {"é": "dev", "e" * 41: "dev"}}, f'exemptions[0] (trail "audit") exempts nothing: "é" is not the name of a tag: use up to 40 letters, digits, and any of _ . : -; "{"e" * 41}" is not the name of a tag: use up to 40 letters, digits, and any of _ . : -.'),
    ({**GOOD, "tag": {"env": "dev"}}, 'exemptions[0] (trail "audit") exempts nothing: "tag" is not a key of an exemption (did you mean tags?).'),
    ({**GOOD, "stak": "dev"}, 'exemptions[0] (trail "audit") exempts nothing: "stak" is not a key of an exemption (did you mean stack?).'),
    ({**GOOD, "Z": "dev"}, 'exemptions[0] (trail "audit") exempts nothing: "Z" is not a key of an exemption (the keys are trail, project, stack, tags, codes, reason and until).'),
    ({**GOOD, "codes": []}, 'exemptions[0] (trail "audit") exempts nothing: its codes are empty: leave them out to exempt the trail from all codes.'),
    ({**GOOD, "codes": "role-missing"}, 'exemptions[0] (trail "audit") exempts nothing: its codes are a string, not a list.'),
    ({**GOOD, "codes": ["role-mising"]}, 'exemptions[0] (trail "audit") exempts nothing: "role-mising" is not a code of this policy (did you mean role-missing?).'),
    ({**GOOD, "codes": ["role-missing", "ROLE-MISSING"]}, 'exemptions[0] (trail "audit") exempts nothing: "ROLE-MISSING" is not a code of this policy (the codes are not-integrated and role-missing).'),
    ({**GOOD, "codes": ["log-group-unused"]}, 'exemptions[0] (trail "audit") exempts nothing: "log-group-unused" is a code of another policy: move the exemption there.'),
    ({**GOOD, "codes": [None]}, 'exemptions[0] (trail "audit") exempts nothing: null is not a code of this policy (the codes are not-integrated and role-missing).'),
    ({**GOOD, "codes": [["role-missing"]]}, 'exemptions[0] (trail "audit") exempts nothing: a list is not a code of this policy (the codes are not-integrated and role-missing).'),
    ({**GOOD, "until": "soon"}, 'exemptions[0] (trail "audit") exempts nothing: its until is "soon", not a date such as 2027-06-30.'),
    ({**GOOD, "until": "2027-02-29"}, 'exemptions[0] (trail "audit") exempts nothing: its until is "2027-02-29", not a date such as 2027-06-30.'),
    ({**GOOD, "until": "20270228"}, 'exemptions[0] (trail "audit") exempts nothing: its until is "20270228", not a date such as 2027-06-30.'),
    ({**GOOD, "until": "2027-02-28T00:00:00"}, 'exemptions[0] (trail "audit") exempts nothing: its until is "2027-02-28T00:00:00", not a date such as 2027-06-30.'),
    ({**GOOD, "until": "２０２７-02-28"}, 'exemptions[0] (trail "audit") exempts nothing: its until is "２０２７-02-28", not a date such as 2027-06-30.'),
    ({**GOOD, "until": 20270228}, 'exemptions[0] (trail "audit") exempts nothing: its until is a number, not a string.'),
    ({"until": "soon", "codes": ["x"]}, 'exemptions[0] exempts nothing: its trail is missing: give a name or a pattern, such as vendor-*; its reason is missing: say why, and who decided it; its until is "soon", not a date such as 2027-06-30; "x" is not a code of this policy (the codes are not-integrated and role-missing).'),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "mistake"), OF_EXEMPTIONS)
def test_a_broken_exemption_exempts_nothing(entry: Any, mistake: str) -> None:
    for settings in POLICIES:
        configuration = read(settings, {"exemptions": [entry, GOOD]}, CODES)
        assert list(configuration.mistakes) == [mistake]
        assert configuration.settings.exemptions == (Exemption("audit", "S3 is the record."),)


def test_the_second_of_two_is_named_so() -> None:
    assert mistakes(ExistSettings, {"exemptions": [GOOD, {"trail": "b"}]}) == [
        'exemptions[1] (trail "b") exempts nothing: its reason is missing: say why, and who decided it.'
    ]


OF_ALL: list[tuple[dict[str, Any], str]] = [
    ({"exemption": []}, '"exemption" is not a property of this policy (did you mean exemptions?).'),
    ({"exemptions": "audit"}, "exemptions is a string, not a list; with this value Pulumi aborts every run."),
    (
        {"exemptions": {"trail": "audit"}},
        "exemptions is an object, not a list; with this value Pulumi aborts every run.",
    ),
    ({"exemptions": None}, "exemptions is null, not a list; with this value Pulumi aborts every run."),
    ({"explain": "yes"}, "explain is a string, not true or false; with this value Pulumi aborts every run."),
    ({"explain": 1.0}, "explain is a number, not true or false; with this value Pulumi aborts every run."),
]


@pytest.mark.parametrize(("given", "mistake"), OF_ALL)
def test_a_mistake_that_any_policy_may_have(given: dict[str, Any], mistake: str) -> None:
    for settings in POLICIES:
        assert read(settings, given, CODES) == Configuration(settings(), (mistake,))


GROUP_FORM = "Its form is arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME."
ROLE_FORM = "Its form is arn:PARTITION:iam::ACCOUNT:role/NAME."
PLACEHOLDERS = "(use {partition}, {region}, {account}, {trail}, {project}, {stack})"
OF_TEMPLATES: list[tuple[dict[str, Any], str]] = [
    ({"logGroupArn": 7.0}, "logGroupArn is a number, not a string; with this value Pulumi aborts every run."),
    ({"logGroupArn": "arn:aws:logs:{region}:{acount}:log-group:a"}, f"logGroupArn has {{acount}}, which is not a placeholder {PLACEHOLDERS}, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": f"arn:aws:logs:{{{'a' * 40}}}:{{account}}:log-group:a"}, f"logGroupArn has {{{'a' * 40}}}, which is not a placeholder {PLACEHOLDERS}, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": f"arn:aws:logs:{{{'a' * 41}}}:{{account}}:log-group:a"}, f"logGroupArn has {{{'a' * 26}…{'a' * 13}}}, which is not a placeholder {PLACEHOLDERS}, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": "arn:aws:logs:{}:{account}:log-group:a"}, f"logGroupArn has {{}}, which is not a placeholder {PLACEHOLDERS}, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": "arn:aws:logs:{region:{account}:log-group:a"}, f"logGroupArn has a {{ or }} that is not part of a placeholder, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": "arn:aws:logs:{region}:{account}:log-group:a}"}, f"logGroupArn has a {{ or }} that is not part of a placeholder, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": ROLE_TEMPLATE}, f"logGroupArn is the ARN of a role, not of a log group, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": "trails-{stack}"}, f"logGroupArn is not an ARN, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": "arn:aws:logs::{account}:log-group:a"}, f"logGroupArn has no region, so nothing is filled in from it. {GROUP_FORM}"),
    ({"logGroupArn": f"{GROUP_TEMPLATE}:*:*"}, f"logGroupArn ends in :*:*: it already had its :*, so nothing is filled in from it. {GROUP_FORM}"),
    ({"roleArn": GROUP_TEMPLATE}, f"roleArn is the ARN of a log group, not of a role, so nothing is filled in from it. {ROLE_FORM}"),
    ({"roleArn": "arn:aws:iam::{region}:role/a"}, f"roleArn has an account that is not 12 digits, so nothing is filled in from it. {ROLE_FORM}"),
    ({"roleArn": "arn:aws:iam::{account}:instance-profile/a"}, f"roleArn is the ARN of an instance profile, not of a role, so nothing is filled in from it. {ROLE_FORM}"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "mistake"), OF_TEMPLATES)
def test_a_template_that_cannot_be_filled_in(given: dict[str, Any], mistake: str) -> None:
    assert read(IntegratedSettings, given, CODES) == Configuration(IntegratedSettings(), (mistake,))


@pytest.mark.parametrize(
    ("log_group", "role", "mistake"),
    [
        ("arn:aws:logs:{region}:111111111111:log-group:a", "arn:aws:iam::222222222222:role/a", "logGroupArn is in account 111111111111 and roleArn in account 222222222222, but CloudTrail needs both in the same account."),
        ("arn:aws:logs:{region}:{account}:log-group:a", "arn:aws-cn:iam::222222222222:role/a", "logGroupArn is in partition aws and roleArn in partition aws-cn, but CloudTrail needs both in the same partition."),
        ("arn:aws:logs:{region}:{account}:log-group:a", "arn:{partition}:iam::222222222222:role/a", None),
        ("arn:aws:logs:{region}:222222222222:log-group:a", "arn:aws:iam::222222222222:role/a", None),
    ],
)  # fmt: skip
def test_templates_that_contradict_each_other(log_group: str, role: str, mistake: str | None) -> None:
    assert mistakes(IntegratedSettings, {"logGroupArn": log_group, "roleArn": role}) == ([mistake] if mistake else [])


OF_EXTERNALS: list[tuple[dict[str, Any], Settings, str]] = [
    ({"externalTargets": "acept"}, ExistSettings(), 'externalTargets is "acept", but must be report, accept or lookup. The default report is used instead.'),
    ({"externalTargets": ""}, ExistSettings(), 'externalTargets is "", but must be report, accept or lookup. The default report is used instead.'),
    ({"externalTargets": ["accept"]}, ExistSettings(), "externalTargets is a list, not a string; with this value Pulumi aborts every run."),
    ({"externalTargets": "accept", "externalRoles": ["arn:*"]}, ExistSettings(external_targets=ExternalTargets.ACCEPT, external_roles=("arn:*",)), "externalRoles has no effect, since externalTargets is accept, which accepts every ARN. Remove one of them."),
    ({"externalLogGroups": "arn:*"}, ExistSettings(), "externalLogGroups is a string, not a list; with this value Pulumi aborts every run."),
    ({"externalLogGroups": ["audit"]}, ExistSettings(), 'externalLogGroups[0] is "audit", but a log group\'s ARN begins with arn:PARTITION:logs:, so it matches nothing.'),
    ({"externalLogGroups": ["arn:aws:iam::*"]}, ExistSettings(), 'externalLogGroups[0] is "arn:aws:iam::*", but a log group\'s ARN begins with arn:PARTITION:logs:, so it matches nothing.'),
    ({"externalLogGroups": [7]}, ExistSettings(), "externalLogGroups[0] is a number, not a string, so it matches nothing."),
    ({"externalLogGroups": [""]}, ExistSettings(), "externalLogGroups[0] is empty, so it matches nothing."),
    ({"externalRoles": ["arn:*", "arn:aws:sts::*"]}, ExistSettings(external_roles=("arn:*",)), 'externalRoles[1] is "arn:aws:sts::*", but a role\'s ARN begins with arn:PARTITION:iam:, so it matches nothing.'),
    ({"externalRoles": ["arn:aws:iam::*:org-trails", "arn:aws:iam::*", "arn:aws:iam::*:ro*"]}, ExistSettings(external_roles=("arn:aws:iam::*", "arn:aws:iam::*:ro*")), 'externalRoles[0] is "arn:aws:iam::*:org-trails", but a role\'s ARN ends in role/NAME, so it matches nothing.'),
    ({"requireProof": 1}, ExistSettings(), "requireProof is a number, not true or false; with this value Pulumi aborts every run."),
    ({"requireTrail": "shop/prod"}, ExistSettings(), "requireTrail is a string, not a list; with this value Pulumi aborts every run."),
    ({"requireTrail": ["shop/prod", 7]}, ExistSettings(require_trail=("shop/prod",)), "requireTrail[1] is a number, not a string, so it matches nothing."),
    ({"requireTrail": ["shop", "shop/*"]}, ExistSettings(require_trail=("shop/*",)), 'requireTrail[0] is "shop", but must have one / between the project and the stack, such as landing-zone/prod, so it matches nothing.'),
    ({"requireTrail": ["acme/shop/prod"]}, ExistSettings(), 'requireTrail[0] is "acme/shop/prod", but must have one / between the project and the stack, such as landing-zone/prod, so it matches nothing.'),
    ({"requireTrail": [" "]}, ExistSettings(), "requireTrail[0] is empty, so it matches nothing."),
    ({"requireTrail": ["shop/"]}, ExistSettings(), "requireTrail[0] has a stack that is empty, so it matches nothing."),
    ({"requireTrail": ["/prod"]}, ExistSettings(), "requireTrail[0] has a project that is empty, so it matches nothing."),
    ({"requireTrail": ["shop/ prod"]}, ExistSettings(), "requireTrail[0] has a stack that has leading or trailing whitespace, so it matches nothing."),
    ({"requireTrail": ["[a/b]"]}, ExistSettings(), "requireTrail[0] has a project that has a [ without a ], so it matches nothing."),
    ({"requireTrail": ["*/[b-a]"]}, ExistSettings(), "requireTrail[0] has a stack that has a range in [ ] that ends before it begins, so it matches nothing."),
    ({"externalRoles": ["arn:aws:iam::{account}:role/x"]}, ExistSettings(), 'externalRoles[0] is "arn:aws:iam::{account}:role/x", but placeholders belong in templates: use * in a pattern, so it matches nothing.'),
    ({"externalLogGroups": ["arn:aws:logs:us-east-1:123456789012:log-group:a:*", "arn:aws:logs:us-east-1:12345:log-group:a"]}, ExistSettings(external_log_groups=("arn:aws:logs:us-east-1:123456789012:log-group:a:*",)), 'externalLogGroups[1] is "arn:aws:logs:us-east-1:12345:log-group:a", which has an account that is not 12 digits, so it matches nothing.'),
    ({"externalRoles": ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::12345:role/a"]}, ExistSettings(external_roles=("arn:aws:iam::123456789012:role/a",)), 'externalRoles[1] is "arn:aws:iam::12345:role/a", which has an account that is not 12 digits, so it matches nothing.'),
    ({"externalLogGroups": ["arn:aws:logs"]}, ExistSettings(), 'externalLogGroups[0] is "arn:aws:logs", but a log group\'s ARN begins with arn:PARTITION:logs:, so it matches nothing.'),
    ({"externalRoles": ["arn:aws[-]cn:iam*", "arn:aws-xx:iam:*"]}, ExistSettings(external_roles=("arn:aws[-]cn:iam*",)), 'externalRoles[1] is "arn:aws-xx:iam:*", but a role\'s ARN begins with arn:PARTITION:iam:, so it matches nothing.'),
]  # fmt: skip


@pytest.mark.parametrize(("given", "settings", "mistake"), OF_EXTERNALS)
def test_external_targets(given: dict[str, Any], settings: Settings, mistake: str) -> None:
    assert read(ExistSettings, given, CODES) == Configuration(settings, (mistake,))


def test_external_roles_of_the_third_policy() -> None:
    looking = CanDeliverSettings(external_roles=ExternalRoles.LOOKUP)
    assert read(CanDeliverSettings, {"externalRoles": "lookup"}, CODES) == Configuration(looking)
    assert mistakes(CanDeliverSettings, {"externalRoles": ["arn:*"]}) == [
        "externalRoles is a list, not a string; with this value Pulumi aborts every run.",
        "A list of externalRoles is a property of cloudtrail-log-group-and-role-exist.",
    ]


OF_HOURS: list[tuple[dict[str, Any], str]] = [
    ({"askAws": "true"}, "askAws is a string, not true or false; with this value Pulumi aborts every run."),
    ({"maxAgeHours": "24"}, "maxAgeHours is a string, not a number; with this value Pulumi aborts every run."),
    ({"maxAgeHours": True}, "maxAgeHours is a boolean, not a number; with this value Pulumi aborts every run."),
    ({"maxAgeHours": 0}, "maxAgeHours is 0, but must be above 0 and at most 10000. The default 24 is used instead."),
    ({"graceHours": -1.5}, "graceHours is -1.5, but must be above 0 and at most 10000. The default 1 is used instead."),
    (
        {"timeoutSeconds": 1e9},
        "timeoutSeconds is 1000000000.0, but must be above 0 and at most 10000. The default 20 is used instead.",
    ),
    (
        {"timeoutSeconds": float("inf")},
        "timeoutSeconds is inf, but must be above 0 and at most 10000. The default 20 is used instead.",
    ),
]


@pytest.mark.parametrize(("given", "mistake"), OF_HOURS)
def test_numbers(given: dict[str, Any], mistake: str) -> None:
    assert read(RecentSettings, given, CODES) == Configuration(RecentSettings(), (mistake,))


# --- as a report


def test_a_report_has_a_line_for_each_mistake() -> None:
    configuration = read(ExistSettings, {"explain": 1, "exemptions": 2, "x": 3}, CODES)
    assert configuration.message == (
        '[configuration-invalid] "x" is not a property of this policy (the properties are exemptions, explain, requireProof, externalTargets, externalLogGroups, externalRoles and requireTrail).\n'
        "[configuration-invalid] exemptions is a number, not a list; with this value Pulumi aborts every run.\n"
        "[configuration-invalid] explain is a number, not true or false; with this value Pulumi aborts every run."
    )
    assert read(ExistSettings, {}, CODES).message == ""


def test_a_report_is_bounded() -> None:
    lines = read(ExistSettings, {"exemptions": [{}] * 1000}, CODES).message.split("\n")
    assert len(lines) == 21
    assert lines[-1] == "[configuration-invalid] And 980 more."
    assert len(read(ExistSettings, {"exemptions": [{}] * 20}, CODES).message.split("\n")) == 20
    codes = read(
        ExistSettings, {"exemptions": [{**GOOD, "codes": [f"p{number}" for number in range(9_000)]}] * 30}, CODES
    )
    assert len(codes.message) < 30_000
    assert codes.mistakes[0].endswith("; and 8995 more.")
    long = read(ExistSettings, {"x" * 10_000: 1, "exemptions": [{"trail": "y" * 10_000, "until": "z" * 10_000}]}, CODES)
    assert len(long.message) < 1_000


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(CHARACTERS, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=5) | st.sampled_from(list(EXEMPTION_KEYS)), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip
NAMES = sorted({each.name for settings in POLICIES for each in settings_of(settings).values()})


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(CHARACTERS, max_size=5), JSON, max_size=6))
def test_any_configuration_at_all_is_read(given: dict[str, Any]) -> None:
    for settings in POLICIES:
        configuration = read(settings, given, CODES)
        assert len(configuration.message) < 30_000
        assert all(each.reason.strip() and each.trail for each in configuration.settings.exemptions)


# --- the schemas


@pytest.mark.parametrize("settings", POLICIES)
def test_the_schemas_describe_and_do_not_judge(settings: type[Settings]) -> None:
    properties = {each.name: each for each in settings_of(settings).values()}
    for each in properties.values():
        assert each.description.endswith(".")
        assert {"type", "default", "description"} <= set(each.schema) <= {"type", "default", "description", "items"}
        assert ("items" in each.schema) == (each.type == "array")
    keys = properties["exemptions"].schema["items"]["properties"]
    assert list(keys) == list(EXEMPTION_KEYS)
    assert all(set(key) <= {"type", "description", "items"} for key in keys.values())
