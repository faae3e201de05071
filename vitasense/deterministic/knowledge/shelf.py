"""Shelf: holds the library that answers now, made anew when other releases are in force."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge.library import Library, Volume, ground, library, whole
from vitasense.deterministic.knowledge.releases import repository
from vitasense.deterministic.knowledge.releases.service import in_force
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.clock import Clock, system_clock
from vitasense.deterministic.platform.database import Database

Beside = Callable[[], Sequence[Volume]]


class Shelf:
    """The current library of a process. `access` gives the service's own access for what it does.

    `beside` gives what the rules of other rooms add to the rule files of this one; it is asked once.
    """

    def __init__(
        self,
        database: Database,
        access: Callable[[str], Access],
        clock: Clock = system_clock,
        beside: Beside | None = None,
    ) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._beside = beside
        self._one_at_a_time = asyncio.Lock()
        self._day: date | None = None
        self._current: Library | None = None

    @property
    def current(self) -> Library:
        """What is known now; what the rules alone say until `refresh` was called."""
        return self._current or _rules(self._beside)

    async def refresh(self) -> bool:
        """Make the library anew when other releases are in force, or on another day; whether it was made anew."""
        async with self._database.transaction(self._access("read knowledge")) as tx:
            return await self.refresh_within(tx)

    async def refresh_within(self, tx: AsyncSession) -> bool:
        """The same in a transaction that is open already."""
        async with self._one_at_a_time:
            today = self._clock().date()
            active = await in_force(tx)
            ids = tuple(each.id for each in active)
            if self._current and (self._current.releases, self._day) == (ids, today):
                return False
            added = [await repository.volume(tx, each) for each in active]
            self._current, self._day = await asyncio.to_thread(self._made, added, today, ids), today
            return True

    def _made(self, added: Sequence[Volume], today: date, releases: tuple[UUID, ...]) -> Library:
        return Library(whole(_ground(self._beside), added, today), releases) if added else _rules(self._beside)


@cache
def _rules(beside: Beside | None) -> Library:
    return Library(whole(_ground(beside))) if beside else library()


@cache
def _ground(beside: Beside | None) -> tuple[Volume, ...]:
    return (*ground(), *(beside() if beside else ()))
