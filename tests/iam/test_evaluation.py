"""What permissions answer, and to what they are cut down before, exactly; and the pieces that decide it."""

from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.iam.document import Patterns, Unreadable, read_document
from cloudtrail_logs.iam.elements import action_matches, is_removable, placeholders_open, variables_open
from cloudtrail_logs.iam.evaluation import Decision, allows, near
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import log_streams, stream_name
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.iam.wildcard import AnyDigits, Subject, UnknownPart, common_pieces, may_begin, may_have_pieces
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Text, Truth

from ..rules.trails import LOG_GROUP_ARN

STREAMS = (Subject((f"{LOG_GROUP_ARN[:-1]}log-stream:a",)), Subject((f"{LOG_GROUP_ARN[:-1]}log-stream:b",)))
NO_CHARACTER = "\ue002"
FAR, NEAR, VARIABLE = "arn:aws:s3:::x", LOG_GROUP_ARN, "arn:aws:s3:::${aws:username}"


def allow(resource: Any, element: str = "Resource") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", element: resource}


def grant(*statements: Any, version: str = "2012-10-17") -> Grant:
    return Grant("p", read_document({"Version": version, "Statement": statements}))


NO_RESOURCE = {"Effect": "Allow", "Action": "*"}
CUT: list[tuple[str, Grant, Grant | None]] = [
    ("a list", grant(allow([FAR, NEAR, FAR])), grant(allow(NEAR))),
    ("nothing far", grant(allow([NEAR, "*"])), grant(allow([NEAR, "*"]))),
    ("nothing near", grant(allow(FAR)), None),
    ("nothing at all", grant(allow([])), None),
    ("another action", grant({**allow(NEAR), "Action": "logs:CreateLogGroup"}), None),
    ("all but the actions", grant({"Effect": "Allow", "NotAction": "logs:*", "Resource": NEAR}), None),
    ("what is never met", grant({**allow(NEAR), "Condition": {"StringEquals": {"aws:SourceArn": "x"}}}), None),
    ("the same twice", grant(allow(NEAR), allow(NEAR)), grant(allow(NEAR))),
    ("all but a list", grant(allow([FAR, NEAR], "NotResource")), grant(allow(NEAR, "NotResource"))),
    ("all but what is far", grant(allow(FAR, "NotResource")), grant(allow([], "NotResource"))),
    ("something unknown", grant(allow([FAR, UNKNOWN])), grant(allow([UNKNOWN]))),
    ("unknown resources", grant(NO_RESOURCE), grant(NO_RESOURCE)),
    ("a variable", grant(allow([FAR, VARIABLE, f"{NEAR}${{aws:a}}"])), grant(allow([f"{NEAR}${{aws:a}}"]))),
    ("a variable of anything", grant(allow([FAR, "${aws:a}"])), grant(allow(["${aws:a}"]))),
    ("what is no variable", grant(allow([FAR, "${a}", "${a.arn}:*"])), None),
    (
        "what is no variable in the old version",
        grant(allow([NEAR, VARIABLE]), version="2008-10-17"),
        grant(allow(NEAR), version="2008-10-17"),
    ),
    ("an unknown document", Grant("p", UNKNOWN), Grant("p", UNKNOWN)),
    ("an unreadable one", Grant("p", Unreadable("x")), None),
]


@pytest.mark.parametrize(("held", "left"), [case[1:] for case in CUT], ids=[case[0] for case in CUT])
def test_what_is_near(held: Grant, left: Grant | None) -> None:
    two = replace(held, name="q", editable=False)  # it adds nothing
    permissions, bounded = Permissions((held, two), True, None), Permissions((), False, held)
    for _ in ("looked through", "looked up"):
        assert near(permissions, STREAMS) == Permissions((left,) if left else (), True, None)
        assert near(bounded, STREAMS).boundary in (left, grant(), held)


def test_what_a_role_does_not_have_is_not_near() -> None:
    assert near(Permissions((replace(grant(allow(NEAR)), held=Truth.NO),), True, None), STREAMS).grants == ()


