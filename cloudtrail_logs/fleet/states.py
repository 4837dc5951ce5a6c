"""Reads the state of a stack: an export, or a checkpoint of a self-managed backend, as the CLI reads them.

Sources: `pkg/v3/resource/stack` of the CLI (3.276): `checkpoint.go`, `deployment.go`, `migrate`; `encoding` of its SDK
for the compression.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..model.quoting import shown
from ..model.value import kind_of

LARGEST: Final = 100_000_000
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_NEWEST: Final = 4
_EXPORT: Final = "pulumi stack export"
# Of Terraform and OpenTofu, whose states say these (`internal/states/statefile`).
_TERRAFORM: Final = frozenset({"terraform_version", "lineage"})


class UnreadableError(Exception):
    """A file is not the state of a stack, or cannot be read; the message is a sentence without a path."""


@dataclass(frozen=True)
class State:
    """The state of one stack."""

    resources: Sequence[Mapping[str, Any]]
    """As they are stored, without those that are to be deleted."""
    time: str = ""
    """When it was written, such as 2026-11-29T04:31:00Z; empty where it does not say."""
    is_signed: bool = False
    """Whether a value in it may be a secret, an asset or the like, which have a signature."""
    providers: Sequence[Mapping[str, Any]] = ()
    """As they are stored, also those that are to be deleted: the engine reads settings from the last one of a URN."""
    encrypted_for: str = ""
    """ORGANIZATION/PROJECT/STACK, for which Pulumi Cloud encrypts its secrets; empty where another provider does."""


def read_state(path: Path, largest: int = LARGEST) -> State:
    """Reads a file, which may be compressed. largest: the bytes that it may have, uncompressed.

    Raises UnreadableError.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as problem:
        raise UnreadableError(f"It cannot be read: {problem.strerror or type(problem).__name__}.") from None
    return parse_state(_uncompressed(content, largest), largest)


def parse_state(content: bytes, largest: int = LARGEST) -> State:
    """As `read_state`, of what a file has."""
    if len(content) > largest:
        raise UnreadableError(
            f"It is too large: it has more than {largest:,} bytes. --largest takes another number of megabytes."
        )
    if not content.strip():
        raise UnreadableError("It is empty.")
    try:
        document = json.loads(content)
    except json.JSONDecodeError as problem:
        raise UnreadableError(f"It is not JSON: line {problem.lineno}, column {problem.colno}.") from None
    except UnicodeDecodeError:
        raise UnreadableError("It is not UTF-8 text. A state may be encrypted; export it with the CLI.") from None
    except RecursionError:
        raise UnreadableError("It is nested too deeply.") from None
    except ValueError:
        raise UnreadableError("It has a number that is too long.") from None
    version, deployment = _deployment(document)
    return _state(version, deployment, b"4dabf18193072939515e22adb298388d" in content)


def _uncompressed(content: bytes, largest: int) -> bytes:
    if content.startswith(_GZIP):
        try:
            return gzip.GzipFile(fileobj=io.BytesIO(content)).read(largest + 1)
        except (OSError, EOFError, ValueError, zlib.error):
            raise UnreadableError("It is damaged: gzip cannot uncompress it.") from None
    if content.startswith(_ZSTD):
        try:
            from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # Python 3.14 has it
        except ImportError:
            raise UnreadableError("It is compressed with zstd. Uncompress it first: zstd -d FILE.") from None
        try:
            return bytes(zstd.ZstdFile(io.BytesIO(content)).read(largest + 1))
        except (zstd.ZstdError, EOFError):
            raise UnreadableError("It is damaged: zstd cannot uncompress it.") from None
    return content


def _deployment(document: Any) -> tuple[int, Any]:
    """The version of a document, and the deployment in it: of an export or of a checkpoint."""
    if not isinstance(document, Mapping):
        raise UnreadableError(f"It is not the state of a stack, but {kind_of(document)}. {_EXPORT} writes one.")
    version = document.get("version", 0)
    if "deployment" in document:
        found = document["deployment"]
        if version == 0:
            raise UnreadableError(f"It has no version. {_EXPORT} writes one.")
    elif "checkpoint" in document:
        checkpoint = document["checkpoint"]
        found = checkpoint.get("latest") if isinstance(checkpoint, Mapping) else None
    elif "latest" in document and "version" not in document:
        version, found = 1, document["latest"]  # from before checkpoints had versions
    elif _TERRAFORM & document.keys():
        raise UnreadableError("It is a state of Terraform, not of Pulumi.")
    else:
        raise UnreadableError(f"It is not the state of a stack. {_EXPORT} writes one.")
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version <= _NEWEST:
        raise UnreadableError(
            f"Its version is {shown(json.dumps(version))}, but this pack reads versions 1 to {_NEWEST}."
        )
    return version or 1, found


def _state(version: int, deployment: Any, is_signed: bool) -> State:
    if deployment is None:
        return State(())  # a stack that was never updated
    if not isinstance(deployment, Mapping):
        raise UnreadableError(f"Its deployment is {kind_of(deployment)}, not an object.")
    resources = deployment.get("resources") or []
    if not isinstance(resources, list):
        raise UnreadableError(f"Its resources are {kind_of(resources)}, not a list.")
    for place, each in enumerate(resources):
        if not _is_resource(each):
            raise UnreadableError(f"Its resource {place} does not have the form of a resource.")
    manifest = deployment.get("manifest")
    time = manifest.get("time") if isinstance(manifest, Mapping) else None
    kept = [each for each in resources if not each.get("delete")]
    # What a property was made of was not recorded then: the CLI takes all that the resource depends on.
    if version < 3:
        kept = [{**each, "propertyDependencies": _of_all(each)} for each in kept]
    written = time if isinstance(time, str) and not time.startswith("0001-") else ""  # Go's zero
    providers = [each for each in resources if each["type"].startswith("pulumi:providers:")]
    return State(kept, written, is_signed, providers, _encrypted_for(deployment.get("secrets_providers")))


def _encrypted_for(provider: Any) -> str:
    """Of the secrets provider of Pulumi Cloud (`pkg/v3/secrets/service/manager.go`)."""
    state = provider.get("state") if isinstance(provider, Mapping) and provider.get("type") == "service" else None
    if not isinstance(state, Mapping):
        return ""
    names = [name for key in ("owner", "project", "stack") if isinstance(name := state.get(key), str) and name]
    return "/".join(names) if len(names) == 3 else ""


def _is_resource(given: Any) -> bool:
    """Whether it has the shape that the CLI would take, as far as it is looked at."""
    if not isinstance(given, Mapping):
        return False
    urn = given.get("urn")
    return (
        isinstance(urn, str)
        and urn.startswith("urn:pulumi:")
        and urn.count("::") >= 3
        and isinstance(given.get("type"), str)
        and all(isinstance(given.get(name) or {}, Mapping) for name in ("inputs", "outputs", "propertyDependencies"))
        and _are_texts(
            [given.get("dependencies"), given.get("ignoreChanges"), *(given.get("propertyDependencies") or {}).values()]
        )
        and isinstance(given.get("provider") or "", str)
    )


def _are_texts(lists: Iterable[Any]) -> bool:
    return all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in lists if each)


def _of_all(resource: Mapping[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(resource.get("inputs") or {}, resource.get("dependencies") or [])
