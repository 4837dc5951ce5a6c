"""The permissions of a stack's roles: every way in which a role gets a policy, joined by dependency or by name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from ..iam.document import Unreadable, read_document
from ..iam.grant import Grant, NamedByArn
from ..iam.role import Permissions
from ..model.arn import PARTITIONS, RoleArn
from ..model.declared import known_place
from ..model.quoting import has_arn_form, quoted_arn, quoted_label, quoted_name
from ..model.reasons import Reason
from ..model.value import ABSENT, UNKNOWN, Text, Truth, all_of, any_of, differ
from .cloudformation_types import own_name
from .iam_types import (
    ATTACHMENT_TYPES,
    EXCLUSIVE_TYPES,
    INLINE_POLICY_TYPES,
    MANAGED_POLICY_ARNS,
    MANAGED_POLICY_TYPES,
    PERMISSIONS_BOUNDARY,
    ROLE_PERMISSIONS,
    AttachmentType,
    ManagedPolicyType,
    RolePermissions,
)
from .naming import beginning_of
from .provider import Accounts
from .resource import Resource, is_new
from .resource_types import ROLE_TYPES, TEMPLATE_TYPES

POLICY_TYPES: Final = frozenset({*INLINE_POLICY_TYPES, *MANAGED_POLICY_TYPES, *ATTACHMENT_TYPES, *EXCLUSIVE_TYPES})
# More policies of unknown roles than this are not looked at one by one for every role: there may then be any policy.
_MOST_OF_ANYONE: Final = 20
_COMMERCIAL: Final = "arn:aws:"


@dataclass(frozen=True)
class _Held:
    """A policy that a role has.

    key: what an exclusive manager lists it by: its name, or the ARN of a managed one. name: its name in AWS.
    urn: of its resource, where it has one in the stack.
    """

    grant: Grant
    key: Text
    name: Text
    urn: str | None


@dataclass(frozen=True)
class _Address:
    """That a resource is about a role. sure: NO is never the case here."""

    resource: Resource
    sure: Truth


class RolePolicies:
    """The policies of all roles of a stack. Built in one pass."""

    def __init__(self, resources: Iterable[Resource], accounts: Accounts) -> None:
        """resources: those of the whole stack. accounts: of its providers."""
        self._accounts = accounts
        self._by_urn: dict[str, list[_Address]] = {}
        self._by_name: dict[str, list[_Address]] = {}
        self._of_anyone: list[_Address] = []
        self._managed: dict[str, Resource] = {}
        self._managed_by_arn: dict[str, list[Resource]] = {}
        self._any_unnamed = False  # whether a managed policy has neither a known ARN nor a known name
        # Those whose ARNs are not known, by their names, accounts and paths.
        self._managed_by_name: dict[tuple[str, Text, Text], list[Resource]] = {}
        # The attachments that want a policy, by its URN or ARN, for their roles alone.
        self._claims: dict[str, set[str]] = {}
        self._read: dict[str, _Held] = {}
        # By URN: the engine's order may be another one in the next run.
        for resource in sorted((each for each in resources if each.type in POLICY_TYPES), key=lambda each: each.urn):
            self._add(resource)
        self._names = sorted(self._by_name)

    def permissions_of(self, role: Resource, name: Text) -> Permissions:
        """What a role of the stack may do. name: its name in AWS."""
        anyones = self._of_anyone if len(self._of_anyone) <= _MOST_OF_ANYONE else []
        addresses = [*self._by_urn.get(role.urn, ()), *anyones]
        account = self._accounts.of(role.provider)
        if isinstance(name, str):
            named = self._by_name.get(name, ())
            addresses += [each for each in named if not differ(self._accounts.of(each.resource.provider), account)]
        inline, inline_missing = self._inline(role, addresses)
        managed = _each_once(self._attached(role, addresses))
        exclusives = [address for address in addresses if address.resource.type in EXCLUSIVE_TYPES]
        of_managed = [each for each in exclusives if EXCLUSIVE_TYPES[each.resource.type].of_managed]
        of_inline = [each for each in exclusives if not EXCLUSIVE_TYPES[each.resource.type].of_managed]
        inline = _kept(inline, of_inline, attaches=False)
        managed += [held for address in of_managed for held in self._listed(address)]
        managed = _kept(managed, of_managed, attaches=True)
        mine = {address.resource.urn for address in addresses}
        managed = [self._contested(held, mine) for held in _each_once(managed)]
        all_named = isinstance(name, str) or not self._may_be_named(role)
        missing = inline_missing if all_named and len(anyones) == len(self._of_anyone) else Reason.POLICIES_UNKNOWN
        return Permissions(
            grants=tuple(held.grant for held in (*inline, *managed, *self._named_by_arn(role, name, account))),
            complete=missing is None,
            boundary=self._boundary(role),
            why_incomplete=missing or Reason.POLICIES_UNKNOWN,
        )

    def _may_be_named(self, role: Resource) -> bool:
        """Whether a policy may be of a role whose name is not known: it names any role that begins as that does."""
        known = beginning_of(role, ROLE_TYPES[role.type])
        beginning = known if isinstance(known, str) else ""
        place = bisect_left(self._names, beginning)
        return place < len(self._names) and self._names[place].startswith(beginning)

    def _add(self, resource: Resource) -> None:
        token = resource.type
        managed = MANAGED_POLICY_TYPES.get(token)
        if managed:
            self._add_managed(resource, managed)
        if about := _names_roles_by(token):
            self._address(resource, about)
        if token in ATTACHMENT_TYPES:
            self._claim(resource, ATTACHMENT_TYPES[token])

    def _add_managed(self, resource: Resource, managed: ManagedPolicyType) -> None:
        self._managed[resource.urn] = resource
        properties = resource.properties
        arn, name, path = properties.text(managed.arn), properties.text(managed.name), properties.text("path")
        if isinstance(arn, str):
            self._managed_by_arn.setdefault(arn, []).append(resource)
        elif isinstance(name, str):
            place = (self._accounts.of(resource.provider), "/" if path is ABSENT else path)
            self._managed_by_name.setdefault((name, *known_place(place)), []).append(resource)
        else:
            self._any_unnamed = True

    def _address(self, resource: Resource, name: str) -> None:
        """Files a resource under the roles that one of its properties names."""
        value = resource.properties.json(name)
        values = value if isinstance(value, list) else [] if value is ABSENT else [value]
        known = {each for each in values if isinstance(each, str)}
        unknown = sum(1 for each in values if not isinstance(each, str))
        sources = resource.sources(name)
        made = Truth.MAYBE if resource.template and not resource.template.certain else Truth.YES
        roles = {source.urn: _role_name(source) for source in sources or () if source.type in ROLE_TYPES}
        named = {urn for urn, role_name in roles.items() if role_name in known}
        for urn in named:
            self._by_urn.setdefault(urn, []).append(_Address(resource, made))
        for text in known - {roles[urn] for urn in named}:
            self._by_name.setdefault(text, []).append(_Address(resource, made))
        unnamed = roles.keys() - named if unknown else set()
        for urn in unnamed:
            # Fewer unknown names than roles that they are made of: any of the roles may be meant.
            sure = made if len(unnamed) <= unknown and not _may_be_of_template(sources) else Truth.MAYBE
            self._by_urn.setdefault(urn, []).append(_Address(resource, sure))
        # What is only read belongs to a role that is only read; any other unknown may be anybody's.
        if unknown and not unnamed and sources != []:
            self._of_anyone.append(_Address(resource, Truth.MAYBE))

    def _inline(self, role: Resource, addresses: Sequence[_Address]) -> tuple[list[_Held], Reason | None]:
        held = [_inline_policy(address) for address in addresses if address.resource.type in INLINE_POLICY_TYPES]
        spelling = ROLE_PERMISSIONS[role.type]
        entries, missing = _entries(role, spelling)
        # After a refresh a role lists what separate resources grant: those resources tell what it will be.
        mirrored = {each.key for each in held if isinstance(each.key, str)}
        for entry in entries:
            name, document = entry.get(spelling.entry_name), entry.get(spelling.entry_document)
            if document in (None, "") or (isinstance(name, str) and name in mirrored):
                continue
            shown = f"inline policy {quoted_name(name)}" if isinstance(name, str) else "an inline policy"
            key = name if isinstance(name, str) else UNKNOWN
            held.append(_Held(Grant(shown, read_document(document)), key, key, None))
        return held, missing

    def _attached(self, role: Resource, addresses: Sequence[_Address]) -> list[_Held]:
        held = []
        for address in addresses:
            resource = address.resource
            if resource.type in MANAGED_POLICY_TYPES:
                held.append(_as_far_as(address.sure, self._of_stack(resource)))
            elif attachment := ATTACHMENT_TYPES.get(resource.type):
                arn = resource.properties.text(attachment.policy_arn)
                sources = resource.sources(attachment.policy_arn)
                policy = self._managed_policy(arn, sources)
                held += _as_accepted(resource, [_as_far_as(address.sure, policy)])
        value = role.properties.json(MANAGED_POLICY_ARNS)
        is_set = value is not UNKNOWN or _may_be_made_of(role, MANAGED_POLICY_ARNS) is not None
        # Not of all that the role depends on: it may depend on a policy that it does not have.
        listed = self._managed_policies(value if is_set else [], role.sources(MANAGED_POLICY_ARNS))
        return held + _as_accepted(role, listed)

    def _named_by_arn(self, role: Resource, name: Text, account: Text) -> Iterator[_Held]:
        """What would be a role's if it was not named by its ARN: IAM refuses that, so the role does not have it."""
        for arn in _arns_of(role, name, account):
            for address in self._by_name.get(arn, ()):
                resource = address.resource
                about = _names_roles_by(resource.type)
                owner = f"{quoted_label(resource.name)} ({resource.kind})"
                if resource.type in INLINE_POLICY_TYPES:
                    policies, owner = [_inline_policy(address)], ""
                elif resource.type in MANAGED_POLICY_TYPES:
                    policies, owner = [self._of_stack(resource)], ""
                elif attachment := ATTACHMENT_TYPES.get(resource.type):
                    sources = resource.sources(attachment.policy_arn)
                    policies = [self._managed_policy(resource.properties.text(attachment.policy_arn), sources)]
                else:
                    exclusive = EXCLUSIVE_TYPES[resource.type]
                    policies = self._listed(address) if exclusive.of_managed else []
                is_list = isinstance(resource.properties.json(about), list)
                for policy in policies:
                    named = NamedByArn(own_name(resource.kind, about), is_list, owner)
                    yield replace(policy, grant=replace(policy.grant, held=Truth.NO, named_by_arn=named))

    def _listed(self, address: _Address) -> list[_Held]:
        """What an exclusive manager of attachments attaches: all that it lists."""
        name = EXCLUSIVE_TYPES[address.resource.type].listed
        value = address.resource.properties.json(name)
        listed = self._managed_policies(value, address.resource.sources(name))
        return _as_accepted(address.resource, [_as_far_as(address.sure, each) for each in listed])

    def _managed_policies(self, value: Any, sources: Sequence[Resource] | None) -> list[_Held]:
        """The managed policies of a list of ARNs; those that are not known come from the sources."""
        arns = value if isinstance(value, list) else [] if value is ABSENT else [UNKNOWN]
        known = [self._managed_policy(arn, None) for arn in arns if isinstance(arn, str)]
        if len(known) == len(arns):
            return known
        made_of = self._managed_among(sources)
        found = [self._of_stack(source) for source in made_of]
        if isinstance(value, list) and len(found) == len(arns) - len(known) and not _may_be_of_template(sources):
            return known + found
        waits = UNKNOWN in arns
        why = Reason.CONTENT_UNKNOWN if waits else Reason.CONTENT_UNREADABLE
        return known + found + [_Held(Grant("a managed policy", UNKNOWN, why_unknown=why), UNKNOWN, UNKNOWN, None)]

    def _contested(self, held: _Held, mine: Set[str]) -> _Held:
        """A policy that another PolicyAttachment claims for other roles: that takes it from all but those.

        Which of the two attachments wins depends on their order (Terraform registry, aws_iam_policy_attachment).
        """
        names = (held.urn, held.key)
        claims = (self._claims[name] for name in names if isinstance(name, str) and name in self._claims)
        return held if all(each <= mine for each in claims) else _as_far_as(Truth.MAYBE, held, Reason.HELD_CONTESTED)

    def _claim(self, resource: Resource, attachment: AttachmentType) -> None:
        if attachment.is_exclusive:
            arn = resource.properties.text(attachment.policy_arn)
            sources = resource.sources(attachment.policy_arn) or ()
            for policy in (*(source.urn for source in sources), *((arn,) if isinstance(arn, str) else ())):
                self._claims.setdefault(policy, set()).add(resource.urn)

    def _managed_policy(self, arn: Text, sources: Sequence[Resource] | None) -> _Held:
        """The managed policy of an ARN, which may not be known: then it may be the only one it was made of."""
        waits = arn is UNKNOWN or self._any_unnamed
        if isinstance(arn, str):
            _, _, name = arn.partition(":policy/")
            if arn.partition(":iam::")[2].startswith("aws:policy/"):
                return _Held(_aws_managed(arn, name), arn, name, None)
            found = self._managed_by_arn.get(arn) or self._may_have_arn(arn)
            if len(found) == 1:
                return replace(self._of_stack(found[0]), key=arn)
            waits = waits or bool(found)
        made_of = self._managed_among(sources)
        if arn is UNKNOWN and len(made_of) == 1 and not _may_be_of_template(sources):
            return self._of_stack(made_of[0])
        if waits:
            return _Held(Grant("a managed policy", UNKNOWN), arn, UNKNOWN, None)
        shown = (
            f"managed policy {quoted_arn(arn)}" if isinstance(arn, str) and has_arn_form(arn) else "a managed policy"
        )
        return _Held(Grant(shown, UNKNOWN, why_unknown=Reason.CONTENT_ELSEWHERE), arn, UNKNOWN, None)

    def _may_have_arn(self, arn: str) -> list[Resource]:
        """The policies of the stack whose ARNs are not known, and that an ARN may be of."""
        account, _, rest = arn.partition(":iam::")[2].partition(":policy")
        path, _, name = rest.rpartition("/")
        keys: Iterable[tuple[str, Text, Text]] = product((name,), (account, UNKNOWN), (f"{path}/", UNKNOWN))
        return [resource for key in keys for resource in self._managed_by_name.get(key, ())]

    def _managed_among(self, sources: Sequence[Resource] | None) -> list[Resource]:
        """The policies of the stack among what a value was made of."""
        found = (source for source in sources or () if source.urn in self._managed)
        return sorted(found, key=lambda source: source.urn)

    def _of_stack(self, resource: Resource) -> _Held:
        if resource.urn not in self._read:
            self._read[resource.urn] = self._as_read(resource)
        return self._read[resource.urn]

    def _as_read(self, resource: Resource) -> _Held:
        spelling = MANAGED_POLICY_TYPES[resource.type]
        properties = resource.properties
        grant = Grant(f"policy {quoted_label(resource.name)}", read_document(properties.json(spelling.document)))
        return _Held(grant, properties.text(spelling.arn), properties.text(spelling.name), resource.urn)

    def _boundary(self, role: Resource) -> Grant | None:
        arn = role.properties.text(PERMISSIONS_BOUNDARY)
        if arn is ABSENT:
            return None
        # With a boundary that does not exist there is no role to judge.
        grant = _if_it_exists(self._managed_policy(arn, role.sources(PERMISSIONS_BOUNDARY))).grant
        return replace(grant, name=f"the permissions boundary, {grant.name},")


