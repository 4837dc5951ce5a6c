"""`make contract`: what is gone or changed in a package has its exact finding, and what is right has none."""

import ast
import importlib.util
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cloudtrail_logs.model.provider_settings import ASSUMED_ROLES
from cloudtrail_logs.stack import iam_types as iam_table
from cloudtrail_logs.stack import resource_types as provider_table
from tests.analyzers import PACK
from tools.quality.contract import expectations
from tools.quality.contract.expectations import (
    ANY_TERRAFORM,
    BOOLEAN,
    DOCUMENT,
    OBJECTS,
    PACKAGES,
    PROVIDER_SETTINGS,
    READ_BY_NAME,
    STRING,
    STRINGS,
    Expectation,
    Side,
    expectations_of,
)
from tools.quality.contract.sdk_check import check_sdk
from tools.quality.contract.sources import Sources, of_archive, of_folder

AWS, AWS_NATIVE = PACKAGES
VIEW = PACK / "cloudtrail_logs" / "stack"
ROLE = "aws:iam/role:Role"

ROLE_FILE = """
@pulumi.input_type
class RoleArgs:
    @property
    @pulumi.getter(name="assumeRolePolicy")
    def assume_role_policy(self) -> pulumi.Input[Union[str, 'PolicyDocumentArgs']]: ...

    @_builtins.property
    @pulumi.getter(name="inlinePolicies")
    def inline_policies(self) -> pulumi.Input[Optional[Sequence[pulumi.Input['RoleInlinePolicyArgs']]]]: ...

    @property
    @pulumi.getter
    def roles(self) -> Optional[pulumi.Input[Sequence[pulumi.Input[str]]]]: ...

@pulumi.input_type
class _RoleState:
    @property
    @pulumi.getter
    def other(self) -> str: ...

class Role(pulumi.CustomResource):
    def _internal_init(__self__, resource_name: str):
        super(Role, __self__).__init__(
            'aws:iam/role:Role',
            resource_name)

    @property
    @pulumi.getter
    def arn(self) -> pulumi.Output[_builtins.str]: ...

    @property
    @pulumi.getter
    def path(self) -> pulumi.Output[Optional['RolePath']]: ...

    @property
    @pulumi.getter(name="inlinePolicies")
    def inline_policies(self) -> pulumi.Output[Sequence['outputs.RoleInlinePolicy']]: ...
"""
POLICY = """
class RoleInlinePolicy{}:
    @property
    @pulumi.getter(name="policyText")
    def policy_text(self) -> Optional[_builtins.bool]: ...
"""
FILES = {
    "pulumi_aws-6.1.0.dist-info/METADATA": "Name: pulumi-aws\nVersion: 6.1.0\n",
    "pulumi_aws/iam/role.py": ROLE_FILE,
    "pulumi_aws/iam/_inputs.py": POLICY.format("Args"),
    "pulumi_aws/iam/outputs.py": POLICY.format("(dict)"),
    "pulumi_aws/iam/_enums.py": "class RolePath(str, Enum): ...",
}
EXPECTED = (
    Expectation(ROLE),
    Expectation("aws:iam/"),
    Expectation(ROLE, "assumeRolePolicy", Side.INPUT, DOCUMENT),
    Expectation(ROLE, "inlinePolicies", Side.INPUT, OBJECTS),
    Expectation(ROLE, "inlinePolicies.policyText", Side.INPUT, BOOLEAN),
    Expectation(ROLE, "roles", Side.INPUT, STRINGS),
    Expectation(ROLE, "arn", Side.OUTPUT, STRING),
    Expectation(ROLE, "path", Side.OUTPUT, STRING),
    Expectation(ROLE, "inlinePolicies.policyText", Side.OUTPUT, BOOLEAN),
)


def wheel(folder: Path, files: Mapping[str, str]) -> Sources:
    archive = folder / "package.whl"
    with zipfile.ZipFile(archive, "w") as made:
        for path, text in files.items():
            made.writestr(path, text)
    return of_archive(archive)


