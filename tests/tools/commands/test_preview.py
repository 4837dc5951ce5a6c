"""`make preview`: how it sums up what the examples showed. The CLI here is a fake one that prints what a test says."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tools.commands import preview
from tools.commands.examples import EXAMPLES
from tools.commands.preview import Outcome, Preview, main, stated_reports, summary
from tools.engine import languages, progress
from tools.engine.isolated_pulumi import Finished
from tools.engine.languages import LANGUAGES
from tools.engine.nodejs import Node, NoNodeError
from tools.engine.pulumi_cli import YAML, LanguageHost, NoPulumiCliError, PulumiCli

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
CODES = {
    "bare-arn": [],
    "created-not-wired": ["log-group-unused", "not-integrated"],
    "external-targets": ["log-group-not-in-stack", "role-not-in-stack"],
    "integrated": [],
    "integrated-by-reading": [],
    "log-group-only": ["role-missing"],
    "not-integrated": ["not-integrated"],
    "organization-trail": ["role-permission-missing"],
    "permissions-boundary": ["role-permission-missing"],
    "policy-without-streams": [],
    "put-events-only": ["role-permission-missing"],
    "wrong-region": ["region-mismatch"],
    "wrong-trust": ["role-trust-missing"],
}
README = f"""# Nothing configured

What the pack says, in `pulumi preview` and in `pulumi up`:

```text
{INTEGRATED}: [not-integrated] Neither: nor.
{INTEGRATED}: [logging-disabled] It is off.
```
"""
ONLY_IN_UP = f"""# A role

What the pack says in the first `pulumi preview`: nothing.

What it says in `pulumi up`:

```text
{INTEGRATED}: [role-missing] It is not set.
```
"""
BEFORE = """Previewing update (dev):
    + pulumi:pulumi:Stack examples-dev create
    [not-integrated] A line of the program.
"""
AFTER = """
Resources:
    + 2 to create
    [role-missing] A line of the program.
