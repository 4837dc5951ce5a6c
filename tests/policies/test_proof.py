"""`requireProof` behind the SDK: over the tables of the other tests, all that an author can settle and nothing else."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest

from cloudtrail_logs.model.verdict import Answer
from tests.analyzers import Analyzer, in_process
from tests.metamorphic.designs import Design, Form, Spelling, stack_of
from tests.stacks import (
    AWS_ROLE,
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

from .delivery_cases import CASES, Case, Moment
from .test_exist import test_a_resource_that_may_lend_any_text as lending
from .test_unknowns import paths, with_value

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
CAN_DELIVER = "cloudtrail-role-can-deliver"
POLICIES = (INTEGRATED, EXIST, CAN_DELIVER)
REFERENCE = "pulumi:pulumi:StackReference"
LENDERS: list[str] = [token for token in getattr(lending, "pytestmark")[0].args[1] if token != REFERENCE]  # noqa: B009
KNOWN: dict[str, Any] = {"cloudWatchLogsGroupArn": f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN}
ALLOWING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}'
DELIVER = Resource("aws:iam/rolePolicy:RolePolicy", "deliver", {"name": "deliver", "role": "delivery", "policy": ALLOWING})  # fmt: skip


def requiring(**more: dict[str, Any]) -> Analyzer:
    """The pack, requiring proof. more: other properties of a policy, by the first word of its question."""
    names = dict(zip(("integrated", "exist", "can_deliver"), POLICIES, strict=True))
    analyzer = in_process()
    analyzer.configure({}, {name: {"requireProof": True, **more.get(word, {})} for word, name in names.items()})
    return analyzer


def unproven(analyzer: Analyzer, stack: list[Resource], policy: str = CAN_DELIVER) -> list[str]:
    """What is not proven of trail "audit"."""
    answer = analyzer.analyze_stack((STACK, *stack))
    assert answer.can_not_run == ()
    lines = [line for each in answer.reports if each.policy == policy and each.urn.endswith("::audit") for line in each.message.split("\n")]  # fmt: skip
    return [line for line in lines if line.startswith("[not-proven] ")]


@lru_cache(maxsize=1)
def table() -> list[tuple[Case, list[str], list[str]]]:
    """The table of policy documents and attachments: each case, and what is not proven in a preview and afterwards."""
    analyzer = requiring()
    preview, resolved = Moment.PREVIEW, Moment.RESOLVED
    return [(each, unproven(analyzer, each.resources(preview)), unproven(analyzer, each.resources(resolved))) for each in CASES]  # fmt: skip


# Of that table: what cannot be told after the update, and is not reported.
STILL_UNKNOWN = {
    "an unknown condition of the trust policy": "aws:SourceArn alone",
    "trust: aws:SourceArn, of which the copies of the guide differ": "aws:SourceArn alone",
    "trust: aws:SourceAccount, of which the copies of the guide differ": "aws:SourceAccount alone",
    "an unknown boundary": "a value that is not known in either moment",
    "a boundary that is read": "a value that is not known in either moment",
    "RolePoliciesExclusive: an unknown list": "a value that is not known in either moment",
    "RolePoliciesExclusive: an unknown entry": "a value that is not known in either moment",
    "RolePolicyAttachmentsExclusive: an unknown list": "a value that is not known in either moment",
    "organization: the account's streams and the organization's, as AWS documents it": "the organization's id",
    "organization: the same one for each action": "the organization's id",
    "a role outside the stack": "externalRoles is ignore",
    "a role that is read": "externalRoles is ignore",
    "a role with another path is another role": "externalRoles is ignore",
}


def test_all_that_an_author_can_settle_is_reported_once_all_is_known() -> None:
    in_doubt = [(case, after) for case, _, after in table() if case.resolved.answer is Answer.CANNOT_TELL]
    silent = {case.rule for case, after in in_doubt if not after}
    assert silent == set(STILL_UNKNOWN)
    assert len(in_doubt) - len(silent) > 45


def test_nothing_else_is_reported_and_nothing_before_it_is_known() -> None:
    for case, before, after in table():
        assert not before or after, case.rule
        if case.resolved.answer in (Answer.RIGHT, None):
            assert (before, after) == ([], []), case.rule


def test_most_of_it_is_reported_in_a_preview() -> None:
    both = [(bool(before), bool(after)) for _, before, after in table()]
    assert [after for before, after in both if after != before] == []
    assert sum(before for before, _ in both) > 45


@pytest.mark.parametrize("token", LENDERS)
def test_an_arn_that_any_resource_may_lend(token: str) -> None:
    other = {"value": "x", "name": "other", "arn": ROLE_ARN.replace("delivery", "other")}
    source = Resource(token, "lender", KNOWN if token.endswith("trail:Trail") else other)
    lent = wired_trail([source], [source], **KNOWN)
    found = unproven(requiring(), [source, lent], EXIST)
    assert [line.partition(": ")[0] for line in found] == [
        "[not-proven] It is not proven that the log group exists",
        # A role that is another one is the role-not-in-stack of a known ARN.
        *([] if token == AWS_ROLE else ["[not-proven] It is not proven that the role exists"]),
    ]
    for silent in ([source, wired_trail([source], [source])], [source, log_group(), role(), lent]):
        assert unproven(requiring(), silent, EXIST) == []
    new = Resource(token, "lender", {"id": UNKNOWN})
    assert unproven(requiring(), [new, wired_trail([new], [new], **KNOWN)], EXIST) == []
    allow = {"externalLogGroups": ["arn:aws:logs:*"], "externalRoles": ["arn:aws:iam::*"]}
    assert unproven(requiring(exist=allow), [source, lent], EXIST) == []


def test_what_a_stack_reference_gives_is_not_called_unproven_in_a_state(capfd: pytest.CaptureFixture[str]) -> None:
    reference = Resource(REFERENCE, "acme/shared/central", {"outputs": {"group": LOG_GROUP_ARN}}, provider=None)
    analyzer = requiring(exist={"explain": True})
    assert unproven(analyzer, [reference, wired_trail([reference], [reference], **KNOWN)], EXIST) == []
    source = '"acme/shared/central" (pulumi:pulumi:StackReference), whose stack is not shown here'
    (said,) = capfd.readouterr().err.splitlines()
    assert said.endswith(f": cannot tell: {', and '.join(f'{name} comes from {source}' for name in KNOWN)}")
    both = [reference, PARAMETER]
    (line,) = unproven(analyzer, [*both, role(), wired_trail(both, [role()], **KNOWN)], EXIST)
    assert 'cloudWatchLogsGroupArn comes from "arn" (aws:ssm:Parameter)' in line


@pytest.mark.parametrize(
    ("token", "name", "value", "line"),
    [
        ("aws:cloudtrail/trail:Trail", "enableLogging", 7, "[not-proven] It is not proven that the trail is switched on: enableLogging is a number, not true or false. Set it to true."),
        ("aws:cloudtrail/trail:Trail", "enableLogging", "maybe", "[not-proven] It is not proven that the trail is switched on: enableLogging is a string, not true or false. Set it to true."),
        ("aws:cloudtrail/trail:Trail", "enableLogging", "true", None),
        ("aws:cloudtrail/trail:Trail", "enableLogging", UNKNOWN, None),
        (NATIVE_TRAIL, "isLogging", [], "[not-proven] It is not proven that the trail is switched on: isLogging is a list, not true or false. Set it to true."),
        (NATIVE_TRAIL, "isLogging", True, None),
    ],
)  # fmt: skip
def test_the_properties_of_a_trail(token: str, name: str, value: Any, line: str | None) -> None:
    arn = "cloudWatchLogsLogGroupArn" if token == NATIVE_TRAIL else "cloudWatchLogsGroupArn"
    judged = trail(token=token, **{arn: f"{LOG_GROUP_ARN}:*", "cloudWatchLogsRoleArn": ROLE_ARN, name: value})
    assert requiring().analyze(judged).messages(INTEGRATED) == ([line] if line else [])
    assert in_process().analyze(judged).reports == ()


PARAMETER = Resource("aws:ssm/parameter:Parameter", "arn", {"value": LOG_GROUP_ARN, "id": "arn"})
LENT = [PARAMETER, role(), DELIVER, wired_trail([PARAMETER], [role()], **KNOWN)]


def test_it_is_off_by_default(analyzer: Analyzer) -> None:
    assert analyzer.analyze_stack([STACK, *LENT]).reports == ()
    analyzer.configure({}, {EXIST: {"requireProof": False}})
    assert analyzer.analyze_stack([STACK, *LENT]).reports == ()
    analyzer.configure({}, {EXIST: {"requireProof": True}})
    (report,) = analyzer.analyze_stack([STACK, *LENT]).reports
    assert report.message == (
        '[not-proven] It is not proven that the log group exists: cloudWatchLogsGroupArn comes from "arn" '
        "(aws:ssm:Parameter), which may hold any string. Declare the log group in this stack, read it with "
        "LogGroup.get, take its ARN from a StackReference, or list it in this policy's externalLogGroups."
    )


def test_an_exemption_takes_it_like_any_other_code(capfd: pytest.CaptureFixture[str]) -> None:
    entry = {"trail": "audit", "reason": "Stored by the platform team."}
    for codes, exempt in ((["not-proven"], True), (["not-proven", "no-trail"], True), (["role-wrong-type"], False)):
        analyzer = requiring(exist={"exemptions": [{**entry, "codes": codes}], "explain": True})
        answer = analyzer.analyze_stack([STACK, *LENT])
        assert bool(answer.messages(EXIST)) is not exempt
        assert (EXIST in answer.not_applicable) is exempt
        said = "exempt from not-proven: Stored by the platform team." if exempt else "wrong: not-proven"
        assert said in capfd.readouterr().err
    expired = requiring(exist={"exemptions": [{**entry, "until": "2020-12-31"}]})
    (message,) = expired.analyze_stack([STACK, *LENT]).messages(EXIST)
    assert message.endswith(" An exemption from this expired on 2020-12-31.")


def test_a_role_that_is_only_read_is_not_doubted() -> None:
    delivery = role(arn=ROLE_ARN, assumeRolePolicy=TRUST_POLICY)
    stack = [log_group(arn=LOG_GROUP_ARN), delivery, wired_trail([], [], **KNOWN)]
    analyzer = requiring()
    analyzer.analyze(Resource(delivery.token, delivery.name, {}))  # as `policy analyze` shows what is read
    assert unproven(analyzer, stack) == []


POLICY_ARN = "arn:aws:iam::123456789012:policy/typed"
NEW_NAME = Resource("random:index/randomPet:RandomPet", "name", {"id": UNKNOWN}, {}, None)


def policy(label: str, **properties: Any) -> Resource:
    return Resource("aws:iam/policy:Policy", label, {"name": label, "path": "/", "arn": UNKNOWN, "policy": ALLOWING, **properties})  # fmt: skip


def attached(arn: Any, label: str = "attached", /, **sources: list[Resource]) -> Resource:
    properties = {"role": "delivery", "policyArn": arn}
    return Resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", label, properties, {"role": [role()], **sources})  # fmt: skip


def only(arns: Any, label: str, /, **sources: list[Resource]) -> Resource:
    properties = {"roleName": "delivery", "policyArns": arns}
    token = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
    return Resource(token, label, properties, {"roleName": [role()], **sources})


MINE = policy("mine")
# What else the stack has, the role's own properties, and how the phrase of the report ends; None where it waits.
WAITING: list[tuple[str, list[Resource], dict[str, Any], str | None]] = [
    ("an ARN of another stack", [attached(POLICY_ARN)], {}, f"managed policy {POLICY_ARN} is not of this stack"),
    ("beside a policy of another name", [attached(POLICY_ARN), policy("other")], {}, f"managed policy {POLICY_ARN} is not of this stack"),
    ("beside a policy whose name is not known yet", [attached(POLICY_ARN), policy("other", name=UNKNOWN)], {}, None),
    ("of one of two policies whose accounts are not known", [attached(POLICY_ARN), policy("a", name="typed"), policy("b", name="typed")], {}, None),
    ("an ARN that is not known yet", [NEW_NAME, attached(UNKNOWN, policyArn=[NEW_NAME])], {}, None),
    ("an ARN that is a number", [attached(7)], {}, "a managed policy is not of this stack"),
    ("a text that is no ARN", [attached("hunter2 is a secret")], {}, "a managed policy is not of this stack"),
    ("a list of ARNs with a number", [], {"managedPolicyArns": [7]}, "a managed policy has a form that IAM does not document"),
    ("a list of ARNs with one that is not known yet", [], {"managedPolicyArns": [UNKNOWN]}, None),
    ("inline policies with a number", [], {"inlinePolicies": [7]}, 'the list of inline policies of role "delivery" has a form that its provider does not document'),
    ("inline policies with one that is not known yet", [], {"inlinePolicies": [UNKNOWN]}, None),
    ("inline policies with a number and one that is not known yet", [], {"inlinePolicies": [UNKNOWN, 7]}, None),
    ("two exclusive lists", [MINE, attached(UNKNOWN, policyArn=[MINE]), only([UNKNOWN], "a", policyArns=[MINE]), only([], "b")], {}, 'role "delivery" has policy "mine" or not, depending on which resource that sets its policies is applied last'),
    ("an exclusive list, and one that is not known yet", [NEW_NAME, MINE, attached(UNKNOWN, policyArn=[MINE]), only(UNKNOWN, "a", policyArns=[NEW_NAME]), only([], "b")], {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("others", "properties", "phrase"), [case[1:] for case in WAITING], ids=[case[0] for case in WAITING])  # fmt: skip
def test_what_a_role_waits_for_is_not_called_unproven(
    others: list[Resource], properties: dict[str, Any], phrase: str | None
) -> None:
    delivery = role(**properties)
    found = unproven(requiring(), [log_group(), delivery, *others, wired_trail([log_group()], [delivery])])
    assert len(found) == (phrase is not None)
    assert phrase is None or f" may write to the log group: {phrase}" in found[0].replace("`", "")
    assert "hunter2" not in "".join(found)


@pytest.mark.parametrize("of_organization", [False, True])
@pytest.mark.parametrize("form", Form, ids=lambda form: form.name)
@pytest.mark.parametrize("spelling", Spelling, ids=lambda spelling: spelling.name)
def test_an_unknown_at_every_path_is_never_called_unproven(
    spelling: Spelling, form: Form, of_organization: bool
) -> None:
    analyzer, tried = requiring(), 0
    for is_known in (True, False):
        stack = stack_of(Design(spelling, form, is_known, of_organization, in_objects=True))
        for place, each in enumerate(stack):
            for path in paths(dict(each.properties)):
                later = replace(each, properties=with_value(dict(each.properties), path, UNKNOWN))
                answers = [analyzer.analyze_stack([STACK, *stack[:place], later, *stack[place + 1 :]])]
                answers += [analyzer.analyze(later)] if place == 0 else []
                said = [report.message for answer in answers for report in answer.reports]
                assert [message for message in said if "not-proven" in message] == [], (each.token, path)
                tried += 1
    assert tried > 30
