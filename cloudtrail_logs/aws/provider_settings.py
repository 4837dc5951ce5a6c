"""From the settings of a provider, as Pulumi hands them over, to a connection to AWS.

Seen in real messages: single settings are texts, also numbers and booleans; structured ones are JSON text; a Python
program's dictionaries keep its spelling (role_arn), its classes and other languages have roleArn. Sources: the
configuration of pulumi-aws 5 to 7 and of pulumi-aws-native.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..model.arn import is_region
from ..model.aws_answers import Unavailable
from ..model.provider_settings import ASSUMED_ROLES, ProviderSettings
from ..model.value import ABSENT, UNKNOWN
from .connection import AssumedRole, Connection

_SERVICES: Final = {
    "cloudtrail": "cloudtrail",
    "logs": "logs",
    "cloudwatchlogs": "logs",
    "cloudwatchlog": "logs",
    "iam": "iam",
    "sts": "sts",
}
# A role's settings, by their names as parameters of STS.
_ROLE_OPTIONS: Final = {
    "externalId": "ExternalId",
    "policy": "Policy",
    "sessionName": "RoleSessionName",
    "sourceIdentity": "SourceIdentity",
}
_DURATION: Final = re.compile(r"(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?")


class _UnusableError(Exception):
    """A setting cannot be used; the message is a phrase without its value."""


def connection_of(settings: ProviderSettings | None) -> Connection | Unavailable:
    """The connection of a provider; AWS's own defaults where a resource has none, given as None."""
    if settings is None:
        return Connection()
    try:
        return _connection(settings)
    except _UnusableError as error:
        return Unavailable(str(error))


def _connection(settings: ProviderSettings) -> Connection:
    region = _text(settings, "region")
    if region is not None and not is_region(region):
        raise _UnusableError("the provider's region does not exist")
    return Connection(
        region=region,
        profile=_text(settings, "profile"),
        config_file=_file(settings, "sharedConfigFiles"),
        credentials_file=_file(settings, "sharedCredentialsFiles") or _text(settings, "sharedCredentialsFile"),
        access_key=_text(settings, "accessKey"),
        secret_key=_text(settings, "secretKey"),
        token=_text(settings, "token"),
        assumed_roles=_assumed_roles(settings),
        sts_region=_text(settings, "stsRegion"),
        endpoints=_endpoints(settings),
        use_fips=settings.flag("useFipsEndpoint") is True,
        use_dualstack=settings.flag("useDualstackEndpoint") is True,
        insecure=settings.flag("insecure") is True,
        ca_bundle=_text(settings, "customCaBundle"),
        proxies={
            scheme: proxy
            for scheme, name in (("http", "httpProxy"), ("https", "httpsProxy"))
            if (proxy := _text(settings, name))
        },
    )


def _text(settings: ProviderSettings, name: str) -> str | None:
    value = settings.text(name)
    if value is ABSENT:
        return None
    if value is UNKNOWN:
        raise _UnusableError(f"the provider's {name} is not known yet")
    if not isinstance(value, str):
        raise _UnusableError(f"the provider's {name} is not a string")
    return value


def _structured(settings: ProviderSettings, name: str) -> Any:
    """A structured setting, from its JSON text; None where it is not set."""
    try:
        value = settings.structured(name)
    except ValueError:
        raise _UnusableError(f"the provider's {name} cannot be read") from None
    if value is UNKNOWN or _has_unknown(value):
        raise _UnusableError(f"the provider's {name} is not known yet")
    return None if value in (ABSENT, "", [], {}) else value


def _has_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_unknown(each) for each in value.values())
    return any(_has_unknown(each) for each in value) if isinstance(value, list) else value is UNKNOWN


def _file(settings: ProviderSettings, name: str) -> str | None:
    files = _structured(settings, name)
    if files is None:
        return None
    if not isinstance(files, list) or not all(isinstance(each, str) for each in files):
        raise _UnusableError(f"the provider's {name} cannot be read")
    if len(files) > 1:
        raise _UnusableError(f"the provider has several {name}")
    return str(files[0])


def _assumed_roles(settings: ProviderSettings) -> tuple[AssumedRole, ...]:
    roles: list[AssumedRole] = []
    for name in ASSUMED_ROLES:
        value = _structured(settings, name)
        for each in value if isinstance(value, list) else [] if value is None else [value]:
            roles.append(_assumed_role(each, name))
    # A web identity needs no credentials, so it comes before roles that are assumed with those it gives.
    return tuple(sorted(roles, key=lambda role: not role.has_web_identity))


def _assumed_role(given: Any, name: str) -> AssumedRole:
    if not isinstance(given, Mapping):
        raise _UnusableError(f"the provider's {name} cannot be read")
    role = {_camel(str(key)): value for key, value in given.items() if value not in (None, "", [], {})}
    arn = role.get("roleArn")
    if not isinstance(arn, str):
        raise _UnusableError(f"the provider's {name} has no roleArn")
    options: dict[str, object] = {
        parameter: str(role[option]) for option, parameter in _ROLE_OPTIONS.items() if option in role
    }
    seconds = role.get("durationSeconds")  # of aws-native, and of the first pulumi-aws 5
    if "duration" in role:
        options["DurationSeconds"] = _seconds(str(role["duration"]), name)
    elif isinstance(seconds, (int, float)):
        options["DurationSeconds"] = int(seconds)
    if isinstance(role.get("policyArns"), list):
        options["PolicyArns"] = [{"arn": str(each)} for each in role["policyArns"]]
    if isinstance(role.get("tags"), Mapping):
        options["Tags"] = [{"Key": str(key), "Value": str(value)} for key, value in role["tags"].items()]
    if isinstance(role.get("transitiveTagKeys"), list):
        options["TransitiveTagKeys"] = [str(each) for each in role["transitiveTagKeys"]]
    token, file = role.get("webIdentityToken"), role.get("webIdentityTokenFile")
    return AssumedRole(arn, options, token if isinstance(token, str) else None, file if isinstance(file, str) else None)


def _seconds(duration: str, name: str) -> int:
    """A duration as Go writes it, such as 1h30m."""
    found = _DURATION.fullmatch(duration)
    parts = {unit: int(number or 0) for unit, number in found.groupdict().items()} if found else {}
    seconds = parts.get("hours", 0) * 3600 + parts.get("minutes", 0) * 60 + parts.get("seconds", 0)
    if not seconds:
        raise _UnusableError(f"the provider's {name} has a duration that cannot be read")
    return seconds


def _endpoints(settings: ProviderSettings) -> Mapping[str, str]:
    value = _structured(settings, "endpoints")
    entries = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, Mapping) for each in entries):
        raise _UnusableError("the provider's endpoints cannot be read")
    return {
        _SERVICES[service]: url
        for each in entries
        for service, url in each.items()
        if service in _SERVICES and isinstance(url, str) and url
    }


def _camel(key: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), key)