def lists_its_policies(role: Resource) -> bool:
    """Whether the state of a role that is only read has all its policies: inline ones, and the ARNs of managed ones."""
    names = (ROLE_PERMISSIONS[role.type].inline_policies, MANAGED_POLICY_ARNS)
    return all(isinstance(role.properties.json(name), list) for name in names)


def _may_be_of_template(sources: Sequence[Resource] | None) -> bool:
    """Whether a value was made of what a template gives, which may be a policy that nothing else shows."""
    return any(source.type in TEMPLATE_TYPES for source in sources or ())


def _aws_managed(arn: str, name: str) -> Grant:
    """What AWS manages, or does not: IAM refuses to attach a policy that does not exist, so that it grants nothing."""
    from ..iam import aws_managed_policies as managed  # a large table that few stacks need

    # Other partitions may have others.
    absent = managed.reason_for_absence(name) if arn.startswith(_COMMERCIAL) else None
    document = Unreadable(absent) if absent else managed.aws_managed_policy(name)
    shown, why = f"AWS managed policy {quoted_name(name)}", Reason.CONTENT_NOT_LISTED
    return Grant(shown, document, editable=False, why_unknown=why)


def _as_accepted(resource: Resource, policies: list[_Held]) -> list[_Held]:
    """The policies that a resource attaches: once it is there, AWS may have accepted those that the table lacks."""
    is_there = isinstance(resource.properties.text("id"), str)
    return [_if_it_exists(each) for each in policies] if is_there else policies


