"""The worker: gives every event to its consumers, once, sends the mail that waits, loads what is shared and embeds it.

Killed at any moment it loses nothing: what a consumer did and the note that it did it are one transaction.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from vitasense.api.bootstrap import Services
from vitasense.api.brokering import PUBLISHER, broker_of
from vitasense.api.consumers import HANDLERS, Handle, Handlers, by_consumer
from vitasense.api.jobs import every
from vitasense.api.keeping import Keeper
from vitasense.api.reacting import handlers_of
from vitasense.api.relay import Relay
from vitasense.api.timekeeping import Timekeeper
from vitasense.api.upkeep import literature_loader_of, loader_of, mover_of
from vitasense.deterministic import notices
from vitasense.deterministic.auth import AuthService, system_access
from vitasense.deterministic.knowledge import Shelf
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events.kafka import Broker
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.memory.indexing import Indexer
from vitasense.memory.knowledge import Loader
from vitasense.memory.literature.passages import LiteratureLoader
from vitasense.memory.stores.moving import Mover

__all__ = ["HANDLERS", "Handle", "Post", "Worker", "backlogs", "worker_of"]

MAIL_SECONDS = 1.0
INDEX_SECONDS = 3.0
LOAD_SECONDS = 5.0  # between looks whether other releases are in force; without them there is nothing to do
MOVE_SECONDS = 5.0
MEASURE_SECONDS = 15.0
TIDY_SECONDS = 3600.0
RING_SECONDS = 1.0
KEEP_SECONDS = 600.0  # between looks whether a day went by


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
        shelf: Shelf | None = None,
        indexer: Indexer | None = None,
        mover: Mover | None = None,
        loader: Loader | None = None,
        literature: LiteratureLoader | None = None,
        broker: Broker | None = None,
        timekeeper: Timekeeper | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        self._database = database
        self._auth = auth
        self.metrics = metrics
        self._clock = clock
        self._post = post
        self._shelf = shelf
        self._indexer = indexer
        self._mover = mover
        self._loader = loader
        self._literature = literature
        self._timekeeper = timekeeper
        self._keeper = keeper
        self._relay = Relay(database, metrics, handlers, broker)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; the piece in hand is finished first."""
        async with asyncio.TaskGroup() as jobs:
            jobs.create_task(self._relay.run(stop))
            jobs.create_task(every(MAIL_SECONDS, "mail", self.send_mail, stop))
            jobs.create_task(every(MEASURE_SECONDS, "measure", self.measure, stop))
            jobs.create_task(every(INDEX_SECONDS, "index memories", self.index, stop))
            jobs.create_task(every(LOAD_SECONDS, "load knowledge", self.load, stop))
            if self._timekeeper:
                jobs.create_task(every(RING_SECONDS, "ring timers", self._timekeeper.ring, stop))
                jobs.create_task(every(MAIL_SECONDS, "send webhooks", self._timekeeper.send_hooks, stop))
            if self._keeper:
                jobs.create_task(every(KEEP_SECONDS, "keep streams", self._keeper.keep, stop))
            if self._mover:
                jobs.create_task(every(MOVE_SECONDS, "move collections", self._mover.step, stop))
                jobs.create_task(every(TIDY_SECONDS, "check collections", self._mover.mend, stop))
            jobs.create_task(every(TIDY_SECONDS, "tidy", self._auth.tidy, stop))

    async def relay(self) -> bool:
        """Give each consumer some of the events that wait for it; True when there may be more."""
        return await self._relay.look()

    async def load(self) -> None:
        """Keep the shared explanations equal to what is known now, and the passages to the documents that count."""
        if self._shelf:
            await self._shelf.refresh()
        if self._loader:
            await self._loader.step()
        if self._literature:
            await self._literature.step()

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
        await self._relay.measure()


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
        handlers_of(services),
        shelf=services.shelf,
        indexer=indexer,
        mover=mover_of(services),
        loader=loader_of(services),
        literature=literature_loader_of(services),
        broker=broker_of(services.settings),
        timekeeper=Timekeeper(services),
        keeper=Keeper(services),
    )


async def backlogs(services: Services) -> dict[str, events.Backlog]:
    """What waits for each consumer of the table, for the publisher of a configured broker, and for those there were."""
    types: dict[str, Iterable[str] | None] = {
        name: list(each) for name, each in by_consumer(handlers_of(services)).items()
    }
    if broker := broker_of(services.settings):
        types[PUBLISHER] = broker.types
    async with services.database.transaction(system_access("vitasense events status")) as tx:
        gone = {name: () for name in await events.consumers(tx) if name not in types}
        return {name: await events.backlog(tx, name, kinds) for name, kinds in sorted((gone | types).items())}
