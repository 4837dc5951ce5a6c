"""An audit with a row of every kind, for the tests of what writes it. HOSTILE is a text that no format may let through."""

from __future__ import annotations

from cloudtrail_logs.control import FRAMEWORKS
from cloudtrail_logs.fleet.evidence import (
    Elsewhere,
    Evidence,
    Excepted,
    Exempted,
    ExemptionRow,
    Finding,
    Gone,
    Place,
    PolicyAnswer,
    PolicyInForce,
    StackRow,
    Standing,
    TrailRow,
    Unread,
)

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
DELIVER = "cloudtrail-role-can-deliver"
HOSTILE = "</script><img src=x onerror=alert(1)> ```\n| **a** | ]]> & \u202e\x1b[31m \"'"

POLICIES = (
    PolicyInForce(
        INTEGRATED,
        "CloudTrail trails are integrated with CloudWatch Logs",
        "CloudTrail trails must send their events to CloudWatch Logs.",
        "mandatory",
        "Set the trail's log group property to the ARN of a log group, ending in :*, and its role property to the ARN "
        "of a role that cloudtrail.amazonaws.com may assume.",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
        {
            "not-integrated": "neither ARN is set; no key, null, empty and blank are the same",
            "role-missing": "only the log group is set",
            "log-group-arn-without-wildcard": "a log group's ARN without the `:*` that CloudTrail requires",
        },
    ),
    PolicyInForce(
        EXIST,
        "The log group and the role of CloudTrail trails exist",
        "The log group and the role that a CloudTrail trail names must exist.",
        "advisory",
        "Declare the log group and the role in the stack of the trail.",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
        {
            "log-group-not-in-stack": "an ARN that reaches the policy as plain text",
            "no-trail": "only with requireTrail",
        },
    ),
    PolicyInForce(
        DELIVER,
        "The role of CloudTrail trails can deliver to their log group",
        "The role of a CloudTrail trail must be allowed to write the trail's streams to its log group.",
        "advisory",
        "Let cloudtrail.amazonaws.com assume the role.",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
        "cloudtrail-required-policy-for-cloudwatch-logs.html",
        {"role-trust-missing": "the role's trust policy does not let `cloudtrail.amazonaws.com` assume it"},
    ),
)


def trail(stack: str, name: str, *answers: PolicyAnswer, **more: object) -> TrailRow:
    """A trail of a stack, as most are."""
    project, _, short = stack.partition("/")
    known: dict[str, object] = {
        "urn": f"urn:pulumi:{short}::{project}::aws:cloudtrail/trail:Trail::{name}",
        "aws_name": f"{name}-1a2b3c4",
        "arn": f"arn:aws:cloudtrail:eu-central-1:123456789012:trail/{name}-1a2b3c4",
        "region": "eu-central-1",
        "account": "123456789012",
        "type": "aws:cloudtrail:Trail",
        "state": f"states/{project}/{short}.json",
        "time": "2026-11-28T09:15:00Z",
    }
    return TrailRow(stack=stack, name=name, answers=answers, **{**known, **more})  # type: ignore[arg-type]


def right(policy: str, level: str = "advisory") -> PolicyAnswer:
    """That a trail is right."""
    return PolicyAnswer(policy, Standing.RIGHT, level)


