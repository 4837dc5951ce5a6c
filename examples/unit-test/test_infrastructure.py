"""A program's unit test that asks the policies. `cloudtrail_logs` comes from the pack's folder or its one file:

PYTHONPATH=../../ python -m pytest
"""

import pulumi

from cloudtrail_logs.unit_test import Recorder, TrailProblem, problems_in


def problems(connected: bool) -> list[TrailProblem]:
    recorder = Recorder(region="eu-central-1")
    pulumi.runtime.set_mocks(recorder, preview=False)

    @pulumi.runtime.test
    def program() -> None:
        from infrastructure import create

        create(connected)

    program()
    assert recorder.trails == ["audit"]
    return problems_in(recorder.resources)


def test_a_connected_trail_is_right() -> None:
    assert problems(connected=True) == []


def test_a_trail_that_is_not_connected_is_reported() -> None:
    assert [problem.code for problem in problems(connected=False)] == ["not-integrated", "log-group-unused"]
