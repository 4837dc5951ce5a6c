"""`make contract`: what is gone or changed in a package has its exact finding, and what is right has none."""

import ast
import gzip
import importlib.util
import io
import json
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cloudtrail_logs.model.trail import TrailSpelling
from cloudtrail_logs.stack import iam_types as iam_table
from cloudtrail_logs.stack import resource_types as provider_table
from cloudtrail_logs.stack.iam_types import (
    AttachmentType,
    ExclusiveType,
    InlinePolicyType,
    ManagedPolicyType,
    RolePermissions,
)
from cloudtrail_logs.stack.resource_types import LogGroupType, RoleType, TrailType
from tests.analyzers import PACK
from tests.aws.test_permissions_in_docs import operations
from tools.quality.contract import __main__ as command
from tools.quality.contract import expectations
from tools.quality.contract.__main__ import HEADER, CannotDownloadError, downloaded, main, wanted
from tools.quality.contract.aws_models import OPERATIONS, Operation, check_botocore
from tools.quality.contract.expectations import (
    ANY_TERRAFORM,
    BOOLEAN,
    BOTH,
    DOCUMENT,
    OBJECTS,
    PACKAGES,
    PROVIDER_SETTINGS,
    READ_BY_NAME,
    SPANS,
    STRING,
    STRINGS,
    Expectation,
    Side,
    Span,
    expectations_of,
)
from tools.quality.contract.sdk_check import Checked, check_sdk
from tools.quality.contract.sources import Sources, UnreadablePackageError, of_archive, of_folder

AWS, AWS_NATIVE = PACKAGES
VIEW = PACK / "cloudtrail_logs" / "stack"
DOOR = PACK / "cloudtrail_logs" / "pulumi"
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


def test_a_type_that_is_gone_hides_no_other(tmp_path: Path) -> None:
    files = {path: text for path, text in FILES.items() if not path.endswith("role.py")}
    assert check_sdk(AWS, EXPECTED, wheel(tmp_path, files)).findings == [f"{ROLE} is gone", "aws:iam/ is gone"]


def test_an_object_of_the_name_of_the_inputs(tmp_path: Path) -> None:
    """aws-native's RolePolicyArgs is an object of a role; the inputs of its resource RolePolicy are in another class."""
    assert findings(tmp_path, "role.py", "class RoleArgs", "class RoleInitArgs") == []


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("pulumi_aws-6.1.0.dist-info/METADATA", "it names no version"),
        ("pulumi_aws/iam/role.py", "pulumi_aws/iam/role.py has no class Role with its inputs"),
    ],
)
def test_a_source_that_is_not_understood(tmp_path: Path, path: str, problem: str) -> None:
    files = {**FILES, path: FILES[path].replace("Version", "Edition").replace("class RoleArgs", "class Inputs")}
    with pytest.raises(UnreadablePackageError, match=f"^{re.escape(problem)}$"):
        check_sdk(AWS, EXPECTED, wheel(tmp_path, files))


def test_an_archive_of_sources_and_a_folder_are_read_alike(tmp_path: Path) -> None:
    archive, folder = tmp_path / "package.tar.gz", tmp_path / "installed"
    with tarfile.open(archive, "w:gz") as packed:
        for path, text in FILES.items():
            name = "PKG-INFO" if path.endswith("METADATA") else path
            member = tarfile.TarInfo(f"pulumi_aws-6.1.0/{name}")
            member.size = len(text.encode())
            packed.addfile(member, io.BytesIO(text.encode()))
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    expected = check_sdk(AWS, EXPECTED, wheel(tmp_path, FILES))
    assert check_sdk(AWS, EXPECTED, of_archive(archive)) == expected
    assert check_sdk(AWS, EXPECTED, of_folder(folder, "pulumi_aws")) == expected


@pytest.mark.parametrize(
    ("span", "there", "gone"),
    [
        (Span(), [], [" is gone"]),
        (Span(since="6.1.0"), [], [" is gone"]),
        (Span(since="6.1.1"), [" is there, which it should not be in this version"], []),
        (Span(since="6.10"), [" is there, which it should not be in this version"], []),
        (Span(before="6.1.0"), [" is there, which it should not be in this version"], []),
        (Span(before="6.2.0"), [], [" is gone"]),
    ],
)
def test_what_is_not_in_all_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, span: Span, there: list[str], gone: list[str]
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


