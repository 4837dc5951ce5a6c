"""`audit STATES`: judges the states of many stacks at once, and writes what it found.

0: nothing mandatory is wrong; 1: something is; 2: it could not run.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, Final, TypeVar

from cloudtrail_logs.configuration.settings import IntegratedSettings
from cloudtrail_logs.control import FRAMEWORKS
from cloudtrail_logs.fleet.audit import Audited, Source, audit
from cloudtrail_logs.fleet.baseline import NoBaselineError, compared
from cloudtrail_logs.fleet.evidence import Evidence, TrailRow, Unread, written_in_utc
from cloudtrail_logs.fleet.folders import state_files
from cloudtrail_logs.fleet.formats.words import counted
from cloudtrail_logs.fleet.only_in_aws import POLICY as ONLY_IN_AWS
from cloudtrail_logs.fleet.only_in_aws import rows_of_others
from cloudtrail_logs.fleet.workers import Here, Workers
from cloudtrail_logs.garbage_collection import collect_seldom
from cloudtrail_logs.model.aws_answers import Unavailable
from cloudtrail_logs.model.enforcement_level import ADVISORY
from command_line.audit_arguments import MEGABYTE
from command_line.audit_terms import CannotAuditError, Configured, configured
from command_line.exit_on_signals import exit_on_signals
from command_line.exported_stacks import CannotExportError, exported_stacks
from command_line.progress_bar import progress_bar
from command_line.standard_output import write_out
from command_line.unreadable import why_unreadable

_MODULES: Final = {"json": "json_document"}
# What is read in one process: to start others takes longer.
_LITTLE: Final = 8 * MEGABYTE
_Result = TypeVar("_Result")
_COLUMNS: Final = 120
_MOST_SAID: Final = 5
_CONNECT_SECONDS: Final = 30


def run(chosen: argparse.Namespace, pack: str, version: str) -> int:
    """Runs the command, and answers its exit status. pack, version: of the pack."""
    now = datetime.now(timezone.utc)
    collect_seldom()
    try:
        baseline = chosen.baseline.read_text(encoding="utf-8") if chosen.baseline else None
        given = configured(chosen.config, now.date(), chosen.ask_aws)
        evidence = _evidence(chosen, given, Evidence(written_in_utc(now), pack, version))
        if baseline is not None:
            evidence = compared(evidence, baseline, str(chosen.baseline))
        _write(evidence, chosen)
    except (CannotAuditError, CannotExportError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except NoBaselineError as problem:
        print(f"{chosen.baseline} cannot be the baseline. {problem}", file=sys.stderr)
        return 2
    except (OSError, UnicodeDecodeError) as problem:
        name = problem.filename or chosen.out if isinstance(problem, OSError) else chosen.baseline
        print(f"{name} cannot be used: {why_unreadable(problem)}.", file=sys.stderr)
        return 2
    for mistake in evidence.mistakes:
        print(f"{chosen.config}: {mistake}", file=sys.stderr)
    if evidence.unread:
        print(f"{counted(len(evidence.unread), 'source')} could not be read: see the report.", file=sys.stderr)
    return 1 if evidence.fails else 0


def _evidence(chosen: argparse.Namespace, given: Configured, head: Evidence) -> Evidence:
    if chosen.profiles and not chosen.ask_aws:
        raise CannotAuditError("--profiles needs --ask-aws.")
    if not (chosen.states or chosen.org or chosen.stacks):
        raise CannotAuditError("Name states: files or folders, or --org NAME, or --stacks ORG/PROJECT/STACK.")
    with exit_on_signals(), _all_sources(chosen) as (sources, unread):
        if not sources:
            raise CannotAuditError(_told("There are no states.", unread))
        if chosen.out and any(_is_same(chosen.out, each) for each in (*(each.path for each in sources), chosen.config)):
            raise CannotAuditError(f"{chosen.out} is one of the files that are read. Write the report to another one.")
        with _workers(sources, chosen.cluster) as workers, progress_bar("Checking states") as progress:
            found = audit(sources, given.terms, workers, chosen.largest * MEGABYTE, progress)
    if not found.stacks:
        raise CannotAuditError(_told("No state could be read.", (*unread, *found.unread)))
    only_in_aws, asked, unanswered = _only_in_aws(chosen, given, found) if chosen.ask_aws else ((), (), ())
    return replace(
        head,
        configuration=str(chosen.config or ""),
        digest=given.digest,
        frameworks=tuple(each.text for each in FRAMEWORKS),
        policies=given.policies,
        mistakes=given.mistakes,
        misconfigured=given.misconfigured,
        trails=(*found.trails, *only_in_aws),
        stacks=found.stacks,
        unread=(*unread, *found.unread, *unanswered),
        older=found.older,
        asked=asked,
        unmatched=given.unmatched(found.used),
        ending=given.ending(),
        remarks=(*given.remarks, *given.idle_exceptions((*found.trails, *found.stacks))),
    )


def _only_in_aws(
    chosen: argparse.Namespace, given: Configured, found: Audited
) -> tuple[tuple[TrailRow, ...], tuple[str, ...], tuple[Unread, ...]]:
    """The trails that AWS has and no state holds, the accounts that were asked, and which gave no answer."""
    policy = next((each for each in given.terms.policies if each.name == ONLY_IN_AWS), None)
    settings, level = (policy.settings, policy.level) if policy else (IntegratedSettings(), ADVISORY)
    assert isinstance(settings, IntegratedSettings)
    try:
        from cloudtrail_logs.aws.clients import Clients
        from cloudtrail_logs.aws.connection import Connection
        from cloudtrail_logs.aws.trails_of_account import trails_of
    except ImportError:
        raise CannotAuditError("--ask-aws needs boto3. Use the file whose name has -with-boto3.") from None
    held = {row.arn for row in found.trails}
    rows: dict[str, TrailRow] = {}
    accounts: list[str] = []
    unanswered: list[Unread] = []
    for profile in chosen.profiles.split() or [None]:
        answer = trails_of(Clients(Connection(profile=profile)))
        if isinstance(answer, Unavailable):
            asked = f"the AWS account of profile {profile}" if profile else "the AWS account of your credentials"
            unanswered.append(Unread(asked, f"Its trails cannot be listed: {answer.reason}."))
            continue
        accounts.append(answer.account)
        others = rows_of_others(answer, held, settings, level, given.terms.today)
        rows.update({row.arn: row for row in others})
    return tuple(rows.values()), tuple(dict.fromkeys(accounts)), tuple(unanswered)


def _is_same(out: Path, other: Path | None) -> bool:
    """Whether the report would overwrite another file."""
    with suppress(OSError):
        return other is not None and out.samefile(other)
    return False


@contextmanager
def _all_sources(chosen: argparse.Namespace) -> Iterator[tuple[list[Source], tuple[Unread, ...]]]:
    """The states, and what cannot be read, for as long as the files are needed that are exported for this."""
    found: list[Source | Unread] = [
        each if isinstance(each, Unread) else Source(each) for each in state_files(chosen.states)
    ]
    with ExitStack() as stack:
        if chosen.org or chosen.stacks:
            draw = stack.enter_context(progress_bar("Exporting stacks"))
            exported = stack.enter_context(exported_stacks(chosen.org, chosen.stacks.split(), draw))
            for name, path in exported:
                found.append(path if isinstance(path, Unread) else Source(path, name, name))
        sources = [each for each in found if isinstance(each, Source)]
        yield sources, tuple(each for each in found if isinstance(each, Unread))


def _workers(sources: Sequence[Source], cluster: str) -> Workers:
    """What does the work: a cluster, or as many processes as there are cores, or this one where there is little."""
    if cluster:
        return Workers(lambda: cluster_at(cluster), 100)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or sum(each.size for each in sources) <= _LITTLE:
        return Workers(Here, 1)
    return Workers(lambda: ProcessPoolExecutor(cores, initializer=collect_seldom), 4 * cores)


def cluster_at(address: str, seconds: float = _CONNECT_SECONDS) -> Executor:
    """The executor of a Dask cluster, whose workers have this pack and see the same files.

    address: of its scheduler. seconds: how long to wait for it. Raises CannotAuditError where there is none.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CannotAuditError("--cluster needs Dask: pip install distributed.") from None
    try:
        return _Cluster(Client(address, timeout=seconds))
    except (OSError, ValueError) as problem:
        raise CannotAuditError(f"There is no Dask scheduler at {address}: {type(problem).__name__}.") from None


class _Cluster(Executor):
    """The executor of a client of Dask, which also ends the client."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor: Executor = client.get_executor()

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """As `Executor.submit`."""
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`."""
        self._executor.shutdown(wait)
        self._client.close()


def _write(evidence: Evidence, chosen: argparse.Namespace) -> None:
    written: Callable[..., str] = import_module(
        f"cloudtrail_logs.fleet.formats.{_MODULES.get(chosen.format, chosen.format)}"
    ).written
    if chosen.format == "text":
        on_terminal = chosen.out is None and sys.stdout is not None and sys.stdout.isatty()
        columns = get_terminal_size((_COLUMNS, 0)).columns if on_terminal else _COLUMNS
        text = written(evidence, columns, on_terminal and "NO_COLOR" not in os.environ)
    else:
        text = written(evidence)
    if chosen.out:
        chosen.out.write_text(text, encoding="utf-8", errors="replace")
    else:
        write_out(text.encode("utf-8", errors="replace"))


def _told(what: str, unread: Sequence[Unread]) -> str:
    """The first reasons, a line each, and what follows from them."""
    return "\n".join([*(f"{each.state}: {each.reason}" for each in unread[:_MOST_SAID]), what])
