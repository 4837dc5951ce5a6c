"""The policies within a pack that an organization has already, as docs/organization.md describes it."""

import re
import shutil
from pathlib import Path

import pytest

from tests.analyzers import PACK, process
from tests.stacks import LOG_GROUP_ARN, ROLE_ARN, trail


@pytest.fixture
def embedding(tmp_path: Path) -> Path:
    """A pack named acme, with the program of the docs and copies of the two folders."""
    text = (PACK / "docs" / "organization.md").read_text()
    (program,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "PolicyPack(" in block]
    pack = tmp_path / "acme"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 1.0.0\n")
    (pack / "__main__.py").write_text(program)
    for name in ("policies", "cloudtrail_logs"):
        shutil.copytree(PACK / name, pack / "cloudtrail" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return pack


def test_it_judges_as_in_a_pack_of_its_own(embedding: Path, tmp_path: Path) -> None:
    errors = tmp_path / "stderr"
    with process(errors, embedding) as analyzer:
        assert analyzer.info().name == "acme"
        analyzer.configure({}, {"cloudtrail-log-group-and-role-exist": {"externalRoles": [ROLE_ARN]}})
        (report,) = analyzer.analyze(trail()).reports
        assert report.message.startswith("[not-integrated] ")
        known = trail(cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}:*", cloudWatchLogsRoleArn=ROLE_ARN)
        (report,) = analyzer.analyze_stack([known]).reports
        assert report.message.startswith("[log-group-not-in-stack] ")
        assert "\n" not in report.message
    assert errors.read_text() == ""