def test_what_is_in_an_object_comes_and_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectations, "SPANS", {(ROLE, "inlinePolicies"): Span(since="7.0.0")})
    paths = ("inlinePolicies", "inlinePolicies.policyText")
    expected = [each for each in EXPECTED if each.path in paths and each.side is Side.INPUT]
    checked = check_sdk(AWS, expected, wheel(tmp_path, FILES))
    assert checked.properties == 0
    end = "is there, which it should not be in this version"
    assert checked.findings == [f"{ROLE}: input {path} {end}" for path in paths]


def test_what_the_tables_may_not_know_is_noted(tmp_path: Path) -> None:
    trail = ROLE_FILE.replace("Role", "Trail").replace("aws:iam/role:Trail", "aws:cloudtrail/trail:Trail")
    attachment = "super(X, __self__).__init__(\n            'aws:iam/{}', name)"
    files = {
        **FILES,
        "pulumi_aws/cloudtrail/trail.py": trail.replace("def roles(", "def log_format(").replace(
            "def arn(", "def blog("
        ),
        "pulumi_aws/iam/new.py": attachment.format("roleBundledPolicies:RoleBundledPolicies"),
        "pulumi_aws/iam/user.py": attachment.format("userPolicy:UserPolicy"),
    }
    expected = [*EXPECTED, Expectation("aws:cloudtrail/trail:Trail")]
    assert check_sdk(AWS, expected, wheel(tmp_path, files)).notes == [
        "aws:cloudtrail/trail:Trail has blog",
        "aws:cloudtrail/trail:Trail has log_format",
        "aws:iam/roleBundledPolicies:RoleBundledPolicies is in no table",
    ]


def installed(package: str) -> Sources:
    spec = importlib.util.find_spec(package)
    assert spec
    assert spec.origin
    return of_folder(Path(spec.origin).parents[1], package)


def test_the_installed_sdk_of_pulumi_aws() -> None:
    checked = check_sdk(AWS, expectations_of(AWS), installed("pulumi_aws"))
    assert f"pulumi-aws=={checked.version}\n" in (PACK / "requirements-dev.txt").read_text()
    assert checked.findings == []
    assert checked.properties > 50


def test_the_installed_botocore() -> None:
    checked = check_botocore(OPERATIONS, installed("botocore"))
    assert f"botocore=={checked.version}\n" in (PACK / "requirements-dev.txt").read_text()
    assert checked.findings == []


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


