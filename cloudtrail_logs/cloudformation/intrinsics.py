"""What the intrinsic functions of a template give: a value, UNKNOWN where that is open, ABSENT for AWS::NoValue.

Source: CloudFormation template reference, "Intrinsic function reference", "Pseudo parameters reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ..model.sample_place import SAMPLE_PLACE
from ..model.value import ABSENT, UNKNOWN, Truth, Unset, all_of, any_of

NO_VALUE: Final = "AWS::NoValue"
_DYNAMIC: Final = "{{resolve:"  # a reference to a parameter of Systems Manager, or to a secret
_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}$]*)\}")
_LONGEST: Final = 100_000  # characters of a string that is joined: many references to a long one could make any length


class Intrinsics:
    """The functions of one template, with the values of its parameters."""

    def __init__(
        self,
        values: Mapping[str, Any],
        mappings: Mapping[str, Any],
        conditions: Mapping[str, Any],
        attribute: Callable[[str, str], Any],
        known_conditions: Mapping[str, Truth] = MappingProxyType({}),
    ) -> None:
        """values: of parameters and pseudo parameters. attribute: of a resource; "" stands for what a Ref gives.

        attribute answers ABSENT where the template has no such resource. known_conditions: what is known already of
        conditions, whatever the values say.
        """
        self._values = values
        self._mappings = mappings
        self._conditions = conditions
        self._attribute = attribute
        self._known_conditions = dict(known_conditions)
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
        }

    def resolve(self, node: Any) -> Any:
        """The value of a part of the template, at any depth."""
        if isinstance(node, str):
            return UNKNOWN if _DYNAMIC in node else node
        if isinstance(node, Mapping):
            if name := _function(node):
                value = self._functions[name](node[name]) if name in self._functions else UNKNOWN
                # A parameter or a mapping may hold such a reference, and a function may join one.
                return UNKNOWN if isinstance(value, str) and _DYNAMIC in value else value
            return {str(key): value for key in node if (value := self.resolve(node[key])) is not ABSENT}
        if isinstance(node, Sequence):
            return [value for each in node if (value := self.resolve(each)) is not ABSENT]
        return node

    def condition(self, name: object) -> Truth:
        """Whether a condition of the template holds; maybe, where that depends on what is not known."""
        if not isinstance(name, str) or name not in self._conditions:
            return Truth.MAYBE
        if name not in self._known_conditions:
            self._known_conditions[name] = Truth.MAYBE  # for one that needs itself
            self._known_conditions[name] = self._truth(self._conditions[name])
        return self._known_conditions[name]

    def references(self, node: Any) -> Iterator[str]:
        """What the value of a part of the template is made of: resources and parameters, by name; "" for an import."""
        if isinstance(node, Mapping):
            name = _function(node)
            value = node[name] if name else None
            if name == "Ref":
                yield str(value)
            elif name == "Fn::GetAtt":
                yield _parts_of_attribute(value)[0]
            elif name == "Fn::ImportValue":
                yield ""
            elif name == "Fn::If":
                yield from self._references_of_branches(value)
            else:
                if name == "Fn::Sub":
                    text, variables = _parts_of_sub(value)
                    yield from (each.partition(".")[0] for each in _names(text) if each not in variables)
                for each in node.values():
                    yield from self.references(each)
        elif isinstance(node, Sequence) and not isinstance(node, str):
            for each in node:
                yield from self.references(each)

    def has_open_branch(self, node: Any) -> bool:
        """Whether a part of the template has an Fn::If whose condition is not known."""
        if isinstance(node, Mapping):
            value = node["Fn::If"] if _function(node) == "Fn::If" else None
            if isinstance(value, list) and value and self.condition(value[0]) is Truth.MAYBE:
                return True
            return any(map(self.has_open_branch, node.values()))
        return isinstance(node, list) and any(map(self.has_open_branch, node))

    def _references_of_branches(self, value: Any) -> Iterator[str]:
        if isinstance(value, list) and len(value) == 3:
            truth = self.condition(value[0])
            if truth is not Truth.NO:
                yield from self.references(value[1])
            if truth is not Truth.YES:
                yield from self.references(value[2])

    def _truth(self, node: Any) -> Truth:
        if not isinstance(node, Mapping) or len(node) != 1:
            return Truth.MAYBE
        ((name, value),) = node.items()
        if name == "Condition":
            return self.condition(value)
        if not isinstance(value, list):
            return Truth.MAYBE
        if name == "Fn::Equals" and len(value) == 2:
            return self._equal(*value)
        if name == "Fn::Not" and len(value) == 1:
            return ~self._truth(value[0])
        if name in ("Fn::And", "Fn::Or"):
            return (all_of if name == "Fn::And" else any_of)([self._truth(each) for each in value])
        return Truth.MAYBE

    def _equal(self, one: Any, other: Any) -> Truth:
        left, right = as_text(self.resolve(one)), as_text(self.resolve(other))
        if not isinstance(left, str) or not isinstance(right, str):
            return Truth.MAYBE
        return Truth.YES if left == right else Truth.NO

    def _ref(self, name: Any) -> Any:
        if name == NO_VALUE:
            return ABSENT
        if not isinstance(name, str):
            return UNKNOWN
        return self._values[name] if name in self._values else _known(self._attribute(name, ""))

    def _get_att(self, value: Any) -> Any:
        name, attribute = _parts_of_attribute(value)
        return _known(self._attribute(name, attribute)) if attribute else UNKNOWN

    def _sub(self, value: Any) -> Any:
        text, variables = _parts_of_sub(value)
        if not isinstance(text, str) or _DYNAMIC in text:
            return UNKNOWN
        pieces: list[Any] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            pieces.append(text[end : found.start()])
            end = found.end()
            literal, name = found.groups()
            if literal:
                pieces.append(f"${{{name}}}")
            elif name.strip() in variables:
                pieces.append(self.resolve(variables[name.strip()]))
            else:
                pieces.append(self._get_att(name.strip()) if "." in name else self._ref(name.strip()))
        return _joined((*pieces, text[end:]), "")

    def _join(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str):
            return UNKNOWN
        pieces = self.resolve(value[1])
        return _joined(pieces, value[0]) if isinstance(pieces, list) else UNKNOWN

    def _if(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 3:
            return UNKNOWN
        truth = self.condition(value[0])
        if truth is not Truth.MAYBE:
            return self.resolve(value[1] if truth is Truth.YES else value[2])
        one, other = self.resolve(value[1]), self.resolve(value[2])
        return one if one == other else UNKNOWN

    def _find_in_map(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) < 3:
            return UNKNOWN
        found: Any = self._mappings
        for each in value[:3]:
            key = as_text(self.resolve(each))
            if not isinstance(key, str) or not isinstance(found, Mapping) or key not in found:
                return UNKNOWN
            found = found[key]
        return found

    def _select(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            return UNKNOWN
        place, found = as_text(self.resolve(value[0])), self.resolve(value[1])
        if not isinstance(place, str) or not re.fullmatch("[0-9]{1,5}", place) or not isinstance(found, list):
            return UNKNOWN
        return found[int(place)] if int(place) < len(found) else UNKNOWN

    def _split(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str) or not value[0]:
            return UNKNOWN
        text = self.resolve(value[1])
        # The pieces of a part of the sample are those of no other place.
        if not isinstance(text, str) or any(value[0] in part for part in SAMPLE_PLACE if part in text):
            return UNKNOWN
        return text.split(value[0])


def _function(node: Mapping[str, Any]) -> str:
    """The name of the function that a mapping is; empty where it is none."""
    name = next(iter(node)) if len(node) == 1 else ""
    return name if name == "Ref" or (isinstance(name, str) and name.startswith("Fn::")) else ""


def _known(value: Any) -> Any:
    return UNKNOWN if value is ABSENT else value


def as_text(value: Any) -> str | Unset:
    """A scalar as CloudFormation compares and joins it; UNKNOWN for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):  # not of a text, but of a body that arrives as what it says
        return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return value if isinstance(value, str) else UNKNOWN


def _joined(pieces: Sequence[Any], between: str) -> str | Unset:
    texts = [text for each in pieces if isinstance(text := as_text(each), str)]
    if len(texts) != len(pieces) or sum(map(len, texts)) + len(between) * len(texts) > _LONGEST:
        return UNKNOWN
    return between.join(texts)


def _parts_of_attribute(value: Any) -> tuple[str, str]:
    """The resource and the attribute of Fn::GetAtt; empty where they are not plain."""
    parts = value.partition(".")[::2] if isinstance(value, str) else value
    if isinstance(parts, (list, tuple)) and len(parts) == 2 and all(isinstance(each, str) for each in parts):
        return parts[0], parts[1]
    return "", ""


def _parts_of_sub(value: Any) -> tuple[Any, Mapping[str, Any]]:
    """The text of Fn::Sub and its own variables."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], Mapping):
        return value[0], value[1]
    return value, {}


def _names(text: Any) -> list[str]:
    found = _PLACEHOLDER.findall(text) if isinstance(text, str) else []
    return [name.strip() for literal, name in found if not literal]
