"""Rings when an event commits: LISTEN on a connection of its own, which has no context and so reads no row."""

import asyncio
from contextlib import suppress

import psycopg
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier
from sqlalchemy.exc import SQLAlchemyError

from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events.outbox import CHANNEL
from vitasense.deterministic.platform.logging import get_logger

AGAIN_SECONDS = 1.0  # between attempts to reach the database; who waits for the bell looks by itself meanwhile

log = get_logger(__name__)


class Bell:
    """Wakes everybody who asked to be woken. It may miss something, so nobody relies on it alone."""

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access
        self._sleepers: list[asyncio.Event] = []

    def sleeper(self) -> asyncio.Event:
        """An asyncio.Event that is set at each ring; whoever waits for it clears it."""
        woken = asyncio.Event()
        self._sleepers.append(woken)
        return woken

    def ring(self) -> None:
        """Wake everybody."""
        for woken in self._sleepers:
            woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set, and ring then for the last time."""
        listening = asyncio.create_task(self._listen())
        await stop.wait()
        self.ring()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening

    async def _listen(self) -> None:
        while True:
            try:
                await self._until_it_breaks()
            except (psycopg.Error, SQLAlchemyError, OSError) as error:
                log.warning("bell.silent", exc_info=error)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _until_it_breaks(self) -> None:
        async with await AsyncConnection.connect(await self._address(), autocommit=True) as connection:
            await connection.execute(SQL("listen {}").format(Identifier(CHANNEL)))
            self.ring()  # for what happened before
            async for _ in connection.notifies():
                self.ring()

    async def _address(self) -> str:
        async with self._database.transaction(self._access) as tx:
            url = (await tx.connection()).engine.url
        return url.set(drivername="postgresql").render_as_string(hide_password=False)
