"""From the settings of a provider, as Pulumi hands them over, to a connection."""

import json
from typing import Any

import pytest

from cloudtrail_logs.aws.connection import AssumedRole, Connection
from cloudtrail_logs.aws.provider_settings import connection_of
from cloudtrail_logs.model.aws_answers import Unavailable
from cloudtrail_logs.stack.properties import Properties
from tests.stacks import UNKNOWN

ROLE = "arn:aws:iam::123456789012:role/deploy"


CONNECTIONS: list[tuple[dict[str, Any], Connection]] = [
    ({}, Connection()),
    ({"version": "7.51.1", "defaultTags": '{"tags":{"a":"b"}}', "region": ""}, Connection()),
    ({"region": "eu-west-1", "profile": "audit"}, Connection(region="eu-west-1", profile="audit")),
    ({"accessKey": "A", "secretKey": "S", "token": "T"}, Connection(access_key="A", secret_key="S", token="T")),
    ({"sharedConfigFiles": '["/a"]', "sharedCredentialsFiles": '["/b"]'}, Connection(config_file="/a", credentials_file="/b")),
    ({"sharedConfigFiles": "[]", "sharedCredentialsFile": "/b"}, Connection(credentials_file="/b")),
    ({"assumeRoles": json.dumps([{"roleArn": ROLE}])}, Connection(assumed_roles=(AssumedRole(ROLE),))),
    ({"assumeRoles": json.dumps([{"role_arn": ROLE, "external_id": "x"}])}, Connection(assumed_roles=(AssumedRole(ROLE, {"ExternalId": "x"}),))),
    ({"assumeRole": json.dumps({"roleArn": ROLE, "sessionName": "s", "duration": "1h30m", "policy": "{}", "sourceIdentity": "me", "policyArns": ["p"], "tags": {"a": "b"}, "transitiveTagKeys": ["a"]})}, Connection(assumed_roles=(AssumedRole(ROLE, {"RoleSessionName": "s", "DurationSeconds": 5400, "Policy": "{}", "SourceIdentity": "me", "PolicyArns": [{"arn": "p"}], "Tags": [{"Key": "a", "Value": "b"}], "TransitiveTagKeys": ["a"]}),))),
    ({"assumeRole": {"roleArn": ROLE, "durationSeconds": 5400.0}}, Connection(assumed_roles=(AssumedRole(ROLE, {"DurationSeconds": 5400}),))),
    ({"assumeRole": {"roleArn": ROLE, "duration": "15m", "durationSeconds": 5400}}, Connection(assumed_roles=(AssumedRole(ROLE, {"DurationSeconds": 900}),))),
    ({"assumeRole": {"roleArn": ROLE}}, Connection(assumed_roles=(AssumedRole(ROLE),))),
    ({"assumeRoles": json.dumps([{"roleArn": ROLE}]), "assumeRoleWithWebIdentity": json.dumps({"roleArn": ROLE, "webIdentityTokenFile": "/t"})}, Connection(assumed_roles=(AssumedRole(ROLE, web_identity_token_file="/t"), AssumedRole(ROLE)))),
    ({"endpoints": json.dumps([{"cloudtrail": "http://a", "cloudwatchlogs": "http://b", "s3": "http://c", "iam": ""}, {"sts": "http://d"}])}, Connection(endpoints={"cloudtrail": "http://a", "logs": "http://b", "sts": "http://d"})),
    ({"endpoints": json.dumps({"logs": "http://b"})}, Connection(endpoints={"logs": "http://b"})),
    ({"useFipsEndpoint": "true", "useDualstackEndpoint": True, "insecure": "false"}, Connection(use_fips=True, use_dualstack=True)),
    ({"stsRegion": "us-east-1", "customCaBundle": "/ca", "httpsProxy": "http://p"}, Connection(sts_region="us-east-1", ca_bundle="/ca", proxies={"https": "http://p"})),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "expected"), CONNECTIONS, ids=range(len(CONNECTIONS)))
def test_what_is_read(settings: dict[str, Any], expected: Connection) -> None:
    assert connection_of(Properties(settings)) == expected


def test_a_resource_without_a_provider_has_the_defaults_of_aws() -> None:
    assert connection_of(None) == Connection()


UNUSABLE: list[tuple[dict[str, Any], str]] = [
    ({"region": "hunter2"}, "the provider's region does not exist"),
    ({"region": UNKNOWN}, "the provider's region is not known yet"),
    ({"secretKey": UNKNOWN}, "the provider's secretKey is not known yet"),
    ({"accessKey": ["hunter2"]}, "the provider's accessKey is not a string"),
    ({"assumeRoles": "[hunter2"}, "the provider's assumeRoles cannot be read"),
    ({"assumeRoles": "[" * 100_000}, "the provider's assumeRoles cannot be read"),
    ({"assumeRoles": '["hunter2"]'}, "the provider's assumeRoles cannot be read"),
    ({"assumeRoles": '[{"externalId": "hunter2"}]'}, "the provider's assumeRoles has no roleArn"),
    ({"assumeRoles": json.dumps([{"roleArn": ROLE, "duration": "hunter2"}])}, "the provider's assumeRoles has a duration that cannot be read"),
    ({"assumeRoles": json.dumps([{"roleArn": UNKNOWN}])}, "the provider's assumeRoles is not known yet"),
    ({"endpoints": UNKNOWN}, "the provider's endpoints is not known yet"),
    ({"endpoints": '["hunter2"]'}, "the provider's endpoints cannot be read"),
    ({"sharedConfigFiles": '["/hunter2", "/b"]'}, "the provider has several sharedConfigFiles"),
    ({"sharedConfigFiles": '{"hunter2": 1}'}, "the provider's sharedConfigFiles cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "reason"), UNUSABLE, ids=range(len(UNUSABLE)))
def test_what_cannot_be_used_says_why_without_its_value(settings: dict[str, Any], reason: str) -> None:
    assert connection_of(Properties(settings)) == Unavailable(reason)
    assert "hunter2" not in reason
