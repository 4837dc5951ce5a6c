"""`make docs`: writes docs/policies.md from what the policies say of themselves, and from the examples.

Each policy's file begins with its documentation: what it looks at and why. It names an example that is wrong and one
that is right. The rest are the same data that Pulumi gets: codes, configuration, metadata.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from textwrap import wrap
from types import ModuleType
from typing import Any

from cloudtrail_logs.configuration.reader import CONFIGURATION_INVALID
from cloudtrail_logs.configuration.settings import EXEMPTION_KEYS, RecentSettings
from cloudtrail_logs.control import CITATIONS, CONTROL_ID, CONTROL_PUBLISHER, CONTROL_TITLE, FRAMEWORK, FRAMEWORKS
from cloudtrail_logs.model.aws_answers import DeliveryStatus
from cloudtrail_logs.model.reasons import Reason, Settled
from cloudtrail_logs.rules.delivery_is_recent import judge_status
from policies.description import PolicyDescription
from policies.pack import POLICIES
from tools.commands.examples import stated
from tools.generate.examples import shown
from tools.generate.remedies import remedies

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policies.md"
_SECTION = re.compile(r"^## (.+)\n\n", re.MULTILINE)
_WIDTH = 120
# What AWS may say of a trail whose program is right.
_NOW = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)
_STALE = DeliveryStatus(_NOW, True, _NOW - timedelta(days=90), _NOW - timedelta(days=3), "")


@dataclass(frozen=True)
class PolicyPage:
    """The documentation at the head of a policy's file."""

    question: str
    what: str
    why: str


def page_of(module: ModuleType) -> PolicyPage:
    """What a policy's file says at its head. Raises ValueError or KeyError where a part is missing."""
    head, *parts = _SECTION.split(module.__doc__ or "")
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    question = head.partition(": ")[2].strip()
    return PolicyPage(question[0].upper() + question[1:], sections["What"].strip(), sections["Why"].strip())


def report_of(policy: PolicyDescription) -> list[str]:
    """The lines of a policy's report in a preview of its wrong example, or on what AWS says."""
    if not policy.wrong:
        return [judge_status(_STALE, RecentSettings()).message]
    lines = [line.partition(": ") for line in stated(policy.wrong)["preview"]]
    return [message for name, _, message in lines if name == policy.name]


def example_of_exemption(policy: PolicyDescription) -> dict[str, Any]:
    """A configuration that exempts one trail from one problem."""
    code = next(iter(policy.codes)).value
    entry = {
        "trail": "vendor-*",
        "stack": "dev",
        "codes": [code],
        "reason": "Onboarding of a vendor; decided by security on 2026-11-02.",
        "until": "2027-06-30",
    }
    switched_on = {"enforcementLevel": "advisory", "askAws": True} if "askAws" in policy.properties else {}
    return {policy.name: {**switched_on, "exemptions": [entry]}}


def written(policies: Sequence[ModuleType] = POLICIES) -> str:
    """The whole page."""
    sections = (line for each in policies for line in _section(each))
    return "\n".join([*_introduction(policies), *sections, *remedies(), *_control()])


