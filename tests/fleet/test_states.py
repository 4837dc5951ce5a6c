"""Reads every form in which a state lies about, and says in a sentence why it cannot read the others."""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.fleet.states import State, UnreadableError, parse_state, read_state

RESOURCE = {"urn": "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b", "type": "aws:s3/bucket:Bucket", "custom": True}
OLD = {**RESOURCE, "inputs": {"bucket": "b"}, "dependencies": ["urn:pulumi:dev::shop::a:b:c::d"]}
GONE = {**RESOURCE, "delete": True}
NOT_A_STATE = "It is not the state of a stack. pulumi stack export writes one."


def deployment(*resources: Any, time: str = "2026-11-28T09:15:00.25-08:00") -> dict[str, Any]:
    return {"manifest": {"time": time}, "resources": list(resources)}


def read(document: Any) -> State:
    return parse_state(document if isinstance(document, bytes) else json.dumps(document).encode())


EXPORT = {"version": 3, "deployment": deployment(RESOURCE)}


@pytest.mark.parametrize("document", [
    EXPORT,
    {"version": 4, "features": ["views", "hooks"], "deployment": deployment(RESOURCE)},
    {"version": 3, "checkpoint": {"stack": "dev", "latest": deployment(RESOURCE)}},
    {"version": 4, "features": ["snippets-prototype"], "checkpoint": {"latest": deployment(RESOURCE)}},
    {"version": 3, "deployment": deployment(RESOURCE, GONE)},
])  # fmt: skip
def test_a_state(document: Any) -> None:
    state = read(document)
    assert state.resources == [RESOURCE]
    assert state.time == "2026-11-28T09:15:00.25-08:00"
    assert not state.is_signed


@pytest.mark.parametrize("document", [
    {"version": 1, "deployment": deployment(OLD)},
    {"version": 2, "deployment": deployment(OLD)},
    {"version": 1, "checkpoint": {"latest": deployment(OLD)}},
    {"version": 2, "checkpoint": {"latest": deployment(OLD)}},
    {"stack": "dev", "latest": deployment(OLD)},
])  # fmt: skip
def test_an_old_state_takes_all_dependencies_for_those_of_each_property(document: Any) -> None:
    assert read(document).resources == [{**OLD, "propertyDependencies": {"bucket": OLD["dependencies"]}}]


@pytest.mark.parametrize("document", [
    {"version": 3, "deployment": deployment()},
    {"version": 3, "deployment": {"manifest": {}, "resources": None}},
    {"version": 3, "deployment": {}},
    {"version": 3, "deployment": None},
    {"version": 3, "checkpoint": {"stack": "dev"}},
])  # fmt: skip
def test_a_stack_without_resources(document: Any) -> None:
    assert list(read(document).resources) == []


@pytest.mark.parametrize(("time", "expected"), [("0001-01-01T00:00:00Z", ""), (None, ""), (7, "")])
def test_a_time_that_is_none(time: Any, expected: str) -> None:
    assert read({"version": 3, "deployment": deployment(time=time)}).time == expected


def test_signatures_are_noticed() -> None:
    signed = {**RESOURCE, "outputs": {"a": {"4dabf18193072939515e22adb298388d": "x"}}}
    assert read({"version": 3, "deployment": deployment(signed)}).is_signed


