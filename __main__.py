"""The policy pack that Pulumi starts: its metadata and its policies."""

import gc
from pathlib import Path

from pulumi_policy import PolicyPack

from policies import pack

# Pulumi's SDK makes objects for every resource of a stack, and they live until a policy has judged it: to look through
# them for garbage again and again takes a third of a large stack's time, and finds next to nothing.
gc.set_threshold(200_000)

PolicyPack(
    name=pack.NAME,
    display_name=pack.DISPLAY_NAME,
    description=pack.DESCRIPTION,
    readme=pack.readme(),
    provider=pack.PROVIDER,
    tags=pack.tags(),
    repository=pack.repository(Path(__file__).with_name("PulumiPolicy.yaml")),
    policies=pack.policies(),
)
