"""Asks AWS what the rules want to know about the trails of a stack. boto3 is only loaded where something is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec

from ..configuration.settings import Settings
from ..model.aws_answers import Unavailable
from ..rules.trail_in_stack import NO_ANSWERS, Answers, Question
from ..stack.declarations import StackTrail

Questions = Callable[[StackTrail], Iterable[Question]]


def mistakes_of(settings: Settings) -> tuple[str, ...]:
    """What keeps these settings from asking AWS, as sentences: without boto3 every answer would be missing."""
    if not settings.asking or find_spec("boto3"):
        return ()
    return (
        f"{settings.asking} asks AWS, which needs boto3, and boto3 is not installed. Use the file of the pack whose "
        "name has -with-boto3, or the folder of the pack with pulumi install.",
    )


def look_up(trails: Sequence[StackTrail], questions: Questions, seconds: float) -> Callable[[StackTrail], Answers]:
    """Asks all questions at once, each through the provider of its trail. Answers what a trail's questions brought.

    questions: what to ask about a trail. seconds: the time that all answers together may take.
    """
    wanted: dict[str, set[Question]] = {}
    providers = {_provider(trail): trail.resource.provider for trail in trails}
    for trail in trails:
        if asked := _questions(questions, trail):
            wanted.setdefault(_provider(trail), set()).update(asked)
    if not wanted:
        return lambda _: NO_ANSWERS
    answers: dict[str, Answers]
    try:
        from ..aws.queries import ask
    except ImportError:
        unavailable = Unavailable("boto3 is not installed")
        answers = {urn: dict.fromkeys(asked, unavailable) for urn, asked in wanted.items()}
    else:
        settings = {urn: provider.properties if provider else None for urn, provider in providers.items()}
        answers = ask({urn: (settings[urn], asked) for urn, asked in wanted.items()}, seconds)
    return lambda trail: answers.get(_provider(trail), NO_ANSWERS)


def _questions(questions: Questions, trail: StackTrail) -> list[Question]:
    try:
        return list(questions(trail))
    except Exception:
        return []  # said when the trail is judged


def _provider(trail: StackTrail) -> str:
    return trail.resource.provider.urn if trail.resource.provider else ""
