"""Old events end when every consumer is past them; what failed, what waits and what is young stays."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.deterministic.platform.test_events import ATTEMPTS, Consumer, consumer
from tests.people import access_of
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import system_clock

__all__ = ["consumer"]
OTHERS = text("delete from app.relay where consumer <> :name")
LEFT = text("select id from app.event where id = any(cast(:ids as uuid[]))")
NOTES = text("select event_id from app.inbox where event_id = any(cast(:ids as uuid[]))")


class _Undo(Exception):
    """Ends a look at what would be forgotten: the consumers of other tests are far behind."""


async def left(one: Consumer, ids: Collection[UUID], before: datetime) -> tuple[set[UUID], set[UUID]]:
    """Which events, and which notes about them, would stay if this were the only consumer."""
    found: tuple[set[UUID], set[UUID]] = (set(), set())
    with pytest.raises(_Undo):
        async with one.transaction() as tx:
            await tx.execute(OTHERS, {"name": one.name})
            while await events.forget(tx, before):
                pass
            stays = set((await tx.scalars(LEFT, {"ids": list(ids)})).all())
            found = stays, set((await tx.scalars(NOTES, {"ids": list(ids)})).all())
            raise _Undo
    return found


async def test_what_is_done_goes_with_its_note_and_what_failed_stays(consumer: Consumer, patient: Principal) -> None:
    done, parked, waits, late = await consumer.tell(patient, 4)
    await consumer.do(done)
    await consumer.fail(parked, ATTEMPTS)
    await consumer.fail(waits)
    await consumer.advance()
    told, soon = (done, parked, waits, late), system_clock() + timedelta(minutes=1)
    stays, noted = await left(consumer, told, soon)
    assert stays == {parked, waits, late} and done not in noted
    assert (await left(consumer, told, system_clock() - timedelta(days=1)))[0] == set(told)


async def test_nothing_goes_that_a_consumer_has_not_reached(consumer: Consumer, patient: Principal) -> None:
    told = await consumer.tell(patient, 3)
    async with consumer.transaction() as tx:
        assert await events.forget(tx, system_clock() + timedelta(minutes=1)) >= 0
    stays, _ = await left(consumer, told, system_clock() + timedelta(minutes=1))
    assert stays == set(told)


async def test_only_the_service_forgets(consumer: Consumer, patient: Principal) -> None:
    [event] = await consumer.tell(patient)
    await consumer.do(event)
    await consumer.advance()
    async with consumer.database.transaction(access_of(patient)) as tx:
        try:
            assert await events.forget(tx, system_clock() + timedelta(minutes=1)) == 0
        except DBAPIError:
            await tx.rollback()
    async with consumer.transaction() as tx:
        assert await events.find(tx, event) is not None
