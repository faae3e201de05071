"""While the worker is behind, routes that take in data say 429; what failed does not close them."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from tests.people import access_of
from vitasense.api import backpressure
from vitasense.api.backpressure import Backpressure, NotBehind
from vitasense.api.errors import install
from vitasense.api.lanes import Handling, Lane
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.telemetry import Metrics


class Door:
    """A tiny service with one route that takes in data, and its one consumer."""

    def __init__(
        self, database: Database, *, most_waiting: int = 1000, longest_age: timedelta = timedelta(hours=1)
    ) -> None:
        self.database, self.consumer = database, new_id().hex
        self.kind, self.fails = f"thing.{self.consumer}", False
        handlers = {self.kind: {self.consumer: self._handle}}
        self.app = FastAPI()
        limits = Backpressure(database, handlers, most_waiting=most_waiting, longest_age=longest_age)
        self.app.state.backpressure = limits
        install(self.app)

        @self.app.post("/take")
        async def take(_: NotBehind) -> str:
            return "taken"

        work = Handling(self.consumer, {self.kind: self._handle}, Metrics())
        self._lane = Lane(database, self.consumer, [self.kind], work, Metrics())

    async def _handle(self, tx: AsyncSession, event: Event) -> None:
        if self.fails:
            raise ValueError

    async def tell(self, person: Principal, count: int) -> None:
        now = system_clock()
        async with self.database.transaction(access_of(person)) as tx:
            for _ in range(count):
                await append(tx, Event(new_id(), self.kind, 1, person.account_id, person.account_id, now, now))

    async def work(self) -> None:
        while await self._lane.look():
            pass

    async def knock(self) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/take")


@pytest.fixture(autouse=True)
def always_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backpressure, "READ_SECONDS", 0.0)


async def test_more_than_so_many_waiting_events_close_it_until_they_are_done(
    database: Database, patient: Principal
) -> None:
    door = Door(database, most_waiting=3)
    await door.tell(patient, 3)
    assert (await door.knock()).status_code == 200
    await door.tell(patient, 1)
    refused = await door.knock()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    assert refused.json()["type"] == "/problems/too-many-requests"
    await door.work()
    assert (await door.knock()).status_code == 200


async def test_an_old_waiting_event_closes_it_and_one_that_failed_does_not(
    database: Database, patient: Principal
) -> None:
    door = Door(database, longest_age=timedelta(0))
    assert (await door.knock()).status_code == 200
    await door.tell(patient, 2)
    assert (await door.knock()).status_code == 429
    door.fails = True
    await door.work()
    assert (await door.knock()).status_code == 200


async def test_the_database_is_asked_once_a_second_at_most(
    database: Database, patient: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(database, most_waiting=0)
    assert (await door.knock()).status_code == 200
    monkeypatch.setattr(backpressure, "READ_SECONDS", 3600.0)
    await door.tell(patient, 1)
    assert (await door.knock()).status_code == 200
    monkeypatch.setattr(backpressure, "READ_SECONDS", 0.0)
    assert (await door.knock()).status_code == 429
