"""Configurations behind the SDK: exemptions, mistakes, explanations, and what a configuration allow-lists."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.analyzers import Analyzer, process
from tests.stacks import (
    AWS_NATIVE,
    LOG_GROUP_ARN,
    NATIVE_TRAIL,
    ROLE_ARN,
    STACK,
    TRUST_POLICY,
    UNKNOWN,
    Resource,
    log_group,
    role,
    trail,
    wired_trail,
)

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
ALL = (INTEGRATED, EXIST, CAN_DELIVER)
REASON = "S3 is the record."
KNOWN: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
FOREIGN = trail(**KNOWN)
DISTRUSTED = role(
    assumeRolePolicy=TRUST_POLICY.replace("cloudtrail", "ec2"), arn=ROLE_ARN, inlinePolicies=[], managedPolicyArns=[]
)
AUDIT = log_group(arn=LOG_GROUP_ARN)


def exempting(trail: str = "audit", **more: Any) -> dict[str, Any]:
    return {"exemptions": [{"trail": trail, "reason": REASON, **more}]}


def configured(analyzer: Analyzer, properties: Mapping[str, Any], *policies: str, level: str = "ADVISORY") -> Analyzer:
    """With these properties for some of the policies, or for all."""
    chosen = policies or ALL
    analyzer.configure(dict.fromkeys(chosen, level), dict.fromkeys(chosen, properties))
    return analyzer


def codes(analyzer: Analyzer, *resources: Resource) -> list[tuple[str, str]]:
    """The codes of all reports on a stack, of all policies, each with its trail."""
    reports = [*analyzer.analyze_stack((STACK, *resources)).reports]
    for resource in resources:
        reports += analyzer.analyze(resource).reports
    return [(each.urn.rpartition("::")[2], line[1:].split("]")[0]) for each in reports for line in each.message.split("\n")]  # fmt: skip


# --- exemptions


def test_an_exempt_trail_is_not_the_resource_policys_concern(analyzer: Analyzer) -> None:
    answer = configured(analyzer, exempting(), INTEGRATED).analyze(trail())
    assert answer.reports == ()
    assert answer.not_applicable == {INTEGRATED: f"exempt from not-integrated: {REASON}"}
    others = analyzer.analyze(trail("other"))
    assert [report.message.split("]")[0] for report in others.reports] == ["[not-integrated"]
    assert others.not_applicable == {}


def test_a_right_trail_passes_with_an_exemption_too(analyzer: Analyzer) -> None:
    answer = configured(analyzer, exempting(), INTEGRATED).analyze(FOREIGN)
    assert (answer.reports, answer.not_applicable) == ((), {})


def test_a_trail_that_is_exempt_from_one_of_two_problems_fails(analyzer: Analyzer) -> None:
    partly = configured(analyzer, exempting(codes=["not-integrated"]), INTEGRATED)
    answer = partly.analyze(trail(enableLogging=False))
    assert [report.message.split("]")[0] for report in answer.reports] == ["[logging-disabled"]
    assert answer.not_applicable == {}


@pytest.mark.parametrize(
    ("entry", "is_exempt"),
    [
        ({"trail": "audit-1a2b3c4"}, True),
        ({"trail": "audit-*"}, True),
        ({"trail": "AUDIT"}, False),
        ({"trail": "*", "project": "shop", "stack": "dev"}, True),
        ({"trail": "*", "project": "shop", "stack": "de"}, False),
        ({"trail": "*", "project": "dev", "stack": "shop"}, False),
    ],
)
@pytest.mark.parametrize(("token", "property_of_name"), [("aws:cloudtrail/trail:Trail", "name"), (NATIVE_TRAIL, "trailName")])  # fmt: skip
def test_by_the_names_in_pulumi_and_in_aws_and_of_the_urn(
    analyzer: Analyzer, entry: dict[str, Any], is_exempt: bool, token: str, property_of_name: str
) -> None:
    configuration = {"exemptions": [{**entry, "reason": REASON}]}
    provider = AWS_NATIVE if token == NATIVE_TRAIL else None
    names: dict[str, Any] = {property_of_name: "audit-1a2b3c4"}
    named = trail(token=token, provider=provider, **names)
    assert bool(configured(analyzer, configuration, INTEGRATED).analyze(named).not_applicable) is is_exempt


def test_a_name_in_aws_that_is_not_known_yet_is_waited_for(analyzer: Analyzer) -> None:
    waiting = configured(analyzer, exempting("vendor-*"), INTEGRATED)
    answer = waiting.analyze(trail(name=UNKNOWN))
    assert (answer.reports, answer.not_applicable, answer.can_not_run) == ((), {}, ())
    assert waiting.analyze(trail(name="vendor-1")).not_applicable == {INTEGRATED: f"exempt from not-integrated: {REASON}"}  # fmt: skip
    assert [report.policy for report in waiting.analyze(trail(name="mine")).reports] == [INTEGRATED]


def test_a_child_of_a_component_keeps_its_project_and_stack(analyzer: Analyzer) -> None:
    """In a URN, the type of a child is the chain of its parents' types."""
    urn = "urn:pulumi:dev::shop::acme:obs:Audit$aws:cloudtrail/trail:Trail::audit"
    for stack, expected in (("dev", True), ("prod", False)):
        configured(analyzer, exempting(project="shop", stack=stack), INTEGRATED)
        assert bool(analyzer.analyze(replace(trail(), given_urn=urn)).not_applicable) is expected