"""


def printed(lines: list[str], colour: bool = False) -> str:
    """What the CLI prints about a program with these lines of reports, in two reports."""
    start, end = ("\x1b[38;5;11m", "\x1b[0m") if colour else ("", "")
    said = [f"{BEFORE}{start}Policies:{end}", f"    {'⚠️' if lines else '✅'} {start}cloudtrail@v1{end} (local: pack)"]
    for line in lines:
        said.append(f"        - {start}[advisory] [severity: low]  {INTEGRATED}{end}  (aws:cloudtrail:Trail: audit)")
        said += ["          CloudTrail trails must send their events to CloudWatch Logs.", f"          {line}{end}"]
    return "\n".join(said) + f"\n{AFTER}"


def finished(stdout: str, status: int = 0) -> Finished:
    return Finished(("pulumi", "preview"), status, stdout, "", 1.0)


def previewed(folder: Path, readme: str, run: Finished, name: str = "example") -> Preview:
    (folder / name).mkdir()
    (folder / name / "README.md").write_text(readme)
    return Preview(folder / name, run)


STATED = ["[logging-disabled] It is off.", "[not-integrated] Neither: nor."]
OUTCOMES: list[tuple[str, Finished, Outcome]] = [
    (README, finished(printed(STATED)), Outcome.REPORTED),
    (README, finished(printed(STATED[::-1], colour=True)), Outcome.REPORTED),
    (README, finished(printed(STATED[:1])), Outcome.UNEXPECTED),
    (README, finished(printed([*STATED, "[role-missing] It is not set."])), Outcome.UNEXPECTED),
    (README, finished(printed([*STATED, STATED[0]])), Outcome.UNEXPECTED),
    (README, finished(printed([STATED[0], "[not-integrated] Another wording."])), Outcome.UNEXPECTED),
    (README, finished(printed([])), Outcome.UNEXPECTED),
    (README, finished(printed(STATED), status=1), Outcome.FAILED),
    (README, finished(BEFORE), Outcome.FAILED),
    (ONLY_IN_UP, finished(printed([])), Outcome.SILENT),
    (ONLY_IN_UP, finished(printed([], colour=True)), Outcome.SILENT),
    (ONLY_IN_UP, finished(printed(["[role-missing] It is not set."])), Outcome.UNEXPECTED),
    (ONLY_IN_UP, finished(BEFORE), Outcome.FAILED),
]


@pytest.mark.parametrize(("readme", "run", "outcome"), OUTCOMES, ids=range(len(OUTCOMES)))
def test_how_a_preview_went(readme: str, run: Finished, outcome: Outcome, tmp_path: Path) -> None:
    assert previewed(tmp_path, readme, run).outcome is outcome


def test_the_line_that_sums_up(tmp_path: Path) -> None:
    right = [
        previewed(tmp_path, ONLY_IN_UP, finished(printed([])), "a"),
        previewed(tmp_path, README, finished(printed(STATED)), "b"),
        previewed(tmp_path, README, finished(printed(STATED)), "c"),
    ]
    assert summary(right) == "3 examples: 1 without a report, 2 with the reports that their READMEs name."
    wrong = [
        previewed(tmp_path, README, finished(printed([])), "d"),
        previewed(tmp_path, ONLY_IN_UP, finished(printed(STATED)), "e"),
        previewed(tmp_path, README, finished("", 1), "f"),
    ]
    assert summary([*right, *wrong]) == (
        "6 examples: 1 without a report, 2 with the reports that their READMEs name,"
        " 2 whose reports are not those of their READMEs (d, e), 1 that could not be checked (f)."
    )


def test_what_the_examples_say_that_a_preview_reports() -> None:
    stated = {path.parent.name: stated_reports(path.read_text()) for path in EXAMPLES.glob("*/README.md")}
    assert {name: [line.split("]")[0].lstrip("[") for line in lines] for name, lines in stated.items()} == CODES


class TestTheCommand:
    """With a fake CLI in place of the real one, which prints a file about each example."""

    @pytest.fixture
    def said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The folder of those files: at first what the READMEs say."""
        said, bin_folder = tmp_path / "said", tmp_path / "bin"
        said.mkdir()
        bin_folder.mkdir()
        for name in CODES:
            (said / name).write_text(printed(stated_reports((EXAMPLES / name / "README.md").read_text())))
        (bin_folder / "pulumi").write_text(
            '#!/bin/sh\ncase "$*" in *"stack init"*) : > Pulumi.dev.yaml ;;\n'
            f'*) test -e Pulumi.dev.yaml && cat "{said}/${{PWD##*/}}" ;; esac\n'
        )
        (bin_folder / "pulumi").chmod(0o755)

        def ensured(download: bool) -> PulumiCli:
            assert download
            return PulumiCli("3.276.0", (bin_folder,))

        def no_provider(launcher: Path) -> AbstractContextManager[Mapping[str, str]]:
            return nullcontext({})

        monkeypatch.setattr(preview, "ensure_pulumi_cli", ensured)
        monkeypatch.setattr(preview, "running_stand_in", no_provider)
        monkeypatch.setattr(progress, "SILENT_SECONDS", 600.0)
        return said

    @pytest.mark.usefixtures("said")
    def test_ends_with_what_the_examples_showed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        assert shown.out.startswith("examples/bare-arn: A log group's ARN without :*\nPolicies:\n")
        in_up = "    Reported in `pulumi up`, once the values are known: see examples/"
        lines = [line.removeprefix(in_up) for line in shown.out.split("\n") if line.startswith(in_up)]
        assert lines == ["bare-arn/README.md", "policy-without-streams/README.md"]
        assert shown.out.endswith(
            "\nThis was the real engine with a stand-in for the AWS provider. Your own program: make preview PROGRAM=DIR\n"
            "13 examples: 4 without a report, 9 with the reports that their READMEs name.\n"
        )

    def test_names_the_example_that_says_something_else(self, said: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (said / "not-integrated").write_text(printed([]))
        assert main([]) == 1
        assert capsys.readouterr().out.endswith(
            "\n13 examples: 4 without a report, 8 with the reports that their READMEs name,"
            " 1 whose reports are not those of their READMEs (not-integrated).\n"
        )

    def test_names_the_example_whose_preview_fails(self, said: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (said / "integrated").unlink()
        assert main([]) == 1
        assert capsys.readouterr().out.endswith(
            "\n13 examples: 3 without a report, 9 with the reports that their READMEs name,"
            " 1 that could not be checked (integrated).\n"
        )

    def test_checks_a_program_of_ones_own(self, said: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "Pulumi.yaml").write_text("name: mine\n")
        (said / "program").write_text(printed(STATED))
        assert main([str(tmp_path / "mine")]) == 0
        assert capsys.readouterr().out == f"{printed(STATED).strip()}\n"

    @pytest.mark.usefixtures("said")
    def test_checks_the_examples_in_another_language(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked: list[LanguageHost] = []

        def host(host: LanguageHost, environment: Mapping[str, str]) -> Path:
            assert environment["PATH"].startswith(f"{tmp_path / 'bin'}:")
            asked.append(host)
            return tmp_path

        monkeypatch.setattr(languages, "ensure_language_host", host)
        assert main(["--language", "yaml"]) == 0
        assert asked == [YAML]
        assert capsys.readouterr().out.endswith(
            "\n13 examples: 4 without a report, 9 with the reports that their READMEs name.\n"
        )

    def test_names_the_languages_that_there_are(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--language", "cobol"]) == 1
        names = ", ".join(language.name for language in LANGUAGES)
        assert capsys.readouterr() == ("", f"LANGUAGE=cobol is not one of {names}.\n")

    @pytest.mark.usefixtures("said")
    def test_says_what_to_do_with_a_program_that_is_not_ready(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        program = tmp_path / "mine"
        program.mkdir()
        (program / "Pulumi.yaml").write_text("name: mine\nruntime: nodejs\n")
        assert main([str(program)]) == 1
        assert capsys.readouterr() == ("", f"{program} is not ready to run: run `pulumi install` in it first.\n")
        assert [entry.name for entry in program.iterdir()] == ["Pulumi.yaml"]

    @pytest.mark.usefixtures("said")
    def test_says_when_there_is_no_node(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        program = tmp_path / "mine"
        (program / "node_modules" / "@pulumi" / "pulumi").mkdir(parents=True)
        (program / "Pulumi.yaml").write_text("name: mine\nruntime: nodejs\n")

        def host(host: LanguageHost, environment: Mapping[str, str]) -> Path:
            return tmp_path

        def none(environment: Mapping[str, str]) -> Node:
            raise NoNodeError("There is no Node.")

        monkeypatch.setattr(languages, "ensure_language_host", host)
        monkeypatch.setattr(languages, "ensure_node", none)
        assert main([str(program)]) == 1
        assert capsys.readouterr() == ("", "There is no Node.\n")

    def test_without_a_cli(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        def none(download: bool) -> PulumiCli:
            raise NoPulumiCliError("There is none.")

        monkeypatch.setattr(preview, "ensure_pulumi_cli", none)
        assert main([]) == 1
        assert capsys.readouterr() == ("", "There is none.\n")
