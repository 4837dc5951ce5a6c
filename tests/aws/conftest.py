"""Fixtures of the tests that ask a stand-in of AWS."""

from collections.abc import Iterator
from functools import lru_cache

import pytest
from botocore.loaders import JSONFileLoader


@pytest.fixture(scope="package", autouse=True)
def files_of_botocore_read_once() -> Iterator[None]:
    """Each session reads the same files of AWS's services and regions, and that takes most of its time."""
    loader = JSONFileLoader()
    with pytest.MonkeyPatch.context() as patch:
        read_once = lru_cache(maxsize=None)(loader.load_file)
        patch.setattr(JSONFileLoader, "load_file", lambda _, path: read_once(path))
        yield