def test_a_new_row_and_a_new_token_are_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    table = ModuleType("table")
    spelling = TrailSpelling("groupArn", "roleArn", "on")
    vars(table)["NEW"] = {"aws:new/trail:Trail": TrailType(spelling, "title", "everywhere", None, "home")}
    vars(table)["_TOKENS"] = ("aws:new/reader:", "aws-native:new:Reader", "aws:index/newReader:")
    monkeypatch.setattr(expectations, "TABLES", (table,))
    monkeypatch.setattr(expectations, "PROVIDER_SETTINGS", {})
    trail = "aws:new/trail:Trail"
    both = [("groupArn", STRING), ("roleArn", STRING), ("title", STRING), ("on", BOOLEAN), ("everywhere", BOOLEAN)]
    assert set(expectations_of(AWS)) == {
        Expectation(trail),
        Expectation("aws:new/reader:"),
        *(Expectation(trail, name, side, kinds) for name, kinds in both for side in BOTH),
        Expectation(trail, "home", Side.OUTPUT, STRING),
        Expectation(trail, "arn", Side.OUTPUT, STRING),
    }
    assert expectations_of(AWS_NATIVE) == [Expectation("aws-native:new:Reader")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (LogGroupType("name", "prefix", arn_has_wildcard=True, region="place"), {"name": (BOTH, STRING), "prefix": (BOTH, STRING), "place": (BOTH, STRING), **READ_BY_NAME[LogGroupType]}),
        (LogGroupType("name", None, arn_has_wildcard=True, region=None), {"name": (BOTH, STRING), **READ_BY_NAME[LogGroupType]}),
        (RoleType("name", "trust"), {"name": (BOTH, STRING), "trust": (BOTH, DOCUMENT), **READ_BY_NAME[RoleType]}),
        (RolePermissions("inline", "title", "text", drops_unknown_entries=True), {"inline": (BOTH, OBJECTS), "inline.title": (BOTH, STRING), "inline.text": (BOTH, DOCUMENT), **READ_BY_NAME[RolePermissions]}),
        (InlinePolicyType("role", "name", "text"), {"role": (BOTH, STRING), "name": (BOTH, STRING), "text": (BOTH, DOCUMENT)}),
        (ManagedPolicyType("name", "arn", "text", None), {"name": (BOTH, STRING), "arn": ((Side.OUTPUT,), STRING), "text": (BOTH, DOCUMENT)}),
        (ManagedPolicyType("name", "arn", "text", "roles"), {"name": (BOTH, STRING), "arn": ((Side.OUTPUT,), STRING), "text": (BOTH, DOCUMENT), "roles": (BOTH, STRINGS)}),
        (AttachmentType("role", "arn", is_exclusive=False), {"role": (BOTH, STRING), "arn": (BOTH, STRING)}),
        (AttachmentType("roles", "arn", is_exclusive=True), {"roles": (BOTH, STRINGS), "arn": (BOTH, STRING)}),
        (ExclusiveType("role", "names", of_managed=False), {"role": (BOTH, STRING), "names": (BOTH, STRINGS)}),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_a_row_expects(
    monkeypatch: pytest.MonkeyPatch, row: object, expected: dict[str, tuple[tuple[Side, ...], frozenset[str]]]
) -> None:
    table = ModuleType("table")
    vars(table)["NEW"] = {ROLE: row}
    monkeypatch.setattr(expectations, "TABLES", (table,))
    monkeypatch.setattr(expectations, "PROVIDER_SETTINGS", {})
    properties = [Expectation(ROLE, path, side, kinds) for path, (sides, kinds) in expected.items() for side in sides]
    found = expectations_of(AWS)
    assert len(found) == len(set(found))
    assert set(found) == {Expectation(ROLE), *properties}


def test_a_row_of_an_unknown_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    table = ModuleType("table")
    vars(table)["NEW"] = {ROLE: Span()}
    monkeypatch.setattr(expectations, "TABLES", (table,))
    with pytest.raises(ValueError, match=r"^the row of aws:iam/role:Role is of a kind that is not known: Span$"):
        expectations_of(AWS)


def test_the_spans_are_of_what_is_expected() -> None:
    expected = {(each.token, each.path or "") for package in PACKAGES for each in expectations_of(package)}
    assert SPANS.keys() <= expected


def texts(path: Path) -> set[str]:
    """The texts in a file's code that are written like a property's name."""
    found = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
    return {text for text in found if isinstance(text, str) and re.fullmatch(r"[a-z][a-zA-Z0-9]*", text)}


def test_the_settings_that_are_read_are_those_expected() -> None:
    others = {"hours", "minutes", "seconds", "http", "https", "arn"}
    read = (texts(VIEW / "provider.py") | texts(DOOR / "connection_view.py")) - others
    assert read == {part for settings in PROVIDER_SETTINGS.values() for path in settings for part in path.split(".")}


def test_the_properties_that_are_read_by_name_are_those_expected() -> None:
    read: set[str] = set()
    for path in sorted(VIEW.glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args]
        for call in calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in {"text", "flag", "json", "known_texts_of"}:
                named = call.args[0]
                read |= {str(named.value)} if isinstance(named, ast.Constant) else set()
    settings = {path for each in PROVIDER_SETTINGS.values() for path in each}
    by_name = {name for names in READ_BY_NAME.values() for name in names}
    constants = {iam_table.MANAGED_POLICY_ARNS, iam_table.PERMISSIONS_BOUNDARY}
    assert constants <= by_name
    # Pulumi gives every resource its id.
    assert read - settings == (by_name - constants) | {"id"}


# Types that the Terraform provider calls otherwise than by its service and the name in pulumi-aws.
NAMED_OTHERWISE = {"aws:cloudtrail/trail:Trail": "cloudtrail", "aws:s3/bucketV2:BucketV2": "s3Bucket"}


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
    "tokens", [sorted(provider_table.MISTAKEN), provider_table._READERS], ids=["mistaken", "readers"]
)
def test_the_any_terraform_provider_has_the_tokens_of_pulumi_aws(tokens: list[str]) -> None:
    bridged = [token for token in tokens if token.startswith("aws:") and not token.startswith(ANY_TERRAFORM)]
    mirrored = {any_terraform(token) for token in bridged}
    assert mirrored == {token for token in tokens if token.startswith(ANY_TERRAFORM)}


