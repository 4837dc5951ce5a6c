"""`make preview`: the real engine judges programs with the pack, without an AWS account, a login or a cloud.

Without a folder the programs are those in examples/, in one language, and a stand-in takes the place of the AWS
provider. With a folder it is that program, with its own provider and the user's AWS settings. Either way the state is a
temporary one.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tools.commands.examples import EXAMPLES, stated_in
from tools.engine.isolated_pulumi import Finished, IsolatedPulumi, PulumiTimeoutError, isolated_pulumi, stage_program
from tools.engine.languages import Language, ProgramError, installed_for, language_named, language_of
from tools.engine.nodejs import NoNodeError
from tools.engine.progress import progress
from tools.engine.pulumi_cli import NoPulumiCliError, ensure_pulumi_cli
from tools.fakes.aws_provider.launcher import VERSION, VERSION_VARIABLE, write_launcher

PACK = Path(__file__).resolve().parents[2]
EXAMPLE_SECONDS = 120.0
# The CLI's section of policies ends where its next one begins; with colours, their titles begin with an escape code.
_POLICIES = re.compile(r"^\S*Policies:.*?(?=^\S*(?:Diagnostics|Resources|Outputs):|\Z)", re.DOTALL | re.MULTILINE)
# A line of a report.
_REPORT = re.compile(r"^ +(\[[a-z-]+\] .*?) *$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PROGRAM_SECONDS = 1800.0  # a program of a user's own may install a provider and ask AWS for a lot
NO_POLICY = "No policy ran."


class Outcome(Enum):
    """How the preview of an example went, in the words of the line that sums them up."""

    SILENT = "without a report"
    REPORTED = "with the reports that their READMEs name"
    UNEXPECTED = "whose reports are not those of their READMEs"
    FAILED = "that could not be checked"


@dataclass(frozen=True)
class Preview:
    """How the preview of an example went."""

    example: Path
    """Its folder: a README, and a program in each language."""
    finished: Finished

    @property
    def verdicts(self) -> str:
        """The policies' part of what the CLI printed; all that it printed where the preview failed."""
        if self.finished.exit_status:
            return f"{self.finished.stdout}{self.finished.stderr}".strip()
        section = _POLICIES.search(self.finished.stdout)
        return section.group().rstrip() if section else NO_POLICY

    @property
    def reports(self) -> list[str]:
        """The lines of the pack's reports, each from its code on, in alphabetical order."""
        return sorted(_REPORT.findall(_COLOUR.sub("", self.verdicts)))

    @property
    def readme(self) -> str:
        """What stands beside the programs."""
        return (self.example / "README.md").read_text(encoding="utf-8")

    @property
    def outcome(self) -> Outcome:
        """What to say about it where there are many."""
        if self.finished.exit_status or self.verdicts == NO_POLICY:
            return Outcome.FAILED
        if self.reports != stated_reports(self.readme):
            return Outcome.UNEXPECTED
        return Outcome.REPORTED if self.reports else Outcome.SILENT


def stated_reports(readme: str) -> list[str]:
    """The lines of reports that a README names for a preview, each from its code on, in alphabetical order."""
    return sorted(line.split(": ", 1)[1] for line in stated_in(readme).get("preview", []))


def summary(previews: Sequence[Preview]) -> str:
    """One line about all examples. It names those that are not as their READMEs say."""
    parts = []
    for outcome in Outcome:
        names = [each.example.name for each in previews if each.outcome is outcome]
        if outcome in (Outcome.SILENT, Outcome.REPORTED):
            parts.append(f"{len(names)} {outcome.value}")
        elif names:
            parts.append(f"{len(names)} {outcome.value} ({', '.join(names)})")
    return f"{len(previews)} examples: {', '.join(parts)}."


