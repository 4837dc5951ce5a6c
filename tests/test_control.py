"""The control's citations: all of them, once, and those of a benchmark with their versions."""

from collections import Counter

from cloudtrail_logs.control import CITATIONS, FRAMEWORK, FRAMEWORKS, TAGS


def test_the_publishers_frameworks() -> None:
    assert [framework.text for framework in FRAMEWORKS] == [
        "AWS CCPA Framework",
        "AWS CIS Foundations 1.1.0",
        "AWS CIS Foundations 1.2.0",
        "AWS CIS Foundations 1.3.0",
        "AWS CIS Foundations 1.4.0",
        "AWS CIS Foundations 1.5.0",
        "AWS CSA CCM 3.0.1",
        "AWS CloudGuard Best Practices",
        "AWS CloudGuard SOC2 based on AICPA TSC 2017",
        "AWS CloudGuard Well Architected Framework",
        "AWS GDPR Readiness",
        "AWS HITRUST 11.0.0",
        "AWS ISO 27001:2013",
        "AWS ITSG-33",
        "AWS LGPD regulation",
        "AWS MAS TRM Framework",
        "AWS MITRE ATT&CK Framework 10",
        "AWS MITRE ATT&CK Framework 11.3",
        "AWS NIST 800-171",
        "AWS NIST 800-53 Rev 4",
        "AWS NIST 800-53 Rev 5",
        "AWS NIST CSF 1.1",
        "AWS PCI-DSS 3.2",
        "AWS PCI-DSS 4.0",
    ]
    assert len(FRAMEWORKS) == 24


def test_the_benchmarks_sections_with_their_versions() -> None:
    of_cis = {citation.version: citation.section for citation in CITATIONS if citation.source.startswith("CIS")}
    assert of_cis == {
        "1.0.0": "2.4",
        "1.1.0": "2.4",
        "1.2.0": "2.4",
        "1.3.0": "3.4",
        "1.4.0": "3.4",
        "1.5.0": "3.4",
        "2.0.0": "3.4",
    }
    assert FRAMEWORK.text == "CIS AWS Foundations Benchmark 1.5.0: 3.4"
    assert FRAMEWORK in CITATIONS


def test_the_tags_are_everything_but_the_framework_each_once() -> None:
    assert [tag for tag, count in Counter(TAGS).items() if count > 1] == []
    assert {citation.text for citation in (*CITATIONS, *FRAMEWORKS)} - set(TAGS) == {FRAMEWORK.text}
    assert {"aws", "cloudtrail", "CloudGuard: D9.AWS.LOG.03", "AWS Security Hub: CloudTrail.5"} <= set(TAGS)
