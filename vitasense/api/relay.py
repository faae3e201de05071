"""The relay: every consumer of the table gets its events, from the outbox at once or through a broker."""

import asyncio
from datetime import timedelta

from vitasense.api.brokering import GRACE, Bus
from vitasense.api.consumers import HANDLERS, Handlers, by_consumer
from vitasense.api.jobs import every
from vitasense.api.lanes import Handling, Lane
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events.kafka import Broker
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.telemetry import Metrics

LOOK_SECONDS = 0.5  # the bell rings earlier
LANES_AT_ONCE = 3  # of one process: the rest of the connections is for requests

log = get_logger(__name__)


class Relay:
    """Many of them, in one process or several, share the work.

    With a broker, events reach their consumers through it, and the outbox is looked through for what it lost.
    """

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        handlers: Handlers = HANDLERS,
        broker: Broker | None = None,
        *,
        grace: timedelta = GRACE,
    ) -> None:
        """`grace`: how long a broker has to bring an event before it is taken from the outbox."""
        self._database = database
        self._metrics = metrics
        turns = asyncio.Semaphore(LANES_AT_ONCE)
        grace = grace if broker else events.AT_ONCE
        self._lanes = self._made(handlers, turns, grace)
        self._bus = Bus(database, broker, self._made(handlers, turns, grace), metrics) if broker else None

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set; the batch in hand is finished first."""
        bell = events.Bell(self._database, system_access("listen"))
        async with asyncio.TaskGroup() as jobs:
            for lane in self._every_lane():
                jobs.create_task(every(LOOK_SECONDS, "relay", lane.look, stop, bell.sleeper()))
            jobs.create_task(bell.run(stop))
            if self._bus:
                jobs.create_task(self._bus.run(stop))

    async def look(self) -> bool:
        """Give each consumer some of the events that wait for it in the outbox; True when there may be more."""
        return any([await lane.look() for lane in self._lanes])

    async def publish(self) -> bool:
        """Send some of what waits for the broker; True when there may be more."""
        return await self._bus.outgoing.look() if self._bus else False

    async def measure(self) -> None:
        """Set the metrics of what waits for each consumer."""
        for lane in self._every_lane():
            async with self._database.transaction(system_access("measure events")) as tx:
                backlog = await events.backlog(tx, lane.consumer, lane.types)
            self._metrics.outbox(lane.consumer, backlog.waiting, backlog.age.total_seconds(), backlog.parked)
            if backlog.parked:
                log.warning("events.parked", consumer=lane.consumer, count=backlog.parked)

    def _made(self, handlers: Handlers, turns: asyncio.Semaphore, grace: timedelta) -> list[Lane]:
        return [
            Lane(
                self._database, name, each, Handling(name, each, self._metrics), self._metrics, grace=grace, turns=turns
            )
            for name, each in by_consumer(handlers).items()
        ]

    def _every_lane(self) -> list[Lane]:
        return [*self._lanes, *([self._bus.outgoing] if self._bus else [])]
