"""The control that the pack checks, as its publisher states it, and where else it is written down.

The one place for these facts: the policies' metadata and the documentation are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Citation:
    """Where a framework or a service states the control.

    version: of the framework; empty where it has none. section: its number or name there; empty where it is not given.
    """

    source: str
    version: str = ""
    section: str = ""

    @property
    def text(self) -> str:
        """As one phrase, such as `CIS AWS Foundations Benchmark 1.5.0: 3.4`."""
        return ": ".join(filter(None, (" ".join(filter(None, (self.source, self.version))), self.section)))


CONTROL_ID: Final = "D9.AWS.LOG.03"
CONTROL_TITLE: Final = "Ensure that CloudTrail trails are integrated with CloudWatch Logs"
CONTROL_PUBLISHER: Final = "CloudGuard"

_CIS: Final = "CIS AWS Foundations Benchmark"
# What a policy names as its framework: it can have one.
FRAMEWORK: Final = Citation(_CIS, "1.5.0", "3.4")

# Of the benchmark's versions, those that have the control. Version 3.0.0 dropped it.
_OF_CIS: Final = (
    *(Citation(_CIS, version, "2.4") for version in ("1.0.0", "1.1.0", "1.2.0")),
    *(Citation(_CIS, version, "3.4") for version in ("1.3.0", "1.4.0", "1.5.0", "2.0.0")),
)
CITATIONS: Final = (
    Citation(CONTROL_PUBLISHER, section=CONTROL_ID),
    Citation(CONTROL_PUBLISHER, section="D9.TF.AWS.LOG.03"),
    *_OF_CIS,
    Citation("AWS Security Hub", section="CloudTrail.5"),
    Citation("AWS Config", section="cloud-trail-cloud-watch-logs-enabled"),
    Citation("AWS Control Tower", section="CT.CLOUDTRAIL.PR.3"),
)

# The frameworks under which the control's publisher lists it, by its names for them.
FRAMEWORKS: Final = (
    Citation("AWS CCPA Framework"),
    *(Citation("AWS CIS Foundations", version) for version in ("1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0")),
    Citation("AWS CSA CCM", "3.0.1"),
    Citation("AWS CloudGuard Best Practices"),
    Citation("AWS CloudGuard SOC2 based on AICPA TSC 2017"),
    Citation("AWS CloudGuard Well Architected Framework"),
    Citation("AWS GDPR Readiness"),
    Citation("AWS HITRUST", "11.0.0"),
    Citation("AWS ISO 27001:2013"),
    Citation("AWS ITSG-33"),
    Citation("AWS LGPD regulation"),
    Citation("AWS MAS TRM Framework"),
    *(Citation("AWS MITRE ATT&CK Framework", version) for version in ("10", "11.3")),
    Citation("AWS NIST 800-171"),
    *(Citation("AWS NIST 800-53", version) for version in ("Rev 4", "Rev 5")),
    Citation("AWS NIST CSF", "1.1"),
    *(Citation("AWS PCI-DSS", version) for version in ("3.2", "4.0")),
)

_TOPICS: Final = ("aws", "cloudtrail", "cloudwatch-logs", "logging")
TAGS: Final = (*_TOPICS, *(citation.text for citation in (*CITATIONS, *FRAMEWORKS) if citation != FRAMEWORK))
