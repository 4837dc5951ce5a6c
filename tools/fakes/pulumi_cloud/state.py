"""What the service knows: an organization's policy packs, its policy group, its stacks and their updates."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

LATEST = "latest"

Json = Mapping[str, Any]


class RefusedError(Exception):
    """The service refuses a request, with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Publication(Enum):
    """How far the publication of a version is."""

    CREATED = auto()
    UPLOADED = auto()
    COMPLETE = auto()
    REMOVED = auto()


@dataclass(frozen=True)
class PackVersion:
    """One version of a policy pack. key: names its archive; metadata: as the CLI posted them."""

    name: str
    tag: str
    number: int
    key: str
    metadata: Json
    publication: Publication = Publication.CREATED
    archive: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class EnabledPack:
    """A version that the policy group requires, with the configuration and the ESC environments as they were given."""

    version: PackVersion
    config: Json
    environments: Sequence[str] = ()


@dataclass(frozen=True)
class Stack:
    """A stack and its state."""

    project: str
    name: str
    deployment: Json


@dataclass(frozen=True)
class Update:
    """A run of preview, update, destroy or refresh, with the engine's events as they were posted.

    stack: `PROJECT/NAME`; dry_run: it is a preview, or the preview that comes before another run.
    """

    key: str
    kind: str
    stack: str
    dry_run: bool
    lease: str
    status: str = "not started"
    events: tuple[Json, ...] = ()


@dataclass
class PulumiCloud:
    """A running stand-in. requests: all that it got, each as `METHOD path`; unknown_requests: those without a route."""

    url: str
    token: str
    organization: str
    enabled: dict[str, EnabledPack] = field(default_factory=dict)
    exceptions: dict[str, Json] = field(default_factory=dict)
    """The approved policy exceptions of a pack, by its name; each by its ID."""
    stacks_per_page: int = 100
    requests: list[str] = field(default_factory=list)
    unknown_requests: list[str] = field(default_factory=list)
    refusals: list[tuple[str, str, RefusedError]] = field(default_factory=list)
    _versions: dict[tuple[str, str], PackVersion] = field(default_factory=dict)
    _stacks: dict[tuple[str, str], Stack] = field(default_factory=dict)
    _updates: dict[str, Update] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which a CLI uses this service."""
        return {"PULUMI_BACKEND_URL": self.url, "PULUMI_ACCESS_TOKEN": self.token}

    @property
    def versions(self) -> list[PackVersion]:
        """All versions of all packs, also those that are not complete; the last one changed is the last."""
        return list(self._versions.values())

    @property
    def stacks(self) -> list[Stack]:
        """All stacks."""
        return list(self._stacks.values())

    @property
    def updates(self) -> list[Update]:
        """All runs, in order."""
        return list(self._updates.values())

    @property
    def events(self) -> list[Json]:
        """The engine's events of all runs, in order."""
        return [event for update in self.updates for event in update.events]

    def published(self, name: str) -> list[str]:
        """The tags of a pack's complete versions, the latest last."""
        return [each.tag for each in self.versions if each.name == name and each.publication is Publication.COMPLETE]

    def archive(self, name: str, tag: str = LATEST) -> bytes:
        """The archive of a complete version."""
        return self.version(name, tag).archive

    def pack(self, name: str, tag: str = LATEST) -> Json:
        """What the CLI said about a complete version when it published it."""
        return self.version(name, tag).metadata

    @contextlib.contextmanager
    def refusing(self, method: str, path: str, status: int, message: str) -> Iterator[None]:
        """For as long as this lasts, requests of a method whose path contains a pattern are refused.

        The CLI repeats a GET or an upload that is refused with 5xx, for 7 seconds.
        """
        refusal = (method, path, RefusedError(status, message))
        self.refusals.append(refusal)
        try:
            yield
        finally:
            self.refusals.remove(refusal)

    def version(self, name: str, tag: str) -> PackVersion:
        """A complete version; `latest` is the one that was published last."""
        known = self.published(name)
        if not known or tag not in (LATEST, *known):
            raise RefusedError(404, f"Not Found: Policy Pack '{name}' and version '{tag}' not found")
        return self._versions[name, known[-1] if tag == LATEST else tag]

    def stack(self, project: str, name: str) -> Stack:
        """A stack by its names."""
        if (project, name) not in self._stacks:
            raise RefusedError(404, f"Not Found: Stack '{self.organization}/{project}/{name}' not found")
        return self._stacks[project, name]

    def update(self, key: str) -> Update:
        """A run by its key."""
        if key not in self._updates:
            raise RefusedError(404, f"Not Found: Update '{key}' not found")
        return self._updates[key]

    def keep(self, value: PackVersion | Stack | Update) -> None:
        """Remember a value in the place of what was there before."""
        if isinstance(value, PackVersion):
            self._versions.pop((value.name, value.tag), None)  # in the order of the last change
            self._versions[value.name, value.tag] = value
        elif isinstance(value, Stack):
            self._stacks[value.project, value.name] = value
        else:
            self._updates[value.key] = value
