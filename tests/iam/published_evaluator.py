"""The answers of a published evaluator of IAM policies: the one that ministack, an emulator of AWS, enforces them with.

What it reads otherwise than AWS documents, so that documents to compare must not have it:

- an empty list counts as a missing element and so covers everything; to AWS such a statement "does not affect the
  policy" (IAM Access Analyzer, "Empty array action", "Empty array resource");
- a policy variable is plain text;
- what is not ASCII may match another letter without regard to case; IAM refuses most of it;
- what is no statement is skipped; IAM refuses the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document  # type: ignore[import-untyped]

from cloudtrail_logs.iam.document import Json

_ROLE: Final = "arn:aws:sts::111111111111:assumed-role/delivery/session"


class PublishedEvaluator:
    """What a role may do that has these documents as its policies, and this one as its permissions boundary."""

    def __init__(self, documents: Sequence[Json], boundary: Json = None) -> None:
        self._policies: list[Any] = [parse_policy_document(document) for document in documents]
        self._limits: list[Any] = [] if boundary is None else [[parse_policy_document(boundary)]]

    def allows(self, action: str, resource: str) -> bool:
        """Whether the role may do the action on the resource."""
        request = EvalContext(
            principal_arn=_ROLE,
            principal_type="AssumedRole",
            principal_account="111111111111",
            action=action,
            resource_arn=resource,
            region="us-east-1",
            source_ip="",
            secure_transport=True,
        )
        return bool(evaluate(request, self._policies, *self._limits).decision == "Allow")
