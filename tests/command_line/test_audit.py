"""`audit`: what it reads, what it writes where, and its exit status."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line.__main__ import main
from command_line.audit_arguments import FORMATS
from tests.fleet.fleets import EXIST, INTEGRATED, Stack
from tests.stacks import ACCOUNT
from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.aws_api.state import AwsServices

PACK = Path(__file__).resolve().parents[2]
WRONG_URN = "urn:pulumi:prod::app::aws:cloudtrail/trail:Trail::trail"
MANDATORY = {"all": "mandatory"}


def wrong() -> Stack:
    made = Stack("app/prod")
    made.trail(log_group=None, role=None)
    return made


def right() -> Stack:
    made = Stack("app/dev")
    made.log_group()
    made.role()
    made.role_policy()
    made.trail()
    return made


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder of its own; config: of the policies."""
    monkeypatch.chdir(tmp_path)

    def audit(*arguments: str, config: Any = None) -> tuple[int, str, str]:
        if config is not None:
            Path("policies.json").write_text(config if isinstance(config, str) else json.dumps(config))
            arguments = (*arguments, "--config", "policies.json")
        status = main(["audit", *arguments], Path("pack"))
        said = capsys.readouterr()
        return status, said.out, said.err

    return audit


def document(out: str) -> Any:
    return json.loads(out)


@pytest.mark.parametrize(("stacks", "config", "status"), [
    ([right()], None, 0),
    ([right()], MANDATORY, 0),
    ([wrong()], None, 0),
    ([wrong()], {"all": "advisory"}, 0),
    ([wrong()], MANDATORY, 1),
    ([right(), wrong()], MANDATORY, 1),
    ([wrong()], {INTEGRATED: "remediate"}, 1),
    ([wrong()], {INTEGRATED: "disabled", EXIST: "mandatory"}, 0),
    ([wrong()], {**MANDATORY, INTEGRATED: {"exemptions": [{"trail": "trail", "reason": "Decided."}]}}, 0),
    ([wrong()], {**MANDATORY, INTEGRATED: {"exemptions": [{"trail": "trail", "reason": "Decided.", "until": "2020-01-01"}]}}, 1),
    ([wrong()], {"version": 2, "policies": MANDATORY, "exceptions": {"EXC-1": {
        "reason": "Accepted.", "match": [{"policies": [INTEGRATED], "targets": [WRONG_URN]}]}}}, 0),
    ([wrong()], {"version": 2, "policies": MANDATORY, "exceptions": {"EXC-1": {
        "reason": "Accepted.", "match": [{"policies": [INTEGRATED], "targets": [f"{WRONG_URN}-2"]}]}}}, 1),
    ([Stack("a/b")], {EXIST: {"enforcementLevel": "mandatory", "requireTrail": ["a/*"]}}, 1),
    ([Stack("a/b")], {EXIST: {"enforcementLevel": "advisory", "requireTrail": ["a/*"]}}, 0),
    ([Stack("b/b")], {EXIST: {"enforcementLevel": "mandatory", "requireTrail": ["a/*"]}}, 0),
    ([right()], {INTEGRATED: {"enforcementLevel": "mandatory", "exemptionz": []}}, 1),
    ([right()], {INTEGRATED: {"enforcementLevel": "advisory", "exemptionz": []}}, 0),
    ([right()], {"cloudtrail-role-can-delivr": "mandatory"}, 1),
    ([right()], {"environments": []}, 0),
    ([right()], "", 0),
])  # fmt: skip
def test_the_exit_status(stacks: list[Stack], config: Any, status: int, run: Run, tmp_path: Path) -> None:
    names = [str(each.write(tmp_path).path) for each in stacks]
    assert run(*names, config=config)[0] == status


@pytest.mark.parametrize(("config", "error"), [
    ({"all": "disabled"}, "policies.json disables all policies, so nothing would be checked."),
    ("{", "policies.json cannot be used. It is not JSON: line 1, column 2: Expecting property name enclosed in double quotes. check-config names all mistakes."),
    ("[]", 'policies.json cannot be used. It is not an object. It begins with { and names policies, such as {"all": "advisory"}. check-config names all mistakes.'),
    ({"all": "strict"}, 'policies.json cannot be used. The level of "all" must be advisory, mandatory, remediate or disabled. check-config names all mistakes.'),
    ({"version": 3}, "policies.json cannot be used. Version 3 is not supported. Use version 2. check-config names all mistakes."),
    ({"version": 2, "exceptions": {"a b": {}}}, "policies.json cannot be used. exceptions \"a b\": Its ID must have only letters, digits, '-', '.' and '_'. check-config names all mistakes."),
    ({"version": 2, "policies": []}, "policies.json cannot be used. policies must be an object that names policies. check-config names all mistakes."),
])  # fmt: skip
def test_a_configuration_that_pulumi_refuses(config: Any, error: str, run: Run, tmp_path: Path) -> None:
    assert run(str(right().write(tmp_path).path), config=config) == (2, "", f"{error}\n")


