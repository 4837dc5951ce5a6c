"""Which language a program is in, and whether it is ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.engine import languages
from tools.engine.languages import ProgramError, installed_for, language_named, language_of
from tools.engine.nodejs import Node, NoNodeError
from tools.engine.pulumi_cli import GoToolchain, LanguageHost, PulumiCli

PROJECTS = [
    ("name: p\nruntime: nodejs\n", "typescript"),
    ("name: p\nruntime:\n  name: nodejs\n  options:\n    packagemanager: pnpm\n", "typescript"),
    ("name: p\nruntime: {name: yaml}\n", "yaml"),
    ("name: p\nruntime: python\n", "python"),
    ("name: p\nruntime: go\n", "go"),
    ("name: p\nruntime: dotnet\n", None),
    ("name: p\nruntime: [nodejs]\n", None),
    ("name: p\nruntime:\n  options: {}\n", None),
    ("name: nodejs\n", None),
    ("- runtime: nodejs\n", None),
    ("runtime: nodejs\n: {", None),
    ("", None),
]


@pytest.mark.parametrize(("project", "name"), PROJECTS)
def test_the_language_of_a_program(project: str, name: str | None, tmp_path: Path) -> None:
    assert language_of(tmp_path) is None
    (tmp_path / "Pulumi.yaml").write_text(project)
    assert language_of(tmp_path) == (language_named(name) if name else None)


def test_a_language_that_there_is_not() -> None:
    with pytest.raises(ProgramError, match=r"^LANGUAGE=cobol is not one of python, (\w+, )*typescript, yaml\.$"):
        language_named("cobol")


class TestAProgramInTypeScript:
    @pytest.mark.parametrize("above", [".", ".."])
    def test_that_is_installed(self, above: str, tmp_path: Path) -> None:
        program = tmp_path / "repository" / "program"
        installed = (program / above).resolve() / "node_modules"
        (installed / "@pulumi" / "pulumi").mkdir(parents=True)
        program.mkdir(exist_ok=True)
        assert installed_for(program, language_named("typescript")) == {"node_modules": installed}

    @pytest.mark.parametrize("there", ["src", "node_modules", "node_modules/@pulumi/aws"])
    def test_that_is_not(self, there: str, tmp_path: Path) -> None:
        (tmp_path / there).mkdir(parents=True)
        with pytest.raises(ProgramError) as failure:
            installed_for(tmp_path, language_named("typescript"))
        assert str(failure.value) == f"{tmp_path} is not ready to run: run `pulumi install` in it first."


class TestTheCommand:
    """Everything that it makes sure of is a fake here."""

    @pytest.fixture
    def made(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
        made: list[str] = []

        def host(host: LanguageHost, environment: Mapping[str, str]) -> Path:
            assert environment["PATH"].startswith(f"{tmp_path}:")
            made.append(host.command)
            return tmp_path

        def node(environment: Mapping[str, str]) -> Node:
            made.append("node")
            return Node(tmp_path, "v24")

        def packages() -> Path:
            made.append("packages")
            return tmp_path

        monkeypatch.setattr(languages, "ensure_pulumi_cli", lambda: PulumiCli("3.276.0", (tmp_path,)))
        monkeypatch.setattr(languages, "ensure_language_host", host)
        monkeypatch.setattr(languages, "ensure_node", node)
        monkeypatch.setattr(languages, "ensure_npm_packages", packages)
        monkeypatch.setattr(languages, "LANGUAGES", [language_named(name) for name in ("python", "typescript", "yaml")])
        return made

    def test_makes_sure_of_every_language(self, made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert languages.main() == 0
        assert made == ["pulumi-language-nodejs", "node", "packages", "pulumi-language-yaml"]
        assert capsys.readouterr() == ("", "")

    def test_says_what_is_missing(
        self, made: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def none(environment: Mapping[str, str]) -> Node:
            raise NoNodeError("There is no Node.")

        monkeypatch.setattr(languages, "ensure_node", none)
        assert languages.main() == 1
        assert capsys.readouterr() == ("", "There is no Node.\n")
        assert made == ["pulumi-language-nodejs"]


@pytest.mark.parametrize("on_path", [True, False])
def test_go_comes_after_the_cli_unless_it_is_on_path(
    on_path: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    go, cli = tmp_path / "go" / "bin" / "go", tmp_path / "cli"
    go.parent.mkdir(parents=True)
    go.write_text("")
    go.chmod(0o755)
    monkeypatch.setattr(languages, "ensure_language_host", lambda host, environment: cli)
    monkeypatch.setattr(languages, "ensure_go", lambda: GoToolchain(go, "go"))
    monkeypatch.setenv("PATH", str(go.parent) if on_path else str(tmp_path))
    assert language_named("go").folders([cli]) == [cli, cli, *([] if on_path else [go.parent])]


@pytest.mark.parametrize("name", ["go", "python", "yaml"])
def test_programs_that_say_so_themselves(name: str, tmp_path: Path) -> None:
    assert installed_for(tmp_path, language_named(name)) == {}
