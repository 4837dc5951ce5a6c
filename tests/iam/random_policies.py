"""Random policy documents about the log streams of a trail, most of them close to an answer of either kind."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from cloudtrail_logs.iam.document import Json
from cloudtrail_logs.model.value import UNKNOWN

ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
ACCOUNTS: Final = ("111111111111", "121212121212")
REGIONS: Final = ("us-east-1", "eu-west-2")
PARTITIONS: Final = ("aws", "aws-cn")
NAMES: Final = ("ct", "CT", "/aws/Trail.1_b#c-d")
ORGANIZATIONS: Final = ("o-abcdefghij", "o-a1b2c3d4e5f6")
_ACTION_PATTERNS: Final = (
    *ACTIONS * 4,
    *("logs:*", "*") * 3,
    *("logs:Create*", "logs:Put*", "logs:*Log*", "logs:?utLogEvents", "logs:CreateLogStrea?", "*:*Events", "log?:*"),
    *("logs:PutLogEvent", "logs:PutLogEvents?", "logs:DescribeLogStreams", "logs:Describe*", "logs", "s3:*", "s3:Put*"),
    *("logs:C*e*m", "logs:??????????????", "l*s", "iam:PassRole", "PutLogEvents", "log:*"),
)
_OPERATORS: Final = (
    *("StringEquals", "StringLike", "StringNotEquals", "ArnLike", "ArnNotLike", "NumericLessThan", "DateNotEquals"),
    *("Bool", "IpAddress", "NotIpAddress", "Null", "Null", "NumericNotLessThan"),
)
_VARIABLES: Final = (
    *("${aws:username}", "${aws:PrincipalAccount}", "${aws:RequestedRegion}", "${aws:PrincipalTag/a, '*'}"),
    *("${*}", "${?}", "${$}", "${", "$", "}", "${}"),
)


@dataclass(frozen=True)
class Place:
    """A log group, and whose trail writes to it."""

    partition: str
    region: str
    account: str
    name: str
    organization: str

    @property
    def group(self) -> str:
        """The ARN of the log group, without `:*`."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account}:log-group:{self.name}"

    def stream(self, tail: str = "", member: str | None = None) -> str:
        """The ARN of a stream: with the digits of one under load, of a member of the organization."""
        owner = self.account if member is None else f"{self.organization}_{member}"
        return f"{self.group}:log-stream:{owner}_CloudTrail_{self.region}{tail and '_'}{tail}"


class RandomPolicies:
    """Random documents about a place."""

    def __init__(self, random: Random, place: Place | None = None) -> None:
        self.random = random
        self.place = place or random_place(random)

    def stream(self) -> str:
        """A stream that the trail may write, or, seldom, one that it does not."""
        if self.random.random() < 0.1:
            return random_place(self.random).stream(self._tail())
        return self.place.stream(self._tail(), self._digits(12) if self.random.random() < 0.3 else None)

    def documents(self, most: int = 4) -> list[Json]:
        """Documents for one role."""
        return [self.document() for _ in range(self.random.randint(1, most))]

    def document(self) -> Json:
        """A document of up to five statements, as JSON text or as the value itself."""
        document: dict[str, Any] = {}
        if version := self.random.choice(("2012-10-17", "2012-10-17", "2008-10-17", "")):
            document["Version"] = version
        document["Statement"] = self._one_or_list(self.statement, 5)
        return json.dumps(document) if self.random.random() < 0.5 else document

    def statement(self) -> Json:
        """A statement."""
        statement: dict[str, Any] = {"Effect": "Allow" if self.random.random() < 0.75 else "Deny"}
        statement[self._negated_seldom("Action")] = self._one_or_list(self.action, 4)
        statement[self._negated_seldom("Resource")] = self._one_or_list(self.resource, 4)
        if self.random.random() < 0.2:
            statement["Sid"] = "Some1"
        return statement

    def action(self) -> str:
        """A pattern of actions."""
        return self._other_case(self.random.choice(_ACTION_PATTERNS))

    def resource(self) -> str:
        """A pattern of resources: one that people write, or a stream's ARN that was changed somewhere."""
        if self.random.random() < 0.4:
            return self._usual_resource()
        pattern = self.stream()
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 3))):
            pattern = self.random.choice(self._changes)(pattern)
        return pattern

    def _usual_resource(self) -> str:
        place = self.place if self.random.random() < 0.8 else random_place(self.random)
        own = f"{place.account}_CloudTrail_{place.region}"
        return self.random.choice(
            (
                *("*", "arn:*", f"arn:{place.partition}:logs:*:*:*", f"arn:*:logs:{place.region}:*:log-group:*"),
                *(place.group, f"{place.group}:*", f"{place.group}*", f"{place.group}:log-stream:*"),
                *(f"{place.group}:*:*", f"{place.group}:log-stream:{own}", f"{place.group}:log-stream:{own}*"),
                *(f"{place.group}:log-stream:{own}_*", f"{place.group}:log-stream:{own}_?"),
                *(f"{place.group}:log-stream:{place.account}*", f"{place.group}:log-stream:o-*"),
                *(f"{place.group}:log-stream:{place.organization}_*", f"{place.group}:log-stream:*_CloudTrail_*"),
                *(f"{place.group}:log-stream:{own}_{self._digits(1)}*", "arn:aws:s3:::bucket/*"),
            )
        )

    @property
    def _changes(self) -> tuple[Callable[[str], str], ...]:
        return (self._cut_out, self._cut_out, self._open_part, self._question, self._question, self._add, self._letter)

    def _cut_out(self, pattern: str) -> str:
        start = self.random.randint(0, len(pattern))
        stop = min(len(pattern), start + self.random.choice((0, 1, 2, 5, 12, 40, 200)))
        return pattern[:start] + self.random.choice(("*", "*", "*", "**", "*?", "")) + pattern[stop:]

    def _open_part(self, pattern: str) -> str:
        parts = pattern.split(":")
        parts[self.random.randrange(len(parts))] = "*"
        return ":".join(parts)

    def _question(self, pattern: str) -> str:
        letters = list(pattern) or ["?"]
        for _ in range(self.random.choice((1, 1, 2, 4))):
            # More often near the end, where the digits are.
            letters[-self.random.randint(1, min(len(letters), self.random.choice((2, 5, 200))))] = "?"
        return "".join(letters)

    def _add(self, pattern: str) -> str:
        return pattern + self.random.choice(("*", "?", ":*", "_*", "_?", "_??", "_1", "_1*", "_10", "0", "_"))

    def _letter(self, pattern: str) -> str:
        if not pattern:
            return pattern
        at = self.random.randrange(len(pattern))
        return pattern[:at] + pattern[at].swapcase() + pattern[at + 1 :]

    def _other_case(self, text: str) -> str:
        change = self.random.choice((str, str, str, str.lower, str.upper, str.swapcase))
        return change(text)

    def _tail(self) -> str:
        return self._digits(self.random.choice((0, 0, 1, 1, 2)))

    def _digits(self, length: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(length))

    def _negated_seldom(self, element: str) -> str:
        return element if self.random.random() < 0.85 else f"Not{element}"

    def _one_or_list(self, make: Callable[[], Json], most: int) -> Json:
        return make() if self.random.random() < 0.4 else [make() for _ in range(self.random.randint(1, most))]


