"""The service's routes as a table, and what answers each of them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from typing import Any

from tools.fakes.pulumi_cloud.state import (
    LATEST,
    EnabledPack,
    Json,
    PackVersion,
    Publication,
    PulumiCloud,
    RefusedError,
    Stack,
    Update,
)

GROUP = "default-policy-group"


class Asker(Enum):
    """Who may use a route."""

    ANYBODY = auto()
    USER = auto()
    UPDATE = auto()


@dataclass(frozen=True)
class Request:
    """A request to a route; names: the variable parts of its path; query: its parameters."""

    names: Mapping[str, str]
    body: bytes
    query: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        """A field of the body that must be there."""
        if name not in self.content:
            raise RefusedError(400, f"Bad Request: the body has no {name}")
        return self.content[name]

    @property
    def content(self) -> Json:
        """The body, which must be a JSON object."""
        try:
            content = json.loads(self.body or b"{}")
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise RefusedError(400, "Bad Request: the body is no JSON object")
        return content


# Answers JSON, the content of a file, or nothing.
Handler = Callable[[PulumiCloud, Request], "Json | bytes | None"]


def _user(cloud: PulumiCloud, request: Request) -> Json:
    organization = {"githubLogin": cloud.organization, "name": cloud.organization}
    return {"githubLogin": "member", "name": "Member", "organizations": [organization]}


def _capabilities(cloud: PulumiCloud, request: Request) -> Json:
    return {"capabilities": [{"capability": "stack-policy-packs", "version": 1}]}


def _publish(cloud: PulumiCloud, request: Request) -> Json:
    name, tag, _ = request["name"], request["versionTag"], request["policies"]
    ended = {Publication.COMPLETE, Publication.REMOVED}
    if any((each.name, each.tag) == (name, tag) and each.publication in ended for each in cloud.versions):
        raise RefusedError(409, f"Conflict: Policy Pack: {name}, Version Tag: {tag} already exists")
    number = 1 + sum(each.name == name and each.tag != tag for each in cloud.versions)
    version = PackVersion(name, tag, number, secrets.token_hex(16), request.content)
    cloud.keep(version)
    return {"version": number, "uploadURI": _location(cloud, version)}


def _upload(cloud: PulumiCloud, request: Request) -> None:
    version = _by_key(cloud, request, Publication.CREATED, Publication.UPLOADED)
    cloud.keep(replace(version, publication=Publication.UPLOADED, archive=request.body))


def _complete(cloud: PulumiCloud, request: Request) -> None:
    name, tag = request.names["pack"], request.names["tag"]
    for version in cloud.versions:
        if (version.name, version.tag, version.publication) == (name, tag, Publication.UPLOADED):
            cloud.keep(replace(version, publication=Publication.COMPLETE))
            return
    raise RefusedError(400, f"Bad Request: nothing was uploaded for Policy Pack: {name}, Version Tag: {tag}")


def _download(cloud: PulumiCloud, request: Request) -> bytes:
    return _by_key(cloud, request, Publication.COMPLETE).archive


def _packs(cloud: PulumiCloud, request: Request) -> Json:
    complete = {name: cloud.published(name) for name in sorted({each.name for each in cloud.versions})}
    return {
        "policyPacks": [
            {"name": name, "versions": [cloud.version(name, tag).number for tag in tags], "versionTags": tags}
            for name, tags in complete.items()
            if tags
        ]
    }


def _pack(cloud: PulumiCloud, request: Request) -> Json:
    version = cloud.version(request.names["pack"], request.names["tag"])
    told = {key: version.metadata.get(key) for key in ("name", "displayName", "versionTag", "policies")}
    return {**told, "version": version.number, "applied": version.name in cloud.enabled}


def _schema(cloud: PulumiCloud, request: Request) -> Json:
    policies = cloud.pack(request.names["pack"], request.names["tag"])["policies"]
    return {"configSchema": {each["name"]: each["configSchema"] for each in policies if each.get("configSchema")}}


def _remove(cloud: PulumiCloud, request: Request) -> None:
    name, tag = request.names["pack"], request.names.get("tag")
    doomed = [cloud.version(name, each) for each in ([tag] if tag else cloud.published(name) or [LATEST])]
    if name in cloud.enabled and cloud.enabled[name].version in doomed:
        raise RefusedError(400, f"Bad Request: Policy Pack '{name}' is enabled, so it cannot be removed")
    for version in doomed:
        cloud.keep(replace(version, publication=Publication.REMOVED, archive=b""))


def _groups(cloud: PulumiCloud, request: Request) -> Json:
    counts = {"numStacks": len(cloud.stacks), "numEnabledPolicyPacks": len(cloud.enabled)}
    return {
        "policyGroups": [
            {"name": GROUP, "isOrgDefault": True, "mode": "preventative", "entityType": "stacks", **counts}
        ]
    }


def _group(cloud: PulumiCloud, request: Request) -> Json:
    _known_group(request)
    packs = [
        {
            "name": each.version.name,
            "displayName": each.version.metadata.get("displayName"),
            "version": each.version.number,
            "versionTag": each.version.tag,
            "config": each.config,
            "environments": each.environments,
        }
        for each in cloud.enabled.values()
    ]
    kind = {"name": GROUP, "isOrgDefault": True, "mode": "preventative", "entityType": "stacks"}
    return {**kind, "appliedPolicyPacks": packs, "stacks": [], "accounts": []}


def _known_group(request: Request) -> None:
    if request.names["group"] != GROUP:
        raise RefusedError(404, f"Not Found: Policy Group '{request.names['group']}' not found")


def _change_group(cloud: PulumiCloud, request: Request) -> None:
    _known_group(request)
    if added := request.content.get("addPolicyPack"):
        version = cloud.version(added["name"], added.get("versionTag") or LATEST)
        environments = added.get("environments") or []
        cloud.enabled[version.name] = EnabledPack(version, added.get("config") or {}, environments)
    removed = request.content.get("removePolicyPack")
    if removed and cloud.enabled.pop(removed["name"], None) is None:
        raise RefusedError(404, f"Not Found: Policy Pack '{removed['name']}' is not enabled")


def _create_stack(cloud: PulumiCloud, request: Request) -> Json:
    project, name = request.names["project"], request["stackName"]
    if any((each.project, each.name) == (project, name) for each in cloud.stacks):
        raise RefusedError(409, f"Conflict: Stack '{name}' already exists")
    cloud.keep(Stack(project, name, request.content.get("state") or {"version": 3, "deployment": {}}))
    return {}


def _stacks(cloud: PulumiCloud, request: Request) -> Json:
    """A page of the stacks that a user may see: none of an organization that they are not in."""
    start = int(request.query.get("continuationToken", "0"))
    end = start + cloud.stacks_per_page
    known = cloud.stacks if request.query.get("organization", cloud.organization) == cloud.organization else []
    page = [
        {"id": str(number), "orgName": cloud.organization, "projectName": each.project, "stackName": each.name}
        for number, each in enumerate(known[start:end], start)
    ]
    return {"stacks": page, **({"continuationToken": str(end)} if end < len(known) else {})}


def _stack(cloud: PulumiCloud, request: Request) -> Json:
    stack = _named_stack(cloud, request)
    return {"orgName": cloud.organization, "projectName": stack.project, "stackName": stack.name}


def _export(cloud: PulumiCloud, request: Request) -> Json:
    return _named_stack(cloud, request).deployment


def _required_policies(cloud: PulumiCloud, request: Request) -> Json:
    _named_stack(cloud, request)
    return {
        "requiredPolicies": [
            {
                "name": each.version.name,
                "version": each.version.number,
                "versionTag": each.version.tag,
                "packLocation": _location(cloud, each.version),
                "config": each.config,
                "environments": each.environments,
                "exceptions": cloud.exceptions.get(each.version.name, {}),
            }
            for each in cloud.enabled.values()
        ]
    }


def _create_update(kind: str, cloud: PulumiCloud, request: Request) -> Json:
    required, dry_run = _required_policies(cloud, request), bool(request["options"].get("dryRun"))
    stack = f"{request.names['project']}/{request.names['stack']}"
    update = Update(secrets.token_hex(16), kind, stack, dry_run, lease=secrets.token_hex(16))
    cloud.keep(update)
    return {"updateID": update.key, **required}


def _start_update(cloud: PulumiCloud, request: Request) -> Json:
    update = replace(_named_update(cloud, request), status="running")
    cloud.keep(update)
    # Without a journalVersion the CLI sends whole checkpoints.
    return {"version": len(cloud.updates), "token": update.lease}


def _renew_lease(cloud: PulumiCloud, request: Request) -> Json:
    return {"token": _named_update(cloud, request).lease}


def _record_events(cloud: PulumiCloud, request: Request) -> None:
    update = _named_update(cloud, request)
    cloud.keep(replace(update, events=(*update.events, *request["events"])))


def _checkpoint(cloud: PulumiCloud, request: Request) -> None:
    deployment = {"version": request["version"], "deployment": request["deployment"]}
    cloud.keep(replace(_named_stack(cloud, request), deployment=deployment))


def _end_update(cloud: PulumiCloud, request: Request) -> None:
    cloud.keep(replace(_named_update(cloud, request), status=request["status"]))


def _location(cloud: PulumiCloud, version: PackVersion) -> str:
    return f"{cloud.url}/archives/{version.key}"


def _by_key(cloud: PulumiCloud, request: Request, *publications: Publication) -> PackVersion:
    for version in cloud.versions:
        if version.key == request.names["key"] and version.publication in publications:
            return version
    raise RefusedError(404, "Not Found: there is no such archive")


def _named_stack(cloud: PulumiCloud, request: Request) -> Stack:
    return cloud.stack(request.names["project"], request.names["stack"])


def _named_update(cloud: PulumiCloud, request: Request) -> Update:
    return cloud.update(request.names["update"])


@dataclass(frozen=True)
class Route:
    """A method, the pattern of a path, what answers, and whom."""

    method: str
    path: str
    handler: Handler
    asker: Asker = Asker.USER

    def names(self, method: str, path: str) -> dict[str, str] | None:
        """The variable parts of a path; None where it is not of this route."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path) if method == self.method else None
        return found.groupdict() if found else None


