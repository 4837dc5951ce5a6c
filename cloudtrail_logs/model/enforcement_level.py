"""The enforcement levels of Pulumi's policies, as a configuration has them (Pulumi's SDK, `EnforcementLevel`)."""

from typing import Final

ADVISORY: Final = "advisory"
MANDATORY: Final = "mandatory"
REMEDIATE: Final = "remediate"
DISABLED: Final = "disabled"
LEVELS: Final = (ADVISORY, MANDATORY, REMEDIATE, DISABLED)
