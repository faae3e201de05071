"""What waits for a consumer, counted and shown; nothing here changes anything."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.events.rows import (
    EVENT,
    OF_TYPES,
    REACHED,
    UNNOTED,
    event_of,
    held,
    is_due,
    is_open,
    listed,
)
from vitasense.deterministic.platform.events.schemas import Backlog, Event

# ruff: noqa: S608 - the statements are put together from constants alone
_FRESH = f"from app.event e where e.seq > {REACHED} and {OF_TYPES} and {UNNOTED}"
_PENDING = text(
    f"select {EVENT}, e.seq {_FRESH} and not {held('e')} "
    f"union all select {EVENT}, e.seq from app.inbox i join app.event e on e.id = i.event_id "
    f"where {is_due('i')} and {OF_TYPES} and not {held('i')} order by seq limit :limit"
)
_BACKLOG = text(
    f"with fresh as (select count(*) as n, min(e.written_at) as oldest {_FRESH}), "
    "noted as (select count(*) as n, min(e.written_at) as oldest, count(*) filter (where i.attempts > 0) as retrying "
    f" from app.inbox i join app.event e on e.id = i.event_id where {is_open('i')}) "
    "select fresh.n + noted.n, least(fresh.oldest, noted.oldest), "
    " (select count(*) from app.inbox where consumer = :consumer and parked_at is not null), "
    " coalesce(clock_timestamp() - least(fresh.oldest, noted.oldest), interval '0'), "
    " noted.retrying, noted.n - noted.retrying from fresh, noted"
)
_UNSEEN = text(
    "select count(*), clock_timestamp() - min(written_at) from "
    f"(select e.written_at {_FRESH} and not {held('e')} limit :most) as counted"
)
_CONSUMERS = text("select consumer from app.relay union select consumer from app.inbox where parked_at is not null")


async def pending(
    tx: AsyncSession, consumer: str, limit: int = 100, *, types: Iterable[str] | None = None
) -> list[Event]:
    """The oldest events that the consumer has not handled and that are due, in their order, without taking them."""
    rows = await tx.execute(_PENDING, {"consumer": consumer, "limit": limit, "types": listed(types)})
    return [event_of(row) for row in rows]


async def backlog(tx: AsyncSession, consumer: str, types: Iterable[str] | None = None) -> Backlog:
    """What waits for the consumer, what failed and what was parked."""
    row = (await tx.execute(_BACKLOG, {"consumer": consumer, "types": listed(types)})).one()
    return Backlog(*row)


async def unseen(tx: AsyncSession, consumer: str, types: Iterable[str] | None, most: int) -> tuple[int, timedelta]:
    """How many events wait that nothing but lack of time holds up (at most `most` are counted), and the age of the oldest.

    What failed, and what waits behind it, is left out: that is a fault, and no sign of too much work.
    """
    row = (await tx.execute(_UNSEEN, {"consumer": consumer, "types": listed(types), "most": most})).one()
    return row[0], row[1] or timedelta(0)


async def consumers(tx: AsyncSession) -> Sequence[str]:
    """The names of all consumers that have ever looked, or that gave something up."""
    return sorted((await tx.scalars(_CONSUMERS)).all())