def _introduction(policies: Sequence[ModuleType]) -> Iterator[str]:
    yield "<!-- Written by `make docs` from the policies' own files. -->"
    yield "# Policies\n"
    yield from _table(
        ("policy", "asks", "codes"),
        (
            (f"[{each.name}](#{each.name})", page, ", ".join(f"`{code.value}`" for code in each.codes))
            for each, page in ((each.DESCRIPTION, page_of(each).question) for each in policies)
        ),
    )
    yield """
Find the code of a report in this table, then its meaning and a wrong program under its policy.
[Fix a trail](#fix-a-trail) has the right program, and steps and commands for a trail that exists already.

A report has a line for each problem. The line begins with a code in square brackets, which exemptions can name.
Properties are spelled as in pulumi-aws; `aws-native` has `cloudWatchLogsLogGroupArn` and `isLogging` instead of
`cloudWatchLogsGroupArn` and `enableLogging`. For trails in [other forms](#trails-in-templates-and-of-other-tools),
messages use the names of that form.

Lines of another kind:
"""
    yield from _table(
        ("line", "means"),
        (
            (
                f"`[{CONFIGURATION_INVALID}] …`",
                "a mistake in the policy's configuration. It is reported once, on the stack and not on a trail. A "
                "broken entry exempts nothing and allow-lists nothing",
            ),
            ("`N more trails have problems …`", "a report would exceed the engine's limit"),
            (
                "`POLICY: URN was not checked: …`",
                "an error in the pack, as information. It never fails a run; please report it",
            ),
        ),
    )
    yield """
A value that is not known before the update is not reported until it is known.

## Trails in templates and of other tools

The policies also check trails that no resource of type `Trail` declares. Their codes are the same.
"""
    yield from _table(
        ("trail", "properties in messages"),
        (
            (
                "in the `templateBody` of a CloudFormation stack or stack set (`aws:cloudformation:Stack`, "
                "`aws:cloudformation:StackSet`, and those of `aws-native`), JSON or YAML",
                "as in CloudFormation: `CloudWatchLogsLogGroupArn`",
            ),
            ("of Cloud Control (`aws:cloudcontrol:Resource` of type `AWS::CloudTrail::Trail`)", "as in CloudFormation"),
            (
                "in the state of a Terraform stack at Pulumi Cloud (`pulumi:terraform:aws_cloudtrail`)",
                "as in Terraform: `cloud_watch_logs_group_arn`",
            ),
        ),
    )
    yield """
A report on a template begins with the logical id of the trail and the name of the resource that deploys the template:

```
AuditTrail in the template of "baseline":
[role-missing] CloudWatchLogsLogGroupArn is set but CloudWatchLogsRoleArn is not, so AWS will refuse the trail. …
```

Each trail of a template has a report of its own, on the resource that deploys it. The `trail` of an exemption may be
the logical id (`AuditTrail`), the trail's name in AWS, or the name of that resource (`baseline`), which exempts every
trail of its template. Nothing in a template is remediated. In CloudFormation, `!GetAtt Logs.Arn` of a log group ends in
`:*` already.

Functions, parameters, mappings and conditions are resolved as far as the values are known. A name that CloudFormation
will make is shown with a placeholder, such as `baseline-Logs-XXXXXXXXXXXX`. A value of Systems Manager and an export of
another stack are not known. Where the region or the account is not known, as in a stack set, the pack checks what is
the same in all of them. Reports then have `REGION` and `ACCOUNT` for it.

These templates are not checked, and `explain` says why:

- one that is read from a URL, or that is not known yet;
- one with a macro (`Transform`, `Fn::Transform`, `Fn::ForEach`), which only CloudFormation can expand;
- one that CloudFormation refuses: with YAML aliases or merges, of more than 51,200 bytes, or malformed.

The parameters of a stack set are taken as they are set there, also where a single instance overrides them. In the state
of a Terraform stack, a property that is left out is not known.

## Exemptions

Every policy takes a list `exemptions`. An entry has these keys:
"""
    yield from _table(("key", "meaning"), ((f"`{key}`", meaning) for key, meaning in EXEMPTION_KEYS.items()))
    yield """
Patterns are globs, case as written: `*` stands for any text, `?` for one character, `[ab]` for one of those given. An
entry with `tags` does not apply where the tags of the stack are not known, as in `pulumi policy analyze`. An exempt
problem is not reported and not fixed. A trail that two policies report needs an exemption in each, since the
exemptions of one policy do not apply to the others. `configuration-invalid` cannot be exempted. In Pulumi Cloud, a
trail whose only problems are exempt counts as neither passed nor failed. After its last day an exemption has no
effect, and the report says when it expired. Messages count entries from 0, so `exemptions[0]` is the first one.

## Pulumi's own exceptions

The Pulumi CLI 3.272 and newer has policy exceptions of its own. A configuration file of version 2 may have them, and
Pulumi Cloud has them with approval and expiry (`pulumi policy exception new`). They work for every policy of this pack:

```json
{
  "version": 2,
  "policies": { "all": "mandatory" },
  "exceptions": {
    "SEC-1": {
      "reason": "Vendor onboarding reads the bucket.",
      "match": [
        {
          "policies": ["cloudtrail-cloudwatch-logs-integrated"],
          "targets": ["urn:pulumi:dev::onboarding::aws:cloudtrail/trail:Trail::audit"]
        }
      ]
    }
  }
}
```
"""
    yield from _table(("", "`exemptions` of this pack", "exceptions of Pulumi"), EXEMPTIONS_OR_EXCEPTIONS)
    yield """
A target is a trail's whole URN, as `pulumi stack --show-urns` prints it, or `pulumi preview --diff` for a trail that
does not exist yet. A pattern in it matches nothing. In a file, Pulumi ignores other keys of an exception, such as
`until`.

`make check-config CONFIG=FILE`, or `check-config FILE` of the one file, checks both, and warns where they overlap.
`make exceptions CONFIG=FILE STATE=FILE`, or `exceptions FILE STATE`, writes exemptions without codes, tags and last day
as exceptions for the trails of an exported state (`pulumi stack export --file FILE`), and says which
cannot be written so. Use what it prints for that stack only: the patterns that exempted trails of other stacks, and
later ones, are gone. `pulumi policy enable` takes no exceptions from a file.

## Explanations

With `explain`, a policy says what it decided about every trail. The CLI shows it as information, which never fails a
run:

| line ends in | means |
|---|---|
| `right` | nothing is wrong; at level `remediate`, after the fixes |
| `wrong: CODES` | it is reported |
| `exempt from CODE until DAY: REASON` | an exemption took this problem away |
| `cannot tell: waits on PROPERTIES` | their values are not known yet |
| `cannot tell: …` | [what else keeps the policy from an answer](#what-cannot-be-told) |
| `nothing to check: …` | the policy has no question about this trail, for the reason that follows |

## What cannot be told

Some answers need more than the program shows. By default the policies are silent about them, and `explain` gives the
reason. A value that is not known before the update is never reported. Where all values are known and still there is no
answer, a wrong trail would pass for ever: with `requireProof` the three policies that have this setting report that
as `not-proven`, in a preview too. They do so only where the author can change the program so that it can be verified:
"""
    rows = [reason for reason in Reason if reason is not Reason.AWS_GIVES_NO_ANSWER]
    yield from _table(
        ("`explain` says", "with `requireProof`", "what to do"),
        (
            (
                _phrase(reason),
                _REQUIRED[settled],
                reason.advice or _instead(reason),
            )
            for settled in (Settled.UPDATE, Settled.AUTHOR, Settled.NOBODY)
            for reason in rows
            if reason.settled is settled
        ),
    )
    yield """
Where AWS is asked and does not answer, its own reason is given:
[asking-aws.md](asking-aws.md#when-aws-does-not-answer). A role outside the stack is not proven either where
`externalRoles` is `lookup` and AWS does not answer; with `ignore`, the organization has decided not to ask.
[development/evasion.md](development/evasion.md) lists the ways around the policies, and which of them `requireProof`
closes.
"""


