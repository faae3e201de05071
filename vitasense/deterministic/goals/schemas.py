"""Goal, what a day gave towards it, how it goes, and what is suggested."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Status

Direction = Literal["at_least", "at_most"]
Per = Literal["day", "week", "reading"]
Maker = Literal["patient", "provider", "service"]


class GoalState(StrEnum):
    """Where a goal is; the last three are over."""

    SUGGESTED = "suggested"
    ACTIVE = "active"
    REFUSED = "refused"
    REACHED = "reached"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Goal:
    """`metric` (LOINC) is to be `direction` `target` (`unit`, UCUM) per day, week (Monday to Sunday) or reading.

    `since` is when it began to count, or was suggested; `until` is when it ends by itself.
    """

    id: UUID
    category: Category
    metric: str
    direction: Direction
    target: float
    unit: str
    per: Per
    state: GoalState
    made_by: Maker
    reason: str | None
    evidence: tuple[Evidence, ...]
    since: datetime
    until: datetime | None
    changed_at: datetime
    replaces: UUID | None = None
    decision_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of who sets a goal; None is not known."""

    age: int | None = None
    height_cm: float | None = None
    pregnant: bool | None = None


@dataclass(frozen=True, slots=True)
class GoalSet:
    """The goal as it was kept, and what is to be said with it: who decides, and what could not be checked and why."""

    goal: Goal
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayValue:
    """One of the person's days in the goal's unit: the day's sum, or its last reading with the least and the most.

    `value` is None when there are no data.
    """

    day: date
    value: float | None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How a goal goes, counted in days (or weeks) that are over, and the one that runs.

    A day or week without data is `not_evaluated`, never missed; it neither ends nor lengthens the `streak` of those
    met. `current` is what today (this week) has so far and `fraction` the part of the target that it is, at most 1.
    `current_met` is None while it is open. `recent` are the last complete days with data, the oldest first.
    """

    counted_in: Literal["day", "week"]
    met: int
    missed: int
    not_evaluated: int
    streak: int
    current: float | None
    current_met: bool | None
    fraction: float | None
    recent: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A goal that could be suggested, with its reason in plain words and where it comes from."""

    metric: str
    direction: Direction
    target: float
    unit: str
    per: Per
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a person's days say: a suggestion (found), none needed (not found), or not evaluated; `reason` says why."""

    status: Status
    reason: str
    suggestion: Suggestion | None = None
