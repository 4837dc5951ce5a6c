"""The functions that programs call: who and where am I, what exists, policy documents."""

from collections.abc import Callable, Mapping

from cloudtrail_logs.policy_document import policy_document
from tools.fakes.aws_provider.outputs import ABSENT, Resource, found_resource
from tools.fakes.aws_provider.settings import ProviderSettings, partition_of
from tools.fakes.aws_provider.values import Properties, contains_unknown

Function = Callable[[Properties, ProviderSettings], Properties]


class NotFoundError(Exception):
    """What a function asked for does not exist."""


def invoke(token: str, arguments: Properties, settings: ProviderSettings) -> Properties:
    """The result of a provider function; its arguments come back when it is not a known one."""
    if contains_unknown(arguments):
        return {}
    function = FUNCTIONS.get(token)
    return {**arguments, **(function(arguments, settings) if function else {"id": token})}


def _caller_identity(arguments: Properties, settings: ProviderSettings) -> Properties:
    account = settings.account
    arn = f"arn:{partition_of(settings.region)}:iam::{account}:user/stand-in"
    return {"accountId": account, "arn": arn, "id": account, "userId": "AIDAEXAMPLE"}


def _region(arguments: Properties, settings: ProviderSettings) -> Properties:
    region = arguments.get("region") or arguments.get("name") or settings.region
    endpoint = f"ec2.{region}.{_domain(region)}"
    names = {"id": region, "name": region, "region": region}
    return {"description": f"Region {region}", "endpoint": endpoint, **names}


def _partition(arguments: Properties, settings: ProviderSettings) -> Properties:
    partition, domain = partition_of(settings.region), _domain(settings.region)
    reverse = ".".join(reversed(domain.split(".")))
    return {
        "dnsSuffix": domain,
        "id": partition,
        "partition": partition,
        "reverseDnsPrefix": reverse,
    }


def _domain(region: str) -> str:
    return "amazonaws.com.cn" if partition_of(region) == "aws-cn" else "amazonaws.com"


def _existing(token: str) -> Function:
    """A function that describes the existing resource of the name it is given."""

    def describe(arguments: Properties, settings: ProviderSettings) -> Properties:
        name = str(arguments.get("name", ""))
        given = {"region": arguments.get("region")}
        found = found_resource(Resource(f"urn::project::{token}::{name}"), name, given, settings)
        if found is None:
            raise NotFoundError(f"couldn't find resource: {name} (any name with {ABSENT!r} is)")
        _, outputs = found
        return {**outputs, "tags": outputs["tagsAll"]}

    return describe


FUNCTIONS: Mapping[str, Function] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:cloudwatch/getLogGroup:getLogGroup": _existing("aws:cloudwatch/logGroup:LogGroup"),
    "aws:iam/getRole:getRole": _existing("aws:iam/role:Role"),
    "aws:iam/getPolicyDocument:getPolicyDocument": lambda arguments, _: policy_document(arguments),
}
