"""The log of doses: each due taking counted once, what cannot be is refused, and nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.deterministic.medications.taking import NOW, Takes, dispensed, ordered
from tests.people import access_of, new_principal
from vitasense.deterministic import consent
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.medications.doses import dose_history, remove_dose
from vitasense.deterministic.medications.log import DoseStatus
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.platform.access import Action, Category, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MISSED, SKIPPED = DoseStatus.MISSED, DoseStatus.SKIPPED


def on(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def metformin(takes: Takes, words: str = "1 tablet at 8 am and 8 pm") -> RegimenEntry:
    return await takes.begins("metformin 500 mg", words, since="2026-11-01")


async def test_a_dose_belongs_to_the_nearest_time_of_the_clock(takes: Takes) -> None:
    entry = await metformin(takes)
    logged = [await takes.logs(entry, on(day, hour)) for day, hour in ((18, 7), (18, 21), (19, 1), (19, 13))]
    assert [each.dose.due for each in logged] == [
        "2026-11-18/08:00",
        "2026-11-18/20:00",
        "2026-11-18/20:00",
        "2026-11-19/08:00",
    ]
    assert [each.repeats is not None for each in logged] == [False, False, True, False]


async def test_a_part_of_the_day_is_named_or_the_only_one_that_is_left(takes: Takes) -> None:
    entry = await metformin(takes, "1-0-1")
    first = await takes.logs(entry, on(18, 9))
    assert first.dose.due == "2026-11-18"
    named = await takes.logs(entry, on(19, 9), due="2026-11-19/MORN")
    rest = await takes.logs(entry, on(19, 21))
    assert (named.dose.due, rest.dose.due) == ("2026-11-19/MORN", "2026-11-19/EVE")
    bedtime = await takes.begins("zolpidem 5 mg", "1 tablet at bedtime", since="2026-11-01")
    assert (await takes.logs(bedtime, on(18, 22))).dose.due == "2026-11-18/HS"


async def test_the_same_taking_twice_is_told_and_kept_and_counted_once(takes: Takes) -> None:
    entry = await metformin(takes)
    first = await takes.logs(entry, on(19, 8))
    second = await takes.logs(entry, on(19, 8, 10))
    assert second.is_new and second.repeats == first.dose
    third = await takes.logs(entry, on(19, 9), due="2026-11-19/08:00")
    assert third.repeats is not None
    found = await takes.adheres(entry, since=on(19), until=on(20))
    assert (found.due, found.taken, found.untold) == (2, 1, 1)
    assert len(await takes.log(entry)) == 3
    parts = await takes.begins("aspirin", "once a day", since="2026-11-01")
    await takes.logs(parts, on(19, 8))
    assert (await takes.logs(parts, on(19, 20))).repeats is not None


async def test_a_dose_beside_what_is_due_is_no_repeat(takes: Takes) -> None:
    entry = await metformin(takes)
    await takes.logs(entry, on(19, 8))
    extra = await takes.logs(entry, on(19, 8, 30), extra=True)
    assert (extra.repeats, extra.dose.due) == (None, None)
    with pytest.raises(InvalidInput):
        await takes.logs(entry, on(19, 9), MISSED, extra=True)


async def test_the_same_id_twice_is_one_dose(takes: Takes) -> None:
    entry, own = await metformin(takes), new_id()
    first = await takes.logs(entry, on(19), dose=own)
    again = await takes.logs(entry, on(19), dose=own)
    assert (first.is_new, again.is_new, again.dose) == (True, False, first.dose)
    other = await takes.begins("aspirin", "once a day")
    changed: list[tuple[RegimenEntry, datetime, dict[str, Any]]] = [
        (entry, on(18), {}),
        (entry, on(19), {"amount": 1.0, "unit": "{tbl}"}),
        (other, on(19), {}),
    ]
    for whose, at, more in changed:
        with pytest.raises(Conflict):
            await takes.logs(whose, at, dose=own, **more)
    assert len(await takes.log(entry)) == 1


async def test_a_late_word_is_taken(takes: Takes) -> None:
    entry = await metformin(takes)
    late = await takes.logs(entry, on(2, 8))
    assert late.dose.due == "2026-11-02/08:00" and late.dose.recorded_at == NOW


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW + timedelta(seconds=1), "future"),
        (on(1) - DAY, "2026-11-01"),
        (datetime(2026, 11, 19, 8), "zone"),
        (datetime(1700, 1, 1, tzinfo=UTC), "zone"),
    ],
)
async def test_times_that_cannot_be_are_refused_with_the_reason(takes: Takes, at: datetime, words: str) -> None:
    entry = await metformin(takes)
    with pytest.raises(InvalidInput, match=words):
        await takes.logs(entry, at)
    assert await takes.log(entry) == []


async def test_after_it_was_stopped_nothing_is_taken_until_it_is_taken_up_again(takes: Takes) -> None:
    entry = await takes.stops(await metformin(takes), "2026-11-15")
    with pytest.raises(InvalidInput, match="2026-11-15"):
        await takes.logs(entry, on(16))
    assert (await takes.logs(entry, on(14))).is_new
    entry = await takes.resumes(entry, "2026-11-18")
    assert (await takes.logs(entry, on(19))).is_new and (await takes.logs(entry, on(13))).is_new


async def test_what_is_left_out_on_purpose_has_a_reason(takes: Takes) -> None:
    entry = await metformin(takes)
    with pytest.raises(InvalidInput):
        await takes.logs(entry, on(19), SKIPPED)
    skipped = await takes.logs(entry, on(19), SKIPPED, reason="fasting for a test")
    assert skipped.dose.reason == "fasting for a test"
    assert (await takes.logs(entry, on(18), MISSED)).dose.status is MISSED


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (1.0, None),
        (None, "mg"),
        (0.0, "mg"),
        (-1.0, "mg"),
        (1e9, "mg"),
        (1.0, "banana"),
        (1.0, "kPa"),
        (5.0, "mL"),
        (5.0, "m"),
    ],
)
async def test_an_amount_in_a_wrong_unit_is_refused(takes: Takes, amount: float | None, unit: str | None) -> None:
    entry = await metformin(takes)
    with pytest.raises(InvalidInput):
        await takes.logs(entry, on(19), amount=amount, unit=unit)


@pytest.mark.parametrize(("amount", "unit"), [(1.0, "{tbl}"), (500.0, "mg"), (0.5, "g")])
async def test_an_amount_that_can_be_compared_is_kept(takes: Takes, amount: float, unit: str) -> None:
    entry = await metformin(takes)
    dose = (await takes.logs(entry, on(19), amount=amount, unit=unit)).dose
    assert (dose.amount, dose.unit) == (amount, unit)


@pytest.mark.parametrize("due", ["2026-11-19/MORN", "2026-11-25/08:00", "tomorrow", "", "2026-11-19/08:00" + "x" * 100])
async def test_a_key_of_which_nothing_is_due_is_refused(takes: Takes, due: str) -> None:
    entry = await metformin(takes)
    if due:
        with pytest.raises(InvalidInput):
            await takes.logs(entry, on(19), due=due)
    else:
        assert (await takes.logs(entry, on(19), due=due)).dose.due == "2026-11-19/08:00"


async def test_what_is_taken_when_needed_is_logged_without_being_due(takes: Takes) -> None:
    entry = await takes.begins("paracetamol", "500 mg as needed, up to 4 times a day", since="2026-11-01")
    first, second = await takes.logs(entry, on(19, 8)), await takes.logs(entry, on(19, 12))
    assert [each.dose.due for each in (first, second)] == [None, None] and second.repeats is None
    assert (await takes.logs(entry, on(19, 12))).repeats == second.dose


async def test_a_correction_is_a_version_and_nothing_is_lost(takes: Takes) -> None:
    entry = await metformin(takes)
    dose = (await takes.logs(entry, on(19))).dose
    takes.now += HOUR
    corrected = await takes.corrects(dose.id, on(19), MISSED)
    assert (corrected.dose.version, corrected.dose.status) == (2, MISSED)
    same = await takes.corrects(dose.id, on(19), MISSED)
    assert (same.is_new, same.dose.version) == (False, 2)
    async with takes.tx() as tx:
        await remove_dose(tx, takes.id, dose.id, actor=takes.person, now=takes.now, ids=new_id)
    assert await takes.log(entry) == []
    async with takes.tx() as tx:
        versions = await dose_history(tx, takes.id, dose.id)
    assert [(each.version, each.status, each.removed_at is not None) for each in versions] == [
        (1, DoseStatus.TAKEN, False),
        (2, MISSED, False),
        (3, MISSED, True),
    ]
    with pytest.raises(NotFound):
        await takes.corrects(dose.id, on(19), MISSED)
    with pytest.raises(InvalidInput):
        other = (await takes.logs(entry, on(18))).dose
        await takes.corrects(other.id, takes.now + DAY, DoseStatus.TAKEN)


async def test_days_are_the_persons_own(takes: Takes) -> None:
    takes.timezone = "Pacific/Auckland"
    entry = await takes.begins("aspirin", "once a day", since="2026-11-01")
    assert (await takes.logs(entry, on(18, 20))).dose.due == "2026-11-19/1/1"


async def test_on_the_day_the_clock_is_changed_each_dose_is_due_once(takes: Takes) -> None:
    takes.timezone = "Europe/Vienna"
    takes.now = datetime(2026, 10, 26, 12, tzinfo=UTC)
    entry = await takes.begins("metformin 500 mg", "1 tablet at 2:30 am and 2:30 pm", since="2026-10-01")
    first = await takes.logs(entry, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    again = await takes.logs(entry, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert first.dose.due == again.dose.due == "2026-10-25/02:30" and again.repeats is not None


async def test_a_dose_before_the_directions_changed_is_of_the_old_ones(takes: Takes) -> None:
    entry = await metformin(takes, "1 tablet at 8 am")
    entry = await takes.changes(entry, "1 tablet at 8 pm", since="2026-11-10")
    assert (await takes.logs(entry, on(9, 8))).dose.due == "2026-11-09/08:00"
    assert (await takes.logs(entry, on(10, 20))).dose.due == "2026-11-10/20:00"


async def test_doses_are_of_the_medicine_whichever_resource_names_it(takes: Takes) -> None:
    await takes.has(ordered(), dispensed("d", "2026-11-01"))
    entry = await takes.only()
    await takes.logs(entry, on(19))
    entry = await takes.changes(entry, "1 tablet at night")
    assert len(entry.sources) == 2 and len(await takes.log(entry)) == 1
    named = replace(entry, id=entry.sources[0].id)
    await takes.logs(named, on(18))
    assert {each.medicine_id for each in await takes.log(entry)} == {entry.id}


async def test_only_who_may_sees_and_writes_the_log(takes: Takes, database: Database) -> None:
    entry = await metformin(takes)
    await takes.logs(entry, on(19))
    provider, other = new_principal(Role.PROVIDER), new_principal(Role.PATIENT)
    with pytest.raises(NotFound):
        await takes.logs(entry, on(18), by=provider)
    async with database.transaction(access_of(other, takes.id)) as tx:
        with pytest.raises(NotFound):
            await dose_history(tx, takes.id, (await takes.log(entry))[0].id)
    async with takes.tx() as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.MEDICATIONS}), frozenset({Action.READ}))
        await consent.grant(tx, takes.person, terms, new_id)
    assert len(await takes.log(entry, provider)) == 1
    with pytest.raises(Exception) as refused:
        await takes.logs(entry, on(18), by=provider)
    assert isinstance(refused.value, NotAllowed) or "row-level security" in str(refused.value)
    assert len(await takes.log(entry)) == 1


async def test_each_change_of_the_log_is_told_once_without_what_it_is(takes: Takes) -> None:
    entry, own = await metformin(takes), new_id()
    await takes.logs(entry, on(19), dose=own)
    await takes.logs(entry, on(19), dose=own)
    await takes.corrects(own, on(19), MISSED)
    async with takes.tx() as tx:
        await remove_dose(tx, takes.id, own, actor=takes.person, now=takes.now, ids=new_id)
    async with takes.database.transaction(system_access("test")) as tx:
        query = text("select payload from app.event where patient_id = :p and type = 'dose.logged' order by seq")
        told = list((await tx.execute(query, {"p": takes.id})).scalars())
    assert told == [{"dose_id": str(own), "state": state} for state in ("taken", "missed", "removed")]
