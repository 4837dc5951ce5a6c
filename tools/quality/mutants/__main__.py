"""Tries whether the fast tests notice when the rules are broken: every mutant that mutmut makes of them.

    python -m tools.quality.mutants [FILE ...]

FILE: a name such as `arn` or `arn.py`, of cloudtrail_logs/; all of RULES where none is given. Prints for every file how
many mutants there are and how many of them the tests notice, then those that neither they notice nor `equivalent.toml`
explains. Exits with 1 when there is one, and when an explanation there is of no mutant any more that survives.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli

from tools.quality.mutants.undecorated import SUFFIX, undecorated

REPOSITORY: Final = Path(__file__).resolve().parents[3]
WORKSPACE: Final = REPOSITORY / ".build" / "mutants"
EXPLANATIONS: Final = Path(__file__).with_name("equivalent.toml")
PACKAGE: Final = "cloudtrail_logs"
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "ARNs": ("arn", "arn_template", "partition"),
    "IAM": (
        "permissions",
        "plain_grant",
        "policy_document",
        "condition",
        "wildcard",
        "log_streams",
        "trust",
        "delivery",
        "refusal",
    ),
    "Trails": (
        "integration",
        "existence",
        "wiring",
        "placement",
        "recency",
        "verdict",
        "truth",
        "value",
        "proposal",
        "remedy",
    ),
    "Exemptions": ("exemptions", "glob_pattern"),
}
RULES: Final = tuple(name for names in GROUPS.values() for name in names)
# What the tests import and read.
COPIED: Final = ("policies", "tests", "PulumiPolicy.yaml", "requirements.txt")
TESTS: Final = ("tests/rules", "tests/policies/test_can_deliver.py::test_the_answer")
# What a run for each mutant can do without: how a test fails is not looked at.
PYTEST: Final = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest", "--assert=plain")
# Tests that take seconds, and look for what nobody thought of.
SLOW: Final = (
    "tests/iam/test_evaluation_properties.py::test_a_boundary_allows_only_what_both_sides_allow",
    "tests/iam/test_evaluation_properties.py::test_a_stream_is_allowed_where_the_published_evaluator_allows_it",
    "tests/iam/test_evaluation_properties.py::test_an_answer_about_an_unknown_place_holds_wherever_it_turns_out_to_be",
    "tests/iam/test_evaluation_properties.py::test_the_streams_under_load_are_told_apart_by_their_digits",
    "tests/iam/test_evaluation_properties.py::test_what_makes_no_difference",
    "tests/iam/test_plain_grant.py::test_whatever_is_plain_is_allowed",
    "tests/configuration/test_reader.py::test_a_report_is_bounded",
    "tests/configuration/test_reader.py::test_any_configuration_at_all_is_read",
    "tests/iam/test_wildcard_properties.py::test_every_short_pattern_and_every_short_text",
)
# The other property tests are run with so many times fewer examples: what breaks a rule must be noticed by the examples
# that are written down.
FEWER_EXAMPLES: Final = "8"
NOTICED: Final = frozenset({"killed", "timeout", "segfault"})


class MutantsError(Exception):
    """The mutants could not be tried; the message is a sentence."""


@dataclass(frozen=True, order=True)
class Change:
    """What a mutant changes: the lines of a function that it takes out and puts in, without the blanks around them."""

    file: str
    function: str
    change: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((f"{self.file}: {self.function}", *(f"    {line}" for line in self.change)))


@dataclass(frozen=True)
class Mutant:
    """A mutant, and what became of it: a status of mutmut's."""

    change: Change
    status: str

    @property
    def is_noticed(self) -> bool:
        """Whether a test failed, or would not end."""
        return self.status in NOTICED


def main(arguments: Sequence[str]) -> int:
    """Tries the mutants; what to exit with."""
    parser = argparse.ArgumentParser(prog="python -m tools.quality.mutants", description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="*", metavar="FILE")
    names = [file.removeprefix(f"{PACKAGE}/").removesuffix(".py") for file in parser.parse_args(arguments).files]
    try:
        names = _known(names) or list(RULES)
        explained = {change for change in explanations(EXPLANATIONS.read_text()) if Path(change.file).stem in names}
        _lay_out(names)
        _run()
        mutants = list(_mutants(names))
    except MutantsError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(_table(names, mutants, explained)))
    for mutant in (unexplained := not_explained(mutants, explained)):
        print(f"\nNot noticed ({mutant.status}): {mutant.change}")
    for change in (rotten := of_no_survivor(mutants, explained)):
        print(f"\nExplained, but no mutant that survives: {change}")
    return 1 if unexplained or rotten else 0


def not_explained(mutants: Iterable[Mutant], explained: Iterable[Change]) -> list[Mutant]:
    """The mutants that neither a test notices nor an explanation is of."""
    known = frozenset(explained)
    return [mutant for mutant in mutants if not mutant.is_noticed and mutant.change not in known]


