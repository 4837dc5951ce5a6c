"""Rewrites properties and cached functions so that mutmut, which leaves decorated functions alone, mutates them.

    @cached_property               def text__undecorated(self) -> str: ...
    def text(self) -> str: ...     text = property(text__undecorated)

What is cached is worked out every time: else a mutant would be given what the code without it has worked out before.
"""

from __future__ import annotations

from typing import Final

import libcst as cst

SUFFIX: Final = "__undecorated"
_PROPERTIES: Final = (["property"], ["cached_property"])
_CACHES: Final = (["lru_cache"], ["cache"])


def undecorated(source: str) -> str:
    """A module that does the same without decorators of functions, as far as they are known here."""
    return cst.parse_module(source).visit(_Undecorated()).code


class _Undecorated(cst.CSTTransformer):
    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        decorators = [_name(each.decorator) for each in original_node.decorators]
        if decorators in _CACHES:
            return updated_node.with_changes(decorators=())
        if decorators not in _PROPERTIES:
            return updated_node
        name = original_node.name.value
        function = updated_node.with_changes(decorators=(), name=cst.Name(f"{name}{SUFFIX}"))
        return cst.FlattenSentinel([function, cst.parse_statement(f"{name} = property({name}{SUFFIX})")])


def _name(decorator: cst.BaseExpression) -> str:
    called = decorator.func if isinstance(decorator, cst.Call) else decorator
    return called.value if isinstance(called, cst.Name) else ""
