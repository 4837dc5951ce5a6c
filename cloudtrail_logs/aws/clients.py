"""Clients of AWS's SDK for the connection of a provider: one for each service and region, with short timeouts.

No text of an exception leaves this package, since it may hold a key or a token: only its kind, or the code of AWS.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

import boto3
from botocore import UNSIGNED
from botocore import session as botocore_session
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    ReadTimeoutError,
)

from ..model.aws_answers import Unavailable
from .connection import AssumedRole, Connection

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 5.0
_ATTEMPTS: Final = 2
_SESSION_NAME: Final = "cloudtrail-cloudwatch-logs"
_DEFAULT_REGION: Final = "us-east-1"  # of services whose region does not matter to the answer
_KINDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (NoCredentialsError, "there are no AWS credentials"),
    (ProfileNotFound, "the AWS profile does not exist here"),
    (NoRegionError, "no region is known"),
    (ConnectTimeoutError, "AWS did not answer in time"),
    (ReadTimeoutError, "AWS did not answer in time"),
    (EndpointConnectionError, "AWS cannot be reached"),
)

_Value = TypeVar("_Value")


def error_code(error: Exception) -> str:
    """The code of an error that AWS answered; empty for any other error."""
    if not isinstance(error, ClientError):
        return ""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if code.isalnum() and len(code) <= 60 else "an unknown error"


def reason_of(error: Exception, operation: str) -> Unavailable:
    """Why AWS gave no answer. operation: the IAM action that was wanted, such as cloudtrail:GetTrailStatus."""
    if code := error_code(error):
        return Unavailable(f"AWS refused {operation}: {code}")
    for kind, reason in _KINDS:
        if isinstance(error, kind):
            return Unavailable(reason)
    return Unavailable(f"asking AWS failed: {type(error).__name__}")


def told(asked: Callable[[], _Value], operation: str) -> _Value | Unavailable:
    """What AWS answers, or why it does not. operation: as of `reason_of`."""
    try:
        return asked()
    except Exception as error:  # whatever the SDK raises: a missing answer must not fail the run
        return reason_of(error, operation)


class Clients:
    """The clients of one connection, made when they are first asked for. Safe to be used by several threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._guard = threading.Lock()
        self._session: boto3.Session | None = None
        self._clients: dict[tuple[str, str], Any] = {}
        self._account: str | None = None

    def client(self, service: str, region: str | None) -> Any:
        """A client. region: None where the answer does not depend on it. Raises what the AWS SDK raises."""
        with self._guard:
            if self._session is None:
                self._session = self._signed_in()
            chosen = region or self._connection.region or self._session.region_name or _DEFAULT_REGION
            key = (service, chosen)
            if key not in self._clients:
                self._clients[key] = self._made(self._session, service, chosen)
            return self._clients[key]

    def account(self) -> str:
        """The account as which AWS is asked. Takes no permission (STS API reference, GetCallerIdentity)."""
        if self._account is None:
            region = self._connection.sts_region or self._connection.region
            self._account = str(self.client("sts", region).get_caller_identity()["Account"])
        return self._account

    def _signed_in(self) -> boto3.Session:
        connection = self._connection
        core = botocore_session.Session()
        for name, value in (
            ("config_file", connection.config_file),
            ("credentials_file", connection.credentials_file),
            ("metadata_service_timeout", 1),
            ("metadata_service_num_attempts", 1),
        ):
            if value is not None:
                core.set_config_variable(name, value)
        session = boto3.Session(
            aws_access_key_id=connection.access_key,
            aws_secret_access_key=connection.secret_key,
            aws_session_token=connection.token,
            profile_name=connection.profile,
            region_name=connection.region,
            botocore_session=core,
        )
        for role in connection.assumed_roles:
            session = self._assumed(session, role)
        return session

    def _assumed(self, session: boto3.Session, role: AssumedRole) -> boto3.Session:
        region = self._connection.sts_region or self._connection.region or session.region_name or _DEFAULT_REGION
        parameters = {"RoleArn": role.arn, "RoleSessionName": _SESSION_NAME, **role.options}
        if role.has_web_identity:
            token = role.web_identity_token or _read(role.web_identity_token_file or "")
            sts = self._made(session, "sts", region, unsigned=True)
            credentials = sts.assume_role_with_web_identity(WebIdentityToken=token, **parameters)["Credentials"]
        else:
            credentials = self._made(session, "sts", region).assume_role(**parameters)["Credentials"]
        return boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=session.region_name,
        )

    def _made(self, session: boto3.Session, service: str, region: str, unsigned: bool = False) -> Any:
        connection = self._connection
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
            max_pool_connections=16,
            use_fips_endpoint=connection.use_fips or None,
            use_dualstack_endpoint=connection.use_dualstack or None,
            proxies=dict(connection.proxies) or None,
            signature_version=UNSIGNED if unsigned else None,
        )
        verify: bool | str | None = False if connection.insecure else connection.ca_bundle
        return session.client(
            service, region_name=region, endpoint_url=connection.endpoints.get(service), config=config, verify=verify
        )


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()
