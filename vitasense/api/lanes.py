"""A lane: one consumer, and how its events are done: many in one transaction, one by one after a failure."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from time import monotonic
from typing import Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.consumers import Handle
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.telemetry import Metrics, span

BATCH = 250
BATCH_SECONDS = 0.5  # then what is done is committed: nobody waits long for the keys that a batch holds
ADVANCE_EVENTS = 500  # how far the consumer got is noted after so many,
ADVANCE_SECONDS = 5.0  # or so long: others may do the work

log = get_logger(__name__)

_CONTEXT = text("select current_setting('app.context')")
_RETURN = text("select set_config('app.context', :token, true)")


class Work(Protocol):
    """What a consumer does with events in order; it adds each that it has done to `done`, and may stop early."""

    async def __call__(self, tx: AsyncSession, waiting: Sequence[Event], done: list[Event]) -> None:
        """Do some of them, from the first on."""
        ...


class Handling:
    """The work of a consumer of the table: its handlers, one event after the other."""

    def __init__(self, consumer: str, handles: Mapping[str, Handle], metrics: Metrics) -> None:
        self._consumer = consumer
        self._handles = handles
        self._metrics = metrics

    async def __call__(self, tx: AsyncSession, waiting: Sequence[Event], done: list[Event]) -> None:
        """A handler may have switched the context of the transaction: the next one begins in the service's own."""
        own, access = await tx.scalar(_CONTEXT), tx.info.get("access")
        began = monotonic()
        for event in waiting:
            start = monotonic()
            with span("event", consumer=self._consumer, event_type=event.type):
                if handle := self._handles.get(event.type):  # none: it is no longer in the table
                    await handle(tx, event)
                if access is None or tx.info["access"] is not access:
                    await tx.execute(_RETURN, {"token": own})
                    tx.info["access"] = access
            done.append(event)
            self._metrics.event_seconds(self._consumer, monotonic() - start)
            if monotonic() - began > BATCH_SECONDS:
                return


class Lane:
    """The events of one consumer. `grace` is how long another way (a broker) has to bring a fresh event first."""

    def __init__(
        self,
        database: Database,
        consumer: str,
        types: Iterable[str],
        work: Work,
        metrics: Metrics,
        *,
        grace: timedelta = events.AT_ONCE,
        forgiving: bool = False,
        turns: asyncio.Semaphore | None = None,
    ) -> None:
        """With `forgiving` a failure is nobody's fault: nothing is noted, and the look fails.

        Lanes with the same `turns` share its number of connections.
        """
        self.consumer = consumer
        self.types = sorted(types)
        self._database = database
        self._work = work
        self._metrics = metrics
        self._grace = grace
        self._forgiving = forgiving
        self._turns = turns or asyncio.Semaphore()
        self._sizes = deque[int]()
        self._advanced, self._since = 0.0, 0

    async def look(self, ids: Sequence[UUID] | None = None) -> bool:
        """Do some of what waits, or of the keys of these events; True when there may be more."""
        async with self._turns:
            return await self._look(ids)

    async def _look(self, ids: Sequence[UUID] | None) -> bool:
        limit = self._sizes.popleft() if self._sizes else BATCH
        waiting: Sequence[Event] = ()
        done: list[Event] = []
        try:
            async with self._transaction() as tx:
                waiting = await events.claim(
                    tx, self.consumer, types=self.types, limit=limit, grace=self._grace, ids=ids
                )
                if waiting:
                    await self._work(tx, waiting, done)
                    await events.note(tx, self.consumer, [event.id for event in done])
        except Exception as error:
            if not waiting or self._forgiving or _is_outage(error):
                raise
            await self._stumbled(waiting, len(done), error)
            return True
        self._metrics.events(self.consumer, "handled", len(done))
        await self._advance(len(done))
        return bool(waiting)

    async def take(self, ids: Sequence[UUID]) -> None:
        """Do these events, whatever waits before them included; what cannot be done now is noted as waiting."""
        while await self.look(ids):
            pass
        async with self._transaction() as tx:
            await events.hold(tx, self.consumer, self.types, ids)

    async def _stumbled(self, waiting: Sequence[Event], done: int, error: Exception) -> None:
        """Do again what went well, then the failing one alone: only what fails alone counts as a failure."""
        if len(waiting) == 1:
            await self._fail(waiting[0], error)
        elif done < len(waiting):
            self._sizes = deque([done, 1] if done else [1])
        else:
            self._sizes = deque([1] * done)  # it failed at the end, and nobody knows which it was

    async def _fail(self, event: Event, error: Exception) -> None:
        about = {"consumer": self.consumer, "event_type": event.type, "event_id": event.id}
        log.warning("event.failed", **about, exc_info=error)
        async with self._transaction() as tx:
            parked = await events.failed(tx, self.consumer, event.id, error)
        self._metrics.events(self.consumer, "failed", 1)
        if parked:
            log.error("event.parked", **about)
            self._metrics.events(self.consumer, "parked", 1)

    async def _advance(self, done: int) -> None:
        now = monotonic()
        self._since += done
        if self._since >= ADVANCE_EVENTS or now - self._advanced > ADVANCE_SECONDS:
            async with self._transaction() as tx:
                await events.advance(tx, self.consumer, self.types)
            self._advanced, self._since = now, 0

    def _transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self._database.transaction(system_access("relay events"))


def _is_outage(error: BaseException) -> bool:
    """The database went away: no fault of the event."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
