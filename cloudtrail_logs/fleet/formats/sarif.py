"""SARIF 2.1.0, as GitHub's code scanning takes it.

GitHub does not read `suppressions`: it shows what is exempt or excepted as a note. Other readers, such as sarif-tools
and `advanced-security/dismiss-alerts`, know them.
"""

from __future__ import annotations

import json
import posixpath
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from ...model.enforcement_level import MANDATORY
from ...model.quoting import shown, shown_urn
from ..evidence import Evidence, Exempted, Finding, Place, PolicyAnswer, PolicyInForce, StackRow, TrailRow, fingerprint

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_INFORMATION: Final = (
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html"
)
_ROOT: Final = "%SRCROOT%"
# Versioned: another way to make it gets another name, or old alerts would be closed and the same ones opened.
_FINGERPRINT: Final = "stackTrailPolicyCode/v1"
# The one that GitHub compares. Without it, all trails of a state file would be one alert.
_OF_GITHUB: Final = "primaryLocationLineHash"
# Of GitHub (docs.github.com, "SARIF results exceed one or more limits"): it refuses a file with more.
MOST_RESULTS: Final = 25_000
MOST_BYTES: Final = 10_000_000  # compressed
_LONGEST: Final = 10_000
_TAGS: Final = ("security", "aws", "cloudtrail", "cloudwatch-logs", "logging")
# Low, as the policies' severity in Pulumi: the control's risk level at its publisher.
_SECURITY_SEVERITY: Final = "3.0"
_Json = dict[str, Any]


def written(evidence: Evidence) -> str:
    """One run with a rule for each code of the policies, and a result for each problem."""
    results = sorted(_results(evidence), key=_weight)
    kept = min(len(results), MOST_RESULTS)
    while True:
        text = _text_of(evidence, results[:kept], len(results) - kept)
        content = text.encode()
        if not kept or len(content) <= MOST_BYTES or len(zlib.compress(content, 1)) <= MOST_BYTES:
            return text
        kept //= 2


def _text_of(evidence: Evidence, results: Sequence[_Json], left_out: int) -> str:
    run = {
        "tool": {
            "driver": {
                "name": _shown(evidence.pack),
                "semanticVersion": _shown(evidence.version),
                "informationUri": _INFORMATION,
                "rules": list(_rules(evidence)),
            }
        },
        "automationDetails": {"id": _category(evidence)},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": not evidence.unread,
                "endTimeUtc": _shown(evidence.made),
                "toolExecutionNotifications": list(_notifications(evidence, left_out)),
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": list(results),
        "properties": {
            "configuration": _shown(evidence.configuration),
            "digest": _shown(evidence.digest),
            "frameworks": [_shown(each) for each in evidence.frameworks],
        },
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _category(evidence: Evidence) -> str:
    """What GitHub tells runs apart by, up to the last slash: each one takes the place of the last with the same."""
    stacks = list(dict.fromkeys(row.stack for row in evidence.rows))
    of_stack = f"/{quote(stacks[0], errors='replace')}" if evidence.of_preview and len(stacks) == 1 else ""
    return f"{_shown(evidence.pack)}/{'preview' if evidence.of_preview else 'audit'}{of_stack}/"


def _rules(evidence: Evidence) -> Iterator[_Json]:
    """All codes of the policies in force, whether they are reported or not, so that GitHub lists what was checked."""
    policies = {policy.name: dict(policy.codes) for policy in evidence.policies}
    about = {policy.name: policy for policy in evidence.policies}
    for row in evidence.rows:
        for answer in row.answers:
            for finding in (*answer.findings, *(each.finding for each in answer.exempted)):
                policies.setdefault(answer.policy, {}).setdefault(finding.code, "")
                about.setdefault(
                    answer.policy, PolicyInForce(answer.policy, answer.policy, answer.policy, answer.level, "", "")
                )
    for name, codes in policies.items():
        for code, when in codes.items():
            yield _rule(about[name], code, when)


def _rule(policy: PolicyInForce, code: str, when: str) -> _Json:
    level = _level(policy.level)
    reported = f"{code}: {when}." if when else f"{code}."
    plain = _sentences(policy.description, reported.replace("`", ""), policy.remediation)
    marked = "\n\n".join(filter(None, (policy.description, reported.replace(code, f"`{code}`", 1), policy.remediation)))
    rule: _Json = {
        "id": _rule_id(policy.name, code),
        "name": _pascal(f"{policy.name}-{code}"),
        "shortDescription": {"text": f"{_shown(code)}: {_shown(when or policy.title)}".replace("`", "")},
        "fullDescription": {"text": _sentences(policy.description, reported.replace("`", ""))},
        "help": {"text": plain, "markdown": marked},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": list(_TAGS),
            "precision": "very-high",
            "problem.severity": level,
            "security-severity": _SECURITY_SEVERITY,
        },
    }
    if policy.url:
        rule["helpUri"] = policy.url
        rule["help"]["markdown"] = f"{marked}\n\n[Documentation]({policy.url})"
    return rule


