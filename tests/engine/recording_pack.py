"""A small policy pack that reports what the engine tells a stack policy about the properties that the real pack reads."""

import sys
from pathlib import Path

NAME = "recorded"
PROJECT = """\
name: recording
version: 0.0.1
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: venv
"""
POLICIES = '''\
from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy

READ = ("assumeRolePolicy", "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "policy")


def value(props, name):
    """How a value arrives: unknown, null or known."""
    try:
        return "null" if props[name] is None else "known"
    except Exception:
        return "unknown"


def recorded(args, report):
    lines = []
    for resource in args.resources:
        for name in READ:
            if name in list(resource.props):
                made_of = resource.property_dependencies.get(name)
                names = "no entry" if made_of is None else sorted(each.name for each in made_of)
                lines.append(f"{resource.name}.{name}: {value(resource.props, name)}, {names}")
    report("\\n".join(lines))


PolicyPack("recording", [StackValidationPolicy("recorded", "What arrives.", recorded)], EnforcementLevel.ADVISORY)
'''


def write_pack(folder: Path) -> Path:
    """Write the pack into a new folder and return it."""
    folder.mkdir(parents=True)
    (folder / "PulumiPolicy.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text(POLICIES)
    (folder / "venv").symlink_to(sys.prefix)
    return folder
