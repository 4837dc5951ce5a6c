"""From the trails of a stack to the questions about them, and from AWS's answers to what the rules judge.

What takes boto3 is loaded only where AWS is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pulumi_policy import PolicyResource

from ..model.arn import LogGroupArn, RoleArn, parse_log_group_arn
from ..model.aws_answers import DeliveryStatus, NotTold, Presence
from ..model.partition import is_region
from ..model.trail import Trail
from ..model.value import ABSENT
from ..model.verdict import Verdict
from ..rules.log_group_and_role_exist import Lookups
from ..rules.role_can_deliver import DeliveryRole
from ..stack.declarations import StackView
from ..stack.properties import Properties
from ..stack.resource_types import TRAIL_TYPES
from .connection_view import connection_of

if TYPE_CHECKING:
    from ..aws.clients import Clients

LOOKUP_SECONDS: Final = 20.0

_Answer = TypeVar("_Answer")


class Asker:
    """Asks AWS about the trails of one stack, for one policy: one set of clients for each provider."""

    def __init__(self) -> None:
        self._clients: dict[str, Clients | NotTold] = {}
        self._questions: dict[tuple[str, Hashable], Callable[[], Any]] = {}
        self._answers: dict[tuple[str, Hashable], Any] = {}

    def want(self, trail: PolicyResource, about: Hashable, question: Callable[[Clients], Any]) -> None:
        """Notes a question, to be asked with the connection of a trail's provider. about: what makes it the same."""
        clients = self._clients_of(trail)
        key = (_provider(trail), about)
        if isinstance(clients, NotTold):
            self._answers[key] = clients
        else:
            self._questions.setdefault(key, partial(question, clients))

    def ask(self, seconds: float) -> None:
        """Asks all that was noted, at once."""
        if self._questions:
            from ..aws.parallel import ask_all

            self._answers.update(ask_all(self._questions, seconds))

    def answer(self, trail: PolicyResource, about: Hashable) -> Any:
        """The answer to a question that was noted; None where it was not."""
        return self._answers.get((_provider(trail), about))

    def _clients_of(self, trail: PolicyResource) -> Clients | NotTold:
        provider = _provider(trail)
        if provider not in self._clients:
            connection = connection_of(trail.provider)
            self._clients[provider] = connection if isinstance(connection, NotTold) else _clients(connection)
        return self._clients[provider]


def existence_looked_up(
    stack: StackView, judge: Callable[[PolicyResource, Lookups], Verdict]
) -> Callable[[PolicyResource], Verdict]:
    """What judges a trail with what AWS says of the log groups and roles that the stack does not show.

    The rule is run twice: it is the one to know which those are.
    """
    asker = Asker()
    for trail in stack.trails:
        _run(judge, trail, Lookups(partial(_want_log_group, asker, trail), partial(_want_role, asker, trail)))
    asker.ask(LOOKUP_SECONDS)
    return lambda trail: judge(
        trail, Lookups(lambda arn: asker.answer(trail, arn), lambda arn: asker.answer(trail, arn))
    )


def external_roles_looked_up(stack: StackView) -> Callable[[PolicyResource], DeliveryRole | Presence | NotTold | None]:
    """What gives the external role of a trail, as AWS describes it; None where its role is none."""
    asker = Asker()
    for trail in stack.trails:
        if arn := stack.external_role(trail):
            asker.want(trail, arn, partial(_delivery_role, arn))
    asker.ask(LOOKUP_SECONDS)
    return lambda trail: asker.answer(trail, stack.external_role(trail))


def delivery_statuses(stack: StackView, seconds: float) -> Callable[[PolicyResource], DeliveryStatus | NotTold | None]:
    """What gives AWS's word on a trail's delivery; None where the trail does not exist yet."""
    asker = Asker()
    for trail in stack.trails:
        if arn := _existing(trail):
            asker.want(trail, arn, partial(_delivery_status, arn, _home_region(trail, arn), stack.trail(trail)))
    asker.ask(seconds)
    return lambda trail: asker.answer(trail, _existing(trail))


def _run(judge: Callable[[PolicyResource, Lookups], Verdict], trail: PolicyResource, lookups: Lookups) -> None:
    try:
        judge(trail, lookups)
    except Exception:
        return  # said when the trail is judged


def _want_log_group(asker: Asker, trail: PolicyResource, arn: LogGroupArn) -> None:
    def question(clients: Clients) -> Presence | NotTold:
        from ..aws.queries import log_group_presence

        return log_group_presence(clients, arn)

    asker.want(trail, arn, question)


def _want_role(asker: Asker, trail: PolicyResource, arn: RoleArn) -> None:
    def question(clients: Clients) -> Presence | NotTold:
        from ..aws.queries import role_presence

        return role_presence(clients, arn)

    asker.want(trail, arn, question)


def _delivery_role(arn: RoleArn, clients: Clients) -> DeliveryRole | Presence | NotTold:
    from ..aws.queries import delivery_role

    return delivery_role(clients, arn)


def _delivery_status(arn: str, region: str | None, trail: Trail, clients: Clients) -> DeliveryStatus | NotTold:
    from ..aws.queries import delivery_status, member_account

    if region is None:
        return NotTold("the trail's home region is not known")
    answer = delivery_status(clients, arn, region)
    if trail.organization is not True or (isinstance(answer, DeliveryStatus) and answer.delivered):
        return answer
    log_group = parse_log_group_arn(trail.log_group_arn) if isinstance(trail.log_group_arn, str) else None
    owners = {arn.split(":")[4], *({log_group.account} if isinstance(log_group, LogGroupArn) else ())}
    member = member_account(clients, owners)
    if member:
        return NotTold(f"an organization trail tells nothing of its deliveries to member account {member}")
    return answer


def _existing(trail: PolicyResource) -> str | None:
    """The ARN of a trail that exists already."""
    arn = Properties(trail.props).text("arn")
    return arn if isinstance(arn, str) and arn.count(":") >= 5 else None


def _home_region(trail: PolicyResource, arn: str) -> str | None:
    """The region that answers: the output of the trail, else what its ARN says."""
    output = TRAIL_TYPES[trail.resource_type].home_region
    home = Properties(trail.props).text(output) if output else ABSENT
    region = home if isinstance(home, str) else arn.split(":")[3]
    return region if is_region(region) else None


def _provider(trail: PolicyResource) -> str:
    return trail.provider.urn if trail.provider else ""


def _clients(connection: Any) -> Clients | NotTold:
    try:
        from ..aws.clients import Clients
    except ImportError:
        return NotTold("boto3 is not installed")
    return Clients(connection)
