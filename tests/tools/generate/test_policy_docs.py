"""docs/policies.md is what the policies say of themselves, and they say all of it."""

import ast

import pytest

from cloudtrail_logs.model.verdict import Code
from policies.pack import POLICIES
from tests.analyzers import PACK
from tools.generate.policy_docs import PAGE, page_of, written

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


@pytest.mark.parametrize("module", POLICIES, ids=lambda module: module.DESCRIPTION.name)
def test_the_report_that_is_shown_is_of_the_policys_own_codes(module: object) -> None:
    codes = {code.value for code in module.DESCRIPTION.codes}  # type: ignore[attr-defined]
    lines = page_of(module).lines  # type: ignore[arg-type]
    assert {line[1:].split("]")[0] for line in lines} <= codes


def test_no_other_page_lists_the_codes() -> None:
    pages = [path for path in (PACK / "docs").glob("*.md") if path != PAGE]
    assert [path.name for path in pages if path.read_text().count("log-group-class-delivery")] == []
