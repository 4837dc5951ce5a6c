"""docs/policies.md is what the policies and the examples say of themselves, and they say all of it."""

import ast
import re

import pytest

from cloudtrail_logs.model.verdict import Code
from policies.description import PolicyDescription
from policies.pack import POLICIES
from tests.analyzers import PACK
from tools.commands.examples import EXAMPLES, stated
from tools.generate.examples import SHOWN
from tools.generate.policy_docs import PAGE, report_of, written

DESCRIPTIONS = [module.DESCRIPTION for module in POLICIES]

# The files that decide about the problems of each policy.
RULES = {
    "cloudtrail-cloudwatch-logs-integrated": ["cloudwatch_logs_integrated", "proof"],
    "cloudtrail-log-group-and-role-exist": ["log_group_and_role_exist", "placement", "proof"],
    "cloudtrail-role-can-deliver": ["role_can_deliver", "proof"],
    "cloudtrail-delivery-is-recent": ["delivery_is_recent"],
}


def codes_in(rules: list[str]) -> set[str]:
    """The codes that files of rules name."""
    trees = [ast.parse((PACK / "cloudtrail_logs" / "rules" / f"{rule}.py").read_text()) for rule in rules]
    attributes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {each.attr for each in attributes if isinstance(each.value, ast.Name) and each.value.id == "Code"}


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text() == written(), "run `make docs`"


def test_every_code_is_documented_where_it_is_reported() -> None:
    documented = {module.DESCRIPTION.name: {code.name for code in module.DESCRIPTION.codes} for module in POLICIES}
    assert documented == {name: codes_in(rules) for name, rules in RULES.items()}
    assert set().union(*documented.values()) == {code.name for code in Code}


@pytest.mark.parametrize("policy", DESCRIPTIONS, ids=lambda policy: policy.name)
def test_the_report_that_is_shown_is_of_the_policys_own_codes(policy: PolicyDescription) -> None:
    lines = report_of(policy)
    assert {line[1:].split("]")[0] for line in lines} <= {code.value for code in policy.codes} != set()
    assert " ".join(lines) in " ".join(PAGE.read_text().split())


def test_each_policy_names_examples() -> None:
    """What tests/engine/test_examples.py sees the pack say of the wrong ones is all of one policy; of the right ones, nothing."""
    wrong = {policy.name: policy.wrong for policy in DESCRIPTIONS if policy.wrong}
    assert list(wrong) == [policy.name for policy in DESCRIPTIONS if policy.name != "cloudtrail-delivery-is-recent"]
    said = {name: stated(example)["preview"] for name, example in wrong.items()}
    assert {name: {line.split(": ")[0] for line in lines} for name, lines in said.items()} == {
        each: {each} for each in wrong
    }
    assert [stated(policy.right) for policy in DESCRIPTIONS] == [{"preview": [], "up": []}] * len(DESCRIPTIONS)


def test_each_program_on_the_page_is_an_example() -> None:
    shown = re.findall(r"^```(\w+)\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    programs = {each.language.lower(): {path.read_text() for path in EXAMPLES.glob(f"*/{each.file}")} for each in SHOWN}
    assert {kind for kind, _ in shown} == {*programs, "text", "json", "sh", "console"}
    found = [(kind, text in programs[kind]) for kind, text in shown if kind in programs]
    examples = {policy.wrong for policy in DESCRIPTIONS if policy.wrong} | {policy.right for policy in DESCRIPTIONS}
    assert sorted(found) == sorted((kind, True) for kind in programs for _ in examples)


def test_no_other_page_lists_the_codes() -> None:
    pages = [path for path in (PACK / "docs").glob("*.md") if path != PAGE]
    assert [path.name for path in pages if path.read_text().count("log-group-class-delivery")] == []
