"""What a provider's generated Python SDK says of its resource types, read from its source without importing it.

A resource's class passes its token to its base class (`super().__init__('aws:iam/role:Role', ...)`); each of its
properties is a getter (`@pulumi.getter(name="roleName")`) whose annotation is its type. The inputs are those of the
class of the same name with `Args`, or `InitArgs` where an object has that name. What is in an object is in the folder's
`_inputs.py` and `outputs.py`.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tools.quality.contract.sources import Sources, UnreadablePackageError

PROVIDER: Final = "pulumi:providers:"
_TOKEN: Final = re.compile(r"__init__\(\s*'([^':]+:[^':]+:[^':]+)'")
_SCALARS: Final = {"str": "string", "bool": "boolean", "int": "integer", "float": "number", "Any": "any"}
_WRAPPERS: Final = {"Input", "Output", "Optional", "InputType"}
_LISTS: Final = {"Sequence", "List"}
_OBJECT: Final = "object"


@dataclass(frozen=True)
class ResourceType:
    """The properties of a resource type, each with its kind, such as `string`, `list of object`, `any or string`.

    What is in an object, or in the objects of a list, has the path `inlinePolicies.name`.
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass(frozen=True)
class _Kind:
    """text: as in ResourceType. names: the classes of the objects in it."""

    text: str
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sdk:
    """A provider's SDK. Reads a folder's files when a type of it is asked for, and keeps what it found."""

    sources: Sources
    package: str
    _tokens: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _classes: dict[str, Mapping[str, ast.ClassDef]] = field(default_factory=dict)

    def tokens_like(self, token: str) -> Iterable[str]:
        """The tokens of the service that a token, or its beginning, names."""
        return self._tokens_in(self._folder_of(token))

    def resource_type(self, token: str) -> ResourceType | None:
        """The type of a token, `pulumi:providers:NAME` among them; None where there is none.

        Raises UnreadablePackageError where the type has no class of inputs.
        """
        if token.startswith(PROVIDER):
            return self._read(self.package, f"{self.package}/provider.py", "Provider")
        folder = self._folder_of(token)
        path = self._tokens_in(folder).get(token)
        if path is None:
            return None
        for name, definition in self._classes_in(path).items():
            if any(isinstance(node, ast.Constant) and node.value == token for node in ast.walk(definition)):
                return self._read(folder, path, name)
        raise UnreadablePackageError(f"{path} has no class for {token}")

    def _read(self, folder: str, path: str, name: str) -> ResourceType:
        classes = self._classes_in(path)
        inputs = classes.get(f"{name}InitArgs") or classes.get(f"{name}Args")
        if name not in classes or inputs is None:
            raise UnreadablePackageError(f"{path} has no class {name} with its inputs")
        return ResourceType(
            inputs=dict(self._properties(folder, inputs, "_inputs.py")),
            outputs=dict(self._properties(folder, classes[name], "outputs.py")),
        )

    def _properties(self, folder: str, definition: ast.ClassDef, file: str) -> Iterator[tuple[str, str]]:
        objects = self._classes_in(f"{folder}/{file}")
        enums = self._classes_in(f"{folder}/_enums.py")
        for name, annotation in _getters(definition):
            kind = _kind_of(annotation, enums)
            yield name, kind.text
            for each in sorted(kind.names & objects.keys()):
                for inner, inner_annotation in _getters(objects[each]):
                    yield f"{name}.{inner}", _kind_of(inner_annotation, enums).text

    def _folder_of(self, token: str) -> str:
        service = re.split("[/:]", token)[1]
        # A folder is a package of Python, which `lambda` cannot be.
        return f"{self.package}/{service}{'_' if keyword.iskeyword(service) else ''}"

    def _tokens_in(self, folder: str) -> Mapping[str, str]:
        """The tokens of a folder, each with its file."""
        if folder not in self._tokens:
            self._tokens[folder] = {
                token: path
                for path in self.sources.modules_in(folder)
                for token in _TOKEN.findall(self.sources.text(path))
            }
        return self._tokens[folder]

    def _classes_in(self, path: str) -> Mapping[str, ast.ClassDef]:
        if path not in self._classes:
            tree = ast.parse(self.sources.text(path)) if path in self.sources.paths else ast.Module([], [])
            self._classes[path] = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        return self._classes[path]


def _getters(definition: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """The properties of a class by their names in Pulumi, with their annotations."""
    for function in definition.body:
        if isinstance(function, ast.FunctionDef) and function.returns:
            for decorator in function.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                getter = call.func if call else decorator
                if isinstance(getter, ast.Attribute) and getter.attr == "getter":
                    named = [each.value for each in call.keywords if each.arg == "name"] if call else []
                    name = named[0].value if named and isinstance(named[0], ast.Constant) else function.name
                    yield str(name), function.returns


def _kind_of(node: ast.expr, enums: Mapping[str, ast.ClassDef]) -> _Kind:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _kind_of(ast.parse(node.value, mode="eval").body, enums)
    if isinstance(node, ast.Subscript):
        head, inside = _last_name(node.value), node.slice
        parts = [_kind_of(each, enums) for each in (inside.elts if isinstance(inside, ast.Tuple) else [inside])]
        if head in _WRAPPERS:
            return parts[0]
        if head in _LISTS:
            return _Kind(f"list of {parts[0].text}", parts[0].names)
        if head == "Union":
            texts = sorted({part.text for part in parts})
            return _Kind(" or ".join(texts), frozenset().union(*(part.names for part in parts)))
        return _Kind(f"map of {parts[-1].text}", parts[-1].names)
    name = _last_name(node)
    if name in _SCALARS:
        return _Kind(_SCALARS[name])
    return _Kind("string") if name in enums else _Kind(_OBJECT, frozenset({name}))


def _last_name(node: ast.expr) -> str:
    return (
        node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ast.unparse(node)
    )
