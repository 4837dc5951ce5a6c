"""A stand-in for Pulumi's AWS provider, version 7.51.1 or another one: test equipment, never for real stacks.

The real engine starts it as `pulumi-resource-aws` and cannot tell it from the real provider as
far as a policy pack can see: auto-names, regions, defaults, policy documents, and the values
that are unknown in a preview and known after `up`.

It does not talk to AWS, creates nothing, remembers nothing between calls, and judges only the
little that `checks.py` says. Its schema, which programs in YAML need, has the types it knows.
"""
