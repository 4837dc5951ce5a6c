"""What is made of mutmut's answers, and that the explanations are still of lines of the rules."""

import pytest

from tools.quality.mutants.__main__ import (
    EXPLANATIONS,
    PACKAGE,
    REPOSITORY,
    RULES,
    Change,
    Mutant,
    MutantsError,
    explanations,
    main,
    not_explained,
    of_no_survivor,
)
from tools.quality.mutants.undecorated import undecorated

ENTRY = """
[[equivalent]]
file = "arn.py"
function = "is_account"
change = '''
-    return one
+  return other
'''
because = "It is the same."
"""
CHANGE = Change("arn.py", "is_account", ("-return one", "+return other"))


def test_an_explanation() -> None:
    assert explanations(ENTRY) == {CHANGE: "It is the same."}
    assert explanations("") == {}


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (ENTRY + ENTRY, "Explained twice, or without a reason"),
        (ENTRY.replace("It is the same.", " "), "Explained twice, or without a reason"),
        (ENTRY.replace("arn.py", "settings.py"), "Not of a file among the rules"),
    ],
)
def test_an_explanation_that_cannot_be_used(text: str, mistake: str) -> None:
    with pytest.raises(MutantsError, match=mistake):
        explanations(text)


def test_which_mutants_are_not_explained_and_which_explanations_are_of_none() -> None:
    other = Change("arn.py", "is_account", ("-a", "+b"))
    for status, unexplained, rotten in (
        ("survived", [other], []),
        ("no tests", [other], []),
        ("suspicious", [other], []),
        ("killed", [], [CHANGE]),
        ("timeout", [], [CHANGE]),
    ):
        mutants = [Mutant(CHANGE, status), Mutant(other, status)]
        assert [each.change for each in not_explained(mutants, {CHANGE})] == unexplained
        assert of_no_survivor(mutants, {CHANGE}) == rotten
    assert of_no_survivor([], {CHANGE}) == [CHANGE]


def test_the_explanations_are_of_lines_of_the_rules() -> None:
    found = explanations(EXPLANATIONS.read_text())
    assert found
    for change in found:
        lines = {line.strip() for line in (REPOSITORY / PACKAGE / change.file).read_text().split("\n")}
        assert {line[1:] for line in change.change if line.startswith("-")} <= lines, change


def test_the_rules_are_files_of_the_pack() -> None:
    assert len(RULES) == len(set(RULES))
    assert [name for name in RULES if not (REPOSITORY / PACKAGE / f"{name}.py").is_file()] == []


def test_a_file_that_is_not_among_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arn", "settings.py"]) == 1
    assert capsys.readouterr().err.startswith("Not among the rules: settings. There are arn, ")


DECORATED = """
from functools import cached_property, lru_cache


@lru_cache(maxsize=1)
def f(x):
    return x


class A:
    # why
    @property
    def p(self):
        return f(1)

    @cached_property
    def c(self):
        return 2

    @staticmethod
    def s():
        return 3
"""


def test_properties_and_cached_functions_stay_what_they_are() -> None:
    text = undecorated(DECORATED)
    assert [line.strip() for line in text.split("\n") if "@" in line] == ["@staticmethod"]
    for source in (DECORATED, text):
        names: dict[str, object] = {}
        exec(source, names)
        made = names["A"]()  # type: ignore[operator]
        assert (made.p, made.c, made.s()) == (1, 2, 3)
    for rule in RULES:
        source = undecorated((REPOSITORY / PACKAGE / f"{rule}.py").read_text())
        assert [line for line in source.split("\n") if "@" in line and "property" in line] == []
