"""What an audit found: plain values, as every format writes them.

Texts that come from a state or a program (names, messages, reasons, paths) may hold anything, so a format escapes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum
from hashlib import sha256

from ..model.enforcement_level import MANDATORY


class Standing(str, Enum):
    """What a policy says of a trail."""

    WRONG = "wrong"
    """It reports at least one problem."""
    EXCEPTED = "excepted"
    """It reports problems, and an exception of Pulumi's own covers them."""
    EXEMPT = "exempt"
    """All problems that it had to report are exempt by an entry of `exemptions`."""
    CANNOT_TELL = "cannot tell"
    RIGHT = "right"
    NOTHING_TO_CHECK = "nothing to check"
    """Its question does not arise, such as where a role may write when the trail names none."""


@dataclass(frozen=True)
class PolicyInForce:
    """A policy that is not disabled."""

    name: str
    """Such as cloudtrail-role-can-deliver."""
    title: str
    """What is right, as a phrase: "CloudTrail trails are integrated with CloudWatch Logs"."""
    description: str
    """The same as a sentence."""
    level: str
    """advisory or mandatory. A policy at level remediate is mandatory, as the engine has it."""
    remediation: str
    """What to do about a trail that it reports: whole sentences."""
    url: str
    """Its documentation at AWS."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Of each problem that it may report, when it does: a phrase in Markdown."""


@dataclass(frozen=True)
class Finding:
    """One problem of a trail or of a stack."""

    code: str
    """Such as role-missing."""
    message: str
    """What is wrong, and what to set instead: whole sentences, in one line."""
    is_known: bool = False
    """Whether the baseline has it too, so that it does not count."""


@dataclass(frozen=True)
class Exempted:
    """A problem that an entry of `exemptions` takes away."""

    finding: Finding
    trail: str
    """The pattern of the entry."""
    reason: str
    until: str = ""
    """The last day of the entry, such as 2027-06-30; empty where it has none."""


@dataclass(frozen=True)
class Excepted:
    """An exception of Pulumi's own (configuration of version 2)."""

    id: str
    reason: str


@dataclass(frozen=True)
class PolicyAnswer:
    """What one policy says of one trail, or of a stack."""

    policy: str
    standing: Standing
    level: str
    findings: tuple[Finding, ...] = ()
    """What it reports: where the standing is wrong or excepted."""
    exempted: tuple[Exempted, ...] = ()
    """What it would report without the exemptions, whatever the standing is."""
    exceptions: tuple[Excepted, ...] = ()
    """Those that cover what it reports."""
    why: str = ""
    """Why it cannot tell, or has nothing to check: a phrase."""

    @property
    def counts(self) -> bool:
        """Whether it has something wrong that is not covered, and not in the baseline."""
        return self.standing is Standing.WRONG and not all(each.is_known for each in self.findings)


@dataclass(frozen=True)
class Elsewhere:
    """A log group, role or policy of a trail that another stack of the fleet declares."""

    what: str
    """Such as "log group" or "role"."""
    name: str
    """Its name in AWS, or its ARN."""
    stack: str
    """PROJECT/STACK."""
    urn: str
    """Of the resource that declares it."""


@dataclass(frozen=True)
class Place:
    """Where something is written: in a program, or in the file of a state."""

    file: str
    """A path or URI; relative to the program's repository where it can be told."""
    line: int = 0
    """From 1; 0 where it is not known."""
    column: int = 0
    """As the line."""


@dataclass(frozen=True)
class TrailRow:
    """One trail."""

    stack: str
    """PROJECT/STACK; empty for a trail that only AWS has."""
    urn: str
    """Of the resource that declares it; empty where only AWS has it."""
    name: str
    """Its name in the Pulumi program, or in AWS where no program has it."""
    logical_id: str = ""
    """Its name in the template that declares it; empty where the program itself does."""
    aws_name: str = ""
    arn: str = ""
    region: str = ""
    """Its home region. Like the ARN and the account, empty where it is not known."""
    account: str = ""
    type: str = ""
    """As the CLI shows it, such as aws:cloudtrail:Trail."""
    state: str = ""
    """The path of the file with the state of its stack."""
    time: str = ""
    """When that state was written, such as 2026-11-29T04:31:00Z; empty where it does not say."""
    place: Place | None = None
    """Where the program declares it."""
    answers: tuple[PolicyAnswer, ...] = ()
    to_set: Mapping[str, str] = field(default_factory=dict)
    """What to set on it, by property in its provider's spelling: a value, or "<what to find>" where none is known."""
    command: str = ""
    """The `aws cloudtrail` command that does it at once; empty where there is nothing to set."""
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def label(self) -> str:
        """How a line names it."""
        return f"{self.name}/{self.logical_id}" if self.logical_id else self.name

    @property
    def standing(self) -> Standing:
        """The weightiest of its answers."""
        return weightiest(self.answers)


