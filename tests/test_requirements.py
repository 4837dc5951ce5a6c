"""What is installed: the lock holds all that the development requirements ask for, and the page of licences all of a user's."""

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
import tomli
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.analyzers import PACK
from tools.release.names import WITH_BOTO3
from tools.release.one_file import LOCKS


def locked_in(lock: Path) -> list[tuple[str, str]]:
    """The packages of a lock, each with its version. One may have several, for several Pythons."""
    found = re.finditer(r"^(\S+)==(\S+)", lock.read_text(), re.MULTILINE)
    return [(canonicalize_name(each[1]), each[2]) for each in found]


LOCKED = locked_in(PACK / "requirements-dev.lock")

GROUPS = tomli.loads((PACK / "pyproject.toml").read_text())["dependency-groups"]
OF_A_USER = [Requirement(line) for line in (PACK / "requirements.txt").read_text().split()]
OF_A_CONTRIBUTOR = [Requirement(each) for group in GROUPS.values() for each in group if isinstance(each, str)]


@pytest.mark.parametrize("requirement", [*OF_A_USER, *OF_A_CONTRIBUTOR], ids=str)
def test_the_lock_has_what_is_asked_for(requirement: Requirement) -> None:
    versions = [version for name, version in LOCKED if name == canonicalize_name(requirement.name)]
    assert versions
    assert [version for version in versions if not requirement.specifier.contains(version)] == []


def test_the_lock_has_all_that_those_need_in_turn() -> None:
    """It is installed without looking at what each needs: ministack pins another botocore."""
    needed = installed_by([*OF_A_USER, *OF_A_CONTRIBUTOR])
    assert needed - {name for name, _ in LOCKED} == set()


def test_what_a_contributor_adds_is_exact() -> None:
    assert {operator.operator for each in OF_A_CONTRIBUTOR for operator in each.specifier} == {"=="}


def test_every_entry_of_the_lock_has_hashes() -> None:
    entries = re.split(r"\n(?=\S)", (PACK / "requirements-dev.lock").read_text().strip())
    pinned = [entry for entry in entries if "==" in entry.split("\n")[0]]
    assert len(pinned) == len(LOCKED) > len(OF_A_CONTRIBUTOR)
    assert [entry for entry in pinned if "--hash=sha256:" not in entry] == []


def test_the_page_of_licences_has_all_that_a_user_installs() -> None:
    rows = re.findall(
        r"^\| ([\w.-]+) +\| [0-9]\S* +\| ([^|]+?) +\|", (PACK / "docs" / "licences.md").read_text(), re.MULTILINE
    )
    assert {canonicalize_name(name) for name, _ in rows} == installed_by(OF_A_USER)
    assert [name for name, licence in rows if licence in ("", "UNKNOWN")] == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_one_file_has_all_that_it_needs_as_it_was_tested(name: str) -> None:
    locked = locked_in(LOCKS[name])
    needed = [each for each in OF_A_USER if each.name != "boto3" or name.endswith(WITH_BOTO3)]
    assert {package for package, _ in locked} >= installed_by(needed)
    assert ("boto3" in dict(locked)) is name.endswith(WITH_BOTO3)
    assert set(locked) <= set(LOCKED)


def test_the_example_has_the_actions_of_the_workflows() -> None:
    """Dependabot renews those of the workflows alone. This repository uploads no alerts itself, so one is only there."""
    files = [*sorted((PACK / ".github" / "workflows").iterdir()), PACK / "examples" / "pull-request.yml"]
    *workflows, example = (set(re.findall(r"uses: (\S+@.+)", file.read_text())) for file in files)
    assert example
    alone = example - set().union(*workflows)
    assert {action.partition("@")[0] for action in alone} == {"github/codeql-action/upload-sarif"}
    assert [action for action in example if not re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


def installed_by(requirements: list[Requirement]) -> set[str]:
    """The names of all that these bring in this environment, themselves among them."""
    found: set[str] = set()
    left = list(requirements)
    while left:
        name = canonicalize_name(left.pop().name)
        if name not in found:
            found.add(name)
            needed = map(Requirement, requires(name) or [])
            left += [each for each in needed if is_needed(each.marker)]
    return found


def is_needed(marker: Marker | None) -> bool:
    return marker is None or marker.evaluate({"extra": ""})
