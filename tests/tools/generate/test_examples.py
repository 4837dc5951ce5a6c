"""How the docs show an example."""

from pathlib import Path

import pytest

from tools.generate import examples

FILES = {
    "typescript/index.ts": "const first = 1;\n",
    "python/__main__.py": "first = 1\n",
    "yaml/Pulumi.yaml": "name: first\n",
    "go/main.go": "package main\n",
}
PROGRAMS = """<details>
<summary>TypeScript</summary>

```typescript
const first = 1;
```

</details>

<details>
<summary>Python</summary>

```python
first = 1
```

</details>

"""
YAML = "[YAML](../examples/first/yaml/Pulumi.yaml)"
GO = "[Go](../examples/first/go/main.go) (with SDK v6 of pulumi-aws)"


def shown(place: Path, absent: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, text in FILES.items():
        if name != absent:
            (place / "first" / name).parent.mkdir(parents=True)
            (place / "first" / name).write_text(text)
    monkeypatch.setattr(examples, "EXAMPLES", place)
    return "\n".join(examples.shown("first"))


@pytest.mark.parametrize(("absent", "links"), [("", f"{YAML} and {GO}"), ("go/main.go", YAML)])
def test_programs_are_folded_and_others_linked(
    absent: str, links: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(tmp_path, absent, monkeypatch) == f"{PROGRAMS}Also in {links}.\n"


@pytest.mark.parametrize("absent", ["typescript/index.ts", "python/__main__.py"])
def test_a_program_that_is_absent(absent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        shown(tmp_path, absent, monkeypatch)
