"""Goals on the real database: one at a time for the same, history kept, suggested seldom, and the person decides."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.deterministic.alarms.raising import By, service
from tests.deterministic.decisions.made import NOW, granted, switch_off, told, watching
from tests.people import access_of
from vitasense.deterministic.goals import (
    Goal,
    GoalSet,
    GoalState,
    Person,
    accept,
    end,
    end_overdue,
    goal,
    goals,
    refuse,
    set_goal,
    suggest_goal,
)
from vitasense.deterministic.goals.limits import book
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound

DAY = timedelta(days=1)
STEPS = "55423-8"


async def stepping(tx: AsyncSession, patient: Principal, target: float, days: int = 0, **given: Any) -> GoalSet:
    by = By(patient, NOW + days * DAY)
    return await set_goal(tx, patient.account_id, metric=STEPS, target=target, **given, **by.all)


async def suggest(tx: AsyncSession, patient: Principal, target: float = 6000, days: int = 0) -> Goal | None:
    by = service(patient, NOW + days * DAY)
    return await suggest_goal(tx, patient.account_id, metric=STEPS, target=target, reason="You can.", **by.all)


async def test_a_new_goal_takes_the_place_of_the_old_and_both_are_kept(
    database: Database, patient: Principal, admin_url: str
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        first = (await stepping(tx, patient, 8000)).goal
        again = (await stepping(tx, patient, 8000, 1)).goal
        more = (await stepping(tx, patient, 10_000, 2)).goal
        week = (await stepping(tx, patient, 60_000, 2, per="week")).goal
        kept = {each.id: each for each in await goals(tx, patient.account_id)}
    assert again == first and more.replaces == first.id and week.replaces is None
    assert {each.id: each.state.value for each in kept.values()} == {
        first.id: "ended",
        more.id: "active",
        week.id: "active",
    }
    assert kept[first.id].changed_at == more.since
    events = [(kind, payload["state"]) for kind, payload, _ in told(admin_url, patient)]
    assert events == [("goal.changed", state) for state in ("active", "ended", "active", "active")]
    assert "8000" not in str(told(admin_url, patient))


async def test_what_may_not_be_a_goal_is_refused_and_nothing_is_kept(
    database: Database, patient: Principal, admin_url: str
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        wrong: list[tuple[float, dict[str, Any]]] = [
            (1_000_000, {}),
            (8000, {"unit": "kg"}),
            (8000, {"until": NOW}),
            (8000, {"until": NOW.replace(tzinfo=None)}),
        ]
        for target, given in wrong:
            with pytest.raises(InvalidInput):
                await stepping(tx, patient, target, **given)
        with pytest.raises(InvalidInput):
            await weighing(tx, patient, 50, Person(40, 180.0))
        assert await goals(tx, patient.account_id) == []
    assert told(admin_url, patient) == []


async def weighing(tx: AsyncSession, patient: Principal, target: float, person: Person) -> GoalSet:
    by = By(patient).all
    return await set_goal(
        tx, patient.account_id, metric="29463-7", target=target, direction="at_most", person=person, **by
    )


async def test_a_goal_says_what_could_not_be_checked(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        made = await weighing(tx, patient, 70, Person(40))
    assert made.goal.per == "reading" and "not evaluated" in made.notes[0]


async def test_the_service_suggests_once_and_not_again_soon_after_a_refusal(
    database: Database, patient: Principal
) -> None:
    month = book().suggestions.again_after.days
    async with database.transaction(watching(patient)) as tx:
        first = await suggest(tx, patient)
        assert first and first.state is GoalState.SUGGESTED and await suggest(tx, patient, 7000, 1) is None
        with pytest.raises(NotAllowed):
            await accept(tx, patient.account_id, first.id, **service(patient).all)
        await database.switch(tx, access_of(patient))
        refused = await refuse(tx, patient.account_id, first.id, **By(patient).all)
        assert await refuse(tx, patient.account_id, first.id, **By(patient).all) == refused
        with pytest.raises(Conflict):
            await accept(tx, patient.account_id, first.id, **By(patient).all)
        await database.switch(tx, watching(patient))
        assert await suggest(tx, patient, 7000, month - 1) is None
        assert await suggest(tx, patient, 7000, month)


async def test_an_accepted_suggestion_counts_from_then_on_in_place_of_the_old(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        old = (await stepping(tx, patient, 8000)).goal
        await database.switch(tx, watching(patient))
        assert await suggest(tx, patient, 8000) is None  # the person has that goal
        waits = await suggest(tx, patient, 6000, 1)
        await database.switch(tx, access_of(patient))
        assert waits
        by = By(patient, NOW + 2 * DAY)
        taken = await accept(tx, patient.account_id, waits.id, **by.all)
        assert await accept(tx, patient.account_id, waits.id, **by.all) == taken
        assert await goal(tx, patient.account_id, waits.id) == taken
        assert (await goal(tx, patient.account_id, old.id)).state is GoalState.ENDED
    assert (taken.since, taken.replaces, taken.made_by) == (by.now, old.id, "service")


async def test_what_the_person_sets_answers_a_suggestion(database: Database, patient: Principal) -> None:
    async with database.transaction(watching(patient)) as tx:
        waits = await suggest(tx, patient)
        await database.switch(tx, access_of(patient))
        await stepping(tx, patient, 9000, 1)
        assert waits and (await goal(tx, patient.account_id, waits.id)).state is GoalState.ENDED


async def test_a_goal_ends_when_it_is_reached_given_up_or_out_of_time(database: Database, patient: Principal) -> None:
    by = By(patient, NOW + 3 * DAY)
    async with database.transaction(access_of(patient)) as tx:
        short = (await stepping(tx, patient, 8000, until=NOW + 2 * DAY)).goal
        assert await end_overdue(tx, patient.account_id, **By(patient, NOW + DAY).all) == []
        assert [each.id for each in await end_overdue(tx, patient.account_id, **by.all)] == [short.id]
        new = (await stepping(tx, patient, 8000, 4)).goal
        done = await end(tx, patient.account_id, new.id, reached=True, **by.all)
        assert await end(tx, patient.account_id, new.id, reached=True, **by.all) == done
        with pytest.raises(Conflict):
            await end(tx, patient.account_id, new.id, **by.all)
    assert done.state is GoalState.REACHED


async def test_two_goals_for_the_same_at_once_leave_one_active(database: Database, patient: Principal) -> None:
    async def one(target: float) -> None:
        async with database.transaction(access_of(patient)) as tx:
            await stepping(tx, patient, target)

    await asyncio.gather(*(one(7000 + 100 * number) for number in range(4)))
    async with database.transaction(access_of(patient)) as tx:
        states = [each.state.value for each in await goals(tx, patient.account_id)]
    assert sorted(states) == ["active", "ended", "ended", "ended"]


async def test_a_provider_sees_shared_goals_and_sets_none_without_leave(
    database: Database, patient: Principal, provider: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        own = (await stepping(tx, patient, 8000)).goal
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await goals(tx, patient.account_id) == []
        with pytest.raises(NotFound):
            await end(tx, patient.account_id, own.id, **By(provider).all)
    await granted(database, patient, provider, Category.VITALS)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        assert await goals(tx, patient.account_id) == [own]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(access_of(provider, patient.account_id)) as tx:
            await set_goal(tx, patient.account_id, metric=STEPS, target=9000, **By(provider).all)
    async with database.transaction(access_of(patient)) as tx:
        assert await goals(tx, patient.account_id) == [own]


async def test_what_a_provider_sets_waits_for_the_person(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await granted(database, patient, provider, Category.VITALS, write=True)
    async with database.transaction(access_of(provider, patient.account_id)) as tx:
        made = (await set_goal(tx, patient.account_id, metric=STEPS, target=9000, **By(provider).all)).goal
        with pytest.raises(NotAllowed):
            await accept(tx, patient.account_id, made.id, **By(provider).all)
    assert (made.state, made.made_by) == (GoalState.SUGGESTED, "provider")
    async with database.transaction(access_of(patient)) as tx:
        assert (await accept(tx, patient.account_id, made.id, **By(patient).all)).state is GoalState.ACTIVE


async def test_when_monitoring_is_off_the_service_sees_and_suggests_nothing(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await stepping(tx, patient, 8000)
    await switch_off(database, patient)
    async with database.transaction(watching(patient)) as tx:
        assert await goals(tx, patient.account_id) == []
        with pytest.raises(NotAllowed):
            await set_goal(tx, patient.account_id, metric=STEPS, target=9000, **service(patient).all)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(watching(patient)) as tx:
            await suggest(tx, patient)