def _if_it_exists(policy: _Held) -> _Held:
    """The policy, of which nothing is known where it is one of AWS's that the table does not have."""
    missing = isinstance(policy.grant.document, Unreadable) and not policy.grant.editable
    return replace(policy, grant=replace(policy.grant, document=UNKNOWN)) if missing else policy


def _inline_policy(address: _Address) -> _Held:
    resource = address.resource
    spelling = INLINE_POLICY_TYPES[resource.type]
    properties = resource.properties
    document = read_document(properties.json(spelling.document))
    grant = Grant(f"inline policy {quoted_label(resource.name)}", document, address.sure)
    name = properties.text(spelling.name)
    return _Held(grant, name, name, resource.urn)


def _names_roles_by(token: str) -> str:
    """The property by which a resource of this type names roles; empty where it names none."""
    if managed := MANAGED_POLICY_TYPES.get(token):
        return managed.roles or ""
    if inline := INLINE_POLICY_TYPES.get(token):
        return inline.role
    if attachment := ATTACHMENT_TYPES.get(token):
        return attachment.roles
    exclusive = EXCLUSIVE_TYPES.get(token)
    return exclusive.role if exclusive else ""


def _arns_of(role: Resource, name: Text, account: Text) -> Iterator[str]:
    """The ARN of a role: as it is known, else in whichever partition; none where its account or path is not known."""
    arn, path = role.properties.text("arn"), role.properties.text("path")
    if isinstance(arn, str):
        yield arn
    elif isinstance(name, str) and isinstance(account, str) and path is not UNKNOWN:
        path = path if isinstance(path, str) else "/"
        yield from (RoleArn(partition, account, path, name).text for partition in PARTITIONS)