def test_a_boundary_of_which_nothing_is_near_allows_nothing() -> None:
    boundary = grant(allow(FAR))
    assert near(Permissions((), False, boundary), STREAMS) == Permissions((), False, grant())


def test_names_and_order_of_statements_stay() -> None:
    one, two = grant(allow("*"), allow(FAR), allow([FAR, NEAR])), replace(grant(allow("arn:*"), allow("*")), name="q")
    permissions = Permissions((one, two), True, None)
    for _ in ("looked through", "looked up"):
        cut = near(permissions, STREAMS).grants
        assert [(each.name, [statement.name for statement in each.document.statements]) for each in cut] == [  # type: ignore[union-attr]
            ("p", ["statement 1", "statement 3"]),
            ("q", ["statement 1"]),
        ]


# (the partition, region and account of streams, a pattern, whether it is near them)
BEHIND_WHAT_IS_NOT_KNOWN: list[tuple[str, tuple[Text, Text, Text], str, bool]] = [
    ("the same account", ("aws", UNKNOWN, "1" * 12), f"arn:aws:logs:us-east-1:{'1' * 12}:log-group:ct:*", True),
    ("another account", ("aws", UNKNOWN, "1" * 12), f"arn:aws:logs:us-east-1:{'2' * 12}:log-group:ct:*", False),
    ("a beginning of the account", ("aws", UNKNOWN, "1" * 12), "arn:aws:logs:us-east-1:11*", True),
    ("a beginning of another account", ("aws", UNKNOWN, "1" * 12), "arn:aws:logs:us-east-1:12*", False),
    ("a wildcard before another account", ("aws", UNKNOWN, "1" * 12), f"arn:aws:logs:*:{'2' * 12}:*", True),
    ("another log group", ("aws", UNKNOWN, UNKNOWN), f"arn:aws:logs:us-east-1:{'1' * 12}:log-group:other:*", False),
    ("no log group", ("aws", UNKNOWN, UNKNOWN), f"arn:aws:logs:us-east-1:{'1' * 12}:destination:ct", False),
    ("another region", (UNKNOWN, "us-east-1", UNKNOWN), "arn:aws:logs:eu-west-2:*", False),
    ("the same region", (UNKNOWN, "us-east-1", UNKNOWN), "arn:aws:logs:us-east-1:*", True),
    ("another service", (UNKNOWN, UNKNOWN, UNKNOWN), "arn:aws:s3:::ct", False),
    ("too short for an account", ("aws", "us-east-1", UNKNOWN), "arn:aws:logs:us-east-1:1:log-group:ct:*", False),
    ("too long for an account", ("aws", "us-east-1", UNKNOWN), f"arn:aws:logs:us-east-1:{'1' * 13}*", False),
]


@pytest.mark.parametrize(
    ("place", "pattern", "is_near"),
    [case[1:] for case in BEHIND_WHAT_IS_NOT_KNOWN],
    ids=[case[0] for case in BEHIND_WHAT_IS_NOT_KNOWN],
)
def test_what_is_near_does_not_depend_on_what_was_asked_before(
    place: tuple[Text, Text, Text], pattern: str, is_near: bool
) -> None:
    held = grant(allow(pattern))
    streams = log_streams(*place, "ct", of_organization=True)
    permissions = Permissions((held,), True, None)
    for _ in ("looked through", "looked up"):
        assert near(permissions, streams).grants == ((held,) if is_near else ())


ACCOUNT = UnknownPart("ACCOUNT", "0123456789", 12, 12)
NAME = UnknownPart("NAME", "abc", 1, 9)