PACKS = "/api/orgs/{organization}/policypacks"
GROUPS = "/api/orgs/{organization}/policygroups"
STACK = "/api/stacks/{organization}/{project}/{stack}"
UPDATE = STACK + "/update/{update}"
KINDS = ("preview", "update", "destroy", "refresh")

ROUTES = (
    Route("GET", "/api/user", _user),
    Route("GET", "/api/user/stacks", _stacks),
    Route("GET", "/api/user/organizations/default", lambda cloud, request: {"GitHubLogin": cloud.organization}),
    Route("GET", "/api/capabilities", _capabilities, Asker.ANYBODY),
    Route("POST", PACKS, _publish),
    Route("PUT", "/archives/{key}", _upload, Asker.ANYBODY),
    Route("POST", PACKS + "/{pack}/versions/{tag}/complete", _complete),
    Route("GET", "/archives/{key}", _download, Asker.ANYBODY),
    Route("GET", PACKS, _packs),
    Route("GET", PACKS + "/{pack}/versions/{tag}", _pack),
    Route("GET", PACKS + "/{pack}/versions/{tag}/schema", _schema),
    Route("DELETE", PACKS + "/{pack}", _remove),
    Route("DELETE", PACKS + "/{pack}/versions/{tag}", _remove),
    Route("GET", GROUPS, _groups),
    Route("GET", GROUPS + "/{group}", _group),
    Route("PATCH", GROUPS + "/{group}", _change_group),
    Route("POST", "/api/stacks/{organization}/{project}", _create_stack),
    Route("GET", STACK, _stack),
    Route("GET", STACK + "/export", _export),
    Route("GET", STACK + "/policypacks", _required_policies),
    *(Route("POST", f"{STACK}/{kind}", partial(_create_update, kind)) for kind in KINDS),
    Route("POST", UPDATE, _start_update),
    Route("POST", UPDATE + "/renew_lease", _renew_lease, Asker.UPDATE),
    Route("POST", UPDATE + "/events/batch", _record_events, Asker.UPDATE),
    Route("PATCH", UPDATE + "/checkpoint", _checkpoint, Asker.UPDATE),
    Route("POST", UPDATE + "/complete", _end_update, Asker.UPDATE),
)
