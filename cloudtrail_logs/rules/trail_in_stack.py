"""What the rules of stack policies are given: a trail, what its stack shows of what it names, and what AWS answered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from ..iam.role import DeliveryRole
from ..model.aws_answers import (
    DeliveryQuestion,
    DeliveryStatus,
    ExistenceQuestion,
    PermissionsQuestion,
    Presence,
    Unavailable,
)
from ..model.declared import Declarations, DeclaredLogGroup, DeclaredRole, Source
from ..model.trail import Trail

Question = ExistenceQuestion | PermissionsQuestion | DeliveryQuestion
Answers = Mapping[Question, Presence | DeliveryRole | DeliveryStatus | Unavailable]

NO_ANSWERS: Final[Answers] = MappingProxyType({})


class TrailInStack(Protocol):
    """One trail, and what its stack shows of it. Each part is found out when it is first asked for."""

    @property
    def trail(self) -> Trail:
        """The trail itself."""

    @property
    def log_group_source(self) -> Source[DeclaredLogGroup]:
        """What its log group property was made of."""

    @property
    def role_source(self) -> Source[DeclaredRole]:
        """What its role property was made of."""

    @property
    def declarations(self) -> Declarations:
        """The log groups and roles of the stack."""

    @property
    def delivery_role(self) -> DeliveryRole | None:
        """The role that it names, with what that may do; None where it is not in this stack, or is not known."""

    @property
    def in_sample(self) -> TrailInStack | None:
        """The same trail in a place that stands for any (`model.sample_place`); None where its place is known."""

    @property
    def delivery_question(self) -> DeliveryQuestion | None:
        """What to ask AWS about its delivery; None where the trail does not exist yet."""
