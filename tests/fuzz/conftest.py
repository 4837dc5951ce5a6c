"""Sums up what the random tests did."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    total: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        if "tests/fuzz/" in report.nodeid:
            total.update({what: number for what, number in report.user_properties if isinstance(number, int)})
    if total:
        terminalreporter.write_line("fuzz: " + ", ".join(f"{number:,} {what}" for what, number in total.most_common()))