def test_mistakes_in_a_configuration_are_in_the_report(run: Run, tmp_path: Path) -> None:
    name = str(right().write(tmp_path).path)
    given = {"cloudtrail-role-can-delivr": "mandatory", INTEGRATED: {"exemptionz": []}}
    status, out, err = run(name, "--format", "json", config=given)
    evidence = document(out)
    assert (status, err.splitlines()) == (1, [f"policies.json: {each}" for each in evidence["mistakes"]])
    assert evidence["mistakes"] == [
        "cloudtrail-role-can-delivr: The pack has no policy of this name. Did you mean cloudtrail-role-can-deliver?",
        f'{INTEGRATED}: "exemptionz" is not a property of this policy (did you mean exemptions?).',
    ]


def test_what_the_head_says(run: Run, tmp_path: Path) -> None:
    evidence = document(run(str(right().write(tmp_path).path), "--format", "json", config=MANDATORY)[1])
    assert evidence["pack"] == "cloudtrail-cloudwatch-logs"
    assert evidence["configuration"] == "policies.json"
    assert (
        evidence["digest"] == "sha256:00a5ad1ab4bc0aa1e0f34cd2c0e0d1d62a8e7bbd3b5cf3bcf3a32c2ef98d6ab3"
        or len(evidence["digest"]) == 71
    )
    assert len(evidence["frameworks"]) == 24
    assert [each["name"] for each in evidence["policies"]] == [
        INTEGRATED,
        EXIST,
        "cloudtrail-role-can-deliver",
    ]
    assert evidence["remarks"] == ["cloudtrail-delivery-is-recent did not run: askAws is not true."]
    assert {each["level"] for each in evidence["policies"]} == {"mandatory"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_goes_to_stdout_or_a_file(name: str, run: Run, tmp_path: Path) -> None:
    path = str(wrong().write(tmp_path).path)
    status, out, err = run(path, "--format", name, config=MANDATORY)
    assert (status, err) == (1, "")
    assert "not-integrated" in out
    assert run(path, "--format", name, "--out", "a report", config=MANDATORY) == (1, "", "")
    assert "not-integrated" in Path("a report").read_text(encoding="utf-8")


def test_what_cannot_be_read_is_a_row_and_said(run: Run, tmp_path: Path) -> None:
    right().write(tmp_path)
    Path("broken.json").write_text("{")
    status, out, err = run(".", "missing", "--format", "json")
    assert (status, err) == (0, "2 sources could not be read: see the report.\n")
    assert document(out)["unread"] == [
        {"state": "missing", "reason": "It does not exist."},
        {"state": "broken.json", "reason": "It is not JSON: line 1, column 2."},
    ]


@pytest.mark.parametrize(("arguments", "error"), [
    ((), "Name states: files or folders, or --org NAME, or --stacks ORG/PROJECT/STACK.\n"),
    ((".",), "There are no states.\n"),
    (("missing",), "missing: It does not exist.\nThere are no states.\n"),
    (("broken",), "broken: It is not JSON: line 1, column 2.\nNo state could be read.\n"),
    (("state.json", "--config", "missing"), "missing cannot be read: No such file or directory.\n"),
    (("state.json", "--baseline", "missing"), "missing cannot be used: No such file or directory.\n"),
    (("state.json", "--baseline", "broken"), "broken cannot be the baseline. It is not JSON.\n"),
    (("state.json", "--baseline", "state.json"), "state.json cannot be the baseline. It is not what an audit wrote with the format json.\n"),
    (("state.json", "--profiles", "one"), "--profiles needs --ask-aws.\n"),
    (("state.json", "--out", "missing/report"), "missing/report cannot be used: No such file or directory.\n"),
    (("state.json", "--out", "/dev/full"), "/dev/full cannot be used: No space left on device.\n"),
    (("state.json", "--out", "state.json"), "state.json is one of the files that are read. Write the report to another one.\n"),
    ((".", "--out", "a link"), "a link is one of the files that are read. Write the report to another one.\n"),
    (("state.json", "--config", "broken", "--out", "broken"), "broken is one of the files that are read. Write the report to another one.\n"),
])  # fmt: skip
def test_where_it_cannot_run(arguments: tuple[str, ...], error: str, run: Run) -> None:
    Path("broken").write_text("{}" if "--config" in arguments else "{")
    if "state.json" in arguments or "a link" in arguments:
        Path("state.json").write_text(json.dumps(right().export()))
        Path("a link").symlink_to("state.json")
    assert run(*arguments) == (2, "", error)


def test_the_report_may_be_the_next_baseline(run: Run) -> None:
    Path("state.json").write_text(json.dumps(right().export()))
    for baseline in ((), ("--baseline", "report")):
        assert run("state.json", "--format", "json", "--out", "report", *baseline) == (0, "", "")


def test_a_signal_ends_it_as_an_exception_does(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("command_line.audit.audit", ended)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as raised:
        run(str(right().write(tmp_path).path))
    assert raised.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


def test_only_what_is_new_counts(run: Run, tmp_path: Path) -> None:
    stack = wrong()
    path = str(stack.write(tmp_path).path)
    assert run(path, "--format", "json", "--out", "before.json", config=MANDATORY)[0] == 1
    status, out, _ = run(path, "--format", "json", "--baseline", "before.json", config=MANDATORY)
    again = document(out)
    assert (status, again["gone"], again["totals"]["knownProblems"]) == (0, [], 1)
    stack.trail("second", log_group=None, role=None)
    stack.write(tmp_path)
    assert run(path, "--baseline", "before.json", config=MANDATORY)[0] == 1
    right_now = right()
    right_now.write(tmp_path)
    status, out, _ = run(
        str(tmp_path / "app.dev.json"), "--format", "json", "--baseline", "before.json", config=MANDATORY
    )
    assert status == 0
    prod = {"stack": "app/prod", "trail": "trail", "policy": INTEGRATED, "code": "not-integrated"}
    assert document(out)["gone"] == [{**prod, "isChecked": False}], "its stack is not in this audit"
    fixed = Stack("app/prod")
    fixed.write(tmp_path)
    status, out, _ = run(path, "--format", "json", "--baseline", "before.json", config=MANDATORY)
    assert status == 0
    assert document(out)["gone"] == [{**prod, "isChecked": True}]


def test_a_known_problem_beside_a_new_one_of_the_same_policy(run: Run, tmp_path: Path) -> None:
    stack = wrong()
    path = str(stack.write(tmp_path).path)
    run(path, "--format", "json", "--out", "before.json", config=MANDATORY)
    stack.resources[0]["inputs"]["enableLogging"] = stack.resources[0]["outputs"]["enableLogging"] = False
    stack.write(tmp_path)
    status, out, _ = run(path, "--format", "json", "--baseline", "before.json", config=MANDATORY)
    findings = document(out)["trails"][0]["answers"][0]["findings"]
    assert (status, {each["code"]: each["isKnown"] for each in findings}) == (
        1,
        {"not-integrated": True, "logging-disabled": False},
    )


def test_exemptions_that_match_nothing_or_end_soon(run: Run, tmp_path: Path) -> None:
    entries = [
        {"trail": "trail", "reason": "Used."},
        {"trail": "other", "reason": "Unused.", "project": "app", "codes": ["role-missing"]},
        {"trail": "old", "reason": "Ended.", "until": "2020-01-01"},
        {"trail": "later", "reason": "Later.", "until": "2999-01-01"},
    ]
    config = {INTEGRATED: {"exemptions": entries}}
    evidence = document(run(str(wrong().write(tmp_path).path), "--format", "json", config=config)[1])
    row = {"policy": INTEGRATED, "project": "*", "stack": "*", "codes": [], "until": ""}
    unused = {**row, "trail": "other", "reason": "Unused.", "project": "app", "codes": ["role-missing"]}
    assert evidence["unmatched"] == [unused, {**row, "trail": "later", "reason": "Later.", "until": "2999-01-01"}]
    assert evidence["ending"] == [{**row, "trail": "old", "reason": "Ended.", "until": "2020-01-01"}]
    assert evidence["trails"][0]["standing"] == "exempt"


def test_it_loads_no_sdk_of_aws_and_asks_nothing(run: Run, tmp_path: Path) -> None:
    name = str(right().write(tmp_path).path)
    config = {
        EXIST: {"externalTargets": "lookup"},
        "cloudtrail-delivery-is-recent": {"enforcementLevel": "mandatory", "askAws": True},
    }
    status, out, _ = run(name, "--format", "json", config=config)
    recent = document(out)["trails"][0]["answers"][3]
    assert (status, recent["standing"]) == (0, "cannotTell")
    assert recent["why"] == "AWS is only asked with --ask-aws"


def test_a_terminal_sees_a_bar_and_colours(tmp_path: Path) -> None:
    for number in range(3):
        stack = Stack(f"app/{number}")
        stack.trail(log_group=None, role=None)
        stack.write(tmp_path)
    command = [sys.executable, "-m", "command_line", "audit", str(tmp_path)]
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "90"}
    with subprocess.Popen(command, cwd=PACK, stdout=slave, stderr=slave, stdin=slave, env=environment) as process:
        os.close(slave)
        said = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # Linux says so at the end
                break
            if not part:
                break
            said += part
    os.close(master)
    assert process.returncode == 0
    assert b"Checking states [##############################] 3 of 3" in said
    assert b"\x1b[" in said.partition(b"STACK")[2]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AwsServices]:
    """An account with the trail of `right` and one that nobody declares, which the environment's credentials reach."""
    with running_aws_services(ACCOUNT) as running:
        key = running.add_access_key(ACCOUNT)
        running.add_trail(f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/trail")
        running.add_trail(f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/by-hand")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret)
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            monkeypatch.setenv(name, str(tmp_path / "no-file"))
        yield running
        assert running.unknown_requests == []


@pytest.mark.parametrize(("config", "status"), [(None, 0), (MANDATORY, 1), ({INTEGRATED: "disabled"}, 0)])
def test_trails_that_only_aws_has(config: Any, status: int, aws: AwsServices, run: Run, tmp_path: Path) -> None:
    ended, out, err = run(str(right().write(tmp_path).path), "--format", "json", "--ask-aws", config=config)
    evidence = document(out)
    assert (ended, err, evidence["asked"]) == (status, "", [ACCOUNT])
    assert [(row["stack"], row["name"], row["standing"]) for row in evidence["trails"]] == [
        ("app/dev", "trail", "right"),
        ("", "by-hand", "wrong"),
    ]


def test_an_account_that_does_not_answer_is_a_row(aws: AwsServices, run: Run, tmp_path: Path) -> None:
    name = str(right().write(tmp_path).path)
    ended, out, err = run(name, "--format", "json", "--ask-aws", "--profiles", "one two")
    assert err == "2 sources could not be read: see the report.\n"
    evidence = document(out)
    assert (ended, evidence["asked"], len(evidence["trails"])) == (0, [], 1)
    assert [each["state"] for each in evidence["unread"]] == [
        "the AWS account of profile one",
        "the AWS account of profile two",
    ]
    assert evidence["unread"][0]["reason"] == "Its trails cannot be listed: the AWS profile does not exist here."
    assert aws.requests == []


def test_settings_that_ask_aws_do_so_only_then(aws: AwsServices, run: Run, tmp_path: Path) -> None:
    name = str(right().write(tmp_path).path)
    config = {"cloudtrail-delivery-is-recent": {"enforcementLevel": "advisory", "askAws": True}}
    run(name, config=config)
    assert aws.requests == []
    run(name, "--ask-aws", config=config)
    assert "GetTrailStatus" in {each.operation for each in aws.requests}


def test_an_exception_that_covers_nothing_is_said(run: Run, tmp_path: Path) -> None:
    def exception(urn: str) -> Any:
        return {"reason": "Accepted.", "match": [{"policies": [INTEGRATED], "targets": [urn]}]}

    exceptions = {"EXC-1": exception(WRONG_URN), "EXC-2": exception(f"{WRONG_URN}-2")}
    config = {"version": 2, "exceptions": exceptions}
    evidence = document(run(str(wrong().write(tmp_path).path), "--format", "json", config=config)[1])
    assert evidence["remarks"][1:] == ['Exception "EXC-2" covers nothing here.']
