"""What keeps a trail's events from its log group, word for word, and where a trail delivers to."""

from dataclasses import replace
from typing import Any

import pytest

from cloudtrail_logs.configuration.settings import CanDeliverSettings, ExternalRoles
from cloudtrail_logs.iam.document import Unreadable, read_document
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.role import DeliveryRole, Permissions
from cloudtrail_logs.model.arn import RoleArn
from cloudtrail_logs.model.aws_answers import PermissionsQuestion, Presence, Unavailable
from cloudtrail_logs.model.declared import DeclaredLogGroup, DeclaredRole, DeliveryPlace, catalogue_of_roles
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotText, Truth
from cloudtrail_logs.model.verdict import Answer, Code, Problem, Verdict
from cloudtrail_logs.rules.role_can_deliver import judge, judge_role, place_of, questions

from .trails import ACCOUNT, LOG_GROUP_ARN, NOTHING_DECLARED, OTHER_ACCOUNT, ROLE_ARN, InStack, trail

PLACE = DeliveryPlace("aws", "us-east-1", ACCOUNT, "audit")
CLOUDTRAIL = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
CREATE, PUT = "logs:CreateLogStream", "logs:PutLogEvents"
STREAM = f"{ACCOUNT}_CloudTrail_us-east-1"
STREAMS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:log-stream:"
ROLE = "cloudWatchLogsRoleArn"


