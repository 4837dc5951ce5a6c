"""Why there is no answer, or nothing to check: one table for `explain`, `requireProof` and the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Settled(Enum):
    """By whom a reason can be settled."""

    NOT_ASKED = "nothing to check"
    """There is no question, so there is nothing to settle."""
    UPDATE = "the update"
    """It rests on a value that is not known yet."""
    AUTHOR = "the author"
    """All values are known, and the program can be written so that it can be told: `not-proven`."""
    NOBODY = "nobody here"
    """It is inherent: a right program may look like that."""


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    phrase: str
    """What keeps the rule from an answer. Names stand in braces."""
    settled: Settled
    unproven: str = ""
    """Of what an author can settle: what is not proven, behind "It is not proven that"."""
    advice: str = ""
    """What an author, or whoever runs the pack, can do about it: whole sentences."""


_ALLOW: Final = (
    "Allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams in a policy of this stack, and in the "
    "role's permissions boundary if it has one, without a Condition and without a policy variable, and exclude the "
    "streams from every Deny."
)
_TRUST: Final = (
    'Allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in a statement without a Condition, and '
    "exclude it from every Deny."
)
_GROUP_EXISTS: Final = "the log group exists"
_ROLE_EXISTS: Final = "the role exists"
_MAY_ASSUME: Final = "CloudTrail may assume the role of {property}"
_MAY_WRITE: Final = "the role of {property} may write to the log group"


class Reason(Enum):
    """The table."""

    # --- there is no question
    NAMES_NOTHING = Row("the trail names no log group and no role", Settled.NOT_ASKED)
    NAMES_NO_ROLE = Row("the trail names no role", Settled.NOT_ASKED)
    ASK_AWS_IS_OFF = Row("askAws is not true", Settled.NOT_ASKED)
    TRAIL_IS_NEW = Row("the trail does not exist yet", Settled.NOT_ASKED)

    # --- a value is not known yet
    PROPERTY_UNKNOWN = Row("{property} is not known", Settled.UPDATE)
    LOG_GROUP_UNNAMED = Row("the name of a log group of this stack is not known", Settled.UPDATE)
    ROLE_UNNAMED = Row("the name of a role of this stack is not known", Settled.UPDATE)
    ROLES_ALIKE = Row("several roles of this stack may be the one", Settled.UPDATE)
    SOURCE_IS_NEW = Row("{property} comes from {source}, which is still to be created", Settled.UPDATE)
    TRUST_UNKNOWN = Row("the trust policy of role {role} is not known", Settled.UPDATE)
    HELD_UNKNOWN = Row("whether role {role} has {policy} is not known", Settled.UPDATE)
    CONTENT_UNKNOWN = Row("the content of {policy} is not known", Settled.UPDATE)
    POLICIES_UNKNOWN = Row("not all policies of role {role} are known", Settled.UPDATE)
    PLACE_UNKNOWN = Row("{parts} of the log group {are} not known", Settled.UPDATE)
    ORGANIZATION_UNKNOWN = Row("whether it is an organization trail is not known", Settled.UPDATE)

    TEMPLATE_UNKNOWN = Row("its template is not known", Settled.UPDATE)
    TRAIL_ON_CONDITION = Row("whether its template creates it is not known", Settled.UPDATE)

    # --- all is known, and the author can settle it
    LOGGING_NO_FLAG = Row(
        "{property} is {kind}, not true or false",
        Settled.AUTHOR,
        "the trail is switched on",
        "Set it to true.",
    )
    LOG_GROUP_OF_ANY_STRING = Row(
        "{property} comes from {source}, which may hold any string",
        Settled.AUTHOR,
        _GROUP_EXISTS,
        "Declare the log group in this stack, read it with LogGroup.get, take its ARN from a StackReference, or list "
        "it in this policy's externalLogGroups.",
    )
    ROLE_OF_ANY_STRING = Row(
        "{property} comes from {source}, which may hold any string",
        Settled.AUTHOR,
        _ROLE_EXISTS,
        "Declare the role in this stack, read it with Role.get, take its ARN from a StackReference, or list it in this "
        "policy's externalRoles.",
    )
    TRUST_CONDITION = Row("who may assume role {role} is decided at run time", Settled.AUTHOR, _MAY_ASSUME, _TRUST)
    TRUST_EVERYBODY = Row(
        "the trust policy of role {role} is about everybody, and whether that includes CloudTrail is not documented",
        Settled.AUTHOR,
        _MAY_ASSUME,
        _TRUST,
    )
    TRUST_UNREADABLE = Row(
        "the trust policy of role {role} has a form that IAM does not document",
        Settled.AUTHOR,
        _MAY_ASSUME,
        'Fix its form, and allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in it.',
    )
    HELD_CONTESTED = Row(
        "role {role} has {policy} or not, depending on which resource that sets its policies is applied last",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Use one resource alone to set which roles have that policy, so that it is certain whether this one has it.",
    )
    CONTENT_ELSEWHERE = Row(
        "{policy} is not of this stack, so its content is not known",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Declare that policy in this stack, or detach it and allow logs:CreateLogStream and logs:PutLogEvents on the "
        "log group's streams in a policy of this stack.",
    )
    CONTENT_NOT_LISTED = Row(
        "{policy} is not in the pack's table of AWS managed policies, so its content is not known",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Detach it, and allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams in a policy of "
        "this stack.",
    )
    CONTENT_UNREADABLE = Row(
        "{policy} has a form that IAM does not document",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Fix its form, or detach it, and allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams "
        "in a policy of this stack.",
    )
    POLICIES_UNREADABLE = Row(
        "the list of inline policies of role {role} has a form that its provider does not document",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Use a list of objects, each with a name and a policy.",
    )
    MAY_WRITE_ON_CONDITION = Row("what role {role} may do is decided at run time", Settled.AUTHOR, _MAY_WRITE, _ALLOW)
    ORGANIZATION_NO_FLAG = Row(
        "whether it is an organization trail is said by {kind}, not by true or false",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Set isOrganizationTrail to true or false.",
    )
    ROLE_TWICE = Row(
        "several roles of this stack have that ARN",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Declare the role once, and do not read it in the same stack.",
    )
    ROLE_NOT_IN_AWS = Row(
        "the role does not exist in AWS",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Create the role first, or set the property to the ARN of another role.",
    )
    ROLE_NOT_LOOKED_UP = Row(
        "the role could not be looked up in AWS: {why}",
        Settled.AUTHOR,
        _MAY_WRITE,
        "Declare the role in this stack, or let the pack read it in AWS.",
    )

    TEMPLATE_UNREADABLE = Row(
        "its template {why}",
        Settled.AUTHOR,
        "the CloudTrail trails of this template are integrated",
        "Use a template that shows them: valid JSON or YAML of at most 51,200 bytes, without macros, aliases and "
        "merges.",
    )

    # --- all is known, and nobody can settle it here
    TEMPLATE_BY_URL = Row("its template is read from a URL", Settled.NOBODY)
    TRUST_ON_SOURCE = Row(
        "who may assume role {role} depends on aws:SourceArn or aws:SourceAccount, which AWS documents both as "
        "recommended and as not supported",
        Settled.NOBODY,
    )
    OTHER_STACK = Row("{property} comes from {source}, whose stack is not shown here", Settled.NOBODY)
    ORGANIZATION_ID = Row("the organization's id is not known", Settled.NOBODY)
    ROLE_ELSEWHERE = Row("what the role may do is not in this stack", Settled.NOBODY)
    ROLE_ONLY_READ = Row("role {role} is only read here, without all of its policies", Settled.NOBODY)
    CONTENT_NOT_DECODED = Row("AWS gives the content of {policy} in a form that cannot be read", Settled.NOBODY)
    AWS_GIVES_NO_ANSWER = Row("{why}", Settled.NOBODY)

    @property
    def settled(self) -> Settled:
        """By whom it can be settled."""
        return self.value.settled

    @property
    def advice(self) -> str:
        """What can be done about it; empty where an author cannot settle it."""
        return self.value.advice

    def of(self, **names: str) -> Doubt:
        """This reason with the names that its phrases have, as a message shows them."""
        return Doubt(self, tuple(sorted(names.items())))


@dataclass(frozen=True)
class Doubt:
    """A reason with its names."""

    reason: Reason
    names: tuple[tuple[str, str], ...] = ()
    besides: str = ""
    """What else a message says of it, behind its phrase."""

    @property
    def phrase(self) -> str:
        """What keeps the rule from an answer."""
        return f"{self.reason.value.phrase.format(**dict(self.names))}{self.besides}"

    @property
    def unproven(self) -> str:
        """What is not proven, what keeps it from being so, and what to do: whole sentences."""
        row = self.reason.value
        return f"It is not proven that {row.unproven.format(**dict(self.names))}: {self.phrase}. {row.advice}"