def _role_name(role: Resource) -> Text:
    return role.properties.text(ROLE_TYPES[role.type].name)


def _may_be_made_of(role: Resource, name: str) -> Sequence[Resource] | None:
    """What a property was made of: where that is not recorded, it may be anything that the role depends on."""
    return role.sources(name) if role.sources_recorded else role.dependencies


def _entries(role: Resource, spelling: RolePermissions) -> tuple[list[Mapping[str, Any]], Reason | None]:
    """The inline policies in a role's own property, and why these may not be all; None where they are.

    Unknown without any recorded source means not set: the provider computes the list. With sources, an entry that is
    made of something unknown may be missing from the list.
    """
    value = role.properties.json(spelling.inline_policies)
    sources = _may_be_made_of(role, spelling.inline_policies)
    if not isinstance(value, list):
        if value is ABSENT or sources is None:
            return [], None
        return [], Reason.POLICIES_UNKNOWN if value is UNKNOWN else Reason.POLICIES_UNREADABLE
    entries = [entry for entry in value if isinstance(entry, Mapping)]
    if UNKNOWN in value or (spelling.drops_unknown_entries and any(is_new(source) for source in sources or ())):
        return entries, Reason.POLICIES_UNKNOWN
    return entries, None if len(entries) == len(value) else Reason.POLICIES_UNREADABLE


