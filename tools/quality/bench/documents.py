"""Measures how long it takes to judge policy documents, for `make bench`: a long one, and hostile patterns.

The CPU time of this process, the least of several tries: noise only ever adds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cloudtrail_logs.iam.document import read_document
from cloudtrail_logs.iam.evaluation import allows, near
from cloudtrail_logs.iam.log_streams import log_streams
from cloudtrail_logs.iam.role import Grant, Permissions
from cloudtrail_logs.iam.wildcard import matches
from cloudtrail_logs.model.value import UNKNOWN, Text
from cloudtrail_logs.rules.role_can_deliver import ACTIONS

TABLE_HEAD: Final = "| What | Measured | Bound | |\n| --- | ---: | ---: | --- |"
_TRIES: Final = 7
_STATEMENTS: Final = 100
_RESOURCES: Final = 50
_LONGEST_SECONDS: Final = 0.010
_HOSTILE: Final = ("*", "*?", "*a", "?")
_LENGTHS: Final = (2_000, 4_000)
_STEEPEST: Final = 3.0  # twice the length takes about twice the time; quadratic would be four times


@dataclass(frozen=True)
class DocumentRow:
    """One measurement. measured, bound: as the table shows them."""

    what: str
    measured: str
    bound: str
    passed: bool

    @property
    def row(self) -> str:
        """The row of the table."""
        return f"| {self.what} | {self.measured} | {self.bound} | {'PASS' if self.passed else 'FAIL'} |"


def document_rows() -> list[DocumentRow]:
    """A long document with the account known and not, and hostile patterns at two lengths."""
    return [
        _long_document("A document of 100 statements of 50 resources", "123456789012"),
        _long_document("The same at a first preview, where the account is not known", UNKNOWN),
        *(_hostile(unit) for unit in _HOSTILE),
    ]


def _long_document(what: str, account: Text) -> DocumentRow:
    statements = [
        {
            "Effect": "Allow",
            "Action": list(ACTIONS),
            "Resource": [
                f"arn:aws:logs:us-east-1:123456789012:log-group:group-{statement}-{resource}:*"
                for resource in range(_RESOURCES)
            ],
        }
        for statement in range(_STATEMENTS)
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})

    def judge() -> None:
        streams = log_streams("aws", "us-east-1", account, "audit", of_organization=True)
        permissions = near(Permissions((Grant("p", read_document(text)),), True, None), streams)
        for action in ACTIONS:
            allows(permissions, action, streams)

    seconds = _least(judge)
    return DocumentRow(what, f"{seconds * 1e3:.1f} ms", f"{_LONGEST_SECONDS * 1e3:.1f} ms", seconds <= _LONGEST_SECONDS)


def _hostile(unit: str) -> DocumentRow:
    stream = log_streams("aws", "us-east-1", UNKNOWN, "audit", of_organization=False)[0]

    def seconds(length: int) -> float:
        pattern = f"arn:*{unit * (length // len(unit))}x"
        return _least(lambda: [matches(pattern, stream) for _ in range(20)]) / 20

    short, long = (seconds(length) for length in _LENGTHS)
    what = f"A pattern of {_LENGTHS[1]:,} characters `{unit}` against one of {_LENGTHS[0]:,}"
    measured = f"{long * 1e3:.2f} ms, {long / short:.2f} times"
    return DocumentRow(what, measured, f"{_STEEPEST:.2f} times", long / short <= _STEEPEST)


def _least(work: Callable[[], object]) -> float:
    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once() for _ in range(_TRIES))
