"""A place that stands for any: a partition, a region and an account where they are not known, and nothing else is not.

What is found with it holds wherever a template is deployed, unless something names a place of its own.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

# The words for them in messages.
PLACE_WORDS: Final = ("PARTITION", "REGION", "ACCOUNT")
# As short as they get: a name with one must not be too long only here.
SAMPLE_PLACE: Final = ("aws-x", "xx-samp-1", "000000000000")

_WORDS: Final = MappingProxyType(dict(zip(SAMPLE_PLACE, PLACE_WORDS, strict=True)))
_SAMPLE: Final = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(SAMPLE_PLACE)})(?![A-Za-z0-9])")


def with_place_words(text: str) -> str:
    """A text with the words for what is of the sample."""
    return _SAMPLE.sub(lambda found: _WORDS[found[0]], text)