def _each_once(policies: Sequence[_Held]) -> list[_Held]:
    """The managed policies, each once: a role may be attached to one in very many ways."""
    once: dict[object, _Held] = {}
    for place, held in enumerate(policies):
        known = held.urn or (held.key if isinstance(held.key, str) else None)
        once.setdefault((known, held.key, held.grant.held) if known else place, held)
    return list(once.values())


def _as_far_as(truth: Truth, policy: _Held, why: Reason = Reason.HELD_UNKNOWN) -> _Held:
    """The policy, held only as far as this is true as well. why: the reason of a MAYBE."""
    grant = policy.grant
    # What waits for a value waits, whatever else is doubtful.
    if truth is Truth.MAYBE and (grant.held is Truth.YES or why is Reason.HELD_UNKNOWN):
        grant = replace(grant, why_maybe=why)
    return replace(policy, grant=replace(grant, held=all_of((grant.held, truth))))


def _kept(policies: Sequence[_Held], exclusives: Sequence[_Address], attaches: bool) -> list[_Held]:
    """What exclusive managers leave of a role's policies. attaches: whether they also attach what they list.

    Of several that do, each takes away what only another one lists: which of them is the last is not known.
    """
    lists = [_ExclusiveList.of(address) for address in exclusives]
    kept = []
    for policy in policies:
        listed = [each.has(policy) for each in lists]
        stays = all_of(any_of((has, each.unsure)) for has, each in zip(listed, lists, strict=True))
        why = Reason.HELD_UNKNOWN
        if attaches and stays is Truth.NO and any_of(listed) is not Truth.NO:
            stays = Truth.MAYBE
            why = Reason.HELD_CONTESTED if any_of(listed) is Truth.YES else Reason.HELD_UNKNOWN
        if stays is not Truth.NO:
            kept.append(_as_far_as(stays, policy, why))
    return kept


