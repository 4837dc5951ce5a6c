"""Which trails an account has, in all regions, and what AWS says of each.

Sources: the CloudTrail API reference (ListTrails, DescribeTrails, GetTrailStatus).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from ..model.aws_answers import AccountTrails, DeliveryQuestion, DeliveryStatus, TrailInAws, Unavailable
from .clients import Clients, told
from .parallel import ask_in_parallel
from .queries import answer_to

_SECONDS: Final = 20.0
_UNREADABLE: Final = Unavailable("the answer of AWS cannot be read")


def trails_of(clients: Clients) -> AccountTrails | Unavailable:
    """The trails of the account as which AWS is asked. Never raises, and takes 40 seconds beside the list at most.

    Takes cloudtrail:ListTrails. A trail of another account, which an organization's is for a member, is only named.
    """
    listed = told(partial(_listed, clients), "cloudtrail:ListTrails")
    if isinstance(listed, Unavailable):
        return listed
    own = [trail for trail in listed.trails if trail.owner == listed.account]
    by_region: dict[str, list[str]] = {}
    for trail in own:
        by_region.setdefault(trail.home_region, []).append(trail.arn)
    described = ask_in_parallel(
        {region: partial(_described, clients, region, arns) for region, arns in by_region.items()}, _SECONDS
    )
    questions = {trail.arn: DeliveryQuestion(trail.arn, trail.home_region) for trail in own}
    statuses = ask_in_parallel(
        {arn: partial(answer_to, clients, question) for arn, question in questions.items()}, _SECONDS
    )
    trails = (
        _with(trail, described[trail.home_region], statuses[trail.arn]) if trail.arn in questions else trail
        for trail in listed.trails
    )
    return replace(listed, trails=tuple(trails))


def _listed(clients: Clients) -> AccountTrails | Unavailable:
    """The trails of all regions, as any region lists them."""
    account, client = clients.account(), clients.client("cloudtrail", None)
    trails: list[TrailInAws] = []
    for page in client.get_paginator("list_trails").paginate():
        # botocore reads an answer that breaks off as one without any field; a real one always has this.
        if "Trails" not in page:
            return _UNREADABLE
        for each in page["Trails"]:
            arn = str(each["TrailARN"])
            trails.append(TrailInAws(arn, str(each["Name"]), str(each["HomeRegion"]), owner=arn.split(":")[4]))
    return AccountTrails(account, client.meta.partition, tuple(sorted(trails, key=lambda trail: trail.arn)))


def _described(clients: Clients, region: str, arns: Collection[str]) -> Mapping[str, Mapping[str, Any]] | Unavailable:
    """What AWS says of trails, by ARN. Takes cloudtrail:DescribeTrails, in the trails' home region."""

    def asked() -> Mapping[str, Mapping[str, Any]] | Unavailable:
        client = clients.client("cloudtrail", region)
        answer = client.describe_trails(trailNameList=list(arns), includeShadowTrails=False)
        return {each["TrailARN"]: each for each in answer["trailList"]} if "trailList" in answer else _UNREADABLE

    return told(asked, "cloudtrail:DescribeTrails")


def _with(trail: TrailInAws, described: Mapping[str, Mapping[str, Any]] | Unavailable, status: object) -> TrailInAws:
    """The trail with what AWS says of it. status: of GetTrailStatus."""
    reasons = [each.reason for each in (described, status) if isinstance(each, Unavailable)]
    if isinstance(status, DeliveryStatus):
        trail = replace(trail, logging=status.logging)
    if not isinstance(described, Unavailable):
        if found := described.get(trail.arn):
            trail = replace(
                trail,
                log_group_arn=str(found.get("CloudWatchLogsLogGroupArn") or ""),
                role_arn=str(found.get("CloudWatchLogsRoleArn") or ""),
                organization=found.get("IsOrganizationTrail") is True,
            )
        else:
            reasons.insert(0, "AWS lists it, but does not describe it")
    return replace(trail, why_unknown=", and ".join(dict.fromkeys(reasons)))
