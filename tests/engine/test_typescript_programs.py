"""What the SDK of TypeScript makes of values: the wirings in which languages can differ, right and wrong, in one stack."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.commands.examples import EXAMPLES

from .recording_pack import write_pack
from .workspace import Outcome, Workspace, is_since

TRAIL = "aws:cloudtrail/trail:Trail"
CENTRAL = "arn:aws:logs:us-east-1:123456789012:log-group:central"
# What the other stack that the program refers to has exported.
EXPORTED = {
    "groupArn": CENTRAL,
    "wildcard": f"{CENTRAL}:*",
    "arns": {"group": f"{CENTRAL}:*"},
    "roleArn": "arn:aws:iam::123456789012:role/central",
}

Codes = tuple[list[str], list[str]]
RIGHT: Codes = ([], [])
BARE: Codes = ([], ["log-group-arn-without-wildcard"])
BARE_AT_ONCE = (BARE[1], BARE[1])
NOT_SET = (["not-integrated"], ["not-integrated"])
ROLE_MISSING = (["role-missing"], ["role-missing"])
GROUP_MISSING = (["log-group-missing"], ["log-group-missing"])
DENIED = (["role-permission-missing"], ["role-permission-missing"])
DENIED_LATE: Codes = ([], DENIED[1])
DISTRUSTED = (["role-trust-missing"], ["role-trust-missing"])
WRONG_TYPE = (["log-group-wrong-type"], ["log-group-arn-invalid"])
PLAIN_TEXT = (["log-group-not-in-stack"], ["log-group-not-in-stack"])
BOTH_PLAIN_TEXT = (["log-group-not-in-stack", "role-not-in-stack"],) * 2

# By the name of the trail: the codes that it has in its first preview and from then on.
CASES: dict[str, Codes] = {
    # values.ts
    "interpolate": RIGHT,
    "interpolate-bare": BARE,
    "concat": RIGHT,
    "concat-twice": ([], ["log-group-arn-invalid"]),
    "apply": RIGHT,
    "apply-bare": BARE,
    "apply-async": RIGHT,
    "apply-async-bare": BARE,
    "crossed": (["log-group-wrong-type", "role-wrong-type"], ["log-group-arn-invalid", "role-arn-invalid"]),
    "names": RIGHT,
    "names-bare": BARE_AT_ONCE,
    "all": RIGHT,
    "all-bare": BARE,
    "all-other": ([], ["log-group-arn-invalid"]),
    "object": RIGHT,
    "object-bare": BARE,
    "object-crossed": ([], ["log-group-arn-invalid", "role-arn-invalid"]),
    "nested": RIGHT,
    "nested-bare": BARE,
    "list": RIGHT,
    "list-bare": BARE,
    "json": RIGHT,
    "json-bare": BARE,
    "secret": RIGHT,
    "secret-bare": BARE,
    "unsecret": RIGHT,
    "unsecret-bare": BARE,
    "create": RIGHT,
    "create-bare": BARE,
    "resource": RIGHT,
    "resource-bare": BARE,
    "promise": RIGHT,
    "promise-bare": BARE,
    "deferred": RIGHT,
    "deferred-bare": BARE,
    "spread": RIGHT,
    "spread-bare": BARE,
    "spread-undefined": (["role-missing"], ["log-group-arn-without-wildcard", "role-missing"]),
    "typed": PLAIN_TEXT,
    "typed-promise": PLAIN_TEXT,
    "typed-output": PLAIN_TEXT,
    "typed-secret": PLAIN_TEXT,
    # documents.ts
    "policy-object": RIGHT,
    "policy-object-bare": DENIED_LATE,
    "policy-stringified": RIGHT,
    "policy-stringified-bare": DENIED_LATE,
    "policy-applied": RIGHT,
    "policy-applied-bare": DENIED_LATE,
    "policy-applied-object": RIGHT,
    "policy-applied-object-bare": DENIED_LATE,
    "policy-of-outputs": DENIED,
    "policy-looked-up": RIGHT,
    "policy-looked-up-bare": DENIED_LATE,
    "policy-looked-up-early": RIGHT,
    "policy-looked-up-early-less": DENIED,
    "policy-promised": RIGHT,
    "policy-promised-less": DENIED,
    "trust-object": RIGHT,
    "trust-object-other": DISTRUSTED,
    "trust-for-principal": RIGHT,
    "trust-for-principal-other": DISTRUSTED,
    "trust-interpolated": RIGHT,
    "trust-interpolated-other": DISTRUSTED,
    "trust-looked-up": RIGHT,
    "trust-looked-up-other": DISTRUSTED,
    "role-itself": RIGHT,
    "role-itself-other": DENIED,
    "attachment": RIGHT,
    "attachment-less": DENIED,
    "attachment-of-aws": RIGHT,
    "attachment-of-aws-less": DENIED,
    "attachment-of-many": RIGHT,
    "attachment-of-many-other": DENIED,
    "inline": RIGHT,
    "inline-less": DENIED,
    # nothing.ts
    "undefined": NOT_SET,
    "null": NOT_SET,
    "empty": NOT_SET,
    "left-out": NOT_SET,
    "optional": NOT_SET,
    "optional-with-default": RIGHT,
    "output-of-undefined": NOT_SET,
    "output-of-empty": NOT_SET,
    "promise-of-undefined": NOT_SET,
    "not-configured": NOT_SET,
    "not-configured-with-default": RIGHT,
    "role-undefined": ROLE_MISSING,
    "role-empty": ROLE_MISSING,
    "group-undefined": GROUP_MISSING,
    "group-null": GROUP_MISSING,
    "late": ([], ["not-integrated"]),
    "late-role": ([], ["role-missing"]),
    # components.ts
    "component": RIGHT,
    "component-bare": BARE,
    "component-bucket": WRONG_TYPE,
    "whole": RIGHT,
    "whole-bare": BARE,
    "whole-of-many": RIGHT,
    "whole-of-many-bare": BARE,
    "whole-without-log-group": WRONG_TYPE,
    "waiting": RIGHT,
    "waiting-bare": BARE,
    "in-a-component": RIGHT,
    "in-a-component-bare": BARE,
    # elsewhere.ts
    "read": RIGHT,
    "read-bare": BARE_AT_ONCE,
    "reference": RIGHT,
    "reference-bare": BARE_AT_ONCE,
    "reference-object": RIGHT,
    "reference-missing": NOT_SET,
    "reference-value": BOTH_PLAIN_TEXT,
    "reference-details": PLAIN_TEXT,
    "function": PLAIN_TEXT,
    "function-bare": (["log-group-arn-without-wildcard", "log-group-not-in-stack"],) * 2,
    "function-promise": PLAIN_TEXT,
    "function-by-name": RIGHT,
    "function-by-name-bare": BARE,
    "function-after": ([], ["log-group-not-in-stack"]),
    # Not right in the preview, but an ARN of the bucket itself arrives in the same way.
    "function-after-bucket": (["log-group-wrong-type"], []),
    # transforms.ts
    "transform": RIGHT,
    "transform-bare": BARE,
    "transform-clears": NOT_SET,
    "transform-tags": RIGHT,
    "transform-tags-bare": BARE,
    "transform-tags-read": BOTH_PLAIN_TEXT,
    "transformation": RIGHT,
    "transformation-bare": BARE,
    "transformation-clears": NOT_SET,
    "stack-transform": RIGHT,
    "stack-transform-bare": BARE,
    "stack-transform-clears": NOT_SET,
    "stack-transform-tags": RIGHT,
    "stack-transform-tags-bare": BARE,
    "stack-transform-tags-read": RIGHT,
    "transform-inline": RIGHT,
    "transform-inline-bare": DENIED_LATE,
    "transform-managed": RIGHT,
    "transform-managed-bare": DENIED_LATE,
}

# What the engine tells of some properties in the first preview: how they arrive, and of what they are made.
DEPENDENCIES = [
    "all.cloudWatchLogsGroupArn: unknown, ['group', 'role']",
    "component.cloudWatchLogsGroupArn: unknown, ['delivery-group']",
    "deferred.cloudWatchLogsGroupArn: unknown, ['group']",
    "empty.cloudWatchLogsGroupArn: known, no entry",
    "function-after-bucket.cloudWatchLogsGroupArn: unknown, ['bucket']",
    "function-after.cloudWatchLogsGroupArn: unknown, ['group']",
    "function-by-name.cloudWatchLogsGroupArn: unknown, ['group']",
    "function.cloudWatchLogsGroupArn: known, no entry",
    "interpolate.cloudWatchLogsGroupArn: unknown, ['group']",
    "names.cloudWatchLogsGroupArn: known, ['group']",
    "null.cloudWatchLogsGroupArn: null, no entry",
    "object.cloudWatchLogsGroupArn: unknown, ['group', 'role']",
    "policy-looked-up.policy: unknown, no entry",
    "policy-object.policy: unknown, ['group']",
    "policy-of-outputs.policy: known, no entry",
    "policy-stringified.policy: unknown, ['group']",
    "promise.cloudWatchLogsGroupArn: unknown, ['group']",
    "read.cloudWatchLogsGroupArn: known, []",
    "reference-value.cloudWatchLogsGroupArn: known, no entry",
    "reference.cloudWatchLogsGroupArn: known, []",
    "secret.cloudWatchLogsGroupArn: unknown, ['group']",
    "stack-transform-clears.cloudWatchLogsGroupArn: null, ['group']",
    "stack-transform-tags.cloudWatchLogsGroupArn: unknown, ['group']",
    "stack-transform.cloudWatchLogsGroupArn: unknown, no entry",
    "transform-tags.cloudWatchLogsGroupArn: unknown, no entry",
    "transform.cloudWatchLogsGroupArn: unknown, no entry",
    "transformation.cloudWatchLogsGroupArn: unknown, ['group']",
    "typed-promise.cloudWatchLogsGroupArn: known, no entry",
    "undefined.cloudWatchLogsGroupArn: null, no entry",
    "waiting.cloudWatchLogsGroupArn: unknown, ['delivery-bucket', 'delivery-group', 'delivery-role', 'delivery-role']",
    "whole.cloudWatchLogsGroupArn: unknown, ['delivery-group']",
]


WAITED = ("function-after", "function-after-bucket", "function-by-name")


def created_trails(outcome: Outcome) -> list[str]:
    urns = [event["resourcePreEvent"]["metadata"]["urn"] for event in outcome.events if "resourcePreEvent" in event]
    return [urn.rpartition("::")[2] for urn in urns if f"{TRAIL}::" in urn]


def test_the_wirings_of_typescript(tmp_path: Path, typescript_program: Callable[[str], Workspace]) -> None:
    cases, dependencies = CASES, DEPENDENCIES
    if not is_since("3.259"):  # 3.250 does not say what a function waited for
        cases = {**CASES, "function-after-bucket": ([], [])}
        dependencies = [
            f"{line.partition(', ')[0]}, no entry" if line.split(".")[0] in WAITED else line for line in DEPENDENCIES
        ]
    workspace = typescript_program("wiring")
    workspace.add_stack("central", EXPORTED)
    recording = write_pack(tmp_path / "recording")
    first = workspace.preview(more_packs=[recording])
    recorded = [line.removeprefix("recorded: ") for line in first.lines if line.startswith("recorded: ")]
    shown = {line.split(": ")[0] for line in DEPENDENCIES}
    assert sorted(line for line in recorded if line.split(": ")[0] in shown) == dependencies
    update = workspace.up()
    assert sorted(created_trails(update)) == sorted(CASES)
    for outcome, moment in ((first, 0), (update, 1), (workspace.preview(), 1)):
        assert outcome.finished.exit_status == 0, outcome.finished
        assert outcome.codes_by_resource == {trail: case[moment] for trail, case in cases.items() if case[moment]}
        assert outcome.said_by_policies == []


@pytest.mark.parametrize("name", ["package.json", "tsconfig.json"])
def test_all_examples_are_installed_and_compiled_alike(name: str) -> None:
    texts = {path.read_text() for path in EXAMPLES.glob(f"*/typescript/{name}")}
    assert len(texts) == 1
