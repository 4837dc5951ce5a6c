"""The policy pack that Pulumi starts: its metadata and its policies."""

from pulumi_policy import PolicyPack

from policies import pack

PolicyPack(
    name=pack.NAME,
    display_name=pack.DISPLAY_NAME,
    description=pack.DESCRIPTION,
    readme=pack.readme(),
    provider=pack.PROVIDER,
    tags=pack.tags(),
    policies=pack.policies(),
)
