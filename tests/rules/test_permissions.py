"""Permissions cut down to what is near the streams that are asked about, exactly; and the pieces that decide it."""

from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.permissions import Grant, Permissions, near
from cloudtrail_logs.policy_document import Unreadable, read_document
from cloudtrail_logs.value import UNKNOWN
from cloudtrail_logs.wildcard import Fresh, Gap, Subject, common_pieces, may_begin, may_have_pieces

from .trails import LOG_GROUP_ARN

STREAMS = (Subject((f"{LOG_GROUP_ARN[:-1]}log-stream:a",)), Subject((f"{LOG_GROUP_ARN[:-1]}log-stream:b",)))
FAR, NEAR, VARIABLE = "arn:aws:s3:::x", LOG_GROUP_ARN, "arn:aws:s3:::${aws:username}"


def allow(resource: Any, element: str = "Resource") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", element: resource}


def grant(*statements: Any, version: str = "2012-10-17") -> Grant:
    return Grant("p", read_document({"Version": version, "Statement": statements}))


NO_RESOURCE = {"Effect": "Allow", "Action": "*"}
CUT: list[tuple[str, Grant, Grant]] = [
    ("a list", grant(allow([FAR, NEAR, FAR])), grant(allow(NEAR))),
    ("nothing far", grant(allow([NEAR, "*"])), grant(allow([NEAR, "*"]))),
    ("nothing near", grant(allow(FAR)), grant()),
    ("nothing at all", grant(allow([])), grant(allow([]))),
    ("all but a list", grant(allow([FAR, NEAR], "NotResource")), grant(allow(NEAR, "NotResource"))),
    ("all but what is far", grant(allow(FAR, "NotResource")), grant(allow([], "NotResource"))),
    ("something unknown", grant(allow([FAR, UNKNOWN])), grant(allow([UNKNOWN]))),
    ("unknown resources", grant(NO_RESOURCE), grant(NO_RESOURCE)),
    ("a variable", grant(allow([FAR, VARIABLE])), grant(allow([VARIABLE]))),
    (
        "what is no variable in the old version",
        grant(allow([NEAR, VARIABLE]), version="2008-10-17"),
        grant(allow(NEAR), version="2008-10-17"),
    ),
    ("an unknown document", Grant("p", UNKNOWN), Grant("p", UNKNOWN)),
    ("an unreadable one", Grant("p", Unreadable("x")), Grant("p", Unreadable("x"))),
]


@pytest.mark.parametrize(("held", "left"), [case[1:] for case in CUT], ids=[case[0] for case in CUT])
def test_what_is_near(held: Grant, left: Grant) -> None:
    two = replace(held, name="q", editable=False)
    assert near(Permissions((held, two), True, None), STREAMS) == Permissions(
        (left, replace(left, name="q", editable=False)), True, None
    )
    assert near(Permissions((), False, held), STREAMS) == Permissions((), False, left)


def test_names_of_statements_stay() -> None:
    cut = near(Permissions((grant(allow(FAR), allow([FAR, NEAR])),), True, None), STREAMS).grants[0].document
    assert [each.name for each in cut.statements] == ["statement 2"]  # type: ignore[union-attr]


ACCOUNT = Gap("ACCOUNT", "0123456789", 12, 12)
NAME = Gap("NAME", "abc", 1, 9)


@pytest.mark.parametrize(
    ("subjects", "pieces"),
    [
        ([Subject(("abc",))], ((0, "abc"),)),
        ([Subject(("abcd",)), Subject(("abx",))], ((0, "ab"),)),
        ([Subject(("abc",)), Subject(("ab",))], ((0, "ab"),)),
        ([Subject(("abc",)), Subject(("xbc",))], ()),
        ([Subject(("abd",)), Subject(("abc",)), Subject(("aa",))], ((0, "a"),)),
        ([Subject(("ab", ACCOUNT, "c"))], ((0, "ab"), (14, "c"))),
        ([Subject(("ab", Fresh("x", 2), "c"))], ((0, "ab"), (4, "c"))),
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