@contextmanager
def running_stand_in(launcher: Path, version: str = VERSION) -> Iterator[dict[str, str]]:
    """Runs one stand-in for the AWS provider, and answers the variables with which any number of CLIs use it."""
    variables = {**os.environ, VERSION_VARIABLE: version}
    with subprocess.Popen(
        [launcher], env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as provider:
        try:
            assert provider.stdout
            yield {"PULUMI_DEBUG_PROVIDERS": f"aws:{provider.stdout.readline().strip()}"}
        finally:
            provider.kill()


def preview(
    pulumi: IsolatedPulumi, program: Path, stack: str, seconds: float, extra: Mapping[str, str] | None = None
) -> Finished:
    """Previews a program with the pack, in a stack that exists. extra: further variables."""
    return pulumi.run(["preview", "--stack", stack, "--policy-pack", str(PACK)], program, seconds, extra)


def stage_examples(programs: Sequence[Path], place: Path, linked: Mapping[str, Path]) -> list[Path]:
    """Copies the examples as programs of one project: then they share one stack, which a preview leaves as it is."""
    staged = [stage_program(program, place / program.parent.name, linked) for program in programs]
    for program in staged:
        project = program / "Pulumi.yaml"
        text = project.read_text(encoding="utf-8")
        project.write_text(re.sub("^name: .*", "name: examples", text, flags=re.MULTILINE), encoding="utf-8")
    return staged


@dataclass(frozen=True)
class ReadyExamples:
    """The examples in one language, ready to run."""

    pulumi: IsolatedPulumi
    programs: Sequence[Path]
    """Their copies, each in a folder with the name of its example."""
    variables: Mapping[str, str]
    """What they are run with."""

    def each(self, run: Callable[[Path], Finished], done: str) -> list[Finished]:
        """Runs something for each of them, several at a time. done: what they are then, such as "checked"."""
        finished: list[Finished] = []
        how_far = f"of {len(self.programs)} examples are {done} so far, after"
        with (
            ThreadPoolExecutor(os.cpu_count()) as threads,
            progress(lambda seconds: f"{len(finished)} {how_far} {seconds} seconds."),
        ):
            finished.extend(threads.map(run, self.programs))
        return finished


@contextmanager
def ready_examples(language: Language, colour: bool) -> Iterator[ReadyExamples]:
    """Copies the examples in a language, and runs the stand-in for their provider."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        folders = language.folders(ensure_pulumi_cli(download=True).folders)
        provided = language.provided(place / "cache")
        pulumi = isolated_pulumi(place / "home", folders, colour)
        staged = stage_examples(sorted(EXAMPLES.glob(f"*/{language.name}")), place, provided.linked)
        launcher = write_launcher(place / "bin", Path(sys.executable))
        with running_stand_in(launcher) as provider:
            yield ReadyExamples(pulumi, staged, {**provider, **provided.variables})


def preview_examples(language: Language, colour: bool) -> bool:
    """Prints what the pack says about each example in a language. Answers whether that is what their READMEs say."""
    with ready_examples(language, colour) as ready:
        first, *others = ready.programs
        ready.pulumi.run(["stack", "init", "dev"], first, EXAMPLE_SECONDS)
        for program in others:
            shutil.copy(first / "Pulumi.dev.yaml", program)
        finished = ready.each(
            lambda program: preview(ready.pulumi, program, "dev", EXAMPLE_SECONDS, ready.variables), "checked"
        )
        previews = [
            Preview(EXAMPLES / program.name, each) for program, each in zip(ready.programs, finished, strict=True)
        ]
    for shown in previews:
        title = shown.readme.split("\n", 1)[0].lstrip("# ")
        print(f"examples/{shown.example.name}: {title}\n{shown.verdicts}")
        if shown.outcome is Outcome.SILENT and stated_in(shown.readme).get("up"):
            print(
                f"    Reported in `pulumi up`, once the values are known: see examples/{shown.example.name}/README.md"
            )
        print()
    print("This was the real engine with a stand-in for the AWS provider. Your own program: make preview PROGRAM=DIR")
    print(summary(previews))
    return all(each.outcome in (Outcome.SILENT, Outcome.REPORTED) for each in previews)


def preview_program(program: Path, stack: str, colour: bool) -> bool:
    """Prints what the CLI says about a program of the user's own. Answers whether the preview ran."""
    language = language_of(program)
    linked = installed_for(program.resolve(), language) if language else {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        staged = stage_program(program.resolve(), place / "program", linked)
        cli = ensure_pulumi_cli(download=True).folders
        folders = language.folders(cli) if language else cli
        pulumi = isolated_pulumi(place / "home", folders, colour, keep_prefixes=["AWS_"])
        may_download = {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "false"}
        with progress(lambda seconds: f"Checking {program} has taken {seconds} seconds so far."):
            made = pulumi.run(["stack", "init", stack], staged, PROGRAM_SECONDS)
            finished = made if made.exit_status else preview(pulumi, staged, stack, PROGRAM_SECONDS, may_download)
    # What is wrong with the copy is to be fixed in the program.
    print(f"{finished.stdout}{finished.stderr}".strip().replace(str(staged), str(program)))
    return finished.exit_status == 0


def main(arguments: Sequence[str]) -> int:
    """Runs the command; 0 when every preview ran, and those of the examples say what their READMEs say."""
    parser = argparse.ArgumentParser(prog="make preview", description=__doc__)
    parser.add_argument("program", nargs="?", type=Path)
    parser.add_argument("--language", default="python", help="the language of the examples, by default Python")
    parser.add_argument("--stack", default="dev", help="the stack whose Pulumi.STACK.yaml holds the configuration")
    chosen = parser.parse_args(arguments)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    try:
        if chosen.program:
            return 0 if preview_program(chosen.program, chosen.stack, colour) else 1
        return 0 if preview_examples(language_named(chosen.language), colour) else 1
    except (NoPulumiCliError, NoNodeError, ProgramError, PulumiTimeoutError, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
