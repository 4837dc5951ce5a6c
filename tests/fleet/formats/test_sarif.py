"""SARIF: what GitHub reads of it, its limits, and that Microsoft's validator and sarif-tools take it."""

import json
import os
import platform
import random
import subprocess
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sarif.loader import load_sarif_file  # type: ignore[import-untyped]

from cloudtrail_logs.fleet.evidence import (
    Evidence,
    Excepted,
    Finding,
    Place,
    PolicyAnswer,
    Standing,
    TrailRow,
    Unread,
    fingerprint,
)
from cloudtrail_logs.fleet.formats import sarif
from cloudtrail_logs.fleet.formats.sarif import written
from tests.fleet.sample import (
    DELIVER,
    EMPTY,
    EVIDENCE,
    EXIST,
    HOSTILE_EVIDENCE,
    INTEGRATED,
    NOT_INTEGRATED,
    TRAILS,
    trail,
)
from tools.engine.nodejs import ensure_npm_packages

PREVIEW = replace(
    EVIDENCE, of_preview=True, trails=TRAILS[:1], stacks=(), baseline="", gone=(), unread=(), mistakes=(), remarks=()
)
# Files as people name them. One address that is not below the repository, and GitHub refuses all of the file.
PATHS = {
    "infra/main.py": ("infra/main.py", "%SRCROOT%"),
    "./a/../b/main.py": ("b/main.py", "%SRCROOT%"),
    "with a blank/é#?%.py": ("with%20a%20blank/%C3%A9%23%3F%25.py", "%SRCROOT%"),
    "s3://states/a.json": ("s3%3A/states/a.json", "%SRCROOT%"),
    "/srv/states/a b.json": ("file:///srv/states/a%20b.json", None),
    "a\ud83d.json": ("a%3F.json", "%SRCROOT%"),
}
PLACES = replace(
    EMPTY,
    trails=tuple(
        trail("shop/dev", f"t{number}", PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", (NOT_INTEGRATED,)), place=Place(path))
        for number, path in enumerate(PATHS)
    ),
)  # fmt: skip
FILES = {
    "sample": EVIDENCE,
    "empty": EMPTY,
    "without-policies": replace(EVIDENCE, policies=()),
    "hostile": HOSTILE_EVIDENCE,
    "preview": PREVIEW,
    "places": PLACES,
}


def run_of(evidence: Evidence) -> Any:
    (run,) = json.loads(written(evidence))["runs"]
    return run


def results_of(evidence: Evidence) -> Any:
    return run_of(evidence)["results"]


@pytest.fixture(scope="session")
def multitool() -> Path:
    """Microsoft's validator, installed once."""
    system = platform.system().lower()
    if (system, platform.machine()) == ("linux", "aarch64"):
        pytest.skip("Microsoft builds its validator for x86-64 only.")
    packages = ensure_npm_packages(packages=Path("tests", "fleet", "formats", "node"))
    tool = packages / "@microsoft" / f"sarif-multitool-{system}" / "Sarif.Multitool"
    tool.chmod(0o755)  # which the package's own script would do, and none is run
    return tool


def validated(multitool: Path, folder: Path, evidences: Sequence[Evidence]) -> set[tuple[str, str]]:
    """The rules that are broken, but for advice, each with what breaks it. All are runs of one file: that is quicker."""
    logs = [json.loads(written(evidence)) for evidence in evidences]
    assert all({**log, "runs": []} == {**logs[0], "runs": []} for log in logs)
    runs = [run for log in logs for run in log["runs"]]
    del runs[-1]["results"][0]["locations"]
    (folder / "all.sarif").write_text(json.dumps({**logs[0], "runs": runs}), encoding="utf-8")
    report = folder / "report.json"
    finished = subprocess.run(
        [multitool, "validate", folder / "all.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning",
         "--kind", "Fail", "--output", report, "--quiet"],
        # It asks every address in a file for an answer, unless there is no way to it.
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "ALL_PROXY": "http://127.0.0.1:1"},
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    (run,) = json.loads(report.read_text(encoding="utf-8-sig"))["runs"]
    assert all(each["executionSuccessful"] for each in run["invocations"]), finished
    return {(each["message"]["arguments"][0], each["ruleId"]) for each in run["results"]}


def test_the_validator_of_microsoft_finds_nothing_with_its_rules_for_github(multitool: Path, tmp_path: Path) -> None:
    """But in the last one, which lacks what GitHub needs."""
    given = [*FILES.values(), PREVIEW]
    broken = f"runs[{len(FILES)}].results[0]"
    assert validated(multitool, tmp_path, given) == {(broken, f"GH{rule}") for rule in ("1015", "1017", "2012")}


def test_sarif_tools_count_the_results(tmp_path: Path) -> None:
    for name, evidence in FILES.items():
        path = tmp_path / f"{name}.sarif"
        path.write_text(written(evidence), encoding="utf-8")
        loaded = load_sarif_file(str(path))
        assert loaded.get_result_count() == len(results_of(evidence))
        assert loaded.get_distinct_tool_names() == ["cloudtrail-cloudwatch-logs"]
    path = tmp_path / "sample.sarif"
    assert load_sarif_file(str(path)).get_report().get_issue_count_for_severity("error") == 4


def test_the_results_of_the_sample() -> None:
    assert [
        (
            each["ruleId"],
            each["level"],
            each["message"]["text"].partition(":")[0],
            each["baselineState"],
            [suppression["justification"] for suppression in each.get("suppressions", ())],
        )
        for each in results_of(EVIDENCE)
    ] == [
        (f"{INTEGRATED}/not-integrated", "error", "Trail audit in stack payments/prod", "new", []),
        (f"{INTEGRATED}/log-group-arn-without-wildcard", "error", "Trail audit in stack payments/dev", "unchanged", []),
        (f"{INTEGRATED}/not-integrated", "error", "Trail Platform/AuditTrail in stack old/infra", "new", []),
        (
            f"{INTEGRATED}/not-integrated",
            "error",
            "Trail clicked-together in AWS account 123456789012 and in no stack",
            "new",
            [],
        ),
        (f"{EXIST}/no-trail", "warning", "Stack landing/zone", "new", []),
        (
            f"{INTEGRATED}/not-integrated",
            "note",
            "Trail vendor-audit in stack vendor/prod",
            "new",
            ["The vendor reads the bucket. SEC-1204 Until 2026-12-20."],
        ),
        (f"{INTEGRATED}/role-missing", "note", "Trail vendor-audit in stack vendor/prod", "new", ["For ever"]),
        (
            f"{EXIST}/log-group-not-in-stack",
            "note",
            "Trail vendor-audit in stack vendor/prod",
            "new",
            ["EXC-1: Accepted until the migration"],
        ),
    ]


def test_the_first_result_of_the_sample() -> None:
    result = results_of(PREVIEW)[0]
    mark = fingerprint(TRAILS[0], TRAILS[0].answers[0], NOT_INTEGRATED)
    assert result == {
        "ruleId": f"{INTEGRATED}/not-integrated",
        "level": "error",
        "message": {"text": f"Trail audit in stack payments/prod: {NOT_INTEGRATED.message}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "infra/__main__.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 17, "startColumn": 9},
                },
                "logicalLocations": [
                    {
                        "name": "audit",
                        "fullyQualifiedName": "urn:pulumi:prod::payments::aws:cloudtrail/trail:Trail::audit",
                        "kind": "resource",
                    }
                ],
            }
        ],
        "partialFingerprints": {"stackTrailPolicyCode/v1": mark, "primaryLocationLineHash": f"{mark}:1"},
        "properties": {"toSet": dict(TRAILS[0].to_set), "command": TRAILS[0].command},
    }


