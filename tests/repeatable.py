"""The same examples in every run, and others where PROPERTY_SEED is set to a number.

PROPERTY_SEED=7 python -m pytest tests/rules -k properties

PROPERTY_FEWER divides the number of examples, by 3 unless it is set: each run has the same ones, so a part of them will
do. The whole number of other examples is run every week. `make mutants` runs the same tests thousands of times, with less.
"""

import os
from collections.abc import Callable
from random import Random
from typing import Final, TypeVar

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st

_SEED: Final = os.environ.get("PROPERTY_SEED")
_FEWER: Final = int(os.environ.get("PROPERTY_FEWER", "3"))

# What `st.text()` is made of. To find that out for itself takes it three seconds in each process.
CHARACTERS: Final = st.characters(exclude_categories=["Cs"])

Test = TypeVar("Test", bound=Callable[..., None])


def repeatable(examples: int) -> Callable[[Test], Test]:
    """Settings of a Hypothesis test: this many examples, the same in every run."""

    def decorate(test: Test) -> Test:
        bounded = settings(
            max_examples=max(examples // _FEWER, 1),
            deadline=None,
            database=None,
            derandomize=_SEED is None,
            # A slow machine is no fault of a test, and a fixture for all examples no fault of these.
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        )(test)
        return bounded if _SEED is None else seed(int(_SEED))(bounded)

    return decorate


def repeatable_random(name: str) -> Random:
    """A source of random numbers, the same in every run. name: keeps those of two tests apart."""
    return Random(f"{name} {_SEED or 0}")


def parts(count: int) -> range:
    """The parts that a property test is divided into, so that they run beside each other."""
    return range(max(count // _FEWER, 1))
