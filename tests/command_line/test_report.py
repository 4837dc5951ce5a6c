"""`report`: what it makes of the events of real runs, and of files that are none. Events in events/ were recorded."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.fleet.evidence import Evidence, Excepted, Finding, PolicyAnswer, StackRow, Standing, TrailRow
from cloudtrail_logs.fleet.formats import junit, markdown, sarif
from command_line.__main__ import main
from command_line.report import UnusableError, evidence_of, project_file, report
from policies.pack import NAME, POLICIES
from tests.analyzers import PACK

EVENTS = Path(__file__).parent / "events"
INTEGRATED, EXIST, DELIVER, RECENT = (module.DESCRIPTION.name for module in POLICIES)
TRAIL = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
UNSET = (
    "Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. Set "
    "cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a role that "
    "cloudtrail.amazonaws.com may assume."
)
# A description, and the end of a run that has looked at the whole stack.
SAID = "CloudTrail trails must send their events to CloudWatch Logs."
SUMMARY = {
    "sequence": 7,
    "timestamp": 1795929290,
    "summaryEvent": {"PolicyPacks": {f"{NAME}|local|/packs/a": "0.4.0"}, "result": "succeeded"},
}
ANALYZED = {"sequence": 6, "timestamp": 1795929289, "policyAnalyzeStackSummaryEvent": {"policyPackName": NAME}}
PRELUDE = {"sequence": 1, "timestamp": 1795929288, "preludeEvent": {"config": {}}}


def recorded(name: str) -> str:
    return (EVENTS / f"{name}.jsonl").read_text()


def lines_of(*events: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(event, ensure_ascii=False)}\n" for event in events)


def read(*events: Mapping[str, Any]) -> tuple[Evidence, bool]:
    """The evidence of a whole run with these events."""
    return evidence_of(lines_of(PRELUDE, *events, ANALYZED, SUMMARY), "events.json", "Pulumi.yaml")


def reported(message: str, urn: str | None = f"{TRAIL}audit", /, **more: Any) -> dict[str, Any]:
    """A report as the engine has it."""
    event = {
        "resourceUrn": urn,
        "message": f"{SAID}\n{message}\n",
        "color": "never",
        "policyName": INTEGRATED,
        "policyPackName": NAME,
        "policyPackVersion": "0.4.0",
        "policyPackVersionTag": "0.4.0",
        "enforcementLevel": "mandatory",
        "severity": "low",
        **more,
    }
    return {"sequence": 5, "timestamp": 1795929289, "policyEvent": event}


# --- real runs


def rows(evidence: Evidence) -> Iterator[tuple[str, str, list[tuple[str, str, Standing, list[str]]]]]:
    for row in evidence.rows:
        answers = [
            (each.policy, each.level, each.standing, [finding.code for finding in each.findings])
            for each in row.answers
        ]
        yield row.urn, row.logical_id if isinstance(row, TrailRow) else "", answers


PREVIEW = [
    ("urn:pulumi:dev::shop::aws:cloudformation/stack:Stack::platform", "AuditTrail", [(INTEGRATED, "mandatory", Standing.WRONG, ["not-integrated"])]),
    ("urn:pulumi:dev::shop::aws:cloudformation/stack:Stack::platform", "Second", [(INTEGRATED, "mandatory", Standing.WRONG, ["not-integrated", "logging-disabled"])]),
    (f"{TRAIL}*two* @octocat", "", [
        (INTEGRATED, "mandatory", Standing.WRONG, ["log-group-arn-without-wildcard", "role-arn-invalid"]),
        (EXIST, "advisory", Standing.WRONG, ["log-group-not-in-stack"]),
    ]),
    (f"{TRAIL}excepted", "", [(INTEGRATED, "mandatory", Standing.EXCEPTED, ["not-integrated"])]),
    (f"{TRAIL}right", "", [(EXIST, "advisory", Standing.WRONG, ["log-group-not-in-stack", "role-not-in-stack"])]),
    (f"{TRAIL}unset", "", [(INTEGRATED, "mandatory", Standing.WRONG, ["not-integrated"])]),
]  # fmt: skip


@pytest.mark.parametrize("name", ["preview", "analysis"])
def test_a_recorded_run(name: str) -> None:
    evidence, fails = evidence_of(recorded(name), "events.json", "infra/Pulumi.yaml")
    assert fails
    assert list(rows(evidence)) == PREVIEW
    assert evidence.mistakes == (
        f'{EXIST}: "externalTarget" is not a property of this policy (did you mean externalTargets?).',
    )
    assert {policy.name: policy.level for policy in evidence.policies} == {
        INTEGRATED: "mandatory",
        EXIST: "advisory",
        DELIVER: "advisory",
    }
    assert (evidence.pack, evidence.version, evidence.of_preview) == (NAME, "0.4.0", True)
    assert (evidence.unread, evidence.remarks, evidence.stacks) == ((), (), ())
    assert {row.stack for row in evidence.trails} == {"shop/dev"}
    template, excepted, unset = (evidence.trails[place] for place in (0, 3, 5))
    assert (template.label, template.type) == ("platform/AuditTrail", "aws:cloudformation:Stack")
    assert excepted.answers[0].exceptions == (Excepted("EXC-1", "Accepted."),)
    assert unset == TrailRow(
        "shop/dev",
        f"{TRAIL}unset",
        "unset",
        type="aws:cloudtrail:Trail",
        state="infra/Pulumi.yaml",
        answers=(
            PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", (Finding("not-integrated", UNSET),)),
        ),
    )  # fmt: skip


def test_the_time_is_that_of_the_run() -> None:
    assert evidence_of(recorded("preview"), "", "")[0].made == "2026-11-29T05:14:49Z"


def test_a_run_that_failed_before_the_pack_saw_all_is_not_a_good_one() -> None:
    evidence, fails = evidence_of(recorded("failed"), "events.json", "")
    assert not fails
    assert [(each.state, each.reason) for each in evidence.unread] == [
        (
            "events.json",
            "The run ended before the pack had checked the whole stack, so trails may be missing here.",
        )
    ]
    assert markdown.written(evidence).startswith("### ⚠️")
    assert read()[0].unread == ()
    assert markdown.written(read()[0]).startswith("### ✅")


# --- single reports


@pytest.mark.parametrize(
    ("message", "findings"),
    [
        ("[role-missing] Set it.", [("role-missing", "Set it.")]),
        ("[role-missing] Set it.\n[role-missing] Set it.", [("role-missing", "Set it.")]),
        (
            "[role-missing] Set `a:*`.\n[region-mismatch] Set `b:*` or [x].",
            [("role-missing", "Set a:*."), ("region-mismatch", "Set b:* or [x].")],
        ),
        ('[role-missing] Role "`@a`".', [("role-missing", 'Role "@a".')]),
        # Not what the pack sets in backticks, so nothing is undone.
        ("[role-missing] Set `it`.", [("role-missing", "Set `it`.")]),
        ("[role-missing] <{%fg 1%}>Set it.<{%reset%}>", [("role-missing", "Set it.")]),
    ],
)
def test_the_lines_of_a_report(message: str, findings: list[tuple[str, str]]) -> None:
    (row,) = read(reported(message))[0].trails
    assert [(each.code, each.message) for each in row.answers[0].findings] == findings


@pytest.mark.parametrize(
    ("heading", "logical_id"),
    [
        ('AuditTrail in the template of "platform":', "AuditTrail"),
        ('"Audit Trail" in the template of "platform":', "Audit Trail"),
        ('Audit in the template of "`_a_`":', "Audit"),
        ('Audit in the template of "a:b":', "Audit"),
    ],
)
def test_a_report_about_the_trail_of_a_template(heading: str, logical_id: str) -> None:
    evidence, _ = read(reported(f"{heading}\n[role-missing] Set it."), reported("[role-missing] Set it."))
    assert [(row.logical_id, len(row.answers[0].findings)) for row in evidence.trails] == [("", 1), (logical_id, 1)]
    assert evidence.remarks == ()


@pytest.mark.parametrize(("urn", "stack"), [(STACK, "shop/dev"), (None, ""), ("", "")])
def test_a_report_about_the_stack(urn: str | None, stack: str) -> None:
    evidence, fails = read(reported("[no-trail] It must have one.", urn, policyName=EXIST))
    answer = PolicyAnswer(EXIST, Standing.WRONG, "mandatory", (Finding("no-trail", "It must have one."),))
    assert evidence.stacks == (StackRow(stack, "Pulumi.yaml", urn=urn or "", answers=(answer,)),)
    assert fails


def test_what_has_no_code_is_a_remark() -> None:
    text = "3 more trails have problems for which there is no room here: [role-missing] 3. Fix the trails above."
    evidence, fails = read(reported(text, STACK))
    assert evidence.remarks == (f"{INTEGRATED}: {text}",)
    assert (evidence.rows, fails) == ((), True)


@pytest.mark.parametrize(
    ("more", "level", "fails"),
    [
        ({}, "mandatory", True),
        ({"enforcementLevel": "remediate"}, "mandatory", True),
        ({"enforcementLevel": "advisory"}, "advisory", False),
        ({"exceptions": [{"id": "EXC-1", "reason": "Accepted."}]}, "mandatory", False),
        ({"exceptions": None}, "mandatory", True),
        ({"exceptions": []}, "mandatory", True),
    ],
)
def test_what_makes_it_fail(more: dict[str, Any], level: str, fails: bool) -> None:
    for message in ("[role-missing] Set it.", "[configuration-invalid] It is wrong."):
        evidence, found = read(reported(message, **more))
        assert found == fails
        assert {policy.name: policy.level for policy in evidence.policies}[INTEGRATED] == level


def test_of_two_levels_the_stricter_one_counts() -> None:
    """An organization may require the pack that a run names, too."""
    events = [reported("[role-missing] Set it.", enforcementLevel=level) for level in ("mandatory", "advisory")]
    for given in (events, events[::-1]):
        evidence, fails = read(*given)
        assert fails
        assert [answer.level for row in evidence.trails for answer in row.answers] == ["mandatory"]


@pytest.mark.parametrize(("level", "status"), [("mandatory", 1), ("advisory", 0)])
def test_a_mistake_in_the_configuration_counts_as_in_the_run(level: str, status: int, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(lines_of(*RUN, reported("[configuration-invalid] It is wrong.", STACK, enforcementLevel=level)))
    assert report(path, "markdown", tmp_path / "out") == status
    written = (tmp_path / "out").read_text()
    assert "**Mistakes in the configuration (1)**" in written
    assert ("The configuration of a mandatory policy has mistakes." in written) == (status == 1)


def test_a_policy_that_is_off_by_default_runs_where_it_reports() -> None:
    evidence, _ = read(reported("[delivery-stale] It is late.", policyName=RECENT))
    assert [policy.name for policy in evidence.policies] == [INTEGRATED, EXIST, DELIVER, RECENT]


def test_what_another_pack_reports_is_not_in_it() -> None:
    assert read(reported("[role-missing] Set it.", policyPackName="other"))[0].rows == ()


def test_the_order_of_events_does_not_matter() -> None:
    text = recorded("preview")
    backwards = "\n".join(reversed(text.split("\n")))
    first, second = (evidence_of(given, "a", "b")[0] for given in (text, backwards))
    assert first.trails == second.trails
    for form in (junit, markdown, sarif):
        assert form.written(first) == form.written(second)


@pytest.mark.parametrize("name", ["policyName", "resourceUrn", "message", "enforcementLevel", "exceptions"])
@pytest.mark.parametrize("value", [None, 7, {"a": 1}, [], [7], "\x1b[31m", "::" * 9])
def test_no_event_breaks_it(name: str, value: Any) -> None:
    evidence, _ = read(reported("[role-missing] Set it.", **{name: value}))
    for form in (junit, markdown, sarif):
        assert form.written(evidence)


# --- files


RUN = [PRELUDE, ANALYZED, SUMMARY]
NONE = (
    "events.json does not have the end of a run. pulumi preview --event-log FILE writes one, with "
    "PULUMI_DEBUG_COMMANDS=1, and pulumi policy analyze --json prints one."
)
OTHER = f"events.json is of a run without the pack {NAME}. Run Pulumi with --policy-pack."
LINES = lines_of(*RUN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "events.json is empty."),
        ("\n \n", "events.json is empty."),
        (LINES[:-20], "events.json, line 3: It is not JSON. The file is cut off there."),
        (LINES.replace("{", "", 1), "events.json, line 1: It is not JSON."),
        (f"{LINES}oops\n", "events.json, line 4: It is not JSON."),
        ("[" * 100_000, "events.json, line 1: It is not JSON. The file is cut off there."),
        ("[]\n", "events.json, line 1: It is not an event of Pulumi."),
        ("7\n", "events.json, line 1: It is not an event of Pulumi."),
        ('{"version": 3, "deployment": {}}\n', NONE),
        (f"{json.dumps(PRELUDE)}\n", NONE),
        ('{"summaryEvent": null}\n', NONE),
        (recorded("without_the_pack"), OTHER),
        ('{"summaryEvent": {"PolicyPacks": ["a"]}}\n', OTHER),
        (f'{{"summaryEvent": {{"PolicyPacks": {{"{NAME}-2|local|/a": "1"}}}}}}\n', OTHER),
    ],
)
def test_a_file_that_does_not_tell_what_a_run_reported(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("events.json").write_text(text)
    assert report(Path("events.json"), "markdown", None) == 2
    assert capsys.readouterr() == ("", f"{said}\n")


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(b"\xff\xfe{}")
    for path, why in ((tmp_path / "no.json", "No such file or directory"), (tmp_path, "Is a directory"), (bad, "it is not UTF-8 text")):  # fmt: skip
        assert report(path, "markdown", None) == 2
        assert capsys.readouterr() == ("", f"{path} cannot be read: {why}.\n")


def test_a_text_with_a_line_separator_of_unicode_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Go escapes it in its JSON, and other writers do not."""
    path = tmp_path / "events.json"
    event = reported("[role-missing] a\u2028b\u0085c")
    path.write_text(lines_of(*RUN, event), encoding="utf-8")
    assert report(path, "markdown", None) == 1
    assert "  - mandatory: integrated [role-missing] a?b?c\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("preview", 1, ""),
        ("analysis", 1, ""),
        ("failed", 2, f"{EVENTS / 'failed.jsonl'}: The run ended before the pack had checked the whole stack, so trails may be missing here.\n"),
        ("advisory", 0, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["markdown", "sarif", "junit"])
