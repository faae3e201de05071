"""Events: past-tense facts, written in the transaction that makes them true and handed to consumers afterwards.

`outbox` writes them, `claiming` hands them out in order of their key and remembers what was done, `inbox` keeps what
failed, `waking` tells at once that there is something, `retention` ends what is long done, `kafka` carries them.
"""

from vitasense.deterministic.platform.events.claiming import AT_ONCE, AlreadyHandled, advance, claim, hold, note
from vitasense.deterministic.platform.events.inbox import ATTEMPTS, courses, failed, find, parked, replay, replay_all
from vitasense.deterministic.platform.events.outbox import CHANNEL, append
from vitasense.deterministic.platform.events.retention import forget
from vitasense.deterministic.platform.events.schemas import Backlog, Course, Event, Parked
from vitasense.deterministic.platform.events.types import EVENT_TYPES, EventType, noun_of
from vitasense.deterministic.platform.events.waiting import backlog, consumers, pending, unseen
from vitasense.deterministic.platform.events.waking import Bell

__all__ = [
    "ATTEMPTS",
    "AT_ONCE",
    "CHANNEL",
    "EVENT_TYPES",
    "AlreadyHandled",
    "Backlog",
    "Bell",
    "Course",
    "Event",
    "EventType",
    "Parked",
    "advance",
    "append",
    "backlog",
    "claim",
    "consumers",
    "courses",
    "failed",
    "find",
    "forget",
    "hold",
    "note",
    "noun_of",
    "parked",
    "pending",
    "replay",
    "replay_all",
    "unseen",
]
