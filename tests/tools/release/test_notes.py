"""The notes of a release: the changelog's section of a version, with links that work elsewhere."""

import re

import pytest
from markdown_it import MarkdownIt

from tests.analyzers import PACK
from tools.commands.publish import version_of
from tools.release.notes import NoNotesError, main, notes, version_in

REPOSITORY = "https://git.acme.example/policy/pack"
PAGE = f"{REPOSITORY}/blob/v1.2.0/CHANGELOG.md"
CHANGELOG = """# Changelog

What users notice.

## 1.10.0

Later.

## 1.2.0 (2026-11-29)

- A line that
  goes on, with **bold**.

### What may newly fail

- More: `code`.

## 1.1.0

## 1-0.0

Another name.

## 1.0.0
- The first.
"""
VERSIONS = re.findall(r"^## (\S+)", (PACK / "CHANGELOG.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize(("version", "expected"), [
    ("1.10.0", "Later.\n"),
    ("1.2.0", "- A line that\n  goes on, with **bold**.\n\n### What may newly fail\n\n- More: `code`.\n"),
    ("1.0.0", "- The first.\n"),
])  # fmt: skip
def test_the_section_of_a_version(version: str, expected: str) -> None:
    assert notes(CHANGELOG, version, PAGE) == expected


@pytest.mark.parametrize("version", ["1.1.0", "1.1", "1.20", "0.2.0", "1.2.0-rc.1", ""])
def test_a_version_without_a_text(version: str) -> None:
    with pytest.raises(NoNotesError) as raised:
        notes(CHANGELOG, version, PAGE)
    assert str(raised.value) == f"CHANGELOG.md says nothing about {version}."


@pytest.mark.parametrize(("text", "expected"), [
    ("[a](docs/a.md)", f"[a]({REPOSITORY}/blob/v1.2.0/docs/a.md)"),
    ("[a](docs/a.md#b-c), [d](e)", f"[a]({REPOSITORY}/blob/v1.2.0/docs/a.md#b-c), [d]({REPOSITORY}/blob/v1.2.0/e)"),
    ("[a](#100)", f"[a]({PAGE}#100)"),
    ("[`a`\nb](../../issues/1)", f"[`a`\nb]({REPOSITORY}/issues/1)"),
    ("[a](https://acme.example/b.md#c)", "[a](https://acme.example/b.md#c)"),
    ("[a](mailto:someone@acme.example)", "[a](mailto:someone@acme.example)"),
    ("`[a](docs/a.md)` (docs/a.md) [a] (b)", "`[a](docs/a.md)` (docs/a.md) [a] (b)"),
])  # fmt: skip
def test_links_lead_to_the_files_of_the_tag(text: str, expected: str) -> None:
    assert notes(f"## 1.2.0\n\n{text}\n", "1.2.0", PAGE) == f"{expected}\n"


def links_of(text: str) -> list[str]:
    inline = [child for token in MarkdownIt().parse(text) for child in token.children or []]
    return [str(child.attrs["href"]) for child in inline if child.type == "link_open"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_real_changelog(version: str) -> None:
    """The texts are its own, and each link leads to a file of the repository."""
    whole = (PACK / "CHANGELOG.md").read_text()
    files = f"{REPOSITORY}/blob/v{version}/"
    made = notes(whole, version, f"{files}CHANGELOG.md")
    assert f"## {version}\n\n{made}".replace(files, "") in whole
    assert "\n## " not in made
    found = links_of(made)
    assert {link for link in found if not link.startswith(files)} == set()
    assert [link for link in found if not (PACK / link[len(files) :].partition("#")[0]).is_file()] == []


def test_the_real_changelog_has_links() -> None:
    assert {version for version in VERSIONS if links_of(notes((PACK / "CHANGELOG.md").read_text(), version, PAGE))}


def test_the_tag_is_the_version() -> None:
    assert version_in("v1.2.0", "1.2.0") == "1.2.0"


@pytest.mark.parametrize("tag", ["1.2.0", "v1.2", "v1.2.00", "v1.3.0", "V1.2.0", "v1.2.0-rc.1"])
def test_another_tag(tag: str) -> None:
    with pytest.raises(NoNotesError) as raised:
        version_in(tag, "1.2.0")
    assert str(raised.value) == f"The tag is {tag}, but PulumiPolicy.yaml says version 1.2.0, whose tag is v1.2.0."


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    """As the workflow runs it."""
    version = version_of()
    assert main([f"v{version}", REPOSITORY]) == 0
    page = f"{REPOSITORY}/blob/v{version}/CHANGELOG.md"
    assert capsys.readouterr().out == notes((PACK / "CHANGELOG.md").read_text(), version, page)
    assert main(["v0.0.1", REPOSITORY]) == 1
    said = f"The tag is v0.0.1, but PulumiPolicy.yaml says version {version}, whose tag is v{version}.\n"
    assert capsys.readouterr() == ("", said)