class PoliciesAboutDigits(RandomPolicies):
    """Random documents that tell the streams of one trail from each other by the digits behind them."""

    def action(self) -> str:
        """Every action."""
        return "*"

    def resource(self) -> str:
        """A pattern of some streams of the trail."""
        digit, other = self._digits(1), self._digits(1)
        some = (
            "*",
            "_*",
            "_?",
            "_??",
            f"_{digit}",
            f"_{digit}*",
            f"_{digit}?",
            f"_?{digit}",
            f"_*{digit}",
            f"_{digit}{other}",
            "",
        )
        return self.place.stream() + self.random.choice(some)

    def statement(self) -> Json:
        """A statement, often one about all streams but some."""
        statement: dict[str, Any] = {"Effect": "Allow" if self.random.random() < 0.8 else "Deny", "Action": "*"}
        element = "NotResource" if self.random.random() < 0.5 else "Resource"
        if self.random.random() < 0.2:
            statement[element] = [f"{self.place.stream()}_{digit}*" for digit in "0123456789"] + [self.resource()]
        else:
            statement[element] = self._one_or_list(self.resource, 4)
        return statement


class PoliciesAboutMembers(PoliciesAboutDigits):
    """Random documents that tell the streams of an organization's members from each other, by both their digits."""

    def resource(self) -> str:
        """A pattern of some streams of members, seldom of the trail's own account."""
        pattern = super().resource()
        own = f":{self.place.account}_CloudTrail"
        if self.random.random() < 0.2:
            return pattern.replace(f"{own}_{self.place.region}", f":{self.place.account}_*")
        digit = self._digits(1)
        organization = self.random.choice(("o-*", "o-*", self.place.organization))
        member = self.random.choice(("*", "*", "*", "?" * 12, f"{digit}*", f"*{digit}", f"*{digit}*", digit * 12))
        return pattern.replace(own, f":{organization}_{member}_CloudTrail")


