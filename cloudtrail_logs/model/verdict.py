"""What a rule answers about a trail: its problems, each with a stable code, and what keeps it from an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .reasons import Doubt, Settled


class Code(str, Enum):
    """The codes of all problems. They are an interface: people search for them."""

    NOT_INTEGRATED = "not-integrated"
    LOG_GROUP_MISSING = "log-group-missing"
    ROLE_MISSING = "role-missing"
    LOG_GROUP_ARN_INVALID = "log-group-arn-invalid"
    ROLE_ARN_INVALID = "role-arn-invalid"
    LOG_GROUP_ARN_WITHOUT_WILDCARD = "log-group-arn-without-wildcard"
    REGION_MISMATCH = "region-mismatch"
    ACCOUNT_MISMATCH = "account-mismatch"
    PARTITION_MISMATCH = "partition-mismatch"
    LOGGING_DISABLED = "logging-disabled"
    LOG_GROUP_WRONG_TYPE = "log-group-wrong-type"
    ROLE_WRONG_TYPE = "role-wrong-type"
    LOG_GROUP_NOT_IN_STACK = "log-group-not-in-stack"
    ROLE_NOT_IN_STACK = "role-not-in-stack"
    LOG_GROUP_UNUSED = "log-group-unused"
    LOG_GROUP_CLASS_DELIVERY = "log-group-class-delivery"
    ROLE_TRUST_MISSING = "role-trust-missing"
    ROLE_PERMISSION_MISSING = "role-permission-missing"
    LOG_GROUP_NOT_FOUND = "log-group-not-found"
    ROLE_NOT_FOUND = "role-not-found"
    DELIVERY_NEVER = "delivery-never"
    DELIVERY_STALE = "delivery-stale"
    DELIVERY_FAILING = "delivery-failing"
    NOT_PROVEN = "not-proven"
    NO_TRAIL = "no-trail"


class Answer(Enum):
    """The three answers of every rule."""

    WRONG = "wrong"
    RIGHT = "right"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a trail."""

    code: Code
    text: str
    """Whole sentences: the property in its provider's spelling, what is wrong, what to set instead."""
    fix: Mapping[str, str] = field(default_factory=dict)
    """The properties that a remediation sets, in the provider's spelling. Empty where it leaves the problem alone."""
    fixed_with: Code | None = None
    """Another problem of the trail that has to be fixed beside it, or AWS would refuse the trail."""

    @property
    def line(self) -> str:
        """The problem as its line in a report."""
        return f"[{self.code.value}] {self.text}"


@dataclass(frozen=True)
class Verdict:
    """What a rule found out about one trail."""

    problems: tuple[Problem, ...] = ()
    """What is wrong, whatever the unknown values turn out to be."""
    waits_on: tuple[str, ...] = ()
    """The properties, in the provider's spelling, that keep the rule from an answer."""
    doubts: tuple[Doubt, ...] = ()
    """Why there is nothing to check, or what else keeps the rule from an answer."""
    heading: str = ""
    """The report's first line, where the trail is not the resource that it is about."""

    @property
    def answer(self) -> Answer:
        """Wrong where there is a problem; else cannot tell where something is missing for an answer; else right."""
        if self.problems:
            return Answer.WRONG
        in_doubt = any(doubt.reason.settled is not Settled.NOT_ASKED for doubt in self.doubts)
        return Answer.CANNOT_TELL if self.waits_on or in_doubt else Answer.RIGHT

    @property
    def remark(self) -> str:
        """The doubts as a phrase; empty where there are none."""
        return ", and ".join(doubt.phrase for doubt in self.doubts)

    @property
    def message(self) -> str:
        """The report's text: a line for each problem."""
        from .quoting import safe_in_markdown  # the engine waits for the start of a pack, and most runs report nothing

        lines = [problem.line for problem in self.problems]
        return safe_in_markdown("\n".join([self.heading, *lines] if self.heading else lines)) if lines else ""
