"""From what Pulumi hands to a policy to the plain values that the rules judge. Only here is the SDK touched."""
