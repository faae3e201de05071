"""Meals are written once, corrected as versions, and a day is compared only as far as it is known."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from tests.deterministic.nutrition.test_findings import assert_numbers_are_values
from tests.people import access_of
from vitasense.deterministic.nutrition import (
    FoodItem,
    Meal,
    correct_meal,
    day_totals,
    log_meal,
    meal,
    meals,
    remove_meal,
)
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Finding, Status, Urgency
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound

NOW = datetime(2026, 11, 22, 21, tzinfo=UTC)
BREAKFAST = datetime(2026, 11, 22, 8, tzinfo=UTC)
EGGS = (FoodItem(name="eggs", quantity=2), FoodItem(name="toast", quantity=1))
SALT = (FoodItem(name="salt", quantity=2, unit="tsp"),)


async def log(
    database: Database,
    who: Principal,
    items: Sequence[FoodItem] = EGGS,
    *,
    at: datetime = BREAKFAST,
    meal_id: UUID | None = None,
) -> Meal:
    async with database.transaction(access_of(who)) as tx:
        return await log_meal(
            tx,
            who.account_id,
            meal_id=meal_id or new_id(),
            items=items,
            eaten_at=at,
            source="conversation",
            now=NOW,
        )


async def all_meals(database: Database, who: Principal, patient_id: UUID | None = None) -> list[Meal]:
    async with database.transaction(access_of(who, patient_id)) as tx:
        return await meals(tx, patient_id or who.account_id, NOW - timedelta(days=1), NOW)


async def day(
    database: Database, who: Principal, *, sex: str | None = "female", age: int | None = 40, now: datetime = NOW
) -> dict[str, Finding]:
    async with database.transaction(access_of(who)) as tx:
        found = await day_totals(tx, who.account_id, date(2026, 11, 22), sex=sex, age=age, now=now)
    return {finding.kind: finding for finding in found}


async def test_a_meal_is_read_back_as_it_was_written(database: Database, patient: Principal) -> None:
    written = await log(database, patient)
    assert await all_meals(database, patient) == [written]
    assert (written.items, written.eaten_at, written.version) == (EGGS, BREAKFAST, 1)


async def test_the_same_meal_sent_twice_is_stored_once(database: Database, patient: Principal) -> None:
    first = await log(database, patient)
    assert await log(database, patient, meal_id=first.id) == first
    assert await all_meals(database, patient) == [first]


async def test_another_meal_under_the_same_id_is_refused(database: Database, patient: Principal) -> None:
    first = await log(database, patient)
    with pytest.raises(Conflict):
        await log(database, patient, SALT, meal_id=first.id)
    assert await all_meals(database, patient) == [first]


async def test_a_correction_is_a_new_version_and_the_only_one_listed(database: Database, patient: Principal) -> None:
    first = await log(database, patient)
    async with database.transaction(access_of(patient)) as tx:
        second = await correct_meal(
            tx, patient.account_id, first.id, items=SALT, eaten_at=BREAKFAST, source="conversation", now=NOW
        )
    assert (second.version, second.items) == (2, SALT)
    assert await all_meals(database, patient) == [second]


async def test_a_meal_corrected_out_of_the_period_leaves_it(database: Database, patient: Principal) -> None:
    first = await log(database, patient)
    async with database.transaction(access_of(patient)) as tx:
        earlier = BREAKFAST - timedelta(days=9)
        await correct_meal(
            tx, patient.account_id, first.id, items=EGGS, eaten_at=earlier, source="conversation", now=NOW
        )
    assert await all_meals(database, patient) == []


async def test_a_removed_meal_is_gone_and_stays_gone(database: Database, patient: Principal) -> None:
    first = await log(database, patient)
    async with database.transaction(access_of(patient)) as tx:
        await remove_meal(tx, patient.account_id, first.id, source="conversation", now=NOW)
    assert await all_meals(database, patient) == []
    async with database.transaction(access_of(patient)) as tx:
        with pytest.raises(NotFound):
            await meal(tx, patient.account_id, first.id)
    with pytest.raises(NotFound):
        await log(database, patient, meal_id=first.id)
    assert await all_meals(database, patient) == []


@pytest.mark.parametrize(
    ("items", "at"),
    [((), BREAKFAST), (EGGS * 26, BREAKFAST), (EGGS, NOW + timedelta(minutes=1)), (EGGS, datetime(2026, 11, 22, 8))],
)
async def test_an_impossible_meal_is_refused_and_not_stored(
    database: Database, patient: Principal, items: Sequence[FoodItem], at: datetime
) -> None:
    with pytest.raises(InvalidInput):
        await log(database, patient, items, at=at)
    assert await all_meals(database, patient) == []


async def test_a_provider_without_a_grant_sees_no_meal(
    database: Database, patient: Principal, provider: Principal
) -> None:
    await log(database, patient)
    assert await all_meals(database, provider, patient.account_id) == []


async def test_a_day_is_added_up_and_compared(database: Database, patient: Principal) -> None:
    await log(database, patient)
    found = await day(database, patient)
    summary = found["nutrition.day"]
    assert summary.text.startswith("1 meal is written down for 22 November 2026 so far: about 219 kcal")
    salt = found["nutrition.day.sodium"]
    assert salt.text == "These meals have 254 mg of sodium. That is within the daily limit of 2300 mg."
    assert "nutrition.day.potassium" not in found  # the day is not over
    assert {one.ref.split("#")[0].split("/")[0] for one in salt.evidence} == {"Meal", "nutrition"}
    for finding in found.values():
        assert_numbers_are_values(finding)


async def test_too_much_salt_is_said_even_when_something_was_not_counted(
    database: Database, patient: Principal
) -> None:
    await log(database, patient, (*SALT, FoodItem(name="zorgle stew", quantity=1)))
    salt = (await day(database, patient))["nutrition.day.sodium"]
    assert salt.text == "These meals have at least 4650 mg of sodium. That is more than the daily limit of 2300 mg."
    assert (salt.status, salt.urgency) == (Status.FOUND, Urgency.ROUTINE)


async def test_a_part_of_the_day_that_was_not_counted_makes_the_comparison_indeterminate(
    database: Database, patient: Principal
) -> None:
    await log(database, patient, (*EGGS, FoodItem(name="zorgle stew", quantity=1)))
    found = await day(database, patient)
    assert found["nutrition.day.sodium"].status is Status.NOT_EVALUATED
    assert found["nutrition.day.sodium"].reason == "not counted: zorgle stew"
    assert "at least 219 kcal" in found["nutrition.day"].text


@pytest.mark.parametrize(("sex", "age"), [(None, 40), ("female", None), ("unknown", 40), ("male", 18)])
async def test_without_sex_or_adult_age_nothing_is_compared(
    database: Database, patient: Principal, sex: str | None, age: int | None
) -> None:
    await log(database, patient)
    found = await day(database, patient, sex=sex, age=age)
    assert set(found) == {"nutrition.day", "nutrition.intakes"}
    assert found["nutrition.intakes"].status is Status.NOT_EVALUATED


async def test_a_day_without_meals_is_not_found_and_not_zero(database: Database, patient: Principal) -> None:
    [finding] = (await day(database, patient)).values()
    assert (finding.status, finding.text) == (
        Status.NOT_FOUND,
        "No meal is written down for 22 November 2026.",
    )


async def test_a_day_is_a_day_where_the_person_is(database: Database, patient: Principal) -> None:
    await log(database, patient, at=datetime(2026, 11, 22, 3, tzinfo=UTC))
    in_new_york = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert (await day(database, patient, now=in_new_york))["nutrition.day"].status is Status.NOT_FOUND


async def test_a_day_that_is_over_tells_what_fell_short(database: Database, patient: Principal) -> None:
    await log(database, patient)
    found = await day(database, patient, now=NOW + timedelta(days=1))
    assert found["nutrition.day.potassium"].text.endswith("That is less than the 2600 mg advised for a day.")
