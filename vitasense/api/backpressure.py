"""Back-pressure: what takes in new data says 429 while the worker is behind, instead of letting the outbox grow."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from time import monotonic
from typing import Annotated

from fastapi import Depends, Request

from vitasense.api.consumers import HANDLERS, Handlers, by_consumer
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import TooManyRequests

MOST_WAITING = 50_000  # events of one consumer: what a worker does in about half a minute
LONGEST_AGE = timedelta(seconds=60)
READ_SECONDS = 1.0  # the database is asked once a second at most
RETRY_SECONDS = 5


class Backpressure:
    """Whether the worker is too far behind to take more. What failed and waits for another try does not count."""

    def __init__(
        self,
        database: Database,
        handlers: Handlers = HANDLERS,
        *,
        most_waiting: int = MOST_WAITING,
        longest_age: timedelta = LONGEST_AGE,
    ) -> None:
        self._database = database
        self._consumers: Mapping[str, Sequence[str]] = {
            name: list(each) for name, each in by_consumer(handlers).items()
        }
        self._most = most_waiting
        self._age = longest_age
        self._behind = False
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def check(self) -> None:
        """Raise TooManyRequests with `retry_after` while too much waits, or waits too long."""
        async with self._reading:
            if monotonic() - self._read_at >= READ_SECONDS:
                self._behind = await self._is_behind()
                self._read_at = monotonic()
        if self._behind:
            raise TooManyRequests(
                "More came in than could be worked through yet. Send it again later; nothing of this was stored.",
                retry_after=RETRY_SECONDS,
            )

    async def _is_behind(self) -> bool:
        async with self._database.transaction(system_access("measure events")) as tx:
            for consumer, types in self._consumers.items():
                waiting, age = await events.unseen(tx, consumer, types, self._most + 1)
                if waiting > self._most or age > self._age:
                    return True
        return False


async def not_behind(request: Request) -> None:
    """A dependency of routes that take in data: 429 while the worker is behind (`app.state.backpressure`)."""
    backpressure: Backpressure = request.app.state.backpressure
    await backpressure.check()


NotBehind = Annotated[None, Depends(not_behind)]