def test_stack_policies_leave_exempt_trails_out(analyzer: Analyzer) -> None:
    stack = (FOREIGN, trail("other", **KNOWN))
    configured(analyzer, exempting(), EXIST)
    assert codes(analyzer, *stack) == [("other", "log-group-not-in-stack"), ("other", "role-not-in-stack")]
    answer = analyzer.analyze_stack((STACK, FOREIGN))
    assert answer.reports == ()
    assert answer.not_applicable[EXIST] == (
        "Every CloudTrail trail of this stack is exempt, or gives this policy nothing to check."
    )


def test_a_stack_policy_applies_where_a_trail_remains(analyzer: Analyzer) -> None:
    configured(analyzer, exempting(), EXIST)
    right = wired_trail([], [], "right")
    answer = analyzer.analyze_stack((STACK, FOREIGN, right))
    assert EXIST not in answer.not_applicable
    assert [report for report in answer.reports if report.policy == EXIST] == []


def test_each_policy_has_exemptions_of_its_own(analyzer: Analyzer) -> None:
    stack = (AUDIT, DISTRUSTED, trail(**KNOWN))
    assert codes(analyzer, *stack) == [("audit", "role-trust-missing"), ("audit", "role-permission-missing")]
    configured(analyzer, exempting(), INTEGRATED, EXIST)
    assert codes(analyzer, *stack) == [("audit", "role-trust-missing"), ("audit", "role-permission-missing")]
    configured(analyzer, exempting(codes=["role-trust-missing"]), CAN_DELIVER)
    assert codes(analyzer, *stack) == [("audit", "role-permission-missing")]
    configured(analyzer, exempting(), CAN_DELIVER)
    assert codes(analyzer, *stack) == []


@pytest.mark.parametrize(
    ("tags", "is_exempt"),
    [
        ({"env": "dev", "team": "shop"}, True),
        ({"env": "dev-2"}, True),
        ({"env": "prod"}, False),
        ({"team": "dev"}, False),
        ({}, False),
    ],
)
def test_by_the_tags_of_the_stack(analyzer: Analyzer, tags: dict[str, str], is_exempt: bool) -> None:
    configured(analyzer, exempting("*", tags={"env": "dev*"}))
    analyzer.tag_stack(tags)
    assert analyzer.analyze(trail()).not_applicable == ({INTEGRATED: f"exempt from not-integrated: {REASON}"} if is_exempt else {})  # fmt: skip
    assert len(analyzer.analyze(trail()).reports) == (0 if is_exempt else 1)
    assert [report.policy for report in analyzer.analyze_stack((STACK, FOREIGN)).reports] == ([] if is_exempt else [EXIST])  # fmt: skip


def test_tags_of_a_stack_are_not_kept_for_the_next_one(analyzer: Analyzer) -> None:
    configured(analyzer, exempting("*", tags={"env": "dev"}), INTEGRATED)
    analyzer.tag_stack({"env": "dev"})
    assert analyzer.analyze(trail()).reports == ()
    analyzer.tag_stack({"env": "prod"})
    assert [report.policy for report in analyzer.analyze(trail()).reports] == [INTEGRATED]


def test_an_expired_exemption_is_reported_with_its_date(analyzer: Analyzer) -> None:
    configured(analyzer, exempting(until="2020-02-29"))
    (message,) = analyzer.analyze(trail()).messages(INTEGRATED)
    assert message.endswith(" may assume. An exemption from this expired on 2020-02-29.")
    (message,) = analyzer.analyze_stack((STACK, FOREIGN)).messages(EXIST)
    assert [line.endswith(" An exemption from this expired on 2020-02-29.") for line in message.split("\n")] == [True] * 2  # fmt: skip
    configured(analyzer, exempting(until="2999-12-31"))
    assert codes(analyzer, trail(**KNOWN)) == []


# --- mistakes

BROKEN = {"exemptions": [{"trail": "audit"}], "explian": True}
MESSAGE = """\
[configuration-invalid] "explian" is not a property of this policy (did you mean explain?).
[configuration-invalid] exemptions[0] (trail "audit") exempts nothing: its reason is missing: say why, and who decided it."""


