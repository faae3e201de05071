"""The times and counts of rules/intervals.yaml, read once."""

from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict, PositiveInt

from vitasense.deterministic.platform.findings import Urgency


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ByUrgency(_Frozen):
    """A time for each urgency; None is never."""

    reason: str
    emergency: timedelta
    urgent: timedelta
    routine: timedelta | None = None
    self_care: timedelta | None = None

    def of(self, urgency: Urgency) -> timedelta | None:
        """The time of that urgency."""
        return cast("timedelta | None", getattr(self, urgency.value))


class Always(ByUrgency):
    """A time for each urgency."""

    routine: timedelta  # type: ignore[assignment]
    self_care: timedelta  # type: ignore[assignment]

    def of(self, urgency: Urgency) -> timedelta:
        """The time of that urgency."""
        return cast("timedelta", getattr(self, urgency.value))


class Tasks(_Frozen):
    """How long after it was due a task closes, and how far ahead a device's clock may be."""

    reason: str
    expire_after: timedelta
    clock_ahead: timedelta


class Letters(_Frozen):
    """How many messages that are not urgent leave the service in one of the person's days."""

    reason: str
    most_a_day: PositiveInt


class Intervals(_Frozen):
    """The whole file."""

    version: str
    source: str
    again: Always
    reopen: Always
    escalate: ByUrgency
    stale: Always
    snooze: Always
    tasks: Tasks
    letters: Letters


@cache
def intervals() -> Intervals:
    """Every interval of the room."""
    text = files("vitasense.deterministic.alarms").joinpath("rules/intervals.yaml").read_text(encoding="utf-8")
    return Intervals.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