NOT_INTEGRATED = Finding(
    "not-integrated",
    "Neither cloudWatchLogsGroupArn nor cloudWatchLogsRoleArn is set, so the trail sends nothing to CloudWatch Logs. "
    "Set cloudWatchLogsGroupArn to the ARN of a log group, ending in :*, and cloudWatchLogsRoleArn to the ARN of a "
    "role that cloudtrail.amazonaws.com may assume.",
)
TRAILS = (
    trail(
        "payments/prod",
        "audit",
        PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", (NOT_INTEGRATED,)),
        PolicyAnswer(EXIST, Standing.NOTHING_TO_CHECK, "advisory", why="the trail names no log group and no role"),
        PolicyAnswer(DELIVER, Standing.NOTHING_TO_CHECK, "advisory", why="the trail names no role"),
        to_set={
            "cloudWatchLogsGroupArn": "<the ARN of a log group in eu-central-1, ending in :*>",
            "cloudWatchLogsRoleArn": "<the ARN of a role that cloudtrail.amazonaws.com may assume>",
        },
        command="aws cloudtrail update-trail --region eu-central-1 --name "
        "arn:aws:cloudtrail:eu-central-1:123456789012:trail/audit-1a2b3c4 --cloud-watch-logs-log-group-arn '<LOG GROUP "
        "ARN>' --cloud-watch-logs-role-arn '<ROLE ARN>'",
        place=Place("infra/__main__.py", 17, 9),
    ),
    trail(
        "payments/dev",
        "audit",
        PolicyAnswer(
            INTEGRATED,
            Standing.WRONG,
            "mandatory",
            (
                Finding(
                    "log-group-arn-without-wildcard",
                    "cloudWatchLogsGroupArn is arn:aws:logs:eu-central-1:123456789012:log-group:audit, without the :* "
                    "at its end that CloudTrail requires, so AWS will refuse the trail. Append :* to it.",
                    is_known=True,
                ),
            ),
        ),
        right(EXIST),
        PolicyAnswer(DELIVER, Standing.CANNOT_TELL, "advisory", why="waits on cloudWatchLogsRoleArn"),
        to_set={"cloudWatchLogsGroupArn": "arn:aws:logs:eu-central-1:123456789012:log-group:audit:*"},
        command="aws cloudtrail update-trail --name audit-1a2b3c4 --cloud-watch-logs-log-group-arn "
        "'arn:aws:logs:eu-central-1:123456789012:log-group:audit:*'",
    ),
    trail(
        "shared/logging",
        "organization",
        right(INTEGRATED, "mandatory"),
        right(EXIST),
        right(DELIVER),
        elsewhere=(
            Elsewhere(
                "role",
                "arn:aws:iam::123456789012:role/delivery",
                "shared/roles",
                "urn:pulumi:roles::shared::aws:iam/role:Role::delivery",
            ),
        ),
    ),
    trail(
        "vendor/prod",
        "vendor-audit",
        PolicyAnswer(
            INTEGRATED,
            Standing.EXEMPT,
            "mandatory",
            exempted=(
                Exempted(NOT_INTEGRATED, "vendor-*", "The vendor reads the bucket. SEC-1204", "2026-12-20"),
                Exempted(Finding("role-missing", "Set it."), "vendor-*", "For ever"),
            ),
        ),
        PolicyAnswer(
            EXIST,
            Standing.EXCEPTED,
            "advisory",
            (Finding("log-group-not-in-stack", "It cannot be verified here."),),
            exceptions=(Excepted("EXC-1", "Accepted until the migration"),),
        ),
    ),
    trail(
        "old/infra",
        "Platform",
        PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", (NOT_INTEGRATED,)),
        logical_id="AuditTrail",
        type="aws:cloudformation:Stack",
        time="2021-03-04T05:06:07Z",
        arn="",
        aws_name="",
        region="",
        account="",
    ),
    TrailRow(
        stack="",
        urn="",
        name="clicked-together",
        aws_name="clicked-together",
        arn="arn:aws:cloudtrail:us-east-1:123456789012:trail/clicked-together",
        region="us-east-1",
        account="123456789012",
        answers=(PolicyAnswer(INTEGRATED, Standing.WRONG, "mandatory", (NOT_INTEGRATED,)),),
    ),
)
STACKS = (
    StackRow("payments/prod", "states/payments/prod.json", "2026-11-28T09:15:00Z", 41, 1),
    StackRow("payments/dev", "states/payments/dev.json", "2026-11-28T09:15:00Z", 40, 1),
    StackRow("shared/logging", "states/shared/logging.json", "2026-11-28T09:15:00Z", 12, 1),
    StackRow("shared/roles", "states/shared/roles.json", "2026-11-28T09:15:00Z", 9, 0),
    StackRow("vendor/prod", "states/vendor/prod.json", "2026-11-28T09:15:00Z", 7, 1),
    StackRow("old/infra", "states/old/infra.json", "2021-03-04T05:06:07Z", 3, 1),
    StackRow(
        "landing/zone",
        "states/landing/zone.json",
        "2026-11-28T09:15:00Z",
        5,
        0,
        "urn:pulumi:zone::landing::pulumi:pulumi:Stack::landing-zone",
        (
            PolicyAnswer(
                EXIST,
                Standing.WRONG,
                "advisory",
                (Finding("no-trail", 'Stack "landing/zone" declares no CloudTrail trail, but must have one.'),),
            ),
        ),
        ("AWS makes the trails of a landing zone, and the stack does not show them.",),
    ),
)
EVIDENCE = Evidence(
    made="2026-11-29T04:31:00Z",
    pack="cloudtrail-cloudwatch-logs",
    version="0.5.0",
    configuration="policies.json",
    digest="sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    frameworks=tuple(each.text for each in FRAMEWORKS),
    policies=POLICIES,
    mistakes=(f"{EXIST}: externalTarget is not a property of this policy (did you mean externalTargets?).",),
    trails=TRAILS,
    stacks=STACKS,
    unread=(Unread("states/broken.json", "It is not JSON: line 3, column 7."),),
    older=(Unread("copy/dev.json", 'It is not checked, since a newer state of stack "payments/dev" was read.'),),
    unmatched=(ExemptionRow(INTEGRATED, "legacy-*", "Gone since spring", "", "payments"),),
    ending=(ExemptionRow(INTEGRATED, "vendor-*", "The vendor reads the bucket. SEC-1204", "2026-12-20"),),
    asked=("123456789012",),
    remarks=("cloudtrail-delivery-is-recent did not run: askAws is not true.",),
    baseline="last-month.json",
    gone=(
        Gone("payments/prod", "old-audit", INTEGRATED, "role-missing"),
        Gone("retired/prod", "audit", INTEGRATED, "not-integrated", is_checked=False),
        Gone("shared/roles", "", EXIST, "no-trail"),
    ),
)
EMPTY = Evidence(made="2026-11-29T04:31:00Z", pack="cloudtrail-cloudwatch-logs", version="0.5.0", policies=POLICIES)
_HOSTILE_ANSWER = PolicyAnswer(
    INTEGRATED,
    Standing.WRONG,
    "mandatory",
    (Finding("role-missing", HOSTILE),),
    (Exempted(Finding("not-integrated", HOSTILE), HOSTILE, HOSTILE, "2026-12-20"),),
    (Excepted(HOSTILE, HOSTILE),),
    HOSTILE,
)
HOSTILE_EVIDENCE = Evidence(
    made="2026-11-29T04:31:00Z",
    pack="cloudtrail-cloudwatch-logs",
    version="0.5.0",
    configuration=HOSTILE,
    policies=POLICIES,
    mistakes=(HOSTILE,),
    trails=(
        TrailRow(
            *(HOSTILE,) * 9,
            state=HOSTILE,
            time=HOSTILE,
            place=Place(HOSTILE, 3, 4),
            answers=(_HOSTILE_ANSWER,),
            to_set={HOSTILE: HOSTILE},
            command=HOSTILE,
            elsewhere=(Elsewhere(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        ),
    ),
    stacks=(StackRow(HOSTILE, HOSTILE, HOSTILE, 1, 1, HOSTILE, (_HOSTILE_ANSWER,), (HOSTILE,)),),
    unread=(Unread(HOSTILE, HOSTILE),),
    older=(Unread(HOSTILE, HOSTILE),),
    unmatched=(ExemptionRow(INTEGRATED, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,)),),
    remarks=(HOSTILE,),
    baseline=HOSTILE,
    gone=(Gone(HOSTILE, HOSTILE, HOSTILE, HOSTILE), Gone(HOSTILE, HOSTILE, HOSTILE, HOSTILE, is_checked=False)),
)