def of_no_survivor(mutants: Iterable[Mutant], explained: Iterable[Change]) -> list[Change]:
    """The explanations of what is no mutant, or of one that a test notices."""
    return sorted(set(explained) - {mutant.change for mutant in mutants if not mutant.is_noticed})


def _known(names: list[str]) -> list[str]:
    if strangers := sorted(set(names) - set(RULES)):
        raise MutantsError(f"Not among the rules: {', '.join(strangers)}. There are {', '.join(RULES)}.")
    return names


def explanations(text: str) -> dict[Change, str]:
    """Why mutants that survive are equivalent, from TOML. Raises MutantsError for one that cannot be used."""
    entries = tomli.loads(text).get("equivalent", [])
    found: dict[Change, str] = {}
    for entry in entries:
        change = Change(entry["file"], entry["function"], tuple(_stripped(entry["change"].split("\n"))))
        if change in found or not entry["because"].strip():
            raise MutantsError(f"Explained twice, or without a reason: {change}")
        if Path(change.file).stem not in RULES:
            raise MutantsError(f"Not of a file among the rules: {change}")
        found[change] = entry["because"]
    return found


def _stripped(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a diff that are taken out and put in."""
    return (line[0] + line[1:].strip() for line in lines if line[:1] in ("-", "+"))


def _lay_out(names: Sequence[str]) -> None:
    """A copy of what the tests need, and mutmut's settings. Always a new one: mutmut keeps answers of earlier runs."""
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    WORKSPACE.mkdir(parents=True)
    no_caches = shutil.ignore_patterns("__pycache__")
    for name in (PACKAGE, *COPIED):
        source, target = REPOSITORY / name, WORKSPACE / name
        shutil.copytree(source, target, ignore=no_caches) if source.is_dir() else shutil.copy2(source, target)
    for name in names:
        file = WORKSPACE / PACKAGE / f"{name}.py"
        file.write_text(undecorated(file.read_text()))
    settings: dict[str, Any] = {
        "source_paths": [PACKAGE],
        "only_mutate": [f"{PACKAGE}/{name}.py" for name in names],
        "also_copy": list(COPIED),
        "pytest_add_cli_args": [*PYTEST, *(f"--deselect={test}" for test in SLOW)],
        "pytest_add_cli_args_test_selection": list(TESTS),
        "timeout_multiplier": 6.0,
        "timeout_constant": 2.0,
        "use_git_change_detection": False,
        "track_dependencies": False,
    }
    lines = [f"{key} = {_toml(value)}" for key, value in settings.items()]
    project = (REPOSITORY / "pyproject.toml").read_text()
    (WORKSPACE / "pyproject.toml").write_text("\n".join((project, "[tool.mutmut]", *lines, "")))


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _run() -> None:
    mutmut = Path(sys.executable).with_name("mutmut")
    environment = {**os.environ, "PROPERTY_FEWER": FEWER_EXAMPLES, "PYTHONHASHSEED": "0"}
    environment.pop("PROPERTY_SEED", None)
    # Its spinner is for a terminal only.
    said = None if sys.stdout.isatty() else subprocess.PIPE
    ended = subprocess.run([mutmut, "run"], cwd=WORKSPACE, env=environment, stdout=said, text=True)
    if ended.returncode:
        raise MutantsError(f"mutmut could not run the tests.\n{(ended.stdout or '').rpartition(chr(13))[2]}")


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _mutants(names: Sequence[str]) -> Iterator[Mutant]:
    """The mutants of these files, as mutmut left them in the workspace."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key

    with _within(WORKSPACE):
        for name in names:
            path = Path(PACKAGE, f"{name}.py")
            data = SourceFileMutationData(path=path)
            data.load()
            for key, exit_code in data.exit_code_by_key.items():
                function, of_class = orig_function_and_class_names_from_key(key)
                difference = get_diff_for_mutant(key, path=path).split("\n")[2:]
                named = ".".join(filter(None, (of_class, function.removesuffix(SUFFIX))))
                change = Change(path.name, named, tuple(_stripped(difference)))
                yield Mutant(change, status_by_exit_code[exit_code])


def _table(names: Sequence[str], mutants: Sequence[Mutant], explained: Collection[Change]) -> Iterator[str]:
    yield ""
    yield "| files | mutants | noticed | equivalent | not noticed | score |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    rows: list[tuple[str, tuple[str, ...]]] = [(f"{name}.py", (name,)) for name in names]
    rows += [(f"**{group}**", of_group) for group, of_group in GROUPS.items() if set(of_group) <= set(names)]
    rows += [("**all**", tuple(names))]
    for title, stems in rows:
        counts = Counter(
            "noticed" if each.is_noticed else "equivalent" if each.change in explained else "not noticed"
            for each in mutants
            if Path(each.change.file).stem in stems
        )
        total = counts.total()
        left = total - counts["equivalent"]
        score = f"{100 * counts['noticed'] / left:.1f} %" if left else "-"
        cells = (title, total, counts["noticed"], counts["equivalent"], counts["not noticed"], score)
        yield f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
