"""Which trust policies let CloudTrail assume a role, and why the others do not, word for word."""

from typing import Any

import pytest

from cloudtrail_logs.iam.document import Document, Unreadable, read_document
from cloudtrail_logs.iam.trust import TrustFailure, explain_trust_failure, trust_doubt, trusts_cloudtrail
from cloudtrail_logs.model.reasons import Reason
from cloudtrail_logs.model.value import UNKNOWN, Truth

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
LAMBDA = {"Service": "lambda.amazonaws.com"}
EXTERNAL_ID = {"StringEquals": {"sts:ExternalId": "x"}}
ROLE = "arn:aws:iam::123456789012:role/x"


def let(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def keep(principal: Any, **more: Any) -> dict[str, Any]:
    return let(principal, **{"Effect": "Deny", **more})


def all_but(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "NotPrincipal": principal, "Action": "sts:AssumeRole"}


def not_about(*actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": CLOUDTRAIL, "NotAction": list(actions)}


def document(*statements: Any) -> Any:
    return read_document({"Version": "2012-10-17", "Statement": list(statements)})


ANSWERS: list[tuple[str, tuple[Any, ...], Truth]] = [
    ("CloudTrail", (let(CLOUDTRAIL),), Truth.YES),
    ("CloudTrail among others", (let(LAMBDA), let({"Service": ["ec2.amazonaws.com", "cloudtrail.amazonaws.com"]})), Truth.YES),
    ("a service that is not known", (let({"Service": UNKNOWN}),), Truth.MAYBE),
    ("every service", (let({"Service": "*"}),), Truth.MAYBE),
    ("another service", (let(LAMBDA),), Truth.NO),
    ("CloudTrail in another case", (let({"Service": "CloudTrail.amazonaws.com"}),), Truth.NO),
    ("CloudTrail in another case beside it", (let({"Service": ["CloudTrail.amazonaws.com", "cloudtrail.amazonaws.com"]}),), Truth.YES),
    ("CloudTrail of China", (let({"Service": "cloudtrail.amazonaws.com.cn"}),), Truth.NO),
    ("denied to CloudTrail in another case", (let(CLOUDTRAIL), keep({"Service": "CloudTrail.amazonaws.com"})), Truth.YES),
    ("everybody", (let("*"),), Truth.MAYBE),
    ("every account", (let({"AWS": "*"}),), Truth.MAYBE),
    ("an account that is not known", (let({"AWS": UNKNOWN}),), Truth.MAYBE),
    ("CloudTrail as an account", (let({"AWS": "cloudtrail.amazonaws.com"}),), Truth.NO),
    ("every identity of a provider", (let({"Federated": "*"}),), Truth.NO),
    ("principals that are not known", (let(UNKNOWN),), Truth.MAYBE),
    ("no principals", ({"Effect": "Allow", "Action": "sts:AssumeRole"},), Truth.MAYBE),
    ("nothing", (), Truth.NO),
    ("another action", (let(CLOUDTRAIL, Action="sts:TagSession"),), Truth.NO),
    ("every action", (let(CLOUDTRAIL, Action="sts:*"),), Truth.YES),
    ("an external id", (let(CLOUDTRAIL, Condition=EXTERNAL_ID),), Truth.NO),
    ("a condition of the request", (let(CLOUDTRAIL, Condition={"StringEquals": {"aws:SourceArn": "x"}}),), Truth.MAYBE),
    ("with resources", (let(CLOUDTRAIL, Resource="*"),), Truth.MAYBE),
    ("an effect that is not known", (let(CLOUDTRAIL, Effect=UNKNOWN),), Truth.MAYBE),
    ("denied again", (let(CLOUDTRAIL), keep(CLOUDTRAIL)), Truth.NO),
    ("denied to another service", (let(CLOUDTRAIL), keep(LAMBDA)), Truth.YES),
    ("denied to everybody", (let(CLOUDTRAIL), keep("*")), Truth.MAYBE),
    ("denied to all but CloudTrail", (let(CLOUDTRAIL), all_but(CLOUDTRAIL, "Deny")), Truth.YES),
    ("denied to all but another service", (let(CLOUDTRAIL), all_but(LAMBDA, "Deny")), Truth.NO),
    ("all but another service", (all_but(LAMBDA),), Truth.MAYBE),
    ("all but CloudTrail", (all_but(CLOUDTRAIL),), Truth.NO),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "expected"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS])
def test_the_answer(statements: tuple[Any, ...], expected: Truth) -> None:
    assert trusts_cloudtrail(document(*statements)) is expected


def test_what_is_not_known_and_what_iam_refuses() -> None:
    assert trusts_cloudtrail(UNKNOWN) is Truth.MAYBE
    assert trusts_cloudtrail(Unreadable("is encoded twice")) is Truth.NO


SOURCE = {"ArnLike": {"AWS:SourceArn": "arn:aws:cloudtrail:*"}}
BOTH = {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*"}, "StringEquals": {"aws:PrincipalTag/a": "b"}}
DOUBTS: list[tuple[Any, Reason]] = [
    (UNKNOWN, Reason.TRUST_UNKNOWN),
    (document(let({"Service": UNKNOWN})), Reason.TRUST_UNKNOWN),
    (document(let(CLOUDTRAIL, Effect=UNKNOWN)), Reason.TRUST_UNKNOWN),
    (document(let("*"), let({"Service": UNKNOWN})), Reason.TRUST_UNKNOWN),
    (document(let(CLOUDTRAIL), keep(UNKNOWN)), Reason.TRUST_UNKNOWN),
    # Some statement decides that only runs can tell.
    (document(let(CLOUDTRAIL, Condition=SOURCE)), Reason.TRUST_ON_SOURCE),
    (document(let("*"), let(CLOUDTRAIL, Condition=SOURCE)), Reason.TRUST_ON_SOURCE),
    (document(let(CLOUDTRAIL), keep(CLOUDTRAIL, Condition=SOURCE)), Reason.TRUST_ON_SOURCE),
    (document(let(CLOUDTRAIL, Condition=BOTH)), Reason.TRUST_CONDITION),
    (document(let(CLOUDTRAIL, Condition="x")), Reason.TRUST_CONDITION),
    (document(let(CLOUDTRAIL, Condition={"ArnLike": "x"})), Reason.TRUST_CONDITION),
    (document(let(CLOUDTRAIL), keep(CLOUDTRAIL, Condition=BOTH)), Reason.TRUST_CONDITION),
    (document(let(CLOUDTRAIL, Condition=SOURCE), keep(CLOUDTRAIL, Condition=BOTH)), Reason.TRUST_CONDITION),
    (document(let({"Service": UNKNOWN}), keep(CLOUDTRAIL, Condition=BOTH)), Reason.TRUST_CONDITION),
    # It is about everybody, and whether that includes CloudTrail is not documented.
    (document(let("*")), Reason.TRUST_EVERYBODY),
    (document(let({"Service": "*"})), Reason.TRUST_EVERYBODY),
    (document(let("*", Condition=SOURCE)), Reason.TRUST_EVERYBODY),
    (document(let(CLOUDTRAIL), keep("*")), Reason.TRUST_EVERYBODY),
    (document(let(LAMBDA), let("*"), let(CLOUDTRAIL, Condition=BOTH)), Reason.TRUST_EVERYBODY),
    (document(let("*"), keep(LAMBDA)), Reason.TRUST_EVERYBODY),
    # It has a form that IAM does not document.
    (document(let(CLOUDTRAIL, Effect="Perhaps")), Reason.TRUST_UNREADABLE),
    (document(let(CLOUDTRAIL, Resource="*")), Reason.TRUST_UNREADABLE),
    (document({"Effect": "Allow", "Principal": CLOUDTRAIL}), Reason.TRUST_UNREADABLE),
    (document({"Effect": "Allow", "Action": "sts:AssumeRole"}), Reason.TRUST_UNREADABLE),
    (document(all_but(LAMBDA)), Reason.TRUST_UNREADABLE),
    (document(let(7)), Reason.TRUST_UNREADABLE),
    (document(let("*", Resource="*")), Reason.TRUST_UNREADABLE),
]  # fmt: skip


@pytest.mark.parametrize(("trust", "expected"), DOUBTS, ids=range(len(DOUBTS)))
def test_why_it_is_not_known(trust: Any, expected: Reason) -> None:
    assert trusts_cloudtrail(trust) is Truth.MAYBE
    assert trust_doubt(trust) is expected


SERVICES = (
    *(
        "CloudTrail.amazonaws.com",
        "CLOUDTRAIL.AMAZONAWS.COM",
        "cloudtrail.amazonaws.com.cn",
        "cloudtrail.Amazonaws.com.CN",
    ),
    *("cloudtrail.us-east-1.amazonaws.com", "cloudtrail.amazonaws.eu", "cloudtrail.c2s.ic.gov"),
    *("cloudtrail.sc2s.sgov.gov", "cloudtrail.cloud.adc-e.uk", "cloudtrail.csp.hci.ic.gov"),
)
NO_SERVICES = ("hunter2", "amazonaws.com", "hunter2.com", "cloudtrail.amazonaws.com hunter2", "hunter2 amazonaws.com", "hunter2\u212a.amazonaws.com", f"{'a' * 61}.amazonaws.com")  # fmt: skip
LET = 'Allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in it.'
WHY: list[tuple[Document | Unreadable, str, str]] = [
    (Unreadable("is encoded twice"), "is encoded twice", "Encode it once."),
    (document(let(CLOUDTRAIL), keep(CLOUDTRAIL)), "denies cloudtrail.amazonaws.com (statement 2)", "Exclude cloudtrail.amazonaws.com from that Deny."),
    (document(keep(LAMBDA), keep(CLOUDTRAIL, Sid="Never")), 'denies cloudtrail.amazonaws.com (statement "Never")', "Exclude cloudtrail.amazonaws.com from that Deny."),
    (document(all_but(CLOUDTRAIL)), "excludes cloudtrail.amazonaws.com with NotPrincipal (statement 1)", LET),
    (document(let(LAMBDA), let(CLOUDTRAIL, Action="sts:TagSession")), "names cloudtrail.amazonaws.com, but not the action sts:AssumeRole (statement 2)", "Add sts:AssumeRole to it."),
    (document(not_about("sts:AssumeRole", "sts:TagSession")), "names cloudtrail.amazonaws.com, but its NotAction excludes sts:AssumeRole (statement 1)", "Remove sts:AssumeRole from it."),
    (document(not_about("STS:assumerole", "iam:*")), "names cloudtrail.amazonaws.com, but its NotAction excludes sts:AssumeRole (statement 1)", "Remove sts:AssumeRole from it."),
    (document(not_about("sts:AssumeRole")), "names cloudtrail.amazonaws.com, but its NotAction excludes sts:AssumeRole (statement 1)", LET),
    (document(not_about("sts:*", "sts:AssumeRole")), "names cloudtrail.amazonaws.com, but its NotAction excludes sts:AssumeRole (statement 1)", LET),
    (document(let(LAMBDA), keep(CLOUDTRAIL, Action="sts:TagSession")), "allows lambda.amazonaws.com to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let(LAMBDA), keep(CLOUDTRAIL, Condition=EXTERNAL_ID)), "allows lambda.amazonaws.com to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let(LAMBDA), keep(CLOUDTRAIL, Resource="*")), "allows lambda.amazonaws.com to assume it, but not cloudtrail.amazonaws.com", LET),
    (document({**all_but(LAMBDA), "Action": "sts:TagSession"}), "allows no principal to assume it", LET),
    (document(let(LAMBDA), let(CLOUDTRAIL, Condition=EXTERNAL_ID)), "requires an external ID, which cloudtrail.amazonaws.com never sends (statement 2)", "Remove that condition."),
    (document(), "allows no principal to assume it", LET),
    (document(keep(LAMBDA)), "allows no principal to assume it", LET),
    (document(let(LAMBDA)), "allows lambda.amazonaws.com to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com.cn"]}), let(LAMBDA)), "allows lambda.amazonaws.com and ec2.amazonaws.com.cn to assume it, but not cloudtrail.amazonaws.com", LET),
    *((document(let({"Service": name})), f"allows {name} to assume it, but not cloudtrail.amazonaws.com", LET) for name in SERVICES),
    *((document(let({"Service": name})), "allows another Service principal to assume it, but not cloudtrail.amazonaws.com", LET) for name in NO_SERVICES),
    (document(let({"AWS": ["123456789012", ROLE]})), f"allows 123456789012 and {ROLE} to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let({"AWS": "lambda.amazonaws.com"})), "allows another AWS principal to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let({"Service": "123456789012"})), "allows another Service principal to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let({"Federated": "hunter2", "CanonicalUser": "hunter2", "hunter2": "hunter2"})), "allows another Federated principal, another CanonicalUser principal and another principal to assume it, but not cloudtrail.amazonaws.com", LET),
    (document(let({"Service": [f"{name}.amazonaws.com" for name in "abcde"]})), "allows a.amazonaws.com, b.amazonaws.com, c.amazonaws.com and 2 more to assume it, but not cloudtrail.amazonaws.com", LET),
]  # fmt: skip


@pytest.mark.parametrize(("trust", "why", "remedy"), WHY, ids=[case[1] for case in WHY])
def test_why(trust: Document | Unreadable, why: str, remedy: str) -> None:
    assert trusts_cloudtrail(trust) is Truth.NO
    assert explain_trust_failure(trust) == TrustFailure(why, remedy)
