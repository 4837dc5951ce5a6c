"""Does what a message says to the policies of a role, word for word: so that tests can judge the role again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple, replace
from typing import Final, Literal

from cloudtrail_logs.iam.document import Document, Effect, Patterns, Statement, Unreadable
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.model.declared import DeliveryPlace
from cloudtrail_logs.model.quoting import quoted_arn
from cloudtrail_logs.model.trail import Trail
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, Truth, Unset
from cloudtrail_logs.rules.role_can_deliver import judge_role

_ENDLESS: Final = 100
_Change = Callable[[Statement], Statement]

_DENIED: Final = re.compile(
    r".*? not allowed to call (\S+(?: and \S+)?) on stream \S+ of (?:its )?log group(?: \S+)?\. "
    r"(?:This is for \S+ \S+; for any other, a call is denied as well\. )?(.*)"
)
_TRUST: Final = re.compile(r".*?, whose trust policy (.*)")
_NAMED: Final = r"(?P<statement>statement (?:\d+|\"\w+\"))"
_WANTED: Final = r"Allow (?:\S+(?: and \S+)?) on (?P<wanted>\S+)"
_UNKNOWN_PARTS: Final = re.compile("PARTITION|REGION|ACCOUNT|NAME|…")
_CLOUDTRAIL: Final = {"Service": Patterns(("cloudtrail.amazonaws.com",))}
# All that a message may say is wrong, with what it says to do about it.
_DENIED_BY: Final = re.compile(rf"It is denied by {_NAMED} of (?P<grant>.*)\. (?P<remedy>Exclude .*|Detach .*)\.")
_OUTSIDE: Final = re.compile(
    rf"(?P<grant>.*) does not allow it, .*\. (?:{_WANTED} in it|Use one that allows .* on \S+)\."
)
_TWICE: Final = re.compile(
    r"(?:The closest match is )?(?P<grant>.*?)(?:, but it)? is encoded twice: .*\. Encode it once\."
)
_CLOSEST: Final = re.compile(rf"The closest match is {_NAMED} of (?P<grant>.*?), but (?P<why>.*)\. (?P<remedy>.*)\.")
_BY_ARN: Final = re.compile(
    r"The closest match is (?P<grant>.*?), but (?:its )?property \w+ (?:of .* )?"
    r"(?:is|lists) the ARN of the role, .*\. Set (?:it|that entry) to the role's name\."
)
_NOTHING: Final = re.compile(
    r"(?:None of its policies allows it|It has no policy that could allow it|"
    rf"The closest match is AWS managed policy \S+, but it does not exist: .*)\. {_WANTED}(?: in a policy of your own)?\."
)
_RESOURCE: Final = re.compile(r"its Resource( \S+)? (?:has|ends|does|is) .*")


def advice_followed(trail: Trail, role: DeliveryRole, place: DeliveryPlace | None) -> list[str]:
    """What the reports said, the first problem of each, until there was none. None says what one before said."""
    known = [each if isinstance(each, str) else "*" for each in (astuple(place) if place else ())]
    log_group = f"arn:{':logs:'.join(known[:2])}:{':log-group:'.join(known[2:])}:*"
    followed: list[str] = []
    while problems := judge_role(trail, role, place).problems:
        text = problems[0].text
        assert text not in followed, f"does not help: {text} {role}"
        assert len(followed) < _ENDLESS
        followed.append(text)
        role = follow(role, text, log_group)
    return followed


def follow(role: DeliveryRole, text: str, log_group: str) -> DeliveryRole:
    """The role after what the text of a problem says was done. log_group: its ARN with `:*`, a * for what is not known.

    Raises AssertionError where the text says something else than any that it knows.
    """
    if trust := _TRUST.fullmatch(text):
        return replace(role, trust=_trust(role.trust, trust[1]))
    denied = _DENIED.fullmatch(text)
    assert denied, text
    return replace(
        role, permissions=_permitted(role.permissions, tuple(denied[1].split(" and ")), denied[2], log_group)
    )


def _permitted(held: Permissions, actions: tuple[str, ...], advice: str, log_group: str) -> Permissions:
    allowing = _statement(actions, log_group)
    added = Grant(f'policy "added {len(held.grants)}"', _with_another(Document((), False), allowing))
    if found := _DENIED_BY.fullmatch(advice):
        if found["remedy"] == "Detach that policy":
            return _with_grant(held, found["grant"], lambda _: None)
        assert found["remedy"] == "Exclude the log streams from that Deny", advice
        return _with_statement(held, found, lambda each: replace(each, resources=_all_but(each.resources, log_group)))
    if found := _OUTSIDE.fullmatch(advice):
        if found["wanted"]:
            return _with_grant(held, found["grant"], lambda grant: _granting(grant, allowing))
        return replace(held, boundary=replace(added, name=found["grant"]))
    if found := _TWICE.fullmatch(advice):
        return _with_grant(held, found["grant"], lambda grant: replace(grant, document=UNKNOWN))
    if found := _BY_ARN.fullmatch(advice):
        return _with_grant(held, found["grant"], lambda grant: replace(grant, held=Truth.YES, named_by_arn=None))
    if found := _CLOSEST.fullmatch(advice):
        remedy = found["remedy"]
        if re.fullmatch(rf"{_WANTED} in a policy of your own", remedy):
            return replace(held, grants=(*held.grants, added))
        if re.fullmatch(rf"{_WANTED}(?: in a separate statement)?", remedy):
            return _with_grant(held, found["grant"], lambda grant: _granting(grant, allowing))
        return _with_statement(held, found, _change(found["why"], remedy, actions))
    found = _NOTHING.fullmatch(advice)
    assert found, advice
    assert "…" in found["wanted"] or _UNKNOWN_PARTS.sub("*", found["wanted"]) == log_group, advice
    return replace(held, grants=(*held.grants, added))


def _change(why: str, remedy: str, actions: tuple[str, ...]) -> _Change:
    """What to change about the closest statement."""
    names = " and ".join(actions)
    if remedy == f"Add {names} to it":
        return lambda each: replace(each, actions=_extended(each.actions, actions))
    if remedy == f"Remove {names} from it":
        assert "NotAction" in why
        return lambda each: replace(each, actions=_reduced(each.actions, actions))
    if remedy == "Remove that condition":
        return lambda each: replace(each, condition=ABSENT)
    resource = _RESOURCE.fullmatch(why)
    assert resource, why
    shown = (resource[1] or "").strip()
    if remedy == "Append :* to it":
        return lambda each: replace(each, resources=_replaced(each.resources, shown, lambda value: f"{value}:*"))
    found = re.fullmatch(r"Set it to (\S+)", remedy)
    assert found, remedy
    wanted = _UNKNOWN_PARTS.sub("*", found[1])
    return lambda each: replace(each, resources=_replaced(each.resources, shown, lambda _: wanted))


def _trust(document: Document | Unreadable | Unset, advice: str) -> Document | Literal[Unset.UNKNOWN]:
    if advice.endswith("Encode it once."):
        return UNKNOWN
    assert isinstance(document, Document)
    if advice.endswith('. Allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in it.'):
        statement = replace(_statement(("sts:AssumeRole",), ""), resources=ABSENT, principals=_CLOUDTRAIL)
        return _with_another(document, statement)
    found = re.fullmatch(rf"(?P<why>.*) \({_NAMED}\)\. (?P<remedy>.*)\.", advice)
    assert found, advice
    if found["remedy"] == "Exclude cloudtrail.amazonaws.com from that Deny":
        change: _Change = _without_cloudtrail
    else:
        change = _change(found["why"], found["remedy"], ("sts:AssumeRole",))
    return _changed(document, found["statement"], change)


def _without_cloudtrail(statement: Statement) -> Statement:
    """A Deny that excludes CloudTrail: by a NotPrincipal, whatever its principals were."""
    excluded = statement.excluded if isinstance(statement.excluded, dict) else {}
    services = excluded.get("Service", Patterns(())).values
    return replace(
        statement,
        principals=ABSENT,
        excluded={**excluded, "Service": Patterns((*services, "cloudtrail.amazonaws.com"))},
    )


def _all_but(resources: object, log_group: str) -> Patterns:
    assert isinstance(resources, Patterns)
    return Patterns((*(resources.values if resources.negated else ()), log_group), negated=True)


def _extended(patterns: object, actions: tuple[str, ...]) -> Patterns:
    assert isinstance(patterns, Patterns)
    return replace(patterns, values=(*patterns.values, *actions))


def _reduced(patterns: object, actions: tuple[str, ...]) -> Patterns:
    assert isinstance(patterns, Patterns)
    assert patterns.negated
    names = {action.lower() for action in actions}
    left = tuple(value for value in patterns.values if value is UNKNOWN or value.lower() not in names)
    assert 0 < len(left) < len(patterns.values), "nothing is removed, or nothing is left"
    return replace(patterns, values=left)


def _replaced(patterns: object, shown: str, changed: Callable[[str], str]) -> Patterns:
    """The resources with the one that a message shows changed; with all of them where it shows none."""
    assert isinstance(patterns, Patterns)
    values = [
        changed(value) if isinstance(value, str) and shown in ("", quoted_arn(value)) else value
        for value in patterns.values
    ]
    return replace(patterns, values=tuple(values))


def _statement(actions: tuple[str, ...], resource: str) -> Statement:
    return Statement("statement", Effect.ALLOW, Patterns(actions), Patterns((resource,)), ABSENT, ABSENT, ABSENT)


def _with_another(document: Document, statement: Statement) -> Document:
    """The document with a statement added, of a name that no other has."""
    named = replace(statement, name=f"statement {1_000_000 + len(document.statements)}")
    return replace(document, statements=(*document.statements, named))


def _granting(grant: Grant, statement: Statement) -> Grant:
    assert isinstance(grant.document, Document)
    return replace(grant, document=_with_another(grant.document, statement))


def _with_statement(held: Permissions, found: re.Match[str], change: _Change) -> Permissions:
    def changed(grant: Grant) -> Grant:
        assert isinstance(grant.document, Document)
        assert grant.editable, "a policy that AWS manages cannot be changed"
        return replace(grant, document=_changed(grant.document, found["statement"], change))

    return _with_grant(held, found["grant"], changed)


def _with_grant(held: Permissions, name: str, change: Callable[[Grant], Grant | None]) -> Permissions:
    """The permissions with the policy of a name changed, or without it."""
    if held.boundary and held.boundary.name.lower() == name.lower():
        return replace(held, boundary=change(held.boundary))
    of_name = [each for each in held.grants if each.name == name]
    assert of_name, f"{name} is not one of {held.grants}"
    assert all(each.document == of_name[0].document for each in of_name), f"which {name} is meant is not said"
    changed = [change(each) if each.name == name else each for each in held.grants]
    return replace(held, grants=tuple(each for each in changed if each))


def _changed(document: Document, name: str, change: _Change) -> Document:
    assert [each.name for each in document.statements].count(name) == 1, f"{name} is not one of {document.statements}"
    statements = tuple(change(each) if each.name == name else each for each in document.statements)
    return replace(document, statements=statements)
