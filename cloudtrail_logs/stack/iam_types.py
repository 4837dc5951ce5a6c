"""How the providers spell the ways in which a role gets its permissions, as data.

Sources: the schemas of pulumi-aws 5 to 7, of pulumi-aws-native 1 and of the Terraform AWS provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class RolePermissions:
    """The properties of a role itself.

    entry_name, entry_document: of each of its inline policies. drops_unknown_entries: whether an entry that is made of
    something unknown is missing from the list before the update.
    """

    inline_policies: str
    entry_name: str
    entry_document: str
    drops_unknown_entries: bool


@dataclass(frozen=True)
class InlinePolicyType:
    """An inline policy as a resource of its own."""

    role: str
    name: str
    document: str


@dataclass(frozen=True)
class ManagedPolicyType:
    """A customer managed policy. roles: the property that attaches it; None where attachments are resources."""

    name: str
    arn: str
    document: str
    roles: str | None


@dataclass(frozen=True)
class AttachmentType:
    """A managed policy's attachment to roles.

    roles: one role's name, or a list of names. is_exclusive: whether it takes the policy from all other roles.
    """

    roles: str
    policy_arn: str
    is_exclusive: bool


@dataclass(frozen=True)
class ExclusiveType:
    """What removes all policies of a role but those it lists: inline ones by their names, or managed ones by ARN."""

    role: str
    listed: str
    of_managed: bool


MANAGED_POLICY_ARNS: Final = "managedPolicyArns"
PERMISSIONS_BOUNDARY: Final = "permissionsBoundary"

_AWS_ROLE: Final = RolePermissions("inlinePolicies", "name", "policy", drops_unknown_entries=True)
_AWS_INLINE_POLICY: Final = InlinePolicyType("role", "name", "policy")
_AWS_MANAGED_POLICY: Final = ManagedPolicyType("name", "arn", "policy", None)
_AWS_ROLE_ATTACHMENT: Final = AttachmentType("role", "policyArn", is_exclusive=False)
_AWS_ATTACHMENT: Final = AttachmentType("roles", "policyArn", is_exclusive=True)
_AWS_INLINE_EXCLUSIVE: Final = ExclusiveType("roleName", "policyNames", of_managed=False)
_AWS_MANAGED_EXCLUSIVE: Final = ExclusiveType("roleName", "policyArns", of_managed=True)

ROLE_PERMISSIONS: Final[Mapping[str, RolePermissions]] = MappingProxyType(
    {
        "aws:iam/role:Role": _AWS_ROLE,
        "aws:index/iamRole:IamRole": _AWS_ROLE,
        "aws-native:iam:Role": RolePermissions("policies", "policyName", "policyDocument", drops_unknown_entries=False),
    }
)
INLINE_POLICY_TYPES: Final[Mapping[str, InlinePolicyType]] = MappingProxyType(
    {
        "aws:iam/rolePolicy:RolePolicy": _AWS_INLINE_POLICY,
        "aws:index/iamRolePolicy:IamRolePolicy": _AWS_INLINE_POLICY,
        "aws-native:iam:RolePolicy": InlinePolicyType("roleName", "policyName", "policyDocument"),
    }
)
MANAGED_POLICY_TYPES: Final[Mapping[str, ManagedPolicyType]] = MappingProxyType(
    {
        "aws:iam/policy:Policy": _AWS_MANAGED_POLICY,
        "aws:index/iamPolicy:IamPolicy": _AWS_MANAGED_POLICY,
        "aws-native:iam:ManagedPolicy": ManagedPolicyType(
            "managedPolicyName", "policyArn", "policyDocument", roles="roles"
        ),
        # An inline policy of several roles, which aws-native does not have.
        "AWS::IAM::Policy": ManagedPolicyType("policyName", "policyArn", "policyDocument", roles="roles"),
    }
)
ATTACHMENT_TYPES: Final[Mapping[str, AttachmentType]] = MappingProxyType(
    {
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _AWS_ROLE_ATTACHMENT,
        "aws:index/iamRolePolicyAttachment:IamRolePolicyAttachment": _AWS_ROLE_ATTACHMENT,
        "aws:iam/policyAttachment:PolicyAttachment": _AWS_ATTACHMENT,
        "aws:index/iamPolicyAttachment:IamPolicyAttachment": _AWS_ATTACHMENT,
    }
)
EXCLUSIVE_TYPES: Final[Mapping[str, ExclusiveType]] = MappingProxyType(
    {
        "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": _AWS_INLINE_EXCLUSIVE,
        "aws:index/iamRolePoliciesExclusive:IamRolePoliciesExclusive": _AWS_INLINE_EXCLUSIVE,
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": _AWS_MANAGED_EXCLUSIVE,
        "aws:index/iamRolePolicyAttachmentsExclusive:IamRolePolicyAttachmentsExclusive": _AWS_MANAGED_EXCLUSIVE,
    }
)
