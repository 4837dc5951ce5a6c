"""Compares an audit with an earlier one, so that only what is new counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .evidence import Evidence, Gone, PolicyAnswer, StackRow, Standing, TrailRow, fingerprint
from .formats.json_document import SCHEMA, VERSION


class NoBaselineError(Exception):
    """A text is not the JSON of an earlier audit; the message is a sentence."""


def compared(evidence: Evidence, text: str, path: str) -> Evidence:
    """The evidence, with what the earlier audit has too marked, and what is gone since.

    text: what the earlier audit wrote as JSON. path: of its file. Raises NoBaselineError.
    """
    known = dict(_problems(_document(text)))
    found = {fingerprint(row, answer, finding) for row, answer, finding in evidence.problems()}
    read = {row.stack for row in evidence.stacks} | ({""} if evidence.asked else set())
    return replace(
        evidence,
        trails=tuple(replace(row, answers=_marked(row, known)) for row in evidence.trails),
        stacks=tuple(replace(row, answers=_marked(row, known)) for row in evidence.stacks),
        baseline=path,
        gone=tuple(replace(gone, is_checked=gone.stack in read) for name, gone in known.items() if name not in found),
    )


def _marked(row: TrailRow | StackRow, known: Mapping[str, Gone]) -> tuple[PolicyAnswer, ...]:
    return tuple(
        replace(
            answer,
            findings=tuple(
                replace(finding, is_known=fingerprint(row, answer, finding) in known) for finding in answer.findings
            ),
        )
        for answer in row.answers
    )


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise NoBaselineError("It is not JSON.") from None
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise NoBaselineError("It is not what an audit wrote with the format json.")
    if document.get("schemaVersion") != VERSION:
        raise NoBaselineError("It was written by a pack with another form of it. Make a new one.")
    return document


def _problems(document: Mapping[str, Any]) -> Iterator[tuple[str, Gone]]:
    """What an earlier audit reported that was not excepted, by its fingerprint. Raises NoBaselineError."""
    try:
        for row in (*document["trails"], *document["stacks"]):
            name = str(row.get("name", ""))
            label = f"{name}/{row['logicalId']}" if row.get("logicalId") else name
            for answer in row["answers"]:
                for finding in answer["findings"] if answer["standing"] == Standing.WRONG.value else ():
                    gone = Gone(str(row["stack"]), label, str(answer["policy"]), str(finding["code"]))
                    yield str(finding["fingerprint"]), gone
    except (KeyError, TypeError, AttributeError):
        raise NoBaselineError("It is damaged: a row does not have the form that an audit writes.") from None
