"""Which policies run with a configuration, and what an audit says of them."""

from typing import Any

import pytest

from cloudtrail_logs.fleet.evidence import PolicyInForce
from command_line.policies_in_force import policies_in_force
from policies.pack import POLICIES

INTEGRATED, EXIST, DELIVER, RECENT = (module.DESCRIPTION.name for module in POLICIES)


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        ({}, {INTEGRATED: "advisory", EXIST: "advisory", DELIVER: "advisory"}),
        ({"all": "mandatory"}, dict.fromkeys((INTEGRATED, EXIST, DELIVER, RECENT), "mandatory")),
        ({"all": "disabled"}, {}),
        ({"all": "disabled", EXIST: "remediate"}, {EXIST: "mandatory"}),
        (
            {"all": {"enforcementLevel": "mandatory"}, RECENT: "disabled", EXIST: {"enforcementLevel": "advisory"}},
            {INTEGRATED: "mandatory", EXIST: "advisory", DELIVER: "mandatory"},
        ),
        ({EXIST: {"externalTargets": "ignore"}}, {INTEGRATED: "advisory", EXIST: "advisory", DELIVER: "advisory"}),
        ({EXIST: "no level", DELIVER: ["mandatory"]}, {INTEGRATED: "advisory", EXIST: "advisory", DELIVER: "advisory"}),
    ],
)  # fmt: skip
def test_the_levels_of_those_that_run(given: dict[str, Any], levels: dict[str, str]) -> None:
    found = policies_in_force(given)
    assert {policy.name: policy.level for _, policy in found} == levels
    assert [module.DESCRIPTION.name for module, _ in found] == list(levels)


def test_what_is_said_of_a_policy() -> None:
    module, policy = policies_in_force({})[0]
    described = module.DESCRIPTION
    assert policy == PolicyInForce(
        "cloudtrail-cloudwatch-logs-integrated",
        "CloudTrail trails are integrated with CloudWatch Logs",
        "CloudTrail trails must send their events to CloudWatch Logs.",
        "advisory",
        described.remediation_steps,
        described.url,
        policy.codes,
    )
    assert list(policy.codes) == [code.value for code in described.codes]
    assert policy.codes["role-missing"] == "only the log group is set"


def test_no_description_has_a_link_within_a_page_that_is_not_there() -> None:
    codes = [when for _, policy in policies_in_force({"all": "advisory"}) for when in policy.codes.values()]
    assert [when for when in codes if "](#" in when] == []
    assert any(when.endswith("the report gives the reason") for when in codes)