class PoliciesOfOneOrganization(RandomPolicies):
    """Random documents that each allow or deny something for an organization, an account or a region that they name."""

    varying: Collection[str] = ("organization", "account", "region")
    """What they name several of."""

    def action(self) -> str:
        """One of the two actions, or both."""
        return self.random.choice((*ACTIONS, "logs:*"))

    def resource(self) -> str:
        """A pattern of the streams of an account, or of the members of an organization."""
        place = replace(self.place, region=self._one("region", REGIONS), account=self._one("account", ACCOUNTS))
        organization = self._one("organization", ORGANIZATIONS)
        members = self.random.choice(("*", "*", "*", f"{self._digits(1)}*"))
        own = f"{place.group}:log-stream:{place.account}_*"
        return self.random.choice(
            (own, f"{place.group}:*", *[f"{place.group}:log-stream:{organization}_{members}"] * 3)
        )

    def document(self) -> Json:
        """A document of several statements, each about few patterns."""
        statements = [self.statement() for _ in range(self.random.randint(2, 4))]
        if self.random.random() < 0.5:
            # What is allowed for one value only, and what for another only, are seldom of themselves the two actions.
            statements = [{**self.statement(), "Action": action} for action in ACTIONS]
        return {"Version": "2012-10-17", "Statement": statements}

    def statement(self) -> Json:
        """A statement, sometimes one that has another organization for each digit of its members' accounts."""
        effect = "Allow" if self.random.random() < 0.9 else "Deny"
        element = "Resource" if self.random.random() < 0.9 else "NotResource"
        resources = [self.resource() for _ in range(self.random.choice((1, 1, 1, 2)))]
        if self.random.random() < 0.2:
            resources = [
                f"{self.place.group}:log-stream:{self._one('organization', ORGANIZATIONS)}_{digit}*"
                for digit in "0123456789"
            ]
        return {"Effect": effect, "Action": self.action(), element: resources}

    def _one(self, what: str, values: Sequence[str]) -> str:
        """The first value, or another one of what varies."""
        return values[what in self.varying and self.random.random() < 0.4]


class UncertainPolicies(RandomPolicies):
    """Random documents in which the request decides something, or the program has not yet: conditions, variables,
    unknown values, and elements that IAM refuses.
    """

    def document(self) -> Json:
        """A document, seldom one that is not known, or encoded twice."""
        document = super().document()
        if self.random.random() < 0.03:
            return self.random.choice((UNKNOWN, json.dumps(json.dumps({"Statement": self.action()})), {}, "{", []))
        if isinstance(document, dict) and self.random.random() < 0.2:
            return hidden([document], self.random.choice([*leaves([document])]))[0]
        return document

    def statement(self) -> Json:
        """A statement, often with a condition, seldom with something that the policy of a role cannot have."""
        statement = super().statement()
        if self.random.random() < 0.3:
            statement["Condition"] = {
                self._operator(): {self._key(): self._values() for _ in range(self.random.choice((0, 1, 1, 1, 2)))}
                for _ in range(self.random.choice((0, 1, 1, 1, 2)))
            }
        if self.random.random() < 0.03:
            statement[self._negated_seldom("Principal")] = "*"
        if self.random.random() < 0.03:
            statement[self.random.choice(("Effect", "Action", "Resource", "NotResource", "Other"))] = []
        return statement

    def resource(self) -> str:
        """A pattern of resources, often with a policy variable for some of it."""
        pattern = super().resource()
        if self.random.random() < 0.3:
            start = self.random.randint(0, len(pattern))
            stop = min(len(pattern), start + self.random.choice((0, 1, 12, 12, 40)))
            pattern = pattern[:start] + self.random.choice(_VARIABLES) + pattern[stop:]
        return pattern

    def _operator(self) -> str:
        operator = self.random.choice(_OPERATORS)
        prefix = self.random.choice(("", "", "", "ForAnyValue:", "ForAllValues:", "Some:"))
        return self._other_case(f"{prefix}{operator}{self.random.choice(('', '', '', 'IfExists'))}")

    def _key(self) -> str:
        return self._other_case(
            self.random.choice(("aws:SourceArn", "aws:SourceArn", "aws:SourceAccount", "aws:Other"))
        )

    def _values(self) -> Json:
        return self.random.choice(("x", ["x", "y"], "true", "false", True, ["False"], ["true", "false"]))


def random_place(random: Random) -> Place:
    """One of a few log groups."""
    return Place(*(random.choice(choices) for choices in (PARTITIONS, REGIONS, ACCOUNTS, NAMES, ORGANIZATIONS)))


Path = tuple[str | int, ...]


def leaves(documents: list[Json]) -> Iterator[Path]:
    """Where something in the documents may be unknown: documents, statements, their elements, their values."""
    for place, document in enumerate(documents):
        yield (place,)
        yield (place, "Statement")
        statements = document["Statement"]
        listed = isinstance(statements, list)
        for number, statement in enumerate(statements if listed else [statements]):
            path: Path = (place, "Statement", number) if listed else (place, "Statement")
            if listed:
                yield path
            for element in sorted(set(statement) - {"Sid"}):
                yield (*path, element)
                if isinstance(statement[element], list):
                    yield from ((*path, element, item) for item in range(len(statement[element])))


def replaced(documents: list[Json], path: Path, value: Json) -> list[Json]:
    """The documents with another value at a place."""
    changed = copy.deepcopy(documents)
    target: Any = changed
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return changed


def decoded(documents: list[Json]) -> list[Json]:
    """The documents as values."""
    return [json.loads(document) if isinstance(document, str) else document for document in documents]


def hidden(documents: list[Json], path: Path) -> list[Json]:
    """The documents with something unknown."""
    return replaced(documents, path, UNKNOWN)
