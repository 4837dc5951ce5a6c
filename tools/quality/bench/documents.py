"""Measures how long a long policy document takes, beside Python's reading it as JSON.

What counts is the CPU time of this process, at best of several tries.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Final

from cloudtrail_logs.iam.document import read_document
from cloudtrail_logs.iam.evaluation import allows, near
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model.value import UNKNOWN, Text
from tools.quality.bench.rows import Row, Table, microseconds, ratio_row

_TRIES: Final = 7
_STATEMENTS: Final = 100
_RESOURCES: Final = 50
_MOST_TIMES: Final = 25.0


def document_table() -> Table:
    """A long document with the account known and not."""
    what = f"A document of {_STATEMENTS} statements of {_RESOURCES} resources"
    rows = (_row(what, "123456789012"), _row("The same at a first preview, where the account is not known", UNKNOWN))
    return Table(("What", "Read as JSON", "Evaluated", "Ratio", "Bound"), rows)


def _row(what: str, account: Text) -> Row:
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

    def evaluate() -> None:
        streams = log_streams("aws", "us-east-1", account, "audit", of_organization=True)
        permissions = near(Permissions((Grant("p", read_document(text)),), True, None), streams)
        for action in ACTIONS:
            allows(permissions, action, streams)

    return ratio_row(what, _seconds(lambda: json.loads(text)), _seconds(evaluate), microseconds, _MOST_TIMES)


def _seconds(work: Callable[[], object]) -> float:
    """The least CPU time of several tries."""
    tries = []
    for _ in range(_TRIES):
        start = time.process_time()
        work()
        tries.append(time.process_time() - start)
    return min(tries)
