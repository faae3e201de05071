"""Tasks: one open for each key, closed once, and done by the reading that was asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.deterministic.alarms.raising import MINUTE, By, asked, service
from tests.deterministic.decisions.made import NOW, granted, switch_off, told, watching
from tests.people import access_of
from vitasense.deterministic.alarms import (
    Task,
    TaskKind,
    TaskState,
    answer,
    dismiss,
    expire,
    finish,
    remind,
    settle_by_reading,
    tasks,
)
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound


async def a_question(database: Database, patient: Principal) -> Task:
    async with database.transaction(watching(patient)) as tx:
        question: dict[str, Any] = {
            "kind": TaskKind.QUESTION,
            "key": "headache",
            "text": "Do you have a headache?",
            "metric": None,
        }
        return (await asked(tx, patient, **question)).task


async def test_one_task_of_a_key_is_open_at_a_time(database: Database, patient: Principal, admin_url: str) -> None:
    async def one(_: int) -> tuple[Task, bool]:
        async with database.transaction(watching(patient)) as tx:
            made = await asked(tx, patient)
            return made.task, made.is_new

    made = await asyncio.gather(*map(one, range(4)))
    assert sorted(is_new for _, is_new in made) == [False, False, False, True]
    assert len({task.id for task, _ in made}) == 1
    assert [kind for kind, _, _ in told(admin_url, patient)].count("task.changed") == 1


@pytest.mark.parametrize(
    ("minutes", "metric", "settles"),
    [(1, "8480-6", True), (-1, "8480-6", False), (1, "8867-4", False), (90, "8480-6", False)],
)
async def test_a_reading_does_a_task_when_it_was_taken_after_the_asking(
    database: Database, patient: Principal, minutes: int, metric: str, settles: bool
) -> None:
    by = service(patient, NOW + 5 * MINUTE)
    async with database.transaction(watching(patient)) as tx:
        known = (await asked(tx, patient)).task
        at = NOW + minutes * MINUTE
        done = await settle_by_reading(tx, patient.account_id, metric, at, **by.all)
        twice = await settle_by_reading(tx, patient.account_id, metric, at, **by.all)
        left = await tasks(tx, patient.account_id, TaskState.OPEN)
    assert [each.id for each in done] == [known.id] * settles and twice == [] and len(left) == (not settles)
    if settles:
        assert (done[0].state, done[0].changed_at) == (TaskState.DONE, by.now)


async def test_a_question_is_done_by_its_answer_once(database: Database, patient: Principal, admin_url: str) -> None:
    known, by = await a_question(database, patient), By(patient)
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(Conflict):
            await finish(tx, patient.account_id, known.id, **by.all)
        for empty in ("", " \u200b ", "x" * 2001):
            with pytest.raises(InvalidInput):
                await answer(tx, patient.account_id, known.id, empty, **by.all)
        first = await answer(tx, patient.account_id, known.id, "Yes, since morning\u202e", **by.all)
        assert await answer(tx, patient.account_id, known.id, "Yes, since morning", **by.all) == first
        for late in (
            answer(tx, patient.account_id, known.id, "No", **by.all),
            dismiss(tx, patient.account_id, known.id, **by.all),
        ):
            with pytest.raises(Conflict):
                await late
    assert (first.state, first.answer) == (TaskState.DONE, "Yes, since morning")
    events = told(admin_url, patient)
    assert [payload["state"] for kind, payload, _ in events if kind == "task.changed"] == ["open", "done"]
    assert "morning" not in str(events)


async def test_a_task_is_set_aside_or_runs_out_and_then_a_new_one_may_be_asked(
    database: Database, patient: Principal
) -> None:
    by = By(patient)
    async with database.transaction(access_of(patient)) as tx:
        await database.switch(tx, watching(patient))
        known = (await asked(tx, patient)).task
        await database.switch(tx, access_of(patient))
        with pytest.raises(Conflict):
            await expire(tx, patient.account_id, known.id, **by.all)
        with pytest.raises(Conflict):
            await answer(tx, patient.account_id, known.id, "yes", **by.all)
        aside = await dismiss(tx, patient.account_id, known.id, **by.all)
        assert await dismiss(tx, patient.account_id, known.id, **by.all) == aside
        await database.switch(tx, watching(patient))
        again = await asked(tx, patient)
    assert again.is_new and again.task.id != known.id and aside.state is TaskState.DISMISSED


async def test_its_timer_reminds_at_the_time_and_closes_it_long_after(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await asked(tx, patient)).task
        closes = known.due_at + intervals().tasks.expire_after
        times = (known.due_at - MINUTE, known.due_at, closes, closes)
        found = [await remind(tx, patient.account_id, known.id, **service(patient, at).all) for at in times]
    assert [each and (each.is_due, each.task.state) for each in found] == [
        (False, TaskState.OPEN),
        (True, TaskState.OPEN),
        (False, TaskState.EXPIRED),
        None,
    ]


@pytest.mark.parametrize(
    "wrong", [{"key": ""}, {"text": " "}, {"due_at": NOW}, {"due_at": NOW.replace(tzinfo=None)}, {"metric": None}]
)
async def test_a_task_that_says_too_little_is_refused(
    database: Database, patient: Principal, wrong: dict[str, Any]
) -> None:
    async with database.transaction(watching(patient)) as tx:
        with pytest.raises(InvalidInput):
            await asked(tx, patient, **wrong)
        assert await tasks(tx, patient.account_id) == []


async def test_tasks_are_the_persons_and_shared_by_part(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(watching(patient)) as tx:
        known = (await asked(tx, patient)).task
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await tasks(tx, patient.account_id) == []
    await granted(database, patient, provider, Category.VITALS)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await tasks(tx, patient.account_id) == [known]
        with pytest.raises(NotFound):
            await finish(tx, patient.account_id, known.id, **By(provider).all)
    await switch_off(database, patient)
    async with database.transaction(watching(patient)) as tx:
        assert await tasks(tx, patient.account_id) == []
        assert (
            await settle_by_reading(
                tx, patient.account_id, "8480-6", NOW + MINUTE, **service(patient, NOW + timedelta(hours=1)).all
            )
            == []
        )
        assert await remind(tx, patient.account_id, known.id, **service(patient).all) is None
    async with database.transaction(access_of(patient)) as tx:
        assert await tasks(tx, patient.account_id) == [known]
