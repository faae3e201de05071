"""Emergencies in words that no red flag names: a message that is like described emergencies is one."""

import re
from collections.abc import Iterator
from functools import cache

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails.likeness import Like, like, weights_of
from vitasense.guardrails.rulebook import RedFlag, likeness

KEY, CRISIS_KEY = "resembles_emergency", "resembles_despair"
_CRISIS, _GENERAL, _TODAY = "crisis", "like", "today"


def resemblance(text: str, *, judged: bool = False) -> tuple[RedFlag, tuple[int, int]] | None:
    """The flag that the likeness to emergencies raises, and the word that speaks most for it; None below both limits.

    `judged` when a published red flag has called the message urgent already: then only a great likeness says more.
    Source: `rules/likeness.yaml`.
    """
    rules = likeness()
    found = max(_looks(text), key=lambda one: one.probability)
    if found.probability >= (rules.beyond_urgent if judged else rules.emergency):
        advice = _advice(text)
        return _flag(Urgency.EMERGENCY, advice), _place(found)
    return (_flag(Urgency.URGENT, _TODAY), _place(found)) if found.probability >= rules.urgent else None


def _looks(text: str) -> Iterator[Like]:
    """The message as it is, and without its pleas: who begs for help may not be less in danger for it."""
    weights = weights_of("triage")["emergency"]
    yield like(text, weights)
    bare = _pleas().sub(lambda plea: " " * len(plea.group()), text)
    if bare != text:
        yield like(bare, weights)


@cache
def _pleas() -> re.Pattern[str]:
    words = "|".join(re.escape(plea).replace(r"\ ", r"\s+") for plea in sorted(likeness().pleas, key=len, reverse=True))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _advice(text: str) -> str:
    """The advice of the kind of emergency that the message is most like, else the general one."""
    rules = likeness()
    kinds = {kind: like(text, weights).probability for kind, weights in weights_of("advice").items()}
    best = max(kinds, key=lambda kind: kinds[kind])
    if best == _CRISIS:
        return best if kinds[best] >= rules.crisis else _GENERAL
    return best if kinds[best] >= rules.advice else _GENERAL


def _flag(level: Urgency, advice: str) -> RedFlag:
    despair = advice == _CRISIS
    key = CRISIS_KEY if despair else KEY
    return RedFlag(key=key, level=level, advice=advice, any=(), self_harm=despair, source=likeness().emergencies)


def _place(found: Like) -> tuple[int, int]:
    return found.start, found.end
