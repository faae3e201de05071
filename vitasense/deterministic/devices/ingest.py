"""Taking what devices send: checked, graded and stored chunk by chunk, each chunk one transaction with its event.

Whatever is sent again changes nothing: a delivery is known by its key, a sample by metric, time and device. A process
that is killed leaves whole chunks, and the same delivery sent anew goes on where they end.
"""

from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.devices import deliveries, registry, rejecting, repository
from vitasense.deterministic.devices.arranging import Arranged
from vitasense.deterministic.devices.chunks import Chunk, chunks
from vitasense.deterministic.devices.delivery import Delivery
from vitasense.deterministic.devices.formats.parsed import Parsed, SourceDevice
from vitasense.deterministic.devices.grading import graded
from vitasense.deterministic.devices.schemas import Report, device_id_of
from vitasense.deterministic.devices.sound import sound
from vitasense.deterministic.devices.tally import Tally, last_of, last_times
from vitasense.deterministic.devices.workouts import workout_row
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.clock import Clock, NewId
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.problems import NotFound
from vitasense.deterministic.tracking import SampleBlock, moment

__all__ = ["CHUNK", "Delivery", "Ingest"]

CHUNK = 50_000  # rows of one transaction: a fifth of a second of the database, about 20 MB


@dataclass(frozen=True, slots=True)
class _Taking:
    """One delivery that is being taken."""

    access: Access
    patient_id: UUID
    delivery: Delivery
    tally: Tally


@dataclass(frozen=True, slots=True)
class Ingest:
    """Takes deliveries into the streams of whoever the access is about."""

    database: Database
    clock: Clock
    new_id: NewId
    chunk: int = CHUNK

    async def take(self, access: Access, rows: Iterable[Parsed], delivery: Delivery) -> Report:
        """What became of every row. Good rows are stored, bad ones kept with their reason.

        Raises InvalidInput when it is no such file at all or something else came under the key, NotFound for a device that is
        not the person's, and NotAllowed when the access does not cover it; nothing is stored then.
        """
        taking = _Taking(access, _whose(access), delivery, Tally())

        def id_of(source: SourceDevice) -> UUID:
            return delivery.device_id or device_id_of(taking.patient_id, sound(source))

        async with aclosing(chunks(rows, self.chunk, id_of, self.clock)) as parts:
            async for chunk in parts:
                if not delivery.device_id:
                    await self._register(taking, chunk)
                if known := await self._take(taking, chunk):
                    return known
        return taking.tally.report(delivery, taking.patient_id)

    async def _register(self, taking: _Taking, chunk: Chunk) -> None:
        """In a transaction of its own: no row of a device is held while the streams are waited for."""
        new = {each: found for each, found in chunk.rows.sources.items() if each not in taking.tally.sources}
        if not new:
            return
        actor, now = taking.access.principal.account_id, self.clock()
        async with self.database.transaction(taking.access) as tx:
            if chunk.first and await repository.delivery(tx, taking.patient_id, taking.delivery.key):
                return
            for source in sorted(new, key=lambda each: new[each]):
                await registry.register(
                    tx, taking.patient_id, sound(source), actor_id=actor, now=now, new_id=self.new_id
                )
        taking.tally.sources.update(new)

    async def _take(self, taking: _Taking, chunk: Chunk) -> Report | None:
        """Store a chunk; the first finds out whether all of it came before, and then tells what was answered."""
        whose, delivery, now = taking.patient_id, taking.delivery, self.clock()
        async with self.database.transaction(taking.access) as tx:
            if chunk.first and (known := await deliveries.known(tx, whose, delivery)):
                return known
            told = await self._store(tx, taking, chunk.rows.blocks, now)
            await self._keep_others(tx, taking, chunk.rows, now)
            if told:
                payload = {"delivery_id": str(delivery.id_for(whose)), "streams": told}
                actor = taking.access.principal.account_id
                await append(tx, Event(self.new_id(), "samples.received", 1, whose, actor, now, now, payload=payload))
            if chunk.last:
                await deliveries.keep(tx, whose, delivery, taking.tally.report(delivery, whose), now)
        return None

    async def _keep_others(self, tx: AsyncSession, taking: _Taking, rows: Arranged, now: datetime) -> None:
        """Workouts, rows that could not be taken, and when each device measured last."""
        whose, delivery, tally = taking.patient_id, taking.delivery, taking.tally
        workouts = [(delivery.device_id or rows.sources[each.device], each) for each in rows.workouts]
        await repository.keep_workouts(tx, [workout_row(whose, device, each, now) for device, each in workouts])
        rejected = await rejecting.reject(tx, whose, delivery.id_for(whose), rows.bad, tally.counts["rejected"], now)
        tally.keep(rows, rejected)
        await registry.seen(tx, whose, last_times(rows.blocks), now)

    async def _store(
        self, tx: AsyncSession, taking: _Taking, blocks: Sequence[SampleBlock], now: datetime
    ) -> list[dict[str, object]]:
        """Grade and store the streams of a chunk; what the event tells of those that hold something new."""
        kinds = {each.id: each.kind for each in await registry.devices(tx, taking.patient_id)}
        if taking.delivery.device_id and taking.delivery.device_id not in kinds:
            raise NotFound("There is no such device.")
        told: list[dict[str, object]] = []
        received = now if taking.delivery.is_live else None
        for block in await graded(tx, taking.patient_id, blocks, kinds, received):
            taken = await tracking.put_columns(tx, taking.patient_id, [block], now=now)
            taking.tally.store(block, taken)
            if taken.new + taken.changed:
                told.append(_told(block, taken.new + taken.changed))
        return told


def _whose(access: Access) -> UUID:
    if access.patient_id is None:
        raise NotFound("Name the patient whose record takes it.")
    return access.patient_id


def _told(block: SampleBlock, count: int) -> dict[str, object]:
    return {
        "metric": block.metric,
        "device_id": str(block.device_id),
        "since": _written(int(block.at.min())),
        "until": _written(last_of(block)),
        "count": count,
        "flagged": 0 if block.flags is None else int((block.flags != 0).sum()),
    }


def _written(at: int) -> str:
    """UTC in ISO 8601 to the microsecond: it sorts as text."""
    return moment(at).isoformat(timespec="microseconds")
