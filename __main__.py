"""The policy pack that Pulumi starts."""

from pathlib import Path

from policies import pack

pack.serve(Path(__file__).with_name("PulumiPolicy.yaml"))
