"""Which names of log groups are a service's own: those of the list, and no other that begins with `/aws/`."""

import pytest

from cloudtrail_logs.model.service_log_groups import SERVICE_LOG_GROUPS, is_of_service

BEGINNINGS = [beginning for those in SERVICE_LOG_GROUPS.values() for beginning in those]


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_each_of_the_list_and_what_is_not_quite_it(beginning: str) -> None:
    assert is_of_service(beginning)
    assert is_of_service(f"{beginning}x/prod")
    assert not is_of_service(beginning[:-1])
    assert not is_of_service(f"x{beginning}")


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_none_of_the_list_is_said_by_another_one(beginning: str) -> None:
    assert [each for each in BEGINNINGS if beginning.startswith(each)] == [beginning]


@pytest.mark.parametrize(
    "name",
    [
        "/aws/infrastructure/prod",
        "/aws/financial-services/audit",
        "/aws/audit/app",
        "/aws/controltower/cloudtrail",
        "/aws/cloudtrail/audit",
        "/aws/cloudtrail",
        "/aws/cloudtrail-logs",
        "aws-cloudtrail-logs-123456789012-1",
        "aws-controltower/CloudTrailLogs",
        "CloudTrail/DefaultLogGroup",
        "/aws/security",
        "/aws/organization/trail",
        "/aws/",
        "/aws",
        "aws",
        "audit",
        "",
    ],
)
def test_names_that_people_choose(name: str) -> None:
    assert not is_of_service(name)
