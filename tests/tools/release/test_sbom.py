"""The SBOMs of the built files: what is in them is what the lock names, and they are valid CycloneDX."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from packaging.utils import canonicalize_name

from tests.analyzers import PACK
from tests.one_file import built, small
from tests.test_requirements import locked_in
from tools.commands.publish import version_of
from tools.release.names import FILES, SBOM
from tools.release.one_file import LOCKS, NOT_IMPORTED
from tools.release.sbom import SCHEMA, NoBillError, hashes_in, sbom

ONE = "1" * 64
TWO = "2" * 64
LOCK = f"# made by a tool\nsome_lib==1.0 \\\n    --hash=sha256:{ONE} \\\n    --hash=sha256:{TWO}\n    # via x==1\n"


def bill_of(file: str) -> Any:
    return json.loads((built() / f"{file}{SBOM}").read_bytes())


@pytest.mark.parametrize("file", FILES)
def test_it_has_what_the_lock_names_and_nothing_else(file: str) -> None:
    found = {(canonicalize_name(each["name"]), each["version"]) for each in bill_of(file)["components"]}
    locked = set(locked_in(LOCKS[file]))
    assert {each for each in locked if each[0] not in NOT_IMPORTED} == found
    assert {name for name, _ in locked - found} == set(NOT_IMPORTED)


@pytest.mark.parametrize("file", FILES)
def test_its_hashes_are_those_of_the_lock(file: str) -> None:
    for component in bill_of(file)["components"]:
        (reference,) = component["externalReferences"]
        entry = re.search(
            rf"(?ims)^{re.escape(canonicalize_name(component['name']))}==.*?(?=^\S|\Z)", LOCKS[file].read_text()
        )
        assert entry
        assert {each["content"] for each in reference["hashes"]} == set(re.findall(r"sha256:(\w{64})", entry[0]))
        assert (
            component["purl"]
            == reference["url"]
            == f"pkg:pypi/{canonicalize_name(component['name'])}@{component['version']}"
        )


@pytest.mark.parametrize("file", FILES)
def test_it_is_of_the_pack_and_of_the_file_beside_it(file: str) -> None:
    bill = bill_of(file)
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"], root["type"]) == ("cloudtrail-cloudwatch-logs", version_of(), "application")
    assert root["licenses"] == [{"license": {"acknowledgement": "declared", "id": "Apache-2.0"}}]
    digest = hashlib.sha256((built() / file).read_bytes()).hexdigest()
    assert root["hashes"] == [{"alg": "SHA-256", "content": digest}]
    (needed,) = (each["dependsOn"] for each in bill["dependencies"] if each["ref"] == root["bom-ref"])
    boto3 = {"boto3"} if "boto3" in file else set()
    assert {each.split("==")[0] for each in needed} == {"pulumi", "pulumi_policy", *boto3}


def test_it_says_the_licences_that_the_libraries_say() -> None:
    unsaid = {each["name"] for each in bill_of(small().name)["components"] if not each.get("licenses")}
    assert unsaid == {"protobuf", "pulumi_policy"}


def test_it_is_valid() -> None:
    from cyclonedx.validation.json import JsonStrictValidator  # takes four seconds: only in a process that needs it

    bill = small().with_name(f"{small().name}{SBOM}").read_text()
    validator = JsonStrictValidator(SchemaVersion.from_version(SCHEMA))
    assert validator.validate_str(bill) is None
    broken = json.dumps({**json.loads(bill), "components": [{"type": "library"}]})
    assert validator.validate_str(broken) is not None


def test_it_says_nothing_of_where_or_when_it_was_made() -> None:
    for file in FILES:
        bill = bill_of(file)
        assert not {"serialNumber"} & set(bill)
        assert not {"timestamp"} & set(bill["metadata"])
        assert str(Path.home()) not in json.dumps(bill)
        assert "/tmp" not in json.dumps(bill)


def test_the_hashes_in_a_lock() -> None:
    assert hashes_in(LOCK) == {"some-lib": [ONE, TWO]}
    assert hashes_in(f"{LOCK}other==2 --hash=sha256:{TWO}\n") == {"some-lib": [ONE, TWO], "other": [TWO]}


def test_it_reads_the_libraries_of_the_folder(tmp_path: Path) -> None:
    """Not those of this Python."""
    (tmp_path / "libraries" / "some_lib-1.0.dist-info").mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: some_lib\nVersion: 1.0\nLicense: MIT\n"
    (tmp_path / "libraries" / "some_lib-1.0.dist-info" / "METADATA").write_text(metadata)
    (tmp_path / "lock").write_text(LOCK)
    (component,) = json.loads(sbom(b"", tmp_path / "lock", tmp_path / "libraries", PACK))["components"]
    assert (component["name"], component["version"]) == ("some_lib", "1.0")
    assert component["licenses"] == [{"license": {"acknowledgement": "declared", "id": "MIT"}}]


def test_what_cyclonedx_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text("{name: a, version: '1', description: b, license: MIT}")
    (tmp_path / "requirements.txt").write_text("=\n")
    with pytest.raises(NoBillError) as raised:
        sbom(b"", LOCKS[FILES[0]], tmp_path, tmp_path)
    assert str(raised.value).startswith("CRITICAL | CDX > Expected package name at the start of dependency specifier")