@pytest.mark.parametrize(("document", "reason"), [
    (b"", "It is empty."),
    (b" \n", "It is empty."),
    (b"{", "It is not JSON: line 1, column 2."),
    (b'{"version": 3,\n "deployment": {"resources": [}}', "It is not JSON: line 2, column 31."),
    (b"\x80\x81\x82 not text", "It is not UTF-8 text. A state may be encrypted; export it with the CLI."),
    (b"[" * 200_000, "It is nested too deeply."),
    (b'{"version": 3' + b"0" * 5_000 + b"}", "It has a number that is too long."),
    (b"[]", "It is not the state of a stack, but a list. pulumi stack export writes one."),
    (b"null", "It is not the state of a stack, but null. pulumi stack export writes one."),
    (b'"text"', "It is not the state of a stack, but a string. pulumi stack export writes one."),
    ({}, NOT_A_STATE),
    ({"name": "a package", "version": "1.0.0"}, NOT_A_STATE),
    ({"deployment": deployment()}, "It has no version. pulumi stack export writes one."),
    ({"version": 5, "deployment": deployment()}, "Its version is 5, but this pack reads versions 1 to 4."),
    ({"version": -1, "deployment": deployment()}, "Its version is -1, but this pack reads versions 1 to 4."),
    ({"version": "3", "deployment": deployment()}, 'Its version is "3", but this pack reads versions 1 to 4.'),
    ({"version": True, "deployment": deployment()}, "Its version is true, but this pack reads versions 1 to 4."),
    ({"version": 3, "deployment": "v1:abc"}, "Its deployment is a string, not an object."),
    ({"version": 3, "deployment": {"resources": {}}}, None),
    ({"version": 3, "deployment": {"resources": {"a": 1}}}, "Its resources are an object, not a list."),
    ({"version": 4, "terraform_version": "1.9.0", "serial": 7, "lineage": "a", "resources": []},
     "It is a state of Terraform, not of Pulumi."),
    *(({"version": 3, "deployment": deployment(RESOURCE, broken)},
       "Its resource 1 does not have the form of a resource.") for broken in (
        None, "text", {}, {"urn": RESOURCE["urn"]}, {**RESOURCE, "urn": "urn:pulumi:dev"}, {**RESOURCE, "type": 7},
        {**RESOURCE, "urn": "aws:s3::a::b::c"}, {**RESOURCE, "inputs": "text"}, {**RESOURCE, "outputs": [1]},
        {**RESOURCE, "dependencies": "text"}, {**RESOURCE, "dependencies": [{}]}, {**RESOURCE, "provider": 7},
        {**RESOURCE, "propertyDependencies": ["a"]}, {**RESOURCE, "propertyDependencies": {"a": "text"}},
        {**RESOURCE, "propertyDependencies": {"a": [["text"]]}},
        {**RESOURCE, "ignoreChanges": {"a": 1}},
    )),
])  # fmt: skip
def test_what_is_no_state(document: Any, reason: str | None) -> None:
    if reason is None:
        assert list(read(document).resources) == []
        return
    with pytest.raises(UnreadableError) as raised:
        read(document)
    assert str(raised.value) == reason


def test_a_secret_is_not_quoted() -> None:
    with pytest.raises(UnreadableError) as raised:
        read(b'{"password": "hunter2", ')
    assert "hunter2" not in str(raised.value)


def test_a_compressed_state(tmp_path: Path) -> None:
    path = tmp_path / "dev.json.gz"
    path.write_bytes(gzip.compress(json.dumps(EXPORT).encode()))
    assert read_state(path).resources == [RESOURCE]


ZSTD = bytes.fromhex("28b52ffd")


@pytest.mark.parametrize(("content", "reason"), [
    (gzip.compress(json.dumps(EXPORT).encode(), mtime=0)[:-9], "It is damaged: gzip cannot uncompress it."),
    (gzip.compress(json.dumps(EXPORT).encode(), mtime=0)[:10] + b"\xff" * 20, "It is damaged: gzip cannot uncompress it."),
    (b"\x1f\x8bnonsense", "It is damaged: gzip cannot uncompress it."),
    (ZSTD + b"nonsense", "It is damaged: zstd cannot uncompress it." if sys.version_info >= (3, 14) else
     "It is compressed with zstd. Uncompress it first: zstd -d FILE."),
])  # fmt: skip
def test_a_damaged_file(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_bytes(content)
    with pytest.raises(UnreadableError) as raised:
        read_state(path)
    assert str(raised.value) == reason


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_file_that_is_too_large(pack: Any, tmp_path: Path) -> None:
    content = json.dumps(EXPORT).encode()
    path = tmp_path / "state"
    path.write_bytes(pack(content))
    assert read_state(path, len(content)).resources == [RESOURCE]
    with pytest.raises(UnreadableError) as raised:
        read_state(path, len(content) - 1)
    assert str(raised.value) == (
        f"It is too large: it has more than {len(content) - 1} bytes. --largest takes another number of megabytes."
    )


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "state.gz"
    path.write_bytes(gzip.compress(b" " * 50_000_000))
    with pytest.raises(UnreadableError, match="too large"):
        read_state(path, 1_000_000)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as raised:
        read_state(tmp_path / "none.json")
    assert str(raised.value) == f"It cannot be read: {os.strerror(2)}."
    with pytest.raises(UnreadableError) as raised:
        read_state(tmp_path)
    assert str(raised.value) == f"It cannot be read: {os.strerror(21)}."
