"""Hands a consumer its events: each once, those of one key in order, whatever other workers do at the same time.

Order is that of `seq`, which the database counts when the event is written: who waited for a lock that another held
comes later. A worker locks the keys that it works on until its transaction ends and looks again once it has them, so
that it sees what the one before did. Keys that others hold are left to them.

What commits late is not lost: `reached`, from where a consumer looks, passes a `seq` only when every transaction that
could still write a smaller one is over (the mark), and only when all before it are noted in the inbox.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

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
from vitasense.deterministic.platform.events.schemas import Event
from vitasense.deterministic.platform.problems import Conflict

KEYS = 100  # locked at once by one transaction: a server has room for about 6,000 such locks in all
WINDOW = 500  # how far ahead a worker looks for keys that nobody works on
RANGE = 5000  # how far what waits behind failures is noted at once
AT_ONCE = timedelta(0)

# ruff: noqa: S608 - the statements are put together from constants alone
_TAKE = "pg_try_advisory_xact_lock(hashtextextended(:consumer || ' ' || key, 0))"
_KEYS = text(
    "with heads as (select * from app.open_keys(:consumer, cast(:types as text[]), cast(:grace as interval), "
    f"{WINDOW}) offset 0) select key, last from heads where {_TAKE} limit :keys"
)
_KEYS_OF = text(
    "with heads as (select e.key, min(e.seq) as first, max(e.seq) as last from app.event e "
    f" left join app.inbox i on i.consumer = :consumer and i.event_id = e.id "
    f" where e.id = any(cast(:ids as uuid[])) and {OF_TYPES} and (i.event_id is null or {is_due('i')}) "
    " group by e.key order by first offset 0) "
    f"select key, last from heads where {_TAKE} limit :keys"
)
_EVENTS = text(
    "with mine as (select cast(:keys as text[]) as keys), "
    f"ready as (select e.id, e.seq from app.event e, mine where e.seq > {REACHED} and e.seq <= :last "
    f" and e.key = any(mine.keys) and {OF_TYPES} and {UNNOTED} and not {held('e')} "
    f"union all select i.event_id, i.seq from app.inbox i, mine where {is_due('i')} "
    f" and i.key = any(mine.keys) and i.seq <= :last and not {held('i')} "
    "order by seq limit :limit) "
    f"select {EVENT} from ready join app.event e using (id) order by ready.seq"
)
_NOTE = text(
    "insert into app.inbox (consumer, event_id, handled_at, attempts) "
    "select :consumer, id, clock_timestamp(), 1 from unnest(cast(:ids as uuid[])) as id "
    "on conflict (consumer, event_id) do update set handled_at = excluded.handled_at, last_error = null, "
    "retry_at = null, parked_at = null, attempts = inbox.attempts + 1 where inbox.handled_at is null"
)
_HOLD = text(
    "insert into app.inbox (consumer, event_id, key, seq) select :consumer, e.id, e.key, e.seq from app.event e "
    f"where e.id = any(cast(:ids as uuid[])) and {OF_TYPES} on conflict do nothing"
)
# The first write of its transaction: its own number is then later than that of whoever wrote what `top` sees.
# A mark from beyond every transaction came with a backup from another server, and is taken anew.
_MARK = text(
    "update app.event_mark m set next = top.seq, at = pg_current_xact_id(), "
    "settled = case when m.at < pg_snapshot_xmin(pg_current_snapshot()) then m.next else m.settled end "
    "from (select coalesce(max(seq), 0) as seq from app.event) as top "
    "where (m.at < pg_snapshot_xmin(pg_current_snapshot()) or m.at >= pg_snapshot_xmax(pg_current_snapshot())) "
    "and (m.next > m.settled or top.seq > m.next)"
)
_HOLD_BEHIND = text(
    "insert into app.inbox (consumer, event_id, key, seq) select :consumer, e.id, e.key, e.seq from app.event e "
    f"where e.seq > {REACHED} and e.seq <= {REACHED} + {RANGE} and e.seq <= (select settled from app.event_mark) "
    f"and {OF_TYPES} and {UNNOTED} and exists (select from app.inbox where {is_open('inbox')} limit 1) "
    f"and exists (select from app.inbox b where {is_open('b')} and b.key = e.key and b.seq < e.seq) "
    "order by e.seq on conflict do nothing"
)
_REACH = text(
    "insert into app.relay (consumer, reached) select :consumer, coalesce("
    " app.first_unnoted(:consumer, cast(:types as text[])) - 1, (select settled from app.event_mark)) "
    "on conflict (consumer) do update set reached = excluded.reached where relay.reached < excluded.reached"
)


class AlreadyHandled(Conflict):
    """Somebody else noted one of these events: what was done with them must be rolled back."""


async def claim(
    tx: AsyncSession,
    consumer: str,
    *,
    types: Iterable[str] | None,
    limit: int,
    grace: timedelta = AT_ONCE,
    ids: Sequence[UUID] | None = None,
) -> list[Event]:
    """At most `limit` events for the consumer to do in this transaction, in order; the oldest that are due.

    Nobody else gets events of their keys until it ends. `types` None is every type. Fresh events younger than `grace`
    are left out. With `ids`: what waits of the keys of these events, up to them.
    """
    names: dict[str, object] = {"consumer": consumer, "types": listed(types)}
    names |= {"keys": min(limit, KEYS)} | ({"grace": grace} if ids is None else {"ids": list(ids)})
    keys = (await tx.execute(_KEYS if ids is None else _KEYS_OF, names)).all()
    if not keys:
        return []
    mine: dict[str, object] = {"keys": [key for key, _ in keys], "last": max(last for _, last in keys)}
    return [event_of(row) for row in await tx.execute(_EVENTS, names | mine | {"limit": limit})]


async def note(tx: AsyncSession, consumer: str, ids: Sequence[UUID]) -> None:
    """Remember that the consumer has done these events, in the transaction of what it did.

    Raises AlreadyHandled when one of them had been done before: the caller's transaction is then rolled back.
    """
    done = await tx.execute(_NOTE, {"consumer": consumer, "ids": list(ids)})
    if cast(int, getattr(done, "rowcount", 0)) != len(ids):
        raise AlreadyHandled("An event was handled twice; what the second did is undone.")


async def hold(tx: AsyncSession, consumer: str, types: Iterable[str] | None, ids: Sequence[UUID]) -> None:
    """Remember that these events wait for the consumer, unless it is known how they went."""
    await tx.execute(_HOLD, {"consumer": consumer, "types": listed(types), "ids": list(ids)})


async def advance(tx: AsyncSession, consumer: str, types: Iterable[str] | None) -> None:
    """Remember how far the consumer got, so that the next look is short. First statement of a transaction of its own.

    What waits behind a failed event of its key is noted as such, so that it does not hold up the rest.
    """
    names = {"consumer": consumer, "types": listed(types)}
    await tx.execute(_MARK)
    await tx.execute(_HOLD_BEHIND, names)
    await tx.execute(_REACH, names)