def _results(evidence: Evidence) -> Iterator[_Json]:
    for row in evidence.rows:
        for answer in row.answers:
            seen: Counter[str] = Counter()
            exceptions = [_suppression(_sentences(f"{_shown(each.id)}:", each.reason)) for each in answer.exceptions]
            for finding in answer.findings:
                yield _result(evidence, row, answer, finding, exceptions, seen)
            for exempted in answer.exempted:
                reason = [_suppression(_reason(exempted))]
                yield _result(evidence, row, answer, exempted.finding, reason, seen)


def _result(
    evidence: Evidence,
    row: TrailRow | StackRow,
    answer: PolicyAnswer,
    finding: Finding,
    suppressions: Sequence[_Json],
    seen: Counter[str],
) -> _Json:
    mark = fingerprint(row, answer, finding)
    seen[mark] += 1
    result: _Json = {
        "ruleId": _rule_id(answer.policy, finding.code),
        "level": "note" if suppressions else _level(answer.level),
        "message": {"text": _sentences(f"{_subject(row)}:", finding.message)},
        "locations": [_location(row)],
        "partialFingerprints": {_FINGERPRINT: mark, _OF_GITHUB: f"{mark}:{seen[mark]}"},
    }
    if suppressions:
        result["suppressions"] = list(suppressions)
    if evidence.baseline:
        result["baselineState"] = "unchanged" if finding.is_known else "new"
    if isinstance(row, TrailRow) and row.to_set:
        to_set = {_shown(name): _shown(value) for name, value in row.to_set.items()}
        result["properties"] = {"toSet": to_set, "command": _shown(row.command)}
    return result


def _weight(result: Mapping[str, Any]) -> int:
    """What to leave out last: what GitHub shows first."""
    return ("error", "warning", "note").index(result["level"])


def _suppression(justification: str) -> _Json:
    return {"kind": "external", "status": "accepted", "justification": justification}


def _reason(exempted: Exempted) -> str:
    until = f" Until {_shown(exempted.until)}." if exempted.until else ""
    return f"{_shown(exempted.reason)}{until}"


def _subject(row: TrailRow | StackRow) -> str:
    if isinstance(row, StackRow):
        return f"Stack {_shown(row.stack)}"
    where = f"in stack {_shown(row.stack)}" if row.stack else f"in AWS account {_shown(row.account)} and in no stack"
    return f"Trail {_shown(row.label)} {where}"


def _location(row: TrailRow | StackRow) -> _Json:
    """Where GitHub shows it: a line of the program, else the file of the state, which has no line of its own."""
    place = row.place if isinstance(row, TrailRow) and row.place else Place(_file(row))
    region = {"startLine": max(place.line, 1)}
    if place.line and place.column:
        region["startColumn"] = place.column
    physical = {"artifactLocation": _artifact(place.file), "region": region}
    urn = row.urn or (row.arn if isinstance(row, TrailRow) else "")
    if not urn:
        return {"physicalLocation": physical}
    name = row.label if isinstance(row, TrailRow) else row.stack
    logical = {"name": _shown(name), "fullyQualifiedName": shown_urn(urn), "kind": "resource"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _file(row: TrailRow | StackRow) -> str:
    """The file of its state; for a trail that only AWS has, which is in no file, a name that looks like one."""
    if row.state or isinstance(row, StackRow):
        return row.state or row.stack
    return f"aws/{row.account}/{row.region}/{row.name}"


def _artifact(path: str) -> _Json:
    """GitHub refuses a whole file for one address that is not below the repository, so even `s3://…` is a path here."""
    if path.startswith("/"):
        return {"uri": f"file://{quote(posixpath.normpath(path), errors='replace')}"}
    return {"uri": quote(posixpath.normpath(path), errors="replace"), "uriBaseId": _ROOT}


def _notifications(evidence: Evidence, left_out: int) -> Iterator[_Json]:
    unused = (
        *(("error", "could not be read", each) for each in evidence.unread),
        *(("note", "is not used", each) for each in evidence.older),
    )
    for level, what, each in unused:
        physical = {"artifactLocation": _artifact(each.state or ".")}
        text = _sentences(f"{_shown(each.state)} {what}.", each.reason)
        yield {"level": level, "message": {"text": text}, "locations": [{"physicalLocation": physical}]}
    for mistake in evidence.mistakes:
        yield {"level": "error", "message": {"text": _sentences("In the configuration:", mistake)}}
    remarks = [remark for row in evidence.stacks for remark in row.remarks]
    for remark in dict.fromkeys((*evidence.remarks, *remarks)):
        yield {"level": "note", "message": {"text": _shown(remark)}}
    if left_out:
        text = f"{left_out} results are left out, since GitHub takes no file with more: the least severe ones."
        yield {"level": "warning", "message": {"text": text}}


def _level(level: str) -> str:
    return "error" if level == MANDATORY else "warning"


def _rule_id(policy: str, code: str) -> str:
    return f"{_shown(policy)}/{_shown(code)}"


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in _shown(name).replace("/", "-").split("-") if part.isalnum())


def _sentences(*texts: str) -> str:
    return " ".join(_shown(text) for text in texts if text)


def _shown(text: str) -> str:
    """A text as a viewer shows it and nothing else: in one line, and without a link in it."""
    return shown(text, _LONGEST).replace("](", "] (")
