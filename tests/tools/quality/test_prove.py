"""That the solver tells right documents from wrong ones, and a wrong evaluator from a right one."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import z3

from cloudtrail_logs.iam.evaluation import Decision
from cloudtrail_logs.iam.evaluation import allows as pack_allows
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.iam.wildcard import AnyDigits, Subject
from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.value import UNKNOWN, Truth
from cloudtrail_logs.model.verdict import Code, Problem, Verdict
from tools.quality.prove import __main__ as command
from tools.quality.prove.cases import Case, permissions_of
from tools.quality.prove.comparison import Comparison, Findings
from tools.quality.prove.conditions import met
from tools.quality.prove.judge import Judge
from tools.quality.prove.languages import contains, covers, matching
from tools.quality.prove.random_cases import random_case
from tools.quality.prove.recorded_cases import recorded_cases
from tools.quality.prove.roles import Policy, Role

ACCOUNT = "111111111111"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:ct"
OWN = f"{GROUP}:log-stream:{ACCOUNT}_CloudTrail_us-east-1"
MEMBERS = f"{GROUP}:log-stream:o-*_CloudTrail_us-east-1"
PLACE = {"partition": "aws", "region": "us-east-1", "account": ACCOUNT, "name": "ct"}
CREATE, PUT = "logs:CreateLogStream", "logs:PutLogEvents"
YES, NO, MAYBE = Truth.YES, Truth.NO, Truth.MAYBE


def allow(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": list(resources), **more}


def deny(*resources: Any, **more: Any) -> dict[str, Any]:
    return allow(*resources, **{"Effect": "Deny", **more})


def case(*statements: Any, organization: Any = False, unknown: str = "", **role: Any) -> Case:
    policy = Policy({"Version": "2012-10-17", "Statement": list(statements)}, role.pop("held", YES))
    of = Role((policy,), **role)
    place = DeliveryPlace(**{name: UNKNOWN if name in unknown.split() else value for name, value in PLACE.items()})
    return Case("case", of, place, organization, permissions_of(of))


ALL, EACH_DIGIT = allow("*"), [f"{OWN}_{digit}*" for digit in "0123456789"]
OF = f"{GROUP}:log-stream:"
PERHAPS = {"Condition": {"Bool": {"aws:Other": "true"}}}
NEVER = {"Condition": {"StringEquals": {"aws:SourceArn": "x"}}}
A, B = "o-aaaaaaaaaa", "o-bbbbbbbbbb"
KNOWN: list[tuple[str, Case, Truth]] = [
    ("everything", case(ALL), YES),
    ("nothing", case(), NO),
    ("the log group only", case(allow(GROUP)), NO),
    ("its streams", case(allow(f"{GROUP}:*")), YES),
    ("the first stream only", case(allow(OWN)), NO),
    ("each digit", case(allow(OWN, *EACH_DIGIT)), YES),
    ("each digit but one", case(allow(OWN, *EACH_DIGIT[:-1])), NO),
    ("a Deny of one number", case(ALL, deny(f"{OWN}_57")), NO),
    ("a Deny of another log group", case(ALL, deny(f"{GROUP}-2:*")), YES),
    ("other actions", case(allow("*", Action="logs:Describe*")), NO),
    ("a condition", case(allow("*", **PERHAPS)), MAYBE),
    ("a condition that is never met", case(allow("*", **NEVER)), NO),
    ("a variable", case(allow("arn:*:${aws:username}")), MAYBE),
    ("a variable in a Deny of another service", case(ALL, deny("arn:aws:s3:::${aws:username}")), YES),
    ("an unknown effect", case({**ALL, "Effect": UNKNOWN}), MAYBE),
    ("an unknown effect on another log group", case(ALL, {**deny(f"{GROUP}-2:*"), "Effect": UNKNOWN}), YES),
    ("a policy that it may have", case(ALL, held=MAYBE), MAYBE),
    ("perhaps more policies", case(complete=False), MAYBE),
    ("perhaps more policies, and a Deny", case(deny("*"), complete=False), NO),
    ("within a boundary", case(ALL, boundary=Policy({"Statement": ALL})), YES),
    ("outside a boundary", case(ALL, boundary=Policy({"Statement": allow(GROUP)})), NO),
    ("an organization's own streams only", case(allow(f"{OWN}*"), organization=True), NO),
    ("its members' too", case(allow(f"{OWN}*", f"{MEMBERS}*"), organization=True), YES),
    ("one organization", case(allow(f"{OWN}*", f"{OF}{A}_*"), organization=True), MAYBE),
    ("all members but one", case(ALL, deny(f"{OF}o-*_123456789012_*"), organization=True), NO),
    ("perhaps an organization", case(ALL, organization=UNKNOWN), YES),
    ("an unknown account", case(allow(f"{OF}*"), unknown="account"), MAYBE),
    ("an unknown account in another region", case(allow(f"{OF}*".replace("us-", "eu-")), unknown="account"), NO),
    ("an unknown name", case(allow("arn:aws:logs:*:*:log-group:*:*"), unknown="name"), YES),
    ("everything unknown", case(allow("arn:*:logs:*"), unknown="partition region account name"), YES),
]  # fmt: skip


@pytest.mark.parametrize(("known", "truth"), [each[1:] for each in KNOWN], ids=[each[0] for each in KNOWN])
def test_right_and_wrong_documents_are_told_apart(known: Case, truth: Truth) -> None:
    comparison = Comparison()
    comparison.compare(known)
    assert comparison.counts[f"both say {truth.value}"] == 3
    assert comparison.differences == []
    assert comparison.counts["undecided"] == 0


def test_the_pack_may_be_less_precise() -> None:
    # Without its only policy the role may do nothing, and with it there is the Deny.
    with_or_without = case(ALL, deny(f"{OWN}_1"), held=MAYBE)
    # The account in the ARN of a stream is that in its name.
    two_accounts = case(allow("arn:*:1*:log-group:*:log-stream:2*"), unknown="account")
    for known in (with_or_without, two_accounts):
        comparison = Comparison()
        comparison.compare(known)
        assert comparison.counts["less precise"] == len(comparison.imprecise) == 3
        assert comparison.differences == []


def test_where_there_may_be_an_organization_its_members_count_for_a_yes_only() -> None:
    comparison = Comparison()
    comparison.compare(case(allow(f"{OWN}*"), organization=UNKNOWN))
    assert comparison.counts["both say yes"] == 2
    assert comparison.counts["both say maybe"] == 1
    comparison = Comparison()
    comparison.compare(case(allow(f"{MEMBERS}*"), organization=UNKNOWN))
    assert comparison.counts["both say no"] == 3


def test_one_action_for_each_organization_is_wrong_for_all() -> None:
    comparison = Comparison()
    comparison.compare(
        case(
            allow(f"{OWN}*"),
            allow(f"{OF}{A}_*", Action=CREATE),
            allow(f"{OF}{B}_*", Action=PUT),
            organization=True,
        )
    )
    assert comparison.counts["both say maybe"] == 2
    assert comparison.counts["both say no"] == 1
    assert comparison.differences == []


# --- wrong evaluators


def without_denials(permissions: Permissions, action: str, subjects: Sequence[Subject]) -> Decision:
    """Overlooks every Deny."""
    decision = pack_allows(permissions, action, subjects)
    return Decision(YES) if decision.allowed is NO and "Deny" in str(permissions) else decision


def hasty(permissions: Permissions, action: str, subjects: Sequence[Subject]) -> Decision:
    """Takes a maybe for a no, on the first stream."""
    decision = pack_allows(permissions, action, subjects)
    return Decision(NO, subjects[0]) if decision.allowed is MAYBE else decision


def pointing_elsewhere(permissions: Permissions, action: str, subjects: Sequence[Subject]) -> Decision:
    """Names the first stream whichever is refused."""
    decision = pack_allows(permissions, action, subjects)
    return Decision(NO, subjects[0]) if decision.refused else decision


@pytest.mark.parametrize(
    ("allows", "known", "said"),
    [
        (without_denials, case(ALL, deny(f"{OWN}_57")), f"case: {CREATE}: yes, the solver says no: "),
        (hasty, case(allow("*", **PERHAPS)), f"case: {CREATE}: no, the solver says maybe: "),
        (pointing_elsewhere, case(allow(OWN)), f"case: {CREATE} is named as refused on {OWN}, which it is not: "),
    ],
)
def test_a_wrong_evaluator_is_caught(allows: Any, known: Case, said: str) -> None:
    comparison = Comparison(allows=allows)
    comparison.compare(known)
    assert comparison.differences[0].startswith(said)
    assert known.text in comparison.differences[0]
    comparison.compare(case(ALL))
    assert comparison.counts["both say yes"] == 3


@pytest.mark.parametrize(
    ("text", "is_caught"),
    [
        (f"not allowed to call {PUT} on stream {ACCOUNT}_CloudTrail_us-east-1_3 of log group ct.", False),
        (f"not allowed to call {PUT} on stream {ACCOUNT}_CloudTrail_us-east-1_2 of log group ct.", True),
        (f"not allowed to call {PUT} and {CREATE} on stream {ACCOUNT}_CloudTrail_us-east-1_2 of log group ct.", True),
    ],
)
def test_a_report_that_names_a_stream_which_is_not_refused_is_caught(text: str, is_caught: bool) -> None:
    verdict = Verdict(problems=(Problem(Code.ROLE_PERMISSION_MISSING, text),))
    comparison = Comparison(judge=lambda _: verdict)
    comparison.compare(case(allow(OWN, f"{OWN}_2")))
    assert bool(comparison.differences) is is_caught


def test_the_digits_of_a_members_stream_are_taken_as_they_are_named() -> None:
    known = case(allow(f"{OWN}*", MEMBERS, f"{MEMBERS}_2"), organization=True)
    named = Subject((f"{OF}o-aaaaaaaaaa_", AnyDigits("MEMBER", 12), "_CloudTrail_us-east-1_", AnyDigits("2", 1)))
    comparison = Comparison(allows=lambda *_: Decision(NO, named))
    comparison.compare(known)
    assert len(comparison.differences) == 2
    comparison = Comparison()
    comparison.compare(known)
    assert comparison.counts["both say no"] == 3
    assert comparison.differences == []


# --- what the solver cannot decide


def test_what_the_solver_cannot_decide_in_time_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(z3.Solver, "check", lambda _: z3.unknown)
    comparison = Comparison()
    comparison.compare(case(allow(f"{GROUP}:*")))
    assert comparison.counts == Counter(cases=1, documents=1, undecided=3)
    assert comparison.differences == []


def test_a_solver_that_does_not_stop_is_ended() -> None:
    with Judge(milliseconds=10_000) as judge:
        judge.seconds, seconds = 0, judge.seconds
        assert judge.findings(case(ALL)).counts == Counter(cases=1, documents=1, undecided=3)
        judge.seconds = seconds
        assert judge.findings(case(ALL)).counts["both say yes"] == 3


# --- the pieces


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("", "", True),
        ("*", "", True),
        ("a*c", "abbc", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a*b*", "acbb", True),
        ("A", "a", False),
        ("a\\u{41}", "aA", False),
        ("a\\u{41}", "a\\u{41}", True),
        ("\U0010ffff", "a", False),
    ],
)
def test_what_a_pattern_matches(pattern: str, text: str, matches: bool) -> None:
    assert covers(pattern, text) is matches


def test_a_variable_matches_nothing_for_sure_and_an_escape_its_own_character() -> None:
    assert covers("a${b}", "a${b}")
    for name in ("aws:b", "s3:prefix", "b, 'c'"):
        assert matching(f"a${{{name}}}c", True).may.eq(matching("a*c", True).may)
        assert not matching(f"a${{{name}}}c", True).sure.eq(matching(f"a${{{name}}}c", True).may)
    for name in ("b", "logGroup.arn", "AWS::Region", ":b", "aws:", ""):
        assert not contains(matching(f"a${{{name}}}c", True).may, "abc")
    assert matching("a${*}", True).sure.eq(matching("a${*}", True).may)


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({}, YES),
        (UNKNOWN, MAYBE),
        ({"StringEquals": {"aws:SourceArn": "x"}}, NO),
        ({"stringnotlike": {"AWS:sourceaccount": "x"}}, YES),
        ({"StringEqualsIfExists": {"aws:SourceArn": "x"}}, YES),
        ({"ForAllValues:ArnLike": {"aws:SourceArn": "x"}}, YES),
        ({"ForAnyValue:ArnNotLike": {"aws:SourceArn": "x"}}, NO),
        ({"ForAnyValue:ArnLikeIfExists": {"aws:SourceArn": "x"}}, MAYBE),
        ({"Null": {"aws:SourceArn": "true"}}, YES),
        ({"Null": {"aws:SourceArn": [False]}}, NO),
        ({"Null": {"aws:SourceArn": ["true", "false"]}}, MAYBE),
        ({"Other": {"aws:SourceArn": "x"}}, MAYBE),
        ({"Bool": {"aws:Other": "x"}}, MAYBE),
        ({"Bool": {"aws:Other": "x", "aws:SourceArn": "x"}}, NO),
    ],
)
def test_whether_a_condition_is_met(condition: Any, truth: Truth) -> None:
    assert met(condition) is truth


@pytest.mark.parametrize("module", ["conditions", "languages", "roles", "solver", "statements", "streams"])
def test_the_translation_uses_nothing_of_what_it_judges(module: str) -> None:
    path = Path(command.__file__).with_name(f"{module}.py")
    imported = [node.module or "" for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    assert [each for each in imported if "iam" in each.split(".")] == []


# --- the command


def test_random_cases_are_the_same_for_the_same_seed() -> None:
    assert random_case(3, 7).text == random_case(3, 7).text
    assert len({random_case(3, number).text for number in range(20)}) == 20


def test_the_documents_of_a_test_are_recorded() -> None:
    cases = list(recorded_cases(["tests/iam/test_evaluation.py"]))
    assert len(cases) > 50
    assert all(each.name.startswith("tests/iam/test_evaluation.py::") for each in cases)


class FoundDifferent:
    """Finds a difference in each case."""

    def __init__(self, _: int) -> None: ...

    def __enter__(self) -> FoundDifferent:
        return self

    def __exit__(self, *_: object) -> None: ...

    def findings(self, known: Case) -> Findings:
        return Findings(
            Counter(cases=1, documents=known.documents, differences=1), [f"the text of {known.name}"], ["x"]
        )


def test_the_command_prints_its_seed_and_what_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "Judge", FoundDifferent)
    assert command.main(["--random-only", "--cases", "1", "--seed", "5"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["seed 5", "DIFFERENCE the text of random 5/0"]
    assert "| differences | 1 |" in lines
    assert "| undecided | 0 |" in lines
