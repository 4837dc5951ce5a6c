"""Trails in the templates of CloudFormation stacks and stack sets, behind the SDK."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pytest

from cloudtrail_logs.model.sample_place import SAMPLE_PLACE
from tests.analyzers import Analyzer, Report, in_process
from tests.stacks import ACCOUNT, AWS_NATIVE, TRUST_POLICY, UNKNOWN, Provider, Resource, log_group, role

from .template_cases import (
    AS_JSON,
    CASES,
    DELIVER,
    DENIED,
    EXIST,
    GROUP_OF_SUB,
    INTEGRATED,
    NONE,
    NOT_INTEGRATED,
    POLICIES,
    STACK,
    STACK_ARN,
    STACK_SET,
    TWINS,
    WIRED,
    Case,
    stack,
    template,
    with_role,
)

BY_NAME = {case.name: case for case in CASES}


def codes(reports: Iterable[Report]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        lines = [line for line in report.message.split("\n") if line.startswith("[")]
        found[POLICIES[report.policy]] += [line[1:].partition("]")[0] for line in lines]
    return dict(found)


def judged(analyzer: Analyzer, owner: Resource, *others: Resource) -> list[Report]:
    """The reports on a resource, and on its stack with others. They are all about the resource."""
    inputs = {name: value for name, value in owner.properties.items() if name != "id"}
    answers = [
        analyzer.analyze(Resource(owner.token, owner.name, inputs, provider=owner.provider)),
        analyzer.analyze_stack((owner, *others)),
    ]
    assert [answer.can_not_run for answer in answers] == [(), ()]
    reports = [report for answer in answers for report in answer.reports]
    assert {report.urn for report in answers[1].reports} <= {owner.urn}
    return reports


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_template(analyzer: Analyzer, case: Case) -> None:
    assert codes(judged(analyzer, stack(case, deployed=False))) == case.preview
    after = case.preview if case.update is None else case.update
    assert codes(judged(analyzer, stack(case, deployed=True))) == after


@pytest.mark.parametrize("name", TWINS)
def test_the_same_design_in_pulumi_resources_has_the_same_codes(analyzer: Analyzer, name: str) -> None:
    resources = TWINS[name]
    reports = [
        *(report for each in resources for report in analyzer.analyze(each).reports),
        *analyzer.analyze_stack(resources).reports,
    ]
    assert codes(reports) == codes(judged(analyzer, stack(BY_NAME[name], deployed=True)))


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        ("aws:index/cloudformationStack:CloudformationStack", {}),
        ("aws-native:cloudformation:Stack", {}),
        ("aws:cloudformation/stackSet:StackSet", {}),
        ("aws:index/cloudformationStackSet:CloudformationStackSet", {}),
        ("aws-native:cloudformation:StackSet", {}),
    ],
)
def test_every_type_that_deploys_a_template(analyzer: Analyzer, token: str, properties: Mapping[str, object]) -> None:
    provider = AWS_NATIVE if token.startswith("aws-native") else None
    for body, expected in ((template(), NONE), (template(""), NOT_INTEGRATED)):
        owner = Resource(token, "infra", {"templateBody": body, **properties}, provider=provider)
        assert codes(judged(analyzer, owner)) == expected


def test_a_body_that_is_no_text_but_what_it_says(analyzer: Analyzer) -> None:
    body = {"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"IsLogging": True}}}}
    owner = Resource("aws-native:cloudformation:Stack", "infra", {"templateBody": body}, provider=AWS_NATIVE)
    assert codes(judged(analyzer, owner)) == {INTEGRATED: ["not-integrated"]}


@pytest.mark.parametrize(
    "path",
    [
        ("Trail", "Properties"),
        ("Role", "Properties"),
        ("Role", "Properties", "Policies"),
        ("Role", "Properties", "ManagedPolicyArns"),
        ("Policy", "Properties"),
        ("Policy", "Properties", "PolicyDocument"),
    ],
)
def test_a_part_of_a_body_that_is_not_known(analyzer: Analyzer, path: Sequence[str]) -> None:
    body = json.loads(AS_JSON.replace('"logs:CreateLogStream", ', ""))
    *within, last = path
    place = body["Resources"]
    for key in within:
        place = place[key]
    place[last] = UNKNOWN
    inputs = {"stackName": "infra", "templateBody": body}
    owner = Resource("aws-native:cloudformation:Stack", "infra", inputs, provider=AWS_NATIVE)
    assert codes(judged(analyzer, owner)) == NONE


def test_a_condition_in_a_body_that_is_not_known(analyzer: Analyzer) -> None:
    trail = {"Type": "AWS::CloudTrail::Trail", "Condition": "Make", "Properties": {"IsLogging": True}}
    for value, expected in ((UNKNOWN, {}), (1.0, {INTEGRATED: ["not-integrated"]}), (2.0, {})):
        body = {"Conditions": {"Make": {"Fn::Equals": [value, "1"]}}, "Resources": {"Trail": trail}}
        owner = Resource("aws-native:cloudformation:Stack", "infra", {"templateBody": body}, provider=AWS_NATIVE)
        assert codes(judged(analyzer, owner)) == expected


def test_the_whole_message(analyzer: Analyzer) -> None:
    (integrated, exist) = judged(analyzer, stack(BY_NAME["neither property"], deployed=True))
    assert integrated.message == (
        'Trail in the template of "infra":\n'
        "[not-integrated] Neither CloudWatchLogsLogGroupArn nor CloudWatchLogsRoleArn is set, so the trail sends "
        "nothing to CloudWatch Logs. Set CloudWatchLogsLogGroupArn to the ARN of a log group, ending in :*, and "
        "CloudWatchLogsRoleArn to the ARN of a role that cloudtrail.amazonaws.com may assume."
    )
    assert exist.message == (
        'Trail in the template of "infra":\n'
        '[log-group-unused] CloudWatchLogsLogGroupArn is not set, and nothing in this stack writes to log group "Logs": '
        "it was probably meant for this trail. Set CloudWatchLogsLogGroupArn to its ARN, which ends in :* already, and "
        'CloudWatchLogsRoleArn to the ARN of role "Role".'
    )


def test_a_logical_id_that_cloudformation_refuses_is_quoted(analyzer: Analyzer) -> None:
    for logical_id, begins in {
        "# Title": '"# Title" in',
        "- ::error::x": '"- :?error::x" in',
        "*T*": '"`*T*`" in',
        "T\\e[31m": '"T?[31m" in',
    }.items():
        body = template("").replace("  Trail: {", f'  "{logical_id}": {{')
        reports = judged(analyzer, stack(Case("named", body), deployed=True))
        assert {report.message.partition(" the template")[0] for report in reports} == {begins}


def test_what_is_not_known_of_the_place_has_a_word_in_the_message(analyzer: Analyzer) -> None:
    (report,) = judged(analyzer, stack(BY_NAME["a stack set with a bare ARN"], deployed=True))
    name = "StackSet-infra-XXXXXXXXXXXX-Logs-XXXXXXXXXXXX"
    assert f"arn:aws:logs:REGION:ACCOUNT:log-group:{name}, without the :*" in report.message
    (report,) = judged(analyzer, stack(BY_NAME["a second wildcard"], deployed=True))
    assert "arn:aws:logs:us-east-1:ACCOUNT:log-group:infra-Logs-XXXXXXXXXXXX:*:*" in report.message
    (report,) = judged(analyzer, stack(BY_NAME["a stack set with a policy on another log group"], deployed=True))
    assert report.message == (
        'Trail in the template of "infra":\n'
        '[role-permission-missing] CloudWatchLogsRoleArn names role "Role", which is not allowed to call '
        "logs:CreateLogStream and logs:PutLogEvents on stream ACCOUNT_CloudTrail_REGION of log group "
        f'"{name}". The closest match is statement 1 of inline policy "delivery", but its Resource '
        "arn:aws:logs:REGION:ACCOUNT:log-group:other:* has another log group. Set it to "
        f"arn:aws:logs:REGION:ACCOUNT:log-group:{name}:*."
    )


def test_a_type_is_shown_as_cloudformation_has_it(analyzer: Analyzer) -> None:
    (report,) = judged(analyzer, stack(BY_NAME["a bucket for the log group"], deployed=True))
    assert (
        'CloudWatchLogsLogGroupArn comes from "Bucket" (AWS::S3::Bucket), which is not a log group.' in report.message
    )


def test_a_property_of_a_policy_is_named_as_cloudformation_has_it(analyzer: Analyzer) -> None:
    policy = json.loads(AS_JSON.replace('"Roles": [{"Ref": "Role"}]', '"Roles": [{"Fn::GetAtt": "Role.Arn"}]'))
    (report,) = judged(analyzer, stack(Case("by ARN", json.dumps(policy)), deployed=True))
    assert "its property Roles lists the ARN of the role, and IAM expects its name there." in report.message


def test_a_template_does_not_say_how_programs_read(analyzer: Analyzer) -> None:
    report = judged(analyzer, stack(BY_NAME["a typed ARN of no log group here"], deployed=False))[0]
    assert "Declare the log group in this stack or list it in this policy's externalLogGroups." in report.message


def test_a_trail_in_a_stack_set_in_a_template_is_reported_on_the_resource_of_the_program(analyzer: Analyzer) -> None:
    (report, _) = judged(analyzer, stack(BY_NAME["a stack set in a template"], deployed=True))
    assert report.message.startswith('Trail in the template of "infra":\n[log-group-arn-without-wildcard] ')


def test_templates_in_templates_are_read_to_some_depth(analyzer: Analyzer) -> None:
    analyzer.configure({}, {policy: {"requireProof": True} for policy in POLICIES})
    body = template("")
    for level in range(6):
        found = codes(judged(analyzer, stack(Case("nested", body), deployed=True)))
        assert found == (NOT_INTEGRATED if level <= 3 else {INTEGRATED: ["not-proven"]}), level
        body = json.dumps(
            {"Resources": {"S": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": body}}}}
        )


def test_each_trail_has_a_report_of_its_own(analyzer: Analyzer) -> None:
    case = Case(
        "two", template("", resources="  Second: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true}}")
    )
    reports = [each for each in judged(analyzer, stack(case, deployed=True)) if POLICIES[each.policy] == INTEGRATED]
    assert [report.message.split(" ")[0] for report in reports] == ["Trail", "Second"]


@pytest.mark.parametrize("pattern", ["Trail", "infra", "organization-trail"])
def test_an_exemption_names_the_logical_id_or_the_trail_or_the_resource(analyzer: Analyzer, pattern: str) -> None:
    case = Case("named", template("TrailName: organization-trail"))
    assert codes(judged(analyzer, stack(case, deployed=True))) == NOT_INTEGRATED
    exempt = {"exemptions": [{"trail": pattern, "reason": "moves to the organization's trail"}]}
    analyzer.configure({}, dict.fromkeys(POLICIES, exempt))
    assert codes(judged(analyzer, stack(case, deployed=True))) == NONE
    inapplicable = analyzer.analyze(stack(case, deployed=False)).not_applicable
    assert inapplicable["cloudtrail-cloudwatch-logs-integrated"] == (
        "exempt from not-integrated: moves to the organization's trail"
    )
    analyzer.configure({}, {policy: {"exemptions": [{"trail": "Trial", "reason": "x"}]} for policy in POLICIES})
    assert codes(judged(analyzer, stack(case, deployed=True))) == NOT_INTEGRATED


def test_nothing_in_a_template_is_remediated(analyzer: Analyzer) -> None:
    templates = {
        "logGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:a:*",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/r",
    }
    analyzer.configure({"cloudtrail-cloudwatch-logs-integrated": "REMEDIATE"}, {"cloudtrail-cloudwatch-logs-integrated": templates})  # fmt: skip
    assert analyzer.remediate(stack(BY_NAME["neither property"], deployed=True))[0] == []


# --- with the program around it

GROUP_PARAMETER = "Parameters: {Group: {Type: String}, Role: {Type: String}}"
BY_PARAMETER = "CloudWatchLogsLogGroupArn: !Ref Group, CloudWatchLogsRoleArn: !Ref Role"


def given(group: str, role_arn: str, sources: Sequence[Resource]) -> Resource:
    properties = {
        "name": "infra",
        "templateBody": template(BY_PARAMETER, sections=GROUP_PARAMETER),
        "parameters": {"Group": group, "Role": role_arn},
        "region": "us-east-1",
        "id": STACK_ARN,
    }
    return Resource(STACK, "infra", properties, {"parameters": sources})


def test_a_log_group_and_a_role_of_the_program_come_by_parameters(analyzer: Analyzer) -> None:
    group, delivery = log_group(), role()
    assert judged(analyzer, given(UNKNOWN, UNKNOWN, (group, delivery)), group, delivery) == []
    arns = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:*", f"arn:aws:iam::{ACCOUNT}:role/delivery"
    found = codes(judged(analyzer, given(*arns, (group, delivery)), group, delivery))
    assert found == {DELIVER: ["role-permission-missing"]}  # the role has no policy
    nowhere = arns[0].replace("audit", "nowhere")
    found = codes(judged(analyzer, given(nowhere, arns[1], ()), group, delivery))
    assert found == {DELIVER: ["role-permission-missing"]}  # only read
    bare = codes(judged(analyzer, given(arns[0].removesuffix(":*"), arns[1], (group, delivery)), group, delivery))
    assert bare[INTEGRATED] == ["log-group-arn-without-wildcard"]


def test_policies_of_the_program_and_of_the_template_count_for_one_role(analyzer: Analyzer) -> None:
    without = template(actions="s3:GetObject").replace(
        "    Type: AWS::IAM::Role\n    Properties:",
        "    Type: AWS::IAM::Role\n    Properties:\n      RoleName: delivery",
    )
    owner = stack(Case("without", without), deployed=True)
    assert codes(judged(analyzer, owner)) == {DELIVER: ["role-permission-missing"]}
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}
    )
    by_name = Resource("aws:iam/rolePolicy:RolePolicy", "p", {"role": "delivery", "policy": document})
    by_output = Resource(
        "aws:iam/rolePolicy:RolePolicy", "p", {"role": UNKNOWN, "policy": document}, {"role": (owner,)}
    )
    of_another = Resource("aws:iam/rolePolicy:RolePolicy", "p", {"role": "other", "policy": document})
    for policy, expected in ((by_name, NONE), (by_output, NONE), (of_another, {DELIVER: ["role-permission-missing"]})):
        assert codes(judged(analyzer, owner, policy)) == expected
    group, delivery = log_group(), role()
    arns = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:audit:*", f"arn:aws:iam::{ACCOUNT}:role/delivery"
    properties = given(*arns, (group, delivery)).properties
    declared = "\n  Policy: {Type: AWS::IAM::Policy, Properties: {PolicyName: p, Roles: [delivery], PolicyDocument: {Statement: {Effect: Allow, Action: 'logs:*', Resource: '*'}}}}"
    with_policy = Resource(
        STACK,
        "infra",
        {**properties, "templateBody": f"{properties['templateBody']}{declared}"},
        {"parameters": (group, delivery)},
    )
    assert codes(judged(analyzer, with_policy, group, delivery)) == NONE


def test_a_log_group_of_the_program_is_not_suggested_for_a_template(analyzer: Analyzer) -> None:
    case = Case("no log group", template("").replace("AWS::Logs::LogGroup", "AWS::SNS::Topic"))
    assert codes(judged(analyzer, stack(case, deployed=True), log_group())) == {INTEGRATED: ["not-integrated"]}


def test_what_is_only_read_is_not_judged(analyzer: Analyzer) -> None:
    read = stack(BY_NAME["neither property"], deployed=True)
    assert analyzer.analyze(Resource(STACK, "infra", {})).reports == ()
    assert analyzer.analyze_stack([read]).reports == ()
    analyzer.analyze(stack(BY_NAME["neither property"], deployed=False))
    assert codes(analyzer.analyze_stack([read]).reports) == {EXIST: ["log-group-unused"]}


# --- with proof

PROOF = {policy: {"requireProof": True} for policy in POLICIES}
UNREADABLE = ("a macro", "a snippet", "a loop", "an alias", "a merge", "too long")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_not_proven(analyzer: Analyzer, case: Case) -> None:
    analyzer.configure({}, PROOF)
    unproven = {INTEGRATED: ["not-proven"]} if case.name in UNREADABLE else {}
    assert codes(judged(analyzer, stack(case, deployed=False))) == {**case.preview, **unproven}
    after = case.preview if case.update is None else case.update
    assert codes(judged(analyzer, stack(case, deployed=True))) == {**after, **unproven}


def test_the_message_on_a_template_that_shows_no_trail(analyzer: Analyzer) -> None:
    analyzer.configure({}, PROOF)
    (report,) = judged(analyzer, stack(BY_NAME["an alias"], deployed=True))
    assert report.message == (
        "[not-proven] It is not proven that the CloudTrail trails of this template are integrated: its template has a YAML "
        "alias, which CloudFormation does not take. Use a template that shows them: valid JSON or YAML of at most 51,200 "
        "bytes, without macros, aliases and merges."
    )
    exempt = {"exemptions": [{"trail": "infra", "reason": "A vendor's."}], "requireProof": True}
    analyzer.configure({}, dict.fromkeys(POLICIES, exempt))
    assert judged(analyzer, stack(BY_NAME["an alias"], deployed=True)) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [("neither property", True), ("a trail whose condition is not known", True), ("a trail whose condition does not hold", False), ("no trail", False), ("a macro", False)],
)  # fmt: skip
def test_a_template_may_have_the_trail_that_a_stack_must_have(analyzer: Analyzer, name: str, found: bool) -> None:
    exist = "cloudtrail-log-group-and-role-exist"
    analyzer.configure({}, {exist: {"requireTrail": ["shop/dev"]}})
    reports = analyzer.analyze_stack([stack(BY_NAME[name], deployed=False)]).reports
    assert ("[no-trail]" in "".join(report.message for report in reports)) is not found


# --- explain

REASONS = {
    "its template is not known": {"templateBody": UNKNOWN},
    "its template is read from a URL": {"templateUrl": "https://bucket.s3.amazonaws.com/t.yaml"},
    "its template has a macro (Transform), which only CloudFormation can expand": {"templateBody": BY_NAME["a macro"].body},
    "its template has a YAML alias, which CloudFormation does not take": {"templateBody": BY_NAME["an alias"].body},
    "its template is longer than 51,200 bytes": {"templateBody": BY_NAME["too long"].body},
    "its template is neither JSON nor YAML": {"templateBody": "AWS::CloudTrail::Trail: ["},
    "its template has a tag that is not one of CloudFormation's": {"templateBody": "a: !Reff AWS::CloudTrail::Trail"},
    "its template is nested too deeply": {"templateBody": f"AWS::CloudTrail::Trail: {'[' * 100}{']' * 100}"},
    "Trail: cannot tell: whether its template creates it is not known": {"templateBody": BY_NAME["a trail whose condition is not known"].body, "parameters": UNKNOWN},
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_template_cannot_be_told(capfd: pytest.CaptureFixture[str], reason: str) -> None:
    analyzer = in_process()
    owner = Resource(STACK, "infra", {"name": "infra", **REASONS[reason]})
    assert judged(analyzer, owner) == []
    assert capfd.readouterr().err == ""
    analyzer.configure({}, {policy: {"explain": True} for policy in POLICIES})
    assert judged(analyzer, owner) == []
    said = capfd.readouterr().err.splitlines()
    phrase = reason if reason.startswith("Trail") else f"cannot tell: {reason}"
    assert said == [f"{policy}: {owner.urn}: {phrase}" for policy in POLICIES]


def explained(capfd: pytest.CaptureFixture[str], policy: str, owner: Resource) -> str:
    """What a policy explains of the trail of a template, of which it reports nothing."""
    analyzer = in_process()
    analyzer.configure({}, {policy: {"explain": True}})
    assert judged(analyzer, owner) == []
    said, begin = capfd.readouterr().err, f"{policy}: {owner.urn}: Trail: "
    assert said.startswith(begin)
    return said.removeprefix(begin)


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("as CloudTrail's guide has it", "right"),
        ("a right ARN by Sub", "right"),
        ("a stack set for an organization", "right"),
        ("a stack set whose log group is named after its stack", "right"),
        ("what another stack exports", "cannot tell: waits on CloudWatchLogsLogGroupArn"),
        ("a stack set with a region of its own", "cannot tell: waits on CloudWatchLogsLogGroupArn"),
    ],
)  # fmt: skip
def test_what_is_of_the_place_of_its_trail_is_right_wherever_that_is(
    capfd: pytest.CaptureFixture[str], name: str, decision: str
) -> None:
    owner = stack(BY_NAME[name], deployed=False)
    assert explained(capfd, "cloudtrail-cloudwatch-logs-integrated", owner) == f"{decision}\n"


def in_any_place(group: str, resource: str = "", logs: str = "{}") -> Case:
    """A stack set whose trail names a log group that its role may write to by a policy."""
    wiring = WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{group}'") if group else WIRED
    return of_any_place(template(wiring, resource=f"!Sub '{resource}'" if resource else "!GetAtt Logs.Arn", logs=logs))


OPEN = 'cannot tell: the content of inline policy "delivery" is not known'
OWN_STREAMS = f"{GROUP_OF_SUB}:log-stream:${{AWS::AccountId}}_CloudTrail_${{AWS::Region}}*"
BY_REGION = "{LogGroupName: !Sub 'audit-${AWS::Region}'}"
BY_PIECES = "{LogGroupName: !Join ['-', [audit, !Select [0, !Split ['-', !Ref 'AWS::Region']]]]}"
OPEN_GROUP = "cannot tell: the region and the account and the name of the log group are not known"
HOME = "Conditions: {Home: !Equals [!Ref 'AWS::Region', us-east-1]}"
OPEN_POLICY = 'cannot tell: whether role "Role" has policy "Policy" is not known'
CORPORATE = "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/corporate"
ELSEWHERE = "cannot tell: managed policy arn:aws:iam::ACCOUNT:policy/corporate is not of this stack, so its content is not known"


def policy(effect: str, condition: str = "Condition: Home,", of: str = "!Ref Role") -> str:
    """A policy for all log groups, and of which role it is."""
    statement = f"{{Effect: {effect}, Action: 'logs:*', Resource: '*'}}"
    properties = f"{{PolicyName: p, Roles: [{of}], PolicyDocument: {{Statement: {statement}}}}}"
    return f"  Policy: {{Type: AWS::IAM::Policy, {condition} Properties: {properties}}}"


def of_any_place(body: str) -> Case:
    """A stack set."""
    return Case("any", body, token=STACK_SET)


@pytest.mark.parametrize(
    ("case", "decision"),
    [
        (in_any_place(""), "right"),
        (in_any_place("", f"{GROUP_OF_SUB}:*"), "right"),
        (in_any_place("", OWN_STREAMS), "right"),
        (in_any_place("", "arn:*:logs:*:${AWS::AccountId}:log-group:${Logs}:log-stream:*"), "right"),
        (in_any_place("", logs=BY_REGION), "right"),
        (in_any_place("", f"{GROUP_OF_SUB.replace('${Logs}', 'audit-${AWS::Region}')}:*", BY_REGION), "right"),
        # What is right in some places, or may be.
        (in_any_place("", f"{GROUP_OF_SUB.replace('${AWS::Region}', 'us-east-1')}:*"), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB.replace('${AWS::Region}', 'us-*')}:*"), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB.replace('${AWS::AccountId}', ACCOUNT)}:*"), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB}:log-stream:{ACCOUNT}_CloudTrail_*"), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB}:log-stream:*_CloudTrail_us-*"), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB.replace('${Logs}', 'audit-us-*')}:*", BY_REGION), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB.replace('${Logs}', 'audit-us-east-1')}:*", BY_REGION), OPEN),
        (in_any_place(f"{GROUP_OF_SUB.replace('${AWS::AccountId}', ACCOUNT)}:*"), OPEN),
        (in_any_place(f"{GROUP_OF_SUB.replace('${AWS::Region}', 'eu-west-1')}:*"), OPEN),
        (in_any_place("", f"{GROUP_OF_SUB.replace('${AWS::AccountId}', SAMPLE_PLACE[2])}:*"), OPEN),
        (in_any_place("", "arn:aws:logs:*:*:log-group:audit-us:*", BY_PIECES), OPEN_GROUP),
        (in_any_place("", "*:0*:log-group:*"), OPEN_GROUP.replace(" and the name", "")),
        (in_any_place("", "*:log-group:*"), "right"),
        # What a role has in some places.
        (of_any_place(template(sections=HOME, resources=policy("Deny"))), OPEN_POLICY),
        (of_any_place(template(actions="s3:GetObject", sections=HOME, resources=policy("Allow"))), OPEN_POLICY),
        (of_any_place(template(actions="s3:GetObject", sections=HOME, resources=policy("Allow", "", "!If [Home, !Ref Role, other]"))), OPEN_POLICY),
        (of_any_place(template(actions="s3:GetObject", resources=policy("Allow", ""))), "right"),
        (of_any_place(with_role(f"ManagedPolicyArns: [!Sub '{CORPORATE}']")), ELSEWHERE),
    ],
)  # fmt: skip
def test_what_a_role_may_do_wherever_its_stack_set_is(
    capfd: pytest.CaptureFixture[str], case: Case, decision: str
) -> None:
    assert explained(capfd, "cloudtrail-role-can-deliver", stack(case, deployed=True)) == f"{decision}\n"


def test_what_the_program_has_may_be_of_one_place_only(analyzer: Analyzer) -> None:
    by_name = WIRED.replace("!GetAtt Role.Arn", "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/delivery'")
    new = Resource("aws:iam/role:Role", "new", {"name": "delivery", "assumeRolePolicy": TRUST_POLICY})
    assert codes(judged(analyzer, stack(of_any_place(template(by_name)), deployed=True), new)) == NONE
    named = "      RoleName: !Sub 'delivery-${AWS::Region}'\n      AssumeRolePolicyDocument"
    owner = stack(
        of_any_place(template(actions="s3:*").replace("      AssumeRolePolicyDocument", named)), deployed=True
    )
    assert codes(judged(analyzer, owner)) == DENIED
    document = json.dumps({"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}})
    in_one_region = Resource("aws:iam/rolePolicy:RolePolicy", "p", {"role": "delivery-us-east-1", "policy": document})
    assert codes(judged(analyzer, owner, in_one_region)) == NONE


def test_a_policy_of_the_program_may_be_of_the_account_of_the_template(analyzer: Analyzer) -> None:
    body = template(actions="s3:*").replace("      AssumeRole", "      RoleName: delivery\n      AssumeRole", 1)
    owner = stack(Case("first", body), deployed=False)
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*"
    document = json.dumps({"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": group}})
    for role_name, expected in (("delivery", NONE), ("other", DENIED)):
        given = {"role": role_name, "policy": document}
        provider = Provider({"allowedAccountIds": json.dumps([ACCOUNT])}, "aws", "one")
        policy = Resource("aws:iam/rolePolicy:RolePolicy", "p", given, provider=provider)
        assert codes(judged(analyzer, owner, policy)) == expected


def test_a_landing_zone_is_explained(capfd: pytest.CaptureFixture[str]) -> None:
    analyzer = in_process()
    analyzer.configure({}, {"cloudtrail-log-group-and-role-exist": {"explain": True}})
    zone = Resource("aws:controltower/landingZone:LandingZone", "zone", {"version": "3.3"})
    assert analyzer.analyze_stack([zone]).reports == ()
    assert capfd.readouterr().err == (
        f"cloudtrail-log-group-and-role-exist: {zone.urn}: "
        "cannot tell: AWS makes the trails of a landing zone, and the stack does not show them\n"
    )


# --- what only looks like a name that CloudFormation makes


def test_a_typed_name_like_one_that_cloudformation_makes_is_not_judged(analyzer: Analyzer) -> None:
    typed = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:infra-Logs-a1B2c3D4e5F6:*"
    assert codes(judged(analyzer, stack(Case("typed", template(resource=typed)), deployed=True))) == NONE
    other = typed.replace("infra-Logs", "infra-Other")
    assert codes(judged(analyzer, stack(Case("other", template(resource=other)), deployed=True))) == {
        DELIVER: ["role-permission-missing"]
    }


def test_an_arn_that_is_typed_in_the_very_words_of_the_template(analyzer: Analyzer) -> None:
    wiring = WIRED.replace("!GetAtt Logs.Arn", f"!Sub '{GROUP_OF_SUB}:*'")
    for token in (STACK, STACK_SET):
        assert codes(judged(analyzer, stack(Case("sub", template(wiring), token=token), deployed=True))) == NONE


def test_a_policy_on_all_that_a_stack_of_an_unknown_name_makes(analyzer: Analyzer) -> None:
    body = template(resource="'arn:aws:logs:*:*:log-group:prod-*:*'")
    owner = stack(Case("unknown", body), deployed=False)
    named = Resource(owner.token, owner.name, {**owner.properties, "name": UNKNOWN})
    assert codes(judged(analyzer, named)) == NONE
    assert codes(judged(analyzer, owner)) == DENIED