@pytest.mark.parametrize(
    ("subjects", "pieces"),
    [
        ([Subject(("abc",))], ((0, "abc"),)),
        ([Subject(("abcd",)), Subject(("abx",))], ((0, "ab"),)),
        ([Subject(("abc",)), Subject(("ab",))], ((0, "ab"),)),
        ([Subject(("abc",)), Subject(("xbc",))], ()),
        ([Subject(("abd",)), Subject(("abc",)), Subject(("aa",))], ((0, "a"),)),
        ([Subject(("ab", ACCOUNT, "c"))], ((0, "ab"), (14, "c"))),
        ([Subject(("ab", AnyDigits("x", 2), "c"))], ((0, "ab"), (4, "c"))),
        ([Subject(("ab", NAME, "c"))], ((0, "ab"),)),
        ([Subject((NAME, "c"))], ()),
    ],
)
def test_the_pieces_that_all_begin_with(subjects: list[Subject], pieces: tuple[tuple[int, str], ...]) -> None:
    assert common_pieces(subjects) == pieces


@pytest.mark.parametrize(
    ("pattern", "may"),
    [
        ("abc", True),
        ("ab", True),
        ("abcd", True),
        ("abx", False),
        ("x", False),
        ("", True),
        ("*", True),
        ("a*x", True),
        ("a*x*", True),
        ("x*", False),
        ("?x", True),
        ("a?c?", True),
        ("a?x?", True),
        ("x?", False),
        ("ab*?", True),
        ("a?x*", True),
        ("abx*", False),
        ("abx?", False),
    ],
)
def test_what_may_begin_so(pattern: str, may: bool) -> None:
    assert may_begin(pattern, "abc") is may
    assert may_have_pieces(pattern, ((0, "abc"),)) is may


def test_what_may_have_pieces_further_on() -> None:
    pieces = ((0, "ab"), (4, "cd"))
    for pattern, may in (("ab__cd", True), ("ab__cx", False), ("ab__c*", True), ("ab*x", True), ("ab__?x", True)):
        assert may_have_pieces(pattern, pieces) is may


# --- what is allowed

ONE, TWO, MEMBER = AnyDigits("2", 1), AnyDigits("10", 2), AnyDigits("MEMBER", 12)
LOADED, MORE_LOADED, OF_MEMBER = Subject(("s_", ONE)), Subject(("s_", TWO)), Subject(("o_", MEMBER, "_s"))
LOADED_OF_MEMBER = Subject(("o_", MEMBER, "_s_", ONE))
PLAIN = Subject(("s",))
ALL = allow("*")
YES, NO, MAYBE = Decision(Truth.YES), Truth.NO, Decision(Truth.MAYBE)


def deny(resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "*", "Resource": resource, **more}


def single(text: str) -> Decision:
    """A refusal of one stream; its text may be in parts."""
    return Decision(NO, Subject((text,)))


def shown(answer: Decision) -> tuple[Truth, str | None]:
    return answer.allowed, answer.refused.text if answer.refused else None


