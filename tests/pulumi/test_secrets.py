"""That a pack cannot know what Pulumi marks as secret where it reports: the SDK drops the mark before it calls a policy."""

from typing import Any

from pulumi_policy import ResourceValidationArgs, ResourceValidationPolicy, Secret, StackValidationArgs
from pulumi_policy import StackValidationPolicy as StackPolicy

from tests.analyzers import in_process, of_policies
from tests.stacks import LOG_GROUP_ARN, ROLE_ARN, trail

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": LOG_GROUP_ARN}
PLAIN_TRAIL = trail(cloudWatchLogsGroupArn=LOG_GROUP_ARN, cloudWatchLogsRoleArn=ROLE_ARN)
SECRET_TRAIL = trail(cloudWatchLogsGroupArn=SECRET, cloudWatchLogsRoleArn=ROLE_ARN)


def unwrapped(value: Any) -> Any:
    """All that an object of the SDK holds, also behind its guards."""
    if type(value).__module__.startswith("pulumi_policy"):
        value = vars(value)
    if isinstance(value, dict):
        return {key: unwrapped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [unwrapped(each) for each in value]
    return value if isinstance(value, (str, int, float, type(None), Secret)) else type(value).__name__


def test_a_secret_reaches_a_validation_as_any_other_value() -> None:
    seen: list[Any] = []

    def of_resource(args: ResourceValidationArgs, _: Any) -> None:
        seen.append(unwrapped(args))

    def of_stack(args: StackValidationArgs, _: Any) -> None:
        seen.append(unwrapped(args))

    recorder = of_policies([ResourceValidationPolicy("r", "d", of_resource), StackPolicy("s", "d", of_stack)])
    for given in (PLAIN_TRAIL, SECRET_TRAIL):
        recorder.analyze(given)
        recorder.analyze_stack([given])
    plain, plain_stack, secret, secret_stack = seen
    assert LOG_GROUP_ARN in str(plain)
    assert LOG_GROUP_ARN in str(plain_stack)
    assert (secret, secret_stack) == (plain, plain_stack)


def test_a_remediation_knows_what_is_secret_but_reports_nothing() -> None:
    seen: list[Any] = []

    def remediate(args: ResourceValidationArgs) -> None:
        guarded: Any = args.props
        seen.append(guarded["__target"]["cloudWatchLogsGroupArn"])

    policy = ResourceValidationPolicy("r", "d", lambda _, __: None, remediate=remediate)
    recorder = of_policies([policy])
    recorder.configure({"r": "REMEDIATE"})
    for given in (PLAIN_TRAIL, SECRET_TRAIL):
        recorder.remediate(given)
    plain, secret = seen
    assert plain == LOG_GROUP_ARN
    assert isinstance(secret, Secret)
    assert secret.value == LOG_GROUP_ARN


def test_so_a_report_quotes_an_arn_that_is_secret() -> None:
    plain, secret = (in_process().analyze(given).reports for given in (PLAIN_TRAIL, SECRET_TRAIL))
    assert LOG_GROUP_ARN in secret[0].message
    assert secret == plain
