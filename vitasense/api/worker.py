"""The worker: gives every event to its consumers, once, sends the mail that waits, loads what is shared and embeds it.

Killed at any moment it loses nothing: what a consumer did and the note that it did it are one transaction.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.bootstrap import Services
from vitasense.api.upkeep import loader_of, mover_of
from vitasense.deterministic import notices
from vitasense.deterministic.auth import AuthService, system_access
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.telemetry import Metrics, span
from vitasense.memory.indexing import Indexer
from vitasense.memory.knowledge import Loader
from vitasense.memory.stores.moving import Mover

LOOK_SECONDS = 0.5
MAIL_SECONDS = 1.0
INDEX_SECONDS = 3.0
LOAD_SECONDS = 5.0  # between attempts; once it is done there is nothing to do
MOVE_SECONDS = 5.0
MEASURE_SECONDS = 15.0
TIDY_SECONDS = 3600.0
LONGEST_WAIT_SECONDS = 10.0  # between looks while the database does not answer
BATCH = 100

Handle = Callable[[AsyncSession, Event], Awaitable[None]]
Handlers = Mapping[str, Mapping[str, Handle]]

log = get_logger(__name__)

_NOTE = text("select audit.note(:subject, 'raised', 'emergency', cast(:details as jsonb))")


async def note_emergency(tx: AsyncSession, event: Event) -> None:
    """Write to the patient's audit chain that a conversation about them raised an emergency, and who held it."""
    if event.patient_id is None:
        return
    details = {"event": str(event.id), "by": str(event.actor_id), "occurred_at": event.occurred_at.isoformat()}
    await tx.execute(_NOTE, {"subject": event.patient_id, "details": json.dumps(details)})


# Event type → consumer → what it does, in the service's own context. A consumer's name is kept in the database.
HANDLERS: Handlers = {
    "conversation.emergency_raised": {"emergency_notes": note_emergency},
}


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves."""

    courier: notices.Courier
    sender: str


class Worker:
    """Relays events, sends mail and, with an indexer, embeds memories until it is told to stop."""

    def __init__(
        self,
        database: Database,
        auth: AuthService,
        metrics: Metrics,
        clock: Clock,
        post: Post,
        handlers: Handlers = HANDLERS,
        indexer: Indexer | None = None,
        mover: Mover | None = None,
        loader: Loader | None = None,
    ) -> None:
        self._database = database
        self._auth = auth
        self.metrics = metrics
        self._clock = clock
        self._post = post
        self._handlers = handlers
        self._indexer = indexer
        self._mover = mover
        self._loader = loader
        self._consumers = sorted({name for consumers in handlers.values() for name in consumers})

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; the piece in hand is finished first."""
        async with asyncio.TaskGroup() as jobs:
            jobs.create_task(_every(LOOK_SECONDS, "relay", self.relay, stop))
            jobs.create_task(_every(MAIL_SECONDS, "mail", self.send_mail, stop))
            jobs.create_task(_every(MEASURE_SECONDS, "measure", self.measure, stop))
            jobs.create_task(_every(INDEX_SECONDS, "index memories", self.index, stop))
            jobs.create_task(_every(LOAD_SECONDS, "load knowledge", self.load, stop))
            if self._mover:
                jobs.create_task(_every(MOVE_SECONDS, "move collections", self._mover.step, stop))
                jobs.create_task(_every(TIDY_SECONDS, "check collections", self._mover.mend, stop))
            jobs.create_task(_every(TIDY_SECONDS, "tidy", self._auth.tidy, stop))

    async def relay(self) -> bool:
        """Give each consumer the events that wait for it; True when there may be more."""
        more = False
        for consumer in self._consumers:
            async with self._database.transaction(system_access("relay events")) as tx:
                waiting = await events.pending(tx, consumer, BATCH)
            for event in waiting:
                await self._give(consumer, event)
            more |= len(waiting) == BATCH
        return more

    async def load(self) -> None:
        """Keep the shared explanations equal to the rules they come from."""
        if self._loader:
            await self._loader.step()

    async def index(self) -> bool:
        """Embed some of what waits for it; True when there may be more."""
        return await self._indexer.step() if self._indexer else False

    async def send_mail(self) -> None:
        """Send the mail that is due."""
        access = system_access("send mail")
        sender = self._post.sender
        await notices.send_waiting(self._database, access, self._post.courier, self._clock, sender=sender)

    async def measure(self) -> None:
        """Set the metrics of what waits for each consumer."""
        for consumer in self._consumers:
            async with self._database.transaction(system_access("measure events")) as tx:
                backlog = await events.backlog(tx, consumer)
            self.metrics.outbox(consumer, backlog.waiting, _age(backlog.oldest, self._clock()))
            if backlog.parked:
                log.warning("events.parked", consumer=consumer, count=backlog.parked)

    async def _give(self, consumer: str, event: Event) -> None:
        try:
            with span("event", consumer=consumer, event_type=event.type):
                await self._do(consumer, event)
        except Exception as error:
            log.warning("event.failed", consumer=consumer, event_type=event.type, event_id=event.id, exc_info=error)
            async with self._database.transaction(system_access("relay events")) as tx:
                await events.failed(tx, consumer, event.id, error)

    async def _do(self, consumer: str, event: Event) -> None:
        """The note comes first: it makes a second worker wait, and tells it that there is nothing left to do."""
        handle = self._handlers.get(event.type, {}).get(consumer)
        async with self._database.transaction(system_access("relay events")) as tx:
            if await events.handled(tx, consumer, event.id) and handle is not None:
                await handle(tx, event)


def worker_of(services: Services) -> Worker:
    """The worker of the opened services."""
    post = Post(services.courier, services.settings.mail_from)
    indexer = Indexer(services.database, system_access, services.embedder)
    return Worker(
        services.database,
        services.auth,
        services.metrics,
        services.clock,
        post,
        indexer=indexer,
        mover=mover_of(services),
        loader=loader_of(services),
    )


async def _every(seconds: float, job: str, work: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Do the work again and again; at once when it says True, later and later while it fails."""
    failures = 0
    while not stop.is_set():
        more: object = False
        try:
            more = await work()
            failures = 0
        except Exception as error:
            failures = min(failures + 1, 10)
            log.warning("job.failed", job=job, attempt=failures, exc_info=error)
        wait = 0.0 if more is True else min(seconds * 2**failures, max(seconds, LONGEST_WAIT_SECONDS))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)


def _age(oldest: datetime | None, now: datetime) -> float:
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
