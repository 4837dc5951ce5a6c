"""That the pack that bench compares with is a fair one. Nothing is timed here."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi.runtime.proto import analyzer_pb2

from cloudtrail_logs.stack.resource_types import TRAIL_TYPES
from tests.analyzers import in_process
from tests.one_file import small
from tools.quality.bench import fleet, state
from tools.quality.bench.audited import audited
from tools.quality.bench.first_contact import first_contact_row
from tools.quality.bench.growth import growth_row, own_row, own_seconds
from tools.quality.bench.measuring import questions
from tools.quality.bench.packs import REPOSITORY, MeasuringError, running_pack, write_empty_pack
from tools.quality.bench.rows import Row, middle
from tools.quality.bench.stacks import right, stack_of, wrong


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


def test_the_one_file_is_measured_as_the_engine_starts_it() -> None:
    with running_pack(small()) as of_file, running_pack(REPOSITORY) as of_folder:
        assert policies(of_file.info()) == policies(of_folder.info())
        assert of_file.peak_memory_bytes() > 1_000_000


def test_a_pack_that_does_not_start_is_said_with_what_it_said(tmp_path: Path) -> None:
    tmp_path.joinpath("PulumiPolicy.yaml").write_text("runtime: python\n")
    tmp_path.joinpath("__main__.py").write_text("raise ValueError('no such thing')\n")
    with pytest.raises(MeasuringError, match="did not start"), running_pack(tmp_path):
        pass


@pytest.mark.parametrize(
    ("costs", "power", "passed"),
    [((0.1, 1.0), "1.00", True), ((0.1, 1.2), "1.08", True), ((0.1, 2.0), "1.30", False), ((0.1, 10.0), "2.00", False)],
)
def test_only_linear_growth_passes(costs: tuple[float, float], power: str, passed: bool) -> None:
    row = own_row("trails", {10: 0.01, 100: costs[0], 1_000: costs[1]})
    measured = f"10: 10.0 ms, 100: 100.0 ms, 1,000: {costs[1] * 1e3:,.1f} ms"
    assert row == Row(("trails", measured, power, "1.15"), passed)


def test_the_rows_at_their_bounds() -> None:
    memory = (100e6, 110e6)
    kept, broken = (growth_row(10_000, 100, (2.0, pack), memory) for pack in (2.2, 2.21))
    times = "| 2.000 s | 2.200 s | 1.100 times | 100 MB | 110 MB | 1.100 times | 1.100 times |"
    assert kept.text == f"| 10,000 | 100 {times} PASS |"
    assert broken.text.endswith("| FAIL |")
    assert growth_row(10_000, 100, (2.0, 2.2), (100e6, 111e6)).passed is False
    assert growth_row(1_000, 1, (2.0, 9.0), memory).passed is None
    fast, slow = (state.state_row(1.5, pack) for pack in (1.73, 1.75))
    assert fast.text == "| 2,000 resources, 1,000 trails | 1.500 s | 1.730 s | 1.153 times | 1.160 times | PASS |"
    assert slow.passed is False
    fast, slow = (state.audit_row(4.0, audit) for audit in (0.56, 0.57))
    assert fast.text == "| The same, by `audit` | 4.000 s | 0.560 s | 0.140 times | 0.140 times | PASS |"
    assert slow.passed is False
    fast, slow = (fleet.fleet_row(1_000, 2.0, spent, 150e6) for spent in (16.0, 16.1))
    assert fast.text == "| 1,000 | 2.000 s | 16.000 s | 8.000 times | 150 MB | 8.000 times | PASS |"
    assert slow.passed is False
    of_resource, *_, of_stack = questions(stack_size=50)
    assert of_resource.row(1e-4, 1.12e-4).passed
    assert not of_resource.row(1e-4, 1.13e-4).passed
    assert of_stack.row(1.0, 1.1).passed
    assert not of_stack.row(1.0, 1.11).passed


def test_the_run_of_the_median_ratio_counts() -> None:
    assert middle([(2.0, 2.4), (1.0, 1.1), (1.0, 1.9)]) == (2.0, 2.4)
    assert middle([(1.0, 3.0)]) == (1.0, 3.0)


def test_the_own_part_is_measured_and_grows() -> None:
    few, many = (own_seconds(stack_of(right(count), 4 * count + 10)) for count in (1, 40))
    assert 0 < few < many
    reports = in_process().calls.AnalyzeStack(stack_of(wrong(3), 20), _context=None).diagnostics
    assert len(reports) == 3


def test_the_state_has_what_the_row_says_and_is_right() -> None:
    resources = state.stack()
    trails = [each for each in resources if each.token in TRAIL_TYPES]
    assert (len(resources), len(trails)) == (state.RESOURCES, state.TRAILS)
    assert len({each.urn for each in resources}) == len(resources)
    assert in_process().analyze_stack(resources).reports == ()
    exported = state.exported(trails[:1])["deployment"]["resources"]
    assert [each["type"] for each in exported] == ["pulumi:pulumi:Stack", "pulumi:providers:aws", trails[0].token]
    assert exported[2]["provider"] == f"{exported[1]['urn']}::{exported[1]['id']}"


@pytest.mark.parametrize(
    ("whole", "ratio", "passed"), [(26.0, "1.000", True), (28.6, "1.100", True), (29.9, "1.150", False)]
)
def test_the_examples_take_what_one_takes_alone(whole: float, ratio: str, passed: bool) -> None:
    each = f"{whole / 13:.3f} s"
    cells = (f"13 examples, {whole} s", "2.000 s", each, f"{ratio} times", "1.100 times")
    assert first_contact_row(13, 2.0, whole) == Row(cells, passed)


def test_an_audit_is_measured(tmp_path: Path) -> None:
    fleet.write_states(tmp_path, 3)
    assert len(list(tmp_path.iterdir())) == 3
    spent, memory = audited(tmp_path, 3)
    assert spent > 0
    assert memory > 10e6
    with pytest.raises(MeasuringError, match="Not all trails of the audit are right"):
        audited(tmp_path, 2)
