"""The outbox by itself is a bus."""

from collections.abc import Iterator

import pytest

from tests.bus.conformance import Conformance, Stage
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database


@pytest.fixture
def stage(database: Database, admin_url: str) -> Iterator[Stage]:
    made = Stage(database, admin_url, None)
    yield made
    made.end()


class TestOutbox(Conformance):
    """The suite without a broker."""

    async def test_an_event_is_done_long_before_the_next_look(self, stage: Stage, patient: Principal) -> None:
        async with stage.working(stage.worker()):
            await stage.tell(patient)
            await stage.until(lambda: len(stage.done()) == 1)
            delays: list[float] = []
            for number in range(2, 12):
                [event] = await stage.tell(patient)
                await stage.until(lambda number=number: len(stage.done()) == number)
                [(delay,)] = stage.rows(
                    f"select extract(epoch from d.at - e.written_at)::float from app.event e join public.bus_done d "
                    f"on d.event_id = e.id where e.id = '{event}' and :c <> ''"
                )
                delays.append(float(str(delay)))
        assert sorted(delays)[len(delays) // 2] < 0.25