DIGITS = "0123456789"
MEMBERS = ("111111111111", "123456789012")
PERHAPS = {"Condition": {"Bool": {"aws:Other": "x"}}}
ANSWERS: list[tuple[str, list[Any], Subject, Decision]] = [
    ("nothing", [], PLAIN, single("s")),
    ("everything", [ALL], PLAIN, YES),
    ("a Deny wins", [ALL, deny("s")], PLAIN, single("s")),
    ("a Deny of something else", [ALL, deny("t")], PLAIN, YES),
    ("a Deny that may hold", [ALL, deny("s", **PERHAPS)], PLAIN, MAYBE),
    ("an effect that is not known", [{**ALL, "Effect": UNKNOWN}], PLAIN, MAYBE),
    ("an effect that is not known, of something else", [{**allow("t"), "Effect": UNKNOWN}], PLAIN, single("s")),
    ("an effect that is not known, beside an Allow", [ALL, {**ALL, "Effect": UNKNOWN}], PLAIN, MAYBE),
    ("with principals", [{**ALL, "Principal": "*"}], PLAIN, MAYBE),
    ("with all but some principals", [{**ALL, "NotPrincipal": "*"}], PLAIN, MAYBE),
    ("nothing is allowed under load", [allow("s")], LOADED, Decision(NO, LOADED)),
    ("a digit", [allow("s_?")], LOADED, YES),
    ("each digit", [allow([f"s_{digit}" for digit in DIGITS])], LOADED, YES),
    ("each digit but one", [allow([f"s_{digit}" for digit in DIGITS if digit != "7"])], LOADED, single("s_7")),
    ("all but a digit", [ALL, deny("s_7")], LOADED, single("s_7")),
    ("all but digits: the one shown is told", [ALL, deny(["s_1", "s_2", "s_3"])], LOADED, single("s_2")),
    ("all but digits: else the first is told", [ALL, deny(["s_9", "s_3"])], LOADED, single("s_3")),
    ("all but a digit, perhaps", [ALL, deny("s_7", **PERHAPS)], LOADED, MAYBE),
    ("two digits", [allow("s_??")], MORE_LOADED, YES),
    ("each of two digits", [allow([f"s_{digit}?" for digit in DIGITS])], MORE_LOADED, YES),
    ("all but two digits", [ALL, deny("s_07")], MORE_LOADED, single("s_07")),
    ("all but two digits: the ones shown are told", [ALL, deny(["s_07", "s_10"])], MORE_LOADED, single("s_10")),
    ("all but one of two digits", [ALL, deny("s_?7")], MORE_LOADED, single("s_07")),
    (
        "all but digits in two places",
        [ALL, deny(["s_0_0", "s_2_3"])],
        Subject(("s_", ONE, "_", AnyDigits("3", 1))),
        single("s_2_3"),
    ),
    ("a digit before a variable", [ALL, deny("s_7${aws:username}")], LOADED, MAYBE),
    ("a digit before a variable, and another digit", [ALL, deny(["s_7${aws:username}", "s_8"])], LOADED, single("s_8")),
    ("a member before a variable", [ALL, deny(f"o_{MEMBERS[1]}${{aws:username}}_s")], OF_MEMBER, MAYBE),
    ("every member", [allow("o_*")], OF_MEMBER, YES),
    ("one member", [allow(f"o_{MEMBERS[1]}_s")], OF_MEMBER, Decision(NO, OF_MEMBER)),
    ("all but one member", [ALL, deny(f"o_{MEMBERS[1]}_s")], OF_MEMBER, single(f"o_{MEMBERS[1]}_s")),
    ("all but a member of equal digits", [ALL, deny(f"o_{MEMBERS[0]}_s")], OF_MEMBER, single(f"o_{MEMBERS[0]}_s")),
    (
        "all but a member of equal digits, by a NotResource",
        [allow(f"o_{MEMBERS[0]}_s", "NotResource")],
        OF_MEMBER,
        single(f"o_{MEMBERS[0]}_s"),
    ),
    ("all but some members", [ALL, deny("o_1234*")], OF_MEMBER, single("o_123400000000_s")),
    ("no digit of any member", [allow("o_*_s")], LOADED_OF_MEMBER, Decision(NO, LOADED_OF_MEMBER)),
    *(
        (f"of each member {what}", statements, LOADED_OF_MEMBER, Decision(NO, Subject(("o_", MEMBER, "_s_", digit))))
        for what, statements, digit in (
            ("another digit than the one shown", [allow("o_*_s_1")], "2"),
            ("the digit shown: another is told", [allow("o_*_s_2")], "0"),
            ("some digits: the first other one is told", [allow(["o_*_s_2", "o_*_s_0"])], "1"),
            ("all but the digit shown", [ALL, deny("o_*_s_2")], "2"),
            ("all but another digit", [ALL, deny("o_*_s_3")], "3"),
            ("all but digits, by a NotResource", [allow(["o_*_s_3", "o_*_s_7"], "NotResource")], "3"),
        )
    ),
    (
        "all but one member under load",
        [ALL, deny(f"o_{MEMBERS[0]}_s_7")],
        LOADED_OF_MEMBER,
        single(f"o_{MEMBERS[0]}_s_7"),
    ),
    ("all but one member, perhaps", [ALL, deny(f"o_{MEMBERS[1]}_s", **PERHAPS)], OF_MEMBER, MAYBE),
]


