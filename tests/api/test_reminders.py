"""Reminders of doses and refills: tasks made ahead by timers, for who asked, not in quiet hours, each once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.api.clocked import Clocked
from tests.people import access_of
from vitasense.deterministic import medications
from vitasense.deterministic.alarms import Task, TaskKind, TaskState
from vitasense.deterministic.medications import DoseSaid, DoseStatus, NewMedicine, RegimenEntry
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database, EmbeddedPostgres
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, NotFound

SIX = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
async def clocked(
    database: Database, admin_url: str, server: EmbeddedPostgres, tmp_path: Path
) -> AsyncIterator[Clocked]:
    made = Clocked(database, admin_url, server, tmp_path, SIX)
    await made.open()
    yield made


async def begins(
    clocked: Clocked, name: str = "metformin 500 mg", words: str = "1 tablet at 8 am and 8 pm"
) -> RegimenEntry:
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        return await medications.add_medicine(
            tx,
            clocked.patient.account_id,
            NewMedicine(name, words, since="2026-11-01"),
            statement_id=new_id(),
            actor=clocked.patient,
            now=clocked.moment,
        )


async def wants(clocked: Clocked, entry: RegimenEntry, kind: Any = "dose", **wish: Any) -> medications.Reminder:
    usual: dict[str, Any] = {"is_on": True, "actor": clocked.patient, "now": clocked.moment, "ids": new_id}
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        made = await medications.set_reminder(tx, clocked.patient.account_id, entry.id, kind, **{**usual, **wish})
    await clocked.later(seconds=1)
    return made


async def takes(clocked: Clocked, entry: RegimenEntry, at: datetime) -> None:
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        await medications.log_dose(
            tx,
            clocked.patient.account_id,
            entry.id,
            DoseSaid(DoseStatus.TAKEN, at),
            dose_id=new_id(),
            actor=clocked.patient,
            now=clocked.moment,
            ids=new_id,
        )


async def counts(clocked: Clocked, entry: RegimenEntry, quantity: float) -> None:
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        await medications.count_supply(
            tx,
            clocked.patient.account_id,
            entry.id,
            count_id=new_id(),
            quantity=quantity,
            unit="tablets",
            at=None,
            actor=clocked.patient,
            now=clocked.moment,
        )


async def of(clocked: Clocked, kind: TaskKind, *, state: TaskState | None = TaskState.OPEN) -> list[Task]:
    found = [each for each in await clocked.tasks() if each.kind is kind]
    return [each for each in found if state is None or each.state is state]


async def test_the_next_dose_is_an_open_task_with_its_time(clocked: Clocked) -> None:
    await wants(clocked, await begins(clocked))
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.text == "metformin 500 mg is due at 08:00. Take 1 tablet."
    assert task.due_at == SIX.replace(hour=8)


async def test_a_dose_that_was_told_of_closes_its_task_and_the_next_one_follows(clocked: Clocked) -> None:
    entry = await begins(clocked)
    await wants(clocked, entry)
    await clocked.later(hours=2, minutes=10)
    await takes(clocked, entry, clocked.moment)
    assert await of(clocked, TaskKind.DOSE) == []
    await clocked.later(hours=7)
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at == SIX.replace(hour=20)


async def test_a_dose_that_nobody_told_of_gives_way_to_the_next(clocked: Clocked) -> None:
    await wants(clocked, await begins(clocked))
    for _ in range(10):
        await clocked.later(hours=4)
    found = await of(clocked, TaskKind.DOSE, state=None)
    assert [each.state for each in found].count(TaskState.OPEN) == 1
    due = sorted(each.due_at for each in found)
    assert len(due) == len(set(due)) >= 3
    assert {each.state for each in found} == {TaskState.OPEN, TaskState.EXPIRED}


async def test_a_dose_told_of_ahead_is_not_asked_for(clocked: Clocked) -> None:
    entry = await begins(clocked)
    clocked.moment = SIX.replace(hour=7, minute=50)
    await takes(clocked, entry, clocked.moment)
    await wants(clocked, entry)
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at == SIX.replace(hour=20)


async def test_quiet_hours_are_kept(clocked: Clocked) -> None:
    await clocked.wants(quiet_from=time(19), quiet_until=time(9))
    entry = await begins(clocked)
    await wants(clocked, entry)
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at == SIX.replace(hour=9) and "08:00" in task.text
    told = await clocked.decisions()
    assert told[0].outcome == "You asked to be reminded of each dose: metformin 500 mg"


async def test_days_are_the_persons_own(clocked: Clocked) -> None:
    await clocked.wants(timezone="America/New_York")
    await wants(clocked, await begins(clocked))
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at == SIX.replace(hour=13) and "08:00" in task.text


async def test_a_part_of_the_day_needs_a_time_that_the_person_says(clocked: Clocked) -> None:
    entry = await begins(clocked, words="1-0-1")
    with pytest.raises(InvalidInput, match="in the evening, in the morning") as refused:
        await wants(clocked, entry)
    assert refused.value.members["missing"] == ["EVE", "MORN"]
    for clock in ({"MORN": "8 o'clock", "EVE": "19:00"}, {"MORN": "25:00", "EVE": "19:00"}):
        with pytest.raises(InvalidInput):
            await wants(clocked, entry, clock=clock)
    await wants(clocked, entry, clock={"MORN": "07:30", "EVE": "19:00"})
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at == SIX.replace(hour=7, minute=30)


async def test_what_is_not_due_cannot_be_reminded_of(clocked: Clocked) -> None:
    for words in ("500 mg as needed", "as the clinic says"):
        with pytest.raises(InvalidInput, match="You cannot be reminded"):
            await wants(clocked, await begins(clocked, "paracetamol", words))


async def test_switching_off_dismisses_the_task_and_old_timers_do_nothing(clocked: Clocked) -> None:
    entry = await begins(clocked)
    with pytest.raises(NotFound):
        await wants(clocked, entry, is_on=False)
    await wants(clocked, entry)
    off = await wants(clocked, entry, is_on=False)
    assert off.is_on is False
    assert [each.state for each in await of(clocked, TaskKind.DOSE, state=None)] == [TaskState.DISMISSED]
    await clocked.later(days=2)
    assert await of(clocked, TaskKind.DOSE) == []


async def test_switching_on_many_times_makes_one_task_at_a_time(clocked: Clocked) -> None:
    entry = await begins(clocked)
    for _ in range(4):
        await wants(clocked, entry)
    for _ in range(6):
        await clocked.later(hours=6)
        assert len(await of(clocked, TaskKind.DOSE)) <= 1
    found = await of(clocked, TaskKind.DOSE, state=None)
    assert len({each.due_at for each in found}) == len(found)


async def test_after_a_stop_nothing_is_asked_and_after_taking_it_up_again_it_is(clocked: Clocked) -> None:
    entry = await begins(clocked)
    await wants(clocked, entry)
    who: dict[str, Any] = {"actor": clocked.patient, "ids": new_id, "version": None}
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        whose = clocked.patient.account_id
        await medications.stop(tx, whose, entry.id, on=None, reason="rash", now=clocked.moment, **who)
    for _ in range(4):
        await clocked.later(hours=12)
    assert await of(clocked, TaskKind.DOSE) == []
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        await medications.resume(tx, clocked.patient.account_id, entry.id, on=None, now=clocked.moment, **who)
    await clocked.later(days=1)
    assert len(await of(clocked, TaskKind.DOSE)) == 1


async def test_changed_directions_are_looked_at_at_once(clocked: Clocked) -> None:
    entry = await begins(clocked)
    await wants(clocked, entry)
    whose = clocked.patient.account_id
    who: dict[str, Any] = {"actor": clocked.patient, "ids": new_id, "version": None}
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        noon = medications.schedule_from_words("1 tablet at 12:30 pm")
        await medications.change_dose(tx, whose, entry.id, schedule=noon, since=None, now=clocked.moment, **who)
    await clocked.later(seconds=1)
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at == SIX.replace(hour=12, minute=30)
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        parts = medications.schedule_from_words("1 tablet at bedtime")
        await medications.change_dose(tx, whose, entry.id, schedule=parts, since=None, now=clocked.moment, **who)
    await clocked.later(seconds=1)
    assert await of(clocked, TaskKind.DOSE) == []
    async with clocked.database.transaction(access_of(clocked.patient)) as tx:
        entry = await medications.medicine(tx, whose, entry.id, clocked.moment)
        (reminder,) = await medications.reminders_of(tx, whose, entry)
        zone = ZoneInfo("UTC")
        assert await medications.missing_times(tx, whose, entry, reminder, now=clocked.moment, zone=zone) == ["HS"]


async def test_only_the_person_is_reminded_and_only_while_the_service_may_watch(clocked: Clocked) -> None:
    entry = await begins(clocked)
    provider = await clocked.person(Role.PROVIDER)
    with pytest.raises(NotAllowed):
        await wants(clocked, entry, actor=provider)
    await clocked.allows(False)
    with pytest.raises(InvalidInput, match="switched off"):
        await wants(clocked, entry)
    await clocked.allows(True)
    await wants(clocked, entry)
    await clocked.allows(False)
    before = len(await of(clocked, TaskKind.DOSE, state=None))
    await clocked.later(days=3)
    assert len(await of(clocked, TaskKind.DOSE, state=None)) == before
    await clocked.allows(True)
    await clocked.drain()
    await clocked.later(seconds=1)
    (task,) = await of(clocked, TaskKind.DOSE)
    assert task.due_at > clocked.moment


async def test_a_refill_is_reminded_of_in_time_and_settled_by_a_new_count(clocked: Clocked) -> None:
    entry = await begins(clocked)
    await counts(clocked, entry, 20)
    await wants(clocked, entry, "refill", days_before=3)
    assert await of(clocked, TaskKind.REFILL) == []
    for _ in range(8):
        await clocked.later(days=1)
    (task,) = await of(clocked, TaskKind.REFILL)
    assert task.text == "metformin 500 mg may run out on 30 November 2026."
    assert task.due_at == datetime(2026, 11, 30, 9, tzinfo=UTC)
    await counts(clocked, entry, 90)
    await clocked.later(days=1)
    assert [each.state for each in await of(clocked, TaskKind.REFILL, state=None)] == [TaskState.DONE]


@pytest.mark.parametrize("days", [0, 61, -1])
async def test_days_before_are_within_bounds(clocked: Clocked, days: int) -> None:
    with pytest.raises(InvalidInput):
        await wants(clocked, await begins(clocked), "refill", days_before=days)


async def test_without_a_quantity_no_refill_is_asked_for(clocked: Clocked) -> None:
    await wants(clocked, await begins(clocked), "refill")
    await clocked.later(days=1)
    assert await of(clocked, TaskKind.REFILL) == []
