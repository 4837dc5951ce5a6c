"""A small policy pack for these tests, and a small program that it judges."""

import sys
from pathlib import Path

NAME = "bucket-rules"
PROJECT = """\
name: bucket-rules
version: {version}
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: venv
"""
POLICIES = """\
from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ResourceValidationPolicy,
    StackValidationPolicy,
)


def prefixed(args, report):
    if args.resource_type == "aws:s3/bucket:Bucket":
        report(f"The prefix is {args.get_config()['prefix']}.")


def counted(args, report):
    report("There are buckets.") if any("Bucket" in each.resource_type for each in args.resources) else None


PolicyPack(
    "bucket-rules",
    [
        ResourceValidationPolicy(
            "bucket-prefixed",
            "Buckets have a prefix.",
            prefixed,
            config_schema=PolicyConfigSchema(properties={"prefix": {"type": "string"}}, required=["prefix"]),
        ),
        StackValidationPolicy("bucket-free", "A stack has no buckets.", counted, EnforcementLevel.DISABLED),
    ],
)
"""
PROGRAM = """\
name: example-integrated
runtime: yaml
config:
  aws:region: us-east-1
resources:
  events:
    type: aws:s3:Bucket
"""


def write_pack(folder: Path, version: str = "1.0.0") -> Path:
    """The pack, ready to be published: the virtual environment of these tests is its own, and stays out of its archive."""
    pack = folder / f"{NAME}-{version}"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text(PROJECT.format(version=version))
    (pack / "__main__.py").write_text(POLICIES)
    (pack / "requirements.txt").write_text("pulumi-policy\n")
    (pack / ".gitignore").write_text("/venv\n__pycache__/\n")
    (pack / "venv").symlink_to(sys.prefix)
    return pack


def write_program(folder: Path) -> Path:
    """A program with a bucket."""
    program = folder / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(PROGRAM)
    return program