def findings(folder: Path, file: str = "", old: str = "", new: str = "") -> list[str]:
    path = f"pulumi_aws/iam/{file}"
    files = {**FILES, **({path: FILES[path].replace(old, new)} if file else {})}
    assert not file or files != FILES
    return list(check_sdk(AWS, EXPECTED, wheel(folder, files)).findings)


def test_what_is_there_has_no_finding(tmp_path: Path) -> None:
    checked = check_sdk(AWS, EXPECTED, wheel(tmp_path, FILES))
    assert (checked.package, checked.version, checked.tokens, checked.properties) == ("pulumi-aws", "6.1.0", 2, 7)
    assert checked.findings == []


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("role.py", "'aws:iam/role:Role'", "'aws:iam/roleV2:RoleV2'", f"{ROLE} is gone"),
        ("role.py", 'name="assumeRolePolicy"', 'name="trustPolicy"', f"{ROLE}: input assumeRolePolicy is gone"),
        ("role.py", "Union[str, 'PolicyDocumentArgs']", "bool", f"{ROLE}: input assumeRolePolicy is boolean, no longer any or object or string or string"),
        ("role.py", "Sequence[pulumi.Input[str]]", "str", f"{ROLE}: input roles is string, no longer list of string"),
        ("role.py", "def arn(", "def identifier(", f"{ROLE}: output arn is gone"),
        ("role.py", "def arn(self) -> pulumi.Output[_builtins.str]", "def arn(self) -> pulumi.Output[_builtins.int]", f"{ROLE}: output arn is integer, no longer string"),
        ("role.py", "Sequence[pulumi.Input['RoleInlinePolicyArgs']]", "Mapping[str, 'RoleInlinePolicyArgs']", f"{ROLE}: input inlinePolicies is map of object, no longer list of object"),
        ("_inputs.py", "policyText", "policy", f"{ROLE}: input inlinePolicies.policyText is gone"),
        ("outputs.py", "bool", "float", f"{ROLE}: output inlinePolicies.policyText is number, no longer boolean"),
        ("_enums.py", "RolePath", "OtherPath", f"{ROLE}: output path is object, no longer string"),
    ],
)  # fmt: skip
def test_what_is_gone_or_changed(tmp_path: Path, file: str, old: str, new: str, finding: str) -> None:
    assert findings(tmp_path, file, old, new) == [finding]


@pytest.mark.parametrize(
    ("span", "there", "gone"),
    [
        ("", [], [" is gone"]),
        (">=6.1.0", [], [" is gone"]),
        (">=6.1.1", [" is there, which it should not be in this version"], []),
        (">=6.10", [" is there, which it should not be in this version"], []),
        ("<6.1.0", [" is there, which it should not be in this version"], []),
        ("<6.2.0", [], [" is gone"]),
    ],
)
def test_what_is_not_in_all_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, span: str, there: list[str], gone: list[str]
) -> None:
    for spans, about in (({(ROLE, "roles"): span}, f"{ROLE}: input roles"), ({(ROLE, ""): span}, ROLE)):
        monkeypatch.setattr(expectations, "SPANS", spans)
        expected = [
            each for each in EXPECTED if each.path == (None if about == ROLE else "roles") and each.token == ROLE
        ]
        without = {**FILES, "pulumi_aws/iam/role.py": ROLE_FILE.replace("def roles(", "def groups(")}
        if about == ROLE:
            del without["pulumi_aws/iam/role.py"]
        assert check_sdk(AWS, expected, wheel(tmp_path, FILES)).findings == [about + end for end in there]
        assert check_sdk(AWS, expected, wheel(tmp_path, without)).findings == [about + end for end in gone]


def installed(package: str) -> Sources:
    spec = importlib.util.find_spec(package)
    assert spec
    assert spec.origin
    return of_folder(Path(spec.origin).parents[1], package)


def test_the_installed_sdk_of_pulumi_aws() -> None:
    checked = check_sdk(AWS, expectations_of(AWS), installed("pulumi_aws"))
    assert f"pulumi-aws=={checked.version} " in (PACK / "requirements-dev.lock").read_text()
    assert checked.findings == []
    assert checked.properties > 50