@pytest.mark.parametrize(
    ("statements", "subject", "answer"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_what_is_allowed(statements: list[Any], subject: Subject, answer: Decision) -> None:
    held = Permissions((grant(*statements),), True, None)
    assert shown(allows(held, "logs:PutLogEvents", [subject])) == shown(answer)


GRANTED, NOTHING = grant(ALL), grant()
SIDES: list[tuple[str, Permissions, Truth]] = [
    ("a policy that the role may have", Permissions((replace(GRANTED, held=Truth.MAYBE),), True, None), Truth.MAYBE),
    ("one that it does not have", Permissions((replace(GRANTED, held=Truth.NO),), True, None), Truth.NO),
    (
        "one that it does not have and that is not known",
        Permissions((Grant("p", UNKNOWN, Truth.NO),), True, None),
        Truth.NO,
    ),
    ("a document that is not known", Permissions((Grant("p", UNKNOWN),), True, None), Truth.MAYBE),
    ("one that IAM refuses", Permissions((Grant("p", Unreadable("x")),), True, None), Truth.NO),
    ("perhaps more policies", Permissions((NOTHING,), False, None), Truth.MAYBE),
    ("perhaps more than everything", Permissions((GRANTED,), False, None), Truth.MAYBE),
    ("within a boundary", Permissions((GRANTED,), True, GRANTED), Truth.YES),
    ("outside a boundary", Permissions((GRANTED,), True, NOTHING), Truth.NO),
    ("outside a boundary, perhaps more policies", Permissions((GRANTED,), False, NOTHING), Truth.NO),
    ("a boundary that is not known", Permissions((GRANTED,), True, Grant("p", UNKNOWN)), Truth.MAYBE),
    ("nothing within a boundary", Permissions((), True, GRANTED), Truth.NO),
]


@pytest.mark.parametrize(("held", "allowed"), [case[1:] for case in SIDES], ids=[case[0] for case in SIDES])
def test_what_both_sides_allow(held: Permissions, allowed: Truth) -> None:
    assert allows(held, "logs:PutLogEvents", [PLAIN]) == Decision(allowed, PLAIN if allowed is NO else None)


def test_of_several_streams_one_that_is_refused_tells() -> None:
    held = Permissions((grant(allow(["a", "b"]), deny("b", **PERHAPS)),), True, None)
    a, b, c = (Subject((name,)) for name in "abc")
    for subjects, answer in (
        ([a], YES),
        ([a, b], MAYBE),
        ([b, a], MAYBE),
        ([b, c, a], Decision(NO, c)),
        ([], YES),
    ):
        assert allows(held, "logs:PutLogEvents", subjects) == answer


@pytest.mark.parametrize(
    ("values", "removable"),
    [
        (("iam:*", "logs:PutLogEvents"), True),
        (("iam:*", "LOGS:putlogevents", "logs:CreateLogStream"), True),
        (("logs:PutLogEvents", UNKNOWN), True),
        (("iam:*", "logs:Put*"), False),
        (("iam:*", "logs:PutLogEvents", "logs:*"), False),
        (("logs:PutLogEvents",), False),
        (("logs:PutLogEvents", "logs:CreateLogStream"), False),
    ],
)
def test_whether_actions_can_be_removed_from_a_not_action(values: Any, removable: bool) -> None:
    asked = ("logs:CreateLogStream", "logs:PutLogEvents")
    assert is_removable(Patterns(values, negated=True), "logs:PutLogEvents", asked) is removable


@pytest.mark.parametrize(
    ("patterns", "covers"),
    [
        (Patterns(("logs:PutLogEvents",)), Truth.YES),
        (Patterns(("LOGS:putlogevents",)), Truth.YES),
        (Patterns(("logs:put*",)), Truth.YES),
        (Patterns(("s3:*",)), Truth.NO),
        (Patterns(("s3:*", UNKNOWN)), Truth.MAYBE),
        (Patterns(("*", UNKNOWN)), Truth.YES),
        (Patterns(()), Truth.NO),
        (Patterns(("s3:*",), negated=True), Truth.YES),
        (Patterns(("Logs:*",), negated=True), Truth.NO),
        (Patterns((UNKNOWN,), negated=True), Truth.MAYBE),
        (UNKNOWN, Truth.MAYBE),
        (ABSENT, Truth.MAYBE),
    ],
)
def test_which_actions_are_covered(patterns: Any, covers: Truth) -> None:
    assert action_matches(patterns, "logs:PutLogEvents") is covers


def test_a_variable_may_be_anything_and_an_escape_is_no_character_of_an_arn() -> None:
    assert variables_open("a${aws:username}b${x.amazonaws.com:y}") == "a*b*"
    assert variables_open("a${*}b${?}c${$}") == f"a{NO_CHARACTER}b{NO_CHARACTER}c{NO_CHARACTER}"
    assert variables_open("a$b{c}") == "a$b{c}"


@pytest.mark.parametrize(
    ("text", "is_variable"),
    [
        ("aws:PrincipalTag/a", True),
        ("AWS:username", True),
        (" aws:username ", True),
        ("kms:EncryptionContext:a", True),
        ("a, 'b'", True),
        ("aws:PrincipalTag/a, '*'", True),
        ("", False),
        ("a", False),
        ("logGroup.arn", False),
        ("aws_cloudwatch_log_group.a.arn", False),
        ("arns[0]", False),
        ("a ? b : c", False),
        ("a:", False),
        ("AWS::AccountId", False),
    ],
)
def test_a_variable_has_the_name_of_a_condition_key_or_a_default(text: str, is_variable: bool) -> None:
    pattern = f"{NEAR}${{{text}}}*"
    assert variables_open(pattern) == f"{NEAR}{'*' if is_variable else NO_CHARACTER}*"
    assert placeholders_open(pattern) == f"{NEAR}**"


@pytest.mark.parametrize(("others", "answer"), [(199, single(f"o_{MEMBERS[1]}_s")), (200, MAYBE)])
def test_only_so_many_members_that_patterns_single_out_are_asked_about(others: int, answer: Decision) -> None:
    perhaps = deny([f"o_{900_000_000_000 + number}_s" for number in range(others)], **PERHAPS)
    held = Permissions((grant(ALL, perhaps, deny(f"o_{MEMBERS[1]}_s")),), True, None)
    assert shown(allows(held, "logs:PutLogEvents", [OF_MEMBER])) == shown(answer)


@pytest.mark.parametrize("of_organization", [False, True])
@pytest.mark.parametrize(
    ("pattern", "allowed", "refused"),
    [
        ("${aws:PrincipalAccount}_CloudTrail_us-east-1_1*", Truth.NO, "111111111111_CloudTrail_us-east-1_2"),
        ("${aws:username}*_1*", Truth.NO, "111111111111_CloudTrail_us-east-1_2"),
        ("${aws:username}*", Truth.MAYBE, None),
    ],
)
def test_whatever_a_variable_stands_for_the_rest_of_the_pattern_may_refuse_a_stream(
    pattern: str, allowed: Truth, refused: str | None, of_organization: bool
) -> None:
    streams = log_streams("aws", "us-east-1", "111111111111", "ct", of_organization)
    group = "arn:aws:logs:us-east-1:111111111111:log-group:ct:log-stream:"
    held = grant(allow([f"{group}111111111111_CloudTrail_us-east-1", f"{group}{pattern}"]))
    answer = allows(Permissions((held,), True, None), "logs:PutLogEvents", streams)
    assert (answer.allowed, answer.refused and stream_name(answer.refused)) == (allowed, refused)


def test_a_variable_in_what_may_be_a_deny() -> None:
    streams = log_streams("aws", "us-east-1", "111111111111", "ct", of_organization=False)
    may_be = {"Effect": UNKNOWN, "Action": "*", "Resource": "arn:aws:logs:us-east-1:${aws:PrincipalAccount}:*"}
    for statements in ((allow("*"), may_be), (may_be,)):
        answer = allows(Permissions((grant(*statements),), True, None), "logs:PutLogEvents", streams)
        assert answer == Decision(Truth.MAYBE)
