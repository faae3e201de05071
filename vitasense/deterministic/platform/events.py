"""The outbox: past-tense facts, written in the transaction that makes them true, relayed afterwards.

A payload points to records by id and carries no clinical value. `pending` reads only events older than the oldest
running transaction: a plain cursor over ids loses what commits late.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)


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


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a consumer: how many events, since when the oldest, and how many were given up."""

    waiting: int
    oldest: datetime | None
    parked: int


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that a consumer failed to do until it was given up: `error` is the type of the last failure."""

    event_id: UUID
    type: str
    consumer: str
    attempts: int
    error: str | None
    recorded_at: datetime
    parked_at: datetime


# ruff: noqa: S608 - the statements are put together from the constants of this file alone
_COLUMNS = "id, type, version, patient_id, actor_id, occurred_at, recorded_at, causation_id, correlation_id, payload"
_VALUES = ", ".join(f":{name}" for name in _COLUMNS.split(", "))

# No RETURNING: who may tell an event may not read the outbox.
_APPEND = text(f"insert into app.event ({_COLUMNS}) values ({_VALUES})").bindparams(bindparam("payload", type_=JSONB))
_SETTLED = "e.xid < pg_snapshot_xmin(pg_current_snapshot())"
_OPEN = "i.handled_at is null and i.parked_at is null"
# Only what lies after the point that the consumer reached is looked at: the outbox keeps everything that ever happened.
_AHEAD = (
    "from app.event e left join app.inbox i on i.consumer = :consumer and i.event_id = e.id "
    "where e.xid >= coalesce((select reached from app.relay where consumer = :consumer), '0')"
)
_PENDING = text(
    f"select e.* {_AHEAD} and {_SETTLED} and {_OPEN} and (i.retry_at is null or i.retry_at <= clock_timestamp()) "
    f"order by e.xid, e.id limit :limit"
)
_REACH = text(
    "with ahead as ("
    f" select coalesce((select e.xid {_AHEAD} and {_SETTLED} and {_OPEN} order by e.xid limit 1),"
    f" (select e.xid from app.event e where {_SETTLED} order by e.xid desc limit 1)) as reached) "
    "insert into app.relay select :consumer, reached from ahead where reached is not null "
    "on conflict (consumer) do update set reached = excluded.reached where relay.reached < excluded.reached"
)
# Held to the end of the transaction: what is replayed cannot be passed by a look that began before.
_TURN = text("select pg_advisory_xact_lock(hashtextextended('relay ' || :consumer, 0))")
_PARKED = text(
    "select e.id, e.type, i.consumer, i.attempts, i.last_error, e.recorded_at, i.parked_at from app.inbox i "
    "join app.event e on e.id = i.event_id where i.parked_at is not null order by i.parked_at, e.id limit :limit"
)
_GIVEN_UP = text("select consumer from app.inbox where event_id = :event and parked_at is not null order by consumer")
_REPLAY = text(
    "update app.inbox set parked_at = null, retry_at = null, attempts = 0 "
    "where consumer = :consumer and event_id = :event and parked_at is not null"
)
_GO_BACK = text(
    "update app.relay r set reached = e.xid from app.event e "
    "where r.consumer = :consumer and e.id = :event and e.xid < r.reached"
)
_HANDLED = text(
    "insert into app.inbox (consumer, event_id, handled_at, attempts) values (:consumer, :event, clock_timestamp(), 1) "
    "on conflict (consumer, event_id) do update set handled_at = excluded.handled_at, last_error = null, "
    "retry_at = null, parked_at = null, attempts = inbox.attempts + 1 where inbox.handled_at is null"
)
_FAILED = text(
    "insert into app.inbox (consumer, event_id, attempts, last_error, retry_at) "
    "values (:consumer, :event, 1, :error, clock_timestamp() + :first) "
    "on conflict (consumer, event_id) do update set attempts = inbox.attempts + 1, last_error = excluded.last_error, "
    "retry_at = clock_timestamp() + least(:first * power(2, inbox.attempts), :longest), "
    "parked_at = case when inbox.attempts + 1 >= :most then clock_timestamp() end where inbox.handled_at is null"
)
_BACKLOG = text(
    f"select count(*), min(e.recorded_at), (select count(*) from app.inbox where consumer = :consumer "
    f"and parked_at is not null) {_AHEAD} and {_OPEN}"
)


async def append(tx: AsyncSession, event: Event) -> None:
    """Write the event with the change it tells of; it exists when the transaction commits.

    Row-level security refuses an event of another actor, or about a patient that the actor may not touch.
    """
    members = {name: getattr(event, name) for name in _COLUMNS.split(", ")}
    await tx.execute(_APPEND, members | {"payload": dict(event.payload)})


async def pending(tx: AsyncSession, consumer: str, limit: int = 100) -> list[Event]:
    """The oldest events that the consumer has not handled and that are due, in order of their transactions.

    When nothing is due it remembers how far the consumer got, so that the next look is short.
    """
    found = [_event(row) for row in await tx.execute(_PENDING, {"consumer": consumer, "limit": limit})]
    if not found:
        await tx.execute(_TURN, {"consumer": consumer})
        await tx.execute(_REACH, {"consumer": consumer})
    return found


async def handled(tx: AsyncSession, consumer: str, event_id: UUID) -> bool:
    """Remember that the consumer has done the event, in the transaction of what it did.

    False when it had been done before: the caller then rolls its own work back. Waits for a concurrent handler.
    """
    done = await tx.execute(_HANDLED, {"consumer": consumer, "event": event_id})
    return cast(int, getattr(done, "rowcount", 0)) == 1


async def failed(tx: AsyncSession, consumer: str, event_id: UUID, error: BaseException) -> None:
    """Try the event again after 2, 4, 8 … seconds; after the eighth failure it is parked for an operator.

    Only the error's type is kept: its message may quote health data.
    """
    waits = {"first": FIRST_WAIT, "longest": LONGEST_WAIT, "most": ATTEMPTS}
    await tx.execute(_FAILED, {"consumer": consumer, "event": event_id, "error": type(error).__name__, **waits})


async def backlog(tx: AsyncSession, consumer: str) -> Backlog:
    """What waits for the consumer and what was parked."""
    waiting, oldest, parked = (await tx.execute(_BACKLOG, {"consumer": consumer})).one()
    return Backlog(waiting, oldest, parked)


async def parked(tx: AsyncSession, limit: int = 1000) -> list[Parked]:
    """What was given up, the longest ago first, for an operator to look at."""
    return [Parked(*row) for row in await tx.execute(_PARKED, {"limit": limit})]


async def replay(tx: AsyncSession, event_id: UUID) -> list[str]:
    """Let every consumer that gave the event up try it again from the beginning; returns their names, none if none."""
    consumers = list((await tx.scalars(_GIVEN_UP, {"event": event_id})).all())
    for consumer in consumers:
        names = {"consumer": consumer, "event": event_id}
        await tx.execute(_TURN, {"consumer": consumer})
        await tx.execute(_REPLAY, names)
        await tx.execute(_GO_BACK, names)
    return consumers


def _event(row: Row[tuple[object, ...]]) -> Event:
    return Event(**{name: getattr(row, name) for name in _COLUMNS.split(", ")})
