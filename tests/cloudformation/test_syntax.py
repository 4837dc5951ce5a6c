"""The text of a template, as plain values."""

import json
import re
from typing import Any

import pytest

from cloudtrail_logs.cloudformation.syntax import LONGEST_BODY, MalformedError, read_text

READ: list[tuple[str, Any]] = [
    ("a: b", {"a": "b"}),
    ("a: true\nb: False\nc: yes\nd: 'true'", {"a": True, "b": False, "c": "yes", "d": "true"}),
    ("a:\nb: ~\nc: null\nd: ''\ne: 'null'", {"a": None, "b": None, "c": None, "d": "", "e": "null"}),
    ("a: 2012-10-17\nb: 012\nc: 1.5\nd: 123456789012", {"a": "2012-10-17", "b": "012", "c": "1.5", "d": "123456789012"}),
    ("true: a\n1: b\nOn: c", {"true": "a", "1": "b", "On": "c"}),
    ("a: [b, [c], {d: e}]", {"a": ["b", ["c"], {"d": "e"}]}),
    ("a: !Ref b", {"a": {"Ref": "b"}}),
    ("a: !Condition b", {"a": {"Condition": "b"}}),
    ("a: !GetAtt b.Arn", {"a": {"Fn::GetAtt": "b.Arn"}}),
    ("a: !GetAtt [b, Arn]", {"a": {"Fn::GetAtt": ["b", "Arn"]}}),
    ("a: !Sub '${b}'", {"a": {"Fn::Sub": "${b}"}}),
    ("a: !If [b, !Ref c, !Join ['', [d, !Ref e]]]", {"a": {"Fn::If": ["b", {"Ref": "c"}, {"Fn::Join": ["", ["d", {"Ref": "e"}]]}]}}),
    ("a: !FindInMap [b, c, d]", {"a": {"Fn::FindInMap": ["b", "c", "d"]}}),
    ("a: !Transform {Name: b}", {"a": {"Fn::Transform": {"Name": "b"}}}),
    ("a: !!str 1\nb: !<tag:yaml.org,2002:int> 2\nc: ! 3", {"a": "1", "b": "2", "c": "3"}),
    ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
    ('"a": "b\\\n  c"', {"a": "bc"}),
    ('{"a": 1, "b": 1.5, "c": true, "d": null, "e": [{"f": "g"}]}', {"a": "1", "b": "1.5", "c": True, "d": None, "e": [{"f": "g"}]}),
    ("{a: b}", {"a": "b"}),
    ("# a comment\n---\na: b\n...\n", {"a": "b"}),
    ("a: b\na: c", {"a": "c"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ)
def test_what_is_read(text: str, value: Any) -> None:
    assert read_text(text) == value


MALFORMED = [
    ("", "is empty"),
    ("# nothing", "is empty"),
    ("a: b\n---\nc: d", "has more than one YAML document"),
    ("a: [", "is neither JSON nor YAML"),
    ("a:\n\t- b", "is neither JSON nor YAML"),
    ('{"a": ', "is neither JSON nor YAML"),
    ("a: \x07", "is neither JSON nor YAML"),
    ("a: &b c", "has a YAML alias, which CloudFormation does not take"),
    ("a: &b [c]\nd: *b", "has a YAML alias, which CloudFormation does not take"),
    ("a: {<<: {b: c}}", "has a YAML merge, which CloudFormation does not take"),
    ("a: !Reff b", "has a tag that is not one of CloudFormation's"),
    ("a: !!python/object/apply:os.system [b]", "has a tag that is not one of CloudFormation's"),
    ("a: !<tag:example.org,2026:b> c", "has a tag that is not one of CloudFormation's"),
    ("? [a]\n: b", "has a key that is not a string"),
    (f"a: {'[' * 65}{']' * 65}", "is nested too deeply"),
    (json.dumps({"a": json.loads("[" * 65 + "]" * 65)}), "is nested too deeply"),
    ('{"a":' * 50_000, "is longer than 51,200 bytes"),
    ('{"a":' * 10_000, "is nested too deeply"),
    ("a: " + "é" * 26_000, "is longer than 51,200 bytes"),
]


@pytest.mark.parametrize(("text", "reason"), MALFORMED, ids=lambda each: each[:20])
def test_what_is_no_template(text: str, reason: str) -> None:
    with pytest.raises(MalformedError, match=f"^{re.escape(reason)}$"):
        read_text(text)


def test_the_longest_and_the_deepest() -> None:
    longest = "a: b #".ljust(LONGEST_BODY, "x")
    assert read_text(longest) == {"a": "b"}
    with pytest.raises(MalformedError):
        read_text(f"{longest}x")
    assert read_text(f"a: {'[' * 60}{']' * 60}")
