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
from cloudtrail_logs.model.declared import (
    DeclaredLogGroup,
    DeclaredRole,
    DeliveryPlace,
    Origin,
    OtherResource,
    Source,
    catalogue_of_roles,
)
from cloudtrail_logs.model.reasons import Reason
from cloudtrail_logs.model.value import ABSENT, UNKNOWN, NotFlag, NotText, Truth
from cloudtrail_logs.model.verdict import Answer, Code, Problem, Verdict
from cloudtrail_logs.rules.proof import with_proof
from cloudtrail_logs.rules.role_can_deliver import judge, judge_role, place_of, questions

from .trails import ACCOUNT, LOG_GROUP_ARN, NOTHING_DECLARED, OTHER_ACCOUNT, ROLE_ARN, InStack, trail

PLACE = DeliveryPlace("aws", "us-east-1", ACCOUNT, "audit")
CLOUDTRAIL = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}
CREATE, PUT = "logs:CreateLogStream", "logs:PutLogEvents"
STREAM = f"{ACCOUNT}_CloudTrail_us-east-1"
STREAMS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:log-stream:"
ROLE = "cloudWatchLogsRoleArn"
NAMES = {"role": '"delivery"', "property": ROLE}


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
    ("permissions that are not known", {}, role(complete=False), PLACE, Verdict(waits_on=(ROLE,), doubts=(Reason.POLICIES_UNKNOWN.of(**NAMES),))),
    ("trust that is not known", {}, role(allow([CREATE, PUT]), trust=UNKNOWN), PLACE, Verdict(waits_on=(ROLE,), doubts=(Reason.TRUST_UNKNOWN.of(**NAMES),))),
    ("nobody trusted", {}, role(allow([CREATE, PUT]), trust=document()), PLACE, Verdict((untrusted(f"allows no principal to assume it. {LET}"),))),
    ("nobody trusted, without a log group", {}, role(trust=document()), None, Verdict((untrusted(f"allows no principal to assume it. {LET}"),))),
    ("a trust policy that IAM refuses", {}, role(allow([CREATE, PUT]), trust=Unreadable("is encoded twice")), PLACE, Verdict((untrusted("is encoded twice. Encode it once."),))),
    ("nobody trusted, and nothing allowed", {}, role(trust=document()), PLACE, Verdict((untrusted(f"allows no principal to assume it. {LET}"), denied(BOTH, NO_POLICY.replace("{actions}", BOTH))))),
    ("its own streams only", {}, OWN_ONLY, PLACE, Verdict()),
    ("its own streams only, of an organization", {"organization": True}, OWN_ONLY, PLACE, Verdict((denied(BOTH, f'The closest match is statement 1 of policy "p", but its Resource {STREAMS}{ACCOUNT}_CloudTrail_* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.', stream="o-ORGANIZATION_MEMBER_CloudTrail_us-east-1"),))),
    ("its own streams only, perhaps of an organization", {"organization": UNKNOWN}, OWN_ONLY, PLACE, Verdict(waits_on=(ROLE,), doubts=(Reason.ORGANIZATION_UNKNOWN.of(**NAMES),))),
    ("an organization for each action", {"organization": True}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-bbbbbbbbbb_*")), PLACE, Verdict((denied(PUT, f'This is for organization o-aaaaaaaaaa; for any other, a call is denied as well. The closest match is statement 3 of policy "p", but its Resource {STREAMS}o-bbbbbbbbbb_* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.', stream="o-aaaaaaaaaa_MEMBER_CloudTrail_us-east-1"),))),
    ("an organization for both actions", {"organization": True}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-aaaaaaaaaa_*")), PLACE, Verdict(waits_on=(ROLE,), doubts=(Reason.ORGANIZATION_ID.of(**NAMES),))),
    ("an organization for each action, perhaps of an organization", {"organization": UNKNOWN}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-bbbbbbbbbb_*")), PLACE, Verdict(waits_on=(ROLE,), doubts=(Reason.ORGANIZATION_UNKNOWN.of(**NAMES),))),
    ("an organization for each action, not of an organization", {}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*"), allow(PUT, f"{STREAMS}o-bbbbbbbbbb_*")), PLACE, Verdict()),
    ("an organization for each action, and an action denied to all", {"organization": True}, role(OWN, allow(CREATE, f"{STREAMS}o-aaaaaaaaaa_*")), PLACE, Verdict((denied(PUT, f'The closest match is statement 1 of policy "p", but its Resource {STREAMS}{ACCOUNT}_* does not cover all of its streams. Set it to {LOG_GROUP_ARN}.', stream="o-ORGANIZATION_MEMBER_CloudTrail_us-east-1"),), waits_on=(ROLE,), doubts=(Reason.ORGANIZATION_ID.of(**NAMES),))),
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
        (ABSENT, LOOKUP, None, Verdict(doubts=(Reason.NAMES_NO_ROLE.of(),))),
        (UNKNOWN, LOOKUP, None, Verdict(waits_on=(ROLE,))),
        (ROLE_ARN, LOOKUP, None, Verdict(doubts=(Reason.ROLE_ELSEWHERE.of(property=ROLE),))),
        (ROLE_ARN, LOOKUP, Presence.ABSENT, Verdict(doubts=(Reason.ROLE_NOT_IN_AWS.of(property=ROLE),))),
        (ROLE_ARN, LOOKUP, Unavailable("access denied"), Verdict(doubts=(Reason.ROLE_NOT_LOOKED_UP.of(property=ROLE, why="access denied"),))),
        (ROLE_ARN, LOOKUP, RIGHT, Verdict()),
        (ROLE_ARN, LOOKUP, role(trust=document()), judge_role(trail(), role(trust=document()), PLACE)),
        (ROLE_ARN, IGNORE, RIGHT, Verdict(doubts=(Reason.ROLE_ELSEWHERE.of(property=ROLE),))),
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
    verdict = judge(InStack(trail(), declarations=declarations), IGNORE)
    assert (verdict.answer, verdict.remark) == (Answer.CANNOT_TELL, remark)


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


# --- what must be proven

PROOF = CanDeliverSettings(require_proof=True)
ALLOW = "Allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams in a policy of this stack, and in the role's permissions boundary if it has one, without a Condition and without a policy variable, and exclude the streams from every Deny."  # fmt: skip
TRUST = 'Allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in a statement without a Condition, and exclude it from every Deny.'  # fmt: skip
EVERYBODY = {**CLOUDTRAIL, "Principal": "*"}
SOURCE = {
    **CLOUDTRAIL,
    "Condition": {"ArnLike": {"aws:SourceArn": "*"}, "StringEquals": {"AWS:SourceAccount": ACCOUNT}},
}
DENIED_EVERYBODY = {**EVERYBODY, "Effect": "Deny"}
ON_CONDITION = {**allow([CREATE, PUT]), "Condition": CONDITION["Condition"]}
MEMBERS = [f"{STREAMS}{ACCOUNT}_*", f"{STREAMS}o-abcdefghij_*"]
FOREIGN = f"managed policy arn:aws:iam::{ACCOUNT}:policy/foreign"
PAIR = [CREATE, PUT]


def may_assume(phrase: str) -> str:
    return f"[not-proven] It is not proven that CloudTrail may assume the role of {ROLE}: {phrase}. {TRUST}"


def may_write(phrase: str, advice: str = ALLOW) -> str:
    return f"[not-proven] It is not proven that the role of {ROLE} may write to the log group: {phrase}. {advice}"


AT_RUN_TIME = may_assume('who may assume role "delivery" is decided at run time')
EVERYBODY_TRUSTED = may_assume('the trust policy of role "delivery" is about everybody, and whether that includes CloudTrail is not documented')  # fmt: skip
NO_TRUST_POLICY = may_assume('the trust policy of role "delivery" has a form that IAM does not document').replace(TRUST, 'Fix its form, and allow {"Service": "cloudtrail.amazonaws.com"} to call sts:AssumeRole in it.')  # fmt: skip
DECIDED_LATER = may_write('what role "delivery" may do is decided at run time')
UNREADABLE_POLICY = may_write('policy "p" has a form that IAM does not document', "Fix its form, or detach it, and allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams in a policy of this stack.")  # fmt: skip
NOT_HELD = may_write('role "delivery" has policy "p" or not, depending on which resource that sets its policies is applied last', "Use one resource alone to set which roles have that policy, so that it is certain whether this one has it.")  # fmt: skip
ELSEWHERE = may_write(f"{FOREIGN} is not of this stack, so its content is not known", "Declare that policy in this stack, or detach it and allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams in a policy of this stack.")  # fmt: skip
NOT_LISTED = may_write('AWS managed policy "New" is not in the pack\'s table of AWS managed policies, so its content is not known', "Detach it, and allow logs:CreateLogStream and logs:PutLogEvents on the log group's streams in a policy of this stack.")  # fmt: skip
ODD_LIST = may_write('the list of inline policies of role "delivery" has a form that its provider does not document', "Use a list of objects, each with a name and a policy.")  # fmt: skip
NO_FLAG = may_write("whether it is an organization trail is said by a number, not by true or false", "Set isOrganizationTrail to true or false.")  # fmt: skip


def trusting(*statements: Any) -> DeliveryRole:
    return role(allow(PAIR), trust=document(*statements))


def having(*grants: Grant, complete: bool = True, why: Reason = Reason.POLICIES_UNKNOWN) -> DeliveryRole:
    return DeliveryRole("delivery", document(CLOUDTRAIL), Permissions(grants, complete, None, why))


UNREAD = Grant(FOREIGN, UNKNOWN, why_unknown=Reason.CONTENT_ELSEWHERE)
NO_POLICY_AT_ALL = Grant('policy "p"', read_document("hunter2"))
CONTESTED = Grant('policy "p"', ALL, Truth.MAYBE, why_maybe=Reason.HELD_CONTESTED)
UNPROVEN: list[tuple[str, dict[str, Any], DeliveryRole, list[str]]] = [
    # who may assume it
    ("a condition", {}, trusting(CONDITION), [AT_RUN_TIME]),
    ("a condition, and a value that is not known yet", {}, trusting({**CONDITION, "Resource": UNKNOWN}), []),
    ("a condition with a value that is not known yet", {}, trusting({**CLOUDTRAIL, "Condition": {"Bool": {"a": UNKNOWN}}}), []),
    ("a condition beside a plain statement", {}, trusting(CONDITION, CLOUDTRAIL), []),
    ("a condition on the source alone", {}, trusting(SOURCE), []),
    ("the source and another key", {}, trusting({**SOURCE, "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:PrincipalOrgID": "o-1"}}}), [AT_RUN_TIME]),
    ("the source, and everybody besides", {}, trusting(SOURCE, EVERYBODY), []),
    ("everybody", {}, trusting(EVERYBODY), [EVERYBODY_TRUSTED]),
    ("everybody, on the source", {}, trusting({**EVERYBODY, "Condition": SOURCE["Condition"]}), [EVERYBODY_TRUSTED]),
    ("everybody is denied", {}, trusting(CLOUDTRAIL, DENIED_EVERYBODY), [EVERYBODY_TRUSTED]),
    ("everybody is denied on a condition", {}, trusting(CLOUDTRAIL, {**DENIED_EVERYBODY, "Condition": CONDITION["Condition"]}), [AT_RUN_TIME]),
    ("denied on the source", {}, trusting(CLOUDTRAIL, {**SOURCE, "Effect": "Deny"}), []),
    ("the source, and a Deny on a condition", {}, trusting(SOURCE, {**CONDITION, "Effect": "Deny"}), [AT_RUN_TIME]),
    ("no principal", {}, trusting({"Effect": "Allow", "Action": "sts:AssumeRole"}), [NO_TRUST_POLICY]),
    ("no action", {}, trusting({"Effect": "Allow", "Principal": CLOUDTRAIL["Principal"]}), [NO_TRUST_POLICY]),
    ("all but somebody", {}, trusting({"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}), [NO_TRUST_POLICY]),
    ("a resource", {}, trusting({**CLOUDTRAIL, "Resource": "*"}), [NO_TRUST_POLICY]),
    ("no document", {}, role(allow(PAIR), trust=read_document("hunter2")), [NO_TRUST_POLICY]),
    ("a trust policy that is not known yet", {}, role(allow(PAIR), trust=UNKNOWN), []),
    ("both, and what it may do", {}, role(ON_CONDITION, trust=document(EVERYBODY)), [EVERYBODY_TRUSTED, DECIDED_LATER]),
    ("a condition, while what it may do is not known yet", {}, replace(having(Grant('policy "p"', UNKNOWN)), trust=document(CONDITION)), [AT_RUN_TIME]),
    # what it may do
    ("allowed on a condition", {}, role(ON_CONDITION), [DECIDED_LATER]),
    ("allowed on a condition, and without", {}, role(ON_CONDITION, allow(PAIR)), []),
    ("denied on a condition", {}, role(allow(PAIR), {**ON_CONDITION, "Effect": "Deny"}), [DECIDED_LATER]),
    ("one action on a condition, and the other not at all", {}, role({**ON_CONDITION, "Action": CREATE}), [denied(PUT, f'The closest match is statement 1 of policy "p", but it allows only {CREATE} there. Add {PUT} to it.').line, DECIDED_LATER]),
    ("a policy variable", {}, role(allow(PAIR, f"{STREAMS}${{aws:PrincipalTag/a}}*")), [DECIDED_LATER]),
    ("a value that is not known yet", {}, role(allow(PAIR, [UNKNOWN])), []),
    ("a value of a condition that is not known yet", {}, role({**ON_CONDITION, "Condition": {"Bool": {"a": UNKNOWN}}}), []),
    ("no document of a policy", {}, having(NO_POLICY_AT_ALL), [UNREADABLE_POLICY]),
    ("no document of a policy, beside a right one", {}, having(Grant('policy "q"', ALL), NO_POLICY_AT_ALL), [UNREADABLE_POLICY]),
    ("a policy of another stack", {}, having(UNREAD), [ELSEWHERE]),
    ("a policy of another stack, beside a right one", {}, having(Grant('policy "q"', ALL), UNREAD), [ELSEWHERE]),
    ("a policy of another stack, and one that is not known yet", {}, having(UNREAD, Grant('policy "q"', UNKNOWN)), [ELSEWHERE]),
    ("a condition, and a policy that is not known yet", {}, having(Grant('policy "p"', document(ON_CONDITION)), Grant('policy "q"', UNKNOWN)), []),
    ("denied on a condition, and a policy that is not known yet", {}, having(Grant('policy "p"', document({**ON_CONDITION, "Effect": "Deny"})), Grant('policy "q"', UNKNOWN)), [DECIDED_LATER]),
    ("denied by an odd statement, and a policy that is not known yet", {}, having(Grant('policy "p"', document({**allow(PAIR), "Effect": "deny"})), Grant('policy "q"', UNKNOWN)), [UNREADABLE_POLICY]),
    ("an odd statement about other things, and a policy that is not known yet", {}, having(Grant('policy "p"', document({**allow("s3:*"), "Effect": "deny"})), Grant('policy "q"', UNKNOWN)), []),
    ("denied to a policy variable, and a policy that is not known yet", {}, having(Grant('policy "p"', document({**allow(PAIR, f"{STREAMS}${{aws:PrincipalTag/a}}*"), "Effect": "Deny"})), Grant('policy "q"', UNKNOWN)), [DECIDED_LATER]),
    ("all but a policy variable", {}, role({"Effect": "Allow", "Action": PAIR, "NotResource": f"{STREAMS}${{aws:PrincipalTag/a}}*"}), [DECIDED_LATER]),
    ("all but another log group, by a policy variable", {}, role({"Effect": "Allow", "Action": PAIR, "NotResource": "arn:aws:s3:::${aws:PrincipalTag/a}"}), []),
    ("all actions but a number", {}, role({"Effect": "Allow", "NotAction": [7], "Resource": "*"}), [UNREADABLE_POLICY]),
    ("allowed with principals", {}, role({**allow(PAIR), "Principal": "*"}), [UNREADABLE_POLICY]),
    ("no action", {}, role({"Effect": "Allow", "Resource": "*"}), [UNREADABLE_POLICY]),
    ("a boundary of another stack", {}, replace(RIGHT, permissions=replace(RIGHT.permissions, boundary=UNREAD)), [ELSEWHERE]),
    ("a boundary on a condition", {}, replace(RIGHT, permissions=replace(RIGHT.permissions, boundary=Grant("the boundary", document(ON_CONDITION)))), [DECIDED_LATER]),
    ("a boundary that is not known yet", {}, replace(RIGHT, permissions=replace(RIGHT.permissions, boundary=Grant("the boundary", UNKNOWN))), []),
    ("a contested policy that denies", {}, having(Grant('policy "q"', ALL), replace(CONTESTED, document=document({**allow(PAIR), "Effect": "Deny"}))), [NOT_HELD]),
    ("a contested policy that denies other things", {}, having(Grant('policy "q"', ALL), replace(CONTESTED, document=document({**allow("s3:*"), "Effect": "Deny"}))), []),
    ("a policy of AWS's answer that cannot be read", {}, having(Grant('policy "p"', UNKNOWN, why_unknown=Reason.CONTENT_NOT_DECODED)), []),
    ("a policy of AWS that is not listed", {}, having(Grant('AWS managed policy "New"', UNKNOWN, why_unknown=Reason.CONTENT_NOT_LISTED)), [NOT_LISTED]),
    ("a policy that is contested", {}, having(CONTESTED), [NOT_HELD]),
    ("a policy that is contested, beside a right one", {}, having(Grant('policy "q"', ALL), CONTESTED), []),
    ("a policy that it may have", {}, having(replace(CONTESTED, why_maybe=Reason.HELD_UNKNOWN)), []),
    ("a contested policy about other things, beside a condition", {}, having(replace(CONTESTED, name="other", document=document(allow("s3:*"))), Grant('policy "p"', document(ON_CONDITION))), [DECIDED_LATER]),
    ("an unknown policy about other things, beside a condition", {}, having(Grant("other", document(allow("s3:*")), Truth.MAYBE), Grant('policy "p"', document(ON_CONDITION))), [DECIDED_LATER]),
    ("a list of policies of another form", {}, having(complete=False, why=Reason.POLICIES_UNREADABLE), [ODD_LIST]),
    ("a list of policies that is not known yet", {}, having(complete=False), []),
    ("a role that is only read", {}, having(complete=False, why=Reason.ROLE_ONLY_READ), []),
    # an organization trail
    ("the organization's id", {"organization": True}, role(allow(PAIR, MEMBERS)), []),
    ("the organization's id, on a condition", {"organization": True}, role({**ON_CONDITION, "Resource": MEMBERS}), [DECIDED_LATER]),
    ("members on a condition", {"organization": True}, role(allow(PAIR, MEMBERS[0]), {**ON_CONDITION, "Resource": MEMBERS[1]}), [DECIDED_LATER]),
    ("the organization's id, and a contested policy", {"organization": True}, having(Grant('policy "q"', document(allow(PAIR, MEMBERS))), CONTESTED), []),
    ("perhaps of an organization", {"organization": UNKNOWN}, OWN_ONLY, []),
    ("said to be of an organization by a number", {"organization": NotFlag("a number")}, OWN_ONLY, [NO_FLAG]),
    ("all streams, said to be of an organization by a number", {"organization": NotFlag("a number")}, RIGHT, []),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "held", "lines"), [case[1:] for case in UNPROVEN], ids=[case[0] for case in UNPROVEN])  # fmt: skip
def test_what_is_not_proven(changes: dict[str, Any], held: DeliveryRole, lines: list[str]) -> None:
    given = InStack(trail(**changes), delivery_role=held)
    verdict, by_default = judge(given, PROOF), judge(given, IGNORE)
    assert [problem.line for problem in verdict.problems] == lines
    assert [problem.line for problem in by_default.problems] == [line for line in lines if "not-proven" not in line]
    assert replace(verdict, problems=()) == replace(by_default, problems=())


DENY_CONDITION = {**ON_CONDITION, "Effect": "Deny"}
# A role in doubt, and what it is once the advice is followed.
FOLLOWED: list[tuple[str, DeliveryRole, DeliveryRole]] = [
    ("a condition of the trust policy", trusting(CONDITION), trusting(CONDITION, CLOUDTRAIL)),
    ("everybody", trusting(EVERYBODY), trusting(EVERYBODY, CLOUDTRAIL)),
    ("everybody denied", trusting(CLOUDTRAIL, DENIED_EVERYBODY), trusting(CLOUDTRAIL, {**DENIED_EVERYBODY, "Principal": {"AWS": ACCOUNT}})),
    ("a trust policy of an odd form", trusting({"Effect": "Allow", "Action": "sts:AssumeRole"}), trusting(CLOUDTRAIL)),
    ("a condition", role(ON_CONDITION), role(ON_CONDITION, allow(PAIR))),
    ("a Deny on a condition", role(allow(PAIR), DENY_CONDITION), role(allow(PAIR), {**DENY_CONDITION, "Resource": "arn:aws:s3:::*"})),
    ("a boundary on a condition", replace(RIGHT, permissions=replace(RIGHT.permissions, boundary=Grant("b", document(ON_CONDITION)))), replace(RIGHT, permissions=replace(RIGHT.permissions, boundary=Grant("b", document(ON_CONDITION, allow(PAIR)))))),
    ("a policy of another stack", having(UNREAD), having(Grant('policy "q"', ALL))),
    ("a policy of an odd form", having(NO_POLICY_AT_ALL), having(Grant('policy "p"', ALL))),
    ("a contested policy", having(CONTESTED), having(replace(CONTESTED, held=Truth.YES))),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in FOLLOWED], ids=[case[0] for case in FOLLOWED])
def test_the_advice_of_a_report_settles_it(before: DeliveryRole, after: DeliveryRole) -> None:
    assert judge(InStack(trail(), delivery_role=before), PROOF).message.startswith("[not-proven] ")
    assert judge(InStack(trail(), delivery_role=after), PROOF) == Verdict()


@pytest.mark.parametrize(
    ("place", "statement", "lines"),
    [
        (replace(PLACE, account=UNKNOWN), ON_CONDITION, [DECIDED_LATER]),
        (replace(PLACE, account=UNKNOWN, name=UNKNOWN), ON_CONDITION, [DECIDED_LATER]),
        (replace(PLACE, account=UNKNOWN), allow(PAIR, f"{STREAMS}*"), []),
        (replace(PLACE, account=UNKNOWN), {**ON_CONDITION, "Resource": f"{STREAMS}*"}, [DECIDED_LATER]),
        (PLACE, allow(PAIR, f"{STREAMS}*"), []),
    ],
)
def test_what_is_not_proven_whatever_the_log_group_is(
    place: DeliveryPlace, statement: dict[str, Any], lines: list[str]
) -> None:
    verdict = with_proof(judge_role(trail(log_group_arn=UNKNOWN), role(statement), place), PROOF)
    assert [problem.line for problem in verdict.problems] == lines


@pytest.mark.parametrize(("of_organization", "lines"), [(UNKNOWN, [DECIDED_LATER]), (True, [DECIDED_LATER]), (False, [DECIDED_LATER])])  # fmt: skip
def test_what_is_not_proven_whether_of_an_organization_or_not(of_organization: Any, lines: list[str]) -> None:
    given = InStack(trail(organization=of_organization), delivery_role=role(ON_CONDITION))
    assert [problem.line for problem in judge(given, PROOF).problems] == lines


DECLARED_TWICE = tuple(replace(DELIVERY, arn=ROLE_ARN, label=label, urn=label) for label in "ab")


@pytest.mark.parametrize(
    ("settings", "answer", "declared_roles", "lines"),
    [
        (PROOF, None, (), []),
        (PROOF, Presence.ABSENT, (), []),
        (replace(PROOF, external_roles=ExternalRoles.LOOKUP), RIGHT, (), []),
        (replace(PROOF, external_roles=ExternalRoles.LOOKUP), Presence.ABSENT, (), [may_write("the role does not exist in AWS", "Create the role first, or set the property to the ARN of another role.")]),
        (replace(PROOF, external_roles=ExternalRoles.LOOKUP), Unavailable("access denied"), (), [may_write("the role could not be looked up in AWS: access denied", "Declare the role in this stack, or let the pack read it in AWS.")]),
        (LOOKUP, Unavailable("access denied"), (), []),
        (PROOF, None, DECLARED_TWICE, [may_write("several roles of this stack have that ARN", "Declare the role once, and do not read it in the same stack.")]),
        (PROOF, None, tuple(replace(each, arn=UNKNOWN) for each in DECLARED_TWICE), []),
        (PROOF, None, (replace(DELIVERY, name=UNKNOWN),), []),
    ],
)  # fmt: skip
def test_what_is_not_proven_of_a_role_outside(
    settings: CanDeliverSettings, answer: Any, declared_roles: Any, lines: list[str]
) -> None:
    given = InStack(trail(), declarations=replace(NOTHING_DECLARED, roles=catalogue_of_roles(declared_roles)))
    verdict = judge(given, settings, {QUESTION: answer} if answer else {})
    assert [problem.line for problem in verdict.problems] == lines


def test_a_role_that_another_resource_may_still_create_is_not_called_absent() -> None:
    looking = replace(PROOF, external_roles=ExternalRoles.LOOKUP)
    for new, lines in ((True, []), (False, [may_write("the role does not exist in AWS", "Create the role first, or set the property to the ARN of another role.")])):  # fmt: skip
        source = Source[DeclaredRole](Origin.RESOURCES, (), (OtherResource("x", "aws:cloudformation:Stack", new=new),))
        verdict = judge(InStack(trail(), role_source=source), looking, {QUESTION: Presence.ABSENT})
        assert [problem.line for problem in verdict.problems] == lines


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
