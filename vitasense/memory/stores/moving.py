"""Moves shared collections to Qdrant once they are large, and keeps it following; checks and mends what it holds."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import NotFound, Unavailable
from vitasense.memory.stores import collections
from vitasense.memory.stores.collections import Collection
from vitasense.memory.stores.replica import Replica

BATCH = 256
LONGEST_COPY_SECONDS = 30.0  # half the life of a transaction's signed context
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of one collection found: passages, and the ids that Qdrant has not, wrongly, or beyond them."""

    name: str
    home: str
    passages: int
    missing_or_stale: tuple[UUID, ...] = ()
    extra: tuple[UUID, ...] = ()
    repaired: bool = False

    @property
    def agrees(self) -> bool:
        """Whether Qdrant holds exactly what it should, after a repair if there was one."""
        return self.repaired or not (self.missing_or_stale or self.extra)


class Mover:
    """Copies changes in their order. `access` gives the service's own access for an activity."""

    def __init__(
        self,
        database: Database,
        access: Callable[[str], Access],
        replica: Replica,
        *,
        above: int,
        batch: int = BATCH,
    ) -> None:
        self._database = database
        self._access = access
        self._replica = replica
        self._above = above
        self._batch = batch

    async def step(self) -> bool:
        """One batch of each collection that is large or was moved; True when there is more to copy at once.

        A collection that has caught up is checked, mended if need be, and then lives in Qdrant.
        """
        more = False
        for each in await self._due():
            if copied := await self.copy(each.name):
                more |= copied == self._batch
            elif each.home == collections.POSTGRES and (await self.check(each.name, repair=True)).agrees:
                await self._move(each.name, collections.QDRANT)
        return more

    async def copy(self, name: str) -> int:
        """Bring the next changes to Qdrant; how many. 0 when there are none or somebody else does it."""
        async with self._turn(name) as tx:
            if tx is None:
                return 0
            changes = await collections.changes(tx, name, self._batch)
            if changes:
                await self._bring(tx, name, [passage for _, passage in changes])
                if not await collections.followed(tx, name, changes[-1]):
                    raise Unavailable("copying took longer than a transaction may last")
        return len(changes)

    async def check(self, name: str, *, repair: bool = False) -> Report:
        """Compare all that Qdrant should have; with `repair` copy what differs again. Raises Unavailable without Qdrant.

        While something is missing PostgreSQL answers for the collection.
        """
        missing = await self._missing(name)
        extra = await self._extra(name)
        place, passages = await self._state(name)
        if missing and place.home == collections.QDRANT:
            await self._move(name, collections.POSTGRES)
            place, passages = await self._state(name)
        if repair and (missing or extra):
            await self._repair(name, [*missing, *extra])
        return Report(name, place.home, passages, tuple(missing), tuple(extra), repaired=repair)

    async def check_all(self, *, repair: bool = False) -> list[Report]:
        """A report for each collection of which Qdrant holds a part."""
        async with self._database.transaction(self._access("check memory")) as tx:
            names = [each.name for each in await collections.every(tx) if each.follows]
        return [await self.check(name, repair=repair) for name in names]

    async def mend(self) -> None:
        """Check every collection of which Qdrant holds a part, and copy again what differs."""
        for report in await self.check_all(repair=True):
            if report.missing_or_stale or report.extra:
                log.warning("memory.repaired", count=len(report.missing_or_stale) + len(report.extra))

    async def _due(self) -> list[Collection]:
        async with self._database.transaction(self._access("copy memory")) as tx:
            known = await collections.every(tx)
            return [each for each in known if each.follows or await collections.larger_than(tx, each.name, self._above)]

    async def _missing(self, name: str) -> list[UUID]:
        """Passages that Qdrant has not, or not as they are. A suspect is looked at again: it may just have changed."""
        found: list[UUID] = []
        after = UUID(int=0)
        while ids := await self._page(name, after):
            after = ids[-1]
            if suspects := await self._differing(name, ids):
                found += await self._differing(name, suspects)
        return found

    async def _extra(self, name: str) -> list[UUID]:
        """Passages or vectors that Qdrant has and should not have."""
        found: set[UUID] = set()
        after: str | None = None
        while True:
            ids, after = await self._replica.ids_after(name, after, self._batch)
            async with self._database.transaction(self._access("check memory")) as tx:
                there = {each.entry.id for each in await collections.copies(tx, name, ids)}
            if gone := [each for each in ids if each not in there]:
                found |= set(await self._differing(name, gone))
            if after is None:
                return sorted(found)

    async def _page(self, name: str, after: UUID) -> list[UUID]:
        async with self._database.transaction(self._access("check memory")) as tx:
            return await collections.ids_after(tx, name, after, self._batch)

    async def _differing(self, name: str, ids: Sequence[UUID]) -> list[UUID]:
        """Those that Qdrant should have by now and has not as PostgreSQL does."""
        async with self._database.transaction(self._access("check memory")) as tx:
            settled = sorted(set(ids) - await collections.unsettled(tx, name, ids))
            copies = await collections.copies(tx, name, settled)
        return sorted(await self._replica.differing(name, settled, copies)) if settled else []

    async def _repair(self, name: str, ids: Sequence[UUID]) -> None:
        for start in range(0, len(ids), self._batch):
            async with self._turn(name) as tx:
                if tx is None:
                    raise Unavailable("another process copies this collection now: try again")
                await self._bring(tx, name, ids[start : start + self._batch])

    async def _bring(self, tx: AsyncSession, name: str, ids: Sequence[UUID]) -> None:
        """Have Qdrant hold these passages as they are now, or not at all."""
        copies = await collections.copies(tx, name, ids)
        gone = set(ids) - {each.entry.id for each in copies}
        try:
            async with asyncio.timeout(LONGEST_COPY_SECONDS):
                if copies:
                    await self._replica.mirror(copies)
                if gone:
                    await self._replica.discard(name, sorted(gone))
        except TimeoutError as error:
            raise Unavailable("Qdrant takes too long to answer") from error

    async def _state(self, name: str) -> tuple[Collection, int]:
        async with self._database.transaction(self._access("check memory")) as tx:
            known = await collections.named(tx, [name])
            if name not in known:
                raise NotFound(f"there is no shared collection {name!r}")
            return known[name], await collections.size(tx, name)

    async def _move(self, name: str, home: str) -> None:
        async with self._database.transaction(self._access("move memory")) as tx:
            if await collections.move(tx, name, home):
                log.info("memory.moved", home=home)

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncGenerator[AsyncSession | None]:
        """A transaction in which nobody else copies the collection; None when somebody does."""
        async with self._database.transaction(self._access("copy memory")) as tx:
            yield tx if await collections.take_turn(tx, name) else None
