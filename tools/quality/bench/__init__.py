"""`make bench`: what this pack costs, measured against a pack that does nothing, and how that grows."""