# The names that the table of reasons shows.
_NAMES = {
    "property": "cloudWatchLogsRoleArn",
    "source": '"arn" (aws:ssm:Parameter)',
    "role": '"delivery"',
    "policy": 'policy "deliver"',
    "kind": "a number",
    "parts": "the account",
    "are": "is",
    "why": "access denied",
}
_REQUIRED = {
    Settled.UPDATE: "silent: not known yet",
    Settled.AUTHOR: "`not-proven`",
    Settled.NOBODY: "silent: inherent",
}
_INSTEAD = {
    Reason.PLACE_UNKNOWN: "A provider may name its account in allowedAccountIds.",
    Reason.TRUST_ON_SOURCE: "Nothing: right programs have that condition.",
    Reason.OTHER_STACK: "Nothing: the state of a right program has that. An audit of both stacks can tell.",
    Reason.ORGANIZATION_ID: "Nothing: no resource shows the id. Streams o-* can be told.",
    Reason.ROLE_ELSEWHERE: "Set externalRoles to lookup, or check the role in its own stack.",
    Reason.ROLE_ONLY_READ: "Check the role in its own stack.",
    Reason.CONTENT_NOT_DECODED: "Nothing.",
    Reason.TEMPLATE_BY_URL: "Pass the template as templateBody.",
}


def _instead(reason: Reason) -> str:
    """What to do about a reason that no report gives advice on. Raises KeyError where only a person can know."""
    if reason.settled is Settled.UPDATE:
        return _INSTEAD.get(reason, "Nothing: the update makes it known.")
    return _INSTEAD[reason]


def _phrase(reason: Reason) -> str:
    names = {**_NAMES, **_PROPERTIES.get(reason, {})}
    return f"`{reason.of(**names).phrase}`"


_PROPERTIES = {
    Reason.LOGGING_NO_FLAG: {"property": "enableLogging"},
    Reason.OTHER_STACK: {"source": '"acme/shared/central" (pulumi:pulumi:StackReference)'},
    Reason.TEMPLATE_UNREADABLE: {"why": "has a YAML alias, which CloudFormation does not take"},
    Reason.LOG_GROUP_OF_ANY_STRING: {"property": "cloudWatchLogsGroupArn"},
    Reason.CONTENT_ELSEWHERE: {"policy": "managed policy arn:aws:iam::123456789012:policy/deliver"},
    Reason.CONTENT_NOT_LISTED: {"policy": 'AWS managed policy "NewPolicy"'},
}