def document(*statements: Any) -> Any:
    return read_document({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Any, resources: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def role(*statements: Any, trust: Any = None, complete: bool = True) -> DeliveryRole:
    grants = (Grant('policy "p"', document(*statements)),) if statements else ()
    return DeliveryRole("delivery", trust or document(CLOUDTRAIL), Permissions(grants, complete, None))


RIGHT = role(allow([CREATE, PUT]))


def untrusted(why: str) -> Problem:
    return Problem(Code.ROLE_TRUST_MISSING, f'{ROLE} names role "delivery", whose trust policy {why}')


def denied(actions: str, why: str, stream: str = STREAM, group: str = 'log group "audit"') -> Problem:
    return Problem(
        Code.ROLE_PERMISSION_MISSING,
        f'{ROLE} names role "delivery", which is not allowed to call {actions} on stream {stream} of {group}. {why}',
    )


NO_POLICY = f"It has no policy that could allow it. Allow {{actions}} on {LOG_GROUP_ARN}."
BOTH = f"{CREATE} and {PUT}"
LET = 'Allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in it.'
OWN = allow([CREATE, PUT], f"{STREAMS}{ACCOUNT}_*")
OWN_ONLY = role(allow([CREATE, PUT], f"{STREAMS}{ACCOUNT}_CloudTrail_*"))
VERDICTS: list[tuple[str, dict[str, Any], DeliveryRole, DeliveryPlace | None, Verdict]] = [
    ("right", {}, RIGHT, PLACE, Verdict()),
    ("both actions for one reason", {}, role(), PLACE, Verdict((denied(BOTH, NO_POLICY.replace("{actions}", BOTH)),))),
    ("one action", {}, role(allow(CREATE)), PLACE, Verdict((denied(PUT, f'The closest match is statement 1 of policy "p", but it allows only {CREATE} there. Add {PUT} to it.'),))),
    ("both actions for two reasons", {}, role(allow(CREATE, STREAMS + "x"), allow(PUT, STREAMS + "y")), PLACE, Verdict((
        denied(CREATE, f'The closest match is statement 1 of policy "p", but its Resource {STREAMS}x does not cover all of its streams. Set it to {LOG_GROUP_ARN}.'),
        denied(PUT, f'The closest match is statement 2 of policy "p", but its Resource {STREAMS}y does not cover all of its streams. Set it to {LOG_GROUP_ARN}.'),
    ))),
    ("a log group whose name is not known", {}, role(), DeliveryPlace("aws", "us-east-1", ACCOUNT, UNKNOWN), Verdict((denied(BOTH, f"It has no policy that could allow it. Allow {BOTH} on arn:aws:logs:us-east-1:{ACCOUNT}:log-group:NAME:*.", group="its log group"),))),
    ("without a log group", {}, role(), None, Verdict()),
    ("permissions that are not known", {}, role(complete=False), PLACE, Verdict(waits_on=(ROLE,), remark='not all policies of role "delivery" are known')),
    ("trust that is not known", {}, role(allow([CREATE, PUT]), trust=UNKNOWN), PLACE, Verdict(waits_on=(ROLE,), remark='the trust policy of role "delivery" is not known')),
    ("nobody trusted", {}, role(allow([CREATE, PUT]), trust=document()), PLACE, Verdict((untrusted(f"allows no principal to assume it. {LET}"),))),
    ("nobody trusted, without a log group", {}, role(trust=document()), None, Verdict((untrusted(f"allows no principal to assume it. {LET}"),))),
    ("a trust policy that IAM refuses", {}, role(allow([CREATE, PUT]), trust=Unreadable("is encoded twice")), PLACE, Verdict((untrusted("is encoded twice. Encode it once."),))),
    ("nobody trusted, and nothing allowed", {}, role(trust=document()), PLACE, Verdict((untrusted(f"allows no principal to assume it. {LET}"), denied(BOTH, NO_POLICY.replace("{actions}", BOTH))))),
    ("its own streams only", {}, OWN_ONLY, PLACE, Verdict()),
    ("its own streams only, of an organization", {"organization": True}, OWN_ONLY, PLACE, Verdict((denied(BOTH, f'The closest match is statement 1 of policy "p", but its Resource {STREAMS}{ACCOUNT}_CloudTrail_* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.', stream="o-ORGANIZATION_MEMBER_CloudTrail_us-east-1"),))),
    ("its own streams only, perhaps of an organization", {"organization": UNKNOWN}, OWN_ONLY, PLACE, Verdict(waits_on=(ROLE,), remark="whether it is an organization trail is not known")),
    ("an organization for each action", {"organization": True}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-bbbbbbbbbb_*")), PLACE, Verdict((denied(PUT, f'This is for organization o-aaaaaaaaaa; for any other, a call is denied as well. The closest match is statement 3 of policy "p", but its Resource {STREAMS}o-bbbbbbbbbb_* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.', stream="o-aaaaaaaaaa_MEMBER_CloudTrail_us-east-1"),))),
    ("an organization for both actions", {"organization": True}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-aaaaaaaaaa_*")), PLACE, Verdict(waits_on=(ROLE,), remark="the organization's id is not known")),
    ("an organization for each action, perhaps of an organization", {"organization": UNKNOWN}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-bbbbbbbbbb_*")), PLACE, Verdict(waits_on=(ROLE,), remark="whether it is an organization trail is not known")),
    ("an organization for each action, not of an organization", {}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-bbbbbbbbbb_*")), PLACE, Verdict()),
    ("an organization for each action, and an action denied to all", {"organization": True}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*")), PLACE, Verdict((denied(PUT, f'The closest match is statement 1 of policy "p", but its Resource {STREAMS}{ACCOUNT}_* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.', stream="o-ORGANIZATION_MEMBER_CloudTrail_us-east-1"),), waits_on=(ROLE,), remark="the organization's id is not known")),
    ("an account for each action", {}, role(allow(CREATE, LOG_GROUP_ARN), allow(PUT, LOG_GROUP_ARN.replace(ACCOUNT, OTHER_ACCOUNT))), replace(PLACE, account=UNKNOWN), Verdict((denied(PUT, f'This is for account {ACCOUNT}; for any other, a call is denied as well. The closest match is statement 1 of policy "p", but it allows only {CREATE} there. Add {PUT} to it.'),))),
    ("every stream, perhaps of an organization", {"organization": UNKNOWN}, RIGHT, PLACE, Verdict()),
    ("every stream, not plainly, perhaps of an organization", {"organization": UNKNOWN}, role(allow("logs:*Log*")), PLACE, Verdict()),
    ("no stream, perhaps of an organization", {"organization": UNKNOWN}, role(), PLACE, Verdict((denied(BOTH, NO_POLICY.replace("{actions}", BOTH)),))),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "held", "place", "verdict"), [case[1:] for case in VERDICTS], ids=[case[0] for case in VERDICTS])  # fmt: skip
def test_the_verdict(
    changes: dict[str, Any], held: DeliveryRole, place: DeliveryPlace | None, verdict: Verdict
) -> None:
    assert judge_role(trail(**changes), held, place) == verdict


def one(grant: Grant, **changes: Any) -> DeliveryRole:
    return DeliveryRole("delivery", document(CLOUDTRAIL), Permissions((grant,), True, None))


ALL = document(allow([CREATE, PUT]))
CONDITION = {**CLOUDTRAIL, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
ORGANIZATION_STREAMS = role(
    allow([CREATE, PUT], [f"{STREAMS}{ACCOUNT}_CloudTrail_*", f"{STREAMS}o-abcdefghij_*_CloudTrail_*"])
)
REASONS: list[tuple[dict[str, Any], DeliveryRole, DeliveryPlace, str]] = [
    ({}, one(Grant('policy "p"', UNKNOWN)), PLACE, 'the content of policy "p" is not known'),
    ({}, one(Grant('policy "p"', document(allow([CREATE, PUT], UNKNOWN)))), PLACE, 'the content of policy "p" is not known'),
    ({}, one(Grant('policy "p"', ALL, Truth.MAYBE)), PLACE, 'whether role "delivery" has policy "p" is not known'),
    ({}, role(allow([CREATE, PUT], f"{STREAMS}*")), replace(PLACE, account=UNKNOWN), "the account of the log group is not known"),
    ({}, role(allow([CREATE, PUT], f"{STREAMS}*")), replace(PLACE, account=UNKNOWN, name=UNKNOWN), "the account and the name of the log group are not known"),
    ({"organization": True}, ORGANIZATION_STREAMS, PLACE, "the organization's id is not known"),
    ({}, role(allow([CREATE, PUT]), trust=document(CONDITION)), PLACE, 'who may assume role "delivery" is decided at run time'),
    ({}, role(allow([CREATE, PUT]), trust=document({**CLOUDTRAIL, "Principal": UNKNOWN})), PLACE, 'the trust policy of role "delivery" is not known'),
    ({}, role({**allow([CREATE, PUT]), "Condition": CONDITION["Condition"]}), PLACE, 'what role "delivery" may do is decided at run time'),
    ({"organization": True}, role({**allow([CREATE, PUT]), "Condition": CONDITION["Condition"]}), PLACE, 'what role "delivery" may do is decided at run time'),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "held", "place", "remark"), REASONS, ids=[case[-1] for case in REASONS])
def test_why_it_cannot_be_told(changes: dict[str, Any], held: DeliveryRole, place: DeliveryPlace, remark: str) -> None:
    verdict = judge_role(trail(**changes), held, place)
    assert (verdict.answer, verdict.remark) == (Answer.CANNOT_TELL, remark)


LOOKUP, IGNORE = CanDeliverSettings(external_roles=ExternalRoles.LOOKUP), CanDeliverSettings()
QUESTION = PermissionsQuestion(RoleArn("aws", ACCOUNT, "/", "delivery"))


@pytest.mark.parametrize(
    ("arn", "settings", "answer", "verdict"),
    [
        (ABSENT, LOOKUP, None, Verdict(remark="the trail names no role")),
        (UNKNOWN, LOOKUP, None, Verdict(waits_on=(ROLE,))),
        (ROLE_ARN, LOOKUP, None, Verdict(remark="what the role may do is not in this stack", undetermined=True)),
        (ROLE_ARN, LOOKUP, Presence.ABSENT, Verdict(remark="the role does not exist in AWS", undetermined=True)),
        (ROLE_ARN, LOOKUP, Unavailable("access denied"), Verdict(remark="the role could not be looked up in AWS: access denied", undetermined=True)),
        (ROLE_ARN, LOOKUP, RIGHT, Verdict()),
        (ROLE_ARN, LOOKUP, role(trust=document()), judge_role(trail(), role(trust=document()), PLACE)),
        (ROLE_ARN, IGNORE, RIGHT, Verdict(remark="what the role may do is not in this stack", undetermined=True)),
    ],
)  # fmt: skip
def test_a_role_that_is_not_of_the_stack(arn: Any, settings: CanDeliverSettings, answer: Any, verdict: Verdict) -> None:
    given = InStack(trail(role_arn=arn))
    assert judge(given, settings, {QUESTION: answer} if answer else {}) == verdict
    assert verdict.answer is not Answer.RIGHT or arn is ABSENT or answer is RIGHT


@pytest.mark.parametrize(
    ("declared_roles", "remark"),
    [
        (("delivery", "delivery"), "several roles of this stack may be the one"),
        ((UNKNOWN,), "the name of a role of this stack is not known"),
        (("other",), "what the role may do is not in this stack"),
    ],
)
def test_which_role_of_the_stack_is_not_told(declared_roles: Any, remark: str) -> None:
    roles = [replace(DELIVERY, name=name, beginning=name, urn=f"{place}") for place, name in enumerate(declared_roles)]
    declarations = replace(NOTHING_DECLARED, roles=catalogue_of_roles(roles))
    assert judge(InStack(trail(), declarations=declarations), IGNORE) == Verdict(remark=remark, undetermined=True)


DELIVERY = DeclaredRole("delivery-role", "delivery", "/", "delivery", UNKNOWN, ABSENT, True)


@pytest.mark.parametrize(
    ("arn", "settings", "declared_roles", "asked"),
    [
        (ROLE_ARN, LOOKUP, (), (QUESTION,)),
        (ROLE_ARN, IGNORE, (), ()),
        (ROLE_ARN, LOOKUP, (DELIVERY,), ()),
        (ROLE_ARN, LOOKUP, (DELIVERY, replace(DELIVERY, label="b", urn="b")), ()),
        (ROLE_ARN, LOOKUP, (replace(DELIVERY, name=UNKNOWN),), ()),
        (ROLE_ARN, LOOKUP, (replace(DELIVERY, name="other"),), (QUESTION,)),
        (UNKNOWN, LOOKUP, (), ()),
        ("audit", LOOKUP, (), ()),
    ],
)
def test_what_is_asked(arn: Any, settings: CanDeliverSettings, declared_roles: Any, asked: Any) -> None:
    declarations = replace(NOTHING_DECLARED, roles=catalogue_of_roles(declared_roles))
    assert questions(InStack(trail(role_arn=arn), declarations=declarations), settings) == asked


AUDIT = DeclaredLogGroup("audit-logs", "audit", "audit", UNKNOWN, False, "us-east-1", ACCOUNT, ABSENT)


def declared(**changes: Any) -> DeclaredLogGroup:
    return replace(AUDIT, **changes)


UNKNOWN_GROUP = {"log_group_arn": UNKNOWN}
NOWHERE = {"region": ABSENT, "account": ABSENT}
CHINA_ROLE = f"arn:aws-cn:iam::{OTHER_ACCOUNT}:role/delivery"
PLACES: list[tuple[str, dict[str, Any], DeclaredLogGroup | None, DeliveryPlace | None]] = [
    ("its ARN", {"region": "eu-west-1", "account": OTHER_ACCOUNT}, declared(name="other", account=OTHER_ACCOUNT), PLACE),
    ("no ARN", {"log_group_arn": ABSENT}, declared(), None),
    ("another ARN", {"log_group_arn": ROLE_ARN}, declared(), None),
    ("no text", {"log_group_arn": NotText("a list")}, declared(), None),
    ("the declared log group's ARN", UNKNOWN_GROUP, declared(arn=LOG_GROUP_ARN.replace(":audit", ":declared"), region="eu-west-1"), DeliveryPlace("aws", "us-east-1", ACCOUNT, "declared")),
    ("the declared log group", {**UNKNOWN_GROUP, "region": "eu-west-1", "account": OTHER_ACCOUNT, "role_arn": CHINA_ROLE}, declared(), PLACE),
    ("a declared log group of no known place", {**UNKNOWN_GROUP, "account": OTHER_ACCOUNT}, declared(**NOWHERE), PLACE),
    ("the trail", {**UNKNOWN_GROUP, "role_arn": UNKNOWN, "account": ACCOUNT}, declared(**NOWHERE), PLACE),
    ("the trail, of an organization", {**UNKNOWN_GROUP, "role_arn": UNKNOWN, "account": ACCOUNT, "organization": True}, declared(**NOWHERE), DeliveryPlace("aws", "us-east-1", UNKNOWN, "audit")),
    ("the role", {**UNKNOWN_GROUP, "region": ABSENT, "role_arn": CHINA_ROLE}, None, DeliveryPlace("aws-cn", UNKNOWN, OTHER_ACCOUNT, UNKNOWN)),
    ("a region of no known partition, and the role", {**UNKNOWN_GROUP, "region": "xx-east-1"}, None, DeliveryPlace("aws", "xx-east-1", ACCOUNT, UNKNOWN)),
    ("a role that is none", {**UNKNOWN_GROUP, "role_arn": "audit"}, None, DeliveryPlace("aws", "us-east-1", UNKNOWN, UNKNOWN)),
    ("nothing", {**UNKNOWN_GROUP, "region": ABSENT, "role_arn": UNKNOWN}, None, DeliveryPlace(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "group", "place"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_the_place(changes: dict[str, Any], group: DeclaredLogGroup | None, place: DeliveryPlace | None) -> None:
    assert place_of(trail(**changes), group) == place