MODEL: dict[str, Any] = {
    "operations": {"GetThing": {"input": {"shape": "Asked"}, "output": {"shape": "Told"}}},
    "shapes": {
        "Asked": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Text"}}},
        "Told": {"type": "structure", "members": {"Things": {"shape": "Things"}}},
        "Things": {"type": "list", "member": {"shape": "Thing"}},
        "Thing": {"type": "structure", "members": {"Since": {"shape": "Time"}}},
        "Text": {"type": "string"},
        "Time": {"type": "timestamp"},
    },
}
GET_THING = Operation(
    "things", "GetThing", {"Name": "string"}, {"Things": "list", "Things.Since": "timestamp"}, paged=True
)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", []),
        ('"GetThing"', '"FetchThing"', ["things GetThing is gone"]),
        ('"Name"', '"Title"', ["things GetThing: input Name is gone", "things GetThing: input Title is required, and not given"]),
        ('["Name"]', '["Name", "Kind"]', ["things GetThing: input Kind is required, and not given"]),
        ('"Since"', '"Until"', ["things GetThing: output Things.Since is gone"]),
        ('"timestamp"', '"string"', ["things GetThing: output Things.Since is string, no longer timestamp"]),
        ('"type": "list", "member"', '"type": "map", "value"', ["things GetThing: output Things is map, no longer list", "things GetThing: output Things.Since is gone"]),
        ('"Asked"}, "output"', '"Asked"}, "answer"', ["things GetThing: output Things is gone", "things GetThing: output Things.Since is gone"]),
    ],
)  # fmt: skip
def test_a_model_of_a_service(tmp_path: Path, old: str, new: str, found: list[str]) -> None:
    model = json.dumps(MODEL).replace(old, new)
    assert (model != json.dumps(MODEL)) == bool(old)
    archive = tmp_path / "botocore.whl"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("botocore-1.2.3.dist-info/METADATA", "Version: 1.2.3\n")
        made.writestr("botocore/data/things/2013-11-01/service-2.json.gz", b"an older one is not read")
        made.writestr("botocore/data/things/2020-01-01/service-2.json.gz", gzip.compress(model.encode()))
        made.writestr("botocore/data/things/2020-01-01/paginators-1.json", '{"pagination": {"GetThing": {}}}')
    checked = check_botocore([GET_THING], of_archive(archive))
    assert (checked.version, checked.tokens, checked.properties, checked.findings) == ("1.2.3", 1, 3, found)


def test_what_is_not_read_page_by_page_or_has_no_model(tmp_path: Path) -> None:
    files = {
        "botocore-1.2.3.dist-info/METADATA": "Version: 1.2.3\n",
        "botocore/data/things/2020-01-01/service-2.json": json.dumps(MODEL),
        "botocore/data/things/2020-01-01/paginators-1.json": '{"pagination": {}}',
    }
    assert check_botocore([GET_THING], wheel(tmp_path, files)).findings == ["things GetThing is not read page by page"]
    del files["botocore/data/things/2020-01-01/service-2.json"]
    with pytest.raises(UnreadablePackageError, match=r"^it has no botocore/data/things/\*/service-2.json$"):
        check_botocore([GET_THING], wheel(tmp_path, files))


LIVE = PACK / "cloudtrail_logs" / "aws"
CODE = [ast.parse((LIVE / name).read_text()) for name in ("queries.py", "clients.py")]


def method(operation: Operation) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", operation.name).lower()


def test_the_operations_that_are_called_are_those_expected() -> None:
    of_clients = {node.attr for node in ast.walk(CODE[1]) if isinstance(node, ast.Attribute)}
    signing_in = {"get_caller_identity", "assume_role", "assume_role_with_web_identity"}
    assert signing_in == {name for name in of_clients if re.match("assume_|get_caller", name)}
    assert {each.name for each in OPERATIONS if method(each) not in signing_in} == operations()
    assert signing_in <= {method(each) for each in OPERATIONS}


