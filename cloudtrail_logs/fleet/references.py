"""Rule of the fleet: does the stack of a StackReference still export the log group or role that a trail got from it?

Source: Pulumi documentation, "Stack outputs and references": a reference is read when a program runs, and the state
keeps what it was then.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model.arn import WILDCARD, LogGroupArn, RoleArn
from ..model.declared import log_groups_of, roles_of
from ..model.quoting import quoted_arn, quoted_label
from ..model.verdict import Code, Problem
from ..stack.declarations import StackTrail
from ..stack.properties import Properties
from ..stack.resource import Resource
from ..stack.resource_types import STACK_REFERENCE_TYPE, STACK_TYPE
from ..stack.trail import stack_of
from .state_resources import plain
from .states import State


@dataclass(frozen=True)
class Reference:
    """That a trail has an ARN which a StackReference had when it was read, and nothing else in its stack has."""

    trail: str
    """The trail's URN."""
    property: str
    """In the provider's spelling."""
    arn: str
    """Without `:*`."""
    stack: str
    """The stack that is referred to, as the program names it: such as ORGANIZATION/PROJECT/STACK."""
    is_role: bool


@dataclass(frozen=True)
class Exports:
    """The ARNs that a stack exports, without `:*`."""

    arns: frozenset[str] = frozenset()
    complete: bool = True
    """Whether all are known: a secret may be one."""


def exports_of(state: State) -> Exports:
    """What a stack exports."""
    own = next((each for each in state.resources if each["type"] == STACK_TYPE), None)
    outputs = own.get("outputs") or {} if own else {}
    texts = Properties(plain(outputs)).known_texts()
    arns = frozenset(_bare(text) for _, text in texts if text.startswith("arn:"))
    return Exports(arns, own is not None and '"ciphertext"' not in json.dumps(outputs))


def references_of(trails: Iterable[StackTrail], resources: Sequence[Resource]) -> tuple[Reference, ...]:
    """What the trails of a stack have from StackReferences."""
    read: dict[str, str] = {}
    for each in resources:
        name = each.properties.text("name") if each.type == STACK_REFERENCE_TYPE else None
        if isinstance(name, str):
            read.update({_bare(text): name for _, text in each.properties.known_texts("outputs") if "arn:" in text})
    if not read:
        return ()
    return tuple(_references(trails, read))


def _references(trails: Iterable[StackTrail], read: Mapping[str, str]) -> Iterator[Reference]:
    for given in trails:
        trail, declared, spelling = given.trail, given.declarations, given.trail.spelling
        group, role = trail.log_group, trail.role
        if isinstance(group, LogGroupArn) and not log_groups_of(group, declared.log_groups):
            arn = group.without_wildcard
            if arn in read:
                yield Reference(given.urn, spelling.log_group_arn, arn, read[arn], is_role=False)
        if isinstance(role, RoleArn) and not roles_of(role, declared.roles) and role.text in read:
            yield Reference(given.urn, spelling.role_arn, role.text, read[role.text], is_role=True)


def problems_of(
    references: Iterable[Reference], exports: Mapping[str, Mapping[str, Exports]], declared: Container[str]
) -> dict[str, tuple[Problem, ...]]:
    """What is wrong with the trails that have these, by URN.

    exports: of the stacks of the fleet, by PROJECT/STACK and by organization, empty where that is not known. declared:
    the ARNs of all log groups and roles of the fleet.
    """
    found: dict[str, tuple[Problem, ...]] = {}
    for each in references:
        organization, name = _referred(each)
        of_name = exports.get(name, {})
        of_it = [of_name[organization]] if organization in of_name else _may_be_of(of_name, organization)
        gone = [exported.complete and each.arn not in exported.arns for exported in of_it]
        if gone and all(gone) and each.arn not in declared:
            found[each.trail] = (*found.get(each.trail, ()), _problem(each))
    return found


def _referred(reference: Reference) -> tuple[str, str]:
    """The organization, empty where it is not known, and PROJECT/STACK: a short name is of the trail's own project."""
    *before, stack = reference.stack.split("/")
    organization, project = before if len(before) == 2 else ("".join(before), stack_of(reference.trail).project)
    # A self-managed backend calls its only one so.
    return "" if organization == "organization" else organization, f"{project}/{stack}"


def _may_be_of(exports: Mapping[str, Exports], organization: str) -> Sequence[Exports]:
    """The exports of the stacks of a name that may be of an organization."""
    return [each for known, each in exports.items() if not (known and organization)]


def _problem(reference: Reference) -> Problem:
    what = "role" if reference.is_role else "log group"
    return Problem(
        Code.ROLE_NOT_IN_STACK if reference.is_role else Code.LOG_GROUP_NOT_IN_STACK,
        f"{reference.property} is {quoted_arn(reference.arn)}, which came from a StackReference to "
        f"{quoted_label(reference.stack)}. That stack no longer exports it, and no stack of this audit declares such a "
        f"{what}. Set {reference.property} to the ARN of a {what} that exists, and update both stacks.",
    )


def _bare(arn: str) -> str:
    return arn.removesuffix(WILDCARD)