def test_where_no_line_is_known_it_is_the_file_of_the_state() -> None:
    places = [each["locations"][0]["physicalLocation"] for each in results_of(EVIDENCE)]
    assert [(place["artifactLocation"]["uri"], place["region"]) for place in places[1:5]] == [
        ("states/payments/dev.json", {"startLine": 1}),
        ("states/old/infra.json", {"startLine": 1}),
        ("aws/123456789012/us-east-1/clicked-together", {"startLine": 1}),
        ("states/landing/zone.json", {"startLine": 1}),
    ]
    found = [each["locations"][0]["physicalLocation"]["artifactLocation"] for each in results_of(PLACES)]
    assert [(each["uri"], each.get("uriBaseId")) for each in found] == list(PATHS.values())


def test_two_problems_with_one_code_are_two_alerts() -> None:
    twice = (Finding("role-permission-missing", "One."), Finding("role-permission-missing", "Two."))
    both = replace(EMPTY, trails=(trail("a/b", "t", PolicyAnswer(DELIVER, Standing.WRONG, "advisory", twice)),))
    first, second = (each["partialFingerprints"] for each in results_of(both))
    assert first["stackTrailPolicyCode/v1"] == second["stackTrailPolicyCode/v1"]
    assert (first["primaryLocationLineHash"][-2:], second["primaryLocationLineHash"][-2:]) == (":1", ":2")


