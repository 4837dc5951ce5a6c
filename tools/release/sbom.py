"""The software bill of materials of a built file, as CycloneDX JSON: its libraries with versions, licences and hashes.

cyclonedx-bom reads it from the libraries themselves. The hashes of what was installed are those of the lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml
from packaging.utils import NormalizedName, canonicalize_name

# The release of CycloneDX that is written.
SCHEMA: Final = "1.6"
SECONDS: Final = 120.0
_DESCRIBED: Final = ("name", "version", "description", "license")


class NoBillError(Exception):
    """The message is what cyclonedx-bom said."""


def sbom(file: bytes, lock: Path, libraries: Path, pack: Path) -> str:
    """The bill of a file with the libraries of a folder, which a lock names. Raises NoBillError."""
    bill = _bill(libraries, pack)
    bill["metadata"]["component"]["hashes"] = [_sha256(hashlib.sha256(file).hexdigest())]
    hashes = hashes_in(lock.read_text(encoding="utf-8"))
    for component in bill["components"]:
        # Of its references those that a check needs: the others are pages about it.
        component["externalReferences"] = [
            {
                "type": "distribution",
                "url": component["purl"],
                "comment": "One of these, for the platform and the Python of the file.",
                "hashes": [_sha256(each) for each in hashes[canonicalize_name(component["name"])]],
            }
        ]
    return json.dumps(bill, indent=2, sort_keys=True) + "\n"


def hashes_in(lock: str) -> dict[NormalizedName, list[str]]:
    """The SHA-256 sums of each library of a lock."""
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if "==" in entry]
    return {canonicalize_name(entry.split("==")[0]): re.findall(r"--hash=sha256:(\w+)", entry) for entry in entries}


def _bill(libraries: Path, pack: Path) -> Any:
    """What cyclonedx-bom says of the libraries of a folder, as parts of the pack."""
    said = yaml.safe_load((pack / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    needed = (pack / "requirements.txt").read_text(encoding="utf-8").splitlines()
    project = {**{name: said[name] for name in _DESCRIBED}, "dependencies": needed}
    with tempfile.TemporaryDirectory() as folder:
        described, written = Path(folder) / "pyproject.toml", Path(folder) / "bill.json"
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in project.items()]
        described.write_text(f"[project]\n{''.join(lines)}", encoding="utf-8")
        options = ["--pyproject", str(described), "--output-reproducible", "--sv", SCHEMA, "-o", str(written)]
        # The Python that is asked for its path has, besides its own libraries, those of the folder alone.
        command = [sys.executable, "-I", "-m", "cyclonedx_py", "environment", "-S", "--no-validate", *options]
        environment = {**os.environ, "PYTHONPATH": str(libraries)}
        ended = subprocess.run(
            [*command, sys.executable], env=environment, capture_output=True, text=True, timeout=SECONDS
        )
        if ended.returncode:
            raise NoBillError(ended.stderr)
        return json.loads(written.read_bytes())


def _sha256(content: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": content}