def test_the_exit_status_and_what_is_written(
    name: str, status: int, said: str, form: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    events = EVENTS / f"{name}.jsonl"
    if name == "advisory":
        events = tmp_path / "advisory.jsonl"
        events.write_text(recorded("preview").replace('"mandatory"', '"advisory"'))
    assert report(events, form, None) == status
    printed = capsysbinary.readouterr()
    assert printed.err.decode() == said
    assert report(events, form, tmp_path / "out") == status
    assert capsysbinary.readouterr().out == b""
    assert (tmp_path / "out").read_bytes() == printed.out
    assert printed.out.decode().startswith({"markdown": "### ", "sarif": "{", "junit": "<?xml"}[form])


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(EVENTS / "preview.jsonl", "sarif", tmp_path / "no" / "out") == 2
    assert capsys.readouterr() == ("", f"{tmp_path / 'no' / 'out'} cannot be written: No such file or directory.\n")


@pytest.mark.parametrize(
    ("files", "folder", "project"),
    [
        ((".git/HEAD", "infra/Pulumi.yaml"), "infra", "infra/Pulumi.yaml"),
        ((".git/HEAD", "infra/Pulumi.yaml"), "infra/modules", "infra/Pulumi.yaml"),
        ((".git", "infra/Pulumi.json"), "infra", "infra/Pulumi.json"),
        (("a/Pulumi.yml",), "a", "Pulumi.yml"),
        ((".git/HEAD", "a/b"), "a", ""),
    ],
)
def test_the_file_of_the_project(files: tuple[str, ...], folder: str, project: str, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    assert project_file(tmp_path / folder) == project


@pytest.mark.parametrize(
    ("events", "files", "place"),
    [
        ("work/events.json", (), "events.json"),
        ("work/events.json", ("Pulumi.yaml",), "Pulumi.yaml"),
        # As in the example of a workflow: the command runs in the pack's folder, and the events are beside the program.
        ("program/events.json", (".git/a", "program/Pulumi.yaml", "work/.git/a"), "program/Pulumi.yaml"),
        ("elsewhere/events.json", ("work/Pulumi.yaml",), "Pulumi.yaml"),
    ],
)
def test_a_problem_is_shown_in_the_file_of_the_project(
    events: str,
    files: tuple[str, ...],
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("work/a", events, *files):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(recorded("preview"))
    monkeypatch.chdir(tmp_path / "work")
    report(tmp_path / events, "sarif", None)
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]]
    assert set(places) == {place}
    assert run["automationDetails"] == {"id": f"{NAME}/preview/shop/dev/"}


def test_the_example_of_a_workflow_writes_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder of the pack, in the folder of a program."""
    workflow = (PACK / "examples" / "pull-request.yml").read_text()
    (tmp_path / "policy-pack").mkdir()
    (tmp_path / "events.json").write_text(recorded("preview"))
    monkeypatch.chdir(tmp_path / "policy-pack")
    commands = re.findall(r"run: venv/bin/python -m command_line (.+)\n +working-directory: policy-pack\n", workflow)
    for command in commands:
        assert main(shlex.split(command.replace("$GITHUB_STEP_SUMMARY", "../summary.md")), Path("pack")) == 1
    assert (tmp_path / "summary.md").read_text().startswith("### ❌")
    assert json.loads((tmp_path / "report.sarif").read_text())["version"] == "2.1.0"
    assert "--event-log events.json" in workflow
    assert "sarif_file: report.sarif" in workflow


def test_an_unusable_file_is_an_error_of_its_own() -> None:
    with pytest.raises(UnusableError, match=r"^a is empty\.$"):
        evidence_of("", "a", "b")
