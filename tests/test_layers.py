"""Data flows one way: rules know nothing of Pulumi or AWS, and only the Pulumi view touches what the SDK hands over."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACK = Path(__file__).resolve().parent.parent
SOURCES = sorted([*PACK.glob("cloudtrail_logs/**/*.py"), *PACK.glob("policies/*.py"), PACK / "__main__.py"])
ROOMS = PACK / "cloudtrail_logs"
VIEW = {ROOMS / "stack", ROOMS / "pulumi"}
PURE = ("model", "iam", "configuration", "rules", "report")
RULES = sorted(
    ".".join(path.relative_to(PACK).with_suffix("").parts)
    for room in PURE
    for path in (ROOMS / room).glob("*.py")
    if path.stem != "__init__"
)


def names(path: Path) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return modules | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


def test_the_lists_are_not_empty() -> None:
    assert len(SOURCES) > 20
    assert {"cloudtrail_logs.model.arn", "cloudtrail_logs.rules.role_can_deliver"} <= set(RULES)


def test_the_rules_load_without_pulumi() -> None:
    program = f"import sys; {'; '.join(f'import {rule}' for rule in RULES)}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, timeout=60, check=True
    )
    assert [
        name for name in loaded.stdout.split() if name.split(".")[0] in {"pulumi", "pulumi_policy", "boto3", "grpc"}
    ] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent not in VIEW], ids=str)
def test_only_the_view_touches_properties(path: Path) -> None:
    assert not names(path) & {"props", "property_dependencies"}


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent.name != "aws"], ids=str)
def test_only_live_uses_the_sdk_of_aws(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in {"boto3", "botocore"}}


def test_only_questions_that_read_are_asked() -> None:
    calls = names(ROOMS / "aws" / "queries.py") | names(ROOMS / "aws" / "clients.py")  # fmt: skip
    verbs = (
        "create_",
        "put_",
        "update_",
        "delete_",
        "attach_",
        "detach_",
        "start_",
        "stop_",
        "tag_",
        "add_",
        "remove_",
    )
    assert not {name for name in calls if name.startswith(verbs)}
    assert {"get_trail_status", "describe_log_groups", "get_role"} <= calls


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_one_file_knows_the_proxies_and_nothing_knows_the_tools(path: Path) -> None:
    modules = imports(path)
    assert not {name for name in modules if name.split(".")[0] in {"tests", "tools"}}
    text = path.read_text()
    assert ("proxy" in text and "import proxy" in text) == (path.name == "properties.py")


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_nothing_is_printed_to_stdout(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert "stdout" not in names(path)
