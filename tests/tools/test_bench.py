"""That the pack that bench compares with is a fair one. Nothing is timed here."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi.runtime.proto import analyzer_pb2

from tools.bench import REPOSITORY, MeasuringError, questions, running_pack, write_empty_pack


def policies(info: analyzer_pb2.AnalyzerInfo) -> list[tuple[str, int, int]]:
    return [(policy.name, policy.policy_type, policy.enforcementLevel) for policy in info.policies]


def test_the_empty_pack_starts_with_the_same_policies_by_kind_and_finds_nothing(tmp_path: Path) -> None:
    with running_pack(REPOSITORY) as pack:
        info = pack.info()
    with running_pack(write_empty_pack(tmp_path / "empty", REPOSITORY, info)) as empty:
        said = empty.info()
        answers = [question.ask(empty) for question in questions(stack_size=500)]
    assert policies(said) == policies(info)
    assert (said.name, said.displayName, said.description, said.provider) == (
        info.name,
        info.displayName,
        info.description,
        info.provider,
    )
    assert [(list(answer.diagnostics), list(answer.not_applicable)) for answer in answers] == [([], [])] * len(answers)


def test_this_pack_answers_what_is_measured_as_the_rows_say() -> None:
    with running_pack(REPOSITORY) as pack:
        for question in questions(stack_size=500):
            assert bool(question.ask(pack).diagnostics) == question.reported, question.what


def test_a_pack_that_does_not_start_is_said_with_what_it_said(tmp_path: Path) -> None:
    tmp_path.joinpath("PulumiPolicy.yaml").write_text("runtime: python\n")
    tmp_path.joinpath("__main__.py").write_text("raise ValueError('no such thing')\n")
    with pytest.raises(MeasuringError, match="did not start"), running_pack(tmp_path):
        pass
