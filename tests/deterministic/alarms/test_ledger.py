"""Messages and timers on the real database: once each, held by one sender, overtaken by an answer."""

import asyncio
from collections.abc import Iterator
from datetime import time

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.deterministic.alarms.raising import MINUTE, raised
from tests.deterministic.decisions.made import NOW, watching
from tests.people import access_of
from vitasense.deterministic.alarms import (
    Alarm,
    Preferences,
    Timer,
    acknowledge,
    done,
    due,
    due_notifications,
    mark_sent,
    plan_notifications,
    wind,
)
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput

EMAIL = Preferences(channels=("email",))
ASLEEP = Preferences("UTC", time(8), time(10), ("page", "email"))


@pytest.fixture(autouse=True)
def no_timers(admin_url: str) -> Iterator[None]:
    engine = create_engine(admin_url)
    with engine.begin() as connection:
        connection.execute(text("delete from app.timer"))
    yield
    engine.dispose()


async def timers(database: Database, at_minute: int = 10**6) -> list[Timer]:
    async with database.transaction(system_access("test")) as tx:
        return await due(tx, NOW + at_minute * MINUTE)


async def test_each_version_of_an_alarm_is_told_once_to_each_by_each_way(
    database: Database, patient: Principal, provider: Principal
) -> None:
    wanted = Preferences(channels=("page", "email"), tells_providers=True)
    async with database.transaction(watching(patient)) as tx:
        first = (await raised(tx, patient, NOW, Urgency.URGENT)).alarm
        plans = [
            await plan_notifications(tx, patient.account_id, first, wanted, [provider.account_id], NOW, new_id)
            for _ in range(2)
        ]
        worse = (await raised(tx, patient, NOW + MINUTE, Urgency.EMERGENCY)).alarm
        later = await plan_notifications(tx, patient.account_id, worse, wanted, [], NOW + MINUTE, new_id)
        sent = await due_notifications(tx, patient.account_id, NOW + MINUTE)
    assert [len(each) for each in plans] == [4, 0]
    assert {(each.channel, each.recipient_id) for each in plans[0]} == {
        (channel, who) for channel in ("page", "email") for who in (patient.account_id, provider.account_id)
    }
    assert sorted(each.id for each in sent) == sorted(each.id for each in later)  # the first version was overtaken


async def test_a_delayed_message_has_a_timer_and_an_answer_takes_it_back(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient)).alarm
        planned = await plan_notifications(tx, patient.account_id, known, ASLEEP, [], NOW, new_id)
        assert await due_notifications(tx, patient.account_id, NOW + 59 * MINUTE) == []
        assert len(await due_notifications(tx, patient.account_id, NOW + 60 * MINUTE)) == 2
    wound = [(each.kind, each.ref) for each in await timers(database, 60)]
    assert sorted(wound) == sorted(("notification", each.id) for each in planned)
    async with database.transaction(access_of(patient)) as tx:
        await acknowledge(tx, patient.account_id, known.id, patient, NOW, ids=new_id)
    async with database.transaction(watching(patient)) as tx:
        assert await due_notifications(tx, patient.account_id, NOW + 60 * MINUTE) == []


async def test_two_senders_never_hold_the_same_message_and_it_is_sent_once(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient)).alarm
        (one,) = await plan_notifications(tx, patient.account_id, known, EMAIL, [], NOW, new_id)
    async with database.transaction(watching(patient)) as tx:
        held = await due_notifications(tx, patient.account_id, NOW)
        async with database.transaction(watching(patient)) as other:
            assert await due_notifications(other, patient.account_id, NOW) == []
        assert [await mark_sent(tx, patient.account_id, one.id, NOW) for _ in range(2)] == [True, False]
    assert held == [one]
    async with database.transaction(watching(patient)) as tx:
        assert await due_notifications(tx, patient.account_id, NOW) == []


async def test_a_day_of_many_alarms_leaves_the_service_only_so_often(database: Database, patient: Principal) -> None:
    async def one(known: Alarm) -> int:
        async with database.transaction(watching(patient)) as tx:
            return len(await plan_notifications(tx, patient.account_id, known, EMAIL, [], NOW, new_id))

    most = intervals().letters.most_a_day
    async with database.transaction(watching(patient)) as tx:
        many = [(await raised(tx, patient, NOW, key=f"key {number}")).alarm for number in range(most + 3)]
    assert sum(await asyncio.gather(*map(one, many))) == most
    async with database.transaction(watching(patient)) as tx:
        urgent = (await raised(tx, patient, NOW, Urgency.URGENT, key="urgent")).alarm
        assert len(await plan_notifications(tx, patient.account_id, urgent, EMAIL, [], NOW, new_id)) == 1
        tomorrow = (await raised(tx, patient, NOW + 24 * 60 * MINUTE, key="tomorrow")).alarm
        at = tomorrow.raised_at
        assert len(await plan_notifications(tx, patient.account_id, tomorrow, EMAIL, [], at, new_id)) == 1


async def test_a_raised_alarm_winds_its_timers_and_only_the_service_reads_them(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await raised(tx, patient, NOW, Urgency.URGENT)).alarm
        assert await due(tx, NOW + 10**6 * MINUTE) == []
    found = {each.kind: each for each in await timers(database)}
    assert {kind: (each.ref, each.due_at - NOW) for kind, each in found.items()} == {
        "escalation": (known.id, intervals().escalate.urgent),
        "staleness": (known.id, intervals().stale.urgent),
    }
    assert [each.kind for each in await timers(database, 150)] == ["escalation"]


async def test_a_timer_rings_once_and_for_one_worker(database: Database, patient: Principal) -> None:
    ref = new_id()
    async with database.transaction(access_of(patient)) as tx:
        await wind(tx, patient.account_id, "goal", ref, NOW, NOW, new_id)
    async with database.transaction(system_access("test")) as tx:
        (timer,) = await due(tx, NOW)
        async with database.transaction(system_access("test")) as other:
            assert await due(other, NOW) == []
        assert [await done(tx, timer.id, NOW) for _ in range(2)] == [True, False]
    assert timer.ref == ref and await timers(database) == []


async def test_nobody_winds_a_timer_for_another(database: Database, patient: Principal, provider: Principal) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await wind(tx, patient.account_id, "task", new_id(), NOW, NOW, new_id)
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(InvalidInput):
            await wind(tx, patient.account_id, "task", new_id(), NOW.replace(tzinfo=None), NOW, new_id)
    assert await timers(database) == []