@dataclass(frozen=True)
class _ExclusiveList:
    """What an exclusive manager lists.

    keys: names or ARNs. names: the last parts of these. sources: the URNs of what it was made of. has_unknown: whether
    an entry is not known. unsure: whether it may be about another role: then MAYBE, else NO.
    """

    keys: frozenset[str]
    names: frozenset[str]
    sources: frozenset[str]
    has_unknown: bool
    unsure: Truth

    @classmethod
    def of(cls, address: _Address) -> _ExclusiveList:
        name = EXCLUSIVE_TYPES[address.resource.type].listed
        value = address.resource.properties.json(name)
        listed = value if isinstance(value, list) else [UNKNOWN]
        keys = frozenset(each for each in listed if isinstance(each, str))
        return cls(
            keys,
            frozenset(each.rpartition("/")[2] for each in keys),
            frozenset(source.urn for source in address.resource.sources(name) or ()),
            any(not isinstance(each, str) for each in listed),
            Truth.NO if address.sure is Truth.YES else Truth.MAYBE,
        )

    def has(self, policy: _Held) -> Truth:
        """Whether it lists a policy."""
        if policy.key in self.keys or policy.urn in self.sources:
            return Truth.YES
        if self.has_unknown:
            return Truth.MAYBE
        # The ARN of a managed policy of the stack is not known, but its name may be.
        may = not isinstance(policy.key, str) and (policy.name in self.names or not isinstance(policy.name, str))
        return Truth.MAYBE if may and self.keys else Truth.NO
