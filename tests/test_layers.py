"""Who may import whom: data flows one way, and only the rooms at the edges know Pulumi's SDK or AWS's.

`python -m tests.test_layers` prints the imports of each room.
"""

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

PACK = Path(__file__).resolve().parent.parent
ROOMS = PACK / "cloudtrail_logs"
SOURCES = sorted([*ROOMS.glob("**/*.py"), *PACK.glob("policies/*.py"), PACK / "__main__.py"])
# Each room, with the rooms that it may import.
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "iam": {"model"},
    "configuration": {"model"},
    "rules": {"model", "iam", "configuration"},
    "report": {"model", "configuration"},
    "aws": {"model", "iam"},
    "stack": {"model", "iam"},
    "cloudformation": {"model", "stack"},
    "judgement": {"model", "configuration", "rules", "aws", "stack", "cloudformation"},
    "pulumi": {"model", "configuration", "rules", "report", "stack", "judgement"},
    "fleet": {"model", "configuration", "rules", "report", "aws", "stack", "judgement"},
}
MOST_ARROWS = 31
PURE = ("model", "iam", "configuration", "rules", "report", "stack", "cloudformation", "judgement")


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules that a file imports, by their whole names."""
    package = path.relative_to(PACK).parent.parts
    found: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *((node.module,) if node.module else ())))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def room_of(module: str) -> str:
    """The room of a module of the pack; empty for any other module, and for what lies beside the rooms."""
    parts = module.split(".")
    return parts[1] if parts[0] == ROOMS.name and len(parts) > 1 and parts[1] in MAY_IMPORT else ""


@cache
def arrows() -> dict[str, set[str]]:
    """The rooms that each room imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for room in MAY_IMPORT:
        for path in (ROOMS / room).rglob("*.py"):
            found[room] |= {other for module in imported(path) if (other := room_of(module))} - {room}
    return found


@cache
def attributes(path: Path) -> frozenset[str]:
    return frozenset(node.attr for node in ast.walk(syntax(path)) if isinstance(node, ast.Attribute))


def ids(path: Path) -> str:
    return str(path.relative_to(PACK))


def test_every_room_is_known_and_says_what_it_is_for() -> None:
    assert {path.parent.name for path in ROOMS.glob("*/*.py")} == set(MAY_IMPORT)
    for room in MAY_IMPORT:
        docstring = ast.get_docstring(syntax(ROOMS / room / "__init__.py"))
        assert docstring, room
        assert "\n" not in docstring


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    assert arrows()[room] <= MAY_IMPORT[room]


def test_there_is_no_circle_and_little_to_draw() -> None:
    below: set[str] = set()
    for room, others in MAY_IMPORT.items():
        assert others <= below, f"{room} imports a room that is not below it"
        below.add(room)
    assert sum(map(len, arrows().values())) <= MOST_ARROWS


def test_what_judges_takes_only_the_queries_of_aws() -> None:
    modules = {module for path in (ROOMS / "judgement").glob("*.py") for module in imported(path)}
    assert {module for module in modules if room_of(module) == "aws"} == {
        "cloudtrail_logs.aws.queries",
        "cloudtrail_logs.aws.queries.ask",
    }


def test_a_rule_has_the_stem_of_its_policys_name() -> None:
    for path in PACK.glob("policies/cloudtrail_*.py"):
        assert (ROOMS / "rules" / f"{path.stem.removeprefix('cloudtrail_')}.py").is_file()


def test_the_tests_mirror_the_rooms() -> None:
    for room in MAY_IMPORT:
        assert list((PACK / "tests" / room).glob("test_*.py")), room


def test_what_judges_and_the_commands_load_without_the_sdks() -> None:
    pure = [*(ROOMS / room for room in (*PURE, "fleet")), PACK / "command_line"]
    files = [path for folder in pure for path in folder.rglob("*.py") if path.name != "__main__.py"]
    modules = [".".join(path.relative_to(PACK).with_suffix("").parts) for path in files]
    program = f"import sys; {'; '.join(f'import {module}' for module in modules)}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=PACK, capture_output=True, text=True, timeout=60, check=True
    )
    sdks = {"pulumi", "pulumi_policy", "boto3", "botocore", "grpc"}
    assert [name for name in loaded.stdout.split() if name.split(".")[0] in sdks] == []


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_only_the_rooms_at_the_edges_know_the_sdks(path: Path) -> None:
    packages = {module.split(".")[0] for module in imported(path)}
    assert not packages & {"tests", "tools"}
    assert not packages & {"boto3", "botocore"} or path.parent == ROOMS / "aws"
    at_the_door = path.parent in (ROOMS / "pulumi", PACK / "policies", PACK)
    assert not packages & {"pulumi", "pulumi_policy"} or at_the_door


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_only_one_file_touches_what_the_sdk_guards(path: Path) -> None:
    guarded = "pulumi_policy.proxy" in imported(path) or "ignore_changes" in attributes(path)
    assert guarded == (path == ROOMS / "pulumi" / "resources.py")


def test_only_questions_that_read_are_asked() -> None:
    calls = frozenset().union(*(attributes(path) for path in (ROOMS / "aws").glob("*.py")))
    verbs = ("create_", "put_", "update_", "delete_", "attach_", "detach_", "start_", "stop_", "tag_", "add_", "remove_")  # fmt: skip
    assert not {name for name in calls if name.startswith(verbs)}
    assert {"get_trail_status", "describe_log_groups", "get_role"} <= calls


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_nothing_is_printed_to_stdout(path: Path) -> None:
    calls = [node for node in ast.walk(syntax(path)) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert "stdout" not in attributes(path)


if __name__ == "__main__":
    for room, others in arrows().items():
        sys.stdout.write(f"{room:14} {' '.join(sorted(others))}\n")