@dataclass(frozen=True)
class StackRow:
    """One stack whose state was read."""

    stack: str
    """PROJECT/STACK."""
    state: str
    """The path of its file."""
    time: str = ""
    resources: int = 0
    trails: int = 0
    urn: str = ""
    """Of the stack's own resource; empty where the state has none."""
    answers: tuple[PolicyAnswer, ...] = ()
    """About the stack itself: that it must have a trail."""
    remarks: tuple[str, ...] = ()
    """What cannot be seen in it, such as the trails of a landing zone: whole sentences."""


@dataclass(frozen=True)
class Unread:
    """A file, folder or stack that could not be read."""

    state: str
    """Its path, or the name of the stack."""
    reason: str
    """Why, as a sentence."""


@dataclass(frozen=True)
class ExemptionRow:
    """An entry of `exemptions` that somebody should look at."""

    policy: str
    trail: str
    """Its pattern."""
    reason: str
    until: str = ""
    project: str = "*"
    stack: str = "*"
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gone:
    """A problem that the baseline has and this audit has not."""

    stack: str
    trail: str
    """Its label; empty where it was a problem of the stack."""
    policy: str
    code: str
    is_checked: bool = True
    """Whether its stack is in this audit too. Else nobody knows whether it is still there."""


@dataclass(frozen=True)
class Evidence:
    """All that an audit, or a preview, found."""

    made: str
    """When, such as 2026-11-29T04:31:00Z."""
    pack: str
    """The pack's name."""
    version: str
    """The pack's version."""
    of_preview: bool = False
    """Whether it is what one preview reported, and not an audit of states."""
    configuration: str = ""
    """The path of the configuration; empty where there is none."""
    digest: str = ""
    """`sha256:…` of its bytes; empty where there is none."""
    frameworks: tuple[str, ...] = ()
    """The compliance frameworks that the control is evidence for."""
    policies: tuple[PolicyInForce, ...] = ()
    mistakes: tuple[str, ...] = ()
    """What is wrong with the configuration: whole sentences, each beginning with its policy."""
    misconfigured: bool = False
    """Whether one of these is of a mandatory policy, which a run of Pulumi fails for."""
    trails: tuple[TrailRow, ...] = ()
    """By stack, then by URN."""
    stacks: tuple[StackRow, ...] = ()
    unread: tuple[Unread, ...] = ()
    older: tuple[Unread, ...] = ()
    """States that were not used, since a newer one of the same stack was read."""
    unmatched: tuple[ExemptionRow, ...] = ()
    """Exemptions that are about no trail here."""
    ending: tuple[ExemptionRow, ...] = ()
    """Exemptions that end within 30 days, or have ended."""
    asked: tuple[str, ...] = ()
    """The AWS accounts whose trails were listed; empty where AWS was not asked."""
    remarks: tuple[str, ...] = ()
    """What else a reader must know: whole sentences."""
    baseline: str = ""
    """The path of the baseline; empty where there is none."""
    gone: tuple[Gone, ...] = ()

    @property
    def rows(self) -> Sequence[TrailRow | StackRow]:
        """All that policies answer about: the trails, then the stacks."""
        return (*self.trails, *self.stacks)

    @property
    def totals(self) -> Mapping[Standing, int]:
        """How many trails have each standing, by their weightiest answer."""
        found = Counter(row.standing for row in self.trails)
        return {standing: found[standing] for standing in Standing}

    @property
    def fails(self) -> bool:
        """Whether something mandatory is wrong: not what is excepted, or in the baseline."""
        wrong = (answer.counts and answer.level == MANDATORY for row in self.rows for answer in row.answers)
        return self.misconfigured or any(wrong)

    def problems(self) -> Iterator[tuple[TrailRow | StackRow, PolicyAnswer, Finding]]:
        """All that is reported, trail after trail, excepted or not."""
        for row in self.rows:
            for answer in row.answers:
                for finding in answer.findings:
                    yield row, answer, finding


def written_in_utc(at: datetime) -> str:
    """A time as evidence has it, such as 2026-11-29T04:31:00Z. at: with a time zone."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def weightiest(answers: Sequence[PolicyAnswer]) -> Standing:
    """The first standing in the order of `Standing` that an answer has; nothing to check where there is no answer."""
    found = {answer.standing for answer in answers}
    return next((standing for standing in Standing if standing in found), Standing.NOTHING_TO_CHECK)


def fingerprint(row: TrailRow | StackRow, answer: PolicyAnswer, finding: Finding) -> str:
    """What tells a problem from all others, and is the same in the next run: of stack, trail, policy and code."""
    trail = (row.urn or row.arn, row.logical_id) if isinstance(row, TrailRow) else ("", "")
    parts = (row.stack, *trail, answer.policy, finding.code)
    return sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