EXEMPTIONS_OR_EXCEPTIONS = (
    ("name a trail", "by patterns on its name, project and stack", "by its whole URN"),
    (
        "apply to",
        "all problems of one policy, or those in `codes`",
        "everything that the named policies report on that trail, new problems too",
    ),
    (
        "end",
        "after the day in `until`; the report then says so",
        "never, in a file; in Pulumi Cloud after the day that is given there",
    ),
    (
        "are shown",
        "with `explain`",
        "as `[exempted]`: in preview and up with `--show-policy-exceptions`, else only counted; in `policy analyze` "
        "always",
    ),
    (
        "in Pulumi Cloud",
        "the trail counts as neither passed nor failed",
        "the violation is kept, with the ID and the reason of the exception",
    ),
    ("at level `remediate`", "the trail is left alone", "**the trail is still remediated**"),
    ("who decides", "whoever may change the configuration", "in Pulumi Cloud, whoever may approve exceptions"),
    ("need", "any CLI that the pack works with", "CLI 3.272; older ones refuse the file"),
    (
        "use them for",
        "a kind of trail, one code, a decision with a last day in a file, level `remediate`",
        "one trail, with approval or expiry in Pulumi Cloud",
    ),
)


def _section(module: ModuleType) -> Iterator[str]:
    policy: PolicyDescription = module.DESCRIPTION
    page = page_of(module)
    yield f"## {policy.name}\n"
    yield f"{page.question}\n"
    yield from _table(("", ""), _facts(policy))
    yield f"\n### What\n\n{page.what}\n\n### Why\n\n{page.why}\n\n### Codes\n"
    yield from _table(
        ("code", "when", "instead"),
        ((f"`{code.value}`", meaning.when, meaning.instead) for code, meaning in policy.codes.items()),
    )
    yield "\n[Fix a trail](#fix-a-trail) has the right program, and what to do in AWS for a trail that exists.\n"
    yield from _wrong_and_right(policy)
    yield "### Configuration\n"
    yield from _table(
        ("property", "type", "default", "meaning"),
        (
            (f"`{name}`", each.type, f"`{json.dumps(each.default)}`", each.description)
            for name, each in policy.properties.items()
        ),
    )
    yield f"\nAn exemption:\n\n```json\n{json.dumps(example_of_exemption(policy), indent=2)}\n```\n"
    yield f"### References\n\n- <{policy.url}>\n- [the control](#the-control)\n"


def _wrong_and_right(policy: PolicyDescription) -> Iterator[str]:
    if policy.wrong:
        yield "### Wrong\n"
        yield from shown(policy.wrong)
        yield "A preview says:\n"
    else:
        yield "### A report\n"
        yield "The program may be [right](#in-the-program). What AWS says of the trail is wrong:\n"
    lines = "\n".join("\n".join(wrap(each, _WIDTH, break_on_hyphens=False)) for each in report_of(policy))
    yield f"```text\n{lines}\n```\n"
    if policy.right != PolicyDescription.right:
        yield "### Right\n"
        yield from shown(policy.right)


def _facts(policy: PolicyDescription) -> Iterator[tuple[str, str]]:
    yield (
        "kind",
        "stack: checks at the end of a preview and of an update"
        if policy.of_stack
        else "resource: checks each trail before it is created or changed",
    )
    yield "default level", policy.level
    yield "severity", f"low, as {CONTROL_PUBLISHER} rates this control; it does not change the level"
    yield "remediation", "none" if policy.of_stack else "yes, at level `remediate`"
    yield "asks AWS", "yes, where it is configured to" if policy.asks_aws else "no"
    yield "since", policy.since


def _control() -> Iterator[str]:
    yield "## The control\n"
    yield f"{CONTROL_PUBLISHER} {CONTROL_ID}, risk level low: {CONTROL_TITLE}.\n"
    yield f"The policies name {FRAMEWORK.text} as their framework; the others are their tags. Also known as:\n"
    yield from (f"- {citation.text}" for citation in CITATIONS)
    yield f"\nVersion 3.0.0 of the CIS benchmark dropped it. {CONTROL_PUBLISHER} lists the control under:\n"
    yield from (f"- {framework.text}" for framework in FRAMEWORKS)
    yield ""


def _table(head: Sequence[str], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def main() -> int:
    """Writes the page."""
    PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
