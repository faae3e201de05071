"""The bus through a broker: publishes what is in the outbox, and brings each consumer its events from there.

The database stays the truth. A message only says which event to look at: what it tells is read from the outbox, in
order, once. What the broker loses, or brings late, is found by the look into the outbox after a grace time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.jobs import LONGEST_WAIT_SECONDS
from vitasense.api.lanes import Lane
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.events.kafka import Broker, Publisher, Subscription
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics

PUBLISHER = "kafka"  # its name as a consumer of the outbox, which is kept in the database
GRACE = timedelta(seconds=5)
FIRST_WAIT_SECONDS = 0.5
AGAIN_SECONDS = 1.0

log = get_logger(__name__)


def broker_of(settings: Settings) -> Broker | None:
    """The configured broker, if any."""
    if not settings.kafka_bootstrap:
        return None
    options = {name: value.get_secret_value() for name, value in settings.kafka_options.items()}
    return Broker(settings.kafka_bootstrap, settings.kafka_topic_prefix, options)


class Publishing:
    """The work of the publisher: all of a batch is acknowledged, or the batch is sent again."""

    def __init__(self, publisher: Publisher, metrics: Metrics) -> None:
        self._publisher = publisher
        self._metrics = metrics

    async def __call__(self, tx: AsyncSession, waiting: Sequence[Event], done: list[Event]) -> None:  # noqa: ARG002
        """Waits for the broker inside the transaction, which has written nothing yet and so holds nobody up."""
        try:
            sent = await self._publisher.publish(waiting)
        except Unavailable:
            self._metrics.published("failed", len(waiting))
            raise
        self._metrics.published("sent", sent)
        self._metrics.published("left out", len(waiting) - sent)
        done.extend(waiting)


class Bus:
    """A broker with a publisher, and a subscription for each lane."""

    def __init__(self, database: Database, broker: Broker, lanes: Sequence[Lane], metrics: Metrics) -> None:
        self._publisher = Publisher(broker)
        work = Publishing(self._publisher, metrics)
        self.outgoing = Lane(database, PUBLISHER, broker.types, work, metrics, forgiving=True)
        taken = {lane: [kind for kind in lane.types if kind in broker.types] for lane in lanes}
        self._incoming: Mapping[Lane, Subscription] = {
            lane: Subscription(broker, lane.consumer, types) for lane, types in taken.items() if types
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Bring the lanes their events until `stop` is set, then let the broker go."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane, subscription in self._incoming.items():
                    tasks.create_task(self._bring(lane, subscription, stop))
        finally:
            for subscription in self._incoming.values():
                await subscription.close()
            await self._publisher.close()

    async def _bring(self, lane: Lane, subscription: Subscription, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                ids = await subscription.take()
            except Unavailable as error:
                log.warning("broker.away", consumer=lane.consumer, exc_info=error)
                await _pause(stop, AGAIN_SECONDS)
                continue
            if ids and await _until_done(lane, ids, stop):
                await subscription.done()


async def _until_done(lane: Lane, ids: Sequence[UUID], stop: asyncio.Event) -> bool:
    """Whether the events are done or noted: while the database does not answer they stay in hand."""
    failures = 0
    while not stop.is_set():
        try:
            await lane.take(ids)
            return True
        except Exception as error:
            log.warning("job.failed", job="take events", attempt=failures + 1, exc_info=error)
        await _pause(stop, min(FIRST_WAIT_SECONDS * 2**failures, LONGEST_WAIT_SECONDS))
        failures = min(failures + 1, 10)
    return False


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
