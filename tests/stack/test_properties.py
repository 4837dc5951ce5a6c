"""What is read of properties: known, unknown and absent values, at any depth."""

import json
from typing import Any

import pytest
from pulumi_policy import proxy

from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotFlag, NotText
from cloudtrail_logs.stack.properties import UNKNOWN_SENTINELS, Properties

SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
NO_PROPERTY = object()


def test_the_sentinels_are_those_of_the_sdk() -> None:
    values = {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_") and name.endswith("_VALUE")}
    assert values == UNKNOWN_SENTINELS


def properties(value: Any) -> Properties:
    return Properties({} if value is NO_PROPERTY else {"a": value})


@pytest.mark.parametrize(
    ("value", "text", "flag", "plain"),
    [
        # value, as a string, as a boolean, at any depth
        (NO_PROPERTY, ABSENT, ABSENT, ABSENT),
        (None, ABSENT, ABSENT, ABSENT),
        ("", ABSENT, NotFlag("a string"), ABSENT),
        (" \n", ABSENT, NotFlag("a string"), " \n"),
        ("audit", "audit", NotFlag("a string"), "audit"),
        (" audit", " audit", NotFlag("a string"), " audit"),
        ("True ", "True ", True, "True "),
        ("false", "false", False, "false"),
        (True, NotText("a boolean"), True, True),
        (False, NotText("a boolean"), False, False),
        (0.0, NotText("a number"), NotFlag("a number"), 0.0),
        ([], NotText("a list"), NotFlag("a list"), []),
        ([SENTINEL, [SENTINEL], None], NotText("a list"), NotFlag("a list"), [UNKNOWN, [UNKNOWN], None]),
        ({"b": SENTINEL}, NotText("an object"), NotFlag("an object"), {"b": UNKNOWN}),
        (object, NotText("an asset"), NotFlag("an asset"), object),
        *((sentinel, UNKNOWN, UNKNOWN, UNKNOWN) for sentinel in sorted(UNKNOWN_SENTINELS)),
    ],
)
def test_a_property(value: Any, text: Any, flag: Any, plain: Any) -> None:
    read = properties(value)
    assert (read.text("a"), read.flag("a"), read.json("a")) == (text, flag, plain)


@pytest.mark.parametrize(
    ("value", "structured"),
    [
        (NO_PROPERTY, ABSENT),
        (" ", ABSENT),
        (SENTINEL, UNKNOWN),
        ('["a"]', ["a"]),
        (["a"], ["a"]),
        (json.dumps({"a": [SENTINEL, {"b": SENTINEL}]}), {"a": [UNKNOWN, {"b": UNKNOWN}]}),
        (json.dumps(SENTINEL), UNKNOWN),
        ("7", 7),
    ],
)
def test_a_structured_setting(value: Any, structured: Any) -> None:
    assert properties(value).structured("a") == structured


@pytest.mark.parametrize("text", ["{", "audit", "[" * 100_000])
def test_a_structured_setting_that_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the parser's
        properties(text).structured("a")


def test_the_known_texts() -> None:
    read = Properties({"a": "x", "b": {"c": ["y", SENTINEL, 1, None, {"d": "z"}]}, "e": SENTINEL, "f": True})
    assert sorted(read.known_texts()) == [("a", "x"), ("c", "y"), ("d", "z")]
    assert sorted(text for _, text in read.known_texts("b")) == ["y", "z"]
    assert list(read.known_texts("e")) == []


@pytest.mark.parametrize(("given", "any_set"), [({}, False), ({"__defaults": []}, False), ({"__defaults": [], "a": None}, True), ({"a": SENTINEL}, True)])  # fmt: skip
def test_whether_anything_is_set(given: dict[str, Any], any_set: bool) -> None:
    assert Properties(given).any_set() is any_set


def test_what_stands_before_a_value_is_passed() -> None:
    class Guard(dict[str, Any]):
        pass

    def unguarded(value: Any) -> Any:
        return value["behind"] if isinstance(value, Guard) else value

    guarded = Guard(behind={"a": Guard(behind=["x", Guard(behind={"b": SENTINEL})])})
    read = Properties(guarded, unguarded)
    assert read.json("a") == ["x", {"b": UNKNOWN}]
    assert read.known_texts() == [("a", "x")]