def test_what_is_sent_is_what_is_expected() -> None:
    calls = [node for node in ast.walk(CODE[0]) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for operation in OPERATIONS:
        if operation.service == "sts":
            continue
        sent = []
        for call in calls:
            function = call.func
            assert isinstance(function, ast.Attribute)
            paginator = function.value.args[0] if isinstance(function.value, ast.Call) and function.value.args else None
            pages = isinstance(paginator, ast.Constant) and paginator.value == method(operation)
            if function.attr == ("paginate" if operation.paged else method(operation)) and pages == operation.paged:
                sent.append({keyword.arg for keyword in call.keywords})
        assert sent == [operation.inputs.keys()], operation.name


def test_what_is_sent_to_assume_a_role_is_what_is_expected() -> None:
    capitalised = re.compile(r"[A-Z][A-Za-z]+")
    tree = ast.parse((DOOR / "connection_view.py").read_text())
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    sent = {text for text in constants if isinstance(text, str) and capitalised.fullmatch(text)}
    sent |= {"RoleArn", "RoleSessionName", "WebIdentityToken", "arn"}
    inputs = {part for each in OPERATIONS if each.service == "sts" for path in each.inputs for part in path.split(".")}
    assert inputs == sent


def test_what_is_read_of_an_answer_is_what_is_expected() -> None:
    read = set()
    for node in (node for tree in CODE for node in ast.walk(tree)):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            read.add(node.slice.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            read |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    of_errors = {"Error", "Code"}
    expected = {part for operation in OPERATIONS for path in operation.outputs for part in path.split(".")}
    assert {each for each in read if isinstance(each, str)} - of_errors == expected


def test_what_is_asked_for() -> None:
    asked = [requirement for requirement, _ in wanted("pulumi>=3.196.0,<4\nboto3>=1.43.0,<2\n")]
    assert asked == [
        *(f"pulumi-aws=={version}" for version in AWS.lowest),
        "pulumi-aws",
        *(f"pulumi-aws-native=={version}" for version in AWS_NATIVE.lowest),
        "pulumi-aws-native",
        "botocore==1.43.0",
        "botocore<2",
    ]
    assert [version.split(".")[0] for version in AWS.lowest] == ["5", "6", "7"]
    with pytest.raises(ValueError, match=r"^requirements\.txt does not say which boto3 may be used$"):
        list(wanted("boto3\n"))


@pytest.mark.parametrize(
    ("said", "archive"),
    [
        ("Collecting pulumi-aws\nSaved ./.build/contract/pulumi_aws-8.0.0-py3-none-any.whl\n", "pulumi_aws-8.0.0-py3-none-any.whl"),
        ("  File was already downloaded /a/folder/pulumi_aws-8.0.0.tar.gz\n", "pulumi_aws-8.0.0.tar.gz"),
        ("Successfully downloaded nothing\n", None),
    ],
)  # fmt: skip
def test_what_pip_downloads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, archive: str | None) -> None:
    asked: list[list[str]] = []

    def run(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, 0, said, "a warning")

    monkeypatch.setattr(subprocess, "run", run)
    if archive:
        assert downloaded("pulumi-aws", tmp_path) == tmp_path / archive
    else:
        with pytest.raises(
            CannotDownloadError, match=r"^pulumi-aws cannot be downloaded\.\nSuccessfully downloaded nothing"
        ):
            downloaded("pulumi-aws", tmp_path)
    assert [arguments[-3:] for arguments in asked] == [["--dest", str(tmp_path), "pulumi-aws"]]


def test_an_exact_version_is_downloaded_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def run(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(arguments, 1, "Saved ./half.whl\n", "no network")

    monkeypatch.setattr(subprocess, "run", run)
    kept = ("pulumi_aws-5.0.0.tar.gz", "pulumi_aws-7.0.0-py3-none-any.whl", "pulumi_aws-5.0.0.1.tar.gz")
    for name in kept:
        (tmp_path / name).write_text("")
    assert downloaded("pulumi-aws==5.0.0", tmp_path).name == kept[0]
    assert downloaded("pulumi-aws==7.0.0", tmp_path).name == kept[1]
    for requirement in ("pulumi-aws==5.0", "pulumi-aws==7.0", "pulumi-aws"):
        with pytest.raises(CannotDownloadError, match=r"no network$"):
            downloaded(requirement, tmp_path)


@pytest.mark.parametrize(
    ("found", "notes", "said", "status"),
    [
        ([], [], "", 0),
        ([], ["x has log"], "\npulumi-aws 6.1.0, a note: x has log\n", 0),
        (["x is gone"], [], "\npulumi-aws 6.1.0: x is gone\n", 1),
    ],
)
def test_the_command(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    found: list[str],
    notes: list[str],
    said: str,
    status: int,
) -> None:
    def check(sources: Sources) -> Checked:
        return Checked("pulumi-aws", sources.version, 3, 20, found, notes)

    wheel(tmp_path, FILES)
    monkeypatch.setattr(command, "PLACE", tmp_path)
    monkeypatch.setattr(command, "wanted", lambda _: [("pulumi-aws", check)])
    monkeypatch.setattr(command, "downloaded", lambda _: tmp_path / "package.whl")
    assert main([]) == status
    assert capsys.readouterr().out == f"{HEADER}\n| pulumi-aws | 6.1.0 | 3 | 20 | {len(found)} |\n{said}"


def test_the_command_without_a_package_or_with_one_it_does_not_understand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refused(_: str) -> Path:
        raise CannotDownloadError("no network")

    monkeypatch.setattr(command, "PLACE", tmp_path)
    monkeypatch.setattr(command, "downloaded", refused)
    assert main([]) == 1
    assert capsys.readouterr().err == "no network\n"
    wheel(tmp_path, {"pulumi_aws/iam/role.py": ROLE_FILE})
    monkeypatch.setattr(command, "downloaded", lambda _: tmp_path / "package.whl")
    assert main([]) == 1
    assert capsys.readouterr().err == "package.whl is not understood: it names no version.\n"
