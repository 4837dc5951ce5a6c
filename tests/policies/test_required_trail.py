"""`requireTrail` behind the SDK: stacks that must declare a trail of their own."""

from dataclasses import replace
from typing import Any

import pytest

from tests.analyzers import Analyzer, Report
from tests.stacks import (
    AWS_NATIVE,
    LOG_GROUP_ARN,
    NATIVE_TRAIL,
    ROLE_ARN,
    STACK,
    TERRAFORM_TRAIL,
    UNKNOWN,
    Resource,
    log_group,
    role,
    trail,
    wired_trail,
)

POLICY = "cloudtrail-log-group-and-role-exist"
PROVIDER = Resource("pulumi:providers:aws", "default", {"region": "us-east-1"}, provider=None)
GROUP, ROLE = log_group(), role()
RIGHT = wired_trail([GROUP], [ROLE])
KNOWN: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
LINE = '[no-trail] Stack "shop/dev" declares no CloudTrail trail, but must have one of its own: requireTrail of this policy has "{}". Declare a trail in it that sends its events to CloudWatch Logs. If its trail has moved to another stack, list that stack in requireTrail instead.'  # fmt: skip
REQUIRED = {"requireTrail": ["shop/dev"]}


@pytest.fixture
def analyzer(analyzer: Analyzer) -> Analyzer:
    """With the patterns, and without the other stack policy."""
    configure(analyzer, REQUIRED)
    return analyzer


def configure(analyzer: Analyzer, properties: dict[str, Any]) -> None:
    analyzer.configure({"cloudtrail-role-can-deliver": "DISABLED"}, {POLICY: properties})


def reports(analyzer: Analyzer, *stack: Resource) -> list[tuple[str, str]]:
    answer = analyzer.analyze_stack(stack)
    assert answer.can_not_run == ()
    return [(report.urn, report.message) for report in answer.reports]


@pytest.mark.parametrize(
    "stack",
    [(STACK,), (STACK, PROVIDER), (PROVIDER, GROUP, STACK, ROLE), (STACK, Resource("acme:obs:Audit", "audit", {}))],
    ids=["the stack alone", "a provider", "a log group and a role", "a component"],
)
def test_a_stack_without_a_trail(analyzer: Analyzer, stack: tuple[Resource, ...]) -> None:
    answer = analyzer.analyze_stack(stack)
    (report,) = answer.reports
    assert report == Report(POLICY, LINE.format("shop/dev"), STACK.urn, report.level)
    assert POLICY not in answer.not_applicable
    configure(analyzer, {})
    answer = analyzer.analyze_stack(stack)
    assert answer.reports == ()
    assert answer.not_applicable[POLICY] == "There is no CloudTrail trail in this stack."


@pytest.mark.parametrize(
    "declared",
    [
        trail("audit", **KNOWN),
        trail("native", token=NATIVE_TRAIL, provider=AWS_NATIVE),
        trail("terraform", token=TERRAFORM_TRAIL),
        trail("later", cloudWatchLogsGroupArn=UNKNOWN, name=UNKNOWN),
        replace(trail("child"), given_urn="urn:pulumi:dev::shop::acme:obs:Audit$aws:cloudtrail/trail:Trail::child"),
    ],
    ids=lambda declared: declared.name,
)
def test_a_stack_with_a_trail_right_or_wrong(analyzer: Analyzer, declared: Resource) -> None:
    assert [message for _, message in reports(analyzer, STACK, declared) if "[no-trail]" in message] == []


def test_a_stack_that_is_right_applies(analyzer: Analyzer) -> None:
    answer = analyzer.analyze_stack([STACK, GROUP, ROLE, RIGHT])
    assert (answer.reports, answer.not_applicable) == ((), {})


def test_a_stack_without_any_resource_says_nothing(analyzer: Analyzer) -> None:
    answer = analyzer.analyze_stack([])
    assert answer.reports == ()
    assert answer.not_applicable[POLICY] == "There is no CloudTrail trail in this stack."


def test_without_the_stacks_own_resource_it_is_reported_without_a_urn(analyzer: Analyzer) -> None:
    assert reports(analyzer, GROUP) == [("", LINE.format("shop/dev"))]
    assert reports(analyzer, GROUP, RIGHT, ROLE) == []


@pytest.mark.parametrize(
    ("patterns", "named"),
    [
        (["*/dev"], "*/dev"),
        (["shop/*"], "`shop/*`"),
        (["landing-*/*", "sh?p/[d]ev"], "sh?p/[d]ev"),
        (["shop/prod", "dev/shop", "Shop/dev"], None),
        ([], None),
    ],
)
def test_which_stacks(analyzer: Analyzer, patterns: list[str], named: str | None) -> None:
    configure(analyzer, {"requireTrail": patterns})
    assert [message.replace("`", "") for _, message in reports(analyzer, STACK)] == (
        [LINE.format(named.replace("`", ""))] if named else []
    )


def test_the_names_come_from_urns(analyzer: Analyzer) -> None:
    """Those that the SDK knows are placeholders when a state is analyzed."""
    own = replace(STACK, given_urn="urn:pulumi:prod::landing-zone::pulumi:pulumi:Stack::landing-zone-prod")
    configure(analyzer, {"requireTrail": ["landing-zone/prod"]})
    ((urn, message),) = reports(analyzer, own)
    assert urn == own.urn
    assert message.startswith('[no-trail] Stack "landing-zone/prod" declares no CloudTrail trail')
    assert reports(analyzer, STACK) == []


def test_a_trail_that_is_only_read_is_not_the_stacks_own(analyzer: Analyzer) -> None:
    read = trail("audit", **KNOWN)
    analyzer.analyze(replace(read, properties={}))  # as `policy analyze` shows what is read
    ((urn, message),) = reports(analyzer, STACK, GROUP, ROLE, read)
    assert (urn, message) == (STACK.urn, LINE.format("shop/dev"))
    analyzer.analyze(read)
    assert reports(analyzer, STACK, GROUP, ROLE, read) == []


def test_a_broken_pattern_is_a_mistake_and_requires_nothing(analyzer: Analyzer) -> None:
    configure(analyzer, {"requireTrail": ["shop", "shop/prod"]})
    mistake = '[configuration-invalid] requireTrail[0] is "shop", but must have one / between the project and the stack, such as landing-zone/prod, so it matches nothing.'  # fmt: skip
    assert reports(analyzer, STACK) == [("", mistake)]


def test_an_exemption(analyzer: Analyzer) -> None:
    entry = {"trail": "*", "reason": "The organization's trail sees it."}
    for changes, exempt in (
        ({"codes": ["no-trail"]}, True),
        ({}, True),
        ({"project": "shop", "stack": "d*"}, True),
        ({"stack": "prod"}, False),
        ({"codes": ["not-proven"]}, False),
        ({"trail": "audit"}, False),
        ({"tags": {"env": "dev"}}, False),
    ):
        configure(analyzer, {**REQUIRED, "exemptions": [{**entry, **changes}]})
        answer = analyzer.analyze_stack([STACK])
        assert bool(answer.reports) is not exempt
        assert (POLICY in answer.not_applicable) is exempt
    configure(analyzer, {**REQUIRED, "exemptions": [{**entry, "until": "2020-12-31"}]})
    expired = " An exemption from this expired on 2020-12-31."
    assert reports(analyzer, STACK) == [(STACK.urn, f"{LINE.format('shop/dev')}{expired}")]
