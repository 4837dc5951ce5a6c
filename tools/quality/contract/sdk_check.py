"""Holds a provider's SDK to what is expected of it, and notes what is in it that the tables may not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.quality.contract.expectations import Expectation, Package, Side, is_in
from tools.quality.contract.generated_sdk import ResourceType, Sdk
from tools.quality.contract.sources import Sources


@dataclass(frozen=True)
class Checked:
    """What was checked of a package."""

    package: str
    version: str
    tokens: int
    properties: int
    findings: Sequence[str]
    """What the pack relies on and is not so."""


def check_sdk(package: Package, expected: Sequence[Expectation], sources: Sources) -> Checked:
    """Holds an SDK to what is expected of it. Raises UnreadablePackageError where its source is not understood."""
    sdk, version = Sdk(sources, package.module), sources.version
    types = [each for each in expected if each.path is None]
    properties = [each for each in expected if each.path is not None]
    present = [each for each in properties if is_in(each, version)]
    return Checked(
        package.name,
        version,
        tokens=len({each.token for each in expected if is_in(Expectation(each.token), version)}),
        properties=len(present),
        findings=[*_types(sdk, types, version), *_properties(sdk, properties, version)],
    )


def _types(sdk: Sdk, expected: Sequence[Expectation], version: str) -> Iterator[str]:
    for each in expected:
        wanted = is_in(each, version)
        there = any(token.startswith(each.token) for token in sdk.tokens_like(each.token))
        if wanted and not there:
            yield f"{each.token} is gone"
        elif there and not wanted:
            yield f"{each.token} is there, which it should not be in this version"


def _properties(sdk: Sdk, expected: Sequence[Expectation], version: str) -> Iterator[str]:
    for each in expected:
        resource_type = sdk.resource_type(each.token)
        if resource_type is None:
            continue  # said of the type already
        path, side = each.path or "", each.side
        kind = _side(resource_type, side).get(path)
        if not is_in(each, version):
            if kind is not None:
                yield f"{each.token}: {side.value} {path} is there, which it should not be in this version"
        elif kind is None:
            yield f"{each.token}: {side.value} {path} is gone"
        elif kind not in each.kinds:
            yield f"{each.token}: {side.value} {path} is {kind}, no longer {' or '.join(sorted(each.kinds))}"


def _side(resource_type: ResourceType, side: Side) -> dict[str, str]:
    return dict(resource_type.inputs if side is Side.INPUT else resource_type.outputs)
