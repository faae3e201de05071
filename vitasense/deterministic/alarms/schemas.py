"""Alarm, Task, Notification and Timer, and what a person wants to be told and when."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Literal
from uuid import UUID

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Urgency


class State(StrEnum):
    """Where an alarm is in its life; the last two are closed."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    CLEARED = "cleared"
    STALE = "stale"

    @property
    def is_open(self) -> bool:
        """Whether the alarm still stands."""
        return self not in (State.CLEARED, State.STALE)

    @property
    def calls(self) -> bool:
        """Whether the alarm waits for somebody's answer."""
        return self in (State.RAISED, State.ESCALATED)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. `key` names what it is about (one open alarm for each), `seen` how often it was confirmed.

    `title` and `text` draw on the part of the record that `category` names and on no other. `version` counts what
    happened to it: each version has one AlarmChange.
    """

    id: UUID
    category: Category
    key: str
    title: str
    text: str
    state: State
    urgency: Urgency
    raised_at: datetime
    changed_at: datetime
    seen: int
    last_seen_at: datetime
    decision_id: UUID
    evidence: tuple[Evidence, ...] = ()
    snoozed_until: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alarms: raised from `since` to before `until`, changed from `changed_since` on.

    `after` is where the page before ended: when its last alarm changed, and its id.
    """

    only_open: bool = False
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class AlarmChange:
    """One step of an alarm's history; the note of a raised one is the title that it then had."""

    alarm_id: UUID
    version: int
    state: State
    at: datetime
    actor_id: UUID
    actor_role: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of raising: the alarm, whether it is a new one, and whether somebody is to be told (again)."""

    alarm: Alarm
    is_new: bool
    tells: bool


class TaskKind(StrEnum):
    """What a person can be asked to do."""

    MEASURE_AGAIN = "measure_again"
    QUESTION = "question"
    SEE_CLINICIAN = "see_clinician"
    DEVICE = "device"
    DOSE = "dose"
    REFILL = "refill"


class TaskState(StrEnum):
    """Where a task is; only an open one changes."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Task:
    """Something that the person is asked to do by `due_at`; `metric` (LOINC) is what is to be measured again."""

    id: UUID
    category: Category
    kind: TaskKind
    key: str
    text: str
    metric: str | None
    due_at: datetime
    state: TaskState
    answer: str | None
    alarm_id: UUID | None
    decision_id: UUID
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The open task of the key, and whether it is a new one."""

    task: Task
    is_new: bool


Channel = Literal["page", "email", "webhook"]
TimerKind = Literal["task", "snooze", "escalation", "staleness", "notification", "goal", "dose", "refill"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants to be told: quiet hours are times of the clock in `timezone` (an IANA name).

    Without both ends there are no quiet hours; from 22:00 until 07:00 goes over midnight.
    """

    timezone: str = "UTC"
    quiet_from: time | None = None
    quiet_until: time | None = None
    channels: tuple[Channel, ...] = ("page", "email")
    tells_providers: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One message to be given on, not before that time."""

    channel: Channel
    recipient_id: UUID
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Notification:
    """A planned message as it is kept, once for each version of the alarm, channel and recipient."""

    id: UUID
    alarm_id: UUID
    alarm_version: int
    channel: Channel
    recipient_id: UUID
    not_before: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves the service: it says that something waits, and where."""

    subject: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due; `ref` is the id of the alarm, task, notification, goal or medicine."""

    id: UUID
    patient_id: UUID
    kind: TimerKind
    ref: UUID
    due_at: datetime
