"""Exceptions of Pulumi's own: what the CLI refuses and what it accepts, each with what `make check-config` says of it.

tests/engine/test_native_exceptions.py gives them to the real CLI.
"""

from typing import Any

INTEGRATED = "cloudtrail-cloudwatch-logs-integrated"
EXIST = "cloudtrail-log-group-and-role-exist"
AUDIT = "urn:pulumi:dev::shop::aws:cloudtrail/trail:Trail::audit"
BUCKET = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::audit"
MATCH = {"policies": [INTEGRATED], "targets": [AUDIT]}
GOOD = {"reason": "Accepted by security.", "match": [MATCH]}
ENTRY = '"match" must be a list of objects with "policies" and "targets"'

REFUSED: list[tuple[str, Any, str]] = [
    ("a b", GOOD, "Its ID must have only letters, digits, '-', '.' and '_'."),
    ("", GOOD, "Its ID must have only letters, digits, '-', '.' and '_'."),
    ("a/b", GOOD, "Its ID must have only letters, digits, '-', '.' and '_'."),
    ("null", None, "It is null, but must be an object."),
    ("text", "why", "It is a string, but must be an object."),
    ("list", [MATCH], "It is a list, but must be an object."),
    ("no-reason", {"match": [MATCH]}, "It needs a reason."),
    ("blank-reason", {"reason": " \t", "match": [MATCH]}, "It needs a reason."),
    ("null-reason", {"reason": None, "match": [MATCH]}, "It needs a reason."),
    ("number-as-reason", {"reason": 1, "match": [MATCH]}, '"reason" is a number, but must be a string.'),
    ("no-match", {"reason": "why"}, f"{ENTRY}, and must have at least one."),
    ("empty-match", {"reason": "why", "match": []}, f"{ENTRY}, and must have at least one."),
    ("match-as-object", {"reason": "why", "match": MATCH}, f"{ENTRY}."),
    ("match-of-texts", {"reason": "why", "match": [AUDIT]}, f"{ENTRY}."),
    ("match-of-null", {"reason": "why", "match": [None]}, f"{ENTRY}."),
    ("no-policies", {"reason": "why", "match": [{"targets": [AUDIT]}]}, "match[0].policies must have at least one entry."),
    ("empty-policies", {"reason": "why", "match": [MATCH, {"policies": [], "targets": [AUDIT]}]}, "match[1].policies must have at least one entry."),
    ("text-as-policies", {"reason": "why", "match": [{"policies": INTEGRATED, "targets": [AUDIT]}]}, "match[0].policies must be a list of strings."),
    ("numbers-as-policies", {"reason": "why", "match": [{"policies": [1], "targets": [AUDIT]}]}, "match[0].policies must be a list of strings."),
    ("empty-policy", {"reason": "why", "match": [{"policies": [""], "targets": [AUDIT]}]}, "match[0].policies has an empty name."),
    ("all", {"reason": "why", "match": [{"policies": ["all"], "targets": [AUDIT]}]}, 'match[0].policies has "all", but must name each policy.'),
    ("no-targets", {"reason": "why", "match": [{"policies": [INTEGRATED]}]}, "match[0].targets must have at least one entry."),
    ("empty-targets", {"reason": "why", "match": [{"policies": [INTEGRATED], "targets": []}]}, "match[0].targets must have at least one entry."),
    ("name-as-target", {"reason": "why", "match": [{"policies": [INTEGRATED], "targets": ["audit"]}]}, "match[0].targets has 'audit', which is not a URN. Patterns are not possible: name each resource as pulumi stack --show-urns prints it."),
    ("pattern-as-target", {"reason": "why", "match": [{"policies": [INTEGRATED], "targets": ["urn:pulumi:dev::*"]}]}, "match[0].targets has 'urn:pulumi:dev::*', which is not a URN. Patterns are not possible: name each resource as pulumi stack --show-urns prints it."),
    ("empty-target", {"reason": "why", "match": [{"policies": [INTEGRATED], "targets": [""]}]}, "match[0].targets has '', which is not a URN. Patterns are not possible: name each resource as pulumi stack --show-urns prints it."),
]  # fmt: skip

ACCEPTED: list[tuple[str, Any, list[str]]] = [
    ("EXC-1", GOOD, []),
    ("1", {**GOOD, "match": [MATCH, {"policies": [EXIST, INTEGRATED], "targets": [AUDIT, AUDIT]}]}, []),
    ("more_keys", {**GOOD, "expires": "2027-01-01"}, ['warning: exceptions "more_keys": Pulumi ignores "expires": an exception in a file has only reason and match.']),
    ("a-pattern", {**GOOD, "match": [{"policies": [INTEGRATED], "targets": [AUDIT + "-*"]}]}, [f'warning: exceptions "a-pattern": It has no effect on {AUDIT}-*: patterns are not possible. Name each resource as pulumi stack --show-urns prints it.']),
    ("a-template", {**GOOD, "match": [{"policies": [INTEGRATED], "targets": ["urn:pulumi:dev::shop::aws:cloudformation/stack:Stack::infra", "urn:pulumi:dev::shop::aws:cloudcontrol/resource:Resource::audit"]}]}, []),
    ("in-a-component", {**GOOD, "match": [{"policies": [INTEGRATED], "targets": ["urn:pulumi:dev::shop::acme:index:Audit$aws-native:cloudtrail:Trail::a::b"]}]}, []),
    ("the-stack", {**GOOD, "match": [{"policies": [INTEGRATED], "targets": ["urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"]}]}, []),
    ("a-trail-that-is-gone", {**GOOD, "match": [{"policies": [INTEGRATED], "targets": [AUDIT + "-2019"]}]}, []),
    ("misspelt", {**GOOD, "match": [{"policies": ["cloudtrail-role-can-delivr"], "targets": [AUDIT]}]}, ['error: exceptions "misspelt": The pack has no policy "cloudtrail-role-can-delivr". Did you mean cloudtrail-role-can-deliver?']),
    ("of-another-pack", {**GOOD, "match": [{"policies": ["s3-encrypted"], "targets": [AUDIT]}]}, ['error: exceptions "of-another-pack": The pack has no policy "s3-encrypted".']),
    ("of-a-bucket", {**GOOD, "match": [{"policies": [INTEGRATED], "targets": [BUCKET, AUDIT]}]}, [f'warning: exceptions "of-a-bucket": It has no effect on {BUCKET}: no policy of this pack reports on the type aws:s3:Bucket.']),
]  # fmt: skip