@pytest.mark.parametrize("level", ["ADVISORY", "MANDATORY"])
def test_mistakes_are_reported_once_and_exempt_nothing(analyzer: Analyzer, level: str) -> None:
    configured(analyzer, BROKEN, level=level)
    reports = [
        *analyzer.analyze(STACK).reports,
        *(report for resource in (trail("right", **KNOWN), AUDIT, DISTRUSTED) for report in analyzer.analyze(resource).reports),
        *analyzer.analyze_stack((STACK, AUDIT, DISTRUSTED, wired_trail([AUDIT], [], "right"))).reports,
    ]  # fmt: skip
    # The engine names the resource itself; a report without one is the stack's.
    assert [(each.policy, each.message, each.urn) for each in reports] == [(name, MESSAGE, "") for name in ALL]
    assert {each.level for each in reports} == {0 if level == "ADVISORY" else 1}
    not_exempt = analyzer.analyze_stack((STACK, FOREIGN)).reports
    assert [report.message.split("]")[0] for report in not_exempt if report.urn] == ["[log-group-not-in-stack"]
    assert [report.message.split("]")[0] for report in analyzer.analyze(trail()).reports] == ["[not-integrated"]


def test_a_right_configuration_leaves_the_stacks_own_resource_alone(analyzer: Analyzer) -> None:
    answer = configured(analyzer, exempting()).analyze(STACK)
    assert answer.reports == ()
    assert answer.not_applicable == {INTEGRATED: "This is not a CloudTrail trail."}


def test_mistakes_in_a_stack_without_trails(analyzer: Analyzer) -> None:
    answer = configured(analyzer, BROKEN, EXIST).analyze_stack((STACK,))
    assert answer.messages(EXIST) == [MESSAGE]
    assert EXIST not in answer.not_applicable


# --- what a configuration allow-lists


def test_external_targets(analyzer: Analyzer) -> None:
    assert codes(analyzer, FOREIGN) == [("audit", "log-group-not-in-stack"), ("audit", "role-not-in-stack")]
    configured(analyzer, {"externalLogGroups": ["arn:aws:logs:*:*:log-group:audit"]}, EXIST)
    assert codes(analyzer, FOREIGN) == [("audit", "role-not-in-stack")]
    configured(analyzer, {"externalLogGroups": [LOG_GROUP_ARN], "externalRoles": [ROLE_ARN]}, EXIST)
    assert codes(analyzer, FOREIGN) == []
    configured(analyzer, {"externalTargets": "accept"}, EXIST)
    assert codes(analyzer, FOREIGN) == []


# --- explain


def test_explain_says_for_every_trail_what_was_decided(tmp_path: Path) -> None:
    errors = tmp_path / "stderr"
    with process(errors) as analyzer:
        configured(analyzer, {**exempting("vendor"), "explain": True})
        wired = wired_trail([AUDIT], [DISTRUSTED])
        for resource in (STACK, AUDIT, DISTRUSTED, wired, trail("bare"), trail("vendor"), trail("right", **KNOWN)):
            analyzer.analyze(resource)
        foreign = trail("foreign", cloudWatchLogsRoleArn=ROLE_ARN.replace("delivery", "elsewhere"))
        assert analyzer.analyze_stack(
            (STACK, AUDIT, DISTRUSTED, wired, trail("bare"), foreign, trail("vendor", **KNOWN))
        ).reports
        urn = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::"
        assert errors.read_text().split("\n") == [
            f"{INTEGRATED}: {urn}audit: cannot tell: waits on cloudWatchLogsGroupArn and cloudWatchLogsRoleArn",
            f"{INTEGRATED}: {urn}bare: wrong: not-integrated",
            f"{INTEGRATED}: {urn}vendor: exempt from not-integrated: {REASON}",
            f"{INTEGRATED}: {urn}right: right",
            f"{EXIST}: {urn}audit: right",
            f"{EXIST}: {urn}bare: nothing to check: the trail names no log group and no role",
            f"{EXIST}: {urn}foreign: wrong: role-not-in-stack",
            f"{EXIST}: {urn}vendor: right",
            f"{CAN_DELIVER}: {urn}audit: wrong: role-trust-missing, role-permission-missing",
            f"{CAN_DELIVER}: {urn}bare: nothing to check: the trail names no role",
            f"{CAN_DELIVER}: {urn}foreign: cannot tell: what the role may do is not in this stack",
            f"{CAN_DELIVER}: {urn}vendor: exempt from role-trust-missing: {REASON}; exempt from role-permission-missing: {REASON}",
            "",
        ]  # fmt: skip


def test_without_explain_nothing_is_said(tmp_path: Path) -> None:
    errors = tmp_path / "stderr"
    with process(errors) as analyzer:
        configured(analyzer, exempting("vendor"))
        assert codes(analyzer, trail()) != []
        assert errors.read_text() == ""
