"""The enforcement levels, against those of Pulumi's SDK."""

from pulumi_policy import EnforcementLevel

from cloudtrail_logs.model.enforcement_level import LEVELS


def test_the_levels_are_those_of_the_sdk() -> None:
    assert list(LEVELS) == [level.value for level in EnforcementLevel]
