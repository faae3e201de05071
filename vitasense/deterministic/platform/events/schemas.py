"""What an event is, and what can be told about the way it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

State = Literal["handled", "waiting", "retrying", "parked"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `type` is `<noun>.<past tense>`, `version` that of its payload's shape."""

    id: UUID
    type: str
    version: int
    patient_id: UUID | None
    actor_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    payload: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def key(self) -> str:
        """What orders it: events of one key are handled one after another, those of different keys side by side."""
        return str(self.patient_id) if self.patient_id else self.type


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a consumer has not handled: how many events, since when the oldest; how many were given up or failed.

    `retrying` are those among the waiting that failed and will be tried again; `held` those that wait behind one.
    """

    waiting: int
    oldest: datetime | None
    parked: int
    age: timedelta = timedelta(0)
    retrying: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that a consumer failed to do until it was given up: type and place of the last failure."""

    event_id: UUID
    type: str
    consumer: str
    attempts: int
    error: str | None
    place: str | None
    recorded_at: datetime
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """How an event went with one consumer. A failure has `at`, `type` and `place`, never a message."""

    consumer: str
    state: State
    attempts: int
    handled_at: datetime | None
    retry_at: datetime | None
    parked_at: datetime | None
    failures: Sequence[Mapping[str, str]]
