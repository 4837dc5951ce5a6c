"""The wildcard rules of IAM read word by word, and every text that a subject stands for: slow, and easy to check.

Source: IAM user guide, "IAM JSON policy elements: Resource": "An asterisk (*) represents any combination of
characters, and a question mark (?) represents any single character."
"""

from collections.abc import Iterator
from functools import cache
from itertools import product

from cloudtrail_logs.iam.wildcard import DIGITS, AnyDigits, Subject, UnknownPart


@cache
def reads(pattern: str, text: str) -> bool:
    """Whether the pattern matches the text."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return reads(pattern[1:], text) or (text != "" and reads(pattern, text[1:]))
    return text != "" and pattern[0] in ("?", text[0]) and reads(pattern[1:], text[1:])


def fillings(subject: Subject) -> Iterator[Subject]:
    """The subject with every value of its gaps. Its fresh parts stay."""
    choices = [gap_values(part) if isinstance(part, UnknownPart) else [part] for part in subject.parts]
    return (Subject(parts) for parts in product(*choices))


def texts(subject: Subject) -> Iterator[str]:
    """Every text that the subject stands for: with all values of its gaps and of its fresh parts."""
    for filling in fillings(subject):
        for parts in product(*(_values(part) for part in filling.parts)):
            yield "".join(parts)


def gap_values(gap: UnknownPart) -> list[str]:
    """Every value that a gap may have."""
    return [
        "".join(letters)
        for length in range(gap.shortest, gap.longest + 1)
        for letters in product(gap.alphabet, repeat=length)
    ]


def _values(part: str | AnyDigits | UnknownPart) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, UnknownPart):
        return gap_values(part)
    return ["".join(digits) for digits in product(DIGITS, repeat=part.length)]