def rows() -> dict[str, Mapping[str, Any]]:
    """The tables by their names."""
    found = {**vars(provider_table), **vars(iam_table)}
    return {name: value for name, value in found.items() if name.isupper() and isinstance(value, Mapping)}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_row_is_expected(package: expectations.Package) -> None:
    tokens = {each.token for each in expectations_of(package)}
    listed = {token for table in rows().values() for token in table} | provider_table.MISTAKEN
    mine = {token for token in listed if token.startswith(package.tokens) and not token.startswith(ANY_TERRAFORM)}
    assert len(mine) > 5
    assert mine <= tokens
    others = (ANY_TERRAFORM, *(each.tokens for each in PACKAGES if each is not package))
    assert not [token for token in tokens if token.startswith(others)]


def texts(path: Path) -> set[str]:
    """The texts in a file's code that are written like a property's name."""
    found = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
    return {text for text in found if isinstance(text, str) and re.fullmatch(r"[a-z][a-zA-Z0-9]*", text)}


def test_the_settings_that_are_read_are_those_expected() -> None:
    others = {"hours", "minutes", "seconds", "http", "https", "arn"}
    read = (
        texts(VIEW / "provider.py")
        | texts(PACK / "cloudtrail_logs" / "aws" / "provider_settings.py")
        | set(ASSUMED_ROLES)
    ) - others
    assert read == {part for settings in PROVIDER_SETTINGS.values() for path in settings for part in path.split(".")}


def test_the_properties_that_are_read_by_name_are_those_expected() -> None:
    read: set[str] = set()
    for path in sorted(VIEW.glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args]
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"text", "flag", "json", "known_texts"}:
                named = call.args[0]
                read |= {str(named.value)} if isinstance(named, ast.Constant) else set()
    settings = {path for each in PROVIDER_SETTINGS.values() for path in each}
    by_name = {name for names in READ_BY_NAME.values() for name in names}
    constants = {iam_table.MANAGED_POLICY_ARNS, iam_table.PERMISSIONS_BOUNDARY}
    assert constants <= by_name
    # Pulumi gives every resource its id.
    assert read - settings == (by_name - constants) | {"id"}


# Types that the Terraform provider calls otherwise than by its service and the name in pulumi-aws.
NAMED_OTHERWISE = {
    "aws:cloudtrail/trail:Trail": "cloudtrail",
    "aws:cloudcontrol/resource:Resource": "cloudcontrolapiResource",
    "aws:s3/bucketV2:BucketV2": "s3Bucket",
    "aws:cfg/rule:": "configConfigRule",
    "aws:ec2/vpcEndpoint:": "vpcEndpoint",
    "aws:ec2/vpcEndpointPolicy:": "vpcEndpointPolicy",
}


def any_terraform(token: str) -> str:
    """The any-Terraform provider's token for a type of pulumi-aws, or the beginning of it."""
    _, service, name = re.split("[:/]", token)[:3]
    name = NAMED_OTHERWISE.get(token, service + name[:1].upper() + name[1:])
    return f"{ANY_TERRAFORM}{name}:" + ("" if token.endswith(":") else name[:1].upper() + name[1:])


@pytest.mark.parametrize("name", rows())
def test_the_any_terraform_provider_has_the_rows_of_pulumi_aws(name: str) -> None:
    table = rows()[name]
    bridged = {token: row for token, row in table.items() if token.startswith("aws:") and not token.startswith(ANY_TERRAFORM)}  # fmt: skip
    assert bridged
    mirrored = {any_terraform(token): row for token, row in bridged.items()}
    assert mirrored == {token: row for token, row in table.items() if token.startswith(ANY_TERRAFORM)}


@pytest.mark.parametrize(
    "tokens",
    [sorted(provider_table.MISTAKEN), provider_table._READERS, provider_table._POLICIES],
    ids=["mistaken", "readers", "policies"],
)
def test_the_any_terraform_provider_has_the_tokens_of_pulumi_aws(tokens: list[str]) -> None:
    bridged = [token for token in tokens if token.startswith("aws:") and not token.startswith(ANY_TERRAFORM)]
    mirrored = {any_terraform(token) for token in bridged}
    assert mirrored == {token for token in tokens if token.startswith(ANY_TERRAFORM)}
