"""What happens by itself at its time: checks fall due, alarms escalate, wake and end, and nothing rings twice."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.api.clocked import Clocked, at_hour, pressure
from tests.people import access_of
from vitasense.api import timekeeping
from vitasense.api.timekeeping import Timekeeper
from vitasense.deterministic import alarms
from vitasense.deterministic.alarms import State, TaskState
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.problems import Conflict

FOLLOW_UP = "reactions/follow_ups#measured_again"


@pytest.fixture
async def one(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    """Somebody whose blood pressure was high a minute ago, at noon."""
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    await made.take(pressure(made.moment - timedelta(minutes=1), 145, 95))
    return made


@pytest.fixture
async def severe(database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path) -> Clocked:
    """Somebody whose blood pressure was very high a minute ago, at noon."""
    made = Clocked(database, admin_url, server, tmp_path, at_hour(12))
    await made.open()
    await made.take(pressure(made.moment - timedelta(minutes=1), 185, 125))
    return made


async def answer(one: Clocked, how: Any, **more: Any) -> None:
    (alarm,) = await one.alarms()
    async with one.database.transaction(access_of(one.patient)) as tx:
        await how(tx, one.patient.account_id, alarm.id, actor=one.patient, now=one.moment, ids=new_id, **more)


async def follow_ups(one: Clocked) -> list[Any]:
    return [each for each in await one.decisions() if each.rule == FOLLOW_UP]


async def test_a_check_that_nobody_did_is_said_once_in_the_chain_of_the_reading(one: Clocked) -> None:
    await one.later(hours=23)
    assert await follow_ups(one) == []
    await one.later(hours=1, minutes=1)
    (decision,) = await follow_ups(one)
    assert decision.findings[0].text.endswith("It was due, and no new value has come since.")
    assert len({each.correlation_id for each in await one.decisions()}) == 1
    await one.later(hours=5)
    assert len(await follow_ups(one)) == 1
    (task,) = await one.checks()
    assert task.state is TaskState.OPEN


async def test_a_check_that_was_done_is_not_asked_for(one: Clocked) -> None:
    await one.later(hours=2)
    await one.take(pressure(one.moment - timedelta(minutes=1), 118, 76))
    await one.later(hours=23)
    assert await follow_ups(one) == []
    assert [task.state for task in await one.checks()] == [TaskState.DONE]


async def test_a_check_that_is_long_past_closes(one: Clocked) -> None:
    await one.later(days=1, minutes=1)
    await one.later(days=7, minutes=1)
    assert [task.state for task in await one.checks()] == [TaskState.EXPIRED]


async def test_an_urgent_alarm_without_an_answer_escalates_once_and_is_told_again(severe: Clocked) -> None:
    assert len(await severe.mails()) == 1
    await severe.later(hours=1, minutes=59)
    assert [each.state for each in await severe.alarms()] == [State.RAISED]
    await severe.later(minutes=2)
    assert [each.state for each in await severe.alarms()] == [State.ESCALATED]
    await severe.later(hours=3)
    (alarm,) = await severe.alarms()
    assert alarm.version == 2 and len(await severe.mails()) == 2


async def test_an_answered_or_a_routine_alarm_never_escalates(one: Clocked, severe: Clocked) -> None:
    await answer(severe, alarms.acknowledge)
    await severe.later(hours=3)
    await one.later(hours=20)
    assert [each.state for each in await severe.alarms()] == [State.ACKNOWLEDGED]
    assert [each.state for each in await one.alarms()] == [State.RAISED]


async def test_an_alarm_that_was_put_off_wakes_at_its_time_and_is_told(severe: Clocked) -> None:
    await answer(severe, alarms.snooze, until=severe.moment + timedelta(hours=4))
    await severe.later(hours=3, minutes=59)
    assert [each.state for each in await severe.alarms()] == [State.SNOOZED]
    assert len(await severe.mails()) == 1
    await severe.later(minutes=2)
    assert [each.state for each in await severe.alarms()] == [State.RAISED]
    assert len(await severe.mails()) == 2


async def test_an_alarm_that_nothing_confirms_ends_as_stale(severe: Clocked) -> None:
    await severe.later(days=2, hours=23)
    assert len(await severe.alarms()) == 1
    await severe.later(hours=2)
    assert await severe.alarms() == []
    assert [each.state for each in await severe.alarms(only_open=False)] == [State.STALE]


async def test_two_timekeepers_ring_a_timer_once(one: Clocked) -> None:
    one.moment += timedelta(days=1, minutes=1)
    await asyncio.gather(*(Timekeeper(one.services).ring() for _ in range(3)))
    await one.drain()
    assert len(await follow_ups(one)) == 1
    told = text(
        "select count(*) = count(distinct payload->>'task_id') from app.event "
        "where patient_id = :p and type = 'task.due'"
    )
    async with one.database.transaction(system_access("test")) as tx:
        assert (await tx.execute(told, {"p": one.patient.account_id})).scalar_one()


async def test_when_the_watching_is_off_timers_ring_into_nothing(severe: Clocked) -> None:
    await severe.allows(False)
    before = await severe.decisions()
    await severe.later(days=4)
    assert [each.state for each in await severe.alarms()] == [State.RAISED]
    assert await severe.decisions() == before


async def test_a_timer_that_fails_holds_up_no_other_and_is_tried_again(
    severe: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, tried = severe.patient.account_id, list[UUID]()
    attend = alarms.attend

    async def sometimes(tx: Any, patient_id: UUID, *rest: Any, **more: Any) -> Any:
        if patient_id == failing:
            tried.append(patient_id)
            raise Conflict("This alarm was changed at the same moment.")
        return await attend(tx, patient_id, *rest, **more)

    monkeypatch.setattr(timekeeping.alarms, "attend", sometimes)
    await severe.later(hours=2, minutes=1)
    assert [each.state for each in await severe.alarms()] == [State.RAISED] and len(tried) == 1
    assert len(await follow_ups(severe)) == 1, "the check of five minutes rang all the same"
    await severe.later(seconds=30)
    assert len(tried) == 1
    monkeypatch.setattr(timekeeping.alarms, "attend", attend)
    await severe.later(minutes=1)
    assert [each.state for each in await severe.alarms()] == [State.ESCALATED]
