"""All work on a text of a program is linear in its length, whatever the text: no resource can make a preview hang."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

import pytest

from cloudtrail_logs.configuration import glob as glob_pattern
from cloudtrail_logs.iam import condition as condition
from cloudtrail_logs.iam import elements, trust, whichever, wildcard
from cloudtrail_logs.iam import evaluation as permissions
from cloudtrail_logs.iam.denial import explain_denial
from cloudtrail_logs.iam.document import Document, Effect, Patterns, Statement, read_document
from cloudtrail_logs.iam.grant import Grant
from cloudtrail_logs.iam.log_streams import ACTIONS, log_streams
from cloudtrail_logs.iam.role import Permissions
from cloudtrail_logs.model import arn, quoting
from cloudtrail_logs.model.value import ABSENT, UNKNOWN
from cloudtrail_logs.stack.properties import Properties
from cloudtrail_logs.stack.resource_types import shown_type
from tests.analyzers import in_process
from tests.calls import calls_of
from tests.stacks import ACCOUNT, AWS, LOG_GROUP_ARN, ROLE_ARN, Provider, Resource, log_group, role, trail
from tests.stacks import UNKNOWN as UNKNOWN_TEXT

# Texts that a pattern may read again and again: a beginning, what is repeated, an end.
TEXTS: Final = {
    "letters": ("", "a", ""),
    "letters after a path": ("/ ", "a", ""),
    "letters after a class": ("[", "a", ""),
    "paths": ("", "a/", ""),
    "slashes": ("", "/", ""),
    "colons": ("", ":", ""),
    "spaces": ("", " ", "x"),
    "lines": ("", "\n", "x"),
    "digits": ("", "1", ""),
    "dots and dashes": ("", ".-", "!"),
    "quotes": ("{", '"', ""),
    "brackets": ("", "[", ""),
    "braces": ("", "{", ""),
    "variables that do not end": ("", "${", ""),
    "variables that end": ("", "${a}", "${"),
    "ARNs of variables that do not end": ("", "arn:aws:logs:${", ""),
    "stars": ("arn:aws:logs:", "*", "x"),
    "stars and letters": ("arn:aws:logs:", "*a", "*x"),
    "question marks": ("arn:aws:logs:", "?", "x"),
    "stars and question marks": ("arn:aws:logs:", "*?", "x"),
    "ids of organizations": ("", "o-aaaaaaaaaa_", ""),
    "accounts": ("", ":111111111111", ":"),
    "an ARN of a long name": (f"{LOG_GROUP_ARN}/", "a", ":*"),
    "ARNs": ("", LOG_GROUP_ARN, ""),
    "backticks": ("", "`", "x"),
    "stars and backticks": ("", "*`a ", "`"),
    "underscores": (" ", "_", " "),
    "commands that do not end": ("", "::a ", ""),
    "characters beyond ASCII": ("", "é\u2028", ""),
}
STREAMS: Final = log_streams("aws", "us-east-1", "123456789012", "audit", of_organization=True)
UNKNOWN_STREAMS: Final = log_streams(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, of_organization=True)
SHORTEST: Final = 12_500
LONGEST: Final = 100_000


def _allowing(text: str) -> Permissions:
    statement = Statement("statement 1", Effect.ALLOW, Patterns(("*", text)), Patterns((text,)), ABSENT, ABSENT, ABSENT)
    return Permissions((Grant("policy", Document((statement,), True)),), True, None)


def _trusting(text: str) -> Document:
    principals = {"Service": Patterns((text,)), "AWS": Patterns((text,)), text: Patterns((text,))}
    statement = Statement(
        "statement 1", Effect.ALLOW, Patterns((text,)), ABSENT, principals, ABSENT, {text: {text: text}}
    )
    return Document((statement,), True)


def _asked(text: str) -> None:
    granted = _allowing(text)
    for streams in (STREAMS, UNKNOWN_STREAMS, STREAMS):
        permissions.allows(permissions.near(granted, streams), "logs:PutLogEvents", streams)
        explain_denial(granted, "logs:PutLogEvents", streams[0])
        whichever.denied_whichever(granted, ACTIONS, streams)


def _provider_read(text: str) -> None:
    settings = dict.fromkeys(("region", "allowedAccountIds", "assumeRoles", "endpoints", "profile"), text)
    settings["assumeRole"] = f'{{"roleArn": "{LOG_GROUP_ARN}", "duration": "{text if text.isalnum() else 1}"}}'
    in_process().analyze(trail(provider=Provider(settings)))


def _around(text: str) -> None:
    """A trail that is not wired and a log group, beside resources that have the text everywhere."""
    document = (
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "' + text.replace('"', "") + '"}}'
    )
    in_process().analyze_stack(
        [
            trail(),
            log_group("logs", name="/audit/logs"),
            role("delivery", inlinePolicies=[{"name": text, "policy": document}], assumeRolePolicy=text),
            Resource("aws:s3/bucketObject:BucketObject", "any", {"content": text, "logGroup": [text, {"a": text}]}),
            Resource("aws:ssm/parameter:Parameter", "parameter", {"value": text}),
            Resource("aws:cloudwatch/logMetricFilter:LogMetricFilter", "f", {"logGroupName": text, "pattern": text}),
            Resource(
                "aws:observabilityadmin/telemetryRule:TelemetryRule",
                "rule",
                {"rule": {"destinationPattern": text, "resourceType": text}},
            ),
            Resource("aws:iam/rolePolicy:RolePolicy", "policy", {"role": "delivery", "policy": text}),
            Resource(f"aws:{'/' * 1_000}:{text[:1_000]}", "typed", {}, provider=AWS),
        ]
    )


def _as_a_trail(text: str) -> None:
    analyzer = in_process()
    given = trail(cloudWatchLogsGroupArn=text, cloudWatchLogsRoleArn=text, name=text, enableLogging=text)
    analyzer.analyze(given)
    analyzer.analyze_stack([given, log_group("logs", name=text, arn=text), role("delivery", name=text, path=text)])


def _in_a_template(text: str) -> None:
    """As the body itself, and at each place of a template that is read."""
    trail_properties = {
        "CloudWatchLogsLogGroupArn": {"Fn::Sub": text},
        "CloudWatchLogsRoleArn": text,
        "TrailName": text,
    }
    declared = {
        "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": trail_properties},
        text: {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Ref": text}}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": text, "Path": text}},
    }
    bodies = [f"AWS::CloudTrail::Trail {text}", json.dumps({"Resources": declared}), {"Resources": declared}]
    in_process().analyze_stack(
        Resource("aws-native:cloudformation:Stack", f"stack{number}", {"templateBody": body})
        for number, body in enumerate(bodies)
    )


WORK: Final[dict[str, Callable[[str], Any]]] = {
    "the ARN of a log group": arn.parse_log_group_arn,
    "the ARN of a role": arn.parse_role_arn,
    "the form of an ARN": quoting.has_arn_form,
    "an account": arn.is_account,
    "a region": arn.partition_of_region,
    "a quoted ARN": quoting.quoted_arn,
    "a quoted name": quoting.quoted_name,
    "a quoted label": quoting.quoted_label,
    "a quoted text": lambda text: quoting.quoted_text(text, 300),
    "a URN": quoting.shown_urn,
    "a text without commands": quoting.without_commands,
    "a report": quoting.safe_in_markdown,
    "a described value": quoting.described,
    "a type": shown_type,
    "a name under a pattern": lambda text: glob_pattern.glob_matches("*a*[/:]*!", text),
    "a pattern on a stream": lambda text: wildcard.matches(text, STREAMS[-1]),
    "a pattern on an unknown stream": lambda text: wildcard.matches(text, UNKNOWN_STREAMS[-1]),
    "a pattern with variables": elements.variables_open,
    "a document": read_document,
    "a document in a document": lambda text: read_document(f'"{text}"'),
    "a condition": lambda text: condition.is_met({text: {text: [text]}, "null": {"a": text}}, {"a"}),
    "permissions": _asked,
    "a trust policy": lambda text: (trust.trusts_cloudtrail(_trusting(text)), trust.explain_trust_failure(_trusting(text))),
    "a setting": lambda text: Properties({"a": f"[{text if text.isdigit() else 0}]"}).structured("a"),
    "a provider": _provider_read,
    "other resources": _around,
    "a trail, its log group and its role": _as_a_trail,
    "a template": _in_a_template,
}  # fmt: skip


def _text(kind: str, length: int) -> str:
    beginning, repeated, end = TEXTS[kind]
    return f"{beginning}{repeated * (length // len(repeated))}{end}"


def _seconds(work: Callable[[str], Any], text: str) -> float:
    """The time of the processor that work takes: others on the machine do not count."""
    begun = time.process_time()
    try:
        work(text)
    except ValueError:
        assert work is WORK["a setting"]  # it says so where a setting is no JSON
    return time.process_time() - begun


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", WORK)
def test_a_longer_text_takes_no_more_than_thrice_its_share(name: str, kind: str) -> None:
    work, short = WORK[name], _text(kind, SHORTEST)
    shortest = max(min(_seconds(work, short), _seconds(work, short)), 0.004)
    # Quadratic work is beyond the bound at four times the length already.
    for length in (4 * SHORTEST, LONGEST):
        bound = 3 * (length / SHORTEST) * shortest
        assert any(_seconds(work, _text(kind, length)) <= bound for _ in range(2))


ALLOWED: Final = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}})  # fmt: skip
DELIVER: Final = f"arn:aws:iam::{ACCOUNT}:policy/deliver"


def _wired(label: str = "audit") -> Resource:
    return trail(label, cloudWatchLogsGroupArn=f"{LOG_GROUP_ARN}:*", cloudWatchLogsRoleArn=ROLE_ARN)


def _with_role(*others: Resource) -> list[Resource]:
    return [log_group(arn=LOG_GROUP_ARN), role(arn=ROLE_ARN), *others]


def _managed(label: str, arn: str) -> Resource:
    return Resource("aws:iam/policy:Policy", label, {"name": "deliver", "arn": arn, "policy": ALLOWED})


def _inline(count: int) -> list[Resource]:
    names = [f"p{number}" for number in range(count)]
    return [Resource("aws:iam/rolePolicy:RolePolicy", name, {"name": name, "role": "delivery", "policy": ALLOWED}) for name in names]  # fmt: skip


def _attachments(count: int, token: str, roles: str) -> list[Resource]:
    given: Any = {"policyArn": DELIVER, roles: "delivery"}
    return [Resource(token, f"a{number}", given) for number in range(count)]


def _trails_of_one_role(count: int, resource: str, **changes: Any) -> list[Resource]:
    """Trails with a log group each, and a role with a policy for each. resource: the policy's, with GROUP in it."""
    made = [role(arn=ROLE_ARN)]
    for number in range(count):
        group = f"{LOG_GROUP_ARN}-{number}"
        statement = {"Effect": "Allow", "Action": ACTIONS, "Resource": resource.replace("GROUP", group), **changes}
        given = {"role": "delivery", "policy": json.dumps({"Version": "2012-10-17", "Statement": statement})}
        made += [
            log_group(f"g{number}", name=f"audit-{number}", arn=group),
            trail(f"t{number}", cloudWatchLogsGroupArn=f"{group}:*", cloudWatchLogsRoleArn=ROLE_ARN),
            Resource("aws:iam/rolePolicy:RolePolicy", f"p{number}", {"name": f"p{number}", **given}),
        ]
    return made


