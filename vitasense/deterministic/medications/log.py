"""What the room's own tables hold: doses, counts of what is left, reminders, side effects, overrides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from vitasense.deterministic.platform.access import Category


class DoseStatus(StrEnum):
    """What became of a dose; `skipped` is left out on purpose, for a reason."""

    TAKEN = "taken"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class LoggedDose:
    """One version of one entry of the log. `due` is the key of the occurrence, or its day alone; `extra` ones are beside it.

    `amount` in the UCUM `unit` is what was taken, when it was said.
    """

    id: UUID
    version: int
    medicine_id: UUID
    status: DoseStatus
    at: datetime
    due: str | None
    extra: bool
    amount: float | None
    unit: str | None
    reason: str | None
    actor_id: UUID
    actor_role: str
    recorded_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How much somebody said there was at a time: `quantity` of the UCUM `unit` ("{tbl}")."""

    id: UUID
    medicine_id: UUID
    at: datetime
    quantity: float
    unit: str
    actor_id: UUID
    recorded_at: datetime


ReminderKind = Literal["dose", "refill"]


@dataclass(frozen=True, slots=True)
class Reminder:
    """Of what a person wants to be reminded: of each dose, or of a refill `days_before` the supply runs out.

    `clock` gives times ("08:00") for parts of the day that have none; `next_at` is when the service looks next.
    """

    medicine_id: UUID
    kind: ReminderKind
    is_on: bool
    days_before: int | None
    decision_id: UUID
    next_at: datetime | None
    changed_at: datetime
    clock: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Link:
    """A symptom (an Observation of the record) that somebody put down to a medicine."""

    id: UUID
    medicine_id: UUID
    symptom_id: UUID
    note: str | None
    actor_id: UUID
    actor_role: str
    recorded_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A finding that somebody chose to live with, for a reason; `key` and `fingerprint` are those of overrides.py."""

    id: UUID
    key: str
    fingerprint: str
    categories: frozenset[Category]
    kind: str
    reason: str
    actor_id: UUID
    actor_role: str
    at: datetime
    ended_at: datetime | None = None