def test_every_code_of_a_policy_in_force_is_a_rule() -> None:
    rules = run_of(EMPTY)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [f"{each.name}/{code}" for each in EMPTY.policies for code in each.codes]
    policy = EMPTY.policies[2]
    assert rules[-1] == {
        "id": "cloudtrail-role-can-deliver/role-trust-missing",
        "name": "CloudtrailRoleCanDeliverRoleTrustMissing",
        "shortDescription": {
            "text": "role-trust-missing: the role's trust policy does not let cloudtrail.amazonaws.com assume it"
        },
        "fullDescription": {
            "text": f"{policy.description} role-trust-missing: the role's trust policy does not let "
            "cloudtrail.amazonaws.com assume it."
        },
        "help": {
            "text": f"{policy.description} role-trust-missing: the role's trust policy does not let "
            "cloudtrail.amazonaws.com assume it. Let cloudtrail.amazonaws.com assume the role.",
            "markdown": f"{policy.description}\n\n`role-trust-missing`: the role's trust policy does "
            "not let `cloudtrail.amazonaws.com` assume it.\n\nLet cloudtrail.amazonaws.com assume the role.\n\n"
            f"[Documentation]({policy.url})",
        },
        "helpUri": policy.url,
        "defaultConfiguration": {"level": "warning"},
        "properties": {
            "tags": ["security", "aws", "cloudtrail", "cloudwatch-logs", "logging"],
            "precision": "very-high",
            "problem.severity": "warning",
            "security-severity": "3.0",
        },
    }
    for evidence in FILES.values():
        run = run_of(evidence)
        assert {each["ruleId"] for each in run["results"]} <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_what_could_not_be_read_and_what_is_wrong_with_the_configuration_is_said() -> None:
    (invocation,) = run_of(EVIDENCE)["invocations"]
    assert (invocation["executionSuccessful"], invocation["endTimeUtc"]) == (False, "2026-11-29T04:31:00Z")
    assert [(each["level"], each["message"]["text"]) for each in invocation["toolExecutionNotifications"]] == [
        ("error", "states/broken.json could not be read. It is not JSON: line 3, column 7."),
        (
            "note",
            'copy/dev.json is not used. It is not checked, since a newer state of stack "payments/dev" was read.',
        ),
        ("error", f"In the configuration: {EVIDENCE.mistakes[0]}"),
        ("note", "cloudtrail-delivery-is-recent did not run: askAws is not true."),
        ("note", "AWS makes the trails of a landing zone, and the stack does not show them."),
    ]
    (invocation,) = run_of(replace(EMPTY, older=EVIDENCE.older))["invocations"]
    levels = [each["level"] for each in invocation["toolExecutionNotifications"]]
    assert (invocation["executionSuccessful"], levels) == (True, ["note"])
    (invocation,) = run_of(EMPTY)["invocations"]
    assert (invocation["executionSuccessful"], invocation["toolExecutionNotifications"]) == (True, [])


@pytest.mark.parametrize(
    ("evidence", "category"),
    [
        (EVIDENCE, "cloudtrail-cloudwatch-logs/audit/"),
        (PREVIEW, "cloudtrail-cloudwatch-logs/preview/payments/prod/"),
        (replace(EMPTY, of_preview=True), "cloudtrail-cloudwatch-logs/preview/"),
    ],
)
def test_an_audit_and_the_preview_of_each_stack_are_apart(evidence: Evidence, category: str) -> None:
    assert run_of(evidence)["automationDetails"] == {"id": category}


def test_no_text_acts() -> None:
    text = written(HOSTILE_EVIDENCE)
    assert all(each.isprintable() or each == "\n" for each in text)
    assert "\u202e" not in text
    named = replace(EMPTY, unread=(Unread("a.json", "[click](https://evil.example)"),))
    (notification,) = run_of(named)["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "a.json could not be read. [click] (https://evil.example)"


def test_the_same_evidence_gives_the_same_text() -> None:
    assert written(EVIDENCE) == written(EVIDENCE)


# --- the limits of GitHub


def many(count: int, message: str = "Set it.") -> Evidence:
    """Trails of which every second one is excepted, and every third one advisory."""

    def row(number: int) -> TrailRow:
        standing = Standing.EXCEPTED if number % 2 else Standing.WRONG
        level = "mandatory" if number % 3 else "advisory"
        exceptions = (Excepted("EXC-1", "Accepted."),) if number % 2 else ()
        found = (Finding("role-missing", message if len(message) < 100 else f"{number} {noise(number)}"),)
        return trail("a/b", f"t{number}", PolicyAnswer(INTEGRATED, standing, level, found, exceptions=exceptions))

    return replace(EMPTY, trails=tuple(row(number) for number in range(count)))


def noise(number: int) -> str:
    return "".join(random.Random(number).choices("".join(map(chr, range(0x4E00, 0x9FA5))), k=6_000))


def test_the_least_severe_results_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (sarif.MOST_RESULTS, sarif.MOST_BYTES) == (25_000, 10_000_000)
    monkeypatch.setattr(sarif, "MOST_RESULTS", 30)
    levels = [each["level"] for each in results_of(many(30))]
    assert levels == ["error"] * 10 + ["warning"] * 5 + ["note"] * 15
    run = run_of(many(60))
    levels = [each["level"] for each in run["results"]]
    assert levels == ["error"] * 20 + ["warning"] * 10
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification == {
        "level": "warning",
        "message": {"text": "30 results are left out, since GitHub takes no file with more: the least severe ones."},
    }


def test_a_file_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 200_000)
    text = written(many(40, "x" * 1_000))
    assert len(zlib.compress(text.encode(), 1)) < 200_000
    run = json.loads(text)["runs"][0]
    left_out = 40 - len(run["results"])
    assert 0 < left_out < 40
    assert all(each["level"] == "error" for each in run["results"])
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith(f"{left_out} results are left out")
