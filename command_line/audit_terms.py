"""From a configuration of the policies to what an audit judges by: as Pulumi and the pack read the same file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any, Final

from cloudtrail_logs.configuration.exemptions import Exemption
from cloudtrail_logs.configuration.settings import RecentSettings
from cloudtrail_logs.fleet.evidence import Excepted, ExemptionRow, PolicyInForce, StackRow, TrailRow
from cloudtrail_logs.fleet.judged_state import Policy, Terms
from cloudtrail_logs.judgement.lookups import mistakes_of
from cloudtrail_logs.model.enforcement_level import ADVISORY, LEVELS, MANDATORY
from cloudtrail_logs.model.quoting import enumerated, quoted_label
from command_line import policy_exceptions as native
from command_line.check_config import UnusableError, findings_in, parsed
from command_line.finding import Finding, Weight
from command_line.policies_in_force import ALL, LEVEL, policies_in_force
from command_line.unreadable import why_unreadable
from policies.pack import POLICIES

_SOON: Final = timedelta(days=30)


class CannotAuditError(Exception):
    """Nothing can be judged. The message says why, and what to do."""


@dataclass(frozen=True)
class Configured:
    """What a configuration says."""

    terms: Terms
    policies: tuple[PolicyInForce, ...]
    mistakes: tuple[str, ...] = ()
    """What a report would say about it: sentences, each beginning with its policy."""
    misconfigured: bool = False
    """Whether a mandatory policy has a mistake, or the file names a policy that does not exist."""
    remarks: tuple[str, ...] = ()
    """Which policies do not run, and why: sentences."""
    digest: str = ""
    """As that of the evidence."""

    def unmatched(self, used: frozenset[tuple[str, Exemption]]) -> tuple[ExemptionRow, ...]:
        """The exemptions that hold, and took no problem away. used: those that did, each with its policy."""
        return tuple(
            _row(policy, each)
            for policy, each in self._exemptions()
            if (policy, each) not in used and each.is_active(self.terms.today)
        )

    def idle_exceptions(self, rows: Iterable[TrailRow | StackRow]) -> Iterator[str]:
        """The exceptions of Pulumi's own that cover nothing in these rows, as sentences."""
        used = {each.id for row in rows for answer in row.answers for each in answer.exceptions}
        given = dict.fromkeys(each.id for covering in self.terms.exceptions.values() for each in covering)
        return (f"Exception {quoted_label(name)} covers nothing here." for name in given if name not in used)

    def ending(self) -> tuple[ExemptionRow, ...]:
        """The exemptions that end within 30 days, or have ended."""
        last = self.terms.today + _SOON
        return tuple(_row(policy, each) for policy, each in self._exemptions() if each.until and each.until <= last)

    def _exemptions(self) -> Iterator[tuple[str, Exemption]]:
        return ((each.name, exemption) for each in self.terms.policies for exemption in each.settings.exemptions)


def configured(file: Path | None, today: date, ask_aws: bool) -> Configured:
    """What a file says; without one, what the pack does by default. Raises CannotAuditError where Pulumi refuses it."""
    if file is None:
        return _configured({}, {}, today, ask_aws)
    read = _read(file, today, ask_aws)
    if not read.terms.policies:
        raise CannotAuditError(f"{file} disables all policies, so nothing would be checked.")
    return read


def _read(file: Path, today: date, ask_aws: bool) -> Configured:
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
        given = parsed(text) if text.strip() else {}
        policies, exceptions = _parts(given)
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotAuditError(f"{file} cannot be read: {why_unreadable(problem)}.") from None
    except UnusableError as problem:
        raise CannotAuditError(f"{file} cannot be used. {problem} check-config names all mistakes.") from None
    errors = [each for each in findings_in(text, today) if each.weight is Weight.ERROR] if text.strip() else []
    mistakes = tuple(f"{each.place}: {each.text}" if each.place else each.text for each in errors)
    digest = f"sha256:{sha256(content).hexdigest()}"
    read = _configured(policies, exceptions, today, ask_aws)
    known = {ALL, native.ENVIRONMENTS, *(each.DESCRIPTION.name for each in POLICIES)}
    misnamed = not known.issuperset(policies)
    misconfigured = read.misconfigured or misnamed
    return replace(read, mistakes=mistakes, digest=digest, misconfigured=misconfigured)


def _parts(given: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[tuple[str, str], tuple[Excepted, ...]]]:
    """The policies and the exceptions of a file. Raises UnusableError where Pulumi aborts every run with it."""
    policies: Any = given
    refused: list[Finding] = []
    exceptions: list[native.PolicyException] = []
    if native.is_versioned(given):
        if mistake := native.mistake_in_version(given[native.VERSION]):
            raise UnusableError(mistake)
        policies = {} if given.get(native.POLICIES) is None else given[native.POLICIES]
        exceptions, refused = native.read_exceptions(given.get(native.EXCEPTIONS))
    if refused:
        raise UnusableError(f"{refused[0].place}: {refused[0].text}")
    if not isinstance(policies, Mapping):
        raise UnusableError(f"{native.POLICIES} must be an object that names policies.")
    for name, value in policies.items():
        level = value.get(LEVEL, ADVISORY) if isinstance(value, Mapping) else value
        if name != native.ENVIRONMENTS and level not in LEVELS:
            raise UnusableError(f"The level of {quoted_label(name)} must be {enumerated(LEVELS)}.")
    return policies, _by_target(exceptions)


def _by_target(exceptions: Iterable[native.PolicyException]) -> Mapping[tuple[str, str], tuple[Excepted, ...]]:
    found: dict[tuple[str, str], tuple[Excepted, ...]] = {}
    for each in exceptions:
        for match in each.match:
            for target in product(match.policies, match.targets):
                found[target] = (*found.get(target, ()), Excepted(each.id, each.reason))
    return found


def _configured(
    given: Mapping[str, Any], exceptions: Mapping[tuple[str, str], tuple[Excepted, ...]], today: date, ask_aws: bool
) -> Configured:
    policies: list[Policy] = []
    in_force: list[PolicyInForce] = []
    idle = dict.fromkeys((each.DESCRIPTION.name for each in POLICIES), "it is disabled")
    misconfigured = False
    for module, policy in policies_in_force(given):
        described = module.DESCRIPTION
        own = given.get(policy.name)
        properties = {key: value for key, value in own.items() if key != LEVEL} if isinstance(own, Mapping) else {}
        read = described.read(properties)
        if isinstance(read.settings, RecentSettings) and not read.settings.ask_aws:
            idle[policy.name] = "askAws is not true"  # it says nothing, at whatever level it is
            continue
        is_wrong = bool(read.mistakes) or (ask_aws and bool(mistakes_of(read.settings)))
        misconfigured = misconfigured or (is_wrong and policy.level == MANDATORY)
        policies.append(Policy(policy.name, policy.level, described.rule, read.settings, described.of_stack))
        in_force.append(policy)
        del idle[policy.name]
    return Configured(
        Terms(tuple(policies), today, exceptions, ask_aws),
        tuple(in_force),
        misconfigured=misconfigured,
        remarks=tuple(f"{name} did not run: {why}." for name, why in idle.items()),
    )


def _row(policy: str, exemption: Exemption) -> ExemptionRow:
    return ExemptionRow(
        policy,
        exemption.trail,
        exemption.reason,
        str(exemption.until or ""),
        exemption.project,
        exemption.stack,
        tuple(sorted(code.value for code in exemption.codes or ())),
    )