def _template_of(label: str, count: int) -> Resource:
    """A template of log groups, each with a trail, and a role."""
    declared: dict[str, Any] = {"R": {"Type": "AWS::IAM::Role"}}
    for number in range(count):
        wiring = {
            "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": f"G{number}.Arn"},
            "CloudWatchLogsRoleArn": {"Fn::GetAtt": "R.Arn"},
        }
        declared[f"G{number}"] = {"Type": "AWS::Logs::LogGroup"}
        declared[f"T{number}"] = {"Type": "AWS::CloudTrail::Trail", "Properties": wiring}
    body = json.dumps({"Resources": declared})
    return Resource("aws:cloudformation/stack:Stack", label, {"name": label, "templateBody": body})


POLICY_ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
ROLE_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
STACKS: Final[dict[str, Callable[[int], list[Resource]]]] = {
    "trails and policies of one role": lambda count: [
        *_with_role(*_inline(count)),
        *(_wired(f"t{number}") for number in range(count)),
    ],
    "policies of one role, and trails with a log group each": lambda count: _trails_of_one_role(
        count, "GROUP:log-stream:*_CloudTrail_*"
    ),
    "policies of one role that name log groups": lambda count: _trails_of_one_role(count, "GROUP:*"),
    "policies of one role under a condition": lambda count: _trails_of_one_role(
        count, "GROUP:*", Condition={"StringEquals": {"aws:PrincipalTag/a": "b"}}
    ),
    "policies of one role with a variable": lambda count: _trails_of_one_role(
        count, "GROUP:log-stream:${aws:PrincipalTag/a}*"
    ),
    "policies of one role that deny": lambda count: _trails_of_one_role(count, "GROUP:*", Effect="Deny"),
    "policies of one role for other actions": lambda count: _trails_of_one_role(count, "GROUP:*", Action="logs:Get*"),
    "policies of one role for other services": lambda count: _trails_of_one_role(
        count, "arn:aws:s3:::GROUP", Action="s3:Get*"
    ),
    "attachments of one policy": lambda count: [
        *_with_role(_managed("p", DELIVER), _wired()),
        *_attachments(count, POLICY_ATTACHMENT, "roles"),
    ],
    "policies of one name, and attachments": lambda count: [
        *_with_role(_wired(), *(_managed(f"p{number}", UNKNOWN_TEXT) for number in range(count))),
        *_attachments(count, ROLE_ATTACHMENT, "role"),
    ],
    "policies that an exclusive manager lists": lambda count: [
        *_with_role(_wired(), *_inline(count)),
        Resource(
            "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive",
            "only",
            {"roleName": "delivery", "policyNames": [f"p{number}" for number in range(count)]},
        ),
    ],
    "log groups of one name, and trails that name it": lambda count: [
        *(log_group(f"g{number}") for number in range(count)),
        *(_wired(f"t{number}") for number in range(count)),
    ],
    "templates with a trail, beside log groups and roles": lambda count: [
        *(_template_of(f"s{number}", 1) for number in range(count // 4)),
        *(log_group(f"g{number}", name=f"g{number}") for number in range(count)),
        *(role(f"r{number}", name=f"r{number}") for number in range(count)),
    ],
    "trails of one template": lambda count: [_template_of("s", count // 4)],
    "log groups and roles without names, and trails": lambda count: [
        *(log_group(f"g{number}", name=UNKNOWN_TEXT, namePrefix=f"g{number}-") for number in range(count)),
        *(role(f"r{number}", name=UNKNOWN_TEXT, path=f"/{number}/") for number in range(count)),
        *(_wired(f"t{number}") for number in range(count)),
    ],
}


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_of_four_times_the_size_takes_less_than_six_times_the_work(name: str) -> None:
    """Counted in calls of functions, which are the same in each run: quadratic work takes sixteen times as many."""
    few, many = (_calls(STACKS[name](count)) for count in (50, 200))
    assert many < 6 * few


def _calls(resources: list[Resource]) -> int:
    analyzer = in_process()
    return calls_of(lambda: analyzer.analyze_stack(resources))


@pytest.mark.parametrize("trail_name", ["vendor-{}", "vendor-{}-*"])
def test_exemptions_are_read_once_however_many_trails_there_are(trail_name: str) -> None:
    def calls(exemptions: int) -> int:
        given = [{"trail": trail_name.format(number), "reason": "Decided."} for number in range(exemptions)]
        analyzer = in_process()
        analyzer.configure({}, {"cloudtrail-cloudwatch-logs-integrated": {"exemptions": given}})
        analyzer.analyze(trail())
        return sum(calls_of(lambda: analyzer.analyze(trail())) for _ in range(3))

    # What each trail costs beside: to ask each pattern whether it is about the trail, a name in no time.
    assert calls(5_000) - calls(1_000) < (200 if "*" not in trail_name else 3 * 4_000 * 60)
