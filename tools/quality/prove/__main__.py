"""The command. It exits with 1 where the pack and the solver differ."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from random import SystemRandom

from .cases import Case
from .comparison import Findings
from .judge import Judge
from .random_cases import random_case
from .recorded_cases import recorded_cases

_SHOWN = 20
_EVERY_SECONDS = 60.0
_ROWS = (
    *("cases", "documents", "answers", "both say yes", "both say no", "both say maybe", "named streams"),
    *("less precise", "undecided", "differences", "queries"),
)


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 where nothing differs."""
    parser = argparse.ArgumentParser(prog="make prove", description="Ask an SMT solver what the pack answers.")
    parser.add_argument("--cases", type=int, default=5000, help="how many random documents; default: 5000")
    parser.add_argument("--seed", type=int, help="default: a random one, which is printed")
    parser.add_argument("--first", type=int, default=0, help="the number of the first random case; default: 0")
    parser.add_argument("--milliseconds", type=int, default=10_000, help="for one query; default: 10000")
    parser.add_argument("--random-only", action="store_true", help="leave out the documents of the tests")
    parser.add_argument("--imprecise", action="store_true", help="show where the pack is less precise")
    given = parser.parse_args(arguments)
    seed = SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    found = Findings()
    with Judge(given.milliseconds) as judge:
        if not given.random_only:
            _compare(judge, found, recorded_cases())
            print(f"documents of the tests: {found.counts['documents']}", flush=True)
        _compare(judge, found, _random_cases(seed, given.first, given.cases))
    if given.imprecise:
        print(*found.imprecise, sep="\n")
    print(*table(found), sep="\n")
    return 1 if found.differences else 0


def _random_cases(seed: int, first: int, wanted: int) -> Iterator[Case]:
    """Random cases until they have as many documents."""
    number, documents = first, 0
    while documents < wanted:
        case = random_case(seed, number)
        yield case
        number, documents = number + 1, documents + case.documents


def _compare(judge: Judge, found: Findings, cases: Iterable[Case]) -> None:
    """Compare the cases, and show each difference at once."""
    said = time.monotonic()
    for case in cases:
        of_case = judge.findings(case)
        found.add(of_case)
        for difference in of_case.differences:
            print(f"DIFFERENCE {difference}", flush=True)
        if time.monotonic() - said > _EVERY_SECONDS:
            said = time.monotonic()
            print(f"{found.counts['documents']} documents so far", file=sys.stderr, flush=True)


def table(found: Findings) -> list[str]:
    """The counts in Markdown."""
    return ["| | Count |", "| --- | ---: |", *(f"| {name} | {found.counts[name]:,} |" for name in _ROWS)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
